"""Making, checking and issuing the letter of one case. Touches no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from triage.content.files import ContentFiles
from triage.content.form import RECIPIENTS
from triage.content.schema import Recipient
from triage.errors import LetterError
from triage.model.values import Names
from triage.session import Session

if TYPE_CHECKING:
    from triage.letter.statements import Letter
    from triage.letter.template import Templates

# What a sentence about issuing is about, by a word in it: the letter names no keys, a click needs one.
_ABOUT = (
    ("family name", "patient.family_name"),
    ("date of birth is", "patient.dob"),
    ("identifiers", "patient.identifiers"),
    ("referrer", "referrer.name"),
    ("question to the recipient", "referrer.question"),
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A version that was issued, as far as the window needs it."""

    version: int
    n: int
    pdf: bytes
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class NewIssue:
    """A version that is to be kept.

    Parameters
    ----------
    version, n
        Its number, and the number of the last edit that it tells of.
    recipient, template
        To whom, and which letter.
    pdf
        The bytes of the letter.
    fingerprint
        Of the content that it was made with.
    at
        When.
    """

    version: int
    n: int
    recipient: str
    template: str
    pdf: bytes
    fingerprint: str
    at: datetime


class Shelf(Protocol):
    """Where issued letters are kept: append-only."""

    def issues(self) -> tuple[Issued, ...]:
        """Return what was issued, oldest first."""

    def issue(self, new: NewIssue) -> None:
        """Keep a version, together with every edit before it."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands against issuing, and the question that it is about."""

    says: str
    question: str = ""


class LetterDesk:
    """The letter of one case, from draft to issue.

    Parameters
    ----------
    session
        The case.
    shelf
        Where issued letters are kept; None where nothing can be issued.
    clock
        Returns the present time with its zone.
    paper
        a4 or letter.
    files
        Where the letter templates are; the program's own if None.
    """

    def __init__(
        self,
        session: Session,
        shelf: Shelf | None,
        clock: Callable[[], datetime],
        paper: str = "a4",
        files: ContentFiles | None = None,
    ) -> None:
        self._session = session
        self._shelf = shelf
        self._clock = clock
        self._paper = paper
        self._files = files
        self._issues = shelf.issues() if shelf is not None else ()
        self._template = ""

    # -- where the case stands ------------------------------------------------------------------

    @property
    def state(self) -> str:
        """draft, issued v2, amending v3, or withdrawn."""
        if not self._issues:
            return "draft"
        last = self._issues[-1]
        if self._session.history.n > last.n:
            return f"amending v{self.next_version}"
        return f"withdrawn v{last.version}" if last.withdrawn else f"issued v{last.version}"

    @property
    def is_issued(self) -> bool:
        """Whether the case as it stands was issued."""
        return bool(self._issues) and self._session.history.n <= self._issues[-1].n

    @property
    def next_version(self) -> int:
        """The number of the next version."""
        return self._issues[-1].version + 1 if self._issues else 1

    @property
    def file_name(self) -> str:
        """A file name without anything about the patient."""
        day = self._session.day.isoformat()
        return (
            f"referral-{day}-v{self._issues[-1].version}.pdf"
            if self.is_issued
            else f"draft-{day}.pdf"
        )

    # -- recipient and template -----------------------------------------------------------------

    @property
    def recipients(self) -> Mapping[str, Recipient]:
        """Everyone a letter can go to."""
        return self._session.content.recipients

    @property
    def recipient(self) -> str:
        """The recipient of the letter: the case's first; else the first there is."""
        chosen = self._session.case.get(RECIPIENTS)
        names = chosen.names if isinstance(chosen, Names) else ()
        known = [name for name in names if name in self.recipients]
        return (known or list(self.recipients) or [""])[0]

    def choose_recipient(self, recipient: str) -> None:
        """Make `recipient` the first of the case; the letter is then of that recipient's kind."""
        chosen = self._session.case.get(RECIPIENTS)
        others = chosen.names if isinstance(chosen, Names) else ()
        names = (recipient, *(name for name in others if name != recipient))
        self._template = ""
        self._session.set(RECIPIENTS, Names(names=names))

    @cached_property
    def _loaded(self) -> Templates:
        from triage.letter.template import load_templates

        form = self._session.form
        return load_templates(self._files or ContentFiles(form.id), form)

    @property
    def templates(self) -> Mapping[str, str]:
        """Title by id of every kind of letter."""
        return {name: letter.file.title for name, letter in self._loaded.letters.items()}

    @property
    def template(self) -> str:
        """The kind of letter: as chosen, else the recipient's own."""
        if self._template:
            return self._template
        record = self.recipients.get(self.recipient)
        own = record.template if record else ""
        return own if own in self.templates else next(iter(self.templates), "")

    def choose_template(self, template: str) -> None:
        """Look at the case in another kind of letter; the case is not changed by it."""
        self._template = template

    # -- the letter -----------------------------------------------------------------------------

    def shown_pdf(self) -> bytes:
        """Return the letter as issued, if it is; else marked as a draft."""
        if self.is_issued:
            return self._issues[-1].pdf
        return self._render(self._letter())

    def plain_text(self) -> str:
        """Return the letter as plain text."""
        from triage.letter.plain import plain_text

        return plain_text(self._letter())

    def problems(self) -> tuple[Obstacle, ...]:
        """Return what stands against issuing."""
        from triage.letter.check import problems_before_issue

        session = self._session
        says = problems_before_issue(self._letter(), session.case, session.content)
        return tuple(Obstacle(text, _about(text)) for text in says)

    def _letter(self, *, version: int = 0, issued_at: datetime | None = None) -> Letter:
        from triage.letter.build import build_letter

        session = self._session
        return build_letter(
            session.content,
            session.case,
            session.assessment,
            self.template,
            self.recipient or None,
            session.day,
            version=version,
            draft=issued_at is None,
            issued_at=issued_at,
            templates=self._loaded,
        )

    def _render(self, letter: Letter, when: datetime | None = None) -> bytes:
        from triage.pdf import render

        return render(letter, paper=self._paper, when=when or letter.day)

    # -- issuing --------------------------------------------------------------------------------

    def issue(self) -> int:
        """Issue the case as it stands and return the version.

        Raises
        ------
        LetterError
            If something stands against it, or the finished pages do not say everything.
        StoreError
            If it could not be kept; then it is not issued.
        """
        if self._shelf is None or self._session.read_only:
            raise LetterError("This case is read-only here: issue it from the window that has it.")
        self._session.stamp()
        obstacles = self.problems()
        if obstacles:
            raise LetterError(obstacles[0].says)
        version, at = self.next_version, self._clock()
        letter = self._letter(version=version, issued_at=at)
        pdf = self._render(letter, at)
        self._check_pages(letter, pdf)
        self._shelf.issue(
            NewIssue(
                version,
                self._session.history.n,
                self.recipient,
                self.template,
                pdf,
                self._session.content.fingerprint,
                at,
            )
        )
        self._issues = self._shelf.issues()
        return version

    def _check_pages(self, letter: Letter, pdf: bytes) -> None:
        """Refuse pages on which something is not to be found that the letter says."""
        from triage.pdf.readback import missing_statements

        missing = missing_statements(letter, pdf)
        if missing:
            raise LetterError(
                f"The letter was not issued: {len(missing)} of its statements cannot be read on the finished "
                "pages. Save the draft, and report this as a fault of the program."
            )


def _about(says: str) -> str:
    for words, key in _ABOUT:
        if words in says:
            return key
    return ""
