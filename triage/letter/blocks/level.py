"""How urgent, what is suspected, the question, and what to beware of: the part of page one that decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from triage.content.form import RECIPIENTS, URGENCY
from triage.content.schema import SafetyAnswer
from triage.letter.blocks.head import recipients_of
from triage.letter.blocks.strip import cell_of
from triage.letter.blocks.studies import asked_for
from triage.letter.blocks.why import facts, reasons, why_rows
from triage.letter.making import Making
from triage.letter.statements import Block, Cell, Row, Statement, Tag, unmarked
from triage.letter.template import BlockRecord
from triage.letter.words.phrase import listed, sentence, shared
from triage.letter.words.said.urgency import is_blank
from triage.model.values import Result, Urgency
from triage.rules.services import days_words

# How many signs of a source stand in one line under the tag.
_LINE = 17
# What the sender thinks of, and how many studies a headline names.
_THOUGHT, _NAMED = "referrer.working_diagnosis", 2
# Of what is not known, how many are named on page one.
_MOST = 4


def level_block(making: Making, record: BlockRecord) -> Block:
    """Return how urgent it is, what is suspected and why; outside the form's scope, that nothing is concluded."""
    scope = making.assessment.scope
    level = making.level_record
    rows = [*why_rows(making, record)] if level is not None else []
    if not scope.ok or level is None:
        rows = [Row("", tuple(_out_of_scope(making)), stays=True), *rows]
    elif scope.says:
        rows.append(Row("", (Statement(scope.says),), stays=True))
    rows += [*_acts_here(making), *_chosen(making)]
    under = _sources(making) if level is not None else ()
    title, tag = record.text or suspicion(making, record), _tag(making)
    return Block(record.id, record.heading, "level", tuple(rows), title=title, tag=tag, under=under)


def order_block(making: Making, record: BlockRecord) -> Block:
    """Return what is ordered, how urgently, with what in mind, and who gets the report."""
    known = making.content.recipients
    clinics = [
        known[name].called or known[name].name
        for name in dict.fromkeys(recipients_of(making.case))
        if name in known and name != making.recipient and not known[name].stays
    ]
    # What is thought of is the sender's to say.
    named = making.text(_THOUGHT) or suspicion(making, record)
    said = making.word("order", suspicion=sentence(named), clinics=listed(clinics, "and"))
    covers = tuple(key for key in (RECIPIENTS, "referrer.ask", _THOUGHT) if key in making.case)
    rows = (Row("", (Statement(said, covers),)), *_acts_here(making), *_chosen(making))
    names = [test.page or test.name for test in asked_for(making)]
    title = sentence(listed(names, "and")).rstrip(".") if 0 < len(names) <= _NAMED else record.text
    return Block(record.id, record.heading, "level", rows, title=title, tag=_tag(making))


def _tag(making: Making) -> Tag | None:
    level = making.level_record
    if level is not None and level.id == "routine" and is_blank(making.case):
        return Tag(level.id, making.word("no_level").upper())
    return Tag(level.id, level.title.upper(), _aim(making)) if level is not None else None


def suspicion(making: Making, record: BlockRecord) -> str:
    """Return what is suspected, as a headline: the leading condition, else what the block's questions say."""
    leading = making.leading()
    if leading is None:
        told = map(making.option, making.template.questions.get((record.id, -1), ()))
        there = (p.text for reason in reasons(making) for p in facts(making, reason.answers))
        if name := next(filter(None, (*told, *there)), ""):
            return sentence(making.word("unexplained", name=name)).rstrip(".")
        return making.form.title
    if leading.benign or (_is_likely(making) and not leading.must_not_miss):
        return sentence(leading.page).rstrip(".")
    return sentence(making.word("suspected", name=leading.page)).rstrip(".")


def _is_likely(making: Making) -> bool:
    """Whether what leads is no mere suspicion: well supported, and nothing in a hurry."""
    return making.level == "routine" and making.named()[0].support == "well_supported"


def _aim(making: Making) -> str:
    """Return by when; nothing where until then only the sender acts, which stands beside the tag."""
    level = making.level_record
    assert level is not None
    if level.id == "routine" and making.option_id("referrer.ask") == "advice_only":
        return making.word("advice_only")
    if level.id == "emergency":
        return level.aim
    days = None if _is_senders(making) else days_to_act(making)
    return "" if days is None else days_words(days)


