"""Why it is suspected and why it is so urgent: the few words under the headline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.letter.blocks.red_flags import absent_alarms, blocks_of
from triage.letter.blocks.sentences import settled, told_of
from triage.letter.making import HEAD, Making
from triage.letter.statements import Row, Statement, strong
from triage.letter.template import BlockRecord
from triage.letter.words.phrase import Phrase, keys_of, listed, sentence
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
    parts = [(one.text, one.covers) for one in there]
    parts += _untold(making, {key for _, covers in parts for key in covers})
    closing = [t.statement for t in told if t.record.row == _NORMAL]
    if making.level == "routine" and (none := _no_red_flag(making)):
        closing.append(none)
    room = most - sum(len(s.text.split()) for s in closing[-1:])
    statements = [_joined(parts, room)] if parts else []
    for statement in reversed(closing):
        if _words([*statements, statement]) <= most or statement is closing[-1]:
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


def _untold(making: Making, covered: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the first answers of each reason of which no sentence tells anything."""
    for reason in reasons(making):
        there = _there(making, reason.answers)
        phrases = facts(making, there)[:_FACTS] if covered.isdisjoint(there) else []
        if phrases:
            covered.update(keys_of(phrases))
            yield listed([phrase.text for phrase in phrases]), keys_of(phrases)


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


def _joined(parts: list[tuple[str, tuple[str, ...]]], room: int) -> Statement:
    """Return what is there as one sentence: the first part, and of the others those that fit into three lines."""
    kept: list[tuple[str, tuple[str, ...]]] = []
    signs = _SIGNS
    for part in parts:
        size = len(part[0].split())
        if (size <= room and len(part[0]) <= signs) or not kept:
            kept.append(part)
            room -= size
            signs -= len(part[0]) + 2
    texts = [text for text, _ in kept]
    if len(texts) > 2:
        texts[-1] = f"{strong('and')} {texts[-1]}"
    covers = tuple(dict.fromkeys(key for _, covers in kept for key in covers))
    return Statement(sentence("; ".join(texts)), covers)


def _words(statements: Iterable[Statement]) -> int:
    return sum(len(statement.text.split()) for statement in statements)


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
