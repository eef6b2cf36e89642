"""The same fact recorded twice with two answers, and what cannot be.

Conditions read facts, in which one answer may outweigh another. Here what was recorded is compared: nothing that
was outweighed goes unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from triage.content import ranges
from triage.content.form import BORN, DECISION, SEX, Form
from triage.content.schema import Contradiction, Elsewhere
from triage.expr.explain import Explained
from triage.model.case import Case
from triage.model.values import Decision, Finding, Value, is_present
from triage.rules.assessment import CheckFinding, ContradictionFinding, ElsewhereFinding
from triage.rules.compiled import Compiled
from triage.rules.facts import CaseFacts
from triage.rules.kept import Cell, Kept

_Declared = Compiled[Contradiction]
_Elsewhere = Compiled[Elsewhere]
_Origin = tuple[str, ...]
_Keys = tuple[str, ...] | None
_Told = ElsewhereFinding | None
# The others of a clash, the names under which it is recorded, what stands there, and what is said.
_Clashed = tuple[tuple[str, ...], tuple[str, ...], list[Value | None], ContradictionFinding]
_BOTH = "“{}” and “{}” do not go together."
_LEFTOVER = "“{}” is answered, but another answer makes it senseless: it is not used."


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a case says of itself: what cannot all hold, what cannot be, and what is told in another place."""

    contradictions: tuple[ContradictionFinding, ...]
    to_check: tuple[CheckFinding, ...]
    elsewhere: tuple[ElsewhereFinding, ...]


