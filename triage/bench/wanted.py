"""The case that is wanted, beside the one that a window has: what differs, and what is still to answer."""

from __future__ import annotations

from typing import Any

from triage.content.form import BORN, DATE, DECISION, EARLIER, PROFILE, RECIPIENTS, SEX, Form
from triage.content.identifiers import IDENTIFIERS, kinds_of
from triage.content.schema import Question
from triage.model.case import Case
from triage.model.values import Choice, Date, Names, Result, Table, Text, Value
from triage.session.days import full_day
from triage.session.paste.patient import ADDRESS, PHONE
from triage.session.paste.person import FAMILY, GIVEN
from triage.session.session import Session, block_values

# What the program knows by itself, or records by issuing.
_OWN = {DATE, PROFILE, EARLIER, RECIPIENTS}
# How a record system calls the details of a patient.
_COPIED = {"Date of birth": BORN, "Gender": SEX, "Address": ADDRESS, "Telephone": PHONE}


def plain(value: Value | None) -> object:
    """Return what a value says, however it was recorded: typed or chosen, alone or with its block."""
    if value is None:
        return None
    told: dict[str, Any] = value.model_dump(exclude={"block", "typed"})
    if isinstance(value, Result):
        told["items"] = [item.model_dump(exclude={"typed"}) for item in value.items]
    return told


def details_of(case: Case, form: Form) -> str:
    """Return the details of the patient of a case as a record system copies them."""

    def said(key: str) -> str:
        match case.get(key):
            case Text(text=text):
                return text
            case Date(date=day):
                return day.words()
            case Choice(option=option):
                return next(o.label for o in form.questions[key].options if o.id == option)
        return ""

    numbers = case.get(IDENTIFIERS)
    kinds = kinds_of(form.questions[IDENTIFIERS])
    rows = numbers.rows if isinstance(numbers, Table) else ()
    lines = [
        f"{said(FAMILY)}, {said(GIVEN)}",
        *(f"{label}: {said(key)}" for label, key in _COPIED.items() if said(key)),
        *(f"{kinds[str(row.get('kind'))].label}: {row.get('value')}" for row in rows),
    ]
    return "\n".join(lines)


class Wanted:
    """What a session should hold in the end.

    Parameters
    ----------
    session
        The session.
    want
        The case as it should be.

    Attributes
    ----------
    case
        As much of `want` as can be entered.
    unasked
        The keys of the rest.
    """

    def __init__(self, session: Session, want: Case) -> None:
        self._session, self._form = session, session.form
        slots = self._form.slots
        # What the form asks no longer nobody can fill in.
        self.unasked = [key for key in want.keys() & slots.keys() if not slots[key].question.asked]
        self.case = want.with_(dict.fromkeys(self.unasked))
        # Nor decide on a test that only such an answer called for.
        day = full_day(want.get(DATE)) or session.day
        offered = session.assessor.assess(self.case, day).investigations
        tests = {f"{DECISION}{test.id}" for test in offered}
        known = {f"{DECISION}{rule.record.id}" for rule in session.content.investigations}
        gone = [key for key in self.case.keys() & known if key not in tests]
        self.unasked += gone
        self.case = self.case.with_(dict.fromkeys(gone))

    @property
    def profile(self) -> str:
        """The guideline profile, which orders units and the parts of a date."""
        return self._session.profile

    def differs(self, key: str) -> bool:
        """Whether another answer stands under a key than is wanted, or none."""
        return plain(self._session.case.get(key)) != plain(self.case.get(key))

    def is_open(self, question: Question) -> bool:
        """Whether an answer to a question is still to give."""
        return any(
            self.differs(slot.key)
            for slot in self._form.slots_of(question.id)
            if slot.key in self.case or slot.key in self._session.case
        )

    def is_told(self, question: Question) -> bool:
        """Whether any answer to a question is wanted."""
        return any(slot.key in self.case for slot in self._form.slots_of(question.id))

    def fits(self, question: Question) -> bool:
        """Whether what the key of its block records is the answer that is wanted."""
        slots = self._form.slots_of(question.id)
        own = block_values(slots, question)
        return bool(own) and all(
            plain(self.case.get(slot.key)) == plain(own.get(slot.key)) for slot in slots
        )

    def differences(self) -> list[str]:
        """Return how the case differs from the one that is wanted, answer by answer."""
        case, want = self._session.case, self.case
        keys = sorted({*case.keys(), *want.keys()} - _OWN)
        found = [
            f"{key}: {_said(case.get(key))} instead of {_said(want.get(key))}"
            for key in keys
            if self.differs(key)
        ]
        wanted, named = want.get(RECIPIENTS), case.get(RECIPIENTS)
        if isinstance(wanted, Names) and not (
            isinstance(named, Names) and named.names[:1] == wanted.names[:1]
        ):
            found.append(f"recipients: {_said(named)} instead of {_said(wanted)}")
        day, profile = want.get(DATE), want.get(PROFILE)
        if isinstance(day, Date) and day.date.iso() != self._session.day.isoformat():
            found.append(f"date: {self._session.day} instead of {day.date.iso()}")
        if isinstance(profile, Choice) and profile.option != self._session.profile:
            found.append(f"profile: {self._session.profile} instead of {profile.option}")
        return found


def _said(value: Value | None) -> str:
    if value is None:
        return "nothing"
    told = value.model_dump(exclude_defaults=True)
    return ", ".join(f"{name} {said}" for name, said in told.items()) or type(value).__name__
