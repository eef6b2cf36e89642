"""What the parts of one letter share while it is made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from triage.content.form import DECISION, NOTE, Slot
from triage.content.listed import row_readers
from triage.content.load import Content
from triage.content.schema import AnswerWords, Condition, Investigation, LevelRecord, Question
from triage.letter.statements import Block, Row, Statement, strong, unmarked
from triage.letter.template import BlockRecord, LetterTemplate, Templates
from triage.letter.words.answers import Speaker, joined_by, speaker_behind
from triage.letter.words.described import describe
from triage.letter.words.phrase import Phrase, listed, sentence
from triage.letter.words.recorded import says_no
from triage.letter.words.wording import render_wording
from triage.model.case import Case
from triage.model.values import Choice, Decision, Finding, Level, Table, Text
from triage.rules.assessment import (
    Assessment,
    ConditionFinding,
    ContradictionFinding,
    InvestigationFinding,
    Item,
)
from triage.settings import Settings

if TYPE_CHECKING:
    from triage.letter.blocks.filling import Fillings

# More sources behind one reason make it no truer, and the letter longer.
SOURCES = 2
# Of the answers that contradict one another, how many are told in words.
_BOTH = 8
# Told by the head and the foot of the letter, whatever the template says.
HEAD = (
    "patient.family_name",
    "patient.given_name",
    "patient.dob",
    "patient.age",
    "patient.sex_at_birth",
    "patient.identifiers",
    "patient.phone",
    "patient.address",
    "referrer.name",
    "referrer.role",
    "referrer.org",
    "referrer.address",
    "referrer.phone",
    "referrer.registration",
    "referrer.written_by",
    "case.date",
    "case.profile",
)


@dataclass
class Making:
    """One letter in the making.

    Parameters
    ----------
    content, case, assessment, day
        What it is about.
    lost
        What of the record the form no longer asks.
    templates, template
        How it is to be worded.
    settings
        The clinic's: addresses of recipients, the line outside opening hours.
    recipient, addressee
        To whom it goes, and to which address of it; the address is empty while nobody has chosen one of several.
    version
        Of the issue; 0 for a draft.
    issued_at
        When it is issued, as the clock there shows it; None for a draft.
    document
        Document id.
    again
        Whether the same reader has an earlier version.
    kept
        By section of the record, how many sensitive items its sender kept back that are not in `case`.
    """

    content: Content
    case: Case
    lost: Case
    assessment: Assessment
    day: date
    templates: Templates
    template: LetterTemplate
    settings: Settings = field(default_factory=Settings)
    recipient: str = ""
    addressee: str = ""
    version: int = 0
    issued_at: datetime | None = None
    document: str = ""
    again: bool = False
    kept: Mapping[str, int] = field(default_factory=dict)
    # Blocks that stand, by id: what comes later does not say it again.
    built: dict[str, Block] = field(default_factory=dict)
    # What answers fill into sentences, once the first sentence is told.
    fillings: Fillings | None = None

    def __post_init__(self) -> None:
        self.form = self.content.form
        self.denied = frozenset(k for c in self.assessment.contradictions for k in c.denied)
        self.readers = row_readers(self.form, self.content.medicines)
        known = self.content.recipients.get(self.recipient)
        needed = known.sensitive if known else ()
        self.held = frozenset(
            w.id for w in self.templates.answers.values() if w.sensitive and w.id not in needed
        )
        usual = self.templates.answers
        self.said = {**usual, **{w.id: w.over(usual.get(w.id)) for w in self.template.file.answer}}
        self._joined = joined_by(self.form, self.said)
        self.speaker = self.speaker_of(self.case)

    def speaker_of(self, case: Case, gap: Callable[[str], str] | None = None) -> Speaker:
        """Return who tells the answers of `case`, which are some of the letter's; `gap` tells a missing side."""
        return Speaker(
            self.form,
            case,
            self.said,
            self.readers,
            self.denied,
            self.held,
            detail="dated" if self.is_emergency else "whole",
            gap=gap or self.missing,
            joined=self._joined,
        )

    def brief(self, keys: Iterable[str]) -> Speaker:
        """Return who tells briefly what is there of `keys`, as far as it may be told."""
        told = [key for key in keys if key not in self.denied and not self.is_held(key)]
        return speaker_behind(
            self.case,
            self.form,
            told,
            self.said,
            self.readers,
            held=self.held,
            # Limit and day stand with the results.
            detail="dated" if self.is_emergency else "bare",
            joined=self._joined,
        )

    @property
    def is_emergency(self) -> bool:
        """Whether it is the sheet of an emergency, which tells limits in its record alone."""
        return self.template.file.kind == "emergency"

    @property
    def draft(self) -> bool:
        """Whether it is a draft."""
        return self.issued_at is None

    @property
    def level(self) -> Level | None:
        """The level that the letter goes out with: the clinician's, else the suggested one, if there is one."""
        return self.assessment.level_of(self.case)

    @property
    def level_record(self) -> LevelRecord | None:
        """What the content says of the level."""
        return next((r for r in self.content.urgency.level if r.id == self.level), None)

    def word(self, wording: str, /, **values: object) -> str:
        """Return one wording, filled in."""
        text = render_wording(self.template.words[wording], values)
        # What was typed last may end with a full stop of its own: "40 mg s.c.".
        return text[:-1] if text.endswith("..") and not text.endswith("...") else text

    def text(self, key: str) -> str:
        """Return the free text at `key`, as a sentence may hold it; empty if there is none."""
        value = self.case.get(key)
        return unmarked(value.text.strip()) if isinstance(value, Text) else ""

    def option(self, key: str) -> str:
        """Return the option chosen at `key`, as a letter names it; empty if there is none."""
        value, slot = self.case.get(key), self.form.slot(key)
        if not isinstance(value, Choice) or slot is None:
            return ""
        words = self.templates.answers.get(f"{key}.{value.option}")
        return words.page if words and words.page else slot.option_phrase(value.option)

    def option_id(self, key: str) -> str:
        """Return the id of the option chosen at `key`; empty if there is none."""
        value = self.case.get(key)
        return value.option if isinstance(value, Choice) else ""

    def answer_words(self, name: str) -> AnswerWords:
        """Return the words by which letters tell of a question or option; none where there are none."""
        return self.templates.answers.get(name) or AnswerWords(id=name)

    def gap(self, what: str) -> str:
        """Return the mark of what a draft lacks; what is issued has no gaps."""
        return strong(f"«{what}»") if self.draft else ""

    def missing(self, what: str) -> str:
        """Return the mark of a side or level that was not recorded: what is issued admits it."""
        return self.gap(what) or self.word("lacking", what=what)

    def sources(self, sources: Iterable[str]) -> list[str]:
        """Return the short names of the first few sources."""
        known = (self.content.sources.get(name) for name in dict.fromkeys(sources))
        return [record.short for record in known if record is not None][:SOURCES]

    # -- answers ------------------------------------------------------------------------------------

    def is_held(self, key: str) -> bool:
        """Whether the answer at `key` is sensitive, and no matter of this recipient."""
        return not self.held.isdisjoint(self._ids(key))

    def _ids(self, key: str) -> tuple[str, ...]:
        """Return the question that `key` answers, and the option of it."""
        slot = self.form.slot(key)
        if slot is None:
            question = self.form.question_of(key)
            return (question.id,) if question is not None else ()
        option = (f"{slot.question.id}.{slot.option.id}",) if slot.option else ()
        return (slot.question.id, *option)

    def item(self, item: Item) -> str:
        """Return how a missing answer is named: as a letter denies it, else as the form asks."""
        words = self.templates.answers.get(item.id)
        if (question := self.form.questions.get(item.id)) and question.kind == "result":
            return self.test_words(question)
        return words.denied if words and words.denied and not words.sensitive else item.label

    def test_words(self, question: Question) -> str:
        """Return how page one names what was measured: ``potassium``."""
        words = self.templates.answers.get(question.id)
        return (words and words.page) or question.phrase

    def may_say(self, answers: Iterable[str]) -> bool:
        """Whether what rests on `answers` may be said: not if all that is there of them is held back."""
        there = [key for key in answers if key in self.case and not says_no(self.case[key])]
        return not there or not all(self.is_held(key) for key in there)

    def phrases(self, place: tuple[str, int]) -> list[Phrase]:
        """Return what a place of the template tells, in its order; the head tells the rest."""
        return [
            phrase
            for name in self.template.questions.get(place, ())
            if name not in HEAD
            for phrase in self.speaker.phrases(self.form.questions[name])
        ]

    def notes(self, block: BlockRecord) -> list[Row]:
        """Return the typed notes of a block's sections, exactly as typed."""
        keys = [NOTE + section for section in block.notes if self.text(NOTE + section)]
        return [Row("", (self.note(key),)) for key in keys]

    def note(self, key: str) -> Statement:
        """Return what was typed at `key`, exactly so and marked as such."""
        value = self.case[key]
        assert isinstance(value, Text)
        return Statement(value.text.strip(), (key,), "free")

    # -- contradictions -----------------------------------------------------------------------------

    def contradiction(self, found: ContradictionFinding) -> Statement:
        """Return both answers of a contradiction, and what the clinician says of them."""
        keys = [*found.denied, *(key for key in found.answers if key not in found.denied)]
        items = [unmarked(self._recorded(key, found.answers)) for key in keys[:_BOTH]]
        if (more := len(keys) - _BOTH) > 0:
            items.append(f"{more} more")
        said = self.decision(found.id)
        reason = said.reason.strip().rstrip(".") if said and not found.stops_issue else ""
        # What follows from the form says no more than the answers, in the words of a question.
        says = "" if found.denied and self.form.slot(found.id) is not None else found.says
        text = self.word("contradiction", says=says, items=listed(items), reason=unmarked(reason))
        covers = (*found.denied, *([DECISION + found.id] if said else []))
        return Statement(sentence(text), covers, "strong" if found.stops_issue else "plain")

    def _recorded(self, key: str, others: Collection[str]) -> str:
        """Return one answer of a contradiction: of an option its name, of a list the rows that say one of `others`."""
        value, slot, reader = self.case.get(key), self.form.slot(key), self.readers.get(key)
        if slot is not None and isinstance(value, Table) and reader is not None:
            rows = [row for row in value.rows if {*reader.read(row).says} & {*others}]
            names = [reader.named(row, dose=True) for row in rows or value.rows]
            return f"{slot.question.phrase}: {'; '.join(names)}"
        if slot is not None and slot.option is not None and isinstance(value, Finding):
            answer = self.word("record_yes" if value.present else "record_no")
            return f"{slot.option.phrase}: {answer}"
        return describe(self.case, self.form, key)

    def is_contradiction(self, rule: str) -> bool:
        """Whether a decision on `rule` says which of two answers holds."""
        return rule in self.content.contradiction_ids or self.form.slot(rule) is not None

    # -- decisions ----------------------------------------------------------------------------------

    def decision(self, rule: str) -> Decision | None:
        """Return what the clinician decided on `rule`."""
        value = self.case.get(DECISION + rule)
        return value if isinstance(value, Decision) else None

    def decisions(self) -> Iterator[tuple[str, Decision]]:
        """Yield every decision of the case with the rule that it is about."""
        for key, value in self.case.items():
            if key.startswith(DECISION) and isinstance(value, Decision):
                yield key.removeprefix(DECISION), value

    def accepted(self, rule: str) -> bool:
        """Whether the clinician accepted `rule`."""
        decision = self.decision(rule)
        return decision is not None and decision.decision == "accept"

    def reason(self, rule: str) -> str:
        """Return why the clinician decided so on `rule`, without its full stop; empty if he did not say."""
        decision = self.decision(rule)
        return unmarked(decision.reason.strip().rstrip(".")) if decision else ""

    # -- what the assessment names ------------------------------------------------------------------

    @cached_property
    def _investigations(self) -> dict[str, Investigation]:
        return {rule.record.id: rule.record for rule in self.content.investigations}

    @cached_property
    def _conditions(self) -> dict[str, Condition]:
        return {rule.record.id: rule.record for rule in self.content.conditions}

    def condition(self, found: ConditionFinding) -> Condition:
        """Return what the content says of a condition."""
        return self._conditions[found.id]

    def test(self, found: InvestigationFinding) -> Investigation:
        """Return what the content says of a test."""
        return self._investigations[found.id]

    def test_name(self, found: InvestigationFinding) -> str:
        """Return a test by its name on page one."""
        return self.test(found).page or found.short

    def purpose(self, test: InvestigationFinding) -> str:
        """Return what a test is asked for where the leading of the conditions that it is about leads."""
        purposes = self.test(test).purposes
        named = (c.id for c in self.named())
        return next((purposes[name] for name in named if name in purposes), "")

    def named(self) -> list[ConditionFinding]:
        """Return the conditions that are supported well enough to be named, best first."""
        return [
            c for c in self.assessment.conditions if c.support in ("well_supported", "possible")
        ]

    def leading(self) -> Condition | None:
        """Return the leading condition, if one is supported well enough to be named."""
        named = self.named()
        return self.condition(named[0]) if named else None

    def requested(self) -> list[InvestigationFinding]:
        """Return the tests that are asked for: accepted, or essential and not declined or deferred."""
        return [
            test
            for test in self.assessment.investigations
            if self.accepted(test.id)
            or (
                test.needs_decision
                and test.status == "recommended"
                and self.decision(test.id) is None
            )
        ]


def sensitive_words(slot: Slot, answers: Mapping[str, AnswerWords]) -> list[AnswerWords]:
    """Return the words of what stands at `slot` that are told only where they are needed; mostly there are none."""
    ids = (slot.question.id, f"{slot.question.id}.{slot.option.id}" if slot.option else "")
    return [answers[name] for name in ids if name in answers and answers[name].sensitive]


def with_denials(keys: set[str], assessment: Assessment) -> frozenset[str]:
    """Return keys, and those of what denies one of them: it would give away what that is."""
    found = set(keys)
    for contradiction in assessment.contradictions:
        if not found.isdisjoint(contradiction.answers):
            found.update(contradiction.denied)
    return frozenset(found)
