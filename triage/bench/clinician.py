"""A practised clinician: answers the questions of a case by keyboard, in the real window, with the fewest keys.

Only keys are pressed; the window is looked at to know which. What is pressed follows the table of keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtWidgets import QApplication

from triage.bench.answers import Answers
from triage.bench.hands import Hands, TroubleError, focused
from triage.bench.navigation import FAR, NOTES, PALETTE, Navigator
from triage.bench.wanted import Wanted, details_of, plain
from triage.content.form import DECISION, NOTE, RECIPIENTS
from triage.content.schema import Question
from triage.model.case import Case
from triage.model.values import Choice, Decision, Finding, Names, is_absent
from triage.qt.ask.block import BlockRow
from triage.qt.ask.paste import PasteDialog
from triage.qt.ask.section import SectionView
from triage.qt.panel.decision_row import DecisionRow
from triage.qt.panel.row import row_of
from triage.qt.shell.actions import CONFIRM
from triage.qt.window import MainWindow
from triage.session.quick import Preview, read_quick

# How often a block is tried, and the form gone through.
_TRIES, _ROUNDS = 3, 3
# Keys in the record system: select, copy, and to this window.
_COPIED = 3
# Recipients that a digit chooses.
_DIGITS = 9


class Clinician:
    """Works in a window on a new case until it is the case that is wanted, and issues its letter.

    Parameters
    ----------
    window
        The window.
    want
        The case as it should be.
    hands
        Press the keys and are counted.
    """

    def __init__(self, window: MainWindow, want: Case, hands: Hands) -> None:
        assert isinstance(window.questions, SectionView)
        self.window, self.hands = window, hands
        self.session, self.form, self.view = window.session, window.session.form, window.questions
        self.wanted = Wanted(self.session, want)
        self._way = Navigator(window, hands)
        self._answers = Answers(self.wanted, hands, self._way.reach)
        # Blocks whose key left something out, and questions that could not be answered.
        self._each: set[str] = set()
        self._stuck: set[str] = set()
        self._tries: Counter[str] = Counter()
        self.questions = 0
        self.troubles: list[str] = []

    def work(self) -> None:
        """Fill in the case, decide on its tests, and issue it."""
        try:
            # What is answered later may bring up an earlier question.
            for _ in range(_ROUNDS):
                for section in self.form.sections:
                    self._work_in(section)
            self._decide()
            self._issue()
        except TroubleError as trouble:
            self.troubles.append(str(trouble))

    def confirm(self) -> int:
        """Confirm section by section what is as it was at the earlier visit; return how many questions these are."""
        sections, confirmed = list(self.form.sections), 0
        for at, section in enumerate(sections):
            if count := self.session.to_confirm_in(section):
                if self.view.page.section != section:
                    self.hands.press(f"Alt+{(at + 1) % 10}")
                self.hands.read(count)
                self.hands.press(CONFIRM)
                confirmed += count
        return confirmed

    def paste_details(self) -> None:
        """Copy the details of the patient in the record system, paste them, read the preview and record it."""
        QApplication.clipboard().setText(details_of(self.wanted.case, self.form))
        self.hands.keys += _COPIED
        self.hands.press("Ctrl+V")
        dialog = self.window.findChild(PasteDialog)
        if dialog is None:
            self.troubles.append("the details were not read")
            return
        self.hands.read(len(dialog.preview.entries))
        while dialog.preview.shown(dialog.list.row) == "asks":
            self.hands.press("1")
        self.hands.press("Ctrl+Return")

    # -- what is still to do --------------------------------------------------------------------

    def _is_open(self, question: Question) -> bool:
        """Whether an answer to a question is still to give, and can be given."""
        return question.id not in self._stuck and self.wanted.is_open(question)

    def _still_open(self, section: str) -> list[Question]:
        return [
            question
            for question in self.form.in_section(section)
            if self._is_open(question) and not question.id.startswith("case.")
        ]

    def _as_block(self, row: BlockRow) -> bool:
        """Whether the block's key is pressed, once what it would not record is answered."""
        asked = [q for q in row.open_ones if q.id not in self._stuck]
        fitting = [q for q in asked if self.wanted.fits(q)]
        others = (q for q in asked if q not in fitting)
        return (
            row.name not in self._each
            and len(fitting) > 1
            and all(map(self.wanted.is_told, others))
        )

    def _next(self, section: str) -> str:
        """Return the question or block of the section in view that comes next; empty if none is left."""
        rows = self.view.page.rows()
        blocks = {row.name: row for row in rows if isinstance(row, BlockRow)}
        for row in rows:
            if isinstance(row, BlockRow):
                open_ones = [q for q in row.members if self._is_open(q)]
                rest = [q for q in open_ones if not (self._as_block(row) and self.wanted.fits(q))]
                if open_ones and (not rest or not row.is_shown_open):
                    return row.name
            elif self._is_open(row.question) and not row.name.startswith("case."):
                line = blocks.get(row.question.block)
                if line is None or not (self._as_block(line) and self.wanted.fits(row.question)):
                    return row.name
        # What is left is out of sight.
        if wanted := self._still_open(section):
            return wanted[0].id
        return NOTES if self._wants_note(section) else ""

    def _wants_note(self, section: str) -> bool:
        note = f"{NOTE}{section}"
        return self.wanted.differs(note) and note not in self._stuck

    def _work_in(self, section: str) -> None:
        if not self._still_open(section) and not self._wants_note(section):
            return
        first = next(iter(self._still_open(section)), None)
        self._way.enter(section, first.id if first is not None else "")
        while name := self._next(section):
            before = self.session.history.n
            try:
                if not self._enter_quickly(name):
                    self._way.reach(name)
                    self._answer(name, section)
            except TroubleError as trouble:
                self.troubles.append(f"{name}: {trouble}")
            self._check(name, section, before)

    def _check(self, name: str, section: str, before: int) -> None:
        """See whether the session holds what was answered; what cannot be is not tried for ever."""
        row = self.view.page.widget_of(name)
        self._tries[name] += 1
        if isinstance(row, BlockRow):
            if self.session.history.n > before and row.open_ones:
                self._each.add(name)
            if self._tries[name] > _TRIES:
                self._stuck |= {q.id for q in row.members}
        elif name == NOTES:
            # Typed once, right or wrong.
            self._stuck.add(f"{NOTE}{section}")
        elif self._is_open(self.form.questions[name]):
            self._stuck.add(name)

    # -- answering ------------------------------------------------------------------------------

    def _enter_quickly(self, name: str) -> bool:
        """Answer a question that is far from here by a line of quick entry, if that takes fewer keys."""
        way = self._way.keys_to(name)
        if name not in self.form.questions or self._way.here == name or way <= PALETTE:
            return False
        # There, and one key for the answer.
        most = min(way, len(self._way.typed_for(name)) + 1) + 1
        text = self._line_for(name, most - 3)
        if not text:
            return False
        self.questions += 1
        self.hands.think()
        self.hands.press("Ctrl+K", *text, "Return")
        return True

    def _line_for(self, name: str, most: int) -> str:
        """Return the shortest line that records just the answer that is wanted; empty if none does."""
        case, slots = self.wanted.case, self.form.slots_of(name)
        want = {slot.key: case[slot.key] for slot in slots if slot.key in case}
        value = next(iter(want.values()), None)
        question = self.form.questions[name]
        if len(want) != 1 or not isinstance(value, Finding | Choice):
            return ""
        names = [question.label, question.short, *question.say]
        if isinstance(value, Choice):
            names = [option.label for option in question.options if option.id == value.option]
        wanted = {key: plain(own) for key, own in want.items()}
        no = "no " * is_absent(value)
        texts = {f"{no}{own[:n].strip().lower()}" for own in names for n in range(2, most + 1)}
        for text in sorted(texts, key=len):
            preview = read_quick(self.session, text) if len(text) <= most else Preview()
            says = {key: plain(own) for key, own in preview.changes.items()}
            if preview.is_ready and not preview.by_key and says == wanted:
                return text
        return ""

    def _answer(self, name: str, section: str) -> None:
        if name == NOTES:
            self.questions += 1
            self._answers.text(self.wanted.case.get(f"{NOTE}{section}"))
            return
        row = self.view.page.widget_of(name)
        if isinstance(row, BlockRow):
            self._answer_block(row)
            return
        assert row is not None
        self.questions += 1
        self._answers.answer(row)

    def _answer_block(self, row: BlockRow) -> None:
        asked = [q for q in row.open_ones if q.id not in self._stuck]
        if self._as_block(row) and all(map(self.wanted.fits, asked)):
            self.questions += 1
            self.hands.read(len(asked))
            self.hands.press("0")
        else:
            self.hands.press("O")

    # -- the tests, the letter ------------------------------------------------------------------

    def _decide(self) -> None:
        """Decide on the tests: all that is essential at once where that is wanted, else one by one."""
        decided = {
            key.removeprefix(DECISION): value
            for key, value in self.wanted.case.items()
            if key.startswith(DECISION) and isinstance(value, Decision)
        }
        for page in ("Ctrl+2", "Ctrl+4"):
            if not any(self.wanted.differs(f"{DECISION}{rule}") for rule in decided):
                return
            self.hands.press(page)
            essential = self.session.undecided()
            if len(essential) > 1 and all(
                (own := decided.get(rule)) is not None
                and own.decision == "accept"
                and not own.reason
                for rule in essential
            ):
                self.hands.minds += len(essential)
                self.hands.press("Shift+A")
            self._decide_one_by_one(decided)

    def _decide_one_by_one(self, decided: Mapping[str, Decision]) -> None:
        passed: set[str] = set()
        for _ in range(FAR):
            if not any(self.wanted.differs(f"{DECISION}{rule}") for rule in decided):
                return
            here = focused()
            row = row_of(here)
            rule = row.rule if isinstance(row, DecisionRow) else ""
            if rule in decided and self.wanted.differs(f"{DECISION}{rule}") and rule not in passed:
                passed.add(rule)
                self._decide_on(decided[rule])
            else:
                self.hands.press("Down")
                if focused() is here:
                    return

    def _decide_on(self, decision: Decision) -> None:
        self.hands.think()
        self.hands.press({"accept": "A", "decline": "D", "defer": "L"}[decision.decision])
        if decision.reason:
            self.hands.type(decision.reason)
            self.hands.press("Return")

    def _issue(self) -> None:
        self.hands.press("Ctrl+L")
        wanted, page = self.wanted.case.get(RECIPIENTS), self.window.letter
        to = wanted.names[0] if isinstance(wanted, Names) else self.window.letters.recipient
        if to != self.window.letters.recipient:
            if to not in page.to.names:
                self.hands.press_until("Tab", page.to.more.hasFocus, 12)
                self.hands.press("Space")
            if (number := page.to.names.index(to) + 1) <= _DIGITS:
                self.hands.press(str(number))
            else:
                self.hands.press_until("Shift+Tab", page.to.list.stop.hasFocus, 12)
                self.hands.press_until(
                    "Down", page.to.list.buttons[to].hasFocus, len(page.to.names)
                )
                self.hands.press("Space")
        self.hands.press("Ctrl+Return")
        if page.confirmation is None:
            lacks = "; ".join(line.line.text for line in page.problems.lines.widgets)
            self.troubles.append(f"not issued: {lacks or 'no dialog came'}")
            return
        self.hands.press("I")
        if self.window.letters.issued is None:
            self.troubles.append("not issued")
