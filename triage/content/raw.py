"""JSON from outside and back: exact numbers, and small readers that give a type back or say what is wrong."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from triage.content.entry import order_of
from triage.content.form import Form
from triage.errors import CaseError, EntryError, Problem
from triage.model.dates import PartialDate

LONGEST_TEXT = 100_000
LONGEST_LINE = 200
_SHOWN = 40


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

    try:
        return json.loads(
            text, object_pairs_hook=pairs, parse_constant=constant, parse_float=Decimal
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise CaseError([Problem(name, where, f"this is not JSON ({error.msg})")]) from None
    except (RecursionError, ValueError, ArithmeticError):
        raise CaseError(
            [Problem(name, "", "this JSON is nested too deeply or holds a huge number")]
        ) from None


def spelled(data: object, line: str = "\n") -> str:
    """Return `data` as JSON with each number exactly as it was recorded: 4.10 stays 4.10."""
    inner = line + " "
    match data:
        case dict() if data:
            items = (f"{spelled(key, '')}: {spelled(item, inner)}" for key, item in data.items())
            return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
        case list() if data:
            return f"[{inner}{f',{inner}'.join(spelled(item, inner) for item in data)}{line}]"
        case Decimal():
            return f"{data:f}"
    return json.dumps(data, ensure_ascii=False)


# -- what stands in it ----------------------------------------------------------------------------


class Hint(Protocol):
    """Names the entry of a list that a misspelled name may mean."""

    def __call__(self, name: str, known: Collection[str]) -> str:
        """Return a hint such as `` (did you mean 'calf'?)``, or an empty string."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the kinds of question need to know of the file that they read.

    Parameters
    ----------
    form
        The form.
    today
        The day from which relative dates are reckoned.
    profile
        The guideline profile of the case, which orders the units and the parts of a date.
    hint
        Gives hints, as long as they are worth their time.
    """

    form: Form
    today: date
    profile: str
    hint: Hint


def quoted(name: str) -> str:
    """Return a name of the file in quotes, cut where it is long."""
    return repr(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…")


def fields(raw: object, known: Collection[str], file: CaseFile) -> dict[str, object]:
    """Return a JSON object that has no other keys than the `known`."""
    if not isinstance(raw, dict):
        raise EntryError(f"this must be a JSON object with {', '.join(list(known)[:8])}")
    for key in raw:
        if key not in known:
            raise EntryError(f"the key {quoted(key)} is not known here{file.hint(key, known)}")
    return raw


def string(raw: object, what: str, longest: int = LONGEST_TEXT) -> str:
    """Return text of a sensible length and without halves of characters."""
    if not isinstance(raw, str):
        raise EntryError(f"{what}: this must be text in double quotes")
    if len(raw) > longest:
        raise EntryError(f"{what}: this text is longer than {longest} characters: shorten it")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in raw):
        raise EntryError(
            f"{what}: this text holds half a character (a lone surrogate): type it anew"
        )
    return raw


def boolean(raw: object) -> bool:
    """Return true or false."""
    if not isinstance(raw, bool):
        raise EntryError("this must be true or false")
    return raw


def day(raw: object, what: str, file: CaseFile) -> PartialDate:
    """Return a date, perhaps partial."""
    text = string(raw, what, LONGEST_LINE)
    return PartialDate.parse(text, file.today, order_of(file.profile))


def option(
    raw: object, options: Collection[str], of: str, file: CaseFile, what: str = "options"
) -> str:
    """Return one of the `options` of `of`, which an older form may have called otherwise."""
    # Grades such as 5 are often written as numbers.
    name = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if isinstance(name, str):
        name = file.form.now(of, name)
    if not isinstance(name, str) or name not in options:
        hint = file.hint(name, options) if isinstance(name, str) else ""
        raise EntryError(f"this is none of the {what} ({', '.join(list(options)[:12])}){hint}")
    return name


def without_blanks(data: dict[str, object]) -> dict[str, object]:
    """Return `data` without what is empty; a number of 0 stays."""
    return {
        key: value
        for key, value in data.items()
        if value is not None and value is not False and value != ""
    }
