"""Results on page one: what lies outside its range first, with the limit; what is normal by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from triage.content.ranges import is_normal
from triage.content.schema import Question
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement, strong, unmarked
from triage.letter.template import BlockRecord
from triage.letter.words.phrase import gathered, keys_of, listed, sentence, word_count
from triage.letter.words.results import Told, newest_of, result_told, sex_of, times_beyond
from triage.model.dates import PartialDate
from triage.model.values import Result


@dataclass(frozen=True, slots=True)
class _Test:
    """One test with its results."""

    key: str
    name: str
    told: Told
    normal: bool
    figure: bool
    beyond: Decimal


def results_block(making: Making, record: BlockRecord) -> Block:
    """Return the typed note, then results: abnormal, normal, pending and impossible ones."""
    questions = [making.form.questions[q] for q in making.template.questions[record.id, -1]]
    tests = [
        _test(making, question, value)
        for question in questions
        if isinstance(value := making.case.get(question.id), Result)
    ]
    odd = [test for test in tests if test.told.done and not test.normal]
    normal = [test for test in tests if test.normal]
    found = [
        *_dated(making, odd),
        *_details(making, questions),
        *_normal(making, normal, beside=odd),
        *_pending(making, tests),
        *_impossible(making, questions),
    ]
    notes = making.notes(record)
    if not found and not notes:
        found = [Statement(making.word("no_results"))]
    if record.most and (over := word_count(found) - record.most) > 0:
        found = [_counted(making, s, normal, over) if s.yields else s for s in found]
    rows = [Row("", tuple(found))] if found else []
    return Block(record.id, record.heading, "prose", (*notes, *rows))


def _test(making: Making, question: Question, value: Result) -> _Test:
    told, last = result_told(question, value, making.case), newest_of(value, making.case)
    normal = bool(last) and not told.outside
    sex = sex_of(making.case)
    return _Test(
        question.id,
        making.test_words(question),
        told,
        normal and all(is_normal(question, item, sex) for item in last),
        any(item.value is not None for item in last),
        max((times_beyond(question, item, sex) for item in last), default=Decimal(1)),
    )


def _dated(making: Making, tests: Iterable[_Test]) -> list[Statement]:
    """Return by day, newest first, what is abnormal, and what no range judges."""
    days: dict[PartialDate | None, list[_Test]] = {}
    for test in tests:
        days.setdefault(test.told.day, []).append(test)
    found: list[Statement] = []
    for day in sorted(days, key=_by_day, reverse=True):
        here = sorted(days[day], key=lambda test: (not test.told.outside, -test.beyond))
        items = listed([_figure(test) for test in here])
        text = making.word("dated", day=day.words() if day else "", items=items)
        found.append(Statement(sentence(text), tuple(test.key for test in here)))
    return found


def _by_day(day: PartialDate | None) -> tuple[bool, object]:
    return (day is not None, day.latest if day else None)


def _figure(test: _Test) -> str:
    """Return ``CK 412 U/L (limit 320)``, the result itself bold where it is abnormal."""
    colon = "" if test.figure else ":"
    text = unmarked(f"{test.name}{colon} {test.told.text}")
    limit = f" ({test.told.limit})" if test.told.limit else ""
    return f"{strong(text) if test.told.outside else text}{limit}"


def _details(making: Making, questions: Iterable[Question]) -> list[Statement]:
    """Return what is there beside the tests: the nerve, the level, other results."""
    others = [q for q in questions if q.kind != "result"]
    phrases = [p for q in others for p in making.speaker.phrases(q)]
    return gathered([p for p in phrases if p.part == "present" and p.text and not p.denies])


def _normal(making: Making, tests: list[_Test], beside: Iterable[_Test]) -> list[Statement]:
    """Return what is normal by name; with its day where that is not the one day of all."""
    if not tests:
        return []
    days = {test.told.day for test in (*tests, *beside)}
    groups: dict[PartialDate | None, list[str]] = {}
    for test in tests:
        groups.setdefault(test.told.day, []).append(test.name)
    one = len(days) == 1 and bool(beside)
    items = [
        ", ".join(names) + ("" if one or day is None else f" ({day.words()})")
        for day, names in sorted(groups.items(), key=lambda g: _by_day(g[0]), reverse=True)
    ]
    figures = any(test.figure for test in tests)
    text = making.word("normal_results", items="; ".join(items), figures=figures)
    return [Statement(text, tuple(test.key for test in tests), yields=True)]


def _counted(making: Making, statement: Statement, tests: list[_Test], over: int) -> Statement:
    """Return what is normal by `over` words shorter: the first names, as far as there is room, and how many more."""
    room = word_count([statement]) - over
    for named in range(len(tests) - 1, -1, -1):
        items = listed([test.name for test in tests[:named]])
        text = making.word("normal_count", items=items, count=len(tests) - named)
        shorter = Statement(text, statement.covers, yields=True)
        if word_count([shorter]) <= room:
            break
    return shorter


def _pending(making: Making, tests: Iterable[_Test]) -> list[Statement]:
    pending = [test for test in tests if not test.told.done]
    if not pending:
        return []
    items = listed([test.name for test in pending])
    return [Statement(making.word("pending", items=items), tuple(test.key for test in pending))]


def _impossible(making: Making, questions: Iterable[Question]) -> list[Statement]:
    phrases = [p for q in questions for p in making.speaker.phrases(q) if p.part == "unable"]
    return [Statement(sentence(p.text), keys_of([p])) for p in phrases]
