"""CASE.json: the plain interchange form of a case, read strictly and with helpful errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from triage.content.entry import parse_quantity
from triage.content.form import (
    AGE,
    BORN,
    DATE,
    DECISION,
    LANGUAGE,
    NOTE,
    PROFILE,
    RECIPIENTS,
    URGENCY,
    Form,
    Slot,
    units_of,
)
from triage.content.schema import Column, OptionRecord, Question
from triage.errors import CaseError, EntryError, Problem
from triage.expr.symbols import did_you_mean
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.numbers import exact, plain
from triage.model.values import (
    LEVELS,
    WORDS,
    Choice,
    Date,
    Decision,
    Finding,
    Measurement,
    Names,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Urgency,
    Value,
)

VERSION = 1
LARGEST = 8_000_000
LONGEST_TEXT = 100_000
_TOP = (
    "triage_case",
    "form",
    "date",
    "profile",
    "language",
    "patient",
    "referrer",
    "recipients",
    "answers",
    "notes",
    "decisions",
    "urgency",
)
_STATES = ("present", "absent", "unable", "not_assessed")


def parse_json(text: str, name: str) -> object:
    """Read JSON without duplicate keys, NaN or infinity; numbers as exact decimals.

    Raises
    ------
    CaseError
        If it is not such JSON.
    """

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in items:
            if key in found:
                raise CaseError(
                    [Problem(name, key[:60], "this key stands here twice: keep one of them")]
                )
            found[key] = value
        return found

    def constant(spelled: str) -> object:
        raise CaseError(
            [Problem(name, "", f"{spelled} is not a number: leave the answer out instead")]
        )

    if len(text) > LARGEST:
        raise CaseError([Problem(name, "", "the file is far too large to be a case")])
    try:
        return json.loads(
            text, object_pairs_hook=pairs, parse_constant=constant, parse_float=Decimal
        )
    except json.JSONDecodeError as error:
        raise CaseError(
            [
                Problem(
                    name,
                    f"line {error.lineno}, column {error.colno}",
                    f"this is not JSON ({error.msg})",
                )
            ]
        ) from None
    except (RecursionError, ValueError):
        raise CaseError(
            [Problem(name, "", "this JSON is nested too deeply or holds a huge number")]
        ) from None


def read_case(
    text: str, form: Form, rules: frozenset[str], today: date, name: str = "case"
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

    Raises
    ------
    CaseError
        With every problem of the file.
    """
    return _Reader(form, rules, today, name).read(parse_json(text, name))


def day_of(case: Case) -> date:
    """Return the date of a case that was read from a file: it always has one."""
    recorded = case[DATE]
    assert isinstance(recorded, Date)
    return recorded.date.earliest


