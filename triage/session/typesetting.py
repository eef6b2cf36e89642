"""Setting the letters of a case in type: its drafts, and what is issued, with the case that it carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial

from triage.errors import LetterError
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.pdf.printed import printed
from triage.pdf.readback import missing_statements
from triage.pdf.render import PaperName, preview, render
from triage.pdf.sheet import fitted
from triage.session.composing import Composer
from triage.session.outside import carried_text


@dataclass(frozen=True)
class Typesetter:
    """Sets what a composer composed, on one paper."""

    composer: Composer
    paper: PaperName

    def preview(self, letter: Letter) -> bytes:
        """Return the pages of a letter to be looked at."""
        return preview(letter, paper=self.paper)

    def draft(self, letter: Letter) -> bytes:
        """Return the file of a draft."""
        drafted = datetime.combine(letter.day, time(), UTC)
        return render(letter, paper=self.paper, when=drafted)

    def text(self, letter: Letter) -> str:
        """Return a letter as plain text; what page one has no room for stands in the record."""
        return plain_text(fitted(letter, self.paper)[0])

    def issue(self, letter: Letter, case: Case, at: datetime) -> bytes:
        """Return the file that is issued. It carries its case, unless it is the patient's.

        Raises
        ------
        LetterError
            If something is not to be found on the pages that the letter says.
        """
        if letter.kind == "leaflet":
            pdf = render(letter, paper=self.paper, when=at)
        else:
            pdf = self._with_case(letter, case, at)
        if missing := missing_statements(letter, pdf):
            raise LetterError(
                f"The letter was not issued: {len(missing)} of its statements cannot be read on the finished "
                "pages. Save the draft, and report this as a fault of the program."
            )
        return pdf

    def _with_case(self, letter: Letter, case: Case, at: datetime) -> bytes:
        by, paper = self.composer, self.paper
        assessor = by.session.assessor
        of = partial(carried_text, letter, case, assessor, by.templates, by.settings, paper, at)
        said: list[str] = []

        def carried(pages: str) -> str | None:
            said.append(pages)
            return of(pages)

        pdf = render(letter, paper=paper, case_json=carried, when=at)
        # Should a reader ever take other words from the pages than were drawn, his are those that are compared.
        if said != [read := printed(pdf)]:
            pdf = render(letter, paper=paper, case_json=lambda _: of(read), when=at)
        return pdf
