"""The head and the foot of a letter: who writes to whom about whom, and what it was made with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from triage.content.form import BORN, DATE, DECISION, LANGUAGE, PROFILE, RECIPIENTS
from triage.content.identifiers import IDENTIFIERS, identifiers
from triage.content.load import Content
from triage.content.schema import Recipient
from triage.letter import person
from triage.letter.making import HEAD, Making
from triage.letter.person import NAMES as NAMES
from triage.letter.phrase import Phrase, keys_of, listed, sentence
from triage.letter.statements import Block, Row, Statement, Style
from triage.letter.template import BlockRecord
from triage.letter.words import age_of
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Names, Text, Unable


def day_words(day: date) -> str:
    """Return a date as letters print it."""
    return PartialDate.of(day).words()


def letterhead(making: Making) -> tuple[Statement, ...]:
    """Return the sender's lines: the practice, and where it is."""
    lines: tuple[tuple[str, Style], ...]
    lines = (("referrer.org", "strong"), ("referrer.address", "plain"))
    return tuple(
        Statement(text, (key,), style) for key, style in lines if (text := making.text(key))
    )


def address_block(making: Making, record: BlockRecord, recipient: str) -> Block:
    """Return to whom, with copies, and the date."""
    content = making.content
    covers = (DATE,) if DATE in making.case else ()
    dated = Statement(making.word("date", date=day_words(making.day)), covers)
    copies = [
        content.recipients[n].name if n in content.recipients else n
        for n in _names(making.case)
        if n != recipient
    ]
    known = content.recipients.get(recipient)
    if known is None:
        to = [making.word("to", name=making.word("no_recipient"))]
    else:
        to = [making.word("to", name=known.name), _place(making, known)]
    statements = [Statement(line) for line in to if line]
    if why := making.decision(recipient):
        said = making.word("why_here", reason=why.reason.strip().rstrip("."))
        statements.append(Statement(said, (DECISION + recipient,)))
    names = (RECIPIENTS,) if RECIPIENTS in making.case else ()
    if copies:
        statements.append(Statement(making.word("copy", names=listed(copies)), names))
    elif names:
        statements[0] = Statement(statements[0].text, names)
    return Block(record.id, record.heading, "address", (dated, *statements))


def _place(making: Making, recipient: Recipient) -> str:
    """Return where a letter goes, in one line; what stays with its sender needs no address."""
    if recipient.stays:
        return ""
    known = making.settings.address_of(recipient.id)
    parts = (known.department, known.organisation, *known.address.split("\n"))
    lines = dict.fromkeys(part.strip() for part in parts if part.strip())
    return ", ".join(lines) if known.address.strip() else making.word("no_address")


def _names(case: Case) -> tuple[str, ...]:
    value = case.get(RECIPIENTS)
    return value.names if isinstance(value, Names) else ()


def first_recipient(content: Content, case: Case, template: str) -> str:
    """Return the first recipient of the case that takes this kind of letter, else the first that is known."""
    known = [name for name in _names(case) if name in content.recipients]
    fitting = [n for n in known if content.recipients[n].template == template]
    return next(iter(fitting or known), "")


# -- the patient --------------------------------------------------------------------------------------


def identity(making: Making) -> str:
    """Return the line that names the patient: name, birth and age, sex, identifiers."""
    name = name_of(making)
    if sum(bool(making.text(key)) for key in NAMES) == 1 and reasons(making.case, NAMES):
        name = making.word("one_name", name=name)
    return "   ".join((name, _born(making), _sex(making), _identifiers(making)))


def name_of(making: Making) -> str:
    """Return the patient's name, as it was typed."""
    return person.name_of(making.case) or making.word("name_missing")


def reasons(case: Case, keys: Iterable[str]) -> list[str]:
    """Return those of `keys` of which is recorded why they are not known."""
    return [
        key for key in keys if isinstance(value := case.get(key), Unable) and value.reason.strip()
    ]


def _born(making: Making) -> str:
    born, age = making.case.get(BORN), age_of(making.form, making.case)
    if isinstance(born, Date):
        wording = "born" if born.date.is_full else "born_partly"
        return making.word(wording, date=born.date.words(), age=age)
    if isinstance(born, Unable):
        return making.word("born_unknown", age=age)
    return making.word("age_only", age=age) if age else making.word("born_missing")


def _sex(making: Making) -> str:
    value = making.case.get("patient.sex_at_birth")
    if not isinstance(value, Choice):
        return making.word("sex_missing")
    slot = making.form.slot("patient.sex_at_birth")
    return slot.option_phrase(value.option) if slot else value.option


def _identifiers(making: Making) -> str:
    found = identifiers(making.form, making.case)
    return ", ".join(map(str, found)) or making.word("identifier_missing")


