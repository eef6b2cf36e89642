"""A further version says on paper what it replaces and what changed, and marks it in the margin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import AT, CASES, TODAY, the_assessor, the_content, the_settings
from tests.store.helpers import CHEAP
from triage.content.casefile import read_case
from triage.model.values import Choice, Finding, Text
from triage.pdf.readback import read_text
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.store import create_keys


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Session, LetterDesk]]:
    """Return a completed case whose first version is issued."""
    content = the_content()
    text = (CASES / "complete" / "V01.json").read_text(encoding="utf-8")
    case = read_case(json.dumps(json.loads(text)), content.form, content.rule_ids, TODAY)
    keys = create_keys(tmp_path, "correct horse", cost=CHEAP)
    now = [AT]
    with DraftStore(tmp_path, keys, lambda: now[0]) as store:
        draft = store.create(content, dict(case))
        session = Session(the_assessor(), draft.history, lambda: now[0], keep=draft.submit)
        letters = LetterDesk(session, draft, lambda: now[0], the_settings())
        assert letters.issue() == 1
        now[0] = AT + timedelta(days=2)
        yield session, letters


def _page_one(letters: LetterDesk) -> str:
    issued = letters.issued
    assert issued is not None
    return " ".join(read_text(issued.pdf)[0].split())


def test_the_first_version_replaces_nothing(desk: tuple[Session, LetterDesk]) -> None:
    _, letters = desk
    assert "Replaces" not in _page_one(letters)


def test_a_second_version_says_what_it_replaces_and_what_changed(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("power.finger_ext.right", Choice(option="3"))
    session.set("sys.hypertension", Finding(present=True))
    assert letters.issue() == 2
    page = _page_one(letters)
    assert "Replaces Version 1 of 22 November 2026. Please destroy it." in page
    assert "Finger extension 3 / 5 (was: 4 / 5)" in page
    assert "High blood pressure" in page
    assert "See bars in the margin." in page


def test_what_only_page_one_tells_is_named_by_its_block(desk: tuple[Session, LetterDesk]) -> None:
    session, letters = desk
    session.set("referrer.question", Text(text="Can he be seen before he goes abroad in December?"))
    assert letters.issue() == 2
    assert "Changed Question" in _page_one(letters)


def test_a_case_sent_again_after_a_withdrawal_replaces_what_was_withdrawn(
    desk: tuple[Session, LetterDesk],
) -> None:
    _, letters = desk
    first = letters.issued
    assert first is not None
    letters.withdraw(first, "sent to the wrong clinic")
    assert letters.issue() == 2
    assert "Replaces Version 1" in _page_one(letters)
