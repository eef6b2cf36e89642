"""What an assessment says. Plain immutable records, ready for screen, letter and JSON."""

from __future__ import annotations

from typing import Literal, NamedTuple

from triage.content.form import URGENCY
from triage.content.schema import Method
from triage.model.case import Case
from triage.model.values import Level, Urgency

Support = Literal["well_supported", "possible", "little", "against", "cannot_say"]
Status = Literal["done", "not_indicated", "recommended", "consider", "cannot_say"]
Timing = Literal["now", "with_referral", "later"]
Tier = Literal["essential", "helpful"]
LackKind = Literal[
    "addressee",
    "question",
    "safety",
    "would_be_returned",
    "nothing_asked",
    "missing_must",
    "side",
    "undecided",
    "missing_helpful",
]
OptionStatus = Literal["consider", "check_first", "contraindicated"]


class Item(NamedTuple):
    """A question or fact by id, and how a person calls it."""

    id: str
    label: str


class Reason(NamedTuple):
    """A conclusion's trail: what it says, by which rule, from which answers, after which sources."""

    says: str
    rule: str
    answers: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class Fired(NamedTuple):
    """A rule of urgency that fired: a reason with its level, and to whom it refers."""

    says: str
    rule: str
    answers: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    level: Level = "routine"
    to: str = ""


class ScopeNote(NamedTuple):
    """Whether the form is made for this patient."""

    ok: bool
    says: str


class ActFinding(NamedTuple):
    """Within how many days who acts (None: no day is set), and both in words; `rule` says so, if a rule does."""

    within_days: int | None
    who: str
    says: str
    rule: str = ""


class UrgencyFinding(NamedTuple):
    """How soon, and why.

    `level` is the next action, over all fired rules; `referral` the highest level of those that ask for a
    referral, None if none does. `provisional` while an item of a minimum safety set is missing. There is no
    level, and nobody to act, of a patient for whom the form is not made.
    """

    level: Level | None
    referral: Level | None
    provisional: bool
    reasons: tuple[Fired, ...]
    missing: tuple[Item, ...]
    act: ActFinding | None = None


class ServiceFinding(NamedTuple):
    """A service that the findings ask for; one that is `primary` takes no letter away from another."""

    id: str
    name: str
    reasons: tuple[Reason, ...]
    primary: bool = False


class NotExcluded(NamedTuple):
    """A rule of urgency that may apply: it could not be decided, and something speaks for it."""

    rule: str
    level: Level
    says: str
    answers: tuple[str, ...]
    missing: tuple[Item, ...]
    source: tuple[str, ...]


class ConditionFinding(NamedTuple):
    """A condition of the differential and what speaks for and against it."""

    id: str
    name: str
    family: str
    support: Support
    score: int
    must_not_miss: bool
    benign: bool
    for_: tuple[Reason, ...]
    against: tuple[Reason, ...]
    missing: tuple[Item, ...]
    source: tuple[str, ...]


class StudyFinding(NamedTuple):
    """One line of what to ask: what is done, of which nerves or muscles, on which side, and what it should answer."""

    study: str
    of: tuple[str, ...]
    side: str
    asks: str
    method: Method


class ProtocolFinding(NamedTuple):
    """What to ask of the laboratory for one question: as sentences for the screen, and line by line.

    `about` names the conditions by which it is asked.
    """

    id: str
    question: str
    ncs: str
    emg: str
    expected: str
    source: tuple[str, ...]
    studies: tuple[StudyFinding, ...] = ()
    about: tuple[str, ...] = ()


class InvestigationFinding(NamedTuple):
    """A test and where it stands. `because` names the findings that call for it, if it is indicated.

    An undecided test is listed where the answers to one or two questions of the core path, which are `missing`,
    would call for it; `asks` puts them to the clinician. Its tier is what it could be.
    """

    id: str
    name: str
    short: str
    by: str
    kind: str
    status: Status
    tier: Tier
    indicated: bool
    timing: Timing
    purpose: str
    reasons: tuple[Reason, ...]
    because: tuple[str, ...]
    cautions: tuple[str, ...]
    note: str
    protocol: tuple[ProtocolFinding, ...]
    instead: str
    missing: tuple[Item, ...]
    asks: str

    @property
    def needs_decision(self) -> bool:
        """Whether it is to be accepted or left out before a letter is issued."""
        return self.tier == "essential" and self.status in ("recommended", "consider")


