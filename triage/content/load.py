"""From content files to `Content`: all of it or nothing, with every fault of every file at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import Any, Generic, NamedTuple, TypeVar

from triage.collector import without_collector
from triage.content.files import ContentFiles
from triage.content.form import (
    DATE,
    DECISION,
    LANGUAGE,
    NOTE,
    OF_DRAFTS,
    PROFILE,
    RECIPIENTS,
    URGENCY,
    Form,
    units_of,
)
from triage.content.identifiers import IDENTIFIERS, is_known_check, kinds_of
from triage.content.kinds import KINDS, question_faults
from triage.content.kinds.quantity import word_faults
from triage.content.medicines import Medicines, medicine_faults
from triage.content.reading import Faults, read_record
from triage.content.schema import (
    PLACE,
    AdviceAgainst,
    Block,
    Condition,
    ConditionsFile,
    Contradiction,
    ContradictionsFile,
    Elsewhere,
    FindingsFile,
    FormFile,
    Ground,
    Implied,
    Investigation,
    InvestigationsFile,
    LevelRecord,
    MedicinesFile,
    Named,
    PlanFile,
    Protocol,
    Question,
    ReceiverForm,
    Recipient,
    Record,
    RedFlag,
    Safety,
    SafetyNet,
    Service,
    ServiceReason,
    ServicesFile,
    Source,
    SourcesFile,
    StarSet,
    Team,
    Treatment,
    UrgencyFile,
    WordBand,
)
from triage.content.symbols import (
    URGENCY_OUTCOME,
    form_symbols,
    outcome_symbols,
    recipient_symbols,
)
from triage.errors import ContentError, Problem
from triage.expr.parse import ExpressionError, parse_condition, parse_number
from triage.expr.symbols import Kind, Scope, Symbol
from triage.expr.tree import And, Leads, Node, Number, Or, Split, Surely, TimesUpper, names
from triage.model.values import LEVELS, Level

R = TypeVar("R", bound=Record)
N = TypeVar("N", bound=Named)
T = TypeVar("T")
# How deep in the named findings of an item a question may stand that counts as named by it.
_STEPS = 2
# Where the receivers' own forms and their maps lie.
RECEIVER_FORMS = "forms/receiver_forms/"
# Keys of a case that are no questions.
_OF_CASES = (LANGUAGE, *OF_DRAFTS, RECIPIENTS, URGENCY)
_ID = re.compile(r"[A-Za-z_][\w.\-]*")


class Rule(NamedTuple, Generic[N]):
    """A record with its condition parsed; `when` is None where it always holds."""

    record: N
    when: Node | None


class Reason(NamedTuple):
    """A reason against something, with its condition parsed."""

    record: Ground
    when: Node


class ConditionRule(NamedTuple):
    """A condition of the differential with its gate and its items parsed."""

    record: Condition
    gate: Node
    for_: tuple[Node, ...]
    against: tuple[Node, ...]


class InvestigationRule(NamedTuple):
    """A test with its conditions parsed."""

    record: Investigation
    when: Node
    essential: Node
    caution: tuple[Reason, ...]
    not_: tuple[Reason, ...]
    done: tuple[Node, ...]


class ServiceGround(NamedTuple):
    """Why a service is asked for, with its condition parsed."""

    record: ServiceReason
    when: Node


class ServiceRule(NamedTuple):
    """A service with its reasons parsed; `when` is all that asks for it, None where that is what nobody takes."""

    record: Service
    when: Node | None
    reasons: tuple[ServiceGround, ...]


class ReceiverFormRule(NamedTuple):
    """The map of a receiver's own form, and by field the parsed conditions of its tick or its choices, in order."""

    record: ReceiverForm
    conditions: Mapping[str, tuple[Node, ...]]


class RecipientRule(NamedTuple):
    """What a recipient asks for and sends back, parsed, in the order of its record."""

    record: Recipient
    must: tuple[Node, ...]
    helpful: tuple[Node, ...]
    safety: tuple[tuple[Node, ...], ...]
    returned: tuple[Node, ...]


class TreatmentRule(NamedTuple):
    """An option of management with its conditions parsed: `when` joins what it treats and its own condition."""

    record: Treatment
    when: Node
    contraindicated: tuple[Reason, ...]
    caution: tuple[Reason, ...]


