"""About: what the program is for, which rules it works with, and what helps whoever is asked for help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QWidget,
)

from triage.content.load import Content
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.sheet import Act, words
from triage.qt.parts.words import tr
from triage.qt.shell.help import INTENDED_USE
from triage.session.about import NAME, about_lines, diagnostics
from triage.settings import Settings

_COPIED = tr(
    "Copied{}: versions, screen and settings, without names and without anything of a case."
)


class About(QWidget):
    """What the program is and works with.

    Parameters
    ----------
    content, settings, folder, today
        The rules, the settings, where the cases are, and the day.
    clipboard
        Takes the diagnostics.
    """

    def __init__(
        self,
        content: Content,
        settings: Settings,
        folder: Path,
        today: date,
        clipboard: Clipboard,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._content, self._settings, self._today = content, settings, today
        self._clipboard = clipboard
        use = words(INTENDED_USE)
        use.setMaximumWidth(self.fontMetrics().averageCharWidth() * 90)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for row, (name, text) in enumerate(about_lines(content, folder, today)):
            says = words(text)
            says.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(words(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(says, row, 1)
        grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * 16)
        self.copy, self.said = Act(tr("&Copy diagnostics")), words("", "small")
        below = horizontal()
        below.addWidget(self.copy)
        below.addWidget(self.said, 1)
        layout = vertical(self, 0, 0, 0, 0, spacing=14)
        layout.addWidget(words(NAME, "page"))
        # In a line of its own: only there Qt reckons the height of what wraps with its greatest width.
        line = horizontal()
        line.addWidget(use, 1)
        line.addStretch(0)
        layout.addLayout(line)
        layout.addLayout(grid)
        layout.addLayout(below)
        self.copy.clicked.connect(self._on_copy)

    def show_settings(self, settings: Settings) -> None:
        """Take note of other settings."""
        self._settings = settings

    @Slot()
    def _on_copy(self) -> None:
        self._clipboard.put(
            diagnostics(self._content, self._settings, self._today, screen_lines(self))
        )
        self.said.setText(_COPIED.format(self._clipboard.lasts))


def screen_lines(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Yield what Qt knows of itself and of the screen that a widget is on."""
    build = QLibraryInfo.version().toString()
    yield (
        tr("Qt"),
        tr(
            "{qversion}, built as {build}, {platformname}",
            qversion=qVersion(),
            build=build,
            platformname=QGuiApplication.platformName(),
        ),
    )
    screen = widget.screen()
    size, ratio = screen.size(), screen.devicePixelRatio()
    yield (
        tr("Screen"),
        tr(
            "{width} × {height}, scale {ratio:g}, text {pointsizef:g} pt",
            width=size.width(),
            height=size.height(),
            ratio=ratio,
            pointsizef=widget.font().pointSizeF(),
        ),
    )
    yield tr("Colours"), QGuiApplication.styleHints().colorScheme().name.lower()
