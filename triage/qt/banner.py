"""The banner over the panel: how soon, what to do, and how sure that is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from triage.content.form import URGENCY
from triage.content.schema import LevelRecord
from triage.model.values import Level, Urgency
from triage.qt.line import Line, LineText
from triage.qt.marks import Mark, MarkLabel, mark_of
from triage.qt.theme import set_role
from triage.qt.trail import Trail
from triage.rules.assessment import Assessment, UrgencyFinding
from triage.rules.services import act_words
from triage.session import Session

# A headline of more characters than this takes three lines of the panel in large type.
_LARGE = 40
# Keys that say who the patient is, and nothing clinical.
_NO_FINDINGS = ("case.", "patient.", "referrer.", "note.", "decision.")


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
        self._levels: dict[str, LevelRecord] = {r.id: r for r in session.content.urgency.level}
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
        finding = assessment.urgency
        own = self._session.case.get(URGENCY)
        level = own.level if isinstance(own, Urgency) else finding.level
        blank = not self._has_findings() and not isinstance(own, Urgency)
        if not assessment.scope.ok or level is None:
            self._show_scope(assessment)
            return
        self._set_alarm(level == "emergency")
        self._mark.set_mark(Mark.OPEN if blank else mark_of(level), alarm=level == "emergency")
        self._head(self._headline(level, finding, blank, isinstance(own, Urgency)))
        _say(self.action, self._action(level, finding))
        _say(self.own, self._own(own, finding.level) if isinstance(own, Urgency) else "")
        self._show_provisional(finding)
        self.set_urgency.setVisible(True)
        self.set_urgency.setEnabled(not self._session.read_only)

    def _show_scope(self, assessment: Assessment) -> None:
        self._set_alarm(False)
        self._mark.set_mark(Mark.CAUTION)
        self._head("Outside the scope of this form: no level")
        _say(self.action, assessment.scope.says)
        flags = ", ".join(item.label for item in assessment.recorded_red_flags)
        _say(self.own, f"Red flags recorded: {flags}." if flags else "")
        self.provisional.setVisible(False)
        self.set_urgency.setVisible(False)

    def _head(self, text: str) -> None:
        short = len(text) <= _LARGE
        if self.headline.property("short") is not short:
            self.headline.setProperty("short", short)
            self.headline.style().unpolish(self.headline)
            self.headline.style().polish(self.headline)
        _say(self.headline, text)

    def _show_provisional(self, finding: UrgencyFinding) -> None:
        self.provisional.setVisible(finding.provisional)
        if not finding.provisional:
            return
        ids = [item.id for item in finding.missing]
        self.provisional.set_line(
            LineText(
                f"Provisional: {_items(len(finding.missing))} of the safety set not assessed",
                f"next: {self._trail.missing(finding.missing, 2)}",
                Mark.NONE,
                self._trail.targets(ids, self._session.case),
                "\n".join(item.label for item in finding.missing),
            )
        )

    def _has_findings(self) -> bool:
        return any(not key.startswith(_NO_FINDINGS) for key in self._session.case)

    def _headline(self, level: Level, finding: UrgencyFinding, blank: bool, own: bool) -> str:
        if blank:
            return "Nothing assessed yet"
        if level == "emergency":
            return "Same day: phone or send now"
        title = self._levels[level].title
        if finding.provisional and not own:
            title = f"{title} so far, provisional"
        # Nothing is said of a routine that may still become more.
        act = "" if level == "routine" and finding.provisional else self._act(level, finding)
        return f"{title}. {act}" if act else title

    def _act(self, level: Level, finding: UrgencyFinding) -> str:
        """Return by when and by whom, as suggested; at another level of the clinician's as that level has it."""
        if finding.act is not None and level == finding.level:
            return finding.act.says
        record = self._levels[level]
        return act_words(record.within_days, record.who)

    def _action(self, level: Level, finding: UrgencyFinding) -> str:
        record = self._levels[level]
        if level == "emergency":
            return f"{record.title}. {self._act(level, finding)}. {record.action}"
        if level == "routine" and not any(r.level != "routine" for r in finding.reasons):
            # Never "no red flags": only what was assessed can be spoken of.
            return _none_found(len(finding.missing))
        # What a level asks of a referral is not said where none is suggested.
        return "" if level == finding.level and finding.referral is None else record.action

    def _own(self, own: Urgency, suggested: Level | None) -> str:
        reason = f": {own.reason}" if own.reason else "."
        if suggested is None or own.level == suggested:
            return f"Set by the clinician, as suggested{reason}"
        return f"Set by the clinician (suggested: {self._levels[suggested].title.lower()}){reason}"

    def _set_alarm(self, alarm: bool) -> None:
        if self.property("alarm") != alarm:
            self.setProperty("alarm", alarm)
            for widget in (self, *self.findChildren(QWidget)):
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    @Slot()
    def _on_set_urgency_clicked(self) -> None:
        self.urgency_requested.emit()


def _none_found(missing: int) -> str:
    said = "None of the items that were assessed was a red flag"
    return f"{said}; {missing} not assessed." if missing else f"{said}."


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


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
