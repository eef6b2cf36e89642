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


def _median(done: Sequence[Effort], field: str) -> float:
    middle: float = statistics.median(map(attrgetter(field), done))
    return middle


def play(path: Path, home: Path) -> Effort:
    """Fill in a completed case in the real window, on a store in `home`, and issue its letter.

    The sender and the addresses are in the settings, as in any clinic; the clock goes as fast as the model works.
    """
    from triage.bench.clinician import Clinician
    from triage.bench.hands import Hands
    from triage.content import ContentFiles
    from triage.content.casefile import day_of, read_case
    from triage.qt.app import application, read_content
    from triage.qt.parts.theme import Theme
    from triage.qt.program import Program
    from triage.qt.showcase import settle
    from triage.rules.assess import Assessor
    from triage.session.draft import DraftStore
    from triage.session.own import sender_of
    from triage.settings.file import parse_settings

    app = application()
    content, hands = read_content(), Hands()
    text = path.read_text(encoding="utf-8")
    want = read_case(text, content.form, content.rule_ids, datetime.now(UTC).date(), path.name)
    begun = datetime.combine(day_of(want), datetime.min.time(), UTC) + timedelta(hours=9)

    def clock() -> datetime:
        return begun + timedelta(seconds=hands.elapsed)

    settings = parse_settings(ContentFiles().text("forms/cases/settings/sample.json"))
    settings = settings.model_copy(update={"senders": {"own": sender_of(want)}, "sender": "own"})
    with DraftStore(home, _KEY, clock) as store:
        program = Program(Assessor(content), store, settings, Theme(app), clock)
        window = program.new_window()
        settle(50)
        clinician = Clinician(window, want, hands)
        clinician.work()
        wrong = (*clinician.troubles, *clinician.differences())
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
        len(clinician.unasked),
        wrong,
    )
