"""What a letter says: blocks of statements, each with the answers that it covers. Plain text, no markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from triage.letter.page import Page
from triage.model.values import Level

Style = Literal["plain", "strong", "free", "small"]
BlockKind = Literal["address", "banner", "strip", "rows", "list", "prose", "request", "small"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or line of a letter.

    Parameters
    ----------
    text
        Plain text; a line feed is a line break. Never markup.
    covers
        The keys of the case that it tells of.
    style
        plain, strong (must be seen first), free (typed by a person), small.
    """

    text: str
    covers: tuple[str, ...] = ()
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """Statements under one label."""

    label: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter: a heading and what stands under it.

    Parameters
    ----------
    id
        The block's id in the template.
    heading
        May be empty.
    kind
        How it is set.
    statements
        What stands directly under the heading.
    rows
        Labelled statements after these.
    """

    id: str
    heading: str
    kind: BlockKind
    statements: tuple[Statement, ...] = ()
    rows: tuple[Row, ...] = ()

    def all_statements(self) -> Iterator[Statement]:
        """Yield every statement, in reading order."""
        yield from self.statements
        for row in self.rows:
            yield from row.statements

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to print."""
        return not self.statements and not self.rows


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be set in type or printed as plain text.

    Parameters
    ----------
    template
        Id of the template it was made with.
    title
        A neutral title without patient data.
    recipient
        Id of the recipient; empty if none was chosen.
    identity
        One line that names the patient, for the foot of each page.
    letterhead
        Lines of the sender, name first.
    blocks
        What it says.
    document
        Document id.
    language
        Of the text, such as ``en-GB``.
    draft
        Whether it is marked as a draft.
    version
        Of the issue; 0 for a draft.
    day
        The date of the letter.
    issued
        When it was issued, in words; empty for a draft.
    complete
        Whether it must tell every recorded answer; a patient's copy need not.
    level
        How urgent it is: as the clinician set it, else as it is assessed.
    mark
        The mark that a draft carries on each page.
    page
        How it is set on paper.
    """

    template: str
    title: str
    recipient: str
    identity: str
    letterhead: tuple[Statement, ...]
    blocks: tuple[Block, ...]
    document: str
    language: str
    draft: bool
    version: int
    day: date
    issued: str
    complete: bool
    level: Level | None
    mark: str
    page: Page

    def statements(self) -> Iterator[Statement]:
        """Yield every statement, in reading order."""
        yield from self.letterhead
        for block in self.blocks:
            yield from block.all_statements()

    @property
    def footer(self) -> str:
        """What the foot of each page says before the page number."""
        version = "draft" if self.draft else f"v{self.version}"
        return "  ".join(p for p in (f"{self.document} {version}", self.issued) if p)
