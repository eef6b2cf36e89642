"""The call that an emergency needs: who was phoned and when, what was agreed, how the patient comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from triage.content.schema import CallQuestions
from triage.letter.statements import Row, Statement, unmarked
from triage.letter.words.phrase import sentence

if TYPE_CHECKING:
    from triage.letter.making import Making
    from triage.letter.template import BlockRecord


def call_rows(making: Making, record: BlockRecord) -> Iterator[Row]:
    """Yield who was phoned, or why nobody was; in a draft the mark of what is missing."""
    call = making.content.urgency.call
    reason = making.text(call.not_made)
    if reason and not making.text(call.who):
        said = [Statement(sentence(making.word("not_phoned", reason=reason)), (call.not_made,))]
    elif any(map(making.text, (call.who, call.when, call.service, call.agreed))):
        said = [_phoned(making, call)]
    else:
        said = [Statement(gap)] if (gap := making.gap(making.word("who_was_phoned"))) else []
    if how := making.option_id(call.transport):
        text = making.word("transport", id=how, how=making.option(call.transport))
        said.append(Statement(sentence(text), (call.transport,)))
    if said:
        yield Row("", tuple(said))


def _phoned(making: Making, call: CallQuestions) -> Statement:
    text = making.word(
        "phoned",
        when=making.text(call.when) or unmarked(making.gap(making.word("when"))),
        who=making.text(call.who) or making.gap(making.word("who")),
        service=making.text(call.service),
        agreed=sentence(making.text(call.agreed)),
    )
    keys = (call.who, call.when, call.service, call.agreed)
    return Statement(sentence(text), tuple(key for key in keys if making.text(key)))
