"""The head and the foot of a letter: who writes to whom about whom, and what it was made with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from triage.content.form import BORN, DATE, DECISION, RECIPIENTS
from triage.content.identifiers import IDENTIFIERS, identifiers
from triage.content.load import Content
from triage.content.schema import Recipient
from triage.letter.making import HEAD, Making
from triage.letter.statements import Block, Identity, Letterhead, Row, Statement, strong, unmarked
from triage.letter.template import BlockRecord
from triage.letter.words import person
from triage.letter.words.person import NAMES as NAMES
from triage.letter.words.phrase import Phrase, keys_of, listed, sentence
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Names, Text, Unable


def letterhead(making: Making) -> Letterhead:
    """Return who writes, the day and the document."""
    keys = ("referrer.org", "referrer.address")
    name, place = (_in_line(making.text(key)) for key in keys)
    day = PartialDate.of(making.day).long_words()
    words = "head_draft" if making.draft else "head_issued"
    values = {
        "called": making.template.file.called,
        "document": making.document,
        "issue": making.version,
        "day": day,
    }
    return Letterhead(
        name=name or making.word("gap", what=making.word("practice")) * making.draft,
        place=_head_place(making, place)
        or making.word("gap", what=making.word("practice_place")) * making.draft,
        day=making.word("draft_day", day=day) if making.draft else day,
        document=making.word(words, **values),
        covers=(*(key for key in keys if making.text(key)), *dated(making)),
    )


def _in_line(text: str) -> str:
    """Return the lines of an address in one."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return ", ".join(filter(None, lines))


def _head_place(making: Making, place: str) -> str:
    """Return where the practice is, and whom to ring where a letter says so in its head."""
    name, phone = making.text("referrer.name"), making.text("referrer.phone")
    return making.word("head_place", place=place, name=name, phone=phone) if place else ""


def address_block(making: Making, record: BlockRecord) -> Block:
    """Return to whom it goes."""
    known = making.content.recipients.get(making.recipient)
    rows = []
    if known is None:
        rows.append(Row("", (Statement(making.gap(making.word("recipient"))),)))
    else:
        names = (RECIPIENTS,) if RECIPIENTS in making.case else ()
        rows.append(Row("", (Statement(known.name, names, style="strong"),)))
        if place := _place(making, known):
            rows.append(Row("", (Statement(place),)))
    if why := making.reason(making.recipient):
        said = Statement(making.word("why_here", reason=why), (DECISION + making.recipient,))
        rows.append(Row("", (said,)))
    return Block(record.id, record.heading, "address", tuple(rows))


def _place(making: Making, recipient: Recipient) -> str:
    """Return where a letter goes, in one line; what stays with its sender needs no address."""
    if recipient.stays:
        return ""
    known = making.settings.address_of(making.addressee)
    if known.address.strip():
        return ", ".join(known.lines)
    return making.gap(making.word("recipient_address"))


def recipients_of(case: Case) -> tuple[str, ...]:
    """Return the recipients that the case names."""
    value = case.get(RECIPIENTS)
    return value.names if isinstance(value, Names) else ()


def first_recipient(content: Content, case: Case, template: str) -> str:
    """Return the first recipient of the case that takes this kind of letter, else the first that is known."""
    known = [name for name in recipients_of(case) if name in content.recipients]
    fitting = [n for n in known if content.recipients[n].template == template]
    return next(iter(fitting or known), "")


# -- the patient --------------------------------------------------------------------------------------


def identity(making: Making) -> Identity:
    """Return who it is about, for the foot of each page."""
    given, family = (" ".join(making.text(key).split()) for key in NAMES)
    if not given and not family:
        given = making.word("name_missing")
    return Identity(given, family, (_born(making), *_numbers(making)))


