"""Why a part of a typed line asks although it has one meaning: what it names and does not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triage.model.values import Choice, is_absent, is_present
from triage.session.quick.names import is_of_relatives, said
from triage.session.quick.place import Place
from triage.session.quick.plain import PLANS, RELATED, told
from triage.session.quick.preview import Meaning
from triage.session.quick.values import DENIES, NORMAL, SIDES_SAID, fold

PART_OF_NAME = "Only part of a name. Is this meant?"
_LEAST_MEDICINE = 5
# An answer to what is asked of what is new is not yet one: "incontinent of urine" may be so for years.
_NEW = frozenset(("new", "sudden", "recent"))


def says_yes(meaning: Meaning) -> bool:
    """Whether a meaning records that something is there."""
    values = [v for one in (meaning, *meaning.among) for v in one.changes.values()]
    return any(map(is_present, values))


def says_no(meaning: Meaning) -> bool:
    """Whether a meaning records that something is not there."""
    return any(map(is_absent, meaning.changes.values()))


def called(meaning: Meaning, place: Place) -> Iterator[str]:
    """Yield what else the form calls the answers of a meaning: "↓↓" of plantars, "stick" of help to walk."""
    slots = place.session.form.slots
    for one in (meaning, *meaning.among):
        for key, value in one.changes.items():
            slot = slots.get(key)
            if slot and slot.option:
                yield from slot.option.say
            elif slot and isinstance(value, Choice):
                yield from (n for o in slot.options if o.id == value.option for n in o.say)


def planned(tokens: Sequence[str]) -> str:
    """Return that a part begins as a plan does: ``refer neuro``."""
    is_plan = fold(tokens[0]) in PLANS
    return "This is told as a plan. Record it all the same?" if is_plan else ""


def denied_against(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return what a denial contradicts in the record; empty if nothing."""
    if fold(tokens[0]) not in DENIES or meaning.by_key or not meaning.changes:
        return ""
    found = place.session.contradicted(meaning.changes)
    return f"The record says otherwise: {found[0].says}" if found else ""


def more_than(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return whether what is called normal is more than what is meant by it: "tone" is not only the anal one."""
    words = [fold(token) for token in tokens]
    if meaning.is_exact or NORMAL not in words:
        return ""
    name = " ".join(word for word in words if word != NORMAL)
    questions = {hit.target.question.id for hit in place.names.find(said(name))}
    return f"“{name}” is more than this. Only this?" if len(questions) > 1 else ""


def scant(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that too little of a name was typed: "6 months" is not yet "steroid stopped in the last 6 months"."""
    if meaning.is_exact:
        return ""
    if says_no(meaning) and any(" or " in line.name for line in meaning.lines):
        # "Hep C negative" does not deny "hepatitis B or C".
        return PART_OF_NAME
    if meaning.place > len(place.names.targets):
        # "Calf" is not taken for the beginning of a medicine's name, nor "prev".
        first = fold(tokens[0])
        is_enough = len(first) >= _LEAST_MEDICINE and not place.names.knows(first)
    else:
        # Whoever denies confusion denies a new one.
        is_denied = says_no(meaning)
        is_enough = place.names.is_enough(meaning.place, said(" ".join(tokens)), is_denied)
    if is_enough:
        return ""
    return PART_OF_NAME


def also_asked(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that a name is also that of a question which it does not answer: "bruit" is not one found after effort."""
    if meaning.is_whole or not meaning.changes:
        return ""
    name = " ".join(told(tokens[1:] if fold(tokens[0]) in DENIES else tokens))
    slots, names = place.session.form.slots, place.names
    answered = [slots[key].question for key in meaning.changes if key in slots]
    own = {question.id for question in answered}
    asked = (hit.target.question for hit in names.find(said(name)) if hit.target.part is None)
    others = [q for q in asked if q.id not in own and place.session.is_shown(q)]
    if all(question.core and question.kind == "choice" for question in answered):
        # What troubles the patient most is asked of everybody: but "stiffness" begins what is asked by itself.
        begins = (q.short.startswith(f"{name.casefold()} ") for q in others if q.kind == "finding")
        plural = (h for h in names.find(said(f"{name}s")) if h.target.part is None)
        is_asked = any(begins) and not any(hit.is_exact for hit in plural)
    else:
        is_asked = any(names.goes_by(question, name) for question in others)
    if not is_asked:
        return ""
    return f"“{name}” is asked by itself too. Is this meant?"


def of_unsaid(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that of whom or of what an answer is was not said: "neuropathy" of a relative, "mild" of a test."""
    session, slots, names = place.session, place.session.form.slots, place.names
    answered = {slots[k].question.id: slots[k].question for k in meaning.changes if k in slots}
    if len(answered) != 1:
        return ""
    (question,) = answered.values()
    typed = [fold(token) for token in tokens]
    words_ = said(" ".join(tokens))
    if is_of_relatives(question) and RELATED.isdisjoint(words_):
        return "This is of a relative. Is it meant?"
    # What stands in no section is found by the names of what it holds.
    is_listed = question.kind == "choices" and (question.pick_list or question.palette_only)
    is_in_sight = question.core or is_listed or session.is_unfolded(question)
    bare = said(" ".join(t for t in typed if t not in SIDES_SAID.keys() | DENIES))
    # "Constipation" is an answer to several.
    parts = (h.target for h in names.find(bare) if h.target.part and question.kind == "choices")
    is_alone = {target.question.id for target in parts} <= {question.id}
    is_sure = is_in_sight and (question.core or is_listed or is_alone)
    if meaning.is_whole or is_sure or any(names.is_of(question, word) for word in words_):
        return ""
    is_new = said(question.short or question.label)[0] in _NEW
    if not is_new and any(said(name) == bare for name in called(meaning, place)):
        return ""
    return f"This is an answer to “{question.label}”. Is it meant?"


def narrower(meaning: Meaning, tokens: Sequence[str], place: Place) -> str:
    """Return that what is asked is only of what is new, or not of another thing: "seizure" is not yet a new one."""
    slots = place.session.form.slots
    asked = [slots[key].question for key in meaning.changes if key in slots]
    if not meaning.is_whole or not asked or not says_yes(meaning):
        return ""
    typed, label = set(said(" ".join(tokens))), said(asked[0].label)
    is_so = label[0] in _NEW - typed or ("rather" in label and "rather" not in typed)
    return f"Asked is “{asked[0].label.rstrip('?')}”. Is it meant?" if is_so else ""
