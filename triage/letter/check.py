"""What stands in the way of issuing a letter."""

from __future__ import annotations

from triage.content.load import Content
from triage.letter.build import uncovered
from triage.letter.head import identifiers, is_text
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Date

_NAMES = ("patient.family_name", "patient.given_name")


def problems_before_issue(letter: Letter, case: Case, content: Content) -> list[str]:
    """Return why `letter` must not be issued yet, a sentence each; empty if nothing stands in the way.

    A draft is never refused for any of these. Characters that the font lacks are found when the letter is set.
    """
    found: list[str] = []
    has_name = all(is_text(case.get(name)) for name in _NAMES)
    born = case.get("patient.dob")
    has_birth = isinstance(born, Date) and born.date.is_full
    more = len({value for _, value in identifiers(case)}) + is_text(case.get("patient.address"))
    if not has_name:
        found.append("The patient's family name and given name are needed.")
    if not has_birth:
        found.append(
            "The patient's full date of birth is needed: an age is not enough to identify a person."
        )
    if has_name + has_birth + more < 3:
        found.append(
            "Three identifiers are needed: name, date of birth, and an identifying number or the address."
        )
    if not is_text(case.get("referrer.name")):
        found.append("The referrer's name is needed: a letter without a sender is returned.")
    if letter.template != "patient_leaflet" and not is_text(case.get("referrer.question")):
        found.append("A question to the recipient is needed: say what you want to know.")
    if letter.complete and not letter.recipient:
        found.append("Choose a recipient.")
    if letter.complete and (left := uncovered(letter, case)):
        names = sorted({q.label if (q := content.form.question_of(key)) else key for key in left})
        found.append(
            f"The letter leaves out recorded answers ({', '.join(names[:8])}): report this fault."
        )
    return found
