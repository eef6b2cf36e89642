"""``keys.json``: its form, and reading and writing it without ever losing one that exists."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from triage.errors import KeyRefusedError, StoreError
from triage.files import move_aside, write_durably
from triage.store.trouble import told

NAME = "keys.json"
VERSION: Literal[1] = 1
REFUSED = (
    "The passphrase does not open the drafts in {}. Check the keyboard layout and the caps lock,"
    " and type it again."
)
Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{2})+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class PassphraseSlot(_Part):
    """The data key, wrapped by a passphrase. The bounds keep a broken file from eating the memory."""

    salt: Hex
    memory_kib: int = Field(ge=8, le=4 * 1024 * 1024)
    time: int = Field(ge=1, le=1000)
    lanes: int = Field(ge=1, le=64)
    nonce: Hex
    wrapped: Hex


class KeyringSlot(_Part):
    """The data key, wrapped by a key that the operating system keeps for `user`."""

    user: str
    nonce: Hex
    wrapped: Hex


class KeyFile(_Part):
    """All ways to the data key, and a token by which a wrong key is known."""

    check: Hex
    passphrase: PassphraseSlot | None = None
    keyring: KeyringSlot | None = None


class _Envelope(_Part):
    triage_keys: Literal[1]
    sha256: str
    keys: KeyFile


def check_of(key: bytes) -> str:
    """Return the token of `key`; it says nothing about the key itself."""
    return hmac.new(key, b"cramp-triage data key", hashlib.sha256).hexdigest()


def _sum(keys: KeyFile) -> str:
    return hashlib.sha256(keys.model_dump_json().encode()).hexdigest()


def write_keys(folder: Path, keys: KeyFile) -> None:
    """Write ``keys.json``, whole or not at all."""
    envelope = _Envelope(triage_keys=VERSION, sha256=_sum(keys), keys=keys)
    with told(folder):
        write_durably(folder / NAME, envelope.model_dump_json(indent=1).encode() + b"\n")


def read_keys(folder: Path) -> KeyFile:
    """Read ``keys.json``.

    Raises
    ------
    StoreError
        If it is missing, made by a newer program (left as it is) or damaged (moved aside).
    """
    path = folder / NAME
    if not path.exists():
        raise StoreError(
            f"There is no {NAME} in {folder}, without which the drafts cannot be opened."
            " Put it back from a backup."
        )
    with told(folder):
        data = path.read_bytes()
    keys = parse_keys(data, folder)
    if keys is None:
        with told(folder):
            aside = move_aside(path, "damaged")
        raise StoreError(
            f"{path} is damaged and was set aside as {aside.name}; nothing was overwritten."
            f" Put {NAME} back from a backup to open the drafts."
        )
    return keys


def parse_keys(data: bytes, folder: Path) -> KeyFile | None:
    """Return what `data` says, or None if it is damaged; a newer version is refused in words."""
    try:
        found: Any = json.loads(data)
        version = found["triage_keys"]
    except (ValueError, KeyError, TypeError):
        return None
    if isinstance(version, int) and version > VERSION:
        raise StoreError(
            f"{folder / NAME} was made by a newer version of this program. Nothing was changed:"
            " update the program to open the drafts."
        )
    try:
        envelope = _Envelope.model_validate_json(data)
    except ValidationError:
        return None
    # Without the sum a flipped bit in a wrapped key would look like a wrong passphrase.
    return envelope.keys if hmac.compare_digest(envelope.sha256, _sum(envelope.keys)) else None


def refuse_wrong_key(keys: KeyFile, key: bytes, folder: Path) -> None:
    """Raise `KeyRefusedError` unless `key` is the data key of this store."""
    if not hmac.compare_digest(keys.check, check_of(key)):
        raise KeyRefusedError(f"The key given is not the key of the drafts in {folder}.")
