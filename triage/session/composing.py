"""Composing a letter of a session: from case, settings, the version it replaces and the earlier visit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from textwrap import shorten

from triage.content.casefile import day_of
from triage.content.form import DATE
from triage.content.retired import renewed
from triage.errors import SettingsError
from triage.letter.build import build_letter, document_id, private_keys, template_at
from triage.letter.statements import Letter, unmarked
from triage.letter.template import Templates
from triage.letter.versions import compared
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.session.own import filled, logo_of
from triage.session.session import Session
from triage.session.since import SinceEarlier
from triage.session.versions import Versions
from triage.settings import Settings, service_of
from triage.store.records import Issue, Sent

# The letters that tell of the earlier visit: who is called now, or is the patient, reads what is.
_TELL_SINCE = ("letter", "request")
# How much of the reason of a return a letter repeats: a line.
_REASON = 120


@dataclass(frozen=True)
class Composer:
    """Composes one kind of letter to one recipient.

    Parameters
    ----------
    session, settings, versions
        The case, the clinic's settings, and what was issued of the case.
    since
        Compares it with the visit that it follows; None if it follows none.
    templates
        The letters of its form.
    template, recipient, addressee
        Which of them, to whom, and where that is; empty where there is none, or nobody has chosen.
    """

    session: Session
    settings: Settings
    versions: Versions
    since: SinceEarlier | None
    templates: Templates
    template: str
    recipient: str
    addressee: str

    def letter(
        self, case: Case | None = None, *, version: int = 0, issued_at: datetime | None = None
    ) -> Letter:
        """Return the letter of the case as it stands, or of `case`."""
        session = self.session
        case, day = (session.case, session.day) if case is None else (case, day_of(case))
        # A draft shows what it will replace, and what changed, before it is issued.
        earlier = self._replaced(version) if issued_at is not None else self.replaced
        made = self._built(case, day, version, issued_at, again=earlier is not None)
        if self.since is not None and made.kind in _TELL_SINCE:
            made = replace(made, notices=(self.since.on_page_one(case, day, made.level),))
        return made if earlier is None else self._compared(made, case, earlier, issued_at)

    def letterhead(self) -> Letter:
        """Return a letter with the letterhead as the settings have it, of a case that holds nothing else."""
        case = Case(filled({}, self.settings, self.session.form))
        return self._built(case, self.session.day)

    def _built(
        self,
        case: Case,
        day: date,
        version: int = 0,
        issued_at: datetime | None = None,
        *,
        again: bool = False,
    ) -> Letter:
        session = self.session
        is_own = case is session.case
        made = build_letter(
            session.content,
            case,
            session.assessment if is_own else session.assessor.assess(case, day),
            self.template,
            self.recipient or None,
            day,
            version=version,
            issued_at=issued_at,
            again=again,
            templates=self.templates,
            settings=self.settings,
            addressee=self.addressee,
        )
        return replace(made, letterhead=replace(made.letterhead, logo=self.logo()))

    def logo(self) -> bytes:
        """Return the picture of the letterhead; none where it cannot be printed, which stops issuing only."""
        try:
            return logo_of(self.settings)
        except SettingsError:
            return b""

    def of(self, issue: Issue) -> Composer:
        """Return what composes the letters of an issued one's kind to where it went."""
        return replace(
            self,
            template=issue.template or self.template,
            recipient=service_of(issue.recipient),
            addressee=issue.recipient,
        )

    def known_by(self, issue: Issue) -> tuple[str, str]:
        """Return the kind of letter that was issued, and its document id, without anything about the patient."""
        session, templates = self.session, self.templates
        case = renewed(session.history.case_at(issue.case_n), session.form)
        assessment = session.assessor.assess(case, day_of(case))
        kind = template_at(templates, issue.template or self.template, assessment.level_of(case))
        private = private_keys(session.form, templates, case, assessment)
        return kind, document_id(case, issue.template, issue.recipient, private)

    @property
    def issued(self) -> Issue | None:
        """The letter of this kind to this address, if the case as it stands was issued so."""
        return self.versions.issued(self.template, self.addressee or self.recipient)

    # -- a further version ----------------------------------------------------------------------

    @property
    def replaced(self) -> Issue | None:
        """The last letter of this kind to this recipient that the next issue replaces."""
        return self._replaced(self.versions.next)

    def _replaced(self, version: int) -> Issue | None:
        return self.versions.replaced(self.template, self.addressee or self.recipient, version)

    @property
    def answered(self) -> Sent | None:
        """Why the letter that this one replaces was returned; None if it was not."""
        earlier = self.replaced
        return self.versions.returned(earlier) if earlier is not None else None

    @property
    def changed(self) -> str:
        """What changed since the letter that the next issue replaces; empty if it replaces none."""
        return self.changed_since(self.replaced) if self.replaced is not None else ""

    def changed_since(self, issue: Issue) -> str:
        """Return what changed in the letter of the case since one that was issued, as a further one would say it."""
        case, day, number = self.session.case, self.session.day, self.versions.next
        now = self.of(issue)
        # As it would be issued, like the letter before: the marks of a draft are no change.
        made = now._compared(now._built(case, day, number, issue.at, again=True), case, issue)
        said = made.notices[-1].statements[0].text if made.notices else ""
        bars = self.templates.letters[now.template].words["see_bars"]
        return unmarked(said).removesuffix(bars).strip()

    def _compared(
        self, letter: Letter, case: Case, issue: Issue, at: datetime | None = None
    ) -> Letter:
        """Return the letter of `case` with what changed since `issue`, made anew from the case as it was then."""
        then = self.session.history.case_at(issue.case_n)
        # Beside a draft as a draft: its marks are no change.
        issued_at = None if letter.draft else issue.at
        earlier = self._built(then, day_of(then), issue.version, issued_at)
        keys = {key for key in {*case, *then} if case.get(key) != then.get(key)} - {DATE}
        words = self.templates.letters[letter.template].words
        # A letter of then is set anew as it was: what was noted later is not in it.
        back = self.versions.returned(issue, at)
        returned = None
        if back is not None:
            reason = shorten(back.says, _REASON, placeholder=" (…)")
            returned = _day_words(back.at), reason
        return compared(letter, earlier, _day_words(issue.at), words, keys, returned)


def _day_words(at: datetime) -> str:
    return PartialDate.of(at.date()).long_words()
