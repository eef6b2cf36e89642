"""What the clinician makes of a pasted report before it is recorded: answers, lines left out, lines to the notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from typing import Literal

from triage.content.form import NOTE
from triage.content.raw import LONGEST_TEXT
from triage.errors import EntryError
from triage.letter.words.said.line import counted
from triage.model.dates import PartialDate
from triage.model.values import Result, Text, Value
from triage.session.paste.read import read_report
from triage.session.paste.report import Entry, Key, Reading, State, Take
from triage.session.session import Session

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
        self._begin(text)

    def _begin(self, text: str) -> None:
        """Read a text of which nothing is answered or left out so far."""
        self._lines = text.splitlines()
        self._answers: dict[Key, str] = {}
        self._out: set[Key] = set()
        self._notes: set[int] = set()
        self.reading = Reading()
        self._read()

    def _read(self) -> None:
        session = self._session
        self.reading = read_report(
            "\n".join(self._lines),
            session.form,
            session.case,
            session.today,
            session.profile,
            answers=self._answers,
        )

    # -- what is shown --------------------------------------------------------------------------

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lines, in order."""
        return self.reading.entries

    @property
    def kept_in(self) -> str:
        """The title of the section whose notes take what is left."""
        return self._session.form.sections[self._section].title

    def shown(self, at: int) -> Shown:
        """Return what becomes of an entry, with what was answered."""
        entry = self.entries[at]
        if entry.key in self._out:
            return "out"
        if entry.state == "asks" and entry.chosen is not None:
            return "records" if entry.chosen.takes or entry.chosen.lines else "serves"
        return entry.state

    def is_note(self, at: int) -> bool:
        """Whether the whole line goes to the notes."""
        return self.entries[at].line in self._noted

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
        self._answers[entry.key] = entry.meanings[number - 1].says
        self._out.discard(entry.key)
        self._read()
        return True

    def leave_out(self, at: int) -> None:
        """Leave out what would be recorded, or take it in again."""
        if self.entries[at].state in ("records", "asks"):
            self._out ^= {self.entries[at].key}

    def note(self, at: int) -> None:
        """Send the whole line to the notes, or not."""
        self._notes ^= {self.entries[at].line}

    def note_left(self, wanted: bool) -> None:
        """Send every line that is left to the notes, or none of them."""
        left = {entry.line for entry in self.entries if entry.state == "left"}
        self._notes = self._notes | left if wanted else self._notes - left

    def edit(self, at: int, text: str) -> None:
        """Read a line anew with another text; what was answered to it is asked again."""
        line = self.entries[at].line
        self._lines[line - 1] = " ".join(text.splitlines())
        self._answers = {key: says for key, says in self._answers.items() if key[0] != line}
        self._out = {key for key in self._out if key[0] != line}
        self._read()

    # -- recording ------------------------------------------------------------------------------

    def changes(self) -> Mapping[str, Value | None]:
        """Return what recording would write: results beside those that are there, and the notes.

        Raises
        ------
        EntryError
            If the notes would be too long.
        """
        session = self._session
        found: dict[str, Value] = {}
        for take in self._takes():
            key = take.question.id
            value = found.get(key, session.case.get(key))
            items = list(value.items) if isinstance(value, Result) else []
            if take.replaces in items:
                items.remove(take.replaces)
            found[key] = Result(items=(*items, take.item))
        return {**found, **self._notes_with_lines()}

    def _notes_with_lines(self) -> dict[str, Value]:
        """Return the notes of the section with the lines that go there."""
        notes = [self._lines[line - 1] for line in sorted(self._noted)]
        if not notes:
            return {}
        key = f"{NOTE}{self._section}"
        before = self._session.case.get(key)
        text = "\n".join([before.text, *notes] if isinstance(before, Text) else notes)
        if len(text) > LONGEST_TEXT:
            raise EntryError(TOO_LONG)
        return {key: Text(text=text)}

    @property
    def _noted(self) -> Set[int]:
        """The lines that go to the notes."""
        return self._notes

    def _takes(self) -> Iterator[Take]:
        for at, entry in enumerate(self.entries):
            if self.shown(at) == "records" and entry.chosen is not None:
                yield from entry.chosen.takes

    def record(self) -> str:
        """Record all as one undo group, and return what was done in words.

        Raises
        ------
        EntryError
            If the notes would be too long.
        """
        says = f"Recorded: {self.does}. Ctrl+Z takes it back."
        says = " ".join(filter(None, (says, self.unanswered)))
        self._session.set_all(self.changes())
        return says

    @property
    def unanswered(self) -> str:
        """How many lines still ask, or wait for one that does, in a sentence; empty if none."""
        number = sum(self.shown(at) in ("asks", "waits") for at in range(len(self.entries)))
        return f"{lines_in_words(number)} not answered: not recorded." if number else ""

    @property
    def does(self) -> str:
        """What recording would do, in words: ``7 results, 1 line to the notes``; empty if nothing."""
        results, notes = len(list(self._takes())), len(self._noted)
        parts = [counted(results, "result")] if results else []
        parts += [f"{lines_in_words(notes)} to the notes"] if notes else []
        return ", ".join(parts)

    @property
    def remark(self) -> str:
        """How many results would be recorded without a date, in a sentence; empty if none."""
        number = sum(take.item.date is None for take in self._takes())
        day = PartialDate.of(self._session.day).words()
        if not number:
            return ""
        verb = "result has no date and counts" if number == 1 else "results have no date and count"
        return f"{number} {verb} as of {day}."

    @property
    def title(self) -> str:
        """What was read, in a line."""
        if self.reading.stopped:
            return "Paste of results: nothing was read"
        shown = Counter(self.shown(at) for at in range(len(self.entries)))
        lines = len({entry.line for entry in self.entries})
        read = len({e.line for at, e in enumerate(self.entries) if self.shown(at) == "records"})
        asks = f", {shown['asks']} ask{'s' if shown['asks'] == 1 else ''}" if shown["asks"] else ""
        return f"Paste of results: {read} of {lines_in_words(lines)} read{asks}"


def lines_in_words(number: int) -> str:
    """Return how many lines there are, in words."""
    return f"{number} line" if number == 1 else f"{number} lines"
