"""The kinds of question: one file each, and one table.

A new kind is its file here, its widget in `triage.qt.ask.questions`, its name in `QuestionKind` and
`PerKind`, and its entry in both tables; mypy names what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.content.form import Form
from triage.content.kinds.choice import ChoiceKind
from triage.content.kinds.choices import ChoicesKind
from triage.content.kinds.date import DateKind
from triage.content.kinds.finding import FindingKind
from triage.content.kinds.grid import GridKind
from triage.content.kinds.kind import Kind
from triage.content.kinds.quantity import QuantityKind
from triage.content.kinds.result import ResultKind
from triage.content.kinds.table import TableKind
from triage.content.kinds.text import TextKind
from triage.content.schema import PerKind, Question

KINDS: PerKind[Kind] = {
    "finding": FindingKind(),
    "choice": ChoiceKind(),
    "choices": ChoicesKind(),
    "quantity": QuantityKind(),
    "date": DateKind(),
    "text": TextKind(),
    "grid": GridKind(),
    "table": TableKind(),
    "result": ResultKind(),
}
# Keys that only some kinds can carry; all others stand in any question.
_OWN = frozenset(key for kind in KINDS.values() if isinstance(kind, Kind) for key in kind.keys)


def question_faults(question: Question, form: Form) -> Iterator[str]:
    """Yield what is wrong with a question: keys of another kind, missing ones, and what its kind finds."""
    kind = KINDS[question.kind]
    for key in sorted(question.model_fields_set & (_OWN - kind.keys)):
        yield f"the key {key!r} says nothing in a question of kind {question.kind!r}: take it out"
    for key in sorted(kind.needs):
        if not getattr(question, key):
            yield f"a question of kind {question.kind!r} needs the key {key!r}"
    for what in ("options", "rows", "columns", "fills"):
        records = getattr(question, what)
        if len({record.id for record in records}) < len(records):
            ids = [record.id for record in records]
            for name in sorted({name for name in ids if ids.count(name) > 1}):
                yield f"the {what.removesuffix('s')} {name!r} stands here twice: keep one"
    if question.block_value and not question.block:
        yield "block_value: it is in no block: name one in block, or take the key out"
    yield from kind.faults(question, form)


__all__ = ["KINDS", "Kind", "question_faults"]
