"""What was found and where, in plain words, as in "Your right hand is weak and thin"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.content.form import SIDES, Slot
from triage.letter.blocks.studies import weight_of
from triage.letter.making import Making
from triage.letter.statements import Statement
from triage.letter.template import PlaceRecord, SignRecord
from triage.letter.words.phrase import listed, sentence
from triage.letter.words.places import Side, side_of
from triage.model.values import Choice

# More places than these are told by the limb, and more limbs not at all; of what muscles do more than one.
_FEW, _ONE = 2, 1
_Where = tuple[tuple[PlaceRecord, Side], ...]


def found_on_body(making: Making) -> Iterator[Statement]:
    """Yield the signs of the template, those of the same places in one sentence."""
    told: dict[tuple[bool, str, _Where], list[SignRecord]] = {}
    keys: dict[tuple[bool, str, _Where], list[str]] = {}
    for sign in making.template.file.sign:
        if slots := _slots(making, sign):
            where = _where(making, slots, _ONE if sign.muscles else _FEW)
            alike = (sign.muscles, "" if where else sign.vague, where)
            told.setdefault(alike, []).append(sign)
            keys.setdefault(alike, []).extend(slot.key for slot in slots)
    for (muscles, vague, where), signs in told.items():
        said = making.word(
            "found_does" if muscles else "found_is",
            places=_named(where),
            many=len(where) != 1 or where[0][1] == "both",
            signs=listed([sign.says for sign in signs], "and"),
        )
        yield Statement(sentence(vague or said), tuple(keys[muscles, vague, where]))


def _named(where: _Where) -> str:
    """Return places in words, a side once of all that it belongs to: ``your right forearm and hand``."""
    sides: dict[Side, list[str]] = {}
    for place, side in where:
        sides.setdefault(side, []).append(place.many if side == "both" else place.one)
    heads = {"both": "both your", "right": "your right", "left": "your left"}
    said = [f"{heads.get(s, 'your')} {listed(names, 'and')}" for s, names in sides.items()]
    return listed(said, "and")


def _slots(making: Making, sign: SignRecord) -> list[Slot]:
    """Return where the sign is, by the first question that was answered: a test goes before what was told."""
    for name in sign.of:
        here = [slot for slot in making.form.slots_of(name) if slot.key in making.case]
        if here:
            return [slot for slot in here if _is_there(making, slot, sign)]
    return []


def _is_there(making: Making, slot: Slot, sign: SignRecord) -> bool:
    value = making.case[slot.key]
    if sign.grades and isinstance(value, Choice):
        return value.option in sign.grades
    return weight_of(making, slot) > 0


def _where(making: Making, slots: Iterable[Slot], most: int) -> _Where:
    """Return up to `most` places with their sides; nothing if there are more, or one has no name or no side."""
    places = making.template.file.place
    found: dict[str, set[str]] = {}
    for slot in slots:
        part = slot.row or slot.option
        name = f"{slot.question.id}.{part.id}" if part else slot.question.id
        here = [place for place in places if name in (*place.of, *place.both)]
        if not here:
            return ()
        for place in here:
            sides = SIDES if name in place.both else (slot.side,)
            found.setdefault(place.id, set()).update(sides)
    if len(found) > most:
        limbs: dict[str, set[str]] = {}
        for place in places:
            if place.id in found:
                limbs.setdefault(place.limb or place.id, set()).update(found[place.id])
        found = limbs
    told = [(p, side_of(found[p.id]) if p.many else "none") for p in places if p.id in found]
    is_told = 0 < len(told) <= most and all(side for _, side in told)
    return tuple(told) if is_told else ()
