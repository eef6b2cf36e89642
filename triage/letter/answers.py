"""The blocks that tell what was recorded."""

from __future__ import annotations

from dataclasses import replace

from triage.content.form import MIDLINE, NOTE
from triage.content.schema import GridRow, Question
from triage.letter.grids import row_name
from triage.letter.making import HEAD, Making
from triage.letter.phrase import Phrase, gathered, keys_of, listed, sentence
from triage.letter.results import dated_results
from triage.letter.statements import Block, Row, Statement, Style
from triage.letter.template import BlockRecord, RowRecord
from triage.letter.words import recorded_text
from triage.model.values import Result

# More negatives than this that one key entered stand back: they are worth less than those asked one by one.
_MUCH = 8


def answers_block(making: Making, record: BlockRecord) -> Block:
    """Return labelled rows of answers, the free text of their sections in front."""
    rows = making.notes(record)
    for n, row in enumerate(record.row):
        if row.missing:
            rows.append(_not_examined(making, row, nothing=not rows))
            continue
        phrases = making.phrases((record.id, n))
        if record.seen:
            phrases = [_without_label(p, row.label) for p in _merged(making, phrases)]
        statements = making.told(
            phrases,
            seen=record.seen,
            lead=row.take != "absent" or not row.label,
            much=_MUCH,
        )
        if statements:
            rows.append(Row(row.label, tuple(statements)))
    if record.net:
        rows += _net(making)
    return Block(record.id, record.heading, "rows", (), tuple(rows))


def strip_block(making: Making, record: BlockRecord) -> Block:
    """Return what a laboratory must know before it starts.

    Positives, also those that are recorded elsewhere, then absent ones, then what was not asked.
    """
    statements = [Statement(line.says, (), "strong") for line in making.assessment.safety]
    phrases = making.phrases((record.id, -1))
    there = [p for p in phrases if p.part == "present"]
    questions = making.template.questions[record.id, -1]
    disputed = making.contradictions(strip=True)
    sure = making.asked(keys_of(there)) - making.asked(k for c in disputed for k in c.answers)
    known = {t.question for t in making.assessment.elsewhere if t.question in questions}
    elsewhere = [
        t.says for t in making.assessment.elsewhere if t.says and t.question in known - sure
    ]
    if elsewhere:
        statements.append(Statement(sentence(listed(list(dict.fromkeys(elsewhere)))), (), "strong"))
    statements += gathered(there)
    statements += [making.contradiction(found) for found in disputed]
    statements += making.told([p for p in phrases if p.part != "present"])
    # Pregnancy and the like are asked of some patients only.
    silent = [
        q for q in questions if q not in record.optional and q not in known and _is_open(making, q)
    ]
    if silent:
        names = [making.form.questions[q].phrase for q in silent]
        statements.append(Statement(making.word("not_asked", items=listed(names)), (), "strong"))
    return Block(record.id, record.heading, "strip", tuple(statements), tuple(making.notes(record)))


def question_block(making: Making, record: BlockRecord) -> Block:
    """Return the referrer's question and what is asked of the recipient."""
    statements = [
        Statement(sentence(p.text), p.keys, p.style) for p in making.phrases((record.id, -1))
    ]
    if not making.text("referrer.question"):
        statements.insert(0, Statement(making.word("no_question"), (), "strong"))
    return Block(record.id, record.heading, "prose", tuple(statements), tuple(making.notes(record)))


def results_block(making: Making, record: BlockRecord) -> Block:
    """Return results by date, then what is pending, then what else is recorded of results."""
    place = (record.id, -1)
    tests: list[tuple[Question, str, Result]] = []
    keys: set[str] = set()
    for name in making.template.questions[place]:
        value = making.case.get(name)
        if isinstance(value, Result):
            tests.append((making.form.questions[name], name, value))
            keys.add(name)
    other = [p for p in making.phrases(place) if not keys.issuperset(p.keys)]
    rows: list[Row] = []
    # "Results: some" says nothing beside the results themselves, so they cover it.
    choices = [p for p in other if all(_is_choice(making, key) for key in p.keys)]
    quiet = tuple(key for p in choices for key in p.keys) if tests else ()
    for label, phrases in dated_results(tests, making.case):
        statements: list[Statement] = []
        styles: tuple[tuple[bool, Style], ...] = ((True, "strong"), (False, "plain"))
        for outside, style in styles:
            here = [p for p in phrases if p.positive is outside]
            if here:
                covers = (*(k for p in here for k in p.keys), *quiet)
                statements.append(
                    Statement(sentence(listed([p.text for p in here])), covers, style)
                )
                quiet = ()
        rows.append(Row(label, tuple(statements)))
    rest = making.told([p for p in other if not (tests and p in choices)])
    rows += [Row("", tuple(rest))] if rest else []
    return Block(record.id, record.heading, "rows", (), (*making.notes(record), *rows))


def _is_choice(making: Making, key: str) -> bool:
    question = making.form.question_of(key)
    return question is not None and question.kind == "choice"


