"""Dates as patients remember them: a year, a month, a day, or "about 6 months ago"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from triage.errors import AskError, EntryError
from triage.model.numbers import as_digits

Order = Literal["dmy", "mdy"]
# Words for a day, and how many days from the one on which they are typed it is.
DAYS_FROM_NOW = {"yesterday": -1, "today": 0, "tomorrow": 1}
# Our own names: those of the `calendar` module are in the language of the system.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT = tuple(name[:3] for name in MONTHS)
_NAMES = {
    **{name.lower(): n for n, name in enumerate(MONTHS, start=1)},
    **{name.lower(): n for n, name in enumerate(_SHORT, start=1)},
    "sept": 9,
}
_MONTH = rf"(?P<name>{'|'.join(sorted(_NAMES, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|\d{2}(?!\d))"
_ISO = re.compile(r"(?P<year>\d{4})(?:([-/.])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2}))?)?")
_BASIC = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})")
_NUMBERS = re.compile(r"(\d{1,2})([-/.]| )(\d{1,2})\2(\d{4}|\d{2})")
_NAMED = (
    re.compile(rf"{_DAY}[\s-]*(?:of\s+)?{_MONTH}[\s,-]*{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}\s*{_DAY}\s*[\s,]\s*{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}[\s,-]*(?P<year>\d{{4}})", re.IGNORECASE),
)
_AGO = re.compile(r"(\d{1,3}|a|an|one)\s+(day|week|month|year)s?(?:\s+ago)?", re.IGNORECASE)
_ABOUT = re.compile(r"(?:about|around|approximately|approx\.?|circa|c\.|ca\.?|~)\s*", re.IGNORECASE)
# No one alive, and so no result or treatment, is older.
OLDEST_YEARS = 120
# What is told with two digits of a year is no older, or it is asked which century is meant.
RECENT_YEARS = 70
_EXAMPLES = {"dmy": "14/3/2024", "mdy": "3/14/2024"}


class PartialDate(BaseModel):
    """A date of which only a part may be known.

    Parameters
    ----------
    year, month, day
        The known parts; a day needs a month.
    about
        The patient was not sure.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    year: int = Field(ge=1850, le=2200)
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    about: bool = False

    @model_validator(mode="after")
    def _is_a_date(self) -> PartialDate:
        if self.day is not None:
            if self.month is None:
                raise ValueError("a day needs a month")
            date(self.year, self.month, self.day)
        return self

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """Return the full date `day`."""
        return cls(year=day.year, month=day.month, day=day.day)

    @classmethod
    def parse(
        cls, text: str, today: date, order: Order = "dmy", *, years: int = RECENT_YEARS
    ) -> PartialDate:
        """Read typed text such as ``2024``, ``3/2024``, ``14 Mar 2024`` or ``about 6 months ago``.

        Parameters
        ----------
        text
            What was typed.
        today
            The day on which it is typed: "ago" counts from it, and no date is later.
        order
            Whether the day or the month comes first in numbers alone.
        years
            How many years back the date may be; decides the century of a year of two digits.

        Raises
        ------
        AskError
            If it can be read in two ways, or the usual order gives a day that cannot be and the
            other one a day that can.
        EntryError
            If the text is no date.
        """
        stripped = as_digits(" ".join(text.split()))
        prefix = _ABOUT.match(stripped)
        rest = stripped[prefix.end() :] if prefix else stripped
        if ago := _AGO.fullmatch(rest):
            return _ago(ago[1].lower(), ago[2].lower(), today)
        if (near := DAYS_FROM_NOW.get(rest.lower(), 1)) <= 0:
            return cls.of(today + timedelta(days=near))
        first = _years_before(today, years)
        found = list(dict.fromkeys(_readings(rest, order, first, today)))
        if not found:
            raise EntryError(
                "This is not a date: type for example 2024, 3/2024, "
                f"{_EXAMPLES[order]} or about 6 months ago."
            )
        if prefix:
            found = [reading.model_copy(update={"about": True}) for reading in found]
        if len(found) == 1 and not (_is_swapped(rest, found[0], order)):
            return found[0]
        raise AskError("Which day is meant?", [(reading.words(), reading) for reading in found])

    @property
    def earliest(self) -> date:
        """The first day that this date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that this date can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def is_full(self) -> bool:
        """Whether year, month and day are known."""
        return self.day is not None and not self.about

    def iso(self) -> str:
        """Return ``2024``, ``2024-03`` or ``2024-03-14``, with ``about`` in front if unsure."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return f"about {text}" if self.about else text

    def words(self) -> str:
        """Return the date as a letter prints it: ``14 Mar 2024``, ``Mar 2024``, ``2024``."""
        parts = [str(self.day)] if self.day is not None else []
        if self.month is not None:
            parts.append(_SHORT[self.month - 1])
        parts.append(str(self.year))
        return ("about " if self.about else "") + " ".join(parts)

    def long_words(self) -> str:
        """Return the date with its month written out: ``14 March 2024``."""
        parts = [str(self.day)] if self.day is not None else []
        parts += [MONTHS[self.month - 1]] if self.month is not None else []
        return ("about " if self.about else "") + " ".join((*parts, str(self.year)))


