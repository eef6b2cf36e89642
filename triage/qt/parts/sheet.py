"""What pages of a dialog are made of: a sheet that scrolls, words, and buttons that Enter presses."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from triage.qt.parts.keys import is_enter, is_held, is_shifted
from triage.qt.parts.laying import vertical
from triage.qt.parts.stops import watch_focus
from triage.qt.parts.theme import set_role

# In characters: how wide the column of the names of fields is, and a page at most.
NAMES = 20
_WIDEST = 140
# The least that is seen of what scrolls, in lines; and what stays free above and below the focus, in pixels.
_LEAST, _LEAVES = 3, 40


class Scrolled(QScrollArea):
    """Holds what scrolls, and brings into sight what has the focus, whoever put it there.

    Qt brings there only what Tab reached.
    """

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self.body = body
        self.setWidgetResizable(True)
        # What it holds takes it.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)
        watch_focus(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        # What is pressed stays under the pointer.
        is_pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and self.isAncestorOf(now) and not is_pressed:
            self.ensureWidgetVisible(now, 0, _LEAVES)


class Middle(Scrolled):
    """The middle of a dialog: as high as it needs, and scrolled where the screen has less room."""

    def __init__(self, body: QWidget) -> None:
        super().__init__(body)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """Return the size that shows all of it at its width."""
        hint = self.body.sizeHint().expandedTo(self.body.minimumSizeHint())
        if self.body.hasHeightForWidth() and self.isVisible():
            hint.setHeight(self.body.heightForWidth(self.viewport().width()))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say anew how high it is: text that wraps has another height at another width."""
        super().resizeEvent(event)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return the least size in which it can be read."""
        wide = self.body.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(wide, _LEAST * self.fontMetrics().lineSpacing())


def sheet(*parts: QWidget, spacing: int = 12) -> Scrolled:
    """Return a page with these parts below one another, never wider than can be read."""
    body = QWidget()
    body.setObjectName("sheet")
    layout = vertical(body, 24, 14, 16, 14, spacing=spacing)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    body.setMaximumWidth(body.fontMetrics().averageCharWidth() * _WIDEST)
    area = Scrolled(body)
    area.setObjectName("sheet")
    return area


def words(text: str, role: str = "") -> QLabel:
    """Return a text that wraps, in the look of a role; it is never read as markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_role(label, role)
    return label


def keys_said(text: str) -> QLabel:
    """Return in one line what keys do here."""
    label = words(text, "small")
    label.setWordWrap(False)
    return label


class Act(QPushButton):
    """A button of a page. Enter presses the one that has the ring, and no other; Shift+Enter goes back from it."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(caption, parent)
        self.setAutoDefault(False)
        set_role(self, "act")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and is_shifted(event):
            event.ignore()
        elif is_enter(event) and not is_held(event):
            self.click()
        else:
            super().keyPressEvent(event)