class _Reader:
    def __init__(self, form: Form, rules: frozenset[str], today: date, name: str) -> None:
        self._form = form
        self._rules = rules
        self._today = today
        self._name = name
        self._problems: list[Problem] = []
        self._values: dict[str, Value] = {}

    def read(self, data: object) -> Case:
        if not isinstance(data, dict):
            raise CaseError(
                [Problem(self._name, "", 'a case is a JSON object: {"triage_case": 1, …}')]
            )
        if data.get("triage_case") != VERSION:
            newer = isinstance(data.get("triage_case"), int) and data["triage_case"] > VERSION
            says = (
                "this case was written by a newer program: update this one"
                if newer
                else f'"triage_case": {VERSION} is missing: this is not a case file'
            )
            raise CaseError([Problem(self._name, "triage_case", says)])
        if data.get("form", self._form.id) != self._form.id:
            raise CaseError(
                [
                    Problem(
                        self._name, "form", f"this case is for another form than {self._form.id!r}"
                    )
                ]
            )
        for key in data:
            if key not in _TOP:
                self._fault(key, f"this key is not known{did_you_mean(key, _TOP)}")
        self._date(data)
        self._groups(data)
        if self._problems:
            raise CaseError(self._problems)
        return Case(self._values)

    def _date(self, data: Mapping[str, object]) -> None:
        """Take the date of the case, before all that is reckoned from it, under either of its names."""
        answers = data.get("answers")
        for name, group in (("date", data), (DATE, answers if isinstance(answers, dict) else {})):
            raw = group.get(name)
            if raw is not None:
                self._attempt(name, partial(self._put_date, raw))
        self._values.setdefault(DATE, Date(date=PartialDate.of(self._today)))

    def _put_date(self, raw: object) -> None:
        given = PartialDate.parse(_string(raw, "date"), self._today)
        if not given.is_full:
            raise EntryError("give year, month and day, such as 2026-11-22")
        self._keep(DATE, Date(date=given))
        self._today = given.earliest

    def _keep(self, key: str, value: Value) -> None:
        if key in self._values:
            raise EntryError("this answer stands in the file twice: keep one of them")
        self._values[key] = value

    def _groups(self, data: Mapping[str, object]) -> None:
        for name, key in (("profile", PROFILE), ("language", LANGUAGE)):
            if name in data:
                self._attempt(name, partial(self._single, key, data[name]))
        for group in ("patient", "referrer"):
            for key, raw in self._object(data, group):
                self._answer(f"{group}.{key}", raw)
        for key, raw in self._object(data, "answers"):
            if key != DATE:
                self._answer(key, raw)
        if _has_both_ages(self._values):
            self._fault(AGE, "give the date of birth or the age, not both")
        if "recipients" in data:
            self._attempt("recipients", lambda: self._recipients(data["recipients"]))
        for section, raw in self._object(data, "notes"):
            self._attempt(f"notes.{section}", partial(self._note, section, raw))
        for rule, raw in self._object(data, "decisions"):
            self._attempt(f"decisions.{rule}", partial(self._decision, rule, raw))
        if data.get("urgency") is not None:
            self._attempt("urgency", lambda: self._urgency(data["urgency"]))

    def _object(self, data: Mapping[str, object], name: str) -> Iterator[tuple[str, object]]:
        value = data.get(name, {})
        if not isinstance(value, dict):
            self._fault(name, "this must be a JSON object: {…}")
            return
        yield from value.items()

    def _attempt(self, record: str, read: Callable[[], None]) -> None:
        try:
            read()
        except (EntryError, ValueError) as error:
            self._fault(
                record, str(error) if isinstance(error, EntryError) else "this does not fit"
            )

    def _fault(self, record: str, says: str) -> None:
        self._problems.append(Problem(self._name, record[:80], says))

    # -- parts that are no answers ----------------------------------------------------------------

    def _single(self, key: str, raw: object) -> None:
        slot = self._form.slot(key)
        if slot is None:
            self._keep(key, Text(text=_string(raw, key)))
        else:
            self._keep(key, self._choice(slot, raw))

    def _recipients(self, raw: object) -> None:
        if not isinstance(raw, list):
            raise EntryError('this must be a list of ids: ["neurophysiology"]')
        self._values[RECIPIENTS] = Names(names=tuple(_string(item, "recipients") for item in raw))

    def _note(self, section: str, raw: object) -> None:
        if section not in self._form.sections:
            raise EntryError(
                f"there is no section {section!r}{did_you_mean(section, self._form.sections)}"
            )
        self._values[f"{NOTE}{section}"] = Text(text=_string(raw, "note"))

    def _decision(self, rule: str, raw: object) -> None:
        # The form's own contradictions are named by an answer.
        if rule not in self._rules and rule not in self._form.slots:
            raise EntryError(f"there is no rule {rule!r}{did_you_mean(rule, self._rules)}")
        given = _fields(raw, ("decision", "reason"))
        decision = given.get("decision")
        if decision not in ("accept", "decline", "defer"):
            raise EntryError("a decision is accept, decline or defer")
        self._values[f"{DECISION}{rule}"] = Decision(
            decision=decision, reason=_string(given.get("reason", ""), "reason")
        )

    def _urgency(self, raw: object) -> None:
        given = _fields(raw, ("level", "reason"))
        level = given.get("level")
        if level not in LEVELS:
            raise EntryError(f"the level is one of {', '.join(LEVELS)}")
        self._values[URGENCY] = Urgency(
            level=level, reason=_string(given.get("reason", ""), "reason")
        )

    # -- answers ----------------------------------------------------------------------------------

    def _answer(self, key: str, raw: object) -> None:
        key = self._form.retired.get(key) or key
        question = self._form.questions.get(key)
        if question is not None and question.kind == "choices":
            self._attempt(key, lambda: self._list(question, raw))
            return
        slot = self._form.slot(key)
        if slot is None:
            hint = "; give .left and .right" if question is not None else self._form.closest(key)
            self._fault(key, f"there is no such answer{hint}")
            return
        self._attempt(key, lambda: self._put(slot, raw))

    def _put(self, slot: Slot, raw: object) -> None:
        if isinstance(raw, dict) and raw.get("state") in ("unable", "not_assessed"):
            given = _fields(raw, ("state", "reason"))
            if given["state"] == "unable":
                self._keep(slot.key, Unable(reason=_string(given.get("reason", ""), "reason")))
            return
        self._keep(slot.key, self._value(slot, raw))

    def _value(self, slot: Slot, raw: object) -> Value:
        match slot.kind:
            case "finding":
                return _finding(raw)
            case "choice":
                return self._choice(slot, raw)
            case "quantity":
                return self._quantity(slot.question, raw)
            case "date":
                return Date(date=PartialDate.parse(_string(raw, "date"), self._today))
            case "table":
                return self._table(slot.question, raw)
            case "result":
                items = raw if isinstance(raw, list) else [raw]
                if not items:
                    raise EntryError("give at least one result, or leave the answer out")
                return Result(items=tuple(self._measurement(slot.question, item) for item in items))
        return Text(text=_string(raw, "text"))

    def _list(self, question: Question, raw: object) -> None:
        if raw == {"state": "not_assessed"}:
            return
        if not isinstance(raw, list):
            raise EntryError('a list of options is expected: ["calf", "foot.left"]')
        closing = question.nothing.id if question.nothing else ""
        ticked = [_string(item, "option") for item in raw]
        if closing in ticked and len(ticked) > 1:
            raise EntryError(f"{closing!r} stands beside a ticked option: keep one of them")
        keys: set[str] = set()
        for name in ticked:
            if name == closing:
                continue
            slot = self._form.slot(f"{question.id}.{name}")
            if slot is None:
                options = [option.id for option in question.options]
                raise EntryError(f"there is no option {name!r}{did_you_mean(name, options)}")
            keys.add(slot.key)
        for key, value in close_list(self._form, question, keys).items():
            self._keep(key, value)

    def _choice(self, slot: Slot, raw: object) -> Choice:
        if not isinstance(raw, dict):
            raw = {"value": raw}
        given = _fields(raw, ("value", "text", "block"))
        option = given.get("value")
        # Grades such as 5 are often written as numbers.
        option = str(option) if isinstance(option, int) and not isinstance(option, bool) else option
        options = [record.id for record in slot.options]
        if option not in options:
            hint = did_you_mean(str(option), options) if isinstance(option, str) else ""
            raise EntryError(f"this is none of the options ({', '.join(options[:12])}){hint}")
        return Choice(
            option=option,
            text=_string(given.get("text", ""), "text"),
            block=_boolean(given.get("block", False)),
        )

    def _quantity(self, question: Question, raw: object) -> Quantity:
        if isinstance(raw, str):
            return parse_quantity(question, raw)
        if not isinstance(raw, dict):
            raw = {"value": raw}
        given = _fields(raw, ("value", "unit"))
        unit = _string(given.get("unit", question.unit), "unit")
        if unit not in units_of(question):
            raise EntryError(f"the unit is one of {', '.join(units_of(question))}")
        return Quantity(value=_number(given.get("value"), "value"), unit=unit)

    def _measurement(self, question: Question, raw: object) -> Measurement:
        if isinstance(raw, str) and question.options:
            raw = {"value": raw}
        if not isinstance(raw, dict):
            raw = {"value": raw}
        given = _fields(
            raw, ("value", "unit", "date", "low", "high", "comparator", "reported", "pending")
        )
        day = given.get("date")
        when = None if day is None else PartialDate.parse(_string(day, "date"), self._today)
        pending = _boolean(given.get("pending", False))
        value, word = given.get("value"), given.get("reported")
        if pending + (word is not None) + (value is not None) > 1:
            raise EntryError("give one of value, reported and pending")
        if question.options:
            for key in given.keys() - {"value", "date", "pending"}:
                raise EntryError(f"this result has no {key!r}: it is one of its options")
            if pending:
                return Measurement(pending=True, date=when)
            options = [option.id for option in question.options]
            if value not in options:
                hint = did_you_mean(value, options) if isinstance(value, str) else ""
                raise EntryError(f"this is none of the results ({', '.join(options)}){hint}")
            return Measurement(option=str(value), date=when)
        unit = _string(given.get("unit", ""), "unit")
        if unit and unit not in units_of(question):
            raise EntryError(f"the unit is one of {', '.join(units_of(question))}")
        low, high = (
            None if given.get(end) is None else _number(given[end], end) for end in ("low", "high")
        )
        comparator = given.get("comparator", "")
        if pending or word is not None:
            if comparator:
                raise EntryError("a comparator needs a value")
            if word is not None and word not in WORDS:
                raise EntryError(f"reported is one of {', '.join(WORDS)}")
            return Measurement(
                pending=pending, reported=word, unit=unit, date=when, low=low, high=high
            )
        if comparator not in ("", "<", "<=", ">", ">="):
            raise EntryError("the comparator is one of <, <=, >, >=")
        return Measurement(
            value=_number(value, "value"),
            comparator=comparator,
            unit=unit or question.unit,
            date=when,
            low=low,
            high=high,
        )

    def _table(self, question: Question, raw: object) -> Table:
        closed = True
        if isinstance(raw, dict):
            given = _fields(raw, ("rows", "closed"))
            raw, closed = given.get("rows", []), _boolean(given.get("closed", False))
        if not isinstance(raw, list):
            raise EntryError("a list of rows is expected: [{…}, …]")
        columns = {column.id: column for column in question.columns}
        rows: list[Row] = []
        for entry in raw:
            given = _fields(entry, tuple(columns))
            rows.append(
                Row(
                    cells=tuple(
                        (name, self._cell(columns[name], value)) for name, value in given.items()
                    )
                )
            )
        return Table(rows=tuple(rows), closed=closed)

    def _cell(self, column: Column, raw: object) -> str | bool:
        match column.kind:
            case "finding":
                return _boolean(raw)
            case "date":
                return PartialDate.parse(_string(raw, column.id), self._today).iso()
            case "choice":
                options = [option.id for option in column_options(self._form, column)]
                if raw not in options:
                    hint = did_you_mean(raw, options) if isinstance(raw, str) else ""
                    raise EntryError(f"{column.id}: this is none of the options{hint}")
        return _string(raw, column.id)


