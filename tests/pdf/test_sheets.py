"""Pages beside what they are to look like: places, sizes, order, and what happens when page one overflows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pypdfium2  # type: ignore[import-untyped]
import pytest

from tests.conftest import the_content
from tests.letter import spec
from tests.letter.pages import Pages, lines
from tests.letter.spec import Printed
from tests.pdf import exemplars
from tests.pdf.exemplars import prose, said, section, typed
from triage.letter.ladder import FEWEST_WORDS, KEPT_WORDS
from triage.letter.statements import (
    Cell,
    Entry,
    Identity,
    Letter,
    Row,
    Section,
    Span,
    Statement,
    Table,
    TableRow,
)
from triage.model.case import Case
from triage.pdf.flow import Frame
from triage.pdf.fonts import register_fonts
from triage.pdf.lines import Setting
from triage.pdf.readback import missing_statements, read_text
from triage.pdf.render import render
from triage.pdf.sheet import fitted

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PAPERS = ("a4", "letter")
CHECKS = (
    spec.the_question_is_high,
    spec.page_one_holds_it,
    spec.everything_is_inside_the_margins,
    spec.labels_stand_beside_their_text,
    spec.no_last_line_is_one_word,
    spec.no_type_is_too_small,
    spec.only_furniture_is_grey,
)
letters = pytest.mark.parametrize("make", exemplars.ALL, ids=lambda f: f.__name__)
papers = pytest.mark.parametrize("paper", PAPERS)
Make = Callable[[], Letter]


def pages_of(letter: Letter, paper: str = "a4") -> Pages:
    return Pages(render(letter, paper=paper, when=WHEN))  # type: ignore[arg-type]


def missing(letter: Letter, paper: str = "a4") -> list[str]:
    data = render(letter, paper=paper, when=WHEN)  # type: ignore[arg-type]
    return missing_statements(letter, data)


def outside(pages: Pages) -> list[str]:
    frame = [(20.0, width - 20.0, height - 22.0) for width, height in pages.sizes]
    return [
        word.text
        for word in pages.body
        for left, right, last in [frame[word.page]]
        if word.left < left - 0.1 or word.right > right + 0.6 or word.base > last + 0.1
    ]


@papers
@letters
def test_a_page_keeps_to_the_measures(make: Make, paper: str) -> None:
    printed = Printed(make(), pages_of(make(), paper), Case(), the_content())
    assert spec.faults(printed, CHECKS) == []


@papers
@letters
def test_every_text_is_on_the_pages(make: Make, paper: str) -> None:
    assert missing(make(), paper) == []


@letters
def test_a_letter_is_one_page_and_its_record_another(make: Make) -> None:
    letter = make()
    alone = letter.record is None or letter.kind == "emergency"
    assert len(pages_of(letter)) == (1 if alone else 2)


def test_what_is_not_printed_is_missed() -> None:
    data = render(exemplars.advice(), when=WHEN)
    assert missing_statements(exemplars.urgent(), data)


@letters
def test_the_pages_are_drawn_in_reading_order(make: Make) -> None:
    letter = make()
    flat = "".join(pages_of(letter).text().split())
    at = 0
    for text in letter.texts():
        if wanted := "".join(text.split()):
            assert wanted in flat[at:], text
            at = flat.index(wanted, at)


def test_the_head_of_a_letter_stands_where_it_should() -> None:
    pages = pages_of(exemplars.urgent())
    places = {
        "Example Street Surgery": 16.5,
        "Neuromuscular / MND clinic": 28.3,
        "Edwin SPECIMEN": 39.25,
        "Possible motor neuron disease": 53.8,
        "Is this motor neuron disease": 73.9,
        "No breathlessness at rest": 84.7,
    }
    for text, base in places.items():
        assert pages.find(text)[0].base == pytest.approx(base, abs=0.1), text


def test_the_names_of_the_eye_are_the_largest() -> None:
    pages = pages_of(exemplars.urgent())
    sizes = {word.text: word.size for word in pages.body if word.page == 0 and word.size > 10.5}
    assert sizes["SPECIMEN"] == 14
    assert sizes["Possible"] == 14
    assert sizes["treatable"] == 11
    assert sizes["URGENT"] == 11


@pytest.mark.parametrize(
    ("level", "words", "ink"),
    [("urgent", "URGENT", 1.0), ("soon", "SOON", 1.0), ("routine", "ROUTINE", 0.0)],
)
def test_the_tag_is_light_on_dark_but_for_routine(level: str, words: str, ink: float) -> None:
    letter = exemplars.urgent()
    blocks = tuple(
        replace(b, tag=replace(b.tag, level=level, words=words)) if b.tag else b  # type: ignore[arg-type]
        for b in letter.blocks
    )
    (word,) = pages_of(replace(letter, blocks=blocks)).find(words)
    assert word.ink == ink


def test_the_mark_of_a_draft_is_on_every_page_and_no_text() -> None:
    letter = exemplars.draft()
    unmarked = replace(
        letter, letterhead=replace(letter.letterhead, day="22 November 2026"), foot="of 22 Nov"
    )
    data = render(unmarked, when=WHEN)
    assert "DRAFT" not in "".join("".join(read_text(data)).split())
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            bounds = [
                item.get_bounds()
                for item in page.get_objects()
                if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH
            ]
            assert any(30 < b[2] < 45 and b[3] - b[1] > 10 for b in bounds)


def test_typed_words_have_a_bar_and_changed_ones_another() -> None:
    def bars(letter: Letter) -> list[float]:
        with pypdfium2.PdfDocument(render(letter, when=WHEN)) as document:
            bounds = [
                item.get_bounds()
                for item in document[0].get_objects()
                if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH
            ]
        return sorted((b[0] + b[2]) / 2 for b in bounds if b[2] - b[0] < 4 and b[3] - b[1] > 20)

    frame = Frame.of(exemplars.the_page().margins, exemplars.the_page().papers["a4"])
    first, second = bars(exemplars.urgent()), bars(exemplars.second_issue())
    assert len(first) == 2
    assert all(frame.axis < x < frame.axis + 4 for x in first)
    assert second[:2] == first
    assert [x > frame.right + 10 for x in second[2:]] == [True]


def test_the_safety_strip_shows_what_is_present_and_what_was_not_asked() -> None:
    letter = exemplars.request()
    cells = (
        Cell("Anticoagulant", "YES: apixaban", "present"),
        Cell("Implanted device", "No", "absent"),
        Cell("Lymphoedema", "NOT ASKED", "unasked"),
    )
    blocks = tuple(replace(b, cells=cells) if b.cells else b for b in letter.blocks)
    pages = pages_of(replace(letter, blocks=blocks))
    inks = {text: pages.find(text)[0].ink for text in ("YES: apixaban", "No", "NOT ASKED")}
    assert inks == {"YES: apixaban": 1.0, "No": 0.0, "NOT ASKED": 0.0}


def test_an_emergency_is_above_the_fold_and_its_record_below() -> None:
    pages = pages_of(exemplars.emergency())
    assert pages.find("This sheet does not replace the call.")[-1].base < 143.1
    assert pages.find("Record of findings")[0].base == pytest.approx(159.5, abs=0.1)


def test_a_long_record_of_an_emergency_goes_to_page_two() -> None:
    letter = exemplars.emergency()
    assert letter.record is not None
    record = exemplars.urgent().record
    pages = pages_of(replace(letter, record=record))
    assert len(pages) == 2
    assert pages.find("Record of findings")[0].page == 1


def test_a_note_that_page_one_has_no_place_for_stands_below_the_fold() -> None:
    letter = exemplars.emergency()
    assert letter.record is not None
    record = replace(letter.record, whole=(typed("Told that breathing can weaken.", "Review"),))
    pages = pages_of(replace(letter, record=record))
    assert len(pages) == 1
    assert pages.find("Told that breathing can weaken.")[0].base > spec.FOLD


def test_a_note_that_an_emergency_cuts_is_whole_where_it_says() -> None:
    letter = exemplars.emergency()
    assert letter.record is not None
    note = replace(prose("Note"), rows=(typed(" ".join(f"word{n}" for n in range(250))),))
    record = replace(letter.record, tables=())
    long = replace(letter, blocks=(*letter.blocks[:3], note), record=record)
    pages = pages_of(long)
    assert pages.find("(whole text: page 2)")[0].base < spec.FOLD
    assert pages.find("word249")[0].page == 1


@pytest.mark.parametrize("make", [exemplars.urgent, exemplars.leaflet], ids=["letter", "leaflet"])
def test_a_letterhead_leaves_room_for_the_letter(make: Make) -> None:
    letter = make()
    head = replace(letter.letterhead, name="Practice " * 500, place="Street " * 1000)
    long = replace(letter, letterhead=head)
    pages = pages_of(long)
    assert pages.find(letter.blocks[1].heading or letter.blocks[1].title)[0].page == 0
    assert outside(pages) == []
    assert missing(long) == [head.name, head.place]


def test_a_number_with_words_to_it_breaks_at_the_edge_of_a_leaflet() -> None:
    letter = exemplars.leaflet()
    number = "01632 960104, extension 23, Monday to Friday from 9 to 5, or ask for the secretary"
    *others, last = letter.blocks
    rows = tuple(replace(row, aside=row.aside and number) for row in last.rows)
    long = replace(letter, blocks=(*others, replace(last, rows=rows)))
    pages = pages_of(long)
    assert missing(long) == []
    assert [w.text for w in pages.words if not 29.5 < w.left < w.right < 180.5] == []
    assert pages.find("secretary")[0].base > pages.find("01632 960104")[0].base + 5


def test_a_name_without_end_leaves_room_for_the_record() -> None:
    letter = exemplars.urgent()
    assert letter.record is not None
    long = replace(letter, record=replace(letter.record, lead="Name " * 2000))
    pages = pages_of(long)
    assert outside(pages) == []
    assert pages.find(letter.record.sections[-1].title)


def test_a_strip_stands_below_the_title_of_a_second_page() -> None:
    letter = exemplars.request()
    titles = {b.kind: b for b in letter.blocks}
    tall = replace(titles["patient"], title="Featherstonehaugh " * 50)
    blocks = tuple(tall if b is titles["patient"] else b for b in letter.blocks)
    for count in range(40):
        more = tuple(prose("", "Said before.") for _ in range(count))
        pages = pages_of(replace(letter, blocks=(*blocks[:2], *more, *blocks[2:])))
        title = next(w for w in pages.words if w.page == 1)
        (strip,) = pages.find("Anticoagulant")[:1]
        if strip.page == 1:
            assert strip.base > title.base + 4
            return
    pytest.fail("the strip stayed on page one")


def test_a_cell_of_the_strip_leaves_room_for_the_request() -> None:
    letter = exemplars.request()
    cells = (Cell("Anticoagulant", "YES: apixaban " * 300, "present"),)
    blocks = tuple(replace(b, cells=cells) if b.cells else b for b in letter.blocks)
    pages = pages_of(replace(letter, blocks=blocks))
    assert outside(pages) == []
    assert pages.find("Anticoagulant")[0].page == 0


def test_a_leaflet_keeps_a_head_with_its_text() -> None:
    letter = exemplars.leaflet()
    more = tuple(prose(f"Head {n}", "One line of text, and a second one. " * 3) for n in range(30))
    pages = pages_of(replace(letter, blocks=(*letter.blocks[:1], *more)))
    for n in range(30):
        found = pages.find(f"Head {n} One line of text")
        assert len({word.page for word in found}) == 1


# -- the ladder ---------------------------------------------------------------------------------------


def with_more(letter: Letter, count: int, **more: object) -> Letter:
    """Return a letter with `count` lines more."""
    extra = Statement("Said of the background. " * 3, **more)  # type: ignore[arg-type]
    block = replace(prose("More"), rows=tuple(Row("", (extra,)) for _ in range(count)))
    return replace(letter, blocks=(*letter.blocks, block))


def test_space_is_taken_back_before_leading_and_words() -> None:
    space = exemplars.the_page().space
    seen = []
    for count in range(9):
        letter = with_more(exemplars.urgent(), count)
        left, spacing = fitted(letter, "a4")
        if len(pages_of(letter)) > 2:
            break
        assert left == letter
        assert space.block_least <= spacing.gap <= space.block
        seen.append(spacing)
    assert seen[0] == (space.block, 1.0)
    assert [s.tight for s in seen] == sorted((s.tight for s in seen), reverse=True)
    assert any(s.tight == 1.0 and s.gap < space.block for s in seen)
    assert any(s.tight == space.tight for s in seen)


def test_what_may_be_left_out_is_left_out_before_a_second_page() -> None:
    letter = with_more(exemplars.urgent(), 10, yields=True)
    left, _ = fitted(letter, "a4")
    assert left.blocks == exemplars.urgent().blocks
    assert len(pages_of(letter)) == 2
    assert missing(letter) == []


def test_what_may_be_left_out_is_left_out_only_until_the_page_is_full() -> None:
    more = Statement("Said of the background. " * 3, yields=True)
    blocks = tuple(
        replace(b, rows=(*b.rows, Row("", (more,)))) if b.id in ("history", "results") else b
        for b in exemplars.urgent().blocks
    )
    seen = []
    for count in range(9):
        letter = with_more(replace(exemplars.urgent(), blocks=blocks), count)
        left, _ = fitted(letter, "a4")
        seen.append(tuple(b.id for b in left.blocks if more in b.all_statements()))
    assert list(dict.fromkeys(seen)) == [("history", "results"), ("history",), ()]


def test_a_long_note_is_cut_and_stands_whole_in_the_record() -> None:
    words = " ".join(f"word{n}" for n in range(300))
    letter = exemplars.advice()
    note = replace(prose("Story"), rows=(typed(words),))
    long = replace(letter, blocks=(*letter.blocks[:5], note, *letter.blocks[5:]))
    left, _ = fitted(long, "a4")
    (cut,) = (s for block in left.blocks if block.id == "story" for s in block.all_statements())
    assert cut.text == " ".join(words.split()[:KEPT_WORDS]) + " … (whole text: page 2)"
    assert left.record is not None
    assert words in [s.text for row in left.record.whole for s in row.statements]
    pages = pages_of(long)
    assert pages.find("(whole text: page 2)")[0].page == 0
    assert pages.find(words)[-1].page >= 1
    assert missing(long) == []
    assert fitted(left, "a4")[0] == left


def test_a_long_note_is_cut_beside_one_that_page_one_has_no_place_for() -> None:
    letter = exemplars.advice()
    assert letter.record is not None
    other = replace(typed("Told to come back.", "Review").statements[0], covers=("note.review",))
    record = replace(letter.record, whole=(Row("Review", (other,)),))
    words = " ".join(f"word{n}" for n in range(300))
    note = replace(prose("Story"), rows=(typed(words),))
    long = replace(letter, record=record, blocks=(*letter.blocks[:5], note, *letter.blocks[5:]))
    left, _ = fitted(long, "a4")
    assert left.record is not None
    whole = [s.text for row in left.record.whole for s in row.statements]
    assert (whole[0], whole[-1]) == (words, other.text)
    assert pages_of(long).find("(whole text: page 2)")[0].page == 0
    assert fitted(left, "a4")[0] == left


def test_a_note_is_cut_shorter_where_that_saves_a_second_page() -> None:
    words = [" ".join(f"{name}{n}" for n in range(90)) for name in ("word", "said")]
    notes = [replace(prose("Story"), rows=(typed(text),), id=text[:4]) for text in words]
    seen = set()
    for count in range(30):
        letter = with_more(exemplars.advice(), count)
        long = replace(letter, blocks=(*letter.blocks[:5], *notes, *letter.blocks[5:]))
        left, _ = fitted(long, "a4")
        cut = [s.text for b in left.blocks if b.id in ("word", "said") for s in b.all_statements()]
        kept = len(cut[0].partition(" …")[0].split())
        seen.add(kept)
        pages = pages_of(long)
        if kept == FEWEST_WORDS:
            assert pages.find("Record of findings")[0].page == 1
        if pages.find("Record of findings")[0].page > 1:
            break
    assert seen >= {KEPT_WORDS, FEWEST_WORDS, 90}


def test_a_note_is_whole_on_a_second_page_that_has_room_for_it() -> None:
    words = " ".join(f"word{n}" for n in range(90))
    note = replace(prose("Story"), rows=(typed(words),))
    letter = with_more(exemplars.advice(), 40)
    long = replace(letter, blocks=(*letter.blocks, note))
    left, _ = fitted(long, "a4")
    assert left.blocks[-1] == note
    pages = pages_of(long)
    assert not pages.find("(whole text")
    assert pages.find("Record of findings")[0].page == 2


def test_what_decides_is_never_cut() -> None:
    letter = exemplars.urgent()
    ask = " ".join(f"ask{n}" for n in range(400))
    blocks = tuple(
        replace(b, rows=(typed(ask),)) if b.kind == "question" else b for b in letter.blocks
    )
    long = replace(letter, blocks=blocks)
    assert fitted(long, "a4")[0].blocks == blocks
    pages = pages_of(long)
    assert pages.find("Edwin SPECIMEN, letter continued")[0].page == 1
    assert pages.find("Record of findings")[0].page == 2
    assert missing(long) == []
    assert pages_of(replace(long, kind="request")).find("Edwin SPECIMEN, request continued")


def test_a_label_never_stands_without_two_lines() -> None:
    letter = exemplars.urgent()
    blocks = tuple(prose(f"Label{n}", "Some words about this. " * 12) for n in range(30))
    pages = pages_of(replace(letter, blocks=(*letter.blocks[:4], *blocks)))
    assert len(pages) > 2
    for n in range(30):
        found = pages.find(f"Label{n} " + "Some words about this. " * 12)
        assert len({word.page for word in found}) == 1


def test_no_page_parts_a_label() -> None:
    letter = exemplars.urgent()
    words = "Some words about this. " * 40
    unders = [f"proposal {n} of the sender; the laboratory decides" for n in range(40)]
    blocks = tuple(
        replace(prose(f"Label{n}", words), under=(under,)) for n, under in enumerate(unders)
    )
    long = replace(letter, blocks=(*letter.blocks[:4], *blocks))
    pages = pages_of(long)
    assert len(pages) > 5
    for under in unders:
        assert len({word.page for word in pages.find(under)}) == 1


def test_no_page_parts_a_row_that_has_something_aside() -> None:
    letter = exemplars.request()
    studies = next(block for block in letter.blocks if block.kind == "studies")
    words = "median and ulnar, tibial and peroneal, and a muscle that is normal " * 3
    rows = tuple(Row(f"Study{n}", (Statement(f"{words}{n}"),), aside="right") for n in range(60))
    # The first lines end at another place of the page each time.
    for above in range(3):
        more = tuple(prose(f"Above{n}", "Some words.") for n in range(above))
        blocks = (*letter.blocks[:4], *more, replace(studies, rows=rows))
        long = replace(letter, blocks=blocks)
        pages = pages_of(long)
        assert len(pages) > 3
        assert missing(long) == []
        for n in range(60):
            assert len({word.page for word in pages.find(f"{words}{n} right")}) == 1


# -- hostile ------------------------------------------------------------------------------------------

LONG_WORD = "x" * 500
HOSTILE = {
    "note": "Line of a very long story that somebody pasted in. " * 400,
    "lines": "\n".join(f"Line {n} of a story." for n in range(600)),
    "word": LONG_WORD,
    "digits": "1 2 3 " * 1500,
    "blank": "a\n\n\n\n\n\nb" + "\n" * 400 + "c",
    "bonds": "\u00a0".join(["bound"] * 300),
    "marks": "<b>bold</b> &amp; (\\) ))(( {{ 7 }}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("make", [exemplars.urgent, exemplars.request, exemplars.leaflet])
def test_hostile_text_stays_inside_and_is_found(make: Make, text: str) -> None:
    letter = make()
    told = replace(letter.blocks[-2], rows=(typed(text), said(text[:2000])))
    titled = [replace(b, title=text[:900]) if b.title else b for b in letter.blocks[:-2]]
    texts = (*titled, told, letter.blocks[-1])
    hostile = replace(letter, blocks=texts)
    pages = pages_of(hostile)
    assert outside(pages) == []
    assert missing(hostile) == []


def test_runs_of_blank_lines_become_one() -> None:
    letter = replace(exemplars.leaflet(), blocks=(prose("Story", "first" + "\n" * 60 + "second"),))
    pages = pages_of(letter)
    gap = pages.find("second")[0].base - pages.find("first")[0].base
    assert gap == pytest.approx(2 * 18.4 * 25.4 / 72, abs=0.3)


def test_a_record_of_everything_stays_inside() -> None:
    letter = exemplars.urgent()
    assert letter.record is not None
    table = letter.record.tables[0]
    record = replace(
        letter.record,
        tables=(
            replace(table, rows=table.rows * 12),
            replace(
                table,
                title="Odd",
                rows=(replace(table.rows[0], cells=("not testable, " * 300, "5")),),
            ),
        ),
        sections=(
            section("Medicines", *(f"Medicine number {n}: {n} mg" for n in range(300))),
            section("Long", f"Told: {'a long answer that runs on ' * 700}", "One: yes"),
            section("Words", f"{LONG_WORD}: {LONG_WORD}", "One: yes", "Two: no"),
        ),
    )
    hostile = replace(letter, record=record)
    pages = pages_of(hostile)
    assert len(pages) > 5
    assert outside(pages) == []
    assert missing(hostile) == []
    assert pages.find("Record of findings, continued")[0].page == 2
    assert pages.find("Medicines, continued")


def test_sections_begin_below_the_table_of_their_column() -> None:
    letter = exemplars.urgent()
    tables = tuple(
        Table(title, ("R", "L"), tuple(TableRow(f"{title} {n}", ("5", "5")) for n in range(count)))
        for title, count in (("Power", 22), ("Jerks", 5))
    )
    rows = tuple(Entry(f"Item {n}", "no") for n in range(12))
    record = letter.record
    assert record is not None
    sections = tuple(Section(title, rows) for title in ("First", "Second", "Third"))
    found = pages_of(replace(letter, record=replace(record, tables=tables, sections=sections)))
    (power,), (jerks,) = (
        found.find(f"{title} {n}")[:1] for title, n in (("Power", 21), ("Jerks", 4))
    )
    first, second = (found.find(title)[0] for title in ("First", "Second"))
    assert jerks.base < first.base < power.base
    assert first.left == jerks.left
    assert second.left > first.left
    # What is pasted has the tables first, as the text has.
    assert found.body.index(power) < found.body.index(jerks) < found.body.index(first)


def test_a_title_that_is_wider_than_its_column_is_printed_whole() -> None:
    letter = exemplars.urgent()
    assert letter.record is not None
    rows = tuple(Entry(f"Item {n}", "no") for n in range(300))
    title = "What was found beyond all that was asked for, on both sides"
    record = replace(letter.record, sections=(Section(title, rows),))
    long = replace(letter, record=record)
    assert missing(long) == []
    pages = pages_of(long)
    assert len(pages.find_all(f"{title}, continued")) > 0
    assert outside(pages) == []


def test_a_section_is_split_with_two_rows_on_each_side() -> None:
    letter = exemplars.urgent()
    assert letter.record is not None
    for count in range(190, 202, 2):
        rows = section("Rows", *(f"Row {n}: no" for n in range(count)))
        record = replace(letter.record, tables=(), sections=(rows,))
        pages = pages_of(replace(letter, record=record))
        columns: dict[tuple[int, float], int] = {}
        for n in range(count):
            word = pages.find(f"Row {n} no")[0]
            place = (word.page, round(word.left))
            columns[place] = columns.get(place, 0) + 1
        assert min(columns.values()) >= 2


def test_a_name_of_two_hundred_letters_leaves_birth_and_number_in_the_foot() -> None:
    rest = ("born 14 Feb 1966", "NHS 999 000 0018")
    for identity in (
        Identity("Given " * 34, "SPECIMEN", rest),
        Identity("Edwin", "F" * 200, rest),
        Identity("Given " * 34, "F" * 200, rest),
        Identity("G" * 200, "", rest),
    ):
        letter = replace(exemplars.urgent(), identity=identity)
        feet = [p.split("born 14 Feb 1966")[-1] for p in read_text(render(letter, when=WHEN))]
        pages = pages_of(letter)
        assert outside(pages) == []
        for foot, number in zip(feet, (1, 2), strict=True):
            assert "NHS 999 000 0018" in foot
            assert f"page {number} of 2" in foot


def test_the_family_name_outlives_the_given_ones() -> None:
    identity = Identity("Maximilian " * 12, "FEATHERSTONEHAUGH-WARNER", ("born 14 Feb 1966",))
    text = read_text(render(replace(exemplars.urgent(), identity=identity), when=WHEN))[0]
    assert "… FEATHERSTONEHAUGH-WARNER · born 14 Feb 1966" in text


# -- words and lines ----------------------------------------------------------------------------------


def test_pairs_are_not_parted() -> None:
    setting = Setting(10, register_fonts())
    pairs = ("412 U/L", "5 mg", "20 a week", "19 November 2026", "Dr Ruth SAMPLE", "Not yet known:")
    for pair in pairs:
        for before in range(60):
            spans = [Span("a " * before), Span(pair, pair.endswith(":")), Span(" and more of it")]
            said = [run.text for line in setting.lines(spans, 120) for run in line.runs]
            assert any(pair in text for text in said), said


def test_what_was_kept_together_is_pasted_with_plain_spaces() -> None:
    assert "\u00a0" not in "".join(read_text(render(exemplars.urgent(), when=WHEN)))


@pytest.mark.parametrize("measure", [120, 300, 405])
def test_a_last_line_is_not_short(measure: float) -> None:
    setting = Setting(10, register_fonts())
    words = "Weak grip with wasting of the small muscles of one hand, seen first by his wife. " * 6
    for count in range(60, len(words)):
        if words[count] == " ":
            broken = setting.said(words[:count] + " end.", measure)
            if len(broken) > 1:
                assert " " in "".join(run.text for run in broken[-1].runs)
                assert broken[-1].width > 0.16 * measure
                assert all(line.width <= measure for line in broken)


def test_lines_of_a_paragraph_are_one_leading_apart() -> None:
    found = pages_of(exemplars.urgent()).find("Denies slurred speech")
    text = exemplars.urgent().blocks[5].rows[2].statements[0].text
    bases = [line[0].base for line in lines(pages_of(exemplars.urgent()).find(text))]
    assert found
    assert all(b - a == pytest.approx(12.5 * 25.4 / 72, abs=0.02) for a, b in pairwise(bases))


@letters
def test_the_same_letter_makes_the_same_bytes(make: Make) -> None:
    first, second = (hashlib.sha256(render(make(), when=WHEN)).hexdigest() for _ in range(2))
    assert first == second
