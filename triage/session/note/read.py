"""A pasted consultation note: what of it can be recorded, and how sure that is. What is not stays text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from triage.content.entry import order_of
from triage.content.form import AGE, SEX
from triage.content.schema import Question
from triage.content.units import can_be
from triage.errors import EntryError
from triage.model.dates import PartialDate
from triage.model.values import Result, Table, is_present
from triage.session.note import words as said_words
from triage.session.note.sentences import Sentence, sentences_of
from triage.session.note.wording import spoken, timed, tokens_of, wordings
from triage.session.note.words import DENY, FILLERS, plain_times
from triage.session.paste.read import read_report
from triage.session.quick.names import is_of_relatives, said
from triage.session.quick.part import MOST_MEANINGS
from triage.session.quick.place import Place
from triage.session.quick.plain import RELATED, plainly
from triage.session.quick.preview import Item, Meaning
from triage.session.quick.read import LEADS, Reader
from triage.session.quick.values import NO, NORMAL, SIDES_SAID, YES, fold, is_time
from triage.session.session import Session

# With one of them begins the name of a question, which is no statement.
_ASKING = frozenset(("where", "what", "which", "how", "when", "who"))
# A clause with one of them says for itself what is so.
_OWN = frozenset(
    ("has", "have", "is", "are", "reports", "present", "normal", "positive", "pos", "+ve", "yes")
)
# How much of a sentence is the patient's own, now: sure, to be asked, of the family, or nothing of it.
Stand = Literal["plain", "asks", "family", "none"]
_ANSWERS = YES | NO | DENY | {NORMAL}
_LONGEST_NAME = 6
_LONGEST_CLAUSE = 24
# A sentence of so few words that names nothing may be of what the one before it named.
_SHORT = 6
# So many parts between commas can be one line of quick entry.
_MOST_ATOMS = 6
LONGEST_NOTE = 20_000
_TOO_LONG = f"The note is longer than {LONGEST_NOTE // 1000} KB: paste it in parts."
# Age and sex stand this near the beginning.
_NEAR = 40
_JOINER = re.compile(
    r"\s*,(?!\d)\s*(?:(?:and|but|or|nor)\s+)?|\s+(?:and|but|or|nor|&|with)\s+|(?<=[a-z]{3})\s?/\s?(?=[a-z]{3})",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?P<age>\d{1,3})[\s-]?(?:(?:years?|yrs?)[\s-]old|y[/.]?o)\b\.?|(?P<years>\d{1,3})(?P<letter>[MF])\b"
    r"|(?P<aged>\d{1,3})\s?(?:years?|yrs?|y)\s+(?P<who>[^\W\d]+)"
)
# A box, a cross or an arrow says what no word does.
_SIGN = re.compile(r"[^\w\s.,/()+\-<>%'’°–&µ]|_")
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b(?:19|20)\d\d\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_GRADE = re.compile(r"[0-5][+-]?(?:/5)?|\+{1,4}|-|absent|normal|brisk|reduced", re.IGNORECASE)
_QUOTES = frozenset('"“”„«»')


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
        return tuple(_every(self.item)[:MOST_MEANINGS])


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
    whole
        The sentences of which every word is in a proposal.
    """

    sentences: tuple[Sentence, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    stopped: str = ""
    names: str = ""
    whole: frozenset[int] = frozenset()


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
    if len(text) > LONGEST_NOTE:
        raise EntryError(_TOO_LONG)
    report = read_report(text, session.form, session.case, session.today, session.profile)
    if report.stopped:
        return Reading(stopped=report.stopped)
    note = _Note(session)
    sentences = tuple(sentences_of(text, note.is_name, note.is_today))
    note.has_days = any(
        _DAY.search(s.body) or set(_bare(s.body)) & said_words.DAYS for s in sentences
    )
    stands = _stands(sentences)
    for at, sentence in enumerate(sentences):
        note.read(sentence, stands[at], at == 0)
        if at and not note.is_read(sentence) and _speaks_of_before(sentence):
            note.doubt(sentences[at - 1])
    return Reading(sentences, note.agreed(), names=report.names, whole=frozenset(note.whole))


def _leaves(meaning: Meaning) -> Iterator[Meaning]:
    if not meaning.among:
        yield meaning
    for one in meaning.among:
        yield from _leaves(one)


def _every(item: Item) -> list[Meaning]:
    """Return the meanings of an item, each side and thing by itself."""
    return [leaf for meaning in item.meanings for leaf in _leaves(meaning)]


def _only_lasting(item: Item) -> Item:
    """Return how long something lasts as that of the problem: what else it could be of, the note names itself."""
    meanings = tuple(m for m in item.meanings if not _is_present(m))
    if len(meanings) != 1:
        return replace(item, meanings=meanings)
    return replace(item, state="records", meanings=meanings, chosen=meanings[0])


def _is_present(meaning: Meaning) -> bool:
    return any(map(is_present, meaning.changes.values()))


# -- where a sentence stands ----------------------------------------------------------------------


def _bare(text: str) -> list[str]:
    plain = text.casefold().replace("？", "?").replace("’", "'")
    return re.findall(r"[a-z]+(?:/[a-z]+|-[a-z]+)*|\?", plain)


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
    bare = _bare(_AGED.sub(" ", plain_times(sentence.text)))
    every = {*bare, *(part for word in bare for part in re.split("[/-]", word))}
    aside = (said_words.PLAN, said_words.OPINION, said_words.ASIDE)
    if sentence.part in aside or sentence.is_blank or "?" in every:
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
    if (
        sentence.is_dated
        or limited
        or every & said_words.WEAK
        or is_apart
        or _QUOTES & set(sentence.text)
        or sentence.is_cut
    ):
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
    if not bare or bare[0] in said_words.PRONOUNS:
        return bool(bare)
    # A question of its own, "?gout", asks nothing of what stands before it.
    asks = bare[0] == "?" and len(bare) > 1
    return len(bare) <= _SHORT and not asks and bool((cues | said_words.PRONOUNS) & set(bare))


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
    # Whether one may reach it: "no problem with swallowing".
    shadowed: bool = False


class _Note:
    """Reads sentence after sentence against the case as it is."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._place = Place.of(session, ())
        self._names = self._place.names
        self._reader = Reader(self._place)
        self._found: list[Proposal] = []
        # The sections of which the sentence names a question of the core path.
        self._core_named: set[str] = set()
        # What the last two words of a heading say of the rows below it: the name of a table, and its sides.
        self._columns: tuple[str, ...] = ()
        self.whole: set[int] = set()
        # Whether a result without a day may be of one that stands elsewhere in the note.
        self.has_days = False

    def is_name(self, label: str) -> bool:
        """Whether a label is the name of a question."""
        typed = said(label)
        # "Tone: normal" goes by both words.
        beside = self._names.find((*typed, NORMAL))
        return any(h.is_exact and h.target.part is None for h in self._names.find(typed)) or any(
            h.is_exact for h in beside
        )

    def is_today(self, spelled: str) -> bool:
        """Whether a day is that of the visit."""
        session = self._session
        try:
            day = PartialDate.parse(spelled, session.today, order_of(session.profile))
        except EntryError:
            return False
        return day == PartialDate.of(session.day)

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
            # What fills only what is open gives way by itself.
            for meaning in (m for m in one.meanings if not m.fills):
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
        if not sentence.body:
            return
        if stand == "none":
            if sentence.part in ("", said_words.HISTORY):
                # Who it is stands in front, whatever is said of it.
                self._found += self._aged(sentence, plain_times(sentence.body), sure=False)[0]
            return
        if stand == "family":
            self._found += self._of_family(sentence)
            return
        if not sentence.follows:
            self._columns = ()
        body = self._in_columns(plain_times(sentence.body))
        aged, body = self._aged(sentence, body, is_first and stand == "plain")
        self._core_named = set(self._named_in(body))
        clauses = self._clauses(sentence, body)
        _deny(clauses)
        for clause in clauses:
            # Of the patient's own past the form may not ask, but of the family's.
            clause.found = [
                one
                for one in self._read(clause, sentence)
                if not self._is_of_relatives(one) and not self._is_year(one)
            ]
            if clause.shadowed:
                clause.found = [one for one in clause.found if not _is_there(one)]
        _close(clauses)
        _doubt(clauses)
        is_whole = all(c.found and all(p.is_whole for p in c.found) for c in clauses)
        for one in (p for c in clauses for p in c.found):
            sure = one.is_certain and stand == "plain" and is_whole and self._fits(one, sentence)
            self._found.append(replace(one, is_certain=sure))
        self._found += aged
        if is_whole and (clauses or aged):
            self.whole.add(sentence.number)

    def _in_columns(self, body: str) -> str:
        """Return a row of a table headed "right, left" with its sides: ``Deltoid 5 4`` is ``Deltoid R 5 L 4``."""
        words = body.split()
        sides = tuple(word for word in words[-2:] if len(SIDES_SAID.get(fold(word), ())) == 1)
        if len(sides) == 2 and len(words) <= _LONGEST_NAME and not any(map(_is_grade, words)):
            head = " ".join(words[:-2])
            self._columns = (f"{head} " if self.is_name(head) else "", *sides)
            return ""
        names = [word for word in words[:-2] if not _is_grade(word)]
        if not self._columns or len(names) != len(words) - 2 or not names:
            self._columns = ()
        elif all(map(_is_grade, words[-2:])):
            grid, first, second = self._columns
            return f"{grid}{' '.join(names)} {first} {words[-2]} {second} {words[-1]}"
        return body

    def _named_in(self, body: str) -> Iterator[str]:
        """Yield the section of each question of the core path that a sentence names."""
        for token in tokens_of(body, self._names):
            for hit in self._names.find(said(token)):
                if hit.is_exact and hit.target.part is None and hit.target.question.core:
                    yield hit.target.question.section

    # -- a sentence -----------------------------------------------------------------------------

    def _aged(self, sentence: Sentence, body: str, sure: bool) -> tuple[list[Proposal], str]:
        """Return age and sex of the patient as a sentence begins with them, and the sentence without."""
        match = _AGED.search(body)
        if match is None or match.start() > _NEAR:
            return [], body
        sex = self._session.form.questions.get(SEX)
        options = sex.options if sex else ()

        def named(word: str) -> list[str]:
            is_letter = len(word) == 1
            return [
                o.label
                for o in options
                if word.casefold() in (o.label.casefold(), *o.say)
                or (is_letter and o.label[:1] == word.upper())
            ]

        age = match["age"] or match["years"] or match["aged"]
        beside = match["who"] or match["letter"]
        if match["aged"] and not named(beside):
            # "3 years", of something.
            return [], body
        rest = body[match.end() :]
        # The word for the person may stand one or two words behind: "72-year-old retired man".
        # A letter stands right behind the age, and "f/u" is none.
        behind_ = re.findall(r"(?<![/\w])[^\W\d]+(?![/\w])", rest)[:3]
        words = list(filter(None, (beside, *(w for n, w in enumerate(behind_) if not n or w[1:]))))
        sexes = next(filter(None, map(named, words)), [])
        lines = [("age", age)] if AGE in self._session.form.questions else []
        lines += [("sex", sexes[0])] if len(sexes) == 1 else []
        found = []
        for line in lines:
            item = self._reader.read(line)
            if item.state == "records" and not item.meanings[0].remarks:
                certain = sure and _is_new(item.meanings[0])
                found.append(Proposal(sentence.number, match[0].strip(), line, item, certain))
        first, _, behind = rest.strip().partition(" ")
        return found, (behind if named(first.strip(".,")) else rest).lstrip(" ,.")

    def _clauses(self, sentence: Sentence, body: str) -> list[_Clause]:
        """Return the longest stretches that can be said to quick entry as they are, and what is between."""
        label = f"{sentence.label} " if sentence.label else ""
        day = f" {sentence.day}" if sentence.day else ""
        atoms = _atoms(body)
        found: list[_Clause] = []
        at = 0
        while at < len(atoms):
            for end in range(min(len(atoms), at + _MOST_ATOMS), at, -1):
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
            if is_time(" ".join(plainly(line))):
                item = _only_lasting(item)
            leaves = _every(item)
            if not leaves or not all(leaf.is_exact for leaf in leaves):
                continue
            if not self._is_meant(line, tokens, item):
                continue
            if item.state == "records":
                return line, item
            asking = asking or (line, item)
        return asking

    def _is_meant(self, line: Sequence[str], tokens: Sequence[str], item: Item) -> bool:
        """Whether a line says what the clause says, and something of the patient."""
        inside = map(fold, line[1:-1])
        is_cut = fold(tokens[-1]) in said_words.JOINS
        if item.state not in ("records", "asks") or is_cut or any(word in DENY for word in inside):
            return False
        asked = [self._asked(m) for m in _every(item) if m.changes]
        sections = self._session.form.sections
        aside = (
            q.kind == "choices" and sections[q.section].person == "administrative"
            for qs in asked
            for q in qs
        )
        if not asked or any(aside):
            return False
        said_all = {fold(token) for token in tokens}
        if "all" in line and "all" not in said_all:
            return all(q.kind == "grid" for qs in asked for q in qs)
        if line[0] == "no" and not said_all & (DENY | said_words.DENY_BEHIND):
            # Closed as normal.
            closing = [q.nothing.label.casefold() for qs in asked for q in qs if q.nothing]
            return bool(closing) and all("normal" in label for label in closing)
        columns = (c for qs in asked for q in qs if q.kind == "table" for c in q.columns)
        if any(column.names for column in columns) and len(line) > 1:
            # A name that is found without the first word does not begin with it.
            found = self._session.content.medicines.look_up(" ".join(line[1:]))
            first = self._session.content.medicines.look_up(line[0])
            return not found.found or bool(first.found) or not found.ends
        return True

    def _is_of_relatives(self, one: Proposal) -> bool:
        asked = [question for meaning in one.meanings for question in self._asked(meaning)]
        return bool(asked) and all(map(is_of_relatives, asked))

    def _asked(self, meaning: Meaning) -> list[Question]:
        """Return the questions that a meaning answers, each once."""
        slots = self._session.form.slots
        questions = (slots[k].question for k in meaning.changes if k in slots)
        return list({q.id: q for q in questions}.values())

    def _read(self, clause: _Clause, sentence: Sentence) -> Iterator[Proposal]:
        tokens = clause.tokens
        if clause.denied:
            tokens = ["no", *tokens]
        elif len(tokens) == 1 and fold(tokens[0]) in _ANSWERS:
            # An answer to what is not named.
            return
        if whole := self._whole(tokens):
            yield self._proposal(sentence, clause.text, whole, sure=True)
            return
        # A denial among parts without signs can be of any of them.
        denies = any(fold(t) in DENY | said_words.DENY_BEHIND for t in tokens)
        parts = [] if denies else self._reader.parts(" ".join(tokens))
        # How long it lasts is of what stands before it.
        lasting = timed(tokens)
        wholes = [] if len(parts) < 2 or lasting else [self._whole(part) for part in parts]
        if wholes and all(wholes):
            # One behind the other without a sign: "BP 138/82 HR 64".
            for part, found_whole in zip(parts, wholes, strict=True):
                if found_whole:
                    yield self._proposal(sentence, " ".join(part), found_whole, sure=True)
            return
        if clause.denied:
            # The denial may end before what is not understood.
            return
        if lasting and (whole := self._whole(lasting[0])):
            times = list(self._lasting(clause.text, *lasting, sentence))
            first = self._proposal(sentence, clause.text, whole, sure=True)
            for one in (first, *times):
                yield replace(one, is_whole=bool(times), is_certain=one.is_certain and bool(times))
            return
        rest = lasting[0] if lasting else tokens
        found = list(self._within(rest, sentence))
        if found and lasting:
            found += self._lasting(clause.text, *lasting, sentence)
        yield from (replace(one, is_whole=False) for one in found)

    def _proposal(
        self, sentence: Sentence, text: str, whole: tuple[tuple[str, ...], Item], *, sure: bool
    ) -> Proposal:
        line, item = whole
        return Proposal(sentence.number, text, line, item, sure and self._is_sure(line, item))

    def _lasting(
        self, text: str, rest: Sequence[str], lasts: Sequence[str], sentence: Sentence
    ) -> Iterator[Proposal]:
        """Yield how long it is, of what the clause names, or of the problem as a whole."""
        for end in range(len(rest), 0, -1):
            for start in range(end):
                whole = self._whole([*rest[start:end], *lasts])
                if whole and any(len(self._asked(m)) > 1 for m in whole[1].meanings):
                    yield self._proposal(sentence, text, whole, sure=False)
                    return
        if whole := self._whole(lasts):
            yield self._proposal(sentence, text, whole, sure=False)

    def _within(self, tokens: Sequence[str], sentence: Sentence) -> Iterator[Proposal]:
        """Yield what is named in a clause that says more than quick entry takes: it always asks."""
        denials = [n for n, t in enumerate(tokens) if fold(t) in DENY | said_words.DENY_BEHIND]
        if denials and denials != [0]:
            return
        at = 1 if denials else 0
        core = set(self._core_named)
        bare: list[tuple[str, tuple[tuple[str, ...], Item]]] = []
        while at < len(tokens):
            for end in range(min(len(tokens), at + _LONGEST_NAME), at, -1):
                part = list(tokens[at:end])
                if fold(part[0]) in FILLERS or fold(part[-1]) in FILLERS:
                    continue
                if at and tokens[at - 1][-1:].isdigit() and part[0][:1].isdigit():
                    # "1 8 months".
                    continue
                if len(part) == 1 and fold(part[0]) in _ANSWERS:
                    continue
                if denials and end < len(tokens) and fold(tokens[end]) not in FILLERS:
                    # "No calf swelling" is not of the calf.
                    continue
                whole = self._whole(["no", *part] if denials else part)
                worth = whole and self._worth(*whole, tokens)
                if worth and self._goes_on(*worth, part, tokens[end:]):
                    continue
                is_led = fold((*tokens, "")[end]) in LEADS
                if worth and is_led and all(self._is_answer(part, m) for m in worth[1].meanings):
                    # "Worse with walking" is no "worse".
                    continue
                if worth:
                    text = " ".join(part)
                    yield self._proposal(sentence, text, worth, sure=False)
                    at = end
                    break
                if whole and not denials and (named := self._core(whole)):
                    bare.append((" ".join(part), named))
                    at = end
                    break
            else:
                at += 1
            if denials and (at == len(tokens) or fold(tokens[at - 1]) not in FILLERS):
                # Only what stands right behind it is denied for sure.
                break
        for text, (line, item) in bare:
            meanings = tuple(m for m in item.meanings if self._asked(m)[0].section in core)
            if meanings:
                item = replace(item, meanings=meanings, state="asks", chosen=None)
                yield self._proposal(sentence, text, (line, item), sure=False)

    def _goes_on(
        self, line: Sequence[str], item: Item, part: Sequence[str], rest: Sequence[str]
    ) -> bool:
        """Whether what stands behind may be of a name that was cut, ``finger | abduction``, or the unit of a number."""
        is_bulk = "all" in line and "all" not in part
        spoken_ = rest if is_bulk else rest[:1]
        if not rest or (not is_bulk and fold(rest[0]) in FILLERS | SIDES_SAID.keys()):
            return False
        behind, own = set(said(" ".join(spoken_))), set(said(" ".join(part)))
        for question in {q.id: q for m in _every(item) for q in self._asked(m)}.values():
            if question.kind == "quantity" and part[-1][-1:].isdigit():
                return True
            names = (n for t in self._names.parts.get(question.id, ()) for n in t.names)
            if question.kind == "grid" and not behind <= own and any(behind & n for n in names):
                return True
        return False

    def _core(self, whole: tuple[tuple[str, ...], Item]) -> tuple[tuple[str, ...], Item] | None:
        """Return an answer without its question, as far as it is one of the core path."""
        line, item = whole
        meanings = tuple(
            leaf
            for leaf in _every(item)
            if leaf.changes
            and all(q.core and q.kind in ("choice", "choices") for q in self._asked(leaf))
        )
        return (line, replace(item, meanings=meanings)) if meanings else None

    def _of_family(self, sentence: Sentence) -> Iterator[Proposal]:
        """Yield what a sentence about relatives says of the family, in the words that the form has for it."""
        bare = set(_bare(sentence.text))
        if sentence.part != said_words.FAMILIAL and not bare & RELATED:
            return
        for atom in _atoms(sentence.body):
            tokens = [
                t
                for t in tokens_of(sentence.body[atom.start : atom.end], self._names)
                if fold(t) not in said_words.FAMILY | FILLERS | {"had", "history"}
            ]
            denials = [n for n, t in enumerate(tokens) if fold(t) in DENY | said_words.DENY_BEHIND]
            if denials and denials != [0]:
                continue
            text = sentence.body[atom.start : atom.end].strip()
            spoken_ = set(_bare(text))
            if spoken_ & said_words.SELF and not spoken_ & RELATED:
                # "... and now he has cramps."
                continue
            for start, end in _spans(len(tokens), 1 if denials else 0):
                if {fold(tokens[start]), fold(tokens[end - 1])} & FILLERS:
                    continue
                line = (*tokens[: len(denials)], "fh", *tokens[start:end])
                item = self._reader.read(("no", *line[1:]) if denials else line)
                if item.state == "records" and item.meanings[0].is_exact:
                    yield Proposal(sentence.number, text, line, item, False, is_whole=False)
                    break

    # -- how sure -------------------------------------------------------------------------------

    def _is_year(self, one: Proposal) -> bool:
        """Whether what would be a result can only be a year: "prostate ca 2019"."""
        form = self._session.form

        def reads_year(meaning: Meaning) -> bool:
            return any(
                _YEAR.fullmatch(str(item.value)) and not can_be(question, item.value, item.unit)
                for key, value in meaning.changes.items()
                if isinstance(value, Result) and (question := form.question_of(key))
                for item in value.items
                if item.value is not None
            )

        # Where it is no result, it is no dose either.
        results = [m for m in one.meanings if not _has(m, Table)]
        return bool(results) and all(map(reads_year, results))

    def _is_sure(self, line: Sequence[str], item: Item) -> bool:
        """Whether a line says one thing that goes by its name, and nothing of it is odd."""
        if item.state != "records":
            return False
        meaning = item.meanings[0]
        names = [t for t in line if fold(t) not in SIDES_SAID and fold(t) != "no"]
        # One word alone is said of anything.
        is_short = len(names) == 1 and fold(line[0]) != "no"
        has_name = bool(names) and not names[0][:1].isdigit()
        is_odd = meaning.by_key or meaning.fills or bool(meaning.remarks)
        has_sign = any(_SIGN.search(token) for token in line)
        is_bare = not meaning.is_whole and self._is_bare(line, meaning)
        if any(isinstance(v, Result) for v in meaning.changes.values()):
            # Of a month without its year it is not sure which.
            is_odd = is_odd or (_names_month(line) and not _DAY.search(" ".join(line)))
        return has_name and not (is_short or is_odd or has_sign or is_bare) and _is_new(meaning)

    def _is_bare(self, line: Sequence[str], meaning: Meaning) -> bool:
        """Whether only an answer was named, and not what it answers: ``rest``, ``better``."""
        names = spoken(line)
        for question in self._asked(meaning):
            if question.kind in ("table", "grid"):
                continue
            whole = self._names.of_question.get(question.id, frozenset())
            if not any(name <= names for name in whole):
                return True
        return False

    def _is_answer(self, line: Sequence[str], meaning: Meaning) -> bool:
        return not meaning.is_whole and self._is_bare(line, meaning)

    def _worth(
        self, line: tuple[str, ...], item: Item, clause: Sequence[str]
    ) -> tuple[tuple[str, ...], Item] | None:
        """Return what of the things that are named among other words is worth asking: questions, not answers alone."""
        if line[0][:1].isdigit():
            return None
        meanings = tuple(
            m for m in _every(item) if m.changes and (m.is_whole or not self._is_bare(line, m))
        )
        values = [v for m in meanings for v in m.changes.values()]
        digits = sum(any(c.isdigit() for c in t) for t in clause)
        own = sum(any(c.isdigit() for c in t) for t in line)
        # Another number beside a result may be its day, or another result.
        is_result = any(isinstance(v, Result | Table) for v in values)
        if not meanings or (is_result and (own != digits or not own)):
            return None
        return line, replace(item, meanings=meanings)

    def _fits(self, one: Proposal, sentence: Sentence) -> bool:
        """Whether what is told stands where it is told, and what is seen where it is seen."""
        slots, sections = self._session.form.slots, self._session.form.sections
        for key, value in one.item.meanings[0].changes.items():
            undated = isinstance(value, Result) and any(not item.date for item in value.items)
            if undated and self.has_days:
                return False
            slot = slots.get(key)
            if slot is None:
                continue
            question = slot.question
            person = sections[question.section].person
            if question.kind == "table" and sentence.part != said_words.MEDICINES:
                return False
            if person == "administrative" and question.id not in (AGE, SEX):
                return question.kind == "quantity"
            if person == "told" and sentence.part in (said_words.EXAM, said_words.RESULTS):
                return question.kind in ("result", "table")
            is_measured = question.kind in ("grid", "result")
            if person == "seen" and sentence.part != said_words.EXAM and not is_measured:
                return False
        return True


def _is_grade(word: str) -> bool:
    return _GRADE.fullmatch(word) is not None


def _names_month(line: Sequence[str]) -> bool:
    return any(fold(token).strip("().") in said_words.DAYS for token in line)


def _spans(many: int, first: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of so many words, the longest first."""
    for length in range(min(many - first, _LONGEST_NAME), 0, -1):
        for start in range(first, many - length + 1):
            yield start, start + length


def _is_new(meaning: Meaning) -> bool:
    """Whether a meaning writes over nothing."""
    return bool(meaning.changes) and not any(line.note.startswith("was ") for line in meaning.lines)


def _is_listed(one: Proposal) -> bool:
    return any(_has(meaning, Table) for meaning in one.meanings)


def _has(meaning: Meaning, kind: type) -> bool:
    return any(isinstance(value, kind) for value in meaning.changes.values())


def _deny(clauses: Sequence[_Clause]) -> None:
    """Let a denial reach the clauses that are joined to it: ``no weakness, wasting or fasciculation``."""
    reaches = False
    for clause in clauses:
        first = fold(clause.tokens[0]) if clause.tokens else ""
        lead = next((fold(t) for t in clause.tokens if fold(t) not in FILLERS), "")
        is_own = any(fold(t) in _OWN or t.strip("+") == "" for t in clause.tokens)
        is_named = lead in _ASKING
        # A stroke joins alternatives: before "is" as well it may be denied.
        may_be = "with" in clause.joiner or is_named or (clause.joiner == "/" and is_own)
        clause.shadowed = reaches and may_be
        if "but" in clause.joiner or "with" in clause.joiner:
            reaches = False
        if lead in DENY:
            clause.denies = reaches = True
            if first not in DENY:
                clause.tokens = clause.tokens[[fold(t) for t in clause.tokens].index(lead) :]
        elif reaches:
            reaches = is_named or not is_own
            clause.denied = reaches and not is_named


def _doubt(clauses: Sequence[_Clause]) -> None:
    """Let what stands before a denial that comes last ask: ``fever, dark urine absent`` may deny both."""
    doubted = False
    for clause in reversed(clauses):
        last = fold(clause.tokens[-1]) if clause.tokens else ""
        if doubted and last not in said_words.AFFIRM_BEHIND:
            clause.found = [
                replace(p, is_certain=p.is_certain and not _is_there(p)) for p in clause.found
            ]
        doubted = doubted or last in said_words.DENY_BEHIND
        if "but" in clause.joiner or "with" in clause.joiner:
            doubted = False


def _is_there(one: Proposal) -> bool:
    return any(map(_is_present, one.meanings))


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
