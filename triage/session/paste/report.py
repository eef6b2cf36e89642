"""A reading of a report: what each of its lines becomes. Nothing is recorded before it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from triage.content.schema import Question
from triage.model.dates import PartialDate
from triage.model.values import Measurement

# A line, and which of its values.
Key = tuple[int, int]
State = Literal["records", "asks", "waits", "serves", "left"]


@dataclass(frozen=True, slots=True)
class Take:
    """One result as it would be recorded.

    Parameters
    ----------
    question
        Its test.
    item
        What is recorded.
    replaces
        The result that it corrects.
    is_bare
        Whether no unit stood beside the number: it is taken to be in the usual one.
    """

    question: Question
    item: Measurement
    replaces: Measurement | None = None
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to read a line.

    Parameters
    ----------
    says
        How it is told from the others.
    takes
        The results; two for a blood pressure.
    day
        The day that it sets for the lines below it.
    lines
        What is shown of it where it is more than results: name, value and what is said beside it.
    """

    says: str
    takes: tuple[Take, ...] = ()
    day: PartialDate | None = None
    lines: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line of a report becomes, or one value of a line that holds several.

    Parameters
    ----------
    line, part
        Number of the line, from 1, and of its value, from 0.
    text
        The line as it was pasted.
    state
        It is recorded, asks, waits for the answer of another line, serves others (a heading date), or is left.
    says
        What it asks, what it serves for, or why it is left.
    meanings
        Its one reading, or those that are asked.
    checks
        What is odd about the one reading: kept as it is, to be looked at again.
    said
        What of the line is not recorded with it.
    answer
        What was answered, where it asks.
    """

    line: int
    text: str
    state: State
    says: str = ""
    meanings: tuple[Meaning, ...] = ()
    checks: tuple[str, ...] = ()
    said: str = ""
    part: int = 0
    answer: str = ""

    @property
    def key(self) -> Key:
        """What tells the entry from the others."""
        return self.line, self.part

    @property
    def chosen(self) -> Meaning | None:
        """The reading that counts: the only one, or the one that was answered."""
        if self.state == "records":
            return self.meanings[0]
        answered = (meaning for meaning in self.meanings if meaning.says == self.answer)
        return next(answered, None) if self.state == "asks" else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as it was read.

    Parameters
    ----------
    entries
        In the order of the lines; blank lines have none.
    stopped
        Why nothing was read; empty if it was.
    names
        Whom the text names, where the case has no name to compare with.
    """

    entries: tuple[Entry, ...] = ()
    stopped: str = ""
    names: str = ""
