"""Forms as the programs of others make them: what they leave out, leave to the viewer, or say twice."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from tests.pdf.receiver_forms import clinic_form, laboratory_form, locked, page_without_fields
from triage.errors import LetterError
from triage.letter.receiver import Filled
from triage.pdf.acroform import FormField, completed, form_fields

# Where the boxes and texts of the clinic's form stand.
WEAKNESS, NAME, REASON = (150, 334, 166, 350), (150, 692, 450, 712), (150, 500, 530, 580)


def changed(how: Callable[[Pdf, dict[str, Object]], None]) -> bytes:
    """Return the clinic's form after `how`, which gets its fields by name, was done to it."""
    with pikepdf.open(io.BytesIO(clinic_form())) as pdf:
        how(pdf, {str(field.T): field for field in pdf.Root.AcroForm.Fields})
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def filled(data: bytes, *entries: Filled, draft: str = "") -> tuple[bytes, dict[str, str]]:
    made, left = completed(data, entries, page_without_fields(), draft)
    return made, dict(left)


def fields(data: bytes) -> dict[str, FormField]:
    return {field.name: field for field in form_fields(data)}


def inks(data: bytes, place: tuple[int, int, int, int], tmp_path: Path) -> list[tuple[int, int]]:
    """Return the darkest and the lightest inside a place of the first page, as two programs draw it."""
    from PIL import Image

    left, low, right, high = place
    path = tmp_path / "drawn.pdf"
    path.write_bytes(data)
    told = ["pdftoppm", "-r", "144", "-gray", "-singlefile", path, tmp_path / "drawn"]
    subprocess.run(told, check=True, capture_output=True)
    with pypdfium2.PdfDocument(data) as document:
        pages = [document[0].render(scale=2).to_pil().convert("L")]
    pages.append(Image.open(tmp_path / "drawn.pgm"))
    tall = pages[0].height
    box = (left * 2 + 6, tall - high * 2 + 6, right * 2 - 6, tall - low * 2 - 6)
    return [page.crop(box).getextrema() for page in pages]


def said(data: bytes, tmp_path: Path) -> str:
    path = tmp_path / "said.pdf"
    path.write_bytes(data)
    told = ["pdftotext", "-l", "1", path, "-"]
    return subprocess.run(told, capture_output=True, text=True, check=True).stdout


# -- boxes ------------------------------------------------------------------------------------------


def _without_stream(pdf: Pdf, field: Object) -> None:
    field.AP = Dictionary(N=Dictionary(Yes=Dictionary()))
    pdf.Root.AcroForm.NeedAppearances = True


def _without_looks(pdf: Pdf, field: Object) -> None:
    del field.AP


def _empty_look(pdf: Pdf, field: Object) -> None:
    field.AP.N.Yes = pdf.make_stream(b"\n", field.AP.N.Yes.stream_dict)


def _typeface_missing(pdf: Pdf, field: Object) -> None:
    look = pdf.make_stream(b"BT / 12 Tf 1 1 Td (4) Tj ET")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 16, 16])
    field.AP.N.Yes = look


@pytest.mark.parametrize(
    "how",
    [_without_stream, _without_looks, _empty_look, _typeface_missing],
    ids=lambda f: f.__name__,
)
def test_a_tick_whose_look_is_left_to_the_viewer_shows_in_each(
    how: Callable[[Pdf, Object], None], tmp_path: Path
) -> None:
    data = changed(lambda pdf, of: how(pdf, of["Weakness"]))
    made, left = filled(data, Filled("Weakness", ticks=True), Filled("Pacemaker"))
    assert left == {}
    for dark, light in inks(made, WEAKNESS, tmp_path):
        assert light - dark > 100
    assert "Weakness" not in fields(made)
    assert "Pacemaker" in fields(made)


def test_a_box_that_is_not_ticked_shows_nothing(tmp_path: Path) -> None:
    made, _ = filled(
        changed(lambda pdf, of: _without_looks(pdf, of["Weakness"])), Filled("Weakness")
    )
    for dark, light in inks(made, WEAKNESS, tmp_path):
        assert light == dark


def test_a_state_whose_name_is_written_as_of_old_is_chosen(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(clinic_form())) as pdf:
        field = next(one for one in pdf.Root.AcroForm.Fields if one.T == "Weakness")
        field.AP.N = Dictionary({"/Off": field.AP.N.Off, "/Jae": field.AP.N.Yes})
        out = io.BytesIO()
        pdf.save(out, qdf=True, static_id=True)
    data = out.getvalue().replace(b"/Jae ", b"/J#e4 ")
    assert fields(data)["Weakness"].states == {"Jä": "Jä"}
    made, left = filled(data, Filled("Weakness", state="Jä"))
    assert left == {}
    for dark, light in inks(made, WEAKNESS, tmp_path):
        assert light - dark > 100


# -- lists ------------------------------------------------------------------------------------------


def _numbered(_: Pdf, of: dict[str, Object]) -> None:
    of["Interpreter"].Opt = Array([Array([str(n), str(n + 1)]) for n in range(3)])
    del of["Interpreter"].V


