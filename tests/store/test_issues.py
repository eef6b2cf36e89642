from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import apsw
import pytest

from tests.store.helpers import AT, letter, typed
from triage.errors import StoreError
from triage.model.history import History
from triage.store import Drafts
from triage.store.records import Sent
from triage.store.rows import one


@pytest.fixture
def draft(drafts: Drafts) -> str:
    made, history = drafts.create("muscle_cramps", "content-1", AT), History()
    for text in ("one", "two", "three"):
        drafts.append(made, typed(history, text))
    return made


def test_an_issued_letter_comes_back_byte_for_byte(drafts: Drafts, draft: str) -> None:
    first = letter(1, 2, text="\0\xff" * 70_000)
    second = replace(letter(2, 3), replaces=1, at=AT + timedelta(days=1))
    for issue in (first, second):
        drafts.issue(draft, issue)
    assert drafts.issues(draft) == [first, second]
    assert first.sha256 == one(drafts._connection, "SELECT sha256 FROM issue")


def test_one_version_can_go_to_several_recipients(drafts: Drafts, draft: str) -> None:
    for recipient in ("neurology", "neurophysiology", "patient"):
        drafts.issue(draft, letter(1, 3, recipient))
    assert [i.recipient for i in drafts.issues(draft)] == [
        "neurology",
        "neurophysiology",
        "patient",
    ]
    assert drafts.list()[0].state == "issued v1"


@pytest.mark.parametrize(
    ("version", "case_n", "recipient"),
    [
        (1, 3, "new"),  # an old version is complete
        (2, 3, "neurology"),  # issued already
        (2, 2, "new"),  # another case under one version
        (4, 3, "neurology"),  # leaves one out
        (3, 4, "neurology"),  # covers edits that are not saved
        (3, 0, "neurology"),
    ],
)
def test_a_letter_that_does_not_continue_is_refused(
    drafts: Drafts, draft: str, version: int, case_n: int, recipient: str
) -> None:
    drafts.issue(draft, letter(1, 2))
    drafts.issue(draft, letter(2, 3))
    with pytest.raises(StoreError, match="does not continue"):
        drafts.issue(draft, letter(version, case_n, recipient))
    assert len(drafts.issues(draft)) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE issue SET pdf = x'00'",
        "UPDATE issue SET recipient = 'x'",
        "UPDATE OR IGNORE issue SET version = 7",
        "DELETE FROM issue",
        "DELETE FROM draft",
        "DELETE FROM edit",
        "REPLACE INTO issue SELECT * FROM issue",
        "INSERT OR REPLACE INTO issue SELECT seq, draft, version, recipient, template, case_n, at, x'00', sha256,"
        " fingerprint, replaces FROM issue",
        "INSERT INTO issue SELECT seq, draft, version, recipient, template, case_n, at, x'00', sha256,"
        " fingerprint, replaces FROM issue WHERE true"
        " ON CONFLICT DO UPDATE SET pdf = excluded.pdf",
        "UPDATE withdrawal SET version = 2",
        "DELETE FROM withdrawal",
        "REPLACE INTO withdrawal SELECT draft, version, at, 'other' FROM withdrawal",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_an_issued_letter_cannot_be_changed_by_sql(
    drafts: Drafts, draft: str, statement: str, recursive: str
) -> None:
    drafts.issue(draft, letter(1, 2))
    drafts.withdraw(draft, 1, AT, "wrong recipient")
    before = drafts.issues(draft)
    connection = drafts._connection
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(apsw.ConstraintError):
        connection.execute(statement)
    assert drafts.issues(draft) == before
    assert drafts.history(draft).n == 3


def test_withdrawing_leaves_the_letter(drafts: Drafts, draft: str) -> None:
    drafts.issue(draft, letter(1, 3))
    drafts.withdraw(draft, 1, AT, "wrong recipient")
    [issue] = drafts.issues(draft)
    assert (issue.withdrawn_at, issue.withdrawn_because) == (AT, "wrong recipient")
    assert issue.pdf == letter(1, 3).pdf
    for version in (1, 2):
        with pytest.raises(StoreError, match="cannot be withdrawn"):
            drafts.withdraw(draft, version, AT)
    with pytest.raises(StoreError, match="does not continue"):
        drafts.issue(draft, letter(1, 3, "another"))


def test_a_draft_with_issued_letters_is_never_deleted(drafts: Drafts, draft: str) -> None:
    drafts.issue(draft, letter(1, 3))
    with pytest.raises(StoreError, match="issued letters"):
        drafts.delete(draft)
    assert len(drafts.list()) == 1


def test_verify_finds_what_somebody_with_the_key_changed(drafts: Drafts, draft: str) -> None:
    drafts.issue(draft, letter(1, 2))
    assert drafts.verify() == []
    connection = drafts._connection
    for trigger in ("issue_is_not_changed", "edit_is_not_changed", "edit_is_not_deleted"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE issue SET pdf = CAST('other' AS BLOB)")
    connection.execute("UPDATE edit SET key = 'note.other' WHERE n = 2")
    connection.execute("UPDATE draft SET family = 'x'")
    faults = "\n".join(drafts.verify())
    assert "letter v1 is not the one that was issued" in faults
    assert "The edits of this case are not those that were saved" in faults
    assert "the name in the list" in faults
    with pytest.raises(StoreError, match="not the one that was issued"):
        drafts.issues(draft)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM edit WHERE n = 2")
    assert "edit 2 is missing" in "\n".join(drafts.verify())
    connection.execute('UPDATE edit SET new = \'{"type": "secret"}\' WHERE n = 1')
    with pytest.raises(StoreError, match="2 of the 3 edits of this case are left") as caught:
        drafts.history(draft)
    assert caught.value.__cause__ is None
    faults = "\n".join(drafts.verify())
    assert "Edit 1 of a draft cannot be read" in faults
    assert "secret" not in str(caught.value) + faults


def test_what_became_of_a_letter_is_kept_in_order_and_never_changed(
    drafts: Drafts, draft: str
) -> None:
    drafts.issue(draft, letter(1, 3))
    (info,) = drafts.list()
    (key,) = info.letters
    noted = (
        Sent(*key, "print", AT),
        Sent(*key, "handed", AT, "the daughter"),
        Sent(*key, "returned", AT + timedelta(days=3), "no creatine kinase"),
        Sent(*key, "later", AT + timedelta(days=4), "", "2026-12-01"),
    )
    for sent in noted:
        drafts.note_sent(draft, sent)
    assert drafts.list()[0].sent == noted
    assert repr(noted[1]) == "<Sent v1, handed>"
    for query in ("UPDATE sent SET says = ''", "DELETE FROM sent"):
        with pytest.raises(apsw.ConstraintError):
            drafts._connection.execute(query)
    with pytest.raises(StoreError, match="not issued to this recipient"):
        drafts.note_sent(draft, Sent(2, *key[1:], "seen", AT))


def test_a_digest_holds_until_the_case_goes_on(drafts: Drafts, draft: str) -> None:
    history = drafts.history(draft)
    drafts.note_digest(draft, history.n, "worked out")
    (info,) = drafts.list()
    assert (info.digest, info.edits) == ("worked out", history.n)
    drafts.append(draft, typed(history, "four"))
    (later,) = drafts.list()
    assert later.digest == ""
    drafts.note_digest(draft, history.n, "anew")
    assert drafts.list()[0].digest == "anew"
    assert drafts.verify() == []
    # It is no part of the case: deleting one that was never issued takes it along.
    drafts.delete(draft)
    assert one(drafts._connection, "SELECT count(*) FROM digest") == 0
