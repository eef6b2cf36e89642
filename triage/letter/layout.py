"""How a form's record of findings is arranged: ``letters/record.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from triage.content.files import ContentFiles
from triage.content.form import Form
from triage.content.reading import Faults, read_record
from triage.errors import ContentError, Problem

_FILE = "letters/record.toml"


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


class RecordFile(_Record):
    """What the file says. `elsewhere` names the questions that page one always tells; `rest` titles the others."""

    elsewhere: tuple[str, ...]
    rest: str
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


@lru_cache(maxsize=4)
def shipped_layout(form: Form) -> Layout:
    """Return the layout that comes with `form`."""
    return load_layout(ContentFiles(form.id), form)


def load_layout(files: ContentFiles, form: Form) -> Layout:
    """Read and check how the record of findings of `form` is arranged.

    Raises
    ------
    ContentError
        With every problem of the file.
    """
    problems: list[Problem] = []
    faults = Faults(_FILE, problems)
    file = read_record(files, f"forms/{_FILE}", RecordFile, faults)
    if file is None:
        raise ContentError(problems)
    grids = {f"{q.id}.{row.id}" for q in form.questions.values() for row in q.rows}
    tables: dict[str, int] = {}
    sections: dict[str, tuple[int, tuple[int, int]]] = {}
    elsewhere = {name for entry in file.elsewhere for name, _ in named(form, entry, faults)}
    for n, table in enumerate(file.table):
        faults.refer(table.title, table.questions, form.questions, "question")
        for group in table.expected:
            faults.refer(table.title, group, grids | form.questions.keys(), "question or row")
        tables.update(dict.fromkeys(table.questions, n))
    for n, section in enumerate(file.section):
        found = [pair for entry in section.questions for pair in named(form, entry, faults)]
        for place, (name, close) in enumerate(found):
            if name not in sections or sections[name][0] < close:
                sections[name] = close, (n, place)
    if problems:
        raise ContentError(problems)
    places = {name: place for name, (_, place) in sections.items()}
    return Layout(file, frozenset(elsewhere), tables, places)


def named(form: Form, entry: str, faults: Faults) -> Iterator[tuple[str, int]]:
    """Yield the questions that an entry names, and how closely: id 2, prefix 1, section 0."""
    if entry.startswith("section:"):
        section = entry.removeprefix("section:")
        faults.refer(entry, [section], form.sections, "section")
        yield from ((q.id, 0) for q in form.questions.values() if q.section == section)
    elif entry.endswith(".*"):
        found = [name for name in form.questions if name.startswith(entry.removesuffix("*"))]
        if not found:
            faults.add(entry, "no question begins so: mend or drop it")
        yield from ((name, 1) for name in found)
    else:
        faults.refer(entry, [entry], form.questions, "question")
        yield entry, 2