def days_to_act(making: Making) -> int | None:
    """Return within how many days, as suggested; at another level of the clinician's as that level has it."""
    level, act = making.level_record, making.assessment.urgency.act
    if act is not None and making.level == making.assessment.urgency.level:
        return act.within_days
    return level.within_days if level is not None else None


def _is_senders(making: Making) -> bool:
    """Whether what is soonest is done by the practice that sends the letter, and not by who reads it."""
    urgency, known = making.assessment.urgency, making.content.recipients.get(making.recipient)
    act = urgency.act
    if act is None or act.within_days is None or making.level in ("emergency", "routine"):
        return False
    if making.level != urgency.level or known is None or known.stays:
        return False
    levels = making.content.levels
    flags = {record.id: record for record in (rule.record for rule in making.content.red_flags)}
    asked = [flags[f.rule] for f in urgency.reasons if f.to != "pc" and f.level != "routine"]
    days = [levels[f.level].within_days if f.within_days is None else f.within_days for f in asked]
    return all(d is None or d > act.within_days for d in days)


def _acts_here(making: Making) -> Iterator[Row]:
    """Yield that the sender acts first, by when, and by when the referral is."""
    if not _is_senders(making):
        return
    referral = making.assessment.urgency.referral
    days = making.content.levels[referral].within_days if referral is not None else None
    text = making.word(
        "acts_here",
        when=days_words(days_to_act(making)),
        referral="" if days is None else days_words(days),
    )
    yield Row("", (Statement(sentence(text)),), stays=True)


def _sources(making: Making) -> tuple[str, ...]:
    """Return the sources of what fired at the level, else of what leads."""
    level = making.level
    fired = [r for r in making.assessment.urgency.reasons if r.level == level]
    named = [source for reason in fired for source in reason.source]
    if not named and making.named():
        named = list(making.named()[0].source)
    short, *others = making.sources(named) or [""]
    # A second one only if both have room under the tag.
    roomy = len(short) <= _LINE and level != "routine"
    return tuple(filter(None, (short, *(o for o in others[:1] if roomy and len(o) <= _LINE))))


def _out_of_scope(making: Making) -> Iterator[Statement]:
    yield Statement(making.assessment.scope.says, (), "strong")
    if items := [item.label for item in making.assessment.recorded_red_flags]:
        yield Statement(making.word("recorded_red_flags", items=listed(items)), (), "strong")


def _chosen(making: Making) -> list[Row]:
    """Return that the sender set the level himself, and why."""
    chosen = making.case.get(URGENCY)
    if not isinstance(chosen, Urgency):
        return []
    titles = {record.id: record.title.lower() for record in making.content.urgency.level}
    level = making.assessment.urgency.level
    if chosen.level == level and not chosen.reason.strip():
        return []
    text = making.word(
        "clinician_level",
        level=titles[chosen.level],
        suggested="" if level in (None, chosen.level) else titles[level],
        reason=unmarked(chosen.reason.strip().rstrip(".")),
    )
    return [Row("", (Statement(text, (URGENCY,)),), stays=True)]


# -- the question -------------------------------------------------------------------------------------


def question_block(making: Making, record: BlockRecord) -> Block:
    """Return the sender's question and what is asked of the reader; in a draft without one, a proposal."""
    typed, ask = making.text("referrer.question"), making.option("referrer.ask")
    if making.template.file.kind == "request":
        # A laboratory is asked for a study.
        ask = ""
    asked = (Statement(sentence(ask), ("referrer.ask",), "strong"),) if ask else ()
    under: tuple[str, ...] = ()
    if typed:
        note = making.note("referrer.question")
        if asked and making.word("please") in typed.lower():
            # Who writes "Please take over" has said what he asks.
            note, asked = replace(note, covers=(*note.covers, *asked[0].covers)), ()
        statements: tuple[Statement, ...] = (note, *asked)
    elif making.draft:
        statements = (Statement(proposal(making), (), "strong"), *asked)
        under = (making.word("proposed"),)
    else:
        statements = asked
    rows = (Row("", statements),) if statements else ()
    return Block(record.id, record.heading, "question", rows, under=under)


def proposal(making: Making) -> str:
    """Return the question that the leading conditions put."""
    names = [making.condition(c).page for c in making.named()[:2]]
    if not names:
        return making.word("proposal_open")
    return making.word("proposal", name=names[0], other=names[1] if len(names) > 1 else "")


