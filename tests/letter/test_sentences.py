"""Sentences: read with the letters, checked, and told only as far as there is something to tell."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, answers
from tests.letter.page_one import (
    SAMPLES,
    VIGNETTES,
    case_data,
    history_of,
    issued,
    making_of,
    text_of,
    why_of,
)
from triage.content import Content, ContentFiles
from triage.errors import ContentError
from triage.letter.blocks.filling import Fillings
from triage.letter.blocks.sentences import sentences
from triage.letter.making import Making
from triage.letter.statements import Statement
from triage.letter.template import load_templates
from triage.letter.words.recorded import says_no
from triage.model.values import Choice

SENTENCES = "forms/muscle_cramps/letters/sentences.toml"
PAGE = (*SAMPLES, *VIGNETTES)


def broken(tmp_path: Path, content: Content, old: str, new: str) -> str:
    text = (ROOT.parent / SENTENCES).read_text()
    assert old in text
    path = tmp_path / SENTENCES
    path.parent.mkdir(parents=True)
    shutil.copytree(ROOT.parent / "templates", tmp_path / "templates")
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        load_templates(ContentFiles(own=tmp_path), content.form)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'of = { pain = "neuro.pain_then_weak" }',
            'of = { pain = "neuro.pain_then_wek" }',
            "did you mean",
        ),
        ("symptom=wasting", "symptom=wastng", "there is no option 'wastng'"),
        ('id = "thinning"', 'id = "twitching"', "another sentence has this id"),
        ('says = "{{ pain }}"', 'says = "{{ pane }}"', "there is no 'pane' here"),
        ('says = "{{ pain }}"', 'says = "pain"', "does not use 'pain'"),
        ("{{ tempo.text }}", "{{ tempo.upper }}", "an answer has no 'upper'"),
        (
            'of = { pain = "neuro.pain_then_weak" }',
            'of = { all = "neuro.pain_then_weak" }',
            "stands for several",
        ),
        ('"{{ tried }}"', '"{{ all }} {{ absent }}"', "make it two sentences"),
        ('before = "background"', 'before = "backgrund"', "there is no paragraph 'backgrund'"),
        ('"rf.weight_loss",\n]', '"cramp.task_specific",\n]', "give it `denied`"),
        ("pace = [", 'pace = ["neuro.stairs", ', "neuro.stairs is not among"),
    ],
)
def test_a_fault_is_told_with_its_remedy(
    tmp_path: Path, content: Content, old: str, new: str, says: str
) -> None:
    told = broken(tmp_path, content, old, new)
    assert SENTENCES.removeprefix("forms/muscle_cramps/") in told
    assert says in told


def filling(given: dict[str, object], target: str) -> tuple[str, Fillings]:
    data = {**case_data("V20"), "answers": given}
    fillings = Fillings(making_of(data))
    return fillings.of(target), fillings


def test_what_was_typed_stands_in_the_place_of_what_was_ticked() -> None:
    made, _ = filling(
        {
            "neuro.weakness": True,
            "neuro.weakness_tempo": {"value": "years", "text": "since  school."},
        },
        "neuro.weakness_tempo",
    )
    assert made == "since school"
    assert made.option == "years"  # type: ignore[attr-defined]


def test_a_missing_side_is_a_gap_in_a_draft_and_admitted_in_an_issued_letter() -> None:
    data = {**case_data("V20"), "answers": {"cramp.sites": ["calf"]}}
    assert "calf, «side»" in text_of(history_of(making_of(data)))
    assert "calf, side not recorded" in text_of(history_of(issued(data)))


def test_sides_are_gathered_and_said_with_their_article() -> None:
    made, _ = filling(
        {
            "cramp.sites": [
                "calf.left",
                "calf.right",
                "forearm.left",
                "forearm.right",
                "thigh.right",
            ]
        },
        "cramp.sites",
    )
    assert made == "both calves and forearms, the right thigh"


def test_an_absent_finding_has_no_words_but_a_name_to_be_denied_by() -> None:
    made, _ = filling({"neuro.numbness_tingling": False}, "neuro.numbness_tingling")
    assert not made
    assert made.denied == "numbness or tingling"  # type: ignore[attr-defined]


def test_a_finding_that_joins_several_says_that_nobody_said_which() -> None:
    made, _ = filling({"neuro.dysarthria": True}, "neuro.dysarthria")
    assert made == "slurred or quiet speech (not said which)"
    asked, _ = filling(
        {"neuro.dysarthria": True, "neuro.speech_change": ["slurred"]}, "neuro.dysarthria"
    )
    assert asked == "speech: slurred"


def test_a_sentence_tells_only_of_what_it_looked_at() -> None:
    making = making_of(case_data("sample"))
    typed = next(s for s in history_of(making) if s.text.startswith("Right hand clumsy"))
    assert typed.covers == ("neuro.weakness_tempo",)


@pytest.mark.parametrize(
    ("sex", "words"), [("female", "her own"), ("male", "his own"), (None, "a")]
)
def test_whose_copy_it_is_is_said_as_far_as_it_is_known(sex: str | None, words: str) -> None:
    given = {"plan.patient_copy": True, **({"patient.sex_at_birth": sex} if sex else {})}
    (told,) = sentences(making_of(answers(**given)), "told")
    assert told.text == f"Has {words} copy."


def test_a_year_is_said_once_in_a_block() -> None:
    text = text_of(history_of(making_of(case_data("sample"))))
    assert "since about March 2026" in text
    assert "right thigh since June." in text
    assert re.search(r"[\ufdd0-\ufdef]", text) is None


def state(making: Making, key: str) -> str:
    value = making.case.get(key)
    question = making.form.question_of(key)
    if value is None or question is None:
        return ""
    if isinstance(value, Choice):
        said = next((o.phrase for o in question.options if o.id == value.option), "")
        return "absent" if said in ("none", "no") or said.startswith("no ") else "present"
    return "absent" if says_no(value) else "present"


def signs(making: Making, statement: Statement) -> set[str]:
    return {state(making, key) for key in statement.covers} - {""}


@pytest.mark.parametrize("name", PAGE)
def test_no_sentence_holds_what_is_there_and_what_is_not(name: str) -> None:
    making = making_of(case_data(name))
    for statement in (*why_of(making), *history_of(making)):
        assert len(signs(making, statement)) < 2, statement.text


@pytest.mark.parametrize("name", PAGE)
def test_the_english_is_clean(name: str) -> None:
    making = making_of(case_data(name))
    for statement in (*why_of(making), *history_of(making)):
        text = statement.text
        assert re.match(r"[A-Z0-9«]|eGFR|pH", text), text
        assert text.endswith((".", "?", "!")), text
        assert not re.search(
            r"\s[,.;]|[,;]\.|,,|;;|\.\.|  |recorded as one of|Recorded:|None\b", text
        ), text
        assert not re.search(r"\b[EUSRMTX]\d\d\b", text), text