class ContradictionReader:
    """Finds contradictions; made once for a content.

    Parameters
    ----------
    form
        The form.
    declared, elsewhere
        What the content says, compiled.
    """

    def __init__(self, form: Form, declared: _Declared, elsewhere: _Elsewhere) -> None:
        self._form = form
        # What is declared is asked of facts of its own.
        self._kept_wide, self._kept = Kept(), Kept()
        self._declared: tuple[tuple[Contradiction, Explained, Cell[_Keys]], ...] = tuple(
            (record, node, self._kept_wide.cell([node])) for record, node in declared
        )
        self._elsewhere: tuple[tuple[Elsewhere, Explained, Cell[_Told]], ...] = tuple(
            (record, node, self._kept.cell([node])) for record, node in elsewhere
        )
        # What was found of single answers, and of which day, date of birth and sex.
        self._checked: ranges.Checked = {}
        self._as_of: tuple[date, Value | None, Value | None] | None = None
        # What was said of each clash, with what it rests on, and of each finding that another answer tells.
        self._clashed: dict[str, _Clashed] = {}
        self._named: dict[str, tuple[_Origin, _Told]] = {}

    def forget(self) -> None:
        """Keep nothing of the case that was read last."""
        self._as_of, self._checked, self._clashed, self._named = None, {}, {}, {}
        self._kept_wide.forget()
        self._kept.forget()

    def read(self, read: CaseFacts, wide: CaseFacts, case: Case, day: date) -> Recorded:
        """Return what in `case` cannot be.

        Parameters
        ----------
        read, wide
            Its facts, and those with what a row of a table may mean.
        case, day
            The case and its day.
        """
        as_of = day, case.get(BORN), case.get(SEX)
        if self._as_of != as_of:
            self._as_of, self._checked = as_of, {}
        self._kept_wide.turn(wide)
        self._kept.turn(read)
        odd = ranges.to_check(self._form, case, day, self._checked)
        return Recorded(
            contradictions=(
                *self._said(wide, case),
                *self._clashes(read, case),
                *_beside(odd, case),
                *self._leftovers(read, case),
            ),
            to_check=tuple(CheckFinding(o.key, o.says, (o.key,)) for o in odd if not o.beside),
            elsewhere=(*self._told_elsewhere(read), *self._named_elsewhere(read)),
        )

    def _said(self, read: CaseFacts, case: Case) -> Iterator[ContradictionFinding]:
        """Yield what the content declares."""
        for record, node, cell in self._declared:
            if (keys := cell.get(self._keys, record, node, read)) is not None:
                denied = tuple(
                    k for k in self._of(record.denies, keys) if not is_present(case.get(k))
                )
                yield _found(case, record.id, record.says, keys, denied, record.source)

    def _keys(
        self, record: Contradiction, node: Explained, read: CaseFacts
    ) -> tuple[str, ...] | None:
        if not node.truth(read.facts):
            return None
        keys = read.answers(node)
        return self._of(record.answers, keys) if record.answers else keys

    def _clashes(self, read: CaseFacts, case: Case) -> Iterator[ContradictionFinding]:
        """Yield what follows from the form: a tick beside a denial, a side and its whole, a region and its rows."""
        get = case.lookup
        for key, others in read.clashes.items():
            kept = self._clashed.get(key)
            if kept is None or kept[0] != others or list(map(get, kept[1])) != kept[2]:
                names = key, *others, f"{DECISION}{key}"
                found = self._clash(key, others, case)
                kept = self._clashed[key] = others, names, list(map(get, names)), found
            yield kept[3]

    def _clash(self, key: str, others: tuple[str, ...], case: Case) -> ContradictionFinding:
        keys = (key, *others)
        findings = [k for k in keys if isinstance(case.get(k), Finding)]
        denied = tuple(k for k in findings if not is_present(case.get(k))) if findings else (key,)
        says = _BOTH.format(self._label(key), self._label(others[0]))
        return _found(case, key, says, keys, denied)

    def _leftovers(self, read: CaseFacts, case: Case) -> Iterator[ContradictionFinding]:
        for name in read.senseless:
            keys = tuple(s.key for s in self._form.slots_of(name) if s.key in case)
            says = _LEFTOVER.format(self._label(name))
            yield ContradictionFinding(name, says, keys, stops_issue=False, leftover=True)

    def _told_elsewhere(self, read: CaseFacts) -> Iterator[ElsewhereFinding]:
        found = (cell.get(_told, record, node, read) for record, node, cell in self._elsewhere)
        return filter(None, found)

    def _named_elsewhere(self, read: CaseFacts) -> Iterator[ElsewhereFinding]:
        """Yield findings that a row of a table is the answer to."""
        for key, origin in read.origins.items():
            if read.facts.get(key) is not True:
                continue
            kept = self._named.get(key)
            if kept is None or kept[0] != origin:
                kept = self._named[key] = origin, self._named_by(key, origin)
            if kept[1] is not None:
                yield kept[1]

    def _named_by(self, key: str, origin: _Origin) -> _Told:
        slot, other = self._form.slot(key), self._form.question_of(origin[0])
        if slot is None or slot.option is not None or other is None or other is slot.question:
            return None
        says = f"{slot.phrase} (from: {other.phrase})"
        return ElsewhereFinding(slot.question.id, says, origin, slot.phrase, (key,))

    def _of(self, questions: tuple[str, ...], keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of `keys` that answer `questions`, in the order of these."""
        asked = [(key, question) for key in keys if (question := self._form.question_of(key))]
        return tuple(key for name in questions for key, question in asked if question.id == name)

    def _label(self, key: str) -> str:
        if slot := self._form.slot(key):
            return slot.label
        question = self._form.question_of(key)
        return question.label if question else key


def _told(record: Elsewhere, node: Explained, read: CaseFacts) -> ElsewhereFinding | None:
    if not node.truth(read.facts):
        return None
    said = record.says or ""
    says = f"{said} (from {record.where})" if said and record.where else said
    facts = tuple(name for name in node.answers if read.facts.get(name) is True)
    return ElsewhereFinding(record.question, says, read.answers(node), said, facts)


def _beside(odd: tuple[ranges.ToCheck, ...], case: Case) -> Iterator[ContradictionFinding]:
    """Yield the values that cannot stand beside another one, such as a result from before birth."""
    together: dict[tuple[str, str], list[str]] = {}
    for item in odd:
        if item.beside:
            together.setdefault((item.key, item.beside), []).append(item.says)
    for (key, other), says in together.items():
        yield _found(case, key, " ".join(says), (key, other), ())


def _found(
    case: Case,
    name: str,
    says: str,
    keys: tuple[str, ...],
    denied: tuple[str, ...],
    source: tuple[str, ...] = (),
) -> ContradictionFinding:
    said = case.get(f"{DECISION}{name}")
    settled = isinstance(said, Decision) and said.decision != "defer" and bool(said.reason.strip())
    return ContradictionFinding(name, says, keys, not settled, denied=denied, source=source)
