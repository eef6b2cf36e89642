"""Making, checking and issuing the letter of one case. Touches no widget."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property, partial
from textwrap import shorten
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel

from triage.content.casefile import day_of
from triage.content.form import DATE, LETTER, NOTE, OUTSIDE, RECIPIENTS, URGENCY
from triage.content.listed import RowReader, row_readers
from triage.content.retired import renewed
from triage.content.schema import Recipient
from triage.errors import LetterError, SettingsError, StoreError
from triage.model.case import Case
from triage.model.values import LEVELS, Level, Names, Rewritten, Text, Urgency, Value
from triage.rules.against import asked_without_reason
from triage.rules.assessment import Assessment
from triage.session.days import dated
from triage.session.draft import OpenDraft
from triage.session.own import files_of, filled, logo_of
from triage.session.session import Session
from triage.settings import Settings
from triage.store.records import Issue, Sent, Way, state_of

if TYPE_CHECKING:
    from triage.letter.check import Obstacle
    from triage.letter.preflight import Lack
    from triage.letter.since import Levels, Since
    from triage.letter.statements import Letter, Row
    from triage.letter.template import Templates
    from triage.session.receiver import OnForm


ISSUED_ALREADY = "This version is issued already; a change starts the next one."
ASSESSED_ANEW = (
    "Not issued: worked out anew, the assessment is another one than was shown. "
    "Look through it and the letter again."
)
# How much is shown of words that are printed nowhere.
_SHOWN = 80
# Of what changed since an earlier visit, how much page one names.
_MOST_SINCE = 8
# The letters that tell of it: who is called now, or is the patient, reads what is.
_TELL_SINCE = ("letter", "request")
# How much of the reason of a return a letter repeats: a line.
_REASON = 120
# What a reader takes in of one typed text, in characters: some 250 words.
LONG_TEXT = 1_500


class Words(NamedTuple):
    """A block of the letter that the clinician may rewrite.

    Parameters
    ----------
    id
        The block; its words stand in the case under ``letter.<id>``.
    heading
        How the letter calls it.
    composed
        What is composed of the answers.
    typed
        What the clinician wrote in its place; empty if nothing.
    changed
        Whether something else was composed when that was written.
    """

    id: str
    heading: str
    composed: str
    typed: str = ""
    changed: bool = False

    @property
    def key(self) -> str:
        """Where the clinician's words stand in the case."""
        return f"{LETTER}{self.id}"


