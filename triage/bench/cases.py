"""What the benchmarks work on: the sample case, and answers that differ from round to round."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

from triage.content import Content, ContentFiles, load_content
from triage.content.casefile import day_of, read_case
from triage.model.case import Case
from triage.model.values import Finding, Text

if TYPE_CHECKING:
    from triage.letter.statements import Letter
    from triage.rules.assess import Assessor

_AT = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)


@cache
def the_content() -> Content:
    """Return the program's content, loaded once."""
    return load_content(ContentFiles())


@cache
def sample() -> Case:
    """Return the full case of the demo."""
    content = the_content()
    text = ContentFiles().text("forms/cases/sample.json")
    return read_case(text, content.form, content.rule_ids, date(2026, 11, 20), "sample.json")


def sample_day() -> date:
    """Return the date of the sample case."""
    return day_of(sample())


def varied(round_: int) -> Case:
    """Return the sample with one finding flipped, another one each round."""
    case = sample()
    keys = [key for key, value in case.items() if isinstance(value, Finding)]
    key = keys[round_ % len(keys)]
    value = case[key]
    assert isinstance(value, Finding)
    return case.with_({key: Finding(present=not value.present)})


@cache
def the_assessor() -> Assessor:
    """Return what assesses the cases, made once."""
    from triage.rules.assess import Assessor

    return Assessor(the_content())


def letter_of(round_: int) -> Letter:
    """Return the letter of a case that differs from that of any other round, in an answer and in what was typed."""
    from triage.letter.build import build_letter

    typed = Text(text=f"Seen for the {round_}th time, invented as before: {round_ * 7919} steps.")
    case = varied(round_).with_({"note.neuro": typed})
    content, day = the_content(), sample_day()
    assessment = the_assessor().assess(case, day)
    return build_letter(
        content, case, assessment, "referral_letter", "neuromuscular", day, version=1, issued_at=_AT
    )


def set_letter(letter: Letter) -> bytes:
    """Return an issued letter as a file, with a case in it."""
    from triage.pdf.render import render

    return render(letter, case_json=lambda _: _sample_json(), when=_AT)


@cache
def _sample_json() -> str:
    from triage.content.casefile import write_case

    return write_case(sample(), the_content().form)
