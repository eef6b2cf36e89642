"""From a case and its assessment to a letter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from triage.content.files import ContentFiles
from triage.content.form import DECISION, LETTER, NOTE, OF_DRAFTS, Form
from triage.content.load import Content
from triage.content.retired import parted, renewed
from triage.errors import LetterError, did_you_mean
from triage.letter.blocks import head, level, thinking
from triage.letter.blocks.examination import examination_block
from triage.letter.blocks.history import history_block
from triage.letter.blocks.page_results import results_block
from triage.letter.blocks.red_flags import present_alarms
from triage.letter.blocks.strip import strip_block
from triage.letter.blocks.studies import studies_block
from triage.letter.blocks.told import notes_block, told_block
from triage.letter.blocks.why import facts
from triage.letter.findings.record import kept_back, not_applicable, record_of, told_in_part
from triage.letter.kinds.emergency import emergency_block
from triage.letter.kinds.leaflet import leaflet_block, reworded
from triage.letter.kinds.request import examined_block, safety_block
from triage.letter.making import Making, sensitive_words, with_denials
from triage.letter.rewriting import KINDS as REWRITTEN
from triage.letter.rewriting import block_text, rewritten, words_of
from triage.letter.statements import Block, Letter, Record, Row, Statement
from triage.letter.template import BlockRecord, LetterTemplate, Templates, load_templates
from triage.letter.words.phrase import listed, sentence
from triage.model.case import Case
from triage.model.values import Level, Text, value_to_json
from triage.rules.assessment import Assessment
from triage.settings import Settings

# Told even of a patient for whom the form is not made; advice is not.
_FACTS = {
    "address",
    "patient",
    "level",
    "beware",
    "question",
    "history",
    "examination",
    "results",
    "told",
    "notes",
    "to_check",
    "order",
    "strip",
    "safety",
    "examined",
    "sender",
    "copies",
    "emergency",
}
_BUILDERS: dict[str, Callable[[Making, BlockRecord], Block]] = {
    "address": head.address_block,
    "patient": head.patient_block,
    "level": level.level_block,
    "question": level.question_block,
    "beware": level.beware_block,
    "history": history_block,
    "examination": examination_block,
    "results": results_block,
    "thinking": thinking.thinking_block,
    "requested": thinking.requested_block,
    "decide": thinking.decide_block,
    "not_asked": thinking.not_asked_block,
    "not_indicated": thinking.not_indicated_block,
    "decided": thinking.decided_block,
    "to_check": thinking.to_check_block,
    "told": told_block,
    "notes": notes_block,
    "order": level.order_block,
    "strip": strip_block,
    "safety": safety_block,
    "studies": studies_block,
    "examined": examined_block,
    "sender": head.sender_block,
    "copies": head.copies_block,
    "emergency": emergency_block,
    "leaflet": leaflet_block,
}


@lru_cache(maxsize=4)
def _shipped(form: Form) -> Templates:
    return load_templates(ContentFiles(form.id), form)


def build_letter(
    content: Content,
    case: Case,
    assessment: Assessment,
    template_id: str,
    recipient_id: str | None,
    day: date,
    *,
    version: int = 0,
    issued_at: datetime | None = None,
    document: str = "",
    again: bool = False,
    templates: Templates | None = None,
    settings: Settings | None = None,
    addressee: str | None = None,
    kept: Mapping[str, int] | None = None,
) -> Letter:
    """Return the letter. Missing answers never refuse one; the record says that they are missing.

    Parameters
    ----------
    content, case, assessment
        What it is about.
    template_id
        Which letter.
    recipient_id
        To whom; None for the first recipient that the case names.
    day
        The date of the letter.
    version
        Of the issue; 0 for a draft.
    issued_at
        When it is issued, as the clock there shows it; None for a draft.
    document
        Document id; by default one made from what the letter is about.
    again
        Whether the same reader has an earlier version, which a patient's copy asks to throw away.
    templates
        The letter templates; the program's own if None.
    settings
        The clinic's: where recipients are.
    addressee
        Which address of the recipient; None for its only one.
    kept
        By section of the record, how many sensitive items its sender kept back that are not in `case`.

    Raises
    ------
    LetterError
        If there is no such template or recipient.
    """
    templates = templates or _shipped(content.form)
    template = _letter_for(templates, template_id, case, assessment)
    if recipient_id is not None and recipient_id not in content.recipients:
        raise LetterError(
            f"There is no recipient {recipient_id!r}{did_you_mean(recipient_id, content.recipients)}."
        )
    whole = renewed(case, content.form).with_(dict.fromkeys(OF_DRAFTS))
    case, lost = parted(whole, content.form)
    settings = settings or Settings()
    recipient = recipient_id or head.first_recipient(content, case, template_id)
    if addressee is None:
        addressee = settings.addressee_of(recipient)
    making = Making(
        content,
        case,
        lost,
        assessment,
        day,
        templates,
        template,
        settings,
        recipient,
        addressee,
        version,
        issued_at,
        document
        or document_id(
            whole,
            template_id,
            addressee or recipient,
            private_keys(content.form, templates, whole, assessment),
        ),
        again,
        kept or {},
    )
    file = template.file
    blocks, composed = _blocks(making)
    return Letter(
        template=file.id,
        kind=file.kind,
        title=file.title,
        recipient=recipient,
        addressee=addressee,
        identity=head.identity(making),
        letterhead=head.letterhead(making),
        notices=(),
        blocks=blocks,
        composed=composed,
        record=_record(making, blocks) if _has_record(making) else None,
        foot=head.foot(making),
        mark=head.mark(making),
        document=making.document,
        language="en-GB",
        draft=making.draft,
        version=version,
        day=day,
        complete=file.complete,
        level=making.level,
        page=templates.page,
        held=frozenset(
            key for key in case if key in content.form.slots and not_applicable(making, key)
        ),
        kept=kept_back(making),
        in_part=told_in_part(making),
    )


def _record(making: Making, blocks: Iterable[Block]) -> Record:
    """Return the record of findings, with the typed notes that no block of page one prints."""
    told = {key for block in blocks for s in block.all_statements() for key in s.covers}
    sections = making.form.sections
    notes = [
        Row(sections[name].title if name in sections else name, (making.note(key),))
        for key in making.case
        if key.startswith(NOTE) and key not in told and making.text(key)
        for name in (key.removeprefix(NOTE),)
    ]
    return record_of(making, tuple(notes))


def _letter_for(
    templates: Templates, template_id: str, case: Case, assessment: Assessment
) -> LetterTemplate:
    """Return the letter of this id, or what is sent in its place at the highest level."""
    if template_id not in templates.letters:
        raise LetterError(
            f"There is no letter {template_id!r}{did_you_mean(template_id, templates.letters)}."
        )
    return templates.letters[template_at(templates, template_id, assessment.level_of(case))]


def template_at(templates: Templates, template_id: str, level: Level | None) -> str:
    """Return the id of what is sent at a level."""
    template = templates.letters.get(template_id)
    if template and template.file.at_emergency and level == "emergency":
        return template.file.at_emergency
    return template_id


def _has_record(making: Making) -> bool:
    """Whether it tells every recorded answer: not where the letter of another recipient does."""
    file, recipients = making.template.file, making.content.recipients
    others = (recipients.get(name) for name in head.recipients_of(making.case))
    elsewhere = any(
        other.template == file.record_in and other.id != making.recipient
        for other in others
        if other
    )
    return file.complete and not elsewhere


def _blocks(making: Making) -> tuple[tuple[Block, ...], dict[str, str]]:
    """Return page one, and by id what is composed of the blocks that may be rewritten."""
    in_scope = making.assessment.scope.ok
    records = [r for r in making.template.file.block if in_scope or r.kind in _FACTS]
    blocks: list[Block] = []
    composed: dict[str, str] = {}
    replaced: dict[int, Block] = {}
    for record in records:
        block = reworded(making.template, _BUILDERS[record.kind](making, record))
        block = replace(block, called=record.called)
        making.built[record.id] = block
        if record.kind in REWRITTEN:
            composed[record.id] = block_text(block)
            if words_of(making.case, record.id) is not None:
                replaced[len(blocks)] = block
            # Words that were typed stand though nothing is composed any more.
            block = rewritten(block, making.case, making.template.words, draft=making.draft)
        blocks.append(block)
    told = {key for block in blocks for s in block.all_statements() for key in s.covers}
    for n, block in replaced.items():
        if dangers := _dangers(making, block, told):
            blocks[n] = replace(blocks[n], rows=(*blocks[n].rows, Row("", dangers)))
    # The record has what these no longer tell.
    making.built.update((block.id, block) for block in blocks)
    return tuple(block for block in blocks if not block.is_empty), composed


def _dangers(making: Making, block: Block, told: set[str]) -> tuple[Statement, ...]:
    """Return what endangers the patient and was composed in a block that was rewritten, as far as nothing tells it."""
    found: list[Statement] = []
    for statement in block.all_statements():
        lost = [key for key in statement.covers if key not in told]
        told.update(lost)
        if lost and statement.style == "strong":
            found.append(statement)
        elif alarms := tuple(key for key in present_alarms(making) if key in lost):
            text = sentence(listed([phrase.text for phrase in facts(making, alarms)]))
            found.append(Statement(text, alarms, "strong"))
    return tuple(found)


def private_keys(
    form: Form, templates: Templates, case: Case, assessment: Assessment
) -> frozenset[str]:
    """Return the keys of `case` that a letter may hold back: what is sensitive, and what contradicts it."""
    slots, answers = form.slots, templates.answers
    found = {key for key in case if key in slots and sensitive_words(slots[key], answers)}
    return with_denials(found, assessment)


def document_id(case: Case, template: str, recipient: str, private: Collection[str]) -> str:
    """Return an id made from what a letter is about: the same case, template and recipient give the same id.

    What is `private` has no part in it: who has the rest of the case could try what else gives this id.
    """
    digest = hashlib.sha256(f"{template}\0{recipient}\0".encode())
    for key in sorted(key for key in case if key not in private and key not in OF_DRAFTS):
        digest.update(f"{key}\0{value_to_json(case[key])}\0".encode())
    text = digest.hexdigest()[:8].upper()
    return f"{text[:4]}-{text[4:]}"


def uncovered(letter: Letter, case: Case) -> set[str]:
    """Return the keys of `case` that neither page one nor the record of `letter` tells of.

    A suggestion that was left out without a reason is told nowhere, and of a note of blanks there is nothing to tell.
    The words of a block are told in the letters that have it.
    """
    told = letter.told() | letter.held
    return {
        key
        for key, value in case.items()
        if key not in told
        and key not in OF_DRAFTS
        and not key.startswith(DECISION)
        and not (
            key.startswith(LETTER) and not _is_rewritten(key.removeprefix(LETTER), letter, case)
        )
        and not (isinstance(value, Text) and not value.text.strip())
    }


def _is_rewritten(name: str, letter: Letter, case: Case) -> bool:
    return name in letter.composed and words_of(case, name) is not None
