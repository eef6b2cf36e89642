"""A receiver's own form, filled in from a case and its letter; and whether form and map fit."""

from __future__ import annotations

import io
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from typer.testing import CliRunner

from tests.conftest import AT, case_from, the_settings
from tests.pdf.receiver_forms import (
    clinic_form,
    laboratory_form,
    large_form,
    locked,
    page_without_fields,
    ward_form,
)
from tests.session.conftest import WHO
from tests.store.helpers import CHEAP
from triage.content import Content, ContentFiles, load_content
from triage.errors import ContentError, LetterError, TriageError
from triage.pdf.acroform import form_fields
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.session.outside import Brought, bring
from triage.session.receiver import form_faults, form_of, map_to_begin_with, on_form
from triage.store import create_keys

CLINIC = """
title = "Referral form of the Invented Muscle Clinic"
[[field]]
name = "Name"
part = "name"
[[field]]
name = "DOB"
answer = "patient.dob"
[[field]]
name = "CK"
answer = "ix.ck"
[[field]]
name = "Signature date"
part = "date"
[[field]]
name = "Reason"
part = "question"
[[field]]
name = "History"
part = "history"
[[field]]
name = "Weakness"
tick_when = "neuro.weakness"
[[field]]
name = "Pacemaker"
tick_when = "emg.pacemaker"
[[field]]
name = "Dysphagia"
tick_when = "neuro.dysphagia"
[[field]]
name = "Priority"
level = { urgent = "two_weeks", soon = "urgent", routine = "routine" }
[[field]]
name = "Interpreter"
choose = [
  { when = "patient.interpreter", state = "Needed" },
  { when = "not patient.interpreter", state = "Not needed" },
]
"""
LABORATORY = """
title = "Request form of the Invented Laboratory"
[[field]]
name = "Number"
answer = "patient.phone"
[[field]]
name = "Bleeding"
choose = [{ when = "emg.bleeding_disorder", state = "yes" }, { when = "not emg.bleeding_disorder", state = "no" }]
[[field]]
name = "Fear"
tick_when = "emg.needle_fear"
[[field]]
name = "Patient.Family"
answer = "patient.family_name"
"""
WARD = """
title = "Transfer form of the Invented Ward"
[[field]]
name = "Name"
part = "name"
[[field]]
name = "Why"
part = "examination"
[[field]]
name = "Bed"
part = "date"
"""
FORMS = {
    "neuromuscular": (clinic_form, CLINIC),
    "neurophysiology": (laboratory_form, LABORATORY),
    "neurology": (ward_form, WARD),
}


def folder(place: Path, **forms: tuple[bytes, str]) -> Path:
    """Return a clinic's own content: a form and its map by recipient."""
    inside = place / "own" / "forms" / "muscle_cramps" / "receiver_forms"
    inside.mkdir(parents=True)
    for recipient, (data, told) in forms.items():
        if data:
            (inside / f"{recipient}.pdf").write_bytes(data)
        if told:
            (inside / f"{recipient}.toml").write_text(told, encoding="utf-8")
    return place / "own"


def loaded(place: Path, **forms: tuple[bytes, str]) -> Content:
    return load_content(ContentFiles(own=folder(place, **forms)))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Assessor:
    forms = {name: (make(), told) for name, (make, told) in FORMS.items()}
    return Assessor(loaded(tmp_path_factory.mktemp("content"), **forms))


class Desk:
    """A desk that may issue, and its case."""

    def __init__(self, known: Assessor, store: DraftStore, own: str) -> None:
        draft = store.create(known.content)
        self.session = Session(known, draft.history, lambda: AT, keep=draft.submit)
        settings = the_settings().model_copy(update={"content_folder": own})
        self.desk = LetterDesk(self.session, draft, lambda: AT, settings)

    def record(self, recipient: str, **given: Any) -> LetterDesk:
        case = {name.replace("__", "."): value for name, value in given.items()}
        told = {"triage_case": 1, "date": "2026-11-22", **WHO, "answers": case}
        self.session.set_all(dict(case_from(told)))
        self.desk.choose_recipient(recipient)
        return self.desk


