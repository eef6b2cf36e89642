"""From the answers of a case to the facts that conditions read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from operator import is_not
from typing import assert_never

from triage.content.form import AGE, BORN, MIDLINE, SEX, SIDES, Slot, nothing_key
from triage.content.listed import row_readers
from triage.content.load import Content
from triage.content.ranges import (
    age,
    earlier,
    is_normal,
    is_old,
    newest,
    quantity_interval,
    reference_range,
    result_interval,
    unlike_word,
    word_interval,
)
from triage.content.retired import parted, renewed
from triage.content.schema import Question
from triage.content.symbols import OUTCOME
from triage.expr.evaluate import (
    Amounts,
    Truth,
    compile_number,
    compile_truth,
    earlier_key,
    ratio_key,
    reported_key,
    taken_key,
    vague_key,
)
from triage.expr.explain import Explained, Explainer, clues, used
from triage.expr.interval import INFINITY, Doubtful, Interval
from triage.expr.tree import TimesUpper, names
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Names,
    Quantity,
    Result,
    Rewritten,
    Table,
    Text,
    Unable,
    Urgency,
    Value,
)


@dataclass
class CaseFacts:
    """The facts of one case.

    Parameters
    ----------
    facts
        What is known, by name (see `triage.expr.evaluate`).
    origins
        For facts that were not recorded under their own key: the keys that they come from.
    old
        Results that are older than they may be.
    senseless
        Answered questions that make no sense beside other answers (`show_when` is false).
    clashes
        Answers that others of the same fact speak against: by a key, the keys of the others.
    doubted
        Findings that a row of a table may mean, which is not asked yet ("Warfarin stopped 2024").
    worded
        Results that were reported as a word.
    context
        How the names of what is context begin, such as age: it speaks for nothing.
    speaking
        What is there, by the names that rules read, context left out.
    plain
        The facts without named findings and numbers, and without what an assessment adds.
    mark, since, changed
        What tells this reading from any other, that of the reading before, and of which names that one knew
        something else.
    """

    facts: dict[str, object] = field(default_factory=dict)
    origins: dict[str, tuple[str, ...]] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)
    senseless: list[str] = field(default_factory=list)
    clashes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)
    worded: set[str] = field(default_factory=set)
    context: tuple[str, ...] = ()
    speaking: set[str] = field(default_factory=set)
    plain: Mapping[str, object] = field(default_factory=dict)
    mark: object = field(default_factory=object)
    since: object = None
    changed: Set[str] = frozenset()

    def unlike(self, other: CaseFacts) -> set[str]:
        """Return the names of which `other` knows something else."""
        if other.mark is self.since:
            return set(self.changed)
        changed = {name.partition("#")[0] for name in _differing(self.plain, other.plain)}
        changed.update(_differing(self.origins, other.origins))
        return changed | (self.old ^ other.old)

    def recorded(self, names: Iterable[str]) -> dict[str, None]:
        """Return the keys under which facts were recorded, in their order: those that they come from."""
        origins = self.origins
        keys: dict[str, None] = {}
        for name in names:
            if name in origins:
                keys.update(dict.fromkeys(origins[name]))
            else:
                keys[name] = None
        return keys

    def answers(self, node: Explained) -> tuple[str, ...]:
        """Return the answers that decided `node`; for what was derived, those that it comes from."""
        return tuple(self.recorded(used(node, self.facts)))

    def clues(self, node: Explained) -> tuple[str, ...]:
        """Return the positive answers in the undecided branches of `node`, context left out."""
        # Most rules rest on nothing that is there.
        if not node.rests_on(self.speaking):
            return ()
        keys = self.recorded(clues(node, self.facts))
        return tuple(key for key in keys if not key.startswith(self.context))

    def speaks(self, name: str) -> bool:
        """Whether something is there under a name, and not only in what is context."""
        value = self.facts.get(name)
        if value is None or value is False:
            return False
        return any(not key.startswith(self.context) for key in self.origins.get(name, (name,)))

    def outweigh(self, name: str, origin: str) -> None:
        """Take a finding as present because `origin` says so, whatever was recorded of it."""
        if self.facts.get(name) is False:
            self.clashes[name] = (origin,)
        self.facts[name] = True
        self.origins[name] = (origin,)


class FactReader:
    """Reads facts out of cases; made once for a content.

    Parameters
    ----------
    content
        The clinical content.
    explainer
        Compiles the named findings.
    """

    def __init__(self, content: Content, explainer: Explainer) -> None:
        self._form = content.form
        self._context = (*content.urgency.context, OUTCOME)
        self._bands = content.word_bands
        # The answers that the form knows whole, from one reading to the next.
        self._whole: dict[str, Value] = {}
        # What numbers mean.
        self._spans: dict[str, tuple[Quantity, Interval | None]] = {}
        # The facts of the results, and of which day and sex.
        self._results: dict[str, tuple[Result, CaseFacts]] = {}
        self._results_of: tuple[date, object] | None = None
        self._show = [
            (name, tuple(slot.key for slot in self._form.slots_of(name)), compile_truth(node))
            for name, node in content.show.items()
            if name in self._form.questions
        ]
        self._implied = {
            name: tuple((entry, compile_truth(node), tuple(names(node))) for entry, node in entries)
            for name, entries in content.implied.items()
        }
        self._derived = tuple(_derived(content, explainer))
        self._found_out = explainer.found_out
        self._before = CaseFacts()
        # A result's ratio to its upper limit has words of its own, kept under the number's id.
        self._ratio_bands = {
            number.id: self._bands.get(name)
            for name, number in content.numbers.items()
            if isinstance(number, TimesUpper)
        }
        self._sides = dict(_sided(self._form.slots.values()))
        self._part_of = {part: whole for whole, parts in self._sides.items() for part in parts}
        self._beside = {
            slot.key: (
                frozenset(option.id for option in slot.options if not option.from_),
                tuple(f"{slot.key}.{side}" for side in SIDES),
            )
            for slot in self._form.slots.values()
            if slot.is_whole and slot.kind == "choice"
        }
        self._ticks = {
            f"{q.id}.{option.id}": tuple(f"{q.id}.{other}" for other in option.ticks)
            for q in self._form.questions.values()
            for option in q.options
            if option.ticks
        }
        self._rows = row_readers(self._form, content.medicines)
        self._covers = {
            f"{q.id}.{row.id}": (q.spread, tuple(row.covers))
            for q in self._form.questions.values()
            for row in q.rows
            if row.covers
        }

    def forget(self) -> None:
        """Keep nothing of the reading before."""
        self._whole.clear()
        self._spans.clear()
        self._results.clear()
        self._before = CaseFacts()

    def read(self, case: Case, day: date, *, doubted: bool = False) -> CaseFacts:
        """Return the facts of `case` as of `day`, named findings and numbers included.

        With `doubted`, what a row of a table may mean is taken as present.
        """
        found = CaseFacts(context=self._context)
        facts = found.facts
        slots = self._form.slots
        case, _ = parted(renewed(case, self._form, self._whole), self._form, self._whole)
        results: list[tuple[Question, Result]] = []
        for key, value in case.items():
            # Most of a case is findings and grades. Their exact type is asked, because isinstance
            # on a pydantic model runs Python code.
            if type(value) is Finding:
                facts[key] = value.present
            elif type(value) is Choice:
                facts[key] = value.option
            elif type(value) is Names:
                facts.update({f"{key}.{name}": True for name in value.names})
            elif (slot := slots.get(key)) is None:
                continue
            elif type(value) is Result:
                results.append((slot.question, value))
            elif type(value) is Text or type(value) is Date:
                facts[key] = value
            else:
                self._take(slot, value, found)
        self._age(case, day, found)
        sex = facts.get(SEX)
        for question, result in results:
            part = self._kept_result(question, result, day, sex)
            facts.update(part.facts)
            found.old |= part.old
            found.worded |= part.worded
        self._drop_senseless(found)
        self._compare_sides(found)
        self._spread(found)
        self._join_sides(found)
        self._tick(found, doubted)
        self._imply(found)
        found.plain = dict(facts)
        found.changed = found.unlike(self._before)
        found.since = self._before.mark
        self._derive(found)
        self._carry(found)
        found.speaking = self._speaking(found)
        if not doubted:
            self._before = found
        return found

    # -- single answers -------------------------------------------------------------------------

    def _take(self, slot: Slot, value: Value, found: CaseFacts) -> None:
        match value:
            case Quantity():
                kept = self._spans.get(slot.key)
                if kept is None or kept[0] is not value:
                    kept = self._spans[slot.key] = value, quantity_interval(slot.question, value)
                if (span := kept[1]) is not None:
                    self._number(slot.key, span, found)
                    is_open = span.high == INFINITY
                    if value.word and is_open and value.word not in self._form.file.amounts:
                        found.facts[vague_key(slot.key)] = True
            case Table():
                found.facts[slot.key] = value
                self._nothing(slot, value, found)
            case Finding() | Choice() | Result() | Names() | Unable() | Date() | Text():
                # Taken by `read`.
                pass
            case Decision() | Urgency() | Rewritten():
                # No fact of the patient.
                pass
            case _:
                assert_never(value)

    def _nothing(self, slot: Slot, table: Table, found: CaseFacts) -> None:
        if slot.question.nothing is not None and (table.rows or table.closed):
            name = nothing_key(slot.question)
            found.facts[name] = not table.rows
            found.origins[name] = (slot.key,)

    def _age(self, case: Case, day: date, found: CaseFacts) -> None:
        """Take the one age of the case; an age that no one has is none."""
        if AGE not in self._form.questions:
            return
        span = age(case, day)
        if span is not None:
            found.facts[AGE] = span
            found.facts.pop(vague_key(AGE), None)
            found.origins[AGE] = (BORN,)
        elif isinstance(found.facts.get(AGE), Doubtful):
            del found.facts[AGE]

    # -- results --------------------------------------------------------------------------------

    def _kept_result(self, question: Question, result: Result, day: date, sex: object) -> CaseFacts:
        """Return the facts of one result; kept while it is the same, of the same day and sex."""
        of = day, sex
        if self._results_of != of:
            self._results_of, self._results = of, {}
        kept = self._results.get(question.id)
        if kept is None or kept[0] is not result:
            part = CaseFacts()
            self._result(question, result, day, sex, part)
            kept = self._results[question.id] = result, part
        return kept[1]

    def _result(
        self, question: Question, result: Result, day: date, sex: object, found: CaseFacts
    ) -> None:
        items = newest(result, day)
        if not items:
            return
        name = question.id
        if is_old(question, items[0], day):
            if all(is_normal(question, item, sex) for item in items):
                return
            found.old.add(name)
        if question.options:
            found.facts[name] = frozenset(item.option for item in items)
            return
        item = items[0]
        value = result_interval(question, item, self._bands.get(name), day)
        if value is None:
            return
        # Where number and word agree the number says it all; where not, neither is trusted.
        is_open = item.value is None or bool(unlike_word(question, item, sex))
        if is_open and item.value is not None:
            value = Doubtful(*value)
        self._number(name, value, found)
        found.facts[reported_key(name)] = (item.reported or "") if is_open else ""
        if found.facts[reported_key(name)]:
            found.worded.add(name)
        limit = reference_range(question, item, sex).high
        if item.reported and item.value is None:
            band = self._ratio_bands.get(name)
            found.facts[ratio_key(name)] = word_interval(band, item.reported)
        elif limit is not None and limit > 0:
            found.facts[ratio_key(name)] = value.divided(limit)

        for when in {other.taken for other in result.items if other.taken}:
            so = newest(Result(items=tuple(o for o in result.items if o.taken == when)), day)
            span = result_interval(question, so[0], self._bands.get(name), day) if so else None
            if span is not None:
                found.facts[taken_key(name, when)] = span
        if (before := earlier(result, item, day)) is not None:
            span = result_interval(question, before, self._bands.get(name), day)
            if span is not None:
                found.facts[earlier_key(name)] = value.over(span)

    def _number(self, name: str, value: Interval, found: CaseFacts) -> None:
        found.facts[name] = value
        if isinstance(value, Doubtful):
            found.facts[vague_key(name)] = True

    # -- answers that follow from others --------------------------------------------------------

    def _drop_senseless(self, found: CaseFacts) -> None:
        for name, keys, shown in self._show:
            if any(key in found.facts for key in keys) and shown(found.facts) is False:
                found.senseless.append(name)
                for key in keys:
                    found.facts.pop(key, None)

    def _compare_sides(self, found: CaseFacts) -> None:
        """Find a grade without a side that is the grade of neither side. "Weak" fits beside any grade."""
        facts = found.facts
        for whole in [name for name in facts if name in self._beside]:
            (grades, parts), grade = self._beside[whole], facts[whole]
            if grade in grades and grade not in [facts.get(part, grade) for part in parts]:
                found.clashes[whole] = parts

    def _spread(self, found: CaseFacts) -> None:
        for row, (grade, covered) in self._covers.items():
            for side in (*SIDES, MIDLINE):
                cell = f"{row}.{side}"
                if found.facts.get(cell) != grade:
                    continue
                # What is said of the whole body is said of both sides.
                sides = SIDES if side == MIDLINE else (side,)
                names = [f"{other}.{part}" for other in covered for part in sides]
                told = (*names, *covered)
                if unlike := tuple(n for n in told if found.facts.get(n, grade) != grade):
                    found.clashes[cell] = unlike
                for name in names:
                    if name not in found.facts:
                        found.facts[name] = grade
                        found.origins[name] = (cell,)

    def _join_sides(self, found: CaseFacts) -> None:
        facts = found.facts
        wholes = dict.fromkeys(filter(None, map(self._part_of.get, facts)))
        for whole in wholes:
            parts = self._sides[whole]
            here = [part for part in parts if part in facts]
            there = [part for part in here if facts[part] is True]
            if there and facts.get(whole) is False:
                found.clashes[whole] = tuple(there)
            elif facts.get(whole) is True and not there and len(here) == len(parts):
                found.clashes[whole] = tuple(here)
            if there or facts.get(whole) is True:
                facts[whole] = True
                origin = there
            elif whole not in facts and len(here) == len(parts):
                facts[whole] = False
                origin = here
            else:
                continue
            if origin:
                found.origins[whole] = tuple(origin)

    def _tick(self, found: CaseFacts, doubted: bool) -> None:
        for question, reader in self._rows.items():
            table = found.facts.get(question)
            rows = table.rows if isinstance(table, Table) else ()
            readings = [reader.read(row) for row in rows]
            for name in dict.fromkeys(name for reading in readings for name in reading.says):
                if found.facts.get(name) is not True:
                    # A row that is there outweighs "nothing else" of the list that it ticks.
                    found.outweigh(name, question)
            for name in (name for reading in readings for name in reading.asks):
                if found.facts.get(name) is True:
                    continue
                found.doubted.add(name)
                if doubted:
                    found.outweigh(name, question)
                elif found.facts.get(name) is False:
                    # "Warfarin, stopped?": neither there nor denied until it was asked.
                    del found.facts[name]
        for name, ticked in self._ticks.items():
            if found.facts.get(name) is True:
                for other in ticked:
                    # "All" outweighs the rest of the list, which its closing line set to absent.
                    found.outweigh(other, name)

    def _imply(self, found: CaseFacts) -> None:
        """Take what other answers say of a question."""
        facts = found.facts
        for name, entries in self._implied.items():
            for entry, truth, read in entries:
                denied = facts.get(name) is False
                if (name not in facts or denied) and truth(facts):
                    origin = tuple(found.recorded(n for n in read if facts.get(n)))
                    if denied:
                        found.clashes[name] = origin
                    facts[name] = True if entry.value == "present" else entry.value
                    found.origins[name] = origin
                    break

    # -- what follows ---------------------------------------------------------------------------

    def _derive(self, found: CaseFacts) -> None:
        """Add named findings and numbers."""
        facts, before, changed = found.facts, self._before.facts, set(found.changed)
        for name, derive, reads in self._derived:
            if name in before and changed.isdisjoint(reads):
                facts[name] = before[name]
                continue
            value = facts[name] = derive(facts)
            if value != before.get(name):
                changed.add(name)

    def _carry(self, found: CaseFacts) -> None:
        """Add what was found out beside the facts of the reading before, where it rests on nothing that has changed."""
        before = self._before.facts
        names = before.keys() & self._found_out.all
        for name in found.changed if names else ():
            names.difference_update(self._found_out.of(name))
        found.facts.update({name: before[name] for name in names})

    def _speaking(self, found: CaseFacts) -> set[str]:
        """Return what is there; whatever is as it was at the reading before speaks as it did."""
        speaking = self._before.speaking - found.changed
        speaking.update(name for name in found.changed if found.speaks(name))
        return speaking


def _differing(first: Mapping[str, object], second: Mapping[str, object]) -> Iterator[str]:
    # Most are the very same.
    unlike = compress(first, map(is_not, map(second.get, first), first.values()))
    yield from (name for name in unlike if first[name] != second.get(name))
    yield from second.keys() - first.keys()


def _derived(
    content: Content, explainer: Explainer
) -> Iterator[tuple[str, Truth | Amounts, frozenset[str]]]:
    """Yield each named finding and number compiled, with the names that it reads, in the order of dependence."""
    for name in content.order:
        if name in content.findings:
            node = explainer.explained(content.findings[name])
            yield name, node.truth, frozenset(node.answers)
        elif name in content.numbers:
            number = content.numbers[name]
            yield name, compile_number(number), frozenset(names(number))


def _sided(slots: Iterable[Slot]) -> Iterator[tuple[str, tuple[str, ...]]]:
    wholes: dict[str, list[str]] = {}
    for slot in slots:
        if slot.side and slot.kind == "finding":
            wholes.setdefault(slot.key.rpartition(".")[0], []).append(slot.key)
    for whole, parts in wholes.items():
        yield whole, tuple(parts)
