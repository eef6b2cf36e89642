"""The letters of a form: ``forms/<id>/letters/*.toml``, read and checked as a whole before anything is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field

from triage.content.files import ContentFiles
from triage.content.form import Form
from triage.content.reading import Faults, read_record
from triage.content.schema import (
    ANY,
    PLACE,
    AnswersFile,
    AnswerWords,
    PerKind,
    Question,
    SentencesFile,
    TestKind,
)
from triage.errors import ContentError, Problem, did_you_mean
from triage.letter.chart import Chart, load_chart
from triage.letter.layout import Layout, RecordFile, layout_of
from triage.letter.page import Page
from triage.letter.script import load_sentences
from triage.letter.wordlist import ANSWER_VARIABLES, WORDS
from triage.letter.words.wording import strongly, wording_faults

Kind = Literal[
    "address",
    "patient",
    "level",
    "question",
    "beware",
    "history",
    "examination",
    "results",
    "thinking",
    "requested",
    "not_asked",
    "not_indicated",
    "decided",
    "decide",
    "told",
    "to_check",
    "order",
    "strip",
    "safety",
    "studies",
    "examined",
    "notes",
    "sender",
    "copies",
    "emergency",
    "leaflet",
]
LetterKind = Literal["letter", "request", "emergency", "leaflet"]
Leaflet = Literal["title", "next", "finding", "tests", "do", "now", "today", "days", "contact"]
Emergency = Literal["suspicion", "call", "why", "at_stake", "beware", "sender"]
_PAGE, _WORDS = "page.toml", "words.toml"
_PAGE_WORDINGS = {
    "page_of": ("page", "pages"),
    "continued": ("title",),
    "letter_continued": ("name", "kind"),
    "whole": ("page",),
}
# Of the letters' folder, what is no letter.
_NO_LETTER = ("answers.toml", "figure.toml", "record.toml", "sentences.toml")
# What may be usual beside an option: see AnswerWords.
_USUAL = ("present", "absent", ANY)
# By kind of question: what a wording of its answers says, one of them at least.
_NEEDED: PerKind[tuple[str, ...]] = {
    "finding": (),
    "choice": ("option", "value"),
    "choices": ("items",),
    "quantity": ("value", "number"),
    "date": ("value",),
    "text": ("value",),
    "grid": (),
    "table": ("items",),
    "result": (),
}


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class RowRecord(_Record):
    """Answers under one label.

    `questions` names question ids, ``prefix.*`` or ``section:id``; a question that an earlier row names stands there.

    Parameters
    ----------
    sums
        The question that only sums up what the grids of the row tell place by place.
    alone
        What is said behind it where none of them was answered.
    keep
        Whether the row stays although all of it is normal.
    missing
        Makes it the line of what was not examined: questions and rows of grids; of several with ``|`` between them one
        is enough.
    together
        Of why it is an emergency: whether the row is told whole where a part of it counts.
    worst
        Of why it is an emergency: whether a full sheet tells the worst grade in the place of all.
    danger
        Of what an emergency has to beware of: whether what is there is strong, but for the options of `safe`.
    alert
        Which ticks say that it is there, whatever else was answered.
    women_to
        It is asked of women up to that age.
    if_there
        Of what an emergency has to beware of: whether it is told only where something is there.
    """

    label: str = ""
    questions: tuple[str, ...] = ()
    sums: str = ""
    alone: str = ""
    keep: bool = False
    missing: tuple[str, ...] = ()
    together: bool = False
    worst: bool = False
    danger: bool = False
    safe: tuple[str, ...] = ()
    alert: tuple[str, ...] = ()
    women_to: int = Field(default=0, ge=0)
    if_there: bool = False


class TableRecord(_Record):
    """A table of the examination, right and left; with `worst_first` the abnormal rows come first."""

    title: str
    questions: tuple[str, ...]
    worst_first: bool = False


class BlockRecord(_Record):
    """One block of a letter. Which keys make sense depends on `kind`.

    Parameters
    ----------
    heading
        Its label in the margin.
    called
        What it is called where it has no label.
    questions
        What it tells of, as a row names it; of a level and an order, whose option is its headline where no condition
        leads.
    absent
        Of a safety strip: what sets the pace of the level, told also where it is absent.
    notes
        The sections whose typed notes it prints.
    row
        Its labelled rows.
    table
        Its tables.
    most
        How many words it may have, typed ones apart; 0 for any number.
    only
        The kinds of test that it is about; all if empty.
    closes
        Whether a rule ends it.
    calm
        Of a patient's copy: its heading at the lowest level, if that is another.
    part
        Of a patient's copy: which part.
    emergency
        Of an emergency's sheet: which part.
    text
        A wording of its own.
    """

    id: str
    kind: Kind
    heading: str = ""
    called: str = ""
    questions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    row: tuple[RowRecord, ...] = ()
    table: tuple[TableRecord, ...] = ()
    most: int = Field(default=0, ge=0, le=400)
    only: tuple[TestKind, ...] = ()
    closes: bool = False
    calm: str = ""
    part: Leaflet | None = None
    emergency: Emergency | None = None
    text: str = ""


class Measure(_Record):
    """What is to be measured of a function at stake, by its name, and the questions that say that it was."""

    name: str
    questions: tuple[str, ...]


class FunctionRecord(_Record):
    """A function at stake in an emergency: its label, what is told of it, and what is to be measured."""

    id: str
    label: str
    questions: tuple[str, ...] = ()
    measure: tuple[Measure, ...] = ()


class Replacement(_Record):
    """Words that a letter does not use, and what it says instead."""

    says: str
    instead: str


class PlaceRecord(_Record):
    """A place of the body in plain words; without `many` it has no sides.

    Parameters
    ----------
    limb
        The place that it is a part of, by its id.
    of, both
        The rows of grids and options of lists that are there, by their ids; those that are on both sides.
    """

    id: str
    one: str
    many: str = ""
    limb: str = ""
    of: tuple[str, ...] = ()
    both: tuple[str, ...] = ()


class SignRecord(_Record):
    """What is found at places, in plain words.

    Parameters
    ----------
    says
        What the place is, or what its muscles do.
    muscles
        Whether it is what its muscles do.
    vague
        What is said where the places cannot be, if it is more than that some muscles do it.
    of
        The questions that tell of it, that of the examination first: what is not answered there is told by the next.
    grades
        Of a grid, the grades that it is; every one that is not normal if empty.
    """

    says: str
    muscles: bool = False
    vague: str = ""
    of: tuple[str, ...]
    grades: tuple[str, ...] = ()


class TemplateFile(_Record):
    """One kind of letter.

    Parameters
    ----------
    title
        Of the file, and in lists; without patient data.
    called
        What its foot calls it: Letter, Request.
    kind
        How its page is set.
    complete
        Whether it must tell every recorded answer.
    at_emergency
        The letter that is made in its place at the highest level.
    record_in
        The letter that holds the record of findings in its place, where another recipient of the case has that.
    words
        Wordings of its own, in front of the shared ones.
    replace
        Words that it does not use.
    answer
        How it tells of answers, in front of how the form's letters do.
    function
        Of an emergency: the functions that may be at stake.
    sign, place
        Of a patient's copy: what it tells of what was found, and where that may be.
    """

    id: str
    title: str
    called: str = "Letter"
    kind: LetterKind = "letter"
    complete: bool = True
    at_emergency: str = ""
    record_in: str = ""
    words: dict[str, str] = {}
    replace: tuple[Replacement, ...] = ()
    answer: tuple[AnswerWords, ...] = ()
    function: tuple[FunctionRecord, ...] = ()
    sign: tuple[SignRecord, ...] = ()
    place: tuple[PlaceRecord, ...] = ()
    block: tuple[BlockRecord, ...]


class _WordsFile(_Record):
    words: dict[str, str]


M = TypeVar("M", bound=BaseModel)
# (block id, number of the row; -1 for the block's own questions)
Place = tuple[str, int]


@dataclass(frozen=True)
class LetterTemplate:
    """A checked template.

    Parameters
    ----------
    file
        What the file says.
    words
        Every wording, its own in front of the shared ones.
    questions
        By place, the questions that it names, in the order of their names.
    """

    file: TemplateFile
    words: Mapping[str, str]
    questions: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def asks_for(self) -> frozenset[str]:
        """The kinds of test that the letter asks for."""
        blocks = [block for block in self.file.block if block.kind in ("requested", "studies")]
        return frozenset(kind for block in blocks for kind in block.only or get_args(TestKind))


@dataclass(frozen=True)
class Templates:
    """All templates, the words of answers, how the record is arranged, what the body chart marks, and the page."""

    letters: Mapping[str, LetterTemplate]
    answers: Mapping[str, AnswerWords]
    sentences: SentencesFile
    record: Layout
    chart: Chart
    page: Page


def load_templates(files: ContentFiles, form: Form) -> Templates:
    """Read and check every letter template.

    Raises
    ------
    ContentError
        With every problem of every file.
    """
    return _Loader(files, form).load()


class _Loader:
    def __init__(self, files: ContentFiles, form: Form) -> None:
        self._files = files
        self._form = form
        self._problems: list[Problem] = []
        self._prefixes = sorted({p for name in form.questions for p in _prefixes(name)})

    def load(self) -> Templates:
        page = self._read(f"templates/{_PAGE}", Page)
        shared = self._read(f"templates/{_WORDS}", _WordsFile)
        answers = {record.id: record for record in self._answers().answer}
        sentences = load_sentences(self._files, self._form, answers, self._problems)
        record = self._record()
        chart = load_chart(self._files, self._form, self._problems)
        folder = "forms/letters/"
        names = [
            name
            for name in self._files.paths()
            if name.startswith(folder)
            and name.endswith(".toml")
            and name.removeprefix(folder) not in _NO_LETTER
        ]
        files = {name: self._read(name, TemplateFile) for name in sorted(names)}
        for name in self._files.paths():
            if name.startswith("templates/") and name.split("/", 1)[1] not in (_PAGE, _WORDS):
                self._fault(
                    name,
                    "",
                    f"no letter is looked for here: move it to forms/{self._form.id}/letters",
                )
        if page is not None:
            for name, variables in _PAGE_WORDINGS.items():
                self._wording(_PAGE, name, getattr(page, name), variables)
            for paper in ("a4", "letter"):
                if paper not in page.papers:
                    self._fault(_PAGE, "papers", f"the paper {paper!r} is missing")
        if shared is not None:
            self._check_shared(shared)
        letters: dict[str, LetterTemplate] = {}
        for name, file in files.items():
            if file is None or shared is None:
                continue
            if file.id in letters:
                self._fault(name, file.id, "another letter has this id: choose a new one")
            letters[file.id] = self._letter(name, file, shared)
        for name, file in files.items():
            if file is None:
                continue
            for other in filter(None, (file.at_emergency, file.record_in)):
                self._known(name, file.id, other, letters)
        if self._problems or page is None or shared is None:
            raise ContentError(self._problems)
        return Templates(
            letters=letters,
            answers=answers,
            sentences=sentences,
            record=record,
            chart=chart,
            page=page,
        )

    def _fault(self, file: str, record: str, says: str) -> None:
        path = file if "/" in file else f"templates/{file}"
        Faults(path, self._problems).add(record, says)

    def _read(self, path: str, model: type[M]) -> M | None:
        return read_record(self._files, path, model, Faults(path, self._problems))

    def _wording(self, file: str, record: str, text: str, variables: tuple[str, ...]) -> None:
        for says in wording_faults(text, variables):
            self._fault(file, record, says)

    def _check_shared(self, shared: _WordsFile) -> None:
        for name in WORDS:
            if name not in shared.words:
                self._fault(_WORDS, "words", f"the wording {name!r} is missing: add it")
        self._check_words(_WORDS, shared.words)

    def _answers(self) -> AnswersFile:
        """Return the words of the form's answers, a file that a form need not have."""
        name = "letters/answers.toml"
        faults = Faults(name, self._problems)
        if f"forms/{name}" not in self._files.paths():
            return AnswersFile()
        file = read_record(self._files, f"forms/{name}", AnswersFile, faults) or AnswersFile()
        self._check_answers(faults, file.answer)
        return file

    def _check_answers(self, faults: Faults, answers: Iterable[AnswerWords]) -> None:
        said: set[str] = set()
        for answer in answers:
            question = self._form.question_of(answer.id)
            if question is None or answer.id not in self._form.parts:
                hint = did_you_mean(answer.id, self._form.parts)
                faults.add(answer.id, f"there is no question, option or row of this id{hint}")
                continue
            if answer.id in said:
                faults.add(answer.id, "this answer stands here twice: keep one")
            said.add(answer.id)
            asked = (*answer.follow_up, *((answer.joins,) if answer.joins else ()))
            faults.refer(answer.id, asked, self._form.questions, "question")
            self._check_parts(answer, question, faults)
            cells = tuple(column.id for column in question.columns)
            of_row = ((answer.cells, cells), (answer.item, cells))
            value = (answer.value, cells or ANSWER_VARIABLES)
            told = (answer.page, answer.none, answer.rest, answer.turned)
            for text, variables in (*of_row, value, *((t, ANSWER_VARIABLES) for t in told)):
                for says in wording_faults(text, variables):
                    faults.add(answer.id, says)
            if not answer.page or answer.id != question.id:
                continue
            needed = _NEEDED[question.kind]
            if needed and not any(name in answer.page for name in needed):
                says = "page: what was recorded is not in it: write"
                faults.add(answer.id, f"{says} {{{{ {needed[0]} }}}} where it stands")

    def _check_parts(self, answer: AnswerWords, question: Question, faults: Faults) -> None:
        """Report words about an option, row or list that is not there."""
        options = {o.id for o in question.options} | {
            o.id for r in question.rows for o in r.options
        }
        rows = {row.id for row in question.rows}
        usual = {*options, *question.words, *_USUAL} | (
            {question.nothing.id} if question.nothing else set()
        )
        faults.refer(answer.id, answer.plurals, rows or options, "option or row")
        faults.refer(answer.id, answer.usual, usual, "option")
        for named in answer.groups.values():
            faults.refer(answer.id, named, rows, "row")
        for name in filter(None, (answer.looked_in, answer.behind)):
            faults.refer(answer.id, (name,), self._form.parts, "list or option")

    def _record(self) -> Layout:
        """Return how the record of findings is arranged; a form need not say it."""
        name = "forms/letters/record.toml"
        file = self._read(name, RecordFile) if name in self._files.paths() else None
        faults = Faults(name, self._problems)
        return layout_of(file, self._form, partial(self.expand, name), faults)

    def _check_words(self, file: str, words: Mapping[str, str]) -> None:
        for name, text in words.items():
            if name not in WORDS:
                self._fault(
                    file, f"words.{name}", f"this wording is not used{did_you_mean(name, WORDS)}"
                )
            else:
                self._wording(file, f"words.{name}", text, WORDS[name])

    def _letter(self, name: str, file: TemplateFile, shared: _WordsFile) -> LetterTemplate:
        self._check_words(name, file.words)
        self._check_answers(Faults(name, self._problems), file.answer)
        for function in file.function:
            for key in (*function.questions, *(q for m in function.measure for q in m.questions)):
                self._known(name, function.id, key, self._form.questions)
        for sign in file.sign:
            for key in sign.of:
                self._known(name, sign.says, key, self._form.questions)
        for place in file.place:
            for key in (*place.of, *place.both):
                self._known(name, place.id, key, self._form.parts)
            if place.limb:
                self._known(name, place.id, place.limb, [other.id for other in file.place])
        seen: set[str] = set()
        questions: dict[Place, tuple[str, ...]] = {}
        for block in file.block:
            if block.id in seen:
                self._fault(name, block.id, "this block id stands here twice")
            seen.add(block.id)
            for section in block.notes:
                if section not in self._form.sections:
                    hint = did_you_mean(section, self._form.sections)
                    self._fault(name, block.id, f"there is no section {section!r}{hint}")
            for key in (*block.absent, *(q for told in block.table for q in told.questions)):
                self._known(name, block.id, key, self._form.questions)
            self._wording(name, block.id, block.text, ("name", "date"))
            for profile in self._form.file.profile:
                what = f"word of profile {profile.id!r} in form.toml"
                faults = Faults(name, self._problems)
                faults.refer(block.id, PLACE.findall(block.heading), profile.words, what)
            places = [
                (-1, (*block.absent, *block.questions)),
                *((n, r.questions) for n, r in enumerate(block.row)),
            ]
            for n, entries in places:
                named = (self.expand(name, block.id, entry) for entry in entries)
                questions[block.id, n] = tuple(dict.fromkeys(q for found in named for q in found))
            for row in block.row:
                for key in row.alert:
                    self._known(name, block.id, key, self._form.slots)
                if row.sums:
                    self._known(name, block.id, row.sums, self._form.questions)
                for entry in (each.strip() for line in row.missing for each in line.split("|")):
                    if not self._is_row(entry):
                        self._fault(
                            name, block.id, f"there is no {entry!r}{self._form.closest(entry)}"
                        )
        words = {key: strongly(text) for key, text in {**shared.words, **file.words}.items()}
        return LetterTemplate(file, words, questions)

    def _is_row(self, entry: str) -> bool:
        question = self._form.question_of(entry)
        return question is not None and (
            entry == question.id or any(entry == f"{question.id}.{row.id}" for row in question.rows)
        )

    def _known(self, file: str, record: str, key: str, known: Iterable[str]) -> None:
        if key not in set(known):
            self._fault(file, record, f"there is no {key!r}{did_you_mean(key, known)}")

    def expand(self, file: str, record: str, entry: str) -> Iterator[str]:
        """Yield the questions that one entry names: an id, ``prefix.*`` or ``section:id``."""
        if entry.startswith("section:"):
            section = entry.removeprefix("section:")
            if section not in self._form.sections:
                hint = did_you_mean(section, self._form.sections)
                self._fault(file, record, f"there is no section {section!r}{hint}")
                return
            yield from (q.id for q in self._form.in_section(section))
        elif entry.endswith(".*"):
            prefix = entry.removesuffix(".*")
            if prefix not in self._prefixes:
                hint = did_you_mean(prefix, self._prefixes)
                self._fault(file, record, f"no question begins with {prefix!r}{hint}")
                return
            yield from (q for q in self._form.questions if q.startswith(f"{prefix}."))
        elif entry in self._form.questions:
            yield entry
        else:
            hint = did_you_mean(entry, self._form.questions)
            self._fault(file, record, f"there is no question {entry!r}{hint}")


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:n]) for n in range(1, len(parts)))