@pytest.fixture
def at(known: Assessor, tmp_path: Path) -> Iterator[Desk]:
    place = tmp_path / "store"
    with DraftStore(place, create_keys(place, "correct horse", cost=CHEAP), lambda: AT) as store:
        yield Desk(known, store, "")


def words(data: bytes, tmp_path: Path, page: int = 1) -> str:
    """Return what another program reads on a page."""
    path = tmp_path / "read.pdf"
    path.write_bytes(data)
    told = ["pdftotext", "-layout", "-f", str(page), "-l", str(page), path, "-"]
    return subprocess.run(told, capture_output=True, text=True, check=True).stdout


def test_a_clinics_form_says_what_the_letter_says(at: Desk, tmp_path: Path) -> None:
    desk = at.record(
        "neuromuscular", neuro__weakness=True, neuro__dysphagia=False, patient__interpreter=False
    )
    form = form_of(desk)
    assert form is not None
    assert form.record.title == "Referral form of the Invented Muscle Clinic"
    made = on_form(desk)
    said = words(made.pdf, tmp_path)
    assert "Iris Specimen" in said
    assert "14 Mar 1968" in said
    assert "22 Nov" in said
    assert "Not needed" in said
    assert "DRAFT, not issued" in said
    # The ticked box is no field any more; what is denied and what nobody asked are still blank.
    assert {field.name for field in form_fields(made.pdf)} >= {"CK", "Dysphagia", "Pacemaker"}
    assert "Weakness" not in {field.name for field in form_fields(made.pdf)}
    left = dict(made.left)
    assert left["CK"] == left["Pacemaker"] == "not recorded, left blank"
    assert "Dysphagia" not in left


def test_what_nobody_answered_is_blank_and_never_no(at: Desk) -> None:
    desk = at.record("neurophysiology", neuro__weakness=True)
    at.session.set("patient.family_name", None)
    made = on_form(desk)
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        # The form came with "no", and with a tick.
        for name in ("Bleeding", "Fear"):
            assert "/V" not in fields[name]
            assert {str(kid.AS) for kid in fields[name].get("/Kids", [fields[name]])} == {"/Off"}
    assert set(dict(made.left)) == {"Number", "Bleeding", "Fear", "Patient.Family"}


def test_what_is_denied_is_chosen(at: Desk) -> None:
    made = on_form(at.record("neurophysiology", emg__bleeding_disorder=False))
    assert "Bleeding" not in {field.name for field in form_fields(made.pdf)}
    assert "Bleeding" not in dict(made.left)


def test_a_wards_form_refers_to_the_letter_and_names_the_field_that_is_gone(at: Desk) -> None:
    made = on_form(at.record("neurology", neuro__weakness=True, cramp__present=True))
    assert "see letter" in dict(made.left)["Why"]
    assert dict(made.left)["Bed"] == "the form has no such field"
    assert "Why (there is no room" in made.says


def test_a_letter_that_is_issued_stands_behind_its_form_with_tags_and_case(
    at: Desk, tmp_path: Path
) -> None:
    desk = at.record("neuromuscular", neuro__weakness=True)
    at.session.leave_rest_out()
    assert [str(problem) for problem in desk.problems()] == []
    desk.issue()
    made = on_form(desk)
    assert "DRAFT" not in words(made.pdf, tmp_path)
    with (
        pikepdf.open(io.BytesIO(made.pdf)) as pdf,
        pikepdf.open(io.BytesIO(desk.shown_pdf())) as letter,
    ):
        assert len(pdf.pages) == len(letter.pages) + 1
        assert list(pdf.attachments) == list(letter.attachments) == ["case.json"]
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.pages[1].obj.StructParents == letter.pages[0].obj.StructParents
        # The whole is not what the letter alone is.
        assert "/Metadata" not in pdf.Root
    at.session.set_all(dict(case_from({"triage_case": 1, "answers": {"neuro.dysphagia": True}})))
    desk.choose_issue(desk.issues[0])
    # A later answer is not in the form of the letter as it was issued.
    assert "Dysphagia" in {field.name for field in form_fields(on_form(desk).pdf)}
    desk.withdraw(desk.issues[0], "invented")
    with pytest.raises(LetterError, match="withdrawn"):
        on_form(desk)


