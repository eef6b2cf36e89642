"""How the program looks: the sheet of its few colours, Lato, and the size of text."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

import fontpkg_lato  # type: ignore[import-untyped]
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from triage.qt.parts.colours import SCHEMES, Colours, palette_of, palette_of_menus
from triage.qt.parts.flow import Column
from triage.qt.parts.ring import Rings
from triage.qt.parts.wide import Wide

FAMILY = "Lato"
ICON = Path(__file__).with_name("cramp-triage.svg")
_WEIGHTS = ("Regular", "Bold", "Black")
# Fourteen pixels on a usual screen.
_POINTS = 10.5
ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)
# The sizes of text of some roles, as shares of the usual one.
_SMALL, _TITLE = 12.5 / 14, 17 / 14
_SIZES = {
    **dict.fromkeys(
        ("small", "heading", "why", "check", "contradiction", "pill", "choice"), _SMALL
    ),
    "title": _TITLE,
    "patient": 18 / 14,
    "page": 22 / 14,
}
_LINK = "quiet"
# Those that are bold: a font that is set after it has been shown takes away what a sheet says of its weight.
_BOLD = {
    *("heading", "strong", "group", "title", "page", "patient", "pill", "kept"),
    *("main", "stopped"),
}
# Only what a palette and a font cannot say: a new sheet takes a millisecond a widget, a new font a hundredth.
_SHEET = Template("""
QToolTip { color: $ink; background: $paper; border: 1px solid $border; padding: 4px; }
QMainWindow::separator, QSplitter::handle { background: $rule; }
QMenuBar { background: $ground; border-bottom: 1px solid $rule; padding: 2px 0; }
QStatusBar { background: $ground; }
QLabel[role="muted"] { color: $ink2; }
QLabel[role="small"] { color: $ink2; }
QLabel[role="heading"] { color: $ink; }
QLabel[role="why"] {
    background: $paper; border: 1px solid $border; border-radius: 3px; padding: 4px 8px;
    }
QLabel[role="fault"] { color: $alarm; }
QLabel[role="check"] { color: $caution; }
QLabel[role="contradiction"] { color: $alarm; }
QFrame#palette { background: $paper; border: 2px solid $accent; border-radius: 5px; }
QWidget#typed { border-bottom: 1px solid $rule; }
QWidget#typed QLineEdit, QWidget#typed QLineEdit:focus { border: none; padding: 2px; }
QFrame#palette QListView#entries { border: none; }
QFrame#tour { background: $paper; border: 2px solid $ink; border-radius: 5px; }
QFrame#card { background: $paper; border: 1px solid $border; border-radius: 5px; }
QLabel[role="pill"] {
    color: $ink; border: 1px solid $border; border-radius: 3px; padding: 1px 8px;
    }
QWidget#header { background: $paper; border-bottom: 1px solid $rule; }
QWidget#alarm { background: $alarm; }
QWidget#alarm QLabel { color: $on_alarm; font-weight: 700; }
QWidget#alarm QLabel#kept { font-weight: 400; }
QWidget#alarm QPushButton { color: $on_alarm; text-decoration: underline; }
QWidget#banner { background: $paper; border-bottom: 1px solid $rule; }
QWidget#banner[alarm="true"] { background: $alarm; }
QWidget#banner[alarm="true"] QWidget { color: $on_alarm; }
QWidget#panel, QWidget#rail { background: $ground; }
QListView#pages, QListView#entries { border: none; outline: none; background: $ground; }
QListView#entries { background: $paper; border-right: 1px solid $rule; }
QScrollArea#section { background: $paper; }
QScrollArea#section QTableView { background: transparent; border: none; }
QScrollArea#section QHeaderView { background: transparent; }
QScrollArea#section QHeaderView::section {
    background: transparent; border: none; padding: 1px; color: $ink2; }
QTableView#cases { background: $paper; border: none; }
QTableView#cases QHeaderView { background: $paper; border: none; }
QTableView#cases QHeaderView::section {
    background: $paper; border: none; border-bottom: 1px solid $rule; padding: 5px 8px; color: $ink2; }
