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

# The chain of each case, and the numbers of its patient, are filled in by `rows.count_up`.
_STEP_2 = """
-- What is being typed in one field, replaced in place; it comes after the last edit of its draft.
CREATE TABLE typing (
    draft INTEGER PRIMARY KEY REFERENCES draft(seq) ON DELETE CASCADE,
    key TEXT NOT NULL, grp INTEGER NOT NULL, value TEXT, at TEXT NOT NULL
) STRICT;

-- How many edits there are, and a hash over all of them; the place in the order of changes; since when
-- it is in the bin.
ALTER TABLE draft ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draft ADD COLUMN chain TEXT NOT NULL DEFAULT '';
ALTER TABLE draft ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draft ADD COLUMN binned TEXT;
-- With all that a search asks, so that no row is read in vain.
CREATE INDEX draft_changed ON draft(changed, binned, name_search, edits);
CREATE INDEX draft_binned ON draft(changed) WHERE binned IS NOT NULL;
CREATE INDEX draft_born ON draft(born);
CREATE INDEX draft_name ON draft(family COLLATE NOCASE, given COLLATE NOCASE);
CREATE TABLE identifier (
    value TEXT NOT NULL, draft INTEGER NOT NULL REFERENCES draft(seq) ON DELETE CASCADE,
    PRIMARY KEY (value, draft)
) WITHOUT ROWID, STRICT;
CREATE INDEX identifier_draft ON identifier(draft);

-- What stood before an edit follows from the edits before it.
DROP TRIGGER edit_is_not_changed;
DROP TRIGGER edit_is_not_deleted;
ALTER TABLE edit DROP COLUMN old;
CREATE TRIGGER edit_is_not_changed BEFORE UPDATE ON edit
BEGIN SELECT RAISE(ABORT, 'an edit is never changed'); END;
-- While its draft stands; with the draft (then already gone) its edits go too.
CREATE TRIGGER edit_is_not_deleted BEFORE DELETE ON edit
WHEN EXISTS (SELECT 1 FROM draft WHERE seq = OLD.draft)
BEGIN SELECT RAISE(ABORT, 'an edit is never deleted'); END;

-- One letter for each recipient and template; '' where an older program did not note it.
DROP TRIGGER issue_continues;
DROP TRIGGER issue_is_not_changed;
DROP TRIGGER issue_is_not_deleted;
DROP TRIGGER withdrawal_stands;
ALTER TABLE issue RENAME TO issue_1;
CREATE TABLE issue (
    seq INTEGER PRIMARY KEY,
    draft INTEGER NOT NULL REFERENCES draft(seq) ON DELETE RESTRICT, version INTEGER NOT NULL,
    recipient TEXT NOT NULL, template TEXT NOT NULL, case_n INTEGER NOT NULL, at TEXT NOT NULL,
    pdf BLOB NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    fingerprint TEXT NOT NULL, replaces INTEGER,
    UNIQUE (draft, version, recipient, template),
    FOREIGN KEY (draft, case_n) REFERENCES edit(draft, n)
) STRICT;
INSERT INTO issue SELECT rowid, draft, version, recipient, '', case_n, at, pdf, sha256, fingerprint, replaces
FROM issue_1;
DROP TABLE issue_1;
-- The first half also stops INSERT OR REPLACE, which deletes without firing delete triggers.
CREATE TRIGGER issue_continues BEFORE INSERT ON issue
WHEN EXISTS (SELECT 1 FROM issue WHERE draft = NEW.draft AND (
        version > NEW.version OR (version = NEW.version AND
            ((recipient = NEW.recipient AND template = NEW.template) OR case_n <> NEW.case_n))))
    OR EXISTS (SELECT 1 FROM withdrawal WHERE draft = NEW.draft AND version = NEW.version)
    OR NEW.version > 1 + (SELECT coalesce(max(version), 0) FROM issue WHERE draft = NEW.draft)
BEGIN SELECT RAISE(ABORT, 'an issue continues the issues'); END;
CREATE TRIGGER issue_is_not_changed BEFORE UPDATE ON issue
BEGIN SELECT RAISE(ABORT, 'an issue is never changed'); END;
CREATE TRIGGER issue_is_not_deleted BEFORE DELETE ON issue
BEGIN SELECT RAISE(ABORT, 'an issue is never deleted'); END;
CREATE TRIGGER withdrawal_stands BEFORE INSERT ON withdrawal
WHEN EXISTS (SELECT 1 FROM withdrawal WHERE draft = NEW.draft AND version = NEW.version)
    OR NOT EXISTS (SELECT 1 FROM issue WHERE draft = NEW.draft AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a withdrawal is made once, of an issue'); END;

-- Where each letter went, and how.
CREATE TABLE sent (
    seq INTEGER PRIMARY KEY, draft INTEGER NOT NULL, version INTEGER NOT NULL, recipient TEXT NOT NULL,
    template TEXT NOT NULL, how TEXT NOT NULL CHECK (how IN ('print', 'save', 'copy', 'call')),
    at TEXT NOT NULL,
    FOREIGN KEY (draft, version, recipient, template)
        REFERENCES issue(draft, version, recipient, template) ON DELETE RESTRICT
) STRICT;
CREATE INDEX sent_draft ON sent(draft);
CREATE TRIGGER sent_is_not_changed BEFORE UPDATE ON sent
BEGIN SELECT RAISE(ABORT, 'what was sent is never changed'); END;
CREATE TRIGGER sent_is_not_deleted BEFORE DELETE ON sent
BEGIN SELECT RAISE(ABORT, 'what was sent is never deleted'); END;
"""

