"""One who does anything in any order, in two windows: after every step the disk holds what a simple model says.

The model knows nothing of edits and logs: a case is what stands in it, and undo is a pile of what stood before.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import the_assessor
from tests.store.helpers import AT, CHEAP
from triage.model.values import Finding, Text, Value
from triage.session import Session
from triage.session.draft import DraftStore, OpenDraft
from triage.store import Drafts, Issue
from triage.store.backups import make_backup, restore
from triage.store.keyfile import read_keys
from triage.store.keys import create_keys

NAME, NOTE, FOUND = "patient.family_name", "note.complaint", "rf.fever"
TEXTS = st.sampled_from(["", "S", "Sp", "Specimen", "An invented note", "Ein Satz.\nZwei."])


@dataclass
class Case:
    """What one case should be."""

    values: dict[str, Value] = field(default_factory=dict)
    past: list[dict[str, Value]] = field(default_factory=list)
    future: list[dict[str, Value]] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    issued: dict[str, Value] | None = None
    is_binned: bool = False
    # Whether anything was ever recorded: only then it is a case.
    is_begun: bool = False

    @property
    def is_as_issued(self) -> bool:
        return self.issued == self.values


class User(RuleBasedStateMachine):
    """Works with two windows on the real store."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="triage-user-"))
        self.folder = self.home / "store"
        self.key = create_keys(self.folder, "four brown cows", cost=CHEAP)
        self.at = AT
        self.store = DraftStore(self.folder, self.key, self.clock)
        self.cases: dict[str, Case] = {}
        self.backed: tuple[Path, dict[str, Case]] | None = None
        self.draft: OpenDraft | None = None
        self.session: Session | None = None
        # The field and the edit at which it is being typed in.
        self.stay: tuple[str, int] | None = None

    def clock(self) -> datetime:
        return self.at

    @initialize()
    def begin(self) -> None:
        self.new_case()

    # -- windows ----------------------------------------------------------------------------------

    def _work_on(self, opened: OpenDraft) -> None:
        self._close()
        self.draft, self.stay = opened, None
        self.session = Session(
            the_assessor(),
            opened.history,
            self.clock,
            read_only=opened.read_only,
            keep=opened.submit,
        )
        if letters := opened.issues():
            self.session.seal(letters[-1].case_n)

    def _close(self) -> None:
        if self.draft is not None:
            assert self.draft.close()
        self.draft = self.session = self.stay = None

    def _go_on(self) -> None:
        """Work on some case again, most of all on one that holds something."""
        self._close()
        found = [draft for draft, case in self.cases.items() if not case.is_binned]
        if found:
            self._work_on(
                self.store.open(max(found, key=lambda draft: len(self.cases[draft].past)))
            )

    @property
    def case(self) -> Case:
        assert self.draft is not None
        return self.cases[self.draft.id]

    @rule()
    def new_case(self) -> None:
        opened = self.store.create(the_assessor().content)
        self.cases[opened.id] = Case()
        self._work_on(opened)

    @rule(data=st.data())
    def open_a_case(self, data: st.DataObject) -> None:
        self._close()
        draft = data.draw(st.sampled_from(list(self.cases)))
        opened = self.store.open(draft)
        assert not opened.read_only
        self._work_on(opened)

    @precondition(lambda self: self.draft is not None)
    @rule()
    def look_in_a_second_window(self) -> None:
        assert self.draft is not None
        second = self.store.open(self.draft.id)
        assert second.read_only
        session = Session(
            the_assessor(), second.history, self.clock, read_only=True, keep=second.submit
        )
        session.set(FOUND, Finding(present=True))
        session.type(NOTE, Text(text="not by this one"), join=False)
        assert dict(session.case) == self.case.values
        assert second.close()

    # -- recording --------------------------------------------------------------------------------

    def _record(self, key: str, value: Value | None, *, joined: bool = False) -> None:
        case = self.case
        if case.values.get(key) == value:
            return
        if not joined or case.is_as_issued or not case.past:
            case.past.append(dict(case.values))
            case.future.clear()
        # What is worked on leaves the bin.
        case.is_begun, case.is_binned = True, False
        case.values.pop(key, None)
        if value is not None:
            case.values[key] = value

    @precondition(lambda self: self.session is not None)
    @rule(key=st.sampled_from([NAME, NOTE]), text=TEXTS)
    def type_into_a_field(self, key: str, text: str) -> None:
        self.stay = None
        self._type(key, text)

    def _type(self, key: str, text: str) -> None:
        assert self.session is not None
        value = Text(text=text) if text else None
        joined = self.stay == (key, self.session.history.n)
        before = self.session.history.n
        self._record(key, value, joined=joined)
        self.session.type(key, value, join=joined)
        if self.session.history.n != before:
            self.stay = key, self.session.history.n

    @precondition(lambda self: self.stay is not None)
    @rule(text=TEXTS)
    def type_on(self, text: str) -> None:
        assert self.stay is not None
        self._type(self.stay[0], text)

    @precondition(lambda self: self.session is not None)
    @rule()
    def leave_the_field(self) -> None:
        assert self.session is not None
        self.session.end_typing()
        self.stay = None

    @precondition(lambda self: self.session is not None)
    @rule(present=st.sampled_from([True, False, None]))
    def answer(self, present: bool | None) -> None:
        assert self.session is not None
        value = None if present is None else Finding(present=present)
        self._record(FOUND, value)
        self.session.set(FOUND, value)

    @precondition(lambda self: self.session is not None)
    @rule()
    def undo(self) -> None:
        assert self.session is not None
        case = self.case
        if case.past and not case.is_as_issued:
            case.future.append(dict(case.values))
            case.values = case.past.pop()
            case.is_binned = False
            self.stay = None
        else:
            assert not self.session.can_undo
        self.session.undo()

    @precondition(lambda self: self.session is not None and self.session.can_redo)
    @rule()
    def redo(self) -> None:
        assert self.session is not None
        case = self.case
        case.past.append(dict(case.values))
        case.values = case.future.pop()
        case.is_binned = False
        self.stay = None
        self.session.redo()

    @precondition(lambda self: self.draft is not None)
    @rule()
    def save_now(self) -> None:
        assert self.draft is not None
        assert self.draft.flush()

    # -- letters ----------------------------------------------------------------------------------

    @precondition(lambda self: self.draft is not None and self.case.is_begun)
    @rule()
    def issue(self) -> None:
        assert self.draft is not None
        assert self.session is not None
        case = self.case
        version = len(case.letters) + 1
        pdf = f"%PDF {self.draft.id} {version} {sorted(case.values)}".encode()
        self.session.end_typing()
        n = self.session.history.n
        self.draft.issue(
            Issue(
                version=version,
                recipient="neurology",
                case_n=n,
                at=self.at,
                pdf=pdf,
                fingerprint="1",
            )
        )
        self.session.seal(n)
        case.is_binned = False
        case.letters.append(pdf)
        case.issued = dict(case.values)

    @precondition(lambda self: self.draft is not None and self.case.letters)
    @rule()
    def withdraw(self) -> None:
        assert self.draft is not None
        case = self.case
        if (version := len(case.letters)) not in case.withdrawn:
            self.draft.withdraw(version, self.at, "an invented reason")
            case.withdrawn.append(version)

    # -- the list ---------------------------------------------------------------------------------

    @rule(data=st.data())
    def put_away_and_back(self, data: st.DataObject) -> None:
        self._close()
        draft = data.draw(st.sampled_from(list(self.cases)))
        case = self.cases[draft]
        if case.is_binned:
            self.store.put_back(draft)
            case.is_binned = False
        elif not case.letters:
            self.store.bin(draft)
            case.is_binned = True
        self._go_on()

    @precondition(lambda self: any(case.is_binned for case in self.cases.values()))
    @rule(data=st.data())
    def delete_for_good(self, data: st.DataObject) -> None:
        self._close()
        binned = [draft for draft, case in self.cases.items() if case.is_binned]
        draft = data.draw(st.sampled_from(binned))
        if not self.cases[draft].letters:
            self.store.delete(draft)
            del self.cases[draft]
            if not self.cases:
                self.new_case()
        self._go_on()

    # -- the store --------------------------------------------------------------------------------

    @rule()
    def begin_anew(self) -> None:
        self._close()
        assert self.store.close()
        self.store = DraftStore(self.folder, self.key, self.clock)
        self._go_on()

    @rule()
    def lock_and_unlock(self) -> None:
        self.store.lock()
        self.store.unlock("four brown cows")
        self.stay = None

    @rule()
    def back_up(self) -> None:
        self._close()
        self.at += timedelta(minutes=1)
        made = self.store.do(lambda drafts: make_backup(drafts, self.home / "backups", self.at))
        self.backed = made.path, copy.deepcopy(self.cases)
        self._go_on()

    @precondition(lambda self: self.backed is not None)
    @rule()
    def restore(self) -> None:
        assert self.backed is not None
        self._close()
        assert self.store.close()
        path, cases = self.backed
        restore(self.folder, path, self.key, read_keys(self.folder))
        self.cases = copy.deepcopy(cases)
        self.store = DraftStore(self.folder, self.key, self.clock)
        self._go_on()

    # -- what the disk holds ----------------------------------------------------------------------

    @invariant()
    def the_disk_holds_what_the_model_says(self) -> None:
        assert self.store.writer.flush(20)
        if self.session is not None:
            assert dict(self.session.case) == self.case.values
        # As a kill at this moment leaves it.
        left = self.home / "left"
        shutil.rmtree(left, ignore_errors=True)
        left.mkdir()
        shutil.copyfile(self.folder / "drafts.db", left / "drafts.db")
        with Drafts.open(left, self.key) as drafts:
            assert drafts.verify() == []
            shown = {info.id: info for info in drafts.list()}
            binned = {info.id for info in drafts.list(show="bin")}
            begun = {draft for draft, case in self.cases.items() if case.is_begun}
            assert shown.keys() == {d for d in begun if not self.cases[d].is_binned}
            assert binned == {d for d in begun if self.cases[d].is_binned}
            for draft, case in self.cases.items():
                history = drafts.history(draft)
                assert dict(history.case) == case.values
                if self.draft is not None and self.draft.id == draft:
                    assert history.edits == self.draft.history.edits
                letters = drafts.issues(draft)
                assert [issue.pdf for issue in letters] == case.letters
                gone = [issue.version for issue in letters if issue.withdrawn_at is not None]
                assert gone == case.withdrawn
                if info := shown.get(draft):
                    name = case.values.get(NAME)
                    assert info.name == (name.text if isinstance(name, Text) else "")
                    assert info.state == _state(case)

    def teardown(self) -> None:
        if self.draft is not None:
            self.draft.close()
        self.store.close()
        shutil.rmtree(self.home, ignore_errors=True)


def _state(case: Case) -> str:
    if not case.letters:
        return "draft"
    if not case.is_as_issued:
        return f"amending v{len(case.letters) + 1}"
    return "withdrawn" if len(case.letters) in case.withdrawn else f"issued v{len(case.letters)}"


def user(number: int) -> None:
    """Work as four users do; the same for a number each time."""
    run_state_machine_as_test(
        seed(number)(User),
        # A failure is told as it was met: a search for a shorter one takes minutes.
        settings=settings(
            max_examples=4,
            stateful_step_count=50,
            deadline=None,
            database=None,
            phases=[Phase.generate],
        ),
    )