def test_the_case_is_taken_back_from_a_form_with_its_letter_as_from_the_letter(
    at: Desk, known: Assessor
) -> None:
    desk = at.record("neuromuscular", neuro__weakness=True)
    at.session.leave_rest_out()
    desk.issue()
    templates = desk.composer.templates

    def brought(data: bytes) -> Brought:
        settings = the_settings()
        return bring(data, "form.pdf", lambda _: known, lambda _: templates, settings, AT.date())

    alone, made = brought(desk.shown_pdf()), on_form(desk).pdf
    with_form = brought(made)
    assert with_form.values == alone.values
    assert with_form.says == "Only the letter was read, not the form before it."
    with pikepdf.open(io.BytesIO(made)) as pdf:
        # A page of another behind the letter is no form before it.
        pdf.pages.append(pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(TriageError, match="do not say what they said when it was issued"):
        brought(out.getvalue())


def test_what_is_kept_back_from_the_receiver_is_not_on_its_form(tmp_path: Path) -> None:
    told = 'title = "T"\n[[field]]\nname = "Name"\nanswer = "soc.nitrous_oxide"\n'
    told += '[[field]]\nname = "Weakness"\ntick_when = "soc.nitrous_oxide"\n'
    known = Assessor(loaded(tmp_path, endocrine=(clinic_form(), told)))
    place = tmp_path / "store"
    with DraftStore(place, create_keys(place, "correct horse", cost=CHEAP), lambda: AT) as store:
        desk = Desk(known, store, "").record(
            "endocrine", soc__nitrous_oxide=True, cramp__present=True
        )
        assert "soc.nitrous_oxide" in desk.drafted.kept
        why = "kept back from this receiver"
        assert dict(on_form(desk).left) == {"Name": why, "Weakness": why}


def test_the_patients_own_copy_goes_with_no_form(at: Desk) -> None:
    desk = at.record("neuromuscular", neuro__weakness=True)
    desk.choose_template("patient_leaflet")
    assert form_of(desk) is None
    with pytest.raises(LetterError, match="no form of this recipient"):
        on_form(desk)


# -- whether form and map fit -----------------------------------------------------------------------


def test_what_does_not_fit_is_listed_with_its_remedy(tmp_path: Path) -> None:
    told = CLINIC.replace('name = "CK"', 'name = "CKK"').replace(
        'state = "Needed"', 'state = "Wanted"'
    )
    told = told.replace('tick_when = "neuro.dysphagia"', 'part = "results"')
    problems, notes = form_faults(loaded(tmp_path, neuromuscular=(clinic_form(), told)))
    assert [(problem.record, problem.says) for problem in problems] == [
        ("CKK", "the form has no such field (did you mean 'CK'?)"),
        (
            "Dysphagia",
            "this field is ticked or chosen: give tick_when, choose or level",
        ),
        (
            "Interpreter",
            "this field has no state 'Wanted': it has -, Needed, Not needed, Y, N",
        ),
    ]
    assert notes == ["receiver_forms/neuromuscular.pdf: left blank for a person: CK."]


def test_of_a_thousand_fields_ten_are_named(tmp_path: Path) -> None:
    told = 'title = "T"\n[[field]]\nname = "f0"\npart = "date"\n'
    problems, (note,) = form_faults(loaded(tmp_path, renal=(large_form(1_000), told)))
    assert problems == []
    assert note.endswith(": f1, f2, f3, f4, f5, f6, f7, f8, f9, f10 and 989 more.")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (page_without_fields(), "has no fields"),
        (locked(clinic_form(), "invented"), "locked with a password"),
        (locked(clinic_form(), fill_in=False), "forbids to fill it in"),
        (b"no PDF", "is damaged"),
        (b"", "the PDF of this map is missing"),
    ],
)
def test_what_is_no_form_is_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    ((problem,), _) = form_faults(loaded(tmp_path, renal=(data, WARD)))
    assert says in problem.says
    assert problem.file in ("receiver_forms/renal.pdf", "receiver_forms/renal.toml")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ('part = "date"\nanswer = "ix.ck"', "give exactly one of answer, part"),
        ('tick_when = "neuro.weaknes"', "neuro.weakness"),
        ('answer = "ix.ckk"', "there is no answer 'ix.ckk' (did you mean 'ix.ck'?)"),
        ('part = "dat"', "part"),
        ('tick_when = "neuro.weakness"\nmost = 3', "most goes with answer or part only"),
        ('part = "date"\n[[field]]\nname = "A"\npart = "date"', "stands here 2 times"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(tmp_path: Path, told: str, says: str) -> None:
    told = f'title = "T"\n[[field]]\nname = "A"\n{told}\n'
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, renal=(clinic_form(), told))
    assert says in str(caught.value)
    assert "receiver_forms/renal.toml" in str(caught.value)


