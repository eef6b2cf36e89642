"""The differential in groups of support, each condition with what speaks for it, against it, or is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triage.qt.line import FoldLine, LineText
from triage.qt.lines import Lines
from triage.qt.marks import Mark
from triage.qt.theme import set_role
from triage.qt.trail import Trail
from triage.rules.assessment import Assessment, ConditionFinding, Reason, Support
from triage.session import Session

RANK_NOTE = "Rank is a count of recorded features, not a probability."
NOTHING = "Nothing recorded so far speaks for a condition."
_GROUPS: tuple[tuple[Support, str], ...] = (
    ("well_supported", "Well supported"),
    ("possible", "Possible"),
    ("little", "Little support"),
    ("cannot_say", "Cannot say yet"),
    ("against", "Against"),
)
# Shown only when asked for: they are many and say little.
_CLOSED: tuple[Support, ...] = ("against",)
_MOST_MISSING = 6


class ConditionRow(QWidget):
    """One condition: a line that opens to its features.

    Signals
    -------
    question_requested : str
        A feature was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._condition: ConditionFinding | None = None
        self._opened: set[str] = set()
        self.head = FoldLine(self)
        self.features = Lines(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.features)
        self.head.fold_requested.connect(self._on_fold_requested)
        self.features.question_requested.connect(self.question_requested)

    def show_condition(self, condition: ConditionFinding) -> None:
        """Show a condition."""
        self._condition = condition
        is_open = condition.id in self._opened
        parts = (
            ("for", condition.for_),
            ("against", condition.against),
            ("not known", condition.missing),
        )
        counted = " · ".join(f"{len(found)} {word}" for word, found in parts if found)
        watch = "must not be missed · " if condition.must_not_miss else ""
        self.head.set_open(is_open)
        self.head.set_line(
            LineText(
                condition.name,
                f"{watch}{counted}",
                Mark.OPEN_GROUP if is_open else Mark.CLOSED_GROUP,
                tip=self._trail.tip(condition.source),
                strong=condition.must_not_miss,
            )
        )
        self.features.setHidden(not is_open)
        self.features.set_lines(list(self._features(condition)) if is_open else ())

    def _features(self, condition: ConditionFinding) -> Iterator[LineText]:
        for mark, reasons in ((Mark.PLUS, condition.for_), (Mark.MINUS, condition.against)):
            for reason in reasons:
                yield self._feature(mark, reason)
        for item in condition.missing[:_MOST_MISSING]:
            keys = self._trail.targets([item.id], self._session.case)
            yield LineText(f"not known: {item.label}", "", Mark.OPEN, keys, indent=1)
        if len(condition.missing) > _MOST_MISSING:
            more = len(condition.missing) - _MOST_MISSING
            yield LineText(f"and {more} more that are not known", indent=1)
        yield LineText("", self._trail.note(condition.id, condition.source), indent=1)

    def _feature(self, mark: Mark, reason: Reason) -> LineText:
        keys = self._trail.targets(reason.answers)
        return LineText(reason.says, "", mark, keys, self._trail.labels(reason.answers), indent=1)

    @Slot(bool)
    def _on_fold_requested(self, is_open: bool) -> None:
        if self._condition is None:
            return
        change = self._opened.add if is_open else self._opened.discard
        change(self._condition.id)
        self.show_condition(self._condition)


class SupportGroup(QWidget):
    """The conditions of one degree of support.

    Signals
    -------
    question_requested : str
        A feature was clicked.
    """

    question_requested = Signal(str)

    def __init__(
        self, title: str, session: Session, trail: Trail, *, is_open: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._session = session
        self._trail = trail
        self._open = is_open
        self._conditions: Sequence[ConditionFinding] = ()
        self._rows: list[ConditionRow] = []
        self.head = FoldLine(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 6)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.head)
        self.head.fold_requested.connect(self._on_fold_requested)

    def show_conditions(self, conditions: Sequence[ConditionFinding]) -> None:
        """Show `conditions`; nothing at all while there are none."""
        self._conditions = conditions
        self.setHidden(not conditions)
        self.head.set_open(self._open)
        count = "1 condition" if len(conditions) == 1 else f"{len(conditions)} conditions"
        mark = Mark.OPEN_GROUP if self._open else Mark.CLOSED_GROUP
        self.head.set_line(LineText(self._title, "" if self._open else count, mark, strong=True))
        shown = conditions if self._open else ()
        while len(self._rows) < len(shown):
            row = ConditionRow(self._session, self._trail, self)
            row.question_requested.connect(self.question_requested)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, condition in zip(self._rows, shown, strict=False):
            row.show_condition(condition)
            row.setHidden(False)
        for row in self._rows[len(shown) :]:
            row.setHidden(True)

    @property
    def rows(self) -> tuple[ConditionRow, ...]:
        """The rows that are in use."""
        return tuple(row for row in self._rows if not row.isHidden())

    @Slot(bool)
    def _on_fold_requested(self, is_open: bool) -> None:
        self._open = is_open
        self.show_conditions(self._conditions)


class DifferentialView(QWidget):
    """Shows the conditions of an assessment.

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
        self.note = QLabel(RANK_NOTE, self)
        self.note.setWordWrap(True)
        self.note.setContentsMargins(6, 2, 6, 4)
        set_role(self.note, "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.note)
        self.groups: dict[Support, SupportGroup] = {}
        for support, title in _GROUPS:
            group = SupportGroup(title, session, trail, is_open=support not in _CLOSED, parent=self)
            group.question_requested.connect(self.question_requested)
            layout.addWidget(group)
            self.groups[support] = group
        layout.addStretch(1)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""
        found: dict[str, list[ConditionFinding]] = {}
        for condition in assessment.conditions:
            found.setdefault(condition.support, []).append(condition)
        for support, group in self.groups.items():
            group.show_conditions(found.get(support, ()))
        note = RANK_NOTE if assessment.conditions else NOTHING
        if self.note.text() != note:
            self.note.setText(note)
