"""The call that an emergency needs: who was phoned and when, what was agreed, what is at stake, what was given."""

from __future__ import annotations

from triage.letter.making import Making
from triage.letter.phrase import listed, sentence
from triage.letter.statements import Block, Statement
from triage.letter.template import BlockRecord
from triage.model.case import Case
from triage.model.values import Finding, Text

WHO, WHEN, NOT_MADE = "call.who", "call.when", "call.not_made"
_FUNCTION, _MEASURED = "call.function", "call.measured"
_SAID = (WHO, WHEN, "call.service")


def call_missing(case: Case) -> str:
    """Return the question that an emergency leaves open: who was phoned, and when, or why nobody was."""
    if _text(case, NOT_MADE):
        return ""
    return next((key for key in (WHO, WHEN) if not _text(case, key)), "")


def call_block(making: Making, record: BlockRecord) -> Block:
    """Return the call, in an emergency; elsewhere only what was recorded of one."""
    statements: list[Statement] = []
    if keys := tuple(key for key in _SAID if _text(making.case, key)):
        who, when, service = (_text(making.case, key) for key in _SAID)
        text = making.word("phoned", who=who, when=when, service=service)
        statements.append(Statement(text, keys, "strong"))
    elif making.level == "emergency" and call_missing(making.case):
        statements.append(Statement(making.word("not_phoned"), (), "strong"))
    phrases = [p for p in making.phrases((record.id, -1)) if not set(p.keys) & set(keys)]
    there = [p for p in phrases if p.part == "present"]
    statements += [Statement(sentence(p.text), p.keys, p.style) for p in there]
    statements += making.told([p for p in phrases if p.part != "present"])
    if left := _not_measured(making):
        statements.append(Statement(making.word("not_measured", items=listed(left)), (), "strong"))
    return Block(record.id, record.heading, "list", tuple(statements))


def _not_measured(making: Making) -> list[str]:
    """Return the functions at stake that nobody says were measured."""
    options = making.form.questions[_FUNCTION].options if _FUNCTION in making.form.questions else ()
    return [
        option.phrase
        for option in options
        if _is_there(making.case, f"{_FUNCTION}.{option.id}")
        and not _is_there(making.case, f"{_MEASURED}.{option.id}")
    ]


def _is_there(case: Case, key: str) -> bool:
    value = case.get(key)
    return isinstance(value, Finding) and value.present


def _text(case: Case, key: str) -> str:
    value = case.get(key)
    return value.text.strip() if isinstance(value, Text) else ""
