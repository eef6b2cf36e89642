"""How a file is packed: small, and no stream of it ends in a carriage return, whatever is in it."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest

from tests.conftest import ROOT
from tests.letter.letters import AT, case_at, letter_of
from tests.pdf.validity import faults
from triage.pdf.archive import _saved, ends_badly, packed
from triage.pdf.render import render

SAMPLE = ROOT.parent / "forms" / "muscle_cramps" / "cases" / "sample.json"
# Without packed objects no file of the sample is smaller.
SMALL = 100_000


@cache
def issued(carried: str = "{}") -> bytes:
    return render(letter_of(case_at(SAMPLE), "neuromuscular"), case_json=lambda _: carried, when=AT)


def ill_summed(data: bytes) -> bytes:
    """Return `data` with blanks at its end, so that it ends in a carriage return once it is compressed."""
    # The last byte is the lowest of the sum of all; a tab adds nine.
    while zlib.adler32(data) & 0xFF != ord("\r"):
        data += b"\t"
    assert zlib.compress(data).endswith(b"\r")
    return data


def test_a_case_that_ends_badly_is_carried_as_it_is_in_a_larger_file() -> None:
    carried = ill_summed(b"{}").decode()
    data = issued(carried)
    assert not ends_badly(data)
    assert len(data) > SMALL > len(issued())
    assert faults(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["case.json"].get_file().read_bytes().decode() == carried


def _page(pdf: pikepdf.Pdf) -> None:
    contents = pdf.pages[0].Contents
    contents.write(ill_summed(contents.read_bytes()))


def _font(pdf: pikepdf.Pdf) -> None:
    fonts = (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o)
    file = next(fonts).FontFile2
    data = ill_summed(file.read_bytes())
    file.write(data)
    file.Length1 = len(data)


@pytest.mark.parametrize("spoil", [_page, _font])
def test_what_else_ends_badly_gets_a_blank_more(spoil: Callable[[pikepdf.Pdf], None]) -> None:
    with pikepdf.open(io.BytesIO(issued())) as pdf:
        spoil(pdf)
        assert ends_badly(_saved(pdf, small=True))
        data = packed(pdf)
    assert not ends_badly(data)
    assert len(data) < SMALL
    assert faults(data) == []


def test_where_the_packed_objects_end_badly_there_is_one_more() -> None:
    with pikepdf.open(io.BytesIO(issued())) as pdf:
        for n in range(2000):
            title = hashlib.sha256(str(n).encode()).hexdigest()
            pdf.docinfo["/Title"] = title
            if ends_badly(_saved(pdf, small=True)):
                break
        else:
            pytest.fail("no title makes one end badly")
        data = packed(pdf)
    assert not ends_badly(data)
    assert len(data) < SMALL
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.docinfo.Title == title


@pytest.mark.parametrize("recipient", ["neuromuscular", "neurophysiology"])
def test_a_file_is_small(recipient: str) -> None:
    letter = letter_of(case_at(SAMPLE), recipient)
    assert len(render(letter, case_json=lambda _: "{}" * 5000, when=AT)) < 120_000