def column_options(form: Form, column: Column) -> tuple[OptionRecord, ...]:
    """Return the options of a table column, its own or those of the question it names."""
    return form.questions[column.options_from].options if column.options_from else column.options


def close_list(
    form: Form, question: Question, present: set[str], *, block: bool = False
) -> dict[str, Value]:
    """Return the values of a closed list: the keys in `present` ticked, every other option absent.

    An option that stands for others ("all") ticks them too.
    """
    present = present | {
        f"{question.id}.{other}"
        for option in question.options
        if f"{question.id}.{option.id}" in present
        for other in option.ticks
    }
    values: dict[str, Value] = {key: Finding(present=True) for key in present}
    for option in question.options:
        key = f"{question.id}.{option.id}"
        if not any(name == key or name.startswith(f"{key}.") for name in present):
            values[key] = Finding(present=False, block=block)
    return values


# -- writing ------------------------------------------------------------------------------------


def write_case(case: Case, form: Form) -> str:
    """Return `case` as CASE.json, indented; reading it gives the same case."""
    return json.dumps(case_data(case, form), indent=1, ensure_ascii=False) + "\n"


def case_data(case: Case, form: Form) -> dict[str, object]:
    """Return `case` as the object of CASE.json."""
    data: dict[str, object] = {"triage_case": VERSION, "form": form.id}
    groups: dict[str, dict[str, object]] = {
        name: {} for name in ("patient", "referrer", "answers", "notes", "decisions")
    }
    lists = _complete_lists(case, form)
    both_ages = _has_both_ages(case)
    for key, value in case.items():
        if key == AGE and both_ages:
            # The age follows from the date of birth; a file gives only one of them.
            continue
        match value:
            case Date(date=day) if key == DATE:
                data["date"] = day.iso()
            case Choice(option=option) if key == PROFILE:
                data["profile"] = option
            case Text(text=text) if key == LANGUAGE:
                data["language"] = text
            case Names(names=names):
                data["recipients"] = list(names)
            case Urgency(level=level, reason=reason):
                data["urgency"] = {"level": level, "reason": reason}
            case Text(text=text) if key.startswith(NOTE):
                groups["notes"][key.removeprefix(NOTE)] = text
            case Decision(decision=decision, reason=reason):
                groups["decisions"][key.removeprefix(DECISION)] = _without_blanks(
                    {"decision": decision, "reason": reason}
                )
            case _:
                question = form.question_of(key)
                if question is not None and question.id in lists:
                    groups["answers"][question.id] = lists[question.id]
                    continue
                group, _, rest = key.partition(".")
                target = groups[group] if group in ("patient", "referrer") else groups["answers"]
                target[rest if target is not groups["answers"] else key] = _plain_value(value)
    return data | {name: group for name, group in groups.items() if group}


