"""Which questions an answer may bring up."""

from __future__ import annotations

from collections.abc import Mapping

from triage.content.load import Content, block_key
from triage.expr.tree import Node, Number, names


def follow_ups(content: Content) -> dict[str, frozenset[str]]:
    """Return by question the questions and blocks that may come into sight once it is answered.

    A condition that asks for a finding derived from answers rests on those answers. One that waits for the level may
    rest on any, and is left out.
    """
    form, trees = content.form, dict[str, Node | Number]({**content.findings, **content.numbers})
    # In the order in which they can be worked out: what a finding rests on is known before.
    below: dict[str, frozenset[str]] = {}
    for name in content.order:
        below[name] = _questions(content, trees[name], below)
    blocks = {block_key(name): name for name in form.blocks}
    found: dict[str, set[str]] = {name: set() for name in form.questions}
    for nodes in (content.show, content.unfold):
        for name, node in nodes.items():
            for question in _questions(content, node, below):
                found[question].add(blocks.get(name, name))
    return {name: frozenset(others - {name}) for name, others in found.items()}


def _questions(
    content: Content, node: Node | Number, below: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    found: set[str] = set()
    for name in names(node):
        if (question := content.form.question_of(name)) is not None:
            found.add(question.id)
        else:
            found |= below.get(name, frozenset())
    return frozenset(found)
