"""The examination on page one: what is abnormal first, then what argues by being normal, then what was not examined."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from triage.content.schema import Question
from triage.letter.blocks.not_examined import not_examined
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord, RowRecord
from triage.letter.words.grids import merged
from triage.letter.words.phrase import Phrase, gathered, keys_of, listed, sentence
from triage.model.values import is_present


@dataclass(frozen=True, slots=True)
class _Told:
    """A row, and how many of its sentences come before those that may be left to the record."""

    row: Row
    odd: int
    keep: bool

    @property
    def words(self) -> int:
        return sum(len(s.text.split()) for s in self.row.statements)


def examination_block(making: Making, record: BlockRecord) -> Block:
    """Return the typed note, the rows of what was examined, and what was not."""
    rows = (*making.notes(record), *examined_rows(making, record))
    return Block(record.id, record.heading, "rows", rows)


def examined_rows(making: Making, record: BlockRecord, tabled: Collection[str] = ()) -> list[Row]:
    """Return the rows of what was examined, then what was not; of `tabled` questions a table beside them tells."""
    told: list[_Told] = []
    last: list[Row] = []
    seen: set[str] = set(tabled)
    unable: list[Phrase] = []
    for n, row in enumerate(record.row):
        if row.missing:
            last = _last_row(making, row, seen, unable, nothing=not told and not tabled)
            continue
        named = making.template.questions[record.id, n]
        names = [name for name in named if name not in seen]
        seen.update(names)
        phrases = _phrases(making, row, [making.form.questions[name] for name in names])
        unable += [p for p in phrases if p.part == "unable"]
        told += _told(making, row, phrases)
    spent = sum(len(s.text.split()) for row in last for s in row.statements)
    room = max(1, record.most - spent) if record.most else 0
    return [*_within(told, room), *last]


# -- what a row tells -------------------------------------------------------------------------------


def _phrases(making: Making, row: RowRecord, questions: Sequence[Question]) -> list[Phrase]:
    """Return what a row tells: grids of places together, and what stands behind a place in brackets there."""
    words = {q.id: making.answer_words(q.id) for q in questions}
    places = [q for q in questions if q.kind == "grid" and words[q.id].plurals]
    spots = [spot for q in places for spot in making.speaker.grid(q).spots()]
    behind = {
        q.id: words[q.id].behind for q in questions if _is_behind(making, q, words[q.id].behind)
    }
    found = merged(spots)
    for question in questions:
        if question.id in behind:
            continue
        noted = {
            option.rpartition(".")[2]: words[name].page or making.form.questions[name].phrase
            for name, option in behind.items()
            if option.startswith(f"{question.id}.")
        }
        phrases = making.speaker.phrases(question, labelled=True, behind=noted)
        if question in places:
            phrases = [p for p in phrases if p.part == "unable"]
        if question.id == row.sums:
            phrases = _summed(row, phrases, bool(spots), all(spot.normal for spot in spots))
        found += phrases
    return found


def _is_behind(making: Making, question: Question, option: str) -> bool:
    """Whether a finding and the place behind which it stands are both there, and of one side."""
    if not option:
        return False
    here, there = _sides(making, question.id), _sides(making, option)
    return bool(here and there) and here in ({""}, there)


def _sides(making: Making, name: str) -> set[str]:
    """Return the sides on which something is there; an empty one where none was recorded."""
    keys = {side: f"{name}.{side}" if side else name for side in ("left", "right", "")}
    values = {side: making.case.get(key) for side, key in keys.items()}
    return {side for side, v in values.items() if is_present(v)}


def _summed(row: RowRecord, phrases: list[Phrase], told: bool, normal: bool) -> list[Phrase]:
    """Return the answer that sums up a row: not where all of it is told, with what it does not say where nothing is."""
    if told:
        return [p for p in phrases if not (p.normal and normal)]
    return [
        p if p.part == "unable" else replace(p, text=f"{p.text}; {row.alone}", alone=True)
        for p in phrases
    ]


def _told(making: Making, row: RowRecord, phrases: list[Phrase]) -> Iterator[_Told]:
    """Yield the row, if there is anything to tell."""
    here = [p for p in phrases if p.part == "present"]
    odd = [p for p in here if not p.normal and (p.positive or not p.denies)]
    statements = gathered(odd)
    normal = [p for p in here if p.normal]
    rest = [
        *gathered([p for p in here if not p.normal and not p.positive and p.denies]),
        *gathered([p for p in normal if p.alone]),
        *none_of(making, [p for p in phrases if p.part == "absent"]),
        *_normal([p for p in normal if not p.alone]),
    ]
    if not statements and not row.keep:
        rest = [replace(s, yields=True) for s in rest]
    if statements or rest:
        yield _Told(Row(row.label, (*statements, *rest)), len(statements), row.keep)


def _normal(phrases: Sequence[Phrase]) -> list[Statement]:
    """Return what is as it should be; what has one word for it shares a sentence: ``gait and heel walking normal``."""
    groups: dict[tuple[str, str], list[Phrase]] = {}
    for phrase in phrases:
        key = ("", phrase.of[1]) if phrase.of[1] else (phrase.text, "")
        groups.setdefault(key, []).append(phrase)
    found: list[Phrase] = []
    for (text, value), members in groups.items():
        names = listed([p.of[0] for p in members], "and")
        said = f"{names} {value}" if value else text
        found.append(replace(members[0], text=said, keys=keys_of(members), alone=True))
    return gathered(found)


def none_of(making: Making, phrases: Sequence[Phrase]) -> list[Statement]:
    """Return what is absent, as one sentence; that of a block as another, which admits it."""
    found: list[Statement] = []
    for word, block in (("none_of", False), ("none_of_block", True)):
        here = [p for p in phrases if p.block is block]
        if here:
            items = listed(list(dict.fromkeys(p.text for p in here)), "or")
            found.append(Statement(sentence(making.word(word, items=items)), keys_of(here)))
    return found


# -- what there is room for -------------------------------------------------------------------------


def _within(told: list[_Told], most: int) -> list[Row]:
    """Return the rows as far as there is room: the lowest sentences of normal rows go first, then those of others."""
    left = {n: list(item.row.statements) for n, item in enumerate(told)}
    spent = sum(item.words for item in told)
    for only_normal in (True, False):
        for n, item in reversed(list(enumerate(told))):
            if item.keep or only_normal is bool(item.odd):
                continue
            while most and spent > most and len(left[n]) > item.odd:
                spent -= len(left[n].pop().text.split())
    return [Row(item.row.label, tuple(left[n])) for n, item in enumerate(told) if left[n]]


def _last_row(
    making: Making, row: RowRecord, told: set[str], unable: list[Phrase], *, nothing: bool
) -> list[Row]:
    """Return what was not examined, and what could not be; empty if nothing was left out."""
    found: list[Statement] = []
    if nothing and not unable:
        found.append(Statement(making.word("nothing_examined"), (), "strong"))
    elif items := not_examined(making, row.missing, told):
        found.append(Statement(f"{listed(items)}.", (), "strong"))
    if unable:
        items_text = listed([p.text for p in unable])
        found.append(Statement(making.word("not_tested", items=items_text), keys_of(unable)))
    return [Row(row.label, tuple(found), strong=True)] if found else []
