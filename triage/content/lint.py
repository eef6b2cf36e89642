"""What loads and still cannot be meant: run by ``triage check``, never when the program starts.

Each check is a small function that yields problems with a remedy. What makes the content ambiguous, or names
what is not there, is no matter of this module: loading refuses it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from pydantic import BaseModel

from triage.content.book import Book, answers_read, named_alone
from triage.content.files import ContentFiles
from triage.content.form import Form, nothing_key
from triage.content.kinds import KINDS
from triage.content.load import Content, block_key
from triage.content.reading import Faults, read_record
from triage.content.schema import (
    PLACE,
    AnswersFile,
    AnswerWords,
    GridRow,
    OptionRecord,
    Question,
    Record,
    ReleasedFile,
    Safety,
    SafetyNet,
)
from triage.content.units import find_unit
from triage.errors import ContentError, Problem, did_you_mean
from triage.expr.evaluate import compile_truth
from triage.expr.reach import idle_parts
from triage.expr.tree import (
    Amount,
    AtLeast,
    Compare,
    Count,
    Known,
    Node,
    Number,
    Surely,
    children,
    names,
    walk,
)

R = TypeVar("R", bound=Record)
_HPO = re.compile(r"HP:\d{7}")
_LOINC = re.compile(r"\d{1,7}-\d")
_JOINS = re.compile(r"\bor\b|/")
_SPLIT = re.compile(r",|\bor\b|/")
_NEGATIVE = re.compile(
    r"^(no|not|never|non|nothing)\b|painless|\bwithout\b|\b(in|un)abil|\b(unable|cannot)\b"
)
_ANSWERS = "letters/answers.toml"
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
# What comes next, as a patient's own copy says it.
_NEXT = ("patient_next", "patient_today", "patient_provisional")
_WORDS_OF_A_SENTENCE, _WORDS_OF_A_PURPOSE = 16, 8
# What a column of the record of findings holds.
_ROW = 30
_LONG_WORD = re.compile(r"[a-z]{3,}")


def lint(content: Content, files: ContentFiles, letters: Collection[str]) -> tuple[Problem, ...]:
    """Return what cannot be meant in `content`.

    Parameters
    ----------
    content
        The content.
    files
        Where it comes from; ``released.toml`` and ``letters/answers.toml`` are read from there, if there are any.
    letters
        The ids of the letters.

    Raises
    ------
    ContentError
        If ``released.toml`` cannot be read.
    """
    book = Book(content, letters, _released(files), _answers(files))
    return tuple(problem for check in CHECKS for problem in check(book))


def release_record(content: Content) -> str:
    """Return the record of ``released.toml`` for the present version: what its conditions read."""
    read = sorted(answers_read(Book(content, ())))
    lines = "\n".join(f'  "{name}",' for name in read)
    return f'[[release]]\nversion = "{content.form.version}"\nread = [\n{lines}\n]\n'


# -- rules ----------------------------------------------------------------------------------------


def conditions_that_only_come_out_one_way(book: Book) -> Iterator[Problem]:
    """Find a rule that cannot fire, or always does: ``a and not a``, ``at_least(5, a, b)``."""
    for spoken in book.spoken:
        if not isinstance(spoken.node, Node):
            continue
        for part, way in idle_parts(spoken.node):
            read = ", ".join(list(dict.fromkeys(names(part)))[:4])
            yield Problem(
                spoken.file,
                spoken.record,
                f"what is said of {read} can never be {'false' if way else 'true'}: mend the condition",
            )
            break


def limits_that_cannot_be(book: Book) -> Iterator[Problem]:
    """Find a limit outside the range that its question holds possible."""
    for spoken in book.spoken:
        for node in walk(spoken.node):
            if not (isinstance(node, Compare) and isinstance(node.number, Amount)):
                continue
            question = book.form.question_of(node.number.id)
            if question is None or question.range is None:
                continue
            low, high = question.range
            # At an end of the range it is one way for all that can be: "< 0 y", ">= 0 y".
            idle = {low: ("<", ">="), high: (">", "<=")}.get(node.limit, ())
            if not low <= node.limit <= high or node.op in idle:
                what = "says nothing within" if low <= node.limit <= high else "is outside"
                yield Problem(
                    spoken.file,
                    spoken.record,
                    f"{node.number.id} {node.says} {what} its range of {low} to {high}: mend one of them",
                )


def items_that_count_twice(book: Book) -> Iterator[Problem]:
    """Find a count in which one item stands twice: one answer would count as two."""
    for spoken in book.spoken:
        for node in walk(spoken.node):
            if isinstance(node, AtLeast | Count) and len(set(node.items)) < len(node.items):
                read = ", ".join(list(dict.fromkeys(names(node)))[:4])
                says = f"of {read} one is counted twice: name each once"
                yield Problem(spoken.file, spoken.record, says)


def rules_without_a_source(book: Book) -> Iterator[Problem]:
    """Find a rule that cites nothing."""
    for file, record in book.rules:
        if getattr(record, "source", ("",)) == ():
            yield Problem(file, record.id, "it cites no source: name one of sources.toml")


def places_that_nobody_fills(book: Book) -> Iterator[Problem]:
    """Find a place such as ``{emergency_number}`` in a text that prints as it stands."""
    content = book.content
    records: list[tuple[str, BaseModel]] = [
        ("form.toml", content.form.file),
        ("findings.toml", content.named),
        ("urgency.toml", content.urgency),
        *(
            (file, record)
            for file, record in book.rules
            if file != "urgency.toml" and not isinstance(record, Safety | SafetyNet)
        ),
    ]
    for file, record in records:
        for where, key, text in _prose(record, getattr(record, "id", "")):
            # The day of a level is filled in by the patient's own copy.
            place = PLACE.search(text.replace("{date}", "") if key in _NEXT else text)
            if place:
                says = f"{key}: {place[0]} stands for nothing here: write the word itself"
                yield Problem(file, where, says)


def conditions_that_wait_for_what_is_asked_no_more(book: Book) -> Iterator[Problem]:
    """Find a condition that waits for a question which nobody asks: outside of surely() it stays open for ever."""
    unasked = {q.id for q in book.form.questions.values() if not q.asked}
    for spoken in book.spoken if unasked else ():
        for name in _read_openly(spoken.node):
            question = book.form.question_of(name)
            if question is not None and question.id in unasked:
                yield Problem(
                    spoken.file,
                    spoken.record,
                    f"{name} is no longer asked: write surely({name}), or this stays open in every new case",
                )


def the_same_said_for_and_against(book: Book) -> Iterator[Problem]:
    """Find an item that counts for a condition and against it, or twice; or the wrong way."""
    for rule in book.content.conditions:
        record = rule.record
        items = (*record.for_, *record.against)
        for when, times in Counter(item.when for item in items).items():
            if times > 1:
                says = f"{when[:60]!r} stands {times} times among its items: keep one"
                yield Problem("conditions.toml", record.id, says)
        for item in items:
            if item.weight <= 0:
                says = f"a weight is above 0: {item.says!r} belongs to for, or to against"
                yield Problem("conditions.toml", record.id, says)


def flags_of_one_condition(book: Book) -> Iterator[Problem]:
    """Find two red flags with the same condition."""
    seen: dict[str, str] = {}
    for rule in book.content.red_flags:
        earlier = seen.setdefault(rule.record.when, rule.record.id)
        if earlier != rule.record.id:
            says = f"it has the condition of {earlier}: keep the higher level"
            yield Problem("urgency.toml", rule.record.id, says)


def flags_that_reassure_above_routine(book: Book) -> Iterator[Problem]:
    """Find a reassuring rule above routine: it is dropped beside any such rule, so beside itself."""
    for rule in book.content.red_flags:
        if (
            rule.record.reassures or rule.record.needs_safety_set
        ) and rule.record.level != "routine":
            says = "only a routine rule reassures, or waits for the safety set: take the key out"
            yield Problem("urgency.toml", rule.record.id, says)


def flags_that_are_no_emergency(book: Book) -> Iterator[Problem]:
    """Find a red flag in `emergency_with` that is no emergency: what it calls for would never be listed."""
    for file, record in book.rules:
        for flag in getattr(record, "emergency_with", ()):
            if getattr(book.content.rules.get(flag), "level", "emergency") != "emergency":
                says = f"emergency_with: {flag} is no emergency, so it never counts: take it out"
                yield Problem(file, record.id, says)


def referrals_nobody_takes(book: Book) -> Iterator[Problem]:
    """Find a red flag that asks for a referral, and no service that takes it."""
    services = [rule.record for rule in book.content.services]
    taken = {flag for s in services for flag in (*s.flags, *(r.flag for r in s.reason))}
    levels = {s.takes for s in services}
    for rule in book.content.red_flags if services else ():
        record = rule.record
        refers = record.to != "pc" and record.level not in ("routine", *levels)
        if refers and record.id not in taken:
            says = "it asks for a referral, and no service takes it: name it in services.toml"
            yield Problem("urgency.toml", record.id, says)


def findings_nobody_reads(book: Book) -> Iterator[Problem]:
    """Find a named finding, number, group or word band that nothing speaks of."""
    named = book.content.named
    for what, records in (
        ("finding", named.finding),
        ("number", named.number),
        ("group", named.group),
    ):
        for record in records:
            if record.id not in book.mentioned:
                says = f"nothing speaks of this {what}: use it, or take it out"
                yield Problem("findings.toml", record.id, says)
    for band in named.word_band:
        if band.id not in book.read:
            says = "no condition reads a result of this word band: use it, or take it out"
            yield Problem("findings.toml", band.id, says)


def sources_nobody_cites(book: Book) -> Iterator[Problem]:
    """Find a source that no question and no rule names."""
    for name in sorted(book.content.sources.keys() - book.cited):
        yield Problem("sources.toml", name, "nothing cites this source: cite it, or take it out")


# -- questions ------------------------------------------------------------------------------------


def questions_nobody_reads(book: Book) -> Iterator[Problem]:
    """Find a question that no rule, safety set or recipient reads, unless `unread` says why it is asked."""
    for question in book.form.questions.values():
        read = question.id in book.questions_read
        if not read and not question.unread:
            says = (
                "nothing reads this question: use it, take it out, or say in unread why it is asked"
            )
            yield Problem("form.toml", question.id, says)
        elif read and question.unread:
            yield Problem("form.toml", question.id, "this question is read: take unread out")


def safety_marks(book: Book) -> Iterator[Problem]:
    """Find a question that is marked as one of the safety set, and is in none."""
    findings = book.content.findings
    needed: set[str] = set()
    todo = [name for node in book.content.star_items.values() for name in names(node)]
    while todo:
        name = todo.pop()
        if name in findings and name not in needed:
            todo += names(findings[name])
        needed.add(name)
    questions = {q.id for name in needed if (q := book.form.question_of(name))}
    for question in book.form.questions.values():
        if question.safety and question.id not in questions:
            says = "safety = true, and no star set needs it: add it to one, or take the mark out"
            yield Problem("form.toml", question.id, says)


def asked_no_more(book: Book) -> Iterator[Problem]:
    """Find marks and lists that lead to a question which is not asked."""
    waiting = {item: s.record.id for s in book.content.star_sets for item in s.record.items}
    for question in book.form.questions.values():
        if question.asked:
            continue
        for key in ("core", "safety", "required", "block", "unfold_when"):
            if getattr(question, key):
                yield Problem(
                    "form.toml", question.id, f"{key}: it is no longer asked: take it out"
                )
        if question.id in waiting:
            says = f"{question.id} is no longer asked, so this stays provisional: take it out"
            yield Problem("urgency.toml", waiting[question.id], says)
        for recipient in book.content.recipients.values():
            if question.id in recipient.asks:
                file = f"recipients/{recipient.id}.toml"
                says = f"{question.id} is no longer asked: ask for what took its place"
                yield Problem(file, recipient.id, says)


def questions_that_never_come_into_sight(book: Book) -> Iterator[Problem]:
    """Find questions that wait for each other, or only for themselves, to be shown or unfolded."""
    content, form = book.content, book.form
    shown = {
        name: {q.id for n in named_alone(node) if (q := form.question_of(n))}
        for name, node in content.show.items()
        if name in form.questions
    }
    try:
        list(TopologicalSorter(shown).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        says = f"show_when goes round in a circle: {circle}: none of them is ever shown"
        yield Problem("form.toml", error.args[1][0], says)
    waits = {q.id: list(_waits_for(book, q)) for q in form.questions.values()}
    visible = {name for name, conditions in waits.items() if not conditions}
    grown = True
    while grown:
        found = {
            name
            for name, conditions in waits.items()
            if name not in visible and all(c & visible or not c for c in conditions)
        }
        visible |= found
        grown = bool(found)
    for name in waits.keys() - visible:
        says = (
            "it is only unfolded by answers that are themselves out of sight: loosen its condition"
        )
        yield Problem("form.toml", name, says)


def answers_that_a_later_visit_takes_wrongly(book: Book) -> Iterator[Problem]:
    """Find what `again` says twice, and a result that it would copy: a test of that day is none of this one."""
    form = book.form
    for question in form.questions.values():
        if question.again == form.sections[question.section].again:
            says = f"again: {question.again!r} is what its section says: leave it out"
            yield Problem("form.toml", question.id, says)
        if question.kind == "result" and form.again(question) != "anew":
            says = "again: a result has a day of its own and is never copied: write anew"
            yield Problem("form.toml", question.id, says)


def blocks_that_record_nothing(book: Book) -> Iterator[Problem]:
    """Find a block without members, with members elsewhere, or whose key records nothing."""
    form = book.form
    for block in form.blocks.values():
        members = form.in_block(block.id)
        values = [KINDS[q.kind].block_values(q, form.slots_of(q.id)) for q in members if q.asked]
        if not any(values):
            says = "its key records nothing: give it questions, or take it out"
            yield Problem("form.toml", block.id, says)
        for question in members:
            if question.section != block.section:
                says = f"its block {block.id!r} stands in another section: move one of them"
                yield Problem("form.toml", question.id, says)
    for section in form.sections:
        if not form.in_section(section):
            yield Problem("form.toml", section, "this section has no questions: take it out")


def units_without_a_factor(book: Book) -> Iterator[Problem]:
    """Find a unit whose factor is left out: it counts like the usual one, which is rarely meant."""
    for question in book.form.questions.values():
        for unit in question.units:
            if "factor" not in unit.model_fields_set:
                says = f"unit {unit.unit!r}: say its factor, also where that is 1"
                yield Problem("form.toml", question.id, says)


def units_reckoned_in_two_ways(book: Book) -> Iterator[Problem]:
    """Find a unit that is another spelling of one above it, with another factor."""
    for question in book.form.questions.values():
        factors = {question.unit: (Decimal(1), Decimal(0))}
        for unit in question.units:
            same = find_unit(factors, unit.unit)
            if same and (unit.factor, unit.offset) != factors[same]:
                says = (
                    f"unit {unit.unit!r} means {same!r}, and is reckoned otherwise: mend its factor"
                )
                yield Problem("form.toml", question.id, says)
            factors[unit.unit] = unit.factor, unit.offset


def codes_of_no_terminology(book: Book) -> Iterator[Problem]:
    """Find a code that is none: a phenotype is HP and seven digits, a LOINC number ends in a check digit."""
    for question in book.form.questions.values():
        hpo = (*question.codes.hpo, *(o.hpo for o in question.options if o.hpo))
        wrong = [code for code in hpo if not _HPO.fullmatch(code)]
        wrong += [code for code in question.codes.loinc if not _is_loinc(code)]
        for code in wrong:
            yield Problem("form.toml", question.id, f"{code!r} is no such code: look it up again")


# -- words ----------------------------------------------------------------------------------------


def words_that_are_empty(book: Book) -> Iterator[Problem]:
    """Find a label, title or sentence with nothing in it, or with blanks at its ends."""
    records: tuple[tuple[str, BaseModel], ...] = (
        ("form.toml", book.form.file),
        ("findings.toml", book.content.named),
        ("urgency.toml", book.content.urgency),
        *((file, record) for file, record in book.rules if file != "urgency.toml"),
    )
    for file, record in records:
        for where, key, text in _prose(record, getattr(record, "id", "")):
            if text != text.strip() or (not text and key in ("label", "title", "says", "name")):
                says = f"{key}: say something here, without blanks at its ends"
                yield Problem(file, where, says)


def labels_that_stand_twice(book: Book) -> Iterator[Problem]:
    """Find two questions of a section, or two options of a question, that look the same."""
    form = book.form
    for section in form.sections:
        yield from _doubles(section, [(q.id, q.label) for q in form.in_section(section)])
    for question in form.questions.values():
        for records in (question.options, question.rows, question.columns):
            yield from _doubles(question.id, [(record.id, record.label) for record in records])


def names_that_two_questions_claim(book: Book) -> Iterator[Problem]:
    """Find a name in `say` that stands for two questions: quick entry could not tell them apart."""
    owners: dict[str, list[str]] = defaultdict(list)
    for question in book.form.questions.values():
        for name in {said.lower().strip() for said in question.say}:
            owners[name].append(question.id)
    for name, questions in owners.items():
        if len(questions) > 1:
            says = f"say: {name!r} also stands for {questions[0]}: choose another name"
            yield Problem("form.toml", questions[-1], says)


def names_that_two_options_claim(book: Book) -> Iterator[Problem]:
    """Find an option or row whose other name is the name of another one beside it.

    Rows may share one that is no label: it stands for their group, and a single row is asked.
    """
    for question in book.form.questions.values():
        parts: tuple[OptionRecord | GridRow, ...] = (*question.options, *question.rows)
        labels = {part.label.lower(): part.id for part in parts}
        labels |= {part.short.lower(): part.id for part in parts if part.short}
        claimed: dict[str, str] = {}
        for part in parts:
            for name in {said.lower().strip() for said in part.say}:
                other = labels.get(name, part.id)
                if isinstance(part, OptionRecord):
                    other = claimed.setdefault(name, part.id) if other == part.id else other
                if other != part.id:
                    says = f"say: {name!r} also stands for {other}: choose another name"
                    yield Problem("form.toml", f"{question.id}.{part.id}", says)


def labels_that_join_what_rules_tell_apart(book: Book) -> Iterator[Problem]:
    """Find a label "A or B" beside another that is A alone, and that rules read: a yes to the first may mean B.

    The yes-or-no questions of a section are compared with each other, and the options of one question.
    """
    form = book.form
    groups = [
        {q.id: q.label for q in form.in_section(section) if q.kind == "finding" and q.asked}
        for section in form.sections
    ]
    groups += [{f"{q.id}.{o.id}": o.label for o in q.options} for q in form.questions.values()]
    for labels in groups:
        words = {name: _stems(label) for name, label in labels.items()}
        for name, label in labels.items():
            plain = label.partition("(")[0]
            if not _JOINS.search(plain):
                continue
            parts = [_stems(part) for part in _SPLIT.split(plain)]
            for other, known in words.items():
                if other != name and other in book.read and known and known in parts:
                    says = (
                        f"its label joins with “or” what {other} asks alone: split it, or reword it"
                    )
                    yield Problem("form.toml", name, says)


# -- words of letters -----------------------------------------------------------------------------


def answers_without_words(book: Book) -> Iterator[Problem]:
    """Find a question that letters have no words for: a label in the record, and what its absence is told as."""
    for question in book.form.questions.values() if book.answers else ():
        words = book.answers.get(question.id)
        if words is None or not words.row:
            says = "letters have no words for this question: add it with its row"
            yield Problem(_ANSWERS, question.id, says)
            continue
        is_told = question.kind == "finding" and not words.sensitive
        if is_told and bool(words.denied) is bool(words.turned):
            says = "say what it is when absent: denied, or turned where that would be a double negative"
            yield Problem(_ANSWERS, question.id, says)


def rows_that_are_too_long(book: Book) -> Iterator[Problem]:
    """Find a label of the record that does not fit its column."""
    rows = {f"{q.id}.{row.id}": row.phrase for q in book.form.questions.values() for row in q.rows}
    rows = {} if not book.answers else rows
    for name, row in (rows | {name: w.row for name, w in book.answers.items() if w.row}).items():
        if len(row) > _ROW:
            says = f"row: {row!r} has {len(row)} signs, and {_ROW} fit: shorten it"
            yield Problem(_ANSWERS, name, says)


def joined_findings_that_cannot_be_told_apart(book: Book) -> Iterator[Problem]:
    """Find a finding that joins several, and nothing says which: its reader could not tell what the patient has."""
    for question in book.form.questions.values():
        words = book.answers.get(question.id)
        if words is None or question.kind != "finding":
            continue
        joins = "," in words.row or _JOINS.search(words.row) or _JOINS.search(question.phrase)
        if joins and not (words.page or words.one_of or words.follow_up):
            says = "it joins several findings: say what it may stand for in one_of, or ask in follow_up"
            yield Problem(_ANSWERS, question.id, says)
        if len(words.one_of) == 1:
            yield Problem(_ANSWERS, question.id, "one_of: one is no choice: tell it in page")


def words_that_deny_twice(book: Book) -> Iterator[Problem]:
    """Find a name in a list of what is denied that denies something itself."""
    for name, words in book.answers.items():
        if _NEGATIVE.search(words.denied):
            says = f"denied: {words.denied!r} would be denied twice over: say in turned what its absence means"
            yield Problem(_ANSWERS, name, says)


def regions_that_look_like_two(book: Book) -> Iterator[Problem]:
    """Find a region such as "forearm or hand" without the name under which it is one area."""
    for question in book.form.questions.values() if book.answers else ():
        for option in question.options if question.kind == "choices" and question.sided else ():
            words = book.answers.get(f"{question.id}.{option.id}")
            if _JOINS.search(option.label) and not (words and words.area):
                says = "two places that are one area: name it in area, with a stroke between them"
                yield Problem(_ANSWERS, f"{question.id}.{option.id}", says)


def places_without_a_plural(book: Book) -> Iterator[Problem]:
    """Find a place with sides among others that have a plural, and it has none: "both calves, foot on both sides"."""
    for question in book.form.questions.values():
        words = book.answers.get(question.id)
        if words is None or not words.plurals or not question.sided:
            continue
        for option in question.options:
            if not option.midline and option.id not in words.plurals:
                yield Problem(
                    _ANSWERS, question.id, f"plurals: {option.id} has none: say what both of it are"
                )


def needs_that_are_not_sensitive(book: Book) -> Iterator[Problem]:
    """Find what a service is told as sensitive, and is not."""
    for recipient in book.content.recipients.values():
        for name in recipient.sensitive:
            words = book.answers.get(name)
            if words is None or not words.sensitive:
                says = (
                    f"sensitive: {name} is told to everyone: mark it in {_ANSWERS}, or take it out"
                )
                yield Problem(f"recipients/{recipient.id}.toml", "sensitive", says)


# -- words for the patient ------------------------------------------------------------------------


def sentences_too_long_for_the_patient(book: Book) -> Iterator[Problem]:
    """Find a sentence for the patient with more words than are read with ease."""
    for file, name, key, text in _for_the_patient(book):
        for said in _SENTENCE.split(text):
            if (count := len(said.split())) > _WORDS_OF_A_SENTENCE:
                says = f"{key}: {said[:40]!r} has {count} words, and {_WORDS_OF_A_SENTENCE} are read: cut it"
                yield Problem(file, name, says)


def levels_that_do_not_say_when(book: Book) -> Iterator[Problem]:
    """Find what comes next with no date in it, or with two."""
    for level in book.content.urgency.level:
        for key in _NEXT:
            text = getattr(level, key)
            if text and text.count("{date}") != 1:
                says = f"{key}: it has one date: write {{date}} where it stands"
                yield Problem("urgency.toml", level.id, says)


def lines_under_no_heading(book: Book) -> Iterator[Problem]:
    """Find lines of a safety net that stand under no heading, or a heading with no lines."""
    for rule in book.content.safety_net:
        if bool(rule.record.items) is not bool(rule.record.under):
            says = "items and under belong together: give both, or none"
            yield Problem("plan.toml", rule.record.id, says)


def tests_without_words(book: Book) -> Iterator[Problem]:
    """Find a test that the patient's copy has no words for, and a purpose that is longer than its line."""
    records = [rule.record for rule in book.content.investigations]
    for record in records:
        if not record.patient and any(other.patient for other in records):
            says = "patient: say in a sentence what it is for the patient"
            yield Problem("investigations.toml", record.id, says)
        for condition, purpose in record.purposes.items():
            if (count := len(purpose.split())) > _WORDS_OF_A_PURPOSE:
                says = f"purposes: {condition} has {count} words, and {_WORDS_OF_A_PURPOSE} fit: cut it"
                yield Problem("investigations.toml", record.id, says)


