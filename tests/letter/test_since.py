"""What changed since an earlier visit, in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.conftest import the_content, the_templates
from triage.content.listed import row_readers
from triage.letter.since import Levels, Since, since
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import (
    Choice,
    Finding,
    Measurement,
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
