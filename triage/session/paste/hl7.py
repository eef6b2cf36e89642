"""Messages of laboratories: the segments of HL7 version 2, as far as results, their day and their patient go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from triage.session.paste.lines import Marked, Said, limits_of, read_value, read_words, tidy
from triage.session.paste.names import Names

_SEGMENT = re.compile(
    r"(?:MSH|PID|PV1|ORC|OBR|OBX|NTE|SPM|TQ1|EVN|FHS|BHS|FTS|BTS|PD1|NK1|AL1|DG1|Z[A-Z0-9]{2})\|"
)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:\.\d{1,4})?)?(?:[+-]\d{4})?")
_ESCAPES = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", ".br": " "}
_ESCAPE = re.compile(r"\\([FSTRE]|\.br)\\")
_POWER = re.compile(r"[xX*]?\s?10\^\d{1,2}/")
_CODED = ("CE", "CWE", "CNE", "CF")
_HIGH, _LOW = ("H", "HH", "HU", ">"), ("L", "LL", "LU", "<")
# Status of a result, as its table 0085 has it.
_WITHDRAWN = {
    "D": "withdrawn by the laboratory",
    "W": "withdrawn: sent for the wrong patient",
    "X": "the laboratory could not obtain it",
    "N": "not asked for",
    "O": "ordered only: no result yet",
}
_PENDING = ("I",)
_NOT_FINAL = ("P", "R", "S")
MOST_FIELDS = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    Parameters
    ----------
    kind
        OBX, OBR, PID, or another.
    fields
        Its fields; the first is the kind.
    """

    kind: str
    fields: tuple[str, ...] = field(repr=False)

    def whole(self, number: int) -> str:
        """Return a field, counted as the standard does; empty if it is not there."""
        return self.fields[number] if number < len(self.fields) else ""

    def at(self, number: int, part: int = 1) -> str:
        """Return a component of a field, of the first where it is repeated."""
        parts = self.whole(number).split("~")[0].split("^")
        return _ESCAPE.sub(lambda m: _ESCAPES[m[1]], parts[part - 1]) if part <= len(parts) else ""


def segment_of(line: str) -> Segment | None:
    """Return the segment that a line is, or None."""
    line = line.strip()
    if not _SEGMENT.match(line):
        return None
    fields = line.split("|", MOST_FIELDS)
    return Segment(fields[0], tuple(fields))


def day_of(stamp: str) -> str:
    """Return the day of a time stamp in ISO spelling; empty if there is none."""
    match = _STAMP.fullmatch(stamp.strip())
    return f"{match[1]}-{match[2]}-{match[3]}" if match else ""


def specimen_day(segment: Segment) -> str:
    """Return the day that a segment gives to the observations below it."""
    places = {"OBR": (7, 14, 22), "SPM": (17, 18)}
    return next(filter(None, (day_of(segment.at(n)) for n in places.get(segment.kind, ()))), "")


def withdrawn(segment: Segment) -> str:
    """Return why an observation counts for nothing; empty if it counts."""
    return _WITHDRAWN.get(segment.at(11), "")


def is_preliminary(segment: Segment) -> bool:
    """Whether the laboratory has not confirmed an observation."""
    return segment.at(11) in _NOT_FINAL


def read_observation(segment: Segment, names: Names) -> Said:
    """Return what an OBX says."""
    name, code = _name(segment)
    named = names.find(name, code) if name or code else None
    day = day_of(segment.at(14))
    days = (day,) if day else ()
    value = tidy(_value(segment))
    if segment.at(11) in _PENDING:
        return read_words(name, named, "pending", days)
    unit = _unit(segment)
    limits = segment.at(7)
    behind = [unit] if unit else []
    if limits_of(limits):
        behind.append(f"({limits.strip('()[]')})")
    elif limits:
        behind.append(f"; {limits}")
    flag = segment.at(8)
    behind[1:1] = ["H"] if flag in _HIGH else ["L"] if flag in _LOW else []
    said = read_value(name, named, Marked("\t".join((value, *behind))), days)
    said = said or read_words(name, named, value, days)
    return replace(said, is_crowded=True) if "~" in segment.whole(5) else said


def _value(segment: Segment) -> str:
    if segment.at(2) == "SN":
        # Structured: comparator, number, separator, number.
        return "".join(segment.at(5, part) for part in range(1, 5))
    if segment.at(2) in _CODED:
        return segment.at(5, 2) or segment.at(5)
    return segment.at(5)


def _unit(segment: Segment) -> str:
    # "10^9/L", where the sign that parts components should have been escaped.
    unit = segment.whole(6)
    return unit if _POWER.match(unit) else segment.at(6) or segment.at(6, 2)


def _name(segment: Segment) -> tuple[str, str]:
    """Return the name of the test, and its LOINC code if there is one."""
    first = segment.at(3, 1), segment.at(3, 2), segment.at(3, 3)
    second = segment.at(3, 4), segment.at(3, 5), segment.at(3, 6)
    name = tidy(first[1] or second[1] or first[0])
    code = next((c for c, _, system in (first, second) if system in ("LN", "LOINC")), "")
    return name, code
