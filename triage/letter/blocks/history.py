"""What the patient tells: complaint, dated symptoms, what is denied, background."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set

from triage.content.schema import Sentence, SentenceBlock
from triage.letter.blocks import level
from triage.letter.blocks.filling import Fillings, fillings_of
from triage.letter.blocks.red_flags import absent_alarms, blocks_of, present_alarms
from triage.letter.blocks.sentences import Told, settled, told_of
from triage.letter.blocks.strip import listed_rows
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord
from triage.letter.words.phrase import listed, sentence
from triage.letter.words.recorded import says_no
from triage.letter.words.wording import render_wording

# How many words are denied, in a request, and of how many conditions.
_DENIED, _DENIED_BRIEFLY, _CONDITIONS = 25, 15, 3
_ALSO = Sentence(id="also", block=("history",), says="", keep=True)


def history_block(making: Making, record: BlockRecord) -> Block:
    """Return what the patient tells, as far as it argues, within the words that it may have."""
    above = {key for block in _above(making) for s in block.all_statements() for key in s.covers}
    fillings = fillings_of(making)
    argued = {*_argued(making)}
    alarms = {*present_alarms(making)} - above
    told = [
        one
        for one in told_of(making, _sentences_of(making), fillings)
        if not one.record.argues or not argued.isdisjoint(one.covers)
    ]
    brief = _sentences_of(making) == "request"
    if brief:
        told = _first(told, alarms, record.most)
    denied = _denied(making, fillings, above, record.most - _count(told) if brief else _DENIED)
    covered = above | {key for t in told for key in t.covers}
    also = [] if brief else _also(making, fillings, covered)
    spent = sum(len(s.text.split()) for s in denied)
    kept = _within(told, alarms, record.most - spent - sum(t.words for t in also))
    return Block(
        record.id,
        record.heading,
        "prose",
        (*making.notes(record), *_rows(making, kept, also, denied)),
    )


def _sentences_of(making: Making) -> SentenceBlock:
    return "request" if making.template.file.kind == "request" else "history"


def _above(making: Making) -> Iterator[Block]:
    """Yield the blocks that say why, and what to beware of."""
    builders = {"level": level.level_block, "beware": level.beware_block}
    for record in making.template.file.block:
        if record.kind in builders:
            yield making.built.get(record.id) or builders[record.kind](making, record)


def _count(told: Iterable[Told]) -> int:
    return sum(len(one.text.split()) for one in told)


def _first(told: list[Told], alarms: Set[str], most: int) -> list[Told]:
    """Return the first sentences, as many as `most` words hold whoever wrote them, and those of a red flag."""
    kept: list[Told] = []
    for one in told:
        if _count((*kept, one)) <= most or not alarms.isdisjoint(one.covers):
            kept.append(one)
    return kept


def _within(told: list[Told], alarms: Set[str], most: int) -> list[Told]:
    """Return what fits into `most` words: those that must stay, and of the others the first that do.

    What was typed has no limit; but what yields comes only if there is room beside that too.
    """
    stays = [one.record.keep or one.typed > 0 or not alarms.isdisjoint(one.covers) for one in told]
    room = most - sum(one.words for one, stay in zip(told, stays, strict=True) if stay)
    typed = sum(one.typed for one in told)
    kept = []
    for one, stay in zip(told, stays, strict=True):
        if stay or one.words <= room - (typed if one.record.yields else 0):
            kept.append(one)
            room -= 0 if stay else one.words
    return kept


def _rows(
    making: Making, told: list[Told], also: list[Told], denied: list[Statement]
) -> Iterator[Row]:
    """Yield the paragraphs; what is denied stands in front of the one that the content names."""
    rows: dict[str, list[Statement]] = {}
    for one in told:
        rows.setdefault(one.record.row, []).append(one.statement)
    last = rows.pop(making.templates.sentences.denied.before, [])
    rows.setdefault(next(reversed(rows), ""), []).extend(one.statement for one in also)
    paragraphs = [p for p in (*rows.values(), denied, last) if p]
    said = iter(settled(statement for paragraph in paragraphs for statement in paragraph))
    if _sentences_of(making) == "request" and paragraphs:
        yield Row("", tuple(said))
        return
    for paragraph in paragraphs:
        yield Row("", tuple(next(said) for _ in paragraph))


# -- what no sentence tells -----------------------------------------------------------------------


def _also(making: Making, fillings: Fillings, covered: Set[str]) -> list[Told]:
    """Return what argues and no sentence tells of, and every red flag that is there, by their names.

    What belongs to one section of the form is one sentence: a relative's illness is no part of the attack.
    """
    names: dict[str, list[str]] = {}
    found: dict[str, list[str]] = {}
    keys: list[str] = []
    # What a medicine stands for is told by its name.
    named = {fact for reader, row in listed_rows(making) for fact in reader.read(row).says}
    for key in dict.fromkeys((*present_alarms(making), *_argued(making))):
        question = making.form.question_of(key)
        if key in covered or key in keys or key in named or question is None:
            continue
        for text, told in fillings.named(question.id):
            fresh = {*told} - {*covered, *keys}
            if question.kind == "choices" and (fresh := fresh - named):
                # A list tells what of it no medicine stands for.
                told = tuple(name for name in told if name in fresh)
                items = listed([making.form.slots[name].phrase for name in told], "and")
                text = (
                    render_wording(making.answer_words(question.id).page, {"items": items}) or items
                )
            if fresh:
                names.setdefault(question.section, []).append(text)
                found.setdefault(question.section, []).extend(told)
                keys += told
    return [Told(_ALSO, listed(said), tuple(found[part])) for part, said in names.items()]


def _argued(making: Making) -> Iterator[str]:
    """Yield what the patient told that a reason for the level, or for a named condition, rests on."""
    told = {s.id for s in making.form.sections.values() if s.person == "told"}
    fired = [reason.answers for reason in making.assessment.urgency.reasons]
    named = [r.answers for c in making.named()[:_CONDITIONS] for r in c.for_]
    for key in (key for answers in (*fired, *named) for key in answers):
        question, value = making.form.question_of(key), making.case.get(key)
        if question is None or value is None or says_no(value):
            continue
        if question.section in told:
            yield key


# -- what is denied -------------------------------------------------------------------------------


def _denied(
    making: Making, fillings: Fillings, above: Collection[str], room: int
) -> list[Statement]:
    """Return what is denied that matters to what is suspected, and how many other red flags are absent."""
    names, keys, block = _chosen(making, fillings, above, room)
    found = []
    if names:
        text = making.word("denies", items=listed(names), block=block)
        found.append(Statement(sentence(text), tuple(keys)))
    others = absent_alarms(making, {*above, *keys})
    if others and making.template.file.kind == "letter":
        text = making.word(
            "other_red_flags",
            others=len(others) < len(absent_alarms(making)),
            whole=_all_asked(making),
            count=len(others),
            blocks=blocks_of(others),
        )
        found.append(Statement(sentence(text), tuple(others)))
    return found


def _all_asked(making: Making) -> bool:
    """Whether each red flag was asked that any reader is told of."""
    alarms = making.content.alarms
    return all(key in making.case or making.answer_words(key).sensitive for key in alarms)


def _chosen(
    making: Making, fillings: Fillings, above: Collection[str], room: int
) -> tuple[list[str], list[str], bool]:
    """Return names and keys of what is denied, in the order of the content, and whether one key said it all.

    What was asked by itself goes before what was denied with others.
    """
    order = making.templates.sentences.denied.questions
    absent = {n: f for n in order if (f := fillings.of(n)).parts.get("denied")}
    absent = {n: f for n, f in absent.items() if not {*f.keys} <= {*above}}
    most = min(_DENIED, room)
    if _sentences_of(making) == "request":
        # What sets the pace is no matter of a laboratory.
        absent = {
            n: f for n, f in absent.items() if n not in making.templates.sentences.denied.pace
        }
        most = min(_DENIED_BRIEFLY, room)
    asked = {n: f for n, f in absent.items() if not f.block}
    block = not asked
    found = absent if block else asked
    chosen: list[str] = []
    words = 1
    for name in _by_weight(making, found):
        size = len(str(found[name].parts["denied"]).split())
        if words + size <= most - 3 * block:
            chosen.append(name)
            words += size
    chosen.sort(key=order.index)
    names = [str(found[name].parts["denied"]) for name in chosen]
    return names, [key for name in chosen for key in found[name].keys], block


def _by_weight(making: Making, found: Collection[str]) -> Iterator[str]:
    """Yield those of `found` that set the pace, then those that the named conditions weigh, the weightiest first."""
    pace = [name for name in making.templates.sentences.denied.pace if name in found]
    yield from pace
    weighed: dict[str, tuple[int, int]] = {}
    for place, condition in enumerate(making.named()[:_CONDITIONS]):
        for name, weight in making.content.weights(condition.id).items():
            if name in found:
                weighed.setdefault(name, (place, -weight))
    yield from sorted(weighed.keys() - {*pace}, key=lambda name: (weighed[name], name))
