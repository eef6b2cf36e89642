"""A typed line, part by part: what each becomes beside what the case holds and the others say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from weakref import WeakKeyDictionary

from triage.content.schema import GridRow, OptionRecord, Question
from triage.model.numbers import as_digits
from triage.model.values import Choice, Finding, Result, Table, Value, is_absent, is_present
from triage.session.quick.doses import or_doses
from triage.session.quick.goals import read_command, read_decision, read_rule, undecided
from triage.session.quick.grids import (
    between_commas,
    bulk_parts,
    grade_last,
    read_bulk,
    read_graded,
    read_row,
)
from triage.session.quick.lists import read_list
from triage.session.quick.medicines import read_medicine
from triage.session.quick.names import Hit, is_of_relatives, said, shown
from triage.session.quick.place import Place, named
from triage.session.quick.plain import (
    PLANS,
    PMH,
    REACHING,
    RELATED,
    counted,
    doubted,
    of_relatives,
    past,
    plainly,
    tells_before,
    timed,
    told,
    with_points,
)
from triage.session.quick.preview import Goal, Item, Line, Meaning, Preview
from triage.session.quick.tables import read_closing, read_number, read_row_first, read_table
from triage.session.quick.values import (
    DENIES,
    EXCEPT,
    NO,
    NORMAL,
    SIDES_SAID,
    YES,
    amount_alone,
    fold,
    is_amount,
    is_time,
    option_named,
    read_aged,
    read_hit,
    since_alone,
)
from triage.session.quick.whole import read_blocks
from triage.session.session import Session

_Known = dict[tuple[str, ...], Item]
Answers = Mapping[tuple[int, str], tuple[str, ...]]
LONGEST_LINE = 300
_MOST_KNOWN = 4000
NOTHING_FITS = "Nothing fits."
# As many as there are digits to answer with.
MOST_MEANINGS = 9
# A line without ";" is parted only if it is short: each part is tried.
_MOST_TOKENS = 14
_TOO_LONG = f"The line is longer than {LONGEST_LINE} characters: enter it in parts."
_PART = re.compile(r"(?:[\"“][^\"”]*[\"”]?|[^;\"“])+")
_OR = frozenset(("or", "nor"))
_JOINS = _OR | {"and"}
# They say nothing of their own.
_ANSWERS = frozenset({*SIDES_SAID, *YES, *NO, NORMAL, "all", "never", "other", "unknown"})
_BUT = re.compile(r",?\s+(?i:but)\s+|(?<=[a-z\d)])\.\s+(?=[A-Z])")
# Of what is written with a slash between, each has as many letters: "n/a" and "h/o" are one word.
_LEAST_BESIDE = 3
_PART_OF_NAME = "Only part of a name. Is this meant?"
_DENIALS = DENIES | NO | {EXCEPT}
# Of shorter words the beginning tells too little.
_LEAST_NAMED = 4
_LEAST_MEDICINE = 5
# No part of a line ends with one of them: "worse with quinine" is no "worse".
LEADS = frozenset(
    re.findall(
        r"\w+",
        "with on after during from by in at when since due before while until if was to of than as for",
    )
)
# An answer to what is asked of what is new is not yet one: "incontinent of urine" may be so for years.
_NEW = frozenset(("new", "sudden", "recent"))
_GRADE = re.compile(r"\d(?:[+-]|[+-]?/\d),?")
_QUOTES = frozenset('"“”')
_WORD = re.compile(r"[\"“][^\"”]*[\"”]?|\S+")


def read_quick(
    session: Session,
    text: str,
    answers: Answers | None = None,
    commands: Iterable[Goal] = (),
) -> Preview:
    """Read a typed line: what each part would record, what it asks, where it leads, or what comes nearest.

    Parameters
    ----------
    session
        The case.
    text
        What was typed.
    answers
        What was answered to the parts that ask: by number and text of the part the meanings chosen, in their words.
    commands
        What the program can do besides, to be found by name.
    """
    if len(text) > LONGEST_LINE:
        return Preview((Item(text[:40], "nothing", _TOO_LONG),))
    reader = Reader(Place.of(session, commands))
    parts: list[list[str]] = []
    reached: list[bool] = []
    unsure: list[str] = []
    for piece in _pieces(as_digits(text)):
        parts += (inside := reader.parts(piece))
        reached += reader.reached(inside)
        unsure += reader.unsure(inside)
    items: dict[int, Item] = {}
    # Of what they are, the other parts say before they are recorded.
    alone = (n for n, p in enumerate(parts) if is_amount(p) and plainly(p)[0][:1].isdigit())
    amounts = {n: reader.of_what(parts[n], parts) for n in alone}
    # What fills only what is open is read beside all that is said by itself.
    for n in sorted(range(len(parts)), key=lambda n: reader.fills(parts[n])):
        item = reader.read_behind_denial(parts[n]) if reached[n] else reader.read(parts[n])
        item = amounts.get(n, item)
        if unsure[n] and item.chosen and _is_told(item.chosen):
            item = _asked_once(item.text, unsure[n], item.chosen)
        if item.state == "nothing":
            item = reader.corrected(parts[n]) or reader.without_time(parts[n]) or item
        for says in (answers or {}).get((n, item.text), ()):
            item = item.answered(says)
        items[n] = reader.take(item)
        if item.state == "nothing" and not item.nearest:
            items[n] = replace(item, nearest=reader.nearest(item.text))
    return _with_remarks(Preview(tuple(items[n] for n in range(len(parts)))), session)


def _pieces(text: str) -> Iterator[str]:
    """Yield what stands between ";", "but" and full stops: no denial reaches beyond."""
    for piece in _PART.findall(text):
        is_quoted = not _QUOTES.isdisjoint(piece)
        yield from [piece] if is_quoted else filter(str.strip, _BUT.split(with_points(piece)))


# What was read in a case as it stands: at the next key most parts of a line are the same.
_KNOWN: WeakKeyDictionary[Session, tuple[tuple[object, ...], _Known]] = WeakKeyDictionary()


def _known_in(place: Place) -> _Known:
    """Return what parts became that were read in this very case before."""
    session = place.session
    state = (place.case, session.facts_read, place.today, place.profile, place.commands)
    kept, known = _KNOWN.get(session, ((), {}))
    is_same = kept and kept[0] is state[0] and kept[1] is state[1] and kept[2:] == state[2:]
    if not is_same or len(known) > _MOST_KNOWN:
        known = {}
    _KNOWN[session] = state, known
    return known


class Reader:
    """Reads the parts of one line or note, each beside what those before it record.

    Parameters
    ----------
    place
        Where the first of them is read.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        # By key of the case, what was written there in this line.
        self._written: dict[str, Item] = {}
        self._known = _known_in(place)

    def read(self, tokens: Sequence[str]) -> Item:
        """Return what a part becomes."""
        key = tuple(tokens)
        if key not in self._known:
            self._known[key] = _read(tokens, self._place)
        return self._known[key]

    def read_behind_denial(self, tokens: Sequence[str]) -> Item:
        """Return what a part becomes that may be denied by the one before it: what would be present asks."""
        item = self.read(tokens)
        present = [m for m in item.meanings if _is_present(m)]
        if not present:
            return item
        denied = [m for m in self.read(["no", *tokens]).meanings if m.changes]
        return Item(
            item.text,
            "asks",
            "Denied as well, or present?",
            (*denied, *item.meanings)[:MOST_MEANINGS],
        )

    def corrected(self, tokens: Sequence[str]) -> Item | None:
        """Return what a part becomes with its mistyped words put right: it asks. None if that is nothing."""
        names = self._place.names
        right = [names.corrected(fold(bare)) or bare for bare in plainly(tokens)]
        item = self.read(right)
        text, says = " ".join(tokens), f"Read as “{' '.join(right)}”. Is this meant?"
        if right == plainly(tokens) or item.state not in ("records", "asks"):
            return None
        if item.chosen:
            return _asked_once(text, says, item.chosen)
        return replace(item, text=text, says=says)

    def without_time(self, tokens: Sequence[str]) -> Item | None:
        """Return what is there for so long where the form does not ask how long: it asks. None if that is nothing."""
        rest, time = timed([*tokens[:-1], tokens[-1].rstrip(",")])
        denied = not _DENIALS.isdisjoint(map(fold, rest))
        item = self.read(rest) if rest and not denied else None
        meanings = [m for m in item.meanings if m.changes or m.among] if item else []
        if item is None or not meanings or not all(map(_is_told, meanings)):
            return None
        hits = self._place.names.find(said(" ".join(rest)))
        is_alone = len(said(" ".join(rest))) == 1 and not _is_exact(item)
        if is_alone or (len(meanings) == 1 and not item.chosen and _names_whole(hits)):
            # "On and off" is no part of a name, and "diabetes" not "taken for diabetes".
            return None
        says = f"“{time}” is not recorded with it. Record the rest?"
        text = " ".join(tokens)
        if item.state == "records":
            return _asked_once(text, says, item.meanings[0])
        return replace(item, text=text, says=f"{says} {item.says}")

    def take(self, item: Item) -> Item:
        """Return an item as it is beside those before it, and count it as recorded for those behind."""
        meaning = item.chosen
        if meaning is None or not meaning.changes:
            return item
        for key, value in meaning.changes.items():
            if key in self._written and not isinstance(value, Table | Result):
                slot = self._place.session.form.slot(key)
                what = named(slot) if slot else item.text
                return Item(
                    item.text, "nothing", f"{what} stands twice in this line: leave one out."
                )
        self._written |= dict.fromkeys(meaning.changes, item)
        self._place = self._place.with_(meaning.changes)
        self._known = {}
        return item

    def of_what(self, tokens: Sequence[str], others: Iterable[Sequence[str]]) -> Item:
        """Return what an amount without a name becomes beside other parts of its line: only what one of them is of."""
        item = self.read(tokens)
        names, form = self._place.names, self._place.session.form
        spoken = [part for part in others if part is not tokens]
        if not spoken or not item.meanings:
            return item

        def asked(meaning: Meaning) -> list[Question]:
            every = (meaning, *meaning.among)
            return [form.slots[k].question for m in every for k in m.changes if k in form.slots]

        beside = {q.section for part in spoken for m in self.read(part).meanings for q in asked(m)}
        words_ = [fold(w) for part in spoken for w in part if len(w) >= _LEAST_NAMED]
        named_ = [
            m for m in item.meanings if any(names.is_of(q, w) for q in asked(m) for w in words_)
        ]
        # A sign lasts as long as what is told of it.
        is_sign = any(form.sections[name].person == "seen" for name in beside)
        meant = [
            m
            for m in item.meanings
            if m in named_
            or is_sign
            # How long nobody said that it is so.
            or (any(q.section in beside for q in asked(m)) and not _is_present(m))
        ]
        text = " ".join(tokens)
        if not meant:
            return Item(text, "nothing", f"Of what is “{text}”? Type a name in front of it.")
        if len(meant) == 1 and not (item.chosen and named_):
            return _asked_once(text, "No name stands in front of it. Is this meant?", meant[0])
        return replace(item, meanings=tuple(meant))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return what is called most like a part that fits nothing."""
        return self._place.names.nearest(text)

    def fills(self, tokens: Sequence[str]) -> bool:
        """Whether a part fills only what is open."""
        return any(meaning.fills for meaning in self.read(tokens).meanings)

    def parts(self, piece: str) -> list[list[str]]:
        """Return the parts of a piece: itself, or between its commas, or where a name begins."""
        tokens = _WORD.findall(piece)
        if tokens and (said_ := of_relatives(tokens)) and not _is_read(self.read(tokens)):
            return [next((part for part in said_ if self._stands(part)), tokens)]
        if scopes := bulk_parts(tokens, self._place):
            return scopes
        whole = self.read(tokens) if tokens else None
        if whole is None or (whole.state != "nothing" and _is_exact(whole)):
            return (self._more_in(tokens, whole) if whole else []) or ([tokens] if tokens else [])
        if joined := self._denied(tokens) or self._both(tokens):
            return joined
        if whole.state != "nothing":
            return [tokens]
        if listed := self._again(tokens) or self._listed(tokens):
            return listed
        if shared := self._shared(plainly(tokens)):
            return shared
        if apart := self._no_and_no(tokens) or self._counted(tokens):
            return apart
        parted = len(tokens) <= _MOST_TOKENS and EXCEPT not in map(fold, tokens)
        return (self._at_names(tokens) if parted else []) or self._known_of(tokens) or [tokens]

    def reached(self, parts: Sequence[Sequence[str]]) -> Iterator[bool]:
        """Yield of each part whether a denial beside may be of it: ``no drooling, tremor``, ``tremor, drooling no``."""
        reaches = False
        for at, part in enumerate(parts):
            denies = fold(part[0]) in DENIES
            answered = fold(part[-1]) in YES | NO
            # The next answer may be of this one too.
            next_ = next((p for p in parts[at:] if fold(p[-1]) in YES | NO), None)
            behind = next_ is not None and any(map(_is_absent, self.read(next_).meanings))
            yield not denies and not answered and (reaches or behind)
            reaches = denies or (reaches and not answered)

    def unsure(self, parts: Sequence[Sequence[str]]) -> Iterator[str]:
        """Yield of each part what another may say of it: ``previously weak, numb``, ``worried about falls, tremor``."""
        is_unread = len(parts) > 1 and any(
            self.read(part).state == "nothing" and not self.corrected(part) for part in parts
        )
        before, is_past = "", False
        for part in parts:
            says = before or ("Another part is not read. Is this meant?" if is_unread else "")
            yield says or ("Is this so now?" if is_past and not self._is_background(part) else "")
            if tells_before(part):
                before = "Is this so now?"
            is_past = is_past or fold(part[0]).rstrip(":") in PMH

    def _is_background(self, part: Sequence[str]) -> bool:
        """Whether a part is told where old illnesses are."""
        form = self._place.session.form
        keys = (k for m in self.read(part).meanings for k in m.changes if k in form.slots)
        sections = {form.slots[key].question.section for key in keys}
        return all(form.sections[name].again == "confirm" for name in sections)

    def _denied(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return the parts that one denial reaches: ``no diplopia/ptosis``, ``no bladder or bowel trouble``."""
        if fold(tokens[0]) not in DENIES:
            return []
        parts = [
            [*([tokens[0]] if is_denied else []), *part] for is_denied, part in _joined(tokens[1:])
        ]
        return parts if len(parts) > 1 and all(_is_read(self.read(p)) for p in parts) else []

    def _listed(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return the parts between commas, if each of them is read."""
        commas = between_commas(tokens)
        if len(commas) > 1:
            inside: list[list[str]] = []
            for part in commas:
                inside += (own := self.parts(" ".join(part)))
                if any(self.read(one).state == "nothing" for one in own):
                    return []
            return inside
        return []

    def _more_in(self, tokens: Sequence[str], whole: Item) -> list[list[str]]:
        """Return the parts between commas, if they say more than all together: ``gait normal, tandem normal``."""
        commas = between_commas(tokens)
        items = [self.read(part) for part in commas] if len(commas) > 1 else []
        if not items or not all(item.chosen and _is_exact(item) for item in items):
            return []
        many = {key for item in items if item.chosen for key in item.chosen.changes}
        return commas if whole.chosen and many > whole.chosen.changes.keys() else []

    def _known_of(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return the parts between commas, if some of them are read: then it is seen which are not."""
        commas = between_commas(tokens)
        is_known = len(commas) > 1 and REACHING.isdisjoint(said(" ".join(tokens)))
        return commas if is_known and any(_is_read(self.read(part)) for part in commas) else []

    def _again(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return the results of one test, each with its day: ``ck 412 (Jan), 640 (Mar)``."""
        commas = between_commas(tokens)
        if len(commas) < 2 or not commas[0]:
            return []
        at = next((n for n, t in enumerate(commas[0]) if any(map(str.isdigit, t))), 0)
        name = commas[0][:at]
        if not at or not all(part[0].lstrip("<>≤≥")[:1].isdigit() for part in commas[1:]):
            return []
        parts = [commas[0], *([*name, *part] for part in commas[1:])]
        values = [v for p in parts for m in self.read(p).meanings for v in m.changes.values()]
        are_dated = [isinstance(v, Result) and all(one.date for one in v.items) for v in values]
        return parts if len(are_dated) >= len(parts) and all(are_dated) else []

    def _both(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return the parts that "and" joins."""
        joined = [part for _, part in _joined(tokens)]
        is_sure = len(joined) > 1 and _OR.isdisjoint(map(fold, tokens))
        return joined if is_sure and all(map(self._stands, joined)) else []

    def _shared(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return the parts that one answer at the end is of: ``power, tone and reflexes normal``."""
        if len(tokens) < 4 or fold(tokens[-1]) not in YES | NO | {NORMAL}:
            return []
        pieces = between_commas(tokens[:-1])
        parts = [[*part, tokens[-1]] for piece in pieces for _, part in _joined(piece)]
        return parts if len(parts) > 1 and all(map(self._stands, parts)) else []

    def _no_and_no(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return the parts of which each has its own denial: ``no ptosis no diplopia``."""
        starts = [n for n, token in enumerate(tokens) if fold(token) in DENIES]
        if len(starts) < 2 or starts[0]:
            return []
        parts = [[*tokens[a:b]] for a, b in pairwise([*starts, len(tokens)])]
        return parts if all(self.read(part).state in ("records", "asks") for part in parts) else []

    def _counted(self, tokens: Sequence[str]) -> list[list[str]]:
        """Return what is counted, and how often it comes: ``4-5 cramps a week``."""
        if not (parts := counted(tokens)) or not all(map(self._stands, parts)):
            return []
        return parts if self.of_what(parts[1], parts).state == "records" else []

    def _at_names(self, tokens: list[str]) -> list[list[str]]:
        """Return the parts of a piece without signs between them, the longest first; none if a word is left over."""
        # From the end: what the words from here on are, if they are anything.
        found: dict[int, list[list[str]]] = {len(tokens): []}
        for at in range(len(tokens) - 1, -1, -1):
            for end in range(len(tokens), at, -1):
                if end not in found or fold(tokens[end - 1]) in LEADS:
                    continue
                part = next(filter(self._stands, self._with_head(tokens, at, end)), None)
                if part:
                    found[at] = [part, *found[end]]
                    break
        parts = found.get(0, [])
        loose = (self._is_loose(part, parts) for part in parts) if len(parts) > 1 else ()
        is_unsure = (
            any(map(self._is_bare, parts))
            or any(map(self._is_torn, parts, parts[1:]))
            or any(loose)
        )
        return [] if is_unsure else parts

    def _with_head(self, tokens: list[str], at: int, end: int) -> Iterator[list[str]]:
        """Yield a part, and the same behind the word that it may be said of: "calf cramps | cramps at night"."""
        yield tokens[at:end]
        if at > 1 and fold(tokens[at]) in LEADS and _DENIALS.isdisjoint(map(fold, tokens)):
            yield tokens[at - 1 : end]
            # "Cramps both calves | cramps at night".
            yield [tokens[0], *tokens[at:end]]

    def _is_loose(self, part: Sequence[str], parts: Sequence[Sequence[str]]) -> bool:
        """Whether an amount without a name is of nothing that stands beside it: ``smoker 20/day``."""
        return is_amount(part) and not self.of_what(part, parts).meanings

    def _is_bare(self, part: Sequence[str]) -> bool:
        """Whether a part is an answer alone: of what, another part may say, or none: ``mild``."""
        if len(part) > 1:
            return False
        form = self._place.session.form
        asked = [
            form.slots[key].question
            for meaning in self.read(part).meanings
            if not meaning.is_whole
            for key, value in meaning.changes.items()
            if key in form.slots and not _says_all(form.slots[key].options, value)
        ]
        told = (q for q in asked if form.sections[q.section].person != "administrative")
        word = fold(part[0])
        return word in _ANSWERS or any(
            q.kind == "choice" and not self._place.names.is_of(q, word) for q in told
        )

    def _is_torn(self, before: Sequence[str], behind: Sequence[str]) -> bool:
        """Whether the side, or the "no", between two parts can be of either: ``foot drop left hoffmann``."""
        last, first = before[-1], behind[0]
        if last.endswith(",") or first is before[0]:
            # The head stands in front of both.
            return False
        if fold(first) in DENIES and any(map(self._is_medicine, self.read(before).meanings)):
            # "Quinine no help" may be what became of it.
            return True
        if fold(first) in DENIES and fold(before[0]) in DENIES:
            # "No ptosis no diplopia": each has its own.
            return False
        find = self._place.names.find
        for start in range(max(len(before) - 2, 0), len(before)):
            for end in range(1, min(len(behind), 2) + 1):
                # "Femoral pulse" is no pulse.
                left, right = said(" ".join(before[start:])), said(" ".join(behind[:end]))
                both = said(" ".join([*before[start:], *behind[:end]]))
                is_more = set(both) > set(left) and set(both) > set(right)
                if is_more and any(hit.is_exact for hit in find(both)):
                    return True
        ways = (
            (last, before[:-1], [last, *behind]),
            (first, [*before, first], behind[1:]),
        )
        return any(
            fold(between) in SIDES_SAID.keys() | DENIES
            and a
            and b
            and _is_read(self.read(a))
            and _is_read(self.read(b))
            for between, a, b in ways
        )

    def _is_medicine(self, meaning: Meaning) -> bool:
        return meaning.place > len(self._place.names.targets)

    def _stands(self, tokens: Sequence[str]) -> bool:
        """Whether words go by just what they name, and it is one thing."""
        item = self.read(tokens)
        one = len({meaning.place for meaning in item.meanings}) == 1
        return (one and _is_exact(item)) or (bool(item.meanings) and is_time(" ".join(tokens)))


def _joined(tokens: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """Yield what stands between joining words behind a denial, and whether the denial surely reaches it."""
    is_closed = not _OR.isdisjoint(map(fold, tokens))
    held: list[str] = []
    is_denied = True
    for token in tokens:
        word = fold(token)
        beside = token.split("/")
        others = beside[1:] if all(len(one) >= _LEAST_BESIDE for one in beside) else []
        # "No diplopia, ptosis or dysphagia": what stands between commas is denied if the list ends so.
        is_listed = is_closed and token.endswith(",")
        if word not in _JOINS:
            held.append(token.split("/")[0] if others else token)
        if word in _JOINS or others or is_listed:
            if held:
                yield is_denied, held
            is_denied = word != "and"
            held = others[-1:]
            yield from ((True, [one]) for one in others[:-1])
    if held:
        yield is_denied, held


def _is_present(meaning: Meaning) -> bool:
    values = [v for one in (meaning, *meaning.among) for v in one.changes.values()]
    return any(map(is_present, values))


def _names_whole(hits: Iterable[Hit]) -> bool:
    return any(hit.is_exact and hit.target.part is None for hit in hits)


def _is_told(meaning: Meaning) -> bool:
    """Whether a meaning is that something is there, and no number of it."""
    values = [v for one in (meaning, *meaning.among) for v in one.changes.values()]
    return any(isinstance(v, Choice | Table) or is_present(v) for v in values)


def _says_all(options: Iterable[OptionRecord], value: Value | None) -> bool:
    """Whether the words of an option name its question too: "hypothyroid"."""
    return any(
        o.alone or o.hpo for o in options if isinstance(value, Choice) and o.id == value.option
    )


def _is_read(item: Item) -> bool:
    return item.state in ("records", "asks") and _is_exact(item)


def _is_absent(meaning: Meaning) -> bool:
    return any(map(is_absent, meaning.changes.values()))


def _is_exact(item: Item) -> bool:
    return all(meaning.is_exact for meaning in item.meanings)


# -- one part -------------------------------------------------------------------------------------


def _read(tokens: Sequence[str], place: Place) -> Item:
    text = " ".join(tokens)
    tokens = [*tokens[:-1], tokens[-1].rstrip(",") or tokens[-1]]
    if any(c.isdigit() for c in text) and (rule := read_rule(tokens, place)):
        return rule
    if not said(text):
        return Item(text, "nothing", NOTHING_FITS)
    if len(said(text)) == 1 and len(said(text)[0]) == 1:
        return Item(text, "nothing", "One letter is never enough: type more.")
    grades = [t for t in tokens if _GRADE.fullmatch(t)]
    if grades and all(t in grades or fold(t) in SIDES_SAID for t in tokens):
        return Item(text, "nothing", "A grade alone says nothing: type of what.")
    if fold(tokens[-1]) in SIDES_SAID and all(
        fold(t) in SIDES_SAID.keys() | DENIES for t in tokens
    ):
        return Item(text, "nothing", "A side alone says nothing: type what is there.")
    if sure := doubted(tokens):
        return _doubtful(text, _read(sure, place))
    meanings = _understood(tokens, place)
    if not meanings and (plain := plainly(tokens)) and plain != list(tokens):
        tokens = plain
        meanings = _understood(tokens, place)
    if not meanings and (turned := grade_last(tokens, place)):
        meanings = _understood(turned, place)
    if not meanings:
        return _of_past(text, tokens, place) or _unread(tokens, place, text)
    if len(meanings) == 1:
        only = meanings[0]
        if _planned(tokens) and not only.is_exact:
            return _unread(tokens, place, text)
        says = (
            only.asks
            or _planned(tokens)
            or _denied_against(only, tokens, place)
            or _more_than(only, tokens, place)
            or _also_asked(only, tokens, place)
            or _of_unsaid(only, tokens, place)
            or _scant(only, tokens, place)
            or _narrower(only, tokens, place)
        )
        return _asked_once(text, says, only) if says else _recorded(text, only)
    (asks, *others) = {meaning.asks for meaning in meanings}
    meanings = _by_thing(sorted(meanings, key=lambda meaning: meaning.place))
    more = "" if len(meanings) <= MOST_MEANINGS else " There are more: type another word."
    says = asks if asks and not others else "Which is meant?"
    return Item(text, "asks", f"{says}{more}", meanings[:MOST_MEANINGS])


def _understood(tokens: Sequence[str], place: Place) -> tuple[Meaning, ...]:
    found = _meanings(tokens, place)
    signs = {fold(token) for token in tokens if _is_sign(token)}
    if signs:
        found = [
            m
            for m in found
            if not _is_ticked(m) or signs <= set(map(str.casefold, _called(m, place)))
        ]
    found = [m for m in found if m.is_exact or not _is_absent(m) or _is_word(tokens)]
    exact = [meaning for meaning in found if meaning.is_exact]
    return _sensible(_unique(_nearer(exact, place) or found), place)


def _is_word(tokens: Sequence[str]) -> bool:
    """Whether one of the words is long enough to begin a name: "SMA neg" denies no small hand muscles."""
    return any(len(w) >= _LEAST_NAMED for w in map(fold, tokens) if w not in _DENIALS)


def _is_sign(token: str) -> bool:
    """Whether a token is a box, a cross, a dash or an arrow: what it says of a finding is not known."""
    own = YES | {"/"}
    return fold(token) not in own and not any(c.isalnum() or c in '&"“”,' for c in token)


def _called(meaning: Meaning, place: Place) -> Iterator[str]:
    """Yield what else the form calls the answers of a meaning: "↓↓" of plantars, "stick" of help to walk."""
    slots = place.session.form.slots
    for one in (meaning, *meaning.among):
        for key, value in one.changes.items():
            slot = slots.get(key)
            if slot and slot.option:
                yield from slot.option.say
            elif slot and isinstance(value, Choice):
                yield from (n for o in slot.options if o.id == value.option for n in o.say)


def _is_ticked(meaning: Meaning) -> bool:
    values = (v for one in (meaning, *meaning.among) for v in one.changes.values())
    return any(isinstance(value, Finding | Choice) for value in values)


def _recorded(text: str, only: Meaning) -> Item:
    return Item(text, "records", meanings=(only,), chosen=only)


def _asked_once(text: str, says: str, only: Meaning) -> Item:
    """Return an item that asks whether its one meaning is meant."""
    leave = Meaning((only.lines[0]._replace(value="leave as it is", note=""),))
    return Item(text, "asks", says, (only, leave))


def _doubtful(text: str, sure: Item) -> Item:
    """Return what is doubted: it is never recorded unasked."""
    if sure.state == "records" and sure.chosen:
        return _asked_once(
            text, "What is doubted is no finding. Record it all the same?", sure.chosen
        )
    return replace(sure, text=text)


def _of_past(text: str, tokens: Sequence[str], place: Place) -> Item | None:
    """Return what is told of the past, which asks: ``previous stroke``, ``stroke 2019``; None if nothing is."""
    rest = past(tokens)
    before = _read(rest, place) if rest else None
    only = before.chosen if before and before.state == "records" else None
    if only is None or not _is_present(only):
        return None
    return _asked_once(text, "This is told of the past. Record it all the same?", only)


def _meanings(tokens: Sequence[str], place: Place) -> list[Meaning]:
    if found := (
        read_decision(tokens, place) or since_alone(tokens, place) or read_aged(tokens, place)
    ):
        return found
    tokens = _turned(_name_together(tokens, place), place)
    if found := read_bulk(tokens, place):
        return found
    found = [*read_blocks(tokens, place), *_named(tokens, place)]
    if not any(meaning.is_exact for meaning in found):
        found += read_closing(tokens, place) or read_number(tokens, place)
    found = found or read_row_first(tokens, place)
    if not any(meaning.is_exact for meaning in found):
        found += read_list(tokens, place)
    found += read_medicine(tokens, place)
    found = or_doses(tokens, found, place)
    taken = frozenset(key for meaning in found for key in meaning.stands_for)
    found = [
        meaning for meaning in found if not meaning.changes.keys() <= taken or not meaning.changes
    ]
    if not any(meaning.is_exact for meaning in found):
        return amount_alone(tokens, place) or found
    return found


def _named(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return what a name, a side and what stands behind them say, the longest name first."""
    denied = fold(tokens[0]) in DENIES and len(tokens) > 1
    # An option may be called "not pregnant": then that is what is said, and nothing is denied.
    if denied and not _is_finding(tokens[1:], place) and (found := _options_called(tokens, place)):
        return found
    tokens = tokens[1:] if denied else tokens
    found = [] if denied else read_graded(tokens, place)
    for end in range(len(tokens), 0, -1):
        if end > 1 and _is_sign(tokens[end - 1]):
            # "age > 60": the sign is of what stands behind it.
            continue
        for sides, name in _sided(tokens[:end]):
            hits = place.names.find(said(" ".join(name)))
            # What goes by just this name is meant by it, whether or not it can be read with what stands behind.
            named_so = [hit for hit in hits if hit.is_exact]
            tail = tokens[end:]
            for hit in (*(named_so or hits), *_other_scales(named_so, hits, tail)):
                if hit.target.part is not None and hit.target.question.kind == "grid":
                    found += [] if denied else read_row(hit, sides, tail, place)
                elif hit.target.question.kind == "table":
                    found += [] if sides else read_table(hit, tail, denied, place)
                else:
                    found += read_hit(hit, *_side_behind(hit, sides, tail), denied, place)
            for hit in _out_of(named_so, hits, tail):
                found += [
                    replace(m, asks=_PART_OF_NAME)
                    for m in read_hit(hit, sides, tail, denied, place)
                ]
        if any(meaning.is_exact for meaning in found):
            break
    return found


def _is_finding(tokens: Sequence[str], place: Place) -> bool:
    """Whether words are the name of a finding: then that is what is denied."""
    name = " ".join(tokens)
    found = (h.target.question for h in place.names.find(said(name)) if h.target.part is None)
    return any(q.kind == "finding" and place.names.goes_by(q, name) for q in found)


def _other_scales(
    named_so: Sequence[Hit], hits: Sequence[Hit], tail: Sequence[str]
) -> Iterator[Hit]:
    """Yield rows of other grids that a bare number can be a grade of: "ankle l 4" may be of its power."""
    grids = {h.target.question.id for h in named_so if isinstance(h.target.part, GridRow)}
    if not grids or not any(token.rstrip(",").isdigit() for token in tail):
        return
    for hit in hits:
        if isinstance(hit.target.part, GridRow) and hit.target.question.id not in grids:
            yield hit._replace(is_exact=True)


def _out_of(named_so: Sequence[Hit], hits: Sequence[Hit], tail: Sequence[str]) -> Iterator[Hit]:
    """Yield amounts that end with the number behind the stroke: "pain 8/10" may be the worst pain of ten."""
    top = tail[0].rstrip(",").partition("/")[2] if len(tail) == 1 else ""
    for hit in hits if top.isdigit() else ():
        question = hit.target.question
        if question.kind != "quantity" or question.unit or hit in named_so:
            continue
        if question.range and question.range[1] == int(top):
            yield hit


def _side_behind(
    hit: Hit, sides: tuple[str, ...], tail: Sequence[str]
) -> tuple[tuple[str, ...], Sequence[str]]:
    """Return the side that stands behind an answer, and the answer: ``hoffmann no right``."""
    said_ = [token for token in tail if fold(token) in SIDES_SAID]
    # Of several sides each has an answer of its own.
    if sides or len(said_) != 1 or len(tail) < 2 or not hit.target.question.sided:
        return sides, tail
    if behind := SIDES_SAID.get(fold(tail[-1])):
        return behind, tail[:-1]
    return sides, tail


def _name_together(tokens: Sequence[str], place: Place) -> Sequence[str]:
    """Return "ca 2.10 adj" as "ca adj 2.10", if that is the name of a result."""
    at = next((n for n, token in enumerate(tokens) if any(map(str.isdigit, token))), 0)
    behind = [token.strip("()") for token in tokens[at + 1 :]]
    if not at or not behind or not all(word.isalpha() for word in behind):
        return tokens
    hits = place.names.find(said(" ".join([*tokens[:at], *behind])))
    if any(hit.is_exact and hit.target.question.kind == "result" for hit in hits):
        return [*tokens[:at], *behind, tokens[at]]
    return tokens


def _turned(tokens: Sequence[str], place: Place) -> Sequence[str]:
    """Return "normal reflexes" as "reflexes normal", unless something goes by the words as they stand."""
    words = [fold(token) for token in tokens]
    if words[0] != NORMAL or _options_called(tokens, place):
        return tokens
    cut = words.index(EXCEPT) if EXCEPT in words else len(words)
    return [*tokens[1:cut], NORMAL, *tokens[cut:]]


def _options_called(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return the options of a choice that go by just these words."""
    hits = place.names.find(said(" ".join(tokens)))
    return [
        meaning
        for hit in hits
        if hit.is_exact and hit.target.part is not None and hit.target.question.kind == "choice"
        for meaning in read_hit(hit, (), (), False, place)
    ]


def _sided(head: Sequence[str]) -> Iterable[tuple[tuple[str, ...], Sequence[str]]]:
    """Yield a name as typed, and without the side before, behind or in it."""
    yield (), head
    if len(head) > 1:
        if sides := SIDES_SAID.get(fold(head[-1])):
            yield sides, head[:-1]
        if sides := SIDES_SAID.get(fold(head[0])):
            yield sides, head[1:]
    inside = [n for n in range(1, len(head) - 1) if fold(head[n]) in SIDES_SAID]
    if len(inside) == 1:
        # "Weak r leg".
        (at,) = inside
        yield SIDES_SAID[fold(head[at])], [*head[:at], *head[at + 1 :]]


def _unique(meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Return each meaning once: what is recorded and said alike is one to whoever chooses."""
    return tuple({repr(m.changes) if m.changes else m.says: m for m in meanings}.values())


def _nearer(exact: list[Meaning], place: Place) -> list[Meaning]:
    """Return what goes by its name: beside a question itself, of all parts of others only ticks that are in sight."""
    if not any(meaning.is_whole for meaning in exact):
        return exact
    slots, session = place.session.form.slots, place.session

    def stays(meaning: Meaning) -> bool:
        parts = [slots[key] for key in meaning.changes if key in slots]
        ticks = all(
            slot.option is not None and (slot.question.core or session.is_unfolded(slot.question))
            for slot in parts
        )
        return meaning.is_whole or (ticks and bool(parts) and not _is_absent(meaning))

    return [meaning for meaning in exact if stays(meaning)]


def _by_thing(meanings: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """Return meanings of several things with one for each: which side of it is asked after that."""
    things = [tuple(group) for _, group in groupby(meanings, key=lambda meaning: meaning.place)]
    if len(things) == 1 or len(things) == len(meanings):
        return tuple(meanings)
    return tuple(
        Meaning((_thing(one[0].lines[0]),), place=one[0].place, among=one)
        if len(one) > 1
        else one[0]
        for one in things
    )


def _thing(line: Line) -> Line:
    """Return a line without the side that its name ends with."""
    name, _, side = line.name.rpartition(", ")
    return line._replace(name=name if side in SIDES_SAID else line.name, note="")


def _sensible(meanings: tuple[Meaning, ...], place: Place) -> tuple[Meaning, ...]:
    """Return the meanings that make sense now, unless none does; of many those that are in sight, if they are several.

    Sight alone never chooses.
    """
    session, slots = place.session, place.session.form.slots

    def asked(meaning: Meaning, is_so: Callable[[Question], bool]) -> bool:
        return all(is_so(slots[key].question) for key in meaning.changes if key in slots)

    if len(meanings) < 2:
        return meanings
    found = [m for m in meanings if asked(m, session.is_shown)] or list(meanings)
    seen = [m for m in found if asked(m, lambda q: q.core or session.is_unfolded(q))]
    # What the patient may have told is not taken for what was seen because only that is in sight.
    if not any("told" in _persons(m, place) for m in seen):
        seen = [m for m in found if m in seen or "told" in _persons(m, place)]
    return tuple(seen if len({meaning.place for meaning in seen}) > 1 else found)


def _persons(meaning: Meaning, place: Place) -> set[str]:
    """Return whose words or eyes the answers of a meaning are: told, seen, or a result."""
    form = place.session.form
    keys = (key for one in (meaning, *meaning.among) for key in one.changes)
    return {form.sections[form.slots[k].question.section].person for k in keys if k in form.slots}


def _planned(tokens: Sequence[str]) -> str:
    """Return that a part begins as a plan does: ``refer neuro``."""
    is_plan = fold(tokens[0]) in PLANS
    return "This is told as a plan. Record it all the same?" if is_plan else ""


def _denied_against(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return what a denial contradicts in the record; empty if nothing."""
    if fold(tokens[0]) not in DENIES or meaning.by_key or not meaning.changes:
        return ""
    found = place.session.contradicted(meaning.changes)
    return f"The record says otherwise: {found[0].says}" if found else ""


def _more_than(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return whether what is called normal is more than what is meant by it: "tone" is not only the anal one."""
    words = [fold(token) for token in tokens]
    if meaning.is_exact or NORMAL not in words:
        return ""
    name = " ".join(word for word in words if word != NORMAL)
    questions = {hit.target.question.id for hit in place.names.find(said(name))}
    return f"“{name}” is more than this. Only this?" if len(questions) > 1 else ""


def _scant(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that too little of a name was typed: "6 months" is not yet "steroid stopped in the last 6 months"."""
    if meaning.is_exact:
        return ""
    if _is_absent(meaning) and any(" or " in line.name for line in meaning.lines):
        # "Hep C negative" does not deny "hepatitis B or C".
        return _PART_OF_NAME
    if meaning.place > len(place.names.targets):
        # "Calf" is not taken for the beginning of a medicine's name, nor "prev".
        first = fold(tokens[0])
        is_enough = len(first) >= _LEAST_MEDICINE and not place.names.knows(first)
    else:
        # Whoever denies confusion denies a new one.
        is_denied = _is_absent(meaning)
        is_enough = place.names.is_enough(meaning.place, said(" ".join(tokens)), is_denied)
    if is_enough:
        return ""
    return _PART_OF_NAME


def _also_asked(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that a name is also that of a question which it does not answer: "bruit" is not one found after effort."""
    if meaning.is_whole or not meaning.changes:
        return ""
    name = " ".join(told(tokens[1:] if fold(tokens[0]) in DENIES else tokens))
    slots, names = place.session.form.slots, place.names
    answered = [slots[key].question for key in meaning.changes if key in slots]
    own = {question.id for question in answered}
    asked = (hit.target.question for hit in names.find(said(name)) if hit.target.part is None)
    others = [q for q in asked if q.id not in own and place.session.is_shown(q)]
    if all(question.core and question.kind == "choice" for question in answered):
        # What troubles the patient most is asked of everybody: but "stiffness" begins what is asked by itself.
        begins = (q.short.startswith(f"{name.casefold()} ") for q in others if q.kind == "finding")
        plural = (h for h in names.find(said(f"{name}s")) if h.target.part is None)
        is_asked = any(begins) and not any(hit.is_exact for hit in plural)
    else:
        is_asked = any(names.goes_by(question, name) for question in others)
    if not is_asked:
        return ""
    return f"“{name}” is asked by itself too. Is this meant?"


def _of_unsaid(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that of whom or of what an answer is was not said: "neuropathy" of a relative, "mild" of a test."""
    session, slots, names = place.session, place.session.form.slots, place.names
    answered = {slots[k].question.id: slots[k].question for k in meaning.changes if k in slots}
    if len(answered) != 1:
        return ""
    (question,) = answered.values()
    typed = [fold(token) for token in tokens]
    words_ = said(" ".join(tokens))
    if is_of_relatives(question) and RELATED.isdisjoint(words_):
        return "This is of a relative. Is it meant?"
    # What stands in no section is found by the names of what it holds.
    is_listed = question.kind == "choices" and (question.pick_list or question.palette_only)
    is_in_sight = question.core or is_listed or session.is_unfolded(question)
    bare = said(" ".join(t for t in typed if t not in SIDES_SAID.keys() | DENIES))
    # "Constipation" is an answer to several.
    parts = (h.target for h in names.find(bare) if h.target.part and question.kind == "choices")
    is_alone = {target.question.id for target in parts} <= {question.id}
    is_sure = is_in_sight and (question.core or is_listed or is_alone)
    if meaning.is_whole or is_sure or any(names.is_of(question, word) for word in words_):
        return ""
    is_new = said(question.short or question.label)[0] in _NEW
    if not is_new and any(said(name) == bare for name in _called(meaning, place)):
        return ""
    return f"This is an answer to “{question.label}”. Is it meant?"


def _narrower(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that what is asked is only of what is new, or not of another thing: "seizure" is not yet a new one."""
    slots = place.session.form.slots
    asked = [slots[key].question for key in meaning.changes if key in slots]
    if not meaning.is_whole or not asked or not _is_present(meaning):
        return ""
    typed, label = set(said(" ".join(tokens))), said(asked[0].label)
    is_so = label[0] in _NEW - typed or ("rather" in label and "rather" not in typed)
    return f"Asked is “{asked[0].label.rstrip('?')}”. Is it meant?" if is_so else ""


def _unread(tokens: Sequence[str], place: Place, text: str) -> Item:
    """Return what does not record: a name to go to, or what comes nearest."""
    if EXCEPT in map(fold, tokens):
        says = "What stands before or behind “except” is not read: name a row with its side and grade, or a question."
        return Item(text, "nothing", says)
    typed = said(" ".join(tokens))
    whole = [hit for hit in place.names.find(typed) if hit.target.part is None]
    exact = [hit for hit in whole if hit.is_exact] or whole
    if exact and fold(tokens[0]) not in DENIES:
        target = exact[0].target
        return Item(text, "goes", goal=Goal("question", target.question.id, shown(target)))
    others = (
        undecided(tokens, place),
        read_command(tokens, place.commands),
        read_rule(tokens, place),
    )
    if other := next(filter(None, others), None):
        return other
    for end in range(len(tokens) - 1, 0, -1):
        for hit in place.names.find(said(" ".join(tokens[:end]))):
            question = hit.target.question
            if hit.is_exact and hit.target.part is None and question.kind in ("choices", "grid"):
                rest = " ".join(t for t in tokens[end:] if fold(t) not in SIDES_SAID)
                says = f"{question.label.rstrip('?')} has no “{rest}”."
                if not rest:
                    says = f"Type what is there behind “{' '.join(tokens)}”."
                if question.kind == "grid" and option_named(question.options, [rest]):
                    says = f"Of which rows? “{' '.join(tokens[:end])} all {rest}” is of all that are open."
                return Item(text, "nothing", says, nearest=place.names.related(question.id, rest))
    return Item(text, "nothing", NOTHING_FITS)


def _with_remarks(preview: Preview, session: Session) -> Preview:
    if not preview.is_ready or not preview.changes:
        return preview
    told = {remark for item in preview.items if item.chosen for remark in item.chosen.remarks}
    found = dict.fromkeys(one.says for one in session.contradicted(preview.changes))
    return replace(preview, remarks=tuple(says for says in found if says not in told))
