"""Measuring a page: on the three letters that were set by hand, and on pages drawn for it."""

from __future__ import annotations

import pytest

from tests.conftest import CASES
from tests.letter.pages import Pages, lines, words_in


def _exemplar(name: str) -> Pages:
    return Pages((CASES / "exemplars" / f"{name}.pdf").read_bytes())


@pytest.fixture(scope="module")
def referral() -> Pages:
    return _exemplar("urgent-neurology")


def test_a_word_is_found_with_its_place_size_and_ink(referral: Pages) -> None:
    (label,) = referral.find("Question")
    assert (label.page, label.size, label.ink, label.is_bold) == (0, 9.5, 0.0, True)
    assert label.left == pytest.approx(20.0, abs=0.1)
    assert label.base == pytest.approx(73.9, abs=0.1)


def test_a_sentence_is_found_over_its_line_ends(referral: Pages) -> None:
    found = referral.find(
        "Is this motor neuron disease or a treatable mimic (cervical cord or root, multifocal motor neuropathy)?"
    )
    assert [len(line) for line in lines(found)] == [14, 2]
    assert all(word.left > 46.9 for word in found)
    assert referral.find("Is this multifocal") == []


def test_every_place_of_a_text_is_found(referral: Pages) -> None:
    found = referral.find_all("Hoffmann sign")
    assert [word.text for word in found] == [
        "Hoffmann",
        "sign,",
        "Hoffmann",
        "sign",
        "Hoffmann",
        "sign",
    ]
    assert [word.page for word in found[::2]] == [0, 0, 1]


def test_label_and_text_are_words_of_their_own(referral: Pages) -> None:
    label, *text = referral.find("Wasting Right hand (split hand)")
    assert (label.text, text[0].text) == ("Wasting", "Right")
    assert label.base == pytest.approx(text[0].base, abs=0.01)


def test_the_foot_is_not_the_body(referral: Pages) -> None:
    assert "Decision" not in referral.text()
    assert any(word.text == "Decision" and referral.is_foot(word) for word in referral.words)
    assert words_in(referral.text(0)) == 590


def test_grey_and_white_are_told_from_black(referral: Pages) -> None:
    assert referral.find("1 Example Street")[0].ink == pytest.approx(0.36, abs=0.01)
    assert referral.find("URGENT")[0].ink == 1.0
    assert not any(word.has_colour for word in referral.words)


def test_a_letter_on_one_sheet_and_a_leaflet() -> None:
    assert len(_exemplar("emergency")) == len(_exemplar("leaflet-urgent")) == 1
    assert {word.size for word in _exemplar("leaflet-urgent").find("by 4 December 2026")} == {13.0}
