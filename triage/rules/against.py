"""What is asked for against the advice, and a letter that asks for nothing which a study answers."""

from __future__ import annotations

from collections.abc import Container, Iterator

from triage.content.form import ADVICE_ONLY, ASK, DECISION
from triage.model.case import Case
from triage.model.values import Choice, Decision
from triage.rules.assessment import Assessment, InvestigationFinding


def asked_without_reason(assessment: Assessment, case: Case) -> Iterator[InvestigationFinding]:
    """Yield the tests that are not indicated and asked for all the same, without the reason that this takes."""
    for test in assessment.investigations:
        said = case.get(f"{DECISION}{test.id}")
        if test.status == "not_indicated" and _accepts(said) and not _reasoned(said):
            yield test


def nothing_to_study(
    assessment: Assessment, case: Case, tests: Container[str]
) -> tuple[InvestigationFinding, ...]:
    """Return the tests for which a service would return a letter, as none of them is called for; none if one is.

    A letter that asks for advice only is not returned for them.

    Parameters
    ----------
    assessment, case
        What is recorded, and what follows from it.
    tests
        Ids of the tests that the service does.
    """
    asks = case.get(ASK)
    if isinstance(asks, Choice) and asks.option == ADVICE_ONLY:
        return ()
    own = [test for test in assessment.investigations if test.id in tests]
    against = [test for test in own if test.status == "not_indicated"]
    for test in own:
        said = case.get(f"{DECISION}{test.id}")
        if test.status not in ("not_indicated", "done") or (_accepts(said) and _reasoned(said)):
            return ()
    return tuple(against)


def _accepts(said: object) -> bool:
    return isinstance(said, Decision) and said.decision == "accept"


def _reasoned(said: object) -> bool:
    return isinstance(said, Decision) and bool(said.reason.strip())
