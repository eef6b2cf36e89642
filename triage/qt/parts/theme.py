"""How the program looks: one calm palette for light and for dark, Lato, and little else."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import NamedTuple

import fontpkg
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from triage.model.values import Level

FAMILY = "Lato"
ICON = Path(__file__).with_name("cramp-triage.svg")
_WEIGHTS = (400, 600, 700)
_POINTS = 10.0
ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)


class Colours(NamedTuple):
    """The few colours of one scheme.

    Levels differ by glyph and weight as well (`triage.qt.parts.marks`): the colours may turn grey.
    """

    window: str
    base: str
    text: str
    muted: str
    line: str
    hover: str
    accent: str
    on_accent: str
    emergency: str
    urgent: str
    soon: str
    routine: str
    alarm: str
    on_alarm: str

    def level(self, level: Level) -> str:
        """Return the colour of a level of urgency."""
        return str(getattr(self, level))


LIGHT = Colours(
    window="#f5f6f8",
    base="#ffffff",
    text="#1c2430",
    muted="#566171",
    line="#dbe0e6",
    hover="#e9eef5",
    accent="#1d5a96",
    on_accent="#ffffff",
    emergency="#a8201a",
    urgent="#8f4e00",
    soon="#1d5a96",
    routine="#566171",
    alarm="#a8201a",
    on_alarm="#ffffff",
)
DARK = Colours(
    window="#1b1f25",
    base="#22272e",
    text="#e3e7ec",
    muted="#9ba6b3",
    line="#363d47",
    hover="#2c333c",
    accent="#7db1ea",
    on_accent="#10151b",
    emergency="#ff8a80",
    urgent="#f2b25c",
    soon="#7db1ea",
    routine="#9ba6b3",
    alarm="#8c1d18",
    on_alarm="#ffffff",
)

# Only what a palette cannot say. Sizes are in points, so that zooming the text moves everything.
_SHEET = Template("""
QToolTip { color: $text; background: $base; border: 1px solid $line; padding: 4px; }
QMainWindow::separator, QSplitter::handle { background: $line; }
QMenuBar { background: $window; border-bottom: 1px solid $line; }
QStatusBar { background: $window; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: ${small}pt; }
QLabel[role="heading"] { color: $muted; font-weight: 600; font-size: ${small}pt; }
QLabel[role="title"] { font-weight: 700; font-size: ${title}pt; }
QLabel[role="page"] { font-weight: 700; font-size: ${page}pt; }
QLabel[role="fault"] { color: $emergency; }
QLineEdit[role="field"], QPlainTextEdit[role="field"] {
    background: $base; border: 1px solid $muted; border-radius: 3px; padding: 3px 7px; }
QLineEdit[role="field"]:focus, QPlainTextEdit[role="field"]:focus {
    border: 2px solid $accent; padding: 2px 6px; }
QLineEdit[role="field"][invalid="true"], QPlainTextEdit[role="field"][invalid="true"] {
    border: 2px solid $emergency; padding: 2px 6px; }
QFrame#card { background: $base; border: 1px solid $muted; border-radius: 5px; }
QLabel[role="patient"] { font-weight: 700; font-size: ${large}pt; }
QLabel[role="banner"] { font-weight: 700; font-size: ${title}pt; }
QLabel[role="banner"][short="true"] { font-size: ${large}pt; }
QLabel[role="pill"] { color: $text; border: 1px solid $line; border-radius: 9px; padding: 1px 9px; }
QWidget#header { background: $base; border-bottom: 1px solid $line; }
QWidget#alarm { background: $alarm; }
QWidget#alarm QLabel { color: $on_alarm; font-weight: 700; }
QWidget#banner { background: $base; border-bottom: 1px solid $line; }
QWidget#banner[alarm="true"] { background: $alarm; }
QWidget#banner[alarm="true"] QWidget { color: $on_alarm; }
QWidget#panel, QWidget#rail { background: $window; }
QListView#pages, QListView#entries { border: none; outline: none; background: $window; }
QListView#entries { background: $base; border-right: 1px solid $line; }
QPushButton[role="act"] {
    border: 1px solid $muted; border-radius: 3px; padding: 4px 11px; background: $base; color: $text; }
QPushButton[role="act"]:hover { background: $hover; }
QPushButton[role="act"]:disabled { color: $muted; border: 1px solid $line; }
QPushButton[role="act"]:focus { border: 2px solid $accent; padding: 3px 10px; }
QPushButton[role="begin"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; border-radius: 3px; padding: 6px 15px;
    font-weight: 700; }
