"""``triage preflight``: would the recipient return it, and why."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import SAMPLE, run

BARE = '{"triage_case": 1, "answers": {"neuro.dysarthria": true}}'


def test_a_complete_letter_is_not_returned() -> None:
    done = run("preflight", SAMPLE, "--recipient", "neuromuscular")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Neuromuscular / MND clinic: nothing to return it for.")
    assert "  ! " not in done.output


def test_a_bare_one_is_and_every_reason_is_told() -> None:
    done = run("preflight", "-", "--recipient", "neurophysiology", stdin=BARE)
    # It ran, so it is done; the answer is in the words.
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Clinical neurophysiology (EMG and NCS): would be returned.")
    for says in (
        "  ! The findings ask for neurology; the letter goes to Clinical neurophysiology",
        "  ! There is no question",
        "  ! Safety answer missing: anticoagulant.",
        "  ! Needed, not recorded: ",
        "  - Would help, not recorded: ",
    ):
        assert says in done.output


def test_as_json_it_names_kind_sentence_and_answers() -> None:
    done = run("preflight", "-", "--recipient", "neurophysiology", "--json", stdin=BARE)
    data = json.loads(done.output)
    assert (data["recipient"], data["would_be_returned"]) == ("neurophysiology", True)
    kinds = [found["kind"] for found in data["findings"]]
    assert kinds[:2] == ["addressee", "question"]
    for found in data["findings"]:
        assert {"kind", "says", "answers", "returns", "source"} == set(found)
    safety = next(found for found in data["findings"] if found["kind"] == "safety")
    assert safety["answers"] == ["emg.anticoagulant"]
    whole = json.loads(run("preflight", SAMPLE, "--json").output)
    assert whole["would_be_returned"] is False


def test_without_a_recipient_it_is_whom_the_findings_ask_for() -> None:
    assert (
        json.loads(run("preflight", "-", "--json", stdin=BARE).output)["recipient"] == "neurology"
    )


def test_an_unknown_recipient_is_refused_with_the_closest(tmp_path: Path) -> None:
    done = run("preflight", SAMPLE, "--recipient", "neurolgy")
    assert done.exit_code == 1
    assert "did you mean 'neurology'" in done.output
