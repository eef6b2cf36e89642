"""The pages of a letter, under one another or two side by side; a changed letter replaces them in one painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from triage.qt.parts.flow import scaled

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument

    # A window opens without what sets letters.
    from triage.pdf.place import Place

_MARGIN, _GAP, _STEP = 6, 6, 40
# How wide a page is at least beside another, at the usual size of the text.
_READABLE = 530
# Beside the place that changed, in the margin of the page.
_BAR = 4
# Where a place that was out of sight comes to stand, as a part of the view's height from above.
_THIRD = 1 / 3


class Pages(QAbstractScrollArea):
    """Shows a PDF.

    Qt's own view paints a page white until it is drawn, and so flickers with every change: here a page is drawn when
    it is painted.

    Parameters
    ----------
    name
        What it shows, for assistive technology.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its coming and going would change the width, and with it the height.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().setSingleStep(_STEP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.document: QPdfDocument | None = None
        self.data = b""
        self.place: Place | None = None
        self._buffer = QBuffer(self)
        self._drawn: dict[int, QImage] = {}

    def show_pdf(self, data: bytes, place: Place | None = None) -> None:
        """Show `data`, with `place` in sight and marked; where nothing changed, everything stays as it is."""
        if data == self.data:
            return
        # Late: what draws PDF takes 5 MB, and the first letter is set minutes after the start.
        from PySide6.QtPdf import QPdfDocument

        document, buffer = QPdfDocument(self), QBuffer(self)
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        old = self.document, self._buffer
        self.document, self._buffer = document, buffer
        self.data, self.place = data, place
        # The document reads from the buffer for as long as it is open.
        if old[0] is not None:
            old[0].close()
            old[0].deleteLater()
        old[1].deleteLater()
        self._drawn.clear()
        self._measure()
        if place is not None:
            self._bring(place)
        self.viewport().update()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self.document.pageCount() if self.document is not None else 0

    # -- where pages are ------------------------------------------------------------------------

    def boxes(self) -> list[QRect]:
        """Return where each page is, in the view as it is scrolled."""
        if self.document is None:
            return []
        view = self.viewport().size()
        sizes = [self.document.pagePointSize(n) for n in range(self.document.pageCount())]
        least = scaled(self, _READABLE)
        across = 2 if view.width() >= 2 * (least + _MARGIN) + _GAP else 1
        room = max((view.width() - 2 * _MARGIN - (across - 1) * _GAP) // across, 1)
        if across > 1:
            # Of two side by side each is seen whole, so far as it can be read.
            shape = max((size.height() / size.width() for size in sizes), default=1)
            room = min(room, max(round((view.height() - 2 * _MARGIN) / shape), least))
        top, found = _MARGIN - self.verticalScrollBar().value(), []
        for at in range(0, len(sizes), across):
            row = sizes[at : at + across]
            heights = [round(room * size.height() / size.width()) for size in row]
            left = (view.width() - len(row) * room - (len(row) - 1) * _GAP) // 2
            found += [
                QRect(left + n * (room + _GAP), top, room, high) for n, high in enumerate(heights)
            ]
            top += max(heights) + _GAP
        return found

    def span(self, place: Place) -> QRect:
        """Return where a place is, in the view as it is scrolled, as wide as its page."""
        box = self.boxes()[place.page]
        top, bottom = (box.top() + round(box.height() * y) for y in (place.top, place.bottom))
        return QRect(box.left(), top, box.width(), max(bottom - top, 1))

    def _measure(self) -> None:
        boxes, bar = self.boxes(), self.verticalScrollBar()
        whole = max((box.bottom() for box in boxes), default=-1) + 1 + bar.value() + _MARGIN
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(whole - self.viewport().height(), 0))

    def _bring(self, place: Place) -> None:
        """Scroll to a place, unless it is in sight."""
        span, high = self.span(place), self.viewport().height()
        if span.top() < 0 or span.bottom() >= high:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + span.top() - round(high * _THIRD))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is in sight in sight."""
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        at = bar.value() / bar.maximum() if bar.maximum() else 0.0
        self._drawn.clear()
        self._measure()
        bar.setValue(round(at * bar.maximum()))

    # -- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages that are in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Dark))
        seen = {n: box for n, box in enumerate(self.boxes()) if box.intersects(event.rect())}
        for number, box in seen.items():
            painter.drawImage(box, self._page(number, box.size()))
        if self.place is not None:
            span = self.span(self.place)
            bar = QRect(span.left(), span.top(), _BAR, span.height())
            painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Accent))
        painter.end()
        in_sight = [
            n for n, box in enumerate(self.boxes()) if box.intersects(self.viewport().rect())
        ]
        self._drawn = {n: image for n, image in self._drawn.items() if n in in_sight}

    def _page(self, number: int, size: QSize) -> QImage:
        drawn = self._drawn.get(number)
        if drawn is None:
            assert self.document is not None
            ratio = self.devicePixelRatio()
            picture = self.document.render(number, size * ratio)
            # Pages come with a transparent ground; paper is white.
            drawn = QImage(picture.size(), QImage.Format.Format_RGB32)
            drawn.fill(Qt.GlobalColor.white)
            painter = QPainter(drawn)
            painter.drawImage(0, 0, picture)
            painter.end()
            self._drawn[number] = drawn
        return drawn
