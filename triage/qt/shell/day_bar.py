"""The bar that asks which day a case is of, once, when it is opened on a later one."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from triage.letter.words.said.line import Mark
from triage.model.dates import PartialDate
from triage.qt.parts.laying import horizontal
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.words import tr
from triage.session import Session


class DayBar(QWidget):
    """Asks whether a case is still that of its earlier day, or of today; out of sight where nothing is to be asked.

    Parameters
    ----------
    session
        The case; it keeps the answer.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        mark = MarkLabel(self, Mark.CAUTION)
        mark.set_mark(Mark.CAUTION)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.still = QPushButton(self)
        self.today = QPushButton(self)
        layout = horizontal(self, 14, 6, 14, 6)
        layout.addWidget(mark)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.still)
        layout.addWidget(self.today)
        self.still.clicked.connect(self._on_still_clicked)
        self.today.clicked.connect(self._on_today_clicked)
        self.check()

    def check(self) -> None:
        """Ask, if there is something to ask."""
        day = self._session.earlier_day
        self.setHidden(day is None)
        if day is None:
            return
        earlier = PartialDate.of(day).words()
        today = PartialDate.of(self._session.today).words()
        self.label.setText(
            tr(
                "This case is of {earlier}. Is it still that visit, or is it of today? Ages, the age of results and "
                "the date of the letter follow.",
                earlier=earlier,
            )
        )
        self.setAccessibleName(self.label.text())
        self.still.setText(tr("Still {earlier}", earlier=earlier))
        self.today.setText(f"Today, {today}")

    @Slot()
    def _on_still_clicked(self) -> None:
        if day := self._session.earlier_day:
            self._session.keep_day(day)
        self.check()

    @Slot()
    def _on_today_clicked(self) -> None:
        self._session.begin_day()
        self.check()
