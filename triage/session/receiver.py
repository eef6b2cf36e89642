"""A receiver's own form, filled in from a letter; and whether a form and its map fit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from triage.content.files import ContentFiles
from triage.content.load import RECEIVER_FORMS, Content, ReceiverFormRule
from triage.content.retired import renewed
from triage.errors import ContentError, LetterError, Problem, did_you_mean
from triage.model.case import Case
from triage.session.letters import LetterDesk
from triage.settings import service_of
from triage.store.records import Issue

if TYPE_CHECKING:
    from triage.letter.statements import Letter
    from triage.pdf.acroform import FormField

# What a draft says at the head of each page of the form.
DRAFT = "DRAFT, not issued"
# Of many fields so many are named: a sentence is read, a list of a thousand is not.
_NAMED = 10


class OnForm(NamedTuple):
    """A receiver's form with the letter behind it, and the fields that are not filled as the map says, with why."""

    pdf: bytes
    left: tuple[tuple[str, str], ...]

    @property
    def says(self) -> str:
        """What is to be looked at, in one sentence; empty if all is filled."""
        if not self.left:
            return ""
        return f"Left on the form: {_listed([f'{name} ({why})' for name, why in self.left], '; ')}."


def form_of(desk: LetterDesk) -> ReceiverFormRule | None:
    """Return the map of the recipient's own form that goes with the letter that is shown; None if there is none."""
    shown = desk.shown
    letter = desk.composer.templates.letters.get((shown.template if shown else "") or desk.template)
    if letter is not None and letter.file.kind == "leaflet":
        return None
    recipient = service_of(shown.recipient) if shown else desk.recipient
    return desk.session.content.receiver_forms.get(recipient)


def on_form(desk: LetterDesk) -> OnForm:
    """Return the recipient's own form, filled in from the letter that is shown, with this behind it.

    Raises
    ------
    LetterError
        If there is none, it cannot be filled in, or it would say what the letter that was issued does not.
    """
    from triage.letter.receiver import Filled, said_on_form
    from triage.pdf.acroform import completed

    rule, shown, content = form_of(desk), desk.shown, desk.session.content
    if rule is None:
        raise LetterError("There is no form of this recipient that this letter could go with.")
    case, letter = (desk.session.case, desk.drafted) if shown is None else _as_issued(desk, shown)
    assessor = desk.session.assessor
    read = assessor.read(case, letter.day)
    # Conditions of a form may ask for what the assessment finds.
    assessor.assess(case, letter.day, read)
    said, left = said_on_form(rule, letter, case, content, lambda node: assessor.truth(node, read))
    values = {one.field: one for one in said}
    # What is not said is blank, whatever the form comes with.
    entries = tuple(values.get(field.name, Filled(field.name)) for field in rule.record.field)
    data = _form(content.files, letter.recipient)
    made, unfilled = completed(data, entries, desk.shown_pdf(), DRAFT if letter.draft else "")
    # That a field is not there says more than that nothing would stand in it.
    return OnForm(made, tuple((dict(left) | dict(unfilled)).items()))


def _as_issued(desk: LetterDesk, issue: Issue) -> tuple[Case, Letter]:
    """Return the case and the letter of an issue, made anew.

    Raises
    ------
    LetterError
        If it was withdrawn, or would be another letter today.
    """
    from triage.pdf.readback import missing_statements

    if issue.withdrawn_at is not None:
        raise LetterError("This letter is withdrawn: no form goes with it.")
    case = renewed(desk.session.history.case_at(issue.case_n), desk.session.form)
    letter = desk.composer.of(issue).letter(case, version=issue.version, issued_at=issue.at)
    if missing_statements(letter, issue.pdf):
        raise LetterError(
            "Settings or rules have changed since this letter was issued: issue it anew to fill in the form."
        )
    return case, letter


def _form(files: ContentFiles, recipient: str) -> bytes:
    try:
        return files.pdf(f"{RECEIVER_FORMS}{recipient}.pdf")
    except ContentError as error:
        raise LetterError(f"The receiver's form is not there: {error.problems[0].says}.") from None


