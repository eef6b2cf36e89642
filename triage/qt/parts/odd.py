"""What is odd in a section, in words."""

from __future__ import annotations

from collections.abc import Iterator

from triage.qt.parts.words import tr
from triage.session.progress import Progress


def odd_in(row: Progress) -> Iterator[str]:
    """Yield how many contradictions and how many values to check a section has, if any."""
    if row.contradictions == 1:
        yield tr("1 contradiction")
    elif row.contradictions:
        yield tr("{n} contradictions", n=row.contradictions)
    if row.checks == 1:
        yield tr("1 value to check")
    elif row.checks:
        yield tr("{n} values to check", n=row.checks)
