"""The earlier visit beside a case: what a new case begins with, and which visit it follows.

A case refers to the visit before it by its draft and the number of its last edit then: the log is only ever appended
to, so this names the same answers for good. None of them stands in the new case before somebody records it there, and
what is not in the case counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from textwrap import shorten
from typing import NamedTuple

from triage.content.form import BORN, DATE, EARLIER, SEX, SIDES, Form, Slot
from triage.content.identifiers import IDENTIFIERS, identifiers
from triage.content.retired import renewed
from triage.content.schema import Question
from triage.errors import TriageError
from triage.letter.words.person import NAMES, name_of
from triage.model.case import Case
from triage.model.history import History
from triage.model.values import Choice, Date, Result, Table, Text, Value
from triage.session.days import full_day
from triage.store.search import folded, plain_number

NO_PATIENT = (
    "This case does not say who the patient is: give the name first, then begin a further visit."
)

# Of an old answer, how much stands beside its question.
_LONGEST = 120


class Reference(NamedTuple):
    """Which visit came before.

    Parameters
    ----------
    draft, n
        Its case, and how many edits that had then.
    day
        Its date.
    """

    draft: str
    n: int
    day: date

    @property
    def value(self) -> Text:
        """What a case holds of it."""
        return Text(text=f"{self.draft} {self.n} {self.day.isoformat()}")


class Earlier(NamedTuple):
    """An earlier visit of the patient of a case.

    Parameters
    ----------
    day
        Its date.
    case
        What was recorded then, each answer under the name that the form has for it now.
    left
        What the visit before that had recorded and nobody confirmed or changed at this one; None if nothing.
    """

    day: date
    case: Case
    left: Earlier | None = None

    @property
    def chain(self) -> Iterator[Earlier]:
        """The visit, and what is left of those before it, the last first."""
        yield self
        if self.left is not None:
            yield from self.left.chain

    @property
    def held(self) -> Mapping[str, Value]:
        """What was recorded, each answer as it was last."""
        found: dict[str, Value] = {}
        for visit in self.chain:
            found = {**found, **{k: v for k, v in visit.case.items() if k not in found}}
        return found

    def background(self, form: Form) -> dict[str, tuple[Slot, ...]]:
        """Return by question what of it is to be confirmed at this visit."""
        found: dict[str, tuple[Slot, ...]] = {}
        for key in self.held:
            slot = form.slot(key)
            if slot is not None and slot.question.asked and form.again(slot.question) == "confirm":
                found[slot.question.id] = (*found.get(slot.question.id, ()), slot)
        return found

    def after(self, form: Form, before: Earlier | None) -> Earlier:
        """Return it with what of the visit `before` was still to be confirmed then."""
        if before is None or is_another(form, before.case, self.case):
            return self
        return self._replace(left=before._open_in(form, self.case))

    def _open_in(self, form: Form, case: Case) -> Earlier | None:
        slots = (slot for those in self.background(form).values() for slot in those)
        waits = Case(
            {s.key: self.case[s.key] for s in slots if s.key in self.case and is_open(s, case)}
        )
        left = self.left._open_in(form, case) if self.left is not None else None
        return Earlier(self.day, waits, left) if waits or left else None


def is_another(form: Form, was: Case, now: Case) -> bool:
    """Whether two cases name two patients: they differ in two of family name, given name, birth date and number.

    One of these alone is put right, or changes with a marriage. So are names that stood in one another's place.
    """
    then, today = _who(form, was), _who(form, now)
    differ = {kind for kind in then.keys() & today.keys() if then[kind].isdisjoint(today[kind])}
    names = [set().union(*(who.get(key, set()) for key in NAMES)) for who in (then, today)]
    if names[0] == names[1]:
        differ -= {*NAMES}
    return len(differ) > 1


def _who(form: Form, case: Case) -> dict[str, set[str]]:
    """Return by what a patient is known, as it is compared."""
    found: dict[str, set[str]] = {}
    for key in NAMES:
        if isinstance(name := case.get(key), Text) and name.text.strip():
            found[key] = {folded(" ".join(name.text.split()))}
    if isinstance(born := case.get(BORN), Date):
        found[BORN] = {born.date.iso()}
    for number in identifiers(form, case):
        found.setdefault(number.kind, set()).add(plain_number(number.value))
    return found


def then_words(form: Form, earlier: Earlier, question: Question) -> str:
    """Return what the earlier visit recorded of `question`, as it stands beside its label; empty if nothing."""
    # The words of letters are needed in a further visit alone, and cost at each start.
    from triage.letter.statements import unmarked
    from triage.letter.words.answers import Speaker
    from triage.letter.words.recorded import option_of, recorded_text

    slots = [slot for slot in form.slots_of(question.id) if slot.key in earlier.case]
    if not slots:
        return ""
    value = earlier.case[slots[0].key]
    if len(slots) == 1 and not slots[0].side and slots[0].option is None and slots[0].row is None:
        if isinstance(value, Choice) and (option := option_of(slots[0].options, value.option)):
            text = f"{option.phrase}{f' ({value.text})' if value.text else ''}"
            return shorten(text, _LONGEST, placeholder=" …")
        if not isinstance(value, Result | Table):
            return shorten(recorded_text(value), _LONGEST, placeholder=" …")
    # By sex and day the limits are those of that record.
    context = [key for key in (SEX, DATE) if key in earlier.case]
    told = Case({key: earlier.case[key] for key in (*context, *(slot.key for slot in slots))})
    phrases = Speaker(form, told).phrases(question, labelled=True)
    there = [unmarked(phrase.text) for phrase in phrases if phrase.part != "absent"]
    return shorten("; ".join(there), _LONGEST, placeholder=" …") or "none"


def reference(case: Mapping[str, Value]) -> Reference | None:
    """Return which visit came before that of `case`; None if none is known."""
    value = case.get(EARLIER)
    if not isinstance(value, Text):
        return None
    try:
        draft, n, day = value.text.split(" ")
        return Reference(draft, int(n), date.fromisoformat(day))
    except ValueError:
        return None


def earlier_visit(form: Form, refers: Reference, history: History) -> Earlier:
    """Return the visit to which a case refers, from the log of its draft."""
    return Earlier(refers.day, renewed(history.case_at(refers.n), form))


def is_open(slot: Slot, case: Mapping[str, Value]) -> bool:
    """Whether nothing is recorded of what stands at `slot`: not with this side, nor with the side left open."""
    if slot.key in case:
        return False
    if slot.side:
        return slot.key.rpartition(".")[0] not in case
    return not any(f"{slot.key}.{side}" in case for side in SIDES)


def next_visit(form: Form, draft: str, history: History) -> dict[str, Value]:
    """Return what a further visit of the same patient begins with: who that is, and which visit came before.

    Parameters
    ----------
    draft, history
        The case of the visit before, and its log. One that gives no date is of the day on which it was worked on last.

    Raises
    ------
    TriageError
        If that case does not say who the patient is.
    """
    case = renewed(history.case, form)
    same = {
        key: value
        for key, value in case.items()
        if (slot := form.slot(key)) is not None and form.again(slot.question) == "same"
    }
    if not name_of(Case(same)) and IDENTIFIERS not in same:
        raise TriageError(NO_PATIENT)
    day = full_day(case.get(DATE)) or history.edits[-1].at.astimezone().date()
    return {EARLIER: Reference(draft, history.n, day).value, **same}
