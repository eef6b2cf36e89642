"""The data key: random, never stored bare, wrapped by a passphrase and/or by the OS key store."""

from __future__ import annotations

import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triage.errors import KeyRefusedError, StoreError
from triage.files import private_folder
from triage.store.keyfile import (
    NAME,
    REFUSED,
    KeyFile,
    KeyringSlot,
    PassphraseSlot,
    check_of,
    read_keys,
    refuse_wrong_key,
    write_keys,
)
from triage.store.trouble import told

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "cramp-triage"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_PURPOSE = b"cramp-triage data key 1"


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess of a passphrase costs.

    The defaults are the second recommended option of RFC 9106, section 4 (64 MiB, 3 passes, 4 lanes).
    """

    memory_kib: int = 64 * 1024
    time: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """The ways by which the drafts of a folder can be opened."""

    passphrase: bool
    keyring: bool


def keys_exist(folder: Path) -> bool:
    """Whether `folder` has a ``keys.json``."""
    return (folder / NAME).exists()


def describe_keys(folder: Path) -> KeyInfo:
    """Return the ways that are enrolled, without trying any."""
    keys = read_keys(folder)
    return KeyInfo(passphrase=keys.passphrase is not None, keyring=keys.keyring is not None)


def keyring_available() -> bool:
    """Whether this machine has a real key store."""
    return _backend() is not None


def create_keys(
    folder: Path,
    passphrase: str | None = None,
    use_keyring: bool = False,
    cost: KdfCost | None = None,
) -> bytes:
    """Make a new data key, write ``keys.json`` and return the key.

    Raises
    ------
    StoreError
        If keys or drafts exist already, no way to open them was chosen, or the key store refuses.
    """
    with told(folder):
        private_folder(folder)
    _refuse_existing(folder)
    if not passphrase and not use_keyring:
        raise StoreError("Choose a passphrase, or let the system's key store keep the key.")
    key = secrets.token_bytes(_KEY_BYTES)
    keys = KeyFile(
        check=check_of(key),
        passphrase=_by_passphrase(key, passphrase, cost or KdfCost()) if passphrase else None,
        keyring=_by_keyring(key) if use_keyring else None,
    )
    write_keys(folder, keys)
    return key


def open_keys(folder: Path, passphrase: str | None = None) -> bytes:
    """Return the data key, by the passphrase if one is given, else from the key store.

    Raises
    ------
    KeyRefusedError
        If the passphrase is wrong or needed, or the key store does not give the key.
    StoreError
        If ``keys.json`` is missing, damaged or newer.
    """
    keys = read_keys(folder)
    if passphrase is not None:
        key = _from_passphrase(keys.passphrase, passphrase, folder)
    else:
        key = _from_keyring(keys, folder)
    refuse_wrong_key(keys, key, folder)
    return key


def change_passphrase(folder: Path, old: str | None, new: str, cost: KdfCost | None = None) -> None:
    """Wrap the same data key by `new`; with `old` None the key store is asked for it.

    The drafts are not written again. Backups made before still open with the old passphrase.
    """
    key = open_keys(folder, old)
    if not new:
        raise StoreError("The new passphrase is empty; choose one.")
    slot = _by_passphrase(key, new, cost or KdfCost())
    write_keys(folder, read_keys(folder).model_copy(update={"passphrase": slot}))


def _refuse_existing(folder: Path) -> None:
    if keys_exist(folder):
        raise StoreError(f"{folder / NAME} exists already; open it instead of making a new one.")
    if (folder / "drafts.db").exists():
        raise StoreError(
            f"There are drafts in {folder} but no {NAME}, and a new key would not open them."
            f" Put {NAME} back from a backup, or move drafts.db away to begin anew."
        )


# What wraps and derives is imported late: with the key at hand, a start does without it.


def _wrap(wrapping: bytes, key: bytes) -> tuple[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return nonce.hex(), AESGCM(wrapping).encrypt(nonce, key, _PURPOSE).hex()


def _unwrap(wrapping: bytes, nonce: str, wrapped: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(wrapping).decrypt(bytes.fromhex(nonce), bytes.fromhex(wrapped), _PURPOSE)
    except (InvalidTag, ValueError):
        return None


def _derive(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # Composed form: one keyboard types é as one character, another as two.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret, salt, cost.time, cost.memory_kib, cost.lanes, _KEY_BYTES, Type.ID
    )


def _by_passphrase(key: bytes, passphrase: str, cost: KdfCost) -> PassphraseSlot:
    salt = os.urandom(16)
    nonce, wrapped = _wrap(_derive(passphrase, salt, cost), key)
    return PassphraseSlot(
        salt=salt.hex(),
        memory_kib=cost.memory_kib,
        time=cost.time,
        lanes=cost.lanes,
        nonce=nonce,
        wrapped=wrapped,
    )


def _from_passphrase(slot: PassphraseSlot | None, passphrase: str, folder: Path) -> bytes:
    if slot is None:
        raise KeyRefusedError(
            f"The drafts in {folder} have no passphrase; the system's key store opens them."
        )
    cost = KdfCost(slot.memory_kib, slot.time, slot.lanes)
    key = _unwrap(_derive(passphrase, bytes.fromhex(slot.salt), cost), slot.nonce, slot.wrapped)
    if key is None:
        raise KeyRefusedError(REFUSED.format(folder))
    return key


def _backend() -> KeyringBackend | None:
    """Return the key store of this machine; what keeps secrets in the clear or not at all is none."""
    import keyring

    backend = keyring.get_keyring()
    # A chain of several key stores writes to its first.
    first = next(iter(getattr(backend, "backends", ())), backend)
    try:
        # keyring itself recommends a backend from priority 1 on.
        return backend if first.priority >= 1 else None
    except RuntimeError:
        return None


def _by_keyring(key: bytes) -> KeyringSlot:
    backend = _backend()
    if backend is None:
        raise StoreError("This machine has no key store for the key; choose a passphrase instead.")
    user, wrapping = secrets.token_hex(8), secrets.token_bytes(_KEY_BYTES)
    nonce, wrapped = _wrap(wrapping, key)
    try:
        backend.set_password(SERVICE, user, wrapping.hex())
    except Exception as error:  # each key store raises errors of its own
        raise StoreError(_UNWILLING.format(type(error).__name__)) from None
    return KeyringSlot(user=user, nonce=nonce, wrapped=wrapped)


def _from_keyring(keys: KeyFile, folder: Path) -> bytes:
    if keys.keyring is None:
        raise KeyRefusedError(f"The drafts in {folder} are opened by their passphrase.")
    wrapping = _recall(keys.keyring.user)
    key = _unwrap(wrapping, keys.keyring.nonce, keys.keyring.wrapped) if wrapping else None
    if key is None:
        instead = " Use the passphrase." if keys.passphrase else " Unlock it and try again."
        raise KeyRefusedError(
            f"The system's key store does not give the key of the drafts in {folder}.{instead}"
        )
    return key


def _recall(user: str) -> bytes | None:
    backend = _backend()
    try:
        found = backend.get_password(SERVICE, user) if backend else None
        return bytes.fromhex(found) if found else None
    except Exception:  # locked, cancelled, not running: whichever it is, the key does not come
        return None


_UNWILLING = "The system's key store did not take the key ({}); choose a passphrase instead."
