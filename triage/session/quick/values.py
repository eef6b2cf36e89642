"""What stands behind a name: an answer to the question, read as its field reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from triage.content.entry import order_of, parse_entry
from triage.content.form import AGE, DATE, MIDLINE, SEX, SIDES, Slot, units_of
from triage.content.kinds.choices import close_list
from triage.content.schema import OptionRecord, Question
from triage.content.units import can_be, find_unit
from triage.errors import AskError, EntryError
from triage.model.dates import DAYS_FROM_NOW, MONTHS, PartialDate
from triage.model.values import Choice, Date, Finding, Quantity, Result, Unable, Value, is_present
from triage.session.paste.days import MONTH, with_year
from triage.session.paste.read import read_report
from triage.session.paste.report import Entry, Take
from triage.session.quick.names import Hit, said
from triage.session.quick.place import Place, by_name
from triage.session.quick.preview import Line, Meaning

SIDES_SAID: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("r", "right", "rt"), ("right",)),
    **dict.fromkeys(("l", "left", "lt"), ("left",)),
    **dict.fromkeys(("b", "both", "bilat", "bilateral", "bilaterally", "bil", "b/l"), SIDES),
    "midline": (MIDLINE,),
}
YES = frozenset(("yes", "y", "p", "present", "positive", "pos", "+ve", "+", "++"))
NO = frozenset(("no", "n", "a", "absent", "none", "negative", "neg", "-ve"))
UNABLE = frozenset(("u", "unable"))
# In front of a name these deny it.
DENIES = frozenset(("no", "not", "denies", "denied", "without", "nil"))
# Of a grid, the usual grade of each row.
NORMAL = "normal"
# Behind it stands what a whole leaves out.
EXCEPT = "except"
_SINCE = "since"
# Behind the very name of what is asked: "weakness nil".
_NIL = "nil"
# Options by which a choice says that there is none.
_NONE = ("none", "no", "absent")
QUOTED = re.compile(r"[\"“”„](.+?)[\"“”„]?", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_ON = re.compile(r" on (?=\d)", re.IGNORECASE)
# "8/12" is eight months rather than a day of December.
_DAY_AND_MONTH = re.compile(r"(\d{1,2})/(?!(?:12|52|7)$)(\d{1,2})")
_LONGEST_MONTH = 31
_AGO = re.compile(
    r"(?P<before>.+) (?:(?:(?P<many>\d{1,2}|an?) ?(?P<unit>day|week|wk|month|mth|year|yr)s?"
    r"|(?P<part>\d{1,2})/(?P<of>7|52|12)) ago|last (?P<last>week|month|year))",
    re.IGNORECASE,
)
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_PARTS_OF = {"7": "day", "52": "week", "12": "month"}
_ROUGH = re.compile(
    r"(?:[~≈]|(?:approx(?:imately)?\.?|about|around|circa) )\s*(?=[<>]?\d)", re.IGNORECASE
)
_MONTH_LAST = re.compile(
    rf"(?P<before>.+?)(?: in| from| of)? ?[(\[]?\b{MONTH},?(?: (?P<year>(?:19|20)\d\d))?[)\]]?",
    re.IGNORECASE,
)
_YEARED = re.compile(
    r"(?P<first>(?:19|20)\d\d) (?P<front>[^\d]+)|(?P<back>[^\d]+?)(?: in)? (?P<last>(?:19|20)\d\d)"
)
_AMOUNT_ALONE = re.compile(
    r"(?:(?:about|around|approx(?:imately)?|~) ?)?\d[\d.,]*(?:-\d+)?\s*(?P<unit>[^\d\s-].*)",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?P<age>\d{1,3})\s?(?:(?:y[/.]?o\.?|(?:yrs?|years?)[\s-]old)\s?(?:(?P<sex>[mf])\b)?|(?P<letter>[mf]))",
    re.IGNORECASE,
)
# In front of how long: "for 3 months", "x 6/52".
_FOR = re.compile(r"^(?:(?:for|over) |x ?(?=\d))", re.IGNORECASE)
_TIME_UNITS = ("months", "weeks", "days", "years")


def fold(token: str) -> str:
    """Return a token as it is compared: without the comma behind it."""
    return token.rstrip(",").casefold()


def side_first(tail: Sequence[str]) -> list[str]:
    """Return words with each side in front of what stands before it: ``4 l 5 r`` as ``l 4 r 5``."""
    found: list[str] = []
    words: list[str] = []
    for token in tail:
        if fold(token) in SIDES_SAID:
            found += [fold(token), *words]
            words = []
        else:
            words.append(token)
    return [*found, *words]


def read_hit(
    hit: Hit, sides: tuple[str, ...], tail: Sequence[str], denied: bool, place: Place
) -> list[Meaning]:
    """Return what a name says with the side and the words behind it; nothing if they do not go together."""
    question, part = hit.target.question, hit.target.part
    if not denied and (each := _by_side(sides, tail)) and question.sided:
        return _each_side(hit, each, place)
    if part is not None and question.kind == "choice":
        assert isinstance(part, OptionRecord)
        found = [] if tail or denied else _choose(hit, sides, part, place)
        found += _choice_lasting(hit, part, tail, place) if tail and not denied else []
    elif part is not None or question.kind == "finding":
        found = _finding(hit, sides, tail, denied, place)
    elif denied:
        found = [] if tail else _denied(hit, sides, place)
    elif question.kind == "choices" and tail and closes(question, tail):
        found = _denied(hit, sides, place)
    elif tail and fold(tail[0]) in UNABLE and question.kind not in ("choices", "table", "result"):
        found = _put(hit, sides, Unable(reason=" ".join(tail[1:])), place)
    elif question.kind == "choice":
        option = option_named(question.options, tail)
        found = _choose(hit, sides, option, place) if option else []
        found += _rough(hit, sides, tail, place)
    elif question.kind in ("quantity", "date", "text") and tail:
        found = _typed(hit, sides, tail, place)
    elif question.kind == "result" and tail:
        found = _result(hit, " ".join(tail), place) if not sides else []
    else:
        found = []
    return found


def _by_side(
    sides: tuple[str, ...], tail: Sequence[str]
) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return the answer of each side, if several sides stand in a line, each with one: ``r no l yes``."""
    tail = [] if not tail else list(tail)
    if tail and not sides and fold(tail[-1]) in SIDES_SAID:
        tail = side_first(tail)
    found: list[tuple[tuple[str, ...], list[str]]] = [(sides, [])] if sides else []
    for token in tail:
        if fold(token) in SIDES_SAID:
            found.append((SIDES_SAID[fold(token)], []))
        elif not found:
            return []
        else:
            found[-1][1].append(token)
    return found if len(found) > 1 and all(words for _, words in found) else []