def patient_block(making: Making, record: BlockRecord) -> Block:
    """Return who the patient is, how to reach them, and what they need."""
    age = person.age_of(making.form, making.case, making.day)
    who = [part for part in (_sex(making), age) if part]
    born, numbers = _born(making), _identifiers(making)
    line = ", ".join(who) + f"  {strong(born)}  {strong(numbers)}"
    rows = [Row("", (Statement(line.strip(), _here(making, _WHO)),)), *_reach(making, record)]
    rows += [Row("", (s,)) for s in _not_known(making, "patient.")]
    return Block(
        record.id,
        record.heading,
        "patient",
        (*rows, *making.notes(record)),
        title=name_of(making),
    )


# So many letters stand in one line of page one.
_LINE = 88
_WHO = (*NAMES, BORN, "patient.age", "patient.sex_at_birth", IDENTIFIERS)


def name_of(making: Making) -> str:
    """Return the patient's name, as it was typed."""
    name = person.name_of(making.case)
    if name and len([k for k in NAMES if making.text(k)]) == 1 and reasons(making.case, NAMES):
        return making.word("one_name", name=unmarked(name))
    return unmarked(name) or making.word("name_missing")


def _reach(making: Making, record: BlockRecord) -> Iterator[Row]:
    """Yield where the patient lives and how to ring, then what the record's questions say of their needs."""
    address = _in_line(making.text("patient.address"))
    phone = making.text("patient.phone")
    told = making.word("reached", address=address, phone=phone)
    statements = [Statement(sentence(told), _here(making, ("patient.address", "patient.phone")))]
    if not address and not phone:
        statements = [Statement(gap)] if (gap := making.gap(making.word("address_phone"))) else []
    phrases = [p for p in making.phrases((record.id, -1)) if p.text]
    statements += _needs(phrases)
    none = list(_no_needs(making, phrases))
    # An emergency is told what is needed, and nothing of it takes a line to be denied.
    is_short = sum(len(s.text) + 1 for s in (*statements, *none)) <= _LINE
    if making.template.file.kind != "emergency" and is_short:
        statements += none
    if statements:
        yield Row("", tuple(statements))


def _needs(phrases: Iterable[Phrase]) -> list[Statement]:
    """Return what is needed."""
    return [
        Statement(sentence(strong(p.text)), p.keys)
        for p in phrases
        if p.part == "present" and not p.denies
    ]


def _no_needs(making: Making, phrases: Sequence[Phrase]) -> Iterator[Statement]:
    """Yield that nothing is needed: once, though question and list both say so."""
    absent = [p for p in phrases if p.part == "absent"]
    told: dict[str, tuple[str, ...]] = {}
    if absent:
        text = making.word("none_of", items=listed([p.text for p in absent], "or"))
        told[sentence(text)] = keys_of(absent)
    for phrase in (p for p in phrases if p.denies and p.part == "present"):
        text = sentence(phrase.text)
        told[text] = (*told.get(text, ()), *phrase.keys)
    yield from (Statement(text, keys) for text, keys in told.items())


def reasons(case: Case, keys: Iterable[str]) -> list[str]:
    """Return those of `keys` of which is recorded why they are not known."""
    return [
        key for key in keys if isinstance(value := case.get(key), Unable) and value.reason.strip()
    ]


def _born(making: Making) -> str:
    born = making.case.get(BORN)
    if isinstance(born, Date):
        wording = "born" if born.date.is_full else "born_partly"
        return making.word(wording, date=born.date.words())
    if isinstance(born, Unable):
        return making.word("born_unknown")
    return making.word("born_gap" if making.draft else "born_missing")


def _sex(making: Making) -> str:
    return making.option("patient.sex_at_birth") or making.word("sex_missing")


def _identifiers(making: Making) -> str:
    return ", ".join(_numbers(making))


def _numbers(making: Making) -> list[str]:
    found = identifiers(making.form, making.case)
    missing = making.word("identifier_gap" if making.draft else "identifier_missing")
    return list(dict.fromkeys(unmarked(str(number)) for number in found)) or [missing]


def _here(making: Making, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key in making.case)


