"""What an issued letter carries inside its file: the case as its pages say it, and how it was made from that.

Nothing leaves in it that the pages do not say. It is unsigned: it shows a slip and a damaged file, and proves nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import triage
from triage.content import raw
from triage.content.casefile import VERSION, case_data, day_of, read_data, write_case
from triage.content.form import DATE, DECISION, RECIPIENTS
from triage.content.load import Content
from triage.content.retired import renewed
from triage.errors import CaseError, LetterError
from triage.letter.making import sensitive_words
from triage.letter.statements import Letter
from triage.letter.template import Templates
from triage.model.case import Case
from triage.model.values import (
    Decision,
    Names,
    Rewritten,
    Value,
    value_from_json,
    value_to_json,
)
from triage.rules.assessment import Assessment
from triage.settings import Address, Settings

FORMAT = 1
# The last key: a hash over all that stands before it.
_SUM = ',\n "sha256": "{}"\n}}\n'
_SUM_LENGTH = len(_SUM.format("0" * 64))
_MOST_KEPT = 99
_NAME = "case.json"
_ID = re.compile(r"[A-Za-z0-9_.]{1,120}")
_FORM = "the case that it carries does not have the form that it should"

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(max_length=300)]
Name = Annotated[str, Field(max_length=80)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class MadeWith(_Part):
    """What made a letter: the same case makes the same letter only with the same."""

    program: Name
    content: Name
    fingerprint: Hash

    @classmethod
    def here(cls, content: Content) -> MadeWith:
        """Return what makes letters here."""
        return cls(
            program=triage.__version__,
            content=content.form.version,
            fingerprint=content.fingerprint,
        )


class About(_Part):
    """Which letter it is.

    Parameters
    ----------
    mark
        The right end of the foot: it names the clinic's own content.
    """

    template: Name
    recipient: Name
    document: Name
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    issued_at: Name
    paper: Literal["a4", "letter"]
    language: Name
    mark: Line


class Notice(_Part):
    """A line of the strip that says which version a letter replaces, its strong parts marked."""

    label: Line
    said: Annotated[str, Field(max_length=10_000)]


class _File(_Part):
    """The attachment, but for its sum, the case, and what stands in the way of a case."""

    triage_letter: int
    made_with: MadeWith
    letter: About
    address: Address
    notices: Annotated[list[Notice], Field(max_length=9)]
    kept: Annotated[dict[Name, Annotated[int, Field(ge=1, le=_MOST_KEPT)]], Field(max_length=99)]
    made_again: bool
    pages: Hash


@dataclass(frozen=True, slots=True)
class Carried:
    """What an issued letter carries.

    Parameters
    ----------
    made_with, about
        What made it, and which letter it is.
    form
        The form of the case.
    case
        The case, without what the letter holds back and what stays on the sender's screen.
    in_part
        Answers of which the letter tells a harmless half: they make the letter again, and are no part of the case.
    kept
        By section of the record, how many sensitive items the sender keeps.
    address
        Where the letter goes.
    notices
        What the letter says of the version that it replaces.
    made_again
        Whether all this makes the same pages again; not where the letter rests on what it holds back.
    pages
        The hash of the text of the pages.
    """

    made_with: MadeWith
    about: About
    form: str
    case: Case
    in_part: Case
    kept: Mapping[str, int]
    address: Address
    notices: tuple[Notice, ...]
    made_again: bool
    pages: str

    @property
    def issued_at(self) -> datetime:
        """When it was issued, as the clock there showed it."""
        return datetime.fromisoformat(self.about.issued_at)

    @property
    def whole(self) -> Case:
        """What makes the letter again."""
        return self.case.with_(dict(self.in_part))

    @property
    def settings(self) -> Settings:
        """Of the clinic's settings what the letter prints."""
        return Settings(recipients={self.about.recipient: self.address})