def _each_side(
    hit: Hit, each: Iterable[tuple[tuple[str, ...], list[str]]], place: Place
) -> list[Meaning]:
    values: dict[str, Value] = {}
    for sides, words in each:
        found = read_hit(hit, sides, words, False, place)
        said = {k: v for m in found for k, v in m.changes.items() if v is not None}
        if len(found) != 1 or said.keys() & values.keys():
            return []
        values |= said
    return [place.meaning(values, hit=hit)] if values else []


# -- findings and choices -------------------------------------------------------------------------


def _finding(
    hit: Hit, sides: tuple[str, ...], tail: Sequence[str], denied: bool, place: Place
) -> list[Meaning]:
    question = hit.target.question
    first = fold(tail[0]) if tail else ""
    if first in UNABLE:
        return _put(hit, sides, Unable(reason=" ".join(tail[1:])), place)
    is_nil = first == _NIL and hit.is_exact and hit.target.part is None
    if denied or ((first in NO or is_nil) and len(tail) == 1):
        return _absent(hit, sides, place) if not tail or not denied else []
    if not tail or (first in YES and len(tail) == 1):
        return _put(hit, sides, Finding(present=True), place)
    if question.kind == "finding" and question.lasts:
        return _lasting(hit, tail, place)
    if question.text and (quoted := QUOTED.fullmatch(" ".join(tail))):
        return _put(hit, sides, Finding(present=True, text=quoted[1]), place)
    return []


