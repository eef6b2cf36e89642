"""Windows as a user meets them: real content and session; questions are a stand-in, they have tests of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.content import ContentFiles
from triage.content.casefile import read_case
from triage.model.case import Case
from triage.model.history import Edit, History
from triage.qt.messages import Messages
from triage.qt.saving import Saving
from triage.qt.store_vault import StoreVault
from triage.qt.theme import Theme
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.letters import LetterDesk
from triage.store.records import Issue

from ..conftest import AT, TODAY, the_content, the_settings

Answer = Callable[..., None]


class Questions(QWidget):
    """Stands in for the questions: notes where it was sent."""

    section_shown = Signal(str)
    focus_question_changed = Signal(str)
    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.section = ""
        self.keys: list[str] = []

    def show_section(self, section: str) -> None:
        self.section = section
        self.section_shown.emit(section)

    def go_to(self, key: str) -> None:
        self.keys.append(key)
        question = the_content().form.question_of(key)
        assert question is not None, key
        self.show_section(question.section)
        self.focus_question_changed.emit(key)


class Writer:
    """Keeps edits in memory, and fails when told to."""

    def __init__(self, saved: Callable[[int], None], failed: Callable[[str], None]) -> None:
        self._saved, self._failed = saved, failed
        self.edits: list[Edit] = []
        self.trouble = ""
        self.closed = False

    def submit(self, edits: Sequence[Edit]) -> None:
        if self.trouble:
            self._failed(self.trouble)
            return
        self.edits += edits
        self._saved(self.edits[-1].n)

    def flush(self) -> bool:
        return not self.trouble

    def close(self) -> None:
        self.closed = True


class Shelf:
    """Issued letters in memory."""

    def __init__(self) -> None:
        self.kept: list[Issue] = []

    def issues(self) -> Sequence[Issue]:
        return self.kept

    def issue(self, new: Issue) -> None:
        self.kept.append(new)


class Desk:
    """A window and what stands behind it."""

    def __init__(self, assessor: Assessor, theme: Theme, *, read_only: bool = False) -> None:
        self.session = Session(assessor, History(), lambda: AT, read_only=read_only)
        self.writers: list[Writer] = []
        self.shelf = Shelf()
        self.messages = Messages()
        self.told: list[tuple[str, str]] = []
        self.messages.message.connect(self._on_message)
        self.saving = Saving(None if read_only else self._start)
        self.letters = LetterDesk(self.session, self.shelf, self.clock, the_settings())
        self.questions = Questions()
        self.window = MainWindow(
            self.session, self.questions, self.saving, self.letters, self.messages, theme
        )

    def clock(self) -> datetime:
        return AT

    def _start(self, saved: Callable[[int], None], failed: Callable[[str], None]) -> Writer:
        self.writers.append(Writer(saved, failed))
        return self.writers[-1]

    def _on_message(self, level: str, text: str) -> None:
        self.told.append((level, text))

    def answer(self, **given: Any) -> None:
        """Record answers as CASE.json spells them; ``__`` in a name stands for a dot."""
        known = the_content()
        names = {name.replace("__", "."): value for name, value in given.items()}
        self.take(read_case(_case(names), known.form, known.rule_ids, TODAY))

    def take(self, case: Case) -> None:
        """Record a whole case."""
        self.session.set_all(dict(case))
        QApplication.processEvents()


def _case(answers: dict[str, Any]) -> str:
    import json

    return json.dumps({"triage_case": 1, "date": TODAY.isoformat(), "answers": answers})


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def desk(qtbot: QtBot, assessor: Assessor, theme: Theme) -> Iterator[Desk]:
    made = Desk(assessor, theme)
    qtbot.addWidget(made.window)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    theme.set_zoom(100)


@pytest.fixture(scope="session")
def sample() -> Case:
    known = the_content()
    text = ContentFiles().text("forms/cases/sample.json")
    return read_case(text, known.form, known.rule_ids, TODAY)


class RealDesk:
    """A window with the real store behind it."""

    def __init__(self, assessor: Assessor, theme: Theme, folder: Path) -> None:
        self.vault = StoreVault(folder, b"k" * 32, assessor.content, self.clock)
        self.opened = self.vault.create()
        self.shelf = self.opened.shelf
        self.session = Session(assessor, self.opened.history, self.clock)
        self.messages = Messages()
        self.told: list[tuple[str, str]] = []
        self.messages.message.connect(self._on_message)
        self.questions = Questions()
        self.window = MainWindow(
            self.session,
            self.questions,
            Saving(self.opened.start_writer),
            LetterDesk(self.session, self.shelf, self.clock, the_settings()),
            self.messages,
            theme,
        )

    def clock(self) -> datetime:
        return AT

    def _on_message(self, level: str, text: str) -> None:
        self.told.append((level, text))

    def take(self, case: Case) -> None:
        """Record a whole case."""
        self.session.set_all(dict(case))
        QApplication.processEvents()
