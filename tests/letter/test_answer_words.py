"""The words of answers: what joins several findings, what is sensitive, and what would be denied twice."""

from __future__ import annotations

import json
import re
from pathlib import Path
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
from tests.letter.letters import record_text
from triage.bench.everything import full_case
from triage.content.schema import AnswerWords
from triage.letter.build import build_letter, uncovered
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.letter.words.answers import Speaker
from triage.letter.words.described import describe
from triage.letter.words.recorded import says_no
from triage.model.case import Case
from triage.model.values import Decision, Finding, Row, Table, Unable

SAMPLES = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
CLINICIAN = ("referral_letter", "emg_request")
DENIES = re.compile(r"(No|None|Not|Denies|Otherwise)\b")


def words() -> dict[str, AnswerWords]:
    return dict(the_templates().answers)


def case_of(**given: Any) -> Case:
    return case_from(answers(**given))


def said(question: str, more: dict[str, AnswerWords] | None = None, **given: Any) -> list[str]:
    form = the_content().form
    speaker = Speaker(form, case_of(**given), words() | (more or {}))
    return [p.text for p in speaker.phrases(form.questions[question])]


def letter(case: Case, recipient: str, template: str = "referral_letter") -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(the_content(), case, assessment, template, recipient, TODAY)


def told(found: Letter) -> str:
    return "\n".join(s.text for s in found.statements())


# -- what joins several findings --------------------------------------------------------------------


def test_a_joined_finding_admits_that_it_was_recorded_as_one() -> None:
    (text,) = said("rf.syncope_palpitations", rf__syncope_palpitations=True)
    assert text == "recorded as one of: blackout, sustained palpitations"


def test_of_a_joined_finding_the_typed_text_stands_alone() -> None:
    need = {"state": "present", "text": "Hearing aid: face her when speaking"}
    assert said("patient.interpreter", patient__interpreter=need) == [need["text"]]


def test_a_joined_finding_prints_what_its_follow_up_says_and_the_follow_up_is_not_told_twice() -> (
    None
):
    joined = AnswerWords(
        id="neuro.diplopia_ptosis", one_of=("a", "b"), follow_up=("cn.facial_weakness",)
    )
    more = {joined.id: joined}
    given = {"neuro__diplopia_ptosis": True, "cn__facial_weakness": "unilateral"}
    form = the_content().form
    speaker = Speaker(form, case_of(**given), words() | more)
    (phrase,) = speaker.phrases(form.questions[joined.id])
    assert phrase.text == "facial weakness: unilateral"
    assert phrase.keys == ("neuro.diplopia_ptosis", "cn.facial_weakness")
    assert speaker.phrases(form.questions["cn.facial_weakness"]) == []
    # Alone, or where the joined one is absent, the follow-up speaks for itself.
    assert said("cn.facial_weakness", more, cn__facial_weakness="unilateral")
    given["neuro__diplopia_ptosis"] = False
    assert said("cn.facial_weakness", more, **given)
    # And while it is not answered, nobody knows which it was.
    assert said(joined.id, more, neuro__diplopia_ptosis=True) == ["recorded as one of: a, b"]


def test_a_region_that_is_one_area_has_one_name() -> None:
    (text,) = said("fasc.seen", fasc__seen__forearm_hand__right=True)
    assert "forearm/hand" in text


# -- what is denied ---------------------------------------------------------------------------------


def test_what_is_absent_is_named_by_a_noun() -> None:
    assert said("rf.bladder_bowel_sexual", rf__bladder_bowel_sexual=False) == [
        "bladder or bowel change"
    ]


def test_nothing_is_denied_twice() -> None:
    case = case_of(neuro__weakness=True, neuro__weakness_painless=False, emg__lie_flat=False)
    text = told(letter(case, "neurophysiology", "emg_request"))
    assert "Weakness." in text
    assert "painless" not in text
    assert "Cannot lie flat for 45 minutes." in text


def _cases() -> list[Case]:
    data = [json.loads(path.read_text()) for path in vignettes()]
    data += [
        json.loads((SAMPLES / name).read_text()) for name in ("sample.json", "sample_benign.json")
    ]
    return [*(case_from(d.get("case", d)) for d in data), full_case(the_content())]


@pytest.mark.parametrize("template", CLINICIAN)
def test_no_sentence_that_denies_covers_what_is_there(template: str) -> None:
    seen = 0
    for case in _cases():
        for statement in letter(case, "neurology", template).statements():
            if DENIES.match(statement.text):
                seen += 1
                there = [
                    key
                    for key in statement.covers
                    if isinstance(value := case[key], Finding) and not says_no(value)
                ]
                assert not there, statement.text
    assert seen > len(_cases())


# -- what is sensitive ------------------------------------------------------------------------------

SECRET = {"rf__self_harm": True, "sys__psychiatric_substance": False, "soc__stimulants": True}


@pytest.mark.parametrize("template", CLINICIAN)
def test_what_is_sensitive_is_held_back_and_admitted(template: str) -> None:
    case = case_of(**SECRET)
    found = letter(case, "neurophysiology", template)
    text = "\n".join(found.texts())
    assert not re.search("self-harm|cocaine|substance|stimulant", text, re.IGNORECASE)
    assert text.count("One sensitive item is kept in the sender's record.") == 3
    assert uncovered(found, case) == set()


