"""What a line can do beside answers: decide on a suggested test, or show a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from triage.content.describe import title
from triage.content.form import DECISION
from triage.model.values import Decision
from triage.rules.assessment import InvestigationFinding
from triage.session.quick.names import said
from triage.session.quick.near import Nearest
from triage.session.quick.place import Place, decided
from triage.session.quick.preview import Goal, Item, Line, Meaning
from triage.session.quick.values import fold

_VERBS: dict[str, Literal["accept", "decline", "defer"]] = {
    "accept": "accept",
    "decline": "decline",
    "later": "defer",
    "defer": "defer",
}


def read_decision(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return the decisions on tests that the assessment suggests; what stands behind the name is the reason."""
    verb = _VERBS.get(fold(tokens[0]))
    if verb is None or len(tokens) < 2:
        return []
    tests = _suggested(place)
    for end in range(len(tokens), 1, -1):
        named = _named(tests, said(" ".join(tokens[1:end])))
        reason = " ".join(tokens[end:]).strip(" ,")
        if named and not (reason and verb == "accept"):
            return [_decided(test, Decision(decision=verb, reason=reason), place) for test in named]
    return []


def read_command(tokens: Sequence[str], commands: Iterable[Goal]) -> Item | None:
    """Return the command that words name: what begins so goes before what only has such words."""
    typed = said(" ".join(tokens))
    named = [c for c in commands if all(any(w.startswith(t) for w in said(c.text)) for t in typed)]
    named.sort(key=lambda command: not command.text.casefold().startswith(fold(tokens[0])))
    return Item(" ".join(tokens), "goes", goal=named[0]) if named else None


def undecided(tokens: Sequence[str], place: Place) -> Item | None:
    """Return what to say of a decision on what no test that is suggested is called."""
    if fold(tokens[0]) not in _VERBS or len(tokens) < 2:
        return None
    near = Nearest((test.name, test.name) for test in _suggested(place))
    text = " ".join(tokens)
    says = "No such test is suggested now."
    return Item(text, "nothing", says, nearest=tuple(near.to(" ".join(tokens[1:]))))


def _suggested(place: Place) -> list[InvestigationFinding]:
    tests = place.session.assessment.investigations
    return [test for test in tests if test.status in ("recommended", "consider")]


def _named(
    tests: Sequence[InvestigationFinding], typed: tuple[str, ...]
) -> list[InvestigationFinding]:
    """Return the tests that words name: those that go by just them, else those with words that begin so."""
    if not typed:
        return []
    names = {t.id: [said(t.name), said(t.short), said(t.id.partition("_")[2])] for t in tests}
    exact = [t for t in tests if any(set(typed) == set(name) for name in names[t.id])]
    if exact:
        return exact
    return [
        t
        for t in tests
        if any(all(any(own.startswith(w) for own in name) for w in typed) for name in names[t.id])
    ]


def _decided(test: InvestigationFinding, decision: Decision, place: Place) -> Meaning:
    key = f"{DECISION}{test.id}"
    old = place.case.get(key)
    note = f"was {decided(old)}" if isinstance(old, Decision) and old != decision else ""
    line = Line(test.name, decided(decision), "recorded before" if old == decision else note)
    return Meaning((line,), {} if old == decision else {key: decision})


def read_rule(tokens: Sequence[str], place: Place) -> Item | None:
    """Return where the id of a rule leads."""
    if len(tokens) != 1:
        return None
    wanted = fold(tokens[0])
    rules = place.session.content.rules
    name = next((rule for rule in rules if rule.casefold() == wanted), None)
    return Item(tokens[0], "goes", goal=Goal("rule", name, title(rules[name]))) if name else None
