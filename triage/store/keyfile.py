"""``keys.json`` and its second copy: their form, and reading and writing them without ever losing what they hold."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from triage.errors import KeyRefusedError, StoreError
from triage.files import move_aside, sync_folder, write_durably
from triage.store.trouble import told

NAME = "keys.json"
SECOND = "keys.json.bak"
# A file without a recovery key stays readable for the programs that know none.
_PLAIN: Literal[1] = 1
VERSION: Literal[2] = 2
REFUSED = (
    "That passphrase does not open the cases. Check Caps Lock and the keyboard layout, and type it"
    " again."
)
# Making keys takes half a second where another start of the program is at it.
_WAIT_SECONDS = 10.0
_SALT = 16
Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{2})+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class PassphraseSlot(_Part):
    """The data key, wrapped by a passphrase. The bounds keep a changed file from eating memory and time."""

    salt: Hex = Field(min_length=2 * _SALT)
    memory_kib: int = Field(ge=8, le=1024 * 1024)
    time: int = Field(ge=1, le=10)
    lanes: int = Field(ge=1, le=8)
    nonce: Hex
    wrapped: Hex

    @property
    def is_sound(self) -> bool:
        """Whether argon2 can work with it: 8 KiB for each lane."""
        return self.memory_kib >= 8 * self.lanes


class KeyringSlot(_Part):
    """The data key, wrapped by a key that the operating system keeps for `user`."""

    user: str
    nonce: Hex
    wrapped: Hex


class RecoverySlot(_Part):
    """The data key, wrapped by a key that stands on paper."""

    nonce: Hex
    wrapped: Hex


class KeyFile(_Part):
    """All ways to the data key, and a token by which a wrong key is known."""

    check: Hex
    passphrase: PassphraseSlot | None = None
    keyring: KeyringSlot | None = None
    recovery: RecoverySlot | None = None


class _Envelope(_Part):
    triage_keys: Literal[1, 2]
    sha256: str
    keys: KeyFile


def check_of(key: bytes) -> str:
    """Return the token of `key`; it says nothing about the key itself."""
    return hmac.new(key, b"cramp-triage data key", hashlib.sha256).hexdigest()


def _sum(keys: KeyFile, version: int) -> str:
    left_out = {"recovery"} if version == _PLAIN else None
    return hashlib.sha256(keys.model_dump_json(exclude=left_out).encode()).hexdigest()


def dump_keys(keys: KeyFile) -> bytes:
    """Return the text of ``keys.json``."""
    version: Literal[1, 2] = _PLAIN if keys.recovery is None else VERSION
    envelope = _Envelope(triage_keys=version, sha256=_sum(keys, version), keys=keys)
    left_out = {"keys": {"recovery"}} if version == _PLAIN else None
    return envelope.model_dump_json(indent=1, exclude=left_out).encode() + b"\n"


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
    keys = envelope.keys
    # Without the sum a flipped bit in a wrapped key would look like a wrong passphrase.
    if not hmac.compare_digest(envelope.sha256, _sum(keys, envelope.triage_keys)):
        return None
    return keys if keys.passphrase is None or keys.passphrase.is_sound else None


# -- reading --------------------------------------------------------------------------------------


def keys_exist(folder: Path) -> bool:
    """Whether `folder` has a ``keys.json``, or its second copy."""
    return any((folder / name).exists() for name in (NAME, SECOND))


def read_keys(folder: Path) -> KeyFile:
    """Read ``keys.json``, or its second copy where it is missing or damaged.

    Raises
    ------
    StoreError
        If neither is there, it was made by a newer program (left as it is), or both are damaged (moved aside).
    """
    if not keys_exist(folder):
        raise StoreError(
            f"There is no {NAME} in {folder}, without which the drafts cannot be opened."
            " Put it back from a backup."
        )
    for name in (NAME, SECOND):
        keys = parse_keys(_data(folder / name), folder)
        if keys is not None:
            return keys
    with told(folder):
        aside = [
            move_aside(folder / name, "damaged").name
            for name in (NAME, SECOND)
            if (folder / name).exists()
        ]
    raise StoreError(
        f"{folder / NAME} is damaged and was set aside as {aside[0]}; nothing was overwritten."
        f" Put {NAME} back from a backup to open the drafts."
    )


def _data(path: Path) -> bytes:
    """Return what a file holds; nothing if it is not there."""
    with told(path.parent):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""


def refuse_wrong_key(keys: KeyFile, key: bytes, folder: Path) -> None:
    """Raise `KeyRefusedError` unless `key` is the data key of this store."""
    if not hmac.compare_digest(keys.check, check_of(key)):
        raise KeyRefusedError(f"The key given is not the key of the drafts in {folder}.")


# -- writing --------------------------------------------------------------------------------------


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the one lock under which keys and database are made, and keys replaced.

    Raises
    ------
    StoreError
        If another window holds it for longer than any of that takes.
    """
    with told(folder):
        locks = folder / "locks"
        locks.mkdir(mode=0o700, exist_ok=True)
        lock = FileLock(locks / "keys.lock", timeout=_WAIT_SECONDS, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise StoreError(
                f"Another window is just setting up the drafts in {folder}."
                " Wait a moment and try again."
            ) from None
    try:
        yield
    finally:
        lock.release()


def write_first(folder: Path, keys: KeyFile) -> None:
    """Write ``keys.json`` and its second copy where there is none yet; inside `locked`."""
    data = dump_keys(keys)
    with told(folder):
        _put(folder / NAME, data)
        write_durably(folder / SECOND, data)


def replace(
    folder: Path, change: Callable[[KeyFile], KeyFile], opens: Callable[[KeyFile], bytes | None]
) -> KeyFile:
    """Put other ways to the same data key into ``keys.json``, whole or not at all.

    The second copy goes first. It is read back, and must open, before the file itself is touched.

    Parameters
    ----------
    change
        Returns the new ways.
    opens
        Returns the data key by one of the new ways, as read back.

    Raises
    ------
    StoreError
        If what was written does not open the same drafts; then nothing has changed.
    """
    with locked(folder):
        before = read_keys(folder)
        after = change(before)
        data = dump_keys(after)
        with told(folder):
            write_durably(folder / SECOND, data)
            back = parse_keys((folder / SECOND).read_bytes(), folder)
            key = opens(back) if back is not None else None
            if back != after or key is None or check_of(key) != before.check:
                write_durably(folder / SECOND, dump_keys(before))
                raise StoreError("The new keys could not be read back, so the old ones stay.")
            write_durably(folder / NAME, data)
    return after


def mend(folder: Path, memory: bytes = b"") -> tuple[bytes, str]:
    """Make both copies whole again, and return what they hold and what there is to tell; empty if nothing.

    Parameters
    ----------
    memory
        What they held when they could be read last; empty at a start.
    """
    known = parse_keys(memory, folder) if memory else None
    first, second = _data(folder / NAME), _data(folder / SECOND)
    keys = parse_keys(first, folder) if first == second else None
    if keys is not None and (known is None or keys.check == known.check):
        return first, ""
    with locked(folder):
        first, second = _data(folder / NAME), _data(folder / SECOND)
        whole = [
            (data, keys, where)
            for data, where in ((first, ""), (second, "its second copy"), (memory, "memory"))
            if (keys := parse_keys(data, folder)) is not None
            and (known is None or keys.check == known.check)
        ]
        if not whole:
            return memory, ""
        data, _, where = whole[0]
        with told(folder):
            if not where:
                if second != data:
                    write_durably(folder / SECOND, data)
                return data, ""
            lost = "was missing"
            if (folder / NAME).exists():
                other = parse_keys(first, folder) is not None
                move_aside(folder / NAME, "other" if other else "damaged")
                lost = "was of other drafts" if other else "was damaged"
            _put(folder / NAME, data)
            write_durably(folder / SECOND, data)
    return data, f"{NAME} {lost} and was put back from {where}."


def _put(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    write_durably(fresh, data)
    try:
        # A second name for the whole file: unlike a rename, never over one that is there.
        os.link(fresh, path)
    except FileExistsError:
        raise StoreError(f"{path} exists already; open it instead of making a new one.") from None
    except OSError:
        # No links here, as on some USB sticks. The lock keeps others out meanwhile.
        if path.exists():
            raise StoreError(
                f"{path} exists already; open it instead of making a new one."
            ) from None
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)
