from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import CHEAP
from triage.errors import KeyRefusedError, StoreError
from triage.store import (
    Drafts,
    KdfCost,
    KeyInfo,
    change_passphrase,
    create_keys,
    describe_keys,
    keyring_available,
    keys_exist,
    open_keys,
)


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def key_store() -> Iterator[MemoryKeyring]:
    before, store = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


@pytest.fixture
def no_key_store() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def test_the_passphrase_gives_the_key_back(folder: Path, key: bytes) -> None:
    assert len(key) == 32
    assert open_keys(folder, PASSPHRASE) == key
    assert describe_keys(folder) == KeyInfo(passphrase=True, keyring=False)


def test_each_store_has_its_own_key(tmp_path: Path) -> None:
    keys = {create_keys(tmp_path / name, "the same words", cost=CHEAP) for name in "abc"}
    assert len(keys) == 3


def test_a_passphrase_opens_however_its_accents_are_typed(tmp_path: Path) -> None:
    key = create_keys(
        tmp_path / "s", "four brown caf\N{LATIN SMALL LETTER E WITH ACUTE}", cost=CHEAP
    )
    assert open_keys(tmp_path / "s", "four brown cafe\N{COMBINING ACUTE ACCENT}") == key


@pytest.mark.parametrize("wrong", ["", "Correct horse", "correct  horse", "\ud800", "x\0"])
def test_a_wrong_passphrase_is_refused_in_words(folder: Path, key: bytes, wrong: str) -> None:
    with pytest.raises(KeyRefusedError, match="passphrase does not open the cases") as caught:
        open_keys(folder, wrong)
    assert PASSPHRASE not in str(caught.value)
    assert keys_exist(folder)


def test_no_passphrase_is_refused_where_one_is_needed(folder: Path, key: bytes) -> None:
    with pytest.raises(KeyRefusedError, match="opened by their passphrase"):
        open_keys(folder)


def test_the_cost_is_kept_in_the_file_and_defaults_to_the_designed_one(tmp_path: Path) -> None:
    assert KdfCost() == KdfCost(memory_kib=65536, time=3, lanes=4)
    create_keys(tmp_path, "four brown cows", cost=KdfCost(16, 2, 2))
    slot = json.loads((tmp_path / "keys.json").read_bytes())["keys"]["passphrase"]
    assert (slot["memory_kib"], slot["time"], slot["lanes"]) == (16, 2, 2)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_only_the_owner_can_read(folder: Path, drafts: Drafts) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        if path.is_file():
            assert path.stat().st_mode & 0o777 == 0o600, path.name


def test_the_file_holds_neither_key_nor_passphrase(folder: Path, key: bytes) -> None:
    data = (folder / "keys.json").read_bytes()
    assert key.hex().encode() not in data
    assert key not in data
    assert PASSPHRASE.encode() not in data


def test_a_changed_passphrase_opens_the_same_drafts(folder: Path, key: bytes) -> None:
    change_passphrase(folder, PASSPHRASE, "another one", CHEAP)
    assert open_keys(folder, "another one") == key
    with pytest.raises(KeyRefusedError):
        open_keys(folder, PASSPHRASE)


def test_a_wrong_old_passphrase_changes_nothing(folder: Path, key: bytes) -> None:
    before = (folder / "keys.json").read_bytes()
    with pytest.raises(KeyRefusedError):
        change_passphrase(folder, "wrong", "new", CHEAP)
    for short in ("", "short", "  nine chr \ufeff"):
        with pytest.raises(StoreError, match="At least 10 characters"):
            change_passphrase(folder, PASSPHRASE, short, CHEAP)
    for common in ("Password123", "aaaaaaaaaaaaaa"):
        with pytest.raises(StoreError, match="most used"):
            change_passphrase(folder, PASSPHRASE, common, CHEAP)
    assert (folder / "keys.json").read_bytes() == before