# -- letters and recipients -----------------------------------------------------------------------


def letters_that_are_not_there(book: Book) -> Iterator[Problem]:
    """Find a recipient whose letter is missing."""
    for recipient in book.content.recipients.values():
        if recipient.template not in book.letters:
            hint = did_you_mean(recipient.template, book.letters)
            says = f"there is no letter {recipient.template!r}{hint}"
            yield Problem(f"recipients/{recipient.id}.toml", "template", says)


def services_without_a_recipient(book: Book) -> Iterator[Problem]:
    """Find a service to which no letter can go."""
    served = {name for r in book.content.recipients.values() for name in r.serves}
    for rule in book.content.services:
        if rule.record.id not in served:
            says = "no recipient is this service: name it in serves of one"
            yield Problem("services.toml", rule.record.id, says)


# -- older versions -------------------------------------------------------------------------------


def answers_that_rules_once_read(book: Book) -> Iterator[Problem]:
    """Find an answer that a condition of a released version read, and that is gone or idle: a draft may hold it."""
    now = answers_read(book)
    for version, read in book.released.items():
        for name in sorted(read):
            became = book.form.became(name)
            question = book.form.question_of(became)
            if became in book.form.parts or _is_known(book.form, became):
                idle = name != became or (question is not None and not question.asked)
                if idle and became not in now:
                    says = (
                        f"conditions of {version} read it, and nothing reads {became} now: read it"
                    )
                    yield Problem("form.toml", name, says)
            else:
                says = (
                    f"conditions of {version} read it, and it is gone: retire it with what it became, "
                    "or keep its question with asked = false"
                )
                yield Problem("form.toml", name, says)


