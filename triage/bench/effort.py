"""How much work a case is by keyboard: a completed case is filled in anew, in the real window, to the issued letter."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from triage.bench.measure import Figure
from triage.errors import TriageError

# Where a checkout has its completed cases, and the one of benign cramps at night, which has an aim of its own.
CASES = Path("tests/cases/complete")
BENIGN = "V03"
_KEYS, _SECONDS, _BENIGN_SECONDS = 250, 120, 70
# For what an unchanged patient had before.
_CONFIRM_SECONDS = 40
# So much later is the further visit: results are no older than the rules take them.
_LATER = timedelta(days=14)
_KEY = bytes(range(32))


class Effort(NamedTuple):
    """What one case took.

    Parameters
    ----------
    name
        The case.
    keys
        The key presses, each with its modifiers; those of names, numbers and texts are not among them.
    letters
        Those of names, numbers and texts.
    questions
        Questions answered, and blocks.
    minds
        How often a mind was made up: once for each question and each test, and for each six lines of a block.
    further
        Those of them that were for further lines of a block.
    seconds
        By the model, without the letters.
    strictly
        The same, counted more strictly: lists and grids by six lines too, and each grade beside the usual one.
    unasked
        Answers of the case that the form asks no longer, and nobody can give, and decisions that only these called for.
    wrong
        How the case that came of it differs, and what no key reached.
    confirmed, confirming
        At a further visit: how many questions were confirmed as before, and the seconds of that.
    """

    name: str
    keys: int
    letters: int
    questions: int
    minds: int
    further: int
    seconds: float
    strictly: float
    unasked: int
    wrong: tuple[str, ...]
    confirmed: int = 0
    confirming: float = 0.0

    @property
    def figure(self) -> Figure:
        """The line of this case: its seconds, or if it is not the case that was wanted what is wrong with it."""
        unasked = f"; {self.unasked} answers are no longer asked" if self.unasked else ""
        detail = (
            f"{self.keys} keys, {self.questions} questions, {self.minds} times in mind "
            f"({self.further} for further lines of blocks); {self.letters} letters apart; "
            f"{self.strictly:.0f} s if lists and grids count by lines too{unasked}"
        )
        if self.wrong:
            detail = f"{'; '.join(self.wrong)}; {detail}"
            return Figure(f"effort, {self.name}", len(self.wrong), "wrong", 0, detail)
        aim = _BENIGN_SECONDS if self.name == BENIGN else _SECONDS
        return Figure(f"effort, {self.name}", self.seconds, "s", aim, detail)

    @property
    def of_visit(self) -> Figure:
        """The line of a further visit of an unchanged patient: the seconds in which the background was confirmed."""
        name = f"visit, {self.name}"
        detail = (
            f"{self.confirmed} questions as before; {self.keys} keys and {self.seconds:.0f} s to the issued letter, "
            f"with the findings of the day asked anew ({self.letters} letters apart)"
        )
        if self.wrong:
            return Figure(name, len(self.wrong), "wrong", 0, f"{'; '.join(self.wrong)}; {detail}")
        return Figure(name, self.confirming, "s", _CONFIRM_SECONDS, detail)


def cases_in(place: Path) -> list[Path]:
    """Return the completed cases of a folder, or the one of a file.

    Raises
    ------
    TriageError
        If there is none.
    """
    found = [place] if place.is_file() else sorted(place.glob("*.json"))
    if not found:
        raise TriageError(f"There are no completed cases in {place}: name their folder by --cases.")
    return found


def summary(efforts: Sequence[Effort]) -> Iterator[Figure]:
    """Yield how many cases went wrong, and of the others the medians and the worst."""
    done = [effort for effort in efforts if not effort.wrong]
    failed = ", ".join(effort.name for effort in efforts if effort.wrong)
    yield Figure("effort, wrong", len(efforts) - len(done), "", 0, failed or "none")
    if not done:
        return
    for field, unit, aim in (("keys", "", _KEYS), ("seconds", "s", _SECONDS)):
        worst = max(done, key=attrgetter(field))
        detail = f"median of {len(done)}; worst {getattr(worst, field):.0f}, {worst.name}"
        if unit:
            strictly = _median(done, "strictly")
            detail += f"; {strictly:.0f} s if lists and grids count by lines too"
        yield Figure(f"effort, {field}", _median(done, field), unit, aim, detail)


def visits(efforts: Sequence[Effort]) -> Iterator[Figure]:
    """Yield the medians and the worst of further visits."""
    done = [effort for effort in efforts if not effort.wrong]
    if done:
        worst = max(done, key=attrgetter("confirming"))
        detail = f"median of {len(done)}; worst {worst.confirming:.0f}, {worst.name}"
        yield Figure(
            "visit, confirming", _median(done, "confirming"), "s", _CONFIRM_SECONDS, detail
        )
        says = "median to the issued letter, findings of the day asked anew"
        yield Figure("visit, seconds", _median(done, "seconds"), "s", _SECONDS, says)


def _median(done: Sequence[Effort], field: str) -> float:
    middle: float = statistics.median(map(attrgetter(field), done))
    return middle


def play(path: Path, home: Path, *, again: bool = False, copied: bool = False) -> Effort:
    """Fill in a completed case in the real window, on a store in `home`, and issue its letter.

    The sender and the addresses are in the settings, as in any clinic; the clock goes as fast as the model works.
    With `again` it is a further visit, at which all is as it was: the background is confirmed, all else asked anew.
    With `copied` the patient's details are pasted, as a record system gives them.
    """
    from triage.bench.clinician import Clinician
    from triage.bench.hands import Hands
    from triage.content import ContentFiles
    from triage.content.casefile import day_of, read_case
    from triage.content.form import DATE
    from triage.qt.app import application, read_content
    from triage.qt.parts.theme import Theme
    from triage.qt.program import Program
    from triage.qt.showcase import settle
    from triage.rules.assess import Assessor
    from triage.session.days import dated
    from triage.session.draft import DraftStore
    from triage.session.own import sender_of
    from triage.settings.file import parse_settings

    app = application()
    content, hands = read_content(), Hands()
    text = path.read_text(encoding="utf-8")
    want = read_case(text, content.form, content.rule_ids, datetime.now(UTC).date(), path.name)
    begun = datetime.combine(day_of(want), datetime.min.time(), UTC) + timedelta(hours=9)

    def clock() -> datetime:
        # Read anew at each call: a further visit begins later.
        return begun + timedelta(seconds=hands.elapsed)

    settings = parse_settings(ContentFiles().text("forms/cases/settings/sample.json"))
    settings = settings.model_copy(update={"senders": {"own": sender_of(want)}, "sender": "own"})
    with DraftStore(home, _KEY, clock) as store:
        program = Program(Assessor(content), store, settings, Theme(app), clock)
        if again:
            first = store.create(content, dict(want))
            first.close()
            begun += _LATER
            want = want.with_({DATE: dated(begun.date())})
            window = program.new_visit(first.id)
        else:
            window = program.new_window()
        settle(50)
        clinician = Clinician(window, want, hands)
        confirmed, confirming = clinician.confirm(), hands.seconds
        if copied:
            clinician.paste_details()
        clinician.work()
        wrong = (*clinician.troubles, *clinician.wanted.differences())
        window.close()
    return Effort(
        path.stem,
        hands.keys,
        hands.letters,
        clinician.questions,
        hands.minds,
        hands.further,
        hands.seconds,
        hands.strictly,
        len(clinician.wanted.unasked),
        wrong,
        confirmed,
        confirming,
    )
