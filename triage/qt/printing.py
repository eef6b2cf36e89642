"""Printing a letter: the PDF itself where the system takes one, else its pages as pictures."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal, Slot
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from triage.pdf.spool import MOST_COPIES, Printers
from triage.qt.questions.inputs import Combo, WheelGuard
from triage.qt.theme import set_role

# Text stays sharp and a page stays below a hundred megabytes.
_DOTS_PER_INCH = 300


class PrinterDialog(QDialog):
    """Asks for the printer and how many copies.

    Parameters
    ----------
    printers
        Those that there are.
    what
        What is printed, in a few words.

    Signals
    -------
    printer_chosen : str, int
        Printer and copies. Whoever is connected prints.
    """

    printer_chosen = Signal(str, int)

    def __init__(self, printers: Printers, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Print")
        self.setMinimumWidth(420)
        title, text = QLabel("Print the letter", self), QLabel(what, self)
        set_role(title, "title")
        set_role(text, "muted")
        text.setWordWrap(True)
        self.printer = Combo([(name, name) for name in printers.names], self)
        self.printer.setAccessibleName("Printer")
        self.printer.show_entry(printers.usual)
        self.copies = QSpinBox(self)
        self.copies.setAccessibleName("Copies")
        self.copies.setRange(1, MOST_COPIES)
        WheelGuard(self.copies)
        form = QFormLayout()
        form.addRow("&Printer", self.printer)
        form.addRow("&Copies", self.copies)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        self.ok = self.buttons.button(kinds.Ok)
        self.ok.setText("Print")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addLayout(form)
        layout.addWidget(self.buttons)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    @Slot()
    def _on_accepted(self) -> None:
        self.accept()
        self.printer_chosen.emit(self.printer.entry, self.copies.value())


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
