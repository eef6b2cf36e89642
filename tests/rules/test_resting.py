"""What rests on an answer: known from the conditions, whatever the case."""

from __future__ import annotations

from triage.letter.words.said import resting as said
from triage.model.values import LEVELS

from ..conftest import the_assessor, the_content


def test_the_rules_that_read_an_answer_are_named_the_gravest_first() -> None:
    found = the_assessor().resting.on("rf.breathless_rest")
    assert found.flags[0].id == "E01"
    ranks = [LEVELS.index(flag.level) for flag in found.flags]
    assert ranks == sorted(ranks, reverse=True)
    assert any("Creatine kinase" in name for name in found.tests)


def test_a_named_finding_in_between_is_seen_through() -> None:
    # U01 reads d.umn_sign, which reads the plantar response.
    found = the_assessor().resting.on("plantar")
    assert "U01" in {flag.id for flag in found.flags}
    assert any("Motor neuron" in name for name in found.conditions)


def test_each_rule_rests_on_every_question_that_its_trail_can_name() -> None:
    content, assessor = the_content(), the_assessor()
    for rule in content.red_flags[:12]:
        assert rule.when is not None
        for name in assessor._explainer.explained(rule.when).answers:
            question = content.form.question_of(name)
            if question is not None:
                assert rule.record.id in {f.id for f in assessor.resting.on(question.id).flags}


def test_an_answer_that_nothing_reads_says_so() -> None:
    found = the_assessor().resting.on("patient.address")
    assert said.summary(found) == said.NOTHING
    assert not any(part.lines for part in said.parts(found))


def test_how_much_rests_on_an_answer_is_one_sentence() -> None:
    found = the_assessor().resting.on("rf.breathless_rest")
    says = said.summary(found)
    assert says.endswith(" rest on this answer.")
    assert f"{len(found.tests)} test" in says
    assert [part.title for part in said.parts(found) if part.lines][:2] == ["Urgency", "Tests"]