CHECKS: tuple[Callable[[Book], Iterator[Problem]], ...] = (
    conditions_that_only_come_out_one_way,
    limits_that_cannot_be,
    items_that_count_twice,
    rules_without_a_source,
    places_that_nobody_fills,
    conditions_that_wait_for_what_is_asked_no_more,
    the_same_said_for_and_against,
    flags_of_one_condition,
    flags_that_reassure_above_routine,
    flags_that_are_no_emergency,
    referrals_nobody_takes,
    findings_nobody_reads,
    sources_nobody_cites,
    questions_nobody_reads,
    safety_marks,
    asked_no_more,
    questions_that_never_come_into_sight,
    answers_that_a_later_visit_takes_wrongly,
    blocks_that_record_nothing,
    units_without_a_factor,
    units_reckoned_in_two_ways,
    codes_of_no_terminology,
    words_that_are_empty,
    labels_that_stand_twice,
    names_that_two_questions_claim,
    names_that_two_options_claim,
    labels_that_join_what_rules_tell_apart,
    answers_without_words,
    rows_that_are_too_long,
    joined_findings_that_cannot_be_told_apart,
    words_that_deny_twice,
    regions_that_look_like_two,
    places_without_a_plural,
    needs_that_are_not_sensitive,
    sentences_too_long_for_the_patient,
    levels_that_do_not_say_when,
    lines_under_no_heading,
    tests_without_words,
    letters_that_are_not_there,
    services_without_a_recipient,
    answers_that_rules_once_read,
)


