"""Letter templates: ``templates/*.toml``, read and checked as a whole before anything is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field

from triage.content.files import ContentFiles
from triage.content.form import Form
from triage.content.reading import Faults, read_record
from triage.content.schema import PLACE, AnswersFile, AnswerWords, PerKind, Question, TestKind
from triage.errors import ContentError, Problem, did_you_mean
from triage.letter.page import Margins, Page, Paper, Sizes
from triage.letter.wording import wording_faults
from triage.letter.wordlist import ANSWER_VARIABLES, KINDS, ORDERS, SUPPORTS, WORDS

Part = Literal["present", "absent"]
Kind = Literal[
    "address",
    "identity",
    "banner",
    "call",
    "strip",
    "question",
    "answers",
    "results",
    "reasoning",
    "requests",
    "considered",
    "not_indicated",
    "plan",
    "team",
    "rest",
    "contradictions",
    "signature",
    "sources",
    "mark",
    "leaflet",
]
Leaflet = Literal[
    "title", "about", "next", "finding", "tests", "do", "now", "today", "days", "contact"
]
_PAGE, _WORDS = "page.toml", "words.toml"
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

    `questions` names question ids, ``prefix.*`` or ``section:id``; the closest name wins a question. `take` says
    whether a row tells what is present, what is absent, or both. `missing` makes it the line of what was not examined.
    """

    label: str = ""
    questions: tuple[str, ...] = ()
    take: Literal["all", "present", "absent"] = "all"
    missing: tuple[str, ...] = ()


class BlockRecord(_Record):
    """One block of a letter. Which keys make sense depends on `kind`."""

    id: str
    kind: Kind
    heading: str = ""
    questions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    row: tuple[RowRecord, ...] = ()
    which: Literal["accepted", "open"] = "open"
    most: int = Field(default=6, ge=1, le=40)
    seen: bool = False
    brief: bool = False
    always: bool = False
    only: tuple[TestKind, ...] = ()
    net: bool = False
    part: Leaflet | None = None
    text: str = ""


class Replacement(_Record):
    """Words that a letter does not use, and what it says instead."""

    says: str
    instead: str


class TemplateFile(_Record):
    """One letter template."""

    id: str
    title: str
    audience: Literal["clinician", "laboratory", "patient"]
    complete: bool = True
    words: dict[str, str] = {}
    replace: tuple[Replacement, ...] = ()
    block: tuple[BlockRecord, ...]


class _WordsFile(_Record):
    words: dict[str, str]
    supports: dict[str, str]
    orders: dict[str, str]
    kinds: dict[str, str]


class _PageFile(_Record):
    page_of: str
    watermark: str
    papers: dict[str, Paper]
    margins: Margins
    sizes: Sizes


