"""The issued versions of a case: which letters were issued, what one replaces, and what became of each."""

from __future__ import annotations

from datetime import datetime

from triage.model.dates import PartialDate
from triage.session.draft import OpenDraft
from triage.session.session import Session
from triage.store.records import Issue, Sent, state_of


class Versions:
    """What was issued of one case, oldest first, as it was read last.

    Letters of one case to several recipients, or of several kinds, share a version.

    Parameters
    ----------
    session
        The case.
    draft
        Keeps the issued letters; None where nothing can be issued.
    """

    def __init__(self, session: Session, draft: OpenDraft | None) -> None:
        self._session = session
        self._draft = draft
        self.read()

    def read(self) -> None:
        """Read what was issued, and what became of it; the case is known as it was issued last."""
        self.issues = tuple(self._draft.issues()) if self._draft is not None else ()
        self.read_sent()
        if self.issues:
            self._session.seal(self.issues[-1].case_n)

    def read_sent(self) -> None:
        """Read what became of the letters."""
        self._sent = tuple(self._draft.sent()) if self._draft is not None else ()

    @property
    def state(self) -> str:
        """draft, issued v2, amending v3, or withdrawn."""
        if not self.issues:
            return "draft"
        last, changed = self.issues[-1], not self._session.is_as_issued
        return state_of(last.version, changed=changed, withdrawn=last.withdrawn_at is not None)

    @property
    def stands(self) -> bool:
        """Whether the case is as it was issued last, and that issue was not withdrawn."""
        return self._session.is_as_issued and self.issues[-1].withdrawn_at is None

    @property
    def next(self) -> int:
        """The version of the next letter."""
        return self.issues[-1].version + (not self.stands) if self.issues else 1

    def issued(self, template: str, recipient: str) -> Issue | None:
        """Return the letter of a kind to a recipient, if the case as it stands was issued so."""
        found = self._alike(template, recipient) if self.stands else []
        return next((one for one in found if one.version == self.issues[-1].version), None)

    def replaced(self, template: str, recipient: str, version: int) -> Issue | None:
        """Return the last letter of a kind to a recipient that `version` replaces."""
        found = reversed(self._alike(template, recipient))
        return next((one for one in found if one.version < version), None)

    def _alike(self, template: str, recipient: str) -> list[Issue]:
        # An older program did not note the kind: there was one letter to a recipient.
        kinds = (template, "")
        return [one for one in self.issues if one.recipient == recipient and one.template in kinds]

    def sent(self, issue: Issue) -> tuple[Sent, ...]:
        """Return how and when a letter left the program, and what came back, oldest first."""
        return tuple(one for one in self._sent if one.key == issue.key)

    def returned(self, issue: Issue, before: datetime | None = None) -> Sent | None:
        """Return the last return of a letter, with its reason; None if it was not returned."""
        sent = [one for one in self.sent(issue) if before is None or one.at <= before]
        return next((one for one in reversed(sent) if one.how == "returned" and one.says), None)


def withdrawn_words(issue: Issue) -> str:
    """Return what the paper says of a letter that was withdrawn; empty if it was not."""
    if issue.withdrawn_at is None:
        return ""
    day = PartialDate.of(issue.withdrawn_at.date()).long_words()
    because = f": {issue.withdrawn_because}" if issue.withdrawn_because else ""
    return f"WITHDRAWN {day}, do not act on it{because}"
