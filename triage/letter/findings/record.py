"""The record of findings: every answer of a case in one row, each with what was recorded of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from triage.content.form import DECISION, LANGUAGE, LETTER, NOTE, RECIPIENTS, URGENCY, Form
from triage.letter.blocks.body_chart import figure_of
from triage.letter.blocks.head import letterhead, name_of
from triage.letter.findings.entries import Answer, Answers, Line, RecordWords
from triage.letter.layout import Layout, TableRecord
from triage.letter.making import Making, sensitive_words, with_denials
from triage.letter.statements import Entry, Record, Row, Section, Table, TableRow, unmarked
from triage.letter.words.phrase import listed
from triage.letter.words.recorded import recorded_text
from triage.letter.words.said.line import begun
from triage.model.dates import PartialDate
from triage.model.values import Choice, Finding, Names, Value, is_absent
from triage.rules.assessment import ContradictionFinding

# Page one tells these of every case, whatever the form.
PAGE_ONE = (RECIPIENTS, URGENCY, LANGUAGE)
PAGE_ONE_PREFIXES = (NOTE, DECISION, LETTER)
# A longer name of a row takes a second line.
_LABEL = 30
# More make a line that nobody looks up.
_SOURCES = 6
# Of the answers that contradict one another, how many more than those that deny are told.
_OTHERS = 8


def record_of(making: Making, whole: tuple[Row, ...] = ()) -> Record:
    """Return the record of findings of a case.

    Parameters
    ----------
    making
        The letter that it belongs to.
    whole
        Typed notes that page one had to cut.
    """
    return _Composer(making).record(whole)


def told_on_page_one(form: Form, layout: Layout, key: str) -> bool:
    """Whether page one tells what stands under `key`: who it is about, what is asked, decisions, level, notes."""
    if key in PAGE_ONE or key.startswith(PAGE_ONE_PREFIXES):
        return True
    slot = form.slot(key)
    return slot is not None and slot.question.id in layout.elsewhere


def not_applicable(making: Making, key: str) -> bool:
    """Whether the answer at `key` says that the question does not apply, and no more."""
    value = making.case[key]
    if not isinstance(value, Choice) or value.text:
        return False
    words = making.templates.answers.get(f"{key}.{value.option}")
    return words is not None and words.not_applicable


def held_back(making: Making, key: str) -> bool:
    """Whether the answer at `key` is sensitive and kept in the sender's record.

    That it is absent is told to nobody, unless its name has a harmless half; that it is there, to those who need it.
    """
    value = making.case[key]
    for words in sensitive_words(making.form.slots[key], making.templates.answers):
        if is_absent(value):
            if value.text or not words.denied:
                return True
        elif words.id in making.held:
            return True
    return False


def kept_back(making: Making) -> frozenset[str]:
    """Return the keys that the sender keeps: of what is sensitive, and of what denies it."""
    found = {key for key in making.case if key in making.form.slots and held_back(making, key)}
    return with_denials(found, making.assessment).intersection(making.case)


def told_in_part(making: Making) -> frozenset[str]:
    """Return the keys of what is absent and has a sensitive half: the letter denies the other one."""
    return frozenset(
        key
        for key, value in making.case.items()
        if (slot := making.form.slot(key)) is not None
        and isinstance(value, Finding)
        and not value.present
        and sensitive_words(slot, making.templates.answers)
        and not held_back(making, key)
    )


@dataclass
class _Place:
    """A section while it is filled: answers with their place in it, and the keys that it holds back, by question."""

    title: str
    answers: list[tuple[int, Answer]] = field(default_factory=list)
    held: dict[str, list[str]] = field(default_factory=dict)


def _result_of(answer: Answer) -> object:
    """Return what a row says of a test beside its words: when, and whether it is a word as reported."""
    told = answer.result
    return (told.day, told.is_word, told.done) if told is not None else None


class _Composer:
    def __init__(self, making: Making) -> None:
        self._making = making
        self._layout = making.templates.record
        self._places = [_Place(section.title) for section in self._layout.file.section]
        self._rest = _Place(making.word("record_rest"))
        self._lines: list[Line] = []
        # What another answer denies is told beside it.
        self._denied = [key for key in making.case if key in making.denied]
        self._unused = {
            slot.question.id
            for found in making.assessment.contradictions
            if found.leftover
            for key in found.answers
            if (slot := making.form.slot(key)) is not None
        }
        told, self._odd = self._sorted()
        said = _words(making)
        self._said = said
        self._answers = Answers(
            making.form, making.case, told, making.templates.answers, making.readers, said
        )

    def record(self, whole: tuple[Row, ...]) -> Record:
        """Fill every place, then make the record of them."""
        for question in self._answers.questions():
            if question.id in self._layout.tables:
                lines, found = self._answers.split(question)
                self._lines += lines
            else:
                found = self._answers.of(question)
            self._put(question.id, found)
        for contradiction in self._making.assessment.contradictions:
            if not contradiction.leftover:
                self._contradiction(contradiction)
        for key, value in (*self._odd.items(), *self._making.lost.items()):
            item = self._making.word("record_lost", item=begun(lost_name(self._making.form, key)))
            self._rest.answers.append((0, Answer(item, unmarked(recorded_text(value)), (key,))))
        tables = tuple(t for n in range(len(self._layout.file.table)) if (t := self._table(n)).rows)
        places = [p for p in (*self._places, self._rest) if p.answers or self._kept(p)]
        return Record(
            title=self._making.word("record_title"),
            lead=self._making.word("record_lead", name=name_of(self._making)),
            key=self._key(tables, places),
            whole=whole,
            tables=tables,
            figure=figure_of(self._making),
            sections=tuple(self._section(place) for place in places),
            basis=_basis(self._making),
        )

    # -- where each answer goes ---------------------------------------------------------------------

    def _sorted(self) -> tuple[list[str], dict[str, Value]]:
        """Return the keys that are told, and what the form does not know; hold back what is sensitive."""
        making, told, odd = self._making, [], {}
        for key, value in making.case.items():
            if key in making.denied or self._stands_above(key):
                continue
            if key in PAGE_ONE:
                self._rest.answers.append((0, self._about_the_letter(key, value)))
            elif key not in making.form.slots:
                odd[key] = value
            elif held_back(making, key):
                self._hold(key)
            elif not not_applicable(making, key):
                told.append(key)
        return told, odd

    def _stands_above(self, key: str) -> bool:
        """Whether page one tells what stands under `key`; of what it usually tells, whether this one does."""
        making = self._making
        if not told_on_page_one(making.form, self._layout, key):
            return False
        return not making.built or key.startswith(PAGE_ONE_PREFIXES) or key in self._above

    @cached_property
    def _above(self) -> frozenset[str]:
        built = self._making.built.values()
        said = {key for block in built for s in block.all_statements() for key in s.covers}
        return frozenset(said.union(letterhead(self._making).covers))

    def _about_the_letter(self, key: str, value: Value) -> Answer:
        """Return to whom it goes, or the level that the sender set, where page one has no place for it."""
        making = self._making
        if isinstance(value, Names):
            known = making.content.recipients
            names = (known[name].name if name in known else name for name in value.names)
            return Answer(making.word("record_recipients"), listed(list(names)), (key,))
        return Answer(making.word("record_level"), unmarked(recorded_text(value)), (key,))

    def _place(self, question: str) -> tuple[_Place, int]:
        n, at = self._layout.sections.get(question, (-1, 0))
        return (self._rest if n < 0 else self._places[n]), at

    def _put(self, question: str, answers: Iterable[Answer]) -> None:
        place, at = self._place(question)
        for answer in answers:
            if question in self._unused:
                text = self._making.word("record_unused", answer=answer.text)
                answer = replace(answer, text=text, strong=False)
            place.answers.append((at, answer))

    def _hold(self, key: str) -> None:
        question = self._making.form.slots[key].question.id
        self._place(question)[0].held.setdefault(question, []).append(key)

    def _contradiction(self, found: ContradictionFinding) -> None:
        """Add a row with both answers; it alone tells of those that deny the others."""
        making = self._making
        denied = [key for key in found.denied if key in self._denied]
        self._denied = [key for key in self._denied if key not in denied]
        others = [k for k in found.answers if k not in found.denied and k in making.form.slots]
        shown = [k for k in (*found.denied, *others[:_OTHERS]) if k in making.case]
        if any(held_back(making, key) for key in shown):
            for key in denied:
                self._hold(key)
            return
        slots = [making.form.slots[key] for key in shown]
        items = [
            f"{self._answers.name(s)}: {self._answers.alone(s, making.case[s.key])}" for s in slots
        ]
        said = making.decision(found.id)
        reason = unmarked(said.reason).strip().rstrip(".") if said else ""
        text = making.word("record_contradiction", items="; ".join(items), reason=reason)
        item = making.word("record_contradictory")
        self._rest.answers.append((0, Answer(item, text, tuple(denied), strong=True)))

    # -- tables -------------------------------------------------------------------------------------

    def _table(self, n: int) -> Table:
        record = self._layout.file.table[n]
        done = {(line.question, line.row): line for line in self._lines}
        done |= {(line.question, line.row): line for line in self._missing(record, done)}
        lines = [
            done[name, row]
            for name in record.questions
            for row in ("", *(r.id for r in self._making.form.questions[name].rows))
            if (name, row) in done
        ]
        if record.joined:
            lines = list(self._joined(lines))
        heads = (self._making.word("record_right"), self._making.word("record_left"))
        return Table(record.title, heads, tuple(self._table_row(line) for line in lines))

    def _missing(self, record: TableRecord, done: dict[tuple[str, str], Line]) -> Iterator[Line]:
        """Yield the expected rows that are not there, of each list of which something was examined."""
        for group in record.expected:
            parts = [self._part(name) for name in group]
            if any(part in done for part in parts):
                yield from (line for part in parts if (line := self._answers.empty(*part)))

    def _part(self, name: str) -> tuple[str, str]:
        question = self._making.form.question_of(name)
        assert question is not None
        return question.id, name.removeprefix(question.id).removeprefix(".")

    def _joined(self, lines: Sequence[Line]) -> Iterator[Line]:
        """Yield rows named after their grid; of one grid those that say the same are one row."""
        last: Line | None = None
        for line in lines:
            grid = self._answers.item(self._making.form.questions[line.question])
            part = line.item[:1].lower() + line.item[1:] if line.item[1:2].islower() else line.item
            if last is not None and _is_same(last, line) and len(f"{last.item}, {part}") <= _LABEL:
                last = replace(last, item=f"{last.item}, {part}", keys=(*last.keys, *line.keys))
                continue
            if last is not None:
                yield last
            last = replace(line, item=f"{grid}, {part}") if line.row else line
        if last is not None:
            yield last

    def _table_row(self, line: Line) -> TableRow:
        cells, sides = line.cells, ("right", "left")
        row = next(
            (r for r in self._making.form.questions[line.question].rows if r.id == line.row), None
        )
        missing = self._making.word("record_missing")
        if row is not None and row.sides == "midline":
            # Without a side it stands in the first column.
            texts: tuple[str, ...] = (cells.get("midline", missing), "")
            strong = ("midline" in line.strong, False)
        else:
            texts = tuple(cells.get(side, missing) for side in sides)
            strong = ("right" in line.strong, "left" in line.strong)
        return TableRow(line.item, texts, strong, line.keys)

    # -- sections -----------------------------------------------------------------------------------

    def _section(self, place: _Place) -> Section:
        """Return what is there or has a value, then what is absent, each as the form has it."""
        ordered = sorted(place.answers, key=lambda pair: (pair[1].rank, pair[0]))
        answers = self._in_one_row([answer for _, answer in ordered])
        results = [a for a in answers if a.result is not None]
        day = _shared_day(results)
        entries = [self._entry(answer, day) for answer in answers]
        if foot := self._foot(results, day):
            entries.append(Entry(foot))
        if kept := self._kept(place):
            covers = tuple(key for keys in place.held.values() for key in keys)
            entries.append(Entry(self._making.word("kept", count=kept), covers=covers, kept=kept))
        return Section(place.title, tuple(entries))

    def _kept(self, place: _Place) -> int:
        """Return how many items of a section the sender keeps."""
        return len(place.held) + self._making.kept.get(place.title, 0)

    def _in_one_row(self, answers: list[Answer]) -> list[Answer]:
        """Return answers with those that the form joins in one row: nothing is there of any, and they say the same."""
        form = self._making.form
        by_question: dict[str, list[Answer]] = {}
        for answer in answers:
            question = form.question_of(answer.keys[0]) if answer.keys else None
            by_question.setdefault(question.id if question else "", []).append(answer)
        for join in self._layout.file.join:
            members = [by_question.get(name, []) for name in join.questions]
            found = [answer for same in members for answer in same]
            alike = {(a.text, a.rank, a.strong, _result_of(a)) for a in found}
            if all(len(same) == 1 for same in members) and len(alike) == 1 and not found[0].strong:
                keys = tuple(key for answer in found for key in answer.keys)
                at = answers.index(found[0])
                answers[at] = replace(found[0], item=join.item, keys=keys)
                answers = [a for a in answers if a not in found[1:]]
        return answers

    def _entry(self, answer: Answer, day: PartialDate | None) -> Entry:
        item, text, told = answer.item, answer.text, answer.result
        if told is not None:
            if told.day is not None and told.day != day:
                item = f"{item}, {told.day.words()}"
            elif told.day is None and told.done and day is not None:
                item = self._making.word("record_undated", item=item)
            text = f"{text}*" if told.is_word else text
        return Entry(item, text, answer.strong, answer.keys)

    def _foot(self, results: Sequence[Answer], day: PartialDate | None) -> str:
        """Return what a section says of its results as a whole: the day that most share, what an asterisk means."""
        told = [a.result for a in results if a.result is not None]
        is_word = any(result.is_word for result in told)
        if day is None and not is_word:
            return ""
        return self._making.word(
            "record_results",
            day=day.words() if day else "",
            all=all(result.day == day for result in told if result.done),
            starred=is_word,
        )

    def _key(self, tables: Sequence[Table], places: Sequence[_Place]) -> str:
        """Return what the signs mean that stand in this record."""
        ranks = {answer.rank for place in places for _, answer in place.answers}
        ranks |= {line.rank for line in self._lines}
        missing = self._making.word("record_missing")
        signs = {
            "record_key": True,
            "record_key_no": 1 in ranks,
            "record_key_block": 2 in ranks,
            "record_key_missing": any(missing in row.cells for t in tables for row in t.rows),
        }
        return "   ".join(self._making.word(word) for word, there in signs.items() if there)


# -- parts ------------------------------------------------------------------------------------------


def _words(making: Making) -> RecordWords:
    words = making.template.words
    return RecordWords(
        yes=words["record_yes"],
        no=words["record_no"],
        block=words["record_block"],
        one_of=words["record_one_of"],
        unable=words["record_unable"],
        since=words["record_since"],
        both=words["record_both"],
        no_side=unmarked(making.gap(making.word("record_side"))) or making.word("record_no_side"),
        left=words["record_side_left"],
        right=words["record_side_right"],
        none_elsewhere=words["record_none_elsewhere"],
        none_looked=words["record_none_looked"],
        unclear=words["record_unclear"],
    )


def lost_name(form: Form, key: str) -> str:
    """Return how the record names what stands under a key that the form does not know, as far as it still does."""
    slot, question = form.slot(key), form.question_of(key)
    if slot is not None:
        return slot.phrase if slot.row is None and slot.option is None else slot.label
    if question is None:
        return key
    rest = key.removeprefix(f"{question.id}.").replace(".", " ").replace("_", " ")
    return f"{question.phrase}, {rest}"


def _is_same(one: Line, other: Line) -> bool:
    return (one.question, one.cells, one.strong) == (other.question, other.cells, other.strong)


def _shared_day(results: Iterable[Answer]) -> PartialDate | None:
    """Return the day that more than half of the dated results share, if there are several."""
    days = Counter(
        a.result.day for a in results if a.result is not None and a.result.day is not None
    )
    if days.total() < 2:
        return None
    day, count = days.most_common(1)[0]
    return day if count > days.total() / 2 else None


def _basis(making: Making) -> str:
    """Return the rules and sources behind level, conditions and requests: the one place for a rule's code."""
    assessment = making.assessment
    reasons = [r for r in assessment.urgency.reasons if making.may_say(r.answers)]
    sources = dict.fromkeys(
        source
        for found in (reasons, making.named(), [r for t in making.requested() for r in t.reasons])
        for record in found
        for source in record.source
    )
    known = making.content.sources
    names = list(dict.fromkeys(known[name].short for name in sources if name in known))[:_SOURCES]
    rules = listed(list(dict.fromkeys(r.rule for r in reasons)))
    parts = "; ".join(part for part in (rules, ", ".join(names)) if part)
    return making.word("basis", items=parts)
