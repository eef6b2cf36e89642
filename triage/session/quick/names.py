"""What the words of a line can name: questions, rows, options and blocks, by words or their beginnings in any order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from triage.content.form import Form
from triage.content.medicines import one_off
from triage.content.schema import Block, GridRow, OptionRecord, Question
from triage.session.paste.names import words
from triage.session.quick.near import Nearest

Name = frozenset[str]
# These tell no name from another.
_SMALL = frozenset(
    words(
        "of the or and in at on a an to is are with for by any than as also there has have been into its "
        "him his her their"
    )
)
# With one of them begins what is asked of relatives, and is said that something is of them: "fh neuropathy".
OF_RELATIVES = ("fh", "relative")
_BRACKET = re.compile(r"\(([^()]*)\)")
_MOST_HITS = 60
# Of shorter words one letter makes another one.
_LEAST_CORRECTED = 5
_STEM = 4
_SHORTEST = 2
_DENIALS = frozenset(("no", "not", "nil", "never", "without"))


@lru_cache(maxsize=8192)
def said(text: str) -> tuple[str, ...]:
    """Return the words of a text that tell names apart."""
    every = words(text)
    return tuple(word for word in every if word not in _SMALL) or tuple(every)


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What a name stands for.

    Parameters
    ----------
    question
        The question, or the one that it is a part of.
    part
        A row or an option of it; None: the question itself.
    names
        The words of each of its own names.
    place
        Where it stands in the form.
    """

    question: Question
    part: GridRow | OptionRecord | None
    names: frozenset[Name]
    place: int


class Hit(NamedTuple):
    """A target that words name, and whether it goes by just these words."""

    target: Target
    is_exact: bool


class Names:
    """Everything in a form that can be named.

    Parameters
    ----------
    form
        The form: labels, short names, other names (`say`) of its questions, rows, options, blocks and sections.
    """

    def __init__(self, form: Form) -> None:
        self.targets = tuple(_targets(form))
        self.of_question: dict[str, frozenset[Name]] = {}
        self.parts: dict[str, list[Target]] = {}
        self.whole: dict[str, Target] = {}
        own: dict[str, int] = {}
        context: dict[str, int] = {}
        for target in self.targets:
            if target.part is None:
                self.of_question[target.question.id] = target.names
                self.whole[target.question.id] = target
        for target in self.whole.values():
            # A place goes by the name of what is there as well: "numb calf".
            for name in target.question.where:
                self.of_question[name] |= target.names
            if is_of_relatives(target.question):
                self.of_question[target.question.id] |= _names(*OF_RELATIVES)
        for at, target in enumerate(self.targets):
            name = target.question.id
            if target.part is not None:
                self.parts.setdefault(name, []).append(target)
                for word in frozenset().union(*self.of_question[name]):
                    context[word] = context.get(word, 0) | 1 << at
            for word in frozenset().union(*target.names):
                own[word] = own.get(word, 0) | 1 << at
        self._own, self._context = own, context
        self._words = sorted(own.keys() | context.keys())
        self._beginning = lru_cache(maxsize=4096)(self._find_beginning)
        self.find = lru_cache(maxsize=4096)(self._find)
        self.find_parts = lru_cache(maxsize=8192)(self._find_parts)
        self.blocks = dict(_blocks(form))
        self.closings: dict[Name, list[Target]] = {}
        for target in self.whole.values():
            nothing = target.question.nothing if target.question.kind == "table" else None
            for closing in _names(nothing.label, nothing.short, *nothing.say) if nothing else ():
                self.closings.setdefault(closing, []).append(target)

    def _find_beginning(self, word: str) -> tuple[int, int]:
        """Return which targets have a word that begins so: among their own, and in the name of their question."""
        if len(word) == 1 or word.isdigit():
            # One letter, and a number, are never the beginning of a word.
            return self._own.get(word, 0), self._context.get(word, 0)
        own = context = 0
        for at in range(bisect_left(self._words, word), len(self._words)):
            known = self._words[at]
            if not known.startswith(word):
                break
            own |= self._own.get(known, 0)
            context |= self._context.get(known, 0)
        return own, context

    def _singular(self, word: str) -> str:
        """Return the singular of a word that nothing begins with: "thighs"."""
        if len(word) < 3 or not word.endswith("s") or any(self._beginning(word)):
            return word
        return word[:-1] if any(self._beginning(word[:-1])) else word

    def _find(self, typed: tuple[str, ...]) -> tuple[Hit, ...]:
        """Return what these words name: what goes by just them, else what has words that begin so."""
        if not any(word.isalpha() for word in typed):
            # A number alone names nothing.
            return ()
        typed = tuple(map(self._singular, typed))
        both, named = -1, 0
        for word in typed:
            own, context = self._beginning(word)
            both &= own | context
            named |= own
        both &= named
        wanted = frozenset(typed)
        hits = []
        while both:
            low = both & -both
            both ^= low
            target = self.targets[low.bit_length() - 1]
            if target.part is None or wanted.issuperset(said(target.question.said_with)):
                hits.append(Hit(target, self._is_exact(target, wanted)))
        if (len(typed) == 1 and len(typed[0]) <= _SHORTEST) or _DENIALS & wanted:
            # One letter or two are a whole name, "k", or none; "not arms" is no "arm, part not stated".
            hits = [hit for hit in hits if hit.is_exact]
        # What goes by the name itself is never crowded out.
        hits.sort(key=lambda hit: not hit.is_exact)
        return tuple(hits[:_MOST_HITS])

    def _is_exact(self, target: Target, wanted: Name) -> bool:
        if wanted in target.names:
            return True
        if target.part is None:
            return False
        whole = self.of_question[target.question.id]
        return any(name < wanted and wanted - name in whole for name in target.names)

    def corrected(self, word: str) -> str:
        """Return the one word of a name that is one letter away from one that begins none; empty if there is none."""
        if len(word) < _LEAST_CORRECTED or not word.isalpha() or any(self._beginning(word)):
            return ""
        # The first letter is seldom mistyped.
        near = [w for w in self._words if w[:1] == word[:1] and one_off(word, w)]
        return near[0] if len(near) == 1 else ""

    def is_of(self, question: Question, word: str) -> bool:
        """Whether a word begins as one of the name of a question does: "smokes" of smoking, and "mild" of nothing."""
        stem = word[:_STEM]
        return any(w.startswith(stem) for name in self.of_question[question.id] for w in name)

    def goes_by(self, question: Question, text: str) -> bool:
        """Whether a text is word for word a name of a question: "for diabetes" is not "diabetes"."""
        wanted = sorted(words(text))
        return any(
            sorted(words(n)) == wanted for n in (question.label, question.short, *question.say)
        )

    def is_enough(self, place: int, typed: tuple[str, ...], half: bool = False) -> bool:
        """Whether every word of a name of what stands at a place is begun, or half of them.

        Chemo is no neurotoxic chemotherapy.
        """
        target = next((one for one in self.targets if one.place == place), None)
        if target is None:
            return True
        for name in target.names:
            met = sum(any(_is_begun(t, w) for t in typed) for w in name)
            if met == len(name) or (half and met * 2 >= len(name)):
                return not self._is_of_another(target, name, typed)
        return False

    def _is_of_another(self, target: Target, name: Name, typed: tuple[str, ...]) -> bool:
        """Whether what is typed beside an option is the name of another question: "gait unsteady" is no tandem gait."""
        rest = {t for t in typed if not any(_is_begun(t, w) for w in name)}
        own = self.of_question[target.question.id]
        if target.part is None or target.question.kind != "choice" or any(n <= rest for n in own):
            return False
        return any(n <= rest for names in self.of_question.values() for n in names)

    def _find_parts(self, question: str, typed: tuple[str, ...]) -> tuple[tuple[Target, ...], bool]:
        """Return those parts of a question that go by `typed`, and True; else those with words that begin so."""
        parts = self.parts.get(question, ())
        for wanted in dict.fromkeys((frozenset(typed), frozenset(map(_without_s, typed)))):
            if exact := tuple(part for part in parts if wanted in part.names):
                return exact, True
            begun = tuple(p for p in parts if any(_begins(wanted, name) for name in p.names))
            if begun:
                return begun, False
        return (), False

    def knows(self, word: str) -> bool:
        """Whether a name has just this word."""
        return word in self._own or word in self._context

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return what is called most like `text`, as the screen calls it."""
        return tuple(self._near.to(" ".join(sorted(said(text)))))

    @cached_property
    def _near(self) -> Nearest[str]:
        return Nearest((" ".join(sorted(n)), shown(t)) for t in self.targets for n in t.names)

    def related(self, question: str, text: str) -> tuple[str, ...]:
        """Return the parts of `question` that share a word with what `text` is also called elsewhere."""
        also = {
            word
            for hit in self.find(said(text))
            if hit.is_exact
            for word in frozenset().union(*hit.target.names)
        }
        parts = self.parts.get(question, [])
        by_words = [p for p in parts if also & frozenset().union(*p.names)]
        near = Nearest((" ".join(sorted(n)), shown(t)) for t in parts for n in t.names)
        found = [*map(shown, by_words), *near.to(text)]
        return tuple(dict.fromkeys(found))[:3]


def _is_begun(typed: str, word: str) -> bool:
    return word == typed or (len(typed) > 1 and word.startswith(typed))


def is_of_relatives(question: Question) -> bool:
    """Whether a question is of the patient's relatives, as its label says."""
    return words(question.label)[0] in OF_RELATIVES


