"""What the clinician makes of a pasted report before it is recorded: answers, lines left out, lines to the notes."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from triage.content.casefile import LONGEST_TEXT
from triage.content.form import NOTE
from triage.errors import EntryError
from triage.model.dates import PartialDate
from triage.model.values import Result, Text, Value
from triage.session.paste.meaning import has_twin
from triage.session.paste.read import place_of, read_report
from triage.session.paste.report import Entry, Meaning, Reading, State
from triage.session.session import Session

# A line, and which of its values.
Key = tuple[int, int]
Shown = State | Literal["out"]
TOO_LONG = "The notes would be longer than they may be: leave some of the lines out of them."


class Preview:
    """A report that is not recorded yet.

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
        self._session = session
        self._section = section
        self._lines = text.splitlines()
        self._chosen: dict[Key, int] = {}
        self._out: set[Key] = set()
        self._notes: set[int] = set()
        self.reading = Reading()
        self.keys: list[Key] = []
        self._read()

    def _read(self) -> None:
        session = self._session
        days: dict[int, PartialDate] = {}
        reading: Reading | None = None
        # Twice: which day a heading is of decides what stands under it.
        for _ in range(2):
            reading = read_report(
                "\n".join(self._lines),
                session.form,
                session.case,
                session.today,
                session.profile,
                days=days,
            )
            for key, entry in zip(_keys(reading), reading.entries, strict=True):
                chosen = self._meaning(key, entry)
                if chosen is not None and chosen.day is not None:
                    days[entry.line] = chosen.day
            if not days:
                break
        assert reading is not None
        self.reading = reading
        self.keys = _keys(reading)

    # -- what is shown --------------------------------------------------------------------------

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lines, in order."""
        return self.reading.entries

    def shown(self, at: int) -> Shown:
        """Return what becomes of an entry, with what was answered."""
        entry = self.entries[at]
        if self.keys[at] in self._out:
            return "out"
        if entry.state == "asks" and self.chosen(at) is not None:
            return "serves" if entry.meanings[0].day else "records"
        return entry.state

    def chosen(self, at: int) -> Meaning | None:
        """Return the reading of an entry that counts: its only one, or the one that was chosen."""
        return self._meaning(self.keys[at], self.entries[at])

    def _meaning(self, key: Key, entry: Entry) -> Meaning | None:
        if entry.state == "records":
            return entry.meanings[0]
        at = self._chosen.get(key, -1)
        is_open = entry.state == "asks" and 0 <= at < len(entry.meanings)
        return entry.meanings[at] if is_open else None

    def is_note(self, at: int) -> bool:
        """Whether the whole line goes to the notes."""
        return self.keys[at][0] in self._notes

    @property
    def first_open(self) -> int:
        """The first entry that asks; the first of all if none does."""
        return self.next_open(-1) or 0

    def next_open(self, at: int) -> int | None:
        """Return the next entry below that asks and is not answered."""
        rows = range(at + 1, len(self.entries))
        return next((row for row in rows if self.shown(row) == "asks"), None)

    # -- what is decided ------------------------------------------------------------------------

    def answer(self, at: int, number: int) -> bool:
        """Choose a reading of an entry that asks, counted from 1; return whether there is such a one."""
        entry = self.entries[at]
        if entry.state != "asks" or not 1 <= number <= len(entry.meanings):
            return False
        self._chosen[self.keys[at]] = number - 1
        self._out.discard(self.keys[at])
        if entry.meanings[0].day is not None:
            self._read()
        return True

    def leave_out(self, at: int) -> None:
        """Leave out what would be recorded, or take it in again."""
        if self.entries[at].state in ("records", "asks"):
            self._out ^= {self.keys[at]}

    def note(self, at: int) -> None:
        """Send the whole line to the notes, or not."""
        self._notes ^= {self.keys[at][0]}

    def note_left(self, wanted: bool) -> None:
        """Send every line that is left to the notes, or none of them."""
        left = {key[0] for at, key in enumerate(self.keys) if self.shown(at) == "left"}
        self._notes = self._notes | left if wanted else self._notes - left

    def edit(self, at: int, text: str) -> None:
        """Read a line anew with another text; what was answered to it is asked again."""
        line = self.keys[at][0]
        self._lines[line - 1] = " ".join(text.splitlines())
        self._chosen = {key: number for key, number in self._chosen.items() if key[0] != line}
        self._out = {key for key in self._out if key[0] != line}
        self._read()

    # -- recording ------------------------------------------------------------------------------

    def changes(self) -> dict[str, Value]:
        """Return what recording would write: results beside those that are there, and the notes.

        Raises
        ------
        EntryError
            If the notes would be too long.
        """
        session = self._session
        place = place_of(session.form, session.case, session.today, session.profile)
        found: dict[str, Value] = {}
        for at in range(len(self.entries)):
            meaning = self.chosen(at) if self.shown(at) == "records" else None
            for take in meaning.takes if meaning else ():
                key = take.question.id
                value = found.get(key, session.case.get(key))
                items = list(value.items) if isinstance(value, Result) else []
                if has_twin(take, items, place):
                    continue
                if take.replaces in items:
                    items.remove(take.replaces)
                found[key] = Result(items=(*items, take.item))
        if notes := self._noted():
            key = f"{NOTE}{self._section}"
            before = session.case.get(key)
            text = "\n".join([before.text, *notes] if isinstance(before, Text) else notes)
            if len(text) > LONGEST_TEXT:
                raise EntryError(TOO_LONG)
            found[key] = Text(text=text)
        return found

    def _noted(self) -> list[str]:
        return [self._lines[line - 1] for line in sorted(self._notes)]

    def record(self) -> str:
        """Record all as one undo group, and return what was done in words.

        Raises
        ------
        EntryError
            If the notes would be too long.
        """
        says = f"Recorded: {self.does}. Ctrl+Z takes it back."
        open_ = sum(self.shown(at) in ("asks", "waits") for at in range(len(self.entries)))
        self._session.set_all(self.changes())
        return f"{says} {_lines(open_)} not answered: not recorded." if open_ else says

    @property
    def results(self) -> int:
        """How many results would be recorded."""
        return sum(
            len(meaning.takes)
            for at in range(len(self.entries))
            if self.shown(at) == "records" and (meaning := self.chosen(at)) is not None
        )

    @property
    def does(self) -> str:
        """What recording would do, in words: ``7 results, 1 line to the notes``; empty if nothing."""
        results, notes = self.results, len(self._notes)
        parts = [f"{results} result{'' if results == 1 else 's'}"] if results else []
        parts += [f"{_lines(notes)} to the notes"] if notes else []
        return ", ".join(parts)

    @property
    def title(self) -> str:
        """What was read, in a line."""
        if self.reading.stopped:
            return "Paste of results: nothing was read"
        shown = Counter(self.shown(at) for at in range(len(self.entries)))
        lines = len({key[0] for key in self.keys})
        read = len({key[0] for at, key in enumerate(self.keys) if self.shown(at) == "records"})
        asks = f", {shown['asks']} ask{'s' if shown['asks'] == 1 else ''}" if shown["asks"] else ""
        return f"Paste of results: {read} of {_lines(lines)} read{asks}"


def _keys(reading: Reading) -> list[Key]:
    seen: Counter[int] = Counter()
    keys = []
    for entry in reading.entries:
        keys.append((entry.line, seen[entry.line]))
        seen[entry.line] += 1
    return keys


def _lines(number: int) -> str:
    return f"{number} line" if number == 1 else f"{number} lines"
