"""Printing hands the PDF itself to the print service; two small programs in the place of its own receive it."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from triage.errors import TriageError
from triage.model.case import Case
from triage.pdf import spool
from triage.pdf.readback import read_text
from triage.qt.letter.printing import PrinterDialog

from .asking import press_button
from .conftest import Desk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows prints pictures")
_LP = """#!/bin/sh
cat > {0}/data
printf '%s\\n' "$@" > {0}/words
env > {0}/environment
exit $(cat {0}/exit 2>/dev/null || echo 0)
"""
_LPSTAT = """#!/bin/sh
env > {0}/environment
case "$1" in
  -e) cat {0}/printers 2>/dev/null;;
  -d) cat {0}/usual 2>/dev/null;;
  -p) cat {0}/states 2>/dev/null;;
  -r) cat {0}/runs 2>/dev/null;;
esac
"""


# What the command is told of every letter, and its copies after that.
_WORDS = ["-d", "office", "-t", "Referral letter", "-o", "print-scaling=auto-fit"]


class Service:
    """A print service: its socket, its commands in front of all others, and what they were given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.path = folder, folder / "cups.sock"
        (folder / "bin").mkdir()
        for name, text in (("lp", _LP), ("lpstat", _LPSTAT)):
            command = folder / "bin" / name
            command.write_text(text.format(folder), encoding="utf-8")
            command.chmod(0o755)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self.path))
        self.says("printers", "front_desk\noffice\n")
        self.says("usual", "system default destination: office\n")
        monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.delenv("CUPS_SERVER", raising=False)
        monkeypatch.setattr(spool, "SOCKETS", (folder / "not-here", self.path))

    def says(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    @property
    def data(self) -> bytes:
        return (self.folder / "data").read_bytes()

    @property
    def was_given(self) -> bool:
        return (self.folder / "data").exists()

    @property
    def words(self) -> list[str]:
        return (self.folder / "words").read_text(encoding="utf-8").splitlines()

    @property
    def environment(self) -> list[str]:
        return (self.folder / "environment").read_text(encoding="utf-8").splitlines()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def service(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    # A short name: the path of a socket has little room.
    made = Service(tmp_path_factory.mktemp("cups"), monkeypatch)
    yield made
    made.close()


def _issue(qtbot: QtBot, desk: Desk) -> bytes:
    desk.window.actions_["issue"].trigger()
    box = desk.window.letter.confirmation
    assert box is not None
    press_button(qtbot, box.issue)
    (issue,) = desk.draft.issues()
    return issue.pdf


def _asked(desk: Desk) -> PrinterDialog:
    desk.window.actions_["print"].trigger()
    dialog = desk.window.letter.asks_printer
    assert dialog is not None
    return dialog


def test_the_paper_is_the_issue_byte_for_byte(
    qtbot: QtBot, desk: Desk, sample: Case, service: Service
) -> None:
    desk.take(sample)
    pdf = _issue(qtbot, desk)
    dialog = _asked(desk)
    assert not service.was_given
    assert [dialog.printer.itemText(at) for at in range(dialog.printer.count())] == [
        "front_desk",
        "office",
    ]
    assert dialog.printer.entry == "office"
    dialog.copies.setValue(2)
    press_button(qtbot, dialog.ok)
    assert service.data == pdf
    assert service.words == [*_WORDS, "-n", "2"]
    assert f"CUPS_SERVER={service.path}" in service.environment
    assert desk.told[-1] == ("info", "The issued letter was sent to office.")
    assert desk.window.letter.asks_printer is None


def test_some_pages_are_asked_for_and_the_whole_file_is_handed_over(
    qtbot: QtBot, desk: Desk, sample: Case, service: Service
) -> None:
    desk.take(sample)
    pdf = _issue(qtbot, desk)
    dialog = _asked(desk)
    qtbot.keyClicks(dialog.pages, "1")
    qtbot.keyClick(dialog.pages, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert service.data == pdf
    assert service.words == [*_WORDS, "-n", "1", "-P", "1"]
    assert desk.told[-1] == ("info", "The issued letter was sent to office (page 1 only).")
    assert [sent.how for sent in desk.draft.sent()] == ["print"]


@pytest.mark.parametrize("typed", ["", " ", "1-2", "2, 1"])
def test_all_pages_are_the_letter_and_no_range(
    qtbot: QtBot, desk: Desk, sample: Case, service: Service, typed: str
) -> None:
    desk.take(sample)
    dialog = _asked(desk)
    dialog.pages.setText(typed)
    press_button(qtbot, dialog.ok)
    assert service.words == [*_WORDS, "-n", "1"]
    assert desk.told[-1][1] == "The letter, marked DRAFT, was sent to office."


def test_what_is_no_page_is_told_and_prints_nothing(
    qtbot: QtBot, desk: Desk, sample: Case, service: Service
) -> None:
    desk.take(sample)
    dialog = _asked(desk)
    for typed in ("3", "1-", "two", "0", "<b>"):
        dialog.pages.setText(typed)
        assert dialog.hint.text().startswith(f"There is no page {typed}: write pages of 1 to 2,")
        qtbot.keyClick(dialog.pages, Qt.Key.Key_Return)
        press_button(qtbot, dialog.ok)
        assert dialog.isVisible()
    assert not service.was_given
    dialog.pages.setText("2")
    assert dialog.hint.text() == ""
    press_button(qtbot, dialog.ok)
    assert service.words[-2:] == ["-P", "2"]


@pytest.mark.parametrize(
    ("typed", "count", "pages"),
    [
        ("1", 3, "1"),
        ("3,1", 3, "1,3"),
        ("1;2", 3, "1-2"),
        ("1 2", 3, "1-2"),
        (" 2 - 3 ", 3, "2-3"),
        ("1\u20132", 3, "1-2"),
        ("01", 3, "1"),
        ("5, 1-2, 2-3, 7", 9, "1-3,5,7"),
        ("1,1,1", 3, "1"),
        ("1-3", 3, ""),
        (",;", 3, ""),
        ("1", 1, ""),
    ],
)
def test_pages_are_handed_over_in_order_and_once(typed: str, count: int, pages: str) -> None:
    assert spool.chosen_pages(typed, count) == pages


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0", "0"),
        ("4", "4"),
        ("2-1", "2-1"),
        ("-2", "-2"),
        ("1-", "1-"),
        ("1--2", "1--2"),
        ("1-2-3", "1-2-3"),
        ("1.5", "1.5"),
        ("\u0661", "\u0661"),
        ("1, all", "all"),
        ("9" * 5000, "9" * 20 + "…"),
        ("1-" + "9" * 5000, "1-" + "9" * 18 + "…"),
    ],
)
def test_no_page_is_guessed(typed: str, shown: str) -> None:
    with pytest.raises(TriageError) as refused:
        spool.chosen_pages(typed, 3)
    assert str(refused.value) == (
        f"There is no page {shown}: write pages of 1 to 3, such as 1 or 1-2, or nothing for all."
    )
    with pytest.raises(TriageError, match="the letter has one, so write 1 or nothing"):
        spool.chosen_pages(typed, 1)


def test_of_a_paused_printer_it_is_told_that_the_letter_waits(
    qtbot: QtBot, desk: Desk, sample: Case, service: Service
) -> None:
    service.says(
        "states", "printer front_desk disabled since Thu -\n\tPaused\nprinter office is idle.\n"
    )
    desk.take(sample)
    press_button(qtbot, _asked(desk).ok)
    assert desk.told[-1] == ("info", "The letter, marked DRAFT, was sent to office.")
    service.says("states", "printer office disabled since Thu -\n\tPaused\n")
    press_button(qtbot, _asked(desk).ok)
    assert desk.told[-1] == (
        "warning",
        "The letter, marked DRAFT, was sent to office. "
        "This printer is paused: the letter waits until it is started again.",
    )


def test_a_printer_may_be_called_like_a_tag(qtbot: QtBot, desk: Desk, service: Service) -> None:
    service.says("printers", "a<b>c</b>\n")
    service.says("exit", "1")
    press_button(qtbot, _asked(desk).ok)
    assert service.words[:2] == ["-d", "a<b>c</b>"]
    (label,) = [
        label
        for label in desk.window.findChildren(QLabel)
        if "did not take the letter for a<b>c</b>:" in label.text()
    ]
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_draft_is_printed_with_its_mark(
    qtbot: QtBot, desk: Desk, sample: Case, service: Service
) -> None:
    desk.take(sample)
    dialog = _asked(desk)
    press_button(qtbot, dialog.ok)
    assert service.data == desk.letters.shown_pdf()
    assert any("DRAFT" in line for page in read_text(service.data) for line in page.splitlines())
    assert "DRAFT" in desk.told[-1][1]


def test_nothing_of_the_patient_is_in_the_words_of_the_command(
    qtbot: QtBot, desk: Desk, sample: Case, service: Service
) -> None:
    desk.take(sample)
    dialog = _asked(desk)
    press_button(qtbot, dialog.ok)
    assert "specimen" not in "".join(service.words + service.environment).lower()


def test_who_does_not_print_sends_nothing(qtbot: QtBot, desk: Desk, service: Service) -> None:
    dialog = _asked(desk)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert desk.window.letter.asks_printer is None
    assert not service.was_given


def test_without_a_service_no_command_is_started(
    desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "SOCKETS", (service.folder / "not-here",))
    desk.window.actions_["print"].trigger()
    assert desk.window.letter.asks_printer is None
    level, says = desk.told[-1]
    assert level == "error"
    assert says.startswith("The print service of this computer is not running: start it, ")
    assert str(service.folder) not in says
    assert not (service.folder / "environment").exists()


@pytest.mark.parametrize("named", ["print.example.org", "localhost:631", "127.0.0.1"])
def test_a_print_server_of_the_network_is_never_used(
    service: Service, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("CUPS_SERVER", named)
    spool.print_pdf(b"%PDF", "office")
    assert f"CUPS_SERVER={service.path}" in service.environment
    monkeypatch.setattr(spool, "SOCKETS", (service.folder / "not-here",))
    with pytest.raises(TriageError, match="not running"):
        spool.print_pdf(b"%PDF", "office")


def test_a_socket_that_the_user_names_is_used_and_nothing_else(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "SOCKETS", ())
    monkeypatch.setenv("CUPS_SERVER", str(service.path))
    spool.print_pdf(b"%PDF", "office")
    assert service.data == b"%PDF"
    # A file of that name is no service.
    monkeypatch.setenv("CUPS_SERVER", str(service.folder / "printers"))
    with pytest.raises(TriageError, match="not running"):
        spool.printers()


@pytest.mark.parametrize("usual", ["no system default destination\n", "", "a: gone\n"])
def test_without_a_usual_printer_the_first_is_offered(service: Service, usual: str) -> None:
    service.says("usual", usual)
    assert spool.printers() == (("front_desk", "office"), "")


def test_without_a_printer_it_is_said(desk: Desk, service: Service) -> None:
    service.says("printers", "")
    desk.window.actions_["print"].trigger()
    assert desk.told[-1][0] == "error"
    assert "knows no printer" in desk.told[-1][1]
    service.says("runs", "scheduler is not running\n")
    desk.window.actions_["print"].trigger()
    assert "does not run any more" in desk.told[-1][1]


def test_a_letter_that_was_not_taken_is_told(qtbot: QtBot, desk: Desk, service: Service) -> None:
    service.says("exit", "1")
    dialog = _asked(desk)
    press_button(qtbot, dialog.ok)
    assert desk.told[-1][0] == "error"
    assert "did not take the letter for office" in desk.told[-1][1]


def test_a_missing_command_is_told(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(service.folder))
    with pytest.raises(TriageError, match="lpstat is missing"):
        spool.printers()
    with pytest.raises(TriageError, match="lp is missing"):
        spool.print_pdf(b"%PDF", "office")
    assert not spool.is_paused("office")


def test_a_service_that_does_not_answer_holds_nothing_up_for_ever(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "_PRINT_SECONDS", 0.2)
    (service.folder / "bin" / "lp").write_text("#!/bin/sh\nexec sleep 30\n", encoding="utf-8")
    with pytest.raises(TriageError, match="did not answer in time"):
        spool.print_pdf(b"%PDF", "office")
