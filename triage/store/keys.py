"""The data key: random, never stored bare, wrapped by a passphrase, by the OS key store, by a key on paper."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triage.errors import KeyRefusedError, StoreError
from triage.files import private_folder
from triage.store.connection import NAME as DRAFTS
from triage.store.connection import made_database
from triage.store.keyfile import (
    NAME,
    REFUSED,
    KeyFile,
    KeyringSlot,
    PassphraseSlot,
    RecoverySlot,
    check_of,
    keys_exist,
    locked,
    read_keys,
    refuse_wrong_key,
    replace,
    write_first,
)
from triage.store.trouble import told

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "cramp-triage"
SHORTEST, FEWEST_WORDS = 10, 4
TOO_SHORT = f"At least {SHORTEST} characters, or {FEWEST_WORDS} words."
COMMON = "This is among the most used passphrases. Choose another."
# What a list of stolen passwords begins with, as far as it is long enough.
_COMMON = frozenset(
    {
        *("1234567890", "0123456789", "0987654321", "qwertyuiop", "qwertzuiop", "abcdefghij"),
        *(
            "password123",
            "password1234",
            "passwort123",
            "1q2w3e4r5t",
            "1qaz2wsx3edc",
            "iloveyou123",
        ),
        *("letmein1234", "welcome123", "welcome1234", "admin12345", "changeme123", "football123"),
        *("sunshine123", "princess123", "trustno1trustno1"),
    }
)
# Marks of byte order and blanks of no width, which no one sees and some programs write into files.
_UNSEEN = "\ufeff\u200b\u2060"
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
    recovery: bool = False


def describe_keys(folder: Path) -> KeyInfo:
    """Return the ways that are enrolled, without trying any."""
    keys = read_keys(folder)
    return KeyInfo(
        passphrase=keys.passphrase is not None,
        keyring=keys.keyring is not None,
        recovery=keys.recovery is not None,
    )


def keyring_available() -> bool:
    """Whether this machine has a real key store."""
    return _backend() is not None


def create_keys(
    folder: Path,
    passphrase: str | None = None,
    use_keyring: bool = False,
    cost: KdfCost | None = None,
) -> bytes:
    """Make a new data key, ``keys.json`` and the empty database, and return the key.

    Two that do so at once: one makes them, the other is refused.

    Raises
    ------
    StoreError
        If keys or drafts exist already, no way to open them was chosen, the passphrase is too short, or the key
        store refuses.
    """
    with told(folder):
        private_folder(folder)
    with locked(folder):
        _refuse_existing(folder)
        if passphrase is not None:
            passphrase = new_passphrase(passphrase)
        elif not use_keyring:
            raise StoreError("Choose a passphrase, or let the system's key store keep the key.")
        key = secrets.token_bytes(_KEY_BYTES)
        keys = KeyFile(
            check=check_of(key),
            passphrase=_by_passphrase(key, passphrase, cost or KdfCost()) if passphrase else None,
            keyring=_by_keyring(key) if use_keyring else None,
        )
        # The database gets its name last: with that name it has its keys.
        with made_database(folder / DRAFTS, key):
            write_first(folder, keys)
    return key


def new_passphrase(text: str) -> str:
    """Return a new passphrase without what no one sees at its ends.

    Raises
    ------
    StoreError
        If it is too short, or among the most used ones.
    """
    cleaned = _cleaned(text)
    if len(cleaned) < SHORTEST and len(cleaned.split()) < FEWEST_WORDS:
        raise StoreError(TOO_SHORT)
    if cleaned.lower() in _COMMON or len(set(cleaned)) < 3:
        raise StoreError(COMMON)
    return cleaned


def _cleaned(text: str) -> str:
    while (shorter := text.strip().strip(_UNSEEN)) != text:
        text = shorter
    return text


def open_keys(folder: Path, passphrase: str | None = None) -> bytes:
    """Return the data key, by the passphrase or recovery key if one is given, else from the key store.

    Raises
    ------
    KeyRefusedError
        If the passphrase is wrong or needed, or the key store does not give the key.
    StoreError
        If ``keys.json`` is missing, damaged or newer.
    """
    return open_by(read_keys(folder), passphrase, folder)


def open_by(keys: KeyFile, passphrase: str | None, folder: Path) -> bytes:
    """Return the data key by one of the ways of `keys`, such as those beside a backup in `folder`."""
    if passphrase is None:
        key = _from_keyring(keys, folder)
    elif code := _code_of(passphrase):
        key = _from_recovery(keys, code, folder)
    else:
        key = _from_passphrase(keys, passphrase, folder)
    refuse_wrong_key(keys, key, folder)
    return key


def change_passphrase(folder: Path, old: str | None, new: str, cost: KdfCost | None = None) -> None:
    """Wrap the same data key by `new`; with `old` None the key store is asked for it.

    The drafts are not written again. Backups made before still open with the old passphrase.

    Raises
    ------
    KeyRefusedError
        If `old` does not open the drafts.
    StoreError
        If `new` is too short, or the keys cannot be written; then the old passphrase stays.
    """
    key, new = open_keys(folder, old), new_passphrase(new)
    slot = _by_passphrase(key, new, cost or KdfCost())
    _replaced(folder, {"passphrase": slot}, lambda keys: _unwrapped(keys.passphrase, new))


def make_recovery_key(folder: Path, passphrase: str | None) -> str:
    """Return a new key for paper that opens the drafts like the passphrase does; an older one no longer does.

    Raises
    ------
    KeyRefusedError
        If `passphrase` does not open the drafts.
    StoreError
        If the keys cannot be written.
    """
    key, code = open_keys(folder, passphrase), secrets.token_bytes(_CODE_BYTES)
    nonce, wrapped = _wrap(_stretched(code), key)
    slot = RecoverySlot(nonce=nonce, wrapped=wrapped)
    _replaced(folder, {"recovery": slot}, lambda keys: _recovered(keys.recovery, code))
    return _spelled(code)


def _replaced(
    folder: Path, slots: dict[str, object], opens: Callable[[KeyFile], bytes | None]
) -> None:
    replace(folder, lambda keys: keys.model_copy(update=slots), opens)


# -- a key on paper -------------------------------------------------------------------------------

_CODE_BYTES, _GROUP = 20, 4
# Letters that are no digits and digits that are no letters: 0, 1 and 8 are read as O, L and B.
_READ_AS = str.maketrans("018", "OLB")
_CODE = re.compile(r"[A-Z2-7]{36}")


def _spelled(code: bytes) -> str:
    """Return a code in groups of four, the last of them a sum over the others."""
    text = base64.b32encode(code + hashlib.sha256(code).digest()[:2]).decode().rstrip("=")
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _plain_code(text: str) -> str:
    return re.sub(r"[\s\-–—]", "", _cleaned(text)).upper().translate(_READ_AS)


def _code_of(text: str) -> bytes | None:
    """Return the code that `text` spells; None if its sum is wrong, or it is something else, such as words."""
    plain = _plain_code(text)
    if not _CODE.fullmatch(plain):
        return None
    data = base64.b32decode(plain + "=" * (-len(plain) % 8))
    code, rest = data[:_CODE_BYTES], data[_CODE_BYTES:]
    return code if rest == hashlib.sha256(code).digest()[:2] else None


def _from_recovery(keys: KeyFile, code: bytes, folder: Path) -> bytes:
    if keys.recovery is None:
        raise KeyRefusedError(f"The drafts in {folder} have no recovery key.")
    key = _recovered(keys.recovery, code)
    if key is None:
        raise KeyRefusedError(
            f"This is not the recovery key of the drafts in {folder}: it is an older one, or of other drafts."
        )
    return key


def _recovered(slot: RecoverySlot | None, code: bytes) -> bytes | None:
    return _unwrap(_stretched(code), slot.nonce, slot.wrapped) if slot else None


def _stretched(code: bytes) -> bytes:
    """Return what wraps by a code. 160 random bits need no slow derivation: they cannot be guessed."""
    return hashlib.sha256(b"cramp-triage recovery key 1" + code).digest()


def _refuse_existing(folder: Path) -> None:
    if keys_exist(folder):
        raise StoreError(f"{folder / NAME} exists already; open it instead of making a new one.")
    if (folder / DRAFTS).exists():
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
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    # Composed form: one keyboard types é as one character, another as two.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(
            secret, salt, cost.time, cost.memory_kib, cost.lanes, _KEY_BYTES, Type.ID
        )
    except HashingError:
        raise StoreError(
            "There is not enough free memory to check the passphrase: close other programs."
        ) from None


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


def _from_passphrase(keys: KeyFile, passphrase: str, folder: Path) -> bytes:
    if keys.passphrase is None:
        raise KeyRefusedError(
            f"The drafts in {folder} have no passphrase; the system's key store opens them."
        )
    # An older program took blanks at the ends as well.
    for text in dict.fromkeys((_cleaned(passphrase), passphrase)):
        if key := _unwrapped(keys.passphrase, text):
            return key
    if _CODE.fullmatch(_plain_code(passphrase)):
        raise KeyRefusedError(_MISTYPED)
    raise KeyRefusedError(REFUSED)


def _unwrapped(slot: PassphraseSlot | None, passphrase: str) -> bytes | None:
    if slot is None:
        return None
    cost = KdfCost(slot.memory_kib, slot.time, slot.lanes)
    wrapping = _derive(passphrase, bytes.fromhex(slot.salt), cost)
    return _unwrap(wrapping, slot.nonce, slot.wrapped)


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
        instead = " Unlock it and try again."
        if keys.passphrase or keys.recovery:
            ways = [
                *(["the passphrase"] if keys.passphrase else []),
                *(["the recovery key"] if keys.recovery else []),
            ]
            instead = f" Use {' or '.join(ways)}."
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


_MISTYPED = (
    "If this is the recovery key, it is mistyped: compare it group by group. As a passphrase it does"
    " not open the drafts."
)
_UNWILLING = "The system's key store did not take the key ({}); choose a passphrase instead."
