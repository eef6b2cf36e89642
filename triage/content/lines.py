"""Lines of pasted text without the marks and numbers that lists put before them."""

from __future__ import annotations

import re

_MARK = re.compile(r"^\s*(?:[-*•·▪◦–—‣●○■□☐☑✓✔>]+\s*|\(?\d{1,2}[.)]\s+|\[.?\]\s*)+")


def bare_line(line: str) -> str:
    """Return a line without its bullet or number, with single spaces."""
    return " ".join(_MARK.sub("", line).split())


def bare_lines(text: str) -> list[str]:
    """Return the lines of `text` that say something."""
    return [bare for line in text.splitlines() if (bare := bare_line(line))]
