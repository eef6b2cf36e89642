"""From what was typed to what can be printed: the one door for text."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable, Sequence

from triage.errors import LetterError
from triage.letter.signs import spelled
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
        *range(0xFE00, 0xFE10),
    ]
)
_ALIKE = {0x2011: "-", 0x2028: "\n", 0x2029: "\n", 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x09: "    "}
_CHANGES: dict[int, str | None] = {**_UNSEEN, **_ALIKE}
# Of the characters that are lacking, how many a sentence names.
_MOST = 6


def clean(text: str) -> str:
    """Return `text` as it can be printed: composed, line ends as LF, signs spelt, without unseen marks."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return spelled(composed.translate(_CHANGES))


def code(char: str) -> str:
    """Return how a character is shown that the font lacks: ``[U+05D0]``."""
    return f"[U+{ord(char):04X}]"


def printable(text: str, glyphs: Container[int]) -> str:
    """Return `text` cleaned, with the code in place of each character that the font lacks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c == "\n" or (ord(c) in glyphs and c >= " ") else code(c) for c in clean(text)
    )


def lacking(texts: Iterable[str], glyphs: Container[int]) -> list[str]:
    """Return the characters of `texts` that the font lacks, each once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        if text.isascii() and text.isprintable():
            continue
        for char in clean(text):
            if char != "\n" and (char < " " or ord(char) not in glyphs):
                found[char] = None
    return list(found)


def lacking_in(letter: Letter, glyphs: Container[int]) -> list[str]:
    """Return the characters of a letter that the font lacks."""
    return lacking([letter.identity.text, *letter.texts()], glyphs)


def named(chars: Sequence[str]) -> str:
    """Return characters by name and code: ``Check mark [U+2713]``."""
    more = " and others" if len(chars) > _MOST else ""
    return ", ".join(f"{_name(c)} {code(c)}" for c in chars[:_MOST]) + more


def refuse_lacking(letter: Letter, glyphs: Container[int]) -> None:
    """Refuse to set a final letter that has characters which the font lacks.

    Raises
    ------
    LetterError
        Naming the characters.
    """
    if found := lacking_in(letter, glyphs):
        raise LetterError(f"The letter's font lacks {named(found)}: retype it, then issue.")


def _name(char: str) -> str:
    private = unicodedata.category(char) == "Co"
    return unicodedata.name(char, "a private sign" if private else "a control character").lower()
