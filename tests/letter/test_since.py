"""What changed since an earlier visit, in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import the_content, the_templates
from triage.content.kinds.choices import close_list
from triage.content.listed import row_readers
from triage.letter.since import Levels, Since, since
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import (
    Choice,
    Finding,
    Measurement,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Value,
)

DAYS = date(2026, 8, 12), date(2026, 11, 22)
YES, NO = Finding(present=True), Finding(present=False)


def compared(
    was: dict[str, Value], now: dict[str, Value], levels: Levels | None = None, held: str = ""
) -> Since:
    content = the_content()
    readers = row_readers(content.form, content.medicines)
    words = the_templates().answers
    given = levels or Levels()
    return since(content.form, Case(was), Case(now), DAYS, words, readers, given, {held} - {""})


def said(was: dict[str, Value], now: dict[str, Value]) -> str:
    found = compared(was, now)
    return f"{found.head}: {found.words()}"


def ck(value: int, day: date) -> Result:
    item = Measurement(value=Decimal(value), unit="U/L", date=PartialDate.of(day))
    return Result(items=(item,))


def medicines(*rows: tuple[str, str]) -> Table:
    return Table(rows=tuple(Row(cells=(("name", name), ("dose", dose))) for name, dose in rows))


def test_a_site_that_was_not_there_is_a_spread_by_its_side() -> None:
    was: dict[str, Value] = {
        "insp.wasting.hand_intrinsic.right": YES,
        "insp.wasting.hand_intrinsic.left": NO,
        "power.grip.right": Choice(option="4"),
        "ix.ck": ck(412, date(2026, 8, 2)),
    }
    now: dict[str, Value] = {
        "insp.wasting.hand_intrinsic.right": YES,
        "insp.wasting.hand_intrinsic.left": YES,
        "power.grip.right": Choice(option="3"),
        "ix.ck": ck(640, date(2026, 11, 2)),
    }
    assert said(was, now) == (
        "Since 12 Aug 2026: Spread: wasting of left hand. Right grip 4 to 3; "
        "CK 412 U/L (2 Aug 2026) to 640 U/L (2 Nov 2026)."
    )


def test_what_rose_on_both_sides_is_said_once() -> None:
    sides = [f"power.hip_flex.{side}" for side in ("right", "left")]
    was: dict[str, Value] = {key: Choice(option="4", block=True) for key in sides}
    now: dict[str, Value] = dict.fromkeys(sides, Choice(option="5"))
    assert said(was, now) == "Since 12 Aug 2026: Hip flexion on both sides 4 to 5."
    assert [change.keys for change in compared(was, now).changes] == [tuple(sides)]


def test_what_came_and_what_went() -> None:
    was: dict[str, Value] = {"rf.weight_loss": NO, "neuro.dysphagia": YES}
    now: dict[str, Value] = {"rf.weight_loss": YES, "neuro.dysphagia": NO}
    found = compared(was, now)
    assert [change.kind for change in found.changes] == ["new", "gone"]
    assert [change.keys for change in found.changes] == [("rf.weight_loss",), ("neuro.dysphagia",)]


def test_not_asked_is_neither_gone_nor_new() -> None:
    was: dict[str, Value] = {"neuro.dysphagia": YES, "rf.fever": NO, "rf.stridor": NO}
    now: dict[str, Value] = {"rf.weight_loss": YES, "rf.chest_pain": NO, "rf.stridor": NO}
    found = compared(was, now)
    assert not found.changes
    assert [change.keys for change in found.not_again] == [("neuro.dysphagia",)]
    assert [change.keys for change in found.not_then] == [("rf.weight_loss",)]
    assert found.open == 1
    words = found.words()
    assert words.startswith("Nothing changed. Not asked then: unexplained weight loss. ")
    assert words.endswith("; also 1 answer without a finding.")


def test_a_result_of_before_is_no_change_and_one_not_repeated_is_not_gone() -> None:
    old = ck(412, date(2026, 8, 2))
    again = Result(items=(*old.items, *ck(412, date(2026, 11, 2)).items))
    for now in (old, again):
        assert said({"ix.ck": old}, {"ix.ck": now}) == "Since 12 Aug 2026: Nothing changed."
    missing = compared({"ix.ck": old}, {})
    assert not missing.changes
    assert missing.not_again[0].says.startswith("CK 412")


def test_a_pending_result_that_came() -> None:
    waited = Result(items=(Measurement(pending=True),))
    told = said({"ix.ck": waited}, {"ix.ck": ck(640, date(2026, 11, 2))})
    assert told == "Since 12 Aug 2026: CK pending to 640 U/L (2 Nov 2026)."


def test_medicines_begun_and_stopped_are_told_by_name_and_their_class_not_again() -> None:
    was: dict[str, Value] = {
        "meds.list": medicines(("atorvastatin", "20 mg"), ("ramipril", "5 mg")),
        "meds.classes.statin": YES,
        "meds.classes.thiazide": NO,
    }
    now: dict[str, Value] = {
        "meds.list": medicines(("indapamide", "2.5 mg"), ("ramipril", "10 mg")),
        "meds.classes.statin": NO,
        "meds.classes.thiazide": YES,
    }
    told = said(was, now)
    assert told == (
        "Since 12 Aug 2026: Ramipril, dose 5 mg to 10 mg. Begun: indapamide. Stopped: atorvastatin."
    )
    keys = [key for change in compared(was, now).changes for key in change.keys]
    assert set(keys) == {"meds.list", "meds.classes.statin", "meds.classes.thiazide"}


def test_a_medicine_that_is_listed_as_stopped_is_stopped() -> None:
    row = Row(cells=(("name", "atorvastatin"), ("change", "stopped")))
    told = said({"meds.list": medicines(("atorvastatin", ""))}, {"meds.list": Table(rows=(row,))})
    assert told == "Since 12 Aug 2026: Stopped: atorvastatin."


def test_a_list_of_medicines_that_was_not_asked_again_stops_none() -> None:
    found = compared({"meds.list": medicines(("atorvastatin", ""))}, {})
    assert not found.changes
    assert "atorvastatin" in found.not_again[0].says


def test_what_could_not_be_examined_now_is_said_and_not_as_gone() -> None:
    was: dict[str, Value] = {"neuro.dysphagia": YES}
    found = compared(was, {"neuro.dysphagia": Unable(reason="asleep")})
    assert [change.kind for change in found.changes] == ["changed"]
    assert found.changes[0].says.endswith("could not be assessed (asleep)")


def test_a_side_that_is_known_now_is_no_spread() -> None:
    whole, side = "cramp.sites.calf", "cramp.sites.calf.left"
    for was, now in ((whole, side), (side, whole)):
        found = compared({was: YES, "cramp.sites.thigh": YES}, {now: YES, "cramp.sites.thigh": YES})
        assert found == Since(DAYS[0], ()), (was, now)


def test_the_level_and_nothing_of_who_the_patient_is() -> None:
    was: dict[str, Value] = {"patient.phone": Text(text="01632 960001")}
    now: dict[str, Value] = {"patient.phone": Text(text="01632 960002")}
    found = compared(was, now, Levels("Soon", "Urgent"))
    assert found.words() == "Level: Soon to Urgent."


def test_of_what_is_held_back_nothing_is_told() -> None:
    was: dict[str, Value] = {"rf.self_harm": NO, "rf.fever": NO}
    now: dict[str, Value] = {"rf.self_harm": YES, "rf.fever": YES}
    found = compared(was, now, held="rf.self_harm")
    assert [change.keys for change in found.changes] == [("rf.fever",)]


def test_more_than_is_asked_for_is_counted() -> None:
    names = ("rf.fever", "rf.stridor", "rf.chest_pain", "rf.weight_loss")
    found = compared(dict.fromkeys(names, NO), dict.fromkeys(names, YES))
    assert found.words(2).endswith(" 2 more.")
    assert found.words().count(";") == 3


# -- what is denied without a side, and what nobody asked -----------------------------------------


def sites(*there: str) -> dict[str, Value]:
    """Return a list of sites that was closed, as its last line records it."""
    question = the_content().form.questions["cramp.sites"]
    present = {f"cramp.sites.{name}" for name in there}
    denied = {key: value for key, value in close_list(question, present).items() if value}
    return {**denied, **dict.fromkeys(present, YES)}


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (("calf.right",), (), "No longer: cramp sites right calf."),
        ((), ("calf.right",), "New: cramp sites right calf."),
        (
            ("calf.right",),
            ("thigh.left",),
            "New: cramp sites left thigh. No longer: cramp sites right calf.",
        ),
        (("calf.right",), ("calf.right", "calf.left"), "Spread: cramp sites left calf."),
        (
            ("calf.right",),
            ("calf.left",),
            "New: cramp sites left calf. Not asked again: cramp sites right calf.",
        ),
        (
            ("calf.right", "calf.left"),
            ("calf.right",),
            "Nothing changed. Not asked again: cramp sites left calf.",
        ),
    ],
)
def test_a_list_that_is_closed_denies_both_sides_of_what_is_not_ticked(
    was: tuple[str, ...], now: tuple[str, ...], says: str
) -> None:
    assert said(sites(*was), sites(*now)) == f"Since 12 Aug 2026: {says}"


def test_a_place_beside_others_of_a_list_that_was_not_closed_was_not_asked_then() -> None:
    calf = {"cramp.sites.calf.right": YES}
    found = compared(dict(calf), {**calf, "cramp.sites.thigh.left": YES})
    assert not found.changes
    assert [change.keys for change in found.not_then] == [("cramp.sites.thigh.left",)]


def test_a_finding_that_was_denied_without_a_side_is_new_on_one_and_gone_the_other_way() -> None:
    name, right = "insp.foot_drop", "insp.foot_drop.right"
    there, not_there = compared({name: NO}, {right: YES}), compared({right: YES}, {name: NO})
    assert [(change.kind, change.keys) for change in there.changes] == [("new", (right,))]
    assert [(change.kind, change.keys) for change in not_there.changes] == [("gone", (right,))]
    assert not there.not_then
    assert not not_there.not_again
    assert compared({name: NO}, {right: NO, "insp.foot_drop.left": NO}) == Since(DAYS[0], ())


# -- the same, written otherwise ------------------------------------------------------------------


def measured(number: str, unit: str, day: date | None) -> Result:
    of = PartialDate.of(day) if day else None
    return Result(items=(Measurement(value=Decimal(number), unit=unit, date=of),))


@pytest.mark.parametrize(
    ("key", "was", "now", "changed"),
    [
        ("ix.hb", ("138", "g/L"), ("13.8", "g/dL"), False),
        ("ix.hb", ("138", "g/L"), ("13.7", "g/dL"), True),
        ("ix.k", ("4.1", "mmol/L"), ("4.1", "mEq/L"), False),
        ("ix.k", ("4.1", "mmol/L"), ("3.1", "mEq/L"), True),
        ("ix.ck", ("412", "U/L"), ("6.87", "µkat/L"), False),
    ],
)
def test_a_result_in_another_unit_is_no_change(
    key: str, was: tuple[str, str], now: tuple[str, str], changed: bool
) -> None:
    then, today = (measured(*of, day) for of, day in ((was, DAYS[0]), (now, DAYS[1])))
    assert bool(compared({key: then}, {key: today}).changes) == changed


def test_an_amount_in_another_unit_and_words_written_otherwise_are_no_change() -> None:
    key = "cramp.cramps_duration_months"

    def lasting(number: int, unit: str) -> dict[str, Value]:
        return {key: Quantity(value=Decimal(number), unit=unit)}

    for other in (lasting(42, "days"), lasting(6, "weeks")):
        assert not compared(lasting(6, "weeks"), other).changes
    assert compared(lasting(6, "weeks"), lasting(2, "months")).changes
    job = "soc.occupation"
    assert not compared({job: Text(text="roofer")}, {job: Text(text="Roofer ")}).changes
    assert compared({job: Text(text="roofer")}, {job: Text(text="retired")}).changes


def test_a_result_from_before_the_last_one_is_no_news() -> None:
    known, older = measured("412", "U/L", DAYS[0]), measured("300", "U/L", date(2026, 5, 1))
    assert said({"ix.ck": known}, {"ix.ck": older}) == "Since 12 Aug 2026: Nothing changed."


# -- rows -----------------------------------------------------------------------------------------


def closed(*rows: tuple[str, str]) -> Table:
    return Table(rows=medicines(*rows).rows, closed=True)


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ([("ramipril", "5 mg")], [("RAMIPRIL", "5mg")], "Nothing changed."),
        (
            [("levodopa", "100 mg"), ("levodopa", "200 mg")],
            [("levodopa", "200 mg"), ("levodopa", "100 mg")],
            "Nothing changed.",
        ),
        (
            [("levodopa", "100 mg"), ("levodopa", "200 mg")],
            [("levodopa", "200 mg")],
            "Stopped: levodopa 100 mg.",
        ),
        ([("RAMIPRIL", "5 mg")], [("RAMIPRIL", "10 mg")], "RAMIPRIL, dose 5 mg to 10 mg."),
        (
            [("Lipitor", "20 mg")],
            [("atorvastatin", "20 mg")],
            "Atorvastatin, name Lipitor to atorvastatin.",
        ),
    ],
)
def test_rows_are_compared_by_what_they_are_of(
    was: list[tuple[str, str]], now: list[tuple[str, str]], says: str
) -> None:
    told = said({"meds.list": closed(*was)}, {"meds.list": closed(*now)})
    assert told == f"Since 12 Aug 2026: {says}"


def test_of_two_rows_of_a_medicine_the_one_that_is_stopped_is_told_by_its_dose() -> None:
    two = medicines(("metformin", "500 mg"), ("metformin", "1 g")).model_copy(
        update={"closed": True}
    )
    one = medicines(("metformin", "1 g")).model_copy(update={"closed": True})
    stopped = compared({"meds.list": two}, {"meds.list": one}).changes
    assert [(c.kind, c.says) for c in stopped] == [("stopped", "metformin 500 mg")]
    begun = compared({"meds.list": one}, {"meds.list": two}).changes
    assert [(c.kind, c.says) for c in begun] == [("begun", "metformin 500 mg")]


def test_a_row_beside_a_stopped_one_of_its_name_is_another_dose() -> None:
    stopped = Row(cells=(("name", "ramipril"), ("dose", "5 mg"), ("change", "stopped")))
    now = Table(rows=(stopped, *medicines(("ramipril", "10 mg")).rows), closed=True)
    told = said({"meds.list": closed(("ramipril", "5 mg"))}, {"meds.list": now})
    assert told == "Since 12 Aug 2026: Ramipril, dose 5 mg to 10 mg."


def test_a_list_that_is_not_closed_begins_and_stops_nothing() -> None:
    was, now = medicines(("quinine", "")), medicines(("ramipril", ""))
    found = compared({"meds.list": was}, {"meds.list": now})
    assert not found.changes
    assert found.words() == "Nothing changed. Not asked then: ramipril. Not asked again: quinine."
    ended = compared({"meds.list": was}, {"meds.list": closed(("ramipril", ""))})
    assert [(change.kind, change.says) for change in ended.changes] == [("stopped", "quinine")]
