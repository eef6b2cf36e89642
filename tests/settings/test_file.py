"""The settings file as a clinic, an older program or an attacker may leave it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from triage.errors import SettingsError, TriageError
from triage.settings import (
    Address,
    Sender,
    Settings,
    change_settings,
    load_settings,
    save_settings,
    settings_or_none,
)
from triage.settings.file import LARGEST, changed

TWO = Settings(
    senders={
        "gp1": Sender(name="Dr Ruth SAMPLE", role="gp", address="1 Road\nTestford"),
        "nurse": Sender(name="Nora PLACEHOLDER", writes_for="gp1"),
    },
    sender="nurse",
    recipients={"neurology": Address(organisation="Sample Hospital", address="2 Road")},
    profile="us",
    paper="letter",
    out_of_hours="01632 960999",
)


def keep(folder: Path, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    (folder / "settings.json").write_bytes(data)


def kept(folder: Path) -> dict[str, object]:
    data: dict[str, object] = json.loads((folder / "settings.json").read_text())
    assert data.pop("check")
    return data


def refusal(folder: Path, text: str | bytes) -> str:
    keep(folder, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    return str(caught.value)


def test_settings_come_back_as_they_were_kept(tmp_path: Path) -> None:
    save_settings(tmp_path, TWO)
    assert load_settings(tmp_path) == TWO
    assert load_settings(tmp_path / "nowhere") == Settings()


def test_only_what_was_set_stands_in_the_file(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(profile="eu"))
    assert kept(tmp_path) == {"profile": "eu"}


def test_a_changed_letter_in_the_file_is_told_until_the_program_writes_it(tmp_path: Path) -> None:
    save_settings(tmp_path, TWO)
    assert settings_or_none(tmp_path) == (TWO, "")
    text = (tmp_path / "settings.json").read_text()
    keep(tmp_path, text.replace("Ruth", "Rufh", 1))
    changed_by_hand, says = settings_or_none(tmp_path)
    assert changed_by_hand != TWO
    assert "changed outside this program" in says
    change_settings(tmp_path, "profile", "eu")
    assert settings_or_none(tmp_path)[1] == ""
    # Spaces mean nothing; a file without a check is someone's own.
    keep(tmp_path, json.dumps(json.loads(text)))
    assert settings_or_none(tmp_path) == (TWO, "")
    keep(tmp_path, '{"profile": "uk"}')
    assert settings_or_none(tmp_path) == (Settings(profile="uk"), "")


@pytest.mark.parametrize(
    ("data", "sender", "rest"),
    [
        (
            {"referrer_name": "Dr Ruth SAMPLE", "referrer_role": "gp", "profile": "us"},
            Sender(name="Dr Ruth SAMPLE", role="gp"),
            {"profile": "us"},
        ),
        (
            {"referrer_org": "Example Street Surgery", "referrer_phone": "1", "paper": "letter"},
            Sender(org="Example Street Surgery", phone="1"),
            {"paper": "letter"},
        ),
        (
            {"referrer_name": "", "referrer_registration": "", "profile": "uk"},
            None,
            {"profile": "uk"},
        ),
    ],
)
def test_the_one_sender_of_an_older_file_becomes_the_first_of_several(
    tmp_path: Path, data: dict[str, str], sender: Sender | None, rest: dict[str, Any]
) -> None:
    keep(tmp_path, json.dumps(data))
    senders = {} if sender is None else {"me": sender}
    assert load_settings(tmp_path) == Settings(senders=senders, **rest)


def test_a_mark_in_front_of_the_file_is_no_fault(tmp_path: Path) -> None:
    keep(tmp_path, b'\xef\xbb\xbf{"profile": "us"}')
    assert load_settings(tmp_path).profile == "us"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"profil": "us"}', "profil: there is no 'profil' here (did you mean 'profile'?)"),
        ('{"referer_name": "x"}', "there is no 'referer_name' here"),
        (
            '{"senders": {"a": {"nmae": "x"}}}',
            "senders.a.nmae: there is no 'nmae' here (did you mean 'name'?)",
        ),
        ('{"recipients": {"a": {"adress": "x"}}}', "(did you mean 'address'?)"),
        ('{"senders": {"a": "Dr A"}}', "senders.a: this holds name, role, org, address"),
        ('{"senders": ["a"]}', "senders: this holds an id of your own, and below it name"),
        ('{"senders": {"a b": {}}}', "an id is made of letters, digits, - and _"),
        ('{"senders": {"": {}}}', "an id is made of letters, digits, - and _"),
        ('{"profile": 1}', "profile: this must be text"),
        ('{"profile": null}', "profile: this must be text"),
        ('{"lock_minutes": true}', "lock_minutes: this is a whole number of minutes"),
        ('{"lock_minutes": 1.5}', "lock_minutes: this is a whole number of minutes"),
        ('{"clipboard_seconds": 3601}', "clipboard_seconds: this is a whole number of seconds"),
        ('{"paper": "a3"}', "paper: this is a4 or letter"),
        ('{"sender": "b", "senders": {"a": {}}}', "sender: there is no sender 'b'"),
        ('{"senders": {"a": {"writes_for": "b"}}}', "senders.a.writes_for: there is no sender 'b'"),
        ('{"senders": {"a": {"writes_for": "a"}}}', "name a sender who writes for nobody else"),
        (
            '{"senders": {"a": {"writes_for": "b"}, "b": {"writes_for": "a"}}}',
            "name a sender who writes for nobody else",
        ),
        ('{"profile": "us", "profile": "uk"}', "profile: this key stands here twice"),
        ('{"senders": {"a": {"name": "x\\u0000y"}}}', "this is one line without tabs or control"),
        ('{"senders": {"a": {"name": "x\\ny"}}}', "this is one line"),
        ('{"senders": {"a": {"address": "x\\ty"}}}', "this is one line"),
        ('{"senders": {"a": {"name": "x\\u2028y"}}}', "this is one line"),
        ('{"senders": {"a": {"name": "\\ud800"}}}', "half a character"),
        ('{"senders": {"a": {"name": "' + "x" * 301 + '"}}}', "longer than 300 characters"),
        ("[]", "settings are a JSON object"),
        ("{", "this is not JSON"),
        ("", "this is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"profile": ' + "9" * 5000 + "}", "huge number"),
        (b'{"profile": "\xff"}', "is not UTF-8: save the file as UTF-8"),
        (b" " * (LARGEST + 1), "far too large"),
    ],
)
def test_what_is_no_setting_is_refused_in_a_sentence(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    said = refusal(tmp_path, text)
    assert says in said
    assert said.startswith("settings.json")
    assert len(said.splitlines()) == 1


def test_an_address_may_hold_what_people_paste(tmp_path: Path) -> None:
    text = "Klinik\u00a0für Neurologie\n3\u202fRue de l'Échantillon\nПример"
    keep(tmp_path, json.dumps({"recipients": {"neurology": {"address": text}}}))
    assert load_settings(tmp_path).recipients["neurology"].address == text


def test_every_fault_is_told_at_once_and_no_value(tmp_path: Path) -> None:
    said = refusal(tmp_path, '{"profil": "SECRET", "paper": "SECRET", "sender": 7}')
    assert len(said.splitlines()) == 3
    assert "SECRET" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name")
def test_a_pipe_a_link_to_one_and_a_folder_are_refused_and_nothing_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "settings.json").symlink_to(tmp_path / "pipe")
    with pytest.raises(SettingsError, match="no ordinary file"):
        load_settings(tmp_path)
    (tmp_path / "settings.json").unlink()
    os.mkfifo(tmp_path / "settings.json")
    with pytest.raises(SettingsError, match="no ordinary file"):
        load_settings(tmp_path)
    (tmp_path / "settings.json").unlink()
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(SettingsError, match="no ordinary file"):
        load_settings(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="no such device")
def test_an_endless_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "settings.json").symlink_to("/dev/zero")
    with pytest.raises(SettingsError, match="no ordinary file"):
        load_settings(tmp_path)


# -- one key at a time ------------------------------------------------------------------------------


def test_one_key_is_changed_and_the_rest_stays(tmp_path: Path) -> None:
    save_settings(tmp_path, TWO)
    new = change_settings(tmp_path, "recipients.spinal.address", "3 Road\nTestford")
    assert new.recipients["spinal"] == Address(address="3 Road\nTestford")
    assert new.recipients["neurology"] == TWO.recipients["neurology"]
    assert load_settings(tmp_path) == new
    assert new.senders == TWO.senders


def test_a_change_is_made_in_what_stands_there_now(tmp_path: Path) -> None:
    change_settings(tmp_path, "profile", "us")
    change_settings(tmp_path, "paper", "a4")
    assert load_settings(tmp_path) == Settings(profile="us", paper="a4")


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("profile", TWO.model_copy(update={"profile": ""})),
        ("recipients.neurology", TWO.model_copy(update={"recipients": {}})),
        ("recipients.neurology.organisation", None),
    ],
)
def test_a_key_is_taken_out(key: str, left: Settings | None) -> None:
    found = changed(TWO, key, None)
    if left is None:
        assert found.recipients["neurology"] == Address(address="2 Road")
    else:
        assert found == left


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("profil", "us", "did you mean 'profile'?"),
        ("recipient.neurology.address", "x", "did you mean 'recipients'?"),
        ("senders.gp1.nmae", "x", "did you mean 'name'?"),
        ("senders.gp1", "x", "this holds name"),
        ("senders", "x", "an id of your own"),
        ("senders.gp1.name.first", "x", "nothing stands below this key"),
        ("senders..name", "x", "an id is made of"),
        ("", "x", "there is no ''"),
        ("...", "x", "there is no ''"),
        ("senders.gp2", None, "did you mean 'gp1'?"),
        ("nothing", None, "there is no 'nothing' here"),
        ("nothing.at.all", None, "there is no 'nothing' here"),
        ("senders.gp1", None, "there is no sender 'gp1'"),
        ("sender", "gp9", "there is no sender 'gp9'"),
    ],
)
def test_a_key_that_is_not_there_is_named_with_the_closest(
    tmp_path: Path, key: str, value: str | None, says: str
) -> None:
    save_settings(tmp_path, TWO)
    before = (tmp_path / "settings.json").read_bytes()
    with pytest.raises(TriageError) as caught:
        change_settings(tmp_path, key, value)
    assert says in str(caught.value)
    assert (tmp_path / "settings.json").read_bytes() == before


def test_a_new_case_begins_with_the_sender_that_is_named_or_else_the_first() -> None:
    assert TWO.first_sender == "nurse"
    assert TWO.model_copy(update={"sender": ""}).first_sender == "gp1"
    assert Settings().first_sender == ""


@pytest.mark.parametrize("key", ["senders.{}{}.name", "recipients.{}{}.organisation"])
def test_programs_that_change_the_settings_at_once_lose_nothing(tmp_path: Path, key: str) -> None:
    code = (
        "import sys; from pathlib import Path; from triage.settings import change_settings\n"
        "print(flush=True); sys.stdin.readline()\n"
        "for n in range(10): change_settings(Path(sys.argv[1]), sys.argv[2].format(sys.argv[3], n), 'X')"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), key, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in "abc"
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline()
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=60)
    assert [process.returncode for process in running] == [0, 0, 0]
    kept = load_settings(tmp_path)
    part = kept.senders if key.startswith("senders") else kept.recipients
    assert set(part) == {f"{name}{n}" for name in "abc" for n in range(10)}


@pytest.mark.parametrize("text", ["", "{", "\x00", "[]", "[" * 100_000])
def test_settings_that_cannot_be_read_are_set_aside_and_it_is_said(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    found, says = settings_or_none(tmp_path)
    assert found == Settings()
    assert "set aside as settings.json.damaged-1" in says
    assert (tmp_path / "settings.json.damaged-1").read_text(encoding="utf-8") == text
    assert settings_or_none(tmp_path) == (Settings(), "")


@pytest.mark.parametrize("text", ['{"senderz": {}}', '{"paper": "a5"}'])
def test_a_fault_that_someone_typed_is_an_error_and_stays_where_it_is(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError):
        settings_or_none(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]
