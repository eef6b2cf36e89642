"""A pasted note cut into sentences, each with the part of the note in which it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from triage.session.note.words import (
    ASIDE,
    BARE_HEADINGS,
    DENY,
    FAMILIAL,
    FAMILY,
    HEADINGS,
    OTHER,
)

# A line as long as this that ends without a sign goes on in the next one.
_WRAPPED = 60
# Whoever writes one of these first in a line begins a sentence.
_OPENERS = DENY | {"h/o", "c/o", "k/c/o", "hx"}
_ENDS = (".", ";", ":", "!", "?", ",")
_END = re.compile(r"(?<=[.;!])(?<!\d\.)\s+|(?<=\w\?)\s+|(?<=\d\.)\s+(?=[A-Za-z])|;\s*|\n")
_ABBREVIATED = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|st|vs|approx|ca|e\.g|i\.e|etc|y\.o)\.$", re.IGNORECASE
)
# A line of boxes is cut before each; what none was ticked of says nothing.
_BOX = re.compile(r"\[[ xX✓✔]?\]|[☐☑☒□■]")
_OPEN_BOX = re.compile(r"(?:\[ ?\]|[☐□])|\by(?:es)?\s*/\s*no?\b(?!\s*[:=])", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•–·]|\d{1,2}[.)](?=\s)|#)\s*")
_LABEL = re.compile(r"^\s*(?P<label>[^\W\d][^:;?!\n]{0,80}?)\s*:(?!\d)\s*(?P<rest>.*)$", re.DOTALL)
_DAY = re.compile(
    r"[\s(]+(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2} [A-Za-z]{3,9}\.? \d{2,4}|\d{4}-\d{2}-\d{2})\)?$"
)


_DATED = re.compile(
    r"^\W*(?:on\s+|date\W+)?(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)?[ -][A-Za-z]{3,9}\.?,?[ -]\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})(?!\d)",
    re.IGNORECASE,
)
# A sentence with more words has none of its full stops. Another begins with whom or what it is about.
_MOST_WORDS = 45
_BEGINS = re.compile(
    r"(?<!that)(?<!when)(?<!if)(?<!whether)(?<!because)(?<!which)(?<!than)(?<!as)(?<!and)(?<!or)(?<!but)\s+"
    r"(?=(?:s?he|they|there|i|we|it)\s+(?:has|have|had|is|are|was|were|does|did|can|could|would|will|[a-z]+s|[a-z]+ed"
    r"|suspect|think|wonder|believe|suggest)\b|on\s+examination\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a note.

    Parameters
    ----------
    number
        Of the sentence, from 1.
    text
        As it was pasted, with its heading.
    body
        What is read of it.
    part
        The part of the note in which it stands; empty before the first.
    label
        A heading that is none of a part, in front of it: ``Gait``.
    day
        The day that its heading names.
    follows
        Whether it stands behind another in one paragraph.
    is_dated
        Whether it stands under a day that is not today's: in an older entry of a record.
    is_cut
        Whether it was cut out of a text without full stops.
    is_blank
        Whether it is of a template that nobody filled in: ``[ ] Fever``, ``Weakness: Y / N``.
    """

    number: int
    text: str
    body: str
    part: str = ""
    label: str = ""
    day: str = ""
    follows: bool = False
    is_dated: bool = False
    is_cut: bool = False
    is_blank: bool = False


def sentences_of(
    text: str, is_name: Callable[[str], bool], is_today: Callable[[str], bool]
) -> Iterator[Sentence]:
    """Yield the sentences of a note.

    Parameters
    ----------
    text
        What was pasted.
    is_name
        Whether a label is the name of something that the form asks: it goes with what stands behind it.
    is_today
        Whether a day as it is spelled is that of the visit.
    """
    number, part, day = 0, "", ""
    follows = is_dated = False
    for line in _lines(text):
        if not line.strip():
            part, day, follows = "", "", False
            continue
        if dated := _DATED.match(line):
            is_dated = not is_today(dated["day"])
        # What an unknown heading says reaches to the end of its line.
        inside: str | None = None
        pieces = [(cut, is_cut) for piece in _pieces(line) for cut, is_cut in _cut(piece)]
        for piece, is_cut in pieces:
            number += 1
            body = _BULLET.sub("", piece)
            label, rest, on = _heading(body)
            kind = HEADINGS.get(label.casefold()) if label else None
            if label and kind is None and FAMILY & set(re.findall(r"\w+", label.casefold())):
                # Whom the lines below are of is not sure.
                inside, part, day, label = FAMILIAL, OTHER, "", ""
            elif kind == ASIDE:
                inside, label = ASIDE, ""
            elif kind is not None:
                part, day, inside, label = kind, on, None, ""
                follows = False
            elif label and not is_name(label):
                inside, rest, label = OTHER, rest, ""
                if not rest:
                    part, day = OTHER, ""
            elif not label:
                rest = body
            yield Sentence(
                number,
                piece,
                rest.strip(),
                inside or part,
                label,
                day,
                follows,
                is_dated,
                is_cut,
                _OPEN_BOX.search(piece) is not None,
            )
            follows = True


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, those that only wrap joined."""
    held = ""
    for line in text.splitlines():
        line = line.strip()
        wraps = len(held) >= _WRAPPED or (line[:1].islower() and held)
        begins = bool(line) and line.split()[0].casefold() in _OPENERS
        if (
            held
            and line
            and wraps
            and not begins
            and not held.endswith(_ENDS[:-1])
            and not _heading(line)[0]
        ):
            held = f"{held} {line}"
            continue
        if held:
            yield held
        held = line
        if not line:
            yield ""
    if held:
        yield held


def _pieces(line: str) -> Iterator[str]:
    starts = [match.start() for match in _BOX.finditer(line)]
    if len(starts) > 1 and not line[: starts[0]].strip():
        for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
            yield line[start:end].strip()
        return
    held = ""
    for piece in _END.split(line):
        if piece is None:
            continue
        held = f"{held} {piece}".strip() if held else piece.strip()
        # The number of a list belongs to what stands behind it.
        if _ABBREVIATED.search(held) or re.fullmatch(r"\d{1,2}\.|\W+", held):
            continue
        if held:
            yield held
        held = ""
    if held:
        yield held


def _cut(piece: str) -> list[tuple[str, bool]]:
    """Return what was dictated without full stops in the sentences that it has, and that it was cut."""
    if len(piece.split()) <= _MOST_WORDS:
        return [(piece, False)]
    found = [cut.strip() for cut in _BEGINS.split(piece) if cut.strip()]
    return [(cut, len(found) > 1) for cut in found]


def _heading(text: str) -> tuple[str, str, str]:
    """Return the label in front of a text, what stands behind it, and the day that the label names."""
    if match := _LABEL.match(text):
        label, day = match["label"].strip(), ""
        if dated := _DAY.search(label):
            label, day = label[: dated.start()].strip(), dated["day"]
        if not match["rest"]:
            # Whatever stands above lines of its own is over them.
            return label, "", day
        if (
            len(label.split()) <= 4
            and not set(label) & set(".,")
            and (day or not any(c.isdigit() for c in label))
        ):
            return label, match["rest"], day
    words = text.split()
    for many in (2, 1):
        if "_".join(words[:many]).casefold().rstrip("-") in BARE_HEADINGS and len(words) >= many:
            return " ".join(words[:many]), " ".join(words[many:]).lstrip("-– "), ""
    return "", text, ""
