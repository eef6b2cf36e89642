"""Printing a letter: the PDF itself where the system takes one, else its pages as pictures."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from triage.errors import TriageError
from triage.pdf.spool import MOST_COPIES, Printers, chosen_pages
from triage.qt.parts.inputs import Combo, WheelGuard
from triage.qt.parts.laying import vertical
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr

# Text stays sharp and a page stays below a hundred megabytes.
_DOTS_PER_INCH = 300


class PrinterDialog(QDialog):
    """Asks for the printer, how many copies, and which pages.

    Parameters
    ----------
    printers
        Those that there are.
    what
        What is printed, in a few words.
    count
        How many pages it has; 0 for several letters, which are printed whole.

    Signals
    -------
    printer_chosen : str, int, str
        Printer, copies, and pages as `print_pdf` takes them. Whoever is connected prints.
    """

    printer_chosen = Signal(str, int, str)

    def __init__(
        self, printers: Printers, what: str, count: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._count, self._chosen = count, ""
        self.setWindowTitle(tr("Print"))
        self.setMinimumWidth(420)
        title, text = QLabel(tr("Print the letter"), self), QLabel(what, self)
        set_role(title, "title")
        set_role(text, "muted")
        text.setWordWrap(True)
        self.printer = Combo([(name, name) for name in printers.names], self)
        self.printer.setAccessibleName(tr("Printer"))
        self.printer.show_entry(printers.usual)
        self.copies = QSpinBox(self)
        self.copies.setAccessibleName(tr("Copies"))
        self.copies.setRange(1, MOST_COPIES)
        WheelGuard(self.copies)
        self.pages = QLineEdit(self)
        self.pages.setAccessibleName(tr("Pages: such as 1 or 1-2; all if empty"))
        self.pages.setPlaceholderText(tr("All, or such as 1 or 1-2"))
        self.hint = QLabel(self)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        set_role(self.hint, "small")
        form = QFormLayout()
        form.addRow(tr("&Printer"), self.printer)
        form.addRow(tr("&Copies"), self.copies)
        form.addRow(tr("P&ages"), self.pages)
        form.setRowVisible(self.pages, count > 0)
        kinds = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(self)
        self.ok = self.buttons.addButton(tr("Print"), kinds.AcceptRole)
        self.buttons.addButton(tr("Not now"), kinds.RejectRole)
        Underlined(self)
        layout = vertical(self, spacing=10)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addLayout(form)
        layout.addWidget(self.hint)
        layout.addWidget(self.buttons)
        self.pages.textChanged.connect(self._on_pages_changed)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    @Slot(str)
    def _on_pages_changed(self, typed: str) -> None:
        says = ""
        try:
            self._chosen = chosen_pages(typed, self._count)
        except TriageError as error:
            says = str(error)
        self.hint.setText(says)
        self.ok.setEnabled(not says)

    @Slot()
    def _on_accepted(self) -> None:
        self.accept()
        self.printer_chosen.emit(self.printer.entry, self.copies.value(), self._chosen)


def print_pages(document: QPdfDocument, parent: QWidget) -> bool:
    """Ask for a printer and print `document`; return whether it was sent."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    # The name of a job is seen by everyone at the printer: no patient in it.
    printer.setDocName(tr("Referral letter"))
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setMinMax(1, document.pageCount())
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    return paint_pages(document, printer)


def paint_pages(document: QPdfDocument, printer: QPrinter) -> bool:
    """Print the pages of `document` that `printer` is set to; return whether the printer took them."""
    ranges = printer.pageRanges()
    pages = [n for n in range(document.pageCount()) if ranges.isEmpty() or ranges.contains(n + 1)]
    points = document.pagePointSize(0)
    printer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    printer.setFullPage(True)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    scale = _DOTS_PER_INCH / 72
    for page in pages:
        if page != pages[0]:
            printer.newPage()
        size = document.pagePointSize(page)
        image = document.render(
            page, QSize(round(size.width() * scale), round(size.height() * scale))
        )
        target = printer.pageLayout().fullRectPixels(printer.resolution())
        painter.drawImage(target.translated(-target.topLeft() + QPoint(0, 0)), image)
    return painter.end()