def shown(target: Target) -> str:
    """Return how the screen calls what a name stands for."""
    label = target.question.label.rstrip("?")
    return f"{label}: {target.part.label}" if target.part else label


def _targets(form: Form) -> Iterator[Target]:
    place = 0
    for section in form.sections:
        for question in form.in_section(section):
            if not question.asked:
                continue
            head, _, behind = question.label.partition("(")
            # "New (days to weeks) pain …" is not called "new".
            is_name = len(said(head)) > 1 or behind.endswith(")")
            names = _names(head if is_name else "", question.label, question.short)
            yield Target(question, None, names | _names(*question.say), place := place + 1)
            if question.kind == "result":
                continue
            parts: tuple[GridRow | OptionRecord, ...] = question.rows or question.options
            for part in parts:
                aside = _BRACKET.findall(part.label)
                bare = _BRACKET.sub(" ", part.label)
                names = _names(part.label, bare, part.short, *aside, *part.say)
                if beside := frozenset(said(question.said_with)):
                    names = frozenset(name | beside for name in names)
                yield Target(question, part, names, place := place + 1)


def _names(*texts: str) -> frozenset[Name]:
    return frozenset(frozenset(name) for text in texts if (name := said(text)))


def _blocks(form: Form) -> Iterator[tuple[Name, tuple[Block, ...]]]:
    for section in form.sections.values():
        inside = tuple(block for block in form.blocks.values() if block.section == section.id)
        if inside:
            yield from ((name, inside) for name in _names(section.title, *section.say))
    for block in form.blocks.values():
        yield from ((name, (block,)) for name in _names(block.title, *block.say))


def _without_s(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _begins(wanted: Name, name: Name) -> bool:
    return bool(wanted) and all(
        word in name or (len(word) > 1 and any(own.startswith(word) for own in name))
        for word in wanted
    )


@lru_cache(maxsize=2)
def names_in(form: Form) -> Names:
    """Return the names of a form, made once."""
    return Names(form)
