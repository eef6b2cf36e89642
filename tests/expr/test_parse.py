from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.expr.parse import ExpressionError, parse_condition, parse_number
from triage.expr.symbols import Kind, Scope, Symbol
from triage.expr.tree import And, Fact, Or, walk

GRADES = {"0": 0, "4": 1, "5": 2, "W": None}
SCOPE = Scope(
    [
        Symbol("neuro.weakness", Kind.FINDING),
        Symbol("neuro.tempo", Kind.CHOICE, options={"days": None, "years": None}),
        Symbol("power", Kind.GROUP, members=("power.a", "power.b")),
        Symbol("power.a", Kind.GROUP, members=("power.a.left", "power.a.right")),
        Symbol("power.b", Kind.GROUP, members=("power.b.midline",)),
        *(
            Symbol(name, Kind.CHOICE, options=GRADES, spans={"W": ("0", "4")}, ordered=True)
            for name in ("power.a.left", "power.a.right", "power.b.midline")
        ),
        Symbol("ix.k", Kind.RESULT, unit="mmol/L"),
        Symbol("ix.ecg", Kind.OPTIONS, options={"normal": None, "long_qtc": None}),
        Symbol("sites", Kind.GROUP, members=("sites.calf", "sites.arm"), listed=True),
        Symbol("sites.calf", Kind.FINDING),
        Symbol("sites.arm", Kind.FINDING),
        Symbol("slr", Kind.GROUP, members=("slr.left", "slr.right"), truth=True),
        Symbol("slr.left", Kind.FINDING),
        Symbol("slr.right", Kind.FINDING),
        Symbol("d.n", Kind.NUMBER),
        Symbol("als", Kind.CONDITION),
        Symbol("note", Kind.OTHER),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "neuro.weakness and not (neuro.tempo == 'days' or slr)",
        "neuro.tempo in ('days', 'years')",
        "any_of(power < '5')",
        "all_of(known(power))",
        "power.b == 'W'",
        "has(sites, 'calf', 'arm')",
        "known(sites)",
        "known(slr)",
        "at_least(2, neuro.weakness, sites)",
        "ix.k < '3.5 mmol/L'",
        "ix.k in ('low', 'very_low')",
        "ix.ecg != 'normal'",
        "count(neuro.weakness, sites) >= 2",
        "times_upper(ix.k) >= 1.5",
        "times_earlier(ix.k) > 1",
        "taken(ix.k, 'attack') < '3.5 mmol/L'",
        "d.n > 2",
        "possible(als) or likely(als)",
        "maybe(surely(neuro.weakness))",
        "known(note)",
    ],
)
def test_every_form_of_condition_is_read(text: str) -> None:
    parse_condition(text, SCOPE)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("neuro.weaknes", 1, "did you mean 'neuro.weakness'"),
        ("neuro.weakness and neuro.tempo", 20, "compare it"),
        ("neuro.tempo == 'weeks'", 16, "no option 'weeks'"),
        ("neuro.tempo < 'days'", 15, "no order"),
        ("power < '5'", 1, "any_of or all_of"),
        ("any_of(power < '6')", 16, "no option '6'"),
        ("power.b < 'W'", 11, "no place in the order"),
        ("sites", 1, "wrap it"),
        ("known(power)", 1, "any_of(known"),
        ("has(sites, 'leg')", 12, "no option 'leg'"),
        ("has(power, 'a')", 5, "not a list"),
        ("ix.k < '3.5'", 8, "unit of 'ix.k'"),
        ("ix.k < '3.5 mg'", 8, "unit of 'ix.k'"),
        ("ix.k < 3.5", 8, "quotes"),
        ("times_earlier(neuro.weakness) > 1", 1, "not a result"),
        ("times_earlier(ix.k) > '1 mmol/L'", 23, "plain number"),
        ("taken(ix.k, 'noon') < '3.5 mmol/L'", 13, "attack, between, treated"),
        ("taken(ix.k) < '3.5 mmol/L'", 1, "taken(result"),
        ("taken(ix.ecg, 'attack') == 'normal'", 1, "not a result"),
        ("taken(ix.k, 'attack') < 3.5", 25, "quotes"),
        ("taken(ix.k, 'attack')", 1, "no function"),
        ("ix.k < 'much mmol/L'", 8, "not a number"),
        ("1 < d.n < 3", 1, "not chained"),
        ("d.n == 'two'", 8, "plain number"),
        ("possible(neuro.weakness)", 1, "not a condition"),
        ("als", 1, "possible(als)"),
        ("maybe()", 1, "one argument"),
        ("maybee(neuro.weakness)", 1, "did you mean 'maybe'"),
        ("neuro.weakness + 1", 1, "not allowed"),
        ("lambda: 1", 1, "not allowed"),
        ("__import__('os')", 1, "no function"),
        ("neuro.weakness if slr else slr", 1, "not allowed"),
        ("[x for x in slr]", 1, "not allowed"),
        ("neuro.weakness and (", 20, "not an expression"),
        ("note", 1, "compare it"),
        ("at_least(True, slr)", 1, "at_least(number"),
        ("any_of()", 1, "at least one"),
        ("maybe(item=slr)", 1, "no names"),
        ("ü.x and slr", 1, "there is no 'ü.x'"),
        ("'ü' and slr", 1, "not allowed"),
    ],
)
def test_a_fault_has_its_column_and_a_remedy(text: str, column: int, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_condition(text, SCOPE)
    assert says in caught.value.says
    assert caught.value.column == column


def test_a_column_counts_characters_not_bytes() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_condition("neuro.tempo == 'ü' or neuro.nothing", SCOPE)
    assert caught.value.column == 16


@pytest.mark.parametrize("text", ["(" * 3000, "not " * 2000 + "slr", "\0", "a" * 10_000, ""])
def test_what_ast_itself_refuses_is_a_fault_too(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(text, SCOPE)


@given(st.text(alphabet="abcdefghi.'()<>=, \"10", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_condition, parse_number):
        with contextlib.suppress(ExpressionError):
            parse(text, SCOPE)


def test_groups_are_spelled_out() -> None:
    tree = parse_condition("any_of(sites, slr)", SCOPE)
    assert tree == Or((Fact("sites.calf"), Fact("sites.arm"), Fact("slr")))
    assert sum(1 for _ in walk(parse_condition("all_of(power < '5')", SCOPE))) == 4
    assert isinstance(parse_condition("known(slr)", SCOPE), And)