@dataclass(frozen=True)
class Content:
    """All clinical content, checked and parsed."""

    form: Form
    show: Mapping[str, Node]
    unfold: Mapping[str, Node]
    implied: Mapping[str, tuple[tuple[Implied, Node], ...]]
    named: FindingsFile
    findings: Mapping[str, Node]
    numbers: Mapping[str, Number]
    order: tuple[str, ...]
    says: Mapping[str, str]
    word_bands: Mapping[str, WordBand]
    urgency: UrgencyFile
    red_flags: tuple[Rule[RedFlag], ...]
    star_sets: tuple[Rule[StarSet], ...]
    star_items: Mapping[str, Node]
    conditions: tuple[ConditionRule, ...]
    investigations: tuple[InvestigationRule, ...]
    advice_against: tuple[Rule[AdviceAgainst], ...]
    protocols: tuple[Rule[Protocol], ...]
    safety: tuple[Rule[Safety], ...]
    treatments: tuple[TreatmentRule, ...]
    team: tuple[Rule[Team], ...]
    safety_net: tuple[Rule[SafetyNet], ...]
    services: tuple[ServiceRule, ...]
    no_service: str
    alarms: tuple[str, ...]
    contradictions: tuple[Rule[Contradiction], ...]
    elsewhere: tuple[Rule[Elsewhere], ...]
    sources: Mapping[str, Source]
    recipients: Mapping[str, Recipient]
    preflight: Mapping[str, RecipientRule]
    receiver_forms: Mapping[str, ReceiverFormRule]
    medicines: Medicines
    fingerprint: str
    # Where all of it was read, and the rest of the form is: what the letter and the map need.
    files: ContentFiles
    own: str = ""

    @cached_property
    def rule_ids(self) -> frozenset[str]:
        """The ids of everything that a decision can be about: rules, and to whom a letter goes."""
        return frozenset((*self.rules, *self.recipients))

    @cached_property
    def levels(self) -> Mapping[Level, LevelRecord]:
        """The levels of urgency."""
        return {record.id: record for record in self.urgency.level}

    @cached_property
    def contradiction_ids(self) -> frozenset[str]:
        """The ids of the rules about answers that cannot all hold."""
        return frozenset(rule.record.id for rule in self.contradictions)

    @cached_property
    def rules(self) -> Mapping[str, Named]:
        """Every rule by id, over all files."""
        groups: tuple[
            Iterable[Rule[Any] | ConditionRule | InvestigationRule | TreatmentRule | ServiceRule],
            ...,
        ] = (
            self.red_flags,
            self.star_sets,
            self.conditions,
            self.investigations,
            self.advice_against,
            self.protocols,
            self.safety,
            self.treatments,
            self.team,
            self.safety_net,
            self.services,
            self.contradictions,
        )
        return {rule.record.id: rule.record for rules in groups for rule in rules}

    def questions_below(self, node: Node, steps: int = 0) -> set[str]:
        """Return the questions that a condition rests on, through named findings and numbers.

        Parameters
        ----------
        node
            The condition.
        steps
            Through how many names within names at most; 0 for any.
        """
        found: set[str] = set()
        seen: set[str] = set()
        todo, step = {*names(node)}, 0
        while todo and (not steps or step <= steps):
            seen |= todo
            opened: set[str] = set()
            for name in todo:
                if (below := self.findings.get(name) or self.numbers.get(name)) is not None:
                    opened.update(names(below))
                elif question := self.form.question_of(name):
                    found.add(question.id)
            todo, step = opened - seen, step + 1
        return found

    def weights(self, condition: str) -> Mapping[str, int]:
        """Return, by question, how much the weightiest item for or against a condition weighs that names it."""
        if condition not in self._weights:
            rule = next(rule for rule in self.conditions if rule.record.id == condition)
            found: dict[str, int] = {}
            for items, nodes in (
                (rule.record.for_, rule.for_),
                (rule.record.against, rule.against),
            ):
                for item, node in zip(items, nodes, strict=True):
                    for name in self.questions_below(node, _STEPS):
                        found[name] = max(item.weight, found.get(name, 0))
            self._weights[condition] = found
        return self._weights[condition]

    @cached_property
    def _weights(self) -> dict[str, Mapping[str, int]]:
        return {}


def block_key(block: str) -> str:
    """Return the name under which a block's conditions stand beside those of the questions."""
    return f"block:{block}"


def with_amounts(file: FormFile) -> FormFile:
    """Return the form with its words for amounts in every quantity that is asked in their unit."""
    if not file.amounts:
        return file
    # "2-18 months": the unit is all behind the number.
    units = {word: means.lstrip("<>=~ .,0123456789-") for word, means in file.amounts.items()}

    def filled(question: Question) -> Question:
        if question.kind != "quantity":
            return question
        known = units_of(question)
        words = {w: means for w, means in file.amounts.items() if units[w] in known}
        if not words:
            return question
        return question.model_copy(update={"words": words | question.words})

    return file.model_copy(update={"question": tuple(filled(q) for q in file.question)})


