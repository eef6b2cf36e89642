"""Sentences of a letter as its reader takes them: nothing twice, nothing that another line denies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_assessor, the_content, vignettes
from tests.published import patients
from triage.content import ContentFiles
from triage.letter.build import build_letter, uncovered
from triage.letter.phrase import Phrase, gathered, sentence
from triage.letter.statements import Letter
from triage.letter.template import load_templates
from triage.letter.words import Speaker
from triage.model.case import Case


def letter(case: Case, template: str = "referral_letter") -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(the_content(), case, assessment, template, None, TODAY)


def block(found: Letter, name: str) -> str:
    return "\n".join(s.text for b in found.blocks if b.id == name for s in b.all_statements())


def said(question: str, **given: Any) -> list[str]:
    form = the_content().form
    words = load_templates(ContentFiles(), form).answers
    speaker = Speaker(form, case_from(answers(**given)), words)
    return [p.text for p in speaker.phrases(form.questions[question])]


def everyone() -> list[tuple[str, Case]]:
    found = [(p.stem, json.loads(p.read_text())["case"]) for p in vignettes()]
    found += [(p.id, p.case) for p in patients("entered")]
    return [(name, case_from(case)) for name, case in found]


# -- what is there ------------------------------------------------------------------------------------


def test_a_red_flag_of_the_banner_that_is_there_stands_in_the_history() -> None:
    found = letter(case_from(answers(rf__breathless_lying=True, rf__weight_loss=True)))
    assert "Breathless lying flat, unexplained weight loss." in block(found, "history")
    assert "reathless" not in block(found, "rest")


def test_what_was_seen_is_not_followed_by_no_examination() -> None:
    found = block(letter(case_from(answers(prov__chvostek=True))), "examination")
    assert "Chvostek sign" in found
    assert "No examination" not in found
    assert "Muscle wasting, fasciculations, power" in found
    assert "No examination is recorded." in block(letter(case_from(answers())), "examination")


def test_a_list_of_what_is_not_there_needs_no_heading() -> None:
    assert said("sys.thyroid_high_sx", sys__thyroid_high_sx__tremor=False) == ["tremor"]


def test_what_is_not_there_of_a_list_is_not_taken_for_a_complaint() -> None:
    form = the_content().form
    options = [o.id for o in form.questions["sys.thyroid_high_sx"].options][:3]
    given = {f"sys.thyroid_high_sx.{name}": n == 0 for n, name in enumerate(options)}
    (text,) = said("sys.thyroid_high_sx", **given)
    assert ", none of: " in text
    (text,) = said("sys.thyroid_high_sx", **dict(list(given.items())[:2]))
    assert ", not " in text


def test_what_cannot_apply_is_covered_and_not_said() -> None:
    case = case_from(answers(patient__pregnancy="not_applicable"))
    for template in ("referral_letter", "emg_request"):
        found = letter(case, template)
        assert "regnan" not in block(found, "identity") + block(found, "rest")
        assert "patient.pregnancy" not in uncovered(found, case)
    found = letter(case_from(answers(patient__pregnancy="not_pregnant")))
    assert "Not pregnant" in block(found, "identity")


def test_no_line_of_the_head_is_worded_as_the_form_asks() -> None:
    asked = answers(rf__tetany=True, neuro__weakness=True)
    head = block(letter(case_from(asked)), "urgency")
    assert "hand or foot (carpopedal) spasm" in head
    open_ = block(letter(case_from(answers(neuro__weakness=True))), "urgency")
    assert "PROVISIONAL" in open_
    assert "choking or failure to swallow saliva or liquids" in open_
    denied = {
        f"rf.{name}": False for name in ("breathless_rest", "breathless_lying", "cannot_swallow")
    }
    assert "bladder or bowel change" in block(
        letter(
            case_from(
                answers(neuro__weakness=True) | {"answers": {"neuro.weakness": True} | denied}
            )
        ),
        "urgency",
    )


# -- once, and whole ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "given", "words"),
    [
        (
            "meds.list",
            {
                "name": "Atorvastatin",
                "since": "2026-05",
                "change": "started",
                "change_date": "2026-05",
            },
            "takes Atorvastatin, started May 2026",
        ),
        ("fh.illness", {"illness": "stroke"}, "illness in the family: stroke"),
        (
            "cramp.treatments",
            {
                "treatment": "stretching",
                "dose": "calf, 6 weeks",
                "helped": "partly",
                "still_used": True,
            },
            "treatments tried: stretching (calf, 6 weeks), helped partly, still used",
        ),
        (
            "ix.other",
            {"test": "GM1 antibodies", "kind": "antibody", "result": "negative"},
            "other results: GM1 antibodies negative",
        ),
    ],
)
def test_a_row_says_nothing_twice(question: str, given: dict[str, Any], words: str) -> None:
    (text,) = said(question, **{question: [given]})
    assert text == words


def test_a_region_that_is_both_sides_is_not_said_to_be_on_both() -> None:
    sites = {f"neuro.weakness_sites.both_arms.{side}": True for side in ("left", "right")}
    assert said("neuro.weakness_sites", **sites) == ["sites of weakness: both arms"]


def test_a_test_has_one_limit_on_a_page() -> None:
    case = case_from(answers(patient__sex_at_birth="male", ix__ck=2000, meds__new_12w=True))
    found = letter(case)
    assert "CK 2000 U/L (usual limit 320)" in block(found, "results")
    assert "limit 200" not in block(found, "urgency")
    assert "limit 320" in block(found, "urgency")


def test_a_usual_limit_is_told_in_the_unit_of_the_result() -> None:
    def told(value: str, unit: str) -> str:
        given = {"value": value, "unit": unit}
        return block(letter(case_from(answers(ix__glucose_fasting=given))), "results")

    assert "146 mg/dL (usual limit 108)" in told("146", "mg/dL")
    assert "8.1 mmol/L (usual limit 6.0)" in told("8.1", "mmol/L")
    # Rounded to whole numbers it would read as no limit crossed.
    assert "108.2 mg/dL (usual limit 108.1)" in told("108.2", "mg/dL")


def test_a_reason_says_which_of_two_it_was() -> None:
    fainted = {"rf.syncope_palpitations": True, "rf.syncope_which": ["blackout"]}
    given = {"answers": fainted | {"rf.blackout_setting": ["standing_up"]}}
    head = block(letter(case_from(answers() | given)), "urgency")
    assert "Recorded: blackout" in head
    assert "palpitations" not in head.partition("PROVISIONAL, not")[0]


def test_one_pressure_index_is_told_once() -> None:
    given = {f"vasc.abpi{part}": "1.2" for part in ("", ".left", ".right")}
    assert said("vasc.abpi", **given) == ["ABPI 1.2 on both sides"]


def test_a_part_with_a_colon_is_parted_from_what_follows() -> None:
    phrases = [Phrase("falls: every day", ("a",)), Phrase("neck pain", ("b",))]
    assert [s.text for s in gathered(phrases)] == ["Falls: every day; neck pain."]


def test_a_name_that_begins_small_keeps_its_letter() -> None:
    assert sentence("eGFR 88") == "eGFR 88."
    assert sentence("weak") == "Weak."


# -- an emergency -------------------------------------------------------------------------------------


def test_an_emergency_is_not_provisional_and_says_what_is_done_at_once() -> None:
    emergencies = [
        (name, found) for name, case in everyone() if (found := letter(case)).level == "emergency"
    ]
    assert len(emergencies) > 10
    for name, found in emergencies:
        banner = block(found, "urgency")
        assert "PROVISIONAL" not in banner, name
        assert "COULD NOT BE EXCLUDED" not in banner, name
        asked = block(found, "suggested")
        assert "In primary care" not in asked, name
        assert not asked or "At once" in asked, name


def test_stretching_is_no_advice_above_routine() -> None:
    for name, case in everyone():
        found = letter(case)
        if found.level != "routine":
            assert "stretch the muscle" not in block(found, "plan").lower(), name


def test_who_acts_is_named_once() -> None:
    for name, case in everyone():
        head = block(letter(case), "urgency").partition("\n")[0]
        assert "with a doctor or own practice" not in head, name
