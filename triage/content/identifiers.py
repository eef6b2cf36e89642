"""Numbers that identify a patient: how they are shown, and whether their check digit fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from triage.content.form import Form
from triage.content.schema import OptionRecord, Question
from triage.model.values import Table, Value

IDENTIFIERS = "patient.identifiers"


class Identifier(NamedTuple):
    """One number as recorded, and its kind."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}".strip()


def identifiers(form: Form, case: Mapping[str, Value]) -> list[Identifier]:
    """Return the identifying numbers of a case. What holds no letter and no digit identifies nobody."""
    question, table = form.questions.get(IDENTIFIERS), case.get(IDENTIFIERS)
    if question is None or not isinstance(table, Table):
        return []
    return [
        Identifier(_name(kind, given), _grouped(kind, value))
        for kind, given, value in _numbers(question, table)
    ]


def check_digits(question: Question, table: Table) -> Iterator[str]:
    """Yield of each number whose check digit does not fit that it does not, a sentence each."""
    for kind, _, value in _numbers(question, table):
        if fault := check_digit_fault(kind, value):
            yield f"{fault}."


def _numbers(question: Question, table: Table) -> Iterator[tuple[OptionRecord | None, str, str]]:
    kinds = kinds_of(question)
    for row in table.rows:
        given, value = str(row.get("kind") or ""), str(row.get("value") or "").strip()
        if any(c.isalnum() for c in value):
            yield kinds.get(given), given, value


def kinds_of(question: Question) -> Mapping[str, OptionRecord]:
    """Return the kinds of number that the question offers, by id."""
    return {option.id: option for column in question.columns for option in column.options}


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


def _name(kind: OptionRecord | None, given: str) -> str:
    return given if kind is None else kind.short or kind.label


def _grouped(kind: OptionRecord | None, value: str) -> str:
    """Return digits in the groups in which a number of this kind is read out."""
    sizes = kind.groups if kind else ()
    if not (sizes and value.isdigit() and len(value) == sum(sizes)):
        return value
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return " ".join(value[end - size : end] for end, size in zip(ends, sizes, strict=True))