def _readings(text: str, order: Order, first: date, today: date) -> Iterator[PartialDate]:
    """Yield what a date without relative words can mean, from `first` to `today` if anything can be."""
    if numbers := _NUMBERS.fullmatch(text):
        parts = (numbers[1], numbers[3]) if order == "dmy" else (numbers[3], numbers[1])
        usual = list(_dates(numbers[4], parts[1], parts[0]))
        swapped = list(_dates(numbers[4], parts[0], parts[1]))
        likely = [day for day in usual if first < day.earliest <= today]
        if likely:
            yield from likely
        else:
            yield from (day for day in swapped if first <= day.earliest <= today)
            yield from usual
        return
    for pattern in (_ISO, _BASIC, _MONTH_YEAR, *_NAMED):
        if match := pattern.fullmatch(text):
            given = match.groupdict()
            named = given.get("name")
            month = str(_NAMES[named.lower()]) if named else given.get("month")
            days = list(_dates(given["year"], month, given.get("day")))
            yield from [d for d in days if first <= d.earliest <= today] or days
            return


def _dates(year: str, month: str | None, day: str | None) -> Iterator[PartialDate]:
    """Yield the dates of these parts, in each century for a year of two digits."""
    for full in (year,) if len(year) == 4 else (f"19{year}", f"20{year}"):
        try:
            yield PartialDate(
                year=int(full),
                month=int(month) if month else None,
                day=int(day) if day else None,
            )
        except ValueError:
            continue


def _is_swapped(text: str, found: PartialDate, order: Order) -> bool:
    """Whether `found` is numbers read in the other order than the usual one."""
    numbers = _NUMBERS.fullmatch(text)
    return numbers is not None and found.day != int(numbers[1 if order == "dmy" else 3])


def _years_before(day: date, years: int) -> date:
    year = max(1, day.year - years)
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def _ago(amount: str, unit: str, today: date) -> PartialDate:
    """Return what "about `amount` `unit`s ago" means, no finer than the unit itself.

    Raises
    ------
    EntryError
        If it is longer than anyone lives.
    """
    number = 1 if amount in ("a", "an", "one") else int(amount)
    if unit == "year" and number > OLDEST_YEARS:
        raise EntryError(
            "This is longer ago than anyone lives: type for example about 6 years ago."
        )
    if unit in ("day", "week"):
        day = today - timedelta(days=number * (7 if unit == "week" else 1))
        return PartialDate(year=day.year, month=day.month, day=day.day, about=True)
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return PartialDate(year=year, month=None if unit == "year" else month + 1, about=True)


def whole_years(born: date, day: date) -> int:
    """Return the age in completed years on `day` of someone born on `born`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def at_words(at: datetime) -> str:
    """Return a time as people read it here: ``27 Nov 2026, 14:05``."""
    local = at.astimezone()
    return f"{PartialDate.of(local.date()).words()}, {local:%H:%M}"
