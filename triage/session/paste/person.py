"""Whose report it is: name, birth date and numbers in its lines, beside those of the case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from triage.content.entry import order_of
from triage.content.form import BORN
from triage.errors import AskError, EntryError
from triage.model.dates import OLDEST_YEARS, PartialDate
from triage.model.values import Date, Table, Text
from triage.session.paste.hl7 import Segment, day_of
from triage.session.paste.meaning import Place
from triage.session.paste.names import words

FAMILY, GIVEN, IDENTIFIERS = "patient.family_name", "patient.given_name", "patient.identifiers"
TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "herr", "frau"))
_SMALL = frozenset(
    (
        "de",
        "da",
        "di",
        "du",
        "del",
        "della",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "el",
        "al",
        "bin",
    )
)
_GIVEN = r"first name|given names?|forenames?|vorname|prénom"
_FAMILY = r"family name|last name|surname|nachname|cognome|apellidos?"
_WHOLE = r"patient(?:'s)? (?:full )?name|name of (?:the )?patient|full name|name|patient(?:in)?|nom"
_NAME = re.compile(
    rf"(?:^|[\t|;,]|  )\s{{0,3}}(?:(?P<given>{_GIVEN})|(?P<family>{_FAMILY})|(?P<whole>{_WHOLE}))"
    r"\s{0,3}(?P<by>[:=\t])\s{0,3}(?P<name>(?:[^\t|;:=(\d ]| (?! )){1,80})",
    re.IGNORECASE,
)
_SPELLED = (
    r"\d{1,2}[-/. ]{1,2}(?:\d{1,2}|[^\W\d]{3,9})[-/. ]{1,2}(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
    r"|[^\W\d]{3,9}\.? \d{1,2},? \d{4}"
)
# A date as people are born on it.
DAY = re.compile(_SPELLED)
_BORN = re.compile(
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth|\bbirth ?date|\bborn|\bgeb(?:oren)?\b\.?(?: am)?|\bgeburtsdatum"
    r"|\bnée? le|\bdate de naissance|\bdata di nascita|\bfecha de nacimiento)\s{0,3}[:=(\t]?\s{0,3}"
    rf"(?P<day>{_SPELLED})\)?",
    re.IGNORECASE,
)
_NUMBER = r"(?P<number>[A-Z]{0,3}\d(?:[ -]?\d){3,17}[A-Z]?)(?!\w)"
_ENDS = re.compile(
    r"(?:\s|^)(?:d\.?o\.?b|date of|birth|born|nhs|chi|mrn|hosp|hospital|sex|gender|age|id|no|number|geb|address)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient as a line of a report names them.

    Parameters
    ----------
    name, family, given
        The whole name, or its parts.
    born
        The birth date as spelled.
    numbers
        Numbers by the name of their kind.
    """

    name: str = ""
    family: str = ""
    given: str = ""
    born: str = ""
    numbers: tuple[tuple[str, str], ...] = ()

    @property
    def spelled(self) -> str:
        """The name as the report has it."""
        return self.name or ", ".join(filter(None, (self.family, self.given)))


def person_of(line: str, place: Place) -> tuple[Person | None, str]:
    """Return the patient whom a line names, and the line without that."""
    found: dict[str, str] = {}
    rest = line
    for labelled in _NAME.finditer(line):
        name = _ENDS.sub("", labelled["name"]).strip(" ,.-")
        label = next(key for key in ("given", "family", "whole") if labelled[key])
        whole = (labelled["whole"] or "").lower()
        if whole in ("name", "nom") and labelled["by"] == "\t":
            # As likely the name of a test, in a table.
            continue
        if is_name(name, alone=label != "whole" or "name" in whole):
            found[label] = name
            rest = rest.replace(name, " ")
    if born := _BORN.search(rest):
        found["born"] = born["day"]
        rest = rest.replace(born[0], "  ")
    numbers = []
    for label in _number_labels(place):
        pattern = (
            rf"\b{re.escape(label)}\s?(?:number|no|num|id)?\.?\s{{0,3}}[:#=\t]?\s{{0,3}}{_NUMBER}"
        )
        if match := re.search(pattern, rest, re.IGNORECASE):
            numbers.append((label, match["number"]))
            rest = rest.replace(match[0], "  ")
    if not found and not numbers:
        return None, line
    return Person(
        name=found.get("whole", ""),
        family=found.get("family", ""),
        given=found.get("given", ""),
        born=found.get("born", ""),
        numbers=tuple(numbers),
    ), rest


