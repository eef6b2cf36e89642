"""What the body chart shows of a case."""

from __future__ import annotations

from collections.abc import Iterable

from triage.letter.chart import Chart, SignRecord, SpotRecord
from triage.letter.figure import Figure, Mark, Side
from triage.letter.making import Making
from triage.letter.words.phrase import listed

# It is drawn of two kinds of sign, or of three places.
_SIGNS, _PLACES = 2, 3


def figure_of(making: Making) -> Figure | None:
    """Return the body chart of a case; None where it would save no reading."""
    chart = making.templates.chart
    signs = [sign for sign in chart.signs if sign.is_in_letter]
    found = {sign: marks for sign in signs if (marks := _marks(making, chart, sign))}
    places = {(mark.spot, mark.side) for marks in found.values() for mark in marks}
    if len(found) < _SIGNS and len(places) < _PLACES:
        return None
    names = {spot.id: spot for spot in chart.spots.values()}
    items = [f"{sign.name}: {_named(marks, names)}" for sign, marks in found.items()]
    return Figure(
        tuple(mark for marks in found.values() for mark in marks),
        tuple((sign.sign, sign.name) for sign in found),
        making.word("chart", items="; ".join(items)),
    )


def _marks(making: Making, chart: Chart, sign: SignRecord) -> list[Mark]:
    """Return where a sign stands; what contradicts itself, or is told elsewhere, is not drawn."""
    keys = [slot.key for slot in making.form.slots_of(sign.of)]
    without = {key for key in keys if key in making.denied or making.is_held(key)}
    return list(chart.marks(sign, making.form, making.case, without))


def _named(marks: Iterable[Mark], names: dict[str, SpotRecord]) -> str:
    """Return places in words: ``both calves, right hand``."""
    sides: dict[str, set[Side]] = {}
    for mark in marks:
        sides.setdefault(mark.spot, set()).add(mark.side)
    said = []
    for spot, found in sides.items():
        name = names[spot]
        if "none" in found:
            said.append(name.name)
        elif len(found) > 1:
            said.append(f"both {name.many}")
        else:
            said.append(f"{next(iter(found))} {name.name}")
    return listed(said)