def _complete_lists(case: Case, form: Form) -> dict[str, list[str]]:
    """Return the lists that can be written as a list, which closes them."""
    found: dict[str, list[str]] = {}
    asked = {q.id for key in case if (q := form.question_of(key)) and q.kind == "choices"}
    for name in asked:
        question = form.questions[name]
        here = {slot.key: case[slot.key] for slot in form.slots_of(name) if slot.key in case}
        present = {
            key for key, value in here.items() if isinstance(value, Finding) and value.present
        }
        if close_list(form, question, present) == here:
            found[name] = [key.removeprefix(f"{name}.") for key in here if key in present]
    return found


def _plain_value(value: Value) -> object:
    match value:
        case Finding(present=present, text=text, block=block):
            if not text and not block:
                return present
            state = "present" if present else "absent"
            return _without_blanks({"state": state, "text": text, "block": block})
        case Choice(option=option, text=text, block=block):
            if not text and not block:
                return option
            return _without_blanks({"value": option, "text": text, "block": block})
        case Quantity(value=None, word=word):
            return word
        case Quantity(value=Decimal() as number, unit=unit):
            return _without_blanks({"value": _json_number(number), "unit": unit})
        case Date(date=day):
            return day.iso()
        case Table(rows=rows, closed=closed):
            listed = [dict(row.cells) for row in rows]
            return listed if closed else {"rows": listed, "closed": False}
        case Result(items=items):
            written = [_plain_measurement(item) for item in items]
            return written[0] if len(written) == 1 else written
        case Unable(reason=reason):
            return _without_blanks({"state": "unable", "reason": reason})
        case Text(text=text):
            return text
    raise TypeError(value.type)