def bare_name(text: str, known: frozenset[str]) -> str:
    """Return a name without a label, its family in capitals: ``SAMPLE, Nora``; empty if it is none.

    Parameters
    ----------
    text
        What a line says beside its dates.
    known
        Words that are never a name: those of tests and of reports.
    """
    text = text.strip(" ,.:-\t")
    parts = [part for part in re.split(r"[\s,]+", text) if part.lower().strip(".()") not in TITLES]
    if not 2 <= len(parts) <= 4 or not all(_is_letters(part) for part in parts):
        return ""
    first = parts[0]
    is_name = first.isupper() and len(first) > 1 and all(part[0].isupper() for part in parts[1:])
    is_name = is_name and any(not part.isupper() for part in parts[1:])
    return text if is_name and not known.intersection(words(text)) else ""


def parts_of(name: str) -> list[tuple[str, str]]:
    """Return family and given name of a whole name: the one way to part it, or each if nothing tells them apart.

    A comma and capitals tell: ``SPECIMEN, Edwin (Mr)``, ``Edwin SPECIMEN``.
    """
    family, comma, given = re.sub(r"\([^)]*\)", " ", name).partition(",")
    if comma:
        parts = _untitled(family), _untitled(given)
        return [(" ".join(parts[0]), " ".join(parts[1]))] if all(parts) else []
    every = _untitled(family)
    capitals = [word for word in every if len(word) > 1 and word.isupper()]
    others = [word for word in every if word not in capitals]
    if len(every) < 2:
        return []
    if capitals and others:
        return [(" ".join(capitals), " ".join(others))]
    # "van der Sample" is one name.
    small = (n for n, word in enumerate(every) if n and word.lower() in _SMALL)
    last = next(small, len(every) - 1)
    return [
        (" ".join(every[last:]), " ".join(every[:last])),
        (every[0], " ".join(every[1:])),
    ]


def _untitled(name: str) -> list[str]:
    return [w for w in name.split() if w.lower().strip(".") not in TITLES]


def person_in(segment: Segment, place: Place) -> Person:
    """Return the patient of a PID segment."""
    given = " ".join(filter(None, (segment.at(5, 2), segment.at(5, 3))))
    numbers = []
    for repeat in segment.whole(3).split("~")[:10]:
        number, _, authority = repeat.lower().partition("^")
        numbers += [(label, number) for label in _number_labels(place) if label in authority]
    return Person(
        family=segment.at(5), given=given, born=day_of(segment.at(7)), numbers=tuple(numbers)
    )


def differs(person: Person, place: Place) -> str:
    """Return what in `person` is another than in the case; empty if nothing that both have is."""
    if _name_differs(person, place):
        return person.spelled
    if _born_differs(person, place):
        days = _days(person.born, place)
        return f"born {days[0].words() if days else person.born}"
    theirs = dict(_case_numbers(place))
    for label, number in person.numbers:
        if label in theirs and not _plain(number).startswith(theirs[label]):
            return f"{label.upper()} {number}"
    return ""


def agrees(person: Person, place: Place) -> bool:
    """Whether something in `person` was compared with the case, and nothing differs."""
    family, given = _case_names(place)
    compared = (
        (person.spelled and (family or given))
        or (person.born and isinstance(place.case.get(BORN), Date))
        or any(label in dict(_case_numbers(place)) for label, _ in person.numbers)
    )
    return bool(compared) and not differs(person, place)


