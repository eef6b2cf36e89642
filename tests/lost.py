"""Answers of an older form, whose words the present one does not know: one for each thing that can be lost."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

from triage.content import Content, ContentFiles, load_content
from triage.model.values import (
    Choice,
    Finding,
    Measurement,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Value,
)


def _table(*cells: tuple[str, str | bool]) -> Table:
    return Table(rows=(Row(cells=(("name", "Examplamine"), *cells)),))


def _result(**item: object) -> Result:
    return Result(items=(Measurement(**item),))  # type: ignore[arg-type]


# What was lost -> key, value, and the words of it that a letter has to print.
LOST: dict[str, tuple[str, Value, str]] = {
    "word of a number": ("patient.age", Quantity(word="elderly", unit="y"), "elderly"),
    "unit of a number": (
        "cramp.duration_months",
        Quantity(value=Decimal(3), unit="fortnights"),
        "3 fortnights",
    ),
    "option": ("cramp.course", Choice(option="wavering"), "wavering"),
    "option with a note": (
        "cramp.main_complaint",
        Choice(option="tingle", text="mostly at night"),
        "mostly at night",
    ),
    "row of a grid": ("power.big_toe.left", Choice(option="4"), "big toe left (no longer asked)"),
    "grade of a grid": ("power.deltoid.left", Choice(option="4minus"), "4minus"),
    "column of a table": ("meds.list", _table(("colour", "sky blue")), "sky blue"),
    "option of a column": ("meds.list", _table(("class", "tonic")), "tonic"),
    "option of a result": ("ix.ecg", _result(option="u_wave"), "u wave"),
    "unit of a result": ("ix.k", _result(value=Decimal("4.1"), unit="grains"), "4.1 grains"),
    "option of a list": ("meds.classes.tonic", Finding(present=True, text="weekly"), "weekly"),
    "question": ("old.question", Finding(present=True), "present"),
    "question, absent": ("old.other", Finding(present=False), "absent"),
    "question that could not be assessed": (
        "old.third",
        Unable(reason="in plaster"),
        "in plaster",
    ),
    "kind of a question": ("neuro.weakness", Choice(option="slight"), "slight"),
    "side": ("neuro.weakness.left", Finding(present=True), "left (no longer asked)"),
    "section": ("note.old_section", Text(text="a note of old"), "a note of old"),
}

# An older name -> what it is called in the form of `retired_content`.
RETIRED = {
    "old.breathless": "rf.breathless_rest",
    "old.plantar": "plantar",
    "cramp.course.getting_worse": "cramp.course.worsening",
    "power.thigh_lift": "power.hip_flex",
    "meds.classes.statins": "meds.classes.statin",
    "meds.list.strength": "meds.list.dose",
    "ix.ecg.qt_long": "ix.ecg.long_qtc",
    "patient.age.grown_up": "patient.age.adult",
    "older.breathless": "old.breathless",
    "old.forgotten": "",
}


def changed_content(change: Callable[[str], str]) -> Content:
    """Return the shipped content with the text of its form changed."""
    with tempfile.TemporaryDirectory() as own:
        folder = Path(own, "forms", "muscle_cramps")
        folder.mkdir(parents=True)
        text = change(ContentFiles().text("forms/form.toml"))
        (folder / "form.toml").write_text(text, encoding="utf-8")
        return load_content(ContentFiles(own=Path(own)))


@cache
def retired_content() -> Content:
    """Return the shipped content, in whose form some ids have older names."""
    records = [
        f'[[retired]]\nid = "{old}"\nbecame = "{new}"\nsince = "2026-11"\n'
        for old, new in RETIRED.items()
    ]
    return changed_content(lambda text: text + "".join(records))


@cache
def unasked_content(question: str) -> Content:
    """Return the shipped content, in whose form `question` is kept and not asked any more."""

    def change(text: str) -> str:
        assert f'id = "{question}"\n' in text
        return text.replace(f'id = "{question}"\n', f'id = "{question}"\nasked = false\n', 1)

    return changed_content(change)
