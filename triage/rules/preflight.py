"""Would this recipient return the letter? What it asks for, and what is missing or speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from triage.content.form import AGE, DECISION, URGENCY
from triage.content.load import Content
from triage.content.schema import OptionRecord, Recipient, Returned
from triage.expr.explain import Explained
from triage.expr.tree import Node
from triage.model.case import Case
from triage.model.values import Decision, Text, Urgency, Value, is_present
from triage.rules.against import nothing_to_study
from triage.rules.assessment import Assessment, LackFinding, LackKind
from triage.rules.compiled import Explain
from triage.rules.facts import CaseFacts
from triage.rules.services import inside

QUESTION = "referrer.question"
# A question of fewer words asks for nothing that can be answered.
_WORDS = 4

_Asked = tuple[tuple[str, Explained], ...]


class _Compiled(NamedTuple):
    """A recipient with what it asks for and sends back, compiled."""

    record: Recipient
    must: _Asked
    helpful: _Asked
    safety: tuple[tuple[str, _Asked], ...]
    returned: tuple[tuple[Returned, Explained], ...]


class PreflightReader:
    """Looks at a letter as its recipient would; made once for a content.

    Parameters
    ----------
    content
        The content.
    explained
        Compiles a condition.
    """

    def __init__(self, content: Content, explained: Explain) -> None:
        self._content = content
        self._form = content.form
        self._services = {rule.record.id: rule.record for rule in content.services}

        def asked(names: Iterable[str], nodes: Iterable[Node]) -> _Asked:
            return tuple((n, explained(node)) for n, node in zip(names, nodes, strict=True))

        self._recipients = {
            name: _Compiled(
                rule.record,
                asked(rule.record.must, rule.must),
                asked(rule.record.helpful, rule.helpful),
                tuple(
                    (entry.says, asked(entry.answers, nodes))
                    for entry, nodes in zip(rule.record.safety, rule.safety, strict=True)
                ),
                tuple(
                    (entry, explained(node))
                    for entry, node in zip(rule.record.returned, rule.returned, strict=True)
                ),
            )
            for name, rule in content.preflight.items()
        }

    def lacks(
        self, recipient: str, case: Case, assessment: Assessment, read: CaseFacts
    ) -> tuple[LackFinding, ...]:
        """Return what `recipient` would miss, or return the letter for; the gravest first.

        Parameters
        ----------
        recipient
            To whom the letter goes.
        case, assessment, read
            The case, its assessment, and the facts that the assessment was made from.
        """
        to = self._recipients.get(recipient)
        if to is None:
            return ()
        if not assessment.scope.ok:
            return (LackFinding("would_be_returned", (assessment.scope.says.rstrip("."),), (AGE,)),)
        returned = tuple(self._returned(to, "would_be_returned", read))
        told = {source for lack in returned for source in lack.source}
        return (
            *self._addressee(to.record, case, assessment),
            *self._question(to.record, case),
            *self._safety(to, assessment, read),
            *returned,
            # What the same sources make a reason to return it is not said again.
            *(
                lack
                for lack in self._nothing_asked(to.record, case, assessment)
                if not told.issuperset(lack.source)
            ),
            *(
                self._missing("missing_must", [(name, node)], read)
                for name, node in _open(to.must, read)
            ),
            *self._sides(to.record, case),
            *self._returned(to, "side", read),
            *self._undecided(to.record, case, assessment),
            *self._helpful(to, read),
        )

    # -- to whom --------------------------------------------------------------------------------

    def _addressee(
        self, to: Recipient, case: Case, assessment: Assessment
    ) -> Iterator[LackFinding]:
        """Yield the services that the findings ask for, if the letter goes to none of them and no reason is given."""
        asked = [service for service in assessment.services if not service.primary]
        chosen = case.get(URGENCY)
        now = assessment.urgency.level == "emergency"
        if isinstance(chosen, Urgency) and chosen.level == "emergency" and not now:
            takers = [s for s in self._services.values() if s.takes == "emergency"]
            names = [s.name for s in takers]
            serves = {s.id for s in takers}
        else:
            names = [service.name for service in asked]
            serves = {service.id for service in assessment.services}
            if not asked or (to.stays and not now):
                return
        said = case.get(f"{DECISION}{to.id}")
        given = isinstance(said, Decision) and said.decision == "accept" and said.reason.strip()
        if given or serves.intersection(to.serves) or self._does_a_test(to, case):
            return
        yield LackFinding("addressee", (" or ".join(map(inside, names)),))

    def _does_a_test(self, to: Recipient, case: Case) -> bool:
        """Whether the clinician asks for a test that the recipient does."""
        decisions = (case.get(f"{DECISION}{test}") for test in self._tests(to))
        return any(isinstance(d, Decision) and d.decision == "accept" for d in decisions)

    # -- what is asked --------------------------------------------------------------------------

    def _question(self, to: Recipient, case: Case) -> Iterator[LackFinding]:
        """Yield that there is no question, or none of substance. Who files a letter asks nothing."""
        value = case.get(QUESTION)
        text = value.text.strip() if isinstance(value, Text) else ""
        question = self._form.questions.get(QUESTION)
        label = question.label if question is not None else ""
        if not to.stays and asks_too_little(value, label):
            yield LackFinding("question", (text,) if text else (), (QUESTION,))

    def _safety(
        self, to: _Compiled, assessment: Assessment, read: CaseFacts
    ) -> Iterator[LackFinding]:
        told = {found.question for found in assessment.elsewhere}
        for says, asked in to.safety:
            left = [name for name, _ in _open(asked, read) if name not in told]
            if left:
                yield LackFinding("safety", (says,), tuple(left))

    def _returned(self, to: _Compiled, kind: LackKind, read: CaseFacts) -> Iterator[LackFinding]:
        for entry, node in to.returned:
            if entry.kind == kind and node.truth(read.facts):
                answers = read.answers(node)
                yield LackFinding(kind, (entry.says,), answers, entry.do, entry.source)

    def _nothing_asked(
        self, to: Recipient, case: Case, assessment: Assessment
    ) -> Iterator[LackFinding]:
        """Yield the tests of a laboratory, if none is indicated and none asked for all the same."""
        if against := nothing_to_study(assessment, case, self._tests(to)):
            reasons = [reason for test in against for reason in test.reasons]
            yield LackFinding(
                "nothing_asked",
                tuple(test.short for test in against),
                tuple(dict.fromkeys(key for reason in reasons for key in reason.answers)),
                source=tuple(dict.fromkeys(s for reason in reasons for s in reason.source)),
            )

    def _tests(self, to: Recipient) -> frozenset[str]:
        """Return the tests that a recipient does."""
        return frozenset(test for name in to.serves for test in self._services[name].tests)

    def _helpful(self, to: _Compiled, read: CaseFacts) -> Iterator[LackFinding]:
        if left := _open(to.helpful, read):
            yield self._missing("missing_helpful", left, read)

    def _missing(
        self, kind: LackKind, asked: Iterable[tuple[str, Explained]], read: CaseFacts
    ) -> LackFinding:
        names: list[str] = []
        answers: dict[str, None] = {}
        for name, node in asked:
            names.append(self._label(name))
            # Of a named finding the answers that it lacks; what was denied may have to be looked at again.
            leaves = [leaf for leaf in node.answers if read.facts.get(leaf) is None]
            own = self._form.question_of(name) is not None
            answers.update(dict.fromkeys([name] if own else leaves or node.answers))
        return LackFinding(kind, tuple(names), tuple(answers))

    def _label(self, name: str) -> str:
        if said := self._content.says.get(name):
            return said
        question = self._form.question_of(name)
        if question is None:
            return name
        row = next((r for r in question.rows if name == f"{question.id}.{r.id}"), None)
        if row is None:
            return question.phrase
        # A "knee reflex" is one of the reflexes.
        names_it = question.phrase.startswith(row.phrase.split()[-1])
        return row.phrase if names_it else f"{question.phrase} of {row.phrase}"

    # -- side and decision ----------------------------------------------------------------------

    def _sides(self, to: Recipient, case: Case) -> Iterator[LackFinding]:
        """Yield the ticked parts of sided lists that have no side."""
        for name in to.sides:
            question = self._form.questions[name]
            sided: set[str] = set()
            whole: dict[str, OptionRecord] = {}
            for slot in self._form.slots_of(name):
                value = case.get(slot.key)
                if slot.option is None or not is_present(value):
                    continue
                if slot.side:
                    sided.add(slot.option.id)
                elif not slot.option.midline:
                    whole[slot.key] = slot.option
            left = {key: option for key, option in whole.items() if option.id not in sided}
            if left:
                parts = ", ".join(option.phrase for option in left.values())
                yield LackFinding("side", (f"{question.phrase}: {parts}",), tuple(left))

    def _undecided(
        self, to: Recipient, case: Case, assessment: Assessment
    ) -> Iterator[LackFinding]:
        """Yield the tests that the letter suggests and the clinician has not decided on."""
        own = self._tests(to)
        left = [
            test
            for test in assessment.investigations
            if test.needs_decision
            and f"{DECISION}{test.id}" not in case
            and (not own or test.id in own)
        ]
        if left and not to.stays:
            yield LackFinding("undecided", tuple(test.short for test in left))


def asks_too_little(value: Value | None, label: str) -> bool:
    """Whether a question is none, has too few words, or is the form's own."""
    text = value.text.strip() if isinstance(value, Text) else ""
    words = [word for word in text.split() if any(char.isalpha() for char in word)]
    return len(words) < _WORDS or text.strip("?. ").lower() == label.strip("?. ").lower()


def _open(asked: _Asked, read: CaseFacts) -> list[tuple[str, Explained]]:
    """Return what is asked for and not known."""
    return [(name, node) for name, node in asked if not node.truth(read.facts)]
