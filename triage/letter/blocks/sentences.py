"""The sentences of page one, told of a case. One that has nothing to tell does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from triage.content.schema import Sentence, SentenceBlock
from triage.letter.blocks.filling import Filling, Fillings, fillings_of, years_once
from triage.letter.making import Making
from triage.letter.statements import Statement
from triage.letter.words.phrase import sentence, shared
from triage.letter.words.wording import GATHERED, render_wording, strongly, wording_names

# What a sentence says that only lists its answers.
_ALL = "{{ all }}"
_BEFORE_A_STOP = re.compile(r"\s+([,.;:])")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of one case.

    Parameters
    ----------
    record
        What it was made by.
    text
        What it says, without capital and full stop.
    covers
        The keys of the case that it tells of.
    typed
        How many of its words a person typed.
    pieces
        The answers of a sentence that only lists them, each with its keys: a block may tell fewer.
    """

    record: Sentence
    text: str
    covers: tuple[str, ...]
    typed: int = 0
    pieces: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def statement(self) -> Statement:
        """The sentence as a letter holds it."""
        return Statement(sentence(self.text), self.covers, yields=self.record.yields)

    @property
    def words(self) -> int:
        """How many words count against the limit of its block: those that were typed do not."""
        return len(self.text.split()) - self.typed


def sentences(making: Making, block: SentenceBlock) -> list[Statement]:
    """Return the sentences of a block that have something to tell, in the order of the file."""
    return settled(told.statement for told in told_of(making, block))


def told_of(
    making: Making,
    block: SentenceBlock,
    fillings: Fillings | None = None,
    argued: Set[str] | None = None,
) -> list[Told]:
    """Return the sentences of a block with what they were made by; `settled` says their years once.

    Parameters
    ----------
    making
        The letter.
    block
        The block.
    fillings
        Those of the letter, if they were made already.
    argued
        Of which answers ``all`` tells; of every one if None.
    """
    fillings = fillings or fillings_of(making)
    records = (
        r
        for r in making.templates.sentences.sentence
        if block in r.block and fillings.tells(r.of.values())
    )
    found = (_told(record, fillings, argued) for record in records)
    return [told for told in found if told is not None]


def _told(record: Sentence, fillings: Fillings, argued: Set[str] | None) -> Told | None:
    values = {name: fillings.of(target) for name, target in record.of.items()}
    brief = {name: fillings.argued(target, argued) for name, target in record.of.items()}
    gathered = _gathered(record, brief, argued)
    text = render_wording(strongly(record.says), {**values, **gathered})
    text = " ".join(text.split()).rstrip(" ,;")
    if not text:
        return None
    said = [filling for filling in (*values.values(), *brief.values()) if filling.told]
    covers = tuple(dict.fromkeys(key for filling in said for key in filling.keys))
    typed = sum(_typed_words(filling, text) for filling in said)
    pieces: Iterable[Filling] = ()
    if record.says == _ALL:
        pieces = (f for f in brief.values() if f and _is_argued(f, argued))
    return Told(
        record,
        _BEFORE_A_STOP.sub(r"\1", text),
        covers,
        typed,
        tuple((str(f), f.keys) for f in pieces),
    )


def _gathered(
    record: Sentence, values: Mapping[str, Filling], argued: Set[str] | None
) -> dict[str, str]:
    """Return what the wording may say of all answers together, as far as it does."""
    there = [f for f in values.values() if _is_argued(f, argued)]
    used = wording_names(record.says)
    found = dict.fromkeys(GATHERED, "")
    if "all" in used:
        found["all"] = together([str(f) for f in there if f])
    for name in used & {"absent", "block"}:
        found[name] = _denied(f for f in values.values() if f.block is (name == "block"))
    return found


def together(names: Sequence[str]) -> str:
    """Return answers as one list."""
    # "Speech: slurred, drooling" would take the drooling for a part of the speech.
    return "; ".join(names) if any(":" in name for name in names) else shared(names)


def _is_argued(filling: Filling, argued: Set[str] | None) -> bool:
    return argued is None or not argued.isdisjoint(filling.keys)


def _denied(fillings: Iterable[Filling]) -> str:
    return shared([str(f.denied) for f in fillings if not len(f) and f.denied], "or")


def _typed_words(filling: Filling, text: str) -> int:
    typed = str(filling.parts.get("text", ""))
    return len(typed.split()) if typed and typed in text else 0


def settled(statements: Iterable[Statement]) -> list[Statement]:
    """Return the sentences that are printed of a block, each year said once."""
    kept = list(statements)
    texts = years_once(statement.said for statement in kept)
    return [replace(old, said=text) for old, text in zip(kept, texts, strict=True)]
