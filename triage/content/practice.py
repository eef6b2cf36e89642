"""The practice patient of a form, and the tour that a clinician takes with it."""

from __future__ import annotations

import json
from datetime import date
from typing import Literal, NamedTuple

from pydantic import Field

from triage.content.casefile import read_case
from triage.content.files import ContentFiles
from triage.content.load import Content
from triage.content.reading import Faults, read_record
from triage.content.schema import Record
from triage.errors import ContentError, Problem, TriageError
from triage.model.case import Case

FILE = "forms/practice.toml"


class Step(Record):
    """A step of the tour.

    Parameters
    ----------
    title, says
        What it is about, and what to do. Keys stand between backquotes.
    at
        The question or block that it is at; none if it is nowhere in the form.
    done
        What ends it: an answer to what it is at, an undo, a line of quick entry, a decision on a test, or the letter.
    """

    title: str
    says: str
    at: str = ""
    done: Literal["answered", "undone", "quick", "decided", "letter"]


class PracticeFile(Record):
    """``practice.toml``: what the patient's case begins with, and the steps."""

    answers: dict[str, object]
    step: tuple[Step, ...] = Field(min_length=1)


class Practice(NamedTuple):
    """The practice patient: the case that it begins with, and the steps of the tour."""

    case: Case
    steps: tuple[Step, ...]


def read_practice(files: ContentFiles, content: Content, today: date) -> Practice | None:
    """Read the practice patient of a form; None if the form has none.

    Raises
    ------
    ContentError
        If it cannot be used.
    """
    if FILE not in files.paths():
        return None
    problems: list[Problem] = []
    faults = Faults(FILE, problems)
    found = read_record(files, FILE, PracticeFile, faults)
    form = content.form
    case = Case()
    if found is not None:
        for step in found.step:
            faults.refer(
                step.title,
                [step.at] if step.at else [],
                [*form.questions, *form.blocks],
                "question or block",
            )
            if step.done == "answered" and not step.at:
                faults.add(step.title, "it ends by an answer: say in `at` to what")
        text = json.dumps(
            {"triage_case": 1, "date": today.isoformat(), "answers": found.answers}, default=str
        )
        try:
            case = read_case(text, form, content.rule_ids, today, FILE)
        except TriageError as error:
            faults.add("answers", str(error))
    if problems or found is None:
        raise ContentError(problems)
    return Practice(case, found.step)
