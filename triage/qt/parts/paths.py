"""Asking where to write a file, and where dialogs for files begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_path(parent: QWidget | None, title: str, name: str, kinds: str) -> Path | None:
    """Ask where to write a file; a name typed without an ending gets that of `name`.

    The dialog adds it itself, so that it asks before that file is written over.
    """
    dialog = QFileDialog(parent, title, usual_folder(), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None


def ask_folder(parent: QWidget | None, title: str) -> Path | None:
    """Ask for a folder."""
    name = QFileDialog.getExistingDirectory(parent, title, usual_folder())
    return Path(name) if name else None


def usual_folder() -> str:
    """Return the folder that was used last, at first that of the user's documents."""
    dialog = QFileDialog()
    last = dialog.directory()
    dialog.deleteLater()
    # Qt keeps the last one, and begins where the program happened to be started.
    if last != QDir.current():
        return last.absolutePath()
    places = QStandardPaths.StandardLocation
    documents = QStandardPaths.writableLocation(places.DocumentsLocation)
    return documents if Path(documents).is_dir() else str(Path.home())


def free_path(path: Path) -> Path:
    """Return a path at which there is no file yet."""
    found, number = path, 2
    while found.exists():
        found, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return found
