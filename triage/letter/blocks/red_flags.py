"""The red flags of a case: which are there, and how many are not."""

from __future__ import annotations

from collections.abc import Collection

from triage.letter.making import Making
from triage.model.values import Finding


def present_alarms(making: Making) -> tuple[str, ...]:
    """Return the red flags that are there and that this reader is told of."""
    return tuple(key for key, value in _alarms(making).items() if value.present)


def absent_alarms(making: Making, told: Collection[str] = ()) -> dict[str, Finding]:
    """Return the red flags that were asked and are absent, without those that are `told`."""
    return {k: v for k, v in _alarms(making).items() if not v.present and k not in told}


def blocks_of(absent: dict[str, Finding]) -> int:
    """Return how many of them were recorded with others by one key."""
    return sum(value.block for value in absent.values())


def _alarms(making: Making) -> dict[str, Finding]:
    """Return the red flags that were asked; of what another answer denies, and of what is held back, nothing."""
    found = {key: making.case.get(key) for key in making.content.alarms if key not in making.denied}
    return {
        key: value
        for key, value in found.items()
        if isinstance(value, Finding) and not (value.present and making.is_held(key))
    }