def test_existing_keys_are_never_made_anew(folder: Path, key: bytes) -> None:
    with pytest.raises(StoreError, match="exists already"):
        create_keys(folder, "some other one", cost=CHEAP)
    assert open_keys(folder, PASSPHRASE) == key


def test_drafts_without_keys_get_no_new_keys(folder: Path, drafts: Drafts) -> None:
    (folder / "keys.json").unlink()
    (folder / "keys.json.bak").unlink()
    with pytest.raises(StoreError, match=r"Put keys\.json back"):
        create_keys(folder, "some other one", cost=CHEAP)
    with pytest.raises(StoreError, match="Put it back"):
        open_keys(folder, PASSPHRASE)


def test_some_way_must_be_chosen(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Choose a passphrase"):
        create_keys(tmp_path)
    assert not keys_exist(tmp_path)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"triage_keys": "1"}', b"\xff\xfe"])
def test_damaged_keys_are_set_aside(folder: Path, key: bytes, data: bytes) -> None:
    (folder / "keys.json").write_bytes(data)
    (folder / "keys.json.bak").write_bytes(data)
    with pytest.raises(StoreError, match=r"set aside as keys\.json\.damaged-1") as caught:
        open_keys(folder, PASSPHRASE)
    assert not isinstance(caught.value, KeyRefusedError)
    assert (folder / "keys.json.damaged-1").read_bytes() == data


def test_no_flipped_bit_passes_for_a_wrong_passphrase(folder: Path, key: bytes) -> None:
    path = folder / "keys.json"
    whole = path.read_bytes()
    (folder / "keys.json.bak").unlink()
    for spot in range(0, len(whole), 3):
        data = bytearray(whole)
        data[spot] ^= 1
        path.write_bytes(data)
        try:
            assert open_keys(folder, PASSPHRASE) == key  # a bit in the white space
        except KeyRefusedError:
            pytest.fail(f"bit {spot} looks like a wrong passphrase")
        except StoreError:
            kept = [aside.read_bytes() for aside in folder.glob("keys.json*")]
            assert bytes(data) in kept
        for aside in folder.glob("keys.json.damaged-*"):
            aside.unlink()


def test_newer_keys_are_refused_and_left_alone(folder: Path, key: bytes) -> None:
    data = b'{"triage_keys": 3, "anything": [1]}'
    (folder / "keys.json").write_bytes(data)
    with pytest.raises(StoreError, match="newer version"):
        open_keys(folder, PASSPHRASE)
    assert not list(folder.glob("*damaged*"))
    assert (folder / "keys.json").read_bytes() == data


def test_the_key_store_opens_without_a_passphrase(folder: Path, key_store: MemoryKeyring) -> None:
    assert keyring_available()
    key = create_keys(folder, use_keyring=True)
    assert open_keys(folder) == key
    [((service, _), kept)] = key_store.kept.items()
    assert service == "cramp-triage"
    assert kept != key.hex()
    with pytest.raises(KeyRefusedError, match="have no passphrase"):
        open_keys(folder, "x")


def test_both_ways_lead_to_one_key(folder: Path, key_store: MemoryKeyring) -> None:
    key = create_keys(folder, "four brown cows", use_keyring=True, cost=CHEAP)
    assert open_keys(folder) == open_keys(folder, "four brown cows") == key
    change_passphrase(folder, None, "five brown cows", CHEAP)
    assert open_keys(folder) == open_keys(folder, "five brown cows") == key


def test_a_forgetful_key_store_is_told(folder: Path, key_store: MemoryKeyring) -> None:
    create_keys(folder, "four brown cows", use_keyring=True, cost=CHEAP)
    key_store.kept.clear()
    with pytest.raises(KeyRefusedError, match="Use the passphrase"):
        open_keys(folder)


@pytest.mark.usefixtures("no_key_store")
def test_a_machine_without_key_store_offers_the_passphrase_only(folder: Path) -> None:
    assert not keyring_available()
    with pytest.raises(StoreError, match="no key store"):
        create_keys(folder, use_keyring=True)
    assert not keys_exist(folder)