QWidget#said, QWidget#foot { background: $ground; }
QWidget#said { border-top: 1px solid $rule; border-bottom: 1px solid $rule; }
QWidget#foot { border-top: 1px solid $rule; }
QWidget#sheet, QScrollArea#sheet { background: $paper; }
QListView#sections { background: $ground; border: none; outline: none; }
QWidget#aside { background: $ground; border-left: 1px solid $rule; }
QCheckBox, QRadioButton { padding: 3px 0; }
QCheckBox::indicator:unchecked { border: 1px solid $border; border-radius: 2px; background: $paper; }
QRadioButton::indicator:unchecked { border: 1px solid $border; border-radius: 7px; background: $paper; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle {
    background: $border; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $ink2; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractItemView { selection-background-color: $tint; selection-color: $ink; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView { selection-background-color: $chosen; selection-color: $on_chosen; }
QScrollArea { border: none; background: transparent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton {
    border: 1px solid $border; border-radius: 4px; padding: 4px 12px; background: $paper; color: $ink; }
QPushButton:hover { background: $ground; border-color: $ink2; $hovered_button }
QPushButton:disabled { color: $ink2; border-color: $rule; $stopped_button }
QPushButton[role="quiet"] {
    border: none; color: $accent; padding: 2px 6px; background: transparent; text-decoration: $links; }
QPushButton[role="quiet"]:disabled { color: $ink2; }
QPushButton[role="quiet"]:hover { text-decoration: underline; }
QPushButton[role="choice"] { padding: 2px 8px; }
QPushButton[role="choice"]:checked { background: $chosen; color: $on_chosen; font-weight: 700; }
QPushButton[role="stopped"] {
    border-color: $rule; color: $ink2; background: transparent; }
QPushButton[role="main"] {
    background: $chosen; color: $on_chosen; border: 2px solid $chosen; padding: 5px 14px; }
QWidget#rail[compact="true"] QPushButton { padding-left: 0; padding-right: 0; }
QPushButton[role="main"]:disabled { background: $paper; color: $ink2; border-color: $rule; }
QLineEdit, QPlainTextEdit, QComboBox {
    border: 1px solid $border; border-radius: 3px; background: $paper; padding: 2px 6px;
    selection-background-color: $accent; selection-color: $paper; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: $ink2; $hovered_field }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: 1px 5px; }
QLineEdit#note { margin-bottom: 4px; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] { border: 2px solid $alarm; padding: 1px 5px; }
QLineEdit[invalid="check"] { border: 2px solid $caution; padding: 1px 5px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {
    background: $ground; border-color: $ground; color: $ink; }
QTabBar#tabs { background: transparent; }
QTabBar#tabs::tab {
    color: $ink2; padding: 6px 8px; border: none; border-bottom: 3px solid transparent; }
QTabBar#tabs::tab:selected { color: $ink; font-weight: 700; border-bottom: 3px solid $ink; }
QTabBar#tabs::tab:hover { color: $ink; }
""")


class Theme(QObject):
    """Dresses the application, follows the system between light and dark, and zooms the text.

    Signals
    -------
    zoomed : int
        The text has a new size, in percent.
    chosen : str
        Another scheme was chosen.
    """

    zoomed = Signal(int)
    chosen = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.rings = Rings(app)
        self._zoom = 100
        self._scheme = ""
        load_fonts()
        app.setStyle("Fusion")
        # Else a style sheet keeps fonts from going on to what is inside.
        app.setAttribute(Qt.ApplicationAttribute.AA_UseStyleSheetPropagationInWidgetStyles)
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._dress)
        hints.accessibility().contrastPreferenceChanged.connect(self._dress)
        self._dress()
        self._size()

    @property
    def zoom(self) -> int:
        """The size of the text in percent."""
        return self._zoom

    def set_zoom(self, percent: int) -> None:
        """Set the size of the text to the nearest step."""
        nearest = min(ZOOMS, key=lambda step: abs(step - percent))
        if nearest != self._zoom:
            self._zoom = nearest
            self._size()
            self.zoomed.emit(nearest)

    @Slot()
    def zoom_in(self) -> None:
        """Make the text one step larger."""
        self.set_zoom(next((step for step in ZOOMS if step > self._zoom), self._zoom))

    @Slot()
    def zoom_out(self) -> None:
        """Make it one step smaller."""
        self.set_zoom(next((step for step in reversed(ZOOMS) if step < self._zoom), self._zoom))

    @Slot()
    def zoom_reset(self) -> None:
        """Give it the usual size."""
        self.set_zoom(100)

    @property
    def scheme(self) -> str:
        """The scheme that was chosen: light, dark, high contrast; empty for that of the system."""
        return self._scheme

    def choose(self, scheme: str) -> None:
        """Show one scheme whatever the system says; an empty name follows the system."""
        if scheme == self._scheme:
            # To dress all windows anew takes seconds.
            return
        self._scheme = scheme
        self._dress()
        self.chosen.emit(scheme)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Dress what is made meanwhile at the end, and once, if no window is shown yet.

        Under a style sheet Qt looks at a widget anew, and at all that is inside, wherever it gets another parent.
        """
        if any(window.isVisible() for window in self._app.topLevelWidgets()):
            yield
            return
        sheet = self._app.styleSheet()
        self._app.setStyleSheet("")
        try:
            yield
        finally:
            self._app.setStyleSheet(sheet)

    @Slot()
    def _dress(self) -> None:
        shown = SCHEMES[self._scheme or self._of_system()]
        self._app.setPalette(palette_of(shown))
        # Its stub asks for bytes, and Qt takes none.
        self._app.setPalette(palette_of_menus(shown), "QMenu")  # type: ignore[arg-type]
        self._app.setStyleSheet(style_sheet(shown))

    def _size(self) -> None:
        """Give all windows, those to come as well, the size of the text."""
        self._app.setFont(font(_POINTS * self._zoom / 100))
        for window in self._app.topLevelWidgets():
            size_text(window)

    def _of_system(self) -> str:
        hints = self._app.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return "high contrast"
        return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


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
        QFontDatabase.addApplicationFont(str(fontpkg_lato.ROOT / "files" / f"Lato-{weight}.ttf"))


def style_sheet(c: Colours) -> str:
    """Return the style sheet of one scheme."""
    # Without colours a link is known by its line, what is under the mouse by a heavier border, what is out of
    # reach by a broken one.
    words = {"links": "none", "hovered_button": "", "hovered_field": "", "stopped_button": ""}
    if c.is_plain:
        words = {
            "links": "underline",
            "hovered_button": "border-width: 2px; padding: 3px 11px;",
            "hovered_field": "border-width: 2px; padding: 1px 5px;",
            "stopped_button": "border-style: dashed;",
        }
    return _SHEET.substitute(c._asdict(), **words)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget the look that the style sheet has for `role`, and its size and weight of text."""
    was = widget.property("role")
    widget.setProperty("role", role)
    if not {role, was}.isdisjoint(_BOLD | _SIZES.keys()):
        _set_font(widget)


def _set_font(widget: QWidget) -> None:
    # What is not set of a font comes from what the widget stands in.
    own, role = QFont(), widget.property("role")
    if share := _SIZES.get(role):
        own.setPointSizeF(QApplication.font().pointSizeF() * share)
    if role in _BOLD:
        own.setWeight(QFont.Weight.Bold)
    widget.setFont(own)


def _size_link(widget: QWidget) -> None:
    # For its line the sheet gives it a font of its own, which keeps its size when another sheet was put on it.
    own = widget.font()
    own.setPointSizeF(QApplication.font().pointSizeF())
    widget.setFont(own)


class LatePage(QScrollArea):
    """A page that keeps the size of text that it has until it is seen: most of a window are pages out of sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Its own: that of the window does not reach what is inside.
        self.setFont(QApplication.font())

    @property
    def is_sized(self) -> bool:
        """Whether it has the size of text that was chosen last."""
        return is_sized(self)


class LateRow(Column):
    """A row of such a page, which may get the size of text after those in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(QApplication.font())


def is_sized(part: QWidget) -> bool:
    """Whether a part with a font of its own has the size of text that was chosen last."""
    return part.font().pointSizeF() == QApplication.font().pointSizeF()


def size_text(root: QWidget, later: Container[QWidget] = ()) -> None:
    """Give a window, page or row the size of the text, and all in it but pages that take it when they are seen.

    Parameters
    ----------
    root
        The window, page or row.
    later
        Rows that get it later.
    """
    todo = [root]
    while todo:
        for part in todo.pop().children():
            if isinstance(part, LateRow):
                if part not in later and not is_sized(part):
                    size_text(part)
            elif isinstance(part, QWidget) and not isinstance(part, LatePage):
                role = part.property("role")
                if role in _SIZES:
                    _set_font(part)
                elif role == _LINK:
                    _size_link(part)
                todo.append(part)
            elif isinstance(part, Wide):
                part.fit()
    # Last: what is out of sight hears of its parts only when it gets a font itself.
    root.setFont(QApplication.font())


def redress(widget: QWidget) -> None:
    """Let the style sheet look at a widget again, once a property has changed its look."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def restyle(widget: QWidget, role: str) -> None:
    """Give a widget that is shown already the look of another role."""
    if widget.property("role") != role:
        set_role(widget, role)
        redress(widget)