def _not_known(making: Making, group: str) -> list[Statement]:
    """Return what of the head could not be recorded, and why, and what was noted beside a choice."""
    told: list[Statement] = []
    missing: list[tuple[str, str]] = []
    for key in (key for key in HEAD if key.startswith(group)):
        value = making.case.get(key)
        name = making.form.questions[key].phrase if key in making.form.questions else key
        if isinstance(value, Unable):
            reason = unmarked(value.reason.strip())
            missing.append((f"{name}: {reason}" if reason else name, key))
        elif isinstance(value, Choice) and value.text.strip():
            text = unmarked(value.text.strip())
            told.append(Statement(sentence(f"{name}: {text}"), (key,)))
    if missing:
        text = making.word("not_known", items=listed([said for said, _ in missing]))
        told.append(Statement(text, tuple(key for _, key in missing)))
    return told


# -- the foot -----------------------------------------------------------------------------------------


def sender_block(making: Making, record: BlockRecord) -> Block:
    """Return who signs, the number that is answered, and when."""
    name = making.text("referrer.name")
    signed = making.word(
        "signed",
        writer=making.text("referrer.written_by"),
        name=strong(name) if name else making.gap(making.word("signer")),
        role=making.option("referrer.role"),
        registration=making.text("referrer.registration"),
        phone=making.text("referrer.phone"),
    )
    keys = [key for key in HEAD if key.startswith("referrer.")]
    when = issued_words(making.issued_at)
    aside = making.word("issued", when=when) if when else making.word("unsigned")
    rows = [Row("", (Statement(signed, _here(making, keys)),), aside=aside)]
    rows += [Row("", (s,)) for s in _not_known(making, "referrer.")]
    extra = [p for p in making.phrases((record.id, -1)) if p.part == "present"]
    rows += [Row("", (Statement(sentence(p.text), p.keys),)) for p in extra]
    return Block(record.id, record.heading, "sender", tuple(rows))


def copies_block(making: Making, record: BlockRecord) -> Block:
    """Return who has a copy or an own letter, each once, and where the full record is."""
    known = making.content.recipients
    others = [
        making.word("copy_own", name=known[name].name)
        if _is_other(making, name)
        else known[name].name
        for name in dict.fromkeys(recipients_of(making.case))
        if name in known and name != making.recipient
    ]
    copies = [p.text for p in making.phrases((record.id, -1)) if p.part == "present"]
    keys = [k for p in making.phrases((record.id, -1)) if p.part == "present" for k in p.keys]
    items = listed([*others, *copies])
    text = (
        f"{sentence(items)} {making.word('full_record')}" if items else making.word("full_record")
    )
    names = (RECIPIENTS,) if RECIPIENTS in making.case else ()
    return Block(
        record.id, record.heading, "prose", (Row("", (Statement(text, (*names, *keys)),)),)
    )


def _is_other(making: Making, name: str) -> bool:
    """Whether a recipient gets a letter of another kind."""
    return making.content.recipients[name].template != making.template.file.id


def issued_words(issued_at: datetime | None) -> str:
    """Return when a letter was issued: day and minute, as the clock there showed it."""
    return (
        ""
        if issued_at is None
        else f"{PartialDate.of(issued_at.date()).words()}, {issued_at:%H:%M}"
    )


def is_text(value: object) -> bool:
    """Whether `value` is recorded text with something in it."""
    return isinstance(value, Text) and bool(value.text.strip())


def foot(making: Making) -> str:
    """Return the second line of each page's foot: kind, document, version, and when it was issued."""
    if making.draft:
        return making.word(
            "foot_draft", day=PartialDate.of(making.day).words(), document=making.document
        )
    return making.word(
        "foot_issued",
        called=making.template.file.called,
        document=making.document,
        issue=making.version,
        when=issued_words(making.issued_at),
    )


def mark(making: Making) -> str:
    """Return what the letter is not, and what it was made with."""
    content = making.assessment.content
    return making.word(
        "mark",
        use=making.word("intended_use"),
        profile=making.form.profile_of(making.case).id,
        version=content.version,
        fingerprint=content.fingerprint[:8],
        own=making.content.own,
    )


def dated(making: Making) -> tuple[str, ...]:
    """Return the keys that head and foot tell of beside the patient's and the sender's."""
    return _here(making, (DATE, "case.profile", "case.language"))
