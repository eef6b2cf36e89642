"""What is looked at before the letter: what stops it, what is doubtful, open, to be decided, and what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from triage.content.form import DECISION
from triage.content.schema import Recipient
from triage.letter.words.said import tests, urgency
from triage.letter.words.said.line import Mark, Said, Suggestion, begun, counted, few
from triage.letter.words.said.trail import Trail
from triage.model.values import LEVELS, Choice, Finding
from triage.session.letters import LetterDesk
from triage.session.own import given
from triage.session.progress import Path
from triage.session.session import Session

if TYPE_CHECKING:
    from triage.letter.check import Obstacle

# How many are named: recipients, open questions and findings of a section, items of one, what is missed, and what
# could raise the level.
_RECIPIENTS, _OPEN, _FINDINGS, _ITEMS, _LACKS, _RAISE = 3, 4, 12, 4, 4, 8
# In front of what a line leads to, where that is no question.
SETTING, LETTER, TEST = "settings:", "letter:", "test:"


class Chapter(NamedTuple):
    """A part of the review.

    Parameters
    ----------
    title, note
        What it is, and how much of it there is.
    mark
        Its sign.
    lines
        What it says, each line with where it leads to: a question, or one of `SETTING`, `LETTER`, `TEST`.
    decisions
        The tests that are decided on here.
    """

    title: str
    note: str
    lines: tuple[Said, ...]
    mark: Mark = Mark.NONE
    decisions: tuple[Suggestion, ...] = ()


class Review(NamedTuple):
    """The review of a case: its head, and its chapters in the order in which they are to be looked at."""

    head: str
    stops: Chapter
    look_again: Chapter
    could_raise: Chapter
    to_decide: Chapter
    returned: Chapter
    left_open: Chapter
    recorded: Chapter

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters, in order."""
        return self[1:]


