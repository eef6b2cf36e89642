"""Which test a report means: its name as laboratories spell it, or its LOINC code, as a question of the form.

A name counts by its words alone: without case, accents, punctuation and order, and without the few words
that say no more than "from the blood". One that fits two tests is asked. One that is a slip of the key away
from a known one is never taken, only offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from triage.content.form import Form
from triage.content.schema import Question
from triage.content.units import find_unit, units_for

Key = tuple[str, ...]
_WORD = re.compile(r"[^\W\d_]+|\d+|%")
# Blood is what the tests of a form are done on, unless their own name says otherwise.
_SPECIMEN = frozenset(("serum", "plasma", "blood", "level", "levels"))
_PREFIX = re.compile(r"(?:S|P|B|Se|Pl)-\s?(?=\D)")
_FROM = re.compile(
    r"\bin (?:serum|plasma|blood)(?: or (?:serum|plasma|blood))?\b|\[[^\[\]]{1,40}/(?:volume|time)\]",
    re.IGNORECASE,
)
_LOINC = re.compile(r"[(\[]?(?<![\w.-])(\d{3,5}-\d)(?![\w.-])[)\]]?")
# Codes of record systems behind a name: Read, CTV3 and SNOMED CT.
_CODE = re.compile(r"\(\s?(?:(?=[^()]{0,4}\d)[0-9A-Za-z.]{5}|\d{6,18})\s?\)")
_ASIDE = re.compile(r"(?P<name>[^()\[\]]+)[(\[](?P<aside>[^()\[\]]+)[)\]]\s*(?P<more>[^()\[\]]*)")
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Named:
    """What a name in a report means.

    Parameters
    ----------
    questions
        The tests that it fits.
    asks
        What has to be asked before it counts; empty: it is exactly the one test.
    unit
        The unit that stands in the name: ``Potassium (mmol/L)``.
    """

    questions: tuple[Question, ...]
    asks: str = ""
    unit: str = ""


def listed(text: str) -> frozenset[str]:
    """Return the entries of a list between commas."""
    return frozenset(" ".join(entry.split()) for entry in text.split(","))


def words(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation; ``B12`` is two words, as is ``B 12``."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def _key(found: Iterable[str]) -> Key:
    return tuple(sorted(found))


class Names:
    """The names of every test of a form.

    Parameters
    ----------
    form
        The form: label, short name, other names (`say`) and codes of its results.
    """

    def __init__(self, form: Form) -> None:
        self._by_name: dict[Key, dict[str, Question]] = {}
        self._by_code: dict[str, Question] = {}
        self._near: dict[str, dict[str, Question]] = {}
        for question in form.questions.values():
            if question.kind != "result":
                continue
            for name in (question.label, question.short, *question.say):
                if key := _key(words(name)):
                    self._by_name.setdefault(key, {})[question.id] = question
                for slip in _slips(words(name)):
                    self._near.setdefault(slip, {})[question.id] = question
            for code in question.codes.loinc:
                self._by_code[code] = question
        self.find = lru_cache(maxsize=2048)(self._find)
        self.words = frozenset(word for key in self._by_name for word in key)

    def _find(self, text: str, code: str = "") -> Named | None:
        """Return what a name, perhaps with a LOINC code, means; None if no test of the form has it."""
        if len(text) > _LONGEST:
            return None
        if not code and (match := _LOINC.search(text)):
            code = match[1]
            text = f"{text[: match.start()]} {text[match.end() :]}"
        named = self._named(text)
        if not code:
            return named
        coded = self._by_code.get(code)
        if coded is None:
            return named and Named(named.questions, f"The code {code} is not known. Which test?")
        if named is None or not words(text):
            return Named((coded,))
        if named.questions == (coded,):
            return named
        every = (coded, *(q for q in named.questions if q is not coded))
        return Named(every, "Name and code do not agree. Which test?")

    def near(self, text: str) -> Named | None:
        """Return the test whose name is one slip of the key away: to be asked, never taken."""
        if len(text) > _LONGEST:
            return None
        found: dict[str, Question] = {}
        for slip in _slips([word for word in words(text) if word not in _SPECIMEN]):
            found |= self._near.get(slip, {})
        return Named(tuple(found.values()), "Did you mean this test?") if found else None

    def _named(self, text: str) -> Named | None:
        text = _FROM.sub(" ", text)
        if found := self._exactly(text):
            return found
        if _CODE.search(text) and (found := self._exactly(_CODE.sub(" ", text))):
            aside = [self._exactly(match[0]) for match in _CODE.finditer(text)]
            return _together(found, next((other for other in aside if other), None))
        match = _ASIDE.fullmatch(text.strip())
        if match is None:
            return self._before_unit(text)
        outer = self._exactly(f"{match['name']} {match['more']}")
        if outer is None:
            return None
        if inner := self._exactly(match["aside"]):
            return _together(outer, inner)
        return _with_unit(outer, match["aside"])

    def _before_unit(self, text: str) -> Named | None:
        """Return what ``Potassium mmol/L`` means: a name, and a unit of its test behind it."""
        name, _, unit = text.strip().rpartition(" ")
        found = self._exactly(name) if name else None
        return found and _with_unit(found, unit)

    def _exactly(self, text: str) -> Named | None:
        whole = words(_PREFIX.sub("", text.strip(), count=1))
        bare = [word for word in whole if word not in _SPECIMEN]
        for found in (words(text), whole, bare):
            if found and (fits := self._by_name.get(_key(found))):
                return Named(tuple(fits.values()), "" if len(fits) == 1 else "Which test?")
        return None


def _together(one: Named, other: Named | None) -> Named:
    if other is None or other.questions == one.questions:
        return one
    every = (*one.questions, *(q for q in other.questions if q not in one.questions))
    return Named(every, "Two tests are named. Which one?")


def _with_unit(named: Named, spelling: str) -> Named | None:
    units = {unit for q in named.questions for unit in units_for(q) if unit}
    found = spelling.strip() and find_unit(units, spelling)
    return Named(named.questions, named.asks, spelling.strip()) if found else None


def _slips(name: list[str]) -> Iterator[str]:
    """Yield a name and what is left of it without one letter: two names a slip apart share one of these.

    Digits and short words never slip: T3 is not T4, and vitamin C is not D.
    """
    joined = " ".join(name)
    if len(joined) <= _LONGEST:
        yield joined
        for word in re.finditer(r"[^\W\d]{4,}", joined):
            yield from (joined[:at] + joined[at + 1 :] for at in range(*word.span()))
