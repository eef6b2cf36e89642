"""What Ctrl+K finds."""

from __future__ import annotations

import pytest

from tests.conftest import the_content
from triage.qt.find import entries_of, matching


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("gout", "sys.conditions"),
        ("botox", "emg.botulinum"),
        ("dry weight", "sys.dialysis_dry_weight"),
        ("panic", "sys.mental_health"),
    ],
)
def test_a_question_is_found_by_its_options_and_its_other_names(typed: str, question: str) -> None:
    found = [entry.id for entry in matching(entries_of(the_content().form, ()), typed)]
    assert question in found


def test_what_is_asked_no_more_is_not_found() -> None:
    found = [entry.id for entry in entries_of(the_content().form, ())]
    assert "sys.cns" in found
    assert "sys.umn_disease" not in found
