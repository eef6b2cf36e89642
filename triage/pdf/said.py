"""Sentences as runs of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triage.letter.statements import Span, Statement


def spans_of(statements: Sequence[Statement]) -> list[Span]:
    """Return sentences as runs of words, with spaces between them."""
    spans: list[Span] = []
    for statement in statements:
        if spans:
            spans.append(Span(" "))
        spans += statement.spans
    return spans


def own_paragraphs(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Yield runs of statements: typed text stands by itself."""
    run: list[Statement] = []
    for statement in statements:
        if statement.style != "free":
            run.append(statement)
            continue
        if run:
            yield run
        yield [statement]
        run = []
    if run:
        yield run
