"""The draft store: cases and issued letters, encrypted, durable, and never overwritten."""

from triage.store.claim import Claim
from triage.store.connection import DamagedError, MissingDraftsError
from triage.store.database import Drafts
from triage.store.folders import drafts_folder
from triage.store.keyfile import keys_exist
from triage.store.keys import (
    KdfCost,
    KeyInfo,
    change_passphrase,
    create_keys,
    describe_keys,
    keyring_available,
    make_recovery_key,
    new_passphrase,
    open_keys,
)
from triage.store.records import DraftInfo, Issue, Order, Sent, Show, Way
from triage.store.writer import Writer

__all__ = [
    "Claim",
    "DamagedError",
    "DraftInfo",
    "Drafts",
    "Issue",
    "KdfCost",
    "KeyInfo",
    "MissingDraftsError",
    "Order",
    "Sent",
    "Show",
    "Way",
    "Writer",
    "change_passphrase",
    "create_keys",
    "describe_keys",
    "drafts_folder",
    "keyring_available",
    "keys_exist",
    "make_recovery_key",
    "new_passphrase",
    "open_keys",
]
