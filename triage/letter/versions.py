"""A further version of a letter: what it replaces, what changed, and where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from triage.letter.statements import Block, Letter, Record, Row, Statement, strong, unmarked
from triage.letter.words.phrase import sentence
from triage.letter.words.wording import render_wording

# Of what changed, how much the strip names; bars in the margin show the rest.
_MOST = 6
# Their words change with every issue.
_ALWAYS_NEW = frozenset({"sender", "copies"})
# Of so many signs in all what is and what was are told.
_LONG = 100
# A longer answer stands after a colon.
_FEW = 3
# An answer that says no more than the item does.
_PLAIN = frozenset({"", "yes"})


def compared(
    letter: Letter,
    earlier: Letter,
    day: str,
    words: Mapping[str, str],
    keys: Collection[str],
    returned: tuple[str, str] | None = None,
) -> Letter:
    """Return `letter` with the strip that says what it replaces, and with all that changed marked.

    A patient's copy has no strip: it says by itself that there was another.

    Parameters
    ----------
    letter, earlier
        The version that is issued, and the one that it replaces.
    day
        Of the earlier issue, in words.
    words
        The wordings of the letter.
    keys
        The keys whose answers are others than they were.
    returned
        On which day the recipient returned it, in words, and why; None if it was not.
    """
    if letter.kind == "leaflet":
        return letter
    changes = list(dict.fromkeys(_changes(letter, earlier, frozenset(keys))))
    replaces = f"{strong(f'Version {earlier.version} of {day}.')} {words['please_destroy']}"
    if returned is not None:
        filled = {"day": returned[0], "reason": unmarked(sentence(returned[1]))}
        replaces = f"{replaces} {render_wording(words['answers_return'], filled)}"
    notices = [Row(words["replaces"], (Statement(replaces),))]
    named = list(dict.fromkeys(says for says, _ in changes[:_MOST]))
    if more := len(changes) - len(named):
        named.append(f"{more} more")
    blocks = tuple(_marked(letter, earlier, frozenset(keys)))
    marked = {covers for _, covers in changes} - {()}
    record = letter.record and _marked_record(letter.record, marked)
    text = sentence("; ".join(named)) if named else words["nothing_changed"]
    if any(map(_has_bar, blocks)) or (record and marked.intersection(record.covers())):
        text = f"{text} {words['see_bars']}"
    notices.append(Row(words["changed"], (Statement(text),)))
    return replace(letter, notices=(*letter.notices, *notices), blocks=blocks, record=record)


def new_texts(letter: Letter, earlier: Letter) -> Iterator[str]:
    """Yield what the blocks and the record of `letter` say that those of `earlier` do not, as the pages have it."""
    told = set(_texts(earlier))
    yield from (text for text in _texts(letter) if text not in told)


def _texts(letter: Letter) -> Iterator[str]:
    for block in letter.blocks:
        yield from (block.title, *(s.text for s in block.all_statements()))
        yield from (f"{cell.name} {cell.words}" for cell in block.cells)
        for table in block.tables:
            yield from (" ".join((row.label, *row.cells)) for row in table.rows)
    for table in letter.record.tables if letter.record else ():
        yield from (" ".join((row.label, *row.cells)) for row in table.rows)
    for section in letter.record.sections if letter.record else ():
        # A long answer runs on after a colon.
        for entry in section.entries:
            yield from (f"{entry.item} {entry.answer}", entry.text)


class _Said(NamedTuple):
    """What a row of the record says."""

    item: str
    answer: str

    @property
    def now(self) -> str:
        """The row as one phrase."""
        colon = ":" if len(self.answer.split()) > _FEW else ""
        return f"{self.item}{colon} {self.answer}"

    @property
    def was(self) -> str:
        """The answer without the brackets of what was answered as part of a block."""
        return (
            self.answer.removeprefix("(").removesuffix(")")
            if self.answer[:1] == "("
            else self.answer
        )


def _rows(letter: Letter) -> dict[tuple[str, ...], _Said]:
    """Return what each row says, by the keys that it tells of: of the record, else of page one."""
    found: dict[tuple[str, ...], _Said] = {}
    record = letter.record
    for table in record.tables if record else [t for b in letter.blocks for t in b.tables]:
        for row in table.rows:
            found[row.covers] = _Said(row.label, " / ".join(cell for cell in row.cells if cell))
    for section in record.sections if record else ():
        for entry in section.entries:
            found[entry.covers] = _Said(entry.item, entry.answer)
    for cell in () if record else [c for b in letter.blocks for c in b.cells]:
        found[cell.covers] = _Said(cell.name, cell.words)
    found.pop((), None)
    return found


def _changes(
    letter: Letter, earlier: Letter, keys: frozenset[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what changed in words, and the keys of its row; none for what only page one tells."""
    before = {block.id: block for block in earlier.blocks}
    for block in letter.blocks:
        yield from ((says, ()) for says in _headline(block, before.get(block.id)))
    told: set[str] = set()
    for says, covers in _row_changes(_rows(letter), _rows(earlier), keys):
        told.update(covers)
        yield says, covers
    now = {block.id: block for block in letter.blocks}
    both = [(now.get(name), before.get(name)) for name in dict.fromkeys([*now, *before])]
    named = [pair for pair in both if _differs(*pair, keys - told)]
    if not told and not named:
        # The settings, the content or the profile changed.
        named = [pair for pair in both if _differs(*pair, None)]
    yield from (((one or was).name, ()) for one, was in named)  # type: ignore[union-attr]


