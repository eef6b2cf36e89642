"""A result: measurements of one test, each a number, a word, an option, or still pending."""

from __future__ import annotations

from collections.abc import Iterator

from triage.content.entry import bare_unit, parse_measurement
from triage.content.form import Form, Slot, units_of
from triage.content.kinds.kind import Kind
from triage.content.kinds.quantity import (
    COMPARATORS,
    comparator_in,
    number,
    said_once,
    unit_faults,
    unit_in,
)
from triage.content.raw import (
    LONGEST_LINE,
    CaseFile,
    boolean,
    day,
    fields,
    option,
    string,
    without_blanks,
)
from triage.content.schema import Question
from triage.errors import EntryError, did_you_mean
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol
from triage.model.dates import PartialDate
from triage.model.values import TAKEN, WORDS, Measurement, Result, Value

_KEYS = (
    "value",
    "unit",
    "date",
    "low",
    "high",
    "comparator",
    "reported",
    "pending",
    "taken",
    "typed",
)


class ResultKind(Kind):
    """The results of one test."""

    keys = frozenset(
        {
            "unit",
            "units",
            "range",
            "integer",
            "low",
            "high",
            "by_sex",
            "old_after_days",
            "options",
            "normal",
            "pair",
        }
    )

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "result"

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield options, units and ranges that cannot be meant."""
        options = [record.id for record in question.options]
        for name in question.normal:
            if name not in options:
                yield f"normal: there is no option {name!r}{did_you_mean(name, options)}"
        if options:
            for key in ("unit", "units", "range", "low", "high", "by_sex"):
                if key in question.model_fields_set:
                    yield f"a result that is one of some options has no {key}: take one of them out"
        other = form.questions.get(question.pair)
        if question.pair and other is None:
            yield f"pair: there is no question {question.pair!r}{form.closest(question.pair)}"
        elif other is not None and (
            other is question or other.kind != question.kind or other.unit != question.unit
        ):
            yield f"pair: {question.pair!r} is not another result in the same unit"
        if question.old_after_days < 0:
            yield "old_after_days: a number of days is not below 0"
        yield from unit_faults(question, form)

    def symbol(self, question: Question, name: str) -> Symbol:
        """Return a number, or one of some options."""
        if question.options:
            return Symbol(name, Sort.OPTIONS, options={o.id: None for o in question.options})
        return Symbol(name, Sort.RESULT, unit=question.unit)

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return one measurement, or a list of them."""
        items = raw if isinstance(raw, list) else [raw]
        if not items:
            raise EntryError("give at least one result, or leave the answer out")
        return Result(items=tuple(_measurement(slot.question, item, file) for item in items))

    def write(self, value: Value) -> object:
        """Return one measurement bare, several as a list."""
        assert isinstance(value, Result)
        written = [_written(item) for item in value.items]
        return written[0] if len(written) == 1 else written

    def renewed(self, value: Value, question: Question, form: Form) -> Value:
        """Return the results with retired options under what they became."""
        assert isinstance(value, Result)
        items = tuple(
            item.model_copy(update={"option": form.now(question.id, item.option)})
            if item.option
            else item
            for item in value.items
        )
        return value if items == value.items else Result(items=items)

    def parted(self, value: Value, slot: Slot, form: Form) -> tuple[Value | None, Value | None]:
        """Return the measurements that the form can still read, and those that it cannot."""
        assert isinstance(value, Result)
        known = tuple(item for item in value.items if _is_known(slot.question, item))
        if len(known) == len(value.items):
            return value, None
        lost = tuple(item for item in value.items if item not in known)
        return (Result(items=known) if known else None), Result(items=lost)


def _measurement(question: Question, raw: object, file: CaseFile) -> Measurement:
    if not isinstance(raw, dict):
        raw = {"value": raw}
    given = fields(raw, _KEYS, file)
    when = None if given.get("date") is None else day(given["date"], "date", file)
    pending = boolean(given.get("pending", False))
    value, word = given.get("value"), given.get("reported")
    if pending and (word is not None or value is not None):
        raise EntryError("pending stands alone: take out value and reported")
    if question.options:
        return _option(question, given, when, file)
    comparator = comparator_in(given, COMPARATORS)
    if comparator and value is None:
        raise EntryError("a comparator needs a value")
    if word is not None and word not in WORDS:
        raise EntryError(f"reported is one of {', '.join(WORDS)}")
    unit = unit_in(given, question)
    if isinstance(value, str):
        text = comparator + string(value, "value", LONGEST_LINE)
        read = parse_measurement(question, text, file.today, unit=unit, profile=file.profile)
        said_once(read, given, unit)
        if word is not None:
            read = read.model_copy(update={"reported": word})
    elif value is not None:
        given_number = number(value, "value")
        unit = unit or bare_unit(question, given_number, file.profile)
        read = Measurement(value=given_number, comparator=comparator, unit=unit, reported=word)
    elif pending:
        read = Measurement(pending=True, unit=unit)
    elif word is not None:
        read = Measurement(reported=word, unit=unit)
    else:
        raise EntryError("give one of value, reported and pending")
    return _with_rest(read, given, when)


def _option(
    question: Question, given: dict[str, object], when: PartialDate | None, file: CaseFile
) -> Measurement:
    for key in given.keys() - {"value", "date", "pending", "taken", "typed"}:
        raise EntryError(f"this result has no {key!r}: it is one of its options")
    if given.get("pending"):
        return _with_rest(Measurement(pending=True), given, when)
    options = [record.id for record in question.options]
    name = option(given.get("value"), options, question.id, file, "results")
    return _with_rest(Measurement(option=name), given, when)


def _with_rest(
    item: Measurement, given: dict[str, object], when: PartialDate | None
) -> Measurement:
    """Return `item` with what else the file says of it: range, date, and what was typed."""
    rest: dict[str, object] = {
        end: number(given[end], end) for end in ("low", "high") if given.get(end) is not None
    }
    if when is not None:
        rest["date"] = when
    if (taken := given.get("taken")) is not None:
        if taken not in TAKEN or item.pending:
            raise EntryError(f"taken is one of {', '.join(TAKEN)}, of a result that is there")
        rest["taken"] = taken
    if typed := string(given.get("typed", ""), "typed", LONGEST_LINE):
        rest["typed"] = typed
    return item.model_copy(update=rest) if rest else item


def _written(item: Measurement) -> dict[str, object]:
    return without_blanks(
        {
            "value": item.option or item.value,
            "comparator": item.comparator,
            "unit": item.unit,
            "reported": item.reported,
            "pending": item.pending,
            "low": item.low,
            "high": item.high,
            "date": item.date.iso() if item.date else None,
            "taken": item.taken,
            "typed": item.typed,
        }
    )


def _is_known(question: Question, item: Measurement) -> bool:
    if item.pending:
        return True
    if question.options or item.option:
        return any(record.id == item.option for record in question.options)
    return item.value is None or item.unit in ("", *units_of(question))
