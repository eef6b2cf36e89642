"""Why it is suspected and why it is so urgent: the few words under the headline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from triage.letter.blocks.red_flags import absent_alarms, blocks_of
from triage.letter.blocks.sentences import settled, together, told_of
from triage.letter.making import HEAD, Making
from triage.letter.statements import Row, Statement, strong
from triage.letter.template import BlockRecord
from triage.letter.words.phrase import Phrase, keys_of, listed, sentence, word_count
from triage.letter.words.recorded import says_no
from triage.model.values import LEVELS
from triage.rules.assessment import Fired

# The paragraph of what is normal and matters: a sentence of its own behind what is there.
_NORMAL = "normal"
# What is told where nothing is in a hurry.
_ROUTINE = "routine"
# Of the answers behind a reason that no sentence tells, how many are named.
_FACTS = 3
# Of three lines, how many signs the sentence of what is there may take: the question stands below it.
_SIGNS = 245
# Of what was not asked, how many are named, in one line of so many letters.
_ITEMS = 3
_LINE = 92


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the sentence of what is there; of a list its pieces, each with its keys."""

    text: str
    covers: tuple[str, ...]
    pieces: tuple[tuple[str, tuple[str, ...]], ...] = ()


def why_rows(making: Making, record: BlockRecord) -> Iterator[Row]:
    """Yield why, and what could still raise the level."""
    if statements := why(making, record.most):
        yield Row("", tuple(statements))
    if provisional := _provisional(making):
        yield Row("", (provisional,), stays=True)


def why(making: Making, most: int) -> list[Statement]:
    """Return why, in at most `most` words."""
    argued = argued_keys(making)
    told = [
        one
        for one in told_of(making, "why", argued=argued)
        if not argued.isdisjoint(one.covers)
        and (one.record.row != _ROUTINE or making.level == "routine")
    ]
    pace = {key for reason in reasons(making) for key in reason.answers}
    there = [one for one in told if one.record.row != _NORMAL]
    there.sort(key=lambda one: pace.isdisjoint(one.covers))
    parts = [_Part(one.text, one.covers, one.pieces) for one in there]
    parts += _untold(making, {key for part in parts for key in part.covers})
    closing = [t.statement for t in told if t.record.row == _NORMAL]
    if making.level == "routine" and (none := _no_red_flag(making)):
        closing.append(none)
    room = most - sum(len(s.text.split()) for s in closing[-1:])
    statements = [_joined(parts, room, _by_weight(making))] if parts else []
    for statement in reversed(closing):
        if word_count([*statements, statement]) <= most or statement is closing[-1]:
            statements.insert(1 if parts else 0, statement)
    return settled(statements)


def argued_keys(making: Making) -> set[str]:
    """Return the answers behind the level and behind the leading condition."""
    keys = {key for reason in reasons(making) for key in reason.answers}
    for condition in making.named()[:1]:
        keys.update(key for reason in condition.for_ for key in reason.answers)
    return keys


def reasons(making: Making) -> list[Fired]:
    """Return what fired at the level of the letter; if the sender chose another, at the highest that fired."""
    fired = [r for r in making.assessment.urgency.reasons if making.may_say(r.answers)]
    here = [r for r in fired if r.level == making.level]
    top = max((LEVELS.index(r.level) for r in fired), default=0)
    return here or [r for r in fired if LEVELS.index(r.level) == top]


def _untold(making: Making, covered: set[str]) -> Iterator[_Part]:
    """Yield the first answers of each reason of which no sentence tells anything."""
    for reason in reasons(making):
        there = _there(making, reason.answers)
        phrases = facts(making, there)[:_FACTS] if covered.isdisjoint(there) else []
        if phrases:
            covered.update(keys_of(phrases))
            yield _Part(listed([phrase.text for phrase in phrases]), keys_of(phrases))


def _there(making: Making, keys: Iterable[str]) -> tuple[str, ...]:
    """Return those of `keys` under which something is there that may be told."""
    return tuple(
        key
        for key in keys
        if (value := making.case.get(key)) is not None
        and not says_no(value)
        and key not in making.denied
        and not making.is_held(key)
    )


def facts(making: Making, keys: tuple[str, ...]) -> list[Phrase]:
    """Return what is there of answers, by their own names; who the patient is stands above."""
    speaker = making.brief(keys)
    questions = dict.fromkeys(q.id for key in keys if (q := making.form.question_of(key)))
    return [
        phrase
        for name in questions
        if name not in HEAD
        for phrase in speaker.phrases(making.form.questions[name])
        if phrase.part == "present" and not phrase.denies and "\n" not in phrase.text
    ]


def _by_weight(making: Making) -> list[str]:
    """Return the answers behind the leading condition, the weightiest first, then those behind the level."""
    for_ = [key for c in making.named()[:1] for reason in c.for_ for key in reason.answers]
    return list(dict.fromkeys([*for_, *(key for r in reasons(making) for key in r.answers)]))


def _joined(parts: Sequence[_Part], room: int, weighed: Sequence[str]) -> Statement:
    """Return what is there as one sentence: the first part, and of the others as much as fits into three lines."""
    kept = list(parts[:1])
    for part in parts[1:]:
        words = room - sum(len(one.text.split()) for one in kept)
        signs = _SIGNS - sum(len(one.text) + 2 for one in kept)
        fits = (
            p
            for p in _shorter(part, weighed)
            if len(p.text.split()) <= words and len(p.text) <= signs
        )
        kept += [first] if (first := next(fits, None)) else []
    texts = [part.text for part in kept]
    if len(texts) > 2:
        texts[-1] = f"{strong('and')} {texts[-1]}"
    covers = tuple(dict.fromkeys(key for part in kept for key in part.covers))
    return Statement(sentence("; ".join(texts)), covers)


def _shorter(part: _Part, weighed: Sequence[str]) -> Iterator[_Part]:
    """Yield a part, then the same without the answer that weighs least, and so on."""
    yield part
    place = {key: n for n, key in enumerate(weighed)}

    def weight(piece: tuple[str, tuple[str, ...]]) -> int:
        return min(place.get(key, len(place)) for key in piece[1])

    pieces = list(part.pieces)
    while len(pieces) > 1:
        pieces.remove(max(reversed(pieces), key=weight))
        covers = tuple(key for _, keys in pieces for key in keys)
        yield _Part(together([text for text, _ in pieces]), covers)


def _no_red_flag(making: Making) -> Statement | None:
    absent = absent_alarms(making)
    if not absent:
        return None
    text = making.word("no_red_flag", count=len(absent), blocks=blocks_of(absent))
    return Statement(sentence(text), tuple(absent))


def _provisional(making: Making) -> Statement | None:
    """Return what was not asked that could raise the level; nothing raises the highest."""
    urgency = making.assessment.urgency
    if not urgency.provisional or making.level == "emergency":
        return None
    alarms = making.content.alarms
    named = [item for item in urgency.missing if item.id in alarms]
    others = [item for item in urgency.missing if item.id not in alarms]
    # With them those count that are no matter of this case: nobody asked them either.
    open_ = {item.id for item in named}.union(name for name in alarms if name not in making.case)
    count = len(open_) if named else len(others)
    of = len(alarms) if named else ""

    def said(names: list[str]) -> str:
        more = [f"{count - len(names)} more"] if names and count > len(names) else []
        return sentence(
            making.word("provisional", count=count, of=of, items=listed([*names, *more]))
        )

    kept: list[str] = []
    for name in dict.fromkeys(making.item(item) for item in named or others):
        if len(kept) < _ITEMS and len(said([*kept, name])) <= _LINE:
            kept.append(name)
    return Statement(said(kept))
