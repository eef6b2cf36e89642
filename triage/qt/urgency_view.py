"""The first page of the panel: exits, reasons, what could not be excluded, what would change the advice."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from triage.model.values import LEVELS
from triage.qt.contradictions import ContradictionGroup
from triage.qt.line import FoldLine, LineText
from triage.qt.lines import Group, Lines
from triage.qt.marks import Mark, mark_of, maybe_mark_of
from triage.qt.trail import Trail
from triage.rules.assessment import Assessment, Change, Fired, NotExcluded, ServiceFinding
from triage.session import Session

_MOST = 6


class UrgencyView(QWidget):
    """Shows why the urgency is what it is, every line a way to its question.

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
        self._exits_chosen: bool | None = None
        self._rest_open = False
        self.exits_head = FoldLine(self)
        self.exits = Lines(self)
        self.reasons = Group("Why", self)
        self.who = Group("Who", self)
        self.alarms = Group("Red flags recorded", self)
        self.not_excluded = Group("Could not be excluded", self)
        self.rest_head = FoldLine(self)
        self.rest = Lines(self)
        self.changes = Group("What would change the advice", self)
        self.contradictions = ContradictionGroup(session, trail, self)
        self.checks = Group("To check, kept as typed", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        for widget in (
            self.exits_head,
            self.exits,
            self.alarms,
            self.reasons,
            self.who,
            self.contradictions,
            self.checks,
            self.not_excluded,
            self.rest_head,
            self.rest,
            self.changes,
        ):
            layout.addWidget(widget)
        layout.addStretch(1)
        for group in (
            self.alarms,
            self.checks,
            self.reasons,
            self.who,
            self.not_excluded,
            self.changes,
        ):
            group.question_requested.connect(self.question_requested)
        self.contradictions.question_requested.connect(self.question_requested)
        self.rest.question_requested.connect(self.question_requested)
        self.rest_head.fold_requested.connect(self._on_rest_fold_requested)
        self.exits_head.fold_requested.connect(self._on_exits_fold_requested)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""
        self._show_exits(assessment)
        title = f"Why {assessment.urgency.level}"
        self.reasons.set_lines([self._reason(r) for r in assessment.urgency.reasons], title)
        self.who.set_lines([self._service(service) for service in assessment.services])
        self.alarms.set_lines(
            [LineText(i.label, "", Mark.FLAG, (i.id,)) for i in assessment.recorded_red_flags]
        )
        self._show_not_excluded(assessment.not_excluded)
        self.changes.set_lines(list(self._changes(assessment.what_would_change)))
        self.contradictions.show_contradictions(assessment.contradictions)
        self.checks.set_lines(
            [LineText(c.says, "", Mark.FLAG, c.answers) for c in assessment.to_check]
        )

    def _show_exits(self, assessment: Assessment) -> None:
        quiet = not assessment.urgency.reasons and not any(
            n.answers for n in assessment.not_excluded
        )
        is_open = quiet if self._exits_chosen is None else self._exits_chosen
        self.exits_head.setHidden(not assessment.exits)
        self.exits_head.set_open(is_open)
        self.exits_head.set_line(
            LineText(
                "Phone now, without this form, if there is:",
                "" if is_open else f"{len(assessment.exits)} situations that need a call first",
                Mark.OPEN_GROUP if is_open else Mark.CLOSED_GROUP,
                strong=True,
            )
        )
        self.exits.set_lines([LineText(e.says, "", Mark.MAYBE_EMERGENCY) for e in assessment.exits])
        self.exits.setHidden(not is_open)

    def _show_not_excluded(self, found: tuple[NotExcluded, ...]) -> None:
        """Show first what an answer speaks for; the rest, which only waits for answers, on demand."""
        hinted = [n for n in found if n.answers][:_MOST]
        rest = [n for n in found if n not in hinted]
        self.not_excluded.set_lines([self._not_excluded(n) for n in hinted])
        count = len(rest)
        more = "more " if hinted else ""
        text = (
            f"{count} {more}could not be excluded yet"
            if count > 1
            else f"1 {more}could not be excluded yet"
        )
        self.rest_head.setHidden(not rest)
        self.rest_head.set_open(self._rest_open)
        self.rest_head.set_line(
            LineText(
                text,
                "same-day or urgent rules that wait for answers",
                Mark.OPEN_GROUP if self._rest_open else Mark.CLOSED_GROUP,
                strong=not hinted,
            )
        )
        self.rest.set_lines([self._not_excluded(n) for n in rest] if self._rest_open else ())
        self.rest.setHidden(not (rest and self._rest_open))

    def _reason(self, reason: Fired) -> LineText:
        return LineText(
            reason.says,
            self._trail.reason_note(reason),
            mark_of(reason.level),
            self._trail.targets(reason.answers),
            self._trail.tip(reason.source),
            strong=reason.level == "emergency",
        )

    def _service(self, found: ServiceFinding) -> LineText:
        first = found.reasons[0]
        more = len(found.reasons) - 1
        answers = [name for reason in found.reasons for name in reason.answers]
        source = tuple(dict.fromkeys(name for reason in found.reasons for name in reason.source))
        # What to do stands above, with the rule itself.
        says = first.says.partition(":")[0].rstrip(".")
        says = f"{says}, and {more} more" if more else says
        return LineText(
            found.name,
            self._trail.note(first.rule, first.source, says),
            Mark.NONE,
            self._trail.targets(answers),
            self._trail.tip(source),
        )

    def _not_excluded(self, found: NotExcluded) -> LineText:
        missing = self._trail.missing(found.missing)
        case = self._session.case
        return LineText(
            found.says,
            self._trail.note(found.rule, found.source, f"missing: {missing}" if missing else ""),
            maybe_mark_of(found.level),
            self._trail.targets([item.id for item in found.missing], case)
            or self._trail.targets(found.answers),
            self._trail.tip(found.source),
        )

    def _changes(self, changes: tuple[Change, ...]) -> Iterator[LineText]:
        ranked = sorted(changes, key=lambda change: -max(map(_rank, change.effects), default=0))
        for change in ranked[:_MOST]:
            levels = {effect.partition(":")[0] for effect in change.effects}
            rules = ", ".join(effect.partition(": ")[2] for effect in change.effects[:5])
            highest = next((level for level in reversed(LEVELS) if level in levels), "")
            yield LineText(
                change.label[:1].upper() + change.label[1:],
                f"could make it {highest} ({rules})" if highest else rules,
                Mark.OPEN,
                self._trail.targets([change.question], self._session.case),
            )

    @Slot(bool)
    def _on_exits_fold_requested(self, is_open: bool) -> None:
        self._exits_chosen = is_open
        self._show_exits(self._session.assessment)

    @Slot(bool)
    def _on_rest_fold_requested(self, is_open: bool) -> None:
        self._rest_open = is_open
        self._show_not_excluded(self._session.assessment.not_excluded)


def _rank(effect: str) -> int:
    level = effect.partition(":")[0]
    return LEVELS.index(level) + 1 if level in LEVELS else 0
