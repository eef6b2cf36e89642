"""Making, checking and issuing the letter of one case. Touches no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import BaseModel

from triage.content.files import ContentFiles
from triage.content.form import NOTE, RECIPIENTS, URGENCY
from triage.content.schema import Recipient
from triage.errors import LetterError
from triage.model.values import Names
from triage.session import Session
from triage.store.records import Issue, state_of

if TYPE_CHECKING:
    from triage.letter.check import Obstacle
    from triage.letter.statements import Letter
    from triage.letter.template import Templates


class Shelf(Protocol):
    """Where the issued letters of a case are kept: append-only."""

    def issues(self) -> Sequence[Issue]:
        """Return what was issued, oldest first."""

    def issue(self, new: Issue) -> None:
        """Keep a letter, once every edit before it is kept.

        Raises
        ------
        StoreError
            If it could not be kept; then it is not issued.
        """


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
        paper: Literal["a4", "letter"] = "a4",
        files: ContentFiles | None = None,
    ) -> None:
        self._session = session
        self._shelf = shelf
        self._clock = clock
        self._paper = paper
        self._files = files
        self._issues = tuple(shelf.issues()) if shelf is not None else ()
        self._template = ""
        self._recipient = ""

    # -- where the case stands ------------------------------------------------------------------

    @property
    def state(self) -> str:
        """draft, issued v2, amending v3, or withdrawn."""
        if not self._issues:
            return "draft"
        last = self._issues[-1]
        withdrawn = last.withdrawn_at is not None
        return state_of(last.version, last.case_n, self._session.history.n, withdrawn=withdrawn)

    @property
    def _stands(self) -> bool:
        """Whether the case was not changed since its last issue, which was not withdrawn."""
        if not self._issues:
            return False
        last = self._issues[-1]
        return self._session.history.n <= last.case_n and last.withdrawn_at is None

    @property
    def issued(self) -> Issue | None:
        """The letter to the chosen recipient, if the case as it stands was issued to it."""
        if not self._stands:
            return None
        version = self._issues[-1].version
        return next(
            (i for i in self._issues if (i.version, i.recipient) == (version, self.recipient)), None
        )

    @property
    def next_version(self) -> int:
        """The version of the next letter; letters of one case to several recipients share theirs."""
        if not self._issues:
            return 1
        return self._issues[-1].version + (0 if self._stands else 1)

    @property
    def file_name(self) -> str:
        """A file name without anything about the patient."""
        day = self._session.day.isoformat()
        issued = self.issued
        return f"referral-{day}-v{issued.version}.pdf" if issued else f"draft-{day}.pdf"

    # -- recipient and template -----------------------------------------------------------------

    @property
    def recipients(self) -> Mapping[str, Recipient]:
        """Everyone a letter can go to."""
        return self._session.content.recipients

    @property
    def recipient(self) -> str:
        """The recipient of the letter: as chosen, else the case's first, else the first there is."""
        wanted = [self._recipient, *self._named()]
        known = [name for name in wanted if name in self.recipients]
        return (known or list(self.recipients) or [""])[0]

    def _named(self) -> tuple[str, ...]:
        chosen = self._session.case.get(RECIPIENTS)
        return chosen.names if isinstance(chosen, Names) else ()

    def choose_recipient(self, recipient: str) -> None:
        """Look at the letter to `recipient`; only issuing names it in the case."""
        self._recipient = recipient
        self._template = ""

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
        if issued := self.issued:
            return issued.pdf
        return self._render(self._letter())

    def plain_text(self) -> str:
        """Return the letter as plain text."""
        from triage.letter.plain import plain_text

        return plain_text(self._letter())

    def problems(self) -> tuple[Obstacle, ...]:
        """Return what stands against issuing."""
        from triage.letter.check import problems_before_issue

        session, letter = self._session, self._letter()
        return (
            *self._contradictions(),
            *problems_before_issue(letter, session.case, session.content),
            *self._unprintable(letter),
        )

    def _contradictions(self) -> Iterator[Obstacle]:
        from triage.letter.check import Obstacle

        for found in self._session.assessment.contradictions:
            if found.stops_issue:
                says = f"{found.says} Change one of the answers, or say which holds and why."
                yield Obstacle(says, found.answers[0])

    def _unprintable(self, letter: Letter) -> Iterator[Obstacle]:
        """Yield the fields with characters that the letter's font lacks."""
        from triage.letter.check import Obstacle
        from triage.pdf.fonts import register_fonts
        from triage.pdf.text import lacking, lacking_in, named

        glyphs = register_fonts()
        lacks = lacking_in(letter, glyphs)
        says = "{}: the letter's font lacks {}: retype it."
        told: set[str] = set()
        for key, value in self._session.case.items() if lacks else ():
            if found := [char for char in lacking(_texts(value), glyphs) if char in lacks]:
                yield Obstacle(says.format(self._field(key), named(found)), key)
                told.update(found)
        if rest := [char for char in lacks if char not in told]:
            yield Obstacle(says.format("The letter", named(rest)))

    def _field(self, key: str) -> str:
        """Return how a person calls the place of a text."""
        form = self._session.form
        if key.startswith(NOTE):
            return f"{form.sections[key.removeprefix(NOTE)].title}, notes"
        slot = form.slot(key)
        if slot is None:
            return "The reason for the level" if key == URGENCY else "The reason for a decision"
        return slot.label.rstrip("?")

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
        from triage.pdf.render import render

        drafted = datetime.combine(letter.day, time(), UTC)
        return render(letter, paper=self._paper, when=when or drafted)

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
        # First: a refused issue changes nothing.
        if obstacles := self.problems():
            raise LetterError(obstacles[0].says)
        self._session.stamp()
        # A further letter of an issued case changes nothing in it: it shares the version.
        if self.recipient not in self._named() and not self._stands:
            names = (*self._named(), self.recipient)
            self._session.set(RECIPIENTS, Names(names=names))
        version, at = self.next_version, self._clock()
        letter = self._letter(version=version, issued_at=at)
        pdf = self._render(letter, at)
        self._check_pages(letter, pdf)
        earlier = [issue.version for issue in self._issues if issue.version < version]
        self._shelf.issue(
            Issue(
                version=version,
                recipient=self.recipient,
                case_n=self._session.history.n,
                at=at,
                pdf=pdf,
                fingerprint=self._session.content.fingerprint,
                replaces=earlier[-1] if earlier else None,
            )
        )
        self._issues = tuple(self._shelf.issues())
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


def _texts(value: object) -> Iterator[str]:
    """Yield every text inside a recorded value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, BaseModel):
        for _, part in value:
            yield from _texts(part)
