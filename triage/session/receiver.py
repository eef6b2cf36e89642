"""A receiver's own form, filled in from a letter; and whether a form and its map fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from triage.content.files import ContentFiles
from triage.content.load import RECEIVER_FORMS, Content, ReceiverFormRule
from triage.errors import ContentError, LetterError, Problem, did_you_mean
from triage.expr.tree import Node
from triage.model.case import Case

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


def on_form(
    rule: ReceiverFormRule,
    recipient: str,
    letter: Letter,
    pdf: bytes,
    case: Case,
    content: Content,
    holds: Callable[[Node], bool | None],
) -> OnForm:
    """Return the form of a recipient, filled in, with the letter behind it.

    Parameters
    ----------
    rule
        Its map.
    letter, pdf
        The letter that goes with it, and its file.
    case, content
        What it was made of.
    holds
        Whether a condition does; None if that is not known.

    Raises
    ------
    LetterError
        If the form cannot be filled in.
    """
    from triage.letter.receiver import Filled, said_on_form
    from triage.pdf.acroform import completed

    said, left = said_on_form(rule, letter, case, content, holds)
    values = {one.field: one for one in said}
    # What is not said is blank, whatever the form comes with.
    entries = tuple(values.get(field.name, Filled(field.name)) for field in rule.record.field)
    data = _form(content.files, recipient)
    made, unfilled = completed(data, entries, pdf, DRAFT if letter.draft else "")
    # That a field is not there says more than that nothing would stand in it.
    return OnForm(made, tuple((dict(left) | dict(unfilled)).items()))


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


def _faults(file: str, rule: ReceiverFormRule, fields: Sequence[FormField]) -> Iterator[Problem]:
    known = {field.name: field for field in fields}
    for entry in rule.record.field:
        field = known.get(entry.name)
        if field is None:
            hint = did_you_mean(entry.name, known)
            yield Problem(file, entry.name, f"the form has no such field{hint}")
        elif field.kind == "other":
            yield Problem(file, entry.name, "the program fills in no such field: take it out")
        elif entry.is_text != (field.kind == "text"):
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
