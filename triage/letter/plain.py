"""A letter as plain text, for pasting into a record system."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from triage.letter.signs import spelled
from triage.letter.statements import Block, Letter, Row, Statement

WIDTH = 78
_GUTTER = 13
# Record systems of many kinds: nothing beyond what an old code page can show.
_ASCII = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "≥": ">=",
        "≤": "<=",
        "→": "->",
        "…": "...",
        "\u00a0": " ",
    }
)


def plain_text(letter: Letter) -> str:
    """Return the letter as text of at most 78 columns."""
    parts: list[str] = []
    if letter.draft:
        parts.append(f"*** {letter.mark} ***")
    parts.append("\n".join(line for s in letter.letterhead for line in _wrapped(s.text)))
    parts += ["\n".join(_block(block)) for block in letter.blocks]
    foot = "\n".join(_wrapped(f"{letter.identity}   {letter.footer}"))
    text = "\n\n".join(part for part in (*parts, foot) if part)
    return "\n".join(line.rstrip() for line in text.split("\n")) + "\n"


def _block(block: Block) -> Iterator[str]:
    if block.kind == "banner":
        yield "=" * WIDTH
    if block.heading:
        yield block.heading.upper()
    indent = "  " if block.heading else ""
    joined = block.kind in ("prose", "strip", "small")
    if joined and block.statements and block.id != "identity":
        yield from _wrapped(" ".join(s.text for s in block.statements), indent)
    else:
        for statement in block.statements:
            yield from _wrapped(statement.text, indent)
    for row in block.rows:
        yield from _row(row, indent)
    if block.kind == "banner":
        yield "=" * WIDTH


def _row(row: Row, indent: str) -> Iterator[str]:
    label = f"{row.label}:" if row.label else ""
    free = [s for s in row.statements if s.style == "free"]
    told = [s for s in row.statements if s.style != "free"]
    if free:
        if label:
            yield indent + label
        for statement in free:
            yield from _free(statement, indent)
    if told:
        text = " ".join(s.text for s in told)
        hang = " " * (len(indent) + _GUTTER)
        first = (indent + label).ljust(len(hang)) if label and not free else indent
        if len(first.rstrip()) >= len(hang):
            first = first.rstrip() + " "
        yield from _wrapped(text, first, hang if label and not free else indent)


def _free(statement: Statement, indent: str) -> Iterator[str]:
    """Yield typed text line by line, each line marked, so that it cannot be taken for the program's own."""
    yield from _wrapped(statement.text, f"{indent}| ", f"{indent}| ")


def _wrapped(text: str, first: str = "", rest: str | None = None) -> Iterator[str]:
    rest = first if rest is None else rest
    lines = spelled(text).translate(_ASCII).split("\n")
    for n, line in enumerate(lines):
        lead = first if n == 0 else rest
        yield from textwrap.wrap(
            line, WIDTH, initial_indent=lead, subsequent_indent=rest, break_on_hyphens=False
        ) or [lead.rstrip()]
