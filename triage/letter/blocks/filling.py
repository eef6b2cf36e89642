"""What an answer fills into a sentence of page one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from triage.content.entry import amount_text, quantity_text
from triage.content.form import MIDLINE, Slot
from triage.content.schema import AnswerWords, Column, Question
from triage.letter.making import Making
from triage.letter.statements import unmarked
from triage.letter.words.phrase import Phrase, listed
from triage.letter.words.places import Place, places_text
from triage.letter.words.recorded import in_years
from triage.letter.words.tables import stored_date
from triage.letter.words.wording import ATTRIBUTES, ROWS
from triage.model.case import Case
from triage.model.dates import MONTHS, PartialDate
from triage.model.values import Choice, Date, Finding, Quantity, Row, Table, Text, Value, is_absent

# Around a year, until it is known whether the block has said it already: code points that no text holds.
_ON, _OFF = "\ufdd2", "\ufdd3"
_YEAR = re.compile(f"{_ON}( ?\\d+){_OFF}")
_MARKS = dict.fromkeys(map(ord, (_ON, _OFF)))
_SIDED = re.compile(r"(?<![^ ])(right|left) ")
# Of one comment; the whole of it stands in the record of findings.
_MOST_WORDS = 60


class Filling(str):
    """One answer as a sentence tells it; empty where there is nothing to tell.

    It knows whether the sentence looked at it: of what it did not look at, it does not tell. Its parts are those that
    `wording.ATTRIBUTES` names; a part that it does not have is empty.

    Parameters
    ----------
    words
        What is there. What was typed beside an answer stands in its place.
    keys
        Its keys of the case.
    parts
        Its parts by name.
    """

    keys: tuple[str, ...]
    parts: Mapping[str, str | tuple[str, ...]]
    told: bool
    block: bool

    def __new__(
        cls, words: str = "", keys: Iterable[str] = (), **parts: str | tuple[str, ...]
    ) -> Filling:
        """Make the words, with keys and parts."""
        made = super().__new__(cls, words)
        made.keys, made.parts, made.told, made.block = tuple(keys), parts, False, False
        return made

    def untold(self) -> Filling:
        """Return the same for another sentence, which has not looked at it yet."""
        made = Filling(super().__str__(), self.keys, **self.parts)
        made.block = self.block
        return made

    def __bool__(self) -> bool:
        """Whether there is something to tell."""
        self.told |= len(self) > 0
        return len(self) > 0

    def __str__(self) -> str:
        """Return the words."""
        self.told |= len(self) > 0
        return super().__str__()

    def __getattr__(self, name: str) -> str | tuple[str, ...]:
        """Return one of the parts."""
        if name not in ATTRIBUTES:
            raise AttributeError(name)
        part = self.parts.get(name, () if name == "options" else "")
        self.told |= bool(part)
        return part


class Fillings:
    """Makes the fillings of one letter.

    Parameters
    ----------
    making
        The letter.
    """

    def __init__(self, making: Making) -> None:
        self._making = making
        self._form = making.form
        self._answers = making.said
        senseless = (k for c in making.assessment.contradictions if c.leftover for k in c.answers)
        self._case = making.case.with_(dict.fromkeys((*making.denied, *senseless)))
        # Comments are told in the place of what they comment, never beside it.
        self._speaker = making.speaker_of(_without_comments(self._case))
        self._made: dict[str, Filling] = {}
        # The lists that a row of a table ticks say something without an answer of their own.
        owners = (self._form.question_of(key) for key in (*self._case, *self._speaker.from_tables))
        self._asked = {question.id for question in owners if question is not None}

    def tells(self, targets: Iterable[str]) -> bool:
        """Whether there is an answer to any of `targets`."""
        owners = [self._owner(target) for target in targets]
        return any(n in self._asked for owner in owners for n in (owner, *self._instead(owner)))

    def _owner(self, target: str) -> str:
        """Return the question that a target is about."""
        if match := ROWS.fullmatch(target):
            return match["table"]
        question = self._form.question_of(target)
        return question.id if question is not None else ""

    def _instead(self, question: str) -> tuple[str, ...]:
        """Return the questions that are asked in the place of one that no longer is, and has no answer."""
        known = self._form.questions.get(question)
        if known is None or known.asked or question in self._asked:
            return ()
        own = self._answers.get(question)
        return own.follow_up if own is not None else ()

    def of(self, target: str) -> Filling:
        """Return what the answers to `target` fill in: a question, an option, a row of a grid, or rows of a table."""
        if target not in self._made:
            found = self._of(target)
            found.block = any(getattr(self._case.get(key), "block", False) for key in found.keys)
            self._made[target] = found
        return self._made[target].untold()

    def argued(self, target: str, keys: Set[str] | None) -> Filling:
        """Return what `of` does; of a list without sides only the options that are among `keys`, if any is."""
        whole, question = self.of(target), self._form.question_of(target)
        if keys is None or question is None or question.kind != "choices" or question.sided:
            return whole
        ticks = {k: v for k, v in self._ticks(question).items() if k in keys and k in whole.keys}
        return self._list(question, ticks) if ticks and target == question.id else whole

    def _of(self, target: str) -> Filling:
        if match := ROWS.fullmatch(target):
            return self._rows(*match.groups())
        question = self._form.question_of(target)
        assert question is not None
        if instead := self._instead(target):
            return self._together(question, instead)
        part = target.removeprefix(question.id).removeprefix(".")
        if part:
            return self._part(question, part)
        if question.kind == "choices":
            return self._list(question, self._ticks(question))
        if question.kind == "grid":
            return self._grid(question)
        return self._single(question)

    def _together(self, joined: Question, questions: Sequence[str]) -> Filling:
        """Return what the answers to `questions` fill in, which are asked in the place of one that joined them."""
        if there := [one for name in questions for one in self.named(name)]:
            return Filling(listed([text for text, _ in there]), [k for _, ks in there for k in ks])
        found = {n: f for n in questions if (f := self.of(n)).parts.get("denied")}
        keys = [key for f in found.values() for key in f.keys]
        own = self._answers.get(joined.id)
        if own is not None and own.denied and all(map(self._is_denied, questions)):
            return Filling("", keys, denied=own.denied)
        return Filling("", keys, denied=listed([str(f.parts["denied"]) for f in found.values()]))

    def _is_denied(self, question: str) -> bool:
        """Whether nothing of a question is left open, and nothing is there."""
        found, known = self.of(question), self._form.questions[question]
        return bool(found.parts.get("denied")) and (
            known.kind != "choices" or "none" in found.parts
        )

    def named(self, question: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what is there of a question by its own name, and the keys."""
        for phrase in self._speaker.phrases(self._form.questions[question]):
            if phrase.part == "present" and not phrase.denies and phrase.text:
                words = phrase.text
                if isinstance(self._case.get(phrase.keys[0]), Finding):
                    words = self._joined(self._form.questions[question], [phrase], words)
                asked = self._form.questions[question]
                yield self._noted(asked, phrase.keys[0], words), phrase.keys

    # -- one question -----------------------------------------------------------------------------

    def _single(self, question: Question) -> Filling:
        phrases = [p for p in self._speaker.phrases(question) if p.part != "unable"]
        there = [p for p in phrases if p.part == "present" and not p.denies and p.text]
        keys = [k for p in phrases for k in p.keys]
        parts: dict[str, str] = {"text": self._typed(keys)}
        for phrase in phrases:
            if phrase.denies:
                parts["none"] = _beside(phrase.text, parts["text"])
            elif phrase.part == "absent":
                parts["denied"] = phrase.text
        if not there:
            return Filling("", keys, **parts)
        words = listed([p.text for p in there])
        if question.sided:
            there_keys = [k for k in keys if not is_absent(self._case[k])]
            sides = {slot.side for k in there_keys if (slot := self._form.slot(k))}
            option = self._chosen(there_keys)
            return Filling(words, there_keys, **parts, side=_side(sides), option=option)
        value = self._case[keys[0]]
        if isinstance(value, Finding):
            words = self._joined(question, there, words)
        words, more = self._valued(question, value, words)
        return Filling(self._noted(question, keys[0], words), keys, **parts, **more)

    def _noted(self, question: Question, key: str, words: str) -> str:
        """Return an answer with what was typed beside it.

        What was typed stands alone where the answer only sums it up, or is one of several; else it stands behind the
        name of what is there: "breast, 2011" says no cancer.
        """
        typed, value = self._typed([key]), self._case.get(key)
        if not typed:
            return words
        if isinstance(value, Finding):
            own = self._answers.get(question.id)
            is_name = not (question.text and own and (own.one_of or own.follow_up))
        else:
            chosen = isinstance(value, Choice) and value.option
            is_name = any(option.alone for option in question.options if option.id == chosen)
        return _beside(words, typed) if is_name else typed

    def _joined(self, question: Question, there: Sequence[Phrase], words: str) -> str:
        """Return a finding that joins several, of which nobody said which, by its name."""
        own = self._answers.get(question.id)
        if (
            own is None
            or not own.one_of
            or not own.denied
            or own.sensitive
            or len(there[0].keys) > 1
        ):
            return words
        # What was typed beside it says which.
        if " or " not in own.denied or self._typed(there[0].keys):
            return own.denied
        return f"{own.denied} {self._making.word('not_said_which')}"

    def _valued(self, question: Question, value: Value, words: str) -> tuple[str, dict[str, str]]:
        """Return the words for a value that stands in a sentence, and its parts."""
        own = self._answers.get(question.id)
        match value:
            case Choice(option=option):
                return self._option(question, option), {"option": option}
            case Quantity():
                told = in_years(value)
                parts = {"number": amount_text(told), "unit": told.unit}
                return (words if own and own.page else quantity_text(told)), parts
            case Date(date=day):
                return page_date(day), {"since": page_date(day)}
            case Text(text=text):
                return flat(text), {}
        return words, {}

    def _option(self, question: Question, option: str) -> str:
        """Return an option as page one names it: small, and without what is said in brackets."""
        words = self._answers.get(f"{question.id}.{option}")
        if words and words.page:
            return words.page
        return next((o.phrase for o in question.options if o.id == option), option)

    def _chosen(self, keys: Iterable[str]) -> str:
        """Return the one option or grade that all `keys` say; empty if they differ."""
        said = {v.option for k in keys if isinstance(v := self._case[k], Choice)}
        return said.pop() if len(said) == 1 else ""

    def _typed(self, keys: Iterable[str]) -> str:
        """Return what was typed beside answers, as a sentence may hold it."""
        found = (_comment(self._case[k]) for k in keys if k in self._case)
        return "; ".join(dict.fromkeys(flat(text) for text in found if text.strip()))

    # -- lists ------------------------------------------------------------------------------------

    def _ticks(self, question: Question) -> dict[str, Finding]:
        """Return the answers to a list by key, as far as this reader is told them."""
        held = self._making.is_held
        values = ((slot.key, self._case.get(slot.key)) for slot in self._form.slots_of(question.id))
        return {key: v for key, v in values if isinstance(v, Finding) and not held(key)}

    def _list(self, question: Question, ticks: Mapping[str, Finding]) -> Filling:
        there = {key: value for key, value in ticks.items() if value.present}
        slots = {slot.key: slot for slot in self._form.slots_of(question.id)}
        if not there:
            return self._none(question, ticks, slots)
        options = [o.id for key in there if (o := slots[key].option)]
        text = self._typed(there)
        told = [self._speaker.places(question, there, missing=missing) for missing in (True, False)]
        # What was typed is never changed.
        words, bare = told if text else map(with_articles, told)
        return Filling(
            words,
            there,
            bare=bare,
            options=tuple(dict.fromkeys(options)),
            side=_side({self._side_of(slots[key]) for key in there}),
            text=text,
        )

    def _side_of(self, slot: Slot) -> str:
        words = self._answers.get(f"{slot.question.id}.{slot.option.id}") if slot.option else None
        return (words and words.side) or slot.side

    def _none(
        self, question: Question, ticks: Mapping[str, Finding], slots: Mapping[str, Slot]
    ) -> Filling:
        """Return a list of which nothing is there."""
        words = self._answers.get(question.id) or AnswerWords(id=question.id)
        denied = {o.id: self._denied(question, o.id) for k in ticks if (o := slots[k].option)}
        if len(denied) < len(question.options):
            return Filling("", ticks, denied=listed(list(denied.values())))
        return Filling("", ticks, none=words.none, denied=words.denied or question.phrase)

    def _denied(self, question: Question, option: str) -> str:
        words = self._answers.get(f"{question.id}.{option}")
        return (words and words.denied) or self._option(question, option)

    # -- an option, a row of a grid ---------------------------------------------------------------

    def _part(self, question: Question, part: str) -> Filling:
        slots = [
            slot
            for slot in self._form.slots_of(question.id)
            if part in ((slot.option and slot.option.id), (slot.row and slot.row.id))
        ]
        if question.kind == "choices":
            ticks = self._ticks(question)
            return self._list(question, {s.key: ticks[s.key] for s in slots if s.key in ticks})
        slots = slots or list(self._form.slots_of(question.id))
        found = [(s, v) for s in slots if isinstance(v := self._case.get(s.key), Choice)]
        if question.kind != "grid":
            here = [slot for slot, value in found if value.option == part]
            side = _side({slot.side for slot in here})
            words = self._option(question, part) if here else ""
            return Filling(words, [s.key for s in here], side=side, option=part if here else "")
        keys = [slot.key for slot, _ in found]
        said = {slot.side: slot.option_phrase(value.option) for slot, value in found}
        return Filling(_by_side(said), keys, option=self._chosen(keys), text=self._typed(keys))

    def _grid(self, question: Question) -> Filling:
        """Return a grid by what is abnormal in it."""
        phrases = [p for p in self._speaker.phrases(question) if p.part == "present"]
        odd = [p for p in phrases if p.positive]
        words = listed([p.text.removeprefix(f"{question.phrase} ") for p in odd])
        keys = [k for p in odd or phrases for k in p.keys]
        return Filling(words, keys, option=self._chosen(k for p in phrases for k in p.keys))

    # -- tables -----------------------------------------------------------------------------------

    def _rows(self, table: str, column: str, wanted: str) -> Filling:
        """Return the rows of a table with one value in a column: where, and since when."""
        question = self._form.questions[table]
        value = self._case.get(table)
        rows = value.rows if isinstance(value, Table) else ()
        found: dict[str, list[Place]] = {}
        columns = {c.id: c for c in question.columns if c.id != column}
        for row in (row for row in rows if row.get(column) == wanted):
            place, since = self._place(columns, row)
            found.setdefault(since, []).extend([place] if place.name else [])
        said = [
            f"{with_articles(places_text(p))} {s and 'since '}{s}".strip() for s, p in found.items()
        ]
        bare = with_articles(places_text([place for here in found.values() for place in here]))
        keys = (table,) if found else ()
        return Filling("; ".join(filter(None, said)), keys, since=next(iter(found), ""), bare=bare)

    def _place(self, columns: Mapping[str, Column], row: Row) -> tuple[Place, str]:
        """Return where a row of a table says that something is, and since when."""
        name, plural, side, since = "", "", "none", ""
        for column, cell in row.cells:
            shape = columns.get(column)
            if shape is None or not isinstance(cell, str):
                continue
            if shape.kind == "date":
                since = page_date(stored_date(cell))
            elif {"left", "right"} <= {option.id for option in shape.options}:
                side = "none" if cell == MIDLINE else cell
            elif owner := self._form.questions.get(shape.options_from):
                words = self._answers.get(f"{owner.id}.{cell}")
                name = (words and words.area) or self._option(owner, cell)
                list_words = self._answers.get(owner.id)
                plural = list_words.plurals.get(cell, "") if list_words else ""
        return Place(name, side, plural), since  # type: ignore[arg-type]


