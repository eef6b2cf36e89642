"""The red flags of a case: which are there, and how many are not."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from triage.content.schema import Question
from triage.letter.making import Making
from triage.letter.words.recorded import says_no
from triage.model.values import Finding


def present_alarms(making: Making) -> tuple[str, ...]:
    """Return the red flags that are there and that this reader is told of; of one told only by which it is, that."""
    there = [key for key, value in _alarms(making).items() if value.present]
    return (*there, *_details(making))


def is_alarm(making: Making, question: Question) -> bool:
    """Whether a question asks for a red flag, or which one it is."""
    alarms = making.content.alarms
    return question.id in alarms or question.unfold_when in alarms


def _details(making: Making) -> Iterator[str]:
    """Yield what says which red flag is there, where the flag itself was not asked."""
    for key, value in making.case.items():
        question = making.form.question_of(key)
        if question is None or says_no(value) or making.is_held(key) or key in making.denied:
            continue
        flag = question.unfold_when
        if flag in making.content.alarms and flag not in making.case:
            yield key


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
