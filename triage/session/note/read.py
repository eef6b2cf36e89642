"""A pasted consultation note: what of it can be recorded, and how sure that is. What is not stays text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from triage.content.form import AGE, SEX
from triage.model.values import Result, Table
from triage.session.note import words as said_words
from triage.session.note.sentences import Sentence, sentences_of
from triage.session.note.wording import spoken, tokens_of, wordings
from triage.session.note.words import DENY, FILLERS, plain_times
from triage.session.paste.read import read_report
from triage.session.quick.names import said
from triage.session.quick.place import Place
from triage.session.quick.preview import Item, Line, Meaning
from triage.session.quick.read import MOST_MEANINGS, Reader
from triage.session.quick.values import SIDES_SAID, fold
from triage.session.session import Session

# How much of a sentence is the patient's own, now: sure, to be asked, of the family, or nothing of it.
Stand = Literal["plain", "asks", "family", "none"]
_LONGEST_NAME = 6
_LONGEST_CLAUSE = 24
_JOINER = re.compile(
    r"\s*,(?!\d)\s*(?:(?:and|but|or|nor)\s+)?|\s+(?:and|but|or|nor|&|with)\s+|(?<=[a-z]{3})\s?/\s?(?=[a-z]{3})",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?P<age>\d{1,3})[\s-]?(?:years?[\s-]old|yrs?[\s-]old|y/?o|yrs?\b|y(?=\s))\s*(?P<who>[^\W\d]+)?"
    r"|\b(?P<years>\d{1,3})\s?(?P<letter>[MF])\b",
    re.IGNORECASE,
)
_QUOTES = frozenset("\"“”„«»")
LEAVE = Meaning((Line("Only in the notes"),))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What words of a note would record.

    Parameters
    ----------
    sentence
        The number of its sentence.
    text
        The words that it came from.
    line
        The same as it is typed in quick entry.
    item
        What that becomes there.
    is_certain
        Whether nothing speaks against it: it may stand ticked. Else it asks.
    is_whole
        Whether all words of its clause are in it.
    """

    sentence: int
    text: str
    line: tuple[str, ...]
    item: Item
    is_certain: bool
    is_whole: bool = True

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """Its one meaning, or those that are asked, each side and thing by itself."""
        found = [leaf for meaning in self.item.meanings for leaf in _leaves(meaning)]
        return tuple(found[:MOST_MEANINGS])


