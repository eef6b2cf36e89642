"""No id disappears: every answer that a draft of an earlier day holds is still asked, or became another."""

from __future__ import annotations

import pytest

from tests.conftest import CASES, the_content
from triage.content.form import Form, units_of

# Written once, before the form grew: name; name and kind of its answer; name and one of its units or options.
LISTS = ("ids-2026-11.txt",)


def lost(form: Form, line: str) -> bool:
    """Whether what `line` names is neither in `form` nor retired with what it became."""
    old, *rest = line.split("\t")
    name = form.became(old)
    match rest:
        case []:
            return name not in form.parts
        case ["unit", unit]:
            question = form.question_of(name)
            return question is None or unit not in units_of(question)
        case ["option", option]:
            question = form.question_of(name)
            row = (
                next((r for r in question.rows if f"{question.id}.{r.id}" == name), None)
                if question
                else None
            )
            return row is None or form.now(name, option) not in {o.id for o in row.options}
        case [kind]:
            slot = form.slot(name)
            return slot is None or slot.kind != kind
    raise AssertionError(line)


@pytest.mark.parametrize("name", LISTS)
def test_what_was_asked_is_asked_or_became_another(name: str) -> None:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) > 1700
    assert [line for line in lines if lost(the_content().form, line)] == []


@pytest.mark.parametrize(
    "line", ["cramp.gone", "cramp.painful\tchoice", "ix.k\tunit\tfurlong", "plantar\toption\tup"]
)
def test_the_check_notices_what_is_lost(line: str) -> None:
    assert lost(the_content().form, line)
