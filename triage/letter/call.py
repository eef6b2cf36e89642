"""The call that an emergency needs: who was phoned and when, what was agreed, how the patient comes."""

from __future__ import annotations

from collections.abc import Iterator

from triage.letter.making import Making
from triage.letter.phrase import sentence
from triage.letter.statements import Row, Statement, unmarked
from triage.letter.template import BlockRecord
from triage.model.case import Case
from triage.model.values import Text

WHO, WHEN, NOT_MADE = "call.who", "call.when", "call.not_made"
FUNCTION, MEASURED = "call.function", "call.measured"
_SERVICE, _AGREED, _TRANSPORT = "call.service", "call.agreed", "call.transport"


def call_missing(case: Case) -> str:
    """Return the question that an emergency leaves open: who was phoned, and when, or why nobody was."""
    if _text(case, NOT_MADE):
        return ""
    return next((key for key in (WHO, WHEN) if not _text(case, key)), "")


def call_rows(making: Making, record: BlockRecord) -> Iterator[Row]:
    """Yield who was phoned, or why nobody was; in a draft the mark of what is missing."""
    reason = making.text(NOT_MADE)
    if reason and not making.text(WHO):
        said = [Statement(sentence(making.word("not_phoned", reason=reason)), (NOT_MADE,))]
    elif any(making.text(key) for key in (WHO, WHEN, _SERVICE, _AGREED)):
        said = [_phoned(making)]
    else:
        said = [Statement(gap)] if (gap := making.gap(making.word("who_was_phoned"))) else []
    if how := making.option_id(_TRANSPORT):
        text = making.word("transport", id=how, how=making.option(_TRANSPORT))
        said.append(Statement(sentence(text), (_TRANSPORT,)))
    if said:
        yield Row("", tuple(said))


def _phoned(making: Making) -> Statement:
    text = making.word(
        "phoned",
        when=making.text(WHEN) or unmarked(making.gap(making.word("when"))),
        who=making.text(WHO) or making.gap(making.word("who")),
        service=making.text(_SERVICE),
        agreed=sentence(making.text(_AGREED)),
    )
    keys = (WHO, WHEN, _SERVICE, _AGREED)
    return Statement(sentence(text), tuple(key for key in keys if making.text(key)))


def _text(case: Case, key: str) -> str:
    value = case.get(key)
    return value.text.strip() if isinstance(value, Text) else ""
