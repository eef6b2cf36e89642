"""What rests on the answer to a question, in words."""

from __future__ import annotations

from triage.letter.words.said.line import Mark, Part, Said, begun, counted, mark_of
from triage.rules.resting import Resting

NOTHING = "No rule, test or condition reads this answer. It is kept and printed."


def summary(found: Resting) -> str:
    """Return in one sentence how much rests on an answer."""
    grave = [flag for flag in found.flags if flag.level in ("emergency", "urgent")]
    mild = len(found.flags) - len(grave)
    parts = [
        counted(number, name)
        for number, name in (
            (len(grave), "emergency or urgent rule"),
            (mild, "milder rule"),
            (len(found.tests), "test"),
            (len(found.conditions), "condition"),
            (len(found.options), "plan option"),
        )
        if number
    ]
    if not parts:
        return NOTHING
    *first, last = parts
    listed = f"{', '.join(first)} and {last}" if first else last
    one = len(parts) == 1 and parts[0].startswith("1 ")
    return f"{listed} rest{'s' if one else ''} on this answer."


def parts(found: Resting) -> tuple[Part, ...]:
    """Return what rests on an answer, under headings."""
    flags = (Said(flag.whole, mark=mark_of(flag.level)) for flag in found.flags)
    return (
        Part("Urgency", tuple(flags)),
        *(
            Part(title, tuple(Said(begun(name), mark=mark) for name in names))
            for title, names, mark in (
                ("Tests", found.tests, Mark.BOX),
                ("Conditions", found.conditions, Mark.ROUTINE),
                ("Plan", found.options, Mark.BOX),
            )
        ),
    )
