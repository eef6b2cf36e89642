"""The ring of the focus round buttons that the style draws: it stands outside of them, where they cannot paint."""

from __future__ import annotations

from weakref import WeakSet

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QRadioButton, QWidget
from shiboken6 import isValid

from triage.qt.parts.accessible import Sign
from triage.qt.parts.colours import RING_ROOM, colours, paint_ring

_RINGED = (QPushButton, QCheckBox, QRadioButton)
# How far it reaches, in high contrast.
_OUT = RING_ROOM + 1
# What is hidden loses the focus, and with it the ring.
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize)


class Ring(QWidget):
    """A frame round one widget after another, in whatever scrolls that, else in its window; it takes no click."""

    heard = Sign

    def __init__(self, within: QWidget) -> None:
        super().__init__(within)
        # Held weakly: who holds what holds him goes only with Python's collector, and that in the wrong order.
        self._watched: WeakSet[QWidget] = WeakSet()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def leave(self) -> None:
        """Stand nowhere."""
        self.hide()
        for part in self._watched:
            if isValid(part):
                part.removeEventFilter(self)
        self._watched.clear()

    def surround(self, target: QWidget) -> None:
        """Stand round `target`, which has the focus, and follow it."""
        within: QWidget | None = target
        while within is not None and not (within.isWindow() or _scrolls(within)):
            self._watched.add(within)
            within.installEventFilter(self)
            within = within.parentWidget()
        if within is not None and self.parentWidget() is not within:
            self.setParent(within)
        self._follow()
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what moves the target."""
        if event.type() in _MOVES:
            self._follow()
        return False

    def _follow(self) -> None:
        target, within = QApplication.focusWidget(), self.parentWidget()
        if target is None or within is None or not within.isAncestorOf(target):
            return
        at = QRect(target.mapTo(within, QPoint()), target.size())
        self.setGeometry(at.adjusted(-_OUT, -_OUT, _OUT, _OUT))
        # What lies inside is painted without it.
        inside = self.rect().adjusted(_OUT - 1, _OUT - 1, 1 - _OUT, 1 - _OUT)
        self.setMask(QRegion(self.rect()) - QRegion(inside))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(_OUT, _OUT, -_OUT, -_OUT)
        paint_ring(painter, box, colours(self.palette()))
        painter.end()


def _scrolls(widget: QWidget) -> bool:
    """Whether `widget` is what a scroll area moves."""
    around = widget.parentWidget()
    return around is not None and around.objectName() == "qt_scrollarea_viewport"


class Rings(QObject):
    """Shows the ring on the button that has the focus, wherever in the program."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.ring: Ring | None = None
        app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, left: QWidget | None, now: QWidget | None) -> None:
        ring = self.ring if self.ring is not None and isValid(self.ring) else None
        if ring is not None:
            ring.leave()
        if isinstance(now, _RINGED):
            # It goes with the window in which it stood last.
            self.ring = ring or Ring(now.window())
            self.ring.surround(now)
