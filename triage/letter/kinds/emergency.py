"""The sheet that travels with an emergency: who was phoned, why, the function at stake, what to beware of."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from triage.content.form import SEX, URGENCY
from triage.content.ranges import age_of
from triage.content.schema import RedFlag
from triage.letter.blocks.filling import with_articles
from triage.letter.blocks.head import issued_words
from triage.letter.blocks.red_flags import is_alarm, present_alarms
from triage.letter.blocks.strip import medicines_of
from triage.letter.blocks.studies import weight_of
from triage.letter.kinds.call import call_rows
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement, Style, Tag, strong, unmarked
from triage.letter.template import BlockRecord, Emergency, FunctionRecord, RowRecord
from triage.letter.words.answers import Speaker
from triage.letter.words.phrase import Phrase, gathered, keys_of, listed, sentence, shared
from triage.letter.words.recorded import noted
from triage.model.values import Choice, Unable, Urgency, is_present
from triage.rules.assessment import Fired

# Words from whom it goes to, to what to beware of: what is read while the patient is brought in.
MOST_WORDS = 90
# The day of a result, behind it.
_DAY = re.compile(r" \((\d{1,2} \w{3} \d{4})\)$")
# Functions at stake, and emergencies in the headline: more is told, and not headed.
_FEW = 2
Rows = tuple[Row, ...]
Sheet = Mapping[Emergency, Rows]


def emergency_block(making: Making, record: BlockRecord) -> Block:
    """Return one part of the sheet."""
    match record.emergency:
        case "suspicion":
            return _head(making, record)
        case "sender":
            return Block(record.id, record.heading, "sender", _sender(making))
        case None:
            return Block(record.id, record.heading, "prose")
    rows = sheet(making)[record.emergency]
    heading = record.heading
    if record.emergency == "at_stake" and rows:
        heading, rows = rows[0].label, (replace(rows[0], label=""), *rows[1:])
    return Block(record.id, heading, "prose", rows)


def sheet(making: Making) -> Sheet:
    """Return what is counted of the sheet, the least important left out until it is short enough."""
    found: dict[Emergency, Rows] = {}
    graded: set[str] = set()
    for record in making.template.file.block:
        part = record.emergency
        if part is not None and part in _PARTS:
            found[part] = tuple(_PARTS[part](making, record))
            rows = (n for n, row in enumerate(record.row) if row.worst)
            graded |= {name for n in rows for name in making.template.questions[record.id, n]}
    why = found["why"]
    worst = {s: brief for s in _said(why) if s.yields and (brief := _worst(making, s, graded))}
    left: list[Statement] = []

    def tell() -> None:
        """Tell why without what is left to the record; what of it is about the function at stake is told there."""
        found["why"] = _without(why, left, worst)
        found["at_stake"] = tuple(_at_stake(making, found["why"]))

    tell()
    found["beware"] = _shortened(found, "beware")
    while _words(found) > MOST_WORDS and (more := [s for s in _said(found["why"]) if s.yields]):
        left.append(more[-1])
        tell()
    full, short = found["at_stake"], _shortened(found, "at_stake")
    cut = [s for s in _said(full) if s not in _said(short)]
    # A short sentence may have room where a longer one had none.
    for statement in reversed(left.copy()):
        left.remove(statement)
        tell()
        found["at_stake"] = _without(found["at_stake"], cut)
        if _words(found) > MOST_WORDS:
            left.append(statement)
    tell()
    found["at_stake"] = _without(found["at_stake"], cut)
    return found


def _said(rows: Rows) -> list[Statement]:
    return [statement for row in rows for statement in row.statements]


def _words(found: Sheet) -> int:
    texts = (s.text for rows in found.values() for s in _said(rows) if s.style != "free")
    return sum(len(text.split()) for text in texts)


def _shortened(found: Sheet, part: Emergency) -> Rows:
    """Return a part of the sheet, of too many words without the last of what may be left to the record."""
    rows = found.get(part, ())
    while _words({**found, part: rows}) > MOST_WORDS and (
        more := [s for s in _said(rows) if s.yields]
    ):
        rows = _without(rows, more[-1:])
    return rows


def _without(
    rows: Rows, left: Sequence[Statement], instead: Mapping[Statement, Statement] = {}
) -> Rows:
    """Return rows without the sentences that are left to the record, or with what stands `instead` of one."""
    kept = (
        replace(
            row, statements=tuple(filter(None, (_kept(s, left, instead) for s in row.statements)))
        )
        for row in rows
    )
    return tuple(row for row in kept if row.statements)


def _kept(
    statement: Statement, left: Sequence[Statement], instead: Mapping[Statement, Statement]
) -> Statement | None:
    return instead.get(statement) if statement in left else statement


def _worst(making: Making, statement: Statement, graded: Container[str]) -> Statement | None:
    """Return the worst of the grades that a sentence tells, which a full sheet tells in its place."""
    slots = [slot for key in statement.covers if (slot := making.form.slots.get(key)) is not None]
    worst = max(slots, key=lambda slot: weight_of(making, slot), default=None)
    if worst is None or worst.question.id not in graded or not weight_of(making, worst):
        return None
    value = making.case[worst.key]
    assert worst.row is not None
    assert isinstance(value, Choice)
    grid = making.speaker.grid(worst.question)
    name = " ".join(filter(None, (worst.side, grid.name(worst.row))))
    text = making.word("worst_grade", name=name, grade=value.option)
    return Statement(sentence(text), (worst.key,))


# -- the headline -------------------------------------------------------------------------------------


def _head(making: Making, record: BlockRecord) -> Block:
    level = making.level_record
    tag = Tag(level.id, level.title.upper(), level.aim) if level is not None else None
    return Block(record.id, record.heading, "level", title=suspicion(making), tag=tag)


def suspicion(making: Making) -> str:
    """Return what is feared, as a headline."""
    if flags := _headed(making):
        return _joined([_suspected(making, flag) for flag in flags])
    leading = making.leading()
    if leading is None or leading.benign:
        return making.word("no_suspicion")
    return sentence(making.word("suspected", name=leading.page)).rstrip(".")


def _headed(making: Making) -> list[RedFlag]:
    """Return the emergencies that head the sheet: the first, and one of another condition or other answers."""
    found: list[RedFlag] = []
    seen: set[str] = set()
    named = {c.id for c in making.named()}
    for fired, flag in _flags(making):
        headed = {name for one in found for name in one.suspicion_of}
        is_other = not named.isdisjoint(flag.suspicion_of) and headed.isdisjoint(flag.suspicion_of)
        if is_other or seen.isdisjoint(fired.answers):
            found.append(flag)
        seen.update(fired.answers)
    return found[:_FEW]


def _joined(items: Sequence[str]) -> str:
    """Return headlines as one."""
    first, *others = items
    return "; ".join((first, *(item[:1].lower() + item[1:] for item in others)))


def _suspected(making: Making, flag: RedFlag) -> str:
    named = (c.id for c in making.named())
    closer = next((flag.suspicion_of[name] for name in named if name in flag.suspicion_of), "")
    return closer or flag.suspicion


def _flags(making: Making) -> list[tuple[Fired, RedFlag]]:
    """Return the emergencies: that of the leading condition first, one that is a sign of another last."""
    records = {flag.id: flag for flag in making.content.urgency.red_flag}
    named = [c.id for c in making.named()]
    fired = [r for r in _fired(making) if making.may_say(r.answers)]

    def place(reason: Fired) -> tuple[int, bool, int]:
        closer = records[reason.rule].suspicion_of
        rank = next((n for n, name in enumerate(named) if name in closer), len(named))
        is_part = any(set(reason.answers) < set(other.answers) for other in fired)
        # What is suspected of one condition says more than what is suspected of ten.
        return rank, is_part, len(closer) if rank < len(named) else 0

    return [(reason, records[reason.rule]) for reason in sorted(fired, key=place)]


def _fired(making: Making) -> list[Fired]:
    return [r for r in making.assessment.urgency.reasons if r.level == "emergency"]


# -- why ----------------------------------------------------------------------------------------------


def _why(making: Making, record: BlockRecord) -> Iterator[Row]:
    """Yield what the emergency rests on, then what else speaks for what is feared."""
    flags = _flags(making)
    behind = [key for fired, _ in flags for key in fired.answers]
    others = [key for key in _supporting(making) if key not in behind]
    statements = [
        *_told(making, record, behind, ()),
        *_told(making, record, others, behind),
    ]
    told = [*behind, *(key for s in statements for key in s.covers)]
    statements += _told(making, record, _rest(making, record), told, odd=True)
    covered = {key for s in statements for key in s.covers}
    left = [key for key in present_alarms(making) if key not in covered]
    names = dict.fromkeys(q.id for key in left if (q := making.form.question_of(key)) is not None)
    if phrases := [p for name in names for p in _present(making, making.brief(left), name)]:
        more = sentence(listed([phrase.text for phrase in phrases]))
        statements.append(Statement(more, keys_of(phrases), "plain" if statements else "strong"))
    if not statements and _fired(making):
        statements = [Statement(making.word("reason_kept"), (), "strong")]
    chosen = making.case.get(URGENCY)
    if isinstance(chosen, Urgency) and chosen.reason.strip():
        said = sentence(unmarked(chosen.reason))
        statements.insert(0 if not behind else len(statements), Statement(said, (URGENCY,)))
    if statements:
        yield Row("", tuple(statements))


def _supporting(making: Making) -> list[str]:
    """Return the answers that speak for the condition that the headline names."""
    flags = _headed(making)
    closer = {name for flag in flags for name in flag.suspicion_of}
    heading = [c for c in making.named() if not flags or c.id in closer][:1]
    return [key for c in heading for reason in c.for_ for key in reason.answers]


def _rest(making: Making, record: BlockRecord) -> list[str]:
    """Return the answers of the rows of the block; what was measured of a function at stake is told with it."""
    measured = {name for f in _functions(making) for m in f.measure for name in m.questions}
    names = [
        name
        for n in range(len(record.row))
        for name in making.template.questions[record.id, n]
        if name not in measured
    ]
    slots = (slot for name in names for slot in making.form.slots_of(name))
    return [slot.key for slot in slots if slot.key in making.case]


def _told(
    making: Making,
    record: BlockRecord,
    keys: Sequence[str],
    told: Sequence[str],
    *,
    odd: bool = False,
) -> Iterator[Statement]:
    """Yield what is there of `keys`, a sentence for each row of the block; the first is strong.

    Beside what was `told` already, only what a row names is told, and it may be left to the record; if `odd`, nothing
    that is as it should be.
    """
    place: dict[str, int] = {}
    for n, name in enumerate(q.id for key in keys if (q := making.form.question_of(key))):
        place.setdefault(name, n)
    done = {q.id for key in told if (q := making.form.question_of(key)) is not None}
    rows = _rows(making, record, keys)
    named = {name for names, *_ in rows for name in names}
    if not told:
        rows += [((name,), making.brief(keys), False) for name in place if name not in named]
    rows = [
        (row[0] if row[2] else tuple(name for name in row[0] if name not in done), *row[1:])
        for row in rows
        if not row[2] or not done & set(row[0])
    ]
    rows = [row for row in rows if place.keys() & set(row[0])]
    first = not told
    rows.sort(key=lambda row: min(place.get(name, len(place)) for name in row[0]))
    for names, speaker, together in rows:
        phrases = [p for name in names for p in _present(making, speaker, name)]
        phrases = [p for p in phrases if not (odd and p.normal)]
        if phrases:
            texts = [p.text for p in phrases]
            breath = with_articles(" ".join(texts).replace(" ,", ","))
            text = sentence(breath if together else listed(texts))
            keys = keys_of(phrases)
            stands = first or _is_flagged(making, keys) or (not told and _must_stand(making, keys))
            yields = not stands
            yield Statement(text, keys, "strong" if first else "plain", yields)
            first = False


def _rows(
    making: Making, record: BlockRecord, keys: Sequence[str]
) -> list[tuple[tuple[str, ...], Speaker, bool]]:
    """Return the rows of the block, each with who tells it, and whether it is told whole, in one breath."""
    found = []
    for n, row in enumerate(record.row):
        names = making.template.questions[record.id, n]
        slots = (slot.key for name in names for slot in making.form.slots_of(name))
        found.append((names, making.brief((*keys, *slots) if row.together else keys), row.together))
    return found


def _present(making: Making, speaker: Speaker, name: str) -> Iterator[Phrase]:
    """Yield what is there of a question, what was measured strong if it is abnormal."""
    if name.startswith("patient."):
        return
    for phrase in speaker.phrases(making.form.questions[name]):
        if phrase.part == "present" and phrase.text and not phrase.denies:
            yield _bold(making, phrase)


def _bold(making: Making, phrase: Phrase) -> Phrase:
    """Return a phrase, what was measured strong if it is abnormal."""
    measured = phrase.positive and any(
        (q := making.form.question_of(key)) is not None and _is_measured(making, q.id)
        for key in phrase.keys
    )
    return replace(phrase, text=strong(phrase.text)) if measured else phrase


def _must_stand(making: Making, keys: Iterable[str]) -> bool:
    """Whether a red flag or a value is among the answers, which page one never leaves to the record."""
    names = {q.id for key in keys if (q := making.form.question_of(key)) is not None}
    return _is_flagged(making, keys) or any(_is_measured(making, name) for name in names)


def _is_flagged(making: Making, keys: Iterable[str]) -> bool:
    questions = (making.form.question_of(key) for key in keys)
    return any(question is not None and is_alarm(making, question) for question in questions)


def _is_measured(making: Making, name: str) -> bool:
    return making.form.questions[name].kind in ("quantity", "result")


# -- the function at stake ----------------------------------------------------------------------------


def _at_stake(making: Making, why: Rows) -> Iterator[Row]:
    """Yield, for each function at stake, what is there beside `why`, what is not, and what was not measured."""
    said = {key for s in _said(why) for key in s.covers}
    missed: set[str] = set()
    for function in _functions(making):
        statements: list[Statement] = []
        for found in (
            _signs(making, function, said),
            _absent(making, function, said),
            _measures(making, function, said, missed),
        ):
            statements += found
            said.update(key for s in statements for key in s.covers)
        if statements:
            yield Row(function.label, tuple(statements))


def _functions(making: Making) -> list[FunctionRecord]:
    """Return the functions that the sender ticked, else those of the emergencies in the headline."""
    known = {function.id: function for function in making.template.file.function}
    list_ = making.content.urgency.call.function
    ticked = [name for name in known if is_present(making.case.get(f"{list_}.{name}"))]
    by_rule = [flag.at_stake for flag in _headed(making)]
    return [known[name] for name in dict.fromkeys(ticked or by_rule) if name in known][:_FEW]


def _signs(making: Making, function: FunctionRecord, said: set[str]) -> Iterator[Statement]:
    for phrase in _phrases(making, function.questions):
        if phrase.part == "present" and not phrase.denies and said.isdisjoint(phrase.keys):
            yield Statement(sentence(phrase.text), phrase.keys, "strong")


def _absent(making: Making, function: FunctionRecord, said: set[str]) -> Iterator[Statement]:
    absent = (p for p in _phrases(making, function.questions) if p.part == "absent")
    phrases = [p for p in absent if said.isdisjoint(p.keys)]
    if phrases:
        yield Statement(_none_of(making, [p.text for p in phrases]), keys_of(phrases), yields=True)


def _measures(
    making: Making, function: FunctionRecord, said: set[str], missed: set[str]
) -> Iterator[Statement]:
    """Yield the values that were measured, then what was not, as far as it is not among what was `missed` already."""
    missing: dict[str, str] = {}
    values: list[Phrase] = []
    valued = False
    ticked = f"{making.content.urgency.call.measured}.{function.id}"
    for measure in function.measure:
        phrases = [p for p in _phrases(making, measure.questions) if p.part == "present"]
        fresh = [p for p in phrases if said.isdisjoint(p.keys)]
        # "Otherwise 5" says nothing without what it is beside.
        values += [p for p in fresh if p.positive or len(fresh) == len(phrases)]
        valued |= bool(phrases)
        if not phrases and measure.name not in missed:
            why = _why_unable(making, measure.questions)
            # Measured is what the sender ticked, but for what he says could not be.
            if why or not is_present(making.case.get(ticked)):
                missing[measure.name] = noted(measure.name, why)
    for statement in _of_one_day([_bold(making, p) for p in values]):
        # A grade may be left to the record, a figure not.
        yield replace(statement, yields=not _must_stand(making, statement.covers))
    if is_present(making.case.get(ticked)) and not valued and not missing:
        yield Statement(making.word("was_measured"), (ticked,))
    if missing:
        missed.update(missing)
        yield Statement(making.word("not_measured", items=listed([*missing.values()])))


def _of_one_day(phrases: Sequence[Phrase]) -> list[Statement]:
    """Return phrases as statements; a day that all of them name is said once, in front."""
    days = {match[1] if (match := _DAY.search(unmarked(p.text))) else "" for p in phrases}
    if len(phrases) < 2 or len(days) > 1 or "" in days:
        return gathered(phrases)
    texts = [p.text.replace(f" ({(day := next(iter(days)))})", "") for p in phrases]
    return [Statement(sentence(f"{day}: {listed(texts)}"), keys_of(phrases))]


def _why_unable(making: Making, names: Iterable[str]) -> str:
    """Return why something could not be measured, as the sender typed it."""
    slots = (slot.key for name in names for slot in making.form.slots_of(name))
    found = (v.reason for key in slots if isinstance(v := making.case.get(key), Unable))
    return next((reason for reason in found if reason), "")


def _none_of(making: Making, items: list[str]) -> str:
    """Return that none of `items` is there; of those with a list of their own each for itself."""
    if len(items) > 1 and any("," in item for item in items):
        return sentence(
            listed([making.word("none_of", items=item) for item in items]).replace(";", ",")
        )
    return sentence(making.word("none_of", items=shared(items, "or")))


def _phrases(making: Making, names: Iterable[str]) -> list[Phrase]:
    found = [p for name in names for p in making.speaker.phrases(making.form.questions[name])]
    return [p for p in found if p.text]


# -- what to beware of --------------------------------------------------------------------------------


def _beware(making: Making, record: BlockRecord) -> Iterator[Row]:
    """Yield what was given, what he takes and cannot take, and in bold what of it nobody knows."""
    statements: list[Statement] = []
    missing: list[str] = []
    for n, row in enumerate(record.row):
        names = making.template.questions[record.id, n]
        found = _there(making, row, names) if row.if_there else _caution(making, row, names)
        statements += found
        if not found and not row.if_there and row.label and _can_apply(making, row):
            missing.append(row.label)
    if missing:
        statements.append(Statement(making.word("not_known_yet", items=listed(missing))))
    if statements:
        yield Row("", tuple(statements))


def _there(making: Making, row: RowRecord, names: Sequence[str]) -> list[Statement]:
    """Return what is there of `names`, under the label of the row if it has one."""
    slots = (slot.key for name in names for slot in making.form.slots_of(name))
    speaker = making.brief(key for key in slots if key in making.case)
    phrases = [p for name in names for p in _present(making, speaker, name)]
    if not phrases:
        return []
    items = listed([p.text for p in phrases])
    said = making.word("alert", name=row.label, items=items) if row.label else items
    style: Style = "strong" if row.danger else "plain"
    return [Statement(sentence(said), keys_of(phrases), style)]


def _caution(making: Making, row: RowRecord, names: Sequence[str]) -> list[Statement]:
    """Return what the first of `names` says that was answered; what endangers is strong."""
    elsewhere = {line.question: line for line in making.assessment.elsewhere}
    for name in names:
        if (line := elsewhere.get(name)) is not None and line.says:
            taken, _ = medicines_of(making, name)
            named = making.word("alert", name=row.label, items=listed(taken))
            return [Statement(sentence(named if taken else line.says), line.answers, "strong")]
    there = [key for key in row.alert if is_present(making.case.get(key))]
    if there:
        ticked = listed([making.form.slots[key].phrase for key in there])
        return [
            Statement(
                sentence(making.word("alert", name=row.label, items=ticked)), tuple(there), "strong"
            )
        ]
    for name in names:
        phrases = making.speaker.phrases(making.form.questions[name])
        present = [p for p in phrases if p.part == "present" and not p.denies]
        if told := [p for p in phrases if p.part != "unable"]:
            is_safe = making.option_id(name) in row.safe
            style: Style = "strong" if row.danger and present and not is_safe else "plain"
            items = [p.text for p in present or told if p.text]
            none_there = not present and all(p.part == "absent" for p in told)
            text = _none_of(making, items) if none_there else sentence(listed(items))
            # That none of a list of classes is taken says little beside a red flag.
            yields = not present and making.form.questions[name].kind == "choices"
            return [Statement(text, keys_of(told), style, yields)] if items else []
    if row.alert and all(key in making.case for key in row.alert):
        return [Statement(_none_of(making, [row.label]), row.alert)]
    return []


def _can_apply(making: Making, row: RowRecord) -> bool:
    """Whether it is to be asked of this patient: what is about women up to an age, of nobody else."""
    if not row.women_to:
        return True
    sex = making.case.get(SEX)
    if not isinstance(sex, Choice) or sex.option != "female":
        return False
    span = age_of(making.form, making.case, making.day)
    return span is None or span.low < row.women_to


# -- from whom ----------------------------------------------------------------------------------------


def _sender(making: Making) -> Rows:
    """Return whom to ring, then who signs; a sheet is no call."""
    phone, name = making.text("referrer.phone"), making.text("referrer.name")
    ring = making.word(
        "ring",
        phone=phone or unmarked(making.gap(making.word("telephone"))),
        name=name or making.gap(making.word("signer_name")),
        role=making.option("referrer.role"),
        writer=making.text("referrer.written_by"),
    )
    under = making.word(
        "ring_signed",
        registration=making.text("referrer.registration"),
        when=issued_words(making.issued_at),
    )
    keys = ("referrer.phone", "referrer.name", "referrer.role", "referrer.written_by")
    here = tuple(key for key in keys if key in making.case)
    registered = ("referrer.registration",) if "referrer.registration" in making.case else ()
    return (
        Row("", (Statement(ring, here),)),
        Row("", (Statement(under, registered),)),
    )


_PARTS: Mapping[Emergency, Callable[[Making, BlockRecord], Iterator[Row]]] = {
    "call": call_rows,
    "why": _why,
    "beware": _beware,
}
