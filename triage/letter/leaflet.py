"""The patient's own copy: plain words, no diagnosis named that is only suspected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from triage.content.form import DECISION, RECIPIENTS
from triage.letter.banner import level_of
from triage.letter.head import day_words, name_of
from triage.letter.making import Making
from triage.letter.phrase import listed, sentence
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord, LetterTemplate
from triage.letter.wording import render_wording
from triage.model.values import Names


def leaflet_block(making: Making, record: BlockRecord) -> Block:
    """Return one part of a patient's copy; empty where there is nothing to tell."""
    values = {"name": name_of(making), "date": day_words(making.day)}
    lead = [Statement(render_wording(record.text, values))] if record.text else []
    if record.part in ("", "about"):
        return Block(record.id, record.heading, "list", tuple(lead))
    parts = list(_PARTS[record.part](making))
    return Block(record.id, record.heading, "list", (*lead, *parts) if parts else ())


def _urgency(making: Making) -> Iterable[Statement]:
    if making.assessment.scope.ok:
        yield Statement(making.template.words[f"patient_{level_of(making)}"], (), "strong")
    value = making.case.get(RECIPIENTS)
    names = value.names if isinstance(value, Names) else ()
    known = [making.content.recipients[n].name for n in names if n in making.content.recipients]
    if known:
        yield Statement(making.word("patient_referred", names=listed(known, "and")))


def _thought(making: Making) -> Iterable[Statement]:
    names: dict[str, None] = {}
    default = making.word("patient_default")
    records = {rule.record.id: rule.record for rule in making.content.conditions}
    for condition in making.assessment.conditions:
        if condition.support not in ("well_supported", "possible"):
            continue
        names[records[condition.id].patient_name or default] = None
    if len(names) > 1:
        # Said beside a name, "a possible disorder" would be a second disease.
        names.pop(default, None)
    if names:
        yield Statement(
            sentence(making.word("patient_thought", names=listed(list(names)[:2], "or")))
        )


def _tests(making: Making) -> Iterable[Statement]:
    for test in making.requested():
        if making.accepted(test.id):
            yield Statement(sentence(test.name), (DECISION + test.id,))


def _plan(making: Making) -> Iterable[Statement]:
    for option in making.assessment.plan:
        if making.accepted(option.id) and option.status != "contraindicated":
            yield Statement(sentence(option.option), (DECISION + option.id,))


def _net(making: Making) -> Iterable[Statement]:
    for line in making.assessment.safety_net:
        yield Statement(line.says)


def _goal(making: Making) -> Iterable[Statement]:
    if goal := making.text("impact.goal"):
        yield Statement(goal, ("impact.goal",), "free")


def _contact(making: Making) -> Iterable[Statement]:
    keys = [k for k in ("referrer.name", "referrer.org", "referrer.phone") if making.text(k)]
    if keys:
        yield Statement(sentence(", ".join(making.text(key) for key in keys)), tuple(keys))
    if line := making.settings.out_of_hours:
        yield Statement(sentence(making.word("out_of_hours", line=line)))


_PARTS: dict[str, Callable[[Making], Iterable[Statement]]] = {
    "urgency": _urgency,
    "thought": _thought,
    "tests": _tests,
    "plan": _plan,
    "net": _net,
    "goal": _goal,
    "contact": _contact,
}


def reworded(template: LetterTemplate, block: Block) -> Block:
    """Return `block` without the words that the template does not use. What a person typed stays as typed."""
    if not template.file.replace:
        return block

    def said(statement: Statement) -> Statement:
        if statement.style == "free":
            return statement
        text = statement.text
        for entry in template.file.replace:
            pattern = rf"(?<!\w){re.escape(entry.says)}(?!\w)"
            text = re.sub(pattern, entry.instead.replace("\\", ""), text, flags=re.IGNORECASE)
        return replace(statement, text=text)

    return replace(
        block,
        statements=tuple(said(s) for s in block.statements),
        rows=tuple(Row(row.label, tuple(said(s) for s in row.statements)) for row in block.rows),
    )
