"""Drafts as they are worked on: one thread writes them all, one claim goes with each that is open."""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from triage.content.form import OUTSIDE, Form
from triage.content.load import Content
from triage.errors import StoreError, TriageError
from triage.model.case import Case
from triage.model.dates import at_words
from triage.model.history import BEGUN, Edit, History, fold
from triage.model.values import Text, Value
from triage.session.earlier import Earlier, earlier_visit, reference
from triage.store import (
    Claim,
    DraftInfo,
    Drafts,
    Issue,
    Order,
    Sent,
    Show,
    Writer,
    open_keys,
)

if TYPE_CHECKING:
    from subprocess import Popen

    from triage.session.outside import Brought

T = TypeVar("T")
# So long a case that was put away can be brought back.
BIN_DAYS = 30
_ELSEWHERE = "referral-triage-cases"
Saved = Callable[[int], None]
Failed = Callable[[str], None]


class OpenDraft:
    """A draft that was opened: its log, where further edits go, and its issued letters.

    Parameters
    ----------
    store
        Made by its `open` and `create`.
    draft, history
        Its id, and its edits so far. The session goes on with this very history.
    claim
        The right to write it; None if another window has it.
    """

    # Whether it is in a store.
    is_kept = True

    def __init__(
        self, store: DraftStore, draft: str, history: History, claim: Claim | None
    ) -> None:
        self.id = draft
        self.history = history
        self._store = store
        self._claim = claim
        # Up to which edit what will not change any more was handed to the writer.
        self._handed = history.settled
        # The last edit that was found on the disk.
        self._known = history.n
        self.on_saved: Saved = _unheard
        self.on_failed: Failed = _unheard
        self.on_told: Failed = _unheard

    @property
    def read_only(self) -> bool:
        """Whether another window has the draft, nothing can be written, or it was let go."""
        return self._claim is None

    @property
    def why_read_only(self) -> str:
        """Why it can only be read, in a few words."""
        if self._store.read_only:
            return "its folder cannot be written"
        since = self._store.do(lambda drafts: drafts.claimed_since(self.id))
        words = f" since {self._store.words_of(since)}" if since is not None else ""
        return f"open in another window{words}"

    def listen(self, saved: Saved, failed: Failed, told: Failed) -> None:
        """Call `saved` with the number of the last edit on the disk, the others with a sentence.

        `told` is of what was put right. All are called on the thread that writes: they only pass on.
        """
        self.on_saved, self.on_failed, self.on_told = saved, failed, told

    def submit(self) -> None:
        """Take what is new in the history; it is on the disk within a second."""
        if not self.read_only:
            self._store.writer.submit(self.id, self.history.since(self._handed))
            self._handed = self.history.settled

    def flush(self) -> bool:
        """Write everything now; return whether the disk holds all that the history holds."""
        if self.read_only:
            return True
        self.history.end_typing()
        if self._store.writer.is_locked:
            return not self.unsaved
        try:
            self.submit()
            writer = self._store.writer
            writer.flush()
            kept = self._kept
            # What never reached the writer is not among what it could not write.
            if kept < self.history.n and self.id not in writer.unsaved:
                self._handed = kept
                self.submit()
                writer.flush()
            return self._kept == self.history.n
        except StoreError:
            return False

    @property
    def _kept(self) -> int:
        self._known = self._store.do(lambda drafts: drafts.last_n(self.id))
        return self._known

    def close(self) -> bool:
        """Write everything and let go of the draft; return False, and keep it, if that failed."""
        if not self.flush():
            return False
        self._let_go()
        return True

    @property
    def unsaved(self) -> int:
        """How many edits are not known to be on the disk."""
        if self._store.writer.is_locked:
            return self.history.n - self._known
        try:
            return self.history.n - self._kept
        except StoreError:
            return len(self._store.writer.unsaved.get(self.id, ()))

    def abandon(self) -> None:
        """Let go of the draft without what could not be saved."""
        self._store.writer.forget(self.id)
        self._let_go()

    def _let_go(self) -> None:
        self._store.let_go(self)
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def claim_anew(self, claim: Claim | None) -> None:
        """Go on with the claim of another folder."""
        if self._claim is not None:
            self._claim.release()
        self._claim = claim

    def earlier(self, form: Form) -> Earlier | None:
        """Return the earlier visit to which the case refers; None if to none, or if its case is gone."""
        return self._visit_before(form, self.history.case)

    def _visit_before(self, form: Form, case: Mapping[str, Value]) -> Earlier | None:
        refers = reference(case)
        if refers is None:
            return None
        with suppress(StoreError):
            found = earlier_visit(form, refers, self._store.read(refers.draft))
            return found.after(form, self._visit_before(form, found.case))
        return None

    def issues(self) -> Sequence[Issue]:
        """Return what was issued, oldest first."""
        return self._store.do(lambda drafts: drafts.issues(self.id))

    def last_used(self) -> Sequence[str]:
        """Return where letters of all cases went, the last first."""
        return self._store.do(lambda drafts: drafts.last_used())

    def issue(self, new: Issue) -> None:
        """Keep a letter, once every edit before it is kept.

        Raises
        ------
        StoreError
            If it could not be kept; then it is not issued.
        """
        try:
            self._store.do(lambda drafts: drafts.issue(self.id, new))
        except StoreError:
            # What failed at its very end may have reached the disk all the same.
            if not self._is_kept(new):
                raise

    def _is_kept(self, new: Issue) -> bool:
        try:
            return new in self.issues()
        except StoreError:
            return False

    def withdraw(self, version: int, at: datetime, reason: str) -> None:
        """Note that a version is withdrawn."""
        self._store.withdraw(self.id, version, at, reason)

    def sent(self) -> Sequence[Sent]:
        """Return where the letters went, oldest first."""
        return self._store.do(lambda drafts: drafts.sent(self.id))

    def note_sent(self, sent: Sent) -> None:
        """Note what became of a letter. Also of a case that another window has: it is none of its edits."""
        self._store.note_sent(self.id, sent)


