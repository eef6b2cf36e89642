"""The banner over the panel: how soon, what to do, and how sure that is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from triage.letter.words.said.line import Mark
from triage.letter.words.said.trail import Trail
from triage.letter.words.said.urgency import headline
from triage.qt.parts.line import Line
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.theme import set_role
from triage.rules.assessment import Assessment
from triage.session import Session

# A headline of more characters than this takes three lines of the panel in large type.
_LARGE = 40


class Banner(QWidget):
    """Level, aim and action; provisional or not; the clinician's own level beside the suggested one.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The missing item that was clicked.
    urgency_requested
        The clinician wants to set the level.
    """

    question_requested = Signal(str)
    urgency_requested = Signal()

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self.setObjectName("banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Urgency")
        self._mark = MarkLabel(self, Mark.ROUTINE, 1.4)
        self.headline = _label(self, "banner")
        self.action = _label(self)
        self.own = _label(self)
        self.provisional = Line(self, pad=0)
        self.set_urgency = QPushButton("Set urgency…", self)
        set_role(self.set_urgency, "quiet")
        self._lay_out()
        self.provisional.question_requested.connect(self.question_requested)
        self.set_urgency.clicked.connect(self._on_set_urgency_clicked)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 9, 8, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.headline, 0, 1)
        grid.addWidget(self.set_urgency, 0, 2, Qt.AlignmentFlag.AlignTop)
        body = QVBoxLayout()
        body.setSpacing(2)
        for widget in (self.action, self.own, self.provisional):
            body.addWidget(widget)
        grid.addLayout(body, 1, 0, 1, 3)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show the urgency of an assessment."""
        said = headline(self._trail, assessment, self._session.case)
        self._set_alarm(said.alarm)
        self._mark.set_mark(said.mark, alarm=said.alarm)
        self._head(said.text)
        _say(self.action, said.action)
        _say(self.own, said.own)
        self.provisional.setVisible(said.provisional is not None)
        if said.provisional is not None:
            self.provisional.set_line(said.provisional)
        self.set_urgency.setVisible(said.judged)
        self.set_urgency.setEnabled(not self._session.read_only)

    def _head(self, text: str) -> None:
        short = len(text) <= _LARGE
        if self.headline.property("short") is not short:
            self.headline.setProperty("short", short)
            self.headline.style().unpolish(self.headline)
            self.headline.style().polish(self.headline)
        _say(self.headline, text)

    def _set_alarm(self, alarm: bool) -> None:
        if self.property("alarm") != alarm:
            self.setProperty("alarm", alarm)
            for widget in (self, *self.findChildren(QWidget)):
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    @Slot()
    def _on_set_urgency_clicked(self) -> None:
        self.urgency_requested.emit()


def _label(parent: QWidget, role: str = "") -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        set_role(label, role)
    return label


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
    label.setHidden(not text)