def test_a_form_without_a_map_or_a_receiver_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, renall=(clinic_form(), ""))
    assert "there is no recipient 'renall' (did you mean 'renal'?)" in str(caught.value)
    assert "there is no map of this form" in str(caught.value)


def test_a_map_is_begun_from_the_form_and_says_nothing_until_somebody_does(tmp_path: Path) -> None:
    begun, numbered = map_to_begin_with(clinic_form())
    assert tomllib.loads(begun) == {"title": ""}
    assert words(numbered, tmp_path).split().count("5") == 1
    assert "10 urgent" in words(numbered, tmp_path)
    assert "# 5. page 1, words, at most 5000 characters" in begun.splitlines()
    # As somebody who writes what stands there.
    told = re.sub("^# (?![0-9])", "", begun, flags=re.M).replace('title = ""', 'title = "T"')
    told = told.replace('answer = ""', 'part = "question"').replace(' = ""', ' = "neuro.weakness"')
    assert form_faults(loaded(tmp_path, renal=(clinic_form(), told))) == ([], [])


def test_odd_names_of_fields_stand_in_a_map_as_they_are() -> None:
    name = 'Name "a\\b"\n\x7f [0] – Łódź'
    with pikepdf.open(io.BytesIO(clinic_form())) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        field.T, field.TU = pikepdf.String(name), pikepdf.String("As on\nthe pass")
        out = io.BytesIO()
        pdf.save(out)
    begun, _ = map_to_begin_with(out.getvalue())
    assert "# 1. page 1, words, at most 100 characters: As on the pass" in begun.splitlines()
    told = begun.replace("# [[field]]", "[[field]]", 1).replace("# name", "name", 1)
    assert tomllib.loads(told)["field"] == [{"name": name}]


def test_the_forms_change_nothing_that_a_letter_says(known: Assessor, content: Content) -> None:
    assert known.content.fingerprint == content.fingerprint


# -- the commands -----------------------------------------------------------------------------------


def test_the_commands_check_and_fill_in_a_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triage.cli.app import app
    from triage.settings import Settings

    own = folder(
        tmp_path, neuromuscular=(clinic_form(), CLINIC.replace('name = "CK"', 'name = "K"'))
    )
    run = CliRunner().invoke
    checked = run(app, ["check", str(own)])
    assert checked.exit_code == 1
    assert "receiver_forms/neuromuscular.toml, K: the form has no such field" in checked.output
    form = own / "forms" / "muscle_cramps" / "receiver_forms" / "neuromuscular.pdf"
    begun = run(app, ["fields", str(form), "--numbered", str(tmp_path / "numbered.pdf")])
    assert begun.exit_code == 0, begun.output
    assert '# name = "Reason"' in begun.output
    assert "11" in words((tmp_path / "numbered.pdf").read_bytes(), tmp_path).split()
    assert run(app, ["fields", str(own)]).exit_code == 1
    settings = Settings(content_folder=str(own))
    monkeypatch.setattr("triage.cli.common.settings", lambda: settings)
    out, sample = tmp_path / "out.pdf", "forms/muscle_cramps/cases/sample.json"
    asked = ["letter", sample, "-o", str(out), "--recipient", "neuromuscular", "--receiver-form"]
    done = run(app, asked)
    assert done.exit_code == 0, done.output
    assert "K: the form has no such field." in done.output
    assert "Edwin SPECIMEN" in words(out.read_bytes(), tmp_path)
    refused = run(app, [*asked[:-2], "renal", "--receiver-form"])
    assert refused.exit_code == 1
    assert (
        refused.output.strip()
        == "There is no form of this recipient that this letter could go with."
    )
