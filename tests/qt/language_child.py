"""Run as a process of its own in another language: types a birth date, looks at it again, issues the letter."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from triage.content.casefile import read_case
from triage.content.files import ContentFiles
from triage.qt.app import application
from triage.qt.ask.questions import QuestionWidget
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.session.draft import DraftStore

from ..conftest import AT, TODAY, the_assessor, the_content, the_settings


def main(folder: Path) -> None:
    app = application()
    store = DraftStore(folder, b"k" * 32, lambda: AT)
    program = Program(the_assessor(), store, the_settings(), Theme(app), lambda: AT)
    window = program.new_window()
    text = ContentFiles().text("forms/cases/sample.json")
    case = read_case(text, the_content().form, the_content().rule_ids, TODAY)
    window.session.set_all({k: v for k, v in case.items() if k != "patient.dob"})
    window.questions.go_to("patient.dob")
    app.processEvents()
    widget = next(
        found
        for found in window.findChildren(QuestionWidget)
        if found.question.id == "patient.dob" and found.isVisible()
    )
    line = widget.lines[0]
    line.setFocus()
    QTest.keyClicks(line, "14/3/1968")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    app.processEvents()
    print(line.text(), widget.message or "-", sep="|")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_End)
    QTest.keyClicks(line, " ")
    QApplication.processEvents()
    recorded = window.session.case.get("patient.dob")
    print(recorded.date.iso() if recorded else "lost")
    print("born 14 Mar 1968" in " ".join(window.letters.plain_text().split()))
    print(window.letters.issue())


main(Path(sys.argv[1]))
