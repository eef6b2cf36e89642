"""Layouts of a widget: what stands below and beside one another."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

# What bars of the desktop and the frame of a window take of the height of a screen, in pixels.
_FRAME = 60
_L = TypeVar("_L", bound=QBoxLayout)


class Snug(QVBoxLayout):
    """Gives its parts the height that they need, also while there is more or less.

    What it lays out takes another height only after one of its parts asked for that. Squeezed or spread until then,
    all of them would be placed and painted twice.
    """

    def setGeometry(self, room: QRect) -> None:
        needed = self.heightForWidth(room.width()) if self.hasHeightForWidth() else room.height()
        super().setGeometry(QRect(room.x(), room.y(), room.width(), needed))


def snug(parent: QWidget | None = None, *margins: int, spacing: int = -1) -> QVBoxLayout:
    """Return such a layout, as `vertical` does."""
    return _made(Snug(), parent, margins, spacing)


def vertical(parent: QWidget | None = None, *margins: int, spacing: int = -1) -> QVBoxLayout:
    """Return a layout whose parts stand below one another.

    Parameters
    ----------
    parent
        What it lays out; None if it is a part of another layout.
    margins
        Left, top, right and bottom; those of the style if none are given.
    spacing
        Between two parts; that of the style if negative.
    """
    return _made(QVBoxLayout(), parent, margins, spacing)


def horizontal(parent: QWidget | None = None, *margins: int, spacing: int = -1) -> QHBoxLayout:
    """Return a layout whose parts stand beside one another, as `vertical` does."""
    return _made(QHBoxLayout(), parent, margins, spacing)


def _made(layout: _L, parent: QWidget | None, margins: tuple[int, ...], spacing: int) -> _L:
    if margins:
        layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    if parent is not None:
        parent.setLayout(layout)
    return layout


def room_for(window: QWidget) -> QSize:
    """Return how large a window can be on its screen: bars of the desktop and its own frame have some of it."""
    return window.screen().availableSize() - QSize(0, _FRAME)
