"""A receiver's own form: filled, read back field by field, and set fast with the letter behind it."""

from __future__ import annotations

import io
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.pdf.receiver_forms import (
    clinic_form,
    laboratory_form,
    large_form,
    locked,
    page_without_fields,
    ward_form,
)
from triage.errors import LetterError
from triage.letter.receiver import Filled
from triage.pdf.acroform import SEE_LETTER, completed, fill, form_fields, opened

LONG = " ".join(f"word{n}" for n in range(400))


def read_back(data: bytes, *entries: Filled) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a form that is filled in and saved holds, by field as another program reads it; and what is left."""
    out = io.BytesIO()
    with opened(data) as pdf:
        _, left = fill(pdf, entries)
        pdf.save(out)
    with pikepdf.open(out) as pdf:
        return {
            name: str(field.get("/V", "")) for name, field in _leaves(pdf.Root.AcroForm.Fields)
        }, dict(left)


def _leaves(fields: Any, above: str = "") -> list[tuple[str, Any]]:
    found = []
    for field in fields:
        name = ".".join(filter(None, (above, str(field.T))))
        kids = [kid for kid in field.get("/Kids", []) if "/T" in kid]
        found += _leaves(kids, name) if kids else [(name, field)]
    return found


def letter() -> bytes:
    return page_without_fields()


def test_the_fields_are_known_by_kind_and_states() -> None:
    found = {field.name: (field.kind, set(field.states)) for field in form_fields(clinic_form())}
    assert found["Reason"] == ("text", set())
    assert found["Weakness"] == ("box", {"Yes"})
    assert found["Priority"] == ("buttons", {"two_weeks", "urgent", "routine"})
    assert found["Interpreter"] == ("list", {"-", "Needed", "Not needed", "Y", "N"})


def test_a_clinics_form_reads_back_field_by_field() -> None:
    found, left = read_back(
        clinic_form(),
        Filled("Name", "Iris Spécimen-Łódź"),
        Filled("DOB", "14 Mar 1968"),
        Filled("Reason", "Is this (perhaps) a motor neuron disease?\nHow soon?"),
        Filled("Weakness", ticks=True),
        Filled("Priority", state="urgent"),
        Filled("Interpreter", state="Not needed"),
    )
    assert left == {}
    assert found == {
        "Name": "Iris Spécimen-Łódź",
        "DOB": "14 Mar 1968",
        "CK": "",
        "Signature date": "",
        "Reason": "Is this (perhaps) a motor neuron disease?\nHow soon?",
        "History": "",
        "Weakness": "/Yes",
        "Pacemaker": "/Off",
        "Dysphagia": "/Off",
        "Priority": "/urgent",
        "Interpreter": "N",
    }


def test_a_laboratorys_form_loses_the_answers_that_it_comes_with() -> None:
    found, left = read_back(
        laboratory_form(),
        Filled("Number", "0123456789"),
        Filled("Bleeding"),
        Filled("Fear"),
        Filled("Patient.Family", "Specimen"),
    )
    assert left == {}
    assert found == {
        "Number": "0123456789",
        "Bleeding": "",
        "Fear": "",
        "Patient.Family": "Specimen",
    }


def test_a_wards_form_says_a_thing_in_both_places_and_refers_to_the_letter() -> None:
    found, left = read_back(
        ward_form(), Filled("Name", "Iris Specimen"), Filled("Why", LONG), Filled("Bed", "7")
    )
    assert found == {"Name": "Iris Specimen", "Why": SEE_LETTER, "Seen by": "", "Send": ""}
    assert left == {
        "Why": "there is no room for all of it, it says “see letter”",
        "Bed": "the form has no such field",
    }


@pytest.mark.parametrize(("text", "most", "fits"), [("x" * 40, 40, True), ("x" * 41, 40, False)])
def test_words_are_whole_or_the_letter_is_named(text: str, most: int, fits: bool) -> None:
    found, left = read_back(clinic_form(), Filled("Reason", text, most=most))
    assert found["Reason"] == (text if fits else SEE_LETTER)
    assert bool(left) is not fits


def test_more_characters_than_the_form_has_cells_for_are_left_out() -> None:
    found, left = read_back(laboratory_form(), Filled("Number", "01234567890"))
    # Ten cells hold the reference.
    assert found["Number"] == SEE_LETTER
    assert list(left) == ["Number"]


def test_a_state_that_the_form_lacks_is_listed_and_nothing_is_chosen() -> None:
    found, left = read_back(
        clinic_form(), Filled("Priority", state="soon"), Filled("Name", state="soon")
    )
    assert found["Priority"] == found["Name"] == ""
    assert list(left) == ["Priority", "Name"]


# -- set fast ---------------------------------------------------------------------------------------


def test_what_is_filled_is_fast_and_shown_and_what_is_blank_stays_a_field(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    data, _ = completed(
        clinic_form(),
        (
            Filled("Name", "Łucja Specimen"),
            Filled("Reason", "Weak since May."),
            Filled("Weakness", ticks=True),
            Filled("Priority", state="urgent"),
            Filled("Interpreter", state="N"),
        ),
        letter(),
        "",
    )
    path.write_bytes(data)
    left = {field.name for field in form_fields(data)}
    assert left == {"DOB", "CK", "Signature date", "History", "Pacemaker", "Dysphagia"}
    said = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Łucja Specimen" in said
    assert "Weak since May." in said
    assert "Not needed" in said
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2
        on_page = {one.objgen for one in pdf.pages[0].Annots}
        assert {field.objgen for field in pdf.Root.AcroForm.Fields} == on_page


def test_words_on_a_page_that_is_turned_read_along_its_lines(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(clinic_form())) as pdf:
        pdf.pages[0].rotate(90, relative=False)
        field = pdf.Root.AcroForm.Fields[0]
        field.MK.R, field.Rect = 90, pikepdf.Array([400, 100, 420, 300])
        out = io.BytesIO()
        pdf.save(out)
    data, _ = completed(out.getvalue(), (Filled("Name", "Specimen"),), letter(), "")
    (tmp_path / "form.pdf").write_bytes(data)
    told = ["pdftotext", "-bbox", tmp_path / "form.pdf", "-"]
    said = subprocess.run(told, capture_output=True, text=True, check=True).stdout
    (word,) = [line for line in said.splitlines() if ">Specimen<" in line]
    left, top, right, bottom = map(float, re.findall(r'"([\d.]+)"', word))
    assert right - left > 2 * (bottom - top)
    # Where the field stands on the turned page.
    assert 100 <= left < right <= 300
    assert 400 <= top < bottom <= 420


def test_scripts_and_what_sends_the_form_are_gone() -> None:
    for form in (laboratory_form(), ward_form()):
        data, _ = completed(form, (), letter(), "")
        with pikepdf.open(io.BytesIO(data)) as pdf:
            text = b"".join(obj.unparse() for obj in pdf.objects)
        assert b"JavaScript" not in text
        assert b"SubmitForm" not in text


def test_a_draft_says_so_on_each_page_of_the_form() -> None:
    from triage.pdf.printed import read_text

    data, _ = completed(ward_form(), (), letter(), "DRAFT, not issued")
    assert ["DRAFT, not issued" in page for page in read_text(data)] == [True, True, False]


# -- files that are none ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no PDF, or is damaged"),
        (b"%PDF-1.7 nonsense", "no PDF, or is damaged"),
        (page_without_fields(), "has no fields"),
        (locked(clinic_form(), fill_in=False), "forbids to fill it in"),
        (locked(clinic_form(), "invented"), "locked with a password"),
    ],
)
def test_what_is_no_form_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    for read in (form_fields, lambda data: completed(data, (), letter(), "")):
        with pytest.raises(LetterError, match=says) as caught:
            read(data)
        assert str(caught.value).count("\n") == 0


def test_a_thousand_fields_are_filled() -> None:
    found, left = read_back(large_form(1_000), *(Filled(f"f{n}", str(n)) for n in range(1_000)))
    assert left == {}
    assert found["f999"] == "999"


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
def test_a_tree_of_fields_without_end_is_refused() -> None:
    with pikepdf.open(io.BytesIO(clinic_form())) as pdf:
        node = pdf.Root.AcroForm.Fields[0]
        for n in range(30):
            kid = pikepdf.Dictionary(T=pikepdf.String(f"n{n}"), Kids=pikepdf.Array([node]))
            node = pdf.make_indirect(kid)
        pdf.Root.AcroForm.Fields = pikepdf.Array([node])
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(LetterError, match="nested too deep"):
        form_fields(out.getvalue())


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
def test_fields_that_hold_themselves_are_read_once() -> None:
    with pikepdf.open(io.BytesIO(clinic_form())) as pdf:
        node = pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String("loop")))
        node.Kids = pikepdf.Array([node, pdf.Root.AcroForm.Fields[0]])
        pdf.Root.AcroForm.Fields = pikepdf.Array([node])
        out = io.BytesIO()
        pdf.save(out)
    names = [field.name for field in form_fields(out.getvalue())]
    assert names[0] == "loop.Name"
    assert len(names) == len(form_fields(clinic_form()))


def test_a_damaged_form_is_filled_or_refused_in_one_sentence() -> None:
    chance, refused = random.Random(7), 0
    with pikepdf.open(io.BytesIO(clinic_form())) as pdf:
        out = io.BytesIO()
        pdf.save(out, qdf=True, static_id=True)
    junk = [b"null", b"true", b"[]", b"(x)", b"/Off", b"<<>>", b"-1", b"1 0 R"]
    for _ in range(60):
        values = list(
            re.finditer(rb"(?<=/)(Rect|Kids|FT|Ff|MK|AP|Opt|DA|Fields|T|F|N) ", out.getvalue())
        )
        data = bytearray(out.getvalue())
        for match in sorted(chance.sample(values, 3), key=lambda m: -m.end()):
            data[match.end() : match.end()] = chance.choice(junk) + b" /X "
        try:
            form_fields(bytes(data))
            completed(
                bytes(data),
                (
                    Filled("Name", "Specimen"),
                    Filled("Weakness", ticks=True),
                    Filled("Interpreter", state="Needed"),
                ),
                letter(),
                "DRAFT",
            )
        except LetterError as error:
            refused += 1
            assert str(error).count("\n") == 0
    assert 0 < refused < 60
