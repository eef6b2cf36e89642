"""The smallest pieces of a letter: phrases, and how they join into statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from triage.letter.statements import Statement, Style, unmarked

# A first word of no more letters ("new", "other") is shared by chance.
_SHORT = 6
Part = Literal["present", "absent", "unable"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said of one question, or of some of its keys.

    Parameters
    ----------
    text
        The words, without capital and full stop.
    keys
        The keys of the case that it tells of.
    part
        present (or a value), absent, or unable.
    block
        Whether it was recorded with others by one key.
    alone
        Whether it must be a statement of its own: free text, or long.
    positive
        Whether it is abnormal where that is known: such phrases come first.
    normal
        Whether it is said to be as it should be.
    style
        How it is to be set.
    of
        What it is said of, and the word for it, where others may share that: heel walking, normal.
    denies
        Whether it says that nothing is there (``no spastic catch``): it shares no sentence with what is.
    """

    text: str
    keys: tuple[str, ...]
    part: Part = "present"
    block: bool = False
    alone: bool = False
    positive: bool = False
    normal: bool = False
    style: Style = "plain"
    of: tuple[str, str] = ("", "")
    denies: bool = False


def listed(items: Sequence[str], last: str = "") -> str:
    """Return items as one list: commas, or semicolons where an item has a comma or semicolon of its own."""
    mark = "; " if any("," in item or ";" in item for item in items) else ", "
    if last and len(items) > 1:
        # "At rest or lying flat, or choking": the first has an "or" of its own.
        own = [f" {last} " in item for item in items]
        comma = "," * (own[0] if len(items) == 2 else any(own) and mark == ", ")
        return f"{mark.join(items[:-1])}{comma} {last} {items[-1]}"
    return mark.join(items)


def sentence(text: str) -> str:
    """Return `text` with a capital and a full stop; a name such as eGFR keeps its small letter."""
    text = text.strip()
    bare = unmarked(text)
    if not bare:
        return ""
    end = "" if bare[-1] in ".!?:" else "."
    # A strong part may begin it.
    at = text.index(bare[0])
    first = bare[0] if bare[1:2].isupper() else bare[0].upper()
    return text[:at] + first + text[at + 1 :] + end


def word_count(statements: Iterable[Statement]) -> int:
    """Return how many words statements have."""
    return sum(len(statement.text.split()) for statement in statements)


def keys_of(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    """Return the keys that phrases tell of, each once."""
    return tuple(dict.fromkeys(key for phrase in phrases for key in phrase.keys))


def gathered(phrases: Sequence[Phrase]) -> list[Statement]:
    """Return phrases as statements: short ones joined into sentences, the others on their own.

    They keep their order, but what denies comes after all that is there.
    """
    found: list[Statement] = []
    ordered = sorted(phrases, key=lambda p: p.denies)
    for (alone, _), group in groupby(ordered, key=lambda p: (p.alone, p.denies)):
        run = list(group)
        if alone:
            found += [Statement(sentence(p.text), p.keys, p.style) for p in run]
        else:
            # "Falls: every day, neck pain" would take the pain for a part of the falls.
            mark = "; " if any("," in p.text or ":" in p.text for p in run) else ", "
            found.append(Statement(sentence(mark.join(p.text for p in run)), keys_of(run)))
    return found


def shared(items: Sequence[str], last: str = "") -> str:
    """Return names as a list, each once, and words that all begin with once: ``family history of a, b``.

    Two neighbours that begin alike share it too: ``breathlessness at rest or lying flat``.
    """
    names = list(dict.fromkeys(items))
    if len(names) < 2:
        return listed(names)
    split = [name.split(" ") for name in names]
    same = 0
    while all(len(words) > same + 1 and words[same] == split[0][same] for words in split):
        same += 1
    # One shared word may be chance ("new seizure, new confusion").
    if same >= 2:
        return listed([names[0], *(" ".join(words[same:]) for words in split[1:])], last)
    return listed(_paired(names, last) if last else names, last)


def _paired(names: list[str], last: str) -> list[str]:
    found: list[str] = []
    for name in names:
        first, _, rest = name.partition(" ")
        if found and rest and len(first) > _SHORT and found[-1].startswith(f"{first} "):
            found[-1] += f" {last} {rest}"
        else:
            found.append(name)
    return found
