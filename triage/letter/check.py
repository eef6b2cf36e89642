"""What stands in the way of issuing a letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triage.content.load import Content
from triage.letter.build import uncovered
from triage.letter.head import identifiers, is_text
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Date

_NAMES = ("patient.family_name", "patient.given_name")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands against issuing.

    Parameters
    ----------
    says
        One sentence.
    question
        The key of the form that it is about, for a click.
    """

    says: str
    question: str = ""


def problems_before_issue(letter: Letter, case: Case, content: Content) -> list[Obstacle]:
    """Return why `letter` must not be issued yet; empty if nothing stands in the way.

    A draft is never refused for any of these. What the font lacks is known where the letter is set.
    """
    return [*_identity(case), *_rest(letter, case, content)]


def _identity(case: Case) -> Iterator[Obstacle]:
    has_name = all(is_text(case.get(name)) for name in _NAMES)
    born = case.get("patient.dob")
    has_birth = isinstance(born, Date) and born.date.is_full
    more = len({value for _, value in identifiers(case)}) + is_text(case.get("patient.address"))
    if not has_name:
        yield Obstacle("The patient's family name and given name are needed.", _NAMES[0])
    if not has_birth:
        yield Obstacle(
            "The patient's full date of birth is needed: an age is not enough to identify a person.",
            "patient.dob",
        )
    if has_name + has_birth + more < 3:
        yield Obstacle(
            "Three identifiers are needed: name, date of birth, and an identifying number or the address.",
            "patient.identifiers",
        )


def _rest(letter: Letter, case: Case, content: Content) -> Iterator[Obstacle]:
    if not is_text(case.get("referrer.name")):
        says = "The referrer's name is needed: a letter without a sender is returned."
        yield Obstacle(says, "referrer.name")
    if letter.template != "patient_leaflet" and not is_text(case.get("referrer.question")):
        says = "A question to the recipient is needed: say what you want to know."
        yield Obstacle(says, "referrer.question")
    if letter.complete and not letter.recipient:
        yield Obstacle("Choose a recipient.")
    if letter.complete and (left := uncovered(letter, case)):
        names = sorted({q.label if (q := content.form.question_of(key)) else key for key in left})
        yield Obstacle(
            f"The letter leaves out recorded answers ({', '.join(names[:8])}): report this fault."
        )