# -- whether a form and its map fit -----------------------------------------------------------------


def form_faults(content: Content) -> tuple[list[Problem], list[str]]:
    """Return what is wrong between the receivers' forms and their maps; and what no map fills, in one line a form."""
    from triage.pdf.acroform import form_fields

    problems: list[Problem] = []
    notes: list[str] = []
    for recipient, rule in content.receiver_forms.items():
        name = f"receiver_forms/{recipient}"
        try:
            fields = form_fields(content.files.pdf(f"{RECEIVER_FORMS}{recipient}.pdf"))
        except ContentError as error:
            problems += error.problems
            continue
        except LetterError as error:
            problems.append(Problem(f"{name}.pdf", "", str(error)))
            continue
        problems += _faults(f"{name}.toml", rule, fields)
        mapped = {entry.name for entry in rule.record.field}
        # A name may stand there twice.
        rest = dict.fromkeys(f.name for f in fields if f.kind != "other" and f.name not in mapped)
        if rest:
            notes.append(f"{name}.pdf: left blank for a person: {_listed(list(rest))}.")
    return problems, notes


def map_to_begin_with(data: bytes) -> tuple[str, bytes]:
    """Return the map of a form with each of its fields, still to be said what stands there; and the form numbered so.

    Raises
    ------
    LetterError
        If it is no form that can be filled in.
    """
    from triage.pdf.acroform import form_fields, numbered

    fields = {field.name: field for field in form_fields(data) if field.kind != "other"}
    order = sorted(fields.values(), key=lambda field: field.page)
    lines = ['title = ""']
    for number, field in enumerate(order, 1):
        lines += ["", *_to_say(number, field)]
    numbers = {field.name: number for number, field in enumerate(order, 1)}
    return "\n".join(lines) + "\n", numbered(data, numbers)


def _to_say(number: int, field: FormField) -> Iterator[str]:
    """Yield the lines of a map for one field: what it is, and after # what is left blank unless somebody writes it."""
    kind = _KINDS[field.kind] + (f", at most {field.most} characters" if field.most else "")
    says = " ".join(field.says.split())
    yield f"# {number}. page {field.page}, {kind}" + (f": {says}" if says else "")
    yield "# [[field]]"
    yield f"# name = {_quoted(field.name)}"
    states = list(dict.fromkeys(field.states.values()))
    if field.kind == "text":
        yield '# answer = ""'
    elif field.kind == "box" and len(states) == 1:
        yield '# tick_when = ""'
    else:
        yield "# choose = ["
        for state in states:
            yield f'#   {{ when = "", state = {_quoted(state)} }},'
        yield "# ]"


_KINDS = {"text": "words", "box": "a box", "buttons": "buttons", "list": "a list"}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _faults(file: str, rule: ReceiverFormRule, fields: Sequence[FormField]) -> Iterator[Problem]:
    known = {field.name: field for field in fields}
    for entry in rule.record.field:
        field = known.get(entry.name)
        if field is None:
            hint = did_you_mean(entry.name, known)
            yield Problem(file, entry.name, f"the form has no such field{hint}")
        elif field.kind == "other":
            yield Problem(file, entry.name, "the program fills in no such field: take it out")
        elif not (field.any_words if entry.is_text else field.kind != "text"):
            says = "takes words: give answer or part" if field.kind == "text" else _WANTS
            yield Problem(file, entry.name, f"this field {says}")
        elif entry.tick_when and not entry.state and len(set(field.states.values())) != 1:
            yield Problem(
                file, entry.name, f"say which state is ticked: {_listed(list(field.states))}"
            )
        else:
            for state in entry.states:
                if state not in field.states:
                    says = f"has no state {state!r}: it has {_listed(list(field.states))}"
                    yield Problem(file, entry.name, f"this field {says}")


_WANTS = "is ticked or chosen: give tick_when, choose or level"


def _listed(names: list[str], between: str = ", ") -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{between.join(names[:_NAMED])}{more}"
