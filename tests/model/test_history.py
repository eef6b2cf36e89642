from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from triage.model.case import Case
from triage.model.history import Edit, History, fold
from triage.model.values import Finding, Quantity, Text, Value

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
_values: st.SearchStrategy[Value | None] = st.one_of(
    st.none(), st.builds(Finding, present=st.booleans()), st.builds(Text, text=st.text(max_size=5))
)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.dictionaries(st.sampled_from("abc"), _values, max_size=3)),
        st.tuples(st.just("join"), st.dictionaries(st.sampled_from("abc"), _values, max_size=2)),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just({})),
    ),
    max_size=25,
)


def _played(steps: list[tuple[str, dict[str, Value | None]]]) -> History:
    history = History()
    for what, changes in steps:
        if what in ("change", "join"):
            history.change(changes, AT, join=what == "join")
        elif what == "undo":
            history.undo(AT)
        else:
            history.redo(AT)
    return history


@given(_steps)
@settings(max_examples=200, deadline=None)
def test_the_case_is_the_fold_of_the_log(steps: list[tuple[str, dict[str, Value | None]]]) -> None:
    history = _played(steps)
    assert fold(history.edits) == history.case
    assert [edit.n for edit in history.edits] == list(range(1, history.n + 1))
    again = History(history.edits)
    assert again.case == history.case
    assert (again.can_undo, again.can_redo) == (history.can_undo, history.can_redo)


@given(_steps)
@settings(max_examples=200, deadline=None)
def test_undoing_everything_leaves_nothing_and_redoing_brings_it_back(
    steps: list[tuple[str, dict[str, Value | None]]],
) -> None:
    history = _played(steps)
    while history.can_redo:
        history.redo(AT)
    before = history.case
    undone = 0
    while history.can_undo:
        history.undo(AT)
        undone += 1
    assert history.case == Case()
    for _ in range(undone):
        history.redo(AT)
    assert history.case == before


def test_typing_on_is_one_group_and_one_undo() -> None:
    history = History()
    for text, join in (("w", False), ("we", True), ("weak", True)):
        history.change({"note.neuro": Text(text=text)}, AT, join=join)
    assert len({edit.group for edit in history.edits}) == 1
    history.undo(AT)
    assert history.case == Case()


def test_a_change_that_changes_nothing_is_not_logged() -> None:
    history = History()
    history.change({"a": Finding(present=True)}, AT)
    assert history.change({"a": Finding(present=True), "b": None}, AT) == ()
    assert history.n == 1


def test_a_number_typed_more_exactly_is_a_change() -> None:
    history = History()
    history.change({"ix.k": Quantity(value=Decimal("4"))}, AT)
    assert len(history.change({"ix.k": Quantity(value=Decimal("4.0"))}, AT)) == 1
    assert str(history.case["ix.k"].value) == "4.0"  # type: ignore[union-attr]


def test_a_new_edit_after_undo_ends_redo() -> None:
    history = History()
    history.change({"a": Finding(present=True)}, AT)
    history.undo(AT)
    history.change({"a": Finding(present=False)}, AT)
    assert not history.can_redo
    assert len(history.edits) == 3


def test_edits_survive_json() -> None:
    history = _played([("change", {"a": Finding(present=True, text="x")}), ("undo", {})])
    for edit in history.edits:
        assert Edit.model_validate_json(edit.model_dump_json()) == edit


def test_a_case_never_shows_its_values_in_a_repr() -> None:
    assert "secret" not in repr(Case({"note.neuro": Text(text="secret")}))


def test_what_a_case_begins_with_is_nobody_s_step() -> None:
    history = History()
    history.begin({"referrer.name": Text(text="Dr Invented Test")}, AT)
    assert not history.can_undo
    history.change({"a": Text(text="x")}, AT)
    history.undo(AT)
    read = History(history.edits)
    assert not read.can_undo
    assert read.case == Case({"referrer.name": Text(text="Dr Invented Test")})
