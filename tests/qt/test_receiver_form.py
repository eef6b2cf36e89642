"""Saving a letter with the receiver's own form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import case_from
from tests.pdf.receiver_forms import clinic_form
from tests.qt.conftest import Desk
from tests.session.conftest import WHO
from tests.session.test_receiver import CLINIC, loaded
from triage.pdf.acroform import form_fields
from triage.pdf.printed import read_text
from triage.qt.parts.theme import Theme
from triage.rules.assess import Assessor


@pytest.fixture
def formed(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Desk]:
    known = Assessor(loaded(tmp_path, neuromuscular=(clinic_form(), CLINIC)))
    made = Desk(known, theme, tmp_path / "drafts")
    qtbot.addWidget(made.window)
    made.window.show()
    yield made
    made.window.close()
    made.store.close()


def test_a_letter_is_saved_with_the_form_of_its_receiver(formed: Desk, tmp_path: Path) -> None:
    formed.take(case_from({"triage_case": 1, **WHO, "answers": {"neuro.weakness": True}}))
    page = formed.window.letter
    formed.letters.choose_recipient("renal")
    page.refresh()
    assert not page.on_form.isVisibleTo(page)
    formed.letters.choose_recipient("neuromuscular")
    page.refresh()
    assert page.on_form.isVisibleTo(page)
    assert page.on_form.toolTip() == "Referral form of the Invented Muscle Clinic"
    page.save_on_form_to(tmp_path / "form.pdf")
    data = (tmp_path / "form.pdf").read_bytes()
    assert "DRAFT, not issued" in read_text(data)[0]
    assert "Weakness" not in {field.name for field in form_fields(data)}
    kind, says = formed.told[-1]
    assert kind == "warning"
    assert "saved with their form as form.pdf." in says
    assert "CK (not recorded, left blank)" in says
