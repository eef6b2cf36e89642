"""The few colours of the window, in light, dark and high contrast, and what is painted in them alone."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen

# The room round a control for the ring of its focus, in pixels.
RING_ROOM = 4
# By how much the style Fusion draws the edges of a menu darker than its window, in percent.
_SHADE = 127


class Colours(NamedTuple):
    """The few colours of one scheme.

    Text stands out from what it stands on by 4.5 to 1 at least, and borders of controls, signs and the focus by 3.
    Blue means focus or link, red alarm, contradiction or unreadable, brown look again. What is clinical is black and
    white with a shape, so that it survives grey.
    """

    paper: str
    ground: str
    tint: str
    ink: str
    ink2: str
    border: str
    rule: str
    accent: str
    chosen: str
    on_chosen: str
    absent: str
    on_absent: str
    alarm: str
    on_alarm: str
    caution: str
    caution_paper: str
    # How wide the ring of the focus is, in pixels.
    ring: int = 2
    # Whether there are hardly any: lines and borders say what colours say elsewhere.
    is_plain: bool = False


LIGHT = Colours(
    paper="#ffffff",
    ground="#f3f4f6",
    tint="#e8f0f9",
    ink="#14191f",
    ink2="#47515d",
    border="#737e8b",
    rule="#d9dde2",
    accent="#0a57a4",
    chosen="#123a66",
    on_chosen="#ffffff",
    absent="#56616e",
    on_absent="#ffffff",
    alarm="#a32318",
    on_alarm="#ffffff",
    caution="#7a4a00",
    caution_paper="#fcf3df",
)
DARK = Colours(
    paper="#1b2026",
    ground="#13171c",
    tint="#22303f",
    ink="#e9edf1",
    ink2="#aeb8c3",
    border="#7c8896",
    rule="#343c46",
    accent="#7fb8f4",
    chosen="#bbd7f3",
    on_chosen="#0e1b29",
    absent="#98a4b1",
    on_absent="#12171c",
    alarm="#ff9a8a",
    on_alarm="#2a0b07",
    caution="#edbd6a",
    caution_paper="#352a15",
)
HIGH_CONTRAST = Colours(
    paper="#ffffff",
    ground="#ffffff",
    tint="#ffffff",
    ink="#000000",
    ink2="#000000",
    border="#000000",
    rule="#000000",
    accent="#0000c8",
    chosen="#000000",
    on_chosen="#ffffff",
    absent="#4a4a4a",
    on_absent="#ffffff",
    alarm="#a00000",
    on_alarm="#ffffff",
    caution="#6a3d00",
    caution_paper="#ffffff",
    ring=3,
    is_plain=True,
)
SCHEMES = {"light": LIGHT, "dark": DARK, "high contrast": HIGH_CONTRAST}
_BY_ACCENT = {colours.accent: colours for colours in SCHEMES.values()}


def colours(palette: QPalette) -> Colours:
    """Return the colours that go with `palette`: what a painting widget asks for."""
    return _BY_ACCENT.get(palette.color(QPalette.ColorRole.Accent).name(), LIGHT)


def palette_of(c: Colours) -> QPalette:
    """Return the Qt palette of one scheme."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(c.ground))
    for name, value in (
        (role.Window, c.ground),
        (role.WindowText, c.ink),
        (role.Base, c.paper),
        (role.AlternateBase, c.ground),
        (role.Text, c.ink),
        (role.PlaceholderText, c.ink2),
        (role.Button, c.paper),
        (role.ButtonText, c.ink),
        (role.BrightText, c.alarm),
        (role.ToolTipBase, c.paper),
        (role.ToolTipText, c.ink),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.paper),
        (role.Accent, c.accent),
        (role.Link, c.accent),
        (role.LinkVisited, c.accent),
        (role.Mid, c.rule),
        # The ground around the pages of a letter.
        (role.Dark, c.rule),
    ):
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.ink2))
    return palette


def palette_of_menus(c: Colours) -> QPalette:
    """Return the palette of menus: boxes and edges in them are drawn in a shade of the window's colour."""
    palette = palette_of(c)
    palette.setColor(QPalette.ColorRole.Window, QColor(c.border).lighter(_SHADE))
    return palette


def paint_ring(painter: QPainter, box: QRectF, c: Colours, away: float = 2) -> None:
    """Paint the ring of the focus round `box`, at a distance in pixels."""
    out = away + c.ring / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(c.accent), c.ring))
    painter.drawRoundedRect(box.adjusted(-out, -out, out, out), 5, 5)
