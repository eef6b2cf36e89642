"""What to consider meanwhile: options of management, the team, and the safety net."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triage.qt.decision_row import Suggestion
from triage.qt.line import LineText
from triage.qt.lines import Group
from triage.qt.marks import Mark
from triage.qt.tests_view import DecisionGroup
from triage.qt.theme import set_role
from triage.qt.trail import Trail
from triage.rules.assessment import Assessment, PlanFinding
from triage.session import Session

NO_OPTION = "No option of management follows from what was recorded so far."


class PlanView(QWidget):
    """Shows the plan of an assessment and records what is decided on its options.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The question of a line that was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self.none = QLabel(NO_OPTION, self)
        self.none.setWordWrap(True)
        self.none.setContentsMargins(6, 4, 6, 8)
        set_role(self.none, "muted")
        self.consider = DecisionGroup("To consider", session, self)
        self.check_first = DecisionGroup("Check first", session, self)
        self.barred = Group("Contraindicated", self)
        self.team = Group("Team", self)
        self.safety = Group("The laboratory must know", self)
        self.safety_net = Group("Safety net: tell the patient", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.none)
        for group in (self.consider, self.check_first, self.barred):
            layout.addWidget(group)
            group.question_requested.connect(self.question_requested)
        for lines in (self.team, self.safety, self.safety_net):
            layout.addWidget(lines)
        layout.addStretch(1)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""
        found: dict[str, list[PlanFinding]] = {}
        for option in assessment.plan:
            found.setdefault(option.status, []).append(option)
        self.none.setHidden(bool(assessment.plan))
        self.consider.show_suggestions([self._suggestion(o) for o in found.get("consider", [])])
        self.check_first.show_suggestions(
            [self._suggestion(o) for o in found.get("check_first", [])]
        )
        self.barred.set_lines([self._line(o, Mark.NOT) for o in found.get("contraindicated", [])])
        self.team.set_lines(
            [
                LineText(
                    t.who, self._trail.note(t.id, t.source, t.note), tip=self._trail.tip(t.source)
                )
                for t in assessment.team
            ]
        )
        self.safety.set_lines(
            [LineText(s.says, "", Mark.CAUTION) for s in assessment.safety if self._matters(s.id)]
        )
        self.safety_net.set_lines([LineText(s.says) for s in assessment.safety_net])

    def _matters(self, safety: str) -> bool:
        """Whether any test that a caution is about may be asked for."""
        rules = self._session.content.safety
        about = next(rule.record.applies for rule in rules if rule.record.id == safety)
        tests = self._session.assessment.investigations
        said = {test.status for test in tests if test.id in about}
        return said != {"not_indicated"}

    def _suggestion(self, option: PlanFinding) -> Suggestion:
        return Suggestion(
            option.id,
            option.option,
            self._line(option),
            "; ".join(option.cautions) if option.status == "consider" else "",
            option.stage.replace("_", " "),
        )

    def _treats(self, option: PlanFinding) -> str:
        rules = self._session.content.conditions
        names = [rule.record.name for rule in rules if rule.record.id in option.treats]
        return f"for: {', '.join(names)}" if names else ""

    def _line(self, option: PlanFinding, mark: Mark = Mark.NONE) -> LineText:
        answers = [name for reason in option.reasons for name in reason.answers]
        source = tuple(dict.fromkeys(s for reason in option.reasons for s in reason.source))
        used = self._trail.labels(answers)
        missing = self._trail.missing(option.missing)
        barred = "; ".join(option.cautions) if option.status == "contraindicated" else ""
        note = (
            f"because: {barred}" if barred else "",
            f"check first: {missing}" if missing else "",
            option.note[:1].upper() + option.note[1:],
            self._treats(option),
            self._trail.note(option.id, source, f"from: {used}" if used else ""),
        )
        case = self._session.case
        keys = self._trail.targets([item.id for item in option.missing], case)
        return LineText(
            option.option,
            "\n".join(part for part in note if part),
            mark,
            keys or self._trail.targets(answers),
            self._trail.tip(source),
        )
