"""Whether a file is what it says of itself: three checkers that others wrote, and what none of them looks at."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import outloud
import page
import pikepdf

from tests.pdf.heard import heard, meanings, stretches
from triage.model.case import Case
from triage.model.values import Table, Text
from triage.pdf.readback import read_text

PROFILES = ("3a", "ua1")
# A hyphen at a line end, as it is drawn and as it is read.
_HYPHEN = re.compile(r"[-\u00ad\u2010\u2011\ufffe\x02]\s*")
# Shorter words of a person, and plain ones, may stand anywhere by chance.
_TELLING = re.compile(r"\b(?=\w*[A-Z\d])\w{4,}")


@cache
def qpdf() -> str:
    """Return where the command is that checks a file's build, empty if it is not installed."""
    return shutil.which("qpdf") or ""


def faults(data: bytes, case: Case | None = None) -> list[str]:
    """Return what is wrong with a PDF, a line each: as a file, and as the letter of `case`."""
    return [
        *_rules(data),
        *_on_disk(data),
        *_build(data),
        *_order(data),
        *(_told(data, case) if case is not None else ()),
    ]


def _rules(data: bytes) -> Iterator[str]:
    """Yield the rules of PDF/A-3a and PDF/UA-1 that are broken."""
    for profile in PROFILES:
        for failure in page.validate_pdf_bytes(data, profile=profile).failures:
            yield f"{profile}: {failure.rule_id}: {failure.message}"


def _on_disk(data: bytes) -> Iterator[str]:
    """Yield what the checkers say that read files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.pdf"
        path.write_bytes(data)
        result = outloud.check(str(path))
        if result.error:
            yield f"outloud: {result.error}"
        yield from (
            f"outloud: {run.rule} crashed" for run in result.runs if run.status == "crashed"
        )
        for finding in result.findings:
            if finding.severity != "info":
                yield f"outloud: {finding.severity} {finding.rule}: {finding.message} {finding.evidence or ''}"
        if qpdf():
            done = subprocess.run([qpdf(), "--check", path], capture_output=True, text=True)
            if done.returncode:
                yield f"qpdf: {done.stderr or done.stdout}"


def _build(data: bytes) -> Iterator[str]:
    """Yield what of a file's build may not be: an old version, no language, ends and meanings that mislead."""
    if data[:5] != b"%PDF-" or data[5:8] < b"1.7":
        yield f"the version is {data[:8]!r}"
    if re.search(rb"\r\r?\n?endstream", data):
        yield "a stream ends in a carriage return"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if not re.fullmatch("[a-z]{2}(-[A-Z]{2})?", str(pdf.Root.get("/Lang", ""))):
            yield "no language is set"
        for font in pdf.objects:
            is_font = isinstance(font, pikepdf.Dictionary) and "/ToUnicode" in font
            if is_font and any("\0" in said or not said for said in meanings(font).values()):
                yield f"{font.BaseFont} has a code without a meaning"


def _order(data: bytes) -> Iterator[str]:
    """Yield where the words are read from the page in another order than they are heard, or are others."""
    heard(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drawn: list[list[str]] = [[] for _ in pdf.pages]
        for stretch in stretches(pdf):
            # A figure is heard by what is said of it; of that and of the foot no line goes on in the next.
            apart = stretch.number < 0 or stretch.tag == "Figure"
            drawn[stretch.page].append((" " if apart else "").join(stretch.lines))
    for number, (texts, read) in enumerate(zip(drawn, read_text(data), strict=True), start=1):
        said, found = _words(" ".join(texts)), _words(read)
        if said != found:
            at = next(
                (n for n, pair in enumerate(zip(said, found, strict=False)) if pair[0] != pair[1]),
                -1,
            )
            around = slice(max(at - 2, 0), at + 6)
            yield f"page {number}: drawn {said[around]}, read {found[around]}"


def _words(text: str) -> list[str]:
    return _HYPHEN.sub("-", unicodedata.normalize("NFKC", text)).split()


def _told(data: bytes, case: Case) -> Iterator[str]:
    """Yield what a file says of the patient elsewhere than on its pages."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        elsewhere = [
            pdf.Root.Metadata.read_bytes().decode(),
            *map(str, pdf.docinfo.values()),
            *_titles(pdf.Root.get("/Outlines")),
        ]
    said = {word for text in elsewhere for word in _TELLING.findall(text)}
    for text in _of_patient(case):
        for word in _TELLING.findall(text):
            if word in said:
                yield f"{word} of the patient stands outside the pages"


def _titles(item: pikepdf.Object | None) -> Iterator[str]:
    """Yield the titles of an outline."""
    while item is not None:
        if "/Title" in item:
            yield str(item.Title)
        yield from _titles(item.get("/First"))
        item = item.get("/Next")


def _of_patient(case: Case) -> Iterable[str]:
    for key, value in case.items():
        if not key.startswith("patient."):
            continue
        if isinstance(value, Text):
            yield value.text
        elif isinstance(value, Table):
            yield from (
                str(cell) for row in value.rows for name, cell in row.cells if name == "value"
            )
