"""From what was typed to what can be printed: the one door for text."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable, Sequence

from triage.errors import LetterError
from triage.letter.signs import clean, code
from triage.letter.statements import Letter

# Of the characters that are lacking, how many a sentence names.
_MOST = 6


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
