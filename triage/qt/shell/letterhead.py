"""A look at the letterhead: the head of a first page as it will print."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.qt.parts.words import tr

# Of the page, from above; and how wide it is shown at most.
_PART, _WIDEST = 0.088, 660


class HeadPreview(QWidget):
    """Shows the upper edge of a PDF's first page. It stays white in the dark, as paper does."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Letterhead as it prints"))
        self._page = QImage()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumWidth(_WIDEST)

    def show_pdf(self, data: bytes) -> None:
        """Show the head of `data`."""
        # Late: what draws PDF takes 5 MB.
        from PySide6.QtPdf import QPdfDocument

        document, buffer = QPdfDocument(self), QBuffer(self)
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        size = document.pagePointSize(0)
        wide = round(_WIDEST * self.devicePixelRatioF())
        page = document.render(0, QSize(wide, round(wide * size.height() / size.width())))
        self._page = page.copy(0, 0, page.width(), round(page.height() * _PART))
        document.close()
        for each in (document, buffer):
            each.deleteLater()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDEST, self.heightForWidth(_WIDEST))

    def heightForWidth(self, width: int) -> int:
        return round(width * self._page.height() / max(self._page.width(), 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(0, 0, self.width(), self.heightForWidth(self.width()))
        # Pages come with a transparent ground; paper is white.
        painter.fillRect(box, "white")
        painter.drawImage(box, self._page)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
