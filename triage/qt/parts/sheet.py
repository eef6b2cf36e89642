"""What pages of a dialog are made of: a sheet that scrolls, words, and buttons that Enter presses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from triage.qt.parts.keys import is_enter, is_held
from triage.qt.parts.laying import vertical
from triage.qt.parts.theme import set_role

# In characters: how wide the column of the names of fields is, and a page at most.
NAMES = 20
_WIDEST = 140


def sheet(*parts: QWidget, spacing: int = 12) -> QScrollArea:
    """Return a page with these parts below one another, never wider than can be read."""
    area, body = QScrollArea(), QWidget()
    body.setObjectName("sheet")
    layout = vertical(body, 24, 14, 16, 14, spacing=spacing)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    area.setObjectName("sheet")
    area.setWidgetResizable(True)
    body.setMaximumWidth(body.fontMetrics().averageCharWidth() * _WIDEST)
    # What it holds takes the focus, and is brought into sight by it.
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(body)
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
    """A button of a page. Enter presses the one that has the ring, and no other."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(caption, parent)
        self.setAutoDefault(False)
        set_role(self, "act")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not is_held(event):
            self.click()
        else:
            super().keyPressEvent(event)
