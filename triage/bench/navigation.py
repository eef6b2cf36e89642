"""The way through the form with the fewest keys. The window is looked at to know which; only keys are pressed."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from triage.bench.hands import Hands, TroubleError, focused
from triage.qt.ask.block import BlockRow
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.section import SectionView
from triage.qt.ask.section_page import Row
from triage.qt.ask.table import TableWidget
from triage.qt.parts.keys import Place
from triage.qt.shell.find import entries_of, matching
from triage.qt.window import MainWindow

# How the notes of a section are called among its rows.
NOTES = "(notes)"
# More keys than any way takes.
FAR = 99
# The fewest keys of a way by the palette.
PALETTE = 4


class Navigator:
    """Moves the focus in a window.

    Parameters
    ----------
    window
        The window.
    hands
        Press the keys and are counted.
    """

    def __init__(self, window: MainWindow, hands: Hands) -> None:
        assert isinstance(window.questions, SectionView)
        self._window, self._hands, self._view = window, hands, window.questions
        self._form = window.session.form
        self._entries = entries_of(self._form, window.commands)
        self._letters: dict[tuple[str, str], str] = {}

    @property
    def here(self) -> str:
        """The question, the block or the notes that have the focus."""
        row: QWidget | None = focused()
        if row is self._view.page.note:
            return NOTES
        while row is not None and not isinstance(row, Row):
            row = row.parentWidget()
        return row.name if row is not None else ""

    def enter(self, section: str, first: str) -> None:
        """Show a section, by whichever key leads nearer to its question `first`."""
        if self._view.page.section == section:
            return
        step = self._window.rail.path.next_open(self._window.go.focused)
        names = [step.name] if step else []
        if step is not None and step.name in self._form.blocks:
            names.append(self._form.in_block(step.name)[0].id)
        if first in names:
            self._hands.press("Ctrl+J")
        else:
            self._hands.press(f"Alt+{(list(self._form.sections).index(section) + 1) % 10}")

    def reach(self, name: str) -> None:
        """Put the focus on a question, a block or the notes, by the way with the fewest keys."""
        for _ in range(6):
            here = self.here
            if here == name:
                return
            ways = [way for way in self._ways(here, name) if way]
            # By the palette only where it may be shorter: to look for the fewest letters takes a while.
            if min(map(len, ways), default=FAR) > PALETTE and (typed := self.typed_for(name)):
                ways.append(["Ctrl+K", *typed])
            if not ways:
                raise TroubleError("no key leads there")
            for key in min(ways, key=len):
                self._hands.press(key)
                if self.here == name:
                    return
        raise TroubleError("it was not reached")

    def keys_to(self, name: str) -> int:
        """Return how many keys lead to a question from here, as far as one sees."""
        return min(map(len, self._ways(self.here, name)), default=FAR)

    def _ways(self, here: str, name: str) -> Iterator[list[str]]:
        """Yield the keys that lead from one row to another, as far as one sees."""
        rows = [row.name for row in self._view.page.rows()] + [NOTES]
        if here in rows and name in rows:
            yield self._steps(rows, rows.index(here), rows.index(name))
        if name in rows:
            yield from self._jumps(rows, rows.index(name))

    def _steps(self, rows: list[str], at: int, to: int) -> list[str]:
        if to < at:
            return ["Shift+Return"] * (at - to)
        keys: list[str] = []
        for n in range(at, to):
            keys += self._out_of(rows[n])
        return keys

    def _out_of(self, name: str) -> list[str]:
        """Return the keys that lead on from a row."""
        row = self._view.page.widget_of(name)
        if isinstance(row, GridWidget):
            return ["Ctrl+Down", "Down"]
        if isinstance(row, TableWidget):
            # An arrow on a button of it stays among its buttons.
            return ["Ctrl+Down" if row.where is Place.ROW else "Return"]
        if row is not None and row.findChildren(QPlainTextEdit):
            return ["Ctrl+Down"]
        return ["Return"]

    def _jumps(self, rows: list[str], to: int) -> Iterator[list[str]]:
        """Yield the ways by the next open question of the core path, and from there on."""
        path, at = self._window.rail.path, self._window.go.focused
        for n in range(1, 9):
            step = path.next_open(at)
            if step is None or step.name not in rows:
                return
            there = rows.index(step.name)
            line = self._view.page.widget_of(step.name)
            if isinstance(line, BlockRow) and line.is_shown_open:
                # An open block is entered at its first open question.
                there = next((rows.index(q.id) for q in line.open_ones if q.id in rows), there)
            # In a block that was opened it leads to the first open question again and again.
            if there > to or rows[there] == at:
                return
            yield ["Ctrl+J"] * n + self._steps(rows, there, to)
            at = rows[there]

    def typed_for(self, name: str) -> list[str]:
        """Return the fewest keys by which the palette, once open, leads to a question; empty if it never does."""
        here = self._window.rail.section
        if (name, here) not in self._letters:
            entry = next((e for e in self._entries if e.kind == "question" and e.id == name), None)
            known = entry.names if entry is not None else ()
            texts = {text[:n].strip() for text in known for n in range(1, len(text) + 1)}
            found = (
                text
                for text in sorted(texts, key=len)
                if (matches := matching(self._entries, text, here)) and matches[0] is entry
            )
            self._letters[name, here] = next(found, "")
        text = self._letters[name, here]
        return [*text, "Tab"] if text else []
