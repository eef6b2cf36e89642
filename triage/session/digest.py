"""What a list of cases says of one: worked out once, and kept beside the case until it goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from triage.content.form import RECIPIENTS
from triage.content.identifiers import identifiers
from triage.content.load import Content
from triage.letter.words.person import age_of
from triage.letter.words.said.line import Mark
from triage.letter.words.said.trail import Trail
from triage.letter.words.said.urgency import headline
from triage.model.values import Names, Result, Text
from triage.session.letters import LetterDesk
from triage.session.own import sender_of
from triage.session.progress import Path
from triage.session.session import Session
from triage.settings import Settings

# What of the settings has a part in what stops a letter.
_PART = {"recipients", "letterhead", "profile", "content_folder"}


class Digest(NamedTuple):
    """A case in a line.

    Parameters
    ----------
    made
        Of which content and settings it was worked out.
    tag, mark, level
        The level as the pane tells it, and its id; the id is empty where there is none.
    age, kind, number
        Of the patient: the age, and the first identifying number with its kind.
    to, called, sender
        The recipient, or whom the findings ask for; who was phoned in an emergency; who signs.
    done, all
        Answered steps of the core path, and all of them.
    provisional
        Whether something of the safety set is not assessed yet.
    stops, undecided
        How many things stop the letter, and how many essential tests wait for a decision.
    waits
        The results that are still to come.
    issued
        The level of each version that was issued of another case than this one, by its number.
    """

    made: str
    tag: str
    mark: str
    level: str
    age: str
    kind: str
    number: str
    to: str
    called: str
    sender: str
    done: int
    all: int
    provisional: bool
    stops: int
    undecided: int
    waits: tuple[str, ...]
    issued: tuple[tuple[int, str], ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was found and not all was looked for: there is nothing that could be told in a word."""
        return self.mark == Mark.OPEN.value or (self.provisional and self.level == "routine")

    def level_at(self, version: int) -> str:
        """Return the level that the letters of a version have."""
        return dict(self.issued).get(version, self.level)

    def __repr__(self) -> str:
        # Never number or names: a repr ends up in logs and tracebacks.
        return f"<Digest {self.level or 'no level'}>"

    def text(self) -> str:
        """Return it as it is kept."""
        return json.dumps(self._asdict(), ensure_ascii=False)


def made_of(content: Content, settings: Settings) -> str:
    """Return what a digest of this content and these settings is known by."""
    part = settings.model_dump_json(include=_PART)
    return hashlib.sha256(f"{content.fingerprint} {part}".encode()).hexdigest()[:16]


def read_digest(text: str, made: str) -> Digest | None:
    """Read what `Digest.text` wrote; None if it is of other content, or of another program."""
    try:
        found = json.loads(text) if text else {}
        issued = tuple((version, level) for version, level in found.get("issued", ()))
        digest = Digest(**{**found, "waits": tuple(found.get("waits", ())), "issued": issued})
    except (TypeError, ValueError, AttributeError):
        return None
    return digest if digest.made == made else None


def digest_of(session: Session, desk: LetterDesk, made: str) -> Digest:
    """Work out what a list says of a case."""
    case, form, found = session.case, session.form, session.assessment
    head = headline(Trail(session.content), found, case)
    steps = [part for part in Path(session).progress() if part.all]
    number = next(iter(identifiers(form, case)), None)
    undecided = session.undecided()
    # What is not to be issued yet, or was issued as it stands, is held against no list of obstacles.
    is_due = head.judged and not session.is_as_issued
    is_due = is_due and (not found.urgency.provisional or bool(desk.issues))
    digest = Digest(
        made=made,
        tag=head.tag,
        mark=head.mark.value,
        level=(session.level or "") if head.judged else "",
        age=age_of(form, case, session.day),
        kind=number.kind if number else "",
        number=number.value if number else "",
        to="",
        called=_called(session) if session.level == "emergency" else "",
        sender=sender_of(case).name,
        done=sum(part.done for part in steps),
        all=sum(part.all for part in steps),
        provisional=found.urgency.provisional,
        stops=sum(not problem.tests for problem in desk.problems()) if is_due else 0,
        undecided=len(undecided),
        waits=tuple(_waits(session)),
        issued=tuple(_issued(desk)),
    )
    return digest._replace(to=_to(session, "" if digest.is_blank else desk.recipient))


def _to(session: Session, asked: str) -> str:
    chosen = session.case.get(RECIPIENTS)
    named = chosen.names if isinstance(chosen, Names) else (asked,)
    known = session.content.recipients
    return ", ".join(known[name].name for name in named if name in known)


def _issued(desk: LetterDesk) -> Iterator[tuple[int, str]]:
    issues = {issue.version: issue for issue in desk.issues}
    if issues and desk.session.is_as_issued:
        del issues[max(issues)]
    for version, issue in issues.items():
        yield version, desk.level_of(issue) or ""


def _called(session: Session) -> str:
    call = session.content.urgency.call
    said = (session.case.get(key) for key in (call.who, call.when))
    return ", ".join(value.text.strip() for value in said if isinstance(value, Text) and value.text)


def _waits(session: Session) -> list[str]:
    found = dict[str, None]()
    for key, value in session.case.items():
        slot = session.form.slot(key)
        if slot and isinstance(value, Result) and any(item.pending for item in value.items):
            found[slot.phrase] = None
    return list(found)
