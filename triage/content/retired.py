"""Answers of an older form: what they are called now, and what the form no longer asks.

A draft is never rewritten. Whoever reads it sees it through these two: `renewed` gives every answer under its
present name, `parted` sets apart what has none, which is kept, printed, and read by no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from operator import is_not

from triage.content.form import NOTE, Form
from triage.content.kinds import KINDS
from triage.model.case import Case
from triage.model.values import Finding, Unable, Value


def renewed(case: Case, form: Form, whole: Mapping[str, Value] | None = None) -> Case:
    """Return `case` with retired keys, options, words and columns under what they became.

    `whole` holds the answers that were found to have their present names before (see `parted`).
    """
    if not form.has_retired:
        return case
    whole = whole or {}
    if all(_now(key, value, form) == (key, value) for key, value in _fresh(case, whole)):
        return case
    found: dict[str, Value] = {}
    for old, recorded in case.items():
        if whole.get(old) is recorded:
            found[old] = recorded
            continue
        key, value = _now(old, recorded, form)
        # An answer under the present name goes first; of two old ones, that which says that something is there.
        if key == old or key not in found or (key not in case and _is_present(value)):
            found[key] = value
    return Case(found)


def _now(old: str, value: Value, form: Form) -> tuple[str, Value]:
    """Return an answer and its key as they are called now."""
    key = form.became(old)
    slot = form.slot(key)
    if slot is not None and slot.kind == value.type:
        value = KINDS[slot.question.kind].renewed(value, slot.question, form)
    return key, value


def is_whole(key: str, value: Value, form: Form) -> bool:
    """Whether an answer has its present name, and the form asks all of it."""
    renamed = form.has_retired and _now(key, value, form) != (key, value)
    return not renamed and _parts(key, value, form)[1] is None


def parted(case: Case, form: Form, whole: dict[str, Value] | None = None) -> tuple[Case, Case]:
    """Return what of `case` the form asks, and what it no longer does; a table or result may be in both.

    `whole` remembers for the next reading which answers the form knows whole: at a key press one has changed.
    """
    whole = {} if whole is None else whole
    known: dict[str, Value | None] = {}
    lost: dict[str, Value] = {}
    for key, value in _fresh(case, whole):
        keeps, loses = _parts(key, value, form)
        if loses is None:
            whole[key] = value
        else:
            known[key], lost[key] = keeps, loses
    return (case.with_(known), Case(lost)) if lost else (case, _NOTHING)


_NOTHING = Case()


def _fresh(case: Case, whole: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """Return the answers that are not known to be whole: of thousands one or two, at each key press."""
    return list(compress(case.items(), map(is_not, map(whole.get, case.keys()), case.values())))


def _parts(key: str, value: Value, form: Form) -> tuple[Value | None, Value | None]:
    slot = form.slot(key)
    if slot is None:
        # The text of a section that is gone is text all the same.
        return (value, None) if form.knows(key) or key.startswith(NOTE) else (None, value)
    if type(value) is Unable:
        return value, None
    if slot.kind != value.type:
        return None, value
    return KINDS[slot.question.kind].parted(value, slot, form)


def _is_present(value: Value) -> bool:
    return not isinstance(value, Finding) or value.present
