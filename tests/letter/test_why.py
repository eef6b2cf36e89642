"""Why: the few words under the headline, told from what the level and the leading condition rest on."""

from __future__ import annotations

import pytest

from tests.letter.page_one import (
    SAMPLES,
    VIGNETTES,
    case_data,
    making_of,
    record_of,
    text_of,
    why_of,
    words_of,
)
from triage.letter.blocks.thinking import thinking_block
from triage.letter.blocks.why import argued_keys

PAGE = (*SAMPLES, *VIGNETTES)


def test_why_is_what_and_where_then_the_second_kind_of_sign_then_what_is_normal() -> None:
    why = why_of(making_of(case_data("sample")))
    text = text_of(why)
    assert text.startswith(
        "Painless weakness, wasting and split hand on the right, over weeks to months;"
    )
    assert (
        "; and upper motor neuron signs: extensor right plantar, Hoffmann sign, spastic catch"
        in text
    )
    assert text.endswith("Sensation normal.")
    assert [span.text for span in why[0].spans if span.strong] == ["and"]


def test_a_routine_letter_ends_with_how_many_red_flags_were_asked() -> None:
    text = text_of(why_of(making_of(case_data("sample_benign"))))
    assert text.startswith(
        "Night cramps of both feet/toes and calves for 3 years, unchanged, eased by stretching."
    )
    assert text.endswith("No red flag among 27 asked (25 as blocks).")


def test_an_urgent_letter_does_not_count_the_red_flags_as_a_reason() -> None:
    assert "No red flag" not in text_of(why_of(making_of(case_data("V01"))))


def test_a_provisional_level_says_what_was_not_asked() -> None:
    why = why_of(making_of(case_data("V13")))
    said = "Provisional: 4 safety items not asked or examined (twitching, muscle wasting, 2 more)."
    assert why[-1].text == said


def test_nothing_can_raise_the_highest_level() -> None:
    assert "Provisional" not in text_of(why_of(making_of(case_data("V10"))))


@pytest.mark.parametrize("name", PAGE)
def test_why_keeps_to_its_words_and_has_a_reason(name: str) -> None:
    making = making_of(case_data(name))
    why = [s for s in why_of(making) if not s.text.startswith("Provisional")]
    assert 0 < words_of(why) <= record_of(making, "level").most


@pytest.mark.parametrize("name", PAGE)
def test_why_tells_nothing_that_neither_level_nor_condition_rests_on(name: str) -> None:
    making = making_of(case_data(name))
    argued = argued_keys(making)
    for statement in why_of(making):
        if "red flag" not in statement.text and statement.covers:
            assert argued & {*statement.covers}, statement.text


def test_a_reason_that_no_sentence_tells_is_named_by_its_answers() -> None:
    data = case_data("V03")
    data["answers"] = {**data["answers"], "rf.hot_swollen_calf": True}
    assert text_of(why_of(making_of(data))).startswith("Swollen calf")


def test_of_a_list_that_is_too_long_what_weighs_most_is_told() -> None:
    text = text_of(why_of(making_of(case_data("V21"))))
    assert text.startswith("Slurred or quiet speech")
    assert "family history of Wilson disease or early liver disease" in text
    assert "dystonic posture" in text
    assert "rigidity" not in text


def test_two_reasons_that_rest_on_the_same_answers_are_one() -> None:
    making = making_of(case_data("V14"))
    text = text_of([*thinking_block(making, record_of(making, "thinking")).all_statements()])
    assert "CK at least four times the upper limit" in text
    assert "1.5 times" not in text
