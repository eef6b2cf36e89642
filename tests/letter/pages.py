"""What stands on the pages of a PDF: every word with its place in millimetres, its size and its ink."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

MM = 72 / 25.4
# From the lower edge: where the last line of text may stand, and above what the foot is.
LAST, FOOT = 22.0, 19.5
# Baselines that differ by less are one.
SAME = 0.15
_LOOSE = re.compile(r"[\s\u00ad\u2010\u2011\u2060\ufffe\x02-]+")


def loose(text: str) -> str:
    """Return `text` as pages are searched for it: no spaces and hyphens, which line ends swallow."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))


def words_in(text: str) -> int:
    """Return how many words `text` has; a sign alone is none."""
    return len(re.findall(r"\S*\w\S*", text))


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page, in millimetres from its upper left corner; ink is 0 for black and 1 for white."""

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    ink: float
    has_colour: bool
    is_bold: bool


@dataclass(slots=True)
class _Char:
    text: str
    left: float
    right: float
    base: float
    size: float
    ink: tuple[int, int, int]
    weight: int


class Pages:
    """The pages of a PDF, read back; words stand in the order in which they were drawn."""

    def __init__(self, pdf: bytes) -> None:
        self.sizes: list[tuple[float, float]] = []
        self.words: list[Word] = []
        with pypdfium2.PdfDocument(pdf) as document:
            for number in range(len(document)):
                page = document[number]
                self.sizes.append((page.get_width() / MM, page.get_height() / MM))
                self.words += _words(number, _chars(page))

    def __len__(self) -> int:
        return len(self.sizes)

    def is_foot(self, word: Word) -> bool:
        """Whether `word` stands in the foot of its page."""
        return word.base > self.sizes[word.page][1] - FOOT

    @cached_property
    def body(self) -> list[Word]:
        """The words without the feet."""
        return [word for word in self.words if not self.is_foot(word)]

    @cached_property
    def _flat(self) -> tuple[str, list[int]]:
        """The body as one loose text, and which word each of its letters is of."""
        parts = [loose(word.text) for word in self.body]
        owners = [n for n, part in enumerate(parts) for _ in part]
        return "".join(parts), owners

    def find(self, text: str) -> list[Word]:
        """Return the words in which `text` stands first in the body, wherever its lines break; empty if nowhere."""
        return next(self._places(text), [])

    def find_all(self, text: str) -> list[Word]:
        """Return the words of every place where `text` stands in the body."""
        return [word for words in self._places(text) for word in words]

    def _places(self, text: str) -> Iterator[list[Word]]:
        flat, owners = self._flat
        wanted = loose(text)
        at = flat.find(wanted) if wanted else -1
        while at >= 0:
            yield [self.body[n] for n in dict.fromkeys(owners[at : at + len(wanted)])]
            at = flat.find(wanted, at + len(wanted))

    def text(self, page: int | None = None) -> str:
        """Return the body's words, of one page or of all."""
        return " ".join(word.text for word in self.body if page in (None, word.page))


def lines(words: list[Word]) -> list[list[Word]]:
    """Return `words`, which follow one another, in lines."""
    found: list[list[Word]] = [words[:1]] if words else []
    for before, word in pairwise(words):
        if (word.page, round(word.base, 1)) == (before.page, round(before.base, 1)):
            found[-1].append(word)
        else:
            found.append([word])
    return found


def _chars(page: pypdfium2.PdfPage) -> Iterator[_Char]:
    height = page.get_height()
    text = page.get_textpage()
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    inks = [ctypes.c_uint() for _ in range(4)]
    for n in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, n))
        raw.FPDFText_GetCharOrigin(text, n, x, y)
        raw.FPDFText_GetLooseCharBox(text, n, box)
        raw.FPDFText_GetFillColor(text, n, *inks)
        made = raw.FPDFText_IsGenerated(text, n) == 1
        yield _Char(
            " " if made or char.isspace() else char,
            x.value / MM,
            box.right / MM,
            (height - y.value) / MM,
            raw.FPDFText_GetFontSize(text, n),
            (inks[0].value, inks[1].value, inks[2].value),
            raw.FPDFText_GetFontWeight(text, n),
        )


def _words(page: int, chars: Iterator[_Char]) -> Iterator[Word]:
    held: list[_Char] = []
    for char in chars:
        if held and (char.text == " " or _is_apart(held[-1], char)):
            yield _word(page, held)
            held = []
        if char.text != " ":
            held.append(char)
    if held:
        yield _word(page, held)


def _is_apart(before: _Char, char: _Char) -> bool:
    gap = char.left - before.right
    return abs(char.base - before.base) > SAME or not -1 < gap * MM / before.size < 0.3


def _word(page: int, chars: list[_Char]) -> Word:
    inks = [ink for char in chars for ink in char.ink]
    return Word(
        "".join(char.text for char in chars),
        page,
        chars[0].left,
        chars[-1].right,
        chars[0].base,
        min(char.size for char in chars),
        max(inks) / 255,
        any(len(set(char.ink)) > 1 for char in chars),
        all(char.weight >= 600 for char in chars),
    )
