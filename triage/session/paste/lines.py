"""What a line of a report says: the name of a test, its value, and what stands around them.

Nothing is understood here but the grammar: what the value means is read in `triage.content.entry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from triage.content.schema import Question
from triage.content.units import find_unit, units_for
from triage.model.numbers import as_digits
from triage.model.values import WORDS
from triage.session.paste import grammar
from triage.session.paste.names import Named, Names, listed, words

Flag = Literal["", "high", "low"]
LONGEST_LINE = 2000
# No name of a test begins later than this in its line, nor has more words.
_NAME_ROOM = 160
_NAME_WORDS = 12
_MOST_PARTS = 40
# Marks are characters for private use, which a tidy line has none of.
_MARK, _MOST_DAYS = 0xE000, 1000
# Between a value and its unit stand a flag and a range at most.
_MOST_TRIES = 4

PENDING = listed(
    "pending, awaited, awaiting, to follow, result to follow, in progress, outstanding, result awaited, "
    "results awaited, awaiting result, awaiting results, result pending, results pending, not yet available, "
    "not yet reported, report to follow, ausstehend, folgt, en cours"
)
_NO_RESULT = listed(
    "haemolysed, haemolyzed, hemolysed, hemolyzed, haemolysis, clotted, lipaemic, insufficient, unsuitable, "
    "insufficient sample, sample haemolysed, sample hemolyzed, no sample, cancelled, rejected, not sent, not done, "
    "not performed, not processed, unable to report, see comment, negative, positive, detected, not detected, "
    "none detected"
)
_NORMALS = frozenset((*(word.replace("_", " ") for word in WORDS), "raised", "elevated", "reduced"))


@dataclass(frozen=True, slots=True)
class Said:
    """One result in the words of its report.

    Parameters
    ----------
    name, named
        The test as spelled, and what that means; None: no test of the form.
    value
        The number with its bound, two numbers, or words.
    unit, unknown_unit
        The unit as spelled; the word in its place that is none.
    limits
        The laboratory's range.
    flag
        What the report itself says of the value.
    days, late
        The dates that stand beside it, as spelled; those in what else is said.
    comment
        What else is said.
    is_spaced
        Whether the number is parted by blanks, which may also part columns.
    is_crowded
        Whether another number stands on the line.
    is_worded
        Whether the value is words.
    """

    name: str
    named: Named | None
    value: str = ""
    unit: str = ""
    unknown_unit: str = ""
    limits: str = ""
    flag: Flag = ""
    days: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    comment: str = ""
    is_spaced: bool = False
    is_crowded: bool = False
    is_worded: bool = False


def tidy(line: str) -> str:
    """Return a line with two blanks for every gap or leader, plain digits, and no invisible characters."""
    text = as_digits(line).replace("\u00a0", " ").replace("&lt;", "<").replace("&gt;", ">")
    text = "".join(c for c in text if c == "\t" or c.isprintable() or c in grammar.THIN)
    return grammar.BULLET.sub(
        "", grammar.CELLS.sub("\t", grammar.LEADER.sub("  ", text.strip())), count=1
    )


def find_days(text: str) -> list[tuple[int, int, str]]:
    """Return the dates of a text: where each begins and, its time included, ends, and the date as spelled."""
    return [
        (match.start(), match.end(), re.sub(r"\.\s", ".", match["day"]))
        for match in grammar.DAY.finditer(text)
    ]


def take_days(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without its dates and their times, and the dates as spelled."""
    found = tuple(dict.fromkeys(day for _, _, day in find_days(text)))
    return (grammar.DAY.sub("  ", text).strip() if found else text), found


def mark_days(text: str) -> Marked:
    """Return a text with a mark in the place of each date and its time."""
    days: list[str] = []

    def mark(match: re.Match[str]) -> str:
        days.append(re.sub(r"\.\s", ".", match["day"]))
        return f" {chr(_MARK + len(days) - 1)} "

    return Marked(grammar.DAY.sub(mark, text, count=_MOST_DAYS), tuple(days))


