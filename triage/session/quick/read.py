"""A typed line, part by part: what each becomes beside what the case holds and the others say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from weakref import WeakKeyDictionary

from triage.content.schema import OptionRecord, Question
from triage.model.numbers import as_digits
from triage.model.values import Choice, Result, Table, Value, is_present
from triage.session.quick.doubts import says_no, says_yes
from triage.session.quick.grids import between_commas, bulk_parts
from triage.session.quick.names import Hit, said
from triage.session.quick.part import DENIALS, LEAST_NAMED, MOST_MEANINGS, asked_once, read_part
from triage.session.quick.place import Place, named
from triage.session.quick.plain import (
    PMH,
    REACHING,
    counted,
    of_relatives,
    plainly,
    tells_before,
    timed,
    with_points,
)
from triage.session.quick.preview import Goal, Item, Meaning, Preview
from triage.session.quick.values import (
    DENIES,
    EXCEPT,
    NO,
    NORMAL,
    SIDES_SAID,
    YES,
    fold,
    is_amount,
    is_time,
)
from triage.session.session import Session

_Known = dict[tuple[str, ...], Item]
Answers = Mapping[tuple[int, str], tuple[str, ...]]
LONGEST_LINE = 300
_MOST_KNOWN = 4000
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
# No part of a line ends with one of them: "worse with quinine" is no "worse".
LEADS = frozenset(
    re.findall(
        r"\w+",
        "with on after during from by in at when since due before while until if was to of than as for",
    )
)
_QUOTES = frozenset('"“”')
_WORD = re.compile(r"[\"“][^\"”]*[\"”]?|\S+")
# What was read in a case as it stands: at the next key most parts of a line are the same.
_KNOWN: WeakKeyDictionary[Session, tuple[tuple[object, ...], _Known]] = WeakKeyDictionary()


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
            item = asked_once(item.text, unsure[n], item.chosen)
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
            self._known[key] = read_part(tokens, self._place)
        return self._known[key]

    def read_behind_denial(self, tokens: Sequence[str]) -> Item:
        """Return what a part becomes that may be denied by the one before it: what would be present asks."""
        item = self.read(tokens)
        present = [m for m in item.meanings if says_yes(m)]
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
            return asked_once(text, says, item.chosen)
        return replace(item, text=text, says=says)

    def without_time(self, tokens: Sequence[str]) -> Item | None:
        """Return what is there for so long where the form does not ask how long: it asks. None if that is nothing."""
        rest, time = timed([*tokens[:-1], tokens[-1].rstrip(",")])
        denied = not DENIALS.isdisjoint(map(fold, rest))
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
            return asked_once(text, says, item.meanings[0])
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
        words_ = [fold(w) for part in spoken for w in part if len(w) >= LEAST_NAMED]
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
            or (any(q.section in beside for q in asked(m)) and not says_yes(m))
        ]
        text = " ".join(tokens)
        if not meant:
            return Item(text, "nothing", f"Of what is “{text}”? Type a name in front of it.")
        if len(meant) == 1 and not (item.chosen and named_):
            return asked_once(text, "No name stands in front of it. Is this meant?", meant[0])
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
            behind = next_ is not None and any(map(says_no, self.read(next_).meanings))
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
        if at > 1 and fold(tokens[at]) in LEADS and DENIALS.isdisjoint(map(fold, tokens)):
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


def _is_exact(item: Item) -> bool:
    return all(meaning.is_exact for meaning in item.meanings)


def _with_remarks(preview: Preview, session: Session) -> Preview:
    if not preview.is_ready or not preview.changes:
        return preview
    told = {remark for item in preview.items if item.chosen for remark in item.chosen.remarks}
    found = dict.fromkeys(one.says for one in session.contradicted(preview.changes))
    return replace(preview, remarks=tuple(says for says in found if says not in told))
