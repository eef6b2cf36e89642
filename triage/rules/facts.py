"""From the answers of a case to the facts that conditions read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from operator import is_not

from triage.content.form import AGE, BORN, MIDLINE, SEX, SIDES, Slot
from triage.content.listed import row_readers
from triage.content.load import Content
from triage.content.ranges import (
    age,
    earlier,
    is_normal,
    is_old,
    newest,
    reference_range,
    result_interval,
    unlike_word,
    word_interval,
)
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
from triage.expr.interval import Doubtful, Interval
from triage.expr.tree import TimesUpper, names
from triage.model.case import Case
from triage.model.values import (
    Result,
    Table,
)
from triage.rules.taken import AnswerReader

# What is known of a whole, the sides that speak against it, and those that it comes from.
_Joined = tuple[bool | None, tuple[str, ...], tuple[str, ...]]


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
        self._answers = AnswerReader(content.form)
        # The facts of the results, and of which day and sex.
        self._results: dict[str, tuple[Result, CaseFacts]] = {}
        self._all_results: tuple[Mapping[str, Result], CaseFacts] = {}, CaseFacts()
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
        # What was joined of a whole, and from what.
        self._joined: dict[str, tuple[object, _Joined]] = {}
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
        self._answers.forget()
        self._results_of = None
        self._before = CaseFacts()

    def read(self, case: Case, day: date, *, doubted: bool = False) -> CaseFacts:
        """Return the facts of `case` as of `day`, named findings and numbers included.

        With `doubted`, what a row of a table may mean is taken as present.
        """
        taken = self._answers.take(case)
        found = CaseFacts(dict(taken.facts), dict(taken.origins), context=self._context)
        facts = found.facts
        self._age(taken.case, day, found)
        results = self._kept_results(taken.results, day, facts.get(SEX))
        facts.update(results.facts)
        found.old |= results.old
        found.worded |= results.worded
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

    def _kept_results(self, results: Mapping[str, Result], day: date, sex: object) -> CaseFacts:
        """Return the facts of all results; each is kept while it is the same, of the same day and sex."""
        of = day, sex
        if self._results_of != of:
            self._results_of, self._results, self._all_results = of, {}, ({}, CaseFacts())
        if self._all_results[0] != results:
            found = CaseFacts()
            for key, result in results.items():
                kept = self._results.get(key)
                if kept is None or kept[0] is not result:
                    part = CaseFacts()
                    self._result(self._form.slots[key].question, result, day, sex, part)
                    kept = self._results[key] = result, part
                found.facts.update(kept[1].facts)
                found.old |= kept[1].old
                found.worded |= kept[1].worded
            self._all_results = dict(results), found
        return self._all_results[1]

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
        clashes: dict[str, tuple[str, ...]] = {}
        for whole, (grades, parts) in self._beside.items():
            grade = facts.get(whole)
            if grade in grades and grade not in [facts.get(part, grade) for part in parts]:
                clashes[whole] = parts
        # In the order of the answers.
        for whole in filter(clashes.__contains__, facts) if clashes else ():
            found.clashes[whole] = clashes[whole]

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
        for whole in dict.fromkeys(filter(None, map(self._part_of.get, facts))):
            parts = self._sides[whole]
            said = facts.get(whole), *map(facts.get, parts)
            kept = self._joined.get(whole)
            if kept is None or kept[0] != said:
                kept = self._joined[whole] = said, _join(facts, whole, parts)
            joined, clash, origin = kept[1]
            if clash:
                found.clashes[whole] = clash
            if joined is not None:
                facts[whole] = joined
            if origin:
                found.origins[whole] = origin

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


def _join(facts: Mapping[str, object], whole: str, parts: tuple[str, ...]) -> _Joined:
    """Return what is known of a whole from its sides, those that speak against it, and those that it comes from."""
    here = tuple(part for part in parts if part in facts)
    there = tuple(part for part in here if facts[part] is True)
    is_all, said = len(here) == len(parts), facts.get(whole)
    clash: tuple[str, ...] = ()
    if said is False:
        clash = there
    elif said is True and not there and is_all:
        clash = here
    if there or said is True:
        return True, clash, there
    if said is None and is_all:
        return False, clash, here
    return None, clash, ()


def _differing(first: Mapping[str, object], second: Mapping[str, object]) -> Iterator[str]:
    # Most are the very same.
    unlike = list(compress(first, map(is_not, map(second.get, first), first.values())))
    yield from (name for name in unlike if first[name] != second.get(name))
    if len(first) - sum(name not in second for name in unlike) != len(second):
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
