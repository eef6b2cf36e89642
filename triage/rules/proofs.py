"""The proof cases of the rules: one-line patients, found by themselves, and what each rule must make of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from triage.content.casefile import read_case
from triage.content.files import ContentFiles
from triage.content.load import Content
from triage.content.reading import Faults, read_record
from triage.content.schema import (
    AdviceAgainst,
    Condition,
    Investigation,
    Named,
    Proof,
    ProofsFile,
    RedFlag,
)
from triage.errors import CaseError, ContentError, Problem
from triage.expr.evaluate import Known3
from triage.expr.tree import Node
from triage.model.case import Case
from triage.rules.assess import Assessor
from triage.rules.assessment import Assessment

# Rules reviewed since then need their cases; those before are proved by the teaching cases alone.
NEEDED_SINCE = date(2026, 11, 26)
# A near miss is near if it differs from a patient in whom the rule fires in no more answers than this.
NEAR = 2
_DAY = date(2026, 11, 26)
_SUPPORTED = ("possible", "well_supported")


class _Told(NamedTuple):
    """A proof and where it stands."""

    file: str
    place: str
    proof: Proof


def proof_faults(content: Content, files: ContentFiles) -> list[Problem]:
    """Return every proof that does not hold, and every rule that lacks one.

    Parameters
    ----------
    content
        The content that is proved.
    files
        Where it came from: the proofs stand in its ``cases/*.toml``.
    """
    problems: list[Problem] = []
    told = list(_told(files, problems))
    if problems:
        return problems
    reader = _Reader(content)
    for entry in told:
        if says := reader.fault(entry.proof):
            problems.append(Problem(entry.file, entry.place, says))
    problems += _gaps(content, reader, told)
    return problems


def proofs_of(files: ContentFiles, rule: str) -> list[Proof]:
    """Return the proofs of one rule, as they stand in the files.

    Raises
    ------
    ContentError
        If a file of proofs cannot be read.
    """
    problems: list[Problem] = []
    told = list(_told(files, problems))
    if problems:
        raise ContentError(problems)
    return [entry.proof for entry in told if entry.proof.rule == rule]


def _told(files: ContentFiles, problems: list[Problem]) -> Iterator[_Told]:
    for name in files.paths():
        if name.startswith("forms/cases/") and name.endswith(".toml"):
            file = name.removeprefix("forms/")
            if (record := read_record(files, name, ProofsFile, Faults(file, problems))) is None:
                continue
            for number, proof in enumerate(record.proof, 1):
                yield _Told(file, f"proof {number}, {proof.rule}", proof)


class _Reader:
    """Assesses the patients of proofs."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._assessor = Assessor(content)
        self.nodes = _nodes(content)
        self._blank = Case()

    def fault(self, proof: Proof) -> str:
        """Return what is wrong with a proof, or nothing."""
        if proof.rule not in self.nodes:
            return f"there is no rule {proof.rule!r}"
        data: dict[str, object] = {"triage_case": 1, "answers": proof.answers}
        if proof.profile:
            data["profile"] = proof.profile
        content = self._content
        try:
            case = read_case(json.dumps(data), content.form, content.rule_ids, _DAY, "answers")
        except CaseError as error:
            return str(error)
        stands = self.stands(proof.rule, case)
        if proof.shows in (stands, _FIRES.get(stands)):
            return ""
        return f"{proof.patient} It {_WORDS[stands]} and should be: {proof.shows}"

    def stands(self, rule: str, case: Case) -> str:
        """Return what a rule makes of a case, in the words of a proof; a test that fires by its tier."""
        read = self._assessor.read(case, _DAY)
        assessment = self._assessor.assess(case, _DAY, read)
        truth = self._assessor.truth(self.nodes[rule], read)
        return _stands(self._content.rules.get(rule), rule, assessment, truth)

    def open_without_answers(self, rule: str) -> bool:
        """Whether the rule is undecided while nothing is answered."""
        return self.stands(rule, self._blank) == "undecided"


# A test that fires, by its tier.
_FIRES = {"essential": "fires", "helpful": "fires"}
_WORDS = {
    "fires": "fires",
    "essential": "is essential",
    "helpful": "is helpful",
    "near_miss": "does not fire",
    "undecided": "is undecided",
    "not_indicated": "is not indicated",
}


def _nodes(content: Content) -> Mapping[str, Node]:
    """Return the condition of everything that a proof can speak of."""
    nodes: dict[str, Node] = dict(content.findings)
    nodes |= {rule.record.id: rule.gate for rule in content.conditions}
    groups: tuple[Iterable[object], ...] = (
        content.red_flags,
        content.investigations,
        content.advice_against,
        content.treatments,
        content.team,
        content.safety_net,
        content.services,
        content.contradictions,
    )
    for rules in groups:
        for rule in rules:
            if (node := rule.when) is not None:  # type: ignore[attr-defined]
                nodes[rule.record.id] = node  # type: ignore[attr-defined]
    return nodes


def _stands(record: Named | None, rule: str, found: Assessment, truth: Known3) -> str:
    """Return what `found` says of a rule; `truth` is that of its condition, or of its gate."""
    open_ = truth is None
    match record:
        case None:
            fires = bool(truth)
        case RedFlag():
            fires = any(reason.rule == rule for reason in found.urgency.reasons)
        case Condition():
            support = next((c.support for c in found.conditions if c.id == rule), "")
            fires = support in _SUPPORTED
            open_ = open_ or support == "cannot_say"
        case Investigation():
            test = next((t for t in found.investigations if t.id == rule), None)
            if test is not None and test.status == "not_indicated":
                return "not_indicated"
            if test is not None and test.indicated:
                return test.tier
            fires = False
        case AdviceAgainst():
            against = [t for t in found.investigations if t.status == "not_indicated"]
            fires = any(reason.rule == rule for test in against for reason in test.reasons)
        case _:
            listed: tuple[tuple[Named, ...], ...] = (
                found.plan,
                found.team,
                found.safety_net,
                found.services,
                found.contradictions,
            )  # type: ignore[assignment]
            fires = any(item.id == rule for items in listed for item in items)
    return "fires" if fires else "undecided" if open_ else "near_miss"


def _gaps(content: Content, reader: _Reader, told: list[_Told]) -> Iterator[Problem]:
    """Yield what lacks: a case that fires, a near miss that is near, an undecided one where there can be one."""
    by_rule: dict[str, list[_Told]] = defaultdict(list)
    for entry in told:
        by_rule[entry.proof.rule].append(entry)
    for rule, entries in by_rule.items():
        firing = [e.proof.answers for e in entries if e.proof.shows in ("fires", *_FIRES)]
        for entry in entries:
            if entry.proof.shows == "near_miss" and not any(
                _apart(entry.proof.answers, answers) <= NEAR for answers in firing
            ):
                says = f"the near miss differs from every firing case of {rule} in more than {NEAR} answers"
                yield Problem(entry.file, entry.place, says)
    for rule, record in content.rules.items():
        if rule not in reader.nodes or getattr(record, "reviewed", date.min) < NEEDED_SINCE:
            continue
        shown: set[str] = {entry.proof.shows for entry in by_rule[rule]}
        shown |= {_FIRES[show] for show in shown & _FIRES.keys()}
        needed = {"fires", "near_miss"}
        if isinstance(record, Investigation) and record.essential:
            needed.add("essential")
        if "not_indicated" in shown:
            # Of a test that is told even where nothing calls for it.
            needed.discard("near_miss")
        if "undecided" not in shown and reader.open_without_answers(rule):
            needed.add("undecided")
        if lacking := sorted(needed - shown):
            yield Problem("cases", rule, f"it has no proof case that shows: {', '.join(lacking)}")


def _apart(some: Mapping[str, object], others: Mapping[str, object]) -> int:
    """Return in how many answers two patients differ."""
    nothing = object()
    return sum(some.get(key, nothing) != others.get(key, nothing) for key in some.keys() | others)
