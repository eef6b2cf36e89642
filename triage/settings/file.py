"""The settings file: read with every fault told in a sentence, changed one key at a time, written whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from triage.errors import Problem, SettingsError, TriageError, UnreadableSettingsError, did_you_mean
from triage.files import move_aside, read_text, write_whole
from triage.settings.settings import Address, Sender, Settings

FILE = "settings.json"
LARGEST = 1_000_000
_LOCK = "settings.lock"
_PATIENCE = 10
_MEND = "mend it, or see: triage settings"
# Says whether the file is as this program wrote it.
_CHECK = "check"
_OTHER = (
    f"{FILE} was changed outside this program, or is damaged. It is used as it stands: look through your senders and "
    "addresses (triage settings show). A change made in the program ends this notice."
)
# The one sender of the first format, by its field.
_FLAT = {f"referrer_{field}": field for field in ("name", "role", "org", "phone", "registration")}
_MIGRATED = "me"


def settings_kept(folder: Path) -> bool:
    """Whether settings were ever kept in `folder`: they may still be all defaults."""
    return (folder / FILE).exists()


def load_settings(folder: Path) -> Settings:
    """Return the settings kept in `folder`; the defaults if there are none.

    Raises
    ------
    SettingsError
        If the file is there and cannot be used, with everything that is wrong with it.
    """
    text = _text(folder / FILE)
    return Settings() if text is None else parse_settings(text)


def settings_or_none(folder: Path) -> tuple[Settings, str]:
    """Return the settings of `folder` and what there is to tell; the defaults if they cannot be read.

    What cannot be read is set aside: a program that does not start helps no patient.

    Raises
    ------
    SettingsError
        If they can be read and have faults, which someone typed and can mend.
    """
    try:
        return load_settings(folder), notice(folder)
    except UnreadableSettingsError as error:
        try:
            aside = move_aside(folder / FILE, "damaged")
        except OSError:
            raise error from None
        return Settings(), (
            f"{FILE} could not be read and was set aside as {aside.name}: senders, addresses and the clinic's "
            f"own content are missing until it is mended. {error.problems[0]}"
        )


def notice(folder: Path) -> str:
    """Return what is to be told of readable settings: that they are not as this program wrote them last."""
    data = json.loads(_text(folder / FILE) or "{}")
    # Older ones, and those that someone wrote, have no check.
    return _OTHER if _CHECK in data and data[_CHECK] != _check(data) else ""


def _check(data: Mapping[str, object]) -> str:
    rest = {key: value for key, value in data.items() if key != _CHECK}
    text = json.dumps(rest, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_settings(folder: Path, settings: Settings) -> None:
    """Replace the settings kept in `folder` as a whole: the old file stays until the new one is safe."""
    data = settings.model_dump(exclude_defaults=True)
    data[_CHECK] = _check(data)
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    write_whole(folder / FILE, text.encode(), parents=True)


def change_settings(folder: Path, key: str, value: object) -> Settings:
    """Put `value` under `key` in the settings of `folder`, as they are now, and return them all."""
    # Not at the top: who only reads the settings, at every start, needs no lock.
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Two that change it at once: the second reads what the first has written.
        with FileLock(folder / _LOCK, timeout=_PATIENCE):
            settings = changed(load_settings(folder), key, value)
            save_settings(folder, settings)
    except Timeout:
        raise _fault("", "another program is changing the file: try again") from None
    except OSError as error:
        raise _fault("", f"the file cannot be written ({error.strerror})") from None
    return settings


def changed(settings: Settings, key: str, value: object) -> Settings:
    """Return `settings` with another `value` under `key`.

    Parameters
    ----------
    key
        Such as ``profile``, ``senders.gp1.name`` or ``senders.gp1``.
    value
        Text, or the fields of a whole part; None takes the key out.

    Raises
    ------
    SettingsError
        If there is no such key, or the value does not fit it.
    """
    data: dict[str, Any] = settings.model_dump()
    *path, last = key.split(".")
    place = data
    for name in path:
        known = place.setdefault(name, {}) if value is not None else place.get(name)
        if not isinstance(known, dict):
            # A name that is not known at all is told as the field that nothing has.
            says = "nothing stands below this key" if name in place else _unknown(name, place)
            raise SettingsError([Problem("settings", key, says)])
        place = known
    if value is not None:
        place[last] = value
    elif last in place:
        del place[last]
    else:
        raise SettingsError([Problem("settings", key, _unknown(last, place))])
    return _validated(data, "settings", type(settings))


def parse_settings(text: str) -> Settings:
    """Return the settings that the text of a file holds; an older format is brought up to date.

    Raises
    ------
    SettingsError
        With every fault.
    """
    try:
        data = json.loads(text, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _unreadable(where, f"this is not JSON ({error.msg}): {_MEND}") from None
    except (RecursionError, ValueError):
        raise _unreadable(
            "", f"this JSON is nested too deeply or holds a huge number: {_MEND}"
        ) from None
    if not isinstance(data, dict):
        raise _unreadable("", "settings are a JSON object: {…}")
    data.pop(_CHECK, None)
    return _validated(_migrated(data), FILE)


def _text(path: Path) -> str | None:
    """Return what stands in the file, None if there is none."""
    try:
        path.stat()
        # Some editors put a mark in front of UTF-8.
        return read_text(path, LARGEST).removeprefix("\ufeff")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _fault("", f"the file cannot be read ({error.strerror})") from None
    except TriageError as error:
        raise _unreadable("", str(error)) from None


def _pairs(items: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in items:
        if key in found:
            raise _fault(key[:60], "this key stands here twice: keep one of them")
        found[key] = value
    return found


def _migrated(data: dict[str, Any]) -> dict[str, Any]:
    """Return `data` with the flat fields of the first format as a sender."""
    if not _FLAT.keys() & data.keys():
        return data
    sender = {field: data[old] for old, field in _FLAT.items() if data.get(old)}
    rest = {key: value for key, value in data.items() if key not in _FLAT}
    return {"senders": {_MIGRATED: sender}} | rest if sender else rest


def _validated(data: Mapping[str, object], name: str, kind: type[Settings] = Settings) -> Settings:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        raise SettingsError(
            Problem(name, ".".join(map(str, _place(fault))), _says(fault)) for fault in faults
        ) from None


def _place(fault: Mapping[str, Any]) -> tuple[str | int, ...]:
    return tuple(part for part in fault["loc"] if part != "[key]")


def _says(fault: Mapping[str, Any]) -> str:
    loc = _place(fault)
    match fault["type"]:
        case "extra_forbidden":
            return _unknown(str(loc[-1]), _model(loc[:-1]).model_fields)
        case "string_type":
            return "this must be text"
        case "string_unicode":
            return "this holds half a character: type it anew"
        case "dict_type" | "model_type":
            names = ", ".join(_model(loc if len(loc) > 1 else (*loc, "id")).model_fields)
            below = "" if len(loc) > 1 else "an id of your own, and below it "
            return f"this holds {below}{names}"
        case "string_pattern_mismatch":
            further = "; a further address of a service ends in :2 and on"
            return f"an id is made of letters, digits, - and _{further * (loc[0] == 'recipients')}"
        case "literal_error":
            known = str(fault["ctx"]["expected"]).replace("'", "").removeprefix(", ")
            return f"this is {known}; leave it out for what is usual"
        case "string_too_long":
            return f"this is longer than {fault['ctx']['max_length']} characters"
        case "value_error":
            return str(fault["ctx"]["error"])
    return str(fault["msg"])


def _model(loc: tuple[Any, ...]) -> type[BaseModel]:
    if not loc:
        return Settings
    return Sender if loc[0] == "senders" else Address


def _unknown(name: str, known: Iterable[str]) -> str:
    return f"there is no {name[:40]!r} here{did_you_mean(name, known)}"


def _unreadable(key: str, says: str) -> UnreadableSettingsError:
    return UnreadableSettingsError([Problem(FILE, key, says)])


def _fault(where: str, says: str) -> SettingsError:
    return SettingsError([Problem(FILE, where, says)])
