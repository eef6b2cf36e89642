"""What a list of medicines makes rules read: names and classes together, and never what was stopped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import TODAY, assess_case, case_from, the_assessor, the_content
from triage.content.casefile import write_case
from triage.errors import TriageError
from triage.rules.facts import CaseFacts


def read(answers: dict[str, Any]) -> CaseFacts:
    data = {"triage_case": 1, "form": "muscle_cramps", "date": TODAY.isoformat()}
    return the_assessor().read(case_from({**data, "answers": answers}), TODAY)


def taken(answers: dict[str, Any]) -> set[str]:
    facts = read(answers).facts
    return {
        name.removeprefix("meds.classes.")
        for name, value in facts.items()
        if value is True and name.startswith("meds.classes.")
    }


def listed(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"meds.list": list(rows)}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"name": "Bendroflumethiazide", "dose": "2.5 mg"}, {"thiazide"}),
        ({"name": "Lasix"}, {"loop"}),
        ({"name": "Co-amilofruse 5/40"}, {"k_sparing", "loop"}),
        ({"name": "amiodarone", "class": "qt_drug"}, {"qt_drug", "neuropathy_drug"}),
        ({"name": "a tablet for the heart", "class": "beta_blocker"}, {"beta_blocker"}),
        ({"name": "Exforge", "class": ["dhp_ccb", "acei_arb"]}, {"dhp_ccb", "acei_arb"}),
        ({"name": "unheard of", "class": "opioid qt_drug"}, {"opioid", "qt_drug"}),
        (
            {"name": "tablets", "dose": "warfarin 3 mg and aspirin 75 mg"},
            {"warfarin", "antiplatelet"},
        ),
        ({"name": "paracetamol"}, set()),
        ({"name": "unheard of"}, set()),
        # Stopped counts for nothing, its class cell neither.
        ({"name": "warfarin", "class": "warfarin", "change": "stopped"}, set()),
        ({"name": "warfarin", "change": "stopped"}, set()),
        ({"name": "warfarin", "change": "reduced"}, {"warfarin"}),
        # "Not this class": the name is not read, and what stands beside it is.
        ({"name": "timolol eye drops", "class": "none_of_these"}, set()),
        ({"name": "amiodarone", "class": "qt_drug none_of_these"}, {"qt_drug"}),
        # What the text doubts is asked about.
        ({"name": "warfarin stopped 2024"}, set()),
        ({"name": "warfarin", "dose": "stopped 2024"}, set()),
        ({"name": "warfarin stopped 2024", "class": "warfarin"}, {"warfarin"}),
    ],
)
def test_a_row_counts_as_its_classes(row: dict[str, Any], expected: set[str]) -> None:
    assert taken(listed(row)) == expected


def test_rules_read_the_union_of_list_and_classes() -> None:
    answers = {**listed({"name": "apixaban"}), "meds.classes": ["statin"]}
    assert taken(answers) == {"doac", "statin"}


def test_nothing_else_never_makes_absent_what_a_row_says() -> None:
    answers = {**listed({"name": "Warfarin", "dose": "3 mg"}), "meds.classes": []}
    found = read(answers)
    assert found.facts["meds.classes.warfarin"] is True
    assert found.facts["meds.classes.doac"] is False
    assert found.facts["d.anticoagulant"] is True
    assert found.origins["meds.classes.warfarin"] == ("meds.list",)


def test_a_class_that_was_ticked_keeps_its_own_trail() -> None:
    answers = {**listed({"name": "Warfarin"}), "meds.classes.warfarin": True}
    assert "meds.classes.warfarin" not in read(answers).origins


def test_an_unknown_name_leaves_what_was_denied() -> None:
    answers = {**listed({"name": "vonoprazan"}), "meds.classes": []}
    assert read(answers).facts["meds.classes.ppi"] is False
    assert taken(answers) == set()


def test_a_doubtful_name_is_neither_there_nor_denied() -> None:
    answers = {**listed({"name": "warfarin stopped 2024"}), "meds.classes": []}
    facts = read(answers).facts
    assert "meds.classes.warfarin" not in facts
    assert facts["d.anticoagulant"] is None
    assert facts["meds.classes.statin"] is False
    # The row that says it is stopped, or that its class does not hold, answers the question.
    for settled in ({"change": "stopped"}, {"class": "none_of_these"}):
        answers = {**listed({"name": "warfarin stopped 2024", **settled}), "meds.classes": []}
        assert read(answers).facts["d.anticoagulant"] is False


@pytest.mark.parametrize(
    ("name", "left_open"), [("Apixiban 5 mg", "doac"), ("Elquis", "doac"), ("wafarin", "warfarin")]
)
def test_a_slip_of_the_key_is_neither_taken_for_the_medicine_nor_denied(
    name: str, left_open: str
) -> None:
    answers = {**listed({"name": name}), "meds.classes": []}
    facts = read(answers).facts
    assert taken(answers) == set()
    assert f"meds.classes.{left_open}" not in facts
    assert facts["d.anticoagulant"] is None
    assert facts["meds.classes.statin"] is False
    # Who gives the row its class has read it.
    read_by_someone = {**listed({"name": name, "class": "none_of_these"}), "meds.classes": []}
    assert read(read_by_someone).facts["d.anticoagulant"] is False


def test_a_doubtful_name_takes_nothing_from_a_row_that_is_sure() -> None:
    answers = listed({"name": "aspirin stopped"}, {"name": "clopidogrel"})
    assert taken(answers) == {"antiplatelet"}


def test_quinine_on_the_list_answers_its_question() -> None:
    found = read(listed({"name": "Quinine sulphate", "dose": "200 mg nocte"}))
    assert found.facts["meds.quinine"] is True
    assert found.origins["meds.quinine"] == ("meds.list",)
    assert read(listed({"name": "quinine", "change": "stopped"})).facts.get("meds.quinine") is None


def test_a_named_medicine_fires_its_rules_with_the_list_as_trail() -> None:
    answers = {
        **listed({"name": "Simvastatin"}),
        "neuro.myalgia": True,
        "patient.sex_at_birth": "male",
    }
    data = {"triage_case": 1, "form": "muscle_cramps", "date": TODAY.isoformat()}
    made = assess_case(case_from({**data, "patient": {"age": 60}, "answers": answers}))
    statin = next(c for c in made.conditions if "statin" in c.name.lower())
    assert any("meds.list" in item.answers for item in statin.for_)


def test_several_classes_come_back_from_a_file_as_they_went() -> None:
    data = {
        "triage_case": 1,
        "form": "muscle_cramps",
        "date": TODAY.isoformat(),
        "answers": listed({"name": "Exforge", "class": ["dhp_ccb", "acei_arb"]}),
    }
    case = case_from(data)
    assert dict(case["meds.list"].rows[0].cells)["class"] == "dhp_ccb acei_arb"  # type: ignore[union-attr]
    again = write_case(case, the_content().form)
    assert '"class": "dhp_ccb acei_arb"' in again
    assert case_from(json.loads(again)) == case


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (["statin", "statins"], "did you mean 'statin'"),
        ("statin statins", "did you mean 'statin'"),
        (5, "none of the options"),
        ([5], "none of the options"),
        ([["statin"]], "none of the options"),
    ],
)
def test_a_class_that_is_not_on_the_list_is_refused(cell: object, says: str) -> None:
    with pytest.raises(TriageError, match=says):
        read(listed({"name": "x", "class": cell}))
