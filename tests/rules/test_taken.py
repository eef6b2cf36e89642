"""Only the answers that changed are read anew, and what is known is then what reading all of them anew finds."""

import random
from datetime import date

import pytest

from triage.bench.cases import sample
from triage.bench.everything import decided_case, value_of
from triage.model.case import Case
from triage.model.history import History
from triage.model.values import Unable
from triage.rules.assess import Assessor
from triage.rules.facts import CaseFacts
from triage.rules.taken import AnswerReader
from triage.session import Session

from ..conftest import AT, the_content

DAY = date(2026, 11, 22)


def known(read: CaseFacts) -> tuple[object, ...]:
    # Contradictions are told in the order of the last two.
    return (
        read.plain,
        read.old,
        read.worded,
        read.doubted,
        read.speaking,
        list(read.origins.items()),
        list(read.clashes.items()),
    )


@pytest.mark.parametrize("begin", [decided_case, lambda _: sample(), lambda _: Case()])
def test_what_is_known_after_each_answer_is_what_is_found_from_nothing(begin):
    content, chance = the_content(), random.Random(4)
    kept, anew = Assessor(content), Assessor(content)
    session = Session(kept, History(), lambda: AT)
    session.set_all(dict(begin(content)))
    slots = list(content.form.slots.values())
    for n in range(120):
        slot, step = chance.choice(slots), chance.random()
        if step < 0.15:
            session.undo()
        elif step < 0.3:
            session.set(slot.key, None)
        elif step < 0.4 and content.form.fits(slot.key, Unable(reason="in plaster")):
            session.unable(slot.key, "in plaster")
        else:
            session.set(slot.key, value_of(content, slot, n))
        anew.forget()
        found, read = anew.read(session.case, DAY), kept.read(session.case, DAY)
        assert known(read) == known(found), slot.key
        follows = (*content.findings, *content.numbers)
        assert [read.facts[name] for name in follows] == [found.facts[name] for name in follows]
        assert kept.recorded(session.case, DAY, read) == anew.recorded(session.case, DAY, found)


def test_one_answer_that_changed_is_the_only_one_that_is_taken(monkeypatch):
    content = the_content()
    reader, case = AnswerReader(content.form), decided_case(content)
    reader.take(case)
    taken: list[str] = []
    take = AnswerReader._take

    def told(self: AnswerReader, key: str, value: object) -> None:
        taken.append(key)
        take(self, key, value)  # type: ignore[arg-type]

    monkeypatch.setattr(AnswerReader, "_take", told)
    slot = content.form.slots["ix.k"]
    changed = case.with_({slot.key: value_of(content, slot, 3)})
    assert reader.take(changed).results[slot.key] == changed[slot.key]
    assert taken == [slot.key]
