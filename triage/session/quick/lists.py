"""Several options of one list in one item: ``cramp calf r forearm both``, ``night rest``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from triage.content.form import SIDES
from triage.content.schema import Question
from triage.model.values import Finding, Value
from triage.session.quick.names import Hit, Target, said
from triage.session.quick.place import Place
from triage.session.quick.preview import Meaning
from triage.session.quick.values import DENIES, SIDES_SAID, fold

_MOST_TOKENS = 24
_LONGEST_NAME = 4


class _Ticked(NamedTuple):
    """An option and its sides, the words that it was named with, and whether it goes by just its name."""

    option: Target
    words: tuple[str, ...]
    sides: tuple[str, ...]
    is_exact: bool


def read_list(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return the lists of which the words name several options, or one after the name of the list."""
    if not 1 < len(tokens) <= _MOST_TOKENS:
        return []
    found = []
    for question in _asked_by(tokens, place):
        found += _read(question, tokens, place)
    return found


def _asked_by(tokens: Sequence[str], place: Place) -> list[Question]:
    """Return the lists that have an option for the last name in the line."""
    last = next((t for t in reversed(tokens) if fold(t) not in SIDES_SAID and said(t)), "")
    hits = place.names.find(said(last)) if last else ()
    asked = (hit.target.question for hit in hits if hit.target.part is not None)
    return list(
        {question.id: question for question in asked if question.kind == "choices"}.values()
    )


def _read(question: Question, tokens: Sequence[str], place: Place) -> list[Meaning]:
    whole = place.names.of_question[question.id]
    for start in range(min(_LONGEST_NAME, len(tokens) - 1), -1, -1):
        named = frozenset(said(" ".join(tokens[:start]))) if start else frozenset()
        if start and named not in whole:
            continue
        ticked = _ticked(question, tokens[start:], place)
        if not start and any(_is_question(one, place) for one in ticked):
            # "Weakness and numbness" is not of a list that was not named.
            continue
        if ticked and (start or len(ticked) > 1):
            return _meanings(question, ticked, bool(start), place)
    return []


def _is_question(one: _Ticked, place: Place) -> bool:
    """Whether an option goes by the name of a finding, or was named with what one is called: "cramps"."""

    def findings(name: tuple[str, ...]) -> list[Question]:
        hits = (h for h in place.names.find(name) if h.is_exact and h.target.part is None)
        return [hit.target.question for hit in hits if hit.target.question.kind == "finding"]

    called = any(said(question.short) == one.words for question in findings(one.words))
    return called or any(findings(tuple(sorted(name))) for name in one.option.names)


def _ticked(question: Question, tokens: Sequence[str], place: Place) -> list[_Ticked]:
    """Return the options that the words name one after the other; none if a word is left over."""
    found: list[_Ticked] = []
    if not DENIES.isdisjoint(map(fold, tokens)):
        return []
    at = 0
    while at < len(tokens):
        # The side may stand in front of a name, and then none stands behind it.
        ahead = SIDES_SAID.get(fold(tokens[at]), ())
        at += bool(ahead)
        for end in range(min(len(tokens), at + _LONGEST_NAME), at, -1):
            words = said(" ".join(tokens[at:end]))
            named, exact = place.names.find_parts(question.id, words)
            if len(named) == 1:
                sides = ahead
                if not ahead and end < len(tokens) and fold(tokens[end]) in SIDES_SAID:
                    sides, end = SIDES_SAID[fold(tokens[end])], end + 1
                found.append(_Ticked(named[0], words, sides, exact))
                at = end
                break
        else:
            return []
    names = [one.option.part for one in found]
    return found if len({id(name) for name in names}) == len(names) else []


def _meanings(
    question: Question, ticked: Sequence[_Ticked], is_named: bool, place: Place
) -> list[Meaning]:
    """Return the ticks; where a side is not said it is asked, once for all of them."""
    open_ = question.sided and not all(one.sides for one in ticked)
    if any(one.sides for one in ticked) and not question.sided:
        return []
    found = []
    for missing in (SIDES[:1], SIDES[1:], SIDES) if open_ else ((),):
        values: dict[str, Value] = {}
        gone: list[str] = []
        for one in ticked:
            assert one.option.part is not None
            key = f"{question.id}.{one.option.part.id}"
            keys = [f"{key}.{side}" for side in one.sides or missing] or [key]
            if any(k not in place.session.form.slots for k in keys):
                return []
            values |= dict.fromkeys(keys, Finding(present=True))
            gone += [key] if keys != [key] else []
        hit = Hit(ticked[0].option, all(one.is_exact for one in ticked))
        scant = "" if hit.is_exact or is_named else "Only parts of names. Is this meant?"
        found.append(replace(place.meaning(values, gone=gone, hit=hit), asks=scant))
    return found
