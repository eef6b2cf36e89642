"""The one thread that owns the database: edits are handed over at once and saved at once."""

from __future__ import annotations

import atexit
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from triage.errors import KeyRefusedError, StoreError
from triage.model.history import Edit
from triage.store.database import Drafts, GapError

T = TypeVar("T")
# Failed edits are also tried again unasked: space is freed and shares come back.
_RETRY_SECONDS = 0.5
# So many failures, and the file is opened anew.
_PATIENCE = 2


class Writer:
    """Saves edits within one second of being told, and says whether it could.

    What cannot be saved stays in memory and is tried again at the next `submit`, at `retry`, and
    twice a second. All callbacks run on the writer's thread and must return soon.

    Parameters
    ----------
    drafts
        Belongs to the writer from now on, which also closes it.
    on_saved
        Called with the draft and the number of the last edit that is now on the disk.
    on_failed
        Called with one sentence for the person.
    on_told
        Called with one sentence on what was put right.
    log
        Returns the whole log of an open draft: what never reached the writer is taken from there.
    """

    def __init__(
        self,
        drafts: Drafts,
        on_saved: Callable[[str, int], None],
        on_failed: Callable[[str], None],
        log: Callable[[str], Sequence[Edit]] = lambda _: (),
        on_told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._log = log
        self._on_told = on_told
        self._drafts = drafts
        self._on_saved = on_saved
        self._on_failed = on_failed
        self._wake = threading.Condition()
        # All below is guarded by `_wake`.
        self._pending: dict[str, list[Edit]] = {}
        self._calls: list[Callable[[], None]] = []
        self._asked = False
        self._closing = False
        self._closed = False
        self._locked = False
        self._begun = 0
        self._ended = 0
        # Only the thread uses these.
        self._failure = ""
        self._failures = 0
        self._unsure: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
        self._thread.start()
        # A program that ends without `close` still saves what it was told.
        atexit.register(self.close)

    @property
    def unsaved(self) -> dict[str, tuple[Edit, ...]]:
        """The edits that are not on the disk, by draft."""
        with self._wake:
            return {draft_id: tuple(edits) for draft_id, edits in self._pending.items()}

    def submit(self, draft_id: str, edits: Sequence[Edit]) -> None:
        """Hand over `edits` of a draft and return at once; any thread may call it.

        What is still being typed takes the place of what was handed over of it before.
        """
        with self._wake:
            self._refuse_closed()
            if edits:
                waiting = self._pending.get(draft_id, [])
                before = [edit for edit in waiting if edit.n < edits[0].n]
                self._pending[draft_id] = [*before, *edits]
            self._ask()

    def retry(self) -> None:
        """Try again to save what could not be saved."""
        with self._wake:
            self._ask()

    def call(self, work: Callable[[Drafts], T]) -> Future[T]:
        """Run `work` on the writer's thread, after what was submitted before was tried."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = work(self._drafts)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._wake:
            self._refuse_closed()
            self._calls.append(run)
            self._wake.notify_all()
        return future

    def forget(self, draft_id: str) -> None:
        """Give up the edits of a draft that could not be saved: the user said so."""
        with self._wake:
            self._pending.pop(draft_id, None)

    def flush(self, timeout: float | None = None) -> bool:
        """Try to save everything now; return whether nothing is left unsaved."""
        with self._wake:
            if not self._closed:
                goal = self._begun + 1
                self._ask()
                self._wake.wait_for(lambda: self._ended >= goal or self._closed, timeout)
            return not self._pending

    @property
    def is_locked(self) -> bool:
        """Whether the drafts are closed until `unlock`; what is submitted meanwhile waits in memory."""
        return self._locked

    def lock(self) -> None:
        """Try to save everything, then close the file and let go of its key; claims stay."""

        def lock(drafts: Drafts) -> None:
            self._locked = True
            drafts.lock()

        self.flush()
        self.call(lock).result()

    def unlock(self, key: bytes) -> None:
        """Open the file again, and save what waits.

        Raises
        ------
        KeyRefusedError
            If `key` does not belong to these drafts.
        StoreError
            If the file cannot be opened, and nothing waits that could be saved elsewhere.
        """

        def unlock(drafts: Drafts) -> None:
            try:
                drafts.unlock(key)
            except KeyRefusedError:
                raise
            except StoreError:
                if not self.unsaved:
                    drafts.lock()
                    raise
                # The way to what waits must not be shut: it is a failed save like any other.
                self._failures = _PATIENCE
            self._locked = False

        self.call(unlock).result()
        self.retry()

    def save_elsewhere(
        self, folder: Path, logs: Mapping[str, Sequence[Edit]] | None = None
    ) -> Future[Path]:
        """Copy all drafts into `folder`, add what is unsaved, and go on saving there.

        The old folder stays as it is. Claims do not move along: claim the draft anew by
        ``call(lambda drafts: drafts.claim(...))``.

        Parameters
        ----------
        folder
            Holds no drafts yet; the same passphrase or key store opens it.
        logs
            The whole logs of the open drafts. Where the old folder cannot even be read, these are
            what is saved; without them that is an error.
        """
        whole = {draft_id: tuple(edits) for draft_id, edits in (logs or {}).items()}
        return self.call(lambda _: self._move(folder, whole))

    def close(self, timeout: float | None = None) -> bool:
        """Try to save everything, end the thread and close the drafts; return whether all is saved.

        What is not stays readable in `unsaved`. With `timeout` (in seconds) a disk that never
        answers does not keep the program from ending.
        """
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join(timeout)
        atexit.unregister(self.close)
        return not self.unsaved

    def _refuse_closed(self) -> None:
        if self._closing:
            raise StoreError("The drafts are closed already; open the program again.")

    def _ask(self) -> None:
        self._asked = True
        self._wake.notify_all()

    def _run(self) -> None:
        closing = False
        while not closing:
            with self._wake:
                self._wake.wait_for(
                    lambda: self._asked or self._calls or self._closing,
                    timeout=_RETRY_SECONDS if self._failure else None,
                )
                asked, self._asked = self._asked or self._closing, False
                calls, self._calls = self._calls, []
                closing = self._closing
                self._begun += 1
            self._save(asked)
            self._guard_keys()
            for call in calls:
                call()
            with self._wake:
                self._ended = self._begun
                self._wake.notify_all()
        self._drafts.close()
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def _save(self, asked: bool) -> None:
        if self._locked:
            return
        if self._failures >= _PATIENCE:
            # A connection goes on with the file that it has, though another has its name now.
            with suppress(Exception):
                self._drafts.reopen()
        failure = ""
        for draft_id, edits in self.unsaved.items():
            try:
                self._save_one(draft_id, edits)
            except Exception as error:  # whatever it is, the edits stay and the person is told
                self._unsure.add(draft_id)
                failure = failure or _sentence(error)
            else:
                self._done(draft_id, edits)
        # Told again only when asked: the silent retries would fill the screen.
        if failure and (asked or failure != self._failure):
            self._tell(lambda: self._on_failed(failure))
        self._failure = failure
        self._failures = self._failures + 1 if failure else 0

    def _guard_keys(self) -> None:
        # What keeps them from being put back keeps the edits from being saved, and that is told.
        with suppress(Exception):
            if says := self._drafts.guard_keys():
                self._tell(lambda: self._on_told(says))

    def _save_one(self, draft_id: str, edits: Sequence[Edit]) -> None:
        if draft_id in self._unsure:
            edits = self._drafts.missing(draft_id, edits)
        if edits:
            try:
                self._drafts.append(draft_id, edits)
            except GapError:
                whole = self._log(draft_id)
                if not whole:
                    raise
                # All that is missing: it continues what is saved, or is refused for the same reason.
                self._drafts.append(draft_id, self._drafts.missing(draft_id, whole))
        self._unsure.discard(draft_id)

    def _done(self, draft_id: str, edits: Sequence[Edit]) -> None:
        with self._wake:
            # By identity: what is being typed may be another text by now.
            saved = set(map(id, edits))
            rest = [edit for edit in self._pending.pop(draft_id, []) if id(edit) not in saved]
            if rest:
                self._pending[draft_id] = rest
        self._tell(lambda: self._on_saved(draft_id, edits[-1].n))

    def _move(self, folder: Path, logs: dict[str, tuple[Edit, ...]]) -> Path:
        if self._locked:
            # Without its key nothing could be encrypted there.
            raise StoreError("The cases are locked: unlock them first.")
        try:
            new = self._drafts.copy_to(folder)
        except StoreError:
            if not logs or (folder / "drafts.db").exists():
                raise
            new = self._drafts.rebuild_in(folder, logs)
        old, self._drafts = self._drafts, new
        old.close()
        self._unsure.update(self.unsaved)
        self._save(asked=True)
        return folder

    def _tell(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception:  # a fault in a window must not end the saving
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), self._thread)))


def _sentence(error: Exception) -> str:
    if isinstance(error, StoreError):
        return str(error)
    # The text of an unforeseen error may hold what was typed, and its name tells nobody at the screen anything.
    return "The last edits could not be saved. They are kept in memory."