def test_an_emergency_for_a_reason_that_is_held_back_asks_to_be_rung() -> None:
    found = letter(case_of(**SECRET), "neurology")
    assert found.template == "emergency_letter"
    assert "For a reason that is kept in the sender's record: please ring the sender." in told(
        found
    )


def test_a_recipient_that_needs_it_is_told_what_is_there_and_never_what_is_not() -> None:
    text = "\n".join(letter(case_of(**SECRET), "primary_care").texts())
    assert "Thoughts of self-harm" in text
    assert "cocaine" in text
    assert "substance misuse" not in text
    assert "One sensitive item is kept in the sender's record." in text


def test_one_half_of_a_joined_finding_may_be_harmless() -> None:
    text = plain_text(letter(case_of(rf__ivdu_immunosuppressed=False), "neurophysiology"))
    assert "- asked and absent: Immunosuppression\n" in text
    assert "inject" not in text
    assert "sensitive" not in text


def test_a_sensitive_part_of_a_joined_finding_is_held_back_with_it() -> None:
    form, mine = the_content().form, words()
    joined = AnswerWords(id="rf.fever", one_of=("a", "b"), follow_up=("soc.stimulants",))
    case = case_of(rf__fever=True, soc__stimulants=True)
    speaker = Speaker(form, case, mine | {joined.id: joined}, held={"soc.stimulants"})
    (phrase,) = speaker.phrases(form.questions["rf.fever"])
    assert phrase.text == "recorded as one of: a, b"
    assert phrase.keys == ("rf.fever",)


def test_an_option_may_be_sensitive_alone() -> None:
    form = the_content().form
    hushed = AnswerWords(id="neuro.weakness_sites.face", sensitive=True)
    mine = words() | {hushed.id: hushed}
    question = form.questions["neuro.weakness_sites"]

    def told_of(*, held: bool, **given: Any) -> list[tuple[str, tuple[str, ...]]]:
        case = case_of(**given)
        speaker = Speaker(form, case, mine, held={hushed.id} if held else ())
        return [(p.text, p.keys) for p in speaker.phrases(question)]

    both = {"neuro__weakness_sites__face": True, "neuro__weakness_sites__one_arm": True}
    ((text, keys),) = told_of(held=True, **both)
    assert "face" not in text
    assert keys == ("neuro.weakness_sites.one_arm",)
    ((text, _),) = told_of(held=False, **both)
    assert "face" in text
    assert told_of(held=True, neuro__weakness_sites__face=True) == []
    # A closed list does not name what is hushed.
    ((text, keys),) = told_of(held=False, neuro__weakness_sites=["one_arm"])
    assert text == "sites of weakness: one arm, side not recorded"
    assert hushed.id not in keys


def test_no_letter_tells_a_service_what_it_does_not_need() -> None:
    content = the_content()
    sensitive = [w for w in words().values() if w.sensitive]
    assert sensitive
    for record in sensitive:
        question = content.form.questions.get(record.id)
        option = f".{question.options[0].id}" if question and question.kind == "choices" else ""
        key = f"{record.id}{option}"
        case = case_of(**{key.replace(".", "__"): True})
        for recipient in content.recipients.values():
            found = letter(case, recipient.id, recipient.template)
            assert found.record is not None
            (row,) = [e for s in found.record.sections for e in s.entries if key in e.covers]
            is_kept = row.text == "One sensitive item is kept in the sender's record."
            assert is_kept is (record.id not in recipient.sensitive), key
            on_page_one = any(key in s.covers for s in found.statements())
            assert not (is_kept and on_page_one), key


def test_what_could_not_be_asked_is_told_with_its_reason() -> None:
    case = case_of().with_({"rf.fever": Unable(reason="no thermometer")})
    said_of = "Fever, rigors, sweats: not assessable: no thermometer"
    assert said_of in record_text(letter(case, "neurology"))


# -- what a test is asked for -----------------------------------------------------------------------


def requested(case: Case, test: str) -> list[str]:
    accepted = case.with_({f"decision.{test}": Decision(decision="accept")})
    blocks = [b for b in letter(accepted, "neurology").blocks if b.id == "requested"]
    return [s.text for b in blocks for s in b.all_statements() if f"decision.{test}" in s.covers]


def test_a_test_says_what_the_leading_condition_asks_of_it() -> None:
    case = case_from(json.loads((SAMPLES / "sample.json").read_text()))
    assert the_assessor().assess(case, TODAY).conditions[0].id == "als_mnd"
    assert requested(case, "t_mri_cspine") == ["MRI cervical spine: to exclude cord compression."]


def test_what_a_test_is_good_for_in_general_is_for_the_screen() -> None:
    (path,) = (path for path in vignettes() if path.stem == "V19")
    case = case_from(json.loads(path.read_text())["case"])
    (text,) = requested(case, "t_tsh")
    assert "TSH" in text
    assert "thyroid disease" not in text


def test_every_purpose_is_short_and_of_a_condition() -> None:
    purposes = [r.record.purposes for r in the_content().investigations]
    assert all(purposes)
    assert max(len(p.split()) for found in purposes for p in found.values()) <= 8


def test_a_row_is_described_by_what_its_options_are_called() -> None:
    rows = (
        Row(cells=(("kind", "nhs_number"), ("value", "9990000018"))),
        Row(cells=(("kind", "hospital_number"), ("value", "T 12"))),
    )
    case = Case({"patient.identifiers": Table(rows=rows)})
    said = describe(case, the_content().form, "patient.identifiers")
    assert said == "identifiers: NHS 9990000018; hospital number T 12"
