"""The kinds of value that one key of a case can hold. All are immutable."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypeGuard

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from triage.model.dates import PartialDate

Comparator = Literal["", "<", "<=", ">", ">="]
Bound = Literal["", "~", "<", "<=", ">", ">="]
Word = Literal["very_low", "low", "normal", "high", "very_high"]
Level = Literal["routine", "soon", "urgent", "emergency"]
Taken = Literal["", "attack", "between", "treated"]
# When a result was taken, as screen and letter say it.
TAKEN: dict[Taken, str] = {
    "attack": "during an attack",
    "between": "between attacks",
    "treated": "on treatment",
}
WORDS: tuple[Word, ...] = ("very_low", "low", "normal", "high", "very_high")
LEVELS: tuple[Level, ...] = ("routine", "soon", "urgent", "emergency")


class _Value(BaseModel):
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )


class Finding(_Value):
    """A finding that was asked or examined, and its outcome.

    `block` says that it was recorded with others by one key ("none of these").
    """

    type: Literal["finding"] = "finding"
    present: bool
    text: str = ""
    block: bool = False


class Choice(_Value):
    """One option of a choice, or the grade in one cell of a grid."""

    type: Literal["choice"] = "choice"
    option: str
    text: str = ""
    block: bool = False


class Quantity(_Value):
    """A number with its unit as recorded, or one of the form's words for it such as ``adult``.

    `comparator` makes it a bound (``more than 9 years``) or ``about``, `high` is the upper end of a range
    (``6 to 8 weeks``).
    `typed` is what was typed, where that differs from the usual spelling; no rule reads it.
    """

    type: Literal["quantity"] = "quantity"
    value: Decimal | None = None
    comparator: Bound = ""
    high: Decimal | None = None
    unit: str = ""
    word: str = ""
    typed: str = ""


class Date(_Value):
    """A date, perhaps partial."""

    type: Literal["date"] = "date"
    date: PartialDate


class Text(_Value):
    """Free text, kept as typed."""

    type: Literal["text"] = "text"
    text: str


class Row(_Value):
    """One row of a table: what was filled in, by column id. Dates are kept in ISO spelling."""

    cells: tuple[tuple[str, str | bool], ...]

    def get(self, column: str) -> str | bool | None:
        """Return the cell of `column`, or None where it is empty."""
        return dict(self.cells).get(column)


class Table(_Value):
    """A list of rows. `closed` says that there is nothing else ("no allergies": closed without rows)."""

    type: Literal["table"] = "table"
    rows: tuple[Row, ...] = ()
    closed: bool = False


class Measurement(_Value):
    """One laboratory or test result: a number, a word as reported, both, an option, or still pending.

    Beside a number the word is what the report said of it; it takes nothing back of the number.
    `taken` is when: during an attack, between attacks, on the treatment of what it shows.
    `typed` is what was typed, where that differs from the usual spelling; no rule reads it.
    """

    value: Decimal | None = None
    comparator: Comparator = ""
    unit: str = ""
    reported: Word | None = None
    option: str = ""
    pending: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    date: PartialDate | None = None
    taken: Taken = ""
    typed: str = ""


class Result(_Value):
    """All results of one test, in the order of entry."""

    type: Literal["result"] = "result"
    items: tuple[Measurement, ...]


class Unable(_Value):
    """Could not be assessed, and why. Any question can be answered so."""

    type: Literal["unable"] = "unable"
    reason: str = ""


class Decision(_Value):
    """What the clinician decided on a suggestion."""

    type: Literal["decision"] = "decision"
    decision: Literal["accept", "decline", "defer"]
    reason: str = ""


class Urgency(_Value):
    """The urgency that the clinician set instead of the suggested one."""

    type: Literal["urgency"] = "urgency"
    level: Level
    reason: str = ""


class Names(_Value):
    """A list of ids, such as the recipients of the letter."""

    type: Literal["names"] = "names"
    names: tuple[str, ...]


class Rewritten(_Value):
    """A block of the letter as the clinician wrote it, and the composed text that it replaces."""

    type: Literal["rewritten"] = "rewritten"
    text: str
    instead_of: str = ""


Value = Annotated[
    Finding
    | Choice
    | Quantity
    | Date
    | Text
    | Table
    | Result
    | Unable
    | Decision
    | Urgency
    | Names
    | Rewritten,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[Value] = TypeAdapter(Value)


def is_present(value: Value | None) -> TypeGuard[Finding]:
    """Whether a finding was recorded, and is there."""
    return isinstance(value, Finding) and value.present


def is_absent(value: Value | None) -> TypeGuard[Finding]:
    """Whether a finding was recorded, and is not there."""
    return isinstance(value, Finding) and not value.present


def value_to_json(value: Value) -> str:
    """Return `value` as one line of JSON."""
    return value.model_dump_json(exclude_defaults=False, exclude_none=True)


def value_from_json(text: str) -> Value:
    """Read what `value_to_json` wrote.

    Raises
    ------
    pydantic.ValidationError
        If the text is no value.
    """
    return _ADAPTER.validate_json(text)
