"""The records of the content files, as their authors write them."""

# Without `from __future__ import annotations`: pydantic would evaluate five hundred of them from text at each start.
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, Literal, Self, TypedDict, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from triage.model.values import Level

T = TypeVar("T")
QuestionKind = Literal[
    "finding", "choice", "choices", "quantity", "date", "text", "grid", "table", "result"
]
# Stands in a text for a word that differs between profiles.
PLACE = re.compile(r"\{(\w+)\}")
# Any answer, where answers are named.
ANY = "*"


class PerKind(TypedDict, Generic[T]):
    """One thing for each kind of question: a kind that a table leaves out is a type error there."""

    finding: T
    choice: T
    choices: T
    quantity: T
    date: T
    text: T
    grid: T
    table: T
    result: T


ColumnKind = Literal["text", "choice", "date", "finding"]
SentenceBlock = Literal["why", "history", "request", "told"]
# How a laboratory studies nerve and muscle: a plan has rows of each.
Method = Literal["ncs", "emg"]
TestKind = Literal[
    "blood",
    "urine",
    "neurophysiology",
    "imaging",
    "cardiac",
    "respiratory",
    "genetic",
    "tissue",
    "other",
]


class Record(BaseModel):
    """A record of a content file: unknown keys are faults."""

    # Strict: validated in JSON mode, where arrays become tuples and nothing else is bent.
    # Built when first used: most records are only ever parts of a file.
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )


class Named(Record):
    """A record with an id."""

    id: str


class Labelled(Named):
    """A record that is asked by its `label` and told by its `short` name; `say`: what a typed line may call it too."""

    label: str
    short: str = ""
    say: tuple[str, ...] = ()

    @property
    def phrase(self) -> str:
        """How a letter names the record."""
        return self.short or self.label[:1].lower() + self.label[1:]


# What becomes of an answer at a later visit: it says who the patient is, is to be confirmed, or asked anew.
Again = Literal["same", "confirm", "anew"]


class Section(Named):
    """A section of the form; `again`: what becomes of its answers at a later visit."""

    title: str
    say: tuple[str, ...] = ()
    person: Literal["told", "seen", "administrative", "result"]
    again: Again = "anew"


class Block(Named):
    """A folded group of questions that one key answers."""

    section: str
    title: str
    say: tuple[str, ...] = ()
    label: str
    show_when: str = ""
    unfold_when: str = ""
    core: bool = False


class OptionRecord(Labelled):
    """One option of a choice or list, or one grade of a scale.

    Where its words name the question too ("drives a car"), it is told `alone`; `denies` is what is not there where it
    is chosen; `say` are other names by which quick entry knows it. In the profiles `first` a new row of a table begins
    with it.
    """

    hpo: str = ""
    examples: str = ""
    midline: bool = False
    ticks: tuple[str, ...] = ()
    check: str = ""
    groups: tuple[int, ...] = ()
    first: tuple[str, ...] = ()
    alone: bool = False
    denies: str = ""
    from_: str = Field(default="", alias="from")
    to: str = ""


class Nothing(Named):
    """The line that closes a list: nothing else. `say`: what a typed line may call it besides."""

    label: str
    short: str = ""
    say: tuple[str, ...] = ()


class Unit(Record):
    """Another unit of a quantity: value in the default unit = value × factor + offset.

    In the profiles `first` it is the unit of a bare number.
    """

    unit: str
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    first: tuple[str, ...] = ()


class GridRow(Labelled):
    """One row of a grid."""

    sides: Literal["both", "midline"] = "both"
    root: str = ""
    nerve: str = ""
    covers: tuple[str, ...] = ()
    options: tuple[OptionRecord, ...] = ()
    text: bool = False
    normal: str = ""
    rare: bool = False

    @property
    def is_aside(self) -> bool:
        """Whether it is out of sight until it is asked for: seldom tested, or a whole region."""
        return self.rare or bool(self.covers)


class Fill(Named):
    """One key that fills several rows of a grid, both sides."""

    label: str
    value: str
    rows: tuple[str, ...]


class Stopped(Record):
    """The option of another column that takes a row out of what is taken now, and the column of its date."""

    column: str
    value: str
    date: str = ""