@dataclass
class _Draft:
    """The draft of a case: the letter with what it lacks at its head, what stands against issuing it, what is missed.

    Parameters
    ----------
    pdf, pages
        Its file, and its pages to look at, once they were set.
    """

    letter: Letter
    problems: tuple[Obstacle, ...]
    lacks: tuple[Lack, ...]
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
        self._session = session
        self._draft = draft
        self._clock = clock
        self.settings = settings or Settings()
        self._paper = paper
        self._template = ""
        self._recipient = ""
        self._chosen: Issue | None = None
        # The draft that was made last: of which case, how, and what it is.
        self._made: tuple[Case, tuple[object, ...], _Draft] | None = None
        self._read_issues()

    def read_again(self) -> None:
        """Read anew what was issued, and what became of it: it may have been noted elsewhere."""
        if self._chosen is None:
            self._read_issues()

    def _read_issues(self) -> None:
        self._issues = tuple(self._draft.issues()) if self._draft is not None else ()
        self._sent = tuple(self._draft.sent()) if self._draft is not None else ()
        if self._issues:
            self._session.seal(self._issues[-1].case_n)

    @property
    def session(self) -> Session:
        """The case."""
        return self._session

    # -- where the case stands ------------------------------------------------------------------

    @property
    def keeps(self) -> bool:
        """Whether a letter of this case may leave the program: none of a practice patient may."""
        return self._draft is None or self._draft.is_kept

    @property
    def state(self) -> str:
        """draft, issued v2, amending v3, or withdrawn."""
        if not self._issues:
            return "draft"
        last, changed = self._issues[-1], not self._session.is_as_issued
        withdrawn = last.withdrawn_at is not None
        return state_of(last.version, changed=changed, withdrawn=withdrawn)

    @property
    def outside(self) -> str:
        """The letter from outside that the case began with; empty if it did not."""
        value = self._session.history.case.get(OUTSIDE)
        return value.text if isinstance(value, Text) else ""

    @property
    def _stands(self) -> bool:
        """Whether the case is as it was issued last, and that issue was not withdrawn."""
        return self._session.is_as_issued and self._issues[-1].withdrawn_at is None

    @property
    def issued(self) -> Issue | None:
        """The letter of the chosen kind to the chosen recipient, if the case as it stands was issued so."""
        if not self._stands:
            return None
        version = self._issues[-1].version
        return next(
            (
                issue
                for issue in self._issues
                if (issue.version, issue.recipient) == (version, self.recipient)
                and issue.template in self._kinds
            ),
            None,
        )

    @property
    def _kinds(self) -> tuple[str, ...]:
        """The chosen kind; an older program did not note it: there was one letter to a recipient."""
        return self.template, ""

    @property
    def shown(self) -> Issue | None:
        """The issued letter that is looked at: the chosen one, else that of the case as it stands."""
        return self._chosen or self.issued

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every letter that was issued, oldest first."""
        return self._issues

    def sent(self, issue: Issue) -> tuple[Sent, ...]:
        """Return how and when a letter left the program, oldest first."""
        return tuple(one for one in self._sent if one.key == issue.key)

    @property
    def next_version(self) -> int:
        """The version of the next letter; letters of one case to several recipients share theirs."""
        if not self._issues:
            return 1
        return self._issues[-1].version + (not self._stands)

    @property
    def file_name(self) -> str:
        """A file name that tells letters apart by kind and document, without anything about the patient."""
        shown = self.shown
        if shown is None:
            letter = self._drafted().letter
            return f"draft-{_dashed(letter.template)}-{letter.document}.pdf"
        from triage.letter.build import document_id, private_keys, template_at

        session = self._session
        case = renewed(session.history.case_at(shown.case_n), session.form)
        assessment = session.assessor.assess(case, day_of(case))
        level = assessment.urgency.level
        kind = template_at(self._loaded, shown.template or self.template, case, level)
        private = private_keys(session.form, self._loaded, case, assessment)
        document = document_id(case, shown.template, shown.recipient, private)
        gone = "-withdrawn" if shown.withdrawn_at else ""
        return f"{_dashed(kind)}-{document}-v{shown.version}{gone}.pdf"

    # -- recipient and template -----------------------------------------------------------------

    @property
    def recipients(self) -> Mapping[str, Recipient]:
        """Everyone a letter can go to."""
        return self._session.content.recipients

    @property
    def recipient(self) -> str:
        """The recipient of the letter: as chosen, else the case's first, else whom the findings ask for."""
        wanted = [self._recipient, *self._named(), *self._asked()]
        known = [name for name in wanted if name in self.recipients]
        return (known or list(self.recipients) or [""])[0]

    def _named(self) -> tuple[str, ...]:
        chosen = self._session.case.get(RECIPIENTS)
        return chosen.names if isinstance(chosen, Names) else ()

    def _asked(self) -> Iterator[str]:
        """Yield the recipients that the findings ask for, a referral before what stays in primary care."""
        for service in sorted(self._session.assessment.services, key=lambda s: s.primary):
            yield from (r.id for r in self.recipients.values() if service.id in r.serves)

    def choose_recipient(self, recipient: str) -> None:
        """Look at the letter to `recipient`; only issuing names it in the case."""
        self._recipient = recipient
        self._template = ""
        self._chosen = None

    def choose_issue(self, issue: Issue | None) -> None:
        """Look at a letter as it was issued; None: at the case as it stands."""
        self._chosen = issue

    @cached_property
    def _loaded(self) -> Templates:
        from triage.letter.template import load_templates

        form = self._session.form
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

    def choose_template(self, template: str) -> None:
        """Look at the case in another kind of letter; the case is not changed by it."""
        self._template = template
        self._chosen = None

    # -- the letter -----------------------------------------------------------------------------

    def shown_pdf(self) -> bytes:
        """Return the letter as issued, if it is; else marked as a draft."""
        shown = self.shown
        if shown is None:
            draft = self._drafted()
            draft.pdf = draft.pdf or self._render(draft.letter)
            return draft.pdf
        if (said := self._withdrawn_words(shown)) is None:
            return shown.pdf
        from triage.pdf.withdrawn import withdrawn

        return withdrawn(shown.pdf, said)

    def pages_pdf(self) -> bytes:
        """Return the letter to look at: of a draft without what is for those who listen, and sooner."""
        if self.shown is not None:
            return self.shown_pdf()
        draft = self._drafted()
        draft.pages = draft.pdf or draft.pages or self._preview(draft.letter)
        return draft.pages

    @property
    def receiver_form(self) -> str:
        """What the recipient's own form is called that goes with the letter that is shown; empty if there is none."""
        shown = self.shown
        kind = (shown.template if shown else "") or self.template
        rule = self._session.content.receiver_forms.get(
            shown.recipient if shown else self.recipient
        )
        leaflet = kind in self._loaded.letters and self._loaded.letters[kind].file.kind == "leaflet"
        return "" if rule is None or leaflet else rule.record.title

    def on_form(self) -> OnForm:
        """Return the recipient's own form, filled in from the letter that is shown, which stands behind it.

        Raises
        ------
        LetterError
            If there is none, it cannot be filled in, or it would say what the letter that was issued does not.
        """
        from triage.session.receiver import on_form

        shown, session = self.shown, self._session
        recipient = shown.recipient if shown else self.recipient
        rule = session.content.receiver_forms.get(recipient)
        if rule is None or not self.receiver_form:
            raise LetterError("There is no form of this recipient that this letter could go with.")
        case, day, letter = session.case, session.day, None
        if shown is not None:
            case, letter = self._as_issued(shown)
            day = day_of(case)
        assessor = session.assessor
        read = assessor.read(case, day)
        # Conditions of a form may ask for what the assessment finds.
        assessor.assess(case, day, read)
        return on_form(
            rule,
            recipient,
            letter or self.drafted,
            self.shown_pdf(),
            case,
            session.content,
            lambda node: assessor.truth(node, read),
        )

    def _as_issued(self, issue: Issue) -> tuple[Case, Letter]:
        """Return the case and the letter of an issue, made anew.

        Raises
        ------
        LetterError
            If it was withdrawn, or would be another letter today.
        """
        from triage.pdf.readback import missing_statements

        if issue.withdrawn_at is not None:
            raise LetterError("This letter is withdrawn: no form goes with it.")
        session = self._session
        case = renewed(session.history.case_at(issue.case_n), session.form)
        desk = LetterDesk(session, self._draft, self._clock, self.settings, self._paper)
        desk.choose_recipient(issue.recipient)
        desk.choose_template(issue.template or self.template)
        letter = desk._letter(case, version=issue.version, issued_at=issue.at)
        if missing_statements(letter, issue.pdf):
            raise LetterError(
                "Settings or rules have changed since this letter was issued: issue it anew to fill in the form."
            )
        return case, letter

    @staticmethod
    def _withdrawn_words(issue: Issue) -> str | None:
        """Return what the paper says of a letter that was withdrawn."""
        from triage.model.dates import PartialDate

        if issue.withdrawn_at is None:
            return None
        day = PartialDate.of(issue.withdrawn_at.date()).long_words()
        because = f": {issue.withdrawn_because}" if issue.withdrawn_because else ""
        return f"WITHDRAWN {day}, do not act on it{because}"

    @property
    def drafted(self) -> Letter:
        """The draft of the case as it stands."""
        return self._drafted().letter

    def _drafted(self) -> _Draft:
        """Return the draft of the case as it stands; nothing of it is made twice."""
        from triage.letter.check import before_issuing

        about = (self.template, self.recipient, self._session.day, self.settings, self._logo())
        if (
            self._made is not None
            and self._made[0] is self._session.case
            and self._made[1] == about
        ):
            return self._made[2]
        letter = self._letter()
        lacks = self._preflight(self._session.case, self._session.day) if letter.complete else ()
        problems = self._problems(letter, self._session.case, lacks)
        words = self._loaded.letters[letter.template].words
        notices = before_issuing(problems, words["before"], words["before_issuing"])
        # The sheet of a patient has no place for it.
        notices = () if letter.kind == "leaflet" else (*letter.notices, *notices)
        made = _Draft(replace(letter, notices=notices), problems, lacks)
        self._made = (self._session.case, about, made)
        return made

    def rewritable(self) -> tuple[Words, ...]:
        """Return the blocks of the letter that the clinician may rewrite, in their order."""
        from triage.letter.rewriting import words_of

        letter, case = self._drafted().letter, self._session.case
        titles = {block.id: block.name for block in letter.blocks}
        found = []
        for name, composed in letter.composed.items():
            typed = words_of(case, name) or Rewritten(text="")
            if composed or typed.text:
                changed = bool(typed.text) and typed.instead_of != composed
                found.append(Words(name, titles[name], composed, typed.text, changed))
        return tuple(found)

    def plain_text(self) -> str:
        """Return the letter as plain text; of an issued one, what its pages say."""
        from triage.letter.plain import plain_text

        shown = self.shown
        if shown is None:
            return plain_text(self._fitted(self._drafted().letter))
        text = self._issued_text(shown)
        said = self._withdrawn_words(shown)
        return f"{said}\n\n{text}" if said else text

    def _issued_text(self, shown: Issue) -> str:
        from triage.letter.plain import plain_text
        from triage.pdf.readback import missing_statements, read_text

        if shown is not self._chosen:
            letter = self._letter(version=shown.version, issued_at=shown.at)
            # Settings or content may be others than those it was issued with.
            if not missing_statements(letter, shown.pdf):
                return plain_text(self._fitted(letter))
        return "\n".join(read_text(shown.pdf))

    def problems(self) -> tuple[Obstacle, ...]:
        """Return what stands against issuing."""
        return self._drafted().problems

    def remarks(self) -> tuple[Obstacle, ...]:
        """Return what is to be looked at before issuing."""
        from triage.letter.check import Obstacle

        return (
            *self._answers_return(),
            *(Obstacle(c.says, c.answers[0]) for c in self._session.recorded.to_check),
            *self._call_ahead(self.drafted, self._session.case, "time"),
            *self._sensitive(),
            *self._long(),
            *self._nowhere(),
            *self._unconfirmed(),
        )

    def _unconfirmed(self) -> Iterator[Obstacle]:
        """Yield that answers of the earlier visit still wait: the letter is without them."""
        from triage.letter.check import Obstacle
        from triage.model.dates import PartialDate

        earlier, waiting = self._session.earlier, self._session.to_confirm
        if earlier is not None and waiting:
            count, day = len(waiting), PartialDate.of(earlier.day).words()
            many = "answers" if count > 1 else "answer"
            says = f"{count} {many} of {day} not confirmed: this letter is without them."
            yield Obstacle(says, next(iter(waiting)))

    def _answers_return(self) -> Iterator[Obstacle]:
        """Yield why the recipient returned the letter that the next issue replaces."""
        from triage.letter.check import Obstacle
        from triage.letter.words.phrase import sentence
        from triage.model.dates import PartialDate

        earlier = self.replaced if self.issued is None else None
        back = self._returned(earlier) if earlier is not None else None
        if earlier is not None and back is not None:
            day = PartialDate.of(back.at.date()).words()
            yield Obstacle(
                f"Version {earlier.version} was returned on {day}: {sentence(back.says)} The new version says that it "
                "answers this: does it?"
            )

    def _sensitive(self) -> Iterator[Obstacle]:
        """Yield the sensitive answers that this recipient is told, for the sender to see before anybody else does."""
        from triage.letter.check import Obstacle
        from triage.letter.words.recorded import says_no

        recipient, case = self.recipients.get(self.recipient), self._session.case
        told = (
            {k for row in self.drafted.record.covers() for k in row}
            if self.drafted.record
            else set()
        )
        for key in sorted(told):
            slot, value = self._session.form.slot(key), case.get(key)
            if recipient is None or slot is None or value is None or says_no(value):
                continue
            ids = {slot.question.id, f"{slot.question.id}.{slot.option.id if slot.option else ''}"}
            if ids & set(recipient.sensitive):
                says = f"Sensitive, and told to {recipient.name}: {self._field(key)}."
                yield Obstacle(says, key)

    def _long(self) -> Iterator[Obstacle]:
        """Yield the typed texts that are longer than a reader takes in."""
        from triage.letter.check import Obstacle

        for key, value in self._session.case.items():
            if not isinstance(value, Text | Rewritten):
                continue
            if (length := len(value.text.strip())) > LONG_TEXT:
                says = (
                    f"What is typed under “{self._field(key)}” is {length:,} characters long: a reader takes in "
                    f"some {LONG_TEXT:,}."
                )
                block = key.removeprefix(LETTER) if isinstance(value, Rewritten) else ""
                yield Obstacle(says, "" if block else key, block=block)

    def _nowhere(self) -> Iterator[Obstacle]:
        """Yield the words for a block that no letter has any more, as an older program or content had it."""
        from triage.letter.check import Obstacle
        from triage.letter.rewriting import KINDS, words_of

        blocks = [block for letter in self._loaded.letters.values() for block in letter.file.block]
        known = {block.id for block in blocks if block.kind in KINDS}
        for key in self._session.case:
            name = key.removeprefix(LETTER)
            words = words_of(self._session.case, name) if name != key else None
            if words is not None and name not in known:
                text = shorten(words.text, _SHOWN, placeholder=" …")
                yield Obstacle(
                    f"Your words for a block that no letter has any more are printed nowhere: “{text}”"
                )

    def preflight(self) -> tuple[Lack, ...]:
        """Return what the recipient would miss in the letter, or return it for; the gravest first.

        A paper that holds only a part of the case, such as the patient's own copy, is returned by nobody.
        """
        return self._drafted().lacks

    def _preflight(self, case: Case, day: date) -> tuple[Lack, ...]:
        from triage.letter.preflight import Lack, lack_words

        session = self._session
        assessor, assessment = session.assessor, session.assessment
        read = session.facts_read if case is session.case else assessor.read(case, day)
        if case is not session.case:
            assessment = assessor.assess(case, day, read)
        name, words = (
            self.recipients[self.recipient].name,
            self._loaded.letters[self.template].words,
        )
        lacks = assessor.preflight.lacks(self.recipient, case, assessment, read)
        return tuple(Lack(lack_words(found, name, words), found) for found in lacks)

    def _problems(
        self, letter: Letter, case: Case, lacks: tuple[Lack, ...]
    ) -> tuple[Obstacle, ...]:
        from triage.letter.check import problems_before_issue

        content, settings = self._session.content, self.settings
        return (
            *self._contradictions(letter, case),
            *self._addressee(lacks),
            *problems_before_issue(letter, case, content, settings),
            *self._call_ahead(letter, case, "day"),
            *self._undecided(letter),
            *self._without_reason(letter),
            *self._unprintable(letter, case),
            *self._letterhead(),
        )

    def _letterhead(self) -> Iterator[Obstacle]:
        """Yield that the picture of the letterhead is not there, or cannot be printed."""
        from triage.letter.check import Obstacle

        try:
            logo_of(self.settings)
        except SettingsError as error:
            says = f"The picture of the letterhead cannot be printed: {error.problems[0].says}."
            remedy = "Take it out with: triage settings set letterhead --remove"
            yield Obstacle(says, remedy=remedy, lacks="the picture of the letterhead")

    def _addressee(self, lacks: tuple[Lack, ...]) -> Iterator[Obstacle]:
        """Yield that the findings ask for others, and no reason is given for this recipient."""
        from triage.letter.check import Obstacle

        for lack in lacks:
            if lack.found.kind == "addressee":
                remedy = f'In a case file: "decisions": {{"{self.recipient}": {{"decision": "accept", "reason": "…"}}}}'
                yield Obstacle(
                    lack.says,
                    remedy=remedy,
                    recipient=self.recipient,
                    lacks="the recipient that the findings ask for, or a reason",
                )

    def _contradictions(self, letter: Letter, case: Case) -> Iterator[Obstacle]:
        from triage.letter.check import Obstacle

        for found in self._session.assessor.recorded(case, letter.day).contradictions:
            if found.stops_issue:
                says = f"{found.says} Change one of the answers, or say which holds and why."
                remedy = f'In a case file: "decisions": {{"{found.id}": {{"decision": "accept", "reason": "…"}}}}'
                lacks = "which of two answers holds"
                yield Obstacle(says, found.answers[0], remedy=remedy, lacks=lacks)

    def _undecided(self, letter: Letter) -> Iterator[Obstacle]:
        """Yield that essential tests which the letter would ask for wait for a decision."""
        from triage.letter.check import Obstacle

        kinds = self._loaded.letters[letter.template].asks_for if letter.complete else frozenset()
        undecided = self._session.undecided()
        tests = [
            test
            for test in self._session.assessment.investigations
            if test.id in undecided and test.kind in kinds
        ]
        if tests:
            names = tuple(test.short for test in tests)
            says = f"Essential and not decided: {', '.join(names)}."
            says += " Accept each, decline it with a reason, or leave it out."
            remedy = f'In a case file: "decisions": {{"{tests[0].id}": {{"decision": "accept"}}}}'
            many = "s" if len(names) > 1 else ""
            lacks = f"{len(names)} suggestion{many} to decide"
            yield Obstacle(says, remedy=remedy, tests=names, lacks=lacks)

    def _call_ahead(
        self, letter: Letter, case: Case, what: Literal["day", "time"]
    ) -> Iterator[Obstacle]:
        """Yield that the call is recorded for a day, or for a time of this day, that is still to come."""
        from triage.letter.check import Obstacle
        from triage.letter.kinds.call import call_ahead

        call, now = self._session.content.urgency.call, self._clock().astimezone()
        if "emergency" in (letter.level, letter.kind) and call_ahead(call, case, now) == what:
            says = f"The call is recorded for a {what} that is still to come: say when it was made."
            lacks = "when the call was made" if what == "day" else ""
            yield Obstacle(says, call.when, lacks=lacks)

    def _without_reason(self, letter: Letter) -> Iterator[Obstacle]:
        """Yield that a test is asked for against the advice, and no reason is given."""
        from triage.letter.check import Obstacle

        kinds = self._loaded.letters[letter.template].asks_for if letter.complete else frozenset()
        for test in asked_without_reason(self._session.assessment, self._session.case):
            if test.kind in kinds:
                says = (
                    f"Requested although not indicated on what is recorded: {test.short}. Give the reason, which "
                    "the letter prints, or leave it out."
                )
                remedy = f'In a case file: "decisions": {{"{test.id}": {{"decision": "accept", "reason": "…"}}}}'
                yield Obstacle(says, remedy=remedy)

    def _unprintable(self, letter: Letter, case: Case) -> Iterator[Obstacle]:
        """Yield the fields with characters that the letter's font lacks."""
        from triage.letter.check import Obstacle
        from triage.pdf.fonts import register_fonts
        from triage.pdf.text import lacking, lacking_in, named

        glyphs = register_fonts()
        lacks = lacking_in(letter, glyphs)
        says = "{}: the letter's font lacks {}: retype it."
        back = self._returned(earlier) if (earlier := self.replaced) is not None else None
        if back is not None and (found := lacking(back.says, glyphs)):
            # It stands on the finished letter alone.
            yield Obstacle(
                f"The reason of the return: the letter's font lacks {named(found)}: record the return again."
            )
        told: set[str] = set()
        for key, value in case.items() if lacks else ():
            if found := [char for char in lacking(_texts(value), glyphs) if char in lacks]:
                block = key.removeprefix(LETTER) if key.startswith(LETTER) else ""
                question = "" if block else key
                yield Obstacle(says.format(self._field(key), named(found)), question, block=block)
                told.update(found)
        if rest := [char for char in lacks if char not in told]:
            yield Obstacle(says.format("The letter", named(rest)))

    def _field(self, key: str) -> str:
        """Return how a person calls the place of a text."""
        form = self._session.form
        if key.startswith(NOTE):
            return f"{form.sections[key.removeprefix(NOTE)].title}, notes"
        if key.startswith(LETTER):
            return "Words of the letter"
        slot = form.slot(key)
        if slot is None:
            return "The reason for the level" if key == URGENCY else "The reason for a decision"
        return slot.label.rstrip("?")

    def _letter(
        self, case: Case | None = None, *, version: int = 0, issued_at: datetime | None = None
    ) -> Letter:
        """Return the letter of the case as it stands, or of `case`."""
        from triage.letter.build import build_letter

        session = self._session
        held, day, assessment = session.case, session.day, session.assessment
        if case is not None:
            held, day = case, day_of(case)
            assessment = session.assessor.assess(case, day)
        earlier = self._replaced(version) if issued_at is not None else None
        made = build_letter(
            session.content,
            held,
            assessment,
            self.template,
            self.recipient or None,
            day,
            version=version,
            issued_at=issued_at,
            again=earlier is not None,
            templates=self._loaded,
            settings=self.settings,
        )
        made = replace(made, letterhead=replace(made.letterhead, logo=self._logo()))
        if made.kind in _TELL_SINCE:
            level = _level_of(held, assessment)
            made = replace(made, notices=tuple(self._since_row(held, day, level)))
        if earlier is None:
            return made
        return self._compared(made, held, earlier, issued_at)

    @property
    def since(self) -> Since | None:
        """What changed since the earlier visit, as the screen has it; None if the case follows none."""
        session = self._session
        return self._since(session.case, session.day, session.level) if session.earlier else None

    def _since_row(self, case: Case, day: date, level: Level | None) -> Iterator[Row]:
        """Yield what page one says of it. What is told only where it is needed is no news for everybody."""
        from triage.letter.statements import Row, Statement

        if self._session.earlier is not None:
            found = self._since(case, day, level, self._told_apart)
            yield Row(found.head, (Statement(found.words(_MOST_SINCE)),))

    @cached_property
    def _told_apart(self) -> frozenset[str]:
        from triage.letter.making import sensitive_words

        words, slots = self._loaded.answers, self._session.form.slots
        return frozenset(key for key, slot in slots.items() if sensitive_words(slot, words))

    def _since(
        self, case: Case, day: date, level: Level | None, held: frozenset[str] = frozenset()
    ) -> Since:
        from triage.letter.since import since

        session, earlier = self._session, self._session.earlier
        assert earlier is not None
        days = (earlier.day, day)
        levels = self._levels(case, level)
        words, readers = self._loaded.answers, self._readers
        return since(session.form, earlier.case, case, days, words, readers, levels, held)

    def _levels(self, case: Case, level: Level | None) -> Levels:
        """Return both levels in words; none where it only fell because what it rested on was not asked again."""
        from triage.letter.since import Levels

        was, rests_on = self._earlier_level
        if was is None or level is None:
            return Levels()
        fell = LEVELS.index(level) < LEVELS.index(was)
        if fell and URGENCY not in case and not rests_on <= case.keys():
            return Levels()
        names: dict[str, str] = {
            record.id: record.title.lower() for record in self._session.content.urgency.level
        }
        return Levels(names[was], names[level])

    @cached_property
    def _earlier_level(self) -> tuple[Level | None, frozenset[str]]:
        """How urgent it was at the earlier visit, and the answers that this rested on."""
        session, earlier = self._session, self._session.earlier
        if earlier is None:
            return None, frozenset()
        assessment = session.assessor.assess(earlier.case, earlier.day)
        rests_on = {key for reason in assessment.urgency.reasons for key in reason.answers}
        return _level_of(earlier.case, assessment), frozenset(rests_on & earlier.case.keys())

    @cached_property
    def _readers(self) -> Mapping[str, RowReader]:
        return row_readers(self._session.form, self._session.content.medicines)

    def _logo(self) -> bytes:
        """Return the picture of the letterhead; none where it cannot be printed, which stops issuing only."""
        try:
            return logo_of(self.settings)
        except SettingsError:
            return b""

    @property
    def replaced(self) -> Issue | None:
        """The last letter of this kind to this recipient that the next issue replaces."""
        return self._replaced(self.next_version)

    @property
    def changed(self) -> str:
        """What changed since the letter that the next issue replaces, as its strip will say it."""
        from triage.letter.statements import unmarked

        earlier = self.replaced
        if earlier is None:
            return ""
        made = self._compared(self._letter(), self._session.case, earlier)
        return unmarked(made.notices[-1].statements[0].text) if made.notices else ""

    def letterhead(self) -> bytes:
        """Return a first page with the letterhead as the settings have it, of a case that holds nothing else."""
        from triage.letter.build import build_letter

        session = self._session
        case, day = Case(filled({}, self.settings, session.form)), session.day
        letter = build_letter(
            session.content,
            case,
            session.assessor.assess(case, day),
            next(iter(self.templates)),
            None,
            day,
            templates=self._loaded,
            settings=self.settings,
        )
        return self._preview(
            replace(letter, letterhead=replace(letter.letterhead, logo=self._logo()))
        )

    def _replaced(self, version: int) -> Issue | None:
        """Return the last letter of this kind to this recipient that `version` replaces."""
        return next(
            (
                issue
                for issue in reversed(self._issues)
                if issue.version < version
                and issue.recipient == self.recipient
                and issue.template in self._kinds
            ),
            None,
        )

    def _compared(
        self, letter: Letter, case: Case, issue: Issue, at: datetime | None = None
    ) -> Letter:
        """Return the letter of `case` with what changed since `issue`, made anew from the case as it was then."""
        from triage.letter.build import build_letter
        from triage.letter.versions import compared
        from triage.model.dates import PartialDate

        session = self._session
        then = session.history.case_at(issue.case_n)
        day = day_of(then)
        earlier = build_letter(
            session.content,
            then,
            session.assessor.assess(then, day),
            self.template,
            issue.recipient,
            day,
            version=issue.version,
            issued_at=issue.at,
            templates=self._loaded,
            settings=self.settings,
        )
        when = PartialDate.of(issue.at.date()).long_words()
        keys = {key for key in {*case, *then} if case.get(key) != then.get(key)} - {DATE}
        words = self._loaded.letters[letter.template].words
        # A letter of then is set anew as it was: what was noted later is not in it.
        back = self._returned(issue, at)
        returned = None
        if back is not None:
            reason = shorten(back.says, _REASON, placeholder=" (…)")
            returned = PartialDate.of(back.at.date()).long_words(), reason
        return compared(letter, earlier, when, words, keys, returned)

    def _returned(self, issue: Issue, before: datetime | None = None) -> Sent | None:
        """Return the last return of a letter, with its reason; None if it was not returned."""
        sent = [one for one in self.sent(issue) if before is None or one.at <= before]
        return next((one for one in reversed(sent) if one.how == "returned" and one.says), None)

    def _render(self, letter: Letter) -> bytes:
        from triage.pdf.render import render

        drafted = datetime.combine(letter.day, time(), UTC)
        return render(letter, paper=self._on_paper, when=drafted)

    def _finished(self, letter: Letter, case: Case, at: datetime) -> bytes:
        """Return the file that is issued. It carries its case, unless it is the patient's."""
        from triage.pdf.printed import printed
        from triage.pdf.render import render
        from triage.session.outside import carried_text

        paper = self._on_paper
        if letter.kind == "leaflet":
            return render(letter, paper=paper, when=at)
        assessor, letters = self._session.assessor, self._loaded
        of = partial(carried_text, letter, case, assessor, letters, self.settings, paper, at)
        said: list[str] = []

        def carried(pages: str) -> str | None:
            said.append(pages)
            return of(pages)

        pdf = render(letter, paper=paper, case_json=carried, when=at)
        # Should a reader ever take other words from the pages than were drawn, his are those that are compared.
        if said != [read := printed(pdf)]:
            pdf = render(letter, paper=paper, case_json=lambda _: of(read), when=at)
        return pdf

    def _preview(self, letter: Letter) -> bytes:
        from triage.pdf.render import preview

        return preview(letter, paper=self._on_paper)

    def _fitted(self, letter: Letter) -> Letter:
        """Return the letter as its pages have it: what page one had no room for stands in the record."""
        from triage.pdf.sheet import fitted

        return fitted(letter, self._on_paper)[0]

    @property
    def _on_paper(self) -> Literal["a4", "letter"]:
        profile = self._session.form.profile_of(self._session.case)
        return self._paper or self.settings.paper or profile.paper

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
        if self._draft is None or self._session.read_only:
            raise LetterError("This case is read-only here: issue it from the window that has it.")
        self._session.end_typing()
        if self.issued is not None:
            raise LetterError(ISSUED_ALREADY)
        if not self._session.assess_anew():
            self._made = None
            raise LetterError(ASSESSED_ANEW)
        # Nothing of it is recorded before the letter has passed: a refused issue changes no case.
        changes = self._to_record()
        case = self._session.case.with_(changes)
        draft = self._letter(case)
        lacks = self._preflight(case, day_of(case)) if draft.complete else ()
        obstacles = self._problems(draft, case, lacks)
        if obstacles:
            raise LetterError(str(obstacles[0]))
        version, at = self.next_version, self._clock()
        letter = self._letter(case, version=version, issued_at=at)
        pdf = self._finished(letter, case, at)
        self._check_pages(letter, pdf)
        earlier = [issue.version for issue in self._issues if issue.version < version]
        # A further letter of a version is of the same edits, whatever was changed and changed back since.
        case_n = self._issues[-1].case_n if self._stands else 0
        self._session.set_all(changes)
        issue = Issue(
            version=version,
            recipient=self.recipient,
            template=self.template,
            case_n=case_n or self._session.history.n,
            at=at,
            pdf=pdf,
            fingerprint=self._session.content.fingerprint,
            replaces=earlier[-1] if earlier else None,
        )
        try:
            self._draft.issue(issue)
        except StoreError:
            if changes:
                self._session.undo()
            raise
        self._read_issues()
        return version

    def withdraw(self, issue: Issue, reason: str) -> None:
        """Note that a version is withdrawn, with every letter of it, and why. They stay readable.

        Raises
        ------
        StoreError
            If it could not be kept; then it is not withdrawn.
        """
        if self._draft is None or self._session.read_only:
            raise LetterError("This case is read-only here: withdraw it in the window that has it.")
        self._draft.withdraw(issue.version, self._clock(), reason)
        self._read_issues()
        # What was looked at is looked at still, as withdrawn.
        if self._chosen is not None:
            again = [
                one for one in self._issues if one.pdf == issue.pdf and one.version == issue.version
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
            self._sent = tuple(self._draft.sent())

    def _to_record(self) -> Mapping[str, Value | None]:
        """Return what issuing records in the case: its day, and to whom it went.

        A further letter of an issued case changes nothing in it: it shares the version.
        """
        if self._stands:
            return {}
        changes: dict[str, Value | None] = {}
        today = dated(self._session.day)
        if self._session.case.get(DATE) != today:
            changes[DATE] = today
        if self.recipient not in self._named():
            changes[RECIPIENTS] = Names(names=(*self._named(), self.recipient))
        # After a withdrawal the same case is sent anew: on a new day.
        return self._session.in_new_day(changes)

    def _check_pages(self, letter: Letter, pdf: bytes) -> None:
        """Refuse pages on which something is not to be found that the letter says."""
        from triage.pdf.readback import missing_statements

        missing = missing_statements(letter, pdf)
        if missing:
            raise LetterError(
                f"The letter was not issued: {len(missing)} of its statements cannot be read on the finished "
                "pages. Save the draft, and report this as a fault of the program."
            )


def _level_of(case: Case, assessment: Assessment) -> Level | None:
    """Return how urgent a case is: as the clinician set it, else as it is assessed."""
    chosen = case.get(URGENCY)
    return chosen.level if isinstance(chosen, Urgency) else assessment.urgency.level


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def forget_words() -> None:
    """Keep no words of the letters that were set last; what sets them may not have been needed yet."""
    if lines := sys.modules.get("triage.pdf.lines"):
        lines.forget()


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