def hash_of(pages: str) -> str:
    """Return the hash of the text of the pages, as it is compared."""
    return hashlib.sha256(pages.encode("utf-8", "surrogatepass")).hexdigest()


# -- what leaves ------------------------------------------------------------------------------------


def carried_by(
    letter: Letter,
    case: Case,
    assessment: Assessment,
    content: Content,
    templates: Templates,
    settings: Settings,
    paper: Literal["a4", "letter"],
    issued_at: datetime,
    pages: str,
) -> Carried:
    """Return what `letter` carries, which was made from `case`; `pages` is the text of its pages."""
    form = content.form
    case = renewed(case, form)
    told, answers = _told(letter, case), templates.answers
    # Of what does not apply nobody is told less by these.
    idle = {key for key in letter.held if not sensitive_words(form.slots[key], answers)}
    whole = (told | idle) - letter.kept - letter.in_part
    given = {key: _as_printed(value, letter) for key, value in case.items() if key in whole}
    for test in assessment.investigations:
        key = f"{DECISION}{test.id}"
        if test.needs_decision and test.status == "recommended" and _is_left_out(case.get(key)):
            # The pages do not ask for it; whether it was declined, and why, stays here.
            given.setdefault(key, Decision(decision="defer"))
    in_part = Case({key: case[key] for key in case if key in letter.in_part & told})
    kept = {
        section.title: entry.kept
        for section in (letter.record.sections if letter.record else ())
        for entry in section.entries
        if entry.kept
    }
    return Carried(
        made_with=MadeWith.here(content),
        about=About(
            template=letter.template,
            recipient=letter.recipient,
            document=letter.document,
            version=letter.version,
            issued_at=issued_at.isoformat(),
            paper=paper,
            language=letter.language,
            mark=letter.mark,
        ),
        form=form.id,
        case=Case(given),
        in_part=in_part,
        kept=kept,
        address=settings.address_of(letter.addressee),
        notices=tuple(
            Notice(label=row.label, said=" ".join(s.said for s in row.statements))
            for row in letter.notices
        ),
        made_again=False,
        pages=hash_of(pages),
    )


def _told(letter: Letter, case: Case) -> set[str]:
    """Return the keys that the pages tell, or admit to keep."""
    told = letter.told()
    for block in letter.blocks:
        told.update(key for cell in block.cells for key in (*cell.covers, *cell.denied))
        told.update(key for table in block.tables for row in table.rows for key in row.covers)
    return told.intersection(case)


def _is_left_out(value: Value | None) -> bool:
    return isinstance(value, Decision) and value.decision != "accept"


def _as_printed(value: Value, letter: Letter) -> Value:
    """Return a value without what the pages leave out of it: composed words, and recipients that are not named."""
    if isinstance(value, Rewritten):
        return value.model_copy(update={"instead_of": ""})
    if isinstance(value, Names) and not _names_others(letter):
        return Names(names=tuple(name for name in value.names if name == letter.recipient))
    return value


def _names_others(letter: Letter) -> bool:
    """Whether a letter says who else has one: not only to whom it goes."""
    blocks = (block for block in letter.blocks if block.kind != "address")
    rows = letter.record.covers() if letter.record else ()
    told = (*(s.covers for block in blocks for s in block.all_statements()), *rows)
    return any(RECIPIENTS in covers for covers in told)


# -- as a file --------------------------------------------------------------------------------------


def spelled(carried: Carried, content: Content) -> str:
    """Return the attachment: JSON, its last key a hash over all before it."""
    plain, other = _plain(carried.case, content)
    in_part = case_data(carried.in_part, content.form).get("answers", {})
    file = _File(
        triage_letter=FORMAT,
        made_with=carried.made_with,
        letter=carried.about,
        address=carried.address,
        notices=list(carried.notices),
        kept=dict(carried.kept),
        made_again=carried.made_again,
        pages=carried.pages,
    )
    data: dict[str, object] = file.model_dump(mode="json")
    data |= {
        "in_part": in_part,
        "other": {key: json.loads(value_to_json(value)) for key, value in other.items()},
        "case": case_data(plain, content.form),
    }
    text = raw.spelled(data).removesuffix("\n}")
    return text + _SUM.format(hashlib.sha256(text.encode()).hexdigest())


