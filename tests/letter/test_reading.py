"""Sentences of a letter as its reader takes them: nothing twice, nothing that another line denies."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.conftest import (
    TODAY,
    answers,
    case_from,
    the_assessor,
    the_content,
    the_templates,
    vignettes,
)
from tests.letter.letters import block_text, record_text
from tests.published import patients
from triage.letter.build import build_letter, uncovered
from triage.letter.statements import Letter
from triage.letter.words.answers import Speaker
from triage.letter.words.phrase import Phrase, gathered, sentence
from triage.model.case import Case
from triage.model.values import Level, Urgency


def letter(case: Case, template: str = "referral_letter") -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(the_content(), case, assessment, template, None, TODAY)


def said(question: str, **given: Any) -> list[str]:
    form = the_content().form
    words = the_templates().answers
    speaker = Speaker(form, case_from(answers(**given)), words)
    return [p.text for p in speaker.phrases(form.questions[question])]


def everyone() -> list[tuple[str, Case]]:
    found = [(p.stem, json.loads(p.read_text())["case"]) for p in vignettes()]
    found += [(p.id, p.case) for p in patients("entered")]
    return [(name, case_from(case)) for name, case in found]


# -- what is there ------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["urgent", "soon", "routine"])
def test_a_red_flag_that_sets_the_pace_and_is_there_stands_under_beware(level: Level) -> None:
    case = case_from(answers(rf__breathless_lying=True, rf__weight_loss=True))
    found = letter(case.with_({"case.urgency": Urgency(level=level, reason="seen yesterday")}))
    assert block_text(found, "beware").startswith("Breathless lying flat. Unexplained weight loss.")
    assert {"Breathless lying flat: yes", "Unexplained weight loss: yes"} <= set(
        record_text(found).split("\n")
    )


def test_what_was_seen_is_not_followed_by_no_examination() -> None:
    found = block_text(letter(case_from(answers(prov__chvostek=True))), "examination")
    assert "Chvostek sign." in found
    assert "No examination" not in found
    assert "wasting, fasciculation, power" in found


def test_a_list_of_what_is_not_there_needs_no_heading() -> None:
    assert said("sys.thyroid_high_sx", sys__thyroid_high_sx__tremor=False) == ["tremor"]


def test_what_is_there_of_a_list_and_what_is_not_are_two_things() -> None:
    form = the_content().form
    options = [o.id for o in form.questions["sys.thyroid_high_sx"].options][:3]
    given = {f"sys.thyroid_high_sx.{name}": n == 0 for n, name in enumerate(options)}
    case = case_from(answers(**given))
    words = the_templates().answers
    phrases = Speaker(form, case, words).phrases(form.questions["sys.thyroid_high_sx"])
    assert [(p.text, p.part) for p in phrases] == [
        ("heat intolerance", "present"),
        ("tremor and palpitations", "absent"),
    ]


def test_what_cannot_apply_is_not_said() -> None:
    case = case_from(answers(patient__pregnancy="not_applicable"))
    for template in ("referral_letter", "emg_request"):
        found = letter(case, template)
        assert not [text for text in found.texts() if "regnan" in text]
        assert "patient.pregnancy" not in uncovered(found, case)
    found = letter(case_from(answers(patient__pregnancy="not_pregnant")))
    assert "Pregnancy: no" in record_text(found)


def test_the_reason_names_a_red_flag_as_a_letter_does() -> None:
    found = letter(case_from(answers(rf__tetany=True, neuro__weakness=True)))
    assert found.template == "emergency_letter"
    assert "Hand or foot (carpopedal) spasm" in block_text(found, "why")


def test_what_was_not_asked_is_one_line_of_a_few_items() -> None:
    found = block_text(letter(case_from(answers(neuro__weakness=True))), "level")
    (line,) = re.findall(r"Provisional: .*?\.", found)
    assert re.fullmatch(
        r"Provisional: 29 of 29 red-flag items not asked \(breathlessness at rest, choking, 27 more\)\.",
        line,
    )
    denied = {
        f"rf.{name}": False for name in ("breathless_rest", "breathless_lying", "cannot_swallow")
    }
    given = answers() | {"answers": {"neuro.weakness": True} | denied}
    (line,) = re.findall(r"Provisional: .*?\.", block_text(letter(case_from(given)), "level"))
    assert (
        line == "Provisional: 26 of 29 red-flag items not asked (bladder or bowel change, 25 more)."
    )
    assert "breathless" not in line


def test_what_is_provisional_only_for_what_is_no_red_flag_names_that() -> None:
    flags = dict.fromkeys(the_content().alarms, False)
    given = answers() | {"answers": {"neuro.weakness": True} | flags}
    (line,) = re.findall(r"Provisional: .*?\)\.", block_text(letter(case_from(given)), "level"))
    assert re.match(r"Provisional: \d+ safety items not asked or examined \(", line)


# -- what argues, and no alternative of it ------------------------------------------------------------


def thinking(**given: Any) -> str:
    return block_text(letter(case_from(answers() | {"answers": given})), "thinking")


def test_that_nothing_speaks_against_any_is_said_once() -> None:
    text = thinking(
        **{
            "neuro.weakness": True,
            "neuro.weakness_tempo": "weeks_months",
            **{
                f"power.{m}.{side}": "4"
                for m in ("deltoid", "hip_flex")
                for side in ("left", "right")
            },
            **{
                f"reflex.{m}.{s}": "0"
                for m in ("biceps", "knee", "ankle")
                for s in ("left", "right")
            },
        }
    )
    assert text.count("Nothing recorded speaks against") == 1
    assert text.endswith(("either of them.", "any of them."))


def test_a_reason_that_joins_alternatives_says_which_is_there() -> None:
    text = thinking(**{"prov.grip_myotonia": True, "gen.calf_hypertrophy": True, "ix.ck": "900"})
    assert "second wind" not in text
    assert "grip myotonia" in text


def test_a_value_that_argues_is_told_without_its_limit_which_stands_with_the_results() -> None:
    assert "fits: potassium 3.1 mmol/L." in thinking(**{"ix.k": "3.1"}) or (
        "possible: potassium 3.1 mmol/L." in thinking(**{"ix.k": "3.1"})
    )


def test_what_the_list_says_was_stopped_is_not_said_again() -> None:
    row = {"name": "Atorvastatin", "change": "stopped", "change_date": "2026-11-03"}
    given = {"meds.list": [row], "meds.stopped_12w": True}
    text = block_text(letter(case_from(answers() | {"answers": given})), "history")
    assert text == "No longer taken: atorvastatin (statin), until 3 Nov 2026."
    alone = case_from(answers() | {"answers": {"meds.stopped_12w": True}})
    assert "stopped or reduced" in block_text(letter(alone), "history")


def test_what_is_dangerous_stands_in_the_letter_about_a_child() -> None:
    given = {"patient.age": "9", "rf.breathless_lying": True, "emg.anticoagulant": "warfarin"}
    text = block_text(letter(case_from(answers() | {"answers": given})), "beware")
    assert text.startswith("Anticoagulant: warfarin. Breathless lying flat.")


def test_what_lies_in_the_middle_has_no_side() -> None:
    rows = [{"symptom": "speech", "region": "tongue_throat", "side": "midline", "since": "2026-05"}]
    given = {"neuro.timeline": rows, "neuro.dysarthria": True}
    told = record_text(letter(case_from(answers() | {"answers": given})))
    assert "midline" not in told


def test_a_reason_never_begins_as_the_form_asks() -> None:
    text = thinking(
        **{
            "cramp.timing": ["walking"],
            "cramp.sites": ["calf.left"],
            "vasc.pulses_feet.left": "absent",
        }
    )
    assert "timing" not in text
    assert "cramp sites" not in text


def test_of_the_classes_only_what_argues_stands_in_the_reason() -> None:
    classes = ["loop", "antiplatelet", "beta_blocker", "colchicine_hcq"]
    case = case_from(answers() | {"answers": {"ix.k": "3.3", "meds.classes": classes}})
    why = block_text(letter(case), "level").partition("Provisional")[0]
    assert "loop diuretic" in why
    assert "antiplatelet" not in why


def test_a_class_is_not_told_beside_the_medicine_that_it_is() -> None:
    rows = [{"name": "Metformin", "dose": "1 g", "class": "metformin"}]
    given = {
        "meds.list": rows,
        "meds.classes": ["metformin"],
        "neuro.weakness": True,
        "reflex.ankle.left": "0",
        "reflex.ankle.right": "0",
    }
    text = block_text(letter(case_from(answers() | {"answers": given})), "history")
    assert "Takes metformin 1 g" in text
    assert "classes that matter" not in text


def test_a_contradiction_is_told_by_its_answers_and_the_rest_of_the_list_stays_short() -> None:
    classes = {
        f"meds.classes.{o.id}": False for o in the_content().form.questions["meds.classes"].options
    }
    rows = [{"name": "Methadone", "dose": "60 mg"}, {"name": "Ramipril", "dose": "5 mg"}]
    found = letter(case_from(answers() | {"answers": {**classes, "meds.list": rows}}))
    text = block_text(found, "to_check")
    assert "medicines: methadone 60 mg" in text
    assert "All medicines, incl." not in text
    assert "thiazide" not in record_text(found)


def test_where_nothing_leads_the_headline_is_what_is_there() -> None:
    found = letter(case_from(answers() | {"answers": {"neuro.weakness": True}}))
    (title,) = [b.title for b in found.blocks if b.id == "level"]
    assert title == "Weakness, cause not known"


def test_cramps_are_at_rest_only_if_that_was_recorded() -> None:
    given = {
        "cramp.sites": ["calf.left", "calf.right"],
        "neuro.twitching": True,
        "neuro.twitching_extent": "calves_feet_only",
        "patient.sex_at_birth": "not_recorded",
    }
    found = letter(case_from(answers() | {"answers": given}))
    assert "at rest" not in block_text(found, "level").partition("Provisional")[0]
    assert block_text(found, "patient").startswith("sex not recorded")


def test_what_was_typed_beside_a_joined_finding_says_which_it_is() -> None:
    rhythm = {"state": "present", "text": "atrial fibrillation"}
    given = {"sys.heart_block_arrhythmia": rhythm}
    text = block_text(letter(case_from(answers() | {"answers": given})), "history")
    assert "long QT (atrial fibrillation)" in text
    assert "not said which" not in text


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
    assert "CK 2000 U/L (usual limit 320)" in block_text(found, "results")
    assert "CK 2000 U/L (usual limit 320)" in block_text(found, "level")
    assert "CK (usual limit 320): 2000 U/L" in record_text(found)
    assert not [text for text in found.texts() if "limit 200" in text]


def test_a_usual_limit_is_told_in_the_unit_of_the_result() -> None:
    def told(value: str, unit: str) -> str:
        given = {"value": value, "unit": unit}
        return block_text(letter(case_from(answers(ix__glucose_fasting=given))), "results")

    assert "146 mg/dL (usual limit 108)" in told("146", "mg/dL")
    assert "8.1 mmol/L (usual limit 6.0)" in told("8.1", "mmol/L")
    # Rounded to whole numbers it would read as no limit crossed.
    assert "108.2 mg/dL (usual limit 108.1)" in told("108.2", "mg/dL")


def test_a_reason_says_which_of_two_it_was() -> None:
    fainted = {"rf.syncope_palpitations": True, "rf.syncope_which": ["blackout"]}
    given = {"answers": fainted | {"rf.blackout_setting": ["standing_up"]}}
    found = letter(case_from(answers() | given))
    assert block_text(found, "level").startswith("Blackout, setting of the blackout: on standing")
    assert not [text for text in found.texts() if "sustained palpitations" in text]


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


def test_an_emergency_is_not_provisional_and_plans_nothing() -> None:
    emergencies = [
        (name, found) for name, case in everyone() if (found := letter(case)).level == "emergency"
    ]
    assert len(emergencies) > 10
    for name, found in emergencies:
        assert found.template == "emergency_letter", name
        assert not {"thinking", "requested", "decide", "decided"} & {b.id for b in found.blocks}
        text = "\n".join(s.text for s in found.statements())
        assert not re.search("Provisional|primary care|Is this|[Ss]tretch", text), name


def test_that_nothing_is_needed_takes_no_line_of_its_own() -> None:
    for address, shown in (("1 Sample Row", True), ("1 Sample Row, Testford " * 4, False)):
        given = {"patient.interpreter": False, "patient.address": address}
        found = letter(case_from(answers() | {"answers": given}))
        assert ("interpreter" in block_text(found, "patient")) is shown
        assert "Interpreter, access need" in record_text(found)
