"""From content files to `Content`: all of it or nothing, with every fault of every file at once."""

from __future__ import annotations

import gc
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, Generic, TypeVar

import tomli
from pydantic import ValidationError

from triage.content.files import ContentFiles
from triage.content.form import DATE, PROFILE, Form, in_default_unit
from triage.content.schema import (
    Condition,
    ConditionsFile,
    Contradiction,
    ContradictionsFile,
    Elsewhere,
    FindingsFile,
    FormFile,
    Ground,
    Investigation,
    InvestigationsFile,
    Named,
    PlanFile,
    Protocol,
    Question,
    Recipient,
    Record,
    RedFlag,
    Safety,
    SafetyNet,
    Source,
    SourcesFile,
    StarSet,
    Team,
    Treatment,
    UrgencyFile,
    WordBand,
)
from triage.content.symbols import form_symbols, outcome_symbols, recipient_symbols
from triage.errors import ContentError, Problem
from triage.expr.parse import ExpressionError, parse_condition, parse_number
from triage.expr.symbols import Kind, Scope, Symbol, did_you_mean
from triage.expr.tree import Node, Number, Or, Split, names

R = TypeVar("R", bound=Record)
N = TypeVar("N", bound=Named)
T = TypeVar("T")
# Every key that some record has, for hints.
_KEYS = frozenset(
    field.alias or name
    for record in (*Record.__subclasses__(), *Named.__subclasses__())
    for name, field in record.model_fields.items()
)
_ID = re.compile(r"[A-Za-z_][\w.\-]*")


@dataclass(frozen=True, slots=True)
class Rule(Generic[N]):
    """A record with its condition parsed; `when` is None where it always holds."""

    record: N
    when: Node | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason against something, with its condition parsed."""

    record: Ground
    when: Node


@dataclass(frozen=True, slots=True)
class ConditionRule:
    """A condition of the differential with its gate and its items parsed."""

    record: Condition
    gate: Node
    for_: tuple[Node, ...]
    against: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InvestigationRule:
    """A test with its conditions parsed."""

    record: Investigation
    when: Node
    not_: tuple[Reason, ...]
    done: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class TreatmentRule:
    """An option of management with its conditions parsed."""

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
    implied: Mapping[str, tuple[tuple[str, Node], ...]]
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
    protocols: tuple[Rule[Protocol], ...]
    safety: tuple[Rule[Safety], ...]
    treatments: tuple[TreatmentRule, ...]
    team: tuple[Rule[Team], ...]
    safety_net: tuple[Rule[SafetyNet], ...]
    contradictions: tuple[Rule[Contradiction], ...]
    elsewhere: tuple[Rule[Elsewhere], ...]
    sources: Mapping[str, Source]
    recipients: Mapping[str, Recipient]
    fingerprint: str

    @cached_property
    def rule_ids(self) -> frozenset[str]:
        """The ids of everything that a decision can be about."""
        return frozenset(self.rules)

    @cached_property
    def contradiction_ids(self) -> frozenset[str]:
        """The ids of the rules about answers that cannot all hold."""
        return frozenset(rule.record.id for rule in self.contradictions)

    @cached_property
    def rules(self) -> Mapping[str, Named]:
        """Every rule by id, over all files."""
        groups: tuple[
            Iterable[Rule[Any] | ConditionRule | InvestigationRule | TreatmentRule], ...
        ] = (
            self.red_flags,
            self.star_sets,
            self.conditions,
            self.investigations,
            self.protocols,
            self.safety,
            self.treatments,
            self.team,
            self.safety_net,
            self.contradictions,
        )
        return {rule.record.id: rule.record for rules in groups for rule in rules}


def block_key(block: str) -> str:
    """Return the name under which a block's conditions stand beside those of the questions."""
    return f"block:{block}"


def load_content(files: ContentFiles) -> Content:
    """Read, check and parse all content.

    Raises
    ------
    ContentError
        With every problem of every file.
    """
    # Loading makes a great many small objects that all stay; the collector would walk them in vain.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _Loader(files).load()
    finally:
        if collecting:
            gc.enable()


