"""A letter from outside: opened as a draft of its own, checked against its pages, or refused in a sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from tests.conftest import (
    AT,
    CASES,
    TODAY,
    case_from,
    the_assessor,
    the_content,
    the_settings,
    the_templates,
)
from tests.content.test_second_form import ROOT as SECOND
from tests.content.test_second_form import case_of, the_form
from tests.lost import LOST
from tests.prove.forged import carried, edited, summed, with_carried
from tests.prove.letters_back import Sent, opened, wrong
from tests.session.test_complete import _case, _desk
from tests.store.helpers import CHEAP
from triage.content.casefile import write_case
from triage.content.form import OUTSIDE, RECIPIENTS
from triage.errors import TriageError
from triage.letter.build import document_id
from triage.letter.carried import hash_of
from triage.model.case import Case
from triage.model.values import Decision, Finding, Names, Rewritten, Text
from triage.pdf.opening import open_pdf
from triage.pdf.printed import printed, solid
from triage.pdf.readback import missing_statements
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.session.outside import bring
from triage.settings import Address, Settings
from triage.store import create_keys

# One of each kind of letter that carries its case, and one who says no to every red flag.
SOME = ("V01", "V02", "V05", "V28")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DraftStore]:
    folder = tmp_path_factory.mktemp("store")
    keys = create_keys(folder, "correct horse", cost=CHEAP)
    with DraftStore(folder, keys, lambda: AT) as made:
        yield made


@pytest.fixture(scope="module")
def desk(store: DraftStore) -> LetterDesk:
    made = _desk(store, _case(CASES / "complete" / "V01.json"))
    made.issue()
    return made


@pytest.fixture(scope="module")
def letter(desk: LetterDesk) -> bytes:
    assert desk.issued is not None
    return desk.issued.pdf


def _refused(data: bytes) -> str:
    with pytest.raises(TriageError) as caught:
        opened(data)
    said = str(caught.value)
    assert "\n" not in said
    return said.removeprefix("letter.pdf: ")


@pytest.mark.parametrize("name", SOME)
def test_each_letter_of_a_case_opens_as_what_it_tells_of_it(name: str, store: DraftStore) -> None:
    case = _case(CASES / "complete" / f"{name}.json")
    desk = _desk(store, case)
    named = case[RECIPIENTS]
    assert isinstance(named, Names)
    for recipient in named.names:
        desk.choose_recipient(recipient)
        desk.issue()
        issued = desk.issued
        assert issued is not None
        made = desk.composer.letter(version=1, issued_at=AT)
        whole = made.record is not None
        brought = opened(issued.pdf)
        sent = Sent(desk.session.case, recipient, issued.template, issued.pdf, whole)
        assert wrong(sent, brought.values) == []
        # All that a letter with its record says follows from what it carries.
        assert json.loads(carried(issued.pdf))["made_again"] == (not brought.says)
        assert not brought.says or not whole
        assert missing_statements(made, issued.pdf) == []


def test_the_draft_says_where_it_came_from_and_begins_at_no_version(
    letter: bytes, store: DraftStore
) -> None:
    brought = opened(letter)
    draft = store.create(brought.content, brought.values)
    (info,) = (info for info in store.list() if info.id == draft.id)
    assert (info.state, info.stands) == ("draft", "draft, from outside")
    said = draft.history.case[OUTSIDE]
    assert isinstance(said, Text)
    assert said.text.startswith("letter ")
    assert "version 1 of 22 Nov 2026, from Dr " in said.text
    assert draft.issues() == []
    # It is no answer: nothing of it is printed, and a file of the case keeps it.
    text = write_case(draft.history.case, brought.content.form)
    assert case_from(json.loads(text))[OUTSIDE] == said


def test_a_letter_that_was_issued_here_is_known(letter: bytes, store: DraftStore) -> None:
    there = store.issued_as(letter)
    assert there is not None
    assert there[1] == 1
    assert store.issued_as(letter + b"\n") is None


def test_the_same_case_makes_the_same_bytes(store: DraftStore, letter: bytes) -> None:
    desk = _desk(store, _case(CASES / "complete" / "V01.json"))
    desk.issue()
    assert desk.issued is not None
    assert desk.issued.pdf == letter


def test_drafts_the_patients_copy_and_withdrawn_letters_carry_nothing(store: DraftStore) -> None:
    desk = _desk(store, _case(CASES / "complete" / "V05.json"))
    assert _refused(desk.shown_pdf()).startswith("it carries no case")
    desk.issue()
    first = desk.issued
    desk.choose_template("patient_leaflet")
    desk.issue()
    leaflet = desk.issued
    assert first is not None
    assert leaflet is not None
    assert _refused(leaflet.pdf).startswith("it carries no case")
    desk.withdraw(first, "sent to the wrong clinic")
    desk.choose_issue(next(one for one in desk.issues if one.template == first.template))
    assert "WITHDRAWN" in printed(desk.shown_pdf())
    assert _refused(desk.shown_pdf()).startswith("it carries no case")


def test_a_later_version_opens_with_what_it_says_of_the_one_before(store: DraftStore) -> None:
    desk = _desk(store, _case(CASES / "complete" / "V01.json"))
    desk.issue()
    desk.session.set("note.exam", Text(text="Looked at again by a colleague."))
    assert desk.issue() == 2
    issued = desk.issued
    assert issued is not None
    found = json.loads(carried(issued.pdf))
    assert found["made_again"]
    assert "Please destroy it" in found["notices"][0]["said"]
    brought = opened(issued.pdf)
    assert brought.values["note.exam"] == Text(text="Looked at again by a colleague.")
    assert "version 2 of 22 Nov 2026" in brought.values[OUTSIDE].text  # type: ignore[union-attr]


# -- what stays with the sender ---------------------------------------------------------------------


def _carrying(store: DraftStore, **more: object) -> tuple[Case, str, LetterDesk]:
    """Return a case with some more in it, what its letter carries, and the desk."""
    case = _case(CASES / "complete" / "V01.json")
    desk = _desk(store, case.with_(more))  # type: ignore[arg-type]
    desk.session.leave_rest_out()
    for test in desk.session.undecided():
        desk.session.decide(test, Decision(decision="decline", reason=""))
    desk.issue()
    assert desk.issued is not None
    return desk.session.case, carried(desk.issued.pdf), desk


def test_what_is_sensitive_leaves_no_trace_of_which_it_is(store: DraftStore) -> None:
    there, absent = Finding(present=True), Finding(present=False)
    texts = {}
    for key in ("rf.self_harm", "soc.nitrous_oxide", "soc.stimulants"):
        _, text, desk = _carrying(store, **{"rf.self_harm": None, key: absent})
        assert key not in text
        assert desk.issued is not None
        assert key not in opened(desk.issued.pdf).values
        texts[key] = text
    one, other = texts["soc.nitrous_oxide"], texts["soc.stimulants"]
    assert json.loads(one)["kept"] == {"Medicines, family, life": 1}
    # Nothing tells them apart: not the id of the letter, and not the sum over its text.
    assert one == other
    _, text, _ = _carrying(store, **{"soc.nitrous_oxide": there})
    assert "nitrous" in text, "this recipient needs it"


def test_no_id_is_made_from_what_may_be_held_back() -> None:
    case = Case({"rf.self_harm": Finding(present=True), "rf.fever": Finding(present=True)})
    private = frozenset({"rf.self_harm"})
    one = document_id(case, "t", "r", private)
    assert one == document_id(case.with_({"rf.self_harm": None}), "t", "r", private)
    assert one != document_id(case.with_({"rf.fever": None}), "t", "r", private)


def test_why_something_was_left_out_and_what_was_rewritten_stays(store: DraftStore) -> None:
    plain = _desk(store, _case(CASES / "complete" / "V01.json"))
    composed = next(words.composed for words in plain.rewritable() if words.id == "history")
    why = Decision(decision="defer", reason="her brother asked me not to")
    words = Rewritten(text="As told on the telephone.", instead_of=composed)
    case, text, _ = _carrying(store, **{"letter.history": words, "decision.t_ck": why})
    assert case["decision.t_ck"] == why
    assert "her brother" not in text
    assert json.loads(text)["case"]["letter"] == {"history": {"text": "As told on the telephone."}}


def test_a_request_without_the_record_carries_only_what_it_prints(store: DraftStore) -> None:
    desk = _desk(store, _case(CASES / "complete" / "V01.json"))
    desk.choose_recipient("neurophysiology")
    desk.issue()
    issued = desk.issued
    assert issued is not None
    letter = desk.composer.letter(version=1, issued_at=AT)
    assert letter.record is None
    values = opened(issued.pdf).values
    assert "note.review" in desk.session.case
    assert "note.review" not in values
    assert "emg.pacemaker" in values


# -- what is refused --------------------------------------------------------------------------------


def test_other_content_is_said_and_not_refused(letter: bytes) -> None:
    def other(found: dict[str, dict[str, str]]) -> None:
        found["made_with"]["content"] = "1999-01"
        found["made_with"]["fingerprint"] = "0" * 64

    brought = opened(edited(letter, other))
    assert brought.says.startswith("The letter was made with other content (1999-01).")
    assert brought.values == opened(letter).values


def test_an_answer_that_was_turned_is_named_by_its_place(letter: bytes) -> None:
    def turn(found: dict[str, dict[str, dict[str, object]]]) -> None:
        found["case"]["answers"]["neuro.weakness"] = False

    said = _refused(edited(letter, turn))
    assert said.startswith("its case does not make the letter that its pages show, under “")


def test_a_note_that_no_page_prints_is_refused_with_any_content(letter: bytes) -> None:
    def note(found: dict[str, dict[str, object]]) -> None:
        found["made_with"]["fingerprint"] = "0" * 64
        found["case"].setdefault("notes", {})["exam"] = "Never written."  # type: ignore[index]

    said = _refused(edited(letter, note))
    assert said == "the case that it carries holds a note that its pages do not print."


def test_an_answer_that_this_content_does_not_know_is_named(letter: bytes) -> None:
    def newer(found: dict[str, dict[str, dict[str, object]]]) -> None:
        found["made_with"]["fingerprint"] = "0" * 64  # type: ignore[assignment]
        found["case"]["answers"]["neuro.asked_next_year"] = True

    assert "neuro.asked_next_year: there is no such answer" in _refused(edited(letter, newer))


def test_a_newer_program_is_named(letter: bytes) -> None:
    text = carried(letter).replace('"triage_letter": 1', '"triage_letter": 2')
    said = _refused(with_carried(letter, summed(text)))
    assert said == "it was issued by a newer program: update this one to open it."


def test_what_the_reader_unpacks_is_bounded(letter: bytes) -> None:
    import zlib

    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b" " * 1_000_000) for _ in range(40)) + packer.flush()
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        stream = pdf.attachments["case.json"].get_file().obj
        stream.write(body, filter=pikepdf.Name.FlateDecode)
        out = io.BytesIO()
        pdf.save(out)
    assert _refused(out.getvalue()) == "the case that it carries is far too large to be one."


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    from triage.cli.common import file_bytes

    nowhere = tmp_path / "nowhere.pdf"
    nowhere.symlink_to(tmp_path / "none.pdf")
    for path in (tmp_path, nowhere, Path("/dev/zero")):
        with pytest.raises(TriageError) as caught:
            file_bytes(path)
        assert "\n" not in str(caught.value)


def test_every_sign_on_the_pages_counts() -> None:
    assert solid("Power 4-\r\n/5") == "Power4-/5"
    assert solid("a line\ufffe\nend") == "aline-end"


def test_what_a_reader_finds_on_the_pages_is_what_is_compared(
    store: DraftStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(data: bytes) -> str:
        return printed(data).replace("Record", "Rec0rd")

    monkeypatch.setattr("triage.session.typesetting.printed", otherwise)
    desk = _desk(store, _case(CASES / "complete" / "V01.json"))
    desk.issue()
    assert desk.issued is not None
    pdf = desk.issued.pdf
    assert json.loads(carried(pdf))["pages"] == hash_of(otherwise(pdf))


def test_the_reader_is_another_process_and_says_what_it_read(letter: bytes) -> None:
    read = open_pdf(letter)
    assert "".join(read.pages) == printed(letter)
    assert read.carried == carried(letter)


def test_a_letter_made_elsewhere_needs_nothing_of_the_clinics_settings(letter: bytes) -> None:
    brought = bring(
        letter,
        "letter.pdf",
        lambda _: the_assessor(),
        lambda _: the_templates(),
        Settings(),
        TODAY,
    )
    assert brought.values == opened(letter).values
    assert the_settings() != Settings()
    assert brought.content is the_content()


# -- other forms, and older ones --------------------------------------------------------------------


def test_what_the_form_no_longer_asks_travels_as_it_is_kept(store: DraftStore) -> None:
    lost = {key: value for key, value, _ in LOST.values()}
    _, text, desk = _carrying(store, **lost)
    assert desk.issued is not None
    found = json.loads(text)
    assert found["made_again"]
    assert {*found["other"]} <= {*lost}
    assert found["other"]
    values = opened(desk.issued.pdf).values
    assert {key: values[key] for key in lost} == lost


def test_a_letter_of_a_second_form_opens_with_its_own_content(store: DraftStore) -> None:
    content, templates = the_form()
    assessor = Assessor(content)
    recipients = {name: Address(address="2 Example Road, Testford") for name in content.recipients}
    draft = store.create(content, dict(case_of("parkinson")))
    session = Session(assessor, draft.history, lambda: AT, keep=draft.submit)
    own = Settings(recipients=recipients, content_folder=str(SECOND))
    desk = LetterDesk(session, draft, lambda: AT, own)
    session.leave_rest_out()
    session.accept_essential()
    desk.issue()
    assert desk.issued is not None
    brought = bring(
        desk.issued.pdf, "letter.pdf", lambda _: assessor, lambda _: templates, Settings(), TODAY
    )
    assert brought.content is content
    assert brought.says == ""
    held = {key for key in session.case if key not in brought.values}
    assert held == {key for key in held if key.startswith("decision.")}
    # A program that has only another form says which.
    assert "form" in _refused(desk.issued.pdf)


def test_a_draft_is_known_by_its_letter_and_all_that_it_began_with(store: DraftStore) -> None:
    content = the_content()
    values = {OUTSIDE: Text(text="letter AAAA-BBBB, version 1"), "rf.fever": Finding(present=True)}
    draft = store.create(content, values)
    draft.close()
    assert store.begun_with(values) == draft.id
    # Another file that says the same of itself.
    assert store.begun_with(values | {"rf.fever": Finding(present=False)}) is None
    assert store.begun_with({"rf.fever": Finding(present=True)}) is None
    store.bin(draft.id)
    assert store.begun_with(values) is None