@dataclass(frozen=True, slots=True)
class Marked:
    """A line with marks in the place of its dates.

    Parameters
    ----------
    text
        The line, or a part of it.
    days
        All dates of the line as spelled, in the order of their marks.
    """

    text: str
    days: tuple[str, ...] = ()

    def day(self, mark: str) -> str:
        """Return the date of a mark."""
        return self.days[ord(mark) - _MARK]

    def until(self, end: int) -> tuple[str, ...]:
        """Return the dates before a place of the text."""
        return tuple(self.day(c) for c in self.text[:end] if _is_mark(c))

    def part(self, text: str) -> Marked:
        """Return a part of the line."""
        return Marked(text, self.days)


def _is_mark(char: str) -> bool:
    return _MARK <= ord(char) < _MARK + _MOST_DAYS


def _unmarked(text: str) -> str:
    return "".join(" " if _is_mark(c) else c for c in text)


def flag_of(text: str) -> Flag | None:
    """Return which side a text that is nothing but a flag means, empty if neither; None if it is no flag."""
    text = text.strip(" \t()[].") or text.strip()
    match = grammar.FLAG.fullmatch(text)
    return None if match is None else _side(match[0])


def limits_of(text: str) -> str:
    """Return the laboratory's range if a text is nothing but that."""
    match = grammar.LIMITS.fullmatch(text.strip(" \t()[]{}"))
    return _limits(match) if match else ""


def _limits(match: re.Match[str]) -> str:
    """Return a range with the signs that it is read with."""
    limits = re.sub(r"\Abis\b", "up to", match["limits"], flags=re.IGNORECASE)
    return re.sub(r"\bbis\b", "-", limits, flags=re.IGNORECASE)


def _side(flag: str) -> Flag:
    flag = flag.lower().removeprefix("is ")
    if flag.startswith(("h", "↑", "▲", "+", "above")):
        return "high"
    return "low" if flag.startswith(("l", "↓", "▼", "below")) else ""


# -- a whole line ---------------------------------------------------------------------------------


def read_line(text: str, names: Names) -> tuple[Said, ...]:
    """Return what a tidy line says: one result, several between commas, or none.

    A line that names no test of the form and yet looks like a result comes back as one without `named`.
    """
    whole = mark_days(text)
    sentences = [grammar.PARTS.split(one) for one in grammar.SENTENCES.split(whole.text)]
    if 1 < sum(map(len, sentences)) <= _MOST_PARTS:
        every: list[list[Said]] = []
        for parts in sentences:
            found = list(_read_parts(whole, parts, names))
            if len(found) != len(parts):
                break
            every.append(list(_dated_alike(found)))
        else:
            return tuple(_dated_apart(every))
    one = _read_one(whole, names)
    return () if one is None else (one,)


def _read_parts(line: Marked, parts: list[str], names: Names) -> Iterator[Said]:
    """Yield the results between commas, until one is none; another value with its day is of the test before it."""
    name = ""
    for part in parts:
        is_again = bool(name) and part.lstrip(" <>≤≥")[:1].isdigit()
        said = _read_one(line.part(f"{name}: {part}" if is_again else part), names)
        if said is None or not said.named or said.is_crowded or (is_again and not said.days):
            return
        name = said.name
        yield said


def _dated_apart(every: list[list[Said]]) -> Iterator[Said]:
    """Yield the results of several sentences: a date in one of them may be of the others too."""
    days = tuple(dict.fromkeys(day for found in every for said in found for day in said.days))
    for said in (said for found in every for said in found):
        is_sure = said.days or said.value == "pending"
        yield said if is_sure else replace(said, late=(*said.late, *days))


def _dated_alike(found: list[Said]) -> Iterator[Said]:
    """Yield several results of one line: a date that stands beside one of them is that of all."""
    days = tuple(dict.fromkeys(day for said in found for day in said.days))
    return (said if said.days else replace(said, days=days) for said in found)


def _read_one(line: Marked, names: Names) -> Said | None:
    starts = [match.start() for match in _starts(line.text)]
    for at in reversed(starts):
        name = _bare_name(line.text[:at])
        named = names.find(name) or _under_panel(name, names)
        said = _read_at(line, at, name, named) if named else None
        if said is not None:
            said = _with_name_behind(said, names)
            return replace(said, is_crowded=said.is_crowded or _names_more(said.comment, names))
    if (worded := _read_words(line, names)) is not None:
        return worded
    for at in reversed(starts):
        name = _bare_name(line.text[:at])
        said = _read_at(line, at, name, names.near(name)) if words(name) else None
        if said is not None:
            return said
    return None


