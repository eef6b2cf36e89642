"""A pasted address, line by line into the parts of the address book."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from triage.session.paste.preview import Preview
from triage.session.paste.report import Entry, Meaning, Reading, State
from triage.settings import Address

# In the order of their digits.
PARTS = ("department", "organisation", "address", "phone")
_NAMES = {name: Address.model_fields[name].title or name for name in PARTS}
_DEPARTMENT = re.compile(r"\b(?:department|dept|division|unit|clinic|service|team|ward)\b", re.I)
_ORGANISATION = re.compile(
    r"\b(?:hospital|infirmary|trust|surgery|practice|university|institute|(?:health|medical) centre|"
    r"(?:health|medical) center|nhs)\b",
    re.I,
)
_STREET = re.compile(
    r"\b(?:road|rd|street|lane|avenue|ave|drive|way|close|place|square|terrace|court|crescent|"
    r"p\.?o\.? box|floor|building)\b\.?|\bst\.?$|^\d+[a-z]?\b",
    re.I,
)
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]{2}\s\d{5}(?:-\d{4})?)$|^\d{4,5}\s[^\W\d]", re.I
)
_PHONE = re.compile(
    r"(?:(?:tel(?:ephone)?|phone|ph|t)\b\.?\s{0,3}[:.]?\s{0,3})?(?P<phone>\+?\(?\d(?:[ ()./-]{0,2}\d){6,14})\s*$",
    re.I,
)
# What the address book has no place for.
_OTHER = re.compile(r"\s*(?:fax|e-?mail|web(?:site)?|www)\b|\S+@\S+|https?://", re.I)
_LABEL = re.compile(
    r"^(?:address|addr|department|dept|hospital|organisation|telephone|tel|phone)\s{0,3}:\s{0,3}",
    re.I,
)
_WHERE = "Where does it belong?"


class AddressPreview(Preview):
    """A pasted address that is not kept yet: each line with its part, which a digit changes.

    A line of which nothing says what it is asks.

    Parameters
    ----------
    text
        What was pasted.
    known
        What the address book has now.
    keep
        Takes the parts that stand in the text.
    """

    def __init__(
        self, text: str, known: Address, keep: Callable[[Mapping[str, str]], None]
    ) -> None:
        self._known, self._keep = known, keep
        self._begin(text)
        self._out = {e.key for e in self.entries if _OTHER.match(e.text)}

    def _read(self) -> None:
        entries: list[Entry] = []
        for number, text, pieces, parts in _read(self._lines):
            for at, (piece, part) in enumerate(zip(pieces, parts, strict=True)):
                answer = self._answers.get((number, at), _NAMES.get(part, ""))
                # Also what is placed can be put elsewhere.
                state: State = "asks"
                meanings = tuple(
                    Meaning(title, lines=((title, piece, self._instead(of, piece)),))
                    for of, title in _NAMES.items()
                )
                entries.append(Entry(number, text, state, _WHERE, meanings, part=at, answer=answer))
        self.reading = Reading(tuple(entries))

    def _instead(self, part: str, piece: str) -> str:
        was = ", ".join(getattr(self._known, part).split("\n"))
        return f"instead of {was}" if was and piece not in was else ""

    def note(self, at: int) -> None:
        """Do nothing: an address book has no notes."""

    # -- keeping ----------------------------------------------------------------------------------

    @property
    def parts(self) -> Mapping[str, str]:
        """The parts of the address, by their names."""
        found: dict[str, list[str]] = {}
        names = {title: name for name, title in _NAMES.items()}
        for at, entry in enumerate(self.entries):
            if self.shown(at) == "records" and entry.chosen is not None:
                title, piece, _ = entry.chosen.lines[0]
                found.setdefault(names[title], []).append(piece)
        return {
            name: ("\n" if name == "address" else ", ").join(pieces)
            for name, pieces in found.items()
        }

    def record(self) -> str:
        """Hand over the parts, and return what was done in words."""
        says = f"Read: {self.does}."
        self._keep(self.parts)
        return " ".join(filter(None, (says, self.unanswered)))

    @property
    def does(self) -> str:
        """What keeping would fill in, in words; empty if nothing."""
        return ", ".join(_NAMES[name].lower() for name in PARTS if name in self.parts)

    @property
    def remark(self) -> str:
        """Nothing: what is replaced stands beside its line."""
        return ""

    @property
    def title(self) -> str:
        """How much was read, in a line."""
        shown = [self.shown(at) for at in range(len(self.entries))]
        asks = shown.count("asks")
        return f"Address: {shown.count('records')} of {len(shown)} placed" + (
            f", {asks} to answer" if asks else ""
        )


def _read(lines: list[str]) -> Iterator[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    """Yield each line that is not blank: its number and text, its pieces, and the part of each; empty if not known."""
    is_begun = is_over = False
    has_postcode = any(_POSTCODE.search(line.strip()) for line in lines)
    for number, text in enumerate(lines, start=1):
        line = _LABEL.sub("", " ".join(text.split()).rstrip(" ,;"))
        if not line:
            continue
        pieces: tuple[str, ...] = (line,)
        parts: tuple[str, ...] = ("",)
        if match := _PHONE.fullmatch(" ".join(text.split())):
            pieces, parts = (match["phone"].strip(),), ("phone",)
        elif not _OTHER.match(line):
            parts = tuple(filter(None, (_part_of(p) for p in line.split(", "))))
            pieces = tuple(line.split(", "))
            if len(parts) < len(pieces) or len(set(parts)) == 1:
                pieces, parts = (line,), (_part_of(line),)
            if parts == ("",) and is_begun and not is_over:
                # A town has no sign of its own.
                parts = ("address",)
        is_begun = is_begun or "address" in parts
        is_over = is_over or (has_postcode and bool(_POSTCODE.search(line)))
        yield number, text, pieces, parts


def _part_of(text: str) -> str:
    """Return the part of an address that a text is by its words; empty if these say none, or two."""
    if _POSTCODE.search(text) or re.match(r"\d+[a-z]?\b", text, re.I):
        return "address"
    found = {
        name
        for name, sign in (
            ("department", _DEPARTMENT),
            ("organisation", _ORGANISATION),
            ("address", _STREET),
        )
        if sign.search(text)
    }
    return found.pop() if len(found) == 1 else ""
