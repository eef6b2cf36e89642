"""The investigations: essential, helpful, not indicated and done, each with its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from triage.content.form import DECISION
from triage.qt.decision_row import DecisionRow, Suggestion
from triage.qt.line import FoldLine, LineText
from triage.qt.lines import Group
from triage.qt.marks import Mark
from triage.qt.questions.inputs import Button
from triage.qt.theme import set_role
from triage.qt.trail import Trail
from triage.rules.assessment import Assessment, InvestigationFinding
from triage.session import Session

NO_TEST = "No test is suggested by what was recorded so far."
_TIMING = {"now": "now", "with_referral": "with the referral", "later": "later"}
_BY = {"pc": "primary care", "sec": "secondary care", "spec": "specialist"}


class DecisionGroup(QWidget):
    """Suggestions, perhaps under a heading; rows are kept and change their text.

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
        heading.setVisible(bool(title))
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
        self._helpful_open = False
        self._found: tuple[InvestigationFinding, ...] = ()
        self._emergency = False
        self.essential = DecisionGroup("Essential: decide before the letter", session, self)
        self.accept_all = Button("Accept all essential", self)
        self.leave_rest = Button("Leave the rest out", self)
        self._at_once = QWidget(self)
        at_once = QHBoxLayout(self._at_once)
        at_once.setContentsMargins(6, 0, 6, 8)
        at_once.setSpacing(3)
        for button in (self.accept_all, self.leave_rest):
            set_role(button, "choice")
            at_once.addWidget(button)
        at_once.addStretch(1)
        self.helpful_head = FoldLine(self)
        self.helpful = DecisionGroup("", session, self)
        self.open = Group("One answer away", self)
        self.not_indicated = DecisionGroup("Not indicated on what is recorded", session, self)
        self.done = Group("Done", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.none)
        groups = (self.helpful, self.open, self.done)
        # What not to do is advice of the same rank as what to do.
        for part in (self.essential, self._at_once, self.not_indicated, self.helpful_head, *groups):
            layout.addWidget(part)
        for group in (self.essential, self.not_indicated, *groups):
            group.question_requested.connect(self.question_requested)
        self.helpful_head.fold_requested.connect(self._on_fold_requested)
        self.accept_all.clicked.connect(self._on_accept_all)
        self.leave_rest.clicked.connect(self._on_leave_rest)
        layout.addStretch(1)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""
        found: dict[str, list[InvestigationFinding]] = {}
        for test in assessment.investigations:
            found.setdefault(test.status, []).append(test)
        self._emergency = assessment.urgency.level == "emergency"
        self._found = (*found.get("recommended", ()), *found.get("consider", ()))
        self.none.setHidden(bool(self._found))
        essential = [test for test in self._found if test.needs_decision]
        self.essential.show_suggestions([self._suggestion(test) for test in essential])
        self._at_once.setHidden(not self._session.undecided())
        for button in (self.accept_all, self.leave_rest):
            button.setEnabled(not self._session.read_only)
        self._show_helpful()
        self.open.set_lines(self._open_lines(found.get("cannot_say", []), assessment.left_open))
        self.not_indicated.show_suggestions(list(self._all_against(found.get("not_indicated", []))))
        self.done.set_lines(
            [
                LineText(test.name, self._trail.note(test.id, ()), Mark.DONE)
                for test in found.get("done", [])
            ]
        )

    def _show_helpful(self) -> None:
        """Show the tests that change nothing now: on demand, but for those that were decided on."""
        tests = [test for test in self._found if not test.needs_decision]
        decided = [test for test in tests if f"{DECISION}{test.id}" in self._session.case]
        shown = tests if self._helpful_open else decided
        self.helpful_head.setHidden(not tests)
        self.helpful_head.set_open(self._helpful_open)
        names = ", ".join(test.short for test in tests)
        self.helpful_head.set_line(
            LineText(
                f"Helpful, not needed now ({len(tests)})",
                "" if self._helpful_open else names,
                Mark.OPEN_GROUP if self._helpful_open else Mark.CLOSED_GROUP,
                strong=True,
            )
        )
        self.helpful.show_suggestions([self._suggestion(test) for test in shown])

    @Slot(bool)
    def _on_fold_requested(self, is_open: bool) -> None:
        self._helpful_open = is_open
        self._show_helpful()

    @Slot()
    def _on_accept_all(self) -> None:
        self._session.accept_essential()

    @Slot()
    def _on_leave_rest(self) -> None:
        self._session.leave_rest_out()

    def _suggestion(self, test: InvestigationFinding) -> Suggestion:
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
                    _sentence(test.note),
                    self._trail.note(test.id, source, f"from: {used}" if used else ""),
                )
                if part
            ),
            keys=self._trail.targets(answers),
            tip=self._trail.tip(source),
            strong=True,
        )
        return Suggestion(
            test.id,
            test.short or test.name,
            line,
            ". ".join(_sentence(c) for c in test.cautions),
            "same day"
            if self._emergency
            else f"{_TIMING[test.timing]} · {_BY.get(test.by, test.by)}",
            self._emergency,
        )

    def _open_lines(self, tests: Sequence[InvestigationFinding], more: int) -> list[LineText]:
        lines = [self._open_line(test) for test in tests]
        return (
            [*lines, LineText(f"and {more} more tests that an answer decides")] if more else lines
        )

    def _open_line(self, test: InvestigationFinding) -> LineText:
        return LineText(
            test.asks,
            self._trail.note(test.id, (), f"decides: {test.name} ({test.tier})"),
            Mark.OPEN,
            self._trail.targets([item.id for item in test.missing], self._session.case),
        )

    def _all_against(self, tests: Sequence[InvestigationFinding]) -> Iterator[Suggestion]:
        """Yield the tests that are not indicated; what was said of an earlier one is not said again."""
        first: dict[tuple[str, str], str] = {}
        for test in tests:
            says = " ".join(_sentence(reason.says) + "." for reason in test.reasons)
            earlier = first.setdefault((says, test.instead), test.name)
            instead = f"\nDo this first: {test.instead}" if test.instead else ""
            yield self._against(
                test, says + instead if earlier == test.name else f"As for {earlier}."
            )

    def _against(self, test: InvestigationFinding, says: str) -> Suggestion:
        source = tuple(dict.fromkeys(s for reason in test.reasons for s in reason.source))
        answers = [name for reason in test.reasons for name in reason.answers]
        rules = dict.fromkeys((test.id, *(reason.rule for reason in test.reasons)))
        trail = self._trail.note(", ".join(rules), source)
        line = LineText(
            test.name,
            f"{says}\n{trail}",
            Mark.NOT,
            self._trail.targets(answers),
            self._trail.tip(source),
            strong=True,
        )
        return Suggestion(
            test.id,
            test.short or test.name,
            line,
            reason_required=True,
            against=True,
            advice=test.by != "pc",
        )


def _sentence(text: str) -> str:
    stripped = text.strip().rstrip(".")
    return stripped[:1].upper() + stripped[1:]
