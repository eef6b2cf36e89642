"""What is said before a letter is issued: for whom, to whom, how urgent, and what is not settled. Touches no widget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from triage.content.form import DECISION, URGENCY
from triage.letter.words.person import details, name_of
from triage.letter.words.said.line import Mark, counted, few
from triage.letter.words.said.trail import Trail
from triage.letter.words.said.urgency import headline
from triage.model.dates import PartialDate, at_words
from triage.model.values import Choice, Decision, Text, Urgency
from triage.session.letters import LetterDesk
from triage.session.session import Session

NONE = "None."
_MOST = 6
# The block of a letter that says who else has it, and the questions about who signs.
_COPIES = "copies"
_SENDER = ("referrer.name", "referrer.role", "referrer.registration")


class IssueRow(NamedTuple):
    """A row of what is said before an issue; none is left out because it has nothing to say.

    Parameters
    ----------
    label
        What it is about.
    strong, text
        What it says, the first part in heavier type.
    tag, mark
        The level of urgency as its tag has it, and its sign.
    """

    label: str
    strong: str = ""
    text: str = ""
    tag: str = ""
    mark: Mark = Mark.NONE

    @property
    def says(self) -> str:
        """The row as one text."""
        return " ".join(filter(None, (self.tag, self.strong, self.text)))


def issue_rows(session: Session, desk: LetterDesk) -> tuple[IssueRow, ...]:
    """Return what is said before the letter that `desk` shows is issued."""
    return tuple(_Said(session, desk).rows())


class _Said:
    def __init__(self, session: Session, desk: LetterDesk) -> None:
        self._session = session
        self._desk = desk
        self._case = session.case
        self._found = session.assessment.urgency

    def rows(self) -> Iterator[IssueRow]:
        yield self._patient()
        yield self._recipient()
        yield self._level()
        yield self._provisional()
        yield self._admitted()
        yield self._undecided()
        yield self._addressee()
        yield self._contradictions()
        yield self._replaces()
        yield self._copies()
        yield self._signed()

    def _patient(self) -> IssueRow:
        known = details(self._session.form, self._case, self._session.day)
        return IssueRow("Patient", name_of(self._case), ", ".join(known))

    def _recipient(self) -> IssueRow:
        desk = self._desk
        where = desk.settings.address_of(desk.addressee)
        place = where.organisation or ", ".join(where.address.splitlines()[:1])
        kind = desk.kinds.get(desk.template, "")
        text = ". ".join(filter(None, (place, kind)))
        return IssueRow("To", desk.recipients[desk.recipient].name, text)

    def _level(self) -> IssueRow:
        trail = Trail(self._session.content, codes=False)
        head = headline(trail, self._session.assessment, self._case)
        own = self._case.get(URGENCY)
        text = f"{head.title}."
        if isinstance(own, Urgency):
            suggested = self._found.level
            level = self._session.content.levels[suggested].title if suggested else "none"
            reason = f" Your reason: {own.reason}" if own.reason else ""
            text = f"Set by you; suggested: {level.lower()}.{reason}"
        return IssueRow("Level", f"{head.when}." if head.when else "", text, head.tag, head.mark)

    def _provisional(self) -> IssueRow:
        missing = self._found.missing
        if not missing:
            return IssueRow("Provisional", "", "No. Every item of the safety set is answered.")
        names = few((item.label for item in missing), _MOST)
        count = counted(len(missing), "item")
        return IssueRow("Provisional", f"Yes: {count} of the safety set open.", f"{names}.")

    def _undecided(self) -> IssueRow:
        assessment = self._session.assessment
        wanted = [t for t in assessment.investigations if t.status in ("recommended", "consider")]
        left = [test for test in wanted if f"{DECISION}{test.id}" not in self._case]
        essential = [test.short or test.name for test in left if test.needs_decision]
        helpful = len(left) - len(essential)
        rest = f"{counted(helpful, 'helpful test')}, not in the letter." if helpful else ""
        if not essential:
            return IssueRow("Undecided", "", rest[:1].upper() + rest[1:] if rest else NONE)
        strong = f"{counted(len(essential), 'essential test')}:"
        text = f"{few(essential, _MOST)}. Not in the letter. {rest}".strip()
        return IssueRow("Undecided", strong, text)

    def _addressee(self) -> IssueRow:
        lack = next((k for k in self._desk.preflight() if k.found.kind == "addressee"), None)
        why = self._case.get(f"{DECISION}{self._desk.recipient}")
        asked = [s.name for s in self._session.assessment.services if not s.primary]
        serves = set(self._desk.recipients[self._desk.recipient].serves)
        if lack is not None:
            return IssueRow("Addressee", "", lack.says)
        if isinstance(why, Decision) and why.reason:
            return IssueRow("Addressee", "", f"Your reason for this recipient: {why.reason}")
        if serves & {s.id for s in self._session.assessment.services}:
            return IssueRow("Addressee", "", "The findings ask for this service.")
        return IssueRow(
            "Addressee", "", f"The findings ask for {few(asked, 3)}." if asked else NONE
        )

    def _contradictions(self) -> IssueRow:
        found = self._session.recorded.contradictions
        if not found:
            return IssueRow("Contradictions", "", NONE)
        settled = sum(not one.stops_issue and not one.leftover for one in found)
        says = " ".join(one.says for one in found[:2])
        more = f" And {len(found) - 2} more." if len(found) > 2 else ""
        strong = f"{len(found)}, {settled} settled with a reason."
        return IssueRow("Contradictions", strong, f"{says}{more}")

    def _admitted(self) -> IssueRow:
        lacks = [k for k in self._desk.preflight() if k.found.kind != "addressee"]
        items = [item for lack in lacks for item in lack.found.items]
        says = f"Not known: {few(items, _MOST)}." if items else NONE
        return IssueRow("Admitted", "", says)

    def _replaces(self) -> IssueRow:
        issue = self._desk.composer.replaced
        if issue is None:
            return IssueRow("Replaces", "", "Nothing: no earlier version went to this recipient.")
        return IssueRow(
            "Replaces",
            f"Version {issue.version} of {at_words(issue.at)}.",
            self._desk.composer.changed,
        )

    def _copies(self) -> IssueRow:
        from triage.letter.statements import unmarked

        blocks = (block for block in self._desk.drafted.blocks if block.id == _COPIES)
        said = [unmarked(s.text) for block in blocks for s in block.all_statements()]
        return IssueRow("Copies", "", " ".join(said) or NONE)

    def _signed(self) -> IssueRow:
        said = (self._sender(key) for key in _SENDER)
        # Whoever was asked whose day it is may not have answered.
        day = self._session.earlier_day
        dated = f"Dated {PartialDate.of(day).words()}, not today." if day else ""
        return IssueRow("Signed", dated, ", ".join(filter(None, said)) or NONE)

    def _sender(self, key: str) -> str:
        value, slot = self._case.get(key), self._session.form.slot(key)
        if isinstance(value, Choice) and slot is not None:
            return next((o.label for o in slot.options if o.id == value.option), "")
        return value.text if isinstance(value, Text) else ""
