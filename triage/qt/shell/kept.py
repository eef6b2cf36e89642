"""What windows keep of their looks from one start to the next: size and place, size of the text, colours."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Slot
from PySide6.QtWidgets import QWidget

from triage.qt.parts.colours import SCHEMES
from triage.qt.parts.theme import ZOOMS, Theme

FILE = "window.ini"


class KeptLooks(QObject):
    """Shows windows as they were left. It keeps nothing of a case, and what it cannot read is forgotten.

    Parameters
    ----------
    folder
        Where its file is.
    theme
        How everything looks.
    """

    def __init__(self, folder: Path, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = QSettings(str(folder / FILE), QSettings.Format.IniFormat)
        self._theme = theme
        zoom, scheme = self._kept.value("zoom"), self._kept.value("scheme")
        if str(zoom) in map(str, ZOOMS):
            theme.set_zoom(int(str(zoom)))
        if scheme in SCHEMES:
            theme.choose(str(scheme))
        theme.zoomed.connect(self._on_zoomed)
        theme.chosen.connect(self._on_chosen)

    @Slot(int)
    def _on_zoomed(self, percent: int) -> None:
        self._kept.setValue("zoom", percent)

    @Slot(str)
    def _on_chosen(self, scheme: str) -> None:
        self._kept.setValue("scheme", scheme)

    def show(self, window: QWidget) -> None:
        """Show a window at the size and place of the last one, if that is still on a screen; the first one fills it."""
        geometry = self._kept.value("geometry")
        if isinstance(geometry, QByteArray) and window.restoreGeometry(geometry):
            window.show()
        else:
            window.showMaximized()

    def keep(self, window: QWidget) -> None:
        """Keep the size and place of a window that is closing."""
        self._kept.setValue("geometry", window.saveGeometry())
