"""The words of the window, in the language of who uses it."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from PySide6.QtCore import QLocale, QTranslator

# Where a language is asked for that is not that of the desktop; one of these makes every text longer and strange, so
# that one sees which do not come from here, and which have no room.
LANGUAGE, PSEUDO = "TRIAGE_LANGUAGE", "pseudo"
# As the tools of Qt call what is in no class.
CONTEXT = ""
_FOLDER = Path(__file__).parent.parent / "translations"
_STRANGE = str.maketrans("aeiouyAEIOUYcnz", "äëïöüÿÄËÏÖÜŸçñž")
# What a translator leaves alone as well: places to be filled, letters underlined, marks of rich text, kinds of files.
_KEPT = re.compile(r"(\{[^}]*\}|&\w|<[^>]*>|\(\*[^)]*\))")
# How much longer than English other languages are.
_LONGER = 0.3


def tr(text: str, **filled: object) -> str:
    """Return a text of the window in its language, with what stands for its ``{names}``."""
    if (translator := _translator()) is not None:
        text = translator.translate(CONTEXT, text) or text
    return text.format(**filled) if filled else text


@cache
def _translator() -> QTranslator | None:
    """Return the translation that is asked for, or that of the desktop; None for English, and if there is none."""
    name = os.environ.get(LANGUAGE, "")
    if name == PSEUDO:
        return _Pseudo()
    found = QTranslator()
    locale = QLocale(name) if name else QLocale.system()
    return found if found.load(locale, "window", "_", str(_FOLDER)) else None


class _Pseudo(QTranslator):
    """Makes every text longer, and strange but legible."""

    def translate(
        self,
        context: str | bytes,
        source_text: str | bytes,
        disambiguation: str | bytes | None = None,
        n: int = -1,
    ) -> str:
        text = source_text if isinstance(source_text, str) else bytes(source_text).decode()
        parts = _KEPT.split(text)
        strange = "".join(p if _KEPT.fullmatch(p) else p.translate(_STRANGE) for p in parts)
        return f"[{strange}{'~' * round(_LONGER * len(text))}]"