def _plain(case: Case, content: Content) -> tuple[Case, Case]:
    """Return what CASE.json can say of a case, and what it cannot: what the form no longer asks."""
    if _is_said(case, content):
        return case, Case()
    other = {
        key: value
        for key, value in case.items()
        if key != DATE and not _is_said(Case({key: value, DATE: case[DATE]}), content)
    }
    return case.with_(dict.fromkeys(other)), Case(other)


def _is_said(case: Case, content: Content) -> bool:
    """Whether a case that is written as CASE.json is read as the same one."""
    try:
        data = raw.parse_json(write_case(case, content.form), _NAME)
        return _case(data, content, day_of(case)) == case
    except CaseError:
        return False


def _case(data: object, content: Content, day: date) -> Case:
    return read_data(data, content.form, content.rule_ids, day, _NAME)


def read_carried(text: str, content_of: Callable[[str], Content]) -> Carried:
    """Read an attachment.

    Parameters
    ----------
    text
        The attachment.
    content_of
        Returns the content of a form, or raises where there is none.

    Raises
    ------
    LetterError
        If it was changed, or is none of this program.
    """
    body, end = text[:-_SUM_LENGTH], text[-_SUM_LENGTH:]
    if end != _SUM.format(hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()):
        raise LetterError("the case that it carries is not as the letter's sender issued it")
    try:
        return _read(raw.parse_json(f"{body}\n}}", _NAME), content_of)
    except CaseError as error:
        raise LetterError(f"the case that it carries cannot be read ({_first(error)})") from None


def _first(error: CaseError) -> str:
    more = len(error.problems) - 1
    return f"{error.problems[0]}; and {more} more" if more else str(error.problems[0])


def _read(data: object, content_of: Callable[[str], Content]) -> Carried:
    if not isinstance(data, dict) or type(data.get("triage_letter")) is not int:
        raise LetterError("the file that it carries is no case of this program")
    if data["triage_letter"] > FORMAT:
        raise LetterError("it was issued by a newer program: update this one to open it")
    parts = {name: data.pop(name, None) for name in ("case", "in_part", "other")}
    try:
        file = _File.model_validate(data)
        issued_at = datetime.fromisoformat(file.letter.issued_at)
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_input=False)[0]["loc"]))
        raise LetterError(f"{_FORM} ({where[:60]})") from None
    except ValueError:
        raise LetterError("the case that it carries names no time of issue") from None
    given, in_part, other = (p if isinstance(p, dict) else {} for p in parts.values())
    form, day = given.get("form"), given.get("date")
    if issued_at.tzinfo is None or not isinstance(form, str) or not isinstance(day, str):
        raise LetterError(_FORM)
    content = content_of(form)
    case = _case(given, content, issued_at.date())
    part = {"triage_case": VERSION, "form": form, "date": day, "answers": in_part}
    return Carried(
        made_with=file.made_with,
        about=file.letter,
        form=form,
        case=case.with_(dict(_others(other, case))),
        in_part=_case(part, content, issued_at.date()).with_({DATE: None}),
        kept=file.kept,
        address=file.address,
        notices=tuple(file.notices),
        made_again=file.made_again,
        pages=file.pages,
    )


def _others(given: Mapping[str, object], case: Case) -> Iterator[tuple[str, Value]]:
    """Yield what CASE.json cannot say, as it is kept."""
    for key, value in given.items():
        try:
            if key in case or not _ID.fullmatch(key):
                raise ValueError
            yield key, value_from_json(raw.spelled(value))
        except ValueError:
            raise LetterError(_FORM) from None
