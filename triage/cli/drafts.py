"""``triage drafts``: the draft store without a window."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage.cli import common
from triage.errors import StoreError
from triage.files import write_whole

if TYPE_CHECKING:
    from triage.session.draft import DraftStore
    from triage.session.letters import LetterDesk
    from triage.store import DraftInfo, Show

_LONGEST_PASSPHRASE = 10_000

app = typer.Typer(help="List, show, export, import and issue drafts without a window.")

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="A file whose first line is the passphrase; else it is asked for."
    ),
]
Draft = Annotated[str, typer.Argument(metavar="DRAFT", help="A draft's id, or the start of it.")]


@app.command("list")
def list_(
    search: Annotated[
        str,
        typer.Argument(help="Name, date of birth or number; all drafts if left out."),
    ] = "",
    binned: Annotated[bool, typer.Option("--bin", help="Those in the bin.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """List the drafts, last changed first."""
    with common.told(), opened(passphrase_file) as store:
        for info in store.list(search, "bin" if binned else "all"):
            born = info.born.iso() if info.born else ""
            changed = f"{info.changed.astimezone():%Y-%m-%d %H:%M}"
            typer.echo(f"{info.id[:8]}  {changed}  {info.stands:12}  {born:10}  {info.name}")


@app.command()
def show(draft: Draft, passphrase_file: PassphraseFile = None) -> None:
    """Print the letter of a draft as plain text, and what was issued of it."""
    with common.told(), opened(passphrase_file) as store:
        desk = _desk(store, draft)
        if outside := desk.outside:
            typer.echo(f"From outside: {outside}.\n")
        typer.echo(desk.plain_text())
        for issue in desk.issues:
            kind = f" ({issue.template})" if issue.template else ""
            typer.echo(
                f"issued v{issue.version} to {issue.recipient}{kind} on {issue.at:%Y-%m-%d} sha256 {issue.sha256}"
            )
            for one in desk.versions.sent(issue):
                more = "".join(f", {part}" for part in (one.says, one.day) if part)
                typer.echo(f"  {one.how} {one.at.astimezone():%Y-%m-%d %H:%M}{more}")
            if issue.withdrawn_at:
                typer.echo(f"  withdrawn {issue.withdrawn_at:%Y-%m-%d}: {issue.withdrawn_because}")


@app.command()
def export(
    draft: Draft,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the CASE.json goes.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write a draft as CASE.json, which is not encrypted."""
    with common.told(), opened(passphrase_file) as store:
        from triage.content.casefile import write_case

        info = found(store, draft)
        form = common.content(form=info.form).form
        write_whole(out, write_case(store.read(info.id).case, form).encode(), parents=True)


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A CASE.json, or the PDF of a letter; - reads stdin."),
    ],
    form: common.Form = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Keep a case file, or the case that a letter carries, as a new draft and print its id."""
    with common.told():
        from triage.session.outside import BEGUN_BEFORE, issued_here

        data = common.file_bytes(file)
        brought = common.bring(data, file.name, common.settings(), form)
        with opened(passphrase_file, create=True) as store:
            if there := store.issued_as(data) or store.issued_with(brought):
                draft, says = there[0], issued_here(there[1])
            elif begun := store.begun_with(brought.values):
                draft, says = begun, BEGUN_BEFORE
            else:
                draft, says = store.create(brought.content, brought.values).id, brought.says
            if says:
                typer.echo(says, err=True)
            typer.echo(draft)


@app.command()
def issue(
    draft: Draft,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the PDF goes.")],
    recipient: Annotated[str | None, typer.Option(help="Recipient id.")] = None,
    template: Annotated[
        str, typer.Option(help="Kind of letter; the recipient's own if left out.")
    ] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Issue the letter of a draft: kept for good, and written as a PDF."""
    with common.told(), opened(passphrase_file) as store:
        desk = _desk(store, draft)
        common.address(desk, recipient)
        desk.choose_template(template)
        version = desk.issue()
        write_whole(out, desk.shown_pdf(), parents=True)
        desk.note_sent("save")
        typer.echo(f"issued v{version} to {desk.addressee or desk.recipient}")


