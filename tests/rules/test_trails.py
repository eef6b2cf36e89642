"""Which answers a conclusion rests on, and which could still bring it about, on a handful of names."""

from __future__ import annotations

from triage.expr.evaluate import Standing, support_key
from triage.expr.explain import Explained, Explainer, clues, could_be_true, hopes, missing, used
from triage.expr.parse import parse_condition
from triage.expr.symbols import Kind, Scope, Symbol
from triage.expr.tree import Split

SCOPE = Scope(
    [
        *(Symbol(name, Kind.FINDING) for name in ("x.a", "x.b", "x.c", "x.d", "x.tested")),
        Symbol("d.sign", Kind.TRUTH),
        Symbol("als", Kind.CONDITION),
    ]
)
SIGN = Split(parse_condition("x.c", SCOPE), parse_condition("known(x.tested)", SCOPE))
EXPLAINER = Explainer(
    {"d.sign": SIGN},
    {},
    {"als": (parse_condition("x.a", SCOPE), parse_condition("x.b", SCOPE))},
)


def explained(text: str) -> Explained:
    return EXPLAINER.explained(parse_condition(text, SCOPE))


def answers_used(text: str, **facts: bool) -> list[str]:
    return list(used(explained(text), named(facts)))


def named(facts: dict[str, bool]) -> dict[str, object]:
    known: dict[str, object] = {f"x.{name}": value for name, value in facts.items()}
    known["d.sign"] = True if facts.get("c") else (False if "tested" in facts else None)
    return known


def can_come_true(text: str, *free: str, **facts: bool) -> bool:
    return could_be_true(explained(text), named(facts), set(free), {})


def test_too_few_is_shown_by_the_items_that_are_not_there() -> None:
    few = "not at_least(2, x.a, x.b, x.c)"
    assert answers_used(few, a=True, b=False, c=False) == ["x.b", "x.c"]
    assert answers_used("at_least(2, x.a, x.b, x.c)", a=True, b=False, c=True) == ["x.a", "x.c"]
    assert answers_used("count(x.a, x.b, x.c) <= 1", a=True, b=False, c=False) == ["x.b", "x.c"]


def test_an_answer_that_left_something_open_decided_nothing() -> None:
    maybe = "x.a and maybe(x.b or x.c)"
    assert answers_used(maybe, a=True, b=False) == ["x.a"]
    assert answers_used(maybe, a=True, c=True) == ["x.a", "x.c"]
    assert answers_used("x.a and not surely(x.b and x.c)", a=True, b=True) == ["x.a"]
    assert answers_used("x.a and not surely(x.b and x.c)", a=True, b=False) == ["x.a", "x.b"]


def test_what_speaks_for_the_opposite_is_no_clue() -> None:
    rule = explained("x.a and not (x.b and x.c)")
    assert list(clues(rule, named({"b": True}))) == []
    assert list(clues(rule, named({"a": True, "b": True}))) == ["x.a"]


def test_one_free_answer_does_not_reach_a_count_of_two() -> None:
    two = "at_least(2, x.a, x.b, x.c)"
    assert not can_come_true(two, "x.a")
    assert can_come_true(two, "x.a", "x.b")
    assert can_come_true(two, "x.a", c=True)
    assert not can_come_true(two, "x.a", "x.b", a=False, c=False)


def test_what_is_false_now_is_not_looked_at() -> None:
    # Another examination could overturn it, but nothing undecided stands there.
    assert not can_come_true("x.d or x.a and d.sign", "x.a", "x.c", tested=True)
    assert can_come_true("x.d or x.a and d.sign", "x.a", "x.c")
    assert can_come_true("x.a and not d.sign", "x.a", "x.tested")


def test_only_the_branch_that_can_come_true_names_what_is_missing() -> None:
    rule = explained("x.a or x.b and x.c")
    assert list(hopes(rule, named({}), {"x.a", "x.b"}, {})) == ["x.a"]
    assert list(hopes(rule, named({}), {"x.b", "x.c"}, {})) == ["x.b", "x.c"]


def test_with_the_points_together_only_the_gate_is_missing() -> None:
    node = explained("possible(als)")
    facts = named({}) | {support_key("als"): Standing(None, 3, 5)}
    assert list(missing(node, facts)) == ["x.a"]
    facts = named({}) | {support_key("als"): Standing(None, 1, 5)}
    assert list(missing(node, facts)) == ["x.a", "x.b"]
