"""What changed in a case since the earlier visit: for the screen, and for page one of a letter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property

from triage.content.form import URGENCY
from triage.content.listed import row_readers
from triage.letter.making import sensitive_words
from triage.letter.since import Levels, Since, since
from triage.letter.statements import Row, Statement
from triage.letter.template import Templates
from triage.model.case import Case
from triage.model.values import LEVELS, Level, Unable
from triage.session.earlier import Earlier
from triage.session.session import Session

# Of what changed, how much page one names.
_MOST = 8


class SinceEarlier:
    """Compares what a case holds with the visit that it follows.

    Parameters
    ----------
    session
        The case.
    earlier
        The visit.
    templates
        The letters of its form: how answers are told, and which are sensitive.
    """

    def __init__(self, session: Session, earlier: Earlier, templates: Templates) -> None:
        self._session = session
        self._earlier = earlier
        self._words = templates.answers
        self._readers = row_readers(session.form, session.content.medicines)

    @property
    def on_screen(self) -> Since:
        """What changed up to the case as it stands."""
        session = self._session
        return self._since(session.case, session.day, session.level)

    def on_page_one(self, case: Case, day: date, level: Level | None) -> Row:
        """Return what a letter of `case` says of it. What is told only where it is needed is no news for everybody."""
        found = self._since(case, day, level, self._sensitive)
        return Row(found.head, (Statement(found.words(_MOST)),))

    @cached_property
    def _sensitive(self) -> frozenset[str]:
        slots = self._session.form.slots
        return frozenset(key for key, slot in slots.items() if sensitive_words(slot, self._words))

    def _since(
        self, case: Case, day: date, level: Level | None, held: Collection[str] = ()
    ) -> Since:
        form, was = self._session.form, self._earlier.case
        days, levels = (self._earlier.day, day), self._levels(case, level)
        return since(form, was, case, days, self._words, self._readers, levels, held)

    def _levels(self, case: Case, level: Level | None) -> Levels:
        """Return both levels in words; none where it only fell because what it rested on was not assessed again."""
        was, rests_on = self._earlier_level
        if was is None or level is None:
            return Levels()
        fell = LEVELS.index(level) < LEVELS.index(was)
        said = {key for key, value in case.items() if not isinstance(value, Unable)}
        if fell and URGENCY not in case and not rests_on <= said:
            return Levels()
        titles = self._session.content.levels
        return Levels(titles[was].title.lower(), titles[level].title.lower())

    @cached_property
    def _earlier_level(self) -> tuple[Level | None, frozenset[str]]:
        """How urgent it was at the earlier visit, and the answers that this rested on."""
        case = self._earlier.case
        assessment = self._session.assessor.assess(case, self._earlier.day)
        rests_on = {key for reason in assessment.urgency.reasons for key in reason.answers}
        return assessment.level_of(case), frozenset(rests_on & case.keys())
