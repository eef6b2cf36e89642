"""An assessment as JSON."""

from __future__ import annotations

import json

from triage.rules.assessment import Assessment, Effect

_NAMES = {"for_": "for"}


def to_json(assessment: Assessment) -> str:
    """Return an assessment as indented JSON; the keys are those of the records."""
    return json.dumps(to_data(assessment), ensure_ascii=False, indent=1)


def to_data(value: object) -> object:
    """Return records as objects, tuples as lists, everything else as it is."""
    if isinstance(value, Effect):
        return f"{value.level}: {value.rule}"
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {_NAMES.get(name, name): to_data(part) for name, part in value._asdict().items()}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    return value
