"""Wording strings of templates: a very small, harmless part of Jinja."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from triage.errors import LetterError, did_you_mean
from triage.letter.statements import strong

# A wording is a line or two; more is a fault or an attack.
LONGEST = 20_000
# What a sentence may ask of an answer (see `triage.letter.blocks.filling`).
ATTRIBUTES = (
    "text",
    "option",
    "options",
    "denied",
    "none",
    "since",
    "number",
    "unit",
    "side",
    "bare",
)
# What a sentence may say of all its answers together.
GATHERED = ("all", "absent", "block")
# Rows of a table with one value in a column, as a sentence names them.
ROWS = re.compile(r"(?P<table>[\w.]+)\[(?P<column>\w+)=(?P<value>\w+)\]")
_STRONG = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
FILTERS = ("join", "lower", "upper", "first", "last", "length", "trim")
_OPERATORS = frozenset({"*", "**", "%", "+", "-", "/", "//"})
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
    nodes.Getitem,
    nodes.Getattr,
    nodes.List,
    nodes.Concat,
)


class _Environment(ImmutableSandboxedEnvironment):
    # The sandbox alone does not bound memory: 'a' * 10**9 would be computed.
    intercepted_binops = _OPERATORS

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"the operator {operator} is not allowed in a wording")


@cache
def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, autoescape=False, optimized=False)
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests = {}
    environment.globals = {}
    return environment


@cache
def wording_faults(text: str, variables: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is wrong with a wording, in words for its author.

    Parameters
    ----------
    text
        The wording.
    variables
        The names that it may use.
    """
    return tuple(_faults(text, variables))


def _faults(text: str, variables: tuple[str, ...]) -> Iterator[str]:
    if len(text) > LONGEST:
        yield "this wording is far too long"
        return
    if "{" not in text:
        return
    try:
        tree = _environment().parse(text)
    except (TemplateError, RecursionError) as error:
        yield f"this wording cannot be read: {getattr(error, 'message', 'nested too deeply')}"
        return
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            yield f"a wording may not use {type(node).__name__}: keep to {{{{ name }}}} and if"
            return
        if isinstance(node, nodes.Getattr) and node.attr not in ATTRIBUTES:
            yield f"an answer has no {node.attr!r}: use one of {', '.join(ATTRIBUTES)}"
            return
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield f"there is no filter {node.name!r}: use one of {', '.join(FILTERS)}"
            return
    for name in sorted(find_undeclared_variables(tree)):
        if name not in variables:
            yield f"there is no {name!r} here{did_you_mean(name, variables)}"


@cache
def wording_names(text: str) -> frozenset[str]:
    """Return the names that a sound wording uses."""
    return frozenset(find_undeclared_variables(_environment().parse(text)))


@cache
def strongly(wording: str) -> str:
    """Return a wording of a content file with what stands between ``**`` marked as strong."""
    return _STRONG.sub(lambda match: strong(match[1]), wording)


@cache
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


def render_wording(text: str, values: Mapping[str, object]) -> str:
    """Return the wording with `values` put in. Values are never read as template code.

    Parameters
    ----------
    text
        A wording of a template file; never anything that a user of the program typed.
    values
        What the wording may name.

    Raises
    ------
    LetterError
        If the wording is faulty or its result far too long.
    """
    if "{" not in text:
        return text
    template = _compiled(text)
    parts: list[str] = []
    room = LONGEST + sum(len(v) for v in values.values() if isinstance(v, str))
    try:
        for part in template.generate(values):
            room -= len(part)
            if room < 0:
                raise LetterError(
                    "A wording of the letter template gives far too long a text: mend the template."
                )
            parts.append(part)
    except (TemplateError, TypeError, ValueError):
        # Without the chain: its text could hold a value of the patient.
        raise LetterError(
            "A wording of the letter template cannot be filled in: check the templates."
        ) from None
    return "".join(parts)
