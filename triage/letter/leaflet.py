"""The patient's own copy: plain words, one date, no diagnosis named that is only suspected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from triage.content.form import DECISION
from triage.content.schema import Condition, LevelRecord
from triage.letter.head import name_of
from triage.letter.making import Making, day_words
from triage.letter.phrase import sentence
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord, Leaflet, LetterTemplate
from triage.letter.wording import render_wording
from triage.model.values import Finding

# What a page in large type holds, and what is read at all.
MOST_WORDS = 160
_FEW = 2
Sheet = Mapping[Leaflet, Sequence[Statement]]


def leaflet_block(making: Making, record: BlockRecord) -> Block:
    """Return one part of a patient's copy; empty where there is nothing to tell."""
    heading = making.form.profile_of(making.case).said(record.heading)
    statements = sheet(making)[record.part] if record.part else ()
    rows = tuple(Row("", (statement,)) for statement in statements)
    return Block(record.id, heading, "list", rows)


def sheet(making: Making) -> Sheet:
    """Return the parts of the whole copy, what matters least shortened until it is short enough."""
    found: Sheet = {part: tuple(maker(making)) for part, maker in _PARTS.items()}
    for shorter in (_first_sentences, _fewer_days, _no_finding):
        if _words(making, found) <= MOST_WORDS:
            break
        found = shorter(found)
    return found


def _words(making: Making, found: Sheet) -> int:
    """Return how many words the copy has; what a person typed is not counted."""
    texts = [s.text for part in found.values() for s in part if s.style != "free"]
    headings = [b.heading for b in making.template.file.block if b.part and found[b.part]]
    return sum(len(text.split()) for text in (*texts, *headings))


def _first_sentences(found: Sheet) -> Sheet:
    """Return only what each test is, not how it feels."""
    covers: dict[str, list[str]] = {}
    for s in found["tests"]:
        covers.setdefault(f"{s.text.partition('. ')[0].rstrip('.')}.", []).extend(s.covers)
    short = tuple(Statement(text, tuple(keys)) for text, keys in covers.items())
    return {**found, "tests": short}


def _fewer_days(found: Sheet) -> Sheet:
    return {**found, "days": found["days"][:_FEW]}


def _no_finding(found: Sheet) -> Sheet:
    return {**found, "finding": ()}


# -- the parts --------------------------------------------------------------------------------------


def _title(making: Making) -> Iterator[Statement]:
    level, leading = _level(making), _leading(making)
    is_calm = level is not None and level.id == "routine" and leading is not None
    title = leading.patient_name if leading is not None and is_calm else ""
    if title := title or (level.patient_title if level is not None else ""):
        yield Statement(title, (), "strong")


def _about(making: Making) -> Iterator[Statement]:
    (text,) = (b.text for b in making.template.file.block if b.part == "about")
    values = {"name": name_of(making), "date": day_words(making.day)}
    yield Statement(render_wording(text, values))


def _next(making: Making) -> Iterator[Statement]:
    level = _level(making)
    if level is not None and level.patient_next:
        day = making.day + timedelta(days=level.patient_days)
        yield Statement(level.patient_next.replace("{date}", day_words(day)))


def _finding(making: Making) -> Iterator[Statement]:
    leading, level = _leading(making), _level(making)
    if leading is None or level is None or not leading.patient_finding:
        return
    # "Mostly harmless" is said only where nothing else was found.
    if not leading.benign or level.id == "routine":
        yield Statement(leading.patient_finding)


def _tests(making: Making) -> Iterator[Statement]:
    records = {rule.record.id: rule.record for rule in making.content.investigations}
    covers: dict[str, list[str]] = {}
    for test in making.requested():
        if making.accepted(test.id) and (said := records[test.id].patient):
            covers.setdefault(said, []).append(DECISION + test.id)
    for said, keys in covers.items():
        yield Statement(said, tuple(keys))


def _do(making: Making) -> Iterator[Statement]:
    level = _level(making)
    for under in ("do", "tips"):
        # What helps against a cramp is no advice beside something that must be seen soon.
        if under == "do" or (level is not None and level.id == "routine"):
            yield from (Statement(item) for item in _net(making, under))


def _ring(making: Making, under: str) -> Iterator[Statement]:
    """Return when to ring: what the leading condition asks for, else what holds for everyone; then what is taken."""
    leading = _leading(making)
    lists = {
        "now": leading.ring_now if leading else (),
        "today": leading.ring_today if leading else (),
        "days": leading.ring_days if leading else (),
    }
    own = lists[under]
    # Beside a condition's own lists a general one might name another day for the same trouble.
    general = not own and (under == "now" or not any(lists.values()))
    for item in dict.fromkeys((*own, *_net(making, under, general=general))):
        yield Statement(sentence(item))


def _now(making: Making) -> Iterator[Statement]:
    yield from _ring(making, "now")


def _today(making: Making) -> Iterator[Statement]:
    yield from _ring(making, "today")
    told = making.case.get("plan.safety_net_given")
    if isinstance(told, Finding) and told.present and told.text:
        yield Statement(told.text, ("plan.safety_net_given",), "free")


def _days(making: Making) -> Iterator[Statement]:
    yield from _ring(making, "days")


def _contact(making: Making) -> Iterator[Statement]:
    keys = [k for k in ("referrer.name", "referrer.org", "referrer.phone") if making.text(k)]
    if keys:
        yield Statement(sentence(", ".join(making.text(key) for key in keys)), tuple(keys))
    if line := making.settings.out_of_hours:
        yield Statement(sentence(making.word("out_of_hours", line=line)))


_PARTS: Mapping[Leaflet, Callable[[Making], Iterator[Statement]]] = {
    "title": _title,
    "about": _about,
    "next": _next,
    "finding": _finding,
    "tests": _tests,
    "do": _do,
    "now": _now,
    "today": _today,
    "days": _days,
    "contact": _contact,
}


def _level(making: Making) -> LevelRecord | None:
    return making.level_record


def _leading(making: Making) -> Condition | None:
    return making.leading()


def _net(making: Making, under: str, *, general: bool = False) -> list[str]:
    """Return the lines that hold for this patient under a heading; with those for everyone if `general`."""
    holds = {line.id for line in making.assessment.safety_net}
    profile = making.form.profile_of(making.case)
    return [
        profile.said(item)
        for rule in making.content.safety_net
        if rule.record.id in holds and rule.record.under == under
        if general or not rule.record.general
        for item in rule.record.items
    ]


def reworded(template: LetterTemplate, block: Block) -> Block:
    """Return `block` without the words that the template does not use. What a person typed stays as typed."""
    if not template.file.replace:
        return block

    def said(statement: Statement) -> Statement:
        if statement.style == "free":
            return statement
        text = statement.said
        for entry in template.file.replace:
            pattern = rf"(?<!\w){re.escape(entry.says)}(?!\w)"
            text = re.sub(pattern, entry.instead.replace("\\", ""), text, flags=re.IGNORECASE)
        return replace(statement, said=text)

    rows = tuple(replace(row, statements=tuple(map(said, row.statements))) for row in block.rows)
    return replace(block, rows=rows)