class PlanFinding(NamedTuple):
    """An option of management. `treats` names the leading conditions by which it is offered."""

    id: str
    option: str
    treats: tuple[str, ...]
    status: OptionStatus
    stage: str
    note: str
    cautions: tuple[str, ...]
    missing: tuple[Item, ...]
    reasons: tuple[Reason, ...]


class LackFinding(NamedTuple):
    """What a recipient would miss in a letter, or return it for.

    Parameters
    ----------
    kind
        What it is about.
    items
        What is missing, as a person calls it.
    answers
        The questions to go to.
    do
        What to do instead.
    source
        Where it is from.
    """

    kind: LackKind
    items: tuple[str, ...]
    answers: tuple[str, ...] = ()
    do: str = ""
    source: tuple[str, ...] = ()

    @property
    def returns(self) -> bool:
        """Whether the letter would be returned for it; if not, it only helps."""
        return self.kind not in ("missing_helpful", "undecided", "side")


class TeamFinding(NamedTuple):
    """A team to involve."""

    id: str
    who: str
    note: str
    source: tuple[str, ...]


class Line(NamedTuple):
    """One sentence with the rule that it comes from."""

    id: str
    says: str


class ContradictionFinding(NamedTuple):
    """Answers that cannot all hold.

    Parameters
    ----------
    id
        Of the rule; the key of an answer where the form itself says that another speaks against it. What
        the clinician says of it is the decision on this id.
    says
        What does not go together.
    answers
        The keys of the answers.
    stops_issue
        Whether no letter is issued until an answer changes, or the clinician says which holds and why.
    leftover
        Whether the answer makes no sense beside another one: it is used by nothing, and stops nothing.
    denied
        Those of the answers that deny what another one says: they are told here and nowhere else.
    source
        Where it is from.
    """

    id: str
    says: str
    answers: tuple[str, ...]
    stops_issue: bool = True
    leftover: bool = False
    denied: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class CheckFinding(NamedTuple):
    """A recorded value that cannot be, or hardly: kept as typed, to be looked at again."""

    id: str
    says: str
    answers: tuple[str, ...]


class ElsewhereFinding(NamedTuple):
    """What a question asks, as another answer tells it.

    `what` is what is there, without where it stands; `facts` are the facts that say so.
    """

    question: str
    says: str
    answers: tuple[str, ...]
    what: str = ""
    facts: tuple[str, ...] = ()


class Effect(NamedTuple):
    """The rule that an answer could decide, and its level."""

    level: Level
    rule: str


class Change(NamedTuple):
    """A missing answer and the rules that it could decide."""

    question: str
    label: str
    effects: tuple[Effect, ...]


class ContentMark(NamedTuple):
    """Which content an assessment was made with."""

    form: str
    version: str
    fingerprint: str


class Assessment(NamedTuple):
    """All that the content says of a case.

    `recorded_red_flags` are those that were recorded of a patient for whom the form is not made. `left_open` counts
    the undecided tests that are not listed. `protocols` are what a laboratory is to be asked, whoever asks it.
    """

    scope: ScopeNote
    exits: tuple[Line, ...]
    urgency: UrgencyFinding
    recorded_red_flags: tuple[Item, ...]
    services: tuple[ServiceFinding, ...]
    not_excluded: tuple[NotExcluded, ...]
    conditions: tuple[ConditionFinding, ...]
    investigations: tuple[InvestigationFinding, ...]
    left_open: int
    protocols: tuple[ProtocolFinding, ...]
    safety: tuple[Line, ...]
    plan: tuple[PlanFinding, ...]
    team: tuple[TeamFinding, ...]
    safety_net: tuple[Line, ...]
    contradictions: tuple[ContradictionFinding, ...]
    to_check: tuple[CheckFinding, ...]
    elsewhere: tuple[ElsewhereFinding, ...]
    what_would_change: tuple[Change, ...]
    content: ContentMark

    def level_of(self, case: Case) -> Level | None:
        """Return how urgent the assessed `case` is: as the clinician set it, else as it is assessed."""
        chosen = case.get(URGENCY)
        return chosen.level if isinstance(chosen, Urgency) else self.urgency.level
