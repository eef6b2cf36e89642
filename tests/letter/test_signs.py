"""Signs of word processors are spelt with what every letter can show, and never change what was said."""

from __future__ import annotations

import pytest

from triage.letter import signs
from triage.letter.signs import clean, spelled
from triage.pdf.fonts import register_fonts


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("\uf0b7 worse at night", "• worse at night"),
        ("\uf0a7\tworse at night", "•\tworse at night"),
        ("\uf0d8 arm\n➢ leg", "• arm\n• leg"),
        ("✓ stretching helps", "yes stretching helps"),
        ("✔️stretching", "yes stretching"),
        ("pain✗, cramp✓.", "pain no, cramp yes."),
        ("(✓)", "(yes)"),
        ("☐ pacemaker ☑ warfarin ☒ statin", "[ ] pacemaker [x] warfarin [x] statin"),
        ("♀ friend affected too, 2♂", "female friend affected too, 2 male"),
        ("lies ⇒ breathless \uf0e0 sits", "lies → breathless → sits"),
        ("∆ weight, 37.2 ℃, CKD Ⅳ", "Δ weight, 37.2 °C, CKD IV"),
        ("ＣＫ　１２４５０（Ｕ／Ｌ）", "CK 12450(U/L)"),
        ("CK ≧ 1000, K ⩽ 3.5", "CK ≥ 1000, K ≤ 3.5"),
        ("5 ㎎, 3 ㎍", "5 mg, 3 μg"),
        ("oﬃce", "office"),
    ],
)
def test_signs_are_spelt(typed: str, printed: str) -> None:
    assert spelled(typed.replace("\ufe0f", "")) == printed


@pytest.mark.parametrize(
    "typed",
    [
        # A raised digit, a fraction, a unit: as typed.
        "10⁹/L, 0.5 m², CO₂, ½ tablet",
        "• ● ▪ ° µ ≥ ≤ → ↑ ↓ ™ ‰ – ′ …",
        "Ελληνικά, Кириллица, Tiếng Việt",
        # What has no fixed meaning is not guessed.
        "\uf0b3 5 שלום 😀 \x00",
    ],
)
def test_what_can_be_printed_or_has_no_meaning_stays_as_typed(typed: str) -> None:
    assert spelled(typed) == typed


def test_each_sign_is_one_that_the_font_lacks_and_is_spelt_with_those_it_has() -> None:
    glyphs = register_fonts()
    for sign, spelt in {**signs._SPELT, **signs._WORDS}.items():
        assert ord(sign) not in glyphs, sign
        assert all(ord(char) in glyphs for char in spelt), sign


def test_marks_of_emoji_style_are_not_printed() -> None:
    assert clean("✔\ufe0f ok") == "yes ok"
