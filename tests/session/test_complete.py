"""The vignettes as a clinician completes them: each is issued, without an obstacle, to whom the findings ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from stdnum.gb import nhs

from tests.conftest import (
    AT,
    CASES,
    TODAY,
    assess_case,
    completed,
    the_assessor,
    the_content,
    the_settings,
    vignettes,
)
from tests.store.helpers import CHEAP
from triage.content.casefile import read_case
from triage.content.form import RECIPIENTS
from triage.content.ranges import age_of
from triage.model.case import Case
from triage.model.values import Finding, Names, Text
from triage.pdf.readback import read_text
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.store import create_keys

EMG = {"t_emg", "t_ncs"}
# What an EMG laboratory must know before it needles anyone.
SAFETY = {"emg.anticoagulant", "emg.pacemaker", "emg.lymphoedema.right", "emg.skin_infection"}
INVENTED = re.compile(r"SAMPLE|SPECIMEN|EXAMPLE|PLACEHOLDER")
# In their stories no side is told, and the letter must say so.
SIDELESS = {"V24", "V25", "V26"}

each = pytest.mark.parametrize("path", completed(), ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DraftStore]:
    folder = tmp_path_factory.mktemp("store")
    keys = create_keys(folder, "correct horse", cost=CHEAP)
    with DraftStore(folder, keys, lambda: AT) as opened:
        yield opened


def _read(text: str) -> Case:
    content = the_content()
    return read_case(text, content.form, content.rule_ids, TODAY)


def _case(path: Path) -> Case:
    return _read(path.read_text(encoding="utf-8"))


def _vignette(path: Path) -> Case:
    vignette = json.loads((CASES / "vignettes" / path.name).read_text(encoding="utf-8"))
    return _read(json.dumps(vignette["case"]))


def _desk(store: DraftStore, case: Case) -> LetterDesk:
    draft = store.create(the_content(), dict(case))
    session = Session(the_assessor(), draft.history, lambda: AT, keep=draft.submit)
    return LetterDesk(session, draft, lambda: AT, the_settings())


def test_every_vignette_is_completed() -> None:
    assert [path.name for path in completed()] == [path.name for path in vignettes()]


@each
def test_it_is_issued_to_each_recipient_without_an_obstacle(path: Path, store: DraftStore) -> None:
    case = _case(path)
    named, name = case[RECIPIENTS], case["patient.family_name"]
    assert isinstance(named, Names)
    assert isinstance(name, Text)
    desk = _desk(store, case)
    for recipient in named.names:
        desk.choose_recipient(recipient)
        assert desk.problems() == ()
        assert desk.issue() == 1
        issued = desk.issued
        assert issued is not None
        assert issued.recipient == recipient
        pages = read_text(issued.pdf)
        assert all(name.text in page for page in pages)


@each
def test_it_goes_first_to_whom_the_findings_ask_for(path: Path, store: DraftStore) -> None:
    case = _case(path)
    named = case[RECIPIENTS]
    assert isinstance(named, Names)
    assert named.names[0] == _desk(store, case.with_({RECIPIENTS: None})).recipient


@each
def test_nothing_essential_is_left_undecided_and_none_is_declined(
    path: Path, store: DraftStore
) -> None:
    case = _case(path)
    session = Session(the_assessor(), store.create(the_content(), dict(case)).history, lambda: AT)
    assert session.undecided() == ()
    decisions = json.loads(path.read_text(encoding="utf-8")).get("decisions", {})
    assert all(made["decision"] == "accept" for made in decisions.values())


@each
def test_whoever_is_sent_for_emg_has_the_safety_answers(path: Path) -> None:
    case = _case(path)
    decisions = json.loads(path.read_text(encoding="utf-8")).get("decisions", {})
    assert bool(EMG & decisions.keys()) == (case.keys() >= SAFETY)


@each
def test_it_keeps_every_answer_of_its_vignette(path: Path) -> None:
    whole, vignette, form = _case(path), _vignette(path), the_content().form
    who = {"patient.family_name", "patient.given_name", "patient.age"}
    for key in vignette.keys() - who:
        if key not in whole:
            sided = [
                whole[f"{key}.{side}"] for side in ("left", "right") if f"{key}.{side}" in whole
            ]
            assert sided == [Finding(present=True)] * len(sided) != [], key
        else:
            assert whole[key] == vignette[key], key
    ages = [age_of(form, case, TODAY) for case in (whole, vignette)]
    assert ages[0] == ages[1] is not None


@each
def test_it_is_as_urgent_as_its_vignette_and_the_same_leads(path: Path) -> None:
    whole, vignette = assess_case(_case(path)), assess_case(_vignette(path))
    assert whole.urgency.level == vignette.urgency.level
    assert [c.id for c in whole.conditions[:1]] == [c.id for c in vignette.conditions[:1]]


@each
def test_only_where_the_story_tells_none_a_side_is_missing(path: Path) -> None:
    case, slots = _case(path), the_content().form.slots
    told = [key for key, value in case.items() if value == Finding(present=True)]
    sites = [key for key in told if key.startswith(("insp.wasting.", "neuro.weakness_sites.one_"))]
    sideless = [key for key in sites if f"{key}.left" in slots and not key.endswith(".tongue")]
    assert bool(sideless) == (path.stem in SIDELESS)


@each
def test_its_person_is_obviously_invented(path: Path) -> None:
    case = _case(path)
    for key in ("patient.family_name", "referrer.name"):
        name = case[key]
        assert isinstance(name, Text)
        assert INVENTED.search(name.text)
    patient = json.loads(path.read_text(encoding="utf-8"))["patient"]
    (number,) = patient["identifiers"]
    assert number["value"].startswith("999")
    assert nhs.is_valid(number["value"])
    assert patient["phone"].startswith("01632 9601")
    assert "Sample Row, Testford" in patient["address"]


def test_no_two_are_one_person() -> None:
    given = [json.loads(path.read_text(encoding="utf-8"))["patient"] for path in completed()]
    for part in ("phone", "address", "identifiers"):
        assert len({json.dumps(patient[part]) for patient in given}) == len(given)
