"""A medicine and its dose as a row of a list: ``bendro 2.5mg om since 2021``, ``stop ramipril``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from triage.content.entry import order_of
from triage.content.form import Form
from triage.content.listed import RowReader, row_readers
from triage.content.medicines import Medicines
from triage.content.schema import Question
from triage.model.dates import PartialDate
from triage.model.values import Row, Table
from triage.session.paste.days import since_behind
from triage.session.quick.grids import between_commas
from triage.session.quick.names import said as words_of
from triage.session.quick.place import Place
from triage.session.quick.plain import RELATED
from triage.session.quick.preview import Line, Meaning
from triage.session.quick.values import fold

_BARE = re.compile(r"\d+(?:[.,]\d+)?")
# As small a number without a unit may be a level in the blood: "lithium 0.9".
_LEVEL = re.compile(r"[01][.,]\d+")
_DECIMAL = re.compile(r"[<>]?\d+[.,]\d+")
# How long is no dose.
_LASTING = re.compile(r"(?:for |x ?)?\d{1,2}/(?:7|12|52)")
_SINCE = "since"
_STOP = ("stop", "stopped")
_STOPPED = "stopped"
_START = ("started", "commenced", "began")
# In front of a name they say that it is taken.
_TAKEN = frozenset(("on", "takes", "taking", "uses", "using", "currently", "now", "also"))
# In front of a day.
_WHEN = ("in", "on", "since", "from")
_AGO = "ago"
# Of more a beginning tells too little.
_MOST_NAMES = 9
_MOST_WORDS = 3


@lru_cache(maxsize=2)
def _readers(form: Form, medicines: Medicines) -> Mapping[str, RowReader]:
    return row_readers(form, medicines)


def read_medicine(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return the medicines that the words can name, with what is copied of their dose."""
    content = place.session.content
    stops = fold(tokens[0]) in _STOP and len(tokens) > 1
    starts = fold(tokens[0]) in _START and len(tokens) > 1
    tokens = tokens[1:] if stops or starts else tokens
    words = [fold(token) for token in tokens]
    if not (stops or starts) and (at := words.index(_STOPPED) if _STOPPED in words else 0):
        stops, tokens = True, [*tokens[:at], *tokens[at + 1 :]]
    # How long ago is no dose, and no day.
    if fold(tokens[-1]) == _AGO:
        return []
    if starts:
        tokens = [_SINCE if n and fold(t) in _WHEN else t for n, t in enumerate(tokens)]
    while len(tokens) > 1 and fold(tokens[0]) in _TAKEN:
        tokens = tokens[1:]
    parts = [" ".join(part) for part in between_commas(tokens)]
    if any(_names_one(part, content.medicines) for part in parts[1:]):
        return []
    text = " ".join(token.rstrip(",") for token in tokens)
    for name, reader in _readers(content.form, content.medicines).items():
        question = content.form.questions[name]
        match = content.medicines.look_up(text)
        cut = match.ends
        # Nothing but the name stands before its end, or what asks whether it is taken.
        if match.starts and not match.found[0].doubted:
            continue
        if text[cut:].strip() and _is_finding(text, place):
            continue
        # "Allergic to penicillin" says of no class that it is taken.
        if any(one.doubted and not one.ask for one in match.found):
            continue
        if len(match.found) == 1 and len(text[:cut].split()) <= _MOST_WORDS:
            return _rows(question, reader, text[:cut].strip(), text[cut:].strip(" ,"), stops, place)
        first, _, rest = text.partition(" ")
        begun = content.medicines.beginning(first)
        if 0 < len(begun) <= _MOST_NAMES and _is_dose(_parted(rest, place)[0], place):
            return [
                replace(meaning, is_exact=False)
                for full in begun
                for meaning in _rows(question, reader, full, rest.strip(), stops, place)
            ]
    return []


def _is_finding(text: str, place: Place) -> bool:
    """Whether a text names a finding as well: "tonic water daily"."""
    hits = place.names.find(words_of(text))
    return any(hit.target.part is None and hit.target.question.kind == "finding" for hit in hits)


def _is_dose(text: str, place: Place) -> bool:
    """Whether a text behind a name is nothing but a dose, and for what it is taken: ``5 bd for AF``."""
    if _LASTING.fullmatch(text):
        return False
    dose, _, purpose = f"{text} ".partition("for ")
    words = words_of(purpose)
    if place.session.content.medicines.is_only_dose(text):
        return True
    is_purpose = bool(words) and RELATED.isdisjoint(words) and not any(map(str.isdigit, purpose))
    return (
        is_purpose
        and place.session.content.medicines.is_only_dose(dose)
        and all(w.isupper() or place.names.knows(w.casefold()) for w in purpose.split())
    )


def _tells_result(tokens: Sequence[str], place: Place) -> bool:
    """Whether a test and its number stand in a dose: ``40 k 3.9``, ``0.71 TSH 2``, but not ``500 mg 2``."""
    is_dose = place.session.content.medicines.is_only_dose
    return any(
        number[:1].isdigit()
        and (_DECIMAL.fullmatch(number) or not is_dose(name))
        and any(
            h.is_exact and h.target.question.kind == "result"
            for h in place.names.find(words_of(name))
        )
        for name, number in pairwise(tokens)
    )


