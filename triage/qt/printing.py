"""Printing a letter: its pages as pictures, at the printer's own resolution."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

# Text stays sharp and a page stays below a hundred megabytes.
_DOTS_PER_INCH = 300


def print_pages(document: QPdfDocument, parent: QWidget) -> bool:
    """Ask for a printer and print `document`; return whether it was sent."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    # The name of a job is seen by everyone at the printer: no patient in it.
    printer.setDocName("Referral letter")
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    return paint_pages(document, printer)


def paint_pages(document: QPdfDocument, printer: QPrinter) -> bool:
    """Print `document` on `printer`; return whether the printer took it."""
    points = document.pagePointSize(0)
    printer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    printer.setFullPage(True)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    scale = _DOTS_PER_INCH / 72
    for page in range(document.pageCount()):
        if page:
            printer.newPage()
        size = document.pagePointSize(page)
        image = document.render(
            page, QSize(round(size.width() * scale), round(size.height() * scale))
        )
        target = printer.pageLayout().fullRectPixels(printer.resolution())
        painter.drawImage(target.translated(-target.topLeft() + QPoint(0, 0)), image)
    return painter.end()
