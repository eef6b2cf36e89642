"""The process that is killed while it sets up, backs up, restores or changes the passphrase; it tells what is done."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.prove.nursery import tell
from triage.model.history import History
from triage.model.values import Text
from triage.store import Drafts, KdfCost, change_passphrase, create_keys, keys_exist, open_keys
from triage.store.backups import backups, make_backup, restore, thin

CHEAP = KdfCost(memory_kib=8, time=1, lanes=1)
FIRST, SECOND = "four brown cows", "five green pigs"
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def new_case(drafts: Drafts) -> str:
    """Keep one case and return its id."""
    edits = History().change({"note.neuro": Text(text="An invented note. " * 40)}, AT)
    return drafts.create("muscle_cramps", "c", AT, edits)


def set_up(folder: Path) -> None:
    """Begin as a first start does, or go on, and keep cases."""
    key = open_keys(folder, FIRST) if keys_exist(folder) else create_keys(folder, FIRST, cost=CHEAP)
    with Drafts.open(folder, key) as drafts:
        for _ in range(20):
            tell(new_case(drafts))


def back_up(folder: Path) -> None:
    """Keep cases and back them up, again and again."""
    with Drafts.open(folder, open_keys(folder, FIRST)) as drafts:
        for i in range(30):
            tell(new_case(drafts))
            make_backup(drafts, folder / "backups", AT + timedelta(seconds=i, days=os.getpid()))
            thin(folder / "backups")


def put_back(folder: Path) -> None:
    """Restore the newest backup, keep a case, and so on."""
    key = open_keys(folder, FIRST)
    for _ in range(30):
        restore(folder, backups(folder / "backups")[0].path, key)
        tell("restored")
        with Drafts.open(folder, key) as drafts:
            tell(new_case(drafts))


def change(folder: Path) -> None:
    """Change the passphrase to and fro."""
    old, new = FIRST, SECOND
    while True:
        change_passphrase(folder, old, new, CHEAP)
        tell(new)
        old, new = new, old


def run(work: str, folder: str) -> None:
    """Do one of the four until killed."""
    tell("ready")
    {"set_up": set_up, "back_up": back_up, "put_back": put_back, "change": change}[work](
        Path(folder)
    )
