"""Letters that are issued and opened again: from the case back to the case, and from what was forged to a sentence."""

from __future__ import annotations

import io
import json
import random
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pikepdf

from tests.conftest import (
    AT,
    CASES,
    TODAY,
    the_assessor,
    the_content,
    the_settings,
    the_templates,
    vignettes,
)
from tests.store.helpers import CHEAP
from triage.bench.everything import full_case
from triage.content.casefile import read_case
from triage.content.files import ContentFiles
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Decision,
    Finding,
    Names,
    Result,
    Rewritten,
    Text,
    Unable,
    Urgency,
    Value,
)
from triage.pdf.printed import printed
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.session.outside import Brought, bring
from triage.store import create_keys

FULL, FULL_FORGED = 1000, 2000
OUTSIDE = "case.outside"
# So often what stands against the issue is mended before half of the answers are left out.
_MENDED = 6
# One of so many cases is that of a vignette.
_TOLD = 8
_WORDS = (
    "cramps at night",
    "since the spring",
    "worse after a walk",
    "none in the arms",
    "see § 4 & <b>",
)

# What several places print proves nothing of one of them.
_COMMON = ("as agreed", "done in March", "asked for by the clinic")


@dataclass(frozen=True)
class Sent:
    """A letter that was issued, and the case that it is of."""

    case: Case
    recipient: str
    template: str
    pdf: bytes
    has_record: bool


# -- a case that can be issued ----------------------------------------------------------------------


def person(seed: int) -> dict[str, Value]:
    """Return an invented patient, another one for each seed, and an invented sender."""
    rng = random.Random(seed)
    born = f"19{30 + seed % 60}-{1 + seed % 12:02}-{1 + seed % 28:02}"
    number = "".join(rng.choice("0123456789") for _ in range(6))
    data = {
        "triage_case": 1,
        "date": TODAY.isoformat(),
        "patient": {
            "family_name": f"Specimen-{seed}",
            "given_name": rng.choice(["Iris", "Edwin", "Maud", "Otto"]),
            "dob": born,
            "sex_at_birth": rng.choice(["female", "male"]),
            "identifiers": [{"kind": "hospital_number", "value": f"X{number}{seed}"}],
            "address": f"{seed} Nowhere Lane",
        },
        "referrer": {
            "name": "Dr Invented Test",
            "role": "gp",
            "org": "Nowhere Surgery",
            "phone": "01632 960001",
            "question": "Is this a disease of the nerves?",
        },
    }
    content = the_content()
    return dict(read_case(json.dumps(data), content.form, content.rule_ids, TODAY))


@cache
def _call() -> dict[str, Value]:
    """Return what an emergency needs: that it was phoned through."""
    content = the_content()
    path = CASES / "complete" / "V02.json"
    case = read_case(path.read_text(encoding="utf-8"), content.form, content.rule_ids, TODAY)
    return {key: value for key, value in case.items() if key.startswith("call.")}


