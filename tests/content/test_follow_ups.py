"""Which questions an answer may bring up."""

from __future__ import annotations

from triage.content.follow_ups import follow_ups
from triage.content.symbols import URGENCY_OUTCOME
from triage.expr.tree import names
from triage.model.history import History
from triage.model.values import Choice, Finding
from triage.session import Session

from ..conftest import AT, the_assessor, the_content


def test_they_are_told_of_the_answers_that_a_derived_finding_rests_on():
    found = follow_ups(the_content())
    assert "neuro.sensory_sites" in found["neuro.sensory_distribution"]
    assert {"function", "neuro.weakness_tempo"} <= found["neuro.weakness"]
    assert not any(name in others for name, others in found.items())


def test_what_one_answer_brings_up_is_among_them_unless_it_waits_for_the_level():
    content = the_content()
    found, form = follow_ups(content), content.form
    late = {name for name, node in content.unfold.items() if URGENCY_OUTCOME in set(names(node))}
    blank = Session(the_assessor(), History(), lambda: AT)
    before = {name for name, question in form.questions.items() if blank.is_unfolded(question)}
    for question in map(form.questions.get, before):
        match question.kind:
            case "finding" if not question.sided:
                values = [Finding(present=True), Finding(present=False)]
            case "choice" if not question.sided:
                values = [Choice(option=option.id) for option in question.options]
            case _:
                continue
        for value in values:
            session = Session(the_assessor(), History(), lambda: AT)
            session.set(question.id, value)
            after = {q.id for q in form.questions.values() if session.is_unfolded(q)}
            late = session._late
            assert after - before - {question.id} - late <= found[question.id], question.id
