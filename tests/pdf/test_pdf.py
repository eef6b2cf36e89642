"""Letters in type: complete, the same every time, and safe from what people type."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.conftest import TODAY, case_from, the_assessor, vignettes
from triage.bench.everything import decided_case, full_case
from triage.content import Content
from triage.content.casefile import read_case, write_case
from triage.errors import LetterError
from triage.letter.build import build_letter
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Text
from triage.pdf.readback import missing_statements, read_text
from triage.pdf.render import render

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "forms" / "muscle_cramps" / "cases" / "sample.json"
WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def make(content: Content, case: Case, template: str = "referral_letter", **more: Any) -> Letter:
    return build_letter(
        content, case, the_assessor().assess(case, TODAY), template, None, TODAY, **more
    )


def noted(text: str) -> Case:
    return Case(
        {
            "note.complaint": Text(text=text),
            "patient.family_name": Text(text=text[:40]),
            "referrer.question": Text(text=text),
        }
    )


@pytest.fixture
def sample() -> Case:
    return case_from(json.loads(SAMPLE.read_text()))


@pytest.mark.parametrize("template", ["referral_letter", "emg_request", "patient_leaflet"])
@pytest.mark.parametrize("path", vignettes(), ids=lambda p: p.stem)
def test_every_statement_is_on_the_pages(content: Content, path: Path, template: str) -> None:
    data = json.loads(path.read_text())
    letter = make(content, case_from(data.get("case", data)), template)
    assert missing_statements(letter, render(letter, when=WHEN)) == []


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_case_with_every_answer_is_on_the_pages(content: Content, paper: Any) -> None:
    letter = make(content, decided_case(content))
    assert missing_statements(letter, render(letter, paper=paper, when=WHEN)) == []


def test_a_statement_that_is_not_printed_is_missed(content: Content, sample: Case) -> None:
    printed = render(make(content, Case()), when=WHEN)
    assert missing_statements(make(content, sample), printed)


HOSTILE = [
    "<b>bold</b> & <i>",
    "<img src='file:///etc/passwd'/> <para><font color=red>",
    "{{ 7*7 }} {{ 'a'*10**9 }} {% raw %}",
    "&amp; &#65; &nope; ]]> <!-- x -->",
    "a < b > c && d",
    "tabs\tand\nlines\r\nand   spaces",
    "back\\slash % $ # _ ( ) ( (",
    "Ελληνικά, Кириллица, Tiếng Việt, e\u0301",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_is(content: Content, text: str) -> None:
    letter = make(content, noted(text))
    data = render(letter, when=WHEN)
    assert missing_statements(letter, data) == []
    assert "49" not in "".join(read_text(data)).replace("999", "")[:200] or "49" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("שלום", "[U+05E9]"), ("fine 😀", "[U+1F600]"), ("a\x07b", "[U+0007]"), ("中", "[U+4E2D]")],
)
def test_a_draft_shows_what_the_font_lacks_and_a_final_letter_refuses(
    content: Content, text: str, shown: str
) -> None:
    data = render(make(content, noted(text)), when=WHEN)
    assert shown in "".join(read_text(data))
    with pytest.raises(LetterError, match=r"U\+") as caught:
        render(make(content, noted(text), version=1, issued_at=WHEN), when=WHEN)
    assert shown in str(caught.value)


def test_direction_marks_are_taken_out(content: Content) -> None:
    letter = make(content, noted("safe\u202etxt.exe\u200b"), version=1, issued_at=WHEN)
    assert "safetxt.exe" in "".join(read_text(render(letter, when=WHEN)))


def test_twenty_thousand_characters_flow(content: Content) -> None:
    text = "\n".join(f"Line {n} of a very long story that somebody pasted in." for n in range(400))[
        :20_000
    ]
    letter = make(content, Case({"note.exam": Text(text=text)}))
    data = render(letter, when=WHEN)
    assert missing_statements(letter, data) == []
    assert len(read_text(data)) > 4


def test_one_unbreakable_word_is_broken(content: Content) -> None:
    letter = make(content, noted("x" * 5000))
    data = render(letter, when=WHEN)
    assert missing_statements(letter, data) == []


def test_every_page_has_identity_number_and_mark(content: Content) -> None:
    case = decided_case(content).with_({"patient.family_name": Text(text="Specimen")})
    letter = make(content, case)
    pages = read_text(render(letter, when=WHEN))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "Specimen" in page
        assert f"page {number} of {len(pages)}" in page
        assert letter.foot in page


def test_a_final_letter_has_no_draft_mark(content: Content, sample: Case) -> None:
    letter = make(content, sample, version=2, issued_at=WHEN)
    text = "".join(read_text(render(letter, when=WHEN)))
    assert "DRAFT" not in text
    assert "version 2" in text


def test_all_fonts_are_inside_and_helvetica_is_not(content: Content, sample: Case) -> None:
    for template in ("referral_letter", "emg_request", "patient_leaflet"):
        data = render(make(content, sample, template), when=WHEN)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            fonts = [
                o
                for o in pdf.objects
                if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"
            ]
            assert fonts
            for font in fonts:
                assert "Lato" in str(font.BaseFont)
                assert "/FontFile2" in font.FontDescriptor


def test_it_says_it_is_pdf_a_and_metadata_hold_no_patient_data(
    content: Content, sample: Case
) -> None:
    data = render(make(content, sample), when=WHEN)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_metadata() as meta:
            assert meta.pdfa_status == "3A"
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/AF" not in pdf.Root
        everything = pdf.Root.Metadata.read_bytes() + b"".join(
            str(v).encode() for v in pdf.docinfo.values()
        )
    assert b"SPECIMEN" not in everything
    assert b"Edwin" not in everything


def test_the_case_travels_only_when_it_is_given(content: Content, sample: Case) -> None:
    data = render(make(content, sample), when=WHEN, case_json=lambda _: '{"triage_case": 1}')
    with pikepdf.open(io.BytesIO(data)) as pdf:
        spec = pdf.Root.AF[0]
        assert spec.AFRelationship == "/Data"
        assert pdf.attachments["case.json"].get_file().read_bytes() == b'{"triage_case": 1}'


_SCRIPT = """
import hashlib, json, sys
from datetime import UTC, date, datetime
from pathlib import Path
from triage.content import ContentFiles, load_content
from triage.content.casefile import read_case
from triage.letter.build import build_letter
from triage.pdf.render import render
from triage.rules.assess import Assessor
content = load_content(ContentFiles())
day = date(2026, 11, 22)
case = read_case(Path(sys.argv[1]).read_text(), content.form, content.rule_ids, day)
assessment = Assessor(content).assess(case, day)
letter = build_letter(content, case, assessment, "referral_letter", None, day)
data = render(letter, when=datetime(2026, 11, 22, 9, 30, tzinfo=UTC), case_json=lambda _: "{}")
print(hashlib.sha256(data).hexdigest())
"""


@pytest.mark.parametrize("whole", [False, True], ids=["the sample", "every answer"])
def test_two_processes_make_the_same_bytes(
    content: Content, sample: Case, whole: bool, tmp_path: Path
) -> None:
    path = tmp_path / "case.json"
    path.write_text(write_case(full_case(content) if whole else sample, content.form))
    case = read_case(path.read_text(), content.form, content.rule_ids, TODAY)
    mine = hashlib.sha256(
        render(make(content, case), when=WHEN, case_json=lambda _: "{}")
    ).hexdigest()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, str(path)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC-{seed}"},
        )
        assert done.stdout.strip() == mine