def _headline(block: Block, before: Block | None) -> Iterator[str]:
    """Yield the level and the headline of a block that were others."""
    if before is None:
        return
    if block.tag and before.tag and block.tag.words != before.tag.words:
        yield f"{block.tag.words} (was: {before.tag.words})"
    if block.title and before.title and block.title != before.title:
        yield _as_changed(block.name, block.title, before.title)


def _row_changes(
    now: Mapping[tuple[str, ...], _Said], before: Mapping[tuple[str, ...], _Said], keys: Set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    told: set[str] = set()
    for covers, said in now.items():
        # Where a row is joined or parted anew, only that which holds what changed has changed.
        was = before.get(covers) or _was(before, set(covers), keys)
        if was is not None and was.answer != said.answer:
            yield _as_changed(said.item, said.now, was.was or was.item), covers
        elif was is None and keys & set(covers):
            yield _as_new(said), covers
        else:
            continue
        told.update(covers)
    kept = {key for covers in now for key in covers}
    for covers, said in before.items():
        if not (gone := (keys & set(covers)) - kept):
            continue
        if gone == set(covers):
            says = f"no longer recorded: {said.item}"
            yield _as_changed(said.item, says, said.was or "recorded"), covers
        elif told.isdisjoint(covers):
            yield f"no longer recorded in full: {said.item}", covers


def _was(before: Mapping[tuple[str, ...], _Said], covers: Set[str], keys: Set[str]) -> _Said | None:
    """Return the row that told most of what a new one tells, if what changed is in either."""
    found = max(before, key=lambda old: len(covers & set(old)), default=())
    is_same = bool(covers & set(found)) and bool(keys & (covers | set(found)))
    return before[found] if is_same else None


def _as_new(said: _Said) -> str:
    return said.item if said.answer in _PLAIN or len(said.now) > _LONG else said.now


def _as_changed(name: str, now: str, was: str) -> str:
    """Return what is and what was; of long texts only where they stand, or the question would be pushed down."""
    return f"{now} (was: {was})" if len(now) + len(was) <= _LONG else name


def _differs(block: Block | None, before: Block | None, keys: Set[str] | None) -> bool:
    """Whether a block says what it did not, or no longer says what it did, of `keys`; of anything if None."""
    said, was = (_told(one) for one in (block, before))
    new = [*(s for s in said if s not in was), *(s for s in was if s not in said)]
    if keys is None:
        return bool(new) and (block or before).id not in _ALWAYS_NEW  # type: ignore[union-attr]
    return any(not keys.isdisjoint(covers) for _, covers in new)


def _told(block: Block | None) -> dict[tuple[str, tuple[str, ...]], None]:
    rows = block.rows if block else ()
    return dict.fromkeys(
        (f"{s.text} {row.aside}", s.covers) for row in rows for s in row.statements
    )


def _marked(letter: Letter, earlier: Letter, keys: Set[str]) -> Iterator[Block]:
    """Yield the blocks of page one with what is new in them marked."""
    told = {s.text for s in earlier.statements()}
    before = {block.id: block for block in earlier.blocks}
    rows = {row for block in earlier.blocks for table in block.tables for row in table.rows}
    for block in letter.blocks:
        was = before.get(block.id)
        always = keys if block.id in _ALWAYS_NEW else None
        yield replace(
            block,
            rows=tuple(
                replace(row, statements=tuple(_changed(s, told, always) for s in row.statements))
                for row in block.rows
            ),
            tables=tuple(
                replace(t, rows=tuple(replace(r, changed=r not in rows) for r in t.rows))
                for t in block.tables
            ),
            changed=was is not None
            and (block.title, block.tag, block.cells) != (was.title, was.tag, was.cells),
        )


def _has_bar(block: Block) -> bool:
    rows = [row.changed for table in block.tables for row in table.rows]
    return block.changed or any(rows) or any(s.changed for s in block.all_statements())


def _changed(statement: Statement, told: Set[str], keys: Set[str] | None) -> Statement:
    is_same = statement.text in told or (keys is not None and keys.isdisjoint(statement.covers))
    return statement if is_same else replace(statement, changed=True)


def _marked_record(record: Record, changed: set[tuple[str, ...]]) -> Record:
    tables = tuple(
        replace(t, rows=tuple(replace(r, changed=r.covers in changed) for r in t.rows))
        for t in record.tables
    )
    sections = tuple(
        replace(s, entries=tuple(replace(e, changed=e.covers in changed) for e in s.entries))
        for s in record.sections
    )
    return replace(record, tables=tables, sections=sections)