@dataclass(frozen=True, slots=True)
class Reading:
    """A note as it was read.

    Parameters
    ----------
    sentences
        All of it, in order.
    proposals
        What can be recorded, in order.
    stopped
        Why nothing was read; empty if it was.
    names
        Whom the text names, where the case has no name to compare with.
    """

    sentences: tuple[Sentence, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    stopped: str = ""
    names: str = ""


def read_note(session: Session, text: str) -> Reading:
    """Read a consultation note: what its clauses would record, and what of it stays text.

    A proposal is certain only if every word of its clause is understood, if nothing in the sentence or around it says
    that it is of another person, of another time, doubted or planned, and if the note does not say otherwise elsewhere.

    Parameters
    ----------
    session
        The case.
    text
        What was pasted.

    Raises
    ------
    EntryError
        If the text is too large.
    """
    report = read_report(text, session.form, session.case, session.today, session.profile)
    if report.stopped:
        return Reading(stopped=report.stopped)
    note = _Note(session)
    sentences = tuple(sentences_of(text, note.is_name))
    stands = _stands(sentences)
    for at, sentence in enumerate(sentences):
        note.read(sentence, stands[at], at == 0)
        if at and not note.is_read(sentence) and _speaks_of_before(sentence):
            note.doubt(sentences[at - 1])
    return Reading(sentences, note.agreed(), names=report.names)


def _leaves(meaning: Meaning) -> Iterator[Meaning]:
    if not meaning.among:
        yield meaning
    for one in meaning.among:
        yield from _leaves(one)


# -- where a sentence stands ----------------------------------------------------------------------


def _bare(text: str) -> list[str]:
    return [w for w in re.findall(r"[a-z]+(?:/[a-z]+|-[a-z]+)*|\?", text.casefold().replace("’", "'"))]


def _stands(sentences: Sequence[Sentence]) -> list[Stand]:
    """Return how each sentence stands, with what those before it in its paragraph leave behind."""
    found: list[Stand] = []
    is_of_others = False
    for sentence in sentences:
        stand = _stand(sentence)
        if not sentence.follows:
            is_of_others = False
        if is_of_others and stand == "plain":
            stand = "asks"
        # "She" may be the one who was just named.
        is_of_others = is_of_others or stand == "family"
        found.append(stand)
    return found


def _stand(sentence: Sentence) -> Stand:
    bare = _bare(sentence.text)
    every = {*bare, *(part for word in bare for part in re.split("[/-]", word))}
    if sentence.part in (said_words.PLAN, said_words.OPINION) or "?" in every:
        return "none"
    if sentence.part == said_words.FAMILIAL or every & said_words.FAMILY:
        return "family"
    if every & (said_words.HEDGED | said_words.CONDITIONAL):
        return "none"
    limited = every & said_words.LIMITS
    if every & said_words.PLANNED and sentence.part != said_words.MEDICINES:
        return "none"
    if every & said_words.PAST:
        return "none"
    is_apart = sentence.part in (said_words.OTHER, said_words.BEFORE)
    if limited or every & said_words.WEAK or is_apart or _QUOTES & set(sentence.text):
        return "asks"
    return "plain"


def _speaks_of_before(sentence: Sentence) -> bool:
    """Whether a sentence that names nothing takes back, or doubts, what the one before it said."""
    bare = _bare(sentence.text)
    cues = (
        said_words.PAST
        | said_words.HEDGED
        | said_words.LIMITS
        | said_words.WEAK
        | said_words.FAMILY
        | DENY
        | said_words.DENY_BEHIND
    )
    begins = bool(bare) and (bare[0] in said_words.PRONOUNS or len(bare) <= 4)
    return begins and bool(cues & set(bare))


# -- clauses --------------------------------------------------------------------------------------


class _Atom(NamedTuple):
    """What stands between two signs or joining words, and the one in front of it."""

    joiner: str
    start: int
    end: int


def _atoms(body: str) -> list[_Atom]:
    found, start, joiner = [], 0, ""
    for match in _JOINER.finditer(body):
        found.append(_Atom(joiner, start, match.start()))
        start, joiner = match.end(), match[0].strip().casefold()
    found.append(_Atom(joiner, start, len(body)))
    return [atom for atom in found if body[atom.start : atom.end].strip()]


@dataclass(slots=True)
class _Clause:
    """A stretch of a sentence with what it says."""

    text: str
    joiner: str
    tokens: list[str]
    found: list[Proposal] = field(default_factory=list)
    # Whether a denial in front reaches it, and whether it begins one.
    denied: bool = False
    denies: bool = False


class _Note:
    """Reads sentence after sentence against the case as it is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._place = Place.of(session, ())
        self._names = self._place.names
        self._reader = Reader(self._place)
        self._found: list[Proposal] = []

    def is_name(self, label: str) -> bool:
        """Whether a label is the name of a question."""
        typed = said(label)
        return any(h.is_exact and h.target.part is None for h in self._names.find(typed))

    def is_read(self, sentence: Sentence) -> bool:
        """Whether something of a sentence was read."""
        return any(one.sentence == sentence.number for one in self._found)

    def doubt(self, sentence: Sentence) -> None:
        """Make what a sentence proposes ask."""
        self._found = [
            replace(one, is_certain=False) if one.sentence == sentence.number else one
            for one in self._found
        ]

    def agreed(self) -> tuple[Proposal, ...]:
        """Return the proposals: what the note says in two ways asks, what it says again is left out."""
        values: dict[str, set[str]] = {}
        for one in self._found:
            for meaning in one.meanings:
                for key, value in meaning.changes.items():
                    if not isinstance(value, Result | Table):
                        values.setdefault(key, set()).add(repr(value))
        found: list[Proposal] = []
        known: Counter[tuple[str, ...]] = Counter()
        for one in self._found:
            keys = tuple(sorted(repr(m.changes) for m in one.meanings))
            known[keys] += 1
            if known[keys] > 1 and not _is_listed(one):
                continue
            mine = {k for m in one.meanings for k in m.changes}
            if one.is_certain and any(len(values.get(key, ())) > 1 for key in mine):
                one = replace(one, is_certain=False)
            found.append(one)
        return tuple(found)

    def read(self, sentence: Sentence, stand: Stand, is_first: bool) -> None:
        """Read one sentence."""
        if stand == "none" or not sentence.body:
            return
        if stand == "family":
            self._found += self._of_family(sentence)
            return
        body = plain_times(sentence.body)
        aged, body = self._aged(sentence, body, is_first and stand == "plain")
        clauses = self._clauses(sentence, body)
        _deny(clauses)
        for clause in clauses:
            clause.found = list(self._read(clause, sentence))
        _close(clauses)
        is_whole = all(c.found and all(p.is_whole for p in c.found) for c in clauses)
        for one in (p for c in clauses for p in c.found):
            sure = one.is_certain and stand == "plain" and is_whole and self._fits(one, sentence)
            self._found.append(replace(one, is_certain=sure))
        self._found += aged

    # -- a sentence -----------------------------------------------------------------------------

    def _aged(self, sentence: Sentence, body: str, sure: bool) -> tuple[list[Proposal], str]:
        """Return age and sex of the patient as a sentence begins with them, and the sentence without."""
        match = _AGED.search(body)
        if match is None:
            return [], body
        age = match["age"] or match["years"]
        lines = [("age", age)] if AGE in self._session.form.questions else []
        who = match["who"] or match["letter"]
        sex = self._session.form.questions.get(SEX)
        # The word for the person may stand one or two words behind: "72-year-old retired man".
        behind = re.findall(r"[^\W\d]+", body[match.end() :])[:3]
        for word in filter(None, (who, *behind)):
            options = [
                o
                for o in (sex.options if sex else ())
                if word.casefold() in (o.label.casefold(), *o.say)
                or (len(word) == 1 and o.label[:1] == word.upper())
            ]
            if len(options) == 1:
                lines.append(("sex", options[0].label))
                break
        is_near = match.start() <= 40
        found = []
        for line in lines:
            item = self._reader.read(line)
            if item.state == "records" and is_near:
                certain = sure and _is_new(item.meanings[0])
                found.append(Proposal(sentence.number, match[0].strip(), line, item, certain))
        if not found:
            return [], body
        rest = body[match.end() :]
        spoken_of = {line[1].casefold() for line in lines}
        options_said = {
            w for o in (sex.options if sex else ()) for w in (o.label.casefold(), *o.say)
        }
        first = rest.split(maxsplit=1)
        if first and first[0].casefold().strip(".,") in options_said | spoken_of:
            rest = first[1] if len(first) > 1 else ""
        return found, rest.lstrip(" ,.")

    def _clauses(self, sentence: Sentence, body: str) -> list[_Clause]:
        """Return the longest stretches that can be said to quick entry as they are, and what is between."""
        label = f"{sentence.label} " if sentence.label else ""
        day = f" {sentence.day}" if sentence.day else ""
        atoms = _atoms(body)
        found: list[_Clause] = []
        at = 0
        while at < len(atoms):
            for end in range(len(atoms), at, -1):
                text = body[atoms[at].start : atoms[end - 1].end]
                heads = [label, ""] if at == 0 and label else [""]
                tokens = [tokens_of(f"{head}{text}{day}", self._names) for head in heads]
                chosen = next((t for t in tokens if self._whole(t) is not None), None)
                if chosen is None and end == at + 1:
                    chosen = tokens[0]
                if chosen is not None:
                    found.append(_Clause(text.strip(), atoms[at].joiner, chosen))
                    at = end
                    break
        return found

    def _whole(self, tokens: Sequence[str]) -> tuple[tuple[str, ...], Item] | None:
        """Return the line of quick entry that all words of a clause are, if they are one."""
        if not tokens or len(tokens) > _LONGEST_CLAUSE:
            return None
        asking = None
        for line in wordings(tokens):
            item = self._reader.read(line)
            if item.meanings and all(m.is_exact for m in item.meanings) and _says(item):
                if item.state == "records":
                    return line, item
                asking = asking or (line, item)
        return asking

    def _read(self, clause: _Clause, sentence: Sentence) -> Iterator[Proposal]:
        tokens = clause.tokens
        if clause.denied:
            tokens = ["no", *tokens]
        if whole := self._whole(tokens):
            line, item = whole
            yield Proposal(sentence.number, clause.text, line, item, self._is_sure(line, item))
            return
        yield from self._within(clause, tokens, sentence)

    def _within(
        self, clause: _Clause, tokens: Sequence[str], sentence: Sentence
    ) -> Iterator[Proposal]:
        """Yield what is named in a clause that says more than quick entry takes: it always asks."""
        denials = [n for n, t in enumerate(tokens) if fold(t) in DENY | said_words.DENY_BEHIND]
        is_denied = denials == [0]
        if denials and not is_denied:
            return
        at = 1 if is_denied else 0
        while at < len(tokens):
            for end in range(min(len(tokens), at + _LONGEST_NAME), at, -1):
                part = list(tokens[at:end])
                if is_denied:
                    part = ["no", *part]
                whole = self._whole(part)
                if whole and self._is_worth(*whole, tokens):
                    line, item = whole
                    text = " ".join(tokens[at:end])
                    yield Proposal(sentence.number, text, line, item, False, is_whole=False)
                    at = end
                    break
            else:
                at += 1

    def _of_family(self, sentence: Sentence) -> Iterator[Proposal]:
        """Yield what a sentence about relatives says of the family, in the words that the form has for it."""
        for atom in _atoms(sentence.body):
            tokens = [
                t
                for t in tokens_of(sentence.body[atom.start : atom.end], self._names)
                if fold(t) not in said_words.FAMILY | FILLERS | {"had", "history"}
            ]
            is_denied = bool(tokens) and fold(tokens[0]) in DENY
            tokens = tokens[1:] if is_denied else tokens
            line = (*(["no"] if is_denied else []), "fh", *tokens)
            item = self._reader.read(line)
            if tokens and item.state == "records" and item.meanings[0].is_exact:
                text = sentence.body[atom.start : atom.end].strip()
                yield Proposal(sentence.number, text, line, item, False)

    # -- how sure -------------------------------------------------------------------------------

    def _is_sure(self, line: Sequence[str], item: Item) -> bool:
        """Whether a line says one thing that goes by its name, and nothing of it is odd."""
        if item.state != "records":
            return False
        meaning = item.meanings[0]
        names = [t for t in line if fold(t) not in SIDES_SAID and fold(t) != "no"]
        is_short = len(names) == 1 and len(names[0]) <= 3
        has_name = bool(names) and not names[0][:1].isdigit()
        odd = meaning.by_key or meaning.fills or meaning.remarks
        is_bare = not meaning.is_whole and self._is_bare(line, meaning)
        return has_name and not (is_short or odd or is_bare) and _is_new(meaning)

    def _is_bare(self, line: Sequence[str], meaning: Meaning) -> bool:
        """Whether only an answer was named, and not what it answers: ``rest``, ``better``."""
        slots = self._session.form.slots
        names = spoken(line)
        asked = {q.id: q for q in (slots[k].question for k in meaning.changes if k in slots)}
        for question in asked.values():
            if question.kind in ("table", "grid"):
                continue
            whole = self._names.of_question.get(question.id, frozenset())
            if not any(name <= names for name in whole):
                return True
        return False

    def _is_worth(self, line: Sequence[str], item: Item, clause: Sequence[str]) -> bool:
        """Whether what is named among other words is worth asking: a question, or an answer with its question."""
        if any(self._is_bare(line, m) for m in item.meanings if not m.is_whole):
            return False
        has_result = any(
            isinstance(v, Result | Table) for m in item.meanings for v in m.changes.values()
        )
        digits = sum(any(c.isdigit() for c in t) for t in clause)
        # Another number beside a result may be its day, or another result.
        return not has_result or digits == sum(any(c.isdigit() for c in t) for t in line)

    def _fits(self, one: Proposal, sentence: Sentence) -> bool:
        """Whether what is told stands where it is told, and what is seen where it is seen."""
        slots, sections = self._session.form.slots, self._session.form.sections
        for key in one.item.meanings[0].changes:
            slot = slots.get(key)
            if slot is None:
                continue
            question = slot.question
            person = sections[question.section].person
            if question.kind == "table" and sentence.part != said_words.MEDICINES:
                return False
            if person == "told" and sentence.part in (said_words.EXAM, said_words.RESULTS):
                return question.kind in ("result", "table")
            if person == "seen" and sentence.part != said_words.EXAM:
                if question.kind not in ("grid", "result"):
                    return False
        return True


def _says(item: Item) -> bool:
    return item.state in ("records", "asks") and any(
        leaf.changes for m in item.meanings for leaf in _leaves(m)
    )


def _is_new(meaning: Meaning) -> bool:
    """Whether a meaning writes over nothing."""
    return bool(meaning.changes) and not any(line.note.startswith("was ") for line in meaning.lines)


def _is_listed(one: Proposal) -> bool:
    return any(isinstance(v, Table) for m in one.meanings for v in m.changes.values())


def _deny(clauses: Sequence[_Clause]) -> None:
    """Let a denial reach the clauses that are joined to it: ``no weakness, wasting or fasciculation``."""
    reaches = False
    for clause in clauses:
        first = fold(clause.tokens[0]) if clause.tokens else ""
        lead = next((fold(t) for t in clause.tokens if fold(t) not in FILLERS), "")
        if "but" in clause.joiner or "with" in clause.joiner:
            reaches = False
        if lead in DENY:
            clause.denies = reaches = True
            if first not in DENY:
                clause.tokens = clause.tokens[[fold(t) for t in clause.tokens].index(lead) :]
        elif reaches:
            if any(fold(t) in ("has", "have", "is", "are", "reports") for t in clause.tokens):
                reaches = False
            clause.denied = reaches


def _close(clauses: Sequence[_Clause]) -> None:
    """Make the later parts of a denied list ask, unless it is closed by "or" and names nothing but its parts."""
    at = 0
    while at < len(clauses):
        end = at + 1
        while end < len(clauses) and clauses[end].denied:
            end += 1
        group = clauses[at:end]
        if group[0].denies and len(group) > 1:
            last = group[-1].joiner.strip(" ,")
            closed = last in ("or", "nor", "/") and all(
                len(c.found) == 1 and c.found[0].is_certain for c in group
            )
            if not closed:
                for clause in group[1:]:
                    clause.found = [replace(p, is_certain=False) for p in clause.found]
        at = end


def narrative(reading: Reading) -> Iterable[Sentence]:
    """Yield the sentences of which nothing was read."""
    read = {one.sentence for one in reading.proposals}
    return (sentence for sentence in reading.sentences if sentence.number not in read)