QPushButton[role="begin"]:focus { border: 3px solid $text; padding: 4px 13px; }
QWidget#aside { background: $window; border-left: 1px solid $line; }
QWidget#said, QWidget#foot { background: $window; }
QWidget#said { border-top: 1px solid $line; border-bottom: 1px solid $line; }
QWidget#foot { border-top: 1px solid $line; }
QWidget#sheet, QScrollArea#sheet { background: $base; }
QLabel[role="kept"] { font-weight: 600; }
QListView#sections { background: $window; border: none; outline: none; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton[role="quiet"] { border: none; color: $accent; padding: 2px 6px; background: transparent; }
QPushButton[role="quiet"]:hover, QPushButton[role="quiet"]:focus { background: $hover; border-radius: 3px; }
QPushButton[role="choice"] {
    border: 1px solid $line; border-radius: 3px; padding: 2px 8px; background: $base; color: $text;
    font-size: ${small}pt; }
QPushButton[role="choice"]:hover { background: $hover; }
QPushButton[role="choice"]:focus { border: 1px solid $accent; }
QPushButton[role="choice"]:checked { background: $accent; color: $on_accent; font-weight: 600;
    border: 1px solid $accent; }
QPushButton[role="main"] {
    background: $accent; color: $on_accent; border: none; border-radius: 3px; padding: 7px 16px;
    font-weight: 700; }
QPushButton[role="main"]:disabled { background: $line; color: $muted; }
QPushButton[role="main"]:focus { border: 2px solid $text; }
QTabBar#tabs { background: transparent; }
QTabBar#tabs::tab {
    color: $muted; padding: 5px 9px; border: none; border-bottom: 2px solid transparent; }
QTabBar#tabs::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar#tabs::tab:hover { color: $text; }
""")


def colours(palette: QPalette) -> Colours:
    """Return the colours that go with `palette`: what a painting widget asks for."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


class Theme(QObject):
    """Dresses the application, follows the system between light and dark, and zooms the text.

    Signals
    -------
    zoomed : int
        The text has a new size, in percent.
    """

    zoomed = Signal(int)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._zoom = 100
        self._scheme: Qt.ColorScheme | None = None
        load_fonts()
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._dress()

    @property
    def zoom(self) -> int:
        """The size of the text in percent."""
        return self._zoom

    def set_zoom(self, percent: int) -> None:
        """Set the size of the text to the nearest step."""
        nearest = min(ZOOMS, key=lambda step: abs(step - percent))
        if nearest != self._zoom:
            self._zoom = nearest
            self._dress()
            self.zoomed.emit(nearest)

    def step_zoom(self, steps: int) -> None:
        """Make the text larger or smaller by `steps`."""
        at = ZOOMS.index(self._zoom) + steps
        self.set_zoom(ZOOMS[max(0, min(at, len(ZOOMS) - 1))])

    def force(self, scheme: Qt.ColorScheme | None) -> None:
        """Show one scheme whatever the system says (for screenshots); None follows the system."""
        self._scheme = scheme
        self._dress()

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._dress()

    def _dress(self) -> None:
        scheme = self._scheme or self._app.styleHints().colorScheme()
        shown = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        points = _POINTS * self._zoom / 100
        self._app.setPalette(palette_of(shown))
        self._app.setFont(font(points))
        self._app.setStyleSheet(style_sheet(shown, points))


def font(points: float) -> QFont:
    """Return the program's font in a size; the system's own font stands in for missing letters."""
    made = QFont(FAMILY)
    made.setPointSizeF(points)
    return made


def load_fonts() -> None:
    """Make Lato known to Qt, in the few weights that are used."""
    if FAMILY in QFontDatabase.families():
        return
    for weight in _WEIGHTS:
        QFontDatabase.addApplicationFont(str(fontpkg.path("lato", weight=weight)))


def palette_of(c: Colours) -> QPalette:
    """Return the Qt palette of one scheme."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(c.window))
    for name, value in (
        (role.Window, c.window),
        (role.WindowText, c.text),
        (role.Base, c.base),
        (role.AlternateBase, c.window),
        (role.Text, c.text),
        (role.PlaceholderText, c.muted),
        (role.Button, c.window),
        (role.ButtonText, c.text),
        (role.BrightText, c.emergency),
        (role.ToolTipBase, c.base),
        (role.ToolTipText, c.text),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.on_accent),
        (role.Accent, c.accent),
        (role.Link, c.accent),
        (role.LinkVisited, c.accent),
        (role.Mid, c.line),
        # The ground around the pages of a letter.
        (role.Dark, c.line),
    ):
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.muted))
    return palette


def style_sheet(c: Colours, points: float) -> str:
    """Return the style sheet of one scheme at one size of text."""
    sizes = {"small": points - 1, "title": points + 1, "large": points + 3.5, "page": points + 6.5}
    return _SHEET.substitute(c._asdict(), **{name: f"{size:.1f}" for name, size in sizes.items()})


def set_role(widget: QObject, role: str) -> None:
    """Give a widget the look that the style sheet has for `role`."""
    widget.setProperty("role", role)
