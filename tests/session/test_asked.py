"""A question that was split is asked no more: nobody is led to it, and an answer that it has still counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.conftest import AT, TODAY
from tests.lost import unasked_content
from triage.content import Content
from triage.content.casefile import read_case, write_case
from triage.model.history import History
from triage.model.values import Finding
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.letters import LetterDesk

OLD = "rf.tetany"


@pytest.fixture(scope="module")
def content() -> Content:
    return unasked_content(OLD)


def session_of(content: Content, **given: bool) -> Session:
    history = History()
    values = {key.replace("__", "."): Finding(present=value) for key, value in given.items()}
    history.change(values, datetime(2025, 1, 1, tzinfo=UTC))
    return Session(Assessor(content), history, lambda: AT)


def test_it_is_never_shown_to_be_filled_in(content: Content) -> None:
    session = session_of(content)
    question = session.form.questions[OLD]
    assert not session.is_shown(question)
    assert not session.is_unfolded(question)


def test_a_block_does_not_answer_it(content: Content) -> None:
    session = session_of(content)
    block = session.form.blocks[session.form.questions[OLD].block]
    session.answer_block(block)
    assert OLD not in session.case
    assert len(session.case) == len(session.form.in_block(block.id)) - 1


def test_an_answer_that_it_has_is_shown_counts_and_is_printed(content: Content) -> None:
    session = session_of(content, rf__tetany=True)
    question = session.form.questions[OLD]
    assert session.is_shown(question)
    assert session.is_unfolded(question)
    fired = {reason.rule for reason in session.assessment.urgency.reasons}
    asked = session_of(content)
    assert fired - {reason.rule for reason in asked.assessment.urgency.reasons}
    text = " ".join(LetterDesk(session, None, lambda: AT).plain_text().split())
    assert "carpopedal" in text
    assert "(no longer asked)" not in text


def test_a_file_may_answer_it(content: Content) -> None:
    text = json.dumps({"triage_case": 1, "answers": {OLD: True}})
    case = read_case(text, content.form, content.rule_ids, TODAY)
    assert case[OLD] == Finding(present=True)
    assert read_case(write_case(case, content.form), content.form, content.rule_ids, TODAY) == case


def test_it_is_never_what_is_missing(content: Content) -> None:
    session = session_of(content, sys__cancer=True, neuro__weakness=True, rf__fever=True)
    assessment = session.assessment
    missing = [item.id for rule in assessment.not_excluded for item in rule.missing]
    missing += [change.question for change in assessment.what_would_change]
    missing += [item.id for test in assessment.investigations for item in test.missing]
    assert missing
    assert OLD not in missing
