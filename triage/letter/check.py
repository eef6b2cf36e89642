"""What stands in the way of issuing a letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from triage.content.form import BORN, DECISION
from triage.content.identifiers import IDENTIFIERS, identifiers
from triage.content.load import Content
from triage.content.schema import Recipient
from triage.letter.blocks.head import NAMES, is_text, reasons
from triage.letter.build import uncovered
from triage.letter.rewriting import changed_since, words_of
from triage.letter.signs import spelled
from triage.letter.statements import Letter, Row, Statement
from triage.letter.words.phrase import listed, sentence
from triage.letter.words.wording import render_wording
from triage.model.case import Case
from triage.model.values import Date, Decision, Text
from triage.rules.call import call_missing
from triage.rules.preflight import QUESTION, asks_too_little
from triage.settings import Settings

# What a draft prints where something is missing or to be decided: what stands between «», and a drawn box.
_GAP = re.compile(r"[«»□]|\[\s*\]")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands against issuing, or is to be looked at first.

    Parameters
    ----------
    says
        One sentence.
    question
        The question that it is about.
    setting
        The part of the settings that it is about, such as ``recipients.neurology``.
    remedy
        What to do at the command line, where the window offers it by itself.
    recipient
        The recipient of whom a reason can be given: a decision on its id.
    tests
        The tests that wait for a decision, by their short names.
    lacks
        What is missing, as the head of a draft lists it.
    block
        The block of the letter of which two texts stand.
    address
        Whether one of several addresses is to be chosen.
    """

    says: str
    question: str = ""
    setting: str = ""
    remedy: str = ""
    recipient: str = ""
    tests: tuple[str, ...] = ()
    lacks: str = ""
    block: str = ""
    address: bool = False

    def __str__(self) -> str:
        return f"{self.says} {self.remedy}".strip()


def problems_before_issue(
    letter: Letter, case: Case, content: Content, settings: Settings
) -> list[Obstacle]:
    """Return why `letter` must not be issued yet; empty if nothing stands in the way.

    A draft is never refused for any of these. What the font lacks is known where the letter is set.
    """
    found = [*_identity(case, content)]
    if not is_text(case.get("referrer.name")):
        says = "The referrer's name is needed: a letter without a sender is returned."
        found.append(Obstacle(says, "referrer.name", "senders", lacks="your name"))
    if letter.complete:
        if not is_text(case.get("referrer.question")):
            says = "A question to the recipient is needed: say what you want to know."
            found.append(Obstacle(says, "referrer.question", lacks="your question"))
        found += _rewritten(letter, case)
        found += _call(letter, case, content)
        found += _request(letter, case, content)
        found += _recipient(letter, content, settings)
        # Without a record the letter to another recipient tells the rest.
        if letter.record is not None and (left := uncovered(letter, case)):
            names = sorted({q.label if (q := content.form.question_of(k)) else k for k in left})
            says = f"The letter leaves out recorded answers ({', '.join(names[:8])}): report this fault."
            found.append(Obstacle(says))
    if letter.kind == "leaflet" and not letter.blocks:
        says = "Nothing is concluded here, so the patient's copy is empty: tell the patient in your own words."
        found.append(Obstacle(says))
    return found


def _rewritten(letter: Letter, case: Case) -> Iterator[Obstacle]:
    """Yield the blocks that were rewritten, and are composed otherwise since an answer changed, or have a gap left."""
    headings = {block.id: block.name for block in letter.blocks}
    for name in letter.composed:
        value = words_of(case, name)
        if value is not None and _GAP.search(spelled(value.text)):
            says = (
                f"{headings[name]} was rewritten and has a gap left: fill in what stands between « and », and say in "
                "words what a box asks."
            )
            yield Obstacle(says, block=name, lacks=f"what is missing in {headings[name]}")
    for name in changed_since(letter.composed, case):
        says = (
            f"{headings[name]} was rewritten, and its answers have changed since: keep your words, or take the "
            "composed text."
        )
        yield Obstacle(says, block=name, lacks=f"which text of {headings[name]} holds")


def _call(letter: Letter, case: Case, content: Content) -> Iterator[Obstacle]:
    """Yield what an emergency lacks: a letter alone moves nobody."""
    missing = call_missing(content.urgency.call, case)
    if "emergency" in (letter.level, letter.kind) and missing:
        says = "An emergency needs a call: say who was phoned and when, or why nobody was."
        yield Obstacle(says, missing, lacks="who was phoned and when")


def _request(letter: Letter, case: Case, content: Content) -> Iterator[Obstacle]:
    """Yield what a laboratory returns a request for: no study, an open safety answer, a question that asks nothing."""
    recipient = content.recipients.get(letter.recipient)
    if letter.kind != "request" or recipient is None:
        return
    studies = (block for block in letter.blocks if block.kind == "studies")
    keys = {key for block in studies for s in block.all_statements() for key in s.covers}
    decisions = (case.get(key) for key in keys if key.startswith(DECISION))
    if not any(isinstance(d, Decision) and d.decision == "accept" for d in decisions):
        yield Obstacle(
            "No study is asked for: accept at least one.", lacks="which study is asked for"
        )
    question, asked = case.get(QUESTION), content.form.questions.get(QUESTION)
    if is_text(question) and asks_too_little(question, asked.label if asked else ""):
        says = "The question says too little for a laboratory: say in a sentence what the study should answer."
        yield Obstacle(says, QUESTION, lacks="a question that a study answers")
    yield from _strip(letter, case, recipient)


