"""The day of a case: what a change of it means, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from triage.content.form import DATE
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Date
from triage.rules.assess import Assessor


def dated(day: date) -> Date:
    """Return what a case holds of its day."""
    return Date(date=PartialDate.of(day))


def redated_words(assessor: Assessor, case: Case, old: date, new: date) -> str:
    """Return that a case is now of the day `new`, and what that changed."""
    changes = "; ".join(_changes(assessor, case, old, new))
    words = f"Now dated {PartialDate.of(new).words()}"
    return f"{words}: {changes}." if changes else f"{words}."


def _changes(assessor: Assessor, case: Case, old: date, new: date) -> Iterator[str]:
    cases = [(case.with_({DATE: dated(day)}), day) for day in (old, new)]
    before, after = (assessor.read(held, day).facts for held, day in cases)
    results = [q.id for q in assessor.content.form.questions.values() if q.kind == "result"]
    known = [{name for name in results if facts.get(name) is not None} for facts in (before, after)]
    yield from _counted(len(known[0] - known[1]), "now too old to count", "is", "are")
    yield from _counted(len(known[1] - known[0]), "again", "counts", "count")
    was, now = (assessor.assess(held, day).urgency for held, day in cases)
    if was.level != now.level:
        yield f"{now.level} instead of {was.level}"
    if was.provisional != now.provisional:
        yield "provisional" if now.provisional else "no longer provisional"


def _counted(number: int, what: str, one: str, many: str) -> Iterator[str]:
    if number:
        yield f"1 result {one} {what}" if number == 1 else f"{number} results {many} {what}"
