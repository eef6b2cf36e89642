"""Dates as patients remember them: a year, a month, a day, or "about 6 months ago"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field, model_validator

from triage.errors import EntryError

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SLASHED = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_AGO = re.compile(r"(\d{1,3}|a|an|one)\s+(day|week|month|year)s?(?:\s+ago)?", re.IGNORECASE)
_ABOUT = re.compile(r"(?:about|around|approximately|approx\.?|circa|c\.|ca\.?|~)\s*", re.IGNORECASE)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}


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
    def parse(cls, text: str, today: date) -> PartialDate:
        """Read typed text such as ``2024``, ``3/2024``, ``14 Mar 2024`` or ``about 6 months ago``.

        Parameters
        ----------
        text
            What was typed; the order of day and month is day first.
        today
            The date of the case, from which "ago" counts.

        Raises
        ------
        EntryError
            If the text is no date.
        """
        stripped = text.strip()
        prefix = _ABOUT.match(stripped)
        rest = stripped[prefix.end() :] if prefix else stripped
        about = prefix is not None
        try:
            if ago := _AGO.fullmatch(rest):
                return _ago(ago[1].lower(), ago[2].lower(), today)
            if rest.lower() in ("today", "yesterday"):
                return cls.of(today - timedelta(days=rest.lower() == "yesterday"))
            if iso := _ISO.fullmatch(rest):
                year, month, day = iso[1], iso[2], iso[3]
            elif slashed := _SLASHED.fullmatch(rest):
                day, month, year = slashed[1], slashed[2], slashed[3]
            elif (named := _NAMED.fullmatch(rest)) and named[2].lower() in _MONTHS:
                day, month, year = named[1], str(_MONTHS[named[2].lower()]), named[3]
            else:
                raise ValueError
            return cls(
                year=int(year),
                month=int(month) if month else None,
                day=int(day) if day else None,
                about=about,
            )
        except ValueError:
            raise EntryError(
                "This is not a date: type for example 2024, 3/2024, 14/3/2024 or about 6 months ago."
            ) from None

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
            parts.append(calendar.month_abbr[self.month])
        parts.append(str(self.year))
        return ("about " if self.about else "") + " ".join(parts)


def _ago(amount: str, unit: str, today: date) -> PartialDate:
    """Return what "about `amount` `unit`s ago" means, no finer than the unit itself."""
    number = 1 if amount in ("a", "an", "one") else int(amount)
    if unit in ("day", "week"):
        day = today - timedelta(days=number * (7 if unit == "week" else 1))
        return PartialDate(year=day.year, month=day.month, day=day.day, about=True)
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return PartialDate(year=year, month=None if unit == "year" else month + 1, about=True)


def whole_years(born: date, day: date) -> int:
    """Return the age in completed years on `day` of someone born on `born`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
