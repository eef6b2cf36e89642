"""Pasted reports: what is read is what was pasted, and what has two readings is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reports import becomes, expected_of, read, reports


@pytest.mark.parametrize("path", reports(), ids=lambda path: path.stem)
def test_a_report_is_read_line_by_line_as_expected(path: Path) -> None:
    expected = expected_of(path)
    reading = read(expected.text, expected.case, expected.profile)
    assert reading.stopped == expected.stopped
    assert [becomes(entry) for entry in reading.entries] == expected.becomes
