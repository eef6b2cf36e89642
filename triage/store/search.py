"""What is typed to find a case, as conditions on the table of drafts: names, any spelling of a birth date, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from triage.errors import AskError, EntryError
from triage.model.dates import Order, PartialDate

# What holds the parts of a name together: hyphens and apostrophes, as they are typed and as systems write them.
_MARKS = re.compile(r"(?<=[^\W\d])[-'`\u00b4\u02bc\u2010-\u2015\u2018\u2019]+(?=[^\W\d])")
# "Smith, Ann" is typed as a list shows it.
_WORD = re.compile(r"[^\s,;\0\ud800-\udfff]+")
# More is no name, and more than SQLite takes.
_MOST_WORDS = 50
# The most words of a date: 14 Mar 1968.
_DATE_WORDS = 3
_ORDERS: tuple[Order, ...] = ("dmy", "mdy")
# Far from every birth: both centuries of a year of two digits are looked for.
_LAST, _YEARS = date(2100, 1, 1), 300
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


class Condition(NamedTuple):
    """A condition on ``draft d``, and its values."""

    sql: str
    values: tuple[Any, ...]


def folded(text: str) -> str:
    """Return `text` without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def searchable(text: str) -> str:
    """Return `text` in every spelling by which it is found: as it is, in plain letters, with umlauts written out."""
    # Not at the top: a start that saves no name has no need of it.
    from anyascii import anyascii

    lower = unicodedata.normalize("NFC", text.casefold())
    spellings = folded(text), anyascii(folded(text)).lower(), folded(lower.translate(_UMLAUTS))
    return " ".join(dict.fromkeys(spellings)).strip()


def plain_number(text: str) -> str:
    """Return `text` as identifying numbers are compared: its letters and digits alone."""
    return "".join(c for c in folded(text) if c.isalnum())


def conditions(search: str, is_common: Callable[[str], bool]) -> Iterator[Condition]:
    """Yield what must all hold of a draft that `search` finds.

    Parameters
    ----------
    is_common
        Whether the index has so many drafts for a phrase of it, that looking at them one by one is quicker.
    """
    words = _WORD.findall(search)[:_MOST_WORDS]
    while words:
        length, days = _date_at(words)
        numbers = _numbers_at(words)
        taken = max(length, numbers, 1)
        run, words = words[:taken], words[taken:]
        ways = [_all(_text(part, is_common) for word in run for part in _parts(word))]
        if length == taken:
            ways.append(_born(days))
        if numbers == taken:
            ways.append(_identifier("".join(run)))
            ways += _dates_beside_numbers(run)
        yield Condition(
            "(" + " OR ".join(way.sql for way in ways) + ")",
            tuple(value for way in ways for value in way.values),
        )


def _date_at(words: Sequence[str]) -> tuple[int, list[PartialDate]]:
    """Return of how many words a date stands at the beginning, and what it can mean."""
    for length in range(min(_DATE_WORDS, len(words)), 0, -1):
        found: list[PartialDate] = []
        for order in _ORDERS:
            text = " ".join(words[:length])
            try:
                found.append(PartialDate.parse(text, _LAST, order=order, years=_YEARS))
            except AskError as ask:
                found += [day for _, day in ask.readings if isinstance(day, PartialDate)]
            except EntryError:
                continue
        # A year alone is found in the text.
        if days := [day for day in dict.fromkeys(found) if day.month is not None and not day.about]:
            return length, days
    return 0, []


def _numbers_at(words: Sequence[str]) -> int:
    """Return how many words at the beginning may be groups of one identifying number."""
    count = 0
    for word in words:
        if not any(c.isdigit() for c in word):
            break
        count += 1
    return count


def _dates_beside_numbers(run: Sequence[str]) -> Iterator[Condition]:
    """Yield what is meant where a date comes before a number, or after it."""
    for at in range(1, len(run)):
        for date_words, number in ((run[:at], run[at:]), (run[at:], run[:at])):
            if len(date_words) <= _DATE_WORDS:
                length, days = _date_at(date_words)
                if length == len(date_words):
                    yield _all(iter((_born(days), _identifier("".join(number)))))


def _born(days: Sequence[PartialDate]) -> Condition:
    full = [day.iso() for day in days if day.day is not None]
    parts = [f"d.born IN ({', '.join('?' * len(full))})"] if full else []
    months = [day.iso() for day in days if day.day is None]
    parts += ["d.born BETWEEN ? AND ? || '-99'"] * len(months)
    values = [*full, *(month for day in months for month in (day, day))]
    return Condition("(" + " OR ".join(parts) + ")", tuple(values))


def _identifier(text: str) -> Condition:
    number = plain_number(text)
    sql = "d.seq IN (SELECT draft FROM identifier WHERE value >= ? AND value < ? || char(0x10ffff))"
    return Condition(sql, (number, number))


def _parts(word: str) -> Sequence[str]:
    """Return the parts of a name, for whoever types it need not know by which marks they hold together."""
    return _MARKS.split(folded(word))


def joined(text: str) -> str:
    """Return `text` as it is compared, without the marks in its words: "Anne-Marie O'Neill" as "annemarie oneill"."""
    return _MARKS.sub("", folded(text))


def _text(word: str, is_common: Callable[[str], bool]) -> Condition:
    plain = folded(word)
    quoted = '"' + plain.replace('"', '""') + '"'
    # A trigram index knows nothing of one or two letters.
    if len(plain) < 3 or is_common(quoted):
        escaped = re.sub(r"([\\%_])", r"\\\1", plain)
        return Condition("d.name_search LIKE ? ESCAPE '\\'", (f"%{escaped}%",))
    return Condition("d.seq IN (SELECT rowid FROM name_index WHERE name_search MATCH ?)", (quoted,))


def _all(parts: Iterator[Condition]) -> Condition:
    found = list(parts)
    return Condition(
        "(" + " AND ".join(part.sql for part in found) + ")",
        tuple(value for part in found for value in part.values),
    )
