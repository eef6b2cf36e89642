"""Questions and facts by the names that rules read, as a person calls them."""

from __future__ import annotations

from collections.abc import Iterable

from triage.content.load import Content
from triage.rules.assessment import Item


class ItemReader:
    """Names what rules read; made once for a content.

    Parameters
    ----------
    content
        The content.
    """

    def __init__(self, content: Content) -> None:
        form = content.form
        questions = {key: slot.question for key, slot in form.slots.items()}
        questions |= form.questions
        # What is no longer asked is never missing: nobody can fill it in.
        self._unasked = frozenset(name for name, q in questions.items() if not q.asked)
        self._items = {name: Item(q.id, q.phrase) for name, q in questions.items()}
        self._items |= {name: Item(name, says) for name, says in content.says.items()}

    def item(self, name: str) -> Item:
        """Return a fact as a person would look it up: by its question."""
        return self._items.get(name) or Item(name, name)

    def items(self, names: Iterable[str]) -> tuple[Item, ...]:
        """Return facts by their questions, each once, without what is no longer asked."""
        found: dict[str, Item] = {}
        for name in names:
            if name not in self._unasked:
                item = self.item(name)
                found.setdefault(item.id, item)
        return tuple(found.values())
