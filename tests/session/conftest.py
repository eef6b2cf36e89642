"""One case in a store, whose letter only lacks what a test takes from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, answers, case_from, the_settings
from tests.store.helpers import CHEAP
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.store import create_keys

WHO = {
    "patient": {
        "family_name": "Specimen",
        "given_name": "Iris",
        "dob": "1968-03-14",
        "sex_at_birth": "female",
        "identifiers": [{"kind": "nhs_number", "value": "9990000018"}],
        "address": "1 Nowhere Lane",
    },
    "referrer": {
        "name": "Dr Invented Test",
        "role": "gp",
        "org": "Nowhere Surgery",
        "question": "Is this motor neuron disease?",
    },
    "recipients": ["neurology"],
}


class Clinic:
    """One case in a store, and the desk of its letters."""

    def __init__(self, assessor: Assessor, store: DraftStore) -> None:
        self.store = store
        self.draft = store.create(assessor.content)
        self.session = Session(assessor, self.draft.history, lambda: AT, keep=self.draft.submit)
        self.desk = LetterDesk(self.session, self.draft, lambda: AT, the_settings())
        self.session.set_all(dict(case_from(answers() | WHO)))

    def record(self, **given: Any) -> None:
        case = case_from(answers(**given))
        self.session.set_all({key: value for key, value in case.items() if key != "case.date"})

    def obstacles(self) -> list[tuple[str, str]]:
        return [(obstacle.says, obstacle.question) for obstacle in self.desk.problems()]


@pytest.fixture
def clinic(assessor: Assessor, tmp_path: Path) -> Iterator[Clinic]:
    folder = tmp_path / "store"
    with DraftStore(folder, create_keys(folder, "correct horse", cost=CHEAP), lambda: AT) as store:
        yield Clinic(assessor, store)
