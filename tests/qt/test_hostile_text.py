"""Free text can do nothing: one text through window, draft, JSON, plain text and letter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.conftest import TODAY, the_content
from triage.content.casefile import read_case, write_case
from triage.letter.build import build_letter, uncovered
from triage.letter.plain import plain_text
from triage.model.history import History
from triage.model.values import Text
from triage.pdf.readback import missing_statements, read_text
from triage.pdf.render import render
from triage.qt.ask.section import SectionView
from triage.rules.assess import Assessor
from triage.session import Session
from triage.store import Drafts

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
TEXTS = {
    "markup": "<b>bold</b> & <i>",
    "image": '<img src="http://127.0.0.1:9/x"> <img src="file:///etc/passwd">',
    "template": "{{ 7*7 }} {% for a in b %}",
    "bomb": "{{ 'a'*10**9 }}",
    "formula": "=1+1 @SUM(A1) -2",
    "right-to-left": "\u05e9\u05dc\u05d5\u05dd \u202eabc",
    "emoji": "twitch \U0001f642 calf",
    "long": "calf cramps at night, eased by stretching. " * 466,
    "one word": "x" * 5000,
}


def squeezed(text: str) -> str:
    """Return the text without what setting it in lines changes; a sentence begins with a capital."""
    return "".join(text.split()).casefold()


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_free_text_goes_everywhere_unharmed(
    qtbot: QtBot, assessor: Assessor, tmp_path: Path, text: str
) -> None:
    content = the_content()
    session = Session(assessor, History(), lambda: AT)
    view = SectionView(session)
    qtbot.addWidget(view)
    view.resize(640, 700)
    view.show()
    view.activateWindow()
    qtbot.waitExposed(view)
    qtbot.waitUntil(view.isActiveWindow)

    # Into the window, as a clinician pastes it.
    view.go_to("referrer.question")
    edit = QApplication.focusWidget()
    assert isinstance(edit, QPlainTextEdit)
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    kept = session.case["referrer.question"]
    assert kept == Text(text=text)
    assert edit.toPlainText() == text

    # Into the draft, and out of it again.
    with Drafts.open(tmp_path, KEY) as drafts:
        draft = drafts.create(content.form.id, content.fingerprint, AT)
        drafts.append(draft, session.history.edits)
    with Drafts.open(tmp_path, KEY) as drafts:
        case = drafts.history(draft).case
    assert case["referrer.question"] == kept

    # Through JSON.
    again = read_case(write_case(case, content.form), content.form, content.rule_ids, TODAY)
    assert again["referrer.question"] == kept

    # Into text and letter: nothing lost but what turns the direction, nothing run, what the font lacks is spelled out.
    letter = build_letter(
        content, again, assessor.assess(again, TODAY), "referral_letter", None, TODAY
    )
    assert uncovered(letter, again) == set()
    assert squeezed(text.replace("\u202e", "")) in squeezed(plain_text(letter))
    pdf = render(letter, when=AT)
    assert missing_statements(letter, pdf) == []
    pages = squeezed("".join(read_text(pdf)))
    if text == TEXTS["right-to-left"]:
        assert "[u+05e9]" in pages
    elif text == TEXTS["emoji"]:
        assert "[u+1f642]" in pages
    elif len(text) < 1000:
        assert squeezed(text) in pages
    assert "root:" not in pages