def rest_block(making: Making, record: BlockRecord, covered: set[str]) -> Block:
    """Return what no other block told: answers, notes, and what is no longer asked."""
    rows: list[Row] = []
    phrases: list[Phrase] = []
    for question in making.form.questions.values():
        if question.id not in HEAD:
            phrases += [
                p for p in making.speaker.phrases(question) if not covered.issuperset(p.keys)
            ]
    told = {key for p in phrases for key in p.keys} | covered
    statements = making.told(phrases, much=_MUCH)
    if held := [key for key in making.case if key not in told and making.is_sensitive(key)]:
        statements.append(Statement(making.word("kept", count=len(held)), tuple(held)))
        told.update(held)
    left = [key for key in making.case if key not in told]
    notes = [making.note(key) for key in left if key.startswith(NOTE) and making.text(key)]
    rows += [note if n == 0 else Row("", note.statements) for n, note in enumerate(notes)]
    odd = {k: making.case[k] for k in left if not k.startswith(NOTE) and k not in making.form.slots}
    odd |= making.lost
    if odd:
        items = "; ".join(f"{_lost_name(making, k)}: {recorded_text(v)}" for k, v in odd.items())
        statements.append(Statement(making.word("no_longer_asked", items=items), tuple(odd)))
    rows += [Row("", tuple(statements))] if statements else []
    return Block(record.id, record.heading, "rows", (), tuple(rows))


def _lost_name(making: Making, key: str) -> str:
    """Return how a letter names what stands under `key`, as far as the form still knows it."""
    slot = making.form.slot(key)
    if slot is None:
        question = making.form.question_of(key)
        if question is None:
            return key
        rest = key.removeprefix(f"{question.id}.").replace(".", " ").replace("_", " ")
        return f"{question.phrase}, {rest}"
    return slot.phrase if slot.row is None and slot.option is None else slot.label


def _net(making: Making) -> list[Row]:
    given = making.case.get("plan.safety_net_given")
    if given is None and making.assessment.safety_net:
        return [Row("", (Statement(making.word("safety_net_missing")),))]
    return []


def _merged(making: Making, phrases: list[Phrase]) -> list[Phrase]:
    """Join phrases of grids that say the same: ``light touch, pinprick and vibration normal: hand, foot``."""
    groups: dict[tuple[str, bool], list[tuple[str, Phrase]]] = {}
    found: list[Phrase] = []
    for phrase in phrases:
        question = making.form.question_of(phrase.keys[0])
        name = question.phrase if question is not None and question.kind == "grid" else ""
        if not name or phrase.part != "present" or not phrase.text.startswith(f"{name} "):
            found.append(phrase)
            continue
        same = groups.setdefault((phrase.text.removeprefix(name), phrase.positive), [])
        if not same:
            found.append(phrase)
        same.append((name, phrase))
    for (rest, positive), members in groups.items():
        if len(members) > 1:
            first = members[0][1]
            keys = tuple(key for _, p in members for key in p.keys)
            text = listed([name for name, _ in members], "and") + rest
            joined = Phrase(text, keys, alone=True, positive=positive, style=first.style)
            found[found.index(first)] = joined
    return found


def _without_label(phrase: Phrase, label: str) -> Phrase:
    """Drop the words that the row's label has already said."""
    head = f"{label.lower()} "
    if not label or not phrase.text.lower().startswith(head):
        return phrase
    return replace(phrase, text=phrase.text[len(head) :])


# -- what was not done --------------------------------------------------------------------------------


def _not_examined(making: Making, row: RowRecord, *, nothing: bool) -> Row:
    """Return what was not done; that nothing was is said only where the block tells nothing else."""
    missing: dict[str, list[str]] = {}
    whole: dict[str, int] = {}
    for entry in row.missing:
        question = making.form.question_of(entry)
        assert question is not None
        whole[question.id] = whole.get(question.id, 0) + 1
        name = question.phrase if entry == question.id else _missing_row(making, question, entry)
        if name and (entry != question.id or not _answered(making, entry)):
            missing.setdefault(question.id, []).append(name)
    if not missing:
        return Row(row.label, (Statement(making.word("all_examined")),))
    if nothing and len(missing) == len(whole) and all(len(missing[q]) == whole[q] for q in whole):
        return Row(row.label, (Statement(making.word("none_examined"), (), "strong"),))
    items: list[str] = []
    for name, rows in missing.items():
        question = making.form.questions[name]
        done = any(key.startswith(f"{name}.") and key in making.form.slots for key in making.case)
        if question.kind == "grid" and len(rows) == whole[name] and not done:
            items.append(question.phrase)
        elif question.kind == "grid":
            items.append(f"{question.phrase} of {listed(rows, 'and')}")
        else:
            items += rows
    return Row(
        row.label,
        (Statement(sentence(making.word("not_examined", items=listed(items))), (), "strong"),),
    )


def _missing_row(making: Making, question: Question, entry: str) -> str:
    """Return how the letter names an untested row of a grid; empty if it was tested, or a wider row was."""
    row = next(r for r in question.rows if f"{question.id}.{r.id}" == entry)
    sides = ("midline",) if row.sides == "midline" else ("left", "right")
    left_out = [s for s in sides if not _covered(making, question, row, s)]
    if not left_out:
        return ""
    name = row_name(question, row)
    return name if len(left_out) == len(sides) else f"{name} ({left_out[0]})"


def _covered(making: Making, question: Question, row: GridRow, side: str) -> bool:
    names = [row.id, *(r.id for r in question.rows if f"{question.id}.{row.id}" in r.covers)]
    parts = (side, MIDLINE)
    return any(
        name in making.case or any(f"{name}.{part}" in making.case for part in parts)
        for name in (f"{question.id}.{name}" for name in names)
    )


def _is_open(making: Making, question: str) -> bool:
    return making.form.questions[question].asked and not _answered(making, question)


def _answered(making: Making, question: str) -> bool:
    return any(slot.key in making.case for slot in making.form.slots_of(question))