def _names_one(part: str, medicines: Medicines) -> bool:
    """Whether what stands behind a comma is another medicine."""
    return bool(medicines.look_up(part).found or medicines.beginning(part.split()[0]))


def _rows(
    question: Question, reader: RowReader, name: str, rest: str, stops: bool, place: Place
) -> list[Meaning]:
    column = reader.column
    stopped = None
    if stops and rest:
        rest, stopped = _stopped_on(rest, place)
        if not stopped or not (column.stopped and column.stopped.date):
            return []
    dose, since = _parted(rest, place)
    medicines = place.session.content.medicines
    is_sure = _is_dose(dose, place)
    if _tells_result(dose.split(), place):
        return []
    if since == "" or (dose and not is_sure and not medicines.is_dose(dose)):
        return []
    cells: dict[str, str] = {column.names[0]: name}
    if dose and len(column.names) > 1:
        cells[column.names[1]] = dose
    dated = next((c.id for c in question.columns if c.kind == "date"), "")
    if since and dated:
        cells[dated] = since.iso()
    recorded = place.case.get(question.id)
    rows = recorded.rows if isinstance(recorded, Table) else ()
    closed = isinstance(recorded, Table) and recorded.closed
    same = [row for row in rows if _same(reader, row, name)]
    if stops:
        if column.stopped is None:
            return []
        cells[column.stopped.column] = column.stopped.value
        cells |= {column.stopped.date: stopped.iso()} if stopped else {}
    ending = f"stopped {stopped.words()}" if stopped else "stopped" if stops else ""
    found = []
    classes = list(_classes(reader, cells, place)) if not stops else [({}, "", ())]
    # What the text leaves open is asked already where there is more than one answer.
    is_asked = not is_sure and len(classes) == 1
    asks = f"“{dose}” is more than a dose. Is it taken now?" if is_asked else ""
    if _LEVEL.fullmatch(dose):
        asks = asks or f"“{dose}” has no unit. Is it the dose, and no level?"
    for more, said, odd in classes:
        made = {**cells, **more}
        for old in (*same, None) if not (stops and same) else same:
            # A stop changes only that of its row.
            new = {**cells, **dict(old.cells), **_stopped(cells, reader)} if stops and old else made
            row = Row(cells=tuple(new.items()))
            kept = tuple(row if r is old else r for r in rows) if old else (*rows, row)
            remarks = [*odd, *([f"“{dose}” has no unit."] if _BARE.fullmatch(dose) else [])]
            found.append(
                Meaning(
                    (
                        Line(
                            question.phrase.capitalize(),
                            _said(name, dose, since, ending, said) + _beside(reader, old, same),
                        ),
                    ),
                    # That there is nothing else was said of fewer.
                    {question.id: Table(rows=kept, closed=closed and len(kept) <= len(rows))},
                    tuple(remarks),
                    asks=asks,
                    place=len(place.names.targets) + 1,
                    stands_for=reader.read(row).says,
                )
            )
    return found


def _stopped_on(rest: str, place: Place) -> tuple[str, PartialDate | Literal[""] | None]:
    """Return the dose, and the day behind it: ``40 mg nocte in June``; no day if none stands at the end."""
    words = rest.split()
    for at in range(len(words)):
        behind = words[at + 1 :] if fold(words[at]) in _WHEN else words[at:]
        _, day = _parted(" ".join([_SINCE, *behind]), place)
        if day:
            return " ".join(words[:at]), day
    return rest, None


def _parted(rest: str, place: Place) -> tuple[str, PartialDate | Literal[""] | None]:
    """Return dose and directions as typed, and the date behind "since": None if there is none, empty if no date."""
    return since_behind(rest, place.today, order_of(place.profile))


def _classes(
    reader: RowReader, cells: Mapping[str, str], place: Place
) -> Iterable[tuple[Mapping[str, str], str, tuple[str, ...]]]:
    """Yield what can be ticked for a row: its class, or the answers to what its name asks."""
    proposed = reader.propose(Row(cells=tuple(cells.items())), place.session.facts)
    if not proposed.asked:
        yield proposed.yes, proposed.text.rstrip("."), ()
        return
    yield proposed.yes, f"{proposed.text} Yes", ()
    if proposed.no:
        yield proposed.no, f"{proposed.text} No", ()
    yield {}, f"{proposed.text} Leave that open", ()


def _same(reader: RowReader, row: Row, name: str) -> bool:
    wanted = {one.name for one in reader.match(Row(cells=((reader.column.names[0], name),))).found}
    return bool(wanted) and wanted == {one.name for one in reader.match(row).found}


def _said(name: str, dose: str, since: PartialDate | None, stops: str, classes: str) -> str:
    when = f"since {since.words()}" if since else ""
    said = " ".join(part for part in (name, dose, when, stops) if part)
    return f"{said} ({classes})" if classes else said


def _stopped(cells: Mapping[str, str], reader: RowReader) -> dict[str, str]:
    stopped = reader.column.stopped
    names = (stopped.column, stopped.date) if stopped else ()
    return {name: cells[name] for name in names if name in cells}


def _beside(reader: RowReader, old: Row | None, same: Sequence[Row]) -> str:
    """Return what becomes of the row that names the same."""
    if old is not None:
        return f", instead of {reader.named(old, dose=True)}"
    return ", beside the one in the list" if same else ""
