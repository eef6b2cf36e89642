"""The checks themselves: each finds its fault, and none in a page without one."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.conftest import CASES, TODAY, answers, case_from, the_content
from tests.letter import spec
from tests.letter.pages import MM, Pages
from tests.letter.spec import Check, Printed
from triage.letter.page import Page
from triage.letter.statements import (
    Block,
    BlockKind,
    Entry,
    Identity,
    Letter,
    Letterhead,
    Record,
    Row,
    Section,
    Span,
    Statement,
    strong,
)

PHRASE = "Weak right hand since May."


def _block(
    id: str, *said: str, kind: BlockKind = "prose", covers: tuple[str, ...] = (), **more: Any
) -> Block:
    rows = tuple(Row("", (Statement(text, covers),)) for text in said)
    return Block(id, more.pop("heading", ""), kind, rows, **more)


def _letter(*blocks: Block, **changes: Any) -> Letter:
    letter = Letter(
        template="referral_letter",
        kind="letter",
        title="Referral letter",
        recipient="neurology",
        identity=Identity("Iris", "SPECIMEN", ("born 14 Mar 1968", "NHS 999 000 0018")),
        letterhead=Letterhead(
            "Example Surgery", "1 Example Street", "22 November 2026", "Letter 1"
        ),
        notices=(),
        blocks=blocks,
        record=None,
        foot="Letter 1, version 1",
        mark="Decision support, not a diagnosis.",
        document="1",
        language="en-GB",
        draft=False,
        version=1,
        day=TODAY,
        complete=True,
        level="urgent",
        page=cast(Page, None),
    )
    return replace(letter, **changes)


def _record(*entries: Entry) -> Record:
    return Record("Record", "everything", "no: absent", sections=(Section("Complaint", entries),))


Drawn = tuple[float, float, str]


def _pdf(*drawn: Drawn, size: float = 10, ink: tuple[float, float, float] = (0, 0, 0)) -> bytes:
    """Return a page with texts at these millimetres from its upper left corner."""
    data = BytesIO()
    canvas = Canvas(data, pagesize=(210 * MM, 297 * MM))
    canvas.setFillColorRGB(*ink)
    canvas.setFont("Helvetica", size)
    for left, base, text in drawn:
        canvas.drawString(left * MM, (297 - base) * MM, text)
    canvas.save()
    return data.getvalue()


def _printed(letter: Letter, pdf: bytes = _pdf(), **given: Any) -> Printed:
    return Printed(letter, Pages(pdf), case_from(answers(**given)), the_content())


def _faults(check: Check, letter: Letter, pdf: bytes = _pdf(), **given: Any) -> list[str]:
    return list(check(_printed(letter, pdf, **given)))


# -- where things stand and how they look -----------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "strip", "faults"), [(79, False, 0), (81, False, 1), (81, True, 0), (91, True, 1)]
)
def test_a_question_that_comes_late(base: float, strip: bool, faults: int) -> None:
    notices = (Row("Before issuing", (Statement("x"),)),) if strip else ()
    letter = _letter(_block("question", "Is it the cord?", kind="question"), notices=notices)
    pdf = _pdf((47, base, "Is it the cord?"))
    assert len(_faults(spec.the_question_is_high, letter, pdf)) == faults


def test_an_emergency_under_the_fold() -> None:
    letter = _letter(_block("beware", PHRASE), kind="emergency")
    assert _faults(spec.page_one_holds_it, letter, _pdf((47, 148, PHRASE))) == []
    assert len(_faults(spec.page_one_holds_it, letter, _pdf((47, 149, PHRASE)))) == 1


def test_text_outside_the_margins() -> None:
    check = spec.everything_is_inside_the_margins
    assert _faults(check, _letter(), _pdf((20, 100, PHRASE), (47, 275, PHRASE))) == []
    assert _faults(check, _letter(), _pdf((18, 100, "Weak"))) == [
        "“Weak” on page 1 is outside the margins."
    ]
    assert len(_faults(check, _letter(), _pdf((185, 100, "Weakness")))) == 1
    assert len(_faults(check, _letter(), _pdf((47, 276.5, "Weak")))) == 1


def test_a_foot_that_does_not_say_whose_page_it_is() -> None:
    check, foot = (
        spec.each_page_says_whose_it_is,
        "I… SPECIMEN · born 14 Mar 1968 · NHS 999 000 0018",
    )
    assert _faults(check, _letter(), _pdf((20, 281.8, foot))) == []
    assert len(_faults(check, _letter(), _pdf((20, 281.8, foot[:-5])))) == 1
    assert len(_faults(check, _letter(), _pdf((20, 200, foot)))) == 3


def test_a_label_that_hangs_or_comes_after_its_text() -> None:
    check = spec.labels_stand_beside_their_text
    letter = _letter(_block("history", PHRASE, heading="History"))
    assert _faults(check, letter, _pdf((20, 100, "History"), (47, 100, PHRASE))) == []
    (hangs,) = _faults(check, letter, _pdf((20, 100, "History"), (47, 101, PHRASE)))
    assert hangs == "“History” stands +1.0 mm from the line of its text."
    (after,) = _faults(check, letter, _pdf((47, 100, PHRASE), (20, 104, "History")))
    assert "is not followed by its text" in after
    under = _letter(replace(letter.blocks[0], under=("proposed",)))
    drawn = (20, 100, "History"), (20, 104, "proposed"), (47, 100, PHRASE)
    assert _faults(check, under, _pdf(*drawn)) == []


def test_what_a_full_page_left_to_the_record_is_not_looked_for() -> None:
    left = Statement("No cancer.", ("rf.weight_loss",), yields=True)
    letter = _letter(Block("history", "History", "prose", (Row("", (left, Statement(PHRASE))),)))
    pdf = _pdf((20, 100, "History"), (47, 100, PHRASE))
    assert _faults(spec.labels_stand_beside_their_text, letter, pdf) == []
    assert len(_faults(spec.red_flags_are_on_page_one, letter, pdf, rf__weight_loss=True)) == 1


def test_a_last_line_of_one_word() -> None:
    check, letter = spec.no_last_line_is_one_word, _letter(_block("history", PHRASE))
    assert _faults(check, letter, _pdf((47, 100, "Weak right hand"), (47, 104, "since May."))) == []
    (fault,) = _faults(check, letter, _pdf((47, 100, "Weak right hand since"), (47, 104, "May.")))
    assert fault == "history: “May.” is alone on its line."


def test_small_type_is_for_furniture_only() -> None:
    check = spec.no_type_is_too_small
    assert _faults(check, _letter(), _pdf((47, 100, PHRASE))) == []
    assert _faults(check, _letter(), _pdf((20, 18, "1 Example Street"), size=9)) == []
    assert len(_faults(check, _letter(), _pdf((47, 100, "Weak"), size=9))) == 1
    assert len(_faults(check, _letter(), _pdf((20, 18, "Street"), size=8))) == 1


def test_nothing_clinical_is_grey_and_nothing_coloured() -> None:
    check = spec.only_furniture_is_grey
    grey = (0.36, 0.36, 0.36)
    assert _faults(check, _letter(), _pdf((20, 18, "1 Example Street"), ink=grey)) == []
    assert _faults(check, _letter(), _pdf((47, 99, "Weak"), ink=grey)) == [
        "“Weak” on page 1 is grey."
    ]
    assert _faults(check, _letter(), _pdf((47, 99, "Weak"), ink=(0, 0, 0.5)))[0].endswith(
        "a colour."
    )


# -- words ------------------------------------------------------------------------------------------


def test_a_block_of_too_many_words() -> None:
    long = " ".join(["word"] * 46)
    assert _faults(spec.it_is_short, _letter(_block("level", long))) == [
        "level has 46 words; 45 is the most."
    ]
    typed = Block("level", "", "prose", (Row("", (Statement(long, style="free"),)),))
    assert _faults(spec.it_is_short, _letter(typed)) == []
    assert _faults(spec.it_is_short, _letter(_block("level", f"Not asked: {long}"))) == []


def test_a_page_of_too_many_words() -> None:
    full = _pdf(*((47, 20 + n * 2, "a " * 20) for n in range(31)), size=6)
    assert _faults(spec.it_is_short, _letter(), full) == [
        "Page one has 620 words; 600 is the most."
    ]


def test_a_long_denial() -> None:
    denied = f"Denies {', '.join(['pain'] * 25)}. The other 22 red-flag items: absent."
    assert len(_faults(spec.denials_are_few, _letter(_block("history", denied)))) == 1
    assert (
        _faults(spec.denials_are_few, _letter(_block("history", denied.replace("pain, ", "", 1))))
        == []
    )


def test_a_long_emergency() -> None:
    long = _block("why", " ".join(["word"] * 91))
    assert len(_faults(spec.an_emergency_is_half_a_page, _letter(long, kind="emergency"))) == 1
    assert _faults(spec.an_emergency_is_half_a_page, _letter(long)) == []


@pytest.mark.parametrize(
    ("said", "faults"),
    [("Pattern (U03).", 1), ("Fits S24 and RT12.", 2), ("Sensory level T10.", 0), ("Jerks 3+.", 0)],
)
def test_a_rule_named_by_its_code(said: str, faults: int) -> None:
    assert (
        len(_faults(spec.codes_stand_only_in_the_last_line, _letter(_block("level", said))))
        == faults
    )


def test_an_abbreviation_before_its_words() -> None:
    check = spec.an_abbreviation_is_spelt_first
    spelt = _block("requested", "Nerve conduction studies (NCS): to show demyelination.")
    assert len(_faults(check, _letter(_block("beware", "Not yet known: NCS."), spelt))) == 1
    assert _faults(check, _letter(spelt, _block("told", "NCS asked for."))) == []


def test_an_issued_letter_with_a_gap() -> None:
    check, block = (
        spec.what_is_issued_is_decided,
        _block("told", "It is not recorded that he knows."),
    )
    assert len(_faults(check, _letter(block, _block("x", "Wasting: «side»")))) == 3
    assert _faults(check, _letter(block, draft=True)) == []


def test_pregnancy_of_a_man_and_at_sixty() -> None:
    check, letter = (
        spec.nobody_is_pregnant_who_cannot_be,
        _letter(_block("requested", "Beware: pregnancy.")),
    )
    assert len(_faults(check, letter, patient__sex_at_birth="male")) == 1
    assert len(_faults(check, letter, patient__age=60)) == 1
    assert _faults(check, letter, patient__sex_at_birth="female", patient__age=30) == []


# -- keys -------------------------------------------------------------------------------------------


def test_a_denial_of_what_is_there() -> None:
    rigid = _letter(
        _block("examination", "No spastic catch or rigidity.", covers=("tone.rigidity",))
    )
    assert len(_faults(spec.a_denial_denies, rigid, tone__rigidity=True)) == 1
    assert _faults(spec.a_denial_denies, rigid, tone__rigidity=False) == []


def test_a_sentence_of_both_signs() -> None:
    check = spec.a_sentence_has_one_sign
    mixed = _letter(
        _block("history", "Weak, not numb.", covers=("neuro.weakness", "neuro.numbness_tingling"))
    )
    assert len(_faults(check, mixed, neuro__weakness=True, neuro__numbness_tingling=False)) == 1
    sides = _letter(
        _block("x", "Right, not left.", covers=("reflex.hoffmann.left", "reflex.hoffmann.right"))
    )
    assert _faults(check, sides, reflex__hoffmann__left=False, reflex__hoffmann__right=True) == []


def test_two_limits_of_one_test() -> None:
    page = _block("results", "CK 412 U/L (limit 200).", covers=("ix.ck",))
    two = _record(Entry("CK (limit 320)", "412 U/L", strong=True, covers=("ix.ck",)))
    assert _faults(spec.a_test_has_one_limit, _letter(page, record=two)) == [
        "ix.ck has the limits 200 and 320."
    ]
    assert _faults(spec.a_test_has_one_limit, _letter(page)) == []


def test_a_red_flag_that_page_one_leaves_out() -> None:
    check, record = (
        spec.red_flags_are_on_page_one,
        _record(Entry("Weight loss", "yes", covers=("rf.weight_loss",))),
    )
    assert len(_faults(check, _letter(record=record), rf__weight_loss=True)) == 1
    assert (
        _faults(
            check,
            _letter(_block("x", "Loses weight.", covers=("rf.weight_loss",))),
            rf__weight_loss=True,
        )
        == []
    )
    assert _faults(check, _letter(), rf__weight_loss=False) == []


def test_an_answer_twice_in_the_record_or_never() -> None:
    check, row = (
        spec.the_record_has_each_answer_once,
        Entry("Weakness", "yes", covers=("neuro.weakness",)),
    )
    assert _faults(check, _letter(record=_record(row)), neuro__weakness=True) == []
    assert _faults(check, _letter(record=_record(row, row)), neuro__weakness=True) == [
        "neuro.weakness has 2 rows in the record."
    ]
    assert len(_faults(check, _letter(record=_record()), neuro__weakness=True)) == 1
    held = _letter(record=_record(), held=frozenset({"neuro.weakness"}))
    assert _faults(check, held, neuro__weakness=True) == []
    assert _faults(check, _letter(record=_record()), patient__pregnancy="not_applicable") == []


def test_a_row_whose_weight_is_wrong() -> None:
    row = Entry("Weight loss", "yes", covers=("rf.weight_loss",))
    check, letter = spec.the_record_is_bold_where_something_is, _letter(record=_record(row))
    assert len(_faults(check, letter, rf__weight_loss=True)) == 1
    bold = _letter(record=_record(replace(row, strong=True)))
    assert _faults(check, bold, rf__weight_loss=True) == []
    assert len(_faults(check, bold, rf__weight_loss=False)) == 1


def test_what_cannot_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = _letter(_block("history", "Weak.", "Numb.", heading="History"))
    assert _faults(spec.page_one_can_be_pasted, letter) == []
    monkeypatch.setattr(spec, "plain_text", lambda _: "HISTORY: Numb. Weak.")
    (fault,) = _faults(spec.page_one_can_be_pasted, letter)
    assert "“Numb.” is not at its place" in fault
    assert _faults(spec.page_one_can_be_pasted, _letter(), _pdf((47, 100, "Stiff"))) == [
        "“Stiff” is on page one, and not in the text."
    ]


# -- the leaflet ------------------------------------------------------------------------------------


def _leaflet(*said: str, **changes: Any) -> Letter:
    return _letter(
        _block("next", *said, heading="What happens next"),
        kind="leaflet",
        complete=False,
        **changes,
    )


def test_a_leaflet_that_is_hard_to_read() -> None:
    check = spec.the_patient_can_read_it
    assert _faults(check, _leaflet("We will see you soon. Ring us if you fall.")) == []
    assert len(_faults(check, _leaflet(" ".join(["see"] * 17)))) == 1
    assert len(_faults(check, _leaflet(*["We see you soon."] * 41))) == 1
    (fault,) = _faults(
        check, _leaflet("Neurophysiological investigation necessitates outpatient consultation.")
    )
    assert fault.startswith("The leaflet is for grade ")


def test_a_leaflet_names_one_day() -> None:
    check = spec.the_patient_reads_one_date
    assert _faults(check, _leaflet("For Iris, 22 November 2026.", "By 6 December 2026.")) == []
    assert len(_faults(check, _leaflet("By 6 December 2026 or 3 January 2027."))) == 1
    assert _faults(check, _leaflet("By 22 November 2026.")) == []
    assert len(_faults(check, _leaflet("Soon."))) == 1
    assert _faults(check, _leaflet("Go now.", level="emergency")) == []


def test_a_leaflet_that_names_a_suspicion() -> None:
    check = spec.no_suspicion_is_named_to_the_patient
    assert _faults(check, _leaflet("Your nerves need a closer look.")) == []
    name = next(r.record for r in the_content().conditions if not r.record.patient_name).name
    assert _faults(check, _leaflet(f"It may be {name}.")) != []


def test_every_check_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [check.__name__ for check in spec.CHECKS if f"spec.{check.__name__}" not in text] == []


def test_what_is_bold_in_bold_is_set_bold_once() -> None:
    said = strong(f"Wasting: forearm, {strong('side not recorded')}.")
    assert Statement(said).spans == (Span("Wasting: forearm, side not recorded.", strong=True),)


# -- a letter that was set by hand ------------------------------------------------------------------


def test_nothing_is_wrong_with_the_look_of_the_exemplar() -> None:
    pages = (CASES / "exemplars" / "urgent-neurology.pdf").read_bytes()
    power = "Right: first dorsal interosseous 3, thumb abduction 3, finger extension 4."
    question = (
        "Is this motor neuron disease or a treatable mimic (cervical cord or root, multifocal motor neuropathy)?"
        " Please assess and take over the work-up."
    )
    letter = _letter(
        _block("address", "Neuromuscular / MND clinic", heading="To"),
        _block("patient", "male, 60", heading="Patient", title="Edwin SPECIMEN"),
        _block(
            "level",
            "Weakness, wasting and split hand on the right",
            under=("NICE NG42", "NICE NG127"),
        ),
        _block("question", question, heading="Question", kind="question"),
        _block("history", "Main complaint: clumsy right hand (keys, buttons).", heading="History"),
        Block("power", "", "rows", (Row("Power", (Statement(power),)),)),
        _block("told", "Wants to keep working as a joiner; lives with his wife.", heading=""),
        letterhead=Letterhead(
            "Example Street Surgery",
            "1 Example Street, Testford TS1 1AA",
            "20 November 2026",
            "Letter DE36-10FF, version 1",
        ),
        record=Record(
            "Record of findings",
            "Edwin SPECIMEN: everything recorded for this letter. Page 1 is complete without it.",
            "Bold: present or abnormal.",
            basis="Basis: U01, U03, S14, S15, S19, S24, S28; NICE NG42, NICE NG127, Gold Coast 2020,"
            " BMJ 2018 cervical myelopathy, England 2005.",
        ),
    )
    looks = (
        spec.the_question_is_high,
        spec.page_one_holds_it,
        spec.everything_is_inside_the_margins,
        spec.labels_stand_beside_their_text,
        spec.no_last_line_is_one_word,
        spec.no_type_is_too_small,
        spec.only_furniture_is_grey,
        spec.it_is_short,
    )
    assert spec.faults(_printed(letter, pages), looks) == []
