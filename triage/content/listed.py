"""What the rows of a list say is taken: their own classes, and those of the names in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from triage.content.form import Form
from triage.content.medicines import NOTHING, Found, Match, Medicines
from triage.content.schema import Column
from triage.model.values import Row

NO_CELLS: Mapping[str, str] = MappingProxyType({})


class Reading(NamedTuple):
    """What one row says.

    Parameters
    ----------
    match
        The medicines that it names.
    says
        The findings that it makes present.
    asks
        The findings that it leaves open until they are asked.
    stopped
        Whether it says of itself that it is no longer taken.
    """

    match: Match = NOTHING
    says: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def doubted(self) -> bool:
        """Whether it is open that what the row names is taken at all."""
        found = self.match.found
        return bool(found) and not self.says and all(one.doubted for one in found)


class Proposed(NamedTuple):
    """What is proposed for one row: nothing of it counts as confirmed before the user says so.

    Parameters
    ----------
    text
        What its names stand for, or what must be asked.
    yes, no
        The cells that the answer fills in; none where there is nothing to answer.
    answers
        The findings that a yes makes present.
    asked
        Whether it is a question, which one key for all rows leaves alone.
    """

    text: str = ""
    yes: Mapping[str, str] = NO_CELLS
    no: Mapping[str, str] = NO_CELLS
    answers: tuple[str, ...] = ()
    asked: bool = False


class RowReader:
    """Reads what the rows of a table say is taken: their own classes, and those of the names in them.

    Parameters
    ----------
    form
        The form.
    column
        The column that ticks a list.
    medicines
        The list of medicines.
    """

    def __init__(self, form: Form, column: Column, medicines: Medicines) -> None:
        self._form = form
        self.column = column
        self._medicines = medicines
        nothing = form.questions[column.ticks].nothing
        self.closing = nothing.id if nothing else ""

    def read(self, row: Row) -> Reading:
        """Return what `row` says."""
        stopped, column = self.column.stopped, self.column
        if stopped and row.get(stopped.column) == stopped.value:
            return Reading(self.match(row), stopped=True)
        own = str(row.get(column.id) or "").split()
        match = NOTHING if self.closing in own else self.match(row)
        says = [f"{column.ticks}.{name}" for name in own if name != self.closing]
        asks: list[str] = []
        for found in match.found:
            (asks if found.ask else says).extend(self._facts(found))
        if not own:
            # "Apixiban": not taken for apixaban, and nobody who may take it is denied it.
            asks += [name for found in self._almost(row).found for name in self._facts(found)]
        return Reading(
            match,
            tuple(dict.fromkeys(says)),
            tuple(name for name in dict.fromkeys(asks) if name not in says),
        )

    def propose(self, row: Row, facts: Mapping[str, object]) -> Proposed:
        """Return what to propose for `row`, beside what is known already."""
        reading, column = self.read(row), self.column
        if not any(row.get(name) for name in column.names):
            return Proposed()
        if reading.stopped:
            return Proposed("Stopped: does not count as taken.")
        own = str(row.get(column.id) or "").split()
        found = reading.match.found
        if self.closing in own:
            return Proposed()
        if not found:
            return Proposed("" if own else "Class not known.")
        sure = [c for one in found if not one.ask for c in one.classes]
        asked = [
            (one, answers)
            for one in found
            for answers in [tuple(name for name in one.answers if facts.get(name) is not True)]
            if one.ask and (answers or not set(one.classes) <= {*own, *sure})
        ]
        if asked:
            (one, answers), alone = asked[0], len(asked) == 1
            # What "no" records goes for the whole row: never while it leaves another name unasked.
            return Proposed(
                f"{one.name}: {one.ask}{'' if alone else '. If not, give it a row of its own.'}",
                self._cells([*own, *sure, *one.classes]),
                self._denied(own, sure, found) if alone else {},
                answers,
                asked=True,
            )
        told = "; ".join(self._named(one) for one in found if not set(one.classes) <= set(own))
        if not set(sure) <= set(own):
            return Proposed(
                f"{told}.", self._cells([*own, *sure]), self._cells([*own, self.closing])
            )
        plain = [self._named(one) for one in found if not one.classes]
        return Proposed(f"{'; '.join(plain)}." if plain else "")

    def _named(self, one: Found) -> str:
        """Return a medicine with what it stands for, in words."""
        options = self._form.questions[self.column.ticks].options
        said = [option.phrase for option in options if option.id in one.classes]
        said += [s.phrase for name in one.answers if (s := self._form.slot(name)) is not None]
        return f"{one.name}: {', '.join(said) or 'known, of none of the classes'}"

    def _cells(self, names: Iterable[str]) -> dict[str, str]:
        return {self.column.id: " ".join(name for name in dict.fromkeys(names) if name)}

    def _denied(
        self, own: Sequence[str], sure: Sequence[str], found: Sequence[Found]
    ) -> dict[str, str]:
        stopped = self.column.stopped
        if stopped and not own and all(one.doubted for one in found):
            return {stopped.column: stopped.value}
        return self._cells([*own, *sure, self.closing])

    def _facts(self, found: Found) -> list[str]:
        """Return the findings that a medicine stands for."""
        return [*(f"{self.column.ticks}.{name}" for name in found.classes), *found.answers]

    def _almost(self, row: Row) -> Match:
        """Return the medicine that a word of the row may have been meant to be."""
        name = row.get(self.column.names[0]) if self.column.names else None
        slip = self._medicines.slip(name) if isinstance(name, str) else None
        return self._medicines.look_up(slip.name) if slip else NOTHING

    def named(self, row: Row, *, dose: bool = False) -> str:
        """Return what `row` names, as typed; a name that is no brand, and not all in capitals, begins small."""
        columns = self.column.names if dose else self.column.names[:1]
        typed = " ".join(cell for name in columns if (cell := str(row.get(name) or "").strip()))
        known = (one.name.casefold() for one in self.match(row).found)
        small = any(typed.casefold().startswith(name) for name in known)
        return typed[:1].lower() + typed[1:] if small and not typed[1:2].isupper() else typed

    def match(self, row: Row) -> Match:
        """Return the medicines that `row` names, whatever else it says of them."""
        texts = (row.get(name) for name in self.column.names)
        return self._medicines.look_up("; ".join(t for t in texts if isinstance(t, str) and t))


def row_readers(form: Form, medicines: Medicines) -> Mapping[str, RowReader]:
    """Return the reader of each table that ticks a list, by the table's id."""
    return {
        question.id: RowReader(form, column, medicines)
        for question in form.questions.values()
        for column in question.columns
        if column.ticks
    }
