"""Numbers that identify a patient: how they are shown, and whether their check digit fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from triage.content.form import Form
from triage.content.schema import OptionRecord
from triage.model.values import Table, Value

IDENTIFIERS = "patient.identifiers"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One number as recorded, its kind, and what is odd about it (empty: nothing)."""

    kind: str
    value: str
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.value}".strip()


def identifiers(form: Form, case: Mapping[str, Value], *, check: bool = True) -> list[Identifier]:
    """Return the identifying numbers of a case. What holds no letter and no digit identifies nobody."""
    table = case.get(IDENTIFIERS)
    kinds = kinds_of(form)
    found = []
    for row in table.rows if isinstance(table, Table) else ():
        value = str(row.get("value") or "").strip()
        if any(c.isalnum() for c in value):
            kind = kinds.get(str(row.get("kind") or ""))
            fault = check_digit_fault(kind, value) if check else ""
            found.append(Identifier(_name(kind, row.get("kind")), _grouped(kind, value), fault))
    return found


def kinds_of(form: Form) -> Mapping[str, OptionRecord]:
    """Return the kinds of number that the form offers, by id."""
    question = form.questions.get(IDENTIFIERS)
    columns = question.columns if question else ()
    return {option.id: option for column in columns for option in column.options}


def check_digit_fault(kind: OptionRecord | None, value: str) -> str:
    """Return what is wrong with a number whose kind has a check digit; empty if nothing.

    Parameters
    ----------
    kind
        Its `check` names a module of python-stdnum, such as ``gb.nhs``.
    value
        The number as typed.
    """
    if kind is None or not kind.check or not value.strip():
        return ""
    try:
        fits = import_module(f"stdnum.{kind.check}").is_valid(value)
    except ModuleNotFoundError:
        return f"{kind.phrase} cannot be checked: there is no check {kind.check!r}"
    except ValueError:
        fits = False
    return "" if fits else f"{kind.phrase}: the check digit does not fit; compare the number"


def is_known_check(check: str) -> bool:
    """Whether python-stdnum has the module that a kind's `check` names. Imports nothing of it."""
    library = find_spec("stdnum")
    folders = (library.submodule_search_locations or ()) if library else ()
    path = Path(*check.split(".")).with_suffix(".py")
    return any((Path(folder) / path).is_file() for folder in folders)


def _name(kind: OptionRecord | None, given: object) -> str:
    return str(given or "") if kind is None else kind.short or kind.label


def _grouped(kind: OptionRecord | None, value: str) -> str:
    """Return digits in the groups in which a number of this kind is read out."""
    sizes = kind.groups if kind else ()
    if not (sizes and value.isdigit() and len(value) == sum(sizes)):
        return value
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return " ".join(value[end - size : end] for end, size in zip(ends, sizes, strict=True))
