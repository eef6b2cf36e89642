"""The investigations: recommended, to consider, not indicated and done, each with its answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triage.qt.decision_row import DecisionRow, Suggestion
from triage.qt.line import LineText
from triage.qt.lines import Group
from triage.qt.marks import Mark
from triage.qt.theme import set_role
from triage.qt.trail import Trail
from triage.rules.assessment import Assessment, InvestigationFinding
from triage.session import Session

NO_TEST = "No test is suggested by what was recorded so far."
_TIMING = {"now": "now", "with_referral": "with the referral", "later": "later"}
_BY = {"pc": "primary care", "sec": "secondary care", "spec": "specialist"}


class DecisionGroup(QWidget):
    """A heading with suggestions below it; rows are kept and change their text.

    Signals
    -------
    question_requested : str
        A suggestion was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, title: str, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[DecisionRow] = []
        heading = QLabel(title, self)
        heading.setContentsMargins(6, 0, 6, 2)
        set_role(heading, "heading")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 4)
        self._layout.setSpacing(0)
        self._layout.addWidget(heading)

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Show `suggestions`; nothing at all while there are none."""
        while len(self._rows) < len(suggestions):
            row = DecisionRow(self._session, self)
            row.question_requested.connect(self.question_requested)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, suggestion in zip(self._rows, suggestions, strict=False):
            row.show_suggestion(suggestion)
            row.setHidden(False)
        for row in self._rows[len(suggestions) :]:
            row.setHidden(True)
        self.setHidden(not suggestions)

    @property
    def rows(self) -> tuple[DecisionRow, ...]:
        """The rows that are in use."""
        return tuple(row for row in self._rows if not row.isHidden())


class TestsView(QWidget):
    """Shows the investigations of an assessment and records what is decided on them.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The question of a line that was clicked.
    """

    __test__ = False  # not a test case, whatever its name says to pytest
    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self.none = QLabel(NO_TEST, self)
        self.none.setWordWrap(True)
        self.none.setContentsMargins(6, 4, 6, 8)
        set_role(self.none, "muted")
        self.recommended = DecisionGroup("Recommended", session, self)
        self.consider = DecisionGroup("To consider by the specialist", session, self)
        self.open = Group("Cannot say yet", self)
        self.not_indicated = Group("Not indicated", self)
        self.done = Group("Done", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.none)
        for group in (self.recommended, self.consider, self.open, self.not_indicated, self.done):
            layout.addWidget(group)
            group.question_requested.connect(self.question_requested)
        layout.addStretch(1)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""
        found: dict[str, list[InvestigationFinding]] = {}
        for test in assessment.investigations:
            found.setdefault(test.status, []).append(test)
        emergency = assessment.urgency.level == "emergency"
        recommended = found.get("recommended", [])
        consider = found.get("consider", [])
        self.none.setHidden(bool(recommended or consider))
        self.recommended.show_suggestions([self._suggestion(t, emergency) for t in recommended])
        self.consider.show_suggestions([self._suggestion(t, emergency) for t in consider])
        self.open.set_lines([self._open_line(test) for test in found.get("cannot_say", [])])
        self.not_indicated.set_lines([self._against(t) for t in found.get("not_indicated", [])])
        self.done.set_lines(
            [
                LineText(test.name, self._trail.note(test.id, ()), Mark.DONE)
                for test in found.get("done", [])
            ]
        )

    def _suggestion(self, test: InvestigationFinding, emergency: bool) -> Suggestion:
        answers = [name for reason in test.reasons for name in reason.answers]
        source = tuple(dict.fromkeys(s for reason in test.reasons for s in reason.source))
        says = "; ".join(reason.says for reason in test.reasons)
        used = self._trail.labels(answers)
        line = LineText(
            test.name,
            "\n".join(
                part
                for part in (
                    says,
                    self._trail.note(test.id, source, f"from: {used}" if used else ""),
                )
                if part
            ),
            keys=self._trail.targets(answers),
            tip=self._trail.tip(source),
            strong=True,
        )
        same_day = emergency and test.timing == "now"
        return Suggestion(
            test.id,
            test.short or test.name,
            line,
            ". ".join(_sentence(c) for c in test.cautions),
            "same day" if same_day else f"{_TIMING[test.timing]} · {_BY.get(test.by, test.by)}",
            same_day,
        )

    def _open_line(self, test: InvestigationFinding) -> LineText:
        missing = self._trail.missing(test.missing)
        return LineText(
            test.name,
            self._trail.note(test.id, (), f"depends on: {missing}" if missing else ""),
            Mark.OPEN,
            self._trail.targets([item.id for item in test.missing], self._session.case),
        )

    def _against(self, test: InvestigationFinding) -> LineText:
        source = tuple(dict.fromkeys(s for reason in test.reasons for s in reason.source))
        answers = [name for reason in test.reasons for name in reason.answers]
        says = " ".join(_sentence(reason.says) + "." for reason in test.reasons)
        instead = f"Instead: {test.instead}" if test.instead else ""
        trail = self._trail.note(test.id, source)
        return LineText(
            test.name,
            "\n".join(part for part in (says, instead, trail) if part),
            Mark.NOT,
            self._trail.targets(answers),
            self._trail.tip(source),
        )


def _sentence(text: str) -> str:
    stripped = text.strip().rstrip(".")
    return stripped[:1].upper() + stripped[1:]
