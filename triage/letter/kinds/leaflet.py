"""The patient's own copy: plain words, one date, no diagnosis named that is only suspected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from triage.content.form import DECISION
from triage.letter.blocks.head import name_of
from triage.letter.blocks.level import days_to_act
from triage.letter.kinds.body import found_on_body
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement, strong, unmarked
from triage.letter.template import BlockRecord, Leaflet, LetterTemplate
from triage.letter.words.wording import render_wording
from triage.model.dates import PartialDate
from triage.model.values import is_present

# What a page in large type holds, and what is read at all.
MOST_WORDS = 160
_FEW = 2
Sheet = Mapping[Leaflet, Sequence[Statement]]


def leaflet_block(making: Making, record: BlockRecord) -> Block:
    """Return one part of a patient's copy; empty where there is nothing to tell."""
    statements = tuple(sheet(making)[record.part]) if record.part else ()
    match record.part:
        case "title":
            title = "".join(s.text for s in statements)
            return Block(record.id, "", "prose", _rows(_about(making, record)), title=title)
        case "contact":
            return Block(record.id, "", "sender", _contact_rows(statements))
    if record.part in ("next", "finding"):
        rows = (Row("", statements),) if statements else ()
        return Block(record.id, _heading(making, record), "prose", rows)
    return Block(record.id, _heading(making, record), "list", _rows(statements))


def _rows(statements: Iterable[Statement]) -> tuple[Row, ...]:
    return tuple(Row("", (statement,)) for statement in statements)


def _heading(making: Making, record: BlockRecord) -> str:
    is_calm = making.level == "routine" and record.calm
    return making.form.profile_of(making.case).said(record.calm if is_calm else record.heading)


def sheet(making: Making) -> Sheet:
    """Return the parts of the whole copy, what matters least shortened until it is short enough."""
    found: Sheet = {part: tuple(maker(making)) for part, maker in _PARTS.items()}
    # The last tests lose what they feel like first, then all of one kind are one line.
    one_by_one: list[Callable[[Sheet], Sheet]]
    one_by_one = [partial(_first_sentence, n) for n in range(len(found["tests"]) - 1, -1, -1)]
    for shorter in (*one_by_one, _each_once, _fewer_days, _less_found, _nothing_found):
        if _words(making, found) <= MOST_WORDS:
            break
        found = shorter(found)
    return {**found, "tests": [_led(test) for test in found["tests"]]}


def _led(test: Statement) -> Statement:
    """Return a test with what it is in bold, where how it feels is said too."""
    what, stop, feels = test.said.partition(". ")
    return replace(test, said=f"{strong(f'{what}.')} {feels}") if stop else test


def _words(making: Making, found: Sheet) -> int:
    """Return how many words the copy has; what a person typed is not counted."""
    texts = [s.text for part in found.values() for s in part if s.style != "free"]
    blocks = [b for b in making.template.file.block if b.part and found[b.part]]
    headings = [_heading(making, block) for block in blocks]
    about = [s.text for block in blocks if block.part == "title" for s in _about(making, block)]
    return sum(len(text.split()) for text in (*texts, *headings, *about))


def _first_sentence(n: int, found: Sheet) -> Sheet:
    """Return the sheet with only what the nth test is, not how it feels."""
    tests = list(found["tests"])
    tests[n] = replace(tests[n], said=f"{tests[n].said.partition('. ')[0].rstrip('.')}.")
    return {**found, "tests": tests}


def _each_once(found: Sheet) -> Sheet:
    covers: dict[str, list[str]] = {}
    for s in found["tests"]:
        covers.setdefault(s.said, []).extend(s.covers)
    return {**found, "tests": [Statement(text, tuple(keys)) for text, keys in covers.items()]}


def _fewer_days(found: Sheet) -> Sheet:
    return {**found, "days": found["days"][:_FEW]}


def _less_found(found: Sheet) -> Sheet:
    """Return the sheet with the first thing that was found."""
    return {**found, "finding": found["finding"][:1]}


def _nothing_found(found: Sheet) -> Sheet:
    return {**found, "finding": ()}


# -- the parts --------------------------------------------------------------------------------------


def _title(making: Making) -> Iterator[Statement]:
    level, leading = making.level_record, making.leading()
    is_calm = level is not None and level.id == "routine" and leading is not None
    title = leading.patient_name if leading is not None and is_calm else ""
    if title := title or (level.patient_title if level is not None else ""):
        yield Statement(title, (), "strong")


def _about(making: Making, record: BlockRecord) -> Iterator[Statement]:
    name = name_of(making) or making.word("name_missing")
    yield Statement(render_wording(record.text, {"name": name}))
    if making.again:
        yield Statement(making.word("throw_away"))


