"""What stands on each page whatever a letter says: paper and type of the clinic's own, identity, common signs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, case_from, the_assessor, the_content
from tests.letter.pages import Pages
from triage.content.casefile import day_of
from triage.content.files import ContentFiles
from triage.content.form import RECIPIENTS
from triage.errors import ContentError
from triage.letter.build import build_letter
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.letter.template import Templates, load_templates
from triage.model.case import Case
from triage.model.values import Names
from triage.pdf.readback import missing_statements, read_text
from triage.pdf.render import render

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KINDS = ("referral_letter", "emg_request", "emergency_letter", "patient_leaflet")
PAPERS = ("a4", "letter")
PAGE = (ROOT.parent / "templates" / "page.toml").read_text(encoding="utf-8")
kinds = pytest.mark.parametrize("kind", KINDS)
papers = pytest.mark.parametrize("paper", PAPERS)


def completed(sender: dict[str, str] | None = None, **patient: Any) -> Case:
    data = json.loads((ROOT / "cases" / "complete" / "V01.json").read_text(encoding="utf-8"))
    data["patient"] |= patient
    data["referrer"] |= sender or {}
    return case_from(data)


def made(
    kind: str, case: Case, templates: Templates | None = None, *, draft: bool = False
) -> Letter:
    day = day_of(case)
    assessment = the_assessor().assess(case, day)
    issued = None if draft else WHEN
    return build_letter(
        the_content(),
        case,
        assessment,
        kind,
        None,
        day,
        issued_at=issued,
        version=1,
        templates=templates,
    )


def own(tmp_path: Path, **changes: str) -> Templates:
    """Return the templates with a clinic's own page, in which the first lines of these names say something else."""
    text = PAGE
    for name, value in changes.items():
        shape = r"\{.*\}" if value[0] == "{" else r"[\d.]+"
        text, count = re.subn(rf"(?m)^{name} = {shape}$", f"{name} = {value}", text, count=1)
        assert count == 1, name
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.toml").write_text(text, encoding="utf-8")
    return load_templates(ContentFiles(own=tmp_path), the_content().form)


# -- paper, margins, sizes ----------------------------------------------------------------------------


@papers
@kinds
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "left": "30.0",
            "right": "30.0",
            "axis": "60.0",
            "top": "25.0",
            "bottom": "30.0",
            "leaflet": "45.0",
        },
        {
            "left": "15.0",
            "right": "8.0",
            "axis": "40.0",
            "top": "10.0",
            "bottom": "20.0",
            "leaflet": "15.0",
        },
        {"body": "{ size = 12.0, leading = 15.0 }", "record": "{ size = 10.0, leading = 12.0 }"},
    ],
    ids=["as shipped", "wide margins", "narrow margins", "large type"],
)
def test_a_page_of_the_clinics_own_is_set_as_it_says(
    tmp_path: Path, changes: dict[str, str], kind: str, paper: Any
) -> None:
    templates = own(tmp_path, **changes)
    letter = made(kind, completed(), templates)
    data = render(letter, paper=paper, when=WHEN)
    assert missing_statements(letter, data) == []
    pages, margins = Pages(data), templates.page.margins
    wide, high = templates.page.papers[paper].width, templates.page.papers[paper].height
    assert all(size == pytest.approx((wide, high), abs=0.1) for size in pages.sizes)
    leaflet = letter.kind == "leaflet"
    left, right = (margins.leaflet, margins.leaflet) if leaflet else (margins.left, margins.right)
    outside = [w.text for w in pages.words if w.left < left - 0.2 or w.right > wide - right + 0.7]
    assert outside == []
    assert [w.text for w in pages.body if w.base > high - margins.bottom + 0.1] == []
    assert min(w.left for w in pages.words) == pytest.approx(left, abs=0.6)
    if letter.kind == "letter":
        assert pages.words[0].base == pytest.approx(margins.top, abs=0.1)
        assert templates.page.sizes.body.size in {round(w.size, 1) for w in pages.body}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"left": "5.0"}, "margins.left: input should be greater than or equal to 15"),
        ({"bottom": "10.0"}, "margins.bottom: input should be greater than or equal to 20"),
        (
            {"body": "{ size = 8.0, leading = 10.0 }"},
            "sizes.body.size: input should be greater than",
        ),
        ({"body": "{ size = 18.0, leading = 20.0 }"}, "sizes.body.size: input should be less than"),
        ({"body": "{ size = 10.0 }"}, "the key 'sizes.body.leading' is missing"),
        (
            {"body": "{ size = 12.0, leading = 9.0 }"},
            "sizes.body: leading is at least as large as size",
        ),
        ({"axis": "44.0"}, "margins: axis is at least 25 mm right of left"),
        ({"tag": "{ size = 14.0 }"}, "sizes.tag.size: input should be less than or equal to 12"),
        (
            {"headline": "{ size = 20.0, leading = 22.0 }"},
            "sizes.headline.size: input should be less than or equal to 18",
        ),
        (
            {"label": "{ size = 12.0 }", "body": "{ size = 10.0, leading = 12.0 }"},
            "label and source are smaller",
        ),
        ({"axis": "79.0", "right": "40.0"}, "the paper 'a4' is too narrow for its margins"),
        ({"side": "135.0"}, "the paper 'a4' has no room right of side"),
        ({"foot": "{ size = 12.0, leading = 14.0 }"}, "the foot has a leading of at most 13"),
        ({"block_least": "12.0"}, "space: block_least is at most block"),
    ],
)
def test_a_page_that_could_not_be_read_is_refused_with_its_limit(
    tmp_path: Path, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(ContentError) as refused:
        own(tmp_path, **changes)
    assert [p.file for p in refused.value.problems] == ["templates/page.toml"]
    assert says in str(refused.value)


# -- who it is about ----------------------------------------------------------------------------------


NUMBERS = [
    {"kind": "nhs_number", "value": "9990001006"},
    {"kind": "hospital_number", "value": "H1234567"},
    {"kind": "hospital_number", "value": "H7654321"},
    {"kind": "other", "value": "TRIAL-0001"},
    {"kind": "other", "value": "TRIAL-0002"},
]


@papers
@kinds
@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Bartholomew Maximilian " * 9, "SPECIMEN"),
        ("Edmund", "SPECIMEN-" * 22),
        ("Bartholomew " * 17, "PLACEHOLDER-" * 17),
        ("W" * 200, "W" * 200),
    ],
    ids=["long given names", "long family name", "both", "without a space"],
)
def test_each_page_says_who_it_is_about_whatever_the_length_of_the_name(
    kind: str, paper: Any, given: str, family: str
) -> None:
    case = completed(given_name=given.strip()[:200], family_name=family[:200], identifiers=NUMBERS)
    pages = Pages(render(made(kind, case), paper=paper, when=WHEN))
    for number in range(len(pages)):
        words = [w for w in pages.words if w.page == number and pages.is_foot(w)]
        foot = " ".join(w.text for w in words)
        assert "born 9 Mar 1968" in foot
        for one in ("999 000 1006", "H1234567", "H7654321", "TRIAL-0001", "TRIAL-0002"):
            assert one in foot
        assert f"page {number + 1} of {len(pages)}" in foot
        wide = pages.sizes[number][0]
        assert max(w.right for w in words) <= wide - 19.3


