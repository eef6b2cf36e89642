"""One part of a typed line: what it may mean, each way by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from triage.content.schema import GridRow, Question
from triage.model.values import Choice, Finding
from triage.session.quick.doses import or_doses
from triage.session.quick.doubts import (
    PART_OF_NAME,
    also_asked,
    called,
    denied_against,
    more_than,
    narrower,
    of_unsaid,
    planned,
    says_no,
    says_yes,
    scant,
)
from triage.session.quick.goals import read_command, read_decision, read_rule, undecided
from triage.session.quick.grids import grade_last, read_bulk, read_graded, read_row
from triage.session.quick.lists import read_list
from triage.session.quick.medicines import read_medicine
from triage.session.quick.names import Hit, said, shown
from triage.session.quick.place import Place
from triage.session.quick.plain import doubted, past, plainly
from triage.session.quick.preview import Goal, Item, Line, Meaning
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
    option_named,
    read_aged,
    read_hit,
    since_alone,
)
from triage.session.quick.whole import read_blocks

NOTHING_FITS = "Nothing fits."
# As many as there are digits to answer with.
MOST_MEANINGS = 9
DENIALS = DENIES | NO | {EXCEPT}
# Of shorter words the beginning tells too little.
LEAST_NAMED = 4
_GRADE = re.compile(r"\d(?:[+-]|[+-]?/\d),?")


def read_part(tokens: Sequence[str], place: Place) -> Item:
    """Return what one part of a line becomes, whatever the others say."""
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
        return _doubtful(text, read_part(sure, place))
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
        if planned(tokens) and not only.is_exact:
            return _unread(tokens, place, text)
        says = (
            only.asks
            or planned(tokens)
            or denied_against(only, tokens, place)
            or more_than(only, tokens, place)
            or also_asked(only, tokens, place)
            or of_unsaid(only, tokens, place)
            or scant(only, tokens, place)
            or narrower(only, tokens, place)
        )
        return asked_once(text, says, only) if says else _recorded(text, only)
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
            if not _is_ticked(m) or signs <= set(map(str.casefold, called(m, place)))
        ]
    found = [m for m in found if m.is_exact or not says_no(m) or _is_word(tokens)]
    exact = [meaning for meaning in found if meaning.is_exact]
    return _sensible(_unique(_nearer(exact, place) or found), place)


def _is_word(tokens: Sequence[str]) -> bool:
    """Whether one of the words is long enough to begin a name: "SMA neg" denies no small hand muscles."""
    return any(len(w) >= LEAST_NAMED for w in map(fold, tokens) if w not in DENIALS)


def _is_sign(token: str) -> bool:
    """Whether a token is a box, a cross, a dash or an arrow: what it says of a finding is not known."""
    own = YES | {"/"}
    return fold(token) not in own and not any(c.isalnum() or c in '&"“”,' for c in token)


def _is_ticked(meaning: Meaning) -> bool:
    values = (v for one in (meaning, *meaning.among) for v in one.changes.values())
    return any(isinstance(value, Finding | Choice) for value in values)


def _recorded(text: str, only: Meaning) -> Item:
    return Item(text, "records", meanings=(only,), chosen=only)


def asked_once(text: str, says: str, only: Meaning) -> Item:
    """Return an item that asks whether its one meaning is meant."""
    leave = Meaning((only.lines[0]._replace(value="leave as it is", note=""),))
    return Item(text, "asks", says, (only, leave))


def _doubtful(text: str, sure: Item) -> Item:
    """Return what is doubted: it is never recorded unasked."""
    if sure.state == "records" and sure.chosen:
        return asked_once(
            text, "What is doubted is no finding. Record it all the same?", sure.chosen
        )
    return replace(sure, text=text)


def _of_past(text: str, tokens: Sequence[str], place: Place) -> Item | None:
    """Return what is told of the past, which asks: ``previous stroke``, ``stroke 2019``; None if nothing is."""
    rest = past(tokens)
    before = read_part(rest, place) if rest else None
    only = before.chosen if before and before.state == "records" else None
    if only is None or not says_yes(only):
        return None
    return asked_once(text, "This is told of the past. Record it all the same?", only)


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
                    replace(m, asks=PART_OF_NAME) for m in read_hit(hit, sides, tail, denied, place)
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
        return meaning.is_whole or (ticks and bool(parts) and not says_no(meaning))

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
