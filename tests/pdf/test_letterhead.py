"""The picture of a letterhead: where it stands, what it may hold, and that nothing outside the file is touched."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]
import pytest
from PIL import Image

from tests.conftest import the_content
from tests.letter import spec
from tests.letter.pages import Pages
from tests.letter.spec import Printed
from tests.pdf import exemplars
from triage.errors import LetterError, TriageError
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.pdf.logo import LARGEST, logo_of, read_logo
from triage.pdf.readback import missing_statements
from triage.pdf.render import render

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MM = 72 / 25.4
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">'
# As drawing programs save it: a style sheet, a cut, a part drawn again, and their own remarks.
SVG = f"""<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://example.org/svg11.dtd">
{HEAD}<title>Example</title><metadata><r:RDF xmlns:r="urn:r"><r:x/></r:RDF></metadata>
<defs><clipPath id="c"><circle cx="50" cy="50" r="46"/></clipPath><path id="p" d="M10 60 Q30 20 50 60 T90 60"/></defs>
<style>.a{{fill:#1d4f7c;fill-opacity:1}}</style><g clip-path="url(#c)"><rect class="a" width="100" height="100"/></g>
<use xlink:href="#p" fill="none" stroke="white" stroke-width="5"/></svg>""".encode()


def svg(inside: str, before: str = "") -> bytes:
    return f"{before}{HEAD}{inside}</svg>".encode()


def png(width: int, height: int, colour: tuple[int, ...] = (200, 0, 0, 128)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def under(letter: Letter, logo: bytes) -> Letter:
    return replace(letter, letterhead=replace(letter.letterhead, logo=logo))


def printed(letter: Letter, paper: Any = "a4") -> bytes:
    return render(letter, paper=paper, when=WHEN)


PICTURES = {"svg": SVG, "square": png(300, 300), "wide": png(1200, 150), "tall": png(100, 900)}
KINDS = (
    exemplars.urgent,
    exemplars.draft,
    exemplars.request,
    exemplars.emergency,
    exemplars.leaflet,
)
pictures = pytest.mark.parametrize("logo", PICTURES.values(), ids=PICTURES)
kinds = pytest.mark.parametrize("make", KINDS, ids=lambda f: f.__name__)
papers = pytest.mark.parametrize("paper", ["a4", "letter"])


def box_of_picture(data: bytes) -> tuple[float, float, float, float]:
    """Return where a PNG stands on page one, in points from the left and lower edge."""
    with pypdfium2.PdfDocument(data) as document:
        page = document[0]
        (found,) = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
        box = found.get_bounds()
        page.close()
    return tuple(map(float, box))  # type: ignore[return-value]


@papers
@kinds
@pictures
def test_a_page_with_a_picture_keeps_to_the_measures(
    logo: bytes, make: Callable[[], Letter], paper: str
) -> None:
    letter = under(make(), logo)
    data = printed(letter, paper)
    assert missing_statements(letter, data) == []
    checks = (
        spec.the_question_is_high,
        spec.page_one_holds_it,
        spec.everything_is_inside_the_margins,
        spec.labels_stand_beside_their_text,
        spec.no_last_line_is_one_word,
        spec.only_furniture_is_grey,
    )
    page = Printed(letter, Pages(data), Case(), the_content())
    assert spec.faults(page, checks) == []
    assert len(Pages(data)) == len(Pages(printed(make(), paper)))


@kinds
@pictures
def test_a_picture_moves_nothing_but_an_address_that_wraps_beside_it(
    logo: bytes, make: Callable[[], Letter]
) -> None:
    bare, with_it = Pages(printed(make())).body, Pages(printed(under(make(), logo))).body
    line = 0.01 if len({w.base for w in with_it}) == len({w.base for w in bare}) else 11.1 / MM
    assert with_it[0].base == bare[0].base
    assert (
        max(w.base for w in with_it if w.page == 0)
        <= max(w.base for w in bare if w.page == 0) + line
    )


@kinds
@pytest.mark.parametrize("name", ["square", "wide", "tall"])
def test_a_picture_keeps_its_shape_at_the_left_of_the_practice(
    make: Callable[[], Letter], name: str
) -> None:
    letter = under(make(), PICTURES[name])
    data = printed(letter)
    left, bottom, right, top = box_of_picture(data)
    with Image.open(io.BytesIO(PICTURES[name])) as picture:
        shape = picture.width / picture.height
    assert (right - left) / (top - bottom) == pytest.approx(shape, rel=0.02)
    assert top - bottom <= 14 * MM + 0.1
    margin = 30 if letter.kind == "leaflet" else 20
    assert left == pytest.approx(margin * MM, abs=0.1)
    assert 841.9 - top >= 5 * MM - 0.1
    practice = Pages(data).find(letter.letterhead.name.split()[0])[0]
    assert practice.left * MM >= right + 3 * MM


def test_lines_and_areas_stay_lines_and_areas() -> None:
    with pypdfium2.PdfDocument(printed(under(exemplars.urgent(), SVG))) as document:
        kinds = {found.type for found in document[0].get_objects()}
    assert raw.FPDF_PAGEOBJ_IMAGE not in kinds
    assert raw.FPDF_PAGEOBJ_PATH in kinds


def test_what_shines_through_is_laid_on_white() -> None:
    data = printed(under(exemplars.urgent(), png(300, 300, (200, 0, 0, 0))))
    with pypdfium2.PdfDocument(data) as document:
        (found,) = document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
        assert found.get_bitmap().to_pil().convert("RGB").getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("logo", [SVG, PICTURES["wide"]], ids=["svg", "png"])
def test_a_picture_needs_no_transparency_and_no_colour_or_font_of_its_own(logo: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed(under(exemplars.urgent(), logo)))) as pdf:
        resources = pdf.pages[0].resources
        assert "/ExtGState" not in resources
        fonts = {str(font.BaseFont) for font in resources.Font.values()}
        assert all("Lato" in name for name in fonts)
        for image in resources.get("/XObject", {}).values():
            assert image.ColorSpace == "/DeviceRGB"
            assert "/SMask" not in image
        operators = {str(i.operator) for i in pikepdf.parse_content_stream(pdf.pages[0])}
    assert operators.isdisjoint({"gs", "k", "K", "sh", "scn", "SCN"})


@pytest.mark.parametrize("logo", [SVG, PICTURES["wide"]], ids=["svg", "png"])
def test_the_same_picture_gives_the_same_bytes(logo: bytes) -> None:
    letter = under(exemplars.urgent(), logo)
    first = printed(letter)
    logo_of.cache_clear()
    assert printed(letter) == first


ENTITIES = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "picture of the network": svg('<image href="http://example.org/a.png" width="9" height="9"/>'),
    "picture of this computer": svg('<image href="file:///etc/passwd" width="9" height="9"/>'),
    "picture inside": svg('<image xlink:href="data:image/png;base64,AAAA"/>'),
    "part of another file": svg('<use href="other.svg#x"/>'),
    "style of the network": svg(
        "<style>@import 'http://example.org/x.css';</style><path d='M0 0h9v9z'/>"
    ),
    "fill of the network": svg('<rect width="9" height="9" fill="url(http://example.org/x#a)"/>'),
    "file as an entity": svg(
        "<desc>&x;</desc>", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "laughs": svg("<path d='&i;'/>", f'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'),
    "parts within parts": svg(
        "<defs><path id='a0' d='M0 0h1v1z'/>"
        + "".join(
            f"<g id='a{n + 1}'>{f'<use href=chr#a{n}chr/>' * 10}</g>" for n in range(9)
        ).replace("chr", '"')
        + "</defs><use href='#a9'/>"
    ),
    "a circle": svg("<g id='a'><use href='#a'/><path d='M0 0h9v9z'/></g>"),
    "words": svg("<text x='1' y='9'>Surgery</text>"),
    "script": svg("<script>alert(1)</script>"),
    "shading": svg("<linearGradient id='g'/><rect fill='url(#g)' width='9' height='9'/>"),
    "glass": svg("<rect width='9' height='9' opacity='.5'/>"),
    "glass in a style": svg("<rect width='9' height='9' style='fill-opacity: 50%'/>"),
    "glass as a colour": svg("<rect width='9' height='9' fill='rgba(1,2,3,0.4)'/>"),
    "nothing": svg(""),
    "no size": b'<svg xmlns="http://www.w3.org/2000/svg" width="1e400" height="9"><path d="M0 0h9"/></svg>',
    "no path": svg("<path d='M x y 1e999 L'/>"),
    "too deep": svg("<g>" * 3000 + "</g>" * 3000),
    "another page": b"<html/>",
    "empty file": b"",
    "half a PNG": png(40, 40)[:50],
    "a bomb of dots": png(9000, 9000, (0, 0, 0, 255)),
    "JPEG": b"\xff\xd8\xff\xe0" + b"\0" * 40,
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_printed_is_refused_in_one_sentence_and_nothing_is_fetched(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", fetched)
    monkeypatch.setattr(socket, "create_connection", fetched)
    with pytest.raises(LetterError) as refused:
        logo_of(data)
    assert "\n" not in str(refused.value)
    assert "root:" not in str(refused.value)


def test_a_path_without_end_is_refused_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*_: object) -> None:
        raise AssertionError("it was drawn")

    monkeypatch.setattr("svglib.svglib.svg2rlg", drawn)
    with pytest.raises(LetterError, match="too much detail"):
        logo_of(svg(f"<path d='{'M0 0L1 1' * 100_000}'/>"))


def test_a_colour_of_print_becomes_one_of_the_screen() -> None:
    code = logo_of(svg("<rect width='9' height='9' fill='cmyk(1,0,0,0)'/>")).code
    assert " rg" in code
    assert " k" not in code


def test_a_large_or_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.svg"
    large.write_bytes(SVG + b" " * LARGEST)
    for path, says in (
        (large, "at most 2 MB"),
        (tmp_path, "no ordinary file"),
        (tmp_path / "x", "cannot be read"),
    ):
        with pytest.raises(TriageError, match=says):
            read_logo(path)