def _strip(letter: Letter, case: Case, recipient: Recipient) -> Iterator[Obstacle]:
    """Yield the cells of the safety strip that are open, or that another answer speaks against."""
    cells = [cell for block in letter.blocks for cell in block.cells]
    for cell, asked in zip(cells, recipient.safety, strict=False):
        if cell.state == "unasked":
            open_ = next((name for name in asked.answers if name not in case), asked.answers[0])
            says = f"Safety answer missing: {asked.says}."
            yield Obstacle(says, open_, lacks=f"the answer on {asked.says}")
        elif cell.denied:
            says = f"{cell.name}: “{cell.words}” is recorded, and the safety answer says no. Change one of them."
            yield Obstacle(says, cell.denied[0], lacks=f"which answer on {asked.says} holds")


def _recipient(letter: Letter, content: Content, settings: Settings) -> Iterator[Obstacle]:
    recipient = content.recipients.get(letter.recipient)
    if recipient is None:
        yield Obstacle("Choose a recipient.", lacks="the recipient")
        return
    if recipient.stays:
        return
    if not letter.addressee:
        several = settings.addressees_of(recipient.id)
        yield Obstacle(
            f"{recipient.name} has {len(several)} addresses: choose where this letter goes.",
            address=True,
            remedy=f"Choose with --recipient: {', '.join(several)}.",
            lacks="which address of the recipient",
        )
    elif not settings.address_of(letter.addressee).address.strip():
        key = f"recipients.{letter.addressee}"
        yield Obstacle(
            f"{recipient.name} has no address: the letter can be read as a draft, not issued.",
            setting=key,
            remedy=f"Add it with: triage settings set {key}.address …",
            lacks="the recipient's address",
        )


# -- who the patient is -----------------------------------------------------------------------------


def _identity(case: Case, content: Content) -> Iterator[Obstacle]:
    """Yield what is missing to tell this patient from every other.

    Name, full date of birth, and a number or the address. A name or date that is not known, with its
    reason, or a date known in part, is made up for by a number.
    """
    names = [key for key in NAMES if is_text(case.get(key))]
    why = reasons(case, (*NAMES, BORN))
    born = case.get(BORN)
    has_name = len(names) == len(NAMES) or (bool(names) and not set(why).isdisjoint(NAMES))
    has_birth = isinstance(born, Date) or BORN in why
    one_name = has_name and len(names) == 1
    in_part = has_birth and not (isinstance(born, Date) and born.date.is_full)
    numbers = len({str(found) for found in identifiers(content.form, case)})
    more = numbers + is_text(case.get("patient.address"))
    yield from _invented(case, names)
    if not has_name:
        yield _name_missing(names)
    if not has_birth:
        says = (
            "The patient's full date of birth is needed: an age is not enough to identify a person. If nobody "
            "knows it, give the year, or record it as unable with the reason."
        )
        yield Obstacle(says, BORN, lacks="birth date of the patient")
    if (one_name or in_part) and not numbers:
        says = (
            "With one name only, or without a full date of birth, an identifying number is needed: an NHS or "
            "hospital number, or another one."
        )
        yield Obstacle(says, IDENTIFIERS, lacks="number of the patient")
    elif one_name and in_part and more < 2:
        says = (
            "With one name only and without a full date of birth, two further identifiers are needed: two numbers, "
            "or a number and the address."
        )
        yield Obstacle(says, IDENTIFIERS, lacks="further identifiers of the patient")
    elif not more:
        says = "Three identifiers are needed: name, date of birth, and an identifying number or the address."
        yield Obstacle(says, IDENTIFIERS, lacks="number of the patient")


def _name_missing(names: list[str]) -> Obstacle:
    if not names:
        says = "The patient's family name and given name are needed."
        return Obstacle(says, NAMES[-1], lacks="name of the patient")
    (missing,) = set(NAMES).difference(names)
    what = "family" if missing == NAMES[-1] else "given"
    says = f"The patient's {what} name is needed: of someone with one name only, record it as unable with the reason."
    return Obstacle(says, missing, lacks=f"{what} name of the patient")


def _invented(case: Case, names: list[str]) -> Iterator[Obstacle]:
    for key in names:
        value = case[key]
        if isinstance(value, Text) and not any(c.isalpha() for c in value.text):
            what = "family" if key == NAMES[-1] else "given"
            says = f"The {what} name has no letter in it: type the name, or record it as unable with the reason."
            yield Obstacle(says, key)


# -- what a draft says of it --------------------------------------------------------------------------


def before_issuing(obstacles: Iterable[Obstacle], heading: str, wording: str) -> tuple[Row, ...]:
    """Return the strip at the head of a draft: what is missing, in one sentence; nothing if nothing is.

    Parameters
    ----------
    obstacles
        What stands against issuing.
    heading, wording
        Its label, and the wording that takes the items.
    """
    items = list(dict.fromkeys(o.lacks for o in obstacles if o.lacks))
    if not items:
        return ()
    text = render_wording(wording, {"items": sentence(listed(items)).rstrip(".")})
    return (Row(heading, (Statement(text),)),)
