"""Typed numbers: what digits and their separators can mean. What has two readings is never guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from triage.errors import EntryError

LONGEST_NUMBER = 24
# Signs that only ever part groups of three, and signs that may also begin the decimals.
_GAPS = " \u00a0\u2007\u2009\u202f'’"
_POINTS = ",."
# In Britain also written for the decimal point, and for nothing else.
_RAISED = "·"
# A number that goes on: digits, with single separators between them.
DIGITS = rf"\d(?:[{_GAPS}{_POINTS}{_RAISED}]?\d)*|[{_POINTS}]\d+"
_NUMBER = re.compile(rf"[+-]?(?:{DIGITS})")
_MINUS = str.maketrans("−–", "--")
# Of Arabic the one for decimals and the one for thousands; and the wide ones of Chinese and Japanese.
_SEPARATORS = str.maketrans("\u066b\u066c．，", "·'.,")
_FROM_DIGITS_GROUPED = 5


def readings(text: str) -> tuple[Decimal, ...]:
    """Return every number that `text` can mean: none, one or two.

    One comma or point with exactly three digits behind it may part thousands or begin the decimals:
    ``12,000`` is twelve thousand or twelve. A leading zero, a second separator or any other count of
    digits decides it.

    Parameters
    ----------
    text
        Digits with separators and perhaps a sign, nothing else.
    """
    text = as_digits(text.strip()).translate(_MINUS)
    if not _NUMBER.fullmatch(text):
        return ()
    sign = "-" if text[0] == "-" else ""
    found = list(dict.fromkeys(_spelled_plainly(text.lstrip("+-"))))
    if len(found) == 2:
        # Shown side by side, "12" and "12 000" are told apart at a glance; "12.000" is not.
        found[0] = found[0].rstrip("0").rstrip(".")
    return tuple(Decimal(sign + s) for s in found if len(s.replace(".", "")) <= LONGEST_NUMBER)


def _spelled_plainly(digits: str) -> list[str]:
    """Return `digits` with a decimal point and no other separator, in every way that it can be read."""
    signs = [c for c in digits if not c.isdigit()]
    if not signs:
        return [digits]
    last = signs[-1]
    whole, _, decimals = digits.rpartition(last)
    if last == _RAISED or last in _POINTS:
        found = []
        # The last sign begins the decimals, if those before it part groups, and are another sign.
        if last not in signs[:-1] and (plain := _without_groups(whole)) is not None:
            found.append(f"{plain or '0'}.{decimals}")
        if last != _RAISED and (grouped := _without_groups(digits)) is not None:
            found.append(grouped)
        return found
    grouped = _without_groups(digits)
    return [] if grouped is None else [grouped]


def _without_groups(digits: str) -> str | None:
    """Return `digits` without the one sign that parts groups of three; None if it does not."""
    signs = {c for c in digits if not c.isdigit()}
    if not signs:
        return digits
    sign, *more = signs
    first, *groups = digits.split(sign)
    if more or sign == _RAISED or any(len(group) != 3 for group in groups):
        return None
    return digits.replace(sign, "") if 1 <= len(first) <= 3 and first[0] != "0" else None


def as_digits(text: str) -> str:
    """Return `text` with digits and separators of any script as those of this one; a raised ² is no such digit."""
    return "".join(
        c if c.isascii() or not c.isdecimal() else str(unicodedata.decimal(c))
        for c in text.translate(_SEPARATORS)
    )


def exact(number: object, what: str) -> Decimal:
    """Return a number of a file as an exact decimal.

    Parameters
    ----------
    number
        A number, or its spelling without groups.
    what
        What it is, for the error.

    Raises
    ------
    EntryError
        If it is no finite number of sensible length.
    """
    try:
        spelled = str(number)
        decimal = Decimal(spelled)
    except InvalidOperation:
        raise EntryError(f"{what}: this is not a number.") from None
    if not decimal.is_finite() or len(spelled) > LONGEST_NUMBER or abs(decimal.adjusted()) > 12:
        raise EntryError(f"{what}: this number is out of any sensible range.")
    return decimal


def plain(number: Decimal) -> str:
    """Return a decimal without exponent and groups: ``12450.5``."""
    return f"{number:f}"


def spelled(number: Decimal) -> str:
    """Return a decimal as a field shows it, in groups from five digits on: ``12 450.5``, ``1500``."""
    whole, point, decimals = plain(number).partition(".")
    if len(whole.lstrip("-")) >= _FROM_DIGITS_GROUPED:
        whole = f"{int(whole):,}".replace(",", " ")
    return f"{whole}{point}{decimals}"