def told(seed: int) -> Case:
    """Return the case of a vignette, as it is or as it was completed; each in its turn."""
    content, path = the_content(), vignettes()[seed // 2 % len(vignettes())]
    if seed % 2:
        text = (CASES / "complete" / path.name).read_text(encoding="utf-8")
        return read_case(text, content.form, content.rule_ids, TODAY)
    data = json.loads(path.read_text(encoding="utf-8"))["case"]
    case = read_case(json.dumps(data), content.form, content.rule_ids, TODAY)
    who = {key: value for key, value in person(seed).items() if key not in case}
    who.pop("patient.dob" if "patient.age" in case else "", None)
    given = Names(names=(random.Random(seed).choice(sorted(content.recipients)),))
    return Case({"case.recipients": given} | who | dict(case))


def generated(seed: int) -> Case:
    """Return a case with some of everything: another one for each seed."""
    rng = random.Random(seed)
    content, who = the_content(), person(seed)
    share = rng.choice([0.02, 0.05, 0.1, 0.2])
    present = rng.choice([0.05, 0.2, 0.5])
    case: dict[str, Value] = {}
    for key, value in full_case(content).items():
        if key.startswith(("patient.", "referrer.", "call.", "case.")) or rng.random() > share:
            continue
        slot = content.form.slots[key]
        if rng.random() < 0.01:
            case[key] = Unable(reason=rng.choice(["", "knee replacement"]))
        elif isinstance(value, Finding):
            is_there = rng.random() < present
            text = rng.choice(_WORDS) if slot.question.text and rng.random() < 0.3 else ""
            case[key] = Finding(
                present=is_there, text=text, block=not is_there and rng.random() < 0.5
            )
        elif isinstance(value, Choice):
            case[key] = Choice(option=rng.choice(slot.options).id)
        elif not isinstance(value, Result) or rng.random() < 0.4:
            case[key] = value
    for section in content.form.sections:
        if rng.random() < 0.2:
            case[f"note.{section}"] = Text(text=rng.choice(_WORDS))
    for block in ("history", "thinking"):
        if rng.random() < 0.1:
            case[f"letter.{block}"] = Rewritten(
                text=rng.choice(_WORDS), instead_of="what was composed"
            )
    if rng.random() < 0.2:
        case["case.urgency"] = Urgency(
            level=rng.choice(["routine", "soon", "urgent"]), reason="as seen"
        )
    recipients = rng.sample(sorted(content.recipients), rng.choice([1, 1, 2, 3]))
    return Case(who | case | {"case.recipients": Names(names=tuple(recipients))})


def _mend(desk: LetterDesk, session: Session, rng: random.Random) -> bool:
    """Take what stands against the issue out of its way; return whether there was anything."""
    problems = desk.problems()
    changes: dict[str, Value | None] = {}
    for found in problems:
        if found.tests:
            for test in session.undecided():
                kind = rng.choice(["accept", "accept", "decline", "decline", "defer"])
                reason = rng.choice(["", *_COMMON[:2]]) if kind != "accept" else ""
                changes[f"decision.{test}"] = Decision(decision=kind, reason=reason)  # type: ignore[arg-type]
        elif found.recipient:
            why = Decision(decision="accept", reason="nearer to them")
            changes[f"decision.{found.recipient}"] = why
        elif found.block:
            changes[f"letter.{found.block}"] = None
        elif found.question.startswith("call."):
            changes |= _call()
        elif found.question in session.case:
            changes[found.question] = None
        elif found.question:
            changes |= _answers(found.question)
        else:
            # Asked for against the advice, or no study at all.
            why = Decision(decision="accept", reason=_COMMON[2])
            accepted = [
                key
                for key, value in session.case.items()
                if isinstance(value, Decision) and value.decision == "accept"
            ]
            changes |= dict.fromkeys([*accepted, "decision.t_emg", "decision.t_ncs"], why)
    session.set_all(changes)
    return bool(problems)


def _answers(question: str) -> dict[str, Value]:
    """Return answers to a question that must have one."""
    full, form = full_case(the_content()), the_content().form
    keys = [question] if question in form.slots else [s.key for s in form.slots_of(question)]
    return {
        key: Finding(present=False) if isinstance(full[key], Finding) else full[key] for key in keys
    }


def _halve(session: Session, rng: random.Random) -> None:
    kept = (*person(0), "case.recipients")
    keys = [key for key in session.case if key not in kept]
    session.set_all(dict.fromkeys(rng.sample(keys, -(-len(keys) // 2))))


@cache
def _room() -> tuple[TemporaryDirectory[str], DraftStore]:
    """Return a store for all the letters of this process; its folder goes when the process ends."""
    room = TemporaryDirectory()
    folder = Path(room.name) / "store"
    return room, DraftStore(folder, create_keys(folder, "correct horse", cost=CHEAP), lambda: AT)


def issued(seed: int) -> Sent:
    """Issue a letter of a generated case; of every fifth a second version."""
    rng, store = random.Random(seed), _room()[1]
    paper: Literal["", "letter"] = rng.choice(["", "", "letter"])
    case = told(seed // _TOLD) if seed % _TOLD == 0 else generated(seed)
    draft = store.create(the_content(), dict(case))
    session = Session(the_assessor(), draft.history, lambda: AT, keep=draft.submit)
    desk = LetterDesk(session, draft, lambda: AT, the_settings(), paper)
    named = session.case["case.recipients"]
    assert isinstance(named, Names)
    desk.choose_recipient(rng.choice(named.names))
    for _ in range(2 if seed % 5 == 0 else 1):
        _issue(desk, session, rng)
        last = desk.issued
        assert last is not None
        case, letter = session.case, desk.composer.letter(version=last.version, issued_at=AT)
        change = "note.exam" if rng.random() < 0.5 else "case.urgency"
        value: Value = (
            Text(text="seen again")
            if change == "note.exam"
            else Urgency(level="urgent", reason="worse than it was")
        )
        if session.case.get(change) == value:
            break
        session.set(change, value)
    draft.close()
    # What was changed after the last issue is none of it.
    return Sent(case, last.recipient, last.template, last.pdf, letter.record is not None)


def _issue(desk: LetterDesk, session: Session, rng: random.Random) -> None:
    mended = 0
    while _mend(desk, session, rng):
        mended += 1
        assert mended < _MENDED * 20, [str(problem) for problem in desk.problems()]
        if mended % _MENDED == 0:
            _halve(session, rng)
    desk.issue()


# -- opened again -----------------------------------------------------------------------------------


def opened(data: bytes, name: str = "letter.pdf") -> Brought:
    """Open a file as the program does."""
    return bring(
        data,
        name,
        lambda _: the_assessor(),
        lambda _: the_templates(),
        the_settings(),
        TODAY,
    )


@cache
def _sensitive() -> frozenset[str]:
    """Return the ids that the files of the form call sensitive."""
    data = tomllib.loads(ContentFiles().text("forms/letters/answers.toml"))
    return frozenset(record["id"] for record in data["answer"] if record.get("sensitive"))


@lru_cache
def _needed(recipient: str) -> frozenset[str]:
    path = ContentFiles().paths()[f"forms/recipients/{recipient}.toml"]
    text = path.read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text).get("sensitive", ()))


def _ids(key: str) -> set[str]:
    """Return what of `key` may be called sensitive: a question, or an option of it."""
    return {key} & _sensitive() | {name for name in _sensitive() if key.startswith(f"{name}.")}


def _may_be_told(key: str, value: Value, recipient: str) -> bool:
    """Whether a letter may say what stands at `key`: what is sensitive only if it is there and is needed."""
    ids = _ids(key)
    denied = isinstance(value, Finding) and not value.present
    return not ids or (not denied and ids <= _needed(recipient))


def wrong(sent: Sent, values: dict[str, Value]) -> list[str]:
    """Return what of an opened case is not as SPEC 7 has it; it looks at the case, the form's files and the pages."""
    from triage.pdf.printed import loose

    pages, found = loose(printed(sent.pdf)), []
    clashes = the_assessor().recorded(sent.case, TODAY).contradictions
    private = {
        key
        for clash in clashes
        if any(_ids(answer) for answer in clash.answers)
        for key in clash.answers
    }
    for key in {*sent.case, *values} - {OUTSIDE}:
        was, now = sent.case.get(key), values.get(key)
        if was is None:
            found.append(f"{key} was not recorded")
        elif isinstance(was, Decision):
            if now is None:
                if was.reason and loose(was.reason) in pages and was.reason not in _COMMON:
                    found.append(f"{key} is printed and left out")
            elif now != was and not (
                now == Decision(decision="defer") and was.decision != "accept"
            ):
                found.append(f"{key} is another decision")
        elif isinstance(was, Rewritten):
            if now is not None and now != Rewritten(text=was.text):
                found.append(f"{key} holds what was replaced")
        elif isinstance(was, Names):
            if not isinstance(now, Names) or not {sent.recipient} <= {*now.names} <= {*was.names}:
                found.append(f"{key} names others")
        elif not _may_be_told(key, was, sent.recipient):
            if now is not None:
                found.append(f"{key} is sensitive")
        elif now is None:
            if sent.has_record and key not in private:
                found.append(f"{key} is lost")
        elif now != was:
            found.append(f"{key} is another answer")
    return found


def is_made_again(data: bytes) -> bool:
    """Whether a letter says that what it carries makes the same pages."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        text = pdf.attachments["case.json"].get_file().read_bytes()
    return bool(json.loads(text)["made_again"])


def letters_back(seed: int) -> None:
    """A letter that is issued opens as the case that it tells: no answer is lost, and nothing is told beside it."""
    sent = issued(seed)
    brought = opened(sent.pdf)
    # That it was made again and compared is all there is to say nothing of.
    assert bool(brought.says) == (not is_made_again(sent.pdf)), brought.says
    assert wrong(sent, brought.values) == []
    first = next(iter(brought.values))
    assert first == OUTSIDE
