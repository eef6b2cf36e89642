"""The day of a case: what comes with a new one, and what a change of it means, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from triage.content.form import DATE
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.history import Edit
from triage.model.values import Date, Measurement, Result, Value
from triage.rules.assess import Assessor


def dated(day: date) -> Date:
    """Return what a case holds of its day."""
    return Date(date=PartialDate.of(day))


def full_day(value: Value | None) -> date | None:
    """Return the day that `value` names, None where it names none in full."""
    return value.date.earliest if isinstance(value, Date) and value.date.is_full else None


def moved(
    case: Case, changes: Mapping[str, Value | None], old: date, new: date
) -> Mapping[str, Value | None]:
    """Return `changes` together with what moves `case` from its day `old` to the day `new`.

    A result without a date counts as of the case's day. So those of the old day get it as their
    date: else an old normal one would count as today's.
    """
    found = {**changes, DATE: dated(new)}
    for key, held in case.items():
        wanted = found.get(key, held)
        if isinstance(held, Result) and isinstance(wanted, Result):
            items = [_of_day(i, old) if i in held.items else i for i in wanted.items]
            if items != list(wanted.items):
                found[key] = Result(items=tuple(items))
    return found


def _of_day(item: Measurement, day: date) -> Measurement:
    if item.date is not None or item.pending:
        return item
    return item.model_copy(update={"date": PartialDate.of(day)})


def moved_words(assessor: Assessor, case: Case, edits: Iterable[Edit], old: date, new: date) -> str:
    """Return that a case is now of the day `new`, and what that changed."""
    changes = "; ".join((*_dates(edits, old), *_changes(assessor, case, old, new)))
    words = f"Now dated {PartialDate.of(new).words()}"
    return f"{words}: {changes}." if changes else f"{words}."


def _dates(edits: Iterable[Edit], old: date) -> Iterator[str]:
    number = sum(
        _of_day(item, old) in edit.new.items
        for edit in edits
        if isinstance(edit.old, Result) and isinstance(edit.new, Result)
        for item in edit.old.items
        if _of_day(item, old) != item
    )
    if number:
        which = "1 result" if number == 1 else f"{number} results"
        yield f"{which} without a date counted as of {PartialDate.of(old).words()}"


def _changes(assessor: Assessor, case: Case, old: date, new: date) -> Iterator[str]:
    cases = [(case.with_({DATE: dated(day)}), day) for day in (old, new)]
    before, after = (assessor.read(held, day).facts for held, day in cases)
    results = [q.id for q in assessor.content.form.questions.values() if q.kind == "result"]
    known = [{name for name in results if facts.get(name) is not None} for facts in (before, after)]
    yield from _counted(len(known[0] - known[1]), "now too old to count", "is", "are")
    yield from _counted(len(known[1] - known[0]), "again", "counts", "count")
    was, now = (assessor.assess(held, day).urgency for held, day in cases)
    if was.level != now.level:
        yield f"{now.level or 'no level'} instead of {was.level or 'none'}"
    if was.provisional != now.provisional:
        yield "provisional" if now.provisional else "no longer provisional"


def _counted(number: int, what: str, one: str, many: str) -> Iterator[str]:
    if number:
        yield f"1 result {one} {what}" if number == 1 else f"{number} results {many} {what}"