def identity_block(making: Making, record: BlockRecord) -> Block:
    """Return who the patient is and how to reach them."""
    first = (*NAMES, BORN, "patient.age", "patient.sex_at_birth", IDENTIFIERS)
    phrases = making.phrases((record.id, -1))
    # What cannot apply to this patient is covered, and not said.
    silent = keys_of(p for p in phrases if not p.text)
    statements = [Statement(identity(making), (*_here(making, first), *silent), "strong")]
    statements += _not_known(making, "patient.")
    reach = [key for key in ("patient.address", "patient.phone") if making.text(key)]
    if reach:
        parts = [
            making.text(k) if k.endswith("address") else f"tel {making.text(k)}" for k in reach
        ]
        statements.append(Statement(", ".join(parts), tuple(reach)))
    other = making.told([p for p in phrases if p.text])
    return Block(
        record.id, record.heading, "prose", tuple(statements), (*_row(other), *making.notes(record))
    )


def _here(making: Making, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key in making.case)


def _not_known(making: Making, group: str) -> list[Statement]:
    """Return what of the head could not be recorded, and why, and what was noted beside a choice."""
    found: list[Phrase] = []
    for key in (key for key in HEAD if key.startswith(group)):
        for phrase in making.speaker.phrases(making.form.questions[key]):
            noted = making.case[key]
            if phrase.part == "unable":
                found.append(phrase)
            elif isinstance(noted, Choice) and noted.text.strip():
                name = making.form.questions[key].phrase
                found.append(Phrase(f"{name}: {noted.text.strip()}", (key,)))
    told = [Statement(sentence(p.text), p.keys) for p in found if p.part == "present"]
    missing = [p for p in found if p.part == "unable"]
    if missing:
        text = making.word("not_known", items=listed([p.text for p in missing]))
        told.append(Statement(text, tuple(key for p in missing for key in p.keys)))
    return told


def _row(statements: list[Statement]) -> tuple[Row, ...]:
    return (Row("", tuple(statements)),) if statements else ()


# -- the foot -----------------------------------------------------------------------------------------


def signature_block(making: Making, record: BlockRecord, issued: str) -> Block:
    """Return who signs, the number that is answered, and when."""
    role = making.case.get("referrer.role")
    slot = making.form.slot("referrer.role")
    signed = making.word(
        "signed",
        writer=making.text("referrer.written_by"),
        name=making.text("referrer.name") or making.word("signer_missing"),
        role=slot.option_phrase(role.option) if isinstance(role, Choice) and slot else "",
        registration=making.text("referrer.registration"),
        phone=making.text("referrer.phone"),
    )
    # What the letterhead printed is told there; of a practice left blank there is nothing to tell.
    head = [key for statement in letterhead(making) for key in statement.covers]
    keys = [key for key in HEAD if key.startswith("referrer.") and key not in head]
    statements = [
        Statement(signed, _here(making, keys), "strong"),
        *_not_known(making, "referrer."),
    ]
    statements.append(
        Statement(making.word("issued", when=issued) if issued else making.word("unsigned"))
    )
    rows = _row(making.told(making.phrases((record.id, -1))))
    return Block(record.id, record.heading, "list", tuple(statements), rows)


def sources_block(making: Making, record: BlockRecord) -> Block:
    """Return the sources that the letter's reasons cite, short, with their years."""
    records = [making.content.sources[name] for name in making.cited]
    items = [
        f"{s.short} {s.year}" if s.year and str(s.year) not in s.short else s.short for s in records
    ]
    statements = (
        [Statement(making.word("sources", items=listed(items)), (), "small")] if items else []
    )
    return Block(record.id, record.heading, "small", tuple(statements))


def mark_block(
    making: Making, record: BlockRecord, document: str, draft: bool, version: int
) -> Block:
    """Return what the letter was made with, and what it is not."""
    language = making.text(LANGUAGE)
    mark = making.assessment.content
    text = making.word(
        "mark",
        use=making.word("intended_use"),
        profile=making.form.profile_of(making.case).id,
        version=mark.version,
        fingerprint=mark.fingerprint[:8],
        title=making.template.file.title,
        document=document,
        draft=draft,
        issue=version,
        language=language,
        own=making.content.own,
    )
    covers = tuple(key for key in (PROFILE, LANGUAGE) if key in making.case)
    return Block(record.id, record.heading, "small", (Statement(text, covers, "small"),))


def issued_words(issued_at: datetime | None) -> str:
    """Return when a letter was issued: day and minute, as the clock there showed it."""
    return "" if issued_at is None else f"{day_words(issued_at.date())} {issued_at:%H:%M}"


def is_text(value: object) -> bool:
    """Whether `value` is recorded text with something in it."""
    return isinstance(value, Text) and bool(value.text.strip())