# -- inside ---------------------------------------------------------------------------------------


def _released(files: ContentFiles) -> dict[str, frozenset[str]]:
    record = _optional(files, "released.toml", ReleasedFile) or ReleasedFile()
    return {release.version: frozenset(release.read) for release in record.release}


def _answers(files: ContentFiles) -> dict[str, AnswerWords]:
    record = _optional(files, _ANSWERS, AnswersFile) or AnswersFile()
    return {words.id: words for words in record.answer}


def _optional(files: ContentFiles, name: str, model: type[R]) -> R | None:
    """Return a file that a form need not have."""
    if f"forms/{name}" not in files.paths():
        return None
    problems: list[Problem] = []
    record = read_record(files, f"forms/{name}", model, Faults(name, problems))
    if record is None:
        raise ContentError(problems)
    return record


def _read_openly(node: Node | Number) -> Iterator[str]:
    """Yield the names that are read outside of surely() and known()."""
    if isinstance(node, Surely | Known):
        return
    below = children(node)
    for child in below:
        yield from _read_openly(child)
    if not below:
        yield from names(node)


def _waits_for(book: Book, question: Question) -> Iterator[set[str]]:
    """Yield, for each condition that keeps a question out of sight, the other questions that it reads."""
    if question.palette_only or question.pick_list or not question.asked:
        return
    keys = [question.id, *([block_key(question.block)] if question.block else ())]
    # The first part of a block is in sight as soon as its line is.
    conditions = [book.content.show.get(key) for key in keys]
    conditions.append(book.content.unfold.get(question.id))
    for node in conditions:
        if node is not None and compile_truth(node)({}) is not True:
            below = book.content.questions_below(node)
            # What waits for its own answer alone never comes into sight.
            yield below - {question.id} or below


