"""What a clinic's settings put into a case, and whether they fit the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from triage.content.files import FORM, ContentFiles
from triage.content.form import PROFILE, Form
from triage.content.load import Content, load_content
from triage.errors import Problem, SettingsError, TriageError, did_you_mean
from triage.model.history import Edit
from triage.model.values import Choice, Text, Value
from triage.settings import Address, Sender, Settings, service_of
from triage.settings.fields import fields_of
from triage.store.folders import BACKUPS

WRITER = "referrer.written_by"
# Where a sender's details stand in a case.
SENDER: Mapping[str, str] = {
    "referrer.name": "name",
    "referrer.role": "role",
    "referrer.org": "org",
    "referrer.address": "address",
    "referrer.phone": "phone",
    "referrer.registration": "registration",
}


def files_of(settings: Settings, form: str = FORM) -> ContentFiles:
    """Return the content files of a form, the clinic's own in front."""
    own = settings.content_folder
    return ContentFiles(form, own=Path(own).expanduser() if own else None)


def logo_of(settings: Settings) -> bytes:
    """Return the file of the letterhead's picture; nothing if there is none.

    Raises
    ------
    SettingsError
        If it cannot be read or printed.
    """
    if not settings.letterhead:
        return b""
    from triage.pdf.logo import read_logo

    try:
        return read_logo(Path(settings.letterhead).expanduser())
    except TriageError as error:
        raise SettingsError([Problem("settings", "letterhead", str(error))]) from None


def check_change(settings: Settings, key: str, content: Content) -> None:
    """Check what a change of `key` names outside the settings: refused when it is chosen, not when it is needed.

    Raises
    ------
    TriageError
        If the picture cannot be printed, the folder not be written, or the content not be used.
    """
    if key == "letterhead":
        logo_of(settings)
    elif key == "backup_folder" and settings.backup_folder:
        _check_writable(Path(settings.backup_folder).expanduser())
    elif key == "content_folder":
        content = load_content(files_of(settings, content.form.id))
    check_settings(settings, content)


def _check_writable(folder: Path) -> None:
    """Check that files can be written into a folder, by one that is made and removed."""
    from tempfile import TemporaryFile

    if not folder.is_dir():
        raise SettingsError([Problem("settings", "backup_folder", "there is no such folder")])
    try:
        with TemporaryFile(dir=folder) as probe:
            probe.write(b"test")
    except OSError as error:
        says = f"the folder cannot be written ({error.strerror})"
        raise SettingsError([Problem("settings", "backup_folder", says)]) from None


def offered(settings: Settings, content: Content) -> dict[str, dict[str, str]]:
    """Return what fields of the settings can be: words by value, by the question or the setting that says it."""
    form, kinds = content.form, (Settings, Sender, Address)
    asked = {field.of for kind in kinds for field in fields_of(kind)} & form.questions.keys()
    found = {
        name: {option.id: option.label for option in form.questions[name].options} for name in asked
    }
    own = found[PROFILE].get(form.profile, "")
    found[PROFILE] = {"": f"As the form has it ({own})"} | found[PROFILE]
    found["senders"] = {
        name: sender.name or "Sender without a name" for name, sender in settings.senders.items()
    }
    return found


def backups_of(settings: Settings, folder: Path) -> Path:
    """Return where the backups of the drafts in `folder` go."""
    chosen = settings.backup_folder
    return Path(chosen).expanduser() if chosen else folder / BACKUPS


def check_settings(settings: Settings, content: Content) -> None:
    """Check that the settings name only what the form knows.

    Raises
    ------
    SettingsError
        With everything that it does not know.
    """
    form = content.form
    role = form.questions.get("referrer.role")
    roles = [option.id for option in role.options] if role else []
    profiles = [option.id for option in form.questions[PROFILE].options]
    named: list[tuple[str, str, str, Iterable[str]]] = [
        ("profile", "profile", settings.profile, profiles)
    ]
    if role:
        named += [(f"senders.{n}.role", "role", s.role, roles) for n, s in settings.senders.items()]
    if form.id == FORM:
        # The addresses are for the recipients of every form, and another form need not know them all.
        named += [
            (f"recipients.{n}", "recipient", service_of(n), content.recipients)
            for n in settings.recipients
        ]
    problems = [
        Problem("settings", key, f"there is no {what} {name!r}{did_you_mean(name, known)}")
        for key, what, name, known in named
        if name and name not in known
    ]
    if problems:
        raise SettingsError(problems)


def sender_values(settings: Settings, form: Form, sender: str = "") -> dict[str, Value | None]:
    """Return what a case holds of its sender; None under each key that is to be empty.

    Parameters
    ----------
    sender
        Id of the sender; the first if empty. Of one who writes for another, the other one signs.
    """
    writes = settings.senders.get(sender or settings.first_sender, Sender())
    signs = settings.senders.get(writes.writes_for, writes)
    texts = {key: getattr(signs, field) for key, field in SENDER.items()}
    texts[WRITER] = "" if signs is writes else writes.name
    return {key: _value(form, key, text) for key, text in texts.items() if form.slot(key)}


def sender_of(case: Mapping[str, Value]) -> Sender:
    """Return the sender whom a case names."""
    texts = {field: _text(case.get(key)) for key, field in SENDER.items()}
    return Sender.model_construct(None, **texts)


def filled(case: Mapping[str, Value], settings: Settings, form: Form) -> dict[str, Value]:
    """Return `case` with what the settings say of it: its profile, and its sender if it names none.

    Nothing is added to a sender who is named: one clinician's name never stands beside another's number.
    """
    given: dict[str, Value | None] = dict(case)
    if settings.profile:
        given.setdefault(PROFILE, Choice(option=settings.profile))
    if not any(key in case for key in (*SENDER, WRITER)):
        given |= sender_values(settings, form)
    return {key: value for key, value in given.items() if value is not None}


def is_untouched(edits: Iterable[Edit], settings: Settings, form: Form) -> bool:
    """Whether nothing was ever recorded but what the settings fill in."""
    fills = _fills(settings, form)
    return all(any(fill.get(edit.key) == edit.new for fill in fills) for edit in edits)


def is_blank(case: Mapping[str, Value], settings: Settings, form: Form) -> bool:
    """Whether a case holds nothing but what the settings fill in."""
    return not given(case, settings, form)


def given(case: Mapping[str, Value], settings: Settings, form: Form) -> set[str]:
    """Return the keys of what a case holds beside what the settings fill in."""
    fills = _fills(settings, form)
    return {key for key, value in case.items() if all(fill.get(key) != value for fill in fills)}


def _fills(settings: Settings, form: Form) -> list[Mapping[str, Value | None]]:
    return [filled({}, settings, form), *_senders(settings, form)]


def _senders(settings: Settings, form: Form) -> Iterator[dict[str, Value | None]]:
    for name in settings.senders:
        yield sender_values(settings, form, name)


def _value(form: Form, key: str, text: str) -> Value | None:
    slot = form.slot(key)
    if not text or slot is None:
        return None
    return Choice(option=text) if slot.kind == "choice" else Text(text=text)


def _text(value: Value | None) -> str:
    if isinstance(value, Choice):
        return value.option
    return value.text.strip() if isinstance(value, Text) else ""
