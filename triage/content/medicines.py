"""Names of medicines: which ones a text speaks of, and the classes that they stand for.

A name is found by its whole words, whatever the case, accents, hyphens and spaces; dose, form and directions around
it do not matter. A name that is almost one of the list is never taken for it: `Medicines.slip` offers it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from triage.content.form import Form
from triage.content.lines import bare_line
from triage.content.schema import MedicinesFile, MedicineWords
from triage.errors import did_you_mean

_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+|\d+|\?")
_CUE = re.compile(r"#|[^\W_]+")
_CLAUSE = re.compile(r"[;,()\[\]\n|•]|\.\s|\s[-–—]\s")
# Between two parts of one name: "budesonide with formoterol" is "budesonide/formoterol".
_JOINING = frozenset({"and", "with"})
# Shorter words are within a letter of far too much.
_LEAST = 6
_LEAST_BEGINNING = 4
_MEMORY = 2000


class Found(NamedTuple):
    """A medicine that a text names.

    Parameters
    ----------
    name
        Its name in the list.
    classes
        The classes it stands for; none of them where it belongs to no class.
    answers
        The findings of the form it is the answer to.
    ask
        What must be asked before its classes count; empty if nothing.
    doubted
        Whether the text leaves open that it is taken at all.
    """

    name: str
    classes: tuple[str, ...]
    answers: tuple[str, ...] = ()
    ask: str = ""
    doubted: bool = False


class Match(NamedTuple):
    """The medicines that a text names. None: their class is not known.

    Parameters
    ----------
    found
        The medicines, in the order of the text.
    ends
        Where in the text the last name ends that is taken now.
    starts
        Where in the text the first name begins.
    """

    found: tuple[Found, ...] = ()
    ends: int = 0
    starts: int = 0

    def classes(self) -> tuple[str, ...]:
        """Return the classes of all medicines that are named, asked ones too."""
        return tuple(dict.fromkeys(c for one in self.found for c in one.classes))


NOTHING = Match()


class Slip(NamedTuple):
    """A part of a text that is almost a name, and the name that it may have been meant to be."""

    start: int
    end: int
    name: str


class PastedRow(NamedTuple):
    """A line of a pasted list: the name and what follows it, both as written; and the number of the line, from 1."""

    name: str
    dose: str
    line: int = 0


class Pasted(NamedTuple):
    """A pasted list: its rows, and the lines that are no rows, with their numbers."""

    rows: tuple[PastedRow, ...]
    unread: tuple[str, ...]
    unread_lines: tuple[int, ...]


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    clause: int


class _Entry(NamedTuple):
    spelling: str
    name: str
    classes: tuple[str, ...]
    answers: tuple[str, ...]
    ask: str


class Medicines:
    """The list of medicines that a form knows.

    Parameters
    ----------
    file
        What ``medicines.toml`` says; None where a form has none.
    """

    def __init__(self, file: MedicinesFile | None = None) -> None:
        self._file = file
        self.source = file.source if file else ()
        self._words = file.words if file else MedicineWords()
        self._without = frozenset(file.local.without) if file else frozenset()
        self.look_up = lru_cache(maxsize=_MEMORY)(self._look_up)
        self.slip = lru_cache(maxsize=_MEMORY)(self._slip)

    @cached_property
    def _entries(self) -> Mapping[str, _Entry]:
        records = self._file.medicine if self._file else ()
        by_name = {fold(record.name): record for record in records}
        found: dict[str, _Entry] = {}
        for record in records:
            classes = record.classes
            for part in record.parts:
                classes += by_name[fold(part)].classes
            more = record.name, tuple(dict.fromkeys(classes)), record.answers, record.ask
            found.update((fold(name), _Entry(name, *more)) for name in (record.name, *record.also))
        return found

    @cached_property
    def _sorted(self) -> Sequence[str]:
        return sorted(self._entries)

    @cached_property
    def _doses(self) -> frozenset[str]:
        return frozenset(self._words.dose)

    @cached_property
    def _longest(self) -> int:
        names = (
            name for r in (self._file.medicine if self._file else ()) for name in (r.name, *r.also)
        )
        return max((len(_words(name)) for name in names), default=0)

    @cached_property
    def _cues(self) -> Mapping[str, frozenset[tuple[str, ...]]]:
        """The cues of each kind, as sequences of words; # is any number."""
        cues = {
            "before": self._words.before,
            "after": self._words.after,
            "harmless": self._words.harmless,
            "local": self._file.local.forms if self._file else (),
        }
        return {
            kind: frozenset(tuple(_CUE.findall(text)) for text in texts)
            for kind, texts in cues.items()
        }

    @cached_property
    def _longest_cue(self) -> int:
        return max((len(cue) for cues in self._cues.values() for cue in cues), default=0)

    # -- a text -----------------------------------------------------------------------------------

    def _look_up(self, text: str) -> Match:
        """Return the medicines that `text` names."""
        words = _words(text)
        spans = list(self._spans(words, text))
        if not spans:
            return NOTHING
        cues = self._read_cues(words, spans)
        found: dict[str, Found] = {}
        ends, before = 0, 0
        last = ("", 0)
        for span in spans:
            one = self._found(span, words, spans, cues)
            between = text[last[1] : words[span[0]].start]
            # "Rosuvastatin (Crestor) - stopped": what is said of the brand is of the name before it.
            is_brand = one.name == last[0] and not any(c.isalnum() for c in between)
            last = one.name, words[span[1] - 1].end
            if one.ask and is_brand:
                ends = before
            elif not one.ask:
                before, ends = ends, last[1]
            if one.name not in found or not one.ask or is_brand:
                found[one.name] = one
        first = words[spans[0][0]]
        return Match(tuple(found.values()), ends or words[spans[0][1] - 1].end, first.start)

    def _spans(self, words: Sequence[_Word], text: str) -> Iterator[tuple[int, int, _Entry]]:
        """Yield the names in `words`, longest first: where they begin and end, and what they are."""
        at = last = 0
        while at < len(words):
            end, entry = self._longest_name(words, at)
            if entry is None:
                at += 1
                continue
            # "atorvastatin calcium": right after a name it is the salt.
            joined = at and at == last and not text[words[at - 1].end : words[at].start].strip()
            if not (joined and end == at + 1 and words[at].text in self._words.salt):
                yield at, end, entry
            at = last = end

    def _longest_name(self, words: Sequence[_Word], at: int) -> tuple[int, _Entry | None]:
        best: tuple[int, _Entry | None] = at, None
        key = ""
        for end in range(at, min(at + self._longest, len(words))):
            word = words[end]
            if word.clause != words[at].clause:
                break
            if word.text in _JOINING:
                if end == at:
                    break
                continue
            key += word.text
            if entry := self._entries.get(key):
                best = end + 1, entry
        return best

    def _read_cues(
        self, words: Sequence[_Word], spans: Sequence[tuple[int, int, _Entry]]
    ) -> Mapping[tuple[str, int], int]:
        """Return the cues that stand outside names: where each ends, by its kind and beginning."""
        free = [True] * len(words)
        for start, end, _ in spans:
            free[start:end] = [False] * (end - start)
        texts = ["#" if word.text.isdigit() else word.text for word in words]
        found: dict[tuple[str, int], int] = {}
        for kind in ("harmless", "local", "before", "after"):
            cues = self._cues[kind]
            for at in range(len(words)):
                ends = (
                    end
                    for end in range(min(at + self._longest_cue, len(words)), at, -1)
                    if all(free[at:end]) and tuple(texts[at:end]) in cues
                )
                end = next(ends, at)
                # "allergic to nuts" says nothing of the name before it, as "allergic" would.
                if end == at or (kind == "after" and found.get(("before", at), at) > end):
                    continue
                found[kind, at] = end
                if kind == "harmless":
                    free[at:end] = [False] * (end - at)
        return found

    def _found(
        self,
        span: tuple[int, int, _Entry],
        words: Sequence[_Word],
        spans: Sequence[tuple[int, int, _Entry]],
        cues: Mapping[tuple[str, int], int],
    ) -> Found:
        start, end, entry = span
        clause = words[start].clause
        named = sorted({words[other].clause for other, _, _ in spans})
        # What a clause without a name says goes with the name before it, or with the first one.
        since = 0 if clause == named[0] else clause
        until = next((c for c in named if c > clause), len(words))
        classes, said = entry.classes, ""
        for (kind, at), stop in cues.items():
            here = words[at].clause
            if not since <= here < until:
                continue
            if kind == "local":
                classes = tuple(c for c in classes if c not in self._without)
            elif (
                kind == "before" and stop <= start and not _is_goal(words[at:start], stop - at)
            ) or (kind == "after" and (at >= end or here < clause)):
                said = " ".join(word.text for word in words[at:stop])
        if "?" in [word.text for word in words[max(start - 1, 0) : end + 1]]:
            said = "?"
        ask = f"taken now? The text says “{said}”" if said else entry.ask
        return Found(
            entry.name,
            classes,
            entry.answers,
            ask if classes or entry.answers else "",
            bool(said),
        )

    def _slip(self, text: str) -> Slip | None:
        """Return a word of `text` that is one letter away from a name, and the name; None if there is none."""
        words = _words(text)
        taken = {n for start, end, _ in self._spans(words, text) for n in range(start, end)}
        for size in (3, 2, 1):
            for at in range(len(words) - size + 1):
                run = words[at : at + size]
                start, end = run[0].start, run[-1].end
                # Only what is written together: "co-codamal", not "not on".
                together = not any(c.isspace() for c in text[start:end])
                key = "".join(word.text for word in run)
                if together and len(key) >= _LEAST and not taken.intersection(range(at, at + size)):
                    for name, entry in self._entries.items():
                        if len(name) >= _LEAST and one_off(key, name):
                            return Slip(start, end, entry.spelling)
        return None

    def beginning(self, text: str) -> tuple[str, ...]:
        """Return the names that begin with `text`, if it is long enough to be told from other words."""
        start = fold(text) if text[:1].isalpha() else ""
        if len(start) < _LEAST_BEGINNING:
            return ()
        keys = self._sorted
        found: set[str] = set()
        for at in range(bisect_left(keys, start), len(keys)):
            if not keys[at].startswith(start):
                break
            found.add(self._entries[keys[at]].name)
        return tuple(sorted(found, key=str.casefold))

    # -- a pasted list ----------------------------------------------------------------------------

    def split_lines(self, text: str) -> Pasted:
        """Return a pasted list as rows, one a line. Nothing is reckoned: name and dose stay as written."""
        rows: list[PastedRow] = []
        unread: dict[int, str] = {}
        current = True
        for number, raw in enumerate(text.splitlines(), start=1):
            line = bare_line(raw)
            if not line:
                continue
            known = bool(self.look_up(line).found)
            if not known and self._says_none(line):
                unread[number] = line
            elif not known and self._is_heading(line):
                current = not self._says_past(line)
                unread[number] = line
            elif not current:
                unread[number] = line
            elif not known and rows and self._goes_on(raw, line):
                last = rows[-1]
                rows[-1] = last._replace(dose=f"{last.dose} {line}".strip())
            else:
                parts = self._between_commas(line)
                rows += [self._row(part)._replace(line=number) for part in parts]
        return Pasted(tuple(rows), tuple(unread.values()), tuple(unread))

    def _between_commas(self, line: str) -> list[str]:
        """Return the medicines that stand one after the other in a line: of two or more a comma is between them."""
        parts = [part.strip() for part in _COMMA.split(line) if part.strip()]
        found = [self.look_up(part) for part in parts]
        begun = [bool(match.found) and not match.starts for match in found]
        # "Both stopped" may be of all of them.
        cues = (self._read_cues(_words(part), ()) for part in parts)
        is_doubted = any(kind in ("before", "after") for found_ in cues for kind, _ in found_)
        if begun[:1] != [True] or sum(begun) < 2 or is_doubted:
            return [line]
        rows = parts[:1]
        for part, match in zip(parts[1:], found[1:], strict=True):
            if match.found or not self.is_dose(part):
                rows.append(part)
            else:
                rows[-1] = f"{rows[-1]}, {part}"
        return rows

    def _says_none(self, line: str) -> bool:
        """Whether a line says that there is nothing: "Nil else", "None"."""
        words = [word.text for word in _words(line)]
        none, heading = self._words.none, self._words.heading
        return any(w in none for w in words) and all(w in none or w in heading for w in words)

    def _is_heading(self, line: str) -> bool:
        words = [word.text for word in _words(line)]
        return line.endswith(":") or all(w.isdigit() or w in self._words.heading for w in words)

    def _says_past(self, line: str) -> bool:
        text = f" {' '.join(word.text for word in _words(line))} "
        return any(f" {cue} " in text for cue in self._words.not_now)

    def _goes_on(self, raw: str, line: str) -> bool:
        return raw[:1].isspace() or self.is_dose(line)

    def is_dose(self, text: str) -> bool:
        """Whether `text` begins as a dose or a direction does."""
        first = text.split()[0].casefold()
        return first[0].isdigit() or first in self._words.direction

    def is_only_dose(self, text: str) -> bool:
        """Whether `text` says nothing but how much is taken, how, and when: no "no help", and no "in 2 weeks"."""
        is_other = _NO_DOSE.search(text.casefold()) is not None
        return not is_other and all(map(self._is_of_dose, text.casefold().split()))

    def _is_of_dose(self, word: str) -> bool:
        known = self._doses
        word = word.strip("(),.;")
        word = word if any(map(str.isdigit, word)) else word.replace(".", "")
        parts = [
            part.strip("()")
            for part in re.split(r"[-–/+,]|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", word)
        ]
        is_year = _YEAR.fullmatch(word) is not None
        return not is_year and (
            word in known
            or (any(parts) and all(not p or p in known or _AMOUNT.fullmatch(p) for p in parts))
        )

    def _row(self, line: str) -> PastedRow:
        after = self.look_up(line).ends
        cut = _DOSE.search(line, after)
        # A name that is not known begins with a word at least: "Tab. Xyz 5 mg".
        at = cut.start() if cut and (after or cut.start()) else len(line)
        return PastedRow(line[:at].rstrip(" ,"), line[at:].lstrip(" ,"))


