"""How urgent, what is suspected, the question, and what to beware of: the part of page one that decides."""

from __future__ import annotations

from collections.abc import Iterator

from triage.content.form import RECIPIENTS, URGENCY
from triage.content.schema import SafetyAnswer
from triage.letter.head import recipients_of
from triage.letter.making import Making
from triage.letter.phrase import Phrase, listed, sentence
from triage.letter.statements import Block, Row, Statement, Tag, unmarked
from triage.letter.template import BlockRecord
from triage.letter.why import why_rows
from triage.model.values import Finding, Urgency
from triage.rules.services import days_words

# Of what is not known, how many are named on page one.
_MOST = 4


def level_block(making: Making, record: BlockRecord) -> Block:
    """Return how urgent it is, what is suspected and why; outside the form's scope, that nothing is concluded."""
    scope = making.assessment.scope
    level = making.level_record
    rows = [*why_rows(making, record)] if level is not None else []
    if not scope.ok or level is None:
        rows = [Row("", tuple(_out_of_scope(making))), *rows]
    elif scope.says:
        rows.append(Row("", (Statement(scope.says),)))
    rows += _chosen(making)
    under = _sources(making) if level is not None else ()
    title, tag = record.text or suspicion(making), _tag(making)
    return Block(record.id, record.heading, "level", tuple(rows), title=title, tag=tag, under=under)


def order_block(making: Making, record: BlockRecord) -> Block:
    """Return what is ordered, how urgently, with what in mind, and who gets the report."""
    known = making.content.recipients
    clinics = [
        known[name].name
        for name in dict.fromkeys(recipients_of(making.case))
        if name in known and name != making.recipient and not known[name].stays
    ]
    said = making.word("order", suspicion=suspicion(making), clinics=listed(clinics, "and"))
    covers = (RECIPIENTS,) if RECIPIENTS in making.case else ()
    rows = (Row("", (Statement(said, covers),)), *_chosen(making))
    title, tag = record.text, _tag(making)
    return Block(record.id, record.heading, "level", rows, title=title, tag=tag)


def _tag(making: Making) -> Tag | None:
    level = making.level_record
    return Tag(level.id, level.title.upper(), _aim(making)) if level is not None else None


def suspicion(making: Making) -> str:
    """Return what is suspected, as a headline: the leading condition, else the main complaint."""
    leading, level = making.leading(), making.level
    if leading is None:
        told = making.option("cramp.main_complaint") or making.form.title
        return sentence(told).rstrip(".")
    if level == "routine" or leading.benign:
        return sentence(leading.page).rstrip(".")
    return sentence(making.word("suspected", name=leading.page)).rstrip(".")


def _aim(making: Making) -> str:
    """Return by when, as suggested; at another level of the clinician's as that level has it."""
    level, act = making.level_record, making.assessment.urgency.act
    assert level is not None
    if level.id == "routine" and making.option_id("referrer.ask") == "advice_only":
        return making.word("advice_only")
    if level.id == "emergency":
        return level.aim
    suggested = act is not None and level.id == making.assessment.urgency.level
    days = act.within_days if act is not None and suggested else level.within_days
    return "" if days is None else days_words(days)


def _sources(making: Making) -> tuple[str, ...]:
    """Return the sources of what fired at the level, else of what leads."""
    level = making.level
    fired = [r for r in making.assessment.urgency.reasons if r.level == level]
    named = [source for reason in fired for source in reason.source]
    if not named and making.named():
        named = list(making.named()[0].source)
    return tuple(making.sources(named))


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
    return [Row("", (Statement(text, (URGENCY,)),))]


# -- the question -------------------------------------------------------------------------------------


def question_block(making: Making, record: BlockRecord) -> Block:
    """Return the sender's question and what is asked of the reader; in a draft without one, a proposal."""
    typed, ask = making.text("referrer.question"), making.option("referrer.ask")
    asked = (Statement(sentence(ask), ("referrer.ask",), "strong"),) if ask else ()
    if typed:
        first = making.note("referrer.question")
        statements: tuple[Statement, ...] = (first, *asked)
        under: tuple[str, ...] = ()
    else:
        proposed = [Statement(proposal(making), (), "strong")] if making.draft else []
        statements = (*proposed, *asked)
        under = (making.word("proposed"),) if proposed else ()
    rows = [Row("", statements)] if statements else []
    if working := making.text("referrer.working_diagnosis"):
        said = Statement(
            making.word("working_diagnosis", name=working.rstrip(".")),
            ("referrer.working_diagnosis",),
        )
        rows.append(Row("", (said,)))
    return Block(record.id, record.heading, "question", tuple(rows), under=under)