def is_same(one: Person, other: Person, place: Place) -> bool:
    """Whether two lines of a report can be about one patient."""
    if one.name and other.name:
        mine, theirs = _words(one.name), _words(other.name)
        if not (mine <= theirs or theirs <= mine):
            return False
    for part in ("family", "given"):
        mine, theirs = _words(getattr(one, part)), _words(getattr(other, part))
        if mine and theirs and not mine & theirs:
            return False
    for label in {label for label, _ in one.numbers}:
        mine, theirs = ({_plain(n) for of, n in p.numbers if of == label} for p in (one, other))
        if theirs and not mine & theirs:
            return False
    days, others = _days(one.born, place), _days(other.born, place)
    return not (days and others) or any(day in others for day in days)


def names_case(text: str, place: Place) -> bool:
    """Whether a text is the name of the patient of the case, and hardly anything else."""
    family, given = _case_names(place)
    theirs = _words(text)
    is_all = bool(family and given) and family <= theirs and _fits(theirs - family, given)
    return is_all and len(theirs) <= len(family) + len(given) + 2


def has_name(place: Place) -> bool:
    """Whether the case has a name to compare with."""
    return any(_case_names(place))


def is_name(text: str, *, alone: bool = False) -> bool:
    """Whether a text can be a name; `alone`: one word is enough."""
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    if not parts or not all(_is_letters(part) for part in parts):
        return False
    if not all(part[0].isupper() or part.lower() in _SMALL for part in parts):
        return False
    return len(parts) > 1 or alone or text.isupper()


def _is_letters(part: str) -> bool:
    return all(c.isalpha() or c in "'’-." for c in part) and part[:1].isalpha()


def _case_names(place: Place) -> tuple[set[str], list[str]]:
    family, given = (
        [w for w in words(value.text) if w.isalpha()] if isinstance(value, Text) else []
        for value in (place.case.get(FAMILY), place.case.get(GIVEN))
    )
    return set(family), given


def _name_differs(person: Person, place: Place) -> bool:
    family, given = _case_names(place)
    if not person.spelled or not (family or given):
        return False
    if person.family or person.given:
        is_other = bool(person.family and family) and not _words(person.family) & family
        return is_other or (bool(person.given and given) and not _fits(_words(person.given), given))
    theirs = _words(person.name)
    if family and not theirs & family:
        return True
    return bool(given and theirs - family) and not _fits(theirs - family, given)


def _fits(theirs: set[str], given: list[str]) -> bool:
    """Whether one of the given names is among `theirs`, or its initial."""
    return any(name in theirs or name[0] in theirs for name in given) or all(
        len(name) == 1 and any(g.startswith(name) for g in given) for name in theirs
    )


def _words(name: str) -> set[str]:
    return {word for word in words(name) if word not in TITLES}


def _born_differs(person: Person, place: Place) -> bool:
    own = place.case.get(BORN)
    days = _days(person.born, place)
    if not isinstance(own, Date) or not days:
        return False
    return not any(own.date.earliest <= d.latest and d.earliest <= own.date.latest for d in days)


def _days(spelled: str, place: Place) -> list[PartialDate]:
    if not spelled:
        return []
    order = order_of(place.profile)
    try:
        return [PartialDate.parse(spelled, place.today, order, years=OLDEST_YEARS)]
    except AskError as asked:
        return [day for _, day in asked.readings if isinstance(day, PartialDate)]
    except EntryError:
        return []


def _number_labels(place: Place) -> list[str]:
    """Return the names of the kinds of number that the form knows: "nhs", "hospital"."""
    table = place.form.questions.get(IDENTIFIERS)
    options = [o for column in table.columns for o in column.options] if table else []
    return [label for o in options if (label := label_of(o.label)) != "other"]


def label_of(label: str) -> str:
    """Return the name of a kind of number as reports write it: "nhs", "hospital"."""
    return label.lower().removesuffix("number").strip()


def _case_numbers(place: Place) -> list[tuple[str, str]]:
    table, question = place.case.get(IDENTIFIERS), place.form.questions.get(IDENTIFIERS)
    if not isinstance(table, Table) or question is None:
        return []
    labels = {o.id: label_of(o.label) for column in question.columns for o in column.options}
    found = []
    for row in table.rows:
        kind, value = row.get("kind"), row.get("value")
        if isinstance(kind, str) and isinstance(value, str) and _plain(value):
            found.append((labels.get(kind, ""), _plain(value)))
    return found


def _plain(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())