# -- what to beware of --------------------------------------------------------------------------------


def beware_block(making: Making, record: BlockRecord) -> Block:
    """Return what must not be overlooked: what is there first, then what is not, then what is not known."""
    cells = [cell_of(making, asked) for asked in _safety(making)]
    there = [_danger(making, cell) for cell in cells if cell.state == "present"]
    there += [*_pace(making, record, "present"), *_hazards(making, record)]
    absent = [*_pace(making, record, "absent"), *_safe(making, cells)]
    if making.level == "routine" and not there:
        absent = []
    statements = (*there, *absent, *_unasked(making, cells), *_unknown(making))
    notes = making.notes(record)
    if not statements and not notes:
        return Block(record.id, record.heading, "prose")
    rows = (*notes, Row("", statements)) if statements else tuple(notes)
    return Block(record.id, record.heading, "prose", rows, closes=record.closes)


def _safety(making: Making) -> tuple[SafetyAnswer, ...]:
    """Return what a laboratory must know; of what is there every reader has to know."""
    return next((r.safety for r in making.content.recipients.values() if r.safety), ())


def _asks_a_study(making: Making) -> bool:
    return any(test.kind == "neurophysiology" for test in making.requested())


def _danger(making: Making, cell: Cell) -> Statement:
    return Statement(making.word("danger", name=cell.name, items=cell.items), cell.covers, "strong")


def _hazards(making: Making, record: BlockRecord) -> list[Statement]:
    """Return what there is of the other questions of the block that stands in the way of a study."""
    questions = (making.form.questions[name] for name in record.questions)
    found = [p for question in questions for p in making.speaker.phrases(question)]
    return [
        Statement(sentence(p.text), p.keys, "strong")
        for p in found
        if p.part == "present" and (p.positive if p.denies else not p.normal)
    ]


def _pace(making: Making, record: BlockRecord, part: str) -> list[Statement]:
    """Return what sets the pace: what is there, strong; what is not, in one sentence."""
    questions = (making.form.questions[name] for name in record.absent)
    found = [
        p for question in questions for p in making.speaker.phrases(question) if p.part == part
    ]
    if part == "present":
        return [Statement(sentence(p.text), p.keys, "strong") for p in found]
    block = bool(found) and all(p.block for p in found)
    keys = tuple(key for p in found for key in p.keys)
    return [_none_of(making, [p.text for p in found], keys, block)] if found else []


def _none_of(making: Making, names: list[str], keys: tuple[str, ...], block: bool) -> Statement:
    word = "none_of_block" if block else "none_of"
    return Statement(sentence(making.word(word, items=shared(names, "or"))), keys)


def _safe(making: Making, cells: Iterable[Cell]) -> list[Statement]:
    """Return the safety answers of which every part was answered no."""
    absent = [cell for cell in cells if cell.state == "absent"]
    if not absent or not _asks_a_study(making):
        return []
    keys = tuple(key for cell in absent for key in cell.covers)
    values = (making.case[key] for key in keys)
    block = all(getattr(value, "block", False) for value in values)
    return [_none_of(making, [cell.name.lower() for cell in absent], keys, block)]


def _unasked(making: Making, cells: Iterable[Cell]) -> list[Statement]:
    """Return, in a draft, the safety answers that are missing or not clear."""
    names = [cell.name.lower() for cell in cells if cell.state == "unasked"]
    if not names or not making.draft or not _asks_a_study(making):
        return []
    return [Statement(making.word("not_asked", items=listed(names)))]


def _unknown(making: Making) -> list[Statement]:
    """Return the results that are missing: those that wait, and those that the reasoning lacks."""
    found: dict[str, None] = {}
    for name, value in making.case.items():
        if isinstance(value, Result) and value.items[-1].pending:
            found[making.test_words(making.form.questions[name])] = None
    leading = making.named()[:1]
    missing = [
        *(item for condition in leading for item in condition.missing),
        *(item for rule in making.assessment.not_excluded for item in rule.missing),
    ]
    for item in missing:
        question = making.form.questions.get(item.id)
        if question is not None and question.kind == "result":
            found[making.test_words(question)] = None
    names = list(found)[:_MOST]
    return [Statement(making.word("not_yet_known", items=listed(names)))] if names else []
