"""The words of a clause as quick entry takes them: without its small words, one word for one thing, the side behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from triage.session.note.words import AFFIRM_BEHIND, BOTH, DENY, DENY_BEHIND, FILLERS, NUMBERS
from triage.session.paste.names import words
from triage.session.quick.names import Names
from triage.session.quick.plain import with_points
from triage.session.quick.values import SIDES_SAID, fold

_EVERYWHERE = frozenset(
    ("throughout", "all", "globally", "generally", "symmetrical", "overall", "full")
)
_NOT_SEEN = re.compile(
    r"\s+not\s+(?:seen|present|noted|found|felt|reported|observed)\b", re.IGNORECASE
)
_DOES_NOT = re.compile(r"\b(?:does|do|did|has|have|had|is|was|were)n['’]?t\b", re.IGNORECASE)
_TIME = re.compile(
    r"(?:(?:for|since|x|over|about|the|past|last)\s+)*(?:since\s+(?:[A-Za-z]{3,9}\.?\s+)?\d{4}|since\s+[A-Za-z]{3,9}"
    r"|(?P<about>about\s+)?(?P<many>\d{1,3}(?:-\d{1,3})?|an?|one|two|three|four|five|six)\s*"
    r"(?P<unit>days?|weeks?|wks?|months?|mths?|years?|yrs?))(?!\s+ago)\s*$",
    re.IGNORECASE,
)
_DASHES = re.compile(r"\s[-–—]+\s|\s*[=:]\s*")


def tokens_of(text: str, names: Names) -> list[str]:
    """Return the words of a clause, each in the form in which a name has it."""
    found = []
    text = with_points(_NOT_SEEN.sub(" no", _DOES_NOT.sub("not", text)))
    for token in _DASHES.sub(" ", text).split():
        token = token.strip(".;!,“”\"'").replace("’", "'").removesuffix("'s")
        if not any(c.isdigit() for c in token):
            token = token.strip("()")
        if not token or token == "-":
            continue
        found.append("both" if token.casefold() in BOTH else _singular(token, names))
    return found


def _singular(token: str, names: Names) -> str:
    word = token.casefold()
    if not word.isalpha() or names.knows(word) or not word.endswith("s"):
        return token
    return next((w for w in (word[:-1], word[:-2]) if len(w) > 2 and names.knows(w)), token)


def wordings(tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield a clause as it can be said to quick entry, as it stands first."""
    seen = set()
    for plain in (tuple(tokens), tuple(t for t in tokens if fold(t) not in FILLERS)):
        for said in (plain, *_answered(plain), *_sided(plain), *_everywhere(plain)):
            if said and said not in seen:
                seen.add(said)
                yield said


def _answered(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield it with the denial in front, or the answer behind, in the word that quick entry has for it."""
    if not tokens:
        return
    if fold(tokens[0]) in DENY:
        yield ("no", *tokens[1:])
    elif len(tokens) > 1 and fold(tokens[-1]) in DENY_BEHIND:
        yield (*tokens[:-1], "no")
        yield ("no", *tokens[:-1])
    elif len(tokens) > 1 and fold(tokens[-1]) in AFFIRM_BEHIND:
        yield (*tokens[:-1], "yes")


def _sided(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield it with its one side behind the name, in front of a number or an answer."""
    sides = [t for t in tokens if fold(t) in SIDES_SAID]
    if len(sides) != 1:
        return
    rest = [t for t in tokens if t is not sides[0]]
    yield (*rest, sides[0])
    last = fold(rest[-1]) if rest else ""
    if last in DENY_BEHIND:
        yield (*rest[:-1], sides[0], "no")
    elif last in AFFIRM_BEHIND:
        yield (*rest[:-1], sides[0], "yes")
    elif len(rest) > 1:
        yield (*rest[:-1], sides[0], rest[-1])


def _everywhere(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield it as said of every row: ``power 5/5 throughout``."""
    rest = [t for t in tokens[1:] if fold(t) not in _EVERYWHERE]
    if len(tokens) > 1 and len(rest) == 1:
        grade, _, top = rest[0].partition("/")
        yield (tokens[0], "all", grade if top == grade else rest[0])
        if fold(rest[0]) == "normal":
            # A list that is closed by "normal" is closed by a denial too.
            yield ("no", tokens[0])


def timed(tokens: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Return a clause without how long it lasts, which stands behind it, and that; None if it does not say."""
    text = " ".join(tokens)
    match = _TIME.search(text)
    if match is None or not match.start():
        return None
    last = text[: match.start()].split()[-1]
    is_rate = fold(match["many"] or "") in ("a", "an") and match[0].casefold()[:1] == "a"
    if last.isdigit() or is_rate:
        # "1 8 months", "four times a week".
        return None
    if match["many"]:
        many = NUMBERS.get(match["many"].lower(), match["many"])
        lasts = f"{'about ' if match['about'] else ''}{many} {match['unit']}"
    else:
        lasts = match[0][match[0].lower().rindex("since") :]
    return text[: match.start()].split(), lasts.split()


def spoken(tokens: Sequence[str]) -> frozenset[str]:
    """Return the words of a clause as they are looked up."""
    return frozenset(words(" ".join(tokens)))
