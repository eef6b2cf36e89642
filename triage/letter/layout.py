"""How a form's record of findings is arranged: ``letters/record.toml``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from triage.content.form import Form
from triage.content.reading import Faults


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class TableRecord(_Record):
    """A table with a column for each side.

    `questions` are grids and questions with sides. Of `expected`, lists of questions or of rows of a grid, the whole
    list is printed as soon as one of it was examined. `joined` puts rows of a grid that say the same into one.
    """

    title: str
    questions: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...] = ()
    joined: bool = False


class SectionRecord(_Record):
    """A titled part; `questions` names question ids, ``prefix.*`` or ``section:id``; the closest name wins."""

    title: str
    questions: tuple[str, ...] = ()


class JoinRecord(_Record):
    """Questions that share one row, `item`, where nothing is there of any and they say the same."""

    item: str
    questions: tuple[str, ...]


class RecordFile(_Record):
    """What the file says; `elsewhere` names the questions that page one always tells."""

    elsewhere: tuple[str, ...] = ()
    join: tuple[JoinRecord, ...] = ()
    table: tuple[TableRecord, ...] = ()
    section: tuple[SectionRecord, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Where each question is told.

    Parameters
    ----------
    file
        What the file says.
    elsewhere
        The questions that page one tells.
    tables
        By question, the number of its table.
    sections
        By question, the number of its section, and its place there.
    """

    file: RecordFile
    elsewhere: frozenset[str]
    tables: Mapping[str, int]
    sections: Mapping[str, tuple[int, int]]


def layout_of(
    file: RecordFile | None, form: Form, expand: Callable[[str, str], Iterable[str]], faults: Faults
) -> Layout:
    """Return how the record of `form` is arranged; section by section where it has no file of its own.

    Parameters
    ----------
    file
        What the file says; None if there is none.
    expand
        The questions that an entry of a record names; takes down what there is none of.
    faults
        Where other faults are taken down.
    """
    if file is None:
        parts = (
            SectionRecord(title=s.title, questions=(f"section:{s.id}",))
            for s in form.sections.values()
        )
        file = RecordFile(section=tuple(parts))
    grids = {f"{q.id}.{row.id}" for q in form.questions.values() for row in q.rows}
    tables: dict[str, int] = {}
    for n, table in enumerate(file.table):
        faults.refer(table.title, table.questions, form.questions, "question")
        for group in table.expected:
            faults.refer(table.title, group, grids | form.questions.keys(), "question or row")
        tables.update(dict.fromkeys(table.questions, n))
    for join in file.join:
        faults.refer(join.item, join.questions, form.questions, "question")
    sections: dict[str, tuple[int, tuple[int, int]]] = {}
    for n, section in enumerate(file.section):
        named = ((_close(e), q) for e in section.questions for q in expand(section.title, e))
        for place, (close, name) in enumerate(named):
            if name not in sections or sections[name][0] < close:
                sections[name] = close, (n, place)
    elsewhere = frozenset(q for entry in file.elsewhere for q in expand("elsewhere", entry))
    return Layout(file, elsewhere, tables, {name: at for name, (_, at) in sections.items()})


def _close(entry: str) -> int:
    """Return how closely an entry names its questions: by id, by what they begin with, by their section."""
    return 0 if entry.startswith("section:") else 1 if entry.endswith(".*") else 2