# -- signs of word processors -------------------------------------------------------------------------

# As typed, on paper, and in plain text: what an old code page lacks is spelt there.
SIGNS = {
    "• bullet": ("• bullet", "• bullet"),
    "\uf0b7 Word bullet": ("• Word bullet", "• Word bullet"),
    "✓ reflexes": ("yes reflexes", "yes reflexes"),
    "✗ clonus": ("no clonus", "no clonus"),
    "☑ told": ("[x] told", "[x] told"),
    "CK ≥ 412 µg": ("CK ≥ 412 µg", "CK >= 412 µg"),
    "K ≤ 3½": ("K ≤ 3½", "K <= 3½"),
    "10⁹/L and m²": ("10⁹/L and m²", "10⁹/L and m²"),
    "legs → arms ↑": ("legs → arms ↑", "legs -> arms ↑"),
    "⇒ worse": ("→ worse", "-> worse"),
    "37 ℃ × 2 °": ("37 °C × 2 °", "37 °C × 2 °"),
}


@kinds
@pytest.mark.parametrize("typed", SIGNS, ids=lambda text: f"U+{ord(max(text)):04X}")
def test_signs_of_word_processors_are_printed_or_spelt(kind: str, typed: str) -> None:
    printed, plain = SIGNS[typed]
    letter = made(kind, completed(sender={"org": f"Surgery {typed}"}))
    data = render(letter, when=WHEN)
    assert missing_statements(letter, data) == []
    assert "".join(printed.split()) in "".join("".join(read_text(data)).split())
    assert plain in plain_text(letter)


@papers
@kinds
def test_a_sign_that_the_font_lacks_is_shown_by_its_code_in_a_draft(kind: str, paper: Any) -> None:
    letter = made(kind, completed(given_name="Ali علي"), draft=True)
    text = "".join(read_text(render(letter, paper=paper, when=WHEN)))
    assert "[U+0639]" in "".join(text.split())


def test_a_recipient_that_an_older_case_names_twice_has_one_copy() -> None:
    twice = Names(names=("neuromuscular", "neurophysiology", "neurophysiology"))
    letter = made("referral_letter", completed().with_({RECIPIENTS: twice}))
    (copies,) = [block for block in letter.blocks if block.id == "copies"]
    name = the_content().recipients["neurophysiology"].name
    assert "".join(s.text for s in copies.all_statements()).count(name) == 1