def _next(making: Making) -> Iterator[Statement]:
    level = making.level_record
    if level is None or not level.patient_next:
        return
    days, act = level.patient_days, days_to_act(making)
    # The sheet says no later day than the letters do.
    if level.id != "routine" and act is not None:
        days = min(days, act)
    day = PartialDate.of(making.day + timedelta(days=days)).long_words()
    said = level.patient_today if days == 0 else ""
    # "In no hurry" is said only where all was asked that could make it one.
    if making.assessment.urgency.provisional and making.level == making.assessment.urgency.level:
        said = said or level.patient_provisional
    yield Statement((said or level.patient_next).replace("{date}", strong(day)))


def _finding(making: Making) -> Iterator[Statement]:
    leading, level = making.leading(), making.level_record
    if level is None:
        return
    yield from found_on_body(making)
    if leading is None or not leading.patient_finding:
        return
    # "Mostly harmless" is said only where nothing else was found.
    if not leading.benign or level.id == "routine":
        yield Statement(leading.patient_finding)


def _tests(making: Making) -> Iterator[Statement]:
    """Yield each test in one line; who goes to hospital today is told there."""
    if making.level == "emergency":
        return
    covers: dict[str, list[str]] = {}
    for rule in making.content.investigations:
        test = rule.record
        if making.accepted(test.id) and test.patient:
            covers.setdefault(test.patient, []).append(DECISION + test.id)
    for said in list(covers):
        # "A blood test." beside "A blood test for your muscles." is the same needle.
        start = f"{said.rstrip('.')} "
        if longer := next((other for other in covers if other.startswith(start)), ""):
            covers[longer] += covers.pop(said)
    for said, keys in covers.items():
        yield Statement(said, tuple(keys))


def _do(making: Making) -> Iterator[Statement]:
    level = making.level_record
    for under in ("do", "tips"):
        # What helps against a cramp is no advice beside something that must be seen soon.
        if under == "do" or (level is not None and level.id == "routine"):
            yield from (Statement(item) for item in _net(making, under))


def _ring(making: Making, under: str) -> Iterator[Statement]:
    """Return when to ring: what the leading condition asks for, else what holds for everyone; then what is taken."""
    if making.level == "emergency" and under != "now":
        # Who goes to hospital now is not told to ring the practice should it get worse.
        return
    leading = making.leading()
    lists = {
        "now": leading.ring_now if leading else (),
        "today": leading.ring_today if leading else (),
        "days": leading.ring_days if leading else (),
    }
    own = lists[under]
    # Beside a condition's own lists a general one might name another day for the same trouble.
    general = not own and (under == "now" or not any(lists.values()))
    items = list(dict.fromkeys((*own, *_net(making, under, general=general))))
    # Each is the end of the heading: "Ring us the same day if"; the last ends the sentence.
    yield from (Statement(item if item is not items[-1] else f"{item}.") for item in items)


def _now(making: Making) -> Iterator[Statement]:
    yield from _ring(making, "now")


def _today(making: Making) -> Iterator[Statement]:
    yield from _ring(making, "today")
    told = making.case.get("plan.safety_net_given")
    if is_present(told) and told.text:
        yield Statement(told.text.strip(), ("plan.safety_net_given",), "free")


def _days(making: Making) -> Iterator[Statement]:
    yield from _ring(making, "days")


def _contact(making: Making) -> Iterator[Statement]:
    """Yield who is to be rung, the number, and the line outside opening hours if the clinic has given one."""
    key = "referrer.org" if making.text("referrer.org") else "referrer.name"
    if who := making.text(key):
        yield Statement(who, (key,), "strong")
    if phone := making.text("referrer.phone"):
        yield Statement(phone, ("referrer.phone",), "strong")
    if line := making.settings.out_of_hours:
        yield Statement(making.word("out_of_hours", line=unmarked(line)))


def _contact_rows(statements: Sequence[Statement]) -> tuple[Row, ...]:
    """Return whom to ring with the number at the right edge."""
    phone = next((s for s in statements if "referrer.phone" in s.covers), None)
    who, others = statements[:1], [s for s in statements[1:] if s is not phone]
    return (Row("", tuple(who), aside=phone.text if phone else ""), *_rows(others)) if who else ()


_PARTS: Mapping[Leaflet, Callable[[Making], Iterator[Statement]]] = {
    "title": _title,
    "next": _next,
    "finding": _finding,
    "tests": _tests,
    "do": _do,
    "now": _now,
    "today": _today,
    "days": _days,
    "contact": _contact,
}


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
