"""What a test lets another process do: ``python -m tests.store.child TASK FOLDER [DRAFT]``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tests.store.helpers import typed
from triage.model.history import History
from triage.store import Drafts, Writer, open_keys


def say(text: object) -> None:
    print(text, flush=True)


def _opened(folder: Path) -> Drafts:
    return Drafts.open(folder, open_keys(folder, "correct horse"))


def write_until_killed(folder: Path, draft: str) -> None:
    """Submit edits for ever; say the number of each that is on the disk."""
    drafts = _opened(folder)
    history = drafts.history(draft)
    writer = Writer(drafts, lambda _, n: say(n), lambda reason: say(f"failed {reason}"))
    while True:
        writer.submit(draft, typed(history, f"text {history.n}" * 50))
        time.sleep(0.0005)


def leave_without_goodbye(folder: Path, draft: str) -> None:
    """Submit, wait a second as the promise says, and vanish."""
    drafts = _opened(folder)
    history = drafts.history(draft)
    writer = Writer(drafts, lambda *_: None, say)
    for number in range(20):
        writer.submit(draft, typed(history, f"text {number}"))
    time.sleep(1)
    os._exit(0)


def end_without_close(folder: Path, draft: str) -> None:
    """Submit and reach the end of the program at once."""
    drafts = _opened(folder)
    history = drafts.history(draft)
    writer = Writer(drafts, lambda *_: None, say)
    writer.submit(draft, typed(history, "last words"))


def die_in_commit(folder: Path, draft: str) -> None:
    """Vanish when the journal is written and the transaction is not committed."""
    drafts = _opened(folder)
    history = drafts.history(draft)
    drafts._connection.set_commit_hook(lambda: os._exit(7))
    drafts.append(draft, typed(history, "never committed"))


def die_half_written(folder: Path, draft: str) -> None:
    """Vanish when a part of the transaction is in the file itself and only the journal can help."""
    drafts = _opened(folder)
    history = drafts.history(draft)
    drafts._connection.execute("PRAGMA cache_size = 2")
    drafts._connection.set_commit_hook(lambda: os._exit(7))
    edits = [edit for number in range(300) for edit in typed(history, f"{number} " * 300)]
    drafts.append(draft, edits)


def claim(folder: Path, draft: str) -> None:
    """Claim a draft, say whether, and hold it until told to end."""
    with _opened(folder) as drafts:
        say(drafts.claim(draft) is not None)
        sys.stdin.readline()


def write_too_much(folder: Path, draft: str) -> None:
    """Meet a limit of the file size while saving; say what the person would read."""
    import resource

    drafts = _opened(folder)
    history: History = drafts.history(draft)
    size = (folder / "drafts.db").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, resource.RLIM_INFINITY))
    writer = Writer(drafts, lambda *_: None, say)
    writer.submit(draft, typed(history, "x" * 200_000))
    say(writer.flush())
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    say(writer.flush())
    writer.close()


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
