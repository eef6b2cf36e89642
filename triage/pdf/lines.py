"""Breaking words into lines."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from triage.letter.statements import Span
from triage.pdf.bonds import NBSP, bonded, is_grade
from triage.pdf.fonts import BOLD, REGULAR, forget_widths, width
from triage.pdf.text import printable

# A last line shorter than the first share of the measure is set again until it has the second.
_SHORT, _ENOUGH = 0.16, 0.22
# How narrow a paragraph may become for that, in which steps, and how many of its lines are set again.
_NARROWEST, _STEP, _TAIL = 0.62, 0.02, 6
# No line holds more, and the widths of so long a text need not be remembered.
_MOST_ALONE = 200
_PARTS = re.compile(r"( +|\n)")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
# Blanks that count: several in a row, and those that begin a line; that between two spans is a plain one.
_SPACES = re.compile(r" (?= )|(?<=\n) ")
_FIRST = re.compile(r"^ ")


class Run(NamedTuple):
    """Words of one font that stand in one line."""

    text: str
    font: str


class Line(NamedTuple):
    """A line: its runs, and how wide it is."""

    runs: tuple[Run, ...]
    width: float


class _Word(NamedTuple):
    """What no line end parts, and the font of the space before it; none where it follows at once."""

    runs: tuple[Run, ...]
    width: float
    space: str


class Setting(NamedTuple):
    """In which size and with which characters words are set."""

    size: float
    glyphs: Container[int]
    regular: str = REGULAR

    def line(self, text: str, font: str = "") -> Line:
        """Return `text` as one line, however wide."""
        font = font or self.regular
        said = " ".join(printable(text, self.glyphs).split())
        return Line((Run(said, font),), width(said, font, self.size))

    def lines(self, spans: Iterable[Span], measure: float, *, first: float = 0) -> list[Line]:
        """Return spans broken into lines that are at most `measure` wide, the first by `first` shorter."""
        spans = tuple(spans)
        if (line := self._alone(spans, measure - first)) is not None:
            return [line]
        return list(_broken(self, spans, measure, first))

    def said(self, text: str, measure: float, *, strong: bool = False, most: int = 0) -> list[Line]:
        """Return one text broken into lines; of more than `most` the first, and that there were more."""
        lines = self.lines([Span(text, strong)], measure)
        return [*lines[: most - 1], self.line("…")] if 0 < most < len(lines) else lines

    def broken(self, spans: Sequence[Span], measure: float, first: float) -> Iterator[Line]:
        """Yield the lines of `lines` that do not fit in one."""
        for paragraph in self._paragraphs(spans):
            words = [part for word in paragraph for part in self._torn(word, measure)]
            yield from self._evened(words, measure, first)
            first = 0

    def whole(self, text: str, *, strong: bool = False) -> Line | None:
        """Return a text as one line, however wide; None for one with a line feed or blanks that count."""
        text = printable(text, self.glyphs)
        if "\n" in text or "  " in text or text[:1] == " " or text[-1:] == " ":
            return None
        font = BOLD if strong else self.regular
        wide = width(text, font, self.size)
        return Line((Run(text.replace(NBSP, " "), font),) if text else (), wide)

    def _alone(self, spans: Sequence[Span], room: float) -> Line | None:
        """Return spans as the only line if they fit in one; most do, and need no breaking."""
        if sum(len(span.text) for span in spans) > _MOST_ALONE:
            return None
        if len(spans) == 1:
            line = self.whole(spans[0].text, strong=spans[0].strong)
            return line if line and line.width <= room else None
        runs: list[Run] = []
        wide = 0.0
        for span in spans:
            text = printable(span.text, self.glyphs)
            if "\n" in text or "  " in text or (not runs and text[:1] == " "):
                return None
            font = BOLD if span.strong else self.regular
            wide += width(text, font, self.size)
            if wide > room:
                return None
            if runs and runs[-1].font == font:
                text = runs.pop().text + text
            if text:
                runs.append(Run(text, font))
        if runs and runs[-1].text[-1] == " ":
            return None
        return Line(tuple(Run(run.text.replace(NBSP, " "), run.font) for run in runs), wide)

    def _paragraphs(self, spans: Sequence[Span]) -> Iterator[list[_Word]]:
        """Yield the words between the line feeds."""
        words: list[_Word] = []
        space, open_, begun = "", False, False
        for n, span in enumerate(spans):
            font = BOLD if span.strong else self.regular
            text = _BLANK.sub("\n\n", printable(span.text, self.glyphs))
            text = bonded(_SPACES.sub(NBSP, text if begun else _FIRST.sub(NBSP, text)), span.strong)
            begun = True
            if text[-1:] == " " and n + 1 < len(spans) and is_grade(spans[n + 1]):
                text = f"{text[:-1]}{NBSP}"
            for part in _PARTS.split(text):
                if not part:
                    continue
                if part == "\n":
                    yield words
                    words, space, open_ = [], "", False
                elif part[0] == " ":
                    space, open_ = font, False
                elif open_:
                    last = words.pop()
                    wide = last.width + width(part, font, self.size)
                    words.append(_Word((*last.runs, Run(part, font)), wide, last.space))
                else:
                    words.append(_Word((Run(part, font),), width(part, font, self.size), space))
                    open_ = True
        yield words

    def _torn(self, word: _Word, measure: float) -> Iterator[_Word]:
        """Yield a word, in parts if it is wider than a line: parted at its bonds, else anywhere."""
        if word.width <= measure:
            yield word
            return
        space = word.space
        for run in word.runs:
            for part in run.text.split(NBSP):
                wide = width(part, run.font, self.size)
                pieces = [part] if wide <= measure else list(self._cut(part, run.font, measure))
                for piece in pieces:
                    yield _Word((Run(piece, run.font),), width(piece, run.font, self.size), space)
                    space = ""
                space = run.font
            space = ""

    def _cut(self, text: str, font: str, measure: float) -> Iterator[str]:
        start, wide = 0, 0.0
        for end, char in enumerate(text):
            step = width(char, font, self.size)
            if wide + step > measure and end > start:
                yield text[start:end]
                start, wide = end, 0.0
            wide += step
        yield text[start:]

    def _evened(self, words: Sequence[_Word], measure: float, first: float) -> list[Line]:
        """Return lines of which the last is neither one word nor very short, if that can be."""
        rows = self._filled(words, measure, first)
        if len(rows) < 2 or not self._is_short(rows[-1], measure, _SHORT):
            return [self._line(row) for row in rows]
        kept, tail = rows[:-_TAIL], rows[-_TAIL:]
        rest = [word for row in tail for word in row]
        indent = first if not kept else 0
        narrow = measure
        while (narrow := narrow - _STEP * measure) > _NARROWEST * measure:
            again = self._filled(rest, narrow, indent)
            if len(again) > len(tail):
                break
            if not self._is_short(again[-1], measure, _ENOUGH):
                tail = again
                break
        return [self._line(row) for row in (*kept, *tail)]

    def _is_short(self, row: Sequence[_Word], measure: float, share: float) -> bool:
        return len(row) == 1 or self._wide(row) < share * measure

    def _filled(
        self, words: Sequence[_Word], measure: float, first: float
    ) -> list[Sequence[_Word]]:
        """Return words in lines, as many as fit in each."""
        rows: list[Sequence[_Word]] = []
        start, room, wide = 0, measure - first, 0.0
        for n, word in enumerate(words):
            more = word.width + (self._space(word) if n > start else 0)
            if n > start and wide + more > room:
                rows.append(words[start:n])
                start, room, wide, more = n, measure, 0.0, word.width
            wide += more
        rows.append(words[start:])
        return rows

    def _space(self, word: _Word) -> float:
        return width(" ", word.space, self.size) if word.space else 0.0

    def _wide(self, row: Sequence[_Word]) -> float:
        return sum(word.width for word in row) + sum(map(self._space, row[1:]))

    def _line(self, row: Sequence[_Word]) -> Line:
        """Return words as runs, with their bonds opened again: what is pasted holds plain spaces."""
        runs: list[Run] = []
        for n, word in enumerate(row):
            if n and word.space:
                runs.append(Run(" ", word.space))
            runs += word.runs
        merged = (
            Run("".join(run.text for run in group).replace(NBSP, " "), font)
            for font, group in groupby(runs, key=lambda run: run.font)
        )
        return Line(tuple(merged), self._wide(row))


@lru_cache(maxsize=2_048)
def _broken(
    setting: Setting, spans: tuple[Span, ...], measure: float, first: float
) -> tuple[Line, ...]:
    """Return the lines of spans: what is tried at another spacing, or shown again, is not broken anew."""
    return tuple(setting.broken(spans, measure, first))


def forget() -> None:
    """Keep no words of the letters that were set last."""
    _broken.cache_clear()
    forget_widths()
