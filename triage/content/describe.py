"""A rule in words, for the people who have to agree with it."""

from __future__ import annotations

from collections.abc import Iterator

from triage.content.load import Content
from triage.content.schema import Named
from triage.errors import TriageError, did_you_mean

_STATUS = {
    "C": "content read in the source or a faithful summary",
    "P": "identity read, only part of the content",
    "K": "from general knowledge: check against the original",
}


def one_line(record: Named) -> str:
    """Return a rule's id and what it is about."""
    return f"{record.id:28} {title(record)}"


def describe_rule(content: Content, rule_id: str) -> Iterator[str]:
    """Yield a rule in words: its fields, its expressions, the findings it speaks of, its sources.

    Raises
    ------
    TriageError
        If there is no such rule.
    """
    record = content.rules.get(rule_id)
    if record is None:
        raise TriageError(f"There is no rule {rule_id!r}{did_you_mean(rule_id, content.rules)}.")
    yield one_line(record)
    data = record.model_dump(by_alias=True, exclude_defaults=True, exclude={"id", "source"})
    expressions: list[str] = []
    for key, value in data.items():
        yield from _field(key, value, expressions)
    yield from _findings(content, " ".join(expressions))
    for key in getattr(record, "source", ()):
        source = content.sources[key]
        yield f"source: {source.short}: {source.citation}"
        yield f"    checked: {_STATUS[source.status]}"


def title(record: Named) -> str:
    """Return what a rule is about."""
    for field in ("says", "name", "who", "question"):
        if text := getattr(record, field, ""):
            return str(text)
    return ""


def _field(key: str, value: object, expressions: list[str]) -> Iterator[str]:
    if isinstance(value, tuple | list) and value and isinstance(value[0], dict):
        for entry in value:
            yield f"{key}:"
            for name, part in entry.items():
                yield from (f"    {line}" for line in _field(name, part, expressions))
        return
    if isinstance(value, tuple | list):
        value = ", ".join(str(part) for part in value)
    if key in ("when", "essential", "gate"):
        expressions.append(str(value))
    yield f"{key}: {value}"


def _findings(content: Content, text: str) -> Iterator[str]:
    """Yield what the named findings of an expression mean."""
    for name, says in content.says.items():
        if name in text.replace("(", " ").replace(")", " ").replace(",", " ").split():
            yield f"{name}: {says}"