def _prose(record: BaseModel, where: str) -> Iterator[tuple[str, str, str]]:
    for key, value in record:
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                yield from _prose(item, getattr(item, "id", where))
            elif isinstance(item, str):
                yield where, key, item


def _for_the_patient(book: Book) -> Iterator[tuple[str, str, str, str]]:
    """Yield file, record, key and text of all that is written for the patient's own copy."""
    content = book.content
    for level in content.urgency.level:
        for key in ("patient_title", *_NEXT):
            yield "urgency.toml", level.id, key, getattr(level, key)
    for rule in content.conditions:
        for key in ("patient_name", "patient_finding"):
            yield "conditions.toml", rule.record.id, key, getattr(rule.record, key)
        for key in ("ring_now", "ring_today", "ring_days"):
            for item in getattr(rule.record, key):
                yield "conditions.toml", rule.record.id, key, item
    for test in content.investigations:
        yield "investigations.toml", test.record.id, "patient", test.record.patient
    for net in content.safety_net:
        for item in net.record.items:
            yield "plan.toml", net.record.id, "items", item


def _doubles(where: str, labels: list[tuple[str, str]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, label in labels:
        earlier = seen.setdefault(label.lower(), name)
        if earlier != name:
            yield Problem(
                "form.toml", where, f"{earlier} and {name} have the same label: tell them apart"
            )


def _stems(label: str) -> frozenset[str]:
    return frozenset(word[:6] for word in _LONG_WORD.findall(label.lower()))


def _is_loinc(code: str) -> bool:
    if not _LOINC.fullmatch(code):
        return False
    digits, _, check = code.partition("-")
    doubled = "".join(str(int(d) * 2) if n % 2 == 0 else d for n, d in enumerate(digits[::-1]))
    return (10 - sum(map(int, doubled)) % 10) % 10 == int(check)


def _is_known(form: Form, name: str) -> bool:
    """Whether `name` is a row of a grid, or the closing line of a table."""
    question = form.question_of(name)
    if question is None:
        return False
    rows = (f"{question.id}.{row.id}" for row in question.rows)
    return name in (*rows, nothing_key(question))
