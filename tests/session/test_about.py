"""What the program says of itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from triage.content.load import Content
from triage.session.about import about_lines, age_words, reviewed

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "1 day ago"),
        (60, "60 days ago"),
        (61, "2 months ago"),
        (300, "9 months ago"),
        (729, "23 months ago"),
        (731, "2 years ago"),
        (-1, "in the future: look at the date of this computer"),
    ],
)
def test_how_long_ago_a_day_was_is_said_in_words(days: int, words: str) -> None:
    assert age_words(DAY, DAY + timedelta(days=days)) == words


def test_rules_say_their_version_their_date_and_when_to_look_for_newer_ones(
    content: Content,
) -> None:
    day = reviewed(content)
    assert day is not None
    for days, old in ((30, False), (400, True)):
        lines = dict(about_lines(content, Path("/home/x/cases"), day + timedelta(days=days)))
        assert f"version {content.form.version}, reviewed last on " in lines["Rules"]
        assert lines["Rules"].endswith(": look for newer ones") is old
        assert lines[""] == (
            f"{len(content.rules)} rules from {len(content.sources)} published sources"
        )
        assert lines["Cases"] == str(Path("/home/x/cases"))
