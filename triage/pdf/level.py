"""How urgent: a rule and a tag that grow heavier with the level; an emergency is a band over the whole width."""

from __future__ import annotations

from collections.abc import Container

from triage.letter.page import Sizes
from triage.letter.statements import Tag
from triage.pdf.flow import Frame
from triage.pdf.fonts import BLACK, BOLD
from triage.pdf.lines import Setting
from triage.pdf.pen import INK, PAPER, Pen
from triage.pdf.structure import Node

BAND_ABOVE = 19.2
_BAND_HIGH, _BAND_INSET, _BAND_SPREAD = 27.0, 8.0, 0.6
_RULE_ABOVE, _HEAVY, _LIGHT = 18.0, 1.6, 0.8
_TAG_HIGH, _TAG_ABOVE, _TAG_PAD, _TAG_LINE = 16.0, 11.8, 6.0, 0.9
_SOON = 0.42


def draw_level(
    tag: Tag | None,
    frame: Frame,
    sizes: Sizes,
    glyphs: Container[int],
    part: Node,
    pen: Pen,
    y: float,
) -> None:
    """Draw the rule above the suspicion, whose baseline is at `y`, and the tag beside it."""
    is_light = tag is None or tag.level == "routine"
    pen.rule(frame.left, y - _RULE_ABOVE, frame.right, _LIGHT if is_light else _HEAVY)
    if tag is None:
        return
    line = Setting(sizes.tag.size, glyphs).line(tag.words, BLACK)
    box = (frame.left, y - _TAG_ABOVE, line.width + 2 * _TAG_PAD, _TAG_HIGH)
    if is_light:
        pen.framed(*box, _TAG_LINE)
    else:
        pen.filled(*box, _SOON if tag.level == "soon" else INK)
    ink = INK if is_light else PAPER
    pen.write(frame.left + _TAG_PAD, y, line, sizes.tag.size, part, ink)


def draw_band(
    tag: Tag,
    frame: Frame,
    sizes: Sizes,
    glyphs: Container[int],
    part: Node,
    pen: Pen,
    y: float,
) -> None:
    """Draw the band of an emergency."""
    words = Setting(sizes.band.size, glyphs).line(tag.words, BLACK)
    aim = Setting(sizes.practice.size, glyphs).line(tag.aim, BOLD)
    pen.filled(frame.left, y - BAND_ABOVE, frame.whole, _BAND_HIGH)
    pen.write(frame.left + _BAND_INSET, y, words, sizes.band.size, part, PAPER, _BAND_SPREAD)
    right = frame.right - _BAND_INSET
    pen.write(right - aim.width, y, aim, sizes.practice.size, part, PAPER)
