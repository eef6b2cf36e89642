"""A list of rows, such as the allergies: that nothing is in it, or one row in the words behind its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from triage.content.identifiers import check_digits
from triage.content.schema import OptionRecord, Question
from triage.model.values import Row, Table
from triage.session.quick.names import Hit, said
from triage.session.quick.place import Place, by_name
from triage.session.quick.preview import Line, Meaning
from triage.session.quick.values import DENIES, QUOTED, closes, fold

# Between the first and the second column: "penicillin - rash", "penicillin (rash)".
_ASIDE = (" - ", " (")
_SHORTEST_NUMBER = 5


def read_table(hit: Hit, tail: Sequence[str], denied: bool, place: Place) -> list[Meaning]:
    """Return what is said of a table whose exact name was typed."""
    question = hit.target.question
    if not hit.is_exact or denied == bool(tail):
        return []
    if denied or closes(question, tail):
        return [_none(hit, place)]
    texts = [column.id for column in question.columns if column.kind == "text"]
    is_read = any(column.names for column in question.columns)
    if is_read or texts[:1] != [question.columns[0].id]:
        return []
    text = " ".join(tail)
    quoted = QUOTED.fullmatch(text)
    cells = [quoted[1] if quoted else text]
    mark = next((mark for mark in _ASIDE if mark in cells[0]), "")
    if mark and texts[1:2] == [question.columns[1].id]:
        first, _, second = cells[0].partition(mark)
        cells = [first.strip(), second.strip().removesuffix(")") if "(" in mark else second.strip()]
    row = Row(cells=tuple(zip(texts, cells, strict=False)))
    recorded = place.case.get(question.id)
    rows = recorded.rows if isinstance(recorded, Table) else ()
    line = Line(question.label, ", ".join(cells), "one more" if rows else "")
    made = by_name(Meaning((line,), {question.id: Table(rows=(*rows, row))}), hit)
    return [made if quoted else replace(made, asks="As a row of this list?")]


def read_closing(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return the tables that are closed by what closes them: ``no known allergies``."""
    closed = place.names.closings.get(frozenset(said(" ".join(tokens))), ())
    return [_none(Hit(target, True), place) for target in closed]


def read_row_first(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return a row that stands in front of the name of its list: ``penicillin allergy``."""
    rest = tokens[:-1]
    if not rest or not DENIES.isdisjoint(map(fold, rest)):
        return []
    hits = place.names.find(said(tokens[-1]))
    tables = [h for h in hits if h.is_exact and h.target.question.kind == "table"]
    return [meaning for hit in tables for meaning in read_table(hit, rest, False, place)]


def read_number(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return a number as a row of the list that has its kind: ``nhs 943 476 5919``, ``hospital number 123456``."""
    for question in place.session.form.questions.values():
        kind, *others = question.columns or (None,)
        if kind is None or kind.kind != "choice" or [c.kind for c in others] != ["text"]:
            continue
        for option in kind.options:
            rest = _behind(option, tokens)
            number = "".join(rest).replace("-", "")
            if len(number) < _SHORTEST_NUMBER or not number.isdigit():
                continue
            cells = ((kind.id, option.id), (others[0].id, " ".join(rest)))
            recorded = place.case.get(question.id)
            rows = recorded.rows if isinstance(recorded, Table) else ()
            if any(row.cells == cells for row in rows):
                return [Meaning((Line(option.label, " ".join(rest), "recorded before"),))]
            line = Line(option.label, " ".join(rest), "one more" if rows else "")
            row = Row(cells=cells)
            faults = tuple(check_digits(question, Table(rows=(row,))))
            return [Meaning((line,), {question.id: Table(rows=(*rows, row))}, faults)]
    return []


def _behind(option: OptionRecord, tokens: Sequence[str]) -> Sequence[str]:
    """Return what stands behind the name of a kind of number."""
    words = [token.rstrip(":.").casefold() for token in tokens]
    for name in (option.label, option.short, *option.say):
        head = name.casefold().split()
        if head and words[: len(head)] == head:
            at = len(head) + (words[len(head) : len(head) + 1] in (["no"], ["number"]))
            return tokens[at:]
    return ()


def _none(hit: Hit, place: Place) -> Meaning:
    """Return a table closed; it asks where something stands in it."""
    question: Question = hit.target.question
    recorded = place.case.get(question.id)
    table = recorded if isinstance(recorded, Table) else Table()
    closing = question.nothing.label if question.nothing else ""
    line = Line(question.label, closing, "recorded before" if table.closed else "")
    changes = {} if table.closed else {question.id: Table(rows=table.rows, closed=True)}
    made = by_name(Meaning((line,), changes), hit)
    number = len(table.rows)
    many = "is one" if number == 1 else f"are {number}"
    return replace(made, asks=f"In the list {many}. No others?" if number else "")
