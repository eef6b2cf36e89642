"""``triage questions``: every answer id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from triage.cli import common
from triage.content.files import FORM

if TYPE_CHECKING:
    from triage.content.form import Slot


def questions(
    form: Annotated[str, typer.Option(help="Form id.")] = FORM,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every option.")] = False,
) -> None:
    """List every answer id with kind, options, unit and section."""
    with common.told():
        slots = common.content(form=form).form.slots.values()
        if as_json:
            typer.echo(json.dumps([_data(slot) for slot in slots], ensure_ascii=False, indent=1))
            return
        for slot in slots:
            question = slot.question
            marks = "".join(m for m, on in (("*", question.safety), ("+", question.core)) if on)
            detail = ", ".join(option.id for option in slot.options) or question.unit
            typer.echo(
                f"{slot.key:42} {slot.kind:9} {marks:3} {slot.label}"
                + (f" [{detail}]" if detail else "")
            )
        typer.echo("* minimum safety set   + core path", err=True)


def _data(slot: Slot) -> dict[str, object]:
    question = slot.question
    return {
        "id": slot.key,
        "question": question.id,
        "kind": slot.kind,
        "label": slot.label,
        "options": [option.id for option in slot.options],
        "unit": question.unit,
        "units": [unit.unit for unit in question.units],
        "section": question.section,
        "core": question.core,
        "safety": question.safety,
        "asked": question.asked,
    }
