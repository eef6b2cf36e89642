"""First start, keys lost and found, and every way in: nothing here may ever cost a case."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP, typed
from triage.errors import KeyRefusedError, StoreError
from triage.model.history import History
from triage.store import (
    Drafts,
    MissingDraftsError,
    Writer,
    change_passphrase,
    create_keys,
    describe_keys,
    keys_exist,
    make_recovery_key,
    open_keys,
)
from triage.store import connection as connection_module
from triage.store import keyfile as keyfile_module
from triage.store.keyfile import dump_keys, read_keys

# -- the first start ------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["write_first", "_put", "write_durably", "name_database"])
def test_a_first_start_that_is_cut_short_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    module = connection_module if step == "name_database" else keyfile_module
    if step == "write_first":
        from triage.store import keys as module  # type: ignore[no-redef]

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, step, cut)
        with pytest.raises(KeyboardInterrupt):
            create_keys(tmp_path, PASSPHRASE, cost=CHEAP)
    made = keys_exist(tmp_path)
    key = open_keys(tmp_path, PASSPHRASE) if made else create_keys(tmp_path, PASSPHRASE, cost=CHEAP)
    with Drafts.open(tmp_path, key) as drafts:
        assert drafts.list() == []


def test_set_up_never_runs_while_drafts_lie_there(folder: Path, key: bytes) -> None:
    for name in ("keys.json", "keys.json.bak"):
        (folder / name).unlink()
    before = (folder / "drafts.db").read_bytes()
    with pytest.raises(StoreError, match="There are drafts in"):
        create_keys(folder, PASSPHRASE, cost=CHEAP)
    assert not keys_exist(folder)
    assert (folder / "drafts.db").read_bytes() == before


def test_an_empty_list_is_never_begun_without_a_question(folder: Path, drafts: Drafts) -> None:
    drafts.close()
    (folder / "drafts.db").rename(folder / "moved.db")
    key = open_keys(folder, PASSPHRASE)
    with pytest.raises(MissingDraftsError, match="Bring it back"):
        Drafts.open(folder, key)
    assert not (folder / "drafts.db").exists()
    (folder / "moved.db").rename(folder / "drafts.db")
    with Drafts.open(folder, key) as again:
        assert again.verify() == []


# -- keys lost, damaged, changed ------------------------------------------------------------------


@pytest.mark.parametrize("data", [None, b"", b"{", b"\xff\xfe"])
def test_the_second_copy_stands_in_and_both_are_whole_again(
    folder: Path, key: bytes, data: bytes | None
) -> None:
    whole = (folder / "keys.json").read_bytes()
    if data is None:
        (folder / "keys.json").unlink()
    else:
        (folder / "keys.json").write_bytes(data)
    assert open_keys(folder, PASSPHRASE) == key
    with Drafts.open(folder, key) as drafts:
        assert "put back from its second copy" in drafts.says
    assert (folder / "keys.json").read_bytes() == whole == (folder / "keys.json.bak").read_bytes()
    if data:
        assert (folder / "keys.json.damaged-1").read_bytes() == data
    with Drafts.open(folder, key) as drafts:
        assert drafts.says == ""


def test_a_store_of_an_older_program_gets_its_second_copy_and_its_note(
    folder: Path, key: bytes
) -> None:
    (folder / "keys.json.bak").unlink()
    (folder / "drafts.db.keyid").unlink()
    with Drafts.open(folder, key) as drafts:
        assert drafts.says == ""
    assert (folder / "keys.json.bak").read_bytes() == (folder / "keys.json").read_bytes()
    assert (folder / "drafts.db.keyid").exists()


def test_an_older_store_that_can_only_be_read_opens(
    folder: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "keys.json.bak").unlink()
    (folder / "drafts.db.keyid").unlink()

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(keyfile_module, "write_durably", refuse)
    monkeypatch.setattr(connection_module, "write_durably", refuse)
    with Drafts.open(folder, key) as drafts:
        assert drafts.list() == []


@pytest.mark.parametrize("what", ["removed", "damaged", "both removed", "of another store"])
def test_keys_lost_while_the_program_runs_are_put_back_and_it_is_said(
    folder: Path, key: bytes, tmp_path: Path, what: str
) -> None:
    told: list[str] = []
    history = History()
    writer = Writer(Drafts.open(folder, key), lambda *_: None, told.append, on_told=told.append)
    draft = writer.call(lambda d: d.create("f", "c", AT)).result(10)
    writer.submit(draft, typed(history, "one"))
    assert writer.flush(10)
    assert told == []
    whole = (folder / "keys.json").read_bytes()
    if what == "damaged":
        (folder / "keys.json").write_bytes(b"{")
    elif what == "of another store":
        create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
        shutil.copy(tmp_path / "other" / "keys.json", folder / "keys.json")
    else:
        (folder / "keys.json").unlink()
        if what == "both removed":
            (folder / "keys.json.bak").unlink()
    writer.submit(draft, typed(history, "two"))
    assert writer.flush(10)
    assert len(told) == 1
    assert "put back" in told[0]
    for name in ("keys.json", "keys.json.bak"):
        assert (folder / name).read_bytes() == whole
    writer.submit(draft, typed(history, "three"))
    assert writer.flush(10)
    assert len(told) == 1
    assert writer.close()
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert drafts.history(draft).edits == history.edits


def test_a_passphrase_changed_elsewhere_is_not_taken_back(folder: Path, key: bytes) -> None:
    told: list[str] = []
    writer = Writer(Drafts.open(folder, key), lambda *_: None, told.append, on_told=told.append)
    draft = writer.call(lambda d: d.create("f", "c", AT)).result(10)
    change_passphrase(folder, PASSPHRASE, "another one", CHEAP)
    writer.submit(draft, typed(History(), "one"))
    assert writer.close()
    assert told == []
    assert open_keys(folder, "another one") == key


@pytest.mark.parametrize("at", ["second", "first"])
def test_a_change_that_is_cut_short_leaves_one_passphrase_that_opens(
    folder: Path, key: bytes, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    honest = keyfile_module.write_durably

    def cut(path: Path, data: bytes) -> None:
        if (path.name == "keys.json") == (at == "first"):
            raise KeyboardInterrupt
        honest(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(keyfile_module, "write_durably", cut)
        with pytest.raises(KeyboardInterrupt):
            change_passphrase(folder, PASSPHRASE, "another one", CHEAP)
    assert open_keys(folder, PASSPHRASE) == key
    with Drafts.open(folder, key) as drafts:
        assert drafts.says == ""
    assert (folder / "keys.json").read_bytes() == (folder / "keys.json.bak").read_bytes()


def test_keys_that_cannot_be_read_back_are_not_taken(
    folder: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "keys.json").read_bytes()
    honest = keyfile_module.write_durably

    def torn(path: Path, data: bytes) -> None:
        honest(path, data[:-40] if data != before else data)

    monkeypatch.setattr(keyfile_module, "write_durably", torn)
    with pytest.raises(StoreError, match="the old ones stay"):
        change_passphrase(folder, PASSPHRASE, "another one", CHEAP)
    for name in ("keys.json", "keys.json.bak"):
        assert (folder / name).read_bytes() == before


@pytest.mark.parametrize(
    "slot",
    [
        {"memory_kib": 4 * 1024 * 1024},
        {"time": 1000},
        {"lanes": 64},
        {"lanes": 8, "memory_kib": 8},
        {"salt": "00"},
    ],
)
def test_what_keys_ask_for_has_bounds(folder: Path, key: bytes, slot: dict[str, object]) -> None:
    keys = read_keys(folder)
    assert keys.passphrase is not None
    wild = keys.passphrase.model_copy(update=slot)
    data = dump_keys(keys.model_copy(update={"passphrase": wild}))
    for name in ("keys.json", "keys.json.bak"):
        (folder / name).write_bytes(data)
    with pytest.raises(StoreError, match="set aside"):
        open_keys(folder, PASSPHRASE)


# -- what is typed --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["\ufeff{}", "{}  ", "{}\u00a0", " \ufeff{}\t", "{}\u200b"])
def test_marks_and_blanks_at_the_ends_are_never_part_of_a_passphrase(
    tmp_path: Path, text: str
) -> None:
    key = create_keys(tmp_path, text.format(PASSPHRASE), cost=CHEAP)
    assert open_keys(tmp_path, PASSPHRASE) == key
    assert open_keys(tmp_path, text.format(PASSPHRASE)) == key


def test_a_passphrase_of_an_older_program_with_blanks_still_opens(
    folder: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triage.store import keys

    with monkeypatch.context() as patch:
        patch.setattr(keys, "_cleaned", lambda text: text)
        change_passphrase(folder, PASSPHRASE, "with a blank ", CHEAP)
    assert open_keys(folder, "with a blank ") == key


# -- a key on paper -------------------------------------------------------------------------------


def test_a_recovery_key_opens_and_sets_a_new_passphrase(folder: Path, key: bytes) -> None:
    code = make_recovery_key(folder, PASSPHRASE)
    assert len(code.split("-")) == 9
    assert describe_keys(folder).recovery
    for typed_ in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')}\n"):
        assert open_keys(folder, typed_) == key
    as_read = code.replace("O", "0").replace("L", "1").replace("B", "8")
    assert open_keys(folder, as_read) == key
    change_passphrase(folder, code, "one that is remembered", CHEAP)
    assert open_keys(folder, "one that is remembered") == key
    assert open_keys(folder, code) == key
    with Drafts.open(folder, key) as drafts:
        assert drafts.verify() == []


def test_a_recovery_key_that_does_not_fit_is_told_apart(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    of_another = make_recovery_key(tmp_path / "other", PASSPHRASE)
    with pytest.raises(KeyRefusedError, match="have no recovery key"):
        open_keys(folder, of_another)
    older = make_recovery_key(folder, PASSPHRASE)
    code = make_recovery_key(folder, PASSPHRASE)
    for wrong in (of_another, older):
        with pytest.raises(KeyRefusedError, match="an older one, or of other drafts"):
            open_keys(folder, wrong)
    slip = ("B" if code[0] != "B" else "C") + code[1:]
    with pytest.raises(KeyRefusedError, match="group by group"):
        open_keys(folder, slip)


def test_words_that_look_like_a_code_are_a_passphrase(tmp_path: Path) -> None:
    words = "abcdefgh ijklmnop qrstuvwx yzabcdef ghij"
    key = create_keys(tmp_path, words, cost=CHEAP)
    assert open_keys(tmp_path, words) == key


def test_the_file_holds_no_recovery_key(folder: Path, key: bytes) -> None:
    code = make_recovery_key(folder, PASSPHRASE)
    data = (folder / "keys.json").read_bytes().upper()
    assert not [group for group in code.split("-") if group.encode() in data]
    assert json.loads(data.decode().lower())["triage_keys"] == 2


# -- all of it, in any order ----------------------------------------------------------------------

_SECRETS = st.sampled_from(["four brown cows", "five green pigs", "six blue horses"])


class WaysIn(RuleBasedStateMachine):
    """One store: set up, opened, its passphrase changed, its keys lost, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="triage-ways-"))
        self.key = b""
        self.passphrase = ""
        self.code = ""
        self.old_codes: list[str] = []
        self.cases = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(secret=_SECRETS)
    def set_up(self, secret: str) -> None:
        with pytest.raises(StoreError):
            create_keys(self.folder, "short", cost=CHEAP)
        assert not keys_exist(self.folder)
        self.key = create_keys(self.folder, secret, cost=CHEAP)
        self.passphrase = secret

    @rule(secret=_SECRETS)
    def set_up_again(self, secret: str) -> None:
        with pytest.raises(StoreError, match="exists already"):
            create_keys(self.folder, secret, cost=CHEAP)

    @rule(secret=_SECRETS)
    def unlock(self, secret: str) -> None:
        if secret == self.passphrase:
            assert open_keys(self.folder, secret) == self.key
        else:
            with pytest.raises(KeyRefusedError):
                open_keys(self.folder, secret)

    @rule(old=_SECRETS, new=_SECRETS)
    def change(self, old: str, new: str) -> None:
        if old == self.passphrase:
            change_passphrase(self.folder, old, new, CHEAP)
            self.passphrase = new
        else:
            with pytest.raises(KeyRefusedError):
                change_passphrase(self.folder, old, new, CHEAP)

    @rule()
    def print_recovery_key(self) -> None:
        if self.code:
            self.old_codes.append(self.code)
        self.code = make_recovery_key(self.folder, self.passphrase)

    @precondition(lambda self: self.code)
    @rule(new=_SECRETS)
    def recover(self, new: str) -> None:
        change_passphrase(self.folder, self.code, new, CHEAP)
        self.passphrase = new

    @precondition(lambda self: self.old_codes)
    @rule()
    def use_an_old_recovery_key(self) -> None:
        with pytest.raises(KeyRefusedError):
            open_keys(self.folder, self.old_codes[-1])

    @rule(name=st.sampled_from(["keys.json", "keys.json.bak"]), data=st.sampled_from([b"", b"{"]))
    def lose_one_copy(self, name: str, data: bytes) -> None:
        if data:
            (self.folder / name).write_bytes(data)
        else:
            (self.folder / name).unlink()
        with Drafts.open(self.folder, self.key):
            pass

    @rule()
    def keep_a_case(self) -> None:
        with Drafts.open(self.folder, open_keys(self.folder, self.passphrase)) as drafts:
            drafts.create("f", "c", AT, typed(History(), "one"))
        self.cases += 1

    @invariant()
    def nothing_is_lost(self) -> None:
        if not self.key:
            return
        assert open_keys(self.folder, self.passphrase) == self.key
        with Drafts.open(self.folder, self.key) as drafts:
            assert len(drafts.list()) == self.cases


TestWaysIn = WaysIn.TestCase
TestWaysIn.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, database=None
)
