"""What is typed or pasted as a letter can show it: without unseen marks, the signs of word processors spelt."""

from __future__ import annotations

import re
import unicodedata

# Symbol and Wingdings, as Word pastes them: private code points that mean something in these fonts alone. Only those
# that both fonts use as a bullet, a tick or an arrow: a sign that may be a "≥" is never guessed.
_BULLETS = "\uf0a7\uf0b7\uf0d8\uf076‣►▶▸▹▷➢➣➤➥■◆◇❖⚫⁃⦁◼◻▢❯"
_SPELT = {
    **dict.fromkeys(_BULLETS, "•"),
    "\uf0e0": "→",
    "\uf0e8": "→",
    "\uf0f0": "→",
    **dict.fromkeys("⇒⇨➔➜➡⟶⟹", "→"),
    **dict.fromkeys("⇐⟵⬅⟸", "←"),
    **dict.fromkeys("⇑⇧⬆", "↑"),
    **dict.fromkeys("⇓⇩⬇", "↓"),
    "⇔": "↔",
    "☐": "[ ]",
    "\uf06f": "[ ]",
    # Word shows a box that was ticked with either sign.
    **dict.fromkeys("☑☒\uf0fd\uf0fe", "[x]"),
    **dict.fromkeys("✕✖", "×"),
    **dict.fromkeys("★☆", "*"),
    "∆": "Δ",
    **dict.fromkeys("≦⩽", "≤"),
    **dict.fromkeys("≧⩾", "≥"),
    "≅": "≈",
    "∼": "~",
    "〜": "~",
    "⚠": "!",
    "、": ",",
    "。": ".",
}
_WORDS = {
    **dict.fromkeys("✓✔\uf0fc", "yes"),
    **dict.fromkeys("✗✘\uf0fb", "no"),
    "♀": "female",
    "♂": "male",
    "☎": "tel.",
}
_TABLE = str.maketrans(_SPELT)
_WORD = re.compile(f"[{''.join(_WORDS)}]")
# Full-width letters and digits, squared units; ℃ ℉, Roman numerals and ligatures. Never a raised digit: 10⁹ is not 109.
_COMPATIBLE = re.compile(r"[℃℉Ⅰ-ⅿﬀ-ﬆ\u3000㌀-㏿！-｠￠-￦]")
_ANY = re.compile(f"[{''.join(_SPELT)}{''.join(_WORDS)}]|{_COMPATIBLE.pattern}")
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
# Before and behind these a word needs no space.
_OPENING, _CLOSING = "([/-", ")]/-.,;:!?"


def clean(text: str) -> str:
    """Return `text` as it can be shown: composed, line ends as LF, signs spelt, without unseen marks."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return spelled(composed.translate(_CHANGES))


def code(char: str) -> str:
    """Return how a character is shown that cannot be: ``[U+05D0]``."""
    return f"[U+{ord(char):04X}]"


def spelled(text: str) -> str:
    """Return `text` with the bullets, ticks and signs of word processors spelt."""
    if text.isascii() or not _ANY.search(text):
        return text
    return _COMPATIBLE.sub(_plain, _WORD.sub(_word, text).translate(_TABLE))


def _word(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    left = "" if not before or before.isspace() or before in _OPENING else " "
    right = "" if not after or after.isspace() or after in _CLOSING else " "
    return f"{left}{_WORDS[match[0]]}{right}"


def _plain(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])
