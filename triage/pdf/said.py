"""Sentences as runs of words; typed ones by themselves, indented beside a bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm

from triage.letter.statements import Span, Statement
from triage.pdf.structure import Node

# The bar beside typed words, and the words, from where text begins.
BAR, _INDENT = 0.6 * mm, 3 * mm


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


def paragraph_of(statements: Sequence[Statement], node: Node) -> Node:
    """Return the part of `node` that a paragraph is: words that a person typed are a quotation."""
    return node.child("BlockQuote").child("P") if _is_typed(statements) else node.child("P")


def indent_of(statements: Sequence[Statement]) -> float:
    """Return how far a paragraph is indented: typed words are, beside their bar."""
    return float(_INDENT) if _is_typed(statements) else 0.0


def _is_typed(statements: Sequence[Statement]) -> bool:
    return bool(statements) and statements[0].style == "free"
