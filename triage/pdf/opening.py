"""Opening a PDF that came from outside: the text of its pages, and the case that it carries.

Such a file may be made to fill the memory or to take for ever, so a process of its own reads it, within limits.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import subprocess
import sys
import zlib
from contextlib import suppress
from typing import NamedTuple

from triage.errors import LetterError

# Bytes of the file and of what it carries, pages, and characters on them: a letter has much less.
LARGEST, _MOST_PAGES, _MOST_TEXT = 8_000_000, 300, 3_000_000
# Of the process that reads it: seconds of work, seconds altogether, and bytes of memory.
_WORK, _WAIT, _MEMORY = 5, 60, 1 << 30
NONE = (
    "it carries no case: only an issued letter does, no draft, patient's copy or withdrawn letter"
)


class Opened(NamedTuple):
    """What a PDF says and carries.

    Parameters
    ----------
    pages
        The text of each of its pages, as `triage.pdf.printed.printed` gives it.
    carried
        The text of the file that it carries.
    """

    pages: list[str]
    carried: str


def open_pdf(data: bytes) -> Opened:
    """Read a PDF from outside.

    Raises
    ------
    LetterError
        If it is damaged, carries no case, or asks for more than a letter does; the sentence does not name the file.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "triage.pdf.opening"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        out, _ = child.communicate(data, timeout=_WAIT)
    except subprocess.TimeoutExpired:
        out = b""
    finally:
        with suppress(OSError):
            child.kill()
        child.wait()
    try:
        said = json.loads(out)
    except ValueError:
        raise LetterError(
            "reading it takes more time or memory than a letter does: ask for it anew"
        ) from None
    if "says" in said:
        raise LetterError(said["says"])
    return Opened(**said)


def read_pdf(data: bytes) -> Opened:
    """Read a PDF in this process: `open_pdf` does it in another.

    Raises
    ------
    LetterError
        As `open_pdf` does.
    """
    import pikepdf
    import pypdfium2  # type: ignore[import-untyped]

    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise LetterError("it is locked with a password: ask for it without one")
            if len(pdf.pages) > _MOST_PAGES:
                raise LetterError(f"it has more than {_MOST_PAGES} pages: no letter has so many")
            carried = _carried(pdf)
        return Opened(_pages(data), carried)
    except pikepdf.PasswordError:
        raise LetterError("it is locked with a password: ask for it without one") from None
    except (pikepdf.PdfError, pypdfium2.PdfiumError, RuntimeError, ValueError, TypeError, KeyError):
        raise LetterError("the file is damaged: ask for it anew") from None


def _pages(data: bytes) -> list[str]:
    import pypdfium2

    from triage.pdf.printed import page_text, solid

    found: list[str] = []
    with pypdfium2.PdfDocument(data) as document:
        for number in range(len(document)):
            found.append(solid(page_text(document, number)))
            if sum(map(len, found)) > _MOST_TEXT:
                raise LetterError("its pages hold more text than any letter does")
    return found


def _carried(pdf: object) -> str:
    """Return the one file that a letter carries."""
    import pikepdf

    from triage.pdf.archive import ATTACHMENT

    assert isinstance(pdf, pikepdf.Pdf)
    names = list(pdf.attachments)
    if not names:
        raise LetterError(NONE)
    if names != [ATTACHMENT]:
        raise LetterError("it carries other files than the case of a letter: it was changed")
    spec = pdf.attachments[ATTACHMENT]
    file = spec.get_file()
    if file.mime_type != "application/json" or spec.relationship != pikepdf.Name.Data:
        raise LetterError("the file that it carries is no case of this program")
    try:
        return _unpacked(file.obj).decode("utf-8")
    except UnicodeDecodeError:
        raise LetterError("the file that it carries is no case of this program") from None


def _unpacked(stream: object) -> bytes:
    """Return what a stream holds, packed as this program packs: no more of it is ever unpacked than a case has."""
    import pikepdf

    assert isinstance(stream, pikepdf.Stream)
    named = stream.get("/Filter", pikepdf.Array())
    filters = [str(f) for f in named] if isinstance(named, pikepdf.Array) else [str(named)]
    if filters not in ([], *_PACKED) or stream.get("/DecodeParms") is not None:
        raise LetterError("the case that it carries is packed in a way that no letter is")
    data = stream.read_raw_bytes()
    try:
        if filters[:1] == ["/ASCII85Decode"]:
            data = base64.a85decode(data.strip().removesuffix(b"~>"))
        if filters:
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(data, LARGEST + 1)
            if len(data) <= LARGEST and not unpacker.eof:
                raise LetterError("the case that it carries is damaged: ask for the letter anew")
    except (zlib.error, binascii.Error, ValueError):
        raise LetterError("the case that it carries is damaged: ask for the letter anew") from None
    if len(data) > LARGEST:
        raise LetterError("the case that it carries is far too large to be one")
    return data


_PACKED = (["/FlateDecode"], ["/ASCII85Decode", "/FlateDecode"])


def _limit() -> None:
    """Let this process use no more than reading a letter needs; a system that knows no limits only has the wait."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _WORK),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def main() -> None:
    """Read a PDF from standard input and say what is in it."""
    _limit()
    try:
        found = read_pdf(sys.stdin.buffer.read(LARGEST + 1))._asdict()
    except LetterError as error:
        found = {"says": str(error)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
