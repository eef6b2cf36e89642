"""The tree of a letter's text: a reader who listens is told what stands on the pages, in their order."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from pikepdf import Dictionary

from tests.letter.letters import Sent, case_at, letter_of, sent
from tests.pdf.heard import heard, spoken
from triage.model.case import Case
from triage.model.values import Text
from triage.pdf.fonts import register_fonts
from triage.pdf.printed import loose, printed, read_text
from triage.pdf.render import render
from triage.pdf.sheet import fitted
from triage.pdf.text import printable
from triage.pdf.withdrawn import withdrawn

AT = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
LETTERS = sorted(sent(), key=lambda letter: letter.name)


@pytest.mark.parametrize("one", LETTERS, ids=lambda one: one.name)
def test_what_is_heard_is_what_the_pages_say(one: Sent) -> None:
    letter = letter_of(case_at(one.path), one.recipient, one.template)
    drawn: list[str] = []
    data = render(letter, when=AT, case_json=drawn.append)
    # Who takes the words from the pages finds them as they were drawn: a letter carries the sum of these.
    assert drawn == [printed(data)]
    told = loose(spoken(data))
    glyphs = register_fonts()
    letter, _ = fitted(letter, "a4")
    for text in letter.texts():
        assert loose(printable(text, glyphs)) in told, text
    # Nothing but the feet of the pages before the last and what heads the further ones is left out.
    pages = loose("".join(read_text(data)))
    assert len(told) <= len(pages)
    assert loose(letter.foot) in told
    assert told.startswith(loose(printable(letter.letterhead.name, glyphs)))


def test_its_parts_are_sections_headings_paragraphs_lists_and_tables() -> None:
    one = next(one for one in LETTERS if one.name == "V01-neuromuscular")
    parts = heard(render(letter_of(case_at(one.path), one.recipient), when=AT))
    tags = [part.tag for part in parts]
    assert tags[:3] == ["Document", "Sect", "H1"]
    assert tags.count("H1") == 2
    heads = [part.text for part in parts if part.tag == "H2"]
    assert heads[:3] == ["To", "Patient", "Possible motor neuron disease"]
    assert {"P", "BlockQuote", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD"} < {*tags}


def test_a_withdrawn_copy_says_so_first_and_says_the_rest_as_before() -> None:
    one = next(one for one in LETTERS if one.name == "V01-neuromuscular")
    data = render(letter_of(case_at(one.path), one.recipient), when=AT, case_json=lambda _: "{}")
    copy = withdrawn(data, "WITHDRAWN 27 November 2026: wrong patient.")
    assert spoken(copy) == f"WITHDRAWN 27 November 2026: wrong patient.\n{spoken(data)}"
    assert all(page.startswith("WITHDRAWN") for page in read_text(copy))
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert not list(pdf.attachments)


def test_a_body_chart_is_heard_in_words() -> None:
    one = next(one for one in LETTERS if one.name == "V01-neuromuscular")
    data = render(letter_of(case_at(one.path), one.recipient), when=AT)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (figure,) = (
            e for e in pdf.objects if isinstance(e, Dictionary) and e.get("/S") == "/Figure"
        )
        assert str(figure.Alt).startswith("Body chart")


def test_typed_words_that_look_like_the_parts_of_a_file_are_only_words() -> None:
    one = next(one for one in LETTERS if one.name == "V01-neuromuscular")
    said = "/Count 1 /Kids [ 1 0 R ] /Type /Pages\n/Size 3\n/Root 1 0 R\nstartxref\n0\n%%EOF"
    case = {**case_at(one.path), "referrer.ask": Text(text=said)}
    data = render(letter_of(Case(case), one.recipient), when=AT)
    assert " ".join(said.split()) in " ".join(spoken(data).split())