@app.command()
def withdraw(
    draft: Draft,
    version: Annotated[int, typer.Argument(help="The version, with every letter of it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the version.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Withdraw an issued version: its letters stay readable, marked as withdrawn."""
    with common.told(), opened(passphrase_file) as store:
        desk = _desk(store, draft)
        issue = next((one for one in desk.issues if one.version == version), None)
        if issue is None:
            raise StoreError(f"Version {version} of this draft was not issued.")
        if not reason.strip():
            raise StoreError("Say why it is withdrawn: --reason.")
        desk.withdraw(issue, reason.strip())
        typer.echo(f"v{version} is withdrawn. Tell the recipient.")


@app.command("letter")
def letter_(
    draft: Draft,
    version: Annotated[int, typer.Argument(help="The version.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the PDF goes.")],
    recipient: Annotated[str, typer.Option(help="Recipient id, if it went to several.")] = "",
    template: Annotated[str, typer.Option(help="Kind of letter, if there are several.")] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write a letter once more, as it was issued."""
    with common.told(), opened(passphrase_file) as store:
        desk = _desk(store, draft)
        wanted = [
            one
            for one in desk.issues
            if one.version == version
            and recipient in ("", one.recipient)
            and template in ("", one.template)
        ]
        if len(wanted) != 1:
            to = ", ".join(
                f"{one.recipient} ({one.template})" if one.template else one.recipient
                for one in desk.issues
                if one.version == version
            )
            says = f"to {to}: say which by --recipient and --template" if to else "not issued"
            raise StoreError(f"Version {version} of this draft was {says}.")
        desk.choose_issue(wanted[0])
        write_whole(out, desk.shown_pdf(), parents=True)
        desk.note_sent("save")
        typer.echo(f"v{version} to {wanted[0].recipient}")


@app.command()
def delete(draft: Draft, passphrase_file: PassphraseFile = None) -> None:
    """Put a draft into the bin, of which no letter was issued. It can be put back for 30 days."""
    with common.told(), opened(passphrase_file) as store:
        store.bin(found(store, draft).id)


@app.command("put-back")
def put_back(draft: Draft, passphrase_file: PassphraseFile = None) -> None:
    """Take a draft out of the bin."""
    with common.told(), opened(passphrase_file) as store:
        store.put_back(found(store, draft, "bin").id)


@app.command()
def verify(passphrase_file: PassphraseFile = None) -> None:
    """Read everything that is kept, and tell what is wrong; no window waits for it."""
    with common.told(), opened(passphrase_file) as store:
        from triage.store.prove import check

        found = check(store.folder, store.key, common.utc_now())
        typer.echo(found.text(), nl=False)
        if found.has_failed:
            raise typer.Exit(1)


@app.command()
def history(draft: Draft, passphrase_file: PassphraseFile = None) -> None:
    """Print every edit of a draft, oldest first."""
    with common.told(), opened(passphrase_file) as store:
        from triage.model.values import value_to_json

        for edit in store.read(found(store, draft).id).edits:
            value = "removed" if edit.new is None else value_to_json(edit.new)
            undoes = f" (takes back step {edit.undoes})" if edit.undoes else ""
            at = f"{edit.at.astimezone():%Y-%m-%d %H:%M:%S}"
            typer.echo(f"{edit.n:5}  {at}  {edit.key}: {value}{undoes}")


@app.command()
def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="A folder; that of the settings if left out.")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Copy all drafts into a new file with their keys, verified; older copies are thinned."""
    with common.told(), opened(passphrase_file) as store:
        from triage.store.backups import FEWER, make_backup, thin

        into = to or _backups(store.folder)
        made = store.do(lambda drafts: make_backup(drafts, into, common.utc_now()))
        typer.echo(f"{made.path}: {made.size / 1e6:.1f} MB, verified")
        if thin(into):
            typer.echo(FEWER.format(into), err=True)


@app.command()
def restore(
    backup_file: Annotated[
        Path | None,
        typer.Argument(metavar="[BACKUP]", help="A backup; all are listed if left out."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put a backup in the place of the drafts; what stands there is kept beside it."""
    from triage.store import backups as backing
    from triage.store import drafts_folder
    from triage.store.keys import open_by

    with common.told():
        folder = drafts_folder()
        if backup_file is None:
            for one in backing.backups(_backups(folder)):
                typer.echo(
                    f"{one.at.astimezone():%Y-%m-%d %H:%M}  {one.size / 1e6:8.1f} MB  {one.path}"
                )
            return
        keys = backing.keys_of(backup_file)
        if keys is None:
            raise StoreError(f"Beside {backup_file.name} are no keys that can be read.")
        given = None if passphrase_file is None and keys.keyring else _passphrase(passphrase_file)
        key = open_by(keys, given, backup_file.parent)
        for line in backing.preview(folder, backup_file, key).lines():
            typer.echo(line)
        if not yes and not typer.confirm("Put it in the place of the drafts?"):
            raise typer.Exit(1)
        aside = backing.restore(folder, backup_file, key)
        typer.echo(f"Restored. What stood there before is in {aside}.")


@app.command()
def prove(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Where the report goes as well.")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Check the cases, the newest backup and the last letters in it; nothing is changed."""
    from triage.store import drafts_folder
    from triage.store.prove import prove as proved

    with common.told():
        folder = drafts_folder()
        key = open_keys_of(folder, passphrase_file)
        proof = proved(folder, key, _backups(folder), common.utc_now())
        typer.echo(proof.text(), nl=False)
        if out is not None:
            write_whole(out, proof.text().encode(), parents=True)
        if proof.has_failed:
            raise typer.Exit(1)


@app.command()
def salvage(
    damaged: Annotated[Path, typer.Argument(help="A file that was set aside as damaged.")],
    to: Annotated[Path, typer.Option("--to", help="A new folder for what can be read.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Copy every case that can be read out of a damaged file into a new folder."""
    from triage.store import drafts_folder
    from triage.store.keyfile import read_keys
    from triage.store.salvage import salvage as take_over

    with common.told():
        folder = drafts_folder()
        key = open_keys_of(folder, passphrase_file)
        done = take_over(damaged, key, read_keys(folder), to)
        for line in done.lost:
            typer.echo(line)
        typer.echo(f"{done.cases} cases are in {to}, {len(done.lost)} faults are listed above.")


@app.command()
def conflicts(passphrase_file: PassphraseFile = None) -> None:
    """List the files of cases that a synchronising program put here, and what in them is not here."""
    from triage.store import Drafts, drafts_folder
    from triage.store.conflicts import conflicted, look, summary

    with common.told():
        folder = drafts_folder()
        key = open_keys_of(folder, passphrase_file)
        for path in conflicted(folder):
            try:
                cases = look(path, folder, key)
                with Drafts.open_file(path, key) as file:
                    names = {info.id: info.name for info in file.list()}
            except StoreError as error:
                typer.echo(f"{path.name}: {error}")
                continue
            typer.echo(f"{path.name}: {summary(cases)}")
            for case in cases:
                found = case.difference
                state = "not here" if found.standing == "new" else "other than here"
                held = f"{found.edits} edits, {found.letters} letters"
                typer.echo(f"  {found.id[:8]}  {state:15}  {held:24}  {names.get(found.id, '')}")


@app.command("take-over")
def take_over(
    file: Annotated[Path, typer.Argument(help="One of the files that conflicts lists.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Copy the cases of such a file that are not here; one with another log becomes a case of its own."""
    from triage.session.draft import DraftStore
    from triage.store import drafts_folder
    from triage.store.conflicts import conflicted
    from triage.store.conflicts import take_over as taken

    with common.told():
        folder = drafts_folder()
        path = next((p for p in conflicted(folder) if file.name == p.name), None)
        if path is None:
            raise StoreError(f"{file.name} is no such file: see triage drafts conflicts.")
        key = open_keys_of(folder, passphrase_file)
        with DraftStore(folder, key, common.now) as store:
            done = taken(path, folder, key, store.do)
        for line in done.lines():
            typer.echo(line)


@app.command()
def passphrase(
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[
        Path | None,
        typer.Option("--new-passphrase-file", help="A file whose first line is the new one."),
    ] = None,
    rewrap_backups: Annotated[
        bool,
        typer.Option("--rewrap-backups", help="Let the new one open the earlier backups as well."),
    ] = False,
) -> None:
    """Change the passphrase; a recovery key opens in its place."""
    from triage.store import backups as backing
    from triage.store import change_passphrase, drafts_folder
    from triage.store.keyfile import read_keys

    with common.told():
        folder = drafts_folder()
        old = _secret(folder, passphrase_file)
        change_passphrase(folder, old, _passphrase(new_passphrase_file, "New passphrase", new=True))
        typer.echo("The passphrase is changed. Copies made before still open with the old one.")
        into = _backups(folder)
        if not rewrap_backups and backing.backups(into) and sys.stdin.isatty():
            rewrap_backups = typer.confirm("Let only the new one open the backups as well?")
        if rewrap_backups:
            for line in backing.rewrap(into, read_keys(folder)).lines():
                typer.echo(line)


@app.command("recovery-key")
def recovery_key(passphrase_file: PassphraseFile = None) -> None:
    """Make a key for paper that opens the drafts like the passphrase; it is printed this once."""
    from triage.store import drafts_folder, make_recovery_key

    with common.told():
        folder = drafts_folder()
        typer.echo(make_recovery_key(folder, _secret(folder, passphrase_file)))


@contextmanager
def opened(passphrase_file: Path | None, *, create: bool = False) -> Iterator[DraftStore]:
    """Open the draft store, asking for the passphrase where no file gives it.

    Raises
    ------
    StoreError
        If there is no store yet (and none is to be made), or it cannot be opened.
    """
    from triage.session.draft import DraftStore
    from triage.store import create_keys, drafts_folder, keys_exist, open_keys

    folder = drafts_folder()
    if not keys_exist(folder) and not (folder / "drafts.db").exists():
        if not create:
            raise StoreError("There are no drafts yet: open the program once, or import a case.")
        given = _passphrase(passphrase_file, new=True)
        try:
            key = create_keys(folder, given)
        except StoreError:
            # Another first start was quicker: its drafts are opened.
            if not keys_exist(folder):
                raise
            key = open_keys(folder, given)
    else:
        key = open_keys_of(folder, passphrase_file)
    with DraftStore(folder, key, common.now) as store:
        for says in filter(None, (store.says, *_others(folder))):
            typer.echo(says, err=True)
        yield store


def _others(folder: Path) -> Iterator[str]:
    """Yield what there is to tell of other computers that write the drafts of `folder`."""
    from triage.store.conflicts import conflicted
    from triage.store.places import warning

    yield warning(folder)
    if names := [path.name for path in conflicted(folder)]:
        yield (
            f"A synchronising program left other files of cases here ({', '.join(names)}):"
            " see triage drafts conflicts."
        )


def found(store: DraftStore, start: str, show: Show = "all") -> DraftInfo:
    """Return the one draft whose id begins with `start`.

    Raises
    ------
    StoreError
        If there is none, or more than one.
    """
    hits = store.do(lambda drafts: drafts.beginning_with(start, show))
    if len(hits) != 1:
        how_many = "No draft has" if not hits else f"{len(hits)} drafts have"
        raise StoreError(
            f"{how_many} an id that begins with {start[:36]!r}: see triage drafts list."
        )
    return hits[0]


def _desk(store: DraftStore, start: str) -> LetterDesk:
    """Return the letters of the one draft whose id begins with `start`, made with the content of its form."""
    from triage.rules.assess import Assessor
    from triage.session import Session
    from triage.session.letters import LetterDesk

    own, info = common.settings(), found(store, start)
    assessor = Assessor(common.content(own, info.form))
    draft = store.open(info.id)
    session = Session(
        assessor,
        draft.history,
        common.now,
        read_only=draft.read_only,
        keep=draft.submit,
        earlier=draft.earlier(assessor.content.form),
    )
    return LetterDesk(session, draft, common.now, own)


def passphrase_in(path: Path) -> str:
    """Return the passphrase that is the first line of a file.

    Raises
    ------
    StoreError
        If the line is empty, or cannot be read.
    """
    try:
        # A pipe will do here: a password manager writes into one.
        with path.open(encoding="utf-8") as file:
            line = file.readline(_LONGEST_PASSPHRASE).rstrip("\r\n")
            _warn_if_readable(path, os.fstat(file.fileno()))
    except (OSError, UnicodeDecodeError):
        raise StoreError(f"{path.name} cannot be read: check the path.") from None
    if not line:
        raise StoreError(f"{path.name} is empty: put the passphrase into its first line.")
    return line


def _backups(folder: Path) -> Path:
    from triage.session.own import backups_of

    return backups_of(common.settings(), folder)


def open_keys_of(folder: Path, passphrase_file: Path | None) -> bytes:
    """Return the data key of the drafts in `folder`, asking for the passphrase where no file gives it."""
    from triage.store import open_keys

    return open_keys(folder, _secret(folder, passphrase_file))


def _warn_if_readable(path: Path, found: os.stat_result) -> None:
    """Warn of a passphrase that other users of the computer can read."""
    if os.name != "nt" and stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
        typer.echo(
            f"{path.name} can be read by other users: close it to them (chmod 600).", err=True
        )


def _secret(folder: Path, path: Path | None) -> str | None:
    """Return the passphrase as given or asked for; None where the key store opens the drafts without."""
    from triage.store import describe_keys

    if path is None and describe_keys(folder).keyring:
        return None
    return _passphrase(path)


def _passphrase(path: Path | None, asks: str = "Passphrase", *, new: bool = False) -> str:
    if path is not None:
        return passphrase_in(path)
    if not sys.stdin.isatty():
        raise StoreError("The drafts are encrypted: give --passphrase-file.")
    text: str = typer.prompt(asks, hide_input=True, confirmation_prompt=new)
    return text