def _lasting(hit: Hit, tail: Sequence[str], place: Place) -> list[Meaning]:
    """Return a finding that is present since then, or for so long."""
    question, text = hit.target.question, _FOR.sub("", " ".join(tail).rstrip(","))
    if not any(c.isalpha() or c == "/" for c in text) or fold(text.split()[0]) == "last":
        # "Weakness 0" does not say how long, nor "weakness last year".
        return []
    lasts = place.session.form.questions[question.lasts]
    return [
        place.meaning({question.id: Finding(present=True), lasts.id: value}, hit=hit)
        for value in _amounts(lasts, text, place)
    ]


def _choice_lasting(
    hit: Hit, option: OptionRecord, tail: Sequence[str], place: Place
) -> list[Meaning]:
    """Return an option that holds for so long: ``pregnant 24/40``."""
    question = hit.target.question
    if not question.lasts or fold(option.label.split()[0]) in DENIES:
        return []
    lasts = place.session.form.questions[question.lasts]
    text = " ".join(tail).rstrip(",")
    return [
        place.meaning({question.id: Choice(option=option.id), lasts.id: value}, hit=hit)
        for value in (_amounts(lasts, text, place) if any(map(str.isdigit, text)) else ())
    ]


def _absent(hit: Hit, sides: tuple[str, ...], place: Place) -> list[Meaning]:
    """Return that it is not there: on both sides where none is named, and never on one where it is."""
    slots = place.slots(hit.target.question, hit.target.part)
    if sides or hit.target.part is not None or not any(slot.side for slot in slots):
        if hit.target.part is not None and not sides:
            slots = [slot for slot in slots if not slot.side]
            if present := _present(place, hit):
                values = {slot.key: Finding(present=False) for slot in slots}
                says = "Takes back that it is present on a side."
                return [place.meaning(values, gone=present, remarks=[says], hit=hit)]
        return _put(hit, sides, Finding(present=False), place, slots)
    wanted = {slot.key: Finding(present=False) for slot in slots if slot.side}
    values = {key: value for key, value in wanted.items() if key not in place.case}
    kept = [
        Line(f"Keeps what is recorded of {slot.phrase}") for slot in slots if slot.key in place.case
    ]
    made = place.meaning(values, hit=hit)
    return [replace(made, lines=(*made.lines, *kept))]


def _present(place: Place, hit: Hit) -> list[str]:
    slots = place.slots(hit.target.question, hit.target.part)
    values = ((slot.key, place.case.get(slot.key)) for slot in slots if slot.side)
    return [key for key, value in values if is_present(value)]


def _denied(hit: Hit, sides: tuple[str, ...], place: Place) -> list[Meaning]:
    """Return that there is none of what a whole question asks: its option for that, or a list closed."""
    question = hit.target.question
    if question.kind == "choice":
        option = next((o for o in question.options if o.id in _NONE), None)
        if option is None:
            return []
        both = sides or (SIDES if question.sided else ())
        return _choose(hit, both, option, place)
    if question.kind == "quantity":
        # "No alcohol", where the words for none are an amount.
        return _typed(hit, sides, [_NONE[0]], place) if hit.is_exact else []
    # "No rigidity" says nothing of what is asked only where there is some.
    is_asked = place.session.is_unfolded(question) or question.palette_only
    if question.kind == "choices" and not sides and question.nothing and hit.is_exact and is_asked:
        return [closed(question, place, hit)]
    return []


def closes(question: Question, tail: Sequence[str]) -> bool:
    """Whether the words behind a list are its closing line: ``gait normal``, ``wasting none``."""
    said_so = " ".join(map(fold, tail))
    own = (question.nothing.id, question.nothing.label.casefold()) if question.nothing else ()
    return said_so in own or said_so.removesuffix(" known") in NO | {_NIL}