_COMMA = re.compile(r"[,;]\s+")
# In two weeks, or a level in the blood.
_NO_DOSE = re.compile(r"\bin \d|/d?l\b")
_AMOUNT = re.compile(r"[\d.]+%?")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Where the name ends and the dose begins.
_DOSE = re.compile(r"\s(?=\d)|\s(?=[-–—]\s)|\s?(?=\()|,\s|$")


# -- checks ---------------------------------------------------------------------------------------


def medicine_faults(
    file: MedicinesFile, form: Form, sources: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the list: the record, and what is the matter with it."""
    for source in file.source:
        if source not in sources:
            yield "source", f"there is no source {source!r}{did_you_mean(source, sources)}"
    listed = [c.ticks for q in form.questions.values() for c in q.columns if c.names]
    classes = {
        o.id for name in listed if name in form.questions for o in form.questions[name].options
    }
    for name in file.local.without:
        if name not in classes:
            yield "local", f"there is no class {name!r}{did_you_mean(name, classes)}"
    spelled = [(fold(name), name, r) for r in file.medicine for name in (r.name, *r.also)]
    times = Counter(key for key, _, _ in spelled)
    for key, name, record in spelled:
        if len(key) < 3:
            yield record.name, f"{name!r} is too short to be told from other words"
        if times[key] > 1:
            yield record.name, f"{name!r} stands here {times[key]} times: keep one"
    single = {key for key, name, r in spelled if name == r.name and not r.parts}
    for record in file.medicine:
        for name in record.classes:
            if name not in classes:
                yield record.name, f"there is no class {name!r}{did_you_mean(name, classes)}"
        for name in record.answers:
            slot = form.slot(name)
            if slot is None or slot.kind != "finding":
                yield record.name, f"there is no finding {name!r}{form.closest(name)}"
        for name in record.parts:
            if fold(name) not in single:
                yield record.name, f"its part {name!r} must be the name of a single medicine"
        if record.parts and record.classes:
            yield record.name, "give either its parts or its classes"


# -- words ----------------------------------------------------------------------------------------


def fold(name: str) -> str:
    """Return `name` as it is compared: its words in small letters without accents, put together."""
    if name.isascii() and name.isalpha():
        return name.lower()
    return "".join(word.text for word in _words(name) if word.text not in _JOINING)


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    clause = end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        number = between == "," and text[end - 1].isdigit() and match[0].isdigit()
        if found and not number and _CLAUSE.search(between):
            clause += 1
        end = match.end()
        found.append(_Word(_plain(match[0]), match.start(), end, clause))
    return found


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def _is_goal(words: Sequence[_Word], cue: int) -> bool:
    """Whether a cue of so many words leads away from another name to the one behind: "changed from … to"."""
    return words[cue - 1].text == "from" and "to" in [word.text for word in words[cue:]]


def one_off(one: str, other: str) -> bool:
    """Whether one letter more, less, changed or two exchanged make `one` of `other`."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    a, b = one[at:], other[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