def _plain_measurement(item: Measurement) -> dict[str, object]:
    value: object = item.option or (None if item.value is None else _json_number(item.value))
    written = {
        "value": value,
        "comparator": item.comparator,
        "unit": item.unit,
        "reported": item.reported,
        "pending": item.pending,
        "low": None if item.low is None else _json_number(item.low),
        "high": None if item.high is None else _json_number(item.high),
        "date": item.date.iso() if item.date else None,
    }
    return _without_blanks(written)


def _without_blanks(data: dict[str, object]) -> dict[str, object]:
    return {
        key: value
        for key, value in data.items()
        if value not in (None, "", False) or (value == 0 and value is not False)
    }


def _json_number(number: Decimal) -> int | float | str:
    """Return the number as JSON can spell it; as text where a float would change it."""
    if number == number.to_integral_value() and "." not in plain(number):
        return int(number)
    spelled = float(number)
    return spelled if str(spelled) == plain(number) else plain(number)


def _has_both_ages(values: Mapping[str, Value]) -> bool:
    return isinstance(values.get(AGE), Quantity) and isinstance(values.get(BORN), Date)


# -- small readers --------------------------------------------------------------------------------


def _fields(raw: object, known: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise EntryError(f"this must be a JSON object with {', '.join(known[:8])}")
    for key in raw:
        if key not in known:
            raise EntryError(
                f"the key {str(key)[:40]!r} is not known here{did_you_mean(str(key), known)}"
            )
    return raw


def _finding(raw: object) -> Finding:
    if isinstance(raw, bool):
        return Finding(present=raw)
    if not isinstance(raw, dict):
        raise EntryError('this must be true, false or {"state": "present", "text": …}')
    given = _fields(raw, ("state", "text", "block"))
    state = given.get("state")
    if state not in _STATES:
        raise EntryError(f"the state is one of {', '.join(_STATES)}")
    return Finding(
        present=state == "present",
        text=_string(given.get("text", ""), "text"),
        block=_boolean(given.get("block", False)),
    )


def _string(raw: object, what: str) -> str:
    if not isinstance(raw, str):
        raise EntryError(f"{what}: this must be text in double quotes")
    if len(raw) > LONGEST_TEXT:
        raise EntryError(f"{what}: this text is longer than {LONGEST_TEXT} characters: shorten it")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in raw):
        raise EntryError(
            f"{what}: this text holds half a character (a lone surrogate): type it anew"
        )
    return raw


def _boolean(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise EntryError("this must be true or false")
    return raw


def _number(raw: object, what: str) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
        raise EntryError(f"{what}: this must be a number")
    return exact(raw, what)