def _under_panel(name: str, names: Names) -> Named | None:
    """Return what a test is that stands behind the name of another one, its panel: ``FBC: Hb``."""
    panel, colon, test = name.partition(":")
    return names.find(test.strip()) if colon and names.find(panel) else None


def _with_name_behind(said: Said, names: Names) -> Said:
    """Return a result with what of its name stands behind the value: ``Ca 2.10 (adj)``."""
    aside = said.comment or said.unknown_unit
    named = names.find(f"{said.name} {aside}") if aside.isalpha() else None
    if named is None or named.asks:
        return said
    return replace(said, named=named, comment="", unknown_unit="")


def _read_at(line: Marked, at: int, name: str, named: Named | None) -> Said | None:
    behind = line.part(line.text[at:])
    is_cell = line.text[at - 1 : at] == "\t"
    return read_value(name, named, behind, line.until(at), is_cell=is_cell)


def _names_more(comment: str, names: Names) -> bool:
    """Whether a comment is the result of another test."""
    parts = comment.split()[:_NAME_WORDS]
    if not any(c.isdigit() for c in comment):
        return False
    return any(names.find(" ".join(parts[: end + 1])) for end in range(len(parts)))


def _starts(text: str) -> Iterator[re.Match[str]]:
    found = 0
    for match in grammar.START.finditer(text, 0, min(len(text), _NAME_ROOM)):
        yield match
        if (found := found + 1) == _NAME_WORDS:
            return


def _bare_name(text: str) -> str:
    name = _unmarked(text).strip(" \t:=-–.,|")
    return grammar.LEADING_FLAG.sub("", f" {name}").strip(" \t:=")


def _read_words(line: Marked, names: Names) -> Said | None:
    """Return a result whose value is words: ``TSH pending``, ``Urine dip blood: negative``."""
    text = line.text
    ends = [match.end() for match in re.finditer(r"[^\s:=]+", text[:_NAME_ROOM])][:_NAME_WORDS]
    for end in reversed(ends):
        rest = text[end:]
        name = _bare_name(text[:end])
        named = names.find(name) if _unmarked(rest).strip() else None
        if named is None:
            continue
        said = read_words(name, named, _unmarked(rest), line.until(len(text)))
        is_value = said.value in PENDING | _NO_RESULT | _NORMALS | _options(named)
        is_parted = rest.startswith((":", "=", "\t", "  "))
        return said if said.value and (is_value or is_parted) else None
    return None


def read_words(name: str, named: Named | None, text: str, days: tuple[str, ...] = ()) -> Said:
    """Return words as a value, in lower case; none if there is nothing but a flag."""
    value = " ".join(_bracketed_limits(text).strip(" \t:=.-–").lower().split())
    if flag_of(value.upper()) is not None and value not in _NORMALS:
        value = ""
    value = "pending" if value in PENDING else value
    return Said(name, named, value, days=days, is_worded=True)


def _options(named: Named) -> set[str]:
    options = (option for question in named.questions for option in question.options)
    return {word.lower() for option in options for word in (option.label, option.short, option.id)}


def _bracketed_limits(text: str) -> str:
    """Return `text` without a laboratory's range in brackets."""
    for match in grammar.BRACKET.finditer(text):
        if limits_of(match["inside"]):
            return f"{text[: match.start()]} {text[match.end() :]}"
    return text


# -- behind the name ------------------------------------------------------------------------------


def read_value(
    name: str,
    named: Named | None,
    behind: Marked,
    days: tuple[str, ...] = (),
    *,
    is_cell: bool = True,
) -> Said | None:
    """Return what stands behind the name of a test, from the value on; None if it begins with no number.

    Parameters
    ----------
    name, named, days
        As in `Said`.
    behind
        The value and what follows it.
    is_cell
        Whether a cell of a table begins with the value.
    """
    text = behind.text
    questions = named.questions if named else ()
    pair = grammar.PAIR.match(text) if any(q.pair for q in questions) else None
    match = pair or grammar.VALUE.match(text)
    if match is None:
        return None
    end = match.end()
    # In a cell, blanks part no columns.
    is_spaced = pair is None and bool(match["spaced"]) and not is_cell
    said = Said(name, named, match[0], named.unit if named else "", days=days, is_spaced=is_spaced)
    return _read_rest(said, behind.part(text[end : end + LONGEST_LINE]), questions)