M = TypeVar("M", bound=_Record)
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
    strength
        By place and question, how closely it names the question: id 2, prefix 1, section 0.
    """

    file: TemplateFile
    words: Mapping[str, str]
    questions: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    strength: Mapping[tuple[Place, str], int] = field(default_factory=dict)

    @cached_property
    def asks_for(self) -> frozenset[str]:
        """The kinds of test that the letter asks for."""
        blocks = [block for block in self.file.block if block.kind == "requests"]
        return frozenset(kind for block in blocks for kind in block.only or get_args(TestKind))

    def owners(self, blocks: Iterable[str]) -> dict[tuple[str, Part], Place]:
        """Return which place tells a part of a question, if only `blocks` are printed."""
        active = set(blocks)
        found: dict[tuple[str, Part], tuple[int, Place]] = {}
        takes = {
            (block.id, n): row.take for block in self.file.block for n, row in enumerate(block.row)
        }
        # The banner says what of its questions is absent; what is there, its reasons may not quote.
        takes |= {(block.id, -1): "absent" for block in self.file.block if block.absent}
        for place, questions in self.questions.items():
            if place[0] not in active:
                continue
            take = takes.get(place, "all")
            parts: tuple[Part, ...] = ("present", "absent") if take == "all" else (take,)
            for question in questions:
                strength = self.strength[place, question]
                for part in parts:
                    if (question, part) not in found or found[question, part][0] < strength:
                        found[question, part] = (strength, place)
        return {key: place for key, (_, place) in found.items()}


@dataclass(frozen=True)
class Templates:
    """All templates, the words of answers, the shared words and the page."""

    letters: Mapping[str, LetterTemplate]
    answers: Mapping[str, AnswerWords]
    supports: Mapping[str, str]
    orders: Mapping[str, str]
    kinds: Mapping[str, str]
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
        page = self._read(_PAGE, _PageFile)
        shared = self._read(_WORDS, _WordsFile)
        answers = self._answers()
        names = [
            name.removeprefix("templates/")
            for name in self._files.paths()
            if name.startswith("templates/") and name.endswith(".toml") and name.count("/") == 1
        ]
        files = {n: self._read(n, TemplateFile) for n in sorted(names) if n not in (_PAGE, _WORDS)}
        if page is not None:
            self._wording(_PAGE, "page_of", page.page_of, ("page", "pages"))
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
                self._fault(name, file.id, "another template has this id: choose a new one")
            letters[file.id] = self._letter(name, file, shared)
        if self._problems or page is None or shared is None:
            raise ContentError(self._problems)
        return Templates(
            letters=letters,
            answers={record.id: record for record in answers.answer},
            supports=shared.supports,
            orders=shared.orders,
            kinds=shared.kinds,
            page=Page(
                papers=page.papers,
                margins=page.margins,
                sizes=page.sizes,
                page_of=page.page_of,
                watermark=page.watermark,
            ),
        )

    def _fault(self, file: str, record: str, says: str) -> None:
        Faults(f"templates/{file}", self._problems).add(record, says)

    def _read(self, name: str, model: type[M]) -> M | None:
        path = f"templates/{name}"
        return read_record(self._files, path, model, Faults(path, self._problems))

    def _wording(self, file: str, record: str, text: str, variables: tuple[str, ...]) -> None:
        for says in wording_faults(text, variables):
            self._fault(file, record, says)

    def _check_shared(self, shared: _WordsFile) -> None:
        for name in WORDS:
            if name not in shared.words:
                self._fault(_WORDS, "words", f"the wording {name!r} is missing: add it")
        self._check_words(_WORDS, shared.words)
        for group, known, given in (
            ("supports", SUPPORTS, shared.supports),
            ("orders", ORDERS, shared.orders),
            ("kinds", KINDS, shared.kinds),
        ):
            for name in known:
                if name not in given:
                    self._fault(_WORDS, group, f"{name!r} is missing: add it")

    def _answers(self) -> AnswersFile:
        """Return the words of the form's answers, a file that a form need not have."""
        name = "letters/answers.toml"
        faults = Faults(name, self._problems)
        if f"forms/{name}" not in self._files.paths():
            return AnswersFile()
        file = read_record(self._files, f"forms/{name}", AnswersFile, faults) or AnswersFile()
        said: set[str] = set()
        for answer in file.answer:
            question = self._form.question_of(answer.id)
            if question is None or answer.id not in self._form.parts:
                hint = did_you_mean(answer.id, self._form.parts)
                faults.add(answer.id, f"there is no question, option or row of this id{hint}")
                continue
            if answer.id in said:
                faults.add(answer.id, "this answer stands here twice: keep one")
            said.add(answer.id)
            faults.refer(answer.id, answer.follow_up, self._form.questions, "question")
            self._check_parts(answer, question, faults)
            cells = tuple(column.id for column in question.columns)
            told = (answer.page, answer.none, answer.rest, answer.turned)
            for text, variables in ((answer.cells, cells), *((t, ANSWER_VARIABLES) for t in told)):
                for says in wording_faults(text, variables):
                    faults.add(answer.id, says)
            if not answer.page or answer.id != question.id:
                continue
            needed = _NEEDED[question.kind]
            if needed and not any(name in answer.page for name in needed):
                says = "page: what was recorded is not in it: write"
                faults.add(answer.id, f"{says} {{{{ {needed[0]} }}}} where it stands")
        return file

    def _check_parts(self, answer: AnswerWords, question: Question, faults: Faults) -> None:
        """Report words about an option, row or list that is not there."""
        options = {o.id for o in question.options} | {
            o.id for r in question.rows for o in r.options
        }
        rows = {row.id for row in question.rows}
        normal = {*options, "present"} | ({question.nothing.id} if question.nothing else set())
        faults.refer(answer.id, answer.plurals, rows or options, "option or row")
        faults.refer(answer.id, answer.normal, normal, "option")
        for named in answer.groups.values():
            faults.refer(answer.id, named, rows, "row")
        for name in filter(None, (answer.looked_in, answer.behind)):
            faults.refer(answer.id, (name,), self._form.parts, "list or option")

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
        seen: set[str] = set()
        questions: dict[Place, tuple[str, ...]] = {}
        strength: dict[tuple[Place, str], int] = {}
        for block in file.block:
            if block.id in seen:
                self._fault(name, block.id, "this block id stands here twice")
            seen.add(block.id)
            for section in block.notes:
                if section not in self._form.sections:
                    hint = did_you_mean(section, self._form.sections)
                    self._fault(name, block.id, f"there is no section {section!r}{hint}")
            for key in (*block.absent, *block.optional):
                self._known(name, block.id, key, self._form.questions)
            self._wording(name, block.id, block.text, ("name", "date"))
            for profile in self._form.file.profile:
                what = f"word of profile {profile.id!r} in form.toml"
                faults = Faults(f"templates/{name}", self._problems)
                faults.refer(block.id, PLACE.findall(block.heading), profile.words, what)
            places = [
                (-1, (*block.absent, *block.questions)),
                *((n, r.questions) for n, r in enumerate(block.row)),
            ]
            for n, entries in places:
                found: dict[str, int] = {}
                for entry in entries:
                    for question, close in self._expand(name, block.id, entry):
                        found[question] = max(close, found.get(question, -1))
                questions[block.id, n] = tuple(found)
                strength |= {((block.id, n), q): close for q, close in found.items()}
            for row in block.row:
                for entry in row.missing:
                    if self._form.question_of(entry) is None or not self._is_row(entry):
                        self._fault(
                            name, block.id, f"there is no {entry!r}{self._form.closest(entry)}"
                        )
        return LetterTemplate(file, {**shared.words, **file.words}, questions, strength)

    def _is_row(self, entry: str) -> bool:
        question = self._form.question_of(entry)
        return question is not None and (
            entry == question.id or any(entry == f"{question.id}.{row.id}" for row in question.rows)
        )

    def _known(self, file: str, record: str, key: str, known: Iterable[str]) -> None:
        if key not in set(known):
            self._fault(file, record, f"there is no {key!r}{did_you_mean(key, known)}")

    def _expand(self, file: str, record: str, entry: str) -> Iterator[tuple[str, int]]:
        """Yield the questions that one entry names, and how closely."""
        if entry.startswith("section:"):
            section = entry.removeprefix("section:")
            if section not in self._form.sections:
                hint = did_you_mean(section, self._form.sections)
                self._fault(file, record, f"there is no section {section!r}{hint}")
                return
            yield from ((q.id, 0) for q in self._form.in_section(section))
        elif entry.endswith(".*"):
            prefix = entry.removesuffix(".*")
            if prefix not in self._prefixes:
                hint = did_you_mean(prefix, self._prefixes)
                self._fault(file, record, f"no question begins with {prefix!r}{hint}")
                return
            yield from ((q, 1) for q in self._form.questions if q.startswith(f"{prefix}."))
        elif entry in self._form.questions:
            yield entry, 2
        else:
            hint = did_you_mean(entry, self._form.questions)
            self._fault(file, record, f"there is no question {entry!r}{hint}")


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:n]) for n in range(1, len(parts)))
