"""The tables, and the steps that bring an older file up to date."""

from __future__ import annotations

import apsw

from triage.errors import StoreError

_STEP_1 = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
INSERT INTO meta VALUES ('application', 'cramp-triage');

CREATE TABLE draft (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, form TEXT NOT NULL, fingerprint TEXT NOT NULL,
    created TEXT NOT NULL, family TEXT NOT NULL DEFAULT '', given TEXT NOT NULL DEFAULT '',
    born TEXT NOT NULL DEFAULT '', name_search TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE VIRTUAL TABLE name_index USING fts5(name_search, tokenize = 'trigram');
-- Forget the name of a deleted draft at once, not when segments happen to be merged.
INSERT INTO name_index(name_index, rank) VALUES ('secure-delete', 1);

CREATE TABLE edit (
    draft INTEGER NOT NULL REFERENCES draft(seq) ON DELETE CASCADE, n INTEGER NOT NULL,
    at TEXT NOT NULL, key TEXT NOT NULL, old TEXT, new TEXT, grp INTEGER NOT NULL, undoes INTEGER,
    PRIMARY KEY (draft, n)
) WITHOUT ROWID, STRICT;
CREATE TRIGGER edit_continues BEFORE INSERT ON edit
WHEN NEW.n <> 1 + (SELECT coalesce(max(n), 0) FROM edit WHERE draft = NEW.draft)
BEGIN SELECT RAISE(ABORT, 'an edit continues the log'); END;
CREATE TRIGGER edit_is_not_changed BEFORE UPDATE ON edit
BEGIN SELECT RAISE(ABORT, 'an edit is never changed'); END;
-- While its draft stands; with the draft (then already gone) its edits go too.
CREATE TRIGGER edit_is_not_deleted BEFORE DELETE ON edit
WHEN EXISTS (SELECT 1 FROM draft WHERE seq = OLD.draft)
BEGIN SELECT RAISE(ABORT, 'an edit is never deleted'); END;

CREATE TABLE issue (
    draft INTEGER NOT NULL REFERENCES draft(seq) ON DELETE RESTRICT, version INTEGER NOT NULL,
    recipient TEXT NOT NULL, case_n INTEGER NOT NULL, at TEXT NOT NULL, pdf BLOB NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64), fingerprint TEXT NOT NULL, replaces INTEGER,
    PRIMARY KEY (draft, version, recipient),
    FOREIGN KEY (draft, case_n) REFERENCES edit(draft, n)
) STRICT;
-- The first half also stops INSERT OR REPLACE, which deletes without firing delete triggers.
CREATE TRIGGER issue_continues BEFORE INSERT ON issue
WHEN EXISTS (SELECT 1 FROM issue WHERE draft = NEW.draft AND (
        version > NEW.version OR (version = NEW.version AND
            (recipient = NEW.recipient OR case_n <> NEW.case_n))))
    OR EXISTS (SELECT 1 FROM withdrawal WHERE draft = NEW.draft AND version = NEW.version)
    OR NEW.version > 1 + (SELECT coalesce(max(version), 0) FROM issue WHERE draft = NEW.draft)
BEGIN SELECT RAISE(ABORT, 'an issue continues the issues'); END;
CREATE TRIGGER issue_is_not_changed BEFORE UPDATE ON issue
BEGIN SELECT RAISE(ABORT, 'an issue is never changed'); END;
CREATE TRIGGER issue_is_not_deleted BEFORE DELETE ON issue
BEGIN SELECT RAISE(ABORT, 'an issue is never deleted'); END;

CREATE TABLE withdrawal (
    draft INTEGER NOT NULL REFERENCES draft(seq) ON DELETE RESTRICT, version INTEGER NOT NULL,
    at TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (draft, version)
) WITHOUT ROWID, STRICT;
CREATE TRIGGER withdrawal_stands BEFORE INSERT ON withdrawal
WHEN EXISTS (SELECT 1 FROM withdrawal WHERE draft = NEW.draft AND version = NEW.version)
    OR NOT EXISTS (SELECT 1 FROM issue WHERE draft = NEW.draft AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a withdrawal is made once, of an issue'); END;
CREATE TRIGGER withdrawal_is_not_changed BEFORE UPDATE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never changed'); END;
CREATE TRIGGER withdrawal_is_not_deleted BEFORE DELETE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never deleted'); END;
"""

# One entry for each released schema; an entry is never edited after its release.
STEPS = (_STEP_1,)
VERSION = len(STEPS)


def version_of(connection: apsw.Connection) -> int:
    """Return the schema version of the file; 0 for a new one."""
    return int(connection.pragma("user_version"))


def refuse_newer(connection: apsw.Connection, where: str) -> None:
    """Raise `StoreError` if a newer program made the file; nothing is written."""
    found = version_of(connection)
    if found > VERSION:
        raise StoreError(
            f"The drafts in {where} were made by a newer version of this program (format {found},"
            f" this program knows {VERSION}). Nothing was changed: update the program to open them."
        )


def migrate(connection: apsw.Connection) -> None:
    """Bring the file up to date, step by step, all in one transaction."""
    with connection:
        for number, step in enumerate(STEPS[version_of(connection) :], version_of(connection) + 1):
            connection.execute(step)
            connection.pragma("user_version", number)
