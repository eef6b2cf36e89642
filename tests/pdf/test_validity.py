"""Every kind of letter is PDF/A-3a and PDF/UA-1, and is read in the order in which it is heard."""

from __future__ import annotations

import io
import os
import subprocess

import pikepdf
import pytest

from tests.conftest import CASES, ROOT, the_content
from tests.letter.letters import AT, PAPERS, Paper, Sent, case_at, letter_of, sent
from tests.pdf.validity import faults, qpdf
from tests.prove.families import spelled
from triage.bench.everything import decided_case
from triage.content.casefile import write_case
from triage.model.case import Case
from triage.model.values import Text
from triage.pdf.render import render
from triage.pdf.withdrawn import withdrawn

SAMPLES = ROOT.parent / "forms" / "muscle_cramps" / "cases"
# Each kind of letter, and those whose record or sheet is the fullest.
CHOSEN = ("V02", "V03", "V24", "V27")
LETTERS = [
    *sent([SAMPLES / "sample.json", SAMPLES / "sample_benign.json"]),
    *sent([CASES / "complete" / f"{name}.json" for name in CHOSEN]),
]
# No line of it is like another: such are taken for the heads or feet of pages.
NOTE = " ".join(f"{spelled(n)} told us so, and said it again." for n in range(150))
HOSTILE = "שלום <b>&amp;</b> {{ 7 * 7 }} \u202eright to left\u202c \ufdd0 a\u0301\u0327 👩‍⚕️ \\ ( )\n\n\ttabs"


def wrong(case: Case, recipient: str, template: str, paper: Paper, *, draft: bool) -> list[str]:
    letter = letter_of(case, recipient, template, draft=draft)
    carried = None if draft or template else write_case(case, the_content().form)
    return faults(
        render(letter, paper=paper, case_json=carried and (lambda _: carried), when=AT), case
    )


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("draft", [True, False], ids=["draft", "issued"])
@pytest.mark.parametrize("one", LETTERS, ids=lambda one: one.name)
def test_every_kind_of_letter_is_what_it_says_it_is(one: Sent, draft: bool, paper: Paper) -> None:
    assert wrong(case_at(one.path), one.recipient, one.template, paper, draft=draft) == []


def test_all_kinds_are_among_them() -> None:
    kinds = {letter_of(case_at(o.path), o.recipient, o.template).kind for o in LETTERS}
    assert kinds == {"letter", "request", "emergency", "leaflet"}


@pytest.mark.parametrize(("paper", "draft"), [("a4", False), ("letter", True)])
@pytest.mark.parametrize("note", ["note.complaint", "note.exam", "referrer.question"])
def test_long_notes_run_over_pages_and_columns(note: str, paper: Paper, draft: bool) -> None:
    case = decided_case(the_content()).with_({note: Text(text=NOTE)})
    assert wrong(case, "neuromuscular", "", paper, draft=draft) == []


@pytest.mark.parametrize(
    ("recipient", "paper"),
    [("neurology", "a4"), ("neurophysiology", "letter"), ("emergency_team", "a4")],
)
def test_a_draft_of_hostile_text(recipient: str, paper: Paper) -> None:
    typed = ("note.complaint", "note.exam", "patient.family_name", "referrer.question")
    case = decided_case(the_content()).with_({key: Text(text=HOSTILE) for key in typed})
    assert faults(render(letter_of(case, recipient, draft=True), paper=paper, when=AT)) == []


@pytest.mark.parametrize("recipient", ["neuromuscular", "neurophysiology"])
def test_a_withdrawn_copy(recipient: str) -> None:
    case = case_at(SAMPLES / "sample.json")
    pdf = render(letter_of(case, recipient), case_json=lambda _: "{}", when=AT)
    assert faults(withdrawn(pdf, "WITHDRAWN 27 November 2026, do not act on it"), case) == []


def test_the_build_of_a_file_is_checked_where_the_command_is() -> None:
    if not qpdf():
        assert not os.environ.get("CI"), "qpdf is not installed: run `sh .ci/system desktop`"
        pytest.skip("qpdf is not installed")
    done = subprocess.run([qpdf(), "--version"], capture_output=True, text=True, check=True)
    assert "qpdf" in done.stdout


def spoilt(data: bytes, how: str) -> bytes:
    """Return a letter with one thing wrong."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        match how:
            case "untagged":
                page.contents_add(b"0 0 m 100 100 l S")
            case "language":
                del pdf.Root.Lang
            case "name":
                pdf.docinfo["/Title"] = "Letter about Edwin"
            case "order":
                marks = page.Contents.read_bytes().split(b"EMC\n")
                marks[2], marks[4] = marks[4], marks[2]
                page.Contents = pdf.make_stream(b"EMC\n".join(marks))
            case "version":
                out = io.BytesIO()
                pdf.save(out, force_version="1.4", fix_metadata_version=False)
                return out.getvalue()
        out = io.BytesIO()
        pdf.save(out, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("untagged", "ua1: "),
        ("language", "no language is set"),
        ("name", "Edwin of the patient"),
        ("version", "the version is"),
    ],
)
def test_what_is_wrong_is_found(how: str, said: str) -> None:
    case = case_at(SAMPLES / "sample.json")
    pdf = render(letter_of(case, "neurophysiology"), when=AT)
    assert any(fault.startswith(said) for fault in faults(spoilt(pdf, how), case))


def test_words_that_are_heard_in_another_order_than_they_are_drawn_are_found() -> None:
    pdf = render(letter_of(case_at(SAMPLES / "sample.json"), "neurophysiology"), when=AT)
    with pytest.raises(AssertionError, match="not all that was drawn, or in another order"):
        faults(spoilt(pdf, "order"))
