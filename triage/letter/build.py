"""From a case and its assessment to a letter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from triage.content.files import ContentFiles
from triage.content.form import Form
from triage.content.load import Content
from triage.content.retired import parted, renewed
from triage.errors import LetterError, did_you_mean
from triage.letter import advice, answers, banner, call, head
from triage.letter.leaflet import leaflet_block, reworded
from triage.letter.making import Making
from triage.letter.statements import Block, Letter
from triage.letter.template import BlockRecord, LetterTemplate, Templates, load_templates
from triage.model.case import Case
from triage.model.values import value_to_json
from triage.rules.assessment import Assessment
from triage.settings import Settings

# Told even of a patient for whom the form is not made; advice is not.
_FACTS = {
    "address",
    "identity",
    "banner",
    "call",
    "question",
    "answers",
    "results",
    "rest",
    "contradictions",
    "signature",
    "sources",
    "mark",
}
_BUILDERS: dict[str, Callable[[Making, BlockRecord], Block]] = {
    "identity": head.identity_block,
    "banner": banner.banner_block,
    "call": call.call_block,
    "strip": answers.strip_block,
    "question": answers.question_block,
    "answers": answers.answers_block,
    "results": answers.results_block,
    "reasoning": advice.reasoning_block,
    "requests": advice.requests_block,
    "considered": advice.considered_block,
    "not_indicated": advice.not_indicated_block,
    "plan": advice.plan_block,
    "team": advice.team_block,
    "contradictions": advice.contradictions_block,
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
    draft: bool = True,
    issued_at: datetime | None = None,
    document: str = "",
    templates: Templates | None = None,
    settings: Settings | None = None,
) -> Letter:
    """Return the letter. Missing answers never refuse one; the letter says that they are missing.

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
    draft
        Whether to mark it as a draft.
    issued_at
        When it is issued, as the clock there shows it.
    document
        Document id; by default one made from what the letter is about.
    templates
        The letter templates; the program's own if None.
    settings
        The clinic's: where recipients are.

    Raises
    ------
    LetterError
        If there is no such template or recipient.
    """
    templates = templates or _shipped(content.form)
    template = templates.letters.get(template_id)
    if template is None:
        raise LetterError(
            f"There is no letter template {template_id!r}{did_you_mean(template_id, templates.letters)}."
        )
    if recipient_id is not None and recipient_id not in content.recipients:
        raise LetterError(
            f"There is no recipient {recipient_id!r}{did_you_mean(recipient_id, content.recipients)}."
        )
    whole = renewed(case, content.form)
    case, lost = parted(whole, content.form)
    records = [
        r
        for r in template.file.block
        if _is_printed(r, content, case, assessment, template, templates, day)
    ]
    printed = frozenset(r.id for r in records)
    recipient = recipient_id or head.first_recipient(content, case, template_id)
    making = Making(
        content,
        case,
        lost,
        assessment,
        day,
        templates,
        template,
        printed,
        settings or Settings(),
        recipient,
    )
    document = document or document_id(whole, template_id, recipient)
    issued = "" if draft else head.issued_words(issued_at)
    blocks = _blocks(making, records, recipient, document, issued, draft, version)
    return Letter(
        template=template_id,
        title=template.file.title,
        recipient=recipient,
        identity=head.identity(making),
        letterhead=head.letterhead(making),
        blocks=blocks,
        document=document,
        language="en-GB",
        draft=draft,
        version=version,
        day=day,
        issued=issued,
        complete=template.file.complete,
        level=banner.level_of(making),
        mark=making.word("draft_mark"),
        page=templates.page,
    )


def _is_printed(
    record: BlockRecord,
    content: Content,
    case: Case,
    assessment: Assessment,
    template: LetterTemplate,
    templates: Templates,
    day: date,
) -> bool:
    if not assessment.scope.ok and record.kind not in _FACTS:
        return False
    if record.kind == "strip" and not record.always:
        none, no_settings = frozenset[str](), Settings()
        making = Making(
            content, case, Case(), assessment, day, templates, template, none, no_settings
        )
        return any(test.id in record.tests for test in making.requested())
    return True


def _blocks(
    making: Making,
    records: list[BlockRecord],
    recipient: str,
    document: str,
    issued: str,
    draft: bool,
    version: int,
) -> tuple[Block, ...]:
    found: dict[str, Block] = {}
    head_and_foot: dict[str, Callable[[BlockRecord], Block]] = {
        "address": lambda r: head.address_block(making, r, recipient),
        "signature": lambda r: head.signature_block(making, r, issued),
        "mark": lambda r: head.mark_block(making, r, document, draft, version),
    }
    for record in records:
        if record.kind in ("rest", "sources"):
            continue
        maker = head_and_foot.get(record.kind)
        found[record.id] = maker(record) if maker else _BUILDERS[record.kind](making, record)
    # Sources and what is left over are known only when everything else stands.
    covered = {key for s in head.letterhead(making) for key in s.covers}
    covered |= {key for block in found.values() for s in block.all_statements() for key in s.covers}
    for record in records:
        if record.kind == "rest":
            found[record.id] = answers.rest_block(making, record, covered)
        elif record.kind == "sources":
            found[record.id] = head.sources_block(making, record)
    blocks = (reworded(making.template, found[record.id]) for record in records)
    return tuple(block for block in blocks if not block.is_empty)


def document_id(case: Case, template: str, recipient: str) -> str:
    """Return an id made from what a letter is about: the same case, template and recipient give the same id."""
    digest = hashlib.sha256(f"{template}\0{recipient}\0".encode())
    for key in sorted(case):
        digest.update(f"{key}\0{value_to_json(case[key])}\0".encode())
    text = digest.hexdigest()[:8].upper()
    return f"{text[:4]}-{text[4:]}"


def uncovered(letter: Letter, case: Case) -> set[str]:
    """Return the keys of `case` that no statement of `letter` tells of."""
    told = {key for statement in letter.statements() for key in statement.covers}
    return {key for key in case if key not in told}
