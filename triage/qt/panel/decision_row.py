"""A suggestion with its three answers: accept, decline (with a reason), later; or to ask for it all the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from triage.content.form import ADVICE_ONLY, ASK, DECISION
from triage.letter.words.said.line import Mark, Said, Suggestion, begun, lines_of
from triage.letter.words.said.trail import Trail
from triage.model.values import Choice as Chosen
from triage.model.values import Decision
from triage.qt.panel.row import Row, RowGroup, WhyBox
from triage.qt.parts.accessible import Deeds, Role
from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import Refusal, TypedLine
from triage.qt.parts.keys import Place, is_enter, is_held, letter
from triage.qt.parts.laying import vertical
from triage.qt.parts.line import PAD_X
from triage.qt.parts.segments import Segment, Tone
from triage.qt.parts.theme import set_role
from triage.qt.parts.usual import Usual
from triage.qt.parts.words import tr
from triage.session import Session

_Key = Qt.Key
Choice = Literal["accept", "decline", "defer"]
_LABELS: tuple[tuple[Choice, str, Tone], ...] = (
    ("accept", tr("Accept"), Tone.YES),
    ("decline", tr("Decline"), Tone.NO),
    ("defer", tr("Later"), Tone.PICK),
)
_STATES: dict[Choice, tuple[Mark, str]] = {
    "accept": (Mark.BOX_ACCEPTED, tr("accepted")),
    "decline": (Mark.BOX_DECLINED, tr("declined")),
    "defer": (Mark.BOX_LATER, tr("later")),
}
ASK_ALL_THE_SAME = tr("Ask for it all the same")
ASK_FOR_ADVICE = tr("Ask for advice instead")
# One key each while the reason is empty.
USUAL = (
    tr("done already"),
    tr("not available here"),
    tr("patient declines"),
    tr("for the specialist"),
)
NEEDED = tr("A reason is needed: this test is essential.")
_NEEDED_AGAINST = tr("A reason is needed: the letter prints it.")
_PLACEHOLDER = tr("Reason, printed in the letter")


class DecisionRow(Row):
    """One suggestion. Shows what the session has recorded on it and writes there."""

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(session, trail, parent)
        self.head.is_brief = True
        self._shown: Suggestion | None = None
        # Whether the reason is being typed, and what was recorded before it was.
        self._reasoning = False
        self._before: Decision | None = None
        self._place: QStackedWidget | None = None
        self.buttons: dict[Choice, Segment] = {}

    @property
    def rule(self) -> str:
        """The id of the suggestion that is shown."""
        return self._shown.rule if self._shown else ""

    @property
    def key(self) -> str:
        """The key of the case that a decision stands under."""
        return f"{DECISION}{self.rule}"

    # -- what it shows --------------------------------------------------------------------------

    def show_suggestion(self, suggestion: Suggestion) -> None:
        """Show a suggestion with what is recorded on it."""
        old = self._shown
        if old is None or (old.rule, old.against) != (suggestion.rule, suggestion.against):
            self.set_open(False)
            self._reasoning = False
        self._shown = suggestion
        self._show()

    @property
    def _recorded(self) -> Decision | None:
        value = self.session.case.get(self.key)
        return value if isinstance(value, Decision) else None

    def _show(self) -> None:
        if self._shown is not None:
            self.set_line(self._said(self._shown, self._recorded))
            self._show_place()

    def _said(self, shown: Suggestion, decision: Decision | None) -> Said:
        """Return the line: name and purpose, and what is decided on it."""
        why = shown.line.why
        if why is not None:
            caution = tr("Beware: {caution}.", caution=shown.caution) if shown.caution else ""
            why = why._replace(says=lines_of(why.says, caution, begun(shown.timing)))
        mark, aside, note = Mark.BOX, tr("open"), shown.purpose or shown.timing
        if shown.against:
            mark, aside = Mark.NOT, tr("not indicated")
        if self._reasoning:
            aside = tr("why all the same?") if shown.against else tr("declining: why?")
        elif decision is not None:
            mark, aside = _STATES[decision.decision]
            said = tr("Asked for all the same") if shown.against else tr("Not asked for")
            if decision.reason and decision.decision == self._reasoned:
                note = f"{said}: {decision.reason}"
            elif shown.against and decision.decision == self._reasoned:
                note = _NEEDED_AGAINST
        return shown.line._replace(note=note, mark=mark, aside=aside, why=why, keys=(), tip=note)

    @property
    def _reasoned(self) -> Choice:
        """The answer that takes a reason: the one that goes against the advice."""
        return "accept" if self._shown is not None and self._shown.against else "decline"

    # -- the place under the line -----------------------------------------------------------------

    def build_place(self, why: WhyBox) -> None:
        """Make the answers with the reason why, and behind them the field for the clinician's own reason."""
        first = QWidget(self)
        answers = Flow(first, gap=0)
        for choice, label, tone in _LABELS:
            key = letter(Place.ASSESSMENT, choice, label)
            button = self.buttons[choice] = Segment(choice, label, tone, key=key)
            button.heard_as = Role.RadioButton
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.chosen.connect(self._on_chosen)
            answers.add(button)
        self.advice = Segment("advice", ASK_FOR_ADVICE)
        self.advice.heard_as = Role.CheckBox
        self.advice.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.advice.chosen.connect(self._on_advice_chosen)
        self.toggle = Segment("why", tr("Why"), key="w")
        self.toggle.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.toggle.chosen.connect(self.toggle_why)
        answers.add(self.advice)
        answers.add(self.toggle)
        self.reason = TypedLine(self)
        self.reason.around = Place.REASON
        self.reason.setPlaceholderText(_PLACEHOLDER)
        self.reason.typed.connect(self._on_reason_typed)
        self.refusal = Refusal(self.reason, self)
        second = QWidget(self)
        self._usual = Usual(self.reason, USUAL, second)
        self._usual.written.connect(self._finish_reason)
        self._printed = QLabel(second)
        self._printed.setWordWrap(True)
        self._printed.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self._printed, "small")
        for page, parts in (
            (first, (answers, why)),
            (second, (self.reason, self.refusal, self._usual, self._printed)),
        ):
            column = vertical(page, self.inset, 2, PAD_X, 6, spacing=5)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
        # As high as the higher of the two: nothing below moves when one gives way to the other.
        self._place = QStackedWidget(self)
        self._place.addWidget(first)
        self._place.addWidget(second)
        self._column.addWidget(self._place)
        self._show_place()

    def show_place(self, is_open: bool) -> None:
        """Show what stands under the line, or hide it."""
        if not is_open:
            self._reasoning = False
        if self._place is not None:
            self._place.setVisible(is_open)
            self._show()

    def _show_place(self) -> None:
        shown, place = self._shown, self._place
        if shown is None or place is None:
            return
        decision, may = self._recorded, not self.session.read_only
        chosen = decision.decision if decision else None
        for choice, button in self.buttons.items():
            said = (
                ASK_ALL_THE_SAME
                if shown.against and choice == "accept"
                else dict(_CAPTIONS)[choice]
            )
            button.set_caption(said)
            button.setAccessibleName(f"{said}: {shown.name}")
            button.show_checked(choice == chosen)
            button.setEnabled(may)
            # What is advised against needs no leaving out; what was decided before is still taken back here.
            button.setHidden(shown.against and choice not in (self._reasoned, chosen))
        asked = self.session.case.get(ASK)
        self.advice.setAccessibleName(f"{ASK_FOR_ADVICE}: {shown.name}")
        self.advice.show_checked(isinstance(asked, Chosen) and asked.option == ADVICE_ONLY)
        self.advice.setEnabled(may)
        known = self.session.form.slot(ASK) is not None
        self.advice.setHidden(not (shown.advice and known))
        self.toggle.setAccessibleName(tr("Why: {name}", name=shown.name))
        what = tr("asking for it all the same") if shown.against else "declining"
        self.reason.setAccessibleName(tr("Reason for {what}: {name}", what=what, name=shown.name))
        self.reason.setReadOnly(not may)
        self._usual.setHidden(shown.against)
        self.reason.usual = () if shown.against else USUAL
        place.setCurrentIndex(int(self._reasoning))
        self._show_reason(shown, decision)

    def _show_reason(self, shown: Suggestion, decision: Decision | None) -> None:
        said = decision.reason if decision and decision.decision == self._reasoned else ""
        # While a needed reason is still blank nothing is recorded, and blanks must not be typed away.
        pending = decision is None and not self.reason.text().strip()
        if not pending and self.reason.text() != said:
            self.reason.show_text(said)
        start = tr("Requested although not indicated") if shown.against else tr("Not asked for")
        self._printed.setText(
            tr(
                "Printed in the letter: “{start}: {name}, {n}.”",
                start=start,
                name=shown.name,
                n=said or "…",
            )
        )

    # -- deciding -------------------------------------------------------------------------------

    def do(self, name: str, char: str) -> bool:
        """Do what the key `char` is for; return False if that is nothing here."""
        choice = next((choice for choice in _STATES if choice == name), None)
        if self._shown is None or not (choice or name == "back"):
            return super().do(name, char)
        if self.session.read_only:
            return True
        if choice is None:
            if self._recorded is not None:
                self.session.decide(self.rule, None)
                self.told.emit(tr("Taken back: the decision on {name}.", name=self._shown.name))
        elif choice == self._reasoned:
            self.ask_reason()
        elif self._shown.against:
            self.advised.emit(
                tr(
                    "{name} is not asked for unless you say so: A asks all the same.",
                    name=self._shown.name,
                )
            )
        else:
            self._decide(choice)
        return True

    def deeds(self) -> Deeds:
        """Return what assistive technology can do to it."""
        found = dict(super().deeds())
        if self._shown is None or self.session.read_only:
            return found
        for choice, words, _ in _LABELS:
            if self._shown.against and choice != self._reasoned:
                continue
            words = ASK_ALL_THE_SAME if self._shown.against else words
            found[choice] = (words, partial(self._on_chosen, choice))
        return found

    def _decide(self, choice: Choice) -> None:
        self.session.decide(self.rule, Decision(decision=choice))
        says = {
            "accept": tr("Accepted"),
            "decline": tr("Declined"),
            "defer": tr("Later, not in this letter"),
        }
        if self._shown is not None:
            self.told.emit(
                tr(
                    "{says}: {name}. Ctrl+Z takes it back.",
                    says=says[choice],
                    name=self._shown.name,
                )
            )
        self.decided.emit()

    def ask_reason(self) -> None:
        """Open the field for the reason; where none is needed the decision stands already."""
        if self._shown is None or self.session.read_only:
            return
        self.set_open(True)
        self._reasoning, self._before = True, self._recorded
        if not self._shown.reason_required and self._before is None:
            self.session.decide(self.rule, Decision(decision=self._reasoned))
        self._show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._shown.reason_required:
            self.advised.emit(_NEEDED_AGAINST if self._shown.against else NEEDED)

    @Slot()
    def _finish_reason(self) -> None:
        decision = self._recorded
        if self._shown is None:
            return
        if decision is None or decision.decision != self._reasoned:
            self.advised.emit(_NEEDED_AGAINST if self._shown.against else NEEDED)
            return
        self._stop_reasoning()
        where = tr("It stands under “Not asked for”.") if decision.reason else tr("It is left out.")
        what = tr("Asked for all the same") if self._shown.against else tr("Declined")
        self.told.emit(
            f"{what}: {self._shown.name}. {'' if self._shown.against else where}".strip()
        )
        self.decided.emit()

    def _leave_reason(self) -> None:
        before = self._before
        self._stop_reasoning()
        if self._recorded != before:
            self.session.decide(self.rule, before)

    def _stop_reasoning(self) -> None:
        self._reasoning = False
        self.head.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Esc of the reason as well."""
        if not self._reasoning or self.head.hasFocus():
            super().keyPressEvent(event)
        elif is_enter(event):
            if not is_held(event):
                self._finish_reason()
        elif event.key() == _Key.Key_Escape:
            self._leave_reason()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _on_chosen(self, choice: Choice) -> None:
        recorded = self._recorded
        if recorded is not None and recorded.decision == choice:
            self.session.decide(self.rule, None)
        elif choice == self._reasoned:
            self.ask_reason()
        else:
            self.session.decide(self.rule, Decision(decision=choice))
        self._show()

    @Slot(str)
    def _on_advice_chosen(self, name: str) -> None:
        asked = self.session.case.get(ASK)
        is_asked = isinstance(asked, Chosen) and asked.option == ADVICE_ONLY
        self.session.set(ASK, None if is_asked else Chosen(option=ADVICE_ONLY))
        self._show()

    @Slot()
    def toggle_why(self) -> None:
        """Tell why, or no longer; the place stays."""
        if not self.is_open:
            self.set_open(True)
        elif self.why is not None:
            self.why.setHidden(not self.why.isHidden())
            self._show()

    @Slot(str)
    def _on_reason_typed(self, text: str) -> None:
        if self._shown is None or not self._reasoning:
            self.reason.show_text("")  # a reason of nothing
            return
        blank = self._shown.reason_required and not text.strip()
        wanted = self._before if blank else Decision(decision=self._reasoned, reason=text)
        self.reason.stay.write(self.session, self.key, wanted)
        self._show()


_CAPTIONS = tuple((choice, label) for choice, label, _ in _LABELS)


class DecisionGroup(RowGroup):
    """Suggestions under a heading.

    Signals
    -------
    told : str
        What a key did.
    advised : str
        A key recorded nothing here, and why.
    decided
        A key recorded a decision.
    """

    told = Signal(str)
    advised = Signal(str)
    decided = Signal()

    def show_suggestions(
        self, title: str, suggestions: Sequence[Suggestion], *, fresh: bool = False
    ) -> None:
        """Show `suggestions`; nothing at all while there are none."""
        self.settle()
        self.heading.setText(title)
        self.setAccessibleName(title)
        before = {(row.line.text, row.line.aside) for row in self.rows}
        while len(self._rows) < len(suggestions):
            row = DecisionRow(self._session, self._trail, self)
            row.question_requested.connect(self.question_requested)
            row.told.connect(self.told)
            row.advised.connect(self.advised)
            row.decided.connect(self.decided)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, suggestion in zip(self.decisions, suggestions, strict=False):
            row.head.set_rank(title.split(",")[0].lower())
            row.show_suggestion(suggestion)
            row.setHidden(False)
            if (row.line.text, row.line.aside) not in before:
                self.mark(row, fresh)
        for row in self.decisions[len(suggestions) :]:
            row.set_open(False)
            row.setHidden(True)
        self.setHidden(not suggestions)

    @property
    def decisions(self) -> list[DecisionRow]:
        """Every row that was made."""
        return [row for row in self._rows if isinstance(row, DecisionRow)]

    @property
    def rows(self) -> tuple[DecisionRow, ...]:
        """The rows that are in use."""
        return tuple(row for row in self.decisions if not row.isHidden())