def closed(question: Question, place: Place, hit: Hit) -> Meaning:
    """Return a list closed: what is not ticked is absent, as its closing line records it."""
    slots = place.session.form.slots_of(question.id)
    present = {
        slot.key
        for slot in slots
        if isinstance(value := place.case.get(slot.key), Finding) and value.present
    }
    parts = [{k: v} for k, v in close_list(question, present).items() if k not in place.case]
    fits, left = place.session.fitting(parts, beside=place.case)
    name = question.nothing.label if question.nothing else ""
    line = Line(question.label.rstrip("?"), name, f"{len(fits)} absent")
    remarks = tuple(f"Left out: {one.says}." for one in left)
    return by_name(Meaning((line,), fits, remarks, by_key=True, fills=True), hit)


def _put(
    hit: Hit,
    sides: tuple[str, ...],
    value: Value,
    place: Place,
    slots: Sequence[Slot] | None = None,
) -> list[Meaning]:
    """Return a value on the sides that are named, or on each that can be meant."""
    slots = place.slots(hit.target.question, hit.target.part) if slots is None else slots
    by_side = {slot.side: slot.key for slot in slots}
    found = []
    for wanted in wanted_sides(by_side, sides):
        values = {by_side[side]: value for side in wanted}
        ticked = hit.target.part if hit.target.question.kind == "choices" else None
        gone = [by_side[""]] if ticked and wanted != ("",) and "" in by_side else []
        if isinstance(ticked, OptionRecord) and value == Finding(present=True):
            # An option that stands for others ticks them too.
            for name in ticked.ticks:
                key = f"{hit.target.question.id}.{name}"
                if key not in place.case:
                    values[key] = value
        found.append(place.meaning(values, gone=gone, hit=hit))
    return found


def _choose(hit: Hit, sides: tuple[str, ...], option: OptionRecord, place: Place) -> list[Meaning]:
    slots = place.slots(hit.target.question, None)
    return _put(hit, sides, Choice(option=option.id), place, slots)


