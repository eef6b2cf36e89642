"""What the parts of one letter share while it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from triage.content.form import DECISION, NOTE
from triage.content.listed import row_readers
from triage.content.load import Content
from triage.letter.phrase import Phrase, gathered, listed, sentence, shared
from triage.letter.phrase import keys_of as keys_of
from triage.letter.statements import Row, Statement, Style
from triage.letter.template import BlockRecord, LetterTemplate, Part, Place, Templates
from triage.letter.wording import render_wording
from triage.letter.words import Speaker, as_said, describe, says_no
from triage.model.case import Case
from triage.model.values import Decision, Text
from triage.rules.assessment import (
    Assessment,
    ConditionFinding,
    ContradictionFinding,
    InvestigationFinding,
    Item,
)
from triage.settings import Settings

# More sources behind one reason make it no truer, and the letter longer.
_SOURCES = 2
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
    blocks
        Ids of the blocks that are printed.
    settings
        The clinic's: addresses of recipients, the line outside opening hours.
    recipient
        To whom it goes.
    """

    content: Content
    case: Case
    lost: Case
    assessment: Assessment
    day: date
    templates: Templates
    template: LetterTemplate
    blocks: frozenset[str]
    settings: Settings
    recipient: str = ""
    cited: dict[str, None] = field(default_factory=dict)
    quoted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.form = self.content.form
        self.denied = frozenset(k for c in self.assessment.contradictions for k in c.denied)
        self.readers = row_readers(self.form, self.content.medicines)
        known = self.content.recipients.get(self.recipient)
        needed = known.sensitive if known else ()
        self.held = frozenset(
            w.id for w in self.templates.answers.values() if w.sensitive and w.id not in needed
        )
        self.speaker = Speaker(
            self.form, self.case, self.templates.answers, self.readers, self.denied, self.held
        )
        self._purposes = {
            rule.record.id: rule.record.purposes for rule in self.content.investigations
        }
        self._owners = self.template.owners(self.blocks)

    def word(self, wording: str, /, **values: object) -> str:
        """Return one wording, filled in."""
        return render_wording(self.template.words[wording], values)

    def text(self, key: str) -> str:
        """Return the free text at `key`; empty if there is none."""
        value = self.case.get(key)
        return value.text.strip() if isinstance(value, Text) else ""

    # -- sources ------------------------------------------------------------------------------------

    def tag(self, rules: Iterable[str], sources: Iterable[str]) -> str:
        """Return ``U01, U03; NICE NG127`` and remember what was cited."""
        names: list[str] = []
        for source in list(dict.fromkeys(sources))[:_SOURCES]:
            record = self.content.sources.get(source)
            if record is not None:
                self.cited[source] = None
                names.append(record.short)
        return "; ".join(part for part in (", ".join(rules), ", ".join(names)) if part)

    def facts(self, keys: Iterable[str], most: int) -> str:
        """Return the answers behind a reason, as far as no earlier reason has quoted them."""
        fresh = tuple(key for key in keys if key not in self.quoted)
        self.quoted.update(fresh)
        told = tuple(k for k in fresh if k not in self.denied and not self.is_held(k))
        return as_said(self.case, self.form, told, self.templates.answers, most, self.readers)

    # -- answers ------------------------------------------------------------------------------------

    def is_sensitive(self, key: str) -> bool:
        """Whether the answer at `key` is told to some recipients only, and as absent to none."""
        words = (self.templates.answers.get(name) for name in self._ids(key))
        return any(found is not None and found.sensitive for found in words)

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
        return words.denied if words and words.denied and not words.sensitive else item.label

    def may_say(self, answers: Iterable[str]) -> bool:
        """Whether what rests on `answers` may be said: not if all that is there of them is held back."""
        there = [key for key in answers if key in self.case and not says_no(self.case[key])]
        return not there or not all(self.is_held(key) for key in there)

    def phrases(self, place: Place) -> list[Phrase]:
        """Return what a place of the template tells, in its order."""
        found: list[Phrase] = []
        for name in self.template.questions.get(place, ()):
            if name in HEAD:
                continue
            for phrase in self.speaker.phrases(self.form.questions[name]):
                part: Part = "absent" if phrase.part == "absent" else "present"
                if self._owners.get((name, part)) == place:
                    found.append(phrase)
        return found

    def told(
        self,
        phrases: list[Phrase],
        *,
        seen: bool = False,
        lead: bool = True,
        much: int = 1000,
    ) -> list[Statement]:
        """Return phrases as statements: what is there, then what is absent, then what could not be assessed.

        More than `much` absent findings entered by one key are set small.
        """
        there = [p for p in phrases if p.part == "present"]
        if seen:
            there.sort(key=lambda p: not p.positive)
        found = gathered(there)
        found += self._absent([p for p in phrases if p.part == "absent"], seen, lead, much)
        unable = [p for p in phrases if p.part == "unable"]
        if unable:
            text = self.word("unable") + listed([p.text for p in unable])
            found.append(Statement(sentence(text), keys_of(unable)))
        return found

    def _absent(self, phrases: list[Phrase], seen: bool, lead: bool, much: int) -> list[Statement]:
        """Return what is absent; what one key answered is admitted to be so, and stands back if it is much."""
        word = "found_absent" if seen else "asked_absent"
        single = [p for p in phrases if not p.block]
        block = [p for p in phrases if p.block]
        found: list[Statement] = []
        if single:
            intro = self.word(word) if lead else ""
            found.append(Statement(sentence(intro + shared(single)), keys_of(single)))
        if block:
            intro = self.word("as_block" if single else f"{word}_block")
            style: Style = "small" if len(block) > much else "plain"
            found.append(Statement(sentence(intro + shared(block)), keys_of(block), style))
        return found

    def notes(self, block: BlockRecord) -> list[Row]:
        """Return the free text of a block's sections, exactly as typed."""
        rows = [self.note(NOTE + section) for section in block.notes if self.text(NOTE + section)]
        return [row if n == 0 else Row("", row.statements) for n, row in enumerate(rows)]

    def note(self, key: str) -> Row:
        """Return one section's free text, exactly as typed and marked as such."""
        value = self.case[key]
        assert isinstance(value, Text)
        return Row(self.word("free_text"), (Statement(value.text, (key,), "free"),))

    # -- contradictions -----------------------------------------------------------------------------

    def contradictions(self, *, strip: bool) -> list[ContradictionFinding]:
        """Return what was recorded twice, as far as it is about a safety strip that is printed, or is not."""
        asked = {
            question
            for block in self.template.file.block
            if block.kind == "strip" and block.id in self.blocks
            for question in self.template.questions[block.id, -1]
        }
        return [
            found
            for found in self.assessment.contradictions
            if not found.leftover and strip is not asked.isdisjoint(self.asked(found.answers))
        ]

    def asked(self, keys: Iterable[str]) -> set[str]:
        """Return the questions that `keys` answer."""
        return {q.id for key in keys if (q := self.form.question_of(key)) is not None}

    def contradiction(self, found: ContradictionFinding) -> Statement:
        """Return both answers of a contradiction, and what the clinician says of them."""
        keys = [*found.denied, *(key for key in found.answers if key not in found.denied)]
        items = [describe(self.case, self.form, key) for key in keys[:_BOTH]]
        if more := len(keys) - _BOTH:
            items += [f"{more} more"] if more > 0 else []
        said = self.decision(found.id)
        reason = said.reason.strip().rstrip(".") if said and not found.stops_issue else ""
        text = self.word("contradiction", says=found.says, items=listed(items), reason=reason)
        covers = (*found.denied, *([DECISION + found.id] if said else []))
        return Statement(text, covers, "strong" if found.stops_issue else "plain")

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

    def purpose(self, test: InvestigationFinding) -> str:
        """Return what a test is asked for where the leading of the conditions that it is about leads."""
        purposes = self._purposes.get(test.id, {})
        named = (c.id for c in self.named())
        return next((purposes[name] for name in named if name in purposes), "")

    def named(self) -> list[ConditionFinding]:
        """Return the conditions that are supported well enough to be named, best first."""
        return [
            c for c in self.assessment.conditions if c.support in ("well_supported", "possible")
        ]

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
