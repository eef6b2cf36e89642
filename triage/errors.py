"""The errors that a person may see: one clear sentence each, with what, where and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

# Longer names are no slips of the pen, and comparing them takes long.
_LONGEST_NAME = 80


class TriageError(Exception):
    """Known trouble. Its text is one sentence for the person at the screen and holds no patient value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a content file, a template or a case.

    Parameters
    ----------
    file
        File name as the author knows it, for example ``urgency.toml``.
    record
        The record inside the file: an id, or a position such as ``question 14``.
    says
        What is wrong and what to do about it.
    column
        Column in the expression, counted from 1; 0 where no expression is at fault.
    """

    file: str
    record: str
    says: str
    column: int = 0

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.record) if part)
        if self.column:
            where += f", column {self.column}"
        # A key of a damaged file may hold anything; a problem is one line all the same.
        return "".join(c if c.isprintable() else " " for c in f"{where}: {self.says}")


class ProblemsError(TriageError):
    """Faults that are reported together, so that an author mends them in one go."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ContentError(ProblemsError):
    """The clinical content or a template cannot be used; the program does not start with it."""


class CaseError(ProblemsError):
    """A case file or an entry does not fit the form."""


class SettingsError(ProblemsError):
    """The settings cannot be used."""


class UnreadableSettingsError(SettingsError):
    """The settings file holds no settings that could be mended: it is damaged, or no such file at all."""


class EntryError(TriageError):
    """Typed text that cannot be read as an answer, such as ``abc`` for a number."""


class AskError(EntryError):
    """Typed text with two readings: it is asked which is meant, never guessed.

    Parameters
    ----------
    says
        The question to the person.
    readings
        What it can mean: how each reading is shown, and its value.
    """

    def __init__(self, says: str, readings: Iterable[tuple[str, object]]) -> None:
        self.readings = tuple(readings)
        super().__init__(says)


class LetterError(TriageError):
    """A letter cannot be made, or must not be issued."""


class StoreError(TriageError):
    """The draft store cannot be opened, read or written."""


class KeyRefusedError(StoreError):
    """The passphrase or the key in the key store does not open the drafts."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the entry of `known` closest to `name`, or an empty string."""
    if len(name) > _LONGEST_NAME:
        return ""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
