"""The long runs. Each family is a function from a seed to None, which fails by raising.

``make test`` runs a few seeds of each, ``make prove`` the full counts.
"""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.conftest import TODAY, completed, the_assessor, the_content, vignettes
from tests.prove.body_map import FULL as MAPS
from tests.prove.body_map import body_map
from tests.prove.faults import FULL as FAULTS
from tests.prove.faults import faults
from tests.prove.first_starts import first_starts
from tests.prove.flips import FULL as FLIPS
from tests.prove.flips import flips
from tests.prove.forged import forged
from tests.prove.imports import FULL as IMPORTS
from tests.prove.imports import POSSIBLE as IMPORTABLE
from tests.prove.imports import imports
from tests.prove.kill import FULL as KILLS
from tests.prove.kill import kill
from tests.prove.kill_store import kill_store
from tests.prove.letters_back import FULL as BACK
from tests.prove.letters_back import FULL_FORGED, letters_back
from tests.prove.note import FULL as NOTES
from tests.prove.note import note
from tests.prove.numbers import numbers
from tests.prove.powercut import FULL as POWERCUTS
from tests.prove.powercut import powercut
from tests.prove.quick import FULL as QUICK
from tests.prove.quick import quick
from tests.prove.since import FULL as SINCE
from tests.prove.since import SMALL as SINCE_SMALL
from tests.prove.since import since_names
from tests.prove.user import user
from tests.prove.walks import FULL as WALKS
from tests.prove.walks import walks
from tests.recorded import EVERY as RECORDS
from tests.recorded import is_found, recorded_keys, unaccounted
from tests.store import shim
from triage.bench.everything import decided_case
from triage.collector import collect_due
from triage.content.casefile import day_of, read_case, write_case
from triage.errors import CaseError
from triage.expr.parse import ExpressionError, parse_condition
from triage.expr.symbols import Kind, Scope, Symbol
from triage.model.case import Case
from triage.model.values import Finding, Rewritten, Row, Table, Text, Value

WHEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Family:
    """One family: what one seed does, how many seeds a full run takes, how many a small one, and whether it can."""

    run: Callable[[int], None]
    full: int
    small: int
    possible: bool = True


def random_case(seed: int) -> Case:
    """Return a part of the case that answers everything, another part for each seed."""
    rng = random.Random(seed)
    whole = decided_case(the_content())
    share = rng.choice([0.02, 0.1, 0.3, 0.6, 0.9])
    kept = {key: value for key, value in whole.items() if rng.random() < share}
    kept["case.date"] = whole["case.date"]
    return Case(kept)


def knowing_more(seed: int) -> None:
    """Adding an answer never turns a rule that fired or was ruled out back into "cannot say" by itself.

    Kleene logic promises it for conditions without known(), maybe() and surely(), which ask about
    knowledge; those are left out. So is what follows from a whole region: the grade of one movement of it
    goes before. And so is a second pattern: until one is recorded there is none.
    """
    from triage.expr.evaluate import compile_truth
    from triage.expr.tree import Known, Maybe, Surely, walk

    content, assessor = the_content(), the_assessor()
    whole = random_case(seed)
    rng = random.Random(seed)
    less = Case(
        {key: value for key, value in whole.items() if rng.random() < 0.7 or key == "case.date"}
    )
    read = assessor.read(less, TODAY)
    small, large = read.facts, assessor.read(whole, TODAY).facts
    spread = {
        name for name, keys in read.origins.items() if not keys[0].startswith((name, "patient."))
    }
    spread |= {question.also for question in content.form.questions.values() if question.also}
    plain = {
        name
        for name, node in content.findings.items()
        if not any(isinstance(item, Known | Maybe | Surely) for item in walk(node))
    }
    for name in plain:
        node = content.findings[name]
        if any(inner in content.findings and inner not in plain for inner in _names(node)):
            continue
        before = compile_truth(node)(small)
        if before is not None and not _reads_derived(node, content.findings, plain, spread):
            assert compile_truth(node)(large) is before, name


def _names(node: Any) -> set[str]:
    from triage.expr.tree import names

    return set(names(node))


def _reads_derived(node: Any, findings: Any, plain: set[str], derived: set[str]) -> bool:
    """Whether anything below is not plain, or follows from other answers (lists, ages, regions)."""
    todo, seen = [node], set()
    while todo:
        for name in _names(todo.pop()):
            if name in seen:
                continue
            seen.add(name)
            if name in derived:
                return True
            if name in findings:
                if name not in plain:
                    return True
                todo.append(findings[name])
    return False


def round_trip(seed: int) -> None:
    """A random case written as CASE.json and read again is the same case."""
    content = the_content()
    case = random_case(seed)
    text = write_case(case, content.form)
    assert read_case(text, content.form, content.rule_ids, TODAY) == case


