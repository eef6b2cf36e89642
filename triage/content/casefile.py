"""CASE.json: the plain interchange form of a case, read strictly and with helpful errors.

What stands under one question is read and written by its kind (`triage.content.kinds`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import partial

from triage.content import raw
from triage.content.entry import split_pair
from triage.content.form import (
    AGE,
    BORN,
    DATE,
    DECISION,
    EARLIER,
    LANGUAGE,
    LETTER,
    NOTE,
    OUTSIDE,
    PROFILE,
    RECIPIENTS,
    URGENCY,
    Form,
    Slot,
)
from triage.content.kinds import KINDS
from triage.content.raw import CaseFile, quoted
from triage.content.retired import renewed
from triage.errors import AskError, CaseError, EntryError, Problem, did_you_mean
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import (
    LEVELS,
    Choice,
    Date,
    Decision,
    Names,
    Quantity,
    Rewritten,
    Text,
    Unable,
    Urgency,
    Value,
)

VERSION = 1
LARGEST = 8_000_000
# A file that is no case of this form has thousands of problems: as many as help are told.
_MOST_TOLD = 50
_MOST_HINTS = 20
_TOP = (
    "triage_case",
    "form",
    "date",
    "profile",
    "language",
    "outside",
    "patient",
    "referrer",
    "recipients",
    "answers",
    "notes",
    "decisions",
    "urgency",
    "letter",
)
# The id of a block of a letter.
_BLOCK = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_case(
    text: str,
    form: Form,
    rules: frozenset[str],
    today: date,
    name: str = "case",
    *,
    profile: str = "",
) -> Case:
    """Read CASE.json.

    Parameters
    ----------
    text
        The file's text.
    form
        The form it must fit.
    rules
        The ids that a decision may be about.
    today
        The date of the case, if the file gives none.
    name
        The file's name, for errors.
    profile
        The guideline profile, if the file gives none; left to the form if empty.

    Raises
    ------
    CaseError
        With the problems of the file.
    """
    if len(text) > LARGEST:
        raise CaseError([Problem(name, "", "the file is far too large to be a case")])
    return read_data(raw.parse_json(text, name), form, rules, today, name, profile=profile)


def read_data(
    data: object,
    form: Form,
    rules: frozenset[str],
    today: date,
    name: str = "case",
    *,
    profile: str = "",
) -> Case:
    """Read what CASE.json holds, as `read_case` does, once it was read as JSON.

    Raises
    ------
    CaseError
        With the problems of the file.
    """
    if profile and isinstance(data, dict) and not _gives_profile(data):
        data["profile"] = profile
    return _Reader(form, rules, today, name).read(data)


def form_named(text: str, name: str = "case") -> str:
    """Return the id of the form that a case file names; empty if it names none.

    Raises
    ------
    CaseError
        If `text` is no JSON.
    """
    data = raw.parse_json(text, name)
    form = data.get("form") if isinstance(data, dict) else None
    return form if isinstance(form, str) else ""


def day_of(case: Case) -> date:
    """Return the date of a case that was read from a file: it always has one."""
    recorded = case[DATE]
    assert isinstance(recorded, Date)
    return recorded.date.earliest


def _gives_profile(data: Mapping[str, object]) -> bool:
    answers = data.get("answers")
    return "profile" in data or (isinstance(answers, dict) and PROFILE in answers)


class _Reader:
    def __init__(self, form: Form, rules: frozenset[str], today: date, name: str) -> None:
        self._form = form
        self._rules = rules
        self._today = today
        self._name = name
        self._problems: list[Problem] = []
        self._values: dict[str, Value] = {}

    def read(self, data: object) -> Case:
        self._check_envelope(data)
        assert isinstance(data, dict)
        for key in data:
            if key not in _TOP:
                self._fault(key, f"this key is not known{self._hint(key, _TOP)}")
        answers = data.get("answers")
        answers = answers if isinstance(answers, dict) else {}
        self._profile(data, answers)
        self._date(data, answers)
        self._groups(data)
        if self._problems:
            more = len(self._problems) - _MOST_TOLD
            rest = [Problem(self._name, "", f"and {more} more")] if more > 0 else []
            raise CaseError([*self._problems[:_MOST_TOLD], *rest])
        return Case(self._values)

    def _check_envelope(self, data: object) -> None:
        """Refuse what is no case of this form, before anything in it is looked at."""
        if not isinstance(data, dict):
            says = 'a case is a JSON object: {"triage_case": 1, …}'
            raise CaseError([Problem(self._name, "", says)])
        version = data.get("triage_case")
        # True equals 1, and is no version.
        if type(version) is not int or version != VERSION:
            newer = type(version) is int and version > VERSION
            says = (
                "this case was written by a newer program: update this one"
                if newer
                else f'"triage_case": {VERSION} is missing: this is not a case file'
            )
            raise CaseError([Problem(self._name, "triage_case", says)])
        if data.get("form", self._form.id) != self._form.id:
            says = f"this case is for another form than {self._form.id!r}"
            raise CaseError([Problem(self._name, "form", says)])

    def _hint(self, name: str, known: Collection[str]) -> str:
        """Name the entry of `known` that is meant: looking for it takes long, so not for every problem."""
        return did_you_mean(name, known) if len(self._problems) < _MOST_HINTS else ""

    def _fault(self, record: str, says: str) -> None:
        self._problems.append(Problem(self._name, record[:80], says))

    def _attempt(self, record: str, read: Callable[[], None]) -> None:
        try:
            read()
        except AskError as error:
            # The window asks which is meant; a file has to say it.
            meant = " or ".join(shown for shown, _ in error.readings)
            self._fault(record, f"{error} Write it so that it has one reading: {meant}")
        except EntryError as error:
            self._fault(record, str(error))
        except ValueError:
            self._fault(record, "this does not fit")

    def _keep(self, key: str, value: Value) -> None:
        if key in self._values:
            raise EntryError("this answer stands in the file twice: keep one of them")
        self._values[key] = value

    # -- the groups of the file -------------------------------------------------------------------

    def _profile(self, data: Mapping[str, object], answers: Mapping[str, object]) -> None:
        """Take the profile, which orders units and dates, before all of these, under either of its names."""
        for name, group in (("profile", data), (PROFILE, answers)):
            if name in group:
                self._answer(PROFILE, group[name])

    def _date(self, data: Mapping[str, object], answers: Mapping[str, object]) -> None:
        """Take the date of the case, before all that is reckoned from it, under either of its names."""
        for name, group in (("date", data), (DATE, answers)):
            given = group.get(name)
            if given is not None:
                self._attempt(name, partial(self._put_date, given))
        self._values.setdefault(DATE, Date(date=PartialDate.of(self._today)))

    def _put_date(self, given: object) -> None:
        day = raw.day(given, "date", self._file)
        if not day.is_full:
            raise EntryError("give year, month and day, such as 2026-11-22")
        self._keep(DATE, Date(date=day))
        self._today = day.earliest

    def _groups(self, data: Mapping[str, object]) -> None:
        for name, key in (("language", LANGUAGE), ("outside", OUTSIDE)):
            if name in data:
                self._attempt(name, partial(self._text, name, key, data[name]))
        for group in ("patient", "referrer"):
            for key, given in self._object(data, group):
                self._answer(f"{group}.{key}", given)
        for key, given in self._object(data, "answers"):
            if key not in (DATE, PROFILE):
                self._answer(key, given)
        if _has_both_ages(self._values):
            self._fault(AGE, "give the date of birth or the age, not both")
        if "recipients" in data:
            self._attempt("recipients", partial(self._recipients, data["recipients"]))
        for section, given in self._object(data, "notes"):
            self._attempt(f"notes.{section}", partial(self._note, section, given))
        for rule, given in self._object(data, "decisions"):
            self._attempt(f"decisions.{rule}", partial(self._decision, rule, given))
        for block, given in self._object(data, "letter"):
            self._attempt(f"letter.{block}", partial(self._rewritten, block, given))
        if data.get("urgency") is not None:
            self._attempt("urgency", partial(self._urgency, data["urgency"]))

    def _object(self, data: Mapping[str, object], name: str) -> Iterator[tuple[str, object]]:
        value = data.get(name, {})
        if not isinstance(value, dict):
            self._fault(name, "this must be a JSON object: {…}")
            return
        yield from value.items()

    def _text(self, name: str, key: str, given: object) -> None:
        self._keep(key, Text(text=raw.string(given, name)))

    def _recipients(self, given: object) -> None:
        if not isinstance(given, list):
            raise EntryError('this must be a list of ids: ["neurophysiology"]')
        names = tuple(raw.string(item, "recipients") for item in given)
        for name in names:
            if name not in self._form.recipients:
                hint = self._hint(name, self._form.recipients)
                raise EntryError(f"there is no recipient {quoted(name)}{hint}")
        if len(set(names)) < len(names):
            raise EntryError("a recipient stands here twice: keep one of them")
        self._values[RECIPIENTS] = Names(names=names)

    def _note(self, section: str, given: object) -> None:
        if section not in self._form.sections:
            hint = self._hint(section, self._form.sections)
            raise EntryError(f"there is no section {quoted(section)}{hint}")
        self._values[f"{NOTE}{section}"] = Text(text=raw.string(given, "note"))

    def _decision(self, rule: str, given: object) -> None:
        # The form's own contradictions are named by an answer.
        if rule not in self._rules and rule not in self._form.slots:
            raise EntryError(f"there is no rule {quoted(rule)}{self._hint(rule, self._rules)}")
        data = raw.fields(given, ("decision", "reason"), self._file)
        decision = data.get("decision")
        if decision not in ("accept", "decline", "defer"):
            raise EntryError("a decision is accept, decline or defer")
        self._values[f"{DECISION}{rule}"] = Decision(
            decision=decision, reason=raw.string(data.get("reason", ""), "reason")
        )

    def _urgency(self, given: object) -> None:
        data = raw.fields(given, ("level", "reason"), self._file)
        level = data.get("level")
        if level not in LEVELS:
            raise EntryError(f"the level is one of {', '.join(LEVELS)}")
        self._values[URGENCY] = Urgency(
            level=level, reason=raw.string(data.get("reason", ""), "reason")
        )

    def _rewritten(self, block: str, given: object) -> None:
        if not _BLOCK.fullmatch(block):
            raise EntryError("a block of the letter is named by its id, such as history")
        data = raw.fields(given, ("text", "instead_of"), self._file)
        text = raw.string(data.get("text", ""), "text")
        if not text.strip():
            raise EntryError("text: write what the block is to say, or leave the block out")
        self._values[f"{LETTER}{block}"] = Rewritten(
            text=text, instead_of=raw.string(data.get("instead_of", ""), "instead_of")
        )

    # -- answers ----------------------------------------------------------------------------------

    @property
    def _file(self) -> CaseFile:
        chosen = self._values.get(PROFILE)
        profile = chosen.option if isinstance(chosen, Choice) else self._form.profile
        return CaseFile(self._form, self._today, profile, self._hint)

    def _answer(self, name: str, given: object) -> None:
        key = self._form.became(name)
        question = self._form.questions.get(key)
        if (slot := self._form.slot(key)) is not None:
            pair = split_pair(slot.question, given) if isinstance(given, str) else None
            if pair is not None:
                self._answer(slot.question.pair, pair[1])
                given = pair[0]
            self._attempt(key, partial(self._put, slot, given))
        elif question is not None:
            self._attempt(key, partial(self._put_all, key, given))
        else:
            self._fault(key, f"there is no such answer{self._hint(key, self._form.slots)}")

    def _put(self, slot: Slot, given: object) -> None:
        if isinstance(given, dict) and given.get("state") in ("unable", "not_assessed"):
            data = raw.fields(given, ("state", "reason"), self._file)
            if data["state"] == "unable":
                reason = raw.string(data.get("reason", ""), "reason")
                self._keep(slot.key, Unable(reason=reason))
            return
        self._keep(slot.key, KINDS[slot.question.kind].read(slot, given, self._file))

    def _put_all(self, name: str, given: object) -> None:
        question = self._form.questions[name]
        for key, value in KINDS[question.kind].read_all(question, given, self._file).items():
            self._keep(key, value)


# -- writing ------------------------------------------------------------------------------------


def write_case(case: Case, form: Form) -> str:
    """Return `case` as CASE.json, indented; reading it gives the same case."""
    return raw.spelled(case_data(case, form)) + "\n"


def case_data(case: Case, form: Form) -> dict[str, object]:
    """Return `case` as the object of CASE.json; numbers in it are exact decimals."""
    case = renewed(case, form)
    data: dict[str, object] = {"triage_case": VERSION, "form": form.id}
    groups: dict[str, dict[str, object]] = {
        name: {} for name in ("patient", "referrer", "answers", "notes", "decisions", "letter")
    }
    whole = _written_whole(case, form)
    both_ages = _has_both_ages(case)
    for key, value in case.items():
        if (key == AGE and both_ages) or key == EARLIER:
            # The age follows from the date of birth; a file gives only one of them. The draft of an earlier visit is
            # known where it lies, and nowhere else.
            continue
        match value:
            case Date(date=day) if key == DATE:
                data["date"] = day.iso()
            case Choice(option=option, text="", block=False) if key == PROFILE:
                data["profile"] = option
            case Text(text=text) if key == LANGUAGE:
                data["language"] = text
            case Text(text=text) if key == OUTSIDE:
                data["outside"] = text
            case Names(names=names):
                data["recipients"] = list(names)
            case Urgency(level=level, reason=reason):
                data["urgency"] = {"level": level, "reason": reason}
            case Text(text=text) if key.startswith(NOTE):
                groups["notes"][key.removeprefix(NOTE)] = text
            case Decision(decision=decision, reason=reason):
                groups["decisions"][key.removeprefix(DECISION)] = raw.without_blanks(
                    {"decision": decision, "reason": reason}
                )
            case Rewritten(text=text, instead_of=instead):
                groups["letter"][key.removeprefix(LETTER)] = raw.without_blanks(
                    {"text": text, "instead_of": instead}
                )
            case _:
                question = form.question_of(key)
                if question is not None and question.id in whole and key in form.slots:
                    groups["answers"][question.id] = whole[question.id]
                    continue
                group, _, rest = key.partition(".")
                if group in ("patient", "referrer"):
                    groups[group][rest] = _written(value, form.slot(key))
                else:
                    groups["answers"][key] = _written(value, form.slot(key))
    return data | {name: group for name, group in groups.items() if group}


def _written_whole(case: Case, form: Form) -> dict[str, object]:
    """Return, by question, what is written for all of its keys at once."""
    asked = {question.id: question for key in case if (question := form.question_of(key))}
    found = {
        name: KINDS[question.kind].write_all(
            question, {s.key: case[s.key] for s in form.slots_of(name) if s.key in case}
        )
        for name, question in asked.items()
    }
    return {name: written for name, written in found.items() if written is not None}


def _written(value: Value, slot: Slot | None) -> object:
    if isinstance(value, Unable):
        return raw.without_blanks({"state": "unable", "reason": value.reason})
    if isinstance(value, Decision | Urgency | Names | Rewritten):
        raise TypeError(value.type)
    # A value that the form has no place for any more is written as any of its type.
    fits = slot is not None and slot.kind == value.type
    return KINDS[slot.question.kind if slot and fits else value.type].write(value)


def _has_both_ages(values: Mapping[str, Value]) -> bool:
    return isinstance(values.get(AGE), Quantity) and isinstance(values.get(BORN), Date)