def proposal(making: Making) -> str:
    """Return the question that the leading conditions put."""
    names = [making.condition(c).page for c in making.named()[:2]]
    if not names:
        return making.word("proposal_open")
    return making.word("proposal", name=names[0], other=names[1] if len(names) > 1 else "")


# -- what to beware of --------------------------------------------------------------------------------


def beware_block(making: Making, record: BlockRecord) -> Block:
    """Return what must not be overlooked: what is there first, then what is not, then what is not known."""
    there = [*_dangers(making), *_pace(making, record, "present")]
    absent = [*_pace(making, record, "absent"), *_safe(making)]
    open_ = [*_unasked(making), *_unknown(making)]
    if making.level == "routine" and not there:
        absent = []
        open_ = list(_unasked(making))
    statements = (*there, *absent, *open_)
    rows = (Row("", statements), *making.notes(record)) if statements else ()
    return Block(record.id, record.heading, "prose", tuple(rows), closes=record.closes)


def safety_of(making: Making) -> tuple[SafetyAnswer, ...]:
    """Return what the laboratory must know, if a study of it is asked for."""
    if not any(test.kind == "neurophysiology" for test in making.requested()):
        return ()
    return next((r.safety for r in making.content.recipients.values() if r.safety), ())


def _dangers(making: Making) -> Iterator[Statement]:
    """Yield what endangers a study or is endangered by one, from whichever answer says so."""
    told: set[str] = set()
    for line in making.assessment.elsewhere:
        if line.says:
            told.add(line.question)
            yield Statement(sentence(line.says), line.answers, "strong")
    for name in (name for group in safety_of(making) for name in group.answers):
        if name in told:
            continue
        for phrase in making.speaker.phrases(making.form.questions[name]):
            if phrase.part == "present" and not phrase.denies:
                yield Statement(sentence(phrase.text), phrase.keys, "strong")


def _pace(making: Making, record: BlockRecord, part: str) -> Iterator[Statement]:
    """Yield what sets the pace: those that are there, strong; those that are not, in one sentence."""
    phrases = [
        p for name in record.absent for p in making.speaker.phrases(making.form.questions[name])
    ]
    found = [p for p in phrases if p.part == part]
    if part == "present":
        yield from (Statement(sentence(p.text), p.keys, "strong") for p in found)
    elif found:
        yield _none_of(making, found)


def _none_of(making: Making, phrases: list[Phrase]) -> Statement:
    items = listed([p.text for p in phrases], "or")
    block = all(p.block for p in phrases)
    text = making.word("none_of_block" if block else "none_of", items=items)
    return Statement(sentence(text), tuple(k for p in phrases for k in p.keys))


def _safe(making: Making) -> Iterator[Statement]:
    """Yield the safety answers of which every part was answered no."""
    names: list[str] = []
    keys: list[str] = []
    blocks: list[bool] = []
    elsewhere = {line.question for line in making.assessment.elsewhere}
    for group in safety_of(making):
        values = [making.case.get(name) for name in group.answers]
        no = all(isinstance(v, Finding) and not v.present for v in values)
        if no and elsewhere.isdisjoint(group.answers):
            names.append(group.says)
            keys += group.answers
            blocks += [isinstance(v, Finding) and v.block for v in values]
    if names:
        text = making.word("none_of_block" if all(blocks) else "none_of", items=listed(names, "or"))
        yield Statement(sentence(text), tuple(keys))


def _unasked(making: Making) -> Iterator[Statement]:
    """Yield, in a draft, the safety answers that are missing."""
    elsewhere = {line.question for line in making.assessment.elsewhere}
    names = [
        group.says
        for group in safety_of(making)
        if elsewhere.isdisjoint(group.answers) and not any(n in making.case for n in group.answers)
    ]
    if names and making.draft:
        yield Statement(making.word("not_asked", items=listed(names)), ())


def _unknown(making: Making) -> Iterator[Statement]:
    """Yield what the leading condition lacks, and what could have raised the level; nothing raises the highest."""
    leading = making.named()[:1]
    items = [item for condition in leading for item in condition.missing]
    names = list(dict.fromkeys(making.item(item) for item in items))[:_MOST]
    if names and making.level != "emergency":
        yield Statement(making.word("not_yet_known", items=listed(names)), ())