def damage(seed: int) -> None:
    """A case file with bytes changed is read, or refused with sentences; never anything else."""
    content = the_content()
    rng = random.Random(seed)
    path = rng.choice(vignettes())
    text = json.dumps(json.loads(path.read_text(encoding="utf-8"))["case"])
    characters = list(text)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        at = rng.randrange(len(characters))
        match rng.randrange(3):
            case 0:
                del characters[at]
            case 1:
                characters.insert(at, rng.choice('{}[]",:0-e\\\x00é\ud800'))
            case _:
                characters[at] = rng.choice('{}[]",:0-e\\\x00é')
    try:
        read_case("".join(characters), content.form, content.rule_ids, TODAY, "case.json")
    except CaseError as error:
        assert error.problems
        assert all("\n" not in str(problem) for problem in error.problems)


def expressions(seed: int) -> None:
    """Any text is read as a condition or refused with a column."""
    rng = random.Random(seed)
    scope = Scope(
        [
            Symbol("a.b", Kind.FINDING),
            Symbol("a.c", Kind.CHOICE, options={"x": 0, "y": 1}, ordered=True),
            Symbol("a.d", Kind.QUANTITY, unit="mm"),
            Symbol("g", Kind.GROUP, members=("a.b",)),
        ]
    )
    words = [
        "a.b",
        "a.c",
        "a.d",
        "g",
        "and",
        "or",
        "not",
        "(",
        ")",
        "==",
        "<",
        "in",
        "'x'",
        "'3 mm'",
        "any_of(",
        "maybe(",
        "known(",
        "count(",
        ",",
        "1",
        "lambda",
        ":",
        "é",
        "at_least(2,",
    ]
    text = " ".join(rng.choice(words) for _ in range(rng.randrange(1, 14)))
    try:
        parse_condition(text, scope)
    except ExpressionError as error:
        assert 1 <= error.column <= len(text) + 2


def recorded(seed: int) -> None:
    """Every answer of a generated case stands in one row of its record, and some keys alone are found there."""
    assert unaccounted(random_case(seed)) == []
    for key in recorded_keys()[seed % RECORDS :: RECORDS]:
        is_found(key)


_ODD = (
    "שלום עולם",
    "日本語の長い文章",
    "Ελληνικά и кириллица",
    "👩‍⚕️ 🦵 ✓ ☐ ➢ ≥ µ ½ 10⁹",
    "{{ 7 * 7 }} {% if %} **bold** <b>&amp;</b> %s",
    "a\u0301\u0327 \u202eright to left\u202c \ufdd0marked\ufdd1",
    "word" * 125,
    "\n\n\n\ttabs and\r\nlines\n\n",
)


