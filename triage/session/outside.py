"""What comes from outside: a case file, or the PDF of an issued letter with the case that it carries.

A letter's case is checked against its pages and begins a draft of its own, which says where it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from triage.content.casefile import LARGEST, day_of, form_named, read_case
from triage.content.form import BORN, NOTE, OUTSIDE
from triage.content.identifiers import identifiers
from triage.content.load import Content
from triage.errors import CaseError, LetterError, Problem, TriageError
from triage.files import text_of
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Date, Finding, Text, Value
from triage.rules.assess import Assessor
from triage.session.own import filled, sender_of
from triage.settings import Settings

if TYPE_CHECKING:
    from triage.letter.carried import Carried
    from triage.letter.statements import Letter
    from triage.letter.template import Templates

# A reader of PDFs finds its mark among the first bytes.
_PDF, _WITHIN = b"%PDF-", 1024
_OTHERWISE = (
    "The letter was made with other content ({version}). Its pages are as they were issued; whether its case says the "
    "same here was not checked: look through the answers."
)
_IN_PART = (
    "The letter rests on more than it carries. Its pages are as they were issued; whether its case says the same was "
    "not checked: look through the answers."
)
_NEITHER = "This is neither a case file nor a letter of this program: choose its .json or .pdf."
_FORM = "Only the letter was read, not the form before it."
BEGUN_BEFORE = "A draft began with this letter before: it is opened, and no second one begun."


def issued_here(version: int) -> str:
    """Return what is said of a letter that stands among the drafts: its case is there."""
    return f"This letter was issued here, as version {version}: its case is opened, and no second one begun."


class Brought(NamedTuple):
    """A case that came from outside.

    Parameters
    ----------
    content
        The content of its form.
    values
        What a draft of it begins with.
    says
        What there is to tell of it; empty if nothing.
    issued_at, pages
        Of a letter when it was issued, and what its own pages say.
    """

    content: Content
    values: dict[str, Value]
    says: str = ""
    issued_at: datetime | None = None
    pages: str = ""


def bring(
    data: bytes,
    name: str,
    assessor_of: Callable[[str], Assessor],
    templates_of: Callable[[Content], Templates],
    settings: Settings,
    today: date,
    form: str = "",
) -> Brought:
    """Read a case file or an issued letter.

    Parameters
    ----------
    data, name
        The file, and what it is called.
    assessor_of
        Returns the compiled content of a form.
    templates_of
        Returns the letters of a form.
    settings
        They say what a case file leaves open of profile and sender; to a letter nothing is added.
    today
        The date of a case file that gives none.
    form
        The form of a case file; the one that it names if empty.

    Raises
    ------
    TriageError
        If it is none of them, or not as it was issued.
    """
    if _PDF not in data[:_WITHIN] or data.lstrip()[:1] == b"{":
        if not name.lower().endswith(".json") and b"{" not in data[:_WITHIN]:
            raise TriageError(f"{name}: {_NEITHER}")
        return _case(data, name, assessor_of, settings, today, form)
    try:
        return _letter(data, assessor_of, templates_of)
    except CaseError as error:
        raise TriageError(f"{name}: the case that it carries cannot be read: {error}") from None
    except TriageError as error:
        raise TriageError(f"{name}: {error}.") from None


def _case(
    data: bytes,
    name: str,
    assessor_of: Callable[[str], Assessor],
    settings: Settings,
    today: date,
    form: str,
) -> Brought:
    try:
        text = text_of(data, LARGEST)
    except TriageError as error:
        raise CaseError([Problem(name, "", str(error))]) from None
    content = assessor_of(form or form_named(text, name)).content
    rules, profile = content.rule_ids, settings.profile
    case = read_case(text, content.form, rules, today, name, profile=profile)
    return Brought(content, filled(case, settings, content.form))


# -- a letter ---------------------------------------------------------------------------------------


def _letter(
    data: bytes,
    assessor_of: Callable[[str], Assessor],
    templates_of: Callable[[Content], Templates],
) -> Brought:
    from triage.letter.carried import MadeWith, read_carried
    from triage.pdf.opening import open_pdf

    opened = open_pdf(data)
    carried = read_carried(opened.carried, lambda form: assessor_of(form).content)
    before, pages = _own_pages(opened.pages, carried.pages)
    assessor = assessor_of(carried.form)
    content = assessor.content
    _refuse_another(carried.case, content, pages)
    same = carried.made_with == MadeWith.here(content)
    if same and carried.made_again:
        letters = made_again(carried, assessor, templates_of(content))
        if (found := _unlike(letters, carried.about.paper, pages)) is not None:
            raise LetterError(_differs(found, pages))
    values: dict[str, Value] = {OUTSIDE: Text(text=came_from(carried))}
    says = "" if carried.made_again else _IN_PART
    if not same:
        says = _OTHERWISE.format(version=carried.made_with.content)
    if before:
        says = f"{_FORM} {says}".rstrip()
    return Brought(content, values | dict(carried.case), says, carried.issued_at, pages)


def _own_pages(pages: list[str], issued: str) -> tuple[int, str]:
    """Return how many pages of a receiver's form stand before those that were issued, and what these say.

    Raises
    ------
    LetterError
        If no pages at the end of the file are those that were issued.
    """
    from triage.letter.carried import hash_of

    for before in range(len(pages)):
        own = "".join(pages[before:])
        if hash_of(own) == issued:
            return before, own
    raise LetterError("its pages do not say what they said when it was issued")


def came_from(carried: Carried) -> str:
    """Return which letter a draft began with, and who sent it."""
    about, sender = carried.about, sender_of(carried.case)
    day = PartialDate.of(carried.issued_at.date()).words()
    who = ", ".join(part for part in (sender.name, sender.org) if part)
    return (
        f"letter {about.document}, version {about.version} of {day}, from {who or 'nobody named'}"
    )


def _refuse_another(case: Case, content: Content, pages: str) -> None:
    """Refuse a case of another patient than the pages name, or with other notes than they print."""
    from triage.letter.words.person import name_of
    from triage.pdf.printed import loose

    said = loose(pages)

    def is_printed(text: str) -> bool:
        return loose(text) in said

    born = case.get(BORN)
    who = [name_of(case), *map(str, identifiers(content.form, case))]
    if isinstance(born, Date):
        who.append(born.date.words())
    if not all(map(is_printed, who)):
        raise LetterError("the case that it carries is of another patient than its pages name")
    for key, value in case.items():
        if key.startswith(NOTE) and isinstance(value, Text) and not is_printed(value.text):
            raise LetterError("the case that it carries holds a note that its pages do not print")


def made_again(carried: Carried, assessor: Assessor, templates: Templates) -> Iterator[Letter]:
    """Yield the letter that what is carried makes, then that which it makes if what is kept back is absent.

    A letter counts red flags that are absent, also one that it does not name. What is supposed here to see whether the
    pages follow goes no further: it is no part of the case.
    """
    from triage.letter.build import build_letter
    from triage.letter.statements import Row, Statement

    about = carried.about
    notices = tuple(Row(notice.label, (Statement(notice.said),)) for notice in carried.notices)
    for whole, kept in _supposed(carried, assessor.content, templates):
        day = day_of(whole)
        letter = build_letter(
            assessor.content,
            whole,
            assessor.assess(whole, day),
            about.template,
            about.recipient,
            day,
            version=about.version,
            issued_at=carried.issued_at,
            document=about.document,
            templates=templates,
            settings=carried.settings,
            kept=kept,
        )
        # What the strip says follows from more than the case, and is compared with the pages like all the rest.
        yield replace(letter, notices=notices, mark=about.mark)


def _supposed(
    carried: Carried, content: Content, templates: Templates
) -> Iterator[tuple[Case, Mapping[str, int]]]:
    """Yield what makes the letter, and how many items are kept beside it: as carried, then with these as absent."""
    from triage.letter.making import sensitive_words

    whole = carried.whole
    yield whole, carried.kept
    titles = [section.title for section in templates.record.file.section]
    asked: dict[str, list[str]] = {}
    for question, (place, _) in templates.record.sections.items():
        slot = content.form.slot(question)
        is_open = slot is not None and slot.kind == "finding" and question not in whole
        if slot is not None and is_open and sensitive_words(slot, templates.answers) and place >= 0:
            asked.setdefault(titles[place], []).append(question)
    # Where fewer are kept than could be, nobody knows which.
    known = {title: keys for title, keys in asked.items() if carried.kept.get(title) == len(keys)}
    if known:
        absent = {key: Finding(present=False) for keys in known.values() for key in keys}
        kept = {title: n for title, n in carried.kept.items() if title not in known}
        yield whole.with_(absent), kept


def _unlike(letters: Iterator[Letter], paper: Literal["a4", "letter"], pages: str) -> Letter | None:
    """Return the first of `letters`, unless one of them has these pages."""
    from triage.pdf.printed import printed
    from triage.pdf.render import preview

    first = None
    for letter in letters:
        if printed(preview(letter, paper=paper)) == pages:
            return None
        first = first or letter
    return first


def _differs(letter: Letter, pages: str) -> str:
    """Return where a letter says what `pages` do not."""
    where = next(iter(_elsewhere(letter, pages)), "")
    part = f", under “{where}”" if where else ""
    return f"its case does not make the letter that its pages show{part}"


def _elsewhere(letter: Letter, pages: str) -> Iterator[str]:
    from triage.pdf.printed import loose

    said = loose(pages)
    for block in letter.blocks:
        if any(loose(s.text) not in said for s in block.all_statements()):
            yield block.name
    for section in letter.record.sections if letter.record else ():
        if any(loose(text) not in said for e in section.entries for text in (e.item, e.answer)):
            yield section.title


def carried_text(
    letter: Letter,
    case: Case,
    assessor: Assessor,
    templates: Templates,
    settings: Settings,
    paper: Literal["a4", "letter"],
    issued_at: datetime,
    pages: str,
) -> str | None:
    """Return what an issued letter carries, once it is known whether it makes the same pages again.

    None if it could not be read again: then the letter carries nothing, and is issued all the same.
    """
    from triage.letter.carried import carried_by, read_carried, spelled

    content = assessor.content
    assessment = assessor.assess(case, letter.day)
    carried = carried_by(
        letter, case, assessment, content, templates, settings, paper, issued_at, pages
    )
    text = spelled(replace(carried, made_again=True), content)
    try:
        again = made_again(read_carried(text, lambda _: content), assessor, templates)
        is_same = _unlike(again, paper, pages) is None
    except TriageError:
        return None
    return text if is_same else spelled(carried, content)
