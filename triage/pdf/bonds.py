"""Words that no line end parts: a number and its unit, a muscle and its grade, a date, a name, a short lead in bold."""

from __future__ import annotations

import re

from triage.letter.statements import Span

NBSP = "\u00a0"
_NUMBER = r"(?<!\S)\(?\d(?:[\d.,/+–-]*[\d+])?"
_PAIRS = (
    # "20 a week" and "8 of 10" before "5 mg": a number and what it counts.
    re.compile(rf"{_NUMBER} (?:an?|of|in) (?=\w)"),
    re.compile(rf"{_NUMBER} (?=[\w%°µ×/])"),
    # A month and its year.
    re.compile(r"[A-Z][a-z]{2,8} (?=(?:19|20)\d\d\b)"),
    # A given name or a title, and a family name in capitals.
    re.compile(r"\b(?:(?:Dr|Mr|Mrs|Ms|Prof) )?[A-Z][\w’'-]*[a-z] (?=[A-Z][A-Z’'-]{2,})"),
)
_GRADE = re.compile(r"\d[+–-]?")
_MOST_WORDS = 3
# A bond longer than this would be torn anyway.
_MOST_CHARS = 24


def bonded(text: str, strong: bool = False) -> str:
    """Return `text` with no-break spaces where no line should end."""
    if strong and text.endswith(":") and text.count(" ") < _MOST_WORDS:
        return text.replace(" ", NBSP)
    for pair in _PAIRS:
        text = pair.sub(_joined, text)
    return text


def is_grade(span: Span) -> bool:
    """Whether a run of words is a grade, which stands on the line of what it grades."""
    return span.strong and _GRADE.fullmatch(span.text) is not None


def _joined(match: re.Match[str]) -> str:
    found = match[0]
    return found if len(found) > _MOST_CHARS else found.replace(" ", NBSP)
