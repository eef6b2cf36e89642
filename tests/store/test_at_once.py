"""What is read of a case is read as it stood at one moment: another window may save in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.store.helpers import AT, typed
from triage.errors import StoreError
from triage.model.history import History
from triage.store import Drafts

NAME = "patient.family_name"


def is_read(drafts: Drafts, draft: str) -> bool:
    return drafts.history(draft).n > 0


def is_verified(drafts: Drafts, _: str) -> bool:
    return drafts.verify() == []


@pytest.mark.parametrize("is_whole", [is_read, is_verified])
def test_a_case_is_whole_while_another_window_types_in_it(
    folder: Path, key: bytes, is_whole: Callable[[Drafts, str], bool]
) -> None:
    with Drafts.open(folder, key) as window, Drafts.open(folder, key) as reader:
        history, saved = History(), 0
        draft = window.create("f", "c", AT, typed(history, "Nora", NAME))
        window._connection.set_busy_timeout(1)

        def save_before(_: object, statement: str, __: object) -> bool:
            nonlocal saved
            if statement.startswith("SELECT"):
                typed(history, f"Nora {history.n}", NAME)
                # Who reads may keep it waiting for a moment.
                with suppress(StoreError):
                    window.append(draft, history.since(window.last_n(draft)))
                    saved += 1
            return True

        reader._connection.exec_trace = save_before
        assert is_whole(reader, draft)
        reader._connection.exec_trace = None
        assert saved
        assert reader._connection.get_autocommit()
