"""What Ctrl+K can lead to."""

from __future__ import annotations

import pytest

from tests.conftest import the_content
from triage.qt.shell.actions import COMMANDS
from triage.qt.shell.find import entries_of, matching


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("gout", "sys.conditions"),
        ("botox", "emg.botulinum"),
        ("dry weight", "sys.dialysis_dry_weight"),
        ("panic", "sys.mental_health"),
    ],
)
def test_a_question_is_found_by_its_options_and_its_other_names(typed: str, question: str) -> None:
    found = [entry.id for entry in matching(entries_of(the_content().form, ()), typed)]
    assert question in found


def test_what_is_asked_no_more_is_not_found() -> None:
    found = [entry.id for entry in entries_of(the_content().form, ())]
    assert "sys.cns" in found
    assert "sys.umn_disease" not in found


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("dark ur", "rf.dark_urine"),
        ("dark urine", "rf.dark_urine"),
        ("Dark urine when?", "rf.dark_urine_when"),
        ("weak", "neuro.weakness"),
        ("swallow", "neuro.dysphagia"),
        ("twitch", "neuro.twitching"),
        ("apixaban", "meds.classes"),
    ],
)
def test_a_question_comes_before_the_details_of_others(typed: str, question: str) -> None:
    assert matching(entries_of(the_content().form, ()), typed)[0].id == question


def test_every_question_comes_first_by_its_id() -> None:
    form = the_content().form
    entries = [entry for entry in entries_of(form, ()) if entry.id in form.questions]
    assert [entry.id for entry in entries if matching(entries, entry.id)[0] != entry] == []


@pytest.mark.parametrize(
    ("typed", "here", "name"),
    [
        ("pre", "patient", "patient.pregnancy"),
        ("where", "neuro", "neuro.weakness_sites"),
        ("spas", "exam", "tone.spasticity"),
        ("distribution of n", "neuro", "neuro.sensory_distribution"),
        ("side", "complaint", "cramp.laterality"),
        ("fal", "neuro", "neuro.trips_falls"),
    ],
)
def test_a_few_letters_find_what_is_meant_in_the_section_in_view(
    typed: str, here: str, name: str
) -> None:
    assert matching(entries_of(the_content().form, ()), typed, here)[0].id == name


def test_what_only_holds_the_letters_comes_after_what_begins_with_them() -> None:
    entries = entries_of(the_content().form, ())
    found = [e for e in matching(entries, "ear") if e.kind == "question"]
    begins = [any(" ear" in f" {name}" for name in entry.names) for entry in found]
    assert begins == sorted(begins, reverse=True)
    assert len(set(begins)) == 2


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_theme_is_found_by_its_name_before_what_only_holds_it(name: str) -> None:
    entries = entries_of(the_content().form, COMMANDS)
    assert matching(entries, f"theme {name}")[0].id == f"scheme:{name}"