def test_a_choice_is_called_by_the_words_that_the_form_shows(tmp_path: Path) -> None:
    data = changed(_numbered)
    assert fields(data)["Interpreter"].states == {"0": "1", "1": "1", "2": "2", "3": "3"}
    made, left = filled(data, Filled("Interpreter", state="1"))
    assert left == {}
    assert "1" in said(made, tmp_path).split()


def test_a_name_of_two_choices_is_none() -> None:
    data = changed(
        lambda _, of: of["Interpreter"].__setattr__(
            "Opt", Array([Array(["a", "Needed"]), Array(["a", "Not needed"])])
        )
    )
    assert fields(data)["Interpreter"].states == {"Needed": "Needed", "Not needed": "Not needed"}


def test_a_list_into_which_one_may_type_takes_words(tmp_path: Path) -> None:
    def typed(_: Pdf, of: dict[str, Object]) -> None:
        of["Interpreter"].Ff = 1 << 17 | 1 << 18

    made, left = filled(changed(typed), Filled("Interpreter", "Specimen language"))
    assert left == {}
    assert "Specimen language" in said(made, tmp_path)
    _, left = filled(clinic_form(), Filled("Interpreter", "Specimen language"))
    assert left == {"Interpreter": "the form's field does not take it, left blank"}


# -- texts ------------------------------------------------------------------------------------------


def test_what_the_form_says_once_of_all_texts_holds_for_each(tmp_path: Path) -> None:
    def once(pdf: Pdf, of: dict[str, Object]) -> None:
        del of["Name"].DA
        pdf.Root.AcroForm.DA, pdf.Root.AcroForm.Q = String("/Helv 7 Tf 0 g"), 2

    made, _ = filled(changed(once), Filled("Name", "Specimen"))
    with pypdfium2.PdfDocument(made) as document:
        text = document[0].get_textpage()
        found = text.search("Specimen").get_next()
        left, low, _, high = text.get_charbox(found[0], loose=True)
        last = text.get_charbox(found[0] + found[1] - 1)
    assert high - low < 10
    assert left > 300
    assert last[2] == pytest.approx(448, abs=1.5)


def test_words_on_a_dark_ground_are_white(tmp_path: Path) -> None:
    def dark(_: Pdf, of: dict[str, Object]) -> None:
        of["Name"].MK.BG = Array([0, 0, 0.4])

    made, _ = filled(changed(dark), Filled("Name", "Specimen"))
    for darkest, lightest in inks(made, NAME, tmp_path):
        assert darkest < 50
        assert lightest > 240


def test_words_stand_inside_a_thick_line(tmp_path: Path) -> None:
    def thick(_: Pdf, of: dict[str, Object]) -> None:
        of["Reason"].BS, of["Reason"].MK.BC = Dictionary(W=6, S=Name.S), Array([0.6, 0.6, 0.6])
        of["Reason"].MK.BG = Array([1, 1, 1])

    made, _ = filled(changed(thick), Filled("Reason", "Specimen " * 40))
    # The line is grey; nothing darker stands on it.
    left, low, right, high = REASON
    for edge in ((left, low, left + 9, high), (left, high - 9, right, high)):
        for dark, _ in inks(made, edge, tmp_path):
            assert dark > 100


def test_cells_keep_the_lines_between_them(tmp_path: Path) -> None:
    made, _ = filled(laboratory_form(), Filled("Number", "1"))
    # The line between the last two of ten cells.
    for dark, light in inks(made, (325, 692, 335, 712), tmp_path):
        assert light - dark > 100


def test_what_is_drawn_under_a_field_stays_under_it(tmp_path: Path) -> None:
    def under(pdf: Pdf, of: dict[str, Object]) -> None:
        look = pdf.make_stream(b"1 0 0 rg 0 0 330 40 re f")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 330, 40])
        square = Dictionary(
            Type=Name.Annot, Subtype=Name.Square, F=4, Rect=Array([140, 682, 470, 722])
        )
        square.AP = Dictionary(N=look)
        page = pdf.pages[0].obj
        page.Annots = Array([pdf.make_indirect(square), *page.Annots])
        del of["Name"].MK

    made, _ = filled(changed(under), Filled("Name", "Specimen"))
    for dark, light in inks(made, NAME, tmp_path):
        assert light - dark > 50


def test_a_number_out_of_all_bounds_takes_neither_memory_nor_time() -> None:
    def beyond(_: Pdf, of: dict[str, Object]) -> None:
        of["Name"].DA, of["CK"].MaxLen, of["CK"].Ff = 10**13, 10**13, 1 << 24

    _, left = filled(changed(beyond), Filled("Name", "Specimen"), Filled("CK", "412"))
    assert set(left) <= {"CK"}


