"""Letters on all that can be clicked: typed, they click it, or put the focus into a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from triage.qt.parts.keys import char_of, is_held
from triage.qt.parts.words import tr

_LETTERS = "ASDFGHJKLQWERTYUIOPZXCVBNM"
_ROLE = QPalette.ColorRole
_REASON = Qt.FocusReason.ShortcutFocusReason


class Target(NamedTuple):
    """Something that can be clicked: where it stands in the window, and what a click does."""

    box: QRect
    click: Callable[[], object]


class Hints(QWidget):
    """Lies over a window and takes the keys until a target is chosen, or none.

    Parameters
    ----------
    window
        What it lies over.

    Signals
    -------
    closed
        It is done.
    """

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._before = window.focusWidget()
        found = sorted(_targets(window), key=lambda target: (target.box.top(), target.box.left()))
        names = (
            _LETTERS if len(found) <= len(_LETTERS) else map("".join, product(_LETTERS, repeat=2))
        )
        self.targets: dict[str, Target] = dict(zip(names, found, strict=False))
        self._typed = ""
        self.setGeometry(window.rect())
        self.setAccessibleName(tr("Letters on all that can be clicked: type them. Esc closes."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show()
        self.raise_()
        self.setFocus(_REASON)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The F that called it may still be held, and a letter chooses: it may press what records.
        if is_held(event):
            return
        typed = self._typed + (char_of(event) or "?")
        if typed in self.targets:
            self._close()
            self.targets[typed].click()
        elif any(name.startswith(typed) for name in self.targets):
            self._typed = typed
            self.update()
        elif event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            self._close(back=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._close(back=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close()

    def _close(self, *, back: bool = False) -> None:
        if not self.isVisible():
            return
        self.hide()
        # What had the focus may be gone, or out of sight.
        if back and self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(_REASON)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        for name, target in self.targets.items():
            if not name.startswith(self._typed):
                continue
            left = name.removeprefix(self._typed)
            cap = QRectF(0, 0, metrics.horizontalAdvance(left) + 8, metrics.height())
            cap.moveTopLeft(target.box.topLeft() + QPoint(1, 1))
            painter.setPen(self.palette().color(_ROLE.Base))
            painter.setBrush(self.palette().color(_ROLE.Text))
            painter.drawRoundedRect(cap, 3, 3)
            painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), left)
        painter.end()


def _targets(window: QWidget) -> Iterator[Target]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not widget.isEnabled() or widget.visibleRegion().isEmpty():
            continue
        match widget:
            case QTabBar():
                for at in range(widget.count()):
                    yield _target(
                        window, widget, widget.tabRect(at), partial(_show_tab, widget, at)
                    )
            case QListView():
                for row in range(widget.model().rowCount()):
                    index = widget.model().index(row, 0)
                    box = widget.visualRect(index)
                    if widget.viewport().rect().contains(box.center()):
                        yield _target(window, widget, box, partial(_click_row, widget, index))
            case QAbstractButton():
                yield _target(window, widget, _seen(widget), partial(_click, widget))
            case QLineEdit() | QPlainTextEdit() | QComboBox() | QTableView():
                yield _target(window, widget, _seen(widget), partial(widget.setFocus, _REASON))


def _seen(widget: QWidget) -> QRect:
    return widget.visibleRegion().boundingRect()


def _target(window: QWidget, widget: QWidget, box: QRect, click: Callable[[], object]) -> Target:
    return Target(QRect(widget.mapTo(window, box.topLeft()), box.size()), click)


def _click(button: QAbstractButton) -> None:
    # What has no focus of its own leaves it where it is.
    if button.focusPolicy() != Qt.FocusPolicy.NoFocus:
        button.setFocus(_REASON)
    button.click()


def _show_tab(tabs: QTabBar, at: int) -> None:
    tabs.setFocus(_REASON)
    tabs.setCurrentIndex(at)


def _click_row(view: QListView, index: QModelIndex) -> None:
    view.setCurrentIndex(index)
    view.clicked.emit(index)
