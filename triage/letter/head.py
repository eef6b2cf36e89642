"""The head and the foot of a letter: who writes to whom about whom, and what it was made with."""

from __future__ import annotations

from datetime import date, datetime

from triage.content.form import DATE, LANGUAGE, PROFILE, RECIPIENTS
from triage.letter.making import Making
from triage.letter.phrase import listed
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord
from triage.letter.words import age_of
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Names, Table, Text

_GROUPED = {"nhs_number": (3, 3, 4)}


def day_words(day: date) -> str:
    """Return a date as letters print it."""
    return PartialDate.of(day).words()


def letterhead(making: Making) -> tuple[Statement, ...]:
    """Return the sender's lines: practice, then person."""
    lines = []
    if org := making.text("referrer.org"):
        lines.append(Statement(org, ("referrer.org",), "strong"))
    return tuple(lines)


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
        place = [known.department, known.organisation, *known.address]
        to = [making.word("to", name=known.name), ", ".join(dict.fromkeys(p for p in place if p))]
    statements = [Statement(line) for line in to if line]
    names = (RECIPIENTS,) if RECIPIENTS in making.case else ()
    if copies:
        statements.append(Statement(making.word("copy", names=listed(copies)), names))
    elif names:
        statements[0] = Statement(statements[0].text, names)
    return Block(record.id, record.heading, "address", (dated, *statements))


def _names(case: Case) -> tuple[str, ...]:
    value = case.get(RECIPIENTS)
    return value.names if isinstance(value, Names) else ()


def first_recipient(making: Making) -> str:
    """Return the first recipient of the case that takes this kind of letter, else the first that is known."""
    known = [name for name in _names(making.case) if name in making.content.recipients]
    fitting = [n for n in known if making.content.recipients[n].template == making.template.file.id]
    return next(iter(fitting or known), "")


# -- the patient --------------------------------------------------------------------------------------


def identity(making: Making) -> str:
    """Return the line that names the patient: name, birth and age, sex, identifiers."""
    return "   ".join((name_of(making), _born(making), _sex(making), _identifiers(making)))


def name_of(making: Making) -> str:
    """Return the patient's name, the family name in capitals."""
    given, family = making.text("patient.given_name"), making.text("patient.family_name")
    name = " ".join(p for p in (given, family.upper()) if p)
    return " ".join(name.split()) or making.word("name_missing")


def _born(making: Making) -> str:
    born, age = making.case.get("patient.dob"), age_of(making.form, making.case)
    if isinstance(born, Date):
        return making.word("born", date=born.date.words(), age=age)
    return making.word("age_only", age=age) if age else making.word("born_missing")


def _sex(making: Making) -> str:
    value = making.case.get("patient.sex_at_birth")
    if not isinstance(value, Choice):
        return making.word("sex_missing")
    slot = making.form.slot("patient.sex_at_birth")
    return slot.option_phrase(value.option) if slot else value.option


def identifiers(case: Case) -> list[tuple[str, str]]:
    """Return kind and value of each identifier that has a value."""
    table = case.get("patient.identifiers")
    rows = table.rows if isinstance(table, Table) else ()
    found = [(str(row.get("kind") or ""), str(row.get("value") or "").strip()) for row in rows]
    return [(kind, value) for kind, value in found if value]


def _identifiers(making: Making) -> str:
    question = making.form.questions.get("patient.identifiers")
    column = next((c for c in question.columns if c.id == "kind"), None) if question else None
    names = {o.id: o.short or o.label for o in column.options} if column else {}
    found = []
    for kind, value in identifiers(making.case):
        sizes = _GROUPED.get(kind)
        if sizes and value.isdigit() and len(value) == sum(sizes):
            value = f"{value[:3]} {value[3:6]} {value[6:]}"
        found.append(f"{names.get(kind, kind)} {value}".strip())
    return ", ".join(found) or making.word("identifier_missing")


def identity_block(making: Making, record: BlockRecord) -> Block:
    """Return who the patient is and how to reach them."""
    first = (
        "patient.family_name",
        "patient.given_name",
        "patient.dob",
        "patient.age",
        "patient.sex_at_birth",
    )
    covers = tuple(key for key in (*first, "patient.identifiers") if key in making.case)
    statements = [Statement(identity(making), covers, "strong")]
    reach = [key for key in ("patient.address", "patient.phone") if key in making.case]
    if reach:
        parts = [
            making.text(k) if k.endswith("address") else f"tel {making.text(k)}" for k in reach
        ]
        statements.append(Statement(", ".join(parts), tuple(reach)))
    other = making.told(making.phrases((record.id, -1)))
    return Block(
        record.id, record.heading, "prose", tuple(statements), (*_row(other), *making.notes(record))
    )


def _row(statements: list[Statement]) -> tuple[Row, ...]:
    return (Row("", tuple(statements)),) if statements else ()


# -- the foot -----------------------------------------------------------------------------------------


def signature_block(making: Making, record: BlockRecord, issued: str) -> Block:
    """Return who signs, the number that is answered, and when."""
    keys = ("referrer.name", "referrer.role", "referrer.registration", "referrer.phone")
    role = making.case.get("referrer.role")
    slot = making.form.slot("referrer.role")
    signed = making.word(
        "signed",
        name=making.text("referrer.name") or making.word("signer_missing"),
        role=slot.option_phrase(role.option) if isinstance(role, Choice) and slot else "",
        registration=making.text("referrer.registration"),
        phone=making.text("referrer.phone"),
    )
    statements = [Statement(signed, tuple(k for k in keys if k in making.case), "strong")]
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
    profile = making.case.get(PROFILE)
    language = making.text(LANGUAGE)
    mark = making.assessment.content
    default = making.form.questions[PROFILE].default if PROFILE in making.form.questions else ""
    text = making.word(
        "mark",
        use=making.word("intended_use"),
        profile=(profile.option if isinstance(profile, Choice) else default),
        version=mark.version,
        fingerprint=mark.fingerprint[:8],
        title=making.template.file.title,
        document=document,
        draft=draft,
        issue=version,
        language=language,
    )
    covers = tuple(key for key in (PROFILE, LANGUAGE) if key in making.case)
    return Block(record.id, record.heading, "small", (Statement(text, covers, "small"),))


def issued_words(issued_at: datetime | None) -> str:
    """Return when a letter was issued: day and minute, as the clock there showed it."""
    return "" if issued_at is None else f"{day_words(issued_at.date())} {issued_at:%H:%M}"


def is_text(value: object) -> bool:
    """Whether `value` is recorded text with something in it."""
    return isinstance(value, Text) and bool(value.text.strip())
