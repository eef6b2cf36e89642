"""What a typed line would do: record, ask, lead somewhere, or nothing. Nothing is recorded before Enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from triage.letter.words.said.line import counted
from triage.model.values import Value
from triage.session.session import Session

Changes = Mapping[str, Value | None]
State = Literal["records", "asks", "nothing", "goes"]


class Line(NamedTuple):
    """One line of a preview: ``First dorsal interosseous, right`` · ``3`` · ``was 4+``."""

    name: str
    value: str = ""
    note: str = ""

    @property
    def says(self) -> str:
        """The line without its note."""
        return f"{self.name}: {self.value}" if self.value else self.name


class Goal(NamedTuple):
    """Something to go to instead of recording."""

    kind: Literal["question", "command", "rule"]
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to read an item.

    Parameters
    ----------
    lines
        What is shown of it.
    changes
        Exactly what is recorded; None takes an answer back that this one stands for.
    remarks
        What is odd about it, or what of it is left out.
    by_key
        Whether it answers a whole block or list: that has its own key.
    fills
        Whether it fills only what is open.
    is_exact
        Whether what it is about goes by just the name that was typed.
    is_whole
        Whether that is a question, and not a row or option of one.
    place
        Where in the form that stands.
    stands_for
        The answers that follow from it: they are no other thing to ask about.
    among
        Meanings of one thing, such as its sides: which of them is asked after this one was chosen.
    asks
        Why it is asked although there is no other; empty: it need not be.
    """

    lines: tuple[Line, ...]
    changes: Changes = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    by_key: bool = False
    fills: bool = False
    is_exact: bool = True
    is_whole: bool = False
    place: int = 0
    stands_for: tuple[str, ...] = ()
    among: tuple[Meaning, ...] = ()
    asks: str = ""

    @property
    def says(self) -> str:
        """What tells it from the others."""
        return ", ".join(line.says for line in self.lines)


@dataclass(frozen=True, slots=True)
class Item:
    """What one part of the line becomes.

    Parameters
    ----------
    text
        The part as typed.
    state
        It is recorded, asks which of its meanings is meant, leads to `goal`, or fits nothing.
    says
        What it asks, or why it fits nothing.
    meanings
        Its one meaning, or those that are asked, the more specific first.
    nearest
        What comes nearest to what fits nothing.
    goal
        Where it leads.
    chosen
        The meaning that counts: the only one, or the one that was chosen; None: it is not recorded.
    """

    text: str
    state: State
    says: str = ""
    meanings: tuple[Meaning, ...] = ()
    nearest: tuple[str, ...] = ()
    goal: Goal | None = None
    chosen: Meaning | None = None

    def answered(self, says: str) -> Item:
        """Return the item with the meaning chosen that says so; one of several things is asked further."""
        for meaning in self.meanings:
            if self.state == "asks" and meaning.says == says:
                if not meaning.among:
                    return replace(self, chosen=meaning)
                only = meaning.among[0] if len(meaning.among) == 1 else None
                return replace(self, meanings=meaning.among, chosen=only)
        return self


@dataclass(frozen=True, slots=True)
class Preview:
    """A typed line as it was read.

    Parameters
    ----------
    items
        Its parts, in order.
    remarks
        What the record would say against itself with it.
    """

    items: tuple[Item, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def changes(self) -> dict[str, Value | None]:
        """Exactly what recording writes."""
        # What fills only what is open was read beside all others, and no two write one key.
        return {k: v for item in self.items if item.chosen for k, v in item.chosen.changes.items()}

    @property
    def asking(self) -> int | None:
        """The first item that asks and is not answered; None if none does."""
        return next(
            (n for n, i in enumerate(self.items) if i.state == "asks" and not i.chosen), None
        )

    @property
    def by_key(self) -> bool:
        """Whether a whole block or list is answered: only ``0`` records it, not Enter."""
        return any(item.chosen.by_key for item in self.items if item.chosen)

    @property
    def is_ready(self) -> bool:
        """Whether every item is recorded, and there is one."""
        return bool(self.items) and all(item.chosen is not None for item in self.items)

    @property
    def says(self) -> str:
        """How many answers it records: ``Will record 38 answers``; empty if it is not ready."""
        if not self.is_ready:
            return ""
        number = sum(value is not None for value in self.changes.values())
        return f"Will record {counted(number, 'answer')}"

    def record(self, session: Session, *, by_key: bool = False) -> str:
        """Record it as one undo group and return what was done, in words; empty if nothing was.

        Parameters
        ----------
        session
            The case that it was read for.
        by_key
            Whether the key was pressed that records blocks.
        """
        if not self.is_ready or session.read_only or (self.by_key and not by_key):
            return ""
        changes = self.changes
        if not changes:
            return "Recorded before: nothing changed."
        session.set_all(changes)
        lines = [line for item in self.items if item.chosen for line in item.chosen.lines]
        more = f", and {len(lines) - 1} more" if len(lines) > 1 else ""
        return f"Recorded: {lines[0].says}{more}. Ctrl+Z takes it back."