class Reviewer:
    """Makes the review of one case.

    Parameters
    ----------
    session
        The case.
    desk
        Knows what stands against its letter.
    """

    def __init__(self, session: Session, desk: LetterDesk) -> None:
        self._session = session
        self._desk = desk
        self._form = session.form
        self._path = Path(session)
        self._trail = Trail(session.content, codes=False)

    def review(self) -> Review:
        """Return the review of the case as it stands."""
        stops, recorded, left_open = self._stops(), self._recorded(), self._left_open()
        answers = counted(sum(len(keys) for keys in self._answers().values()), "answer")
        open_ = len(self._path.open_steps())
        # The note counts them: where there is none, the one line says so.
        count = int(stops.note or 0)
        stopped = f"{count or 'nothing'} stop{'s' * (count < 2)} the letter"
        return Review(
            f"{answers} recorded · {open_} open · {stopped}",
            stops,
            self._look_again(),
            self._could_raise(),
            self._to_decide(),
            self._returned(),
            left_open,
            recorded,
        )

    # -- what stops, and what is doubtful -----------------------------------------------------------

    def _stops(self) -> Chapter:
        lines = tuple(map(self._stop, self._desk.problems()))
        mark = Mark.UNEQUAL if lines else Mark.DONE
        none = (Said("Nothing stops it."),)
        return Chapter("Stops the letter", str(len(lines)) if lines else "", lines or none, mark)

    def _stop(self, obstacle: Obstacle) -> Said:
        key = obstacle.question
        if obstacle.setting:
            key = SETTING + obstacle.setting
        elif obstacle.block or obstacle.recipient or obstacle.address:
            key = LETTER
        elif obstacle.tests:
            key = TEST
        return Said(obstacle.says, self._where(key), keys=(key,) if key else ())

    def _where(self, key: str) -> str:
        """Return where a line leads to."""
        if key.startswith(SETTING):
            return "settings"
        question = self._form.question_of(key)
        return self._form.sections[question.section].title if question else ""

    def _look_again(self) -> Chapter:
        found = self._session.recorded
        lines = [Said(check.says, "kept as typed", keys=check.answers) for check in found.to_check]
        lines += [
            Said(
                c.says, "used by nothing" if c.leftover else "settled with a reason", keys=c.answers
            )
            for c in found.contradictions
            if not c.stops_issue
        ]
        return Chapter("Look again", _count(len(lines), "line"), tuple(lines), Mark.FLAG)

    def _could_raise(self) -> Chapter:
        """Return the open answers that could make it more urgent than it is, and those of the safety set."""
        assessment, case = self._session.assessment, self._session.case
        found = assessment.urgency
        rank = LEVELS.index(found.level) if found.level is not None else len(LEVELS)
        lines = {
            change.question: said._replace(note="", aside=said.note)
            for change, said in urgency.ranked(self._trail, assessment, case)
            if max(LEVELS.index(effect.level) for effect in change.effects) > rank
        }
        for item in found.missing:
            keys = self._trail.wanted([item], case)
            said = Said(begun(item.label), "", Mark.OPEN, keys, aside="safety set")
            lines.setdefault(item.id, said)
        safety = f"{len(found.missing)} of the safety set" if found.missing else ""
        note = ", ".join(filter(None, (_count(len(lines), "open answer"), safety)))
        return Chapter("Could raise the level", note, tuple(lines.values())[:_RAISE], Mark.OPEN)

    # -- what is to be decided ----------------------------------------------------------------------

    def _to_decide(self) -> Chapter:
        assessment, case = self._session.assessment, self._session.case
        essential = tests.essential(self._trail, assessment)
        left = sum(f"{DECISION}{test.rule}" not in case for test in essential)
        helpful = len(tests.helpful(self._trail, assessment))
        rest = f"{counted(helpful, 'helpful test')} stay{'s' * (helpful == 1)} on the screen."
        lines = (Said(rest),) if helpful else ()
        count = counted(len(essential), "essential test")
        note = f"{left} of {count} not decided" if left else f"{count} decided"
        note = note if essential else ""
        return Chapter("To decide", note, lines, decisions=tuple(essential))

    # -- would it be returned -----------------------------------------------------------------------

    def _returned(self) -> Chapter:
        lines = tuple(self._lacks(record) for record in self._recipients())
        return Chapter("Would it be returned?", "what each asks for", lines)

    def _recipients(self) -> list[Recipient]:
        """Return to whom the letter goes, and whom the findings ask for besides."""
        known = self._desk.recipients
        asked = [service.id for service in self._session.assessment.services if not service.primary]
        serving = (r.id for name in asked for r in known.values() if name in r.serves)
        names = dict.fromkeys((self._desk.recipient, *serving))
        return [known[name] for name in names if name in known][:_RECIPIENTS]

    def _lacks(self, record: Recipient) -> Said:
        session = self._session
        assessor, read = session.assessor, session.facts_read
        found = assessor.preflight.lacks(record.id, session.case, session.assessment, read)
        returns = [lack for lack in found if lack.returns and lack.kind != "addressee"]
        items = [item for lack in returns for item in lack.items]
        if not items:
            return Said(f"{record.name}: has what it asks for")
        keys = tuple(key for lack in returns for key in lack.answers)
        return Said(f"{record.name}: lacks {few(items, _LACKS)}", keys=keys)

    # -- what is open, and what was recorded ----------------------------------------------------------

    def _left_open(self) -> Chapter:
        lines = []
        for section, record in self._form.sections.items():
            if found := list(self._path.open_in(section)):
                names = few((step.title for step in found), _OPEN)
                keys = tuple(step.name for step in found)
                lines.append(Said(f"{record.title}: {names}", keys=keys))
        note = _count(len(self._path.open_steps()), "question", " of the core path")
        return Chapter("Left open", note, tuple(lines))

    def _answers(self) -> dict[str, list[str]]:
        """Return the keys of the answers by section, in the order of the form; what the settings fill in is none."""
        slots = self._form.slots
        case = given(self._session.case, self._desk.settings, self._form)
        found: dict[str, list[str]] = {section: [] for section in self._form.sections}
        for key, slot in slots.items():
            if key in case:
                found[slot.question.section].append(key)
        return found

    def _recorded(self) -> Chapter:
        answers, case = self._answers(), self._session.case
        lines = [self._said(name, keys) for name, keys in answers.items() if keys]
        keys = [key for found in answers.values() for key in found]
        blocks = sum(isinstance(v := case[k], Finding | Choice) and v.block for k in keys)
        note = f"{counted(len(keys), 'answer')}{f', {blocks} as blocks' if blocks else ''}"
        return Chapter("Recorded", note if keys else "", tuple(lines), Mark.DONE)

    def _said(self, section: str, keys: list[str]) -> Said:
        """Return one line of what a section holds: what is there by name, what is not by number."""
        from triage.letter.words.recorded import says_no

        case = self._session.case
        absent = [key for key in keys if says_no(case[key])]
        found = [key for key in keys if key not in absent]
        blocks = sum(isinstance(v := case[k], Finding | Choice) and v.block for k in absent)
        no = f"No: {len(absent)}" if absent else ""
        no += f", {blocks} of them as blocks" if blocks else ""
        named = few(self._told(found), _FINDINGS)
        title = self._form.sections[section].title
        return Said(f"{title}: {begun(named)}" if named else title, no, keys=(keys[0],))

    def _told(self, keys: list[str]) -> Iterator[str]:
        """Yield the answers in a short phrase each; of one list or grid in one, its name said once."""
        from triage.letter.words.described import describe

        slots = self._form.slots
        for question, group in groupby(keys, lambda key: slots[key].question):
            said = [describe(self._session.case, self._form, key) for key in group]
            name = question.phrase
            items = [text.removeprefix(name).lstrip(": ") for text in said]
            yield said[0] if len(said) == 1 else f"{name}: {few(items, _ITEMS)}"


def _count(number: int, one: str, rest: str = "") -> str:
    return f"{counted(number, one)}{rest}" if number else ""
