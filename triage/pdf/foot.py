"""The foot of each page: who it is about, which document it is, which page of how many."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from reportlab.lib.units import mm

from triage.letter.statements import Identity, Letter
from triage.letter.words.wording import render_wording
from triage.pdf.flow import Frame
from triage.pdf.fonts import BOLD, REGULAR, width
from triage.pdf.lines import Line, Run, Setting
from triage.pdf.pen import FURNITURE, RULE, Pen
from triage.pdf.structure import Artifact, Node
from triage.pdf.text import printable

# From the lower edge of the paper.
_RULE_AT, _FIRST_AT = 19.3 * mm, 15.2 * mm
_RULE_LINE, _GAP = 0.5, 10.0
_CUT, _PART = "…", " · "
# Of a line, what a name has at least before the numbers go to a second.
_LEAST = 0.2


def draw_foot(
    pen: Pen, letter: Letter, frame: Frame, glyphs: Container[int], number: int, total: int
) -> None:
    """Draw the foot of page `number` of `total`: told once, where the letter ends."""
    page = letter.page
    node = Node("Sect") if number == total else None
    setting = Setting(page.sizes.foot.size, glyphs)
    pages, last = (
        setting.line(render_wording(page.page_of, {"page": n, "pages": total}))
        for n in (number, total)
    )
    # A name that is cut is cut alike on each page.
    room = frame.whole - last.width - _GAP
    y = pen.height - _FIRST_AT
    if letter.kind == "leaflet":
        _leaflet_foot(pen, letter, frame, setting, pages, room, node)
        return
    pen.rule(frame.left, pen.height - _RULE_AT, frame.right, _RULE_LINE, RULE)
    who = _part(node)
    for n, line in enumerate(identity_lines(letter.identity, setting, room, frame.whole)):
        pen.write(frame.left, y, line, setting.size, who)
        if n == 0:
            pen.write(frame.right - pages.width, y, pages, setting.size, "foot")
        y += page.sizes.foot.leading
    _last_line(pen, letter, frame, setting, y, node)


def _part(node: Node | None) -> Node | Artifact:
    return node.child("P") if node else "foot"


def _leaflet_foot(
    pen: Pen,
    letter: Letter,
    frame: Frame,
    setting: Setting,
    pages: Line,
    room: float,
    node: Node | None,
) -> None:
    """Draw the foot of a leaflet: grey, in one line if that holds it."""
    y = pen.height - _FIRST_AT
    about = " · ".join(part for part in (letter.identity.text, letter.foot) if part)
    lines = [setting.line(about)]
    if lines[0].width > room:
        lines = identity_lines(letter.identity, setting, room, frame.whole, REGULAR)
        lines.append(cut_line(setting, letter.foot, frame.whole))
    who = _part(node)
    for n, line in enumerate(lines):
        below = y + n * letter.page.sizes.foot.leading
        pen.write(frame.left, below, line, setting.size, who, FURNITURE)
        if n == 0:
            pen.write(frame.right - pages.width, y, pages, setting.size, "foot", FURNITURE)


def _last_line(
    pen: Pen, letter: Letter, frame: Frame, setting: Setting, y: float, node: Node | None
) -> None:
    foot = cut_line(setting, letter.foot, frame.whole)
    mark = cut_line(setting, letter.mark, frame.whole - foot.width - _GAP)
    pen.write(frame.left, y, foot, setting.size, _part(node), FURNITURE)
    pen.write(frame.right - mark.width, y, mark, setting.size, _part(node), FURNITURE)


def identity_lines(
    identity: Identity, setting: Setting, room: float, whole: float, font: str = BOLD
) -> list[Line]:
    """Return who it is about, in a line at most `room` wide; what leaves a name too little of it on a second.

    Numbers that two lines do not hold are left out whole: each that is printed can be read.
    """
    name, *rest = (
        _flat(part, setting) for part in (identity.family or identity.given, *identity.rest) if part
    )
    full = width(name, font, setting.size)
    for least in (full, min(full, _LEAST * room)):
        count = len(rest)
        while count > 1 and room - _wide(rest[:count], font, setting.size) < least:
            count -= 1
        if _wide(rest[count:], font, setting.size) <= whole:
            break
    first = replace(identity, rest=tuple(rest[:count]))
    lines = [identity_line(first, setting, room, font)]
    if second := rest[count:]:
        text, end = _PART.join(second), ""
        while len(second) > 1 and width(text + end, font, setting.size) > whole:
            second, end = second[:-1], f"{_PART}{_CUT}"
            text = _PART.join(second)
        text = _cut(text + end, whole, font, setting.size)
        lines.append(Line((Run(text, font),), width(text, font, setting.size)))
    return lines


def identity_line(identity: Identity, setting: Setting, room: float, font: str = BOLD) -> Line:
    """Return who it is about, in a line at most `room` wide: given names are cut before all else.

    Birth date and numbers are never cut, and the family name only where it alone fills the line.
    """
    given, family = (_flat(t, setting) for t in (identity.given, identity.family))
    rest = "".join(f" · {_flat(part, setting)}" for part in identity.rest if part)
    left = room - width(rest, font, setting.size)
    full = " ".join(part for part in (given, family) if part)
    if width(full, font, setting.size) <= left:
        name = full
    elif family:
        behind = f" {family}" if given else family
        name = _cut(given, left - width(behind, font, setting.size), font, setting.size)
        name = f"{name}{behind}" if name else _cut(family, left, font, setting.size)
    else:
        name = _cut(given, left, font, setting.size)
    text = f"{name}{rest}" if name else rest.removeprefix(" · ")
    return Line((Run(text, font),), width(text, font, setting.size))


def _wide(parts: Sequence[str], font: str, size: float) -> float:
    return sum(width(_PART + part, font, size) for part in parts)


def cut_line(setting: Setting, text: str, room: float) -> Line:
    """Return a line of furniture, cut with an ellipsis if it is wider than its room."""
    said = _cut(_flat(text, setting), room, REGULAR, setting.size)
    return Line((Run(said, REGULAR),), width(said, REGULAR, setting.size))


def _flat(text: str, setting: Setting) -> str:
    return " ".join(printable(text, setting.glyphs).split())


def _cut(text: str, room: float, font: str, size: float) -> str:
    """Return as much of `text` as fits, with an ellipsis; nothing if not even that fits."""
    if width(text, font, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + _CUT, font, size) <= room:
            low = middle
        else:
            high = middle - 1
    kept = text[:low].rstrip()
    return f"{kept}{_CUT}" if width(kept + _CUT, font, size) <= room else ""