def _read_rest(said: Said, rest: Marked, questions: tuple[Question, ...]) -> Said:
    text, units = rest.text, _units(questions)
    comments: list[str] = []
    at, is_parted, tries = 0, False, 0
    if misread := grammar.MISREAD.match(text):
        # "34O" is no 34.
        is_unit = _unit_at(units, text, 0) >= misread.end()
        said = replace(said, is_crowded=said.is_crowded or not is_unit)
    while at < len(text):
        if gap := grammar.GAP.match(text, at):
            is_parted = is_parted or "," in gap[0]
            at = gap.end()
            continue
        if comment := grammar.COMMENT.match(text, at):
            late = rest.part(text[at:]).until(len(text))
            said = replace(said, late=(*said.late, *late))
            comments.append(_unmarked(text[comment.end() :]).strip())
            break
        if _is_mark(text[at]):
            # A date in what is said behind a result may be of something else.
            day = rest.day(text[at])
            is_prose = said.unknown_unit and not set("/%^") & set(said.unknown_unit)
            if comments or is_prose:
                said = replace(said, late=(*said.late, day))
            else:
                said = replace(said, days=(*said.days, day))
            at += 1
            continue
        may_be_unit = not (said.unit or said.unknown_unit or comments) and tries < _MOST_TRIES
        tries += may_be_unit
        if may_be_unit and (end := _unit_at(units, text, at)):
            said = replace(said, unit=text[at:end].strip(" .,"))
        elif bracket := grammar.BRACKET.match(text, at):
            end = bracket.end()
            late = rest.part(bracket["inside"]).until(len(text))
            inside = _unmarked(bracket["inside"]).strip()
            said, aside = _read_bracket(replace(said, late=(*said.late, *late)), inside, units)
            comments += [aside] if aside else []
            is_parted = True
        elif not said.limits and not comments and (limits := grammar.LIMITS.match(text, at)):
            end = limits.end()
            said = replace(said, limits=_limits(limits))
        elif flag := grammar.FLAG.match(text, at):
            end = flag.end()
            said = replace(said, flag=said.flag or _side(flag[0]))
        elif number := grammar.NUMBER.match(text, at):
            end = number.end()
            # In prose behind a whole result, a number is part of the prose.
            said = replace(said, is_crowded=said.is_crowded or not (comments and said.unit))
            comments.append(number[0])
        else:
            word = grammar.WORD.match(text, at)
            end = word.end() if word else at + 1
            if grammar.ANOTHER.match(text, at):
                said = replace(said, is_crowded=True)
            if may_be_unit and word and not is_parted and any(units):
                said = replace(said, unknown_unit=text[at:end])
            else:
                comments.append(text[at:end])
        at = end
    return replace(said, comment=" ".join(comments).strip())


def _read_bracket(said: Said, inside: str, units: tuple[str, ...]) -> tuple[Said, str]:
    """Return what a bracket adds to a result, and what of it is only a comment."""
    if not said.limits and (limits := grammar.LIMITS.match(inside)):
        rest = inside[limits.end() :].strip(" ,")
        if not re.search(r"\d", rest) or _unit(units, rest):
            return replace(said, limits=_limits(limits)), ""
    if (side := flag_of(inside)) is not None:
        return replace(said, flag=said.flag or side), ""
    if not said.unit and _unit(units, inside):
        return replace(said, unit=inside), ""
    return said, inside


def _units(questions: tuple[Question, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for q in questions for unit in units_for(q)))


def _unit_at(units: tuple[str, ...], text: str, at: int) -> int:
    """Return where the unit that begins at `at` ends; 0 if none does. It may be of several words."""
    room = re.split(r"\t|  |;|,\s", text[at : at + 40], maxsplit=1)[0]
    ends = [match.start() for match in re.finditer(r"\s|[(\[]|$", room)][:6]
    for end in reversed(ends):
        spelling = room[:end].strip(" .,")
        if spelling and _unit(units, spelling):
            return at + end
    return 0


@lru_cache(maxsize=4096)
def _unit(units: tuple[str, ...], spelling: str) -> str | None:
    return find_unit((unit for unit in units if unit), spelling)
