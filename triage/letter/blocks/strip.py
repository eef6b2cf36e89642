"""The safety strip: each fact that a laboratory must know, as the union of every place where it is recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from triage.content.form import NO_SIDE, SIDES, Slot
from triage.content.kinds import KINDS
from triage.content.listed import RowReader
from triage.content.schema import Question, SafetyAnswer
from triage.expr.tree import names
from triage.letter.making import Making
from triage.letter.statements import Block, Cell, unmarked
from triage.letter.template import BlockRecord
from triage.letter.words.phrase import Phrase, keys_of, listed
from triage.model.values import Choice, Finding, Row, Table, Unable, is_present


def strip_block(making: Making, record: BlockRecord) -> Block:
    """Return the answers that the recipient must know, each the union of all that was recorded of it."""
    cells = tuple(cell_of(making, asked) for asked in asked_by_recipient(making))
    return Block(record.id, record.heading, "strip", cells=cells)


class Told(NamedTuple):
    """What is recorded of one question, wherever it stands.

    Parameters
    ----------
    words
        What is there, in words.
    unclear
        Medicines that may be the answer to it.
    covers
        Its own keys.
    denied
        Those of its own keys that deny what is there elsewhere, where no rule knows that they contradict it.
    present
        Whether something is there.
    known
        Whether its own keys deny all of it.
    unable
        What of it could not be assessed, with the reason.
    tried
        Whether its own keys leave nothing unanswered.
    """

    words: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    present: bool = False
    known: bool = False
    unable: tuple[str, ...] = ()
    tried: bool = False


def asked_by_recipient(making: Making) -> tuple[SafetyAnswer, ...]:
    """Return what the recipient must know before it starts."""
    recipient = making.content.recipients.get(making.recipient)
    return recipient.safety if recipient else ()


def cell_of(making: Making, asked: SafetyAnswer) -> Cell:
    """Return one cell of the strip."""
    name = asked.says[:1].upper() + asked.says[1:]
    alone = len(asked.answers) == 1
    told = [told_of(making, question, alone=alone) for question in asked.answers]
    covers = tuple(key for one in told for key in one.covers)
    there = [one for one in told if one.present]
    unclear = [words for one in told for words in one.unclear]
    if there:
        more = details_of(making, asked, _sides_of(making, asked)) if alone else ()
        words = [words for one in there for words in one.words]
        # A cell is bold as a whole.
        items = unmarked(listed(list(dict.fromkeys((*words, *(p.text for p in more))))))
        denied = tuple(key for one in there for key in one.denied)
        covers = (*covers, *keys_of(more))
        said = making.word("strip_yes", items=items)
        return Cell(name, said, "present", covers, denied, items)
    if unclear:
        words_ = making.word("strip_unclear", items=listed(list(dict.fromkeys(unclear))))
        return Cell(name, words_, "unasked", covers)
    if all(one.known for one in told):
        return Cell(name, making.word("strip_no"), "absent", covers)
    if unable := [words for one in told for words in one.unable]:
        # What the sender tried is an answer; what he did not ask is none.
        tried = all(one.tried for one in told)
        said = making.word("strip_unable", items=listed(unable))
        return Cell(name, said, "unable" if tried else "unasked", covers)
    return Cell(name, making.word("strip_unasked"), "unasked", covers)


def told_of(making: Making, name: str, *, alone: bool) -> Told:
    """Return what is recorded of a question: under its own keys, in the medicines, beside another answer."""
    question = making.form.questions[name]
    slots = [s for s in making.form.slots_of(name) if s.key in making.case]
    there = [s for s in slots if is_there(making, s)]
    denied = [s for s in slots if is_denied(making, s)]
    left_open = [s for s in slots if isinstance(making.case[s.key], Unable)]
    own = [_own_words(making, s, alone=alone) for s in there]
    taken, unclear = medicines_of(making, name)
    noted = _noted(making, name)
    disputed = {key for c in making.assessment.contradictions for key in c.answers}
    other = list(_elsewhere(making, name, taken))
    # What the list names says it better than the class does, unless the two do not agree.
    agree = disputed.isdisjoint(s.key for s in there)
    words = [w for w in own if w and not (taken and agree)]
    words += taken or (noted if not own else [])
    words += other if not (own and agree) else []
    present = bool(there or taken or noted or _stands_elsewhere(making, name))
    # Of what has sides, the one may be denied where the other is there.
    open_ = present and not there
    left = tuple(s.key for s in denied if s.key not in disputed) if open_ else ()
    known = bool(denied) and _is_whole(question, slots, denied)
    covers = tuple(s.key for s in slots)
    unable = tuple(_unable_words(making, s, alone=alone) for s in left_open)
    tried = bool(slots) and _is_whole(question, slots, [*denied, *left_open])
    return Told(tuple(words), tuple(unclear), covers, left, present, known, unable, tried)


def is_there(making: Making, slot: Slot) -> bool:
    """Whether the answer says that something is there."""
    value = making.case[slot.key]
    if isinstance(value, Finding):
        return value.present
    return isinstance(value, Choice) and not is_denied(making, slot)


def is_denied(making: Making, slot: Slot) -> bool:
    """Whether the answer is the one by which a key for the whole block says that nothing is there."""
    value = making.case[slot.key]
    if isinstance(value, Finding):
        return not value.present
    none = KINDS[slot.question.kind].block_values(slot.question, (slot,)).get(slot.key)
    return isinstance(value, Choice) and isinstance(none, Choice) and value.option == none.option


def _is_whole(question: Question, slots: Sequence[Slot], denied: Sequence[Slot]) -> bool:
    """Whether the denials leave nothing of the question open."""
    sides = {slot.side for slot in denied}
    return len(slots) == len(denied) and (not question.sided or "" in sides or set(SIDES) <= sides)


def _own_words(making: Making, slot: Slot, *, alone: bool) -> str:
    """Return what was recorded, as short as a cell needs it: an only question is named by the cell itself."""
    value, name = making.case[slot.key], slot.question.id
    assert isinstance(value, Finding | Choice)
    side = slot.side
    text = unmarked(value.text)
    if isinstance(value, Choice):
        return _beside(slot.option_phrase(value.option), text)
    if alone:
        open_ = NO_SIDE if slot.is_whole else ""
        return ", ".join(part for part in (" ".join(p for p in (side, text) if p), open_) if part)
    # The make and model of a device stand below the strip.
    return _beside(" ".join(part for part in (side, lab_words(making, name)) if part), text)


def _unable_words(making: Making, slot: Slot, *, alone: bool) -> str:
    """Return what could not be assessed, with the reason: ``left (not undressed)``."""
    value = making.case[slot.key]
    assert isinstance(value, Unable)
    name = "" if alone else lab_words(making, slot.question.id)
    what, reason = " ".join(part for part in (slot.side, name) if part), unmarked(value.reason)
    return _beside(what, reason) if what else reason


def _beside(words: str, text: str) -> str:
    return f"{words} ({text})" if text else words


def lab_words(making: Making, name: str) -> str:
    """Return how a laboratory calls what a question asks."""
    words = making.templates.answers.get(name)
    question = making.form.questions[name]
    return (words and (words.lab or words.denied)) or question.phrase


def _facts(making: Making, name: str) -> frozenset[str]:
    """Return the facts that say that what a question asks is there."""
    rules = (rule for rule in making.content.elsewhere if rule.record.question == name)
    return frozenset((name, *(fact for r in rules if r.when is not None for fact in names(r.when))))


def listed_rows(making: Making) -> Iterator[tuple[RowReader, Row]]:
    """Yield the rows of the lists of what is taken, each with who reads it."""
    for name, reader in making.readers.items():
        table = making.case.get(name)
        for row in table.rows if isinstance(table, Table) else ():
            yield reader, row


def medicines_of(making: Making, name: str) -> tuple[list[str], list[str]]:
    """Return the medicines that are the answer to a question, and those of which it is not clear."""
    facts = _facts(making, name)
    taken: list[str] = []
    unclear: list[str] = []
    for reader, row in listed_rows(making):
        reading = reader.read(row)
        if not facts.isdisjoint(reading.says):
            taken.append(unmarked(reader.named(row, dose=True)))
        elif not facts.isdisjoint(reading.asks):
            unclear.append(unmarked(reader.named(row, dose=True)))
    return taken, unclear


def _noted(making: Making, name: str) -> list[str]:
    """Return the medicines that stand beside a condition: ``atrial fibrillation on apixaban``."""
    facts = _facts(making, name)
    ticked = {reader.column.ticks for reader in making.readers.values()}
    found: list[str] = []
    for key, value in making.case.items():
        if not (is_present(value) and value.text):
            continue
        question = making.form.question_of(key)
        if question is None or question.id == name:
            continue
        for one in making.content.medicines.look_up(value.text).found:
            says = {f"{list_}.{group}" for list_ in ticked for group in one.classes}
            if not one.doubted and not one.ask and not facts.isdisjoint((*says, *one.answers)):
                found.append(one.name)
    return found


def _elsewhere(making: Making, name: str, taken: Sequence[str]) -> Iterator[str]:
    """Yield what another answer tells of a question, where no row of a list has told it."""
    listed_ = {fact for reader, row in listed_rows(making) for fact in reader.read(row).says}
    for found in making.assessment.elsewhere:
        says = found.question == name and found.what and making.may_say(found.answers)
        if says and not (taken and listed_.intersection(found.facts)):
            yield found.what


def _stands_elsewhere(making: Making, name: str) -> bool:
    return any(
        found.question == name and not _says_no(making, found.answers)
        for found in making.assessment.elsewhere
    )


def _says_no(making: Making, keys: Iterable[str]) -> bool:
    """Whether all that is recorded under `keys` denies something: an older question answered no."""
    slots = [slot for key in keys if (slot := making.form.slot(key)) and key in making.case]
    return bool(slots) and all(is_denied(making, slot) for slot in slots)


def _sides_of(making: Making, asked: SafetyAnswer) -> set[str]:
    """Return on which sides what is asked is there."""
    slots = (slot for name in asked.answers for slot in making.form.slots_of(name))
    return {slot.side for slot in slots if slot.key in making.case and is_there(making, slot)}


def details_of(making: Making, asked: SafetyAnswer, sides: Collection[str] = ()) -> list[Phrase]:
    """Return what else is recorded of what is there: where that is on one side, so are its details."""
    one_side = len(sides) == 1 and not {*sides}.isdisjoint(SIDES)
    speaker = making.speaker_of(making.case, lambda _: "") if one_side else making.speaker
    phrases = (p for name in asked.details for p in speaker.phrases(making.form.questions[name]))
    return [p for p in phrases if p.part == "present" and not p.denies]
