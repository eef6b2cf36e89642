"""Windows as a user meets them: real content and session; questions are a stand-in, they have tests of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from triage.content import ContentFiles
from triage.content.casefile import read_case
from triage.errors import StoreError
from triage.model.case import Case
from triage.model.history import Edit
from triage.qt.ask.section import SectionView
from triage.qt.parts.theme import Theme
from triage.qt.program import make_window
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Settings
from triage.store import Drafts

from ..conftest import AT, TODAY, the_content, the_settings
from .clinic import Clinic

Answer = Callable[..., None]


class Questions(QWidget):
    """Stands in for the questions: notes where it was sent."""

    section_shown = Signal(str)
    focus_question_changed = Signal(str)
    told = Signal(str)
    advised = Signal(str)
    left = Signal(bool)
    question_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.section = ""
        self.keys: list[str] = []
        self.acts: dict[str, str] = {}

    def show_section(self, section: str) -> None:
        self.section = section
        self.section_shown.emit(section)

    def go_to(self, key: str) -> None:
        self.keys.append(key)
        form = the_content().form
        question = form.in_block(key)[0] if key in form.blocks else form.question_of(key)
        assert question is not None or key.startswith("note."), key
        if question is not None:
            self.show_section(question.section)
        self.focus_question_changed.emit(key)

    def do(self, name: str) -> None:
        raise AssertionError(name)

    def focus_first(self) -> None:
        self.setFocus()

    def show_coming(self, changes: object) -> None:
        pass

    def show_progress(self, row: object) -> None:
        pass


def refuse_saves(store: DraftStore, says: str) -> None:
    """Let every save of a store fail from now on; none if `says` is empty."""

    def append(*_: object) -> None:
        raise StoreError(says)

    def change(drafts: Drafts) -> None:
        if says:
            drafts.append = append  # type: ignore[method-assign]
        else:
            vars(drafts).pop("append", None)

    store.do(change)


class Desk:
    """A window with the real store behind it, and if wanted with the real questions."""

    def __init__(
        self,
        assessor: Assessor,
        theme: Theme,
        folder: Path,
        *,
        read_only: bool = False,
        real: bool = False,
    ) -> None:
        self.store = DraftStore(folder, b"k" * 32, self.clock)
        self.draft = self.store.create(assessor.content)
        if read_only:
            self.draft = self.store.open(self.draft.id)
        self.questions = Questions()
        view: Callable[..., Any] = SectionView if real else lambda *_, **__: self.questions
        self.window = make_window(assessor, self.draft, the_settings(), theme, self.clock, view)
        self.session, self.letters = self.window.session, self.window.letters
        self.messages = self.window.messages
        self.told: list[tuple[str, str]] = []
        self.messages.message.connect(self._on_message)

    def clock(self) -> datetime:
        return AT

    @property
    def kept(self) -> list[Edit]:
        """The edits that are on the disk."""
        return list(self.store.read(self.draft.id).edits)

    def fail(self, says: str) -> None:
        """Let every save fail from now on; none if `says` is empty."""
        refuse_saves(self.store, says)

    def heard(self) -> None:
        """Wait for what the thread that saves has to say."""
        self.store.writer.flush()
        QApplication.processEvents()

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


@pytest.fixture(autouse=True)
def _no_dialog_left() -> Iterator[None]:
    """Leave no dialog of a test to the next one: which ones share a process differs from run to run."""
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog):
            widget.hide()
            widget.deleteLater()


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def theme(dressed: Theme) -> Iterator[Theme]:
    """The look of all windows; whoever chose another size of text or other colours leaves none behind."""
    yield dressed
    dressed.set_zoom(100)
    if dressed.scheme:
        dressed.choose("")


@pytest.fixture
def desk(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    made = Desk(assessor, theme, tmp_path_factory.mktemp("store"))
    qtbot.addWidget(made.window)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    theme.set_zoom(100)
    made.store.close()


@pytest.fixture
def window(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[MainWindow]:
    """A new case, with the real questions."""
    store = DraftStore(tmp_path / "drafts", b"k" * 32, lambda: AT)
    made = make_window(assessor, store.create(assessor.content), Settings(), theme, lambda: AT)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    QApplication.processEvents()
    yield made
    made.close()
    store.close()


@pytest.fixture
def clinic(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(assessor, theme, tmp_path / "home")
    yield made
    made.close()
    made.store.close()


@pytest.fixture(scope="session")
def sample() -> Case:
    known = the_content()
    text = ContentFiles().text("forms/cases/sample.json")
    return read_case(text, known.form, known.rule_ids, TODAY)
