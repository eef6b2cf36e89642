"""The dialog of a start at which the cases cannot be opened: what it says, and each way on, on real files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.store.helpers import AT, CHEAP, MARKER, letter, named, typed
from triage.model.history import History
from triage.qt.drafts.damage import DamageDialog, way_on
from triage.store import DamagedError, Drafts, create_keys
from triage.store.backups import make_backup

PASSPHRASE = "four brown cows"


class Store:
    """Cases with two backups, a newer case, and then damage."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.into = folder, folder / "backups"
        self.key = create_keys(folder, PASSPHRASE, cost=CHEAP)
        with Drafts.open(folder, self.key) as drafts:
            for i in range(6):
                self.case(drafts, f"{MARKER}{i}")
                if i == 3:
                    make_backup(drafts, self.into, AT)
            make_backup(drafts, self.into, AT + timedelta(hours=3))
            self.newer = self.case(drafts, f"{MARKER} newer")
        self.damaged: Path | None = None

    @staticmethod
    def case(drafts: Drafts, family: str) -> str:
        draft, history = drafts.create("f", "c", AT), History()
        drafts.append(draft, named(history, family, "Ann", AT.date()))
        drafts.append(draft, typed(history, "A note. " * 500))
        drafts.issue(draft, letter(1, history.n))
        return draft

    def damage(self) -> None:
        path = self.folder / "drafts.db"
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        with pytest.raises(DamagedError) as caught:
            Drafts.open(self.folder, self.key)
        self.damaged = caught.value.aside

    @property
    def ids(self) -> set[str]:
        with Drafts.open(self.folder, self.key) as drafts:
            assert drafts.verify() == []
            return {info.id for info in drafts.list()}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("triage.store.connection._PAUSE_SECONDS", 0.0)
    return Store(tmp_path / "drafts")


@pytest.fixture
def ask(qtbot: QtBot, store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Return what asks for the way on, with someone at the keyboard who does `act` with the dialog."""

    def asked(act: Callable[[DamageDialog], None], *, is_missing: bool = False) -> object:
        def at_the_keyboard(dialog: DamageDialog) -> int:
            qtbot.addWidget(dialog)
            dialog.show()
            act(dialog)
            QApplication.processEvents()
            return dialog.result()

        monkeypatch.setattr(DamageDialog, "exec", at_the_keyboard)
        return way_on(store.folder, store.key, store.into, store.damaged, is_missing=is_missing)

    return asked


def press(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_newest_backup_is_restored_and_what_is_newer_is_added(
    qtbot: QtBot, store: Store, ask: Callable[..., object]
) -> None:
    store.damage()
    data = store.damaged.read_bytes() if store.damaged else b""

    def act(dialog: DamageDialog) -> None:
        assert "set aside as drafts.db.damaged-1" in dialog.text.text()
        assert dialog.choice == "restore"
        # More comes back than the backup holds.
        assert dialog.go.text().replace("&", "") == "Restore and add"
        report = dialog.report_text()
        assert "0 cases" not in report
        assert "Read in full" in report
        assert MARKER not in report
        assert str(store.folder) not in report
        press(qtbot, dialog.report)
        assert QApplication.clipboard().text() == report
        press(qtbot, dialog.go)

    way = ask(act)
    assert way is not None
    assert not way.is_empty  # type: ignore[attr-defined]
    assert store.newer in store.ids
    assert len(store.ids) == 7
    assert store.damaged is not None
    assert store.damaged.read_bytes() == data


def test_what_can_be_read_is_enough_to_go_on(
    qtbot: QtBot, store: Store, ask: Callable[..., object]
) -> None:
    store.damage()
    seen: list[str] = []

    def act(dialog: DamageDialog) -> None:
        dialog.choose("salvaged")
        seen.append(dialog.go.text().replace("&", ""))
        press(qtbot, dialog.go)

    assert ask(act) is not None
    assert seen == [f"Go on with {len(store.ids)} cases"]
    assert len(store.ids) >= 6


def test_another_backup_can_be_chosen(
    qtbot: QtBot, store: Store, ask: Callable[..., object]
) -> None:
    store.damage()

    def act(dialog: DamageDialog) -> None:
        assert dialog.others.count() == 1
        qtbot.keyClick(dialog.others, Qt.Key.Key_Space)
        qtbot.keyClick(dialog.others.view(), Qt.Key.Key_Return)
        dialog.choose("other")
        press(qtbot, dialog.go)

    assert ask(act) is not None
    assert len(store.ids) == 4


def test_closing_changes_nothing_and_the_next_start_offers_the_same(
    qtbot: QtBot, store: Store, ask: Callable[..., object]
) -> None:
    store.damage()
    before = {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()}
    assert ask(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape)) is None
    assert {p: p.read_bytes() for p in store.folder.rglob("*") if p.is_file()} == before

    def act(dialog: DamageDialog) -> None:
        assert "the cases are not" in dialog.text.text()
        assert "drafts.db.damaged-1" in dialog.text.text()
        press(qtbot, dialog.go)

    assert ask(act, is_missing=True) is not None
    assert len(store.ids) == 7


def test_without_backup_and_file_enter_begins_nothing(
    qtbot: QtBot, store: Store, ask: Callable[..., object]
) -> None:
    (store.folder / "drafts.db").unlink()
    store.into.rename(store.folder / "moved")

    def press_enter(dialog: DamageDialog) -> None:
        assert dialog.choice is None
        assert not dialog.go.isEnabled()
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        assert not dialog.result()

    assert ask(press_enter, is_missing=True) is None

    def begin(dialog: DamageDialog) -> None:
        dialog.choose("empty")
        press(qtbot, dialog.go)

    way = ask(begin, is_missing=True)
    assert way is not None
    assert way.is_empty  # type: ignore[attr-defined]


def test_what_cannot_be_done_is_said_and_another_way_can_be_chosen(
    qtbot: QtBot, store: Store, ask: Callable[..., object]
) -> None:
    store.damage()
    whole = {path: path.read_bytes() for path in store.into.glob("*20261122-0930*")}
    assert len(whole) == 2
    turns: list[str] = []

    def act(dialog: DamageDialog) -> None:
        turns.append(dialog.hint.text())
        if len(turns) == 1:
            # The share with the backups has gone since the dialog was opened.
            for path in whole:
                path.unlink()
            dialog.choose("other")
        else:
            dialog.choose("restore")
        press(qtbot, dialog.go)

    assert ask(act) is not None
    assert turns[0] == ""
    assert "do not open it" in turns[1]
    assert store.newer in store.ids