_STEP_3 = """
-- What became of each letter: more than how it went, with what was typed of it, and the day that it speaks of.
DROP TRIGGER sent_is_not_changed;
DROP TRIGGER sent_is_not_deleted;
DROP INDEX sent_draft;
ALTER TABLE sent RENAME TO sent_2;
CREATE TABLE sent (
    seq INTEGER PRIMARY KEY, draft INTEGER NOT NULL, version INTEGER NOT NULL, recipient TEXT NOT NULL,
    template TEXT NOT NULL, how TEXT NOT NULL CHECK (how IN (
        'print', 'save', 'copy', 'call', 'handed', 'received', 'booked', 'seen', 'returned', 'later')),
    at TEXT NOT NULL, says TEXT NOT NULL DEFAULT '', day TEXT NOT NULL DEFAULT '',
    FOREIGN KEY (draft, version, recipient, template)
        REFERENCES issue(draft, version, recipient, template) ON DELETE RESTRICT
) STRICT;
INSERT INTO sent (seq, draft, version, recipient, template, how, at)
SELECT seq, draft, version, recipient, template, how, at FROM sent_2;
DROP TABLE sent_2;
CREATE INDEX sent_draft ON sent(draft);
CREATE TRIGGER sent_is_not_changed BEFORE UPDATE ON sent
BEGIN SELECT RAISE(ABORT, 'what was sent is never changed'); END;
CREATE TRIGGER sent_is_not_deleted BEFORE DELETE ON sent
BEGIN SELECT RAISE(ABORT, 'what was sent is never deleted'); END;

-- What a list shows of a case beside its name, worked out from so many edits: it can be worked out again
-- at any time, and is no part of the case.
CREATE TABLE digest (
    draft INTEGER PRIMARY KEY REFERENCES draft(seq) ON DELETE CASCADE,
    edits INTEGER NOT NULL, says TEXT NOT NULL
) STRICT;
"""

# How an older file is read, by what lies over its tables in the memory of one connection.
_SEEN_1 = """
CREATE TEMP TABLE typing (draft INTEGER PRIMARY KEY, key, grp, value, at);
CREATE TEMP TABLE identifier (value, draft);
CREATE TEMP TABLE sent (seq, draft, version, recipient, template, how, at, says, day);
CREATE TEMP TABLE digest (draft INTEGER PRIMARY KEY, edits, says);
CREATE TEMP VIEW issue AS SELECT rowid AS seq, draft, version, recipient, '' AS template, case_n, at, pdf,
    sha256, fingerprint, replaces FROM main.issue;
CREATE TEMP VIEW draft AS SELECT d.*,
    (SELECT coalesce(max(n), 0) FROM main.edit WHERE draft = d.seq) AS edits, '' AS chain, NULL AS binned,
    coalesce((SELECT at FROM main.edit WHERE draft = d.seq ORDER BY n DESC LIMIT 1), created) AS changed
    FROM main.draft d;
"""

_SEEN_2 = """
CREATE TEMP TABLE digest (draft INTEGER PRIMARY KEY, edits, says);
CREATE TEMP VIEW sent AS SELECT *, '' AS says, '' AS day FROM main.sent;
"""

# One entry for each released schema; an entry is never edited after its release.
STEPS = (_STEP_1, _STEP_2, _STEP_3)
_SEEN = (_SEEN_1, _SEEN_2)
# From this one on each case has its chain, and its place in the order of changes.
COUNTED = 2
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


def is_older(connection: apsw.Connection) -> bool:
    """Whether an older program made the file."""
    return 0 < version_of(connection) < VERSION


def make_readable(connection: apsw.Connection) -> None:
    """Let an older file be read like one of today by this connection; the file stays as it is."""
    if is_older(connection):
        connection.execute(_SEEN[version_of(connection) - 1])


def make_tables(connection: apsw.Connection) -> None:
    """Make the tables of a new file, all in one transaction; a file that has any is left alone."""
    if version_of(connection) == 0:
        migrate(connection)


def migrate(connection: apsw.Connection) -> None:
    """Bring the file up to date, step by step, all in one transaction."""
    with connection:
        for number, step in enumerate(STEPS[version_of(connection) :], version_of(connection) + 1):
            connection.execute(step)
            connection.pragma("user_version", number)