@without_collector()
def load_content(files: ContentFiles) -> Content:
    """Read, check and parse all content.

    Raises
    ------
    ContentError
        With every problem of every file.
    """
    return _Loader(files).load()


class _Loader:
    def __init__(self, files: ContentFiles) -> None:
        self._files = files
        self._problems: list[Problem] = []
        # Every id of the language and of the rules -> where it stands: no two may have one.
        self._taken: dict[str, str] = {}
        self._scope = Scope()
        # What was parsed already, by its text.
        self._parsed: dict[str, Node] = {}

    def load(self) -> Content:
        form_file = self._read("form.toml", FormFile)
        findings = self._read("findings.toml", FindingsFile)
        urgency = self._read("urgency.toml", UrgencyFile)
        conditions = self._read("conditions.toml", ConditionsFile)
        investigations = self._read("investigations.toml", InvestigationsFile)
        plan = self._read("plan.toml", PlanFile)
        sources = self._read("sources.toml", SourcesFile)
        recipients = self._recipients()
        medicines = self._optional("medicines.toml", MedicinesFile)
        services = self._optional("services.toml", ServicesFile) or ServicesFile(
            none="", service=()
        )
        contradictions = (
            self._optional("contradictions.toml", ContradictionsFile) or ContradictionsFile()
        )
        if not (
            form_file
            and findings
            and urgency
            and conditions
            and investigations
            and plan
            and sources
        ):
            raise ContentError(self._problems)

        # What is known by name, in the order in which conditions may speak of it.
        form = self._form(form_file, recipients)
        parsed_findings, numbers, order = self._findings(findings)
        self._word_bands(findings, numbers)
        show, unfold, implied = self._conditions_of(form, {*parsed_findings, *numbers})
        red_flags, star_sets, star_items = self._urgency(urgency, form)
        parsed_contradictions, elsewhere = self._contradictions(contradictions, form)
        parsed_conditions = self._conditions(conditions)
        for symbol in outcome_symbols():
            self._scope.add(symbol)
        parsed_investigations, protocols, safety = self._investigations(
            investigations, urgency, parsed_conditions
        )
        advice_against = self._advice_against(investigations)
        treatments, team, safety_net = self._plan(plan, form, conditions, urgency)
        parsed_services = self._services(services, red_flags, parsed_investigations)
        self._places(self._faults("investigations.toml"), investigations.safety, form_file)
        self._places(self._faults("plan.toml"), plan.safety_net, form_file)
        preflight = self._preflight(recipients, services, form, sources)
        receiver_forms = self._receiver_forms(recipients, form)
        if medicines:
            faults = self._faults("medicines.toml")
            for name, says in medicine_faults(medicines, form, {s.id for s in sources.source}):
                faults.add(name, says)
        self._retired(form)
        self._sources(
            sources,
            form=form_file,
            urgency=urgency,
            conditions=conditions,
            investigations=investigations,
            plan=plan,
            services=services,
            contradictions=contradictions,
        )
        if self._problems:
            raise ContentError(self._problems)
        return Content(
            form=form,
            show=show,
            unfold=unfold,
            implied=implied,
            named=findings,
            findings=parsed_findings,
            numbers=numbers,
            order=order,
            says={f.id: f.says for f in findings.finding} | {n.id: n.says for n in findings.number},
            word_bands={band.id: band for band in findings.word_band},
            urgency=urgency,
            red_flags=red_flags,
            star_sets=star_sets,
            star_items=star_items,
            conditions=parsed_conditions,
            investigations=parsed_investigations,
            advice_against=advice_against,
            protocols=protocols,
            safety=safety,
            treatments=treatments,
            team=team,
            safety_net=safety_net,
            services=parsed_services,
            no_service=services.none,
            alarms=self._alarms(urgency),
            contradictions=parsed_contradictions,
            elsewhere=elsewhere,
            sources={source.id: source for source in sources.source},
            recipients=recipients,
            preflight=preflight,
            receiver_forms=receiver_forms,
            medicines=Medicines(medicines),
            fingerprint=self._files.fingerprint(),
            files=self._files,
            own=self._files.own,
        )

    # -- files ----------------------------------------------------------------------------------

    def _faults(self, file: str) -> Faults:
        return Faults(file, self._problems)

    def _read(self, name: str, model: type[R]) -> R | None:
        return read_record(self._files, f"forms/{name}", model, self._faults(name))

    def _recipients(self) -> dict[str, Recipient]:
        found: dict[str, Recipient] = {}
        for path in self._files.paths():
            if path.startswith("forms/recipients/") and path.endswith(".toml"):
                name = path.removeprefix("forms/")
                record = self._read(name, Recipient)
                if record is None:
                    continue
                if record.id in found:
                    self._faults(name).add(record.id, "another file has this id: choose another")
                else:
                    self._take(self._faults(name), record.id)
                found[record.id] = record
        return found

    def _optional(self, name: str, model: type[R]) -> R | None:
        """Return a file that a form need not have."""
        return self._read(name, model) if f"forms/{name}" in self._files.paths() else None

    # -- ids ------------------------------------------------------------------------------------

    def _take(self, faults: Faults, record: str, what: str = "") -> None:
        """Take an id for a rule, or for a name that conditions speak."""
        if record in self._taken:
            faults.add(record, f"this id is taken in {self._taken[record]}: choose another")
        self._taken.setdefault(record, f"{faults.file}, {what}" if what else faults.file)

    def _name(self, faults: Faults, symbol: Symbol) -> None:
        """Make a name known to conditions; of two things with one id the first."""
        self._take(faults, symbol.id)
        if self._scope.get(symbol.id) is None:
            self._scope.add(symbol)

    # -- the form -------------------------------------------------------------------------------

    def _form(self, file: FormFile, recipients: Collection[str]) -> Form:
        faults = self._faults("form.toml")
        file = with_amounts(file)
        slots = [slot for q in file.question for slot in KINDS[q.kind].slots(q)]
        form = Form(file, slots, recipients)
        for needed in (DATE, PROFILE):
            if needed not in form.questions:
                faults.add(needed, "every form needs this question: the program itself reads it")
        if PROFILE in form.questions and not form.profile:
            faults.add(
                PROFILE, "this question needs a default: the profile of a case that has none"
            )
        _unique(faults, [section.id for section in file.section], "section")
        _unique(faults, [block.id for block in file.block], "block")
        _unique(faults, [question.id for question in file.question], "question")
        for block in file.block:
            faults.refer(block.id, [block.section], form.sections, "section")
        for question in file.question:
            faults.refer(question.id, [question.section], form.sections, "section")
            if question.block:
                faults.refer(question.id, [question.block], form.blocks, "block")
            if question.id in _OF_CASES or question.id.startswith((NOTE, DECISION)):
                faults.add(question.id, "a case keeps something else under this id: choose another")
            for says in question_faults(question, form):
                faults.add(question.id, says)
        for word, means in file.amounts.items():
            asked = next((q for q in file.question if q.words.get(word) == means), None)
            if asked is None:
                faults.add(
                    "amounts", f"no quantity is asked in the unit of {means!r}: mend {word!r}"
                )
            else:
                for says in word_faults(asked, word, means):
                    faults.add("amounts", says)
        for symbol in form_symbols(form):
            self._name(faults, symbol)
        for symbol in recipient_symbols(recipients):
            self._name(self._faults("recipients"), symbol)
        self._profiles(form, faults)
        numbers = form.questions.get(IDENTIFIERS)
        for kind in kinds_of(numbers).values() if numbers else ():
            if kind.check and not is_known_check(kind.check):
                faults.add(kind.id, f"there is no check {kind.check!r} in python-stdnum")
        return form

    def _profiles(self, form: Form, faults: Faults) -> None:
        ids = [record.id for record in form.file.profile]
        question = form.questions.get(PROFILE)
        options = [option.id for option in question.options] if question else []
        _unique(faults, ids, "profile")
        faults.refer("profile", ids, options, f"option of {PROFILE}")
        faults.refer(PROFILE, options if ids else (), ids, "[[profile]]")
        for column in (c for q in form.questions.values() for c in q.columns):
            for option in column.options:
                faults.refer(option.id, option.first, ids, "profile")

    def _places(
        self, faults: Faults, records: Iterable[Safety | SafetyNet], file: FormFile
    ) -> None:
        """Check that every profile has the words for which places are kept in a text."""
        for record in records:
            places = PLACE.findall(record.says)
            for profile in file.profile:
                what = f"word of profile {profile.id!r} in form.toml"
                faults.refer(record.id, places, profile.words, what)
            if not file.profile:
                faults.refer(record.id, places, (), "[[profile]] with a word")

    def _retired(self, form: Form) -> None:
        faults = self._faults("form.toml")
        _unique(faults, [entry.id for entry in form.file.retired], "retired id")
        for entry in form.file.retired:
            # What begins with a retired id would be read as something else.
            begins = f"{entry.id}."
            if entry.id in self._taken or any(
                part == entry.id or part.startswith(begins) for part in form.parts
            ):
                faults.add(entry.id, "this id is retired and in use: give the new one another id")
            if entry.became and form.became(entry.became) not in form.parts:
                faults.add(entry.id, f"there is no {entry.became!r}{form.closest(entry.became)}")

    def _conditions_of(
        self, form: Form, derived: Set[str]
    ) -> tuple[dict[str, Node], dict[str, Node], dict[str, tuple[tuple[Implied, Node], ...]]]:
        """Return when questions and blocks are shown and unfolded, and what unanswered ones imply."""
        faults = self._faults("form.toml")
        show: dict[str, Node] = {}
        unfold: dict[str, Node] = {}
        # What is only out of sight may wait for the level: nothing counts by being in sight.
        late = self._scope.wider(s for s in outcome_symbols() if s.id == URGENCY_OUTCOME)
        records: tuple[Question | Block, ...] = (*form.file.question, *form.file.block)
        for record in records:
            key = record.id if isinstance(record, Question) else block_key(record.id)
            if record.show_when:
                show[key] = self._truth(faults, record.id, record.show_when)
                # It decides whether an answer counts, so it is read before anything is derived from answers.
                read = sorted(derived & set(names(show[key])))
                if read and isinstance(record, Question):
                    faults.add(
                        record.id,
                        f"show_when may only read answers, not {read[0]!r}: name the answers",
                    )
            if record.unfold_when:
                unfold[key] = self._truth(faults, record.id, record.unfold_when, late)
        implied = {
            q.id: tuple((entry, self._truth(faults, q.id, entry.when)) for entry in q.implied)
            for q in form.questions.values()
            if q.implied
        }
        return show, unfold, implied

    # -- findings -------------------------------------------------------------------------------

    def _findings(
        self, file: FindingsFile
    ) -> tuple[dict[str, Node], dict[str, Number], tuple[str, ...]]:
        faults = self._faults("findings.toml")
        for record in file.finding:
            self._name(faults, Symbol(record.id, Kind.TRUTH))
        for number in file.number:
            self._name(faults, Symbol(number.id, Kind.NUMBER))
        for group in file.group:
            # A group can only speak of groups before it, so that none goes round in a circle.
            known = tuple(name for name in group.members if self._scope.get(name) is not None)
            for member in group.members:
                if member not in known:
                    faults.add(group.id, f"there is no {member!r}{self._scope.closest(member)}")
            if not group.members:
                faults.add(group.id, "a group needs members")
            self._name(faults, Symbol(group.id, Kind.GROUP, members=known))
        findings: dict[str, Node] = {}
        numbers: dict[str, Number] = {}
        for record in file.finding:
            if record.when and not (record.true_when or record.false_when):
                findings[record.id] = self._truth(faults, record.id, record.when)
            elif record.true_when and record.false_when and not record.when:
                findings[record.id] = Split(
                    self._truth(faults, record.id, record.true_when),
                    self._truth(faults, record.id, record.false_when),
                )
            else:
                faults.add(record.id, "give either when, or both true_when and false_when")
                findings[record.id] = Or(())
        for number in file.number:
            parsed = self._parse(faults, number.id, number.is_, parse_number)
            if parsed is not None:
                numbers[number.id] = parsed
        trees: Mapping[str, Node | Number] = {**findings, **numbers}
        needs = {name: {n for n in names(tree) if n in trees} for name, tree in trees.items()}
        try:
            order = tuple(TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            faults.add(error.args[1][0], f"findings go round in a circle: {circle}")
            order = ()
        return findings, numbers, order

    def _word_bands(self, file: FindingsFile, numbers: Mapping[str, Number]) -> None:
        faults = self._faults("findings.toml")
        _unique(faults, [band.id for band in file.word_band], "word band")
        for band in file.word_band:
            symbol = self._scope.get(band.id)
            is_result = symbol is not None and symbol.kind is Kind.RESULT
            if not is_result and not isinstance(numbers.get(band.id), TimesUpper):
                hint = "" if symbol else self._scope.closest(band.id)
                faults.add(
                    band.id,
                    f"there is no measured result, or number made with times_upper, of this id{hint}",
                )
            ends = (band.very_low_below, band.low_below, band.high_above, band.very_high_from)
            given = [end for end in ends if end is not None]
            if given != sorted(given):
                faults.add(band.id, "the limits do not rise from very low to very high: swap them")

    # -- rules ----------------------------------------------------------------------------------

    def _urgency(
        self, file: UrgencyFile, form: Form
    ) -> tuple[tuple[Rule[RedFlag], ...], tuple[Rule[StarSet], ...], dict[str, Node]]:
        faults = self._faults("urgency.toml")
        for prefix in file.context:
            if not any(name.startswith(prefix) for name in self._taken):
                faults.add("context", f"no id begins with {prefix!r}{self._scope.closest(prefix)}")
        for name in file.alarms:
            if self._scope.get(name) is None:
                faults.add("alarms", f"there is no {name!r}{self._scope.closest(name)}")
        faults.refer("call", [key for _, key in file.call if key], form.questions, "question")
        given = [level.id for level in file.level]
        _unique(faults, given, "level")
        for level in LEVELS:
            if level not in given:
                faults.add("level", f"the level {level!r} is missing: say what it means")
        for exit_ in file.exit:
            self._take(faults, exit_.id)
        red_flags = self._rules(faults, file.red_flag)
        star_sets = self._rules(faults, file.star_set)
        star_items = {
            item: self._known_item(faults, star_set.id, item)
            for star_set in file.star_set
            for item in star_set.items
        }
        return red_flags, star_sets, star_items

    def _alarms(self, file: UrgencyFile) -> tuple[str, ...]:
        """Return the answers that are listed of a patient outside the form's scope, without groups."""
        found: dict[str, None] = {}
        for name in file.alarms:
            symbol = self._scope.get(name)
            members = symbol.members if symbol is not None else ()
            found.update(dict.fromkeys(members or (name,)))
        return tuple(found)

    def _contradictions(
        self, file: ContradictionsFile, form: Form
    ) -> tuple[tuple[Rule[Contradiction], ...], tuple[Rule[Elsewhere], ...]]:
        faults = self._faults("contradictions.toml")
        for record in file.contradiction:
            named = (*record.answers, *record.denies)
            faults.refer(record.id, named, form.questions, "question")
        for told in file.elsewhere:
            faults.refer(told.id, [told.question], form.questions, "question")
        return self._rules(faults, file.contradiction), self._rules(faults, file.elsewhere)

    def _conditions(self, file: ConditionsFile) -> tuple[ConditionRule, ...]:
        faults = self._faults("conditions.toml")
        found = tuple(
            ConditionRule(
                record,
                self._truth(faults, record.id, record.gate),
                tuple(self._truth(faults, record.id, item.when) for item in record.for_),
                tuple(self._truth(faults, record.id, item.when) for item in record.against),
            )
            for record in file.condition
        )
        for record in file.condition:
            self._name(faults, Symbol(record.id, Kind.CONDITION))
        return found

    def _investigations(
        self, file: InvestigationsFile, urgency: UrgencyFile, known: Iterable[ConditionRule]
    ) -> tuple[tuple[InvestigationRule, ...], tuple[Rule[Protocol], ...], tuple[Rule[Safety], ...]]:
        faults = self._faults("investigations.toml")
        tests = {record.id for record in file.investigation}
        flags = {record.id for record in urgency.red_flag}
        conditions = {rule.record.id for rule in known}
        found: list[InvestigationRule] = []
        for record in file.investigation:
            self._take(faults, record.id)
            faults.refer(record.id, record.emergency_with, flags, "red flag")
            faults.refer(record.id, record.purposes, conditions, "condition")
            faults.refer(record.id, record.plans, {p.id for p in file.protocol}, "protocol")
            found.append(
                InvestigationRule(
                    record,
                    self._truth(faults, record.id, record.when),
                    self._essential(faults, record),
                    self._reasons(faults, record.id, record.caution),
                    self._reasons(faults, record.id, record.not_),
                    tuple(self._known_item(faults, record.id, name) for name in record.done_by),
                )
            )
        for entry in file.safety:
            faults.refer(entry.id, entry.applies, tests, "test")
            if not entry.applies:
                faults.add(entry.id, "applies: it is said of no test: name one")
        return (
            tuple(found),
            self._rules(faults, file.protocol),
            self._rules(faults, file.safety),
        )

    def _advice_against(self, file: InvestigationsFile) -> tuple[Rule[AdviceAgainst], ...]:
        faults = self._faults("investigations.toml")
        tests = {record.id for record in file.investigation}
        for record in file.advice_against:
            faults.refer(record.id, record.tests, tests, "test")
        return self._rules(faults, file.advice_against)

    def _plan(
        self, file: PlanFile, form: Form, conditions: ConditionsFile, urgency: UrgencyFile
    ) -> tuple[tuple[TreatmentRule, ...], tuple[Rule[Team], ...], tuple[Rule[SafetyNet], ...]]:
        faults = self._faults("plan.toml")
        profile = form.questions.get(PROFILE)
        profiles = [option.id for option in profile.options] if profile else []
        known = {record.id for record in conditions.condition}
        flags = {record.id for record in urgency.red_flag}
        found: list[TreatmentRule] = []
        for record in file.option:
            self._take(faults, record.id)
            faults.refer(record.id, record.profiles, profiles, "profile")
            faults.refer(record.id, record.treats, known, "condition")
            faults.refer(record.id, record.emergency_with, flags, "red flag")
            if bool(record.treats) is bool(record.aim):
                says = "say which conditions it treats, or, if none, in aim what it is for"
                faults.add(record.id, says)
            if not record.treats and not record.when:
                faults.add(record.id, "when: say when it is offered")
            found.append(
                TreatmentRule(
                    record,
                    self._offered(faults, record),
                    self._reasons(faults, record.id, record.contraindicated),
                    self._reasons(faults, record.id, record.caution),
                )
            )
        for team in file.team:
            faults.refer(team.id, team.emergency_with, flags, "red flag")
        return (
            tuple(found),
            self._rules(faults, file.team),
            self._rules(faults, file.safety_net),
        )

    def _services(
        self,
        file: ServicesFile,
        red_flags: tuple[Rule[RedFlag], ...],
        investigations: tuple[InvestigationRule, ...],
    ) -> tuple[ServiceRule, ...]:
        faults = self._faults("services.toml")
        flags = {rule.record.id: rule for rule in red_flags}
        tests = {rule.record.id: rule.when for rule in investigations}
        found: list[ServiceRule] = []
        for record in file.service:
            self._take(faults, record.id)
            named = (*record.flags, *(r.flag for r in record.reason if r.flag))
            faults.refer(record.id, named, flags, "red flag")
            faults.refer(record.id, record.tests, tests, "test")
            grounds: list[ServiceGround] = []
            for reason in record.reason:
                when = self._truth(faults, record.id, reason.when)
                grounds.append(ServiceGround(reason, when))
            taken = [f for f in flags.values() if f.record.level == record.takes]
            taken += [flags[name] for name in record.flags if name in flags]
            parts = [rule.when for rule in taken if rule.when is not None]
            parts += [tests[name] for name in record.tests if name in tests]
            for ground in grounds:
                flag = flags[ground.record.flag].when if ground.record.flag in flags else None
                parts.append(ground.when if flag is None else And((flag, ground.when)))
            # It is asked for or not: what is open is said of the rules that it takes.
            asked = None if record.own else Surely(Or(tuple(parts)))
            found.append(ServiceRule(record, asked, tuple(grounds)))
        return tuple(found)

    def _essential(self, faults: Faults, record: Investigation) -> Node:
        """Return when an indicated test is essential: always is an empty *and*, never an empty *or*."""
        if isinstance(record.essential, bool):
            return And(()) if record.essential else Or(())
        return self._truth(faults, record.id, record.essential)

    def _offered(self, faults: Faults, record: Treatment) -> Node:
        """Return when an option is offered: one of the conditions that it treats leads, and its own condition holds."""
        leading = Or(tuple(Leads(name) for name in record.treats))
        if not record.when:
            return leading
        own = self._truth(faults, record.id, record.when)
        return And((leading, own)) if record.treats else own

    def _rules(self, faults: Faults, records: Sequence[N]) -> tuple[Rule[N], ...]:
        found: list[Rule[N]] = []
        for record in records:
            self._take(faults, record.id)
            text = getattr(record, "when", "")
            # Only a record that may leave its condition out always holds without one.
            needed = "when" in type(record).model_fields and (
                type(record).model_fields["when"].is_required()
            )
            when = self._truth(faults, record.id, text) if text or needed else None
            found.append(Rule(record, when))
        return tuple(found)

    # -- expressions ----------------------------------------------------------------------------

    def _parse(
        self,
        faults: Faults,
        record: str,
        text: str,
        parse: Callable[[str, Scope], T],
        scope: Scope | None = None,
    ) -> T | None:
        try:
            return parse(text, scope or self._scope)
        except ExpressionError as error:
            faults.add(record, error.says, error.column)
            return None

    def _truth(self, faults: Faults, record: str, text: str, scope: Scope | None = None) -> Node:
        if scope is not None:
            return self._parse(faults, record, text, parse_condition, scope) or Or(())
        # Many rules ask the same in the same words. What was no condition is told of each of them.
        node = self._parsed.get(text) or self._parse(faults, record, text, parse_condition)
        if node is None:
            return Or(())
        return self._parsed.setdefault(text, node)

    def _known_item(self, faults: Faults, record: str, item: str) -> Node:
        """Return when an item is satisfied: a fact by being true, an answer by being known."""
        symbol = self._scope.get(item)
        if symbol is None:
            faults.add(record, f"there is no {item!r}{self._scope.closest(item)}")
            return Or(())
        return self._truth(faults, record, item if symbol.kind is Kind.TRUTH else f"known({item})")

    def _reasons(
        self, faults: Faults, record: str, grounds: Iterable[Ground]
    ) -> tuple[Reason, ...]:
        return tuple(Reason(g, self._truth(faults, record, g.when)) for g in grounds)

    # -- checks over files ----------------------------------------------------------------------

    def _preflight(
        self,
        recipients: Mapping[str, Recipient],
        services: ServicesFile,
        form: Form,
        sources: SourcesFile,
    ) -> dict[str, RecipientRule]:
        known = {service.id for service in services.service}
        sided = {q.id for q in form.questions.values() if q.sided and q.kind == "choices"}
        found: dict[str, RecipientRule] = {}
        for record in recipients.values():
            faults = self._faults(f"recipients/{record.id}.toml")
            faults.refer("serves", record.serves, known, "service")
            faults.refer("sides", record.sides, sided, "sided list")
            faults.refer("sensitive", record.sensitive, form.parts, "question or option")
            for entry in record.returned:
                faults.refer("returned", entry.source, {s.id for s in sources.source}, "source")
            found[record.id] = RecipientRule(
                record,
                tuple(self._known_item(faults, "must", name) for name in record.must),
                tuple(self._known_item(faults, "helpful", name) for name in record.helpful),
                tuple(
                    tuple(self._known_item(faults, "safety", name) for name in entry.answers)
                    for entry in record.safety
                ),
                tuple(self._truth(faults, "returned", entry.when) for entry in record.returned),
            )
        return found

    def _receiver_forms(
        self, recipients: Collection[str], form: Form
    ) -> dict[str, ReceiverFormRule]:
        found: dict[str, ReceiverFormRule] = {}
        for path in self._files.paths():
            if not path.startswith(RECEIVER_FORMS):
                continue
            name, recipient = path.removeprefix("forms/"), PurePosixPath(path).stem
            faults = self._faults(name)
            faults.refer("", (recipient,), recipients, "recipient")
            if not path.endswith(".toml"):
                if f"{RECEIVER_FORMS}{recipient}.toml" not in self._files.paths():
                    faults.add(
                        "",
                        "there is no map of this form: write the .toml beside it, triage fields begins it",
                    )
                continue
            record = self._read(name, ReceiverForm)
            if record is None:
                continue
            for field, times in Counter(entry.name for entry in record.field).items():
                if times > 1:
                    faults.add(field, f"this field stands here {times} times: keep one")
            for entry in record.field:
                if entry.answer and form.slot(entry.answer) is None:
                    faults.refer(entry.name, (entry.answer,), form.questions, "answer")
            found[recipient] = ReceiverFormRule(
                record,
                {
                    entry.name: tuple(
                        self._truth(faults, entry.name, when)
                        for when in (entry.tick_when, *(choice.when for choice in entry.choose))
                        if when
                    )
                    for entry in record.field
                },
            )
        return found

    def _sources(self, sources: SourcesFile, **files: Record) -> None:
        known = {source.id for source in sources.source}
        _unique(self._faults("sources.toml"), [source.id for source in sources.source], "source")
        for name, file in files.items():
            faults = self._faults(f"{name}.toml")
            for records in dict(file).values():
                for record in records if isinstance(records, tuple) else ():
                    if isinstance(record, Named):
                        faults.refer(record.id, getattr(record, "source", ()), known, "source")


def _unique(faults: Faults, ids: Iterable[str], what: str) -> None:
    for name, times in Counter(ids).items():
        if times > 1:
            faults.add(name, f"this {what} stands here {times} times: keep one")
        if not _ID.fullmatch(name):
            faults.add(name, "an id is made of letters, digits, dots, dashes and underscores")
