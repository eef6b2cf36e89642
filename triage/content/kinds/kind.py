"""What every kind of question answers for itself. One file of this folder says it for each kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

from triage.content.form import SIDES, Form, Slot
from triage.content.raw import CaseFile
from triage.content.schema import Question
from triage.errors import EntryError
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol
from triage.model.values import Value


class Kind(ABC):
    """One kind of question.

    A subclass says which keys its questions can carry, how it reads and writes its values in
    CASE.json, and what its answers are called in conditions. What is the same for most kinds
    stands here.
    """

    # The keys of `Question` that only some kinds can carry, and of them those that this one needs.
    keys: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    # -- the form -------------------------------------------------------------------------------

    def slots(self, question: Question) -> Iterator[Slot]:
        """Yield the keys under which an answer can stand: one for each side, and one without a side."""
        if question.sided:
            for side in SIDES:
                yield Slot(f"{question.id}.{side}", question, self.stands(question), side=side)
        yield Slot(question.id, question, self.stands(question))

    @abstractmethod
    def stands(self, question: Question) -> str:
        """Return the type of the value under each of those keys."""

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield what is wrong with a question beyond its keys and their types."""
        yield from ()

    # -- conditions -----------------------------------------------------------------------------

    def symbols(self, question: Question) -> Iterator[Symbol]:
        """Yield the names that conditions know the answers by."""
        if not question.sided:
            yield self.symbol(question, question.id)
            return
        sides = tuple(f"{question.id}.{side}" for side in SIDES)
        symbols = [self.symbol(question, side) for side in sides]
        truth = all(symbol.kind is Sort.FINDING for symbol in symbols)
        whole = None if truth else self.symbol(question, question.id)
        yield Symbol(question.id, Sort.GROUP, members=sides, truth=truth, whole=whole)
        yield from symbols

    def symbol(self, question: Question, name: str) -> Symbol:
        """Return what may be done with one of its answers: nothing but asking whether it is known."""
        return Symbol(name, Sort.OTHER)

    # -- CASE.json ------------------------------------------------------------------------------

    @abstractmethod
    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return the value that a file gives for one key.

        Raises
        ------
        EntryError
            If it does not fit.
        """

    def read_all(self, question: Question, raw: object, file: CaseFile) -> Mapping[str, Value]:
        """Return the values that a file gives for all keys of `question` at once.

        Raises
        ------
        EntryError
            If it does not fit, or this kind has no such spelling.
        """
        keys = [slot.key for slot in file.form.slots_of(question.id)]
        raise EntryError(f"there is no such answer; give {' and '.join(keys[:2])}")

    @abstractmethod
    def write(self, value: Value) -> object:
        """Return what a file says for one value; `read` gives the same value back."""

    def write_all(self, question: Question, values: Mapping[str, Value]) -> object:
        """Return what a file says for all keys of `question` at once; None to write them one by one."""
        return None

    # -- recording ------------------------------------------------------------------------------

    def block_values(self, question: Question, slots: tuple[Slot, ...]) -> dict[str, Value]:
        """Return what a block's one key records for `question`."""
        return {}

    # -- answers of an older form ---------------------------------------------------------------

    def renewed(self, value: Value, question: Question, form: Form) -> Value:
        """Return `value` with the options and columns of an older form under what they became."""
        return value

    def parted(self, value: Value, slot: Slot, form: Form) -> tuple[Value | None, Value | None]:
        """Return what of `value` the form still knows, and what it has lost."""
        return value, None


def lasting_faults(question: Question, form: Form) -> Iterator[str]:
    """Yield why `lasts` names nothing that says how long an answer has been so."""
    lasts = form.questions.get(question.lasts)
    if question.lasts and (lasts is None or lasts.kind != "quantity" or lasts.sided):
        yield f"lasts: there is no quantity {question.lasts!r}{form.closest(question.lasts)}"
    if question.lasts and question.sided:
        yield "lasts: a question with sides has no one beginning; leave it out"
