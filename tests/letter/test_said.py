"""The lines of an assessment, as screen and terminal place them. Without Qt."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import TODAY, answers, assess_case, case_from, the_content, vignettes
from tests.rules.test_contradictions import PROOF
from triage.letter.words.person import age_of, details, name_of
from triage.letter.words.said import differential, plan, tests, urgency
from triage.letter.words.said.line import Mark, begun, few
from triage.letter.words.said.terminal import report
from triage.letter.words.said.trail import Trail
from triage.model.case import Case
from triage.model.values import Urgency
from triage.rules.assessment import Assessment, Change, Effect, OptionStatus
from triage.rules.export import to_data

EMERGENCY: dict[str, Any] = {"rf__breathless_rest": True, "neuro__weakness": True}
OPEN_TESTS: dict[str, Any] = {
    "patient__age": 45,
    "patient__sex_at_birth": "female",
    "neuro__arm_radiating_pain": True,
    "neuro__weakness_sites.one_arm.right": True,
    "power__triceps.right": "W",
}


class Told:
    """A case with its assessment and the trail of its content."""

    def __init__(self, case: Case, *, codes: bool = True) -> None:
        self.case = case
        self.assessment: Assessment = assess_case(case)
        self.trail = Trail(the_content(), codes=codes)

    @property
    def head(self) -> urgency.Headline:
        return urgency.headline(self.trail, self.assessment, self.case)

    @property
    def text(self) -> str:
        return "\n".join(report(self.trail, self.assessment, self.case))


def vignette(name: str) -> Case:
    path = next(path for path in vignettes() if path.stem == name)
    return case_from(json.loads(path.read_text(encoding="utf-8"))["case"])


def told(*, codes: bool = True, **given: Any) -> Told:
    return Told(case_from(answers(**given)), codes=codes)


# -- how soon ---------------------------------------------------------------------------------------


def test_of_nothing_assessed_nothing_is_said_but_what_is_missing() -> None:
    head = told(patient__age=50).head
    assert (head.text, head.mark, head.alarm) == ("Nothing assessed yet", Mark.OPEN, False)
    assert (head.tag, head.title) == ("Not enough yet", head.text)
    assert not head.aim
    assert head.provisional is not None
    assert head.provisional.text.startswith("Provisional: ")
    assert head.provisional.tip.count("\n") == len(told().assessment.urgency.missing) - 1


def test_an_emergency_says_what_to_do_before_it_says_its_name() -> None:
    head = told(**EMERGENCY).head
    assert (head.text, head.mark, head.alarm) == (
        "Same day: phone or send now",
        Mark.EMERGENCY,
        True,
    )
    assert (head.tag, head.when) == ("Emergency", "today")
    assert head.title.startswith("Phone now: ")
    assert head.aim == f"{told(**EMERGENCY).assessment.urgency.reasons[0].says}"


def test_a_level_of_the_clinician_s_stands_beside_the_suggested_one() -> None:
    case = told(**EMERGENCY).case.with_({"case.urgency": Urgency(level="soon", reason="seen")})
    head = Told(case).head
    assert head.text.startswith("Soon. ")
    assert head.own == "Set by the clinician (suggested: emergency): seen."
    assert not head.alarm


def test_of_a_child_there_is_no_level_and_the_red_flags_are_listed() -> None:
    child = told(patient__age=9, rf__seizure=True, rf__fever=False)
    assert not child.head.judged
    assert child.head.own == "Red flags recorded: new seizure."
    assert [line.keys for line in urgency.alarms(child.assessment).lines] == [("rf.seizure",)]
    assert child.text.splitlines()[2] == "Red flags recorded: new seizure."
    assert "Why" not in child.text


def test_a_reason_leads_to_its_answers_and_names_rule_and_source() -> None:
    case = told(**EMERGENCY)
    part = urgency.reasons(case.trail, case.assessment, case.case)
    assert part.title == "Why emergency"
    line, reason = part.lines[0], case.assessment.urgency.reasons[0]
    assert (line.text, line.mark, line.strong) == (reason.says, Mark.EMERGENCY, True)
    assert set(line.keys) <= {"rf.breathless_rest", "neuro.weakness"}
    assert reason.rule in line.note
    assert the_content().sources[reason.source[0]].short in line.note


def test_a_service_says_what_was_found_and_not_again_what_to_do() -> None:
    case = told(neuro__dysarthria=True)
    (line,) = (
        line
        for line in urgency.services(case.trail, case.assessment).lines
        if line.text == "Neurology"
    )
    assert line.note.startswith("Speech or swallowing problem with cramps\u00a0· U04")
    assert "urgent neurology" not in line.note


def test_the_parts_of_a_rule_make_one_sentence() -> None:
    by_id = {rule.record.id: rule.record for rule in the_content().red_flags}
    assert by_id["E14"].whole == "Possible compartment syndrome: emergency surgical assessment."
    assert by_id["R04"].whole == "Medication review first."
    assert not [r.id for r in by_id.values() if r.do and ":" in r.says]


# -- what is open -----------------------------------------------------------------------------------


def test_what_an_answer_speaks_for_comes_before_what_only_waits() -> None:
    case = told(neuro__weakness=True)
    found = urgency.not_excluded(case.trail, case.assessment, case.case)
    rules = case.assessment.not_excluded
    assert found.hinted.lines
    assert len(found.hinted.lines) + len(found.rest.lines) == len(rules)
    assert found.rest.title == f"{len(found.rest.lines)} more could not be excluded yet"
    for line in found.hinted.lines:
        assert "missing: " in line.note
        assert line.keys[0] not in case.case


def test_what_would_change_the_advice_begins_with_the_most_urgent() -> None:
    case = told(neuro__weakness=True)
    changes = (
        Change("neuro.dysphagia", "trouble swallowing", (Effect("urgent", "U02"),)),
        Change(
            "rf.breathless_rest",
            "breathlessness at rest",
            (Effect("urgent", "U22"), Effect("emergency", "E01")),
        ),
    )
    found = case.assessment._replace(what_would_change=changes)
    first, second = urgency.changes(case.trail, found, case.case).lines
    assert first.text == "Breathlessness at rest"
    assert first.note == "could make it emergency (U22, E01)"
    assert first.keys == ("rf.breathless_rest",)
    assert second.note == "could make it urgent (U02)"
    quiet = Trail(the_content(), codes=False)
    assert urgency.changes(quiet, found, case.case).lines[0].note == "could make it emergency"


def test_json_keeps_its_effects_as_words() -> None:
    change = Change("rf.fever", "fever", (Effect("urgent", "U03"),))
    assert to_data(change) == {"question": "rf.fever", "label": "fever", "effects": ["urgent: U03"]}


# -- differential, tests, plan ----------------------------------------------------------------------


def test_a_condition_counts_and_lists_what_speaks_for_it() -> None:
    case = Told(vignette("V01"))
    assert "not a probability" in differential.about(case.assessment)
    first, *_ = differential.supported(case.assessment, "well_supported")
    head = differential.condition(case.trail, first)
    assert head.note.startswith(f"must not be missed · {len(first.for_)} for")
    lines = list(differential.features(case.trail, first, case.case))
    assert [line.text for line in lines if line.mark is Mark.PLUS] == [r.says for r in first.for_]
    assert first.id in lines[-1].note
    assert differential.about(told().assessment).startswith("Nothing recorded so far")


def test_what_is_said_of_one_test_is_not_said_again_of_the_next() -> None:
    case = told(
        sys__diabetes="type2",
        neuro__numbness_tingling=True,
        neuro__sensory_distribution="feet_symmetric",
        neuro__weakness=False,
        cramp__course="stable",
    )
    found = {s.rule: s for s in tests.against(case.trail, case.assessment)}
    assert "Do this first: Treat it as diabetic" in found["t_ncs"].line.note
    assert found["t_emg"].line.note.startswith("As for Nerve conduction studies.")
    assert all(s.against and s.reason_required for s in found.values())
    assert "D05" in found["t_emg"].line.note


def test_in_an_emergency_a_test_is_for_the_same_day_and_not_declined_without_a_reason() -> None:
    case = told(**EMERGENCY)
    found = tests.essential(case.trail, case.assessment)
    assert found
    assert {(s.timing, s.reason_required) for s in found} == {("same day", True)}


def test_an_open_test_is_asked_as_a_question_and_the_rest_is_counted() -> None:
    case = told(**OPEN_TESTS)
    lines = tests.undecided(case.trail, case.assessment, case.case).lines
    assert [line.text.endswith("?") for line in lines] == [True, True, True, False]
    assert lines[-1].text == "and 1 more tests that an answer decides"
    assert lines[0].text in case.text


def test_a_caution_for_a_study_is_left_out_where_the_study_is_not_indicated() -> None:
    given: dict[str, Any] = {
        "insp__foot_drop": True,
        "neuro__leg_radiating_pain": True,
        "meds__classes": ["doac"],
    }
    study = told(**given)
    assert "anticoagulant" in plan.safety(study.trail, study.assessment).lines[0].text
    now = told(**given, rf__saddle_numbness=True, rf__bladder_bowel_sexual=True)
    assert now.assessment.safety
    assert not plan.safety(now.trail, now.assessment).lines


def test_no_caution_is_told_that_cannot_apply_and_no_class_that_was_not_recorded() -> None:
    found = told(
        patient__age=67,
        patient__sex_at_birth="female",
        cramp__sites=["calf.left"],
        cramp__timing=["night_sleep"],
        meds__classes=["thiazide"],
        codes=False,
    )
    assert "pregnan" not in found.text.lower()
    # A rule that names several classes says which of them it was.
    lines = [line.strip() for line in found.text.splitlines()]
    at = next(n for n, line in enumerate(lines) if "beta-agonist, thiazide or" in line)
    assert lines[at + 1] == "recorded: thiazide diuretic"
    record = told(cramp__sites=["calf.left"], meds__classes=["thiazide"])
    assert not re.search(r"[Nn]ot known[^.\n]*\bsites\b", record.text)


def test_a_level_of_ones_own_says_so_above_what_the_rules_reach() -> None:
    given = told(neuro__weakness=True, rf__tetany=True)
    case, reached = given.case, given.assessment.urgency.level
    assert urgency.chosen(case).lines == ()
    assert urgency.reasons(given.trail, given.assessment, case).title == f"Why {reached}"
    for reason, says in (
        ("seen in hospital this morning.", "You set this: seen in hospital this morning."),
        ("", "You set this, without a reason."),
    ):
        own = case.with_({"case.urgency": Urgency(level="soon", reason=reason)})
        part = urgency.chosen(own)
        assert part.title == "Why soon"
        assert [(line.text, line.mark) for line in part.lines] == [(says, Mark.SOON)]
        rules = urgency.reasons(given.trail, given.assessment, own)
        assert rules.title == f"What the rules reach: {reached}"
        assert rules.lines


# -- what does not go together ----------------------------------------------------------------------


def test_the_terminal_lists_both_answers_and_what_is_told_elsewhere() -> None:
    text = told(**PROOF["K01"][0], patient__weight_kg="720 kg", codes=False).text
    at = text.index("Contradictions:")
    assert "stops the issue of a letter" in text[at:]
    assert "no anticoagulant" in text[at:]
    assert "Weight: 720 kg is outside what can be" in text[at:]
    assert "direct oral anticoagulant (from the medicines)" in text


# -- words, not codes -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", vignettes()[::5], ids=lambda path: path.stem)
def test_the_terminal_speaks_words_and_names_rules_on_demand_only(path: Any) -> None:
    ids = the_content().rule_ids - {"neurology", "respiratory", "pharmacist"}

    def codes(text: str) -> frozenset[str]:
        return ids & frozenset(re.findall(r"\w+", text))

    quiet, loud = (Told(vignette(path.stem), codes=codes_) for codes_ in (False, True))
    fired = {reason.rule for reason in loud.assessment.urgency.reasons}
    assert fired <= codes(loud.text)
    assert not {code for code in codes(quiet.text) if code in fired or "_" in code}


def test_names_in_a_line_are_few_and_begin_as_they_are_written() -> None:
    assert few(["a", "b", "a", "c"], 2) == "a, b and 1 more"
    assert few(["a"], 2) == "a"
    assert (begun("eGFR low"), begun("fever")) == ("eGFR low", "Fever")


def test_the_lines_bring_neither_qt_nor_the_template_language() -> None:
    program = (
        "import sys, triage.letter.words.person\n"
        "from triage.letter.words.said import differential, plan, terminal, tests, trail, urgency\n"
        "print([n for n in ('PySide6', 'jinja2', 'triage.letter.words.answers') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# -- who the patient is -----------------------------------------------------------------------------


def test_the_patient_is_named_the_same_on_screen_and_paper() -> None:
    case = case_from(
        {
            "triage_case": 1,
            "date": TODAY.isoformat(),
            "patient": {
                "family_name": "SPECIMEN",
                "given_name": " Edwin  James ",
                "dob": "1966-02-14",
                "identifiers": [{"kind": "nhs_number", "value": "9990000018"}],
            },
        }
    )
    form = the_content().form
    assert name_of(case) == "Edwin James SPECIMEN"
    assert list(details(form, case, TODAY)) == [
        "age 60",
        "born 14 Feb 1966",
        "NHS 999 000 0018",
    ]
    assert name_of(Case({})) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"patient": {"dob": "1966"}}, "59–60"),
        ({"answers": {"patient.age": 58}}, "58"),
        ({"answers": {"patient.age": "adult"}}, "adult"),
        ({}, ""),
    ],
)
def test_the_age_is_said_as_it_is_known(given: dict[str, Any], said: str) -> None:
    case = case_from({"triage_case": 1, "date": TODAY.isoformat(), **given})
    assert age_of(the_content().form, case, TODAY) == said


def test_each_line_says_what_it_rests_on() -> None:
    explained = 0
    statuses: tuple[OptionStatus, ...] = ("consider", "check_first")
    for path in vignettes():
        case = Told(vignette(path.stem))
        trail, found = case.trail, case.assessment
        suggested = [*tests.essential(trail, found), *tests.helpful(trail, found)]
        for status in statuses:
            suggested += plan.options(trail, found, case.case, status)
        parts = (
            plan.barred(trail, found, case.case),
            plan.team(trail, found),
            urgency.reasons(trail, found, case.case),
            urgency.services(trail, found),
        )
        lines = [each.line for each in suggested] + [line for part in parts for line in part.lines]
        for line in lines:
            if line.why is not None:
                told_of = trail.told(line.why, case.case)
                assert all(step.key for step in told_of.used), (path.stem, line.text)
                explained += 1
    assert explained > 100