class Column(Named):
    """One column of a table."""

    label: str
    kind: ColumnKind
    options: tuple[OptionRecord, ...] = ()
    options_from: str = ""
    ticks: str = ""
    several: bool = False
    names: tuple[str, ...] = ()
    stopped: Stopped | None = None


class Bounds(Record):
    """A reference range, ends included; None where there is none."""

    low: Decimal | None = None
    high: Decimal | None = None


class Implied(Record):
    """What a question that is unanswered or denied is taken to be, because others say so."""

    value: str
    when: str


class Codes(Record):
    """Codes of public terminologies."""

    hpo: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()


def _listed(value: object) -> object:
    """Return one name as a list of one."""
    return (
        (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value
    )


class Question(Labelled):
    """One question of the form. Which keys it may carry depends on `kind` (see `triage.content.kinds`).

    A question that was split or replaced by several is `asked` no more: it is never shown to be filled in,
    and an answer that it has counts as before. `unread` says why it is asked although nothing reads it. `alone`: the
    rows of a grid are told without its name. `lasts`: the question that says how long a finding has been there;
    `where`: those whose options say where it is. `again`: what becomes of its answer at a later visit, where that is
    not what its section says.
    `said_with`: a word without which no option is meant.
    """

    section: str
    kind: QuestionKind
    asked: bool = True
    unread: str = ""
    block: str = ""
    block_value: str = ""
    core: bool = False
    safety: bool = False
    show_when: str = ""
    unfold_when: str = ""
    palette_only: bool = False
    said_with: str = ""
    pick_list: bool = False
    text: bool = False
    sided: bool = False
    required: bool = False
    lines: int = 1
    why: str = ""
    source: tuple[str, ...] = ()
    codes: Codes = Codes()
    options: tuple[OptionRecord, ...] = ()
    ordered: bool = False
    also: str = ""
    nothing: Nothing | None = None
    unit: str = ""
    units: tuple[Unit, ...] = ()
    range: tuple[Decimal, Decimal] | None = None
    integer: bool = False
    words: dict[str, str] = {}
    pair: str = ""
    rows: tuple[GridRow, ...] = ()
    spread: str = ""
    alone: bool = False
    lasts: str = ""
    where: tuple[str, ...] = ()
    again: Again | None = None
    normal: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    fills: tuple[Fill, ...] = ()
    columns: tuple[Column, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    by_sex: dict[Literal["female", "male"], Bounds] = {}
    old_after_days: int = 0
    default: str = ""
    implied: tuple[Implied, ...] = ()


class Retired(Named):
    """An id or option that is no longer asked, and the one that means the same (empty: none does)."""

    became: str = ""
    since: str


class Release(Record):
    """A released version, and the answers that its conditions read."""

    version: str
    read: tuple[str, ...]


class ReleasedFile(Record):
    """``released.toml``."""

    release: tuple[Release, ...] = ()


class Profile(Named):
    """What differs between the countries of a guideline profile, beside units and drugs.

    `words` stand for ``{name}`` in what a patient is told.
    """

    paper: Literal["a4", "letter"] = "a4"
    words: dict[str, str] = {}

    def said(self, text: str) -> str:
        """Return `text` in the words of this country."""
        return PLACE.sub(lambda found: self.words[found[1]], text)


class AnswerWords(Named):
    """How a letter tells of a question, or of one option or row of it. What is left out is told the usual way.

    Parameters
    ----------
    row
        Its label in the record of findings; of an option, how the record names it.
    page
        What is told of a present finding or a value; a wording that may name the value.
    denied
        Its name in a list of what is absent.
    turned
        What an absent finding is told as, where denying it would say the opposite twice over; of a list, what its
        absent options are.
    area
        The name of a region that is one area: ``forearm/hand``; of an option or row, its name beside its like.
    side
        Of an option that is one side of the place in `area`: which.
    plurals
        Of a list or grid of places: by option or row, its plural, as in "both calves". What has a plural has its side
        in front of it, the others behind.
    noun
        What an answer with sides, or a row of a grid, is: one, and several (``jerk``, ``jerks``).
    groups
        Of a grid: its rows by the part of the body that they belong to.
    looked_in
        The list that says where it was looked for; its options stand in `none` and `rest` as ``regions``.
    behind
        The option of a list behind which it stands in brackets where both are there.
    unseen
        Its name among what was not examined: ``speech``.
    lacks
        Of an option that says little without its follow-up: what is then missing (``level``).
    one_of
        What a finding that joins several may stand for.
    follow_up
        Questions that say which of them it is.
    sensitive
        Whether it is told only to recipients that need it. Absent, it is told only as `denied`.
    none
        Wording for a closed list with nothing ticked.
    rest
        What follows the ticked options of a closed list; of an option, in place of that where it is ticked.
    cells
        Wording for one row of a table.
    value
        Wording of the value in the record of findings; of a row of a table, of what stands beside `item` or the
        finding that it joins; of a list, what stands where nothing of it is there.
    item
        Wording that names one row of a table: each row of it then stands by itself in the record of findings.
    usual
        Answers that are as they should be: on page one normal, in the record of findings not bold; options, `present`
        where absence is the odd answer, or `absent`;
        ``*`` for any. Without it, of a finding or list `absent`; of a choice any.
    joins
        Of an option in a column of a table: the question in whose row of the record of findings such rows are told.
    not_applicable
        Of an option: whether it says that the question does not apply, which is printed nowhere.
    lab
        Its name for a laboratory, which knows muscles by their abbreviations: ``FDI (ulnar)``.
    muscles
        The muscles that a row of a grid tests, as the studies of a laboratory name them.
    """

    row: str = ""
    page: str = ""
    denied: str = ""
    turned: str = ""
    area: str = ""
    side: Literal["", "left", "right"] = ""
    plurals: dict[str, str] = {}
    noun: tuple[()] | tuple[str, str] = ()
    groups: dict[str, tuple[str, ...]] = {}
    looked_in: str = ""
    behind: str = ""
    unseen: str = ""
    lacks: str = ""
    one_of: tuple[str, ...] = ()
    follow_up: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    sensitive: bool = False
    none: str = ""
    rest: str = ""
    cells: str = ""
    value: str = ""
    item: str = ""
    usual: tuple[str, ...] = ()
    joins: str = ""
    not_applicable: bool = False
    lab: str = ""
    muscles: tuple[str, ...] = ()

    def over(self, other: Self | None) -> Self:
        """Return these words, and of `other` what they leave out: a follow-up, or that it is sensitive."""
        if other is None:
            return self
        return other.model_copy(
            update={name: getattr(self, name) for name in self.model_fields_set}
        )


class AnswersFile(Record):
    """``letters/answers.toml``."""

    answer: tuple[AnswerWords, ...] = ()


class Sentence(Named):
    """A sentence of a letter: what it tells of, and how.

    Parameters
    ----------
    block
        Where it stands; one sentence may serve several.
    row
        The paragraph that it stands in; the paragraphs come in the order of the file.
    of
        By the name that `says` uses: a question, an option of a list, a row of a grid, or the rows of a table with
        one value in a column (``neuro.timeline[symptom=cramp]``).
    says
        The wording; what comes out empty is no sentence. Beside the names of `of` it may use ``all``, everything of it
        that is there; ``absent``, what was asked and is not there; ``block``, what one key said is not there.
    argues
        Whether it is told only where one of its answers speaks for the level or for a named condition.
    keep
        Whether it is never left to the record of findings.
    yields
        Whether it is the first to be left to the record where page one overflows.
    """

    block: Annotated[tuple[SentenceBlock, ...], BeforeValidator(_listed)]
    row: str = ""
    of: dict[str, str] = {}
    says: str
    argues: bool = False
    keep: bool = False
    yields: bool = False


class Denied(Record):
    """What a letter may deny of what was asked, in the order in which it is read.

    Parameters
    ----------
    questions
        The findings.
    pace
        Those of them that set the pace of the level: denied whatever is suspected.
    before
        The paragraph of the history that it stands in front of.
    """

    questions: tuple[str, ...] = ()
    pace: tuple[str, ...] = ()
    before: str = ""


class SentencesFile(Record):
    """``letters/sentences.toml``."""

    denied: Denied = Denied()
    sentence: tuple[Sentence, ...] = ()


class FormFile(Record):
    """``form.toml``."""

    form: str
    title: str
    version: str
    min_age: int = 16
    adult_age: int = 18
    profile: tuple[Profile, ...] = ()
    too_young: str = ""
    amounts: dict[str, str] = {}
    section: tuple[Section, ...]
    block: tuple[Block, ...] = ()
    question: tuple[Question, ...]
    retired: tuple[Retired, ...] = ()


class Group(Named):
    """A name for several ids."""

    members: tuple[str, ...]


class NamedFinding(Named):
    """A finding derived from answers."""

    says: str
    when: str = ""
    true_when: str = ""
    false_when: str = ""


class NamedNumber(Named):
    """A number derived from answers."""

    says: str
    is_: str = Field(alias="is")


class WordBand(Named):
    """The numbers that the words low and high stand for in one result."""

    very_low_below: Decimal | None = None
    low_below: Decimal | None = None
    high_above: Decimal | None = None
    very_high_from: Decimal | None = None


class FindingsFile(Record):
    """``findings.toml``."""

    group: tuple[Group, ...] = ()
    finding: tuple[NamedFinding, ...] = ()
    number: tuple[NamedNumber, ...] = ()
    word_band: tuple[WordBand, ...] = ()


class LevelRecord(Record):
    """A level of urgency and what it means: within how many days who acts, where no rule says it closer.

    To the patient: a title, and what comes next; `patient_today` where that is on the day of the letter,
    `patient_provisional` where the level is. ``{date}`` stands there for the day so many days after the letter.
    `chase_days` after a letter went out without an answer the sender asks after it; None if never.
    """

    id: Level
    title: str
    aim: str
    action: str
    within_days: int | None = Field(default=None, ge=0)
    chase_days: int | None = Field(default=None, ge=1)
    who: str = ""
    patient_title: str = ""
    patient_next: str = ""
    patient_today: str = ""
    patient_provisional: str = ""
    patient_days: int = Field(default=0, ge=0)


class Exit(Named):
    """A sentence that is shown before anything is calculated."""

    says: str


class RedFlag(Named):
    """A rule of urgency: what was found, and what to do.

    `within_days` is when to act, where its level is too late; `who` acts, where the services that take the rule
    do not say it. An emergency has a `suspicion`, the headline of its letter; beside a likely condition that of
    `suspicion_of`. `at_stake` is the function that the letter tells of.
    """

    level: Level
    suspicion: str = ""
    suspicion_of: dict[str, str] = {}
    at_stake: str = ""
    within_days: int | None = Field(default=None, ge=0)
    who: str = ""
    when: str
    says: str
    do: str = ""
    to: Literal["", "pc"] = ""
    reassures: bool = False
    needs_safety_set: bool = False
    source: tuple[str, ...]
    reviewed: date

    @property
    def whole(self) -> str:
        """What was found, with what to do."""
        return f"{self.says}: {self.do}" if self.do else self.says


class StarSet(Named):
    """Answers without which the urgency is provisional."""

    name: str
    when: str = ""
    items: tuple[str, ...]


class CallQuestions(Record):
    """The questions of the form about the call that an emergency needs; what is left out is not asked.

    No letter of an emergency is issued without `who` and `when`, or `not_made`, which says why nobody was phoned.
    `function` ticks what is at stake and `measured` what of it was measured, both by the ids of the letter's functions.
    """

    who: str = ""
    when: str = ""
    not_made: str = ""
    service: str = ""
    agreed: str = ""
    transport: str = ""
    function: str = ""
    measured: str = ""


class UrgencyFile(Record):
    """``urgency.toml``. Of a patient outside the form's scope the `alarms` are listed, and nothing is concluded."""

    context: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    call: CallQuestions = CallQuestions()
    level: tuple[LevelRecord, ...]
    exit: tuple[Exit, ...] = ()
    red_flag: tuple[RedFlag, ...]
    star_set: tuple[StarSet, ...] = ()


class ServiceReason(Record):
    """Why a service is asked for: a condition, which narrows a red flag if one is named."""

    says: str
    when: str
    flag: str = ""


class Service(Named):
    """A kind of service that the findings can ask for.

    Parameters
    ----------
    name
        As it stands in a list.
    primary
        It looks after the patient beside any referral: it is no other addressee of a letter.
    takes
        The level of which it takes every red flag.
    flags
        The red flags that it takes.
    tests
        The tests that it does: it is asked for when one of them is recommended.
    own
        The own practice: it takes what is for primary care, and what nobody else is asked for.
    reason
        What else it is asked for.
    """

    name: str
    primary: bool = False
    takes: Level | None = None
    flags: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    own: bool = False
    reason: tuple[ServiceReason, ...] = ()
    source: tuple[str, ...]
    reviewed: date


class ServicesFile(Record):
    """``services.toml``, in the order in which services are named."""

    none: str
    service: tuple[Service, ...]


class Feature(Record):
    """One item for or against a condition."""

    weight: int
    when: str
    says: str


class Condition(Named):
    """A condition of the differential.

    `page` is its name on page one of a letter, small where no name demands a capital; `many` says that it is a plural.
    What the patient is told of it names no disease that is only suspected. `ring_now`, `ring_today` and `ring_days`
    say when to ring for help, each as the end of "ring if".
    """

    name: str
    page: str
    many: bool = False
    patient_name: str = ""
    patient_finding: str = ""
    ring_now: tuple[str, ...] = ()
    ring_today: tuple[str, ...] = ()
    ring_days: tuple[str, ...] = ()
    family: str
    must_not_miss: bool = False
    benign: bool = False
    gate: str
    must_have: str = ""
    discriminators: str = ""
    source: tuple[str, ...]
    reviewed: date
    for_: tuple[Feature, ...] = Field(default=(), alias="for")
    against: tuple[Feature, ...] = ()


class ConditionsFile(Record):
    """``conditions.toml``."""

    condition: tuple[Condition, ...]


class Ground(Record):
    """A reason against a test or an option, with what to do instead."""

    when: str
    says: str
    instead: str = ""


class Unless(Record):
    """What is said of a test that nothing recorded calls for."""

    says: str
    instead: str


class Investigation(Named):
    """A test, and when it is indicated.

    `page` is its name on page one where `short` is an abbreviation that not every reader has.
    `purposes` says by condition what it is asked for where that condition leads, `patient` what it is to the patient,
    `studies` which part of a laboratory's plans it orders, of `plans` only if it names any.
    An indicated test is essential where it changes what is done now (true: always), else helpful. `caution` is of
    this patient, `note` of the test itself. In an emergency only what is done at once is listed: what a red flag of
    `emergency_with` calls for, whatever `when` says, and what is marked `emergency`, if `when` is true.
    """

    name: str
    short: str
    page: str = ""
    by: Literal["pc", "sec", "spec"]
    kind: TestKind
    when: str
    essential: str | bool = False
    purpose: str
    purposes: dict[str, str] = {}
    patient: str = ""
    caution: tuple[Ground, ...] = ()
    note: str = ""
    studies: tuple[Method, ...] = ()
    plans: tuple[str, ...] = ()
    not_: tuple[Ground, ...] = Field(default=(), alias="not")
    unless: Unless | None = None
    done_by: tuple[str, ...] = ()
    emergency: bool = False
    emergency_with: tuple[str, ...] = ()
    source: tuple[str, ...]
    reviewed: date


class StudyRow(Record):
    """One line of what is asked of a laboratory: what is done, of which nerves or muscles, on which side."""

    study: str
    of: tuple[str, ...] = Field(min_length=1)
    side: Literal["", "both", "affected", "other", "one"] = ""
    asks: str = ""

    def __str__(self) -> str:
        side = f", {self.side} side{'s' if self.side == 'both' else ''}" if self.side else ""
        asks = f" ({self.asks})" if self.asks else ""
        return f"{self.study}: {', '.join(self.of)}{side}{asks}."


class Protocol(Named):
    """What to ask of the laboratory for one clinical question; `note` is for the screen."""

    question: str
    when: str
    ncs: tuple[StudyRow, ...] = ()
    emg: tuple[StudyRow, ...] = ()
    note: str = ""
    expected: str
    source: tuple[str, ...]
    requested: bool = True


class Safety(Named):
    """What the laboratory must know before it starts."""

    when: str
    says: str
    source: tuple[str, ...]
    applies: tuple[str, ...]


class AdviceAgainst(Named):
    """Advice of a society against tests that somebody may think of, with what to do instead.

    It is silent where something calls for the test, unless it `stands` even then; and in an emergency.
    """

    tests: tuple[str, ...] = Field(min_length=1)
    when: str
    says: str
    instead: str
    stands: bool = False
    source: tuple[str, ...] = Field(min_length=1)
    reviewed: date


class InvestigationsFile(Record):
    """``investigations.toml``."""

    investigation: tuple[Investigation, ...]
    advice_against: tuple[AdviceAgainst, ...] = ()
    protocol: tuple[Protocol, ...] = ()
    safety: tuple[Safety, ...] = ()


class Treatment(Named):
    """An option of management.

    It is offered where one of the conditions that it `treats` leads, if `when` is true; one that treats no
    condition of the differential says in `aim` what it is for. In an emergency as a test is. `page` is its name on page
    one of a letter, where what was typed beside it says the rest.
    """

    name: str
    page: str = ""
    treats: tuple[str, ...] = ()
    aim: str = ""
    when: str = ""
    contraindicated: tuple[Ground, ...] = ()
    caution: tuple[Ground, ...] = ()
    profiles: tuple[str, ...] = ()
    stage: str = ""
    symptom_drug: bool = False
    note: str = ""
    emergency: bool = False
    emergency_with: tuple[str, ...] = ()
    source: tuple[str, ...]
    reviewed: date


class Team(Named):
    """A team to involve. In an emergency as a test is."""

    who: str
    when: str
    note: str = ""
    emergency: bool = False
    emergency_with: tuple[str, ...] = ()
    source: tuple[str, ...]


class SafetyNet(Named):
    """What the patient is told to look out for, and its lines `under` a heading of the patient's own copy.

    Those of a `general` one are for patients whose leading condition has no lines of its own there; `tips` are for
    those alone of whom nothing is in a hurry.
    """

    says: str
    when: str = ""
    under: Literal["", "now", "today", "days", "do", "tips"] = ""
    general: bool = False
    items: tuple[str, ...] = ()


class PlanFile(Record):
    """``plan.toml``."""

    option: tuple[Treatment, ...]
    team: tuple[Team, ...] = ()
    safety_net: tuple[SafetyNet, ...] = ()


class Contradiction(Named):
    """Answers that cannot all hold. Those to `denies` are told only as a part of the contradiction."""

    when: str
    says: str
    answers: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    source: tuple[str, ...]
    reviewed: date


class Elsewhere(Named):
    """What a question asks, recorded elsewhere: a safety strip tells it from there.

    `where` is where it stands. Without `says` the other answer stands in the strip itself.
    """

    question: str
    when: str
    says: str | None = None
    where: str = ""


class ContradictionsFile(Record):
    """``contradictions.toml``."""

    contradiction: tuple[Contradiction, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


class Source(Named):
    """A published source and how far it was checked."""

    citation: str
    short: str
    year: int | None = None
    status: Literal["C", "P", "K"]
    status_note: str = ""
    says: str = ""
    doi: str = ""
    pmid: str = ""


class SourcesFile(Record):
    """``sources.toml``."""

    source: tuple[Source, ...]


class Medicine(Record):
    """A medicine: its spellings, and the classes that it stands for."""

    name: str
    also: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    ask: str = ""


class MedicineWords(Record):
    """The words around a medicine that change what it says."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    salt: tuple[str, ...] = ()
    heading: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    not_now: tuple[str, ...] = ()
    direction: tuple[str, ...] = ()
    dose: tuple[str, ...] = ()


class LocalForms(Record):
    """Forms that act where they are put, and the classes that they do not give."""

    forms: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class MedicinesFile(Record):
    """``medicines.toml``."""

    source: tuple[str, ...]
    reviewed: date
    words: MedicineWords = MedicineWords()
    local: LocalForms = LocalForms()
    medicine: tuple[Medicine, ...]


class Proof(Record):
    """An invented patient in one line, and what a rule must make of them.

    `rule` is the id of a rule or of a named finding, `answers` are spelled as in CASE.json. A test fires as
    essential or as helpful; ``fires`` leaves open which.
    """

    rule: str
    shows: Literal["fires", "essential", "helpful", "near_miss", "undecided", "not_indicated"]
    patient: str
    answers: dict[str, object]
    profile: str = ""


class ProofsFile(Record):
    """A file of ``cases/``."""

    proof: tuple[Proof, ...]


class SafetyAnswer(Record):
    """What a recipient must know before it starts: every one of `answers`, asked or told elsewhere.

    `details` say more of what is there; `short` is the name under which a letter tells what was denied of it.
    """

    says: str
    answers: tuple[str, ...] = Field(min_length=1)
    details: tuple[str, ...] = ()
    short: str = ""


class Returned(Record):
    """Why a recipient sends a letter back, and what to do instead; `kind` is how it is told."""

    when: str
    says: str
    do: str
    kind: Literal["would_be_returned", "side"] = "would_be_returned"
    source: tuple[str, ...]


class Recipient(Named):
    """A kind of service that receives letters. Where it is stands in the clinic's settings.

    Parameters
    ----------
    called
        What a sentence calls it, after "the"; its name if empty.
    stays
        The letter is filed by its own sender, so it needs no address.
    serves
        The services that it is.
    must, helpful
        What has to be known, or helps: answers, or named findings that have to be true.
    sides
        Sided lists of which each ticked part needs its side.
    safety
        What it must know before it starts.
    returned
        Why it sends a letter back.
    sensitive
        What it is told of what is sensitive.
    """

    name: str
    called: str = ""
    template: str
    stays: bool = False
    serves: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    helpful: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    safety: tuple[SafetyAnswer, ...] = ()
    returned: tuple[Returned, ...] = ()
    sensitive: tuple[str, ...] = ()
    says: str = ""

    @property
    def asks(self) -> tuple[str, ...]:
        """Everything that it wants to know, by id."""
        answers = (name for safety in self.safety for name in safety.answers)
        return (*self.must, *self.helpful, *self.sides, *answers)


Part = Literal[
    "name",
    "patient",
    "sender",
    "date",
    "urgency",
    "question",
    "history",
    "examination",
    "results",
    "requested",
]


class FormChoice(Record):
    """When a state of a form's field is chosen."""

    when: str
    state: str


class FormField(Record):
    """What stands in one field of a receiver's form: exactly one of answer, part, tick_when, choose and level.

    Parameters
    ----------
    name
        The field's full name in the PDF.
    answer
        The key of an answer, or the id of a question, told in the letter's words.
    part
        A composed part of the letter.
    tick_when
        When a box is ticked.
    state
        How the PDF calls the ticked state; needed only where a box has several.
    choose
        Of buttons or a list, when which state is chosen: the one that alone is sure.
    level
        Of buttons or a list, the state by the level of the letter.
    most
        How many characters the receiver takes; 0 for as many as there is room for.
    """

    name: str = Field(min_length=1)
    answer: str = ""
    part: Part | None = None
    tick_when: str = ""
    state: str = ""
    choose: tuple[FormChoice, ...] = ()
    level: Mapping[Level, str] = Field(default_factory=dict)
    most: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = (self.answer, self.part, self.tick_when, self.choose, self.level)
        if sum(map(bool, given)) != 1:
            raise ValueError("give exactly one of answer, part, tick_when, choose, level")
        if self.state and not self.tick_when:
            raise ValueError("state goes with tick_when only")
        if self.most and not self.is_text:
            raise ValueError("most goes with answer or part only")
        return self

    @property
    def is_text(self) -> bool:
        """Whether words stand in it."""
        return bool(self.answer or self.part)

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the field that it may choose."""
        ticked = (self.state,) if self.state else ()
        return (*ticked, *(choice.state for choice in self.choose), *self.level.values())


class ReceiverForm(Record):
    """The map of a receiver's own form, which stands beside its PDF: what goes into which field."""

    title: str = Field(min_length=1)
    field: tuple[FormField, ...] = Field(min_length=1)
