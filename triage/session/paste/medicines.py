"""A pasted list of medicines before it is recorded: a row a line, name and dose as written, classes to be taken off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from triage.content.entry import order_of
from triage.content.listed import Proposed, RowReader, row_readers
from triage.content.medicines import PastedRow
from triage.content.schema import Question
from triage.letter.words.said.line import counted
from triage.model.values import Finding, Row, Table, Value
from triage.session.paste.days import since_behind
from triage.session.paste.preview import Preview, lines_in_words
from triage.session.paste.read import read_report
from triage.session.paste.report import Entry, Key, Meaning, Reading
from triage.session.session import Session

_NO_ROW = "no medicine: a heading, or not taken now"
_ABOVE = "part of the line above"
_THERE = "as in the list"
_BESIDE, _INSTEAD = "one more", "instead of {}"
_YES, _NO, _OPEN = "Yes", "No", "Leave that open"


class _Made(NamedTuple):
    """What one reading of a line records: its row, the row that it replaces, and the findings that go with it."""

    row: Row
    instead: Row | None = None
    answers: tuple[str, ...] = ()


class MedicinesPreview(Preview):
    """A pasted list of medicines that is not recorded yet.

    A text that names another patient than the case stops it.

    Parameters
    ----------
    session
        The case.
    text
        What was pasted.
    section
        The section whose notes take lines that are left.

    Raises
    ------
    EntryError
        If the text is too large.
    """

    def __init__(self, session: Session, text: str, section: str) -> None:
        content = session.content
        readers = row_readers(content.form, content.medicines)
        name, self._reader = next(iter(readers.items()))
        self._question = content.form.questions[name]
        # The rows that have classes, and those of them whose classes were taken off.
        self._classed: set[Key] = set()
        self._plain: set[Key] = set()
        self._made: dict[Key, dict[str, _Made]] = {}
        # Whether these are all.
        self.closes = False
        super().__init__(session, text, section)

    @staticmethod
    def asks(session: Session) -> Question | None:
        """Return the question that such a list answers."""
        content = session.content
        readers = row_readers(content.form, content.medicines)
        return content.form.questions[next(iter(readers))] if readers else None

    def _read(self) -> None:
        session, text = self._session, "\n".join(self._lines)
        report = read_report(text, session.form, session.case, session.today, session.profile)
        if report.stopped:
            self.reading = Reading(stopped=report.stopped)
            return
        pasted = session.content.medicines.split_lines(text)
        rows: dict[int, list[PastedRow]] = {}
        for row in pasted.rows:
            rows.setdefault(row.line, []).append(row)
        unread = set(pasted.unread_lines)
        self._made, self._classed = {}, set()
        entries: list[Entry] = []
        for number, line in enumerate(self._lines, start=1):
            if number in rows:
                entries += [
                    self._entry((number, part), line, row) for part, row in enumerate(rows[number])
                ]
            elif number in unread:
                entries.append(Entry(number, line, "left", _NO_ROW))
            elif line.strip():
                entries.append(Entry(number, line, "serves", _ABOVE))
        self.reading = Reading(tuple(entries), names=report.names)

    def _entry(self, key: Key, text: str, pasted: PastedRow) -> Entry:
        number, part = key
        names = self._reader.column.names
        parts = (pasted.name, pasted.dose)
        if len(names) == 1:
            parts = (" ".join(filter(None, parts)), "")
        cells = self._since({name: part for name, part in zip(names, parts, strict=False) if part})
        row = Row(cells=tuple(cells.items()))
        same = _same(self._reader, row, self._rows)
        if any(all(old.get(name) == cells.get(name) for name in names) for old in same):
            return Entry(number, text, "left", _THERE, part=part)
        proposed = self._reader.propose(row, self._session.facts)
        if not proposed.asked and any(one.doubted for one in self._reader.match(row).found):
            return Entry(number, text, "left", _NO_ROW, part=part)
        made = self._meant(key, row, proposed, same)
        self._made[key] = made
        shown = parts[0], parts[1], self._classes(key, proposed)
        lines = (shown,)
        meanings = tuple(Meaning(says, lines=lines) for says in made)
        if len(meanings) == 1:
            return Entry(number, text, "records", meanings=meanings, part=part)
        asks = "In the list already:" if same else proposed.text
        answer = self._answers.get(key, "")
        return Entry(number, text, "asks", asks, meanings, part=part, answer=answer)

    def _since(self, cells: dict[str, str]) -> dict[str, str]:
        """Return the cells of a row with the day behind "since" in a column of its own."""
        column = next((c.id for c in self._question.columns if c.kind == "date"), "")
        session, (first, *others) = self._session, self._reader.column.names
        text = " ".join(cells.values())
        rest, day = since_behind(text, session.today, order_of(session.profile))
        if not (rest and day and column):
            return cells
        name = cells[first] if rest.startswith(cells[first]) else rest
        dose = rest.removeprefix(name).strip()
        return {first: name, **dict.fromkeys(others[:1] if dose else (), dose), column: day.iso()}

    @property
    def _rows(self) -> tuple[Row, ...]:
        recorded = self._session.case.get(self._question.id)
        return recorded.rows if isinstance(recorded, Table) else ()

    def _meant(self, key: Key, row: Row, proposed: Proposed, same: list[Row]) -> dict[str, _Made]:
        """Return what the readings of a line record, by what tells them apart."""
        if same:
            old = same[0]
            said = _INSTEAD.format(self._reader.named(old, dose=True))
            return {said: _Made(_with(row, {}), old), _BESIDE: _Made(row)}
        if proposed.asked:
            found = {_YES: _Made(_with(row, proposed.yes), answers=proposed.answers)}
            if proposed.no:
                found[_NO] = _Made(_with(row, proposed.no))
            return {**found, _OPEN: _Made(row)}
        if proposed.no:
            self._classed.add(key)
        more = proposed.no if key in self._plain else proposed.yes
        return {"": _Made(_with(row, more))}

    def _classes(self, key: Key, proposed: Proposed) -> str:
        """Return what a row answers besides, and whether it does."""
        if proposed.asked:
            return ""
        said = proposed.text.rstrip(".")
        return f"not {said}" if key in self._plain else said

    # -- what is decided ------------------------------------------------------------------------

    def note(self, at: int) -> None:
        """Take the classes of a row off, or put them there again."""
        entry = self.entries[at]
        if entry.state == "records" and entry.key in self._classed:
            self._plain ^= {entry.key}
            self._read()
        elif entry.state == "left":
            super().note(at)

    def edit(self, at: int, text: str) -> None:
        """Read a line anew with another text."""
        self._plain = {key for key in self._plain if key[0] != self.entries[at].line}
        super().edit(at, text)

    # -- recording ------------------------------------------------------------------------------

    def _chosen(self) -> Iterator[_Made]:
        for at, entry in enumerate(self.entries):
            if self.shown(at) == "records" and entry.chosen is not None:
                yield self._made[entry.key][entry.chosen.says]

    def changes(self) -> Mapping[str, Value | None]:
        """Return what recording would write: the list with its new rows, what they answer, and the notes."""
        rows = list(self._rows)
        answers: dict[str, Value] = {}
        for made in self._chosen():
            if made.instead in rows:
                rows[rows.index(made.instead)] = made.row
            else:
                rows.append(made.row)
            answers |= {name: Finding(present=True) for name in made.answers}
        old = self._session.case.get(self._question.id)
        # One more row than before: that there is nothing else was said of fewer.
        still = isinstance(old, Table) and old.closed and len(rows) <= len(old.rows)
        table = {self._question.id: Table(rows=tuple(rows), closed=self.closes or still)}
        return {**(table if self._does_rows else {}), **answers, **self._notes_with_lines()}

    @property
    def _does_rows(self) -> bool:
        return self.closes or any(True for _ in self._chosen())

    @property
    def does(self) -> str:
        """What recording would do, in words."""
        rows, notes = len(list(self._chosen())), len(self._noted)
        parts = [counted(rows, "medicine")] if rows else []
        parts += ["that there are no others"] if self.closes else []
        parts += [f"{lines_in_words(notes)} to the notes"] if notes else []
        return ", ".join(parts)

    @property
    def remark(self) -> str:
        """What stays as it is, in a sentence; here nothing does."""
        return ""

    @property
    def title(self) -> str:
        """What was read, in a line."""
        return super().title.replace("results", "medicines")


def _with(row: Row, more: Mapping[str, str]) -> Row:
    return Row(cells=tuple({**dict(row.cells), **more}.items()))


def _same(reader: RowReader, row: Row, rows: tuple[Row, ...]) -> list[Row]:
    """Return the rows that name the same medicine."""
    wanted = {one.name for one in reader.match(row).found}
    name = reader.column.names[0]
    typed = str(row.get(name) or "").casefold()
    return [
        old
        for old in rows
        if str(old.get(name) or "").casefold() == typed
        or (wanted and wanted == {one.name for one in reader.match(old).found})
    ]
