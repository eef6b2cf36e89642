"""What the palette can lead to: every question, block and command, found by a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from triage.content.form import Form
from triage.content.schema import Question
from triage.qt.shell.actions import Command
from triage.session.quick.near import Nearest

# How many are listed.
_MOST = 60


class Entry(NamedTuple):
    """One thing to go to.

    Parameters
    ----------
    kind, id
        A question or a block, a command, or a rule, and its id.
    text, note
        What it is called; its section or its shortcut.
    search
        What typed words are looked for in, in lower case.
    names
        What it goes by itself, in lower case: not its options, nor the rows of its grid.
    rank
        0 for what stands on the core path or always in sight, 1 for blocks and for what comes up with other answers,
        2 for their details and for what only the palette knows.
    section
        The section of a question.
    """

    kind: Literal["question", "command", "rule"]
    id: str
    text: str
    note: str
    search: str
    names: tuple[str, ...]
    rank: int = 0
    section: str = ""


def entries_of(form: Form, commands: Sequence[Command]) -> tuple[Entry, ...]:
    """Return an entry for every question, block and command."""
    found = []
    for c in commands:
        text, shortcut = c.text.rstrip("…"), c.keys[0] if c.keys else ""
        search, name = f"{text} {c.say}".lower(), text.lower()
        # "theme dark" is that one, and not the theme that may be dark.
        ways = (name, *(f"{word} {name}" for word in c.say.lower().split()))
        found.append(Entry("command", c.id, text, shortcut, search, ways))
    for block in form.blocks.values():
        title = form.sections[block.section].title
        search, name = f"{block.title} {block.label}".lower(), block.title.lower()
        found.append(
            Entry("question", block.id, block.title, title, search, (name,), 1, block.section)
        )
    for question in form.questions.values():
        if not question.asked:
            continue
        title = form.sections[question.section].title
        own = question.id.partition(".")[2].replace("_", " ")
        names = [question.label, question.short, question.id, own, *question.say]
        words = [f"{option.label} {option.examples}" for option in question.options]
        words += [row.label for row in question.rows]
        found.append(
            Entry(
                "question",
                question.id,
                question.label,
                title,
                " ".join([*names, *words]).lower(),
                tuple(name.lower() for name in names if name),
                _rank(question),
                question.section,
            )
        )
    return tuple(found)


def _rank(question: Question) -> int:
    if question.core:
        return 0
    return 2 if question.show_when or question.palette_only else int(bool(question.unfold_when))


def matching(entries: Sequence[Entry], typed: str, here: str = "") -> list[Entry]:
    """Return the entries that hold every typed word.

    First what goes by just that name, then what has words in its name that begin so; of these first those of the
    section `here`, a question before the details that unfold with others, and what begins with the text before what
    only holds it.
    """
    text = typed.strip().lower()
    words = text.split()

    def order(entry: Entry) -> tuple[int, ...]:
        return (
            text not in entry.names,
            not any(all(f" {word}" in f" {name}" for word in words) for name in entry.names),
            not here or entry.section != here,
            entry.rank,
            not any(name.startswith(text) for name in entry.names),
        )

    found = [entry for entry in entries if all(word in entry.search for word in words)]
    return sorted(found, key=order)[:_MOST]


def nearest(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Return the entries whose names are most like what fits nothing."""
    return Nearest((name, entry) for entry in entries for name in entry.names).to(typed)
