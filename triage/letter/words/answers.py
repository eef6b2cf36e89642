"""How a recorded answer becomes words. Screen, letter and command line all use these."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import assert_never

from triage.content.entry import amount_text, quantity_text
from triage.content.form import DATE, NO_SIDE, SEX, SIDES, Form, Slot
from triage.content.listed import RowReader
from triage.content.schema import ANY, AnswerWords, Question
from triage.letter.statements import unmarked
from triage.letter.words.grids import Grid
from triage.letter.words.phrase import Phrase, listed
from triage.letter.words.places import Place, places_text, side_of
from triage.letter.words.recorded import in_years, noted, option_of, recorded_text, says_no
from triage.letter.words.results import Detail, measurement_text, result_phrases
from triage.letter.words.tables import Tables
from triage.letter.words.wording import render_wording
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Names,
    Quantity,
    Result,
    Rewritten,
    Table,
    Text,
    Unable,
    Urgency,
    Value,
    is_present,
)

_LONG = 160
_SHORT = 40
# The wording of a list whose options name the findings themselves.
_ITEMS = "{{ items }}"
_BOTH_WAYS = "recorded both ways"
# So many options of a list that is contradicted are named.
_NAMED = 3
_BOTH = Finding(present=True, text=_BOTH_WAYS)


def not_recorded(what: str) -> str:
    """Return that a side or level is missing."""
    return f"{what} not recorded"


def joined_by(form: Form, words: Mapping[str, AnswerWords]) -> Mapping[str, Sequence[str]]:
    """Return, by question, the joined findings that it tells the parts of."""
    found: dict[str, list[str]] = {}
    for record in words.values():
        # What has sides is told with them, and its parts by themselves.
        owner = form.question_of(record.id) if record.follow_up else None
        for name in record.follow_up if owner is not None and not owner.sided else ():
            found.setdefault(name, []).append(record.id)
    return found


class Speaker:
    """Turns the answers of one case into phrases.

    Parameters
    ----------
    form
        The form that the case fits.
    case
        The case.
    words
        By question id, how a template wants it said.
    readers
        Who reads the rows of a table, by its id.
    denied
        Keys of absent findings that another answer says are present: told with it, and never as absent.
    held
        Sensitive questions that are no matter of whoever reads it: of them only harmless negatives are told.
    brief
        Whether a finding that joins several, of which none is ticked, is named as it is, and a place without its side.
    detail
        How results are told.
    gap
        How a missing side or level is told.
    joined
        What `joined_by` returns of the words, where it is known.
    """

    def __init__(
        self,
        form: Form,
        case: Case,
        words: Mapping[str, AnswerWords] | None = None,
        readers: Mapping[str, RowReader] | None = None,
        denied: Collection[str] = (),
        held: Collection[str] = (),
        *,
        brief: bool = False,
        detail: Detail = "whole",
        gap: Callable[[str], str] = not_recorded,
        joined: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._form = form
        self._gap = gap
        self._labelled = False
        self._behind: Mapping[str, str] = {}
        self._words = words or {}
        self._held = held
        self._brief = brief
        self._detail = detail
        self._tables = Tables(form, case, readers or {})
        self._denied = denied
        # In a list it is named beside the others; elsewhere it has no words of its own.
        alone = [key for key in denied if (slot := form.slot(key)) is None or slot.option is None]
        self._case = case.with_(dict.fromkeys(alone)) if alone else case
        self._joined = joined_by(form, self._words) if joined is None else joined

    @property
    def from_tables(self) -> frozenset[str]:
        """What the rows of tables say, or may say, of other questions."""
        return frozenset((*self._tables.says, *self._tables.asks))

    def phrases(
        self,
        question: Question,
        *,
        labelled: bool = False,
        behind: Mapping[str, str] | None = None,
    ) -> list[Phrase]:
        """Return all that the case says of `question`.

        Parameters
        ----------
        question
            The question.
        labelled
            Whether it stands beside a label that names it.
        behind
            By option of a list, what stands in brackets behind it.
        """
        self._labelled, self._behind = labelled, behind or {}
        found = self._all(question)
        found = [p for p in found if self._may_tell(question.id, p.part == "absent")]
        if any(self._is_told_by(name, question.id) for name in self._joined.get(question.id, ())):
            return [p for p in found if not _is_there(p)]
        return found

    def _all(self, question: Question) -> list[Phrase]:
        here = {s.key: s for s in self._form.slots_of(question.id) if s.key in self._case}
        if not here:
            return []
        if question.kind == "grid":
            return self.grid(question).phrases()
        unable = [
            Phrase(_unable(slot, self._measured(slot.question), value), (key,), "unable")
            for key, slot in here.items()
            if isinstance(value := self._case[key], Unable)
        ]
        answered = {k: s for k, s in here.items() if not isinstance(self._case[k], Unable)}
        if not answered:
            return unable
        if question.kind == "choices":
            return [*self._list(question, answered), *unable]
        if question.sided:
            return [*self._pair(question, answered), *unable]
        (key,) = answered
        return [*self._single(question, key, self._case[key]), *unable]

    def grid(self, question: Question) -> Grid:
        """Return what the case says of a grid."""
        words, gap = self._words, self._gap
        return Grid(self._form, question, self._case, words, gap, bold=self._labelled)

    def _wording(self, question: Question) -> AnswerWords:
        return self._words.get(question.id) or AnswerWords(id=question.id)

    def _said(self, question: Question, usual: str, **values: object) -> str:
        wording = self._wording(question).page
        return self._worded(question, wording, **values) if wording else usual

    def _worded(self, question: Question, wording: str, **values: object) -> str:
        """Return a wording, filled in."""
        known: dict[str, object] = {"phrase": question.phrase, "labelled": self._labelled}
        if "regions" in wording:
            known["regions"] = self._regions(self._wording(question).looked_in)
        return render_wording(wording, {**known, **values})

    def _regions(self, name: str) -> str:
        """Return where it was looked for; empty if that was not recorded."""
        slots = self._form.slots_of(name) if name else ()
        there = (slot for slot in slots if is_present(self._case.get(slot.key)))
        return listed([slot.option.phrase for slot in there if slot.option], "and")

    def _may_tell(self, name: str, absent: bool) -> bool:
        """Whether a question, or an option of it, is told: what is sensitive to some, and absent only if harmless."""
        words = self._words.get(name)
        if words is None or not words.sensitive:
            return True
        return bool(words.denied) if absent else name not in self._held

    # -- what joins several findings --------------------------------------------------------------

    def _parts_of(self, question: str) -> list[Phrase]:
        """Return what the follow-up questions say is there of a joined finding."""
        names = self._words[question].follow_up if question in self._words else ()
        told = [self._form.questions[name] for name in names if name not in self._held]
        return [p for question in told for p in self._all(question) if _is_there(p)]

    def _is_told_by(self, joined: str, part: str) -> bool:
        """Whether what is there of `part` is told with the finding that joins it to others."""
        slot = self._form.slot(joined)
        question = self._form.question_of(joined)
        assert question is not None
        if slot is None:
            chosen = self._case.get(question.id)
            is_there = isinstance(chosen, Choice) and joined == f"{question.id}.{chosen.option}"
        else:
            is_there = is_present(self._case.get(joined))
        return is_there and not {joined, part} & set(self._held)

    def _present(self, question: Question, key: str, value: Finding) -> list[Phrase]:
        """Return a present finding; of one that joins several, which it is, as far as it is known."""
        words = self._wording(question)
        name, text = self._said(question, question.phrase, text=value.text), value.text
        long = _is_long(text)
        if self._brief and not words.page and not words.sensitive:
            name = words.denied or name
        if parts := self._parts_of(question.id):
            told = listed([p.text for p in parts])
            keys = tuple(k for p in parts for k in p.keys)
            return [Phrase(noted(told, text), (key, *keys), block=value.block, alone=True)]
        if self._brief or not (words.one_of or words.follow_up):
            normal = "present" in words.usual
            return [Phrase(noted(name, text), (key,), block=value.block, alone=long, normal=normal)]
        if question.text and text:
            return [Phrase(text, (key,), block=value.block, alone=True)]
        if not words.one_of:
            return [Phrase(noted(name, text), (key,), block=value.block, alone=long)]
        told = noted(f"recorded as one of: {listed(words.one_of)}", text)
        return [Phrase(told, (key,), block=value.block, alone=True)]

    def _not_there(self, question: Question, key: str, value: Finding) -> Phrase:
        """Return an absent finding: its name in a list, or what its absence means."""
        words, alone = self._wording(question), _is_long(value.text)
        if words.turned:
            told = noted(words.turned, value.text)
            odd = "present" in words.usual
            return Phrase(told, (key,), block=value.block, alone=alone, positive=odd, denies=True)
        name = words.denied or question.phrase
        return Phrase(noted(name, value.text), (key,), "absent", value.block, alone)

    def _measured(self, question: Question) -> str:
        """Return how page one names what was measured, or was to be."""
        page = self._wording(question).page if question.kind == "result" else ""
        return page or question.phrase

    # -- one key ----------------------------------------------------------------------------------

    def _single(self, question: Question, key: str, value: Value) -> list[Phrase]:
        name = question.phrase
        match value:
            case Finding(present=True):
                return self._present(question, key, value)
            case Finding():
                return [self._not_there(question, key, value)]
            case Choice():
                return [self._chosen(question, key, value)]
            case Quantity():
                told = in_years(value)
                amount, number = quantity_text(told), amount_text(told)
                usual = f"{name} {amount}"
                said = self._said(question, usual, value=amount, number=number, unit=told.unit)
                return [Phrase(said, (key,))]
            case Date(date=day):
                return [
                    Phrase(self._said(question, f"{name} {day.words()}", value=day.words()), (key,))
                ]
            case Text(text=text):
                said = self._said(question, f"{name}: {text}", value=text)
                return [Phrase(said, (key,), alone=True, style="free" if "\n" in text else "plain")]
            case Table():
                return [self._table(question, key, value)]
            case Result():
                name = self._measured(question)
                return result_phrases(question, key, value, self._case, name, self._detail)
            case Unable() | Decision() | Urgency() | Names() | Rewritten():
                return [Phrase(f"{name}: {recorded_text(value)}", (key,))]
            case _:
                assert_never(value)

    def _chosen(self, question: Question, key: str, value: Choice) -> Phrase:
        """Return a chosen option, with what its follow-up says; of one that denies, its noun."""
        name, words, text = question.phrase, self._wording(question), value.text
        option = option_of(question.options, value.option)
        said = option.phrase if option else value.option
        keys: tuple[str, ...] = (key,)
        if option and option.denies and not words.page:
            missing = words.denied or option.denies
            return Phrase(noted(missing, text), keys, "absent", value.block)
        own = self._words.get(f"{question.id}.{value.option}")
        if own is not None:
            said = own.page or said
            parts = self._parts_of(own.id)
            keys = (key, *(k for p in parts for k in p.keys))
            if parts:
                said = f"{said} {listed([p.text for p in parts])}"
            elif own.lacks and not self._brief:
                said = f"{said}, {self._gap(own.lacks)}"
        usual = said if option and option.alone else f"{name}: {said}"
        told = self._said(question, usual, option=said, text=unmarked(text))
        normal = _is_usual(words, value.option) and not text
        return Phrase(
            noted(told, text),
            keys,
            block=value.block,
            alone=_is_long(text),
            positive=bool(words.usual) and not normal,
            normal=normal,
        )

    def _table(self, question: Question, key: str, value: Table) -> Phrase:
        nothing = question.nothing.label if question.nothing else "none"
        if not value.rows:
            said = self._wording(question).none or nothing[:1].lower() + nothing[1:]
            return Phrase(said, (key,), denies=True)
        words = self._tables.words(question, value.rows, self._wording(question).cells)
        usual = f"{question.phrase}: {'; '.join(part for part in words.values() if part)}"
        return Phrase(self._said(question, usual, **words), (key,), alone=True)

    # -- pairs and lists --------------------------------------------------------------------------

    def _pair(self, question: Question, slots: Mapping[str, Slot]) -> list[Phrase]:
        values = {slot.side: (key, self._case[key]) for key, slot in slots.items()}
        if question.kind == "finding":
            return self._finding_pair(question, values)
        words = self._wording(question)
        one, both = words.noun or (question.phrase, "")
        said = {side: _pair_words(question, value) for side, (_, value) in values.items()}
        left, right, whole = (said.get(side, "") for side in ("left", "right", ""))
        if left and left == right:
            text = f"{both} {left}" if both else f"{one} {left} on both sides"
        elif left and right:
            text = f"right {one} {right}, left {left}"
        elif left or right:
            text = f"{'right' if right else 'left'} {one} {right or left}"
        else:
            text = f"{one} {whole}, {self._gap('side')}"
        if (left or right) and whole not in ("", left, right):
            text += f"; {whole}, {self._gap('side')}"
        options = {getattr(value, "option", "") for _, value in values.values()}
        normal = bool(words.usual) and all(_is_usual(words, option) for option in options)
        return [
            Phrase(
                self._said(question, text, value=text),
                tuple(key for key, _ in values.values()),
                block=all(getattr(v, "block", False) for _, v in values.values()),
                positive=not normal if words.usual else len(set(said.values())) > 1,
                normal=normal,
                # What differs has a comma of its own.
                alone=", " in text,
                of=(both, left) if normal and both and left == right else ("", ""),
            )
        ]

    def _finding_pair(
        self, question: Question, values: Mapping[str, tuple[str, Value]]
    ) -> list[Phrase]:
        found = {s: v for s, (_, v) in values.items() if isinstance(v, Finding)}
        keys = tuple(key for key, _ in values.values())
        present = [side for side in ("right", "left") if side in found and found[side].present]
        absent = [side for side in ("right", "left") if side in found and not found[side].present]
        block = all(v.block for v in found.values())
        words = self._wording(question)
        name = words.page or question.phrase
        whole = found.get("")
        if whole is not None and not present:
            if not whole.present:
                text = noted(words.denied or question.phrase, whole.text)
                return [Phrase(text, keys, "absent", block)]
            text = noted(name, whole.text)
            text += f", not {absent[0]}" if len(absent) == 1 else f", {self._gap('side')}"
            return [Phrase(text, keys, block=block, positive=True)]
        if not present:
            where = "" if len(absent) == 2 else f" on the {absent[0]}"
            text = next((v.text for v in found.values() if v.text), "")
            return [
                Phrase(
                    noted(f"{words.denied or question.phrase}{where}", text),
                    keys,
                    "absent",
                    block,
                )
            ]
        if len(present) == 2:
            notes = {found[s].text for s in present}
            text = noted(f"{name} on both sides", " / ".join(sorted(n for n in notes if n)))
        else:
            text = noted(f"{name} {present[0]}", found[present[0]].text)
            text += f", not {absent[0]}" if absent else ""
            text = noted(text, found[absent[0]].text if absent else "")
        # What differs has a comma of its own.
        return [Phrase(text, keys, block=block, positive=True, alone=bool(absent))]

    def _list(self, question: Question, answered: Mapping[str, Slot]) -> list[Phrase]:
        hushed = {
            key
            for key, slot in answered.items()
            if slot.option and not self._may_tell(_named(slot), says_no(self._case[key]))
        }
        keys = tuple(key for key in answered if key not in hushed)
        if not keys:
            return []
        if sum(key in self._denied for key in keys) > _NAMED:
            # What the whole list denies is there somewhere: none of it is named as if it were there.
            return [Phrase(noted(question.phrase, _BOTH_WAYS), keys, positive=True)]
        slots = {slot.key: slot for slot in self._form.slots_of(question.id)}
        values = {key: _BOTH if key in self._denied else self._case[key] for key in keys}
        for key, table in self._tables.says.items():
            if key in slots:
                values.setdefault(key, Finding(present=True, text=f"from the {table}"))
        found = {key: v for key in slots if isinstance(v := values.get(key), Finding)}
        present = {key: v for key, v in found.items() if v.present}
        unclear = {
            key: Finding(present=True)
            for key in slots
            if key in self._tables.asks and key not in present
        }
        absent = {k: v for k, v in found.items() if k not in present and k not in unclear}
        ticked = {key.removesuffix(f".{slots[key].side}") for key in present}
        said = ticked | absent.keys() | unclear.keys() | {_named(answered[key]) for key in hushed}
        closed = all(f"{question.id}.{o.id}" in said for o in question.options)
        more = f"; not clear: {self._places(question, slots, unclear)}" if unclear else ""
        there = [] if not present else [self._ticked(question, slots, present, more, keys)]
        if not absent:
            return there or [Phrase(question.phrase + more, keys, denies=not unclear)]
        return [*there, *self._unticked(question, slots, absent, more, closed, ticked)]

    def _ticked(
        self,
        question: Question,
        slots: Mapping[str, Slot],
        present: Mapping[str, Finding],
        more: str,
        keys: tuple[str, ...],
    ) -> Phrase:
        """Return the ticked options of a list."""
        items = self._places(question, slots, present)
        text = self._said(question, f"{question.phrase}: {items}", items=items) + more
        words = self._wording(question)
        normal = all(_is_usual(words, _option_id(slots[key])) for key in present)
        told = tuple(key for key in keys if key in present or not says_no(self._case[key]))
        return Phrase(
            text, told or keys, positive=not normal, normal=normal, alone=len(text) > _LONG
        )

    def _unticked(
        self,
        question: Question,
        slots: Mapping[str, Slot],
        absent: Mapping[str, Finding],
        more: str,
        closed: bool,
        beside: Set[str],
    ) -> Iterator[Phrase]:
        """Yield what a list says is absent: of a closed one that nothing is, or nothing `beside`, if words say so."""
        words, keys = self._wording(question), tuple(key for key in absent if key in self._case)
        block = all(v.block for v in absent.values())
        names = self._places(question, slots, absent, missing=False)
        if closed and beside:
            named = (self._words.get(key) for key in sorted(beside))
            rest = next((of.rest for of in named if of is not None and of.rest), words.rest)
            if rest:
                told = self._worded(question, rest, items=names)
                yield Phrase(told, keys, block=block, denies=True)
            return
        more = "" if beside else more
        if not closed and words.turned:
            told = self._worded(question, words.turned, items=names)
            yield Phrase(told + more, keys, block=block, denies=not more)
        elif not closed:
            # What is named as a finding needs no heading of its list.
            usual = names if words.page == _ITEMS else f"{words.denied or question.phrase}: {names}"
            yield Phrase(usual + more, keys, "absent", block)
        elif words.denied and not words.none:
            yield Phrase(words.denied + more, keys, "absent", block)
        else:
            nothing = question.nothing
            none = (nothing.short or nothing.label.lower()) if nothing else "none"
            if nothing is not None and nothing.id in words.usual:
                text, of = f"{question.phrase} {none}", (question.phrase, none)
                yield Phrase(text + more, keys, block=block, normal=True, of=of)
                return
            usual = none if none.startswith("no ") else f"{question.phrase}: {none}"
            told = self._worded(question, words.none) if words.none else usual
            yield Phrase(told + more, keys, block=block, denies=not more)

    def places(
        self, question: Question, ticks: Mapping[str, Finding], *, missing: bool = True
    ) -> str:
        """Return the ticked options of a list as places; `missing` says whether it is told that a side is."""
        slots = {slot.key: slot for slot in self._form.slots_of(question.id)}
        return self._places(question, slots, ticks, missing=missing)

    def _places(
        self,
        question: Question,
        slots: Mapping[str, Slot],
        keys: Mapping[str, Finding],
        *,
        missing: bool = True,
    ) -> str:
        """Return options of a list as places, sides gathered: ``both calves, right thigh``."""
        sides: dict[str, list[str]] = {}
        notes: dict[str, list[str]] = {}
        plurals: dict[str, str] = {}
        alone: dict[str, str] = {}
        unsided: set[str] = set()
        for key, value in keys.items():
            option = slots[key].option
            assert option is not None
            words = self._words.get(f"{question.id}.{option.id}") or AnswerWords(id=option.id)
            name = words.area or words.page or option.phrase
            alone[name] = words.page or name
            sides.setdefault(name, []).append(words.side or slots[key].side)
            whole = name if option.midline else ""
            plurals[name] = self._wording(question).plurals.get(option.id, whole)
            # Nobody recorded a side of what is denied; what lies in the midline is on one or on none.
            if value is _BOTH or option.midline or not (question.sided or words.side):
                unsided.add(name)
            note = self._behind.get(option.id, "")
            notes.setdefault(name, []).extend(text for text in (note, unmarked(value.text)) if text)
        places = [
            Place(
                name if side_of(here) else alone[name],
                "none" if name in unsided and len(set(SIDES) & {*here}) != 1 else side_of(here),
                plurals[name],
                "; ".join(dict.fromkeys(notes[name])),
            )
            for name, here in sides.items()
        ]
        return places_text(places, self._gap("side") if missing and not self._brief else "")


# -- parts ------------------------------------------------------------------------------------------


def _named(slot: Slot) -> str:
    """Return the id of an option of a list, whatever the side."""
    return f"{slot.question.id}.{slot.option.id}" if slot.option else slot.question.id


def _is_usual(words: AnswerWords, option: str) -> bool:
    return option in words.usual or ANY in words.usual


def _option_id(slot: Slot) -> str:
    return slot.option.id if slot.option else ""


def _is_there(phrase: Phrase) -> bool:
    return phrase.part == "present" and not phrase.denies


def _is_long(text: str) -> bool:
    return len(text) > _LONG or "\n" in text


def _unable(slot: Slot, name: str, value: Value) -> str:
    assert isinstance(value, Unable)
    part = slot.option
    if part is not None:
        name = f"{name}, {part.phrase}"
    side = f" ({slot.side})" if slot.side else f" ({NO_SIDE})" if slot.is_whole else ""
    return f"{name}{side}" + (f": {value.reason}" if value.reason else "")


def _named_option(question: Question, option: str) -> str:
    record = option_of(question.options, option)
    return record.phrase if record else option


def _pair_words(question: Question, value: Value) -> str:
    match value:
        case Choice(option=option, text=text):
            return noted(_named_option(question, option), text)
        case Quantity():
            return quantity_text(value)
        case Result(items=items):
            return ", ".join(measurement_text(question, item) for item in items)
    return recorded_text(value)


# -- behind a reason -------------------------------------------------------------------------------


def speaker_behind(
    case: Case,
    form: Form,
    keys: Iterable[str],
    words: Mapping[str, AnswerWords],
    readers: Mapping[str, RowReader],
    *,
    held: Collection[str] | None = None,
    detail: Detail = "bare",
    joined: Mapping[str, Sequence[str]] | None = None,
) -> Speaker:
    """Return who tells, briefly, what is there of the answers behind a reason, and which of several it is."""
    keys = tuple(keys)
    if held is None:
        held = {word.id for word in words.values() if word.sensitive}
    found = (*keys, *_follow_up(form, keys, words, held))
    told = Case({k: v for k in found if (v := case.get(k)) is not None and not says_no(v)})
    # By sex and day the limits and ages are those of the record.
    context = {k: v for k in (SEX, DATE) if (v := case.get(k)) is not None}
    return Speaker(
        form, told.with_(context), words, readers, brief=True, detail=detail, joined=joined
    )


def _follow_up(
    form: Form, keys: tuple[str, ...], words: Mapping[str, AnswerWords], held: Collection[str]
) -> Iterator[str]:
    """Yield what says which of several a joined finding is; what is `held` back only where a reason rests on it."""
    names = (name for key in keys if key in words for name in words[key].follow_up)
    for slot in (slot for name in names for slot in form.slots_of(name)):
        if not {slot.question.id, _named(slot)} & set(held):
            yield slot.key
