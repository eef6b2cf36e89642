"""A file that is dropped on a window: it is for the window, never for the field under it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

_TEXTS = (".txt", ".csv", ".tsv", ".hl7")


def is_file(data: QMimeData) -> bool:
    """Whether files are dragged, and no text."""
    return any(url.isLocalFile() for url in data.urls())


def file_of(data: QMimeData) -> Path | None:
    """Return the one file that is dragged; None if there is none, or several."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


def is_text(path: Path) -> bool:
    """Whether a file is called like one of plain text."""
    return path.suffix.lower() in _TEXTS
