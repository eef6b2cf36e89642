"""The floors: the least that anybody could do for the same result."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from triage.bench.parts import Part

if TYPE_CHECKING:
    import apsw


def bare_document(parts: Sequence[Part]) -> bytes:
    """Return a PDF of a letter's words in its typeface, the record in three columns, made with the engine alone."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import (
        BaseDocTemplate,
        Flowable,
        Frame,
        NextPageTemplate,
        PageBreak,
        PageTemplate,
        Paragraph,
    )

    from triage.pdf.fonts import BOLD, REGULAR, register_fonts

    register_fonts()
    buffer = io.BytesIO()
    (wide, high), edge, columns = A4, 56.0, 3
    one = Frame(edge, edge, wide - 2 * edge, high - 2 * edge, 0, 0, 0, 0)
    room = (wide - 2 * edge) / columns
    three = [
        Frame(edge + n * room, edge, room - 10, high - 2 * edge, 0, 0, 0, 0) for n in range(columns)
    ]
    document = BaseDocTemplate(buffer, pagesize=A4, invariant=1, initialFontName=REGULAR)
    document.addPageTemplates([PageTemplate("one", [one]), PageTemplate("three", three)])
    large = (
        ParagraphStyle("text", fontName=REGULAR, fontSize=10.2, leading=13.6),
        ParagraphStyle("heading", fontName=BOLD, fontSize=10.2, leading=13.6),
    )
    small = tuple(ParagraphStyle("", style, fontSize=8.5, leading=10.1) for style in large)
    styles, story = large, list[Flowable]()
    for part in parts:
        if part.kind == "record":
            story += [NextPageTemplate("three"), PageBreak()]
            styles = small
        strong = part.strong or [part.kind in ("record", "heading")] * len(part.rows)
        for row, is_strong in zip(part.rows, strong, strict=True):
            # Its tables take several times as long.
            story.append(Paragraph(escape("  ".join(row)), styles[is_strong]))
    document.build(story)
    return buffer.getvalue()


class BareStore:
    """One table in an encrypted database with the same durability, and nothing else.

    Parameters
    ----------
    path
        Where it goes.
    key
        The raw key.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        from triage.store.connection import connect

        path.touch()
        self._connection: apsw.Connection = connect(path, key)
        for pragma in ("journal_mode = TRUNCATE", "synchronous = FULL", "fullfsync = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE edit (text TEXT)")

    def commit(self, text: str) -> None:
        """Write one row durably."""
        with self._connection:
            self._connection.execute("INSERT INTO edit VALUES (?)", (text,))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
