"""The letters of one case: which one is looked at, its pages, and its issue. Touches no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from triage.content.casefile import day_of
from triage.content.form import DATE, OUTSIDE, RECIPIENTS
from triage.content.retired import renewed
from triage.content.schema import Recipient
from triage.errors import LetterError, StoreError
from triage.model.values import Level, Names, Text, Value
from triage.session.days import dated
from triage.session.draft import OpenDraft
from triage.session.own import files_of
from triage.session.session import Session
from triage.session.versions import Versions, withdrawn_words
from triage.settings import Settings, service_of
from triage.store.records import Issue, Sent, Way

if TYPE_CHECKING:
    from triage.letter.check import Obstacle
    from triage.letter.preflight import Lack
    from triage.letter.rewriting import Words
    from triage.letter.since import Since
    from triage.letter.statements import Letter
    from triage.letter.template import Templates
    from triage.session.checks import Checks
    from triage.session.composing import Composer
    from triage.session.since import SinceEarlier
    from triage.session.typesetting import Typesetter

ISSUED_ALREADY = "This version is issued already; a change starts the next one."
ASSESSED_ANEW = (
    "Not issued: worked out anew, the assessment is another one than was shown. "
    "Look through it and the letter again."
)


@dataclass
class _Draft:
    """The draft of a case: the letter with what it lacks at its head, and its checks.

    Parameters
    ----------
    against
        The letter that it replaces, and how that came back.
    pdf, pages
        Its file, and its pages to look at, once they were set.
    """

    letter: Letter
    checks: Checks
    against: tuple[Issue | None, Sent | None]
    pdf: bytes = b""
    pages: bytes = b""


class LetterDesk:
    """The letter of one case, from draft to issue.

    Parameters
    ----------
    session
        The case.
    draft
        Keeps the issued letters; None where nothing can be issued.
    clock
        Returns the present time with its zone.
    settings
        The clinic's: where recipients are, the paper, own templates.
    paper
        a4 or letter; as the settings say, else as the profile of the case has it, if empty.
    """

    def __init__(
        self,
        session: Session,
        draft: OpenDraft | None,
        clock: Callable[[], datetime],
        settings: Settings | None = None,
        paper: Literal["", "a4", "letter"] = "",
    ) -> None:
        self.session = session
        self._draft = draft
        self._clock = clock
        self.settings = settings or Settings()
        self._paper = paper
        self._template = ""
        self._recipient = ""
        self._addressee = ""
        self._chosen: Issue | None = None
        self._made: _Draft | None = None
        self._compares: SinceEarlier | None = None
        self._kinds: dict[tuple[int, str, str], str] = {}
        self.versions = Versions(session, draft)

    def read_again(self) -> None:
        """Read anew what was issued, and what became of it: it may have been noted elsewhere."""
        if self._chosen is None:
            self.versions.read()

    # -- where the case stands ------------------------------------------------------------------

    @property
    def keeps(self) -> bool:
        """Whether a letter of this case may leave the program: none of a practice patient may."""
        return self._draft is None or self._draft.is_kept

    @property
    def state(self) -> str:
        """draft, issued v2, amending v3, or withdrawn."""
        return self.versions.state

    @property
    def outside(self) -> str:
        """The letter from outside that the case began with; empty if it did not."""
        value = self.session.history.case.get(OUTSIDE)
        return value.text if isinstance(value, Text) else ""

    @property
    def issued(self) -> Issue | None:
        """The letter of the chosen kind to the chosen recipient, if the case as it stands was issued so."""
        return self.versions.issued(self.template, self.addressee or self.recipient)

    @property
    def shown(self) -> Issue | None:
        """The issued letter that is looked at: the chosen one, else that of the case as it stands."""
        return self._chosen or self.issued

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every letter that was issued, oldest first."""
        return self.versions.issues

    @property
    def file_name(self) -> str:
        """A file name that tells letters apart by kind and document, without anything about the patient."""
        shown = self.shown
        if shown is None:
            return f"draft-{_dashed(self.drafted.template)}-{self.drafted.document}.pdf"
        kind, document = self.composer.known_by(shown)
        gone = "-withdrawn" if shown.withdrawn_at else ""
        return f"{_dashed(kind)}-{document}-v{shown.version}{gone}.pdf"

    # -- recipient and template -----------------------------------------------------------------

    @property
    def recipients(self) -> Mapping[str, Recipient]:
        """Everyone a letter can go to."""
        return self.session.content.recipients

    @property
    def recipient(self) -> str:
        """The recipient of the letter: as chosen, else the case's first, else whom the findings ask for."""
        wanted = [self._recipient, *self._named(), *self._asked()]
        known = [name for name in wanted if name in self.recipients]
        return (known or list(self.recipients) or [""])[0]

    def _named(self) -> tuple[str, ...]:
        chosen = self.session.case.get(RECIPIENTS)
        return chosen.names if isinstance(chosen, Names) else ()

    def _asked(self) -> Iterator[str]:
        """Yield the recipients that the findings ask for, a referral before what stays in primary care."""
        for service in sorted(self.session.assessment.services, key=lambda s: s.primary):
            yield from (r.id for r in self.recipients.values() if service.id in r.serves)

    def choose_recipient(self, recipient: str) -> None:
        """Look at the letter to `recipient`; only issuing names it in the case."""
        self._recipient = recipient
        self._addressee = ""
        self._template = ""
        self._chosen = None

    def recipients_in_order(self) -> tuple[str, ...]:
        """Return everyone a letter can go to: whom the case names and the findings ask for first."""
        wanted = (*self._named(), *self._asked(), *self.recipients)
        return tuple(dict.fromkeys(name for name in wanted if name in self.recipients))

    @property
    def wanted(self) -> frozenset[str]:
        """Whom the case names, and whom the findings ask for."""
        return frozenset((*self._named(), *self._asked())) & self.recipients.keys()

    # -- which address of the recipient ---------------------------------------------------------

    @property
    def addressees(self) -> tuple[str, ...]:
        """The addresses of the recipient, if there are several, by their keys: the one last used first."""
        known = self.settings.addressees_of(self.recipient)
        if len(known) < 2:
            return ()
        used = self._draft.last_used() if self._draft is not None else ()
        last = {name: at for at, name in enumerate(used)}
        return tuple(sorted(known, key=lambda name: last.get(name, len(last))))

    @property
    def addressee(self) -> str:
        """Where the letter goes: as chosen, else where this case's last one to the recipient went, else its only one.

        Empty where it has several addresses and nobody has chosen.
        """
        known = self.settings.addressees_of(self.recipient)
        wanted = (self._addressee, *(issue.recipient for issue in reversed(self.issues)))
        chosen = next((name for name in wanted if name in known), "")
        return chosen or self.settings.addressee_of(self.recipient)

    def choose_addressee(self, addressee: str) -> None:
        """Look at the letter to an address of the recipient; only issuing keeps where it went."""
        self._addressee = addressee
        self._chosen = None

    def name_of(self, addressee: str) -> str:
        """Return what a recipient is called, with its address where there are several."""
        service = service_of(addressee)
        known = self.recipients.get(service)
        name = known.name if known else service
        where = self.settings.address_of(addressee).called
        is_one_of = addressee != service or len(self.settings.addressees_of(service)) > 1
        return f"{name}, {where}" if is_one_of and where else name

    def level_of(self, issue: Issue) -> Level | None:
        """Return how urgent the case was as a letter was issued of it."""
        session = self.session
        case = renewed(session.history.case_at(issue.case_n), session.form)
        return session.assessor.assess(case, day_of(case)).level_of(case)

    def changed_since(self, issue: Issue) -> str:
        """Return what of the case as it stands is other than in a letter that was issued; empty if nothing is."""
        is_now = self.versions.issued(issue.template, issue.recipient) == issue
        return "" if is_now else self.composer.changed_since(issue)

    def choose_issue(self, issue: Issue | None) -> None:
        """Look at a letter as it was issued; None: at the case as it stands."""
        self._chosen = issue

    @cached_property
    def _loaded(self) -> Templates:
        from triage.letter.template import load_templates

        form = self.session.form
        return load_templates(files_of(self.settings, form.id), form)

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

    @property
    def kinds(self) -> Mapping[str, str]:
        """Title by id of every kind of letter, as it is sent at the level of the case."""
        from triage.letter.build import template_at

        titles, level = self.templates, self.session.level
        sent = {name: template_at(self._loaded, name, level) for name in titles}
        # Where two are sent as one, the one that is chosen stands for both.
        shown = {sent[name]: name for name in (*titles, self.template) if name in sent}
        return {name: titles[sent[name]] for name in titles if shown[sent[name]] == name}

    def kind_of(self, issue: Issue) -> str:
        """Return the title of the kind of letter that was issued; empty if there is no such kind any more."""
        if issue.key not in self._kinds:
            self._kinds[issue.key] = self.templates.get(self.composer.known_by(issue)[0], "")
        return self._kinds[issue.key]

    def called(self, template: str) -> str:
        """Return what a kind of paper is called beside the usual letter; empty for that."""
        letter = self._loaded.letters.get(template)
        return letter.file.called.lower() if letter and letter.file.kind != "letter" else ""

    def choose_template(self, template: str) -> None:
        """Look at the case in another kind of letter; the case is not changed by it."""
        self._template = template
        self._chosen = None

    # -- composing ------------------------------------------------------------------------------

    @property
    def composer(self) -> Composer:
        """What composes the chosen kind of letter to the chosen recipient."""
        from triage.session.composing import Composer

        return Composer(
            self.session,
            self.settings,
            self.versions,
            self._since,
            self._loaded,
            self.template,
            self.recipient,
            self.addressee,
        )

    @property
    def _since(self) -> SinceEarlier | None:
        from triage.session.since import SinceEarlier

        earlier = self.session.earlier
        if earlier is not None and self._compares is None:
            self._compares = SinceEarlier(self.session, earlier, self._loaded)
        return self._compares if earlier is not None else None

    @property
    def since(self) -> Since | None:
        """What changed since the earlier visit, as the screen has it; None if the case follows none."""
        compares = self._since
        return compares.on_screen if compares is not None else None

    @property
    def drafted(self) -> Letter:
        """The draft of the case as it stands."""
        return self._drafted().letter

    def _drafted(self) -> _Draft:
        """Return the draft of the case as it stands; nothing of it is made twice."""
        from triage.letter.check import before_issuing
        from triage.session.checks import Checks

        case, composer, made = self.session.case, self.composer, self._made
        if (
            made is not None
            and (made.checks.case is case and made.checks.composer == composer)
            and made.letter.day == self.session.day
            and made.letter.letterhead.logo == composer.logo()
            and made.against == (composer.replaced, composer.answered)
        ):
            return made
        letter = composer.letter()
        checks = Checks(letter, case, composer, self._clock)
        words = composer.templates.letters[letter.template].words
        notices = before_issuing(checks.problems, words["before"], words["before_issuing"])
        # The sheet of a patient has no place for it.
        notices = () if letter.kind == "leaflet" else (*letter.notices, *notices)
        against = composer.replaced, composer.answered
        self._made = _Draft(replace(letter, notices=notices), checks, against)
        return self._made

    def rewritable(self) -> tuple[Words, ...]:
        """Return the blocks of the letter that the clinician may rewrite, in their order."""
        from triage.letter.rewriting import rewritable

        return tuple(rewritable(self.drafted, self.session.case))

    # -- checking -------------------------------------------------------------------------------

    def problems(self) -> tuple[Obstacle, ...]:
        """Return what stands against issuing."""
        return self._drafted().checks.problems

    def remarks(self) -> tuple[Obstacle, ...]:
        """Return what is to be looked at before issuing."""
        return self._drafted().checks.remarks()

    def preflight(self) -> tuple[Lack, ...]:
        """Return what the recipient would miss in the letter, or return it for; the gravest first."""
        return self._drafted().checks.lacks

    # -- its pages ------------------------------------------------------------------------------

    def shown_pdf(self) -> bytes:
        """Return the letter as issued, if it is; else marked as a draft."""
        shown = self.shown
        if shown is None:
            draft = self._drafted()
            draft.pdf = draft.pdf or self._typesetter.draft(draft.letter)
            return draft.pdf
        if not (said := withdrawn_words(shown)):
            return shown.pdf
        from triage.pdf.withdrawn import withdrawn

        return withdrawn(shown.pdf, said)

    def pages_pdf(self) -> bytes:
        """Return the letter to look at: of a draft without what is for those who listen, and sooner."""
        if self.shown is not None:
            return self.shown_pdf()
        draft = self._drafted()
        draft.pages = draft.pdf or draft.pages or self._typesetter.preview(draft.letter)
        return draft.pages

    def plain_text(self) -> str:
        """Return the letter as plain text; of an issued one, what its pages say."""
        shown = self.shown
        if shown is None:
            return self._typesetter.text(self.drafted)
        text = self._issued_text(shown)
        said = withdrawn_words(shown)
        return f"{said}\n\n{text}" if said else text

    def _issued_text(self, shown: Issue) -> str:
        from triage.pdf.readback import missing_statements, read_text

        if shown is not self._chosen:
            letter = self.composer.letter(version=shown.version, issued_at=shown.at)
            # Settings or content may be others than those it was issued with.
            if not missing_statements(letter, shown.pdf):
                return self._typesetter.text(letter)
        return "\n".join(read_text(shown.pdf))

    def letterhead(self) -> bytes:
        """Return a first page with the letterhead as the settings have it, of a case that holds nothing else."""
        composer = replace(
            self.composer, template=next(iter(self.templates)), recipient="", addressee=""
        )
        return self._typesetter.preview(composer.letterhead())

    @property
    def _typesetter(self) -> Typesetter:
        from triage.session.typesetting import Typesetter

        profile = self.session.form.profile_of(self.session.case)
        return Typesetter(self.composer, self._paper or self.settings.paper or profile.paper)

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
        from triage.session.checks import Checks

        if self._draft is None or self.session.read_only:
            raise LetterError("This case is read-only here: issue it from the window that has it.")
        self.session.end_typing()
        if self.issued is not None:
            raise LetterError(ISSUED_ALREADY)
        if not self.session.assess_anew():
            self._made = None
            raise LetterError(ASSESSED_ANEW)
        # Nothing of it is recorded before the letter has passed: a refused issue changes no case.
        changes = self._to_record()
        case = self.session.case.with_(changes)
        composer = self.composer
        if problems := Checks(composer.letter(case), case, composer, self._clock).problems:
            raise LetterError(str(problems[0]))
        version, at = self.versions.next, self._clock()
        letter = composer.letter(case, version=version, issued_at=at)
        pdf = self._typesetter.issue(letter, case, at)
        earlier = [issue.version for issue in self.issues if issue.version < version]
        # A further letter of a version is of the same edits, whatever was changed and changed back since.
        case_n = self.issues[-1].case_n if self.versions.stands else 0
        self.session.set_all(changes)
        issue = Issue(
            version=version,
            recipient=self.addressee or self.recipient,
            template=self.template,
            case_n=case_n or self.session.history.n,
            at=at,
            pdf=pdf,
            fingerprint=self.session.content.fingerprint,
            replaces=earlier[-1] if earlier else None,
        )
        try:
            self._draft.issue(issue)
        except StoreError:
            if changes:
                self.session.undo()
            raise
        self.versions.read()
        return version

    def withdraw(self, issue: Issue, reason: str) -> None:
        """Note that a version is withdrawn, with every letter of it, and why. They stay readable.

        Raises
        ------
        StoreError
            If it could not be kept; then it is not withdrawn.
        """
        if self._draft is None or self.session.read_only:
            raise LetterError("This case is read-only here: withdraw it in the window that has it.")
        self._draft.withdraw(issue.version, self._clock(), reason)
        self.versions.read()
        # What was looked at is looked at still, as withdrawn.
        if self._chosen is not None:
            again = [
                one for one in self.issues if one.pdf == issue.pdf and one.version == issue.version
            ]
            self._chosen = next(iter(again), None)

    def note_sent(self, how: Way, says: str = "", day: str = "") -> None:
        """Note what became of the letter that is shown: how it left the program, or what came back.

        A draft that leaves it is not noted.

        Parameters
        ----------
        says, day
            As `Sent` has them.
        """
        shown = self.shown
        if shown is not None and self._draft is not None:
            self._draft.note_sent(Sent(*shown.key, how, self._clock(), says, day))
            self.versions.read_sent()

    def _to_record(self) -> Mapping[str, Value | None]:
        """Return what issuing records in the case: its day, and to whom it went.

        A further letter of an issued case changes nothing in it: it shares the version.
        """
        if self.versions.stands:
            return {}
        changes: dict[str, Value | None] = {}
        today = dated(self.session.day)
        if self.session.case.get(DATE) != today:
            changes[DATE] = today
        if self.recipient not in self._named():
            changes[RECIPIENTS] = Names(names=(*self._named(), self.recipient))
        # After a withdrawal the same case is sent anew: on a new day.
        return self.session.in_new_day(changes)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