def spelled(number: int) -> str:
    """Return a word that stands for a number and is like no other."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def named(seed: int) -> Case:
    """Return a random case of a person with a name, in which no two texts are alike."""
    case = random_case(seed)
    told = {
        key: value.model_copy(update={"text": f"{value.text}, {spelled(n)}"})
        for n, (key, value) in enumerate(case.items())
        if isinstance(value, Finding) and value.text
    }
    names = {"given_name": "Marjorie", "family_name": "Quillfeather", "address": "14 Fernlea Rise"}
    return case.with_({**told, **{f"patient.{key}": Text(text=t) for key, t in names.items()}})


def odd_case(seed: int) -> Case:
    """Return a random case with what nobody types: odd scripts, endless notes and names, hundreds of medicines."""
    rng, case = random.Random(seed), named(seed)
    odd = rng.choice(_ODD)
    # No page of it is like another: lines that recur on pages are taken for their heads or feet.
    counted = [spelled(n) for n in range(300)]
    told = " ".join(f"{n} ends of words and of lines, and so on for a long time" for n in counted)
    long = f"{odd} {told} {odd}"[:20_000]
    given = ("Bartholomew " * 20)[:200].strip()
    changes: dict[str, Value | None] = {
        "note.complaint": Text(text=rng.choice([odd, odd, odd, long])),
        "note.exam": Text(text=rng.choice([odd, odd, odd, long])),
        "referrer.question": Text(text=rng.choice([odd, odd, long, "Is this a nerve disease?"])),
        "patient.given_name": Text(text=rng.choice([given, odd])),
        "patient.family_name": Text(text=("Featherstonehaugh-" * 12)[:200]),
        "letter.history": Rewritten(text=odd, instead_of="something else"),
    }
    rows = tuple(Row(cells=(("name", f"{n} {odd[:12]}"),)) for n in counted)
    changes["meds.list"] = Table(rows=rows)
    chosen = {key: value for key, value in changes.items() if rng.random() < 0.4}
    return case.with_(chosen)


def letters(seed: int) -> None:
    """Whatever was recorded, a letter is set, tells it all inside the margins, or is refused with a sentence."""
    from tests.letter.pages import Pages
    from triage.errors import LetterError
    from triage.letter.build import build_letter, uncovered
    from triage.pdf.readback import missing_statements
    from triage.pdf.render import render

    content, assessor = the_content(), the_assessor()
    case = odd_case(seed) if seed % 2 else random_case(seed)
    day = day_of(case)
    recipient = sorted(content.recipients)[seed // 2 % len(content.recipients)]
    own = content.recipients[recipient].template
    template = "patient_leaflet" if seed % 7 == 0 else own
    issued = WHEN if seed % 3 == 0 else None
    letter = build_letter(
        content, case, assessor.assess(case, day), template, recipient, day, issued_at=issued
    )
    if letter.record is not None:
        assert uncovered(letter, case) == set()
    try:
        pdf = render(letter, when=WHEN)
    except LetterError as error:
        assert issued is not None
        assert str(error).endswith(".")
        return
    assert missing_statements(letter, pdf) == []
    paper, margins = letter.page.papers["a4"], letter.page.margins
    left, right = margins.left - 0.5, paper.width - margins.right + 0.5
    out = [w.text for w in Pages(pdf).words if w.left < left or w.right > right]
    assert not out, out[:5]


def pages(seed: int) -> None:
    """A letter of a random case, issued or not, to whomever, says and shows nothing that no letter may."""
    from tests.letter.letters import LEAFLET, letter_of, printed
    from tests.letter.spec import ALWAYS, faults

    # Said of a man all the same, it is told: as a contradiction, or as a test that the sender accepted.
    said = [
        *("patient.pregnancy", "patient.pregnancy_weeks", "patient.breastfeeding"),
        *("sys.gravida", "sys.conditions.hyperemesis", "decision.t_pregtest"),
    ]
    case = random_case(seed).with_(dict.fromkeys(said))
    recipient = sorted(the_content().recipients)[seed % len(the_content().recipients)]
    template = LEAFLET if seed % 5 == 0 else ""
    letter = letter_of(case, recipient, template, draft=seed % 2 == 0)
    found = faults(printed(letter, case), ALWAYS)
    assert not found, found


def validity(seed: int) -> None:
    """A letter of any kind, draft or issued, on either paper, is the file that it says it is, and reads as it looks."""
    from tests.letter.letters import LEAFLET, PAPERS, case_at, letter_of
    from tests.pdf.validity import faults as wrong
    from triage.errors import LetterError
    from triage.pdf.render import render

    content, rng = the_content(), random.Random(seed)
    case = rng.choice([named, odd_case, lambda _: case_at(rng.choice(completed()))])(seed)
    recipient = sorted(content.recipients)[seed % len(content.recipients)]
    template, paper = LEAFLET if rng.random() < 0.2 else "", PAPERS[rng.randrange(2)]
    letter = letter_of(case, recipient, template, draft=rng.random() < 0.5)
    carried = None if template or letter.draft else write_case(case, content.form)
    try:
        pdf = render(letter, paper=paper, case_json=carried and (lambda _: carried), when=WHEN)
    except LetterError:
        # With what the font lacks it stays a draft.
        letter = letter_of(case, recipient, template, draft=True)
        pdf = render(letter, paper=paper, when=WHEN)
    found = wrong(pdf, case)
    assert not found, found


def events(seed: int) -> None:
    """Whatever happens to the window, nothing goes wrong in it, and moving records nothing."""
    from tests.prove.events import events as happen

    happen(seed)


FAMILIES: dict[str, Family] = {
    "faults": Family(faults, full=FAULTS, small=21, possible=shim.POSSIBLE),
    "powercut": Family(powercut, full=POWERCUTS, small=100, possible=shim.POSSIBLE),
    "kill": Family(kill, full=KILLS, small=7),
    "kill_store": Family(kill_store, full=2000, small=8),
    "first_starts": Family(first_starts, full=200, small=10),
    "flips": Family(flips, full=FLIPS, small=80),
    "user": Family(user, full=100, small=2),
    "imports": Family(imports, full=IMPORTS, small=60, possible=IMPORTABLE),
    "round_trip": Family(round_trip, full=2000, small=20),
    "damage": Family(damage, full=20_000, small=200),
    "expressions": Family(expressions, full=50_000, small=500),
    "record": Family(recorded, full=RECORDS, small=2),
    "letters": Family(letters, full=3000, small=6),
    "pages": Family(pages, full=500, small=6),
    "validity": Family(validity, full=500, small=6),
    "letters_back": Family(letters_back, full=BACK, small=3),
    "letters_forged": Family(forged, full=FULL_FORGED, small=24),
    "numbers": Family(numbers, full=10_000, small=100),
    "quick": Family(quick, full=QUICK, small=300),
    "since": Family(since_names, full=SINCE, small=SINCE_SMALL),
    "map": Family(body_map, full=MAPS, small=20),
    "note": Family(note, full=NOTES, small=150),
    "walks": Family(walks, full=WALKS, small=40),
    "events": Family(events, full=200, small=3),
    "knowing_more": Family(knowing_more, full=1000, small=10),
}


def run_share(name: str, seeds: range) -> dict[int, str]:
    """Run some seeds of a family, and return the traceback of each that failed."""
    failed = {}
    for seed in seeds:
        try:
            FAMILIES[name].run(seed)
        except Exception:
            failed[seed] = traceback.format_exc()
        collect_due()
    return failed
