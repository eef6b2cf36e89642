"""From plain text to what the typesetter reads: the one place where free text is escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from xml.sax.saxutils import escape

from triage.errors import LetterError
from triage.letter.statements import Letter

# Joiners, direction marks and soft hyphens: unseen, and able to turn the order of what is seen.
_UNSEEN = dict.fromkeys(
    [
        0xAD,
        0x61C,
        0x180E,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
_ALIKE = {0x2011: "-", 0x2028: "\n", 0x2029: "\n", 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x09: "    "}
_CHANGES: dict[int, str | None] = {**_UNSEEN, **_ALIKE}
_SPACES = re.compile(r" (?= )|^ ", re.MULTILINE)


def clean(text: str) -> str:
    """Return `text` as it can be printed: composed, line ends as LF, without unseen marks."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return composed.translate(_CHANGES)


def code(char: str) -> str:
    """Return how a character is shown that the font lacks: ``[U+05D0]``."""
    return f"[U+{ord(char):04X}]"


def printable(text: str, glyphs: Container[int]) -> str:
    """Return `text` cleaned, with the code in place of each character that the font lacks."""
    return "".join(
        c if c == "\n" or (ord(c) in glyphs and c >= " ") else code(c) for c in clean(text)
    )


def markup(text: str, glyphs: Container[int]) -> str:
    """Return `text` for a paragraph: escaped, line breaks and spaces kept. Every text goes through here."""
    spaced = _SPACES.sub("\u00a0", printable(text, glyphs))
    return escape(spaced).replace("\n", "<br/>")


def lacking(texts: Iterable[str], glyphs: Container[int]) -> list[str]:
    """Return the characters of `texts` that the font lacks, each once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        for char in clean(text):
            if char != "\n" and (char < " " or ord(char) not in glyphs):
                found[char] = None
    return list(found)


def refuse_lacking(letter: Letter, glyphs: Container[int]) -> None:
    """Refuse to set a final letter that has characters which the font lacks.

    Raises
    ------
    LetterError
        Naming the characters.
    """
    texts = [letter.identity, *(s.text for s in letter.statements())]
    found = lacking(texts, glyphs)
    if found:
        named = ", ".join(f"{_name(c)} {code(c)}" for c in found[:6]) + (
            " and others" if len(found) > 6 else ""
        )
        raise LetterError(
            f"The letter's font lacks {named}: write the word in Latin, Greek or Cyrillic letters, then issue."
        )


def _name(char: str) -> str:
    return unicodedata.name(char, "a control character").capitalize()


Glyphs = Container[int]
Markup = Callable[[str], str]
