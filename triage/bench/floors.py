"""The floors: the least that anybody could do for the same result."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    import apsw


def bare_document(text: str) -> bytes:
    """Return a PDF of `text`, one paragraph a line, made with the engine's own defaults."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    style = getSampleStyleSheet()["Normal"]
    buffer = io.BytesIO()
    story = [
        Paragraph(escape(line), style) if line.strip() else Spacer(1, 4)
        for line in text.splitlines()
    ]
    SimpleDocTemplate(buffer, invariant=1).build(story)
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