class PracticeDraft(OpenDraft):
    """The draft of a practice patient: it is nowhere but in memory, and nothing is issued of it.

    Parameters
    ----------
    values
        What its case begins with.
    at
        When it began.
    """

    is_kept = False
    read_only = False
    unsaved = 0

    def __init__(self, values: Mapping[str, Value], at: datetime) -> None:
        self.id = ""
        self.history = History(History().begin(values, at))
        self.on_saved = self.on_failed = self.on_told = _unheard

    def submit(self) -> None:
        """Keep nothing."""

    def flush(self) -> bool:
        """Say that nothing is left to be written."""
        return True

    def close(self) -> bool:
        """Let go of what was practised."""
        return True

    def abandon(self) -> None:
        """Let go of what was practised."""

    def issues(self) -> Sequence[Issue]:
        """Return no letter: none is issued."""
        return ()

    def last_used(self) -> Sequence[str]:
        """Return nothing: no letter went anywhere."""
        return ()

    def sent(self) -> Sequence[Sent]:
        """Return nothing: no letter went anywhere."""
        return ()


class DraftStore:
    """The drafts of one folder, through the one thread that owns them.

    Parameters
    ----------
    folder, key
        Where the drafts are, and what opens them.
    clock
        Returns the present time with its zone.
    begin
        Begin with an empty list where there are keys and no drafts.

    Raises
    ------
    MissingDraftsError
        If there are keys and no drafts, and none were to be begun.
    KeyRefusedError
        If the key does not open the drafts.
    StoreError
        If the drafts cannot be used.
    """

    def __init__(
        self, folder: Path, key: bytes, clock: Callable[[], datetime], *, begin: bool = False
    ) -> None:
        drafts = Drafts.open(folder, key, begin=begin)
        # What cannot be emptied now will be at another start.
        with suppress(StoreError):
            drafts.empty_bin(clock() - timedelta(days=BIN_DAYS))
        self.folder, self.says = folder, drafts.says
        self._clock = clock
        self._opened: dict[str, OpenDraft] = {}
        self._key = key
        self.writer = Writer(drafts, self._on_saved, self._on_failed, self._log, self._on_told)

    def words_of(self, at: datetime) -> str:
        """Return a time in words: ``14:02``, and with its day if that is not today."""
        local = at.astimezone()
        return f"{local:%H:%M}" if local.date() == self._clock().date() else at_words(at)

    # These four are called on the writer's thread.

    def _on_saved(self, draft: str, n: int) -> None:
        if opened := self._opened.get(draft):
            opened.on_saved(n)

    def _on_failed(self, reason: str) -> None:
        for opened in tuple(self._opened.values()):
            opened.on_failed(reason)

    def _on_told(self, says: str) -> None:
        for opened in tuple(self._opened.values()):
            opened.on_told(says)

    def _log(self, draft: str) -> Sequence[Edit]:
        opened = self._opened.get(draft)
        return opened.history.edits if opened else ()

    def do(self, work: Callable[[Drafts], T]) -> T:
        """Do `work` on the thread of the drafts, after everything that was submitted, and wait for it."""
        return self.writer.call(work).result()

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written where the drafts are: they can be read all the same."""
        return self.do(lambda drafts: drafts.read_only)

    @property
    def has_others(self) -> bool:
        """Whether any draft holds anything that is not open here."""
        return not self.do(lambda drafts: drafts.is_empty(tuple(self._opened)))

    def list(
        self,
        search: str = "",
        show: Show = "all",
        *,
        order: Order = "changed",
        down: bool = True,
        limit: int = -1,
        offset: int = 0,
    ) -> builtins.list[DraftInfo]:
        """Return drafts as `Drafts.list` does."""
        return self.do(
            lambda drafts: drafts.list(
                search, show, order=order, down=down, limit=limit, offset=offset
            )
        )

    def same_patient(self, draft: str) -> builtins.list[DraftInfo]:
        """Return the other drafts of the patient of `draft`."""
        return self.do(lambda drafts: drafts.same_patient(draft))

    def create(self, content: Content, values: Mapping[str, Value] | None = None) -> OpenDraft:
        """Start a draft with `content` that holds `values`, whole or not at all, and claim it."""
        form, fingerprint, at = content.form.id, content.fingerprint, self._clock().astimezone(UTC)
        edits = History().begin(values or {}, at)
        return self.open(self.do(lambda drafts: drafts.create(form, fingerprint, at, edits)))

    def issued_as(self, data: bytes) -> tuple[str, int] | None:
        """Return the draft of which `data` is an issued letter, and its version; None if it is none of these."""
        sha256 = hashlib.sha256(data).hexdigest()
        return self.do(lambda drafts: drafts.issued_as(sha256))

    def issued_with(self, brought: Brought) -> tuple[str, int] | None:
        """Return the draft and the version of the issued letter that was brought in another file, as behind a form."""
        from triage.pdf.printed import printed

        at = brought.issued_at
        if at is None:
            return None
        for draft in self.do(lambda drafts: drafts.issued_at(at)):
            for issue in self.do(partial(Drafts.issues, draft_id=draft)):
                if issue.at == at and printed(issue.pdf) == brought.pages:
                    return draft, issue.version
        return None

    def begun_with(self, values: Mapping[str, Value]) -> str | None:
        """Return a draft that began with the same letter from outside and the same answers; None if none did."""
        outside = values.get(OUTSIDE)
        if not isinstance(outside, Text):
            return None
        for draft in self.do(lambda drafts: drafts.begun_with(outside)):
            # What is said of a letter is not signed: another file may say the same of itself.
            # Of what earlier releases began it was the first step.
            begun = fold(edit for edit in self.read(draft).edits if edit.group in (BEGUN, 1))
            if begun == Case(values):
                return draft
        return None

    def open(self, draft: str) -> OpenDraft:
        """Open a draft; claim it, unless another window has it."""
        # The claim first: what is read after it cannot be changed by another window.
        claim = self._claim(draft)
        try:
            if claim is not None:
                # What was being typed when a program was stopped is an edit from now on. On a full disk it is
                # one at the next change, and the case can be read all the same.
                with suppress(StoreError):
                    self.do(lambda drafts: drafts.end_typing(draft))
            opened = OpenDraft(self, draft, self.read(draft), claim)
        except BaseException:
            if claim is not None:
                claim.release()
            raise
        if claim is not None:
            self._opened[draft] = opened
        return opened

    def _claim(self, draft: str) -> Claim | None:
        return self.do(lambda drafts: drafts.claim(draft))

    def let_go(self, opened: OpenDraft) -> None:
        """Stop telling of a draft."""
        if self._opened.get(opened.id) is opened:
            del self._opened[opened.id]

    def opened(self, draft: str) -> OpenDraft | None:
        """Return a draft that is open here to be written; None if it is not."""
        return self._opened.get(draft)

    def read(self, draft: str) -> History:
        """Return the edits of a draft without opening it."""
        return self.do(lambda drafts: drafts.history(draft))

    def check_form(self, draft: str, form: str) -> None:
        """Refuse a draft whose answers a form does not ask.

        Raises
        ------
        TriageError
            If it was begun with another form.
        """
        of = self.do(lambda drafts: drafts.form_of(draft))
        if of != form:
            raise TriageError(
                f"This case is for the form {of!r}: open the program with --form {of}."
            )

    def note_sent(self, draft: str, sent: Sent) -> None:
        """Note what became of a letter of a draft."""
        self.do(lambda drafts: drafts.note_sent(draft, sent))

    def withdraw(self, draft: str, version: int, at: datetime, reason: str) -> None:
        """Note that a version of a draft is withdrawn."""
        self.do(lambda drafts: drafts.withdraw(draft, version, at, reason))

    def note_digest(self, draft: str, edits: int, says: str) -> None:
        """Keep what a list shows of a draft, where that can be: it can be worked out again."""
        with suppress(StoreError):
            self.do(lambda drafts: drafts.note_digest(draft, edits, says))

    def bin(self, draft: str) -> None:
        """Put a draft into the bin, where it stays for `BIN_DAYS`."""
        self._refuse_opened(draft)
        self.do(lambda drafts: drafts.bin(draft, self._clock()))

    def put_back(self, draft: str) -> None:
        """Take a draft out of the bin."""
        self.do(lambda drafts: drafts.put_back(draft))

    def delete(self, draft: str) -> None:
        """Delete a draft for good."""
        self._refuse_opened(draft)
        self.do(lambda drafts: drafts.delete(draft))

    def _refuse_opened(self, draft: str) -> None:
        # Its claim is ours, so the store sees nothing against it.
        if draft in self._opened and not self.writer.is_locked:
            raise StoreError("A window has this case open. Close it there first.")

    def save_elsewhere(self, folder: Path) -> Path:
        """Copy everything into `folder`, encrypted as it is here, with what is unsaved, and go on there.

        Returns
        -------
        Path
            Where the drafts are now: `folder` itself, or a new one in it if something is there already.

        Raises
        ------
        StoreError
            If it cannot be written there either; then nothing has changed.
        """
        if folder.exists() and any(folder.iterdir()):
            folder /= _ELSEWHERE
        logs = {draft: opened.history.edits for draft, opened in self._opened.items()}
        self.writer.save_elsewhere(folder, logs).result()
        self.folder = folder
        for opened in self._opened.values():
            opened.claim_anew(self._claim(opened.id))
        return folder

    def lock(self) -> bool:
        """Write everything, close the file and let go of its key; return whether all is on the disk.

        What is not waits in memory. The claims stay: no other window takes a case meanwhile.
        """
        # Every draft, also after one that fails.
        kept = [opened.flush() for opened in tuple(self._opened.values())]
        self.writer.lock()
        self._key = b""
        return all(kept)

    def unlock(self, passphrase: str | None) -> None:
        """Open the file again by the passphrase or recovery key, or by the key store if none is given.

        Raises
        ------
        KeyRefusedError
            If that does not open it.
        StoreError
            If the file or its keys cannot be used.
        """
        # Keys that were lost meanwhile are put back by the thread that writes.
        self.writer.flush()
        key = open_keys(self.folder, passphrase)
        self.writer.unlock(key)
        self._key = key

    @property
    def key(self) -> bytes:
        """What opens the drafts; empty while they are locked."""
        return self._key

    def back_up(self, into: Path) -> Popen[bytes] | None:
        """Start a backup, if anything changed since the last one and the drafts are not locked."""
        from triage.store.backups import start_backup

        return start_backup(self.folder, self._key, into) if self._key else None

    def close(self) -> bool:
        """Write everything and close the drafts; return whether all of it is on the disk."""
        return self.writer.close()

    def __enter__(self) -> DraftStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _unheard(_: object) -> None:
    """Stand in for a listener."""
