"""The body chart of a case: what it marks stands in ``letters/figure.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from triage.content.files import ContentFiles
from triage.content.form import Form, Slot
from triage.content.reading import Faults, read_record
from triage.content.schema import Question
from triage.errors import Problem
from triage.letter.figure import LETTER_SIGNS, SPOTS, Mark, Side, Sign
from triage.model.case import Case
from triage.model.values import Choice, Finding

_FILE = "letters/figure.toml"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class SignRecord(_Record):
    """A sign: what it means, and the list or grid whose answers it marks."""

    sign: Sign
    name: str
    of: str

    @property
    def is_in_letter(self) -> bool:
        """Whether the chart of a letter has it, and not only the map in the window."""
        return self.sign in LETTER_SIGNS


class SpotRecord(_Record):
    """A spot of the figure: its name, that of both, and the options and rows that stand there.

    Parameters
    ----------
    also
        Options that stand elsewhere and mean this place as well: one who presses here in the map means these.
    """

    id: str
    name: str
    many: str = ""
    of: tuple[str, ...]
    also: tuple[str, ...] = ()


class _ChartFile(_Record):
    nowhere: tuple[str, ...] = ()
    mark: tuple[SignRecord, ...] = ()
    spot: tuple[SpotRecord, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Which answers are marked with which sign, in the order of the legend, and the spot of each option and row."""

    signs: tuple[SignRecord, ...] = ()
    spots: Mapping[str, SpotRecord] = field(default_factory=dict)

    def spot_of(self, slot: Slot) -> SpotRecord | None:
        """Return where an answer stands; None if it cannot be said."""
        part = slot.row or slot.option
        return self.spots.get(f"{slot.question.id}.{part.id}") if part else None

    def layers(self, form: Form) -> Iterator[tuple[SignRecord, Question]]:
        """Yield the signs that one gives on the map, and the list with sides that each marks."""
        for sign in self.signs:
            question = form.questions[sign.of]
            if question.sided and question.options:
                yield sign, question

    def options_at(self, question: Question) -> Mapping[str, tuple[str, ...]]:
        """Return by spot which options of a list are meant there, those that stand there before those that reach it."""
        names = {f"{question.id}.{option.id}": option.id for option in question.options}
        of = {spot.id: spot for spot in self.spots.values()}
        found = {
            name: tuple(names[part] for part in spot.of if part in names)
            or tuple(names[part] for part in spot.also if part in names)
            for name, spot in of.items()
        }
        return {name: options for name, options in found.items() if options}

    def marks(
        self, sign: SignRecord, form: Form, case: Case, without: Collection[str] = ()
    ) -> Iterator[Mark]:
        """Yield where a sign stands, each place once; what has no side recorded stands nowhere.

        Parameters
        ----------
        without
            Keys of answers that are left out.
        """
        found: dict[Mark, None] = {}
        for slot in form.slots_of(sign.of):
            # Most are not answered, and the map asks at each step.
            if slot.key not in case or slot.key in without:
                continue
            if (spot := self.spot_of(slot)) is None:
                continue
            side: Side = "none" if SPOTS[spot.id].is_midline else slot.side  # type: ignore[assignment]
            is_placed = side in ("left", "right") or SPOTS[spot.id].is_midline
            if is_placed and _is_found(slot, case):
                found[Mark(sign.sign, spot.id, side)] = None
        yield from found


def _is_found(slot: Slot, case: Case) -> bool:
    """Whether something is there or, of a graded row, is not normal."""
    value = case.get(slot.key)
    if isinstance(value, Finding):
        return value.present
    if not isinstance(value, Choice) or slot.row is None:
        return False
    from triage.letter.words.grids import is_normal

    return not is_normal(slot.question, slot.row, value.option)


def load_chart(files: ContentFiles, form: Form, problems: list[Problem]) -> Chart:
    """Return the chart of a form, a file that it need not have; what is wrong with it is taken down."""
    faults = Faults(_FILE, problems)
    if f"forms/{_FILE}" not in files.paths():
        return Chart()
    file = read_record(files, f"forms/{_FILE}", _ChartFile, faults) or _ChartFile()
    spots = {part: spot for spot in file.spot for part in spot.of}
    for record, says in (*_sign_faults(file, form), *_spot_faults(file, form)):
        faults.add(record, says)
    return Chart(file.mark, spots)


def _sign_faults(file: _ChartFile, form: Form) -> Iterator[tuple[str, str]]:
    seen: set[Sign] = set()
    for mark in file.mark:
        if mark.sign in seen:
            yield mark.name, f"another answer has the sign {mark.sign!r}: choose a new one"
        seen.add(mark.sign)
        if mark.of not in form.questions:
            yield mark.name, f"there is no question {mark.of!r}"


def _spot_faults(file: _ChartFile, form: Form) -> Iterator[tuple[str, str]]:
    """Find spots that the figure lacks, and options and rows that stand nowhere, at two spots, or are not marked."""
    marked = {part for mark in file.mark for part in _parts(form, mark.of)}
    placed = [(spot.id, part) for spot in file.spot for part in spot.of]
    seen: set[str] = set()
    for spot in file.spot:
        if spot.id not in SPOTS:
            yield spot.id, f"the figure has no such spot; it has {', '.join(SPOTS)}"
        elif not SPOTS[spot.id].is_midline and not spot.many:
            yield spot.id, "a spot of both sides needs a name for both: many"
    for name, part in (*placed, *(("nowhere", part) for part in file.nowhere)):
        if part in seen:
            yield name, f"{part} stands at two spots: keep one"
        elif part not in marked:
            yield name, f"{part} is no option or row of what is marked"
        seen.add(part)
    for spot in file.spot:
        for part in set(spot.also) - seen:
            yield spot.id, f"{part} stands nowhere: name it at its own spot first"
    for part in sorted(marked - seen):
        yield part, "it is marked and stands at no spot: name one, or name it under nowhere"


def _parts(form: Form, name: str) -> Iterator[str]:
    """Yield the rows of a grid, or the options of a list."""
    if (question := form.questions.get(name)) is not None:
        yield from (f"{name}.{part.id}" for part in question.rows or question.options)
