"""The history of a case: an append-only log of edits, of which the case is the fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from triage.model.case import Case
from triage.model.values import Rewritten, Text, Value

# So many letters of a text.
_MUCH = 20
# The group of what a case begins with.
BEGUN = 0


class Edit(BaseModel):
    """One change of one key.

    Parameters
    ----------
    n
        Number of the edit, counted from 1 without gaps; the order of edits, whatever the clock said.
    at
        When, in UTC.
    key, old, new
        What changed; None means that the key is not in the case.
    group
        Edits that are undone together; the `n` of the first of them. What a case begins with is nobody's step and
        is not undone: it has `BEGUN`.
    undoes
        The group that this edit's group takes back, if it does.
    typing
        Whether it is still being typed: only the last edit of a log can be, and what is typed on in
        its field takes its place.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    n: int
    at: datetime
    key: str
    old: Value | None = None
    new: Value | None = None
    group: int
    undoes: int | None = None
    typing: bool = False


class History:
    """The edits of one case, with undo and redo on top. It only ever grows, but for what is being typed.

    Parameters
    ----------
    edits
        The log so far, in order.
    """

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self._edits: list[Edit] = []
        self._groups: dict[int, list[Edit]] = {}
        self._undoable: list[int] = []
        self._redoable: list[int] = []
        self._values: dict[str, Value] = {}
        self._case = Case()
        for edit in edits:
            self._take(edit)
        self._case = Case(self._values)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits, oldest first."""
        return tuple(self._edits)

    @property
    def case(self) -> Case:
        """The case as it stands after the last edit."""
        return self._case

    @property
    def n(self) -> int:
        """The number of the last edit; 0 for an empty history."""
        return self._edits[-1].n if self._edits else 0

    @property
    def can_undo(self) -> bool:
        """Whether there is a group to undo."""
        return bool(self._undoable)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone group to bring back."""
        return bool(self._redoable)

    @property
    def to_undo(self) -> dict[str, Value | None]:
        """What the step that is undone next recorded."""
        return {e.key: e.new for e in self._groups[self._undoable[-1]]} if self._undoable else {}

    @property
    def to_redo(self) -> dict[str, Value | None]:
        """What the step that is brought back next recorded."""
        return {e.key: e.old for e in self._groups[self._redoable[-1]]} if self._redoable else {}

    @property
    def settled(self) -> int:
        """The number of the last edit that will not change any more."""
        return self.n - self.is_typing

    @property
    def is_typing(self) -> bool:
        """Whether the last edit is still being typed."""
        return bool(self._edits) and self._edits[-1].typing

    def since(self, n: int) -> tuple[Edit, ...]:
        """Return the edits after number `n`."""
        return tuple(self._edits[n:])

    def case_at(self, n: int) -> Case:
        """Return the case as it stood after edit `n`."""
        return fold(self._edits[:n])

    def change(
        self,
        changes: Mapping[str, Value | None],
        at: datetime,
        *,
        join: bool = False,
        typing: str = "",
    ) -> tuple[Edit, ...]:
        """Append `changes` as one group and return the edits; what changes nothing is left out.

        Parameters
        ----------
        changes
            New value by key; None removes the key.
        at
            When, in UTC.
        join
            Continue the last group (typing on in one field) instead of starting a new one.
        typing
            The key of the field that is being typed in, if one is. Its edit stays open until `end_typing`,
            or any other edit: what `join` adds to it takes its place, unless that erases much at a stroke.
        """
        real = {key: new for key, new in changes.items() if differs(self._values.get(key), new)}
        if not real:
            return ()
        if join and self.is_typing and real.keys() == {typing} == {self._edits[-1].key}:
            if not _erases(self._values.get(typing), real[typing]):
                return self._retype(real[typing], at)
            # It may have gone by mistake: it stays in the log, and undo brings it back.
            join = False
        self.end_typing()
        joined = join and self._undoable and self._edits and self._edits[-1].undoes is None
        group = self._undoable[-1] if joined else self.n + 1
        if typing in real:
            real[typing] = real.pop(typing)
        return self._append(real, at, group, None, typing)

    def begin(self, values: Mapping[str, Value], at: datetime) -> tuple[Edit, ...]:
        """Append what the case begins with to an empty history, and return the edits."""
        return self._append(values, at, BEGUN, None)

    def end_typing(self) -> None:
        """Take the last edit as it stands, if it was still being typed."""
        if self.is_typing:
            self._replace_last(self._edits[-1].model_copy(update={"typing": False}))

    def _retype(self, new: Value | None, at: datetime) -> tuple[Edit, ...]:
        edit = self._edits[-1].model_copy(update={"new": new, "at": at})
        self._replace_last(edit)
        if new is None:
            self._values.pop(edit.key, None)
        else:
            self._values[edit.key] = new
        self._case = self._case.with_({edit.key: new})
        return (edit,)

    def _replace_last(self, edit: Edit) -> None:
        self._edits[-1] = self._groups[edit.group][-1] = edit

    def undo(self, at: datetime) -> tuple[Edit, ...]:
        """Take back the last group that stands, by appending its inverse."""
        return self._take_back(self._undoable, at)

    def redo(self, at: datetime) -> tuple[Edit, ...]:
        """Bring back the group that was undone last."""
        return self._take_back(self._redoable, at)

    def _take_back(self, stack: list[int], at: datetime) -> tuple[Edit, ...]:
        if not stack:
            return ()
        self.end_typing()
        group = stack[-1]
        before: dict[str, Value | None] = {}
        for edit in reversed(self._groups[group]):
            before[edit.key] = edit.old
        return self._append(before, at, self.n + 1, group)

    def _append(
        self,
        changes: Mapping[str, Value] | Mapping[str, Value | None],
        at: datetime,
        group: int,
        undoes: int | None,
        typing: str = "",
    ) -> tuple[Edit, ...]:
        edits = tuple(
            Edit(
                n=self.n + i,
                at=at,
                key=key,
                old=self._values.get(key),
                new=new,
                group=group,
                undoes=undoes,
                typing=key == typing,
            )
            for i, (key, new) in enumerate(changes.items(), start=1)
        )
        for edit in edits:
            self._take(edit)
        self._case = self._case.with_(changes)
        return edits

    def _take(self, edit: Edit) -> None:
        self._edits.append(edit)
        if edit.new is None:
            self._values.pop(edit.key, None)
        else:
            self._values[edit.key] = edit.new
        first = edit.group not in self._groups
        self._groups.setdefault(edit.group, []).append(edit)
        if not first or edit.group == BEGUN:
            return
        if edit.undoes is None:
            self._undoable.append(edit.group)
            self._redoable.clear()
        elif self._undoable and self._undoable[-1] == edit.undoes:
            self._undoable.pop()
            self._redoable.append(edit.group)
        elif self._redoable and self._redoable[-1] == edit.undoes:
            self._redoable.pop()
            self._undoable.append(edit.group)


def differs(old: Value | None, new: Value | None) -> bool:
    """Whether two values differ in anything that was typed: 4 and 4.0 are equal, but not the same."""
    return old != new or repr(old) != repr(new)


def _erases(old: Value | None, new: Value | None) -> bool:
    """Whether more of a text goes at one stroke than is soon typed again."""
    before = old.text if isinstance(old, Text | Rewritten) else ""
    after = new.text if isinstance(new, Text | Rewritten) else ""
    if after.startswith(before):
        return False
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    return len(before) - start - end >= _MUCH


def _shared(one: str, other: str) -> int:
    """Return how many letters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def fold(edits: Iterable[Edit]) -> Case:
    """Return the case that the `edits` leave behind."""
    values: dict[str, Value] = {}
    for edit in edits:
        if edit.new is None:
            values.pop(edit.key, None)
        else:
            values[edit.key] = edit.new
    return Case(values)
