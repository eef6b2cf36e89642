"""What a dialog draws of the settings, read from their declaration: a new setting needs no other place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic.fields import FieldInfo

from triage.settings.settings import Part

Kind = Literal["line", "lines", "number", "choice", "picture", "folder", "parts"]


class Declared(NamedTuple):
    """One field of a part of the settings.

    Parameters
    ----------
    name
        Its key in the part.
    title, says
        What it is called, and what it is for.
    kind
        How it is filled in; *parts* are several records by an id of their own, of the type `part`.
    page
        The page of the settings where it stands.
    first
        Whether it is asked at the first start.
    lines
        How many lines of text it has room for.
    options
        Words for what it can be, by value; empty where whoever draws it has to know (`of`).
    of
        The question of the form, or the setting, whose entries it can be.
    unit
        What stands behind its number.
    short
        Whether two of them have room beside one another.
    """

    name: str
    title: str
    says: str
    kind: Kind
    page: str
    first: bool
    lines: int
    options: Mapping[str, str]
    of: str
    unit: str
    short: bool
    part: type[Part] | None


def fields_of(part: type[Part], page: str = "") -> tuple[Declared, ...]:
    """Return the fields of a part of the settings as they are declared; of one `page`, if it is named."""
    found = _fields(part)
    return tuple(field for field in found if not page or field.page == page)


def _fields(part: type[Part]) -> Iterator[Declared]:
    for name, info in part.model_fields.items():
        extra: Mapping[str, Any] = (
            info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        )
        yield Declared(
            name=name,
            title=info.title or name,
            says=info.description or "",
            kind=_kind(info, extra),
            page=extra.get("page", ""),
            first=extra.get("first", False),
            lines=extra.get("lines", 1),
            options=extra.get("options", {}),
            of=extra.get("of", ""),
            unit=extra.get("unit", ""),
            short=extra.get("short", False),
            part=_part(info),
        )


def _kind(info: FieldInfo, extra: Mapping[str, Any]) -> Kind:
    if _part(info) is not None:
        return "parts"
    if "file" in extra:
        return "picture" if extra["file"] == "picture" else "folder"
    if "options" in extra or "of" in extra:
        return "choice"
    if "lines" in extra:
        return "lines"
    return "number" if info.annotation is int else "line"


def _part(info: FieldInfo) -> type[Part] | None:
    """Return the type of the records that a field holds by id; None if it holds one value."""
    if get_origin(info.annotation) is not dict:
        return None
    kind = get_args(info.annotation)[1]
    return kind if isinstance(kind, type) and issubclass(kind, Part) else None