# -- what stands where ------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
def test_fields_that_the_form_does_not_list_are_found_on_its_pages(tmp_path: Path) -> None:
    def lost(pdf: Pdf, of: dict[str, Object]) -> None:
        pdf.Root.AcroForm.Fields = Array([of["CK"]])

    data = changed(lost)
    assert set(fields(data)) == set(fields(clinic_form()))
    made, left = filled(data, Filled("Name", "Iris Specimen"))
    assert left == {}
    assert "Iris Specimen" in said(made, tmp_path)
    # And so do these that are still to be completed.
    assert set(fields(made)) == set(fields(clinic_form())) - {"Name"}


def test_a_field_that_stands_on_no_page_is_not_taken_for_filled() -> None:
    def nowhere(pdf: Pdf, of: dict[str, Object]) -> None:
        page = pdf.pages[0].obj
        page.Annots = Array([one for one in page.Annots if one.objgen != of["Name"].objgen])

    data = changed(nowhere)
    assert fields(data)["Name"].kind == "other"
    _, left = filled(data, Filled("Name", "Specimen"))
    assert left == {"Name": "the form's field does not take it, left blank"}


def test_a_draft_says_so_where_the_page_is_cut_or_turned(tmp_path: Path) -> None:
    def cut(pdf: Pdf, _: dict[str, Object]) -> None:
        pdf.pages[0].cropbox = [50, 100, 545, 742]
        pdf.pages[0].rotate(90, relative=False)

    made, _ = filled(changed(cut), draft="DRAFT, not issued")
    with pypdfium2.PdfDocument(made) as document:
        image = document[0].render(scale=1).to_pil().convert("L")
    assert image.width == 642
    # The bar is black from margin to margin.
    assert image.getpixel((60, 27)) == image.getpixel((580, 27)) == 0


def test_a_layer_that_is_not_shown_is_not_shown_with_the_letter(tmp_path: Path) -> None:
    def layered(pdf: Pdf, _: dict[str, Object]) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("For the office")))
        shown = Dictionary(Order=Array([layer]), OFF=Array([layer]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=shown)
        page = pdf.pages[0]
        name = page.add_resource(layer, Name.Properties)
        page.contents_add(f"/OC {name} BDC 0 0 0 rg 20 20 60 60 re f EMC".encode(), prepend=False)

    made, _ = filled(changed(layered), Filled("Name", "Specimen"))
    assert set(inks(made, (20, 20, 80, 80), tmp_path)) == {(255, 255)}


def test_what_is_left_to_the_viewer_is_left_for_blank_fields_alone(tmp_path: Path) -> None:
    def asked(pdf: Pdf, _: dict[str, Object]) -> None:
        pdf.Root.AcroForm.NeedAppearances = True

    made, _ = filled(changed(asked), Filled("Name", "Specimen"))
    assert "Specimen" in said(made, tmp_path)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.AcroForm.NeedAppearances


# -- forms that are protected, signed or made for one viewer ----------------------------------------


def test_a_form_that_is_protected_but_may_be_filled_in_is(tmp_path: Path) -> None:
    made, left = filled(locked(clinic_form()), Filled("Name", "Iris Specimen"))
    assert left == {}
    assert "Iris Specimen" in said(made, tmp_path)


def _signature(pdf: Pdf, *, signed: bool) -> None:
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("Maker"), F=4)
    field.Rect = Array([400, 60, 500, 90])
    if signed:
        field.V = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("x"))
    node = pdf.make_indirect(field)
    pdf.pages[0].obj.Annots.append(node)
    pdf.Root.AcroForm.Fields.append(node)
    pdf.Root.AcroForm.SigFlags = 3


def test_a_signature_that_filling_in_breaks_is_taken_out_and_named() -> None:
    made, left = filled(
        changed(lambda pdf, _: _signature(pdf, signed=True)), Filled("Name", "Specimen")
    )
    assert left == {"Maker": "the form was signed, the signature is taken out"}
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert "/SigFlags" not in pdf.Root.AcroForm
        (field,) = [one for one in pdf.Root.AcroForm.Fields if one.T == "Maker"]
        assert "/V" not in field
    _, left = filled(changed(lambda pdf, _: _signature(pdf, signed=False)))
    assert left == {}


def _only_signed(pdf: Pdf, _: dict[str, Object]) -> None:
    pdf.pages[0].obj.Annots = Array([])
    pdf.Root.AcroForm.Fields = Array([])
    _signature(pdf, signed=True)


def _for_one_viewer(pdf: Pdf, of: dict[str, Object]) -> None:
    _only_signed(pdf, of)
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def _drawn_by_one_viewer(pdf: Pdf, _: dict[str, Object]) -> None:
    pdf.Root.NeedsRendering = True


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (_only_signed, "has no fields to fill in"),
        (_for_one_viewer, "was made for one viewer alone"),
        (_drawn_by_one_viewer, "was made for one viewer alone"),
    ],
)
def test_a_form_with_nothing_to_fill_in_is_refused_in_one_sentence(
    how: Callable[[Pdf, dict[str, Object]], None], says: str
) -> None:
    with pytest.raises(LetterError, match=says) as caught:
        form_fields(changed(how))
    assert str(caught.value).count("\n") == 0