# -- parts ----------------------------------------------------------------------------------------


def years_once(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts of one block, each year only where it comes first: ``since March 2026 … since June``."""
    last = ""

    def said(match: re.Match[str]) -> str:
        nonlocal last
        year = match[1].strip()
        # A year by itself is never left out.
        again = year == last and year != match[1]
        last = year
        return "" if again else match[1]

    for text in texts:
        yield _YEAR.sub(said, text)


def page_date(day: PartialDate) -> str:
    """Return a date as page one says it, its year so marked that a block may say it once."""
    parts = [str(day.day)] if day.day is not None else []
    if day.month is not None:
        parts.append(MONTHS[day.month - 1])
    year = f"{_ON}{' ' if parts else ''}{day.year}{_OFF}"
    return ("about " if day.about else "") + " ".join(parts) + year


def flat(text: str) -> str:
    """Return what was typed as a part of a sentence: one line, no stop at its end, the first words of many."""
    words = unmarked(text.translate(_MARKS)).split()
    if len(words) > _MOST_WORDS:
        return " ".join(words[:_MOST_WORDS]) + " …"
    return " ".join(words).rstrip(".;,")


def with_articles(places: str) -> str:
    """Return places as a sentence says them: ``both arms and the right thigh``."""
    return _SIDED.sub(r"the \g<0>", places)


def _beside(words: str, typed: str) -> str:
    return f"{words} ({typed})" if typed and words else words or typed


def _comment(value: Value) -> str:
    return value.text if isinstance(value, Finding | Choice) else ""


def _without_comments(case: Case) -> Case:
    return case.with_(
        {
            key: value.model_copy(update={"text": ""})
            for key, value in case.items()
            if isinstance(value, Finding | Choice) and value.text
        }
    )


def _side(sides: set[str]) -> str:
    """Return right, left or both; empty where it is not known, or lies in the middle."""
    known = sides & {"left", "right"}
    return "both" if len(known) == 2 else next(iter(known), "")


def _by_side(said: Mapping[str, str]) -> str:
    """Return ``3 on the right, 4+ on the left``; what is the same on both sides once."""
    if len({*said.values()}) == 1 and {"left", "right"} <= said.keys():
        return f"{said['left']} on both sides"
    return listed([f"{w} on the {s}" if s in ("left", "right") else w for s, w in said.items()])


def fillings_of(making: Making) -> Fillings:
    """Return what the answers of a letter fill in, made once for all its sentences."""
    if making.fillings is None:
        making.fillings = Fillings(making)
    return making.fillings
