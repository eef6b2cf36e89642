"""The sentences that page one may tell, as their author wrote them: ``forms/<id>/letters/sentences.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from triage.content.files import ContentFiles
from triage.content.form import Form
from triage.content.reading import Faults, read_record
from triage.content.schema import AnswerWords, Denied, Sentence, SentencesFile
from triage.errors import Problem, did_you_mean
from triage.letter.words.wording import GATHERED, ROWS, wording_faults, wording_names

_FILE = "letters/sentences.toml"
_NAME = re.compile(r"[a-z][a-z_]*")


def load_sentences(
    files: ContentFiles,
    form: Form,
    answers: Mapping[str, AnswerWords],
    problems: list[Problem],
) -> SentencesFile:
    """Return the sentences of a form, a file that it need not have; what is wrong with it is taken down."""
    faults = Faults(_FILE, problems)
    if f"forms/{_FILE}" not in files.paths():
        return SentencesFile()
    file = read_record(files, f"forms/{_FILE}", SentencesFile, faults) or SentencesFile()
    seen: set[str] = set()
    for record in file.sentence:
        if record.id in seen:
            faults.add(record.id, "another sentence has this id: choose a new one")
        seen.add(record.id)
        for says in _faults(record, form):
            faults.add(record.id, says)
    for says in _denied_faults(file.denied, file, form, answers):
        faults.add("denied", says)
    return file


def _faults(record: Sentence, form: Form) -> Iterator[str]:
    for name, target in record.of.items():
        if not _NAME.fullmatch(name):
            yield f"the name {name!r} is not of small letters: choose another"
        if name in GATHERED:
            yield f"the name {name!r} stands for several answers: choose another"
        yield from _target_faults(target, form)
    faults = wording_faults(record.says, (*record.of, *GATHERED))
    yield from faults
    used = wording_names(record.says) if not faults else frozenset[str]()
    if "all" in used and len(used & {*GATHERED}) > 1:
        yield "it tells what is there and what is not: make it two sentences"
    if not faults and used.isdisjoint(GATHERED):
        for name in sorted(record.of.keys() - used):
            yield f"the wording does not use {name!r}: leave it out"


def _target_faults(target: str, form: Form) -> Iterator[str]:
    match = ROWS.fullmatch(target)
    if match is None:
        question = form.question_of(target)
        if question is None or target not in form.parts:
            yield f"there is no question, option or row {target!r}{did_you_mean(target, form.parts)}"
        return
    table = form.questions.get(match["table"])
    columns = {c.id: c for c in table.columns} if table is not None else {}
    column = columns.get(match["column"])
    if column is None:
        yield f"there is no column {match['column']!r}{did_you_mean(match['column'], columns)}"
    elif match["value"] not in (options := [o.id for o in column.options]):
        yield f"there is no option {match['value']!r}{did_you_mean(match['value'], options)}"


def _denied_faults(
    denied: Denied, file: SentencesFile, form: Form, answers: Mapping[str, AnswerWords]
) -> Iterator[str]:
    rows = {record.row for record in file.sentence if "history" in record.block}
    if denied.before and denied.before not in rows:
        yield f"there is no paragraph {denied.before!r}{did_you_mean(denied.before, rows)}"
    for name in denied.questions:
        if name not in form.questions:
            yield f"there is no question {name!r}{did_you_mean(name, form.questions)}"
        elif form.questions[name].kind == "finding" and not (
            (words := answers.get(name)) and words.denied
        ):
            yield f"{name} has no name in a list of what is absent: give it `denied` in answers.toml"
    for name in denied.pace:
        if name not in denied.questions:
            yield f"{name} is not among the questions that are denied: add it there"