class _Loader:
    def __init__(self, files: ContentFiles) -> None:
        self._files = files
        self._problems: list[Problem] = []
        self._file = ""

    def load(self) -> Content:
        form_file = self._read("form.toml", FormFile)
        findings = self._read("findings.toml", FindingsFile)
        urgency = self._read("urgency.toml", UrgencyFile)
        conditions = self._read("conditions.toml", ConditionsFile)
        investigations = self._read("investigations.toml", InvestigationsFile)
        plan = self._read("plan.toml", PlanFile)
        sources = self._read("sources.toml", SourcesFile)
        recipients = self._recipients()
        contradictions = self._contradictions()
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

        form = Form(form_file)
        self._check_form(form)
        scope = self._scope(form, findings, recipients)
        parsed_findings, numbers, order = self._findings(findings, scope)
        self._file = "form.toml"
        show = self._conditions_of(form, "show_when", scope)
        for shown, node in show.items():
            # It decides whether an answer counts, so it is read before anything is derived from answers.
            derived = sorted(set(names(node)) & (parsed_findings.keys() | numbers.keys()))
            if derived and shown in form.questions:
                self._fault(shown, f"show_when may only read answers, not {derived[0]!r}")
        unfold = self._conditions_of(form, "unfold_when", scope)
        implied = {
            q.id: tuple((i.value, self._truth(q.id, i.when, scope)) for i in q.implied)
            for q in form.questions.values()
            if q.implied
        }
        self._file = "urgency.toml"
        red_flags = self._rules(urgency.red_flag, scope)
        star_sets = self._rules(urgency.star_set, scope)
        star_items = {
            item: self._known_item(star_set.id, item, scope)
            for star_set in urgency.star_set
            for item in star_set.items
        }
        self._file = "contradictions.toml"
        for contradiction in contradictions.contradiction:
            named = (*contradiction.answers, *contradiction.denies)
            self._refer(contradiction.id, named, form.questions, "question")
        for told in contradictions.elsewhere:
            self._refer(told.id, [told.question], form.questions, "question")
        parsed_contradictions = self._rules(contradictions.contradiction, scope)
        elsewhere = self._rules(contradictions.elsewhere, scope)
        self._file = "conditions.toml"
        parsed_conditions = tuple(self._condition(record, scope) for record in conditions.condition)
        for condition in conditions.condition:
            scope.add(Symbol(condition.id, Kind.CONDITION))
        for symbol in outcome_symbols():
            scope.add(symbol)
        self._file = "investigations.toml"
        parsed_investigations = tuple(
            self._investigation(record, scope) for record in investigations.investigation
        )
        protocols = self._rules(investigations.protocol, scope)
        safety = self._rules(investigations.safety, scope)
        tests = {record.id for record in investigations.investigation}
        for entry in investigations.safety:
            self._refer(entry.id, entry.applies, tests, "test")
        flags = {record.id for record in urgency.red_flag}
        for test in investigations.investigation:
            self._refer(test.id, test.emergency_with, flags, "red flag")
        self._file = "plan.toml"
        treatments = tuple(self._treatment(record, scope) for record in plan.option)
        team = self._rules(plan.team, scope)
        safety_net = self._rules(plan.safety_net, scope)
        if not self._problems:
            # Ids and sources can only be compared once every file could be read.
            self._check_ids(urgency, conditions, investigations, plan, contradictions)
            self._check_sources(
                {source.id for source in sources.source},
                form_file=form_file,
                urgency=urgency,
                conditions=conditions,
                investigations=investigations,
                plan=plan,
                contradictions=contradictions,
            )
        if self._problems:
            raise ContentError(self._problems)
        return Content(
            form=form,
            show=show,
            unfold=unfold,
            implied=implied,
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
            protocols=protocols,
            safety=safety,
            treatments=treatments,
            team=team,
            safety_net=safety_net,
            contradictions=parsed_contradictions,
            elsewhere=elsewhere,
            sources={source.id: source for source in sources.source},
            recipients=recipients,
            fingerprint=self._files.fingerprint(),
        )

    # -- files ----------------------------------------------------------------------------------

    def _read(self, name: str, model: type[R]) -> R | None:
        path = f"forms/{name}"
        try:
            data = tomli.loads(self._files.text(path))
        except ContentError as error:
            self._problems += error.problems
            return None
        except (tomli.TOMLDecodeError, RecursionError) as error:
            self._problems.append(Problem(name, "", f"this is not TOML: {error}"))
            return None
        try:
            return model.model_validate_json(json.dumps(data, default=str))
        except (ValidationError, ValueError) as error:
            self._problems += _faults(name, data, error)
            return None

    def _recipients(self) -> dict[str, Recipient]:
        found: dict[str, Recipient] = {}
        for path in self._files.paths():
            if path.startswith("forms/recipients/") and path.endswith(".toml"):
                record = self._read(path.removeprefix("forms/"), Recipient)
                if record is not None:
                    found[record.id] = record
        return found

    def _contradictions(self) -> ContradictionsFile:
        """Return what cannot both hold; a form need not say so."""
        name = "contradictions.toml"
        there = f"forms/{name}" in self._files.paths()
        return (self._read(name, ContradictionsFile) if there else None) or ContradictionsFile()

    def _fault(self, record: str, says: str, column: int = 0) -> None:
        self._problems.append(Problem(self._file, record, says, column))

    # -- the form -------------------------------------------------------------------------------

    def _check_form(self, form: Form) -> None:
        self._file = "form.toml"
        file = form.file
        for needed in (DATE, PROFILE):
            if needed not in form.questions:
                self._fault(needed, "every form needs this question: the program itself reads it")
        self._unique([section.id for section in file.section], "section")
        self._unique([block.id for block in file.block], "block")
        self._unique([question.id for question in file.question], "question")
        for block in file.block:
            self._refer(block.id, [block.section], form.sections, "section")
        for question in file.question:
            self._refer(question.id, [question.section], form.sections, "section")
            if question.block:
                self._refer(question.id, [question.block], form.blocks, "block")
            for says in _question_faults(question, form):
                self._fault(question.id, says)
        for entry in file.retired:
            if (
                entry.became
                and entry.became not in form.slots
                and entry.became not in form.questions
            ):
                self._fault(entry.id, f"there is no {entry.became!r}{form.closest(entry.became)}")

    def _scope(self, form: Form, findings: FindingsFile, recipients: Iterable[str]) -> Scope:
        scope = Scope((*form_symbols(form), *recipient_symbols(recipients)))
        self._file = "findings.toml"
        for record in findings.finding:
            scope.add(Symbol(record.id, Kind.TRUTH))
        for number in findings.number:
            scope.add(Symbol(number.id, Kind.NUMBER))
        for group in findings.group:
            for member in group.members:
                if scope.get(member) is None:
                    self._fault(group.id, f"there is no {member!r}{scope.closest(member)}")
            if not group.members:
                self._fault(group.id, "a group needs members")
            scope.add(Symbol(group.id, Kind.GROUP, members=group.members))
        for band in findings.word_band:
            if scope.get(band.id) is None:
                self._fault(band.id, f"there is no result of this id{scope.closest(band.id)}")
        return scope

    def _conditions_of(self, form: Form, field: str, scope: Scope) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for record in (*form.questions.values(), *form.blocks.values()):
            if text := getattr(record, field):
                key = record.id if isinstance(record, Question) else block_key(record.id)
                found[key] = self._truth(record.id, text, scope)
        return found

    # -- expressions ----------------------------------------------------------------------------

    def _parse(
        self, record: str, text: str, scope: Scope, parse: Callable[[str, Scope], T]
    ) -> T | None:
        try:
            return parse(text, scope)
        except ExpressionError as error:
            self._fault(record, error.says, error.column)
            return None

    def _truth(self, record: str, text: str, scope: Scope) -> Node:
        return self._parse(record, text, scope, parse_condition) or Or(())

    def _findings(
        self, file: FindingsFile, scope: Scope
    ) -> tuple[dict[str, Node], dict[str, Number], tuple[str, ...]]:
        self._file = "findings.toml"
        findings: dict[str, Node] = {}
        numbers: dict[str, Number] = {}
        for record in file.finding:
            if record.when and not (record.true_when or record.false_when):
                findings[record.id] = self._truth(record.id, record.when, scope)
            elif record.true_when and record.false_when and not record.when:
                findings[record.id] = Split(
                    self._truth(record.id, record.true_when, scope),
                    self._truth(record.id, record.false_when, scope),
                )
            else:
                self._fault(record.id, "give either when, or both true_when and false_when")
                findings[record.id] = Or(())
        for number in file.number:
            parsed = self._parse(number.id, number.is_, scope, parse_number)
            if parsed is not None:
                numbers[number.id] = parsed
        trees: Mapping[str, Node | Number] = {**findings, **numbers}
        needs = {name: {n for n in names(tree) if n in trees} for name, tree in trees.items()}
        try:
            order = tuple(TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            self._fault(error.args[1][0], f"findings go round in a circle: {circle}")
            order = ()
        return findings, numbers, order

    def _known_item(self, record: str, item: str, scope: Scope) -> Node:
        """Return when an item is satisfied: a fact by being true, an answer by being known."""
        symbol = scope.get(item)
        if symbol is None:
            self._fault(record, f"there is no {item!r}{scope.closest(item)}")
            return Or(())
        return self._truth(record, item if symbol.kind is Kind.TRUTH else f"known({item})", scope)

    def _rules(self, records: Sequence[N], scope: Scope) -> tuple[Rule[N], ...]:
        return tuple(
            Rule(r, self._truth(r.id, text, scope) if (text := getattr(r, "when", "")) else None)
            for r in records
        )

    def _reasons(self, record: str, grounds: Iterable[Ground], scope: Scope) -> tuple[Reason, ...]:
        return tuple(Reason(g, self._truth(record, g.when, scope)) for g in grounds)

    def _condition(self, record: Condition, scope: Scope) -> ConditionRule:
        return ConditionRule(
            record,
            self._truth(record.id, record.gate, scope),
            tuple(self._truth(record.id, item.when, scope) for item in record.for_),
            tuple(self._truth(record.id, item.when, scope) for item in record.against),
        )

    def _investigation(self, record: Investigation, scope: Scope) -> InvestigationRule:
        return InvestigationRule(
            record,
            self._truth(record.id, record.when, scope),
            self._reasons(record.id, record.not_, scope),
            tuple(self._known_item(record.id, name, scope) for name in record.done_by),
        )

    def _treatment(self, record: Treatment, scope: Scope) -> TreatmentRule:
        return TreatmentRule(
            record,
            self._truth(record.id, record.when, scope),
            self._reasons(record.id, record.contraindicated, scope),
            self._reasons(record.id, record.caution, scope),
        )

    # -- checks over files ----------------------------------------------------------------------

    def _unique(self, ids: Iterable[str], what: str) -> None:
        for name, times in Counter(ids).items():
            if times > 1:
                self._fault(name, f"this {what} stands here {times} times: keep one")
            if not _ID.fullmatch(name):
                self._fault(name, "an id is made of letters, digits, dots, dashes and underscores")

    def _refer(self, record: str, names: Iterable[str], known: Iterable[str], what: str) -> None:
        known = list(known)
        for name in names:
            if name not in known:
                self._fault(record, f"there is no {what} {name!r}{did_you_mean(name, known)}")

    def _check_ids(
        self,
        urgency: UrgencyFile,
        conditions: ConditionsFile,
        investigations: InvestigationsFile,
        plan: PlanFile,
        contradictions: ContradictionsFile,
    ) -> None:
        where: dict[str, str] = {}
        for file, records in (
            ("urgency.toml", (*urgency.exit, *urgency.red_flag)),
            ("urgency.toml, star_set", urgency.star_set),
            ("conditions.toml", conditions.condition),
            (
                "investigations.toml",
                (*investigations.investigation, *investigations.protocol, *investigations.safety),
            ),
            ("plan.toml", (*plan.option, *plan.team, *plan.safety_net)),
            (
                "contradictions.toml",
                (*contradictions.contradiction, *contradictions.elsewhere),
            ),
        ):
            self._file = file
            for record in records:
                if record.id in where:
                    self._fault(
                        record.id, f"this id is taken in {where[record.id]}: choose another"
                    )
                where.setdefault(record.id, file)

    def _check_sources(self, known: set[str], form_file: FormFile, **files: Record) -> None:
        for name, records in (
            ("form.toml", form_file.question),
            *((f"{name}.toml", _sourced(file)) for name, file in files.items()),
        ):
            self._file = name
            for record in records:
                self._refer(record.id, record.source, known, "source")  # type: ignore[attr-defined]


def _sourced(file: Record) -> Iterator[Named]:
    for value in dict(file).values():
        for record in value if isinstance(value, tuple) else ():
            if isinstance(record, Named) and hasattr(record, "source"):
                yield record


def _question_faults(question: Question, form: Form) -> Iterator[str]:
    """Yield what is wrong with a question beyond its keys and their types."""
    needs = {"choice": "options", "choices": "options", "grid": "rows", "table": "columns"}
    if (field := needs.get(question.kind)) and not getattr(question, field):
        yield f"a {question.kind} needs {field}"
    if question.kind in ("choices", "table") and question.nothing is None:
        yield "a list needs its closing line: nothing = { id = …, label = … }"
    for what, records in (
        ("option", question.options),
        ("row", question.rows),
        ("column", question.columns),
    ):
        ids = [record.id for record in records]
        for name in {name for name in ids if ids.count(name) > 1}:
            yield f"the {what} {name!r} stands here twice"
    options = {option.id for option in question.options}
    for option in question.options:
        for name in (option.from_, option.to, *option.ticks):
            if name and name not in options:
                yield f"option {option.id!r}: there is no option {name!r}{did_you_mean(name, options)}"
    rows = {row.id for row in question.rows}
    for row in question.rows:
        for name in row.covers:
            if name.removeprefix(f"{question.id}.") not in rows:
                yield f"row {row.id!r}: there is no row {name!r}"
    for fill in question.fills:
        for name in fill.rows:
            if name not in rows:
                yield f"fill {fill.id!r}: there is no row {name!r}{did_you_mean(name, rows)}"
    if question.also and question.also not in form.questions:
        yield f"also: there is no question {question.also!r}{form.closest(question.also)}"
    for column in question.columns:
        if column.options_from and column.options_from not in form.questions:
            yield f"column {column.id!r}: there is no question {column.options_from!r}"
    for unit in question.units:
        if in_default_unit(question, unit.factor, unit.unit) is None or unit.factor == 0:
            yield f"unit {unit.unit!r} needs a factor that is not zero"
    if question.range and question.range[0] > question.range[1]:
        yield "range: the lower end is above the upper end"


def _faults(
    file: str, data: Mapping[str, object], error: ValidationError | ValueError
) -> list[Problem]:
    if not isinstance(error, ValidationError):
        return [Problem(file, "", f"this cannot be read: {error}")]
    found: list[Problem] = []
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        record, rest = _locate(data, fault["loc"])
        key = ".".join(str(part) for part in rest)
        if fault["type"] == "extra_forbidden":
            says = f"the key {key!r} is not known here{did_you_mean(str(rest[-1]), _KEYS)}"
        elif fault["type"] == "missing":
            says = f"the key {key!r} is missing"
        else:
            says = f"{key}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
        found.append(Problem(file, record, says))
    return found


def _locate(
    data: Mapping[str, object], loc: Sequence[int | str]
) -> tuple[str, Sequence[int | str]]:
    """Return the name of the record that `loc` is in, and the rest of the path."""
    if len(loc) >= 2 and isinstance(loc[1], int):
        records = data.get(str(loc[0]))
        if isinstance(records, list) and isinstance(records[loc[1]], dict):
            named = records[loc[1]].get("id")
            return (f"{loc[0]} {named}" if named else f"{loc[0]} {loc[1] + 1}"), loc[2:]
    return "", loc