def wanted_sides(by_side: Mapping[str, str], sides: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the sides that can be meant: those that are named; else each, and right and left together."""
    if sides:
        return [sides] if all(side in by_side for side in sides) else []
    own = [side for side in by_side if side]
    if not own:
        return [("",)] if "" in by_side else []
    each: list[tuple[str, ...]] = [(side,) for side in own]
    if set(SIDES) <= set(own):
        each.insert(2, SIDES)
    return each


def option_named(options: Iterable[OptionRecord], tail: Sequence[str]) -> OptionRecord | None:
    """Return the one option that the words name: by its id, its label or another name, or by beginnings."""
    options = list(options)
    typed = " ".join(tail).rstrip(",").casefold().replace("−", "-").replace("–", "-")
    if not typed:
        return None
    head, slash, top = typed.partition("/")
    if slash and any(o.id == top for o in options):
        # "4/5" on a scale that ends with 5.
        typed = head
    spelled = [
        {o.id.casefold(), o.label.casefold(), o.short.casefold(), *(s.casefold() for s in o.say)}
        for o in options
    ]
    exact = [o for o, names in zip(options, spelled, strict=True) if typed in names]
    if exact:
        return exact[0] if len(exact) == 1 else None
    if typed in SIDES_SAID:
        # "Reflexes r" is not yet "reduced".
        return None
    wanted = said(typed)
    begun = [
        o for o, n in zip(options, spelled, strict=True) if any(x.startswith(typed) for x in n)
    ]
    if not begun and any(c.isalpha() for c in typed) and len(typed) > 1:
        begun = [
            option
            for option, names in zip(options, spelled, strict=True)
            if any(all(any(w.startswith(t) for w in said(n)) for t in wanted) for n in names if n)
        ]
    return begun[0] if len(begun) == 1 else None


def _rough(hit: Hit, sides: tuple[str, ...], tail: Sequence[str], place: Place) -> list[Meaning]:
    """Return the option that a number of months can stand for: only ever beside another reading."""
    if sides or len(tail) != 2 or not tail[0].isdigit():
        return []
    unit = find_unit(_TIME_UNITS, tail[1])
    options = [o for o in hit.target.question.options if unit and unit in said(o.label)]
    if len(options) != 1:
        return []
    option = Choice(option=options[0].id)
    return [place.meaning({hit.target.question.id: option}, hit=hit)]


# -- numbers, dates, text -------------------------------------------------------------------------


def _typed(hit: Hit, sides: tuple[str, ...], tail: Sequence[str], place: Place) -> list[Meaning]:
    question, text = hit.target.question, " ".join(tail)
    slots = place.slots(question, None)
    by_side = {slot.side: slot.key for slot in slots}
    if question.kind == "text":
        quoted = QUOTED.fullmatch(text)
        if quoted is None:
            return []
        values: list[Value] = [v for v in [parse_entry(question, quoted[1], place.today)] if v]
    else:
        values = list(_amounts(question, text, place))
    return [
        place.meaning({by_side[side]: value for side in wanted}, hit=hit)
        for value, wanted in product(values, wanted_sides(by_side, sides))
    ]


def _amounts(question: Question, text: str, place: Place) -> Iterator[Value]:
    """Yield the readings of an amount or a date, as the field of the question reads it."""
    if question.kind == "quantity" and (lasting := _since(question, text, place)):
        yield lasting
        return
    spelled = with_year(text, place.today) if question.kind == "date" else text
    try:
        value = parse_entry(question, spelled, place.today, profile=place.profile)
    except AskError as asked:
        for _, reading in asked.readings:
            if isinstance(reading, Quantity | Date):
                yield reading
    except EntryError:
        return
    else:
        if value is not None:
            yield value


def _since(question: Question, text: str, place: Place) -> Quantity | None:
    """Return how long it is since a month or year, roughly, with what was typed beside it."""
    since, _, day = text.partition(" ")
    if fold(since) != _SINCE or find_unit(units_of(question), "months") is None:
        return None
    try:
        then = PartialDate.parse(with_year(day, place.today), place.today, order_of(place.profile))
    except EntryError:
        return None
    now = place.session.day
    months = (now.year - then.year) * 12 + (now.month - then.month if then.month else 0)
    if months < 1:
        return None
    unit = "months" if then.month else "years"
    number = months if then.month else months // 12
    return Quantity(value=Decimal(number), comparator="~", unit=unit, typed=f"since {then.words()}")


def since_alone(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return what "since March" can be of, where nothing is named: each complaint of the core path that lasts."""
    return _of_any(tokens, place) if fold(tokens[0]) == _SINCE else []


def _of_any(tokens: Sequence[str], place: Place) -> list[Meaning]:
    found = []
    for target in place.names.whole.values():
        question, hit = target.question, Hit(target, True)
        if not question.core:
            continue
        if question.kind == "quantity":
            found += _typed(hit, (), tokens, place)
        elif question.lasts:
            found += _lasting(hit, tokens, place)
    return found


def is_time(text: str) -> bool:
    """Whether a text is how long something lasts: of what, it does not say."""
    match = _AMOUNT_ALONE.fullmatch(text.rstrip(","))
    return match is not None and find_unit(_TIME_UNITS, match["unit"]) is not None


def is_amount(tokens: Sequence[str]) -> bool:
    """Whether words are a number with its unit: of what, they do not say."""
    text = " ".join(tokens).rstrip(",").removeprefix("x").lstrip()
    is_age = _AGED.fullmatch(text) is not None and not text.endswith("m")
    return _AMOUNT_ALONE.fullmatch(text) is not None and not is_age


def amount_alone(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return what a number with its unit and no name can answer, of the questions in sight: ``3/wk``."""
    tokens = [token.rstrip(",") for token in tokens]
    text = " ".join(tokens)
    match = _AMOUNT_ALONE.fullmatch(text)
    if match is None:
        return []
    if is_time(text):
        return _of_any(tokens, place)
    found = []
    number = text[: match.start("unit")].strip()
    for target in place.names.whole.values():
        question = target.question
        if question.kind == "quantity" and place.names.goes_by(question, match["unit"]):
            # "30 pack-years" names what it is of.
            return _typed(Hit(target, True), (), [number], place)
        if question.kind != "quantity" or not question.core:
            continue
        if find_unit(units_of(question), match["unit"]) and place.session.is_shown(question):
            found += _typed(Hit(target, True), (), tokens, place)
    return found


def read_aged(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return the age, and the sex where its letter stands behind it: ``58 yo``, ``58F``."""
    text = " ".join(tokens).rstrip(",")
    match = _AGED.fullmatch(text)
    questions = place.session.form.questions
    if match is None or AGE not in questions:
        return []
    values: dict[str, Value] = {}
    for age in _amounts(questions[AGE], match["age"], place):
        values[AGE] = age
    letter = (match["sex"] or match["letter"] or "").upper()
    if letter and SEX in questions:
        sexes = [o.id for o in questions[SEX].options if o.label[:1] == letter]
        if len(sexes) != 1:
            return []
        values[SEX] = Choice(option=sexes[0])
    if AGE not in values:
        return []
    aged = replace(place.meaning(values), is_whole=True)
    # "18m" may be months.
    return [aged, *(_of_any([text], place) if text.endswith("m") else [])]


# -- results --------------------------------------------------------------------------------------


def _result(hit: Hit, text: str, place: Place) -> list[Meaning]:
    question = hit.target.question
    name = result_name(question, place)
    if name is None:
        return []
    text = _dated(text.replace("@", " "), place.today, order_of(place.profile))
    rough = _ROUGH.match(text)
    text = text[rough.end() :] if rough else text
    if question.options:
        text = _of_year(text)
    # Only what a result is read beside: the whole of a long case would be looked through at each key.
    beside = {k: place.case[k] for k in (DATE, SEX, question.id, question.pair) if k in place.case}
    entry = _entry(f"{name}: {text}", beside, place)
    alone = {k: v for k, v in beside.items() if k not in (question.id, question.pair)}
    if entry is None and question.id in beside and _entry(f"{name}: {text}", alone, place):
        # It reads, but not beside what is there: the same result of the same day.
        return [by_name(Meaning((Line(question.label, text, "recorded before"),)), hit)]
    if entry is None:
        return []
    if len(entry.meanings) > 1 and all(t.item.option for m in entry.meanings for t in m.takes):
        # Which of all options it is, is asked only of those that the words name.
        named = option_named(question.options, text.split())
        wanted = named.id if named else ""
        meant = tuple(m for m in entry.meanings if m.takes[0].item.option == wanted)
        entry = replace(entry, meanings=meant)
    own = (question.id, question.pair)
    meant = tuple(m for m in entry.meanings if all(take.question.id in own for take in m.takes))
    entry = replace(entry, meanings=meant)
    days = [take.item.date for m in meant for take in m.takes if take.item.date]
    late = next((day for day in days if day.earliest > place.today), None)
    asks = entry.says if entry.state == "asks" else ""
    if late:
        asks = f"{late.words()} is still to come. Is it meant?"
    elif rough:
        asks = "About so much. Record the number?"
    is_dated = any(take.item.date for m in entry.meanings for take in m.takes)
    words = [word for word in text.split() if word[0].isalpha()]
    is_several = len(_NUMBER.findall(text)) > 1 and not any(
        take.item.low or take.item.high for m in entry.meanings for take in m.takes
    )
    is_name = any(h.is_exact for word in words for h in place.names.find(said(word)))
    if asks and not is_dated and (len(words) > 1 or is_name or is_several):
        # "180 TSH normal": more stands behind the number than a unit that is not known.
        return []
    return [
        replace(_recorded(meaning.takes, entry.checks, hit, place), asks=asks)
        for meaning in entry.meanings
        if meaning.takes and not entry.said
    ]


def _entry(text: str, case: Mapping[str, Value], place: Place) -> Entry | None:
    """Return the one result that a text is, if it can be read."""
    entries = read_report(text, place.session.form, case, place.today, place.profile).entries
    if len(entries) != 1 or entries[0].state not in ("records", "asks"):
        return None
    return entries[0]


def _dated(text: str, today: date, order: str) -> str:
    """Return a result with the year of a day behind it: ``640 2 nov`` is of the last second of November."""
    words = _ON.sub(" ", _ORDINAL.sub("", text)).split()
    near = DAYS_FROM_NOW.get(words[-1].casefold().strip(".,")) if words[1:] else None
    if near is not None:
        day = PartialDate.of(today + timedelta(days=near)).words()
        return f"{' '.join(words[:-1])} ({day})"
    if ago := _AGO.fullmatch(" ".join(words).rstrip(".,")):
        return f"{ago['before']} ({_ago(ago, today)})"
    named = _MONTH_LAST.fullmatch(" ".join(words).rstrip(","))
    before = named["before"].split() if named else []
    if named and not (len(before) > 1 and before[-1].isdigit()):
        month, year = named["month"], named["year"]
        return f"{named['before']} ({f'{month} {year}' if year else with_year(month, today)})"
    if len(words) > 1 and (slashed := _DAY_AND_MONTH.fullmatch(words[-1])):
        first, second = int(slashed[1]), int(slashed[2])
        number, nth = (first, second) if order == "dmy" else (second, first)
        if order == "dmy" and first <= len(MONTHS) < second <= today.year % 100:
            # "3/24" is no day: March 2024.
            return f"{' '.join(words[:-1])} ({MONTHS[first - 1][:3]} 20{second})"
        if not 1 <= nth <= len(MONTHS) or not 1 <= number <= _LONGEST_MONTH:
            return text
        behind = f"{number} {MONTHS[nth - 1][:3]}"
        return f"{' '.join(words[:-1])} {with_year(behind, today)}"
    if len(words) < 3 or not words[-2].isdigit():
        return " ".join(words)
    behind = " ".join(words[-2:])
    return f"{' '.join(words[:-2])} {with_year(behind, today)}"


def _ago(match: re.Match[str], today: date) -> str:
    """Return when "2 weeks ago" was: only what is told in days is known to the day."""
    many, unit = match["many"] or match["part"] or "1", match["last"] or match["unit"]
    unit = _UNITS[unit[0].casefold()] if unit else _PARTS_OF[match["of"]]
    day = PartialDate.parse(f"{many} {unit} ago", today)
    if unit != "day":
        day = day.model_copy(update={"day": None})
    return day.model_copy(update={"about": False}).words()


def _of_year(text: str) -> str:
    """Return a result in words with its year in brackets behind it: ``2024 normal``, ``normal in 2024``."""
    match = _YEARED.fullmatch(text.strip())
    return (
        f"{match['front'] or match['back']} ({match['first'] or match['last']})" if match else text
    )


def _recorded(takes: Iterable[Take], checks: Iterable[str], hit: Hit, place: Place) -> Meaning:
    lines: list[Line] = []
    changes: dict[str, Value | None] = {}
    for take in takes:
        key = take.question.id
        value = changes.get(key, place.case.get(key))
        items = list(value.items) if isinstance(value, Result) else []
        note, beside = "", ""
        if take.replaces is not None and take.replaces in items:
            items.remove(take.replaces)
            beside = f", instead of {place.measured(take.question, take.replaces)}"
        elif items and take.item.date in {item.date for item in items}:
            beside = ", beside the one of that day"
        if take.item.value is not None and not can_be(
            take.question, take.item.value, take.item.unit
        ):
            note = "outside what can be"
        elif take.item.date is None and not take.item.pending:
            note = "of the date of this case"
        changes[key] = Result(items=(*items, take.item))
        measured = place.measured(take.question, take.item)
        lines.append(Line(take.question.label, f"{measured}{beside}", note))
    return by_name(Meaning(tuple(lines), changes, tuple(checks)), hit)


def result_name(question: Question, place: Place) -> str | None:
    """Return a name by which a report means exactly this test."""
    from triage.session.paste.read import names_of

    known = names_of(place.session.form)
    for name in (question.label, question.short, *question.say):
        found = known.find(name) if name and not any(c.isdigit() for c in name) else None
        if found and found.questions == (question,) and not found.asks:
            return name
    return next(
        (n for n in question.say if (f := known.find(n)) and f.questions == (question,)), None
    )
