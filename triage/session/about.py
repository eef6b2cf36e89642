"""What the program is and works with: for *About*, and for whoever is asked to help. Nothing of a patient."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import triage
from triage.content.load import Content
from triage.letter.words.said.line import counted
from triage.model.dates import PartialDate
from triage.settings import Settings
from triage.settings.fields import fields_of

NAME = "Cramp triage"
# So old rules should be looked at for newer ones.
_STALE_DAYS = 183
_MONTH, _YEAR = 30.4, 365.25
# A choice among these is an id that someone made up.
_RECORDS = {field.name for field in fields_of(Settings) if field.kind == "parts"}


def reviewed(content: Content) -> date | None:
    """Return when the rules were reviewed last; None if no rule says it."""
    days = (getattr(rule, "reviewed", None) for rule in content.rules.values())
    return max((day for day in days if isinstance(day, date)), default=None)


def age_words(day: date, today: date) -> str:
    """Return how long ago a day was, in words."""
    days = (today - day).days
    if days < 1:
        return "today" if days == 0 else "in the future: look at the date of this computer"
    if days < 2 * _MONTH:
        return f"{counted(days, 'day')} ago"
    if days < 2 * _YEAR:
        return f"{counted(int(days / _MONTH), 'month')} ago"
    return f"{counted(int(days / _YEAR), 'year')} ago"


def about_lines(content: Content, folder: Path, today: date) -> tuple[tuple[str, str], ...]:
    """Return the program, its rules with their date and age, and where the cases are: names and words."""
    day = reviewed(content)
    when = "date not known"
    if day is not None:
        old = ": look for newer ones" if (today - day).days > _STALE_DAYS else ""
        when = f"reviewed last on {PartialDate.of(day).words()}, {age_words(day, today)}{old}"
    found = [
        ("Program", f"{NAME} {triage.__version__}"),
        ("Rules", f"{content.form.title}, version {content.form.version}, {when}"),
        ("", f"{len(content.rules)} rules from {len(content.sources)} published sources"),
        ("Fingerprint", content.fingerprint[:12]),
    ]
    if content.own:
        found.append(("Own content", f"with own content: {content.own}"))
    return (*found, ("Cases", str(folder)))


def diagnostics(
    content: Content, settings: Settings, today: date, screen: Iterable[tuple[str, str]]
) -> str:
    """Return what someone who helps needs to know of this computer: no name, no address, no path, no patient.

    Parameters
    ----------
    screen
        What the window knows of itself: names and words.
    """
    # The folder of the cases often has the name of a person in it.
    rows = [
        row for row in about_lines(content, Path(), today) if row[0] not in ("Cases", "Own content")
    ]
    rows += [
        ("Own content", "yes" if content.own else "no"),
        ("Python", f"{platform.python_version()}, {sys.platform}, {platform.machine()}"),
        ("System", platform.platform()),
        *screen,
        *_settings(settings),
    ]
    return "\n".join(f"{name}: {words}" if name else words for name, words in rows) + "\n"


def _settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield each setting: how many, a number or one of the options, and of what was typed only that it is set."""
    for field in fields_of(type(settings)):
        value = getattr(settings, field.name)
        if isinstance(value, Mapping):
            says = str(len(value))
        elif field.kind == "number" or (field.kind == "choice" and field.of not in _RECORDS):
            says = str(value) or "as given"
        else:
            says = "set" if value else "empty"
        yield f"Setting {field.name}", says
