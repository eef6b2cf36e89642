"""From a TOML file to its record, for forms and letters alike; what is wrong is told with file, record and remedy."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

import rtoml
from pydantic import BaseModel, ValidationError

from triage.content.files import ContentFiles
from triage.errors import ContentError, Problem, did_you_mean

R = TypeVar("R", bound=BaseModel)


class Faults:
    """Takes down what is wrong with one file.

    Parameters
    ----------
    file
        The file's name, as its author knows it.
    problems
        Where all problems of all files are gathered.
    """

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self._problems = problems

    def add(self, record: str, says: str, column: int = 0) -> None:
        """Take down one fault of `record`."""
        self._problems.append(Problem(self.file, record, says, column))

    def refer(self, record: str, names: Iterable[str], known: Collection[str], what: str) -> None:
        """Take down every one of `names` that is not among the `known`."""
        for name in names:
            if name not in known:
                self.add(record, f"there is no {what} {name!r}{did_you_mean(name, known)}")


def read_record(files: ContentFiles, name: str, model: type[R], faults: Faults) -> R | None:
    """Return the record in the file `name`; None if it has faults, which are taken down."""
    try:
        data = rtoml.loads(files.text(name))
    except ContentError as error:
        for problem in error.problems:
            faults.add(problem.record, problem.says)
        return None
    except rtoml.TomlParsingError as error:
        faults.add("", f"this is not TOML: {error}")
        return None
    try:
        # In JSON mode arrays become tuples and dates are read from text, and nothing else is bent.
        return model.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        for record, says in _told(model, data, error):
            faults.add(record, says)
    except ValueError as error:
        faults.add("", f"this cannot be read: {error}")
    return None


def _told(
    model: type[BaseModel], data: Mapping[str, object], error: ValidationError
) -> Iterator[tuple[str, str]]:
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        record, rest = _located(data, fault["loc"])
        key = ".".join(str(part) for part in rest)
        if fault["type"] == "extra_forbidden":
            hint = did_you_mean(str(rest[-1]), sorted(set(_keys(model))))
            yield record, f"the key {key!r} is not known here{hint}"
        elif fault["type"] == "missing":
            yield record, f"the key {key!r} is missing: add it"
        else:
            says = fault["msg"].removeprefix("Value error, ")
            yield record, f"{key}: {says[:1].lower()}{says[1:]}" if key else says


def _located(
    data: Mapping[str, object], loc: Sequence[int | str]
) -> tuple[str, Sequence[int | str]]:
    """Return the name of the record that `loc` is in, and the rest of the path."""
    if len(loc) >= 2 and isinstance(loc[1], int):
        records = data.get(str(loc[0]))
        if isinstance(records, list) and isinstance(records[loc[1]], dict):
            named = records[loc[1]].get("id")
            return (f"{loc[0]} {named}" if named else f"{loc[0]} {loc[1] + 1}"), loc[2:]
    return "", loc


def _keys(model: type[BaseModel]) -> Iterator[str]:
    """Yield every key that a record of the file can have."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for part in _models(field.annotation):
            yield from _keys(part)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
