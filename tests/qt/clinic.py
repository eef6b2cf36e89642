"""A clinic's program with its folder, as it is started on one day after another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from triage.model.case import Case
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import change_settings, load_settings

KEY = b"k" * 32
NOV = datetime(2026, 11, 25, 10, tzinfo=UTC)


class Clinic:
    """A program with its folder. `start` starts it, as another day does."""

    def __init__(self, assessor: Assessor, theme: Theme, folder: Path) -> None:
        self._assessor, self._theme, self.folder = assessor, theme, folder
        self.at = NOV
        self.store = DraftStore(folder, KEY, self.clock)
        self.start()

    def clock(self) -> datetime:
        return self.at

    def start(self) -> None:
        self.program = Program(
            self._assessor,
            self.store,
            load_settings(self.folder),
            self._theme,
            self.clock,
            partial(change_settings, self.folder),
        )

    def new(self, case: Case | None = None, **changes: object) -> MainWindow:
        values = {} if case is None else dict(case)
        values.pop("case.date", None)
        window = self.program.new_window(values)
        QApplication.processEvents()
        return window

    def again(self, days: float) -> MainWindow:
        """Close everything, let days pass, and open the one draft."""
        self.close()
        self.at += timedelta(days=days)
        self.start()
        (row,) = self.store.list()
        window = self.program.open_window(row.id)
        QApplication.processEvents()
        return window

    def close(self) -> None:
        for window in list(self.program.windows):
            window.close()
        QApplication.processEvents()
