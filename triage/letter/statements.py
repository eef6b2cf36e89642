"""What a letter says, as records: blocks of sentences for page one, rows and tables for the record of findings.

A text may hold strong parts, marked by `strong`; nothing else in it is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from triage.letter.figure import Figure
from triage.letter.page import Page
from triage.model.values import Level

# Two of the code points that Unicode keeps free for good: what a person types cannot mean them.
_ON, _OFF = "\ufdd0", "\ufdd1"
_MARKS = dict.fromkeys(map(ord, (_ON, _OFF)))
_STRONG = re.compile(f"{_ON}([^{_OFF}]*){_OFF}?")

Style = Literal["plain", "strong", "free"]
BlockKind = Literal[
    "address",
    "patient",
    "level",
    "question",
    "prose",
    "rows",
    "strip",
    "studies",
    "examined",
    "decide",
    "sender",
    "notice",
    "list",
]


class Span(NamedTuple):
    """A run of words in one weight."""

    text: str
    strong: bool = False


def strong(text: str) -> str:
    """Return `text` so marked that it is set bold, whatever parts of it were so already."""
    return f"{_ON}{unmarked(text)}{_OFF}" if text else ""


def unmarked(text: str) -> str:
    """Return `text` without marks: what a person typed goes through here before it is said."""
    return text.translate(_MARKS)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or line of a letter.

    Parameters
    ----------
    said
        The text, with its strong parts marked. A line feed is a line break.
    covers
        The keys of the case that it tells of.
    style
        plain, strong (all of it bold), free (typed by a person: barred, never changed).
    yields
        Whether it is left to the record of findings where page one overflows.
    changed
        Whether it differs from what the version says that the letter replaces.
    """

    said: str
    covers: tuple[str, ...] = ()
    style: Style = "plain"
    yields: bool = False
    changed: bool = False

    @property
    def text(self) -> str:
        """The text without marks."""
        return self.said if self.style == "free" else unmarked(self.said)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The text in runs of one weight."""
        if self.style != "plain":
            return (Span(self.text, self.style == "strong"),)
        if _ON not in self.said:
            return (Span(self.said),) if self.said else ()
        found: list[Span] = []
        end = 0
        for match in _STRONG.finditer(self.said):
            found += [Span(self.said[end : match.start()]), Span(match[1], strong=True)]
            end = match.end()
        found.append(Span(self.said[end:]))
        return tuple(span for span in found if span.text)


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences that follow one another in one paragraph, with a label at the axis if it has one.

    Parameters
    ----------
    label
        Such as Power; may be empty.
    statements
        What stands beside it.
    strong
        Whether the label is bold, as that of what was not examined.
    aside
        What stands at the right edge or in the last column: when it was signed, which side is studied.
    stays
        Whether it stands in its block though the clinician rewrites that: who set the level, what was not asked.
    """

    label: str
    statements: tuple[Statement, ...]
    strong: bool = False
    aside: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """How urgent, as the tag beside the suspicion shows it.

    Parameters
    ----------
    level
        The level; decides how heavy the tag is.
    words
        Such as ``URGENT``.
    aim
        Such as ``within 2 weeks``.
    """

    level: Level
    words: str
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of the safety strip: its name, its words, and whether it is absent, present, not asked or unable.

    `denied` are the keys that deny what is present, of which no rule knows that they contradict one another; `items` is
    what is present, in words.
    """

    name: str
    words: str
    state: Literal["absent", "present", "unasked", "unable"]
    covers: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    items: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: a label and a cell for each column; the strong ones are abnormal."""

    label: str
    cells: tuple[str, ...]
    strong: tuple[bool, ...] = ()
    covers: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table, such as power on the right and on the left."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter: its label in the margin, and what stands beside it.

    Parameters
    ----------
    id
        The block's id in the template.
    heading
        Its label in the margin; may be empty.
    kind
        How it is set.
    rows
        Its paragraphs.
    title
        Its headline: the patient's name, the suspicion.
    tag
        How urgent, beside the headline.
    under
        Small lines under the label: sources, ``proposed: edit``.
    cells
        Of a safety strip.
    tables
        Of the examination in a request.
    figure
        The body chart beside the tables.
    closes
        Whether a rule ends it: the end of what decides.
    called
        What it is called where it has no label.
    changed
        Whether its headline, level or cells differ from those of the version that is replaced.
    """

    id: str
    heading: str
    kind: BlockKind
    rows: tuple[Row, ...] = ()
    title: str = ""
    tag: Tag | None = None
    under: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()
    figure: Figure | None = None
    closes: bool = False
    called: str = ""
    changed: bool = False

    @property
    def name(self) -> str:
        """How a person calls it."""
        return self.heading or self.called or self.title

    def all_statements(self) -> Iterator[Statement]:
        """Yield every sentence, in reading order."""
        for row in self.rows:
            yield from row.statements

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to print."""
        return not (self.rows or self.title or self.cells or self.tables)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the record of findings: an item, and what was recorded of it at the right edge.

    Parameters
    ----------
    item
        Its name.
    answer
        ``no``, ``(no)`` as part of a block, ``–`` not examined, ``yes``, or a value. May be empty.
    strong
        Whether it is present or abnormal.
    covers
        The keys that it tells of.
    changed
        Whether it differs from what the version says that the letter replaces.
    kept
        Of how many items it says that the sender keeps them.
    """

    item: str
    answer: str = ""
    strong: bool = False
    covers: tuple[str, ...] = ()
    changed: bool = False
    kept: int = 0

    @property
    def text(self) -> str:
        """The row as one line."""
        return f"{self.item}: {self.answer}" if self.answer else self.item


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the record of findings."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The record of findings: everything that was recorded, each answer once.

    Parameters
    ----------
    title, lead, key
        Its title, the sentence beside it, and what its signs mean.
    whole
        Typed notes that page one had to cut, whole.
    tables
        Power, reflexes and the like, right and left: the first band.
    sections
        Everything else.
    figure
        The body chart beside the tables; its marks are answers that rows tell.
    basis
        Rules and sources: the only place for a rule's code.
    """

    title: str
    lead: str
    key: str
    whole: tuple[Row, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    figure: Figure | None = None
    basis: str = ""

    def covers(self) -> Iterator[tuple[str, ...]]:
        """Yield the keys of each row."""
        for row in self.whole:
            yield from (statement.covers for statement in row.statements)
        for table in self.tables:
            yield from (row.covers for row in table.rows)
        for section in self.sections:
            yield from (entry.covers for entry in section.entries)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, at the top of page one: the practice and where it is; at the right the day and the document.

    The logo is the file of a picture, SVG or PNG, that stands at the left and says nothing that the name does not.
    """

    name: str
    place: str
    day: str
    document: str
    covers: tuple[str, ...] = ()
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is about, for the foot of each page: given names, which may be cut, family name, and what never is."""

    given: str
    family: str
    rest: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        name = " ".join(part for part in (self.given, self.family) if part)
        return " · ".join((name, *self.rest))


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be set in type or printed as plain text.

    Parameters
    ----------
    template
        Id of the template it was made with.
    kind
        letter, request, emergency or leaflet: how its page is set.
    title
        A neutral title without patient data.
    recipient
        Id of the recipient; empty if none was chosen.
    identity
        Who it is about.
    letterhead
        Who writes.
    notices
        What stands on the tinted strip: what a draft lacks, what a version replaces and what changed.
    blocks
        Page one.
    record
        The record of findings; None where there is none.
    foot
        Kind, document, version, day and time of issue.
    mark
        What it is not, and what it was made with: the right end of the foot.
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
    complete
        Whether it must tell every recorded answer; a patient's copy need not.
    level
        How urgent it is: as the clinician set it, else as it is assessed.
    page
        How it is set on paper.
    held
        The keys of what does not apply, which prints nowhere.
    kept
        The keys of what is held back from this reader.
    in_part
        The keys of what is absent and told by halves, for the other half is sensitive.
    composed
        By block, the composed text of those that the clinician may rewrite.
    addressee
        The key of the recipient's address; empty while one of several is to be chosen.
    """

    template: str
    kind: Literal["letter", "request", "emergency", "leaflet"]
    title: str
    recipient: str
    identity: Identity
    letterhead: Letterhead
    notices: tuple[Row, ...]
    blocks: tuple[Block, ...]
    record: Record | None
    foot: str
    mark: str
    document: str
    language: str
    draft: bool
    version: int
    day: date
    complete: bool
    level: Level | None
    page: Page
    held: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    in_part: frozenset[str] = frozenset()
    composed: Mapping[str, str] = field(default_factory=dict)
    addressee: str = ""

    def statements(self) -> Iterator[Statement]:
        """Yield every sentence of page one, in reading order."""
        for row in self.notices:
            yield from row.statements
        for block in self.blocks:
            yield from block.all_statements()

    def told(self) -> set[str]:
        """Return the keys that its letterhead, its sentences and its record tell of."""
        told = {key for statement in self.statements() for key in statement.covers}
        told.update(self.letterhead.covers)
        for covers in self.record.covers() if self.record else ():
            told.update(covers)
        return told

    def texts(self) -> Iterator[str]:
        """Yield every text that must be found on the pages, in reading order."""
        head = self.letterhead
        yield from (t for t in (head.name, head.day, head.place, head.document) if t)
        for row in self.notices:
            yield from _row_texts(row)
        for block in self.blocks:
            yield from _block_texts(block)
        if self.record is not None:
            yield from _record_texts(self.record)


def _row_texts(row: Row) -> Iterator[str]:
    yield from (row.label, *(s.text for s in row.statements), row.aside)


def _block_texts(block: Block) -> Iterator[str]:
    tag = (block.tag.words, block.tag.aim) if block.tag else ()
    yield from (block.heading, *tag, block.title, *block.under)
    for cell in block.cells:
        yield from (cell.name, cell.words)
    for table in block.tables:
        yield from _table_texts(table)
    for row in block.rows:
        yield from _row_texts(row)


def _table_texts(table: Table) -> Iterator[str]:
    yield from (table.title, *table.heads)
    for row in table.rows:
        yield from (row.label, *row.cells)


def _record_texts(record: Record) -> Iterator[str]:
    yield from (record.title, record.lead, record.key)
    for row in record.whole:
        yield from _row_texts(row)
    for table in record.tables:
        yield from _table_texts(table)
    for section in record.sections:
        yield section.title
        for entry in section.entries:
            yield from (entry.item, entry.answer)
    yield record.basis
