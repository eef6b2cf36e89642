"""What is checked before a letter is issued: what stands against it, what is to be looked at, what would be missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from textwrap import shorten
from typing import Literal

from pydantic import BaseModel

from triage.content.form import LETTER, NOTE, URGENCY
from triage.errors import SettingsError
from triage.letter.check import Obstacle, problems_before_issue
from triage.letter.preflight import Lack, lack_words
from triage.letter.rewriting import KINDS, words_of
from triage.letter.statements import Letter
from triage.letter.words.phrase import listed, sentence
from triage.letter.words.recorded import says_no
from triage.letter.words.said.line import counted
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Rewritten, Text
from triage.pdf.fonts import register_fonts
from triage.pdf.text import lacking, lacking_in, named
from triage.rules.against import asked_without_reason
from triage.rules.call import call_ahead
from triage.session.composing import Composer
from triage.session.own import logo_of
from triage.session.session import Session

# How much is shown of words that are printed nowhere.
_SHOWN = 80
# What a reader takes in of one typed text, in characters: some 250 words.
_LONG_TEXT = 1_500


@dataclass(frozen=True)
class Checks:
    """What is checked of one letter.

    Parameters
    ----------
    letter, case
        The letter, and of what it was composed.
    composer
        Who composed it.
    clock
        Returns the present time with its zone.
    """

    letter: Letter
    case: Case
    composer: Composer
    clock: Callable[[], datetime]

    @property
    def _session(self) -> Session:
        return self.composer.session

    # -- what the recipient would miss ----------------------------------------------------------

    @cached_property
    def lacks(self) -> tuple[Lack, ...]:
        """What the recipient would miss in the letter, or return it for; the gravest first.

        A paper that holds only a part of the case, such as the patient's own copy, is returned by nobody.
        """
        if not self.letter.complete:
            return ()
        composer, session, case = self.composer, self._session, self.case
        assessor, assessment, read = session.assessor, session.assessment, session.facts_read
        if case is not session.case:
            read = assessor.read(case, self.letter.day)
            assessment = assessor.assess(case, self.letter.day, read)
        name = session.content.recipients[composer.recipient].name
        words = composer.templates.letters[composer.template].words
        lacks = assessor.preflight.lacks(composer.recipient, case, assessment, read)
        return tuple(Lack(lack_words(found, name, words), found) for found in lacks)

    # -- what stands against issuing ------------------------------------------------------------

    @cached_property
    def problems(self) -> tuple[Obstacle, ...]:
        """What stands against issuing."""
        content, settings = self._session.content, self.composer.settings
        return (
            *self._contradictions(),
            *self._addressee(),
            *problems_before_issue(self.letter, self.case, content, settings),
            *self._call_ahead("day"),
            *self._undecided(),
            *self._without_reason(),
            *self._unprintable(),
            *self._letterhead(),
        )

    def _contradictions(self) -> Iterator[Obstacle]:
        """Yield the answers that cannot all hold."""
        for found in self._session.assessor.recorded(self.case, self.letter.day).contradictions:
            if found.stops_issue:
                says = f"{found.says} Change one of the answers, or say which holds and why."
                remedy = _decide(found.id, reason=True)
                lacks = "which of two answers holds"
                yield Obstacle(says, found.answers[0], remedy=remedy, lacks=lacks)

    def _addressee(self) -> Iterator[Obstacle]:
        """Yield that the findings ask for others, and no reason is given for this recipient."""
        recipient = self.composer.recipient
        for lack in self.lacks:
            if lack.found.kind == "addressee":
                yield Obstacle(
                    lack.says,
                    remedy=_decide(recipient, reason=True),
                    recipient=recipient,
                    lacks="the recipient that the findings ask for, or a reason",
                )

    def _call_ahead(self, what: Literal["day", "time"]) -> Iterator[Obstacle]:
        """Yield that the call is recorded for a day, or for a time of this day, that is still to come."""
        call, now = self._session.content.urgency.call, self.clock().astimezone()
        is_emergency = "emergency" in (self.letter.level, self.letter.kind)
        if is_emergency and call_ahead(call, self.case, now) == what:
            says = f"The call is recorded for a {what} that is still to come: say when it was made."
            lacks = "when the call was made" if what == "day" else ""
            yield Obstacle(says, call.when, lacks=lacks)

    def _undecided(self) -> Iterator[Obstacle]:
        """Yield that essential tests which the letter would ask for wait for a decision."""
        undecided = self._session.undecided()
        tests = [
            test
            for test in self._session.assessment.investigations
            if test.id in undecided and test.kind in self._asks_for
        ]
        if tests:
            names = tuple(test.short for test in tests)
            says = f"Essential and not decided: {', '.join(names)}."
            says += " Accept each, decline it with a reason, or leave it out."
            many = "s" if len(names) > 1 else ""
            lacks = f"{len(names)} suggestion{many} to decide"
            yield Obstacle(says, remedy=_decide(tests[0].id), tests=names, lacks=lacks)

    def _without_reason(self) -> Iterator[Obstacle]:
        """Yield that a test is asked for against the advice, and no reason is given."""
        for test in asked_without_reason(self._session.assessment, self._session.case):
            if test.kind in self._asks_for:
                says = (
                    f"Requested although not indicated on what is recorded: {test.short}. Give the reason, which "
                    "the letter prints, or leave it out."
                )
                yield Obstacle(says, remedy=_decide(test.id, reason=True))

    @property
    def _asks_for(self) -> Set[str]:
        """The kinds of tests that the letter asks for."""
        if not self.letter.complete:
            return frozenset()
        return self.composer.templates.letters[self.letter.template].asks_for

    def _unprintable(self) -> Iterator[Obstacle]:
        """Yield the fields with characters that the letter's font lacks."""
        glyphs = register_fonts()
        lacks = lacking_in(self.letter, glyphs)
        says = "{}: the letter's font lacks {}: retype it."
        back = self.composer.answered
        told: set[str] = set()
        if back is not None and (found := lacking(back.says, glyphs)):
            yield Obstacle(
                f"The reason of the return: the letter's font lacks {named(found)}: record the return again."
            )
            told.update(found)
        for key, value in self.case.items() if lacks else ():
            if found := [char for char in lacking(_texts(value), glyphs) if char in lacks]:
                block = key.removeprefix(LETTER) if key.startswith(LETTER) else ""
                question = "" if block else key
                yield Obstacle(says.format(self._field(key), named(found)), question, block=block)
                told.update(found)
        if rest := [char for char in lacks if char not in told]:
            yield Obstacle(says.format("The letter", named(rest)))

    def _letterhead(self) -> Iterator[Obstacle]:
        """Yield that the picture of the letterhead is not there, or cannot be printed."""
        try:
            logo_of(self.composer.settings)
        except SettingsError as error:
            says = f"The picture of the letterhead cannot be printed: {error.problems[0].says}."
            remedy = "Take it out with: triage settings set letterhead --remove"
            yield Obstacle(says, remedy=remedy, lacks="the picture of the letterhead")

    # -- what is to be looked at ----------------------------------------------------------------

    def remarks(self) -> tuple[Obstacle, ...]:
        """Return what is to be looked at before issuing."""
        return (
            *self._answers_return(),
            *(Obstacle(c.says, c.answers[0]) for c in self._session.recorded.to_check),
            *self._call_ahead("time"),
            *self._sensitive(),
            *self._long(),
            *self._nowhere(),
            *self._unconfirmed(),
        )

    def _answers_return(self) -> Iterator[Obstacle]:
        """Yield why the recipient returned the letter that the next issue replaces."""
        composer, back = self.composer, self.composer.answered
        if back is not None and not composer.issued:
            day = PartialDate.of(back.at.date()).words()
            yield Obstacle(
                f"Version {back.version} was returned on {day}: {sentence(back.says)} The new version says that it "
                "answers this: does it?"
            )

    def _sensitive(self) -> Iterator[Obstacle]:
        """Yield the sensitive answers that this recipient is told, for the sender to see before anybody else does."""
        recipient = self._session.content.recipients.get(self.composer.recipient)
        record = self.letter.record
        told = {key for row in record.covers() for key in row} if record else set()
        for key in sorted(told):
            slot, value = self._session.form.slot(key), self.case.get(key)
            if recipient is None or slot is None or value is None or says_no(value):
                continue
            ids = {slot.question.id, f"{slot.question.id}.{slot.option.id if slot.option else ''}"}
            if ids & set(recipient.sensitive):
                says = f"Sensitive, and told to {recipient.name}: {self._field(key)}."
                yield Obstacle(says, key)

    def _long(self) -> Iterator[Obstacle]:
        """Yield the typed texts that are longer than a reader takes in."""
        for key, value in self.case.items():
            if not isinstance(value, Text | Rewritten):
                continue
            if (length := len(value.text.strip())) > _LONG_TEXT:
                says = (
                    f"What is typed under “{self._field(key)}” is {length:,} characters long: a reader takes in "
                    f"some {_LONG_TEXT:,}."
                )
                block = key.removeprefix(LETTER) if isinstance(value, Rewritten) else ""
                yield Obstacle(says, "" if block else key, block=block)

    def _nowhere(self) -> Iterator[Obstacle]:
        """Yield the words for a block that no letter has any more, as an older program or content had it."""
        letters = self.composer.templates.letters.values()
        known = {
            block.id for letter in letters for block in letter.file.block if block.kind in KINDS
        }
        for key in self.case:
            name = key.removeprefix(LETTER)
            words = words_of(self.case, name) if name != key else None
            if words is not None and name not in known:
                text = shorten(words.text, _SHOWN, placeholder=" …")
                yield Obstacle(
                    f"Your words for a block that no letter has any more are printed nowhere: “{text}”"
                )

    def _unconfirmed(self) -> Iterator[Obstacle]:
        """Yield that answers of the earlier visit still wait: the letter is without them."""
        earlier, waiting = self._session.earlier, self._session.to_confirm
        if earlier is not None and waiting:
            keys = {key for those in waiting.values() for key in those}
            days = [PartialDate.of(v.day).words() for v in earlier.chain if keys & v.case.keys()]
            many, of = counted(len(waiting), "answer"), listed(days[::-1])
            says = f"{many} of {of} not confirmed: this letter is without them."
            yield Obstacle(says, next(iter(waiting)))

    def _field(self, key: str) -> str:
        """Return how a person calls the place of a text."""
        form = self._session.form
        if key.startswith(NOTE):
            return f"{form.sections[key.removeprefix(NOTE)].title}, notes"
        if key.startswith(LETTER):
            return "Words of the letter"
        slot = form.slot(key)
        if slot is None:
            return "The reason for the level" if key == URGENCY else "The reason for a decision"
        return slot.label.rstrip("?")


def _decide(rule: str, *, reason: bool = False) -> str:
    """Return what decides on `rule` at the command line."""
    why = ', "reason": "…"' if reason else ""
    return f'In a case file: "decisions": {{"{rule}": {{"decision": "accept"{why}}}}}'


def _texts(value: object) -> Iterator[str]:
    """Yield every text inside a recorded value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, BaseModel):
        for _, part in value:
            yield from _texts(part)
