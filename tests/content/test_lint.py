"""The linter: what loads and cannot be meant is reported, with where it stands and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.conftest import ROOT
from triage.content import Content, ContentFiles, load_content
from triage.content.book import Book, answers_read
from triage.content.lint import CHECKS, answers_that_rules_once_read, lint, release_record
from triage.errors import ContentError

LETTERS = ("referral_letter",)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tiny", tmp_path / "root")
    return tmp_path / "root"


def replace(root: Path, file: str, old: str, new: str) -> None:
    path = root / "forms" / "tiny" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(root: Path, file: str, text: str) -> None:
    with (root / "forms" / "tiny" / file).open("a", encoding="utf-8") as out:
        out.write(f"\n{text}\n")


def found(root: Path, letters: Collection[str] = LETTERS) -> list[str]:
    files = ContentFiles("tiny", root=root)
    return [str(problem) for problem in lint(load_content(files), files, letters)]


def test_a_small_clean_form_has_nothing_to_report(root: Path) -> None:
    assert found(root) == []


def flag(when: str) -> str:
    rest = 'says = "x"\nsource = ["book"]\nreviewed = 2026-11-22'
    return f'[[red_flag]]\nid = "X9"\nlevel = "soon"\nto = "pc"\nwhen = "{when}"\n{rest}'


ONE_WAY = [
    ("a.fever and not a.fever", "never be true"),
    ("a.pain or not a.pain", "never be false"),
    ("at_least(5, a.fever, a.pain)", "never be true"),
    ("count(a.fever, a.pain) > 2", "never be true"),
    ("a.pain or count(a.fever, a.pain) >= 0", "never be false"),
    ("a.fever or (a.pain and not a.pain)", "of a.pain can never be true"),
    ("x.k < '3 mmol/L' and x.k > '4 mmol/L'", "never be true"),
    ("x.k < '3 mmol/L' or x.k >= '3 mmol/L'", "never be false"),
    ("any_of(e.power.hip < '0')", "never be true"),
    ("patient.sex_at_birth == 'male' and patient.sex_at_birth == 'female'", "never be true"),
    ("patient.sex_at_birth in ('male', 'female')", "never be false"),
    ("maybe(a.pain) and not a.pain", "never be true"),
    ("known(a.pain) or not known(a.pain)", "never be false"),
    ("x.ecg == 'normal' and x.ecg != 'normal'", "never be true"),
    ("d.weak and a.pain and not (a.fever or d.weak)", "of d.weak"),
]


@pytest.mark.parametrize(("when", "says"), ONE_WAY)
def test_a_condition_that_only_comes_out_one_way_is_reported(
    root: Path, when: str, says: str
) -> None:
    add(root, "urgency.toml", flag(when))
    assert [p for p in found(root) if p.startswith("urgency.toml, X9: ") and says in p], found(root)


@pytest.mark.parametrize(
    "when",
    [
        "a.fever and not a.pain",
        "a.fever or a.pain and not a.fever",
        "at_least(2, a.fever, a.pain)",
        "x.k >= '3 mmol/L' and x.k <= '3 mmol/L'",
        "x.ecg == 'normal' and x.ecg == 'long_qtc'",
        "known(a.classes)",
        "known(a.sites) and has(a.sites, 'calf')",
        "surely(a.pain) or maybe(a.pain)",
        "x.k < '3 mmol/L' or x.k in ('low', 'very_low')",
    ],
)
def test_a_condition_that_can_come_out_both_ways_is_not(root: Path, when: str) -> None:
    add(root, "urgency.toml", flag(when))
    assert [problem for problem in found(root) if "X9" in problem] == []


CASES: list[tuple[str, str, str, str]] = [
    # file, old, new, what is reported
    (
        "form.toml",
        'factor = "0.2558" }',
        'factor = "0.2558" }, { unit = "mmol/l", factor = "10" }',
        "unit 'mmol/l' means 'mmol/L', and is reckoned otherwise",
    ),
    (
        "form.toml",
        'kind = "finding"\nlabel = "Fever"',
        'kind = "finding"\nasked = false\nlabel = "Fever"',
        "urgency.toml, E1: a.fever is no longer asked: write surely(a.fever)",
    ),
    (
        "form.toml",
        'kind = "finding"\nlabel = "Fever"',
        'kind = "finding"\nasked = false\nlabel = "Fever"',
        "form.toml, a.fever: block: it is no longer asked: take it out",
    ),
    (
        "form.toml",
        'kind = "finding"\nlabel = "Fever"',
        'kind = "finding"\nasked = false\nlabel = "Fever"',
        "urgency.toml, core: a.fever is no longer asked, so this stays provisional",
    ),
    (
        "recipients/clinic.toml",
        'name = "A clinic"',
        'name = "A clinic"\nmust = ["a.fever"]',
        "",
    ),
    (
        "conditions.toml",
        'when = "a.fever", says',
        'when = "d.weak", says',
        "conditions.toml, myopathy: 'd.weak' stands 2 times among its items",
    ),
    ("conditions.toml", "weight = 2", "weight = -2", "a weight is above 0"),
    (
        "urgency.toml",
        'level = "soon"\nwhen = "d.weak"',
        'level = "soon"\nwhen = "a.fever and d.weak"',
        "urgency.toml, S1: it has the condition of E1",
    ),
    (
        "urgency.toml",
        'level = "routine"\nwhen',
        'level = "soon"\nwhen',
        "urgency.toml, R1: only a routine rule reassures",
    ),
    (
        "investigations.toml",
        "emergency = true",
        'emergency_with = ["S1"]',
        "t_ck: emergency_with: S1 is no emergency",
    ),
    (
        "services.toml",
        'flags = ["S1"]',
        "flags = []",
        "urgency.toml, S1: it asks for a referral, and no service takes it: name it in services.toml",
    ),
    (
        "plan.toml",
        'when = "any_of(alarm)"',
        'when = "a.pain"',
        "alarm: nothing speaks of this group",
    ),
    (
        "form.toml",
        'label = "Fever"',
        'label = "Fever"\nunread = "for the record"',
        "form.toml, a.fever: this question is read: take unread out",
    ),
    (
        "form.toml",
        'label = "Straight leg raise"',
        'label = "Straight leg raise"\nsafety = true',
        "form.toml, e.slr: safety = true, and no star set needs it",
    ),
    (
        "form.toml",
        'label = "Straight leg raise"',
        'label = "Straight leg raise"\nunfold_when = "any_of(e.slr)"',
        "form.toml, e.slr: it is only unfolded by answers that are themselves out of sight",
    ),
    (
        "form.toml",
        'kind = "finding"\nlabel = "Pain"',
        'kind = "finding"\nshow_when = "known(a.weeks)"\nlabel = "Pain"',
        "show_when goes round in a circle: ",
    ),
    (
        "form.toml",
        '[[block]]\nid = "alarm"\nsection = "story"',
        '[[block]]\nid = "alarm"\nsection = "exam"',
        "form.toml, a.fever: its block 'alarm' stands in another section",
    ),
    (
        "form.toml",
        '[[block]]\nid = "alarm"',
        '[[block]]\nid = "idle"\nsection = "story"\ntitle = "Idle"\nlabel = "None"\n\n[[block]]\nid = "alarm"',
        "form.toml, idle: its key records nothing",
    ),
    (
        "form.toml",
        '[[block]]\nid = "alarm"',
        '[[section]]\nid = "bare"\ntitle = "Bare"\nperson = "told"\n\n[[block]]\nid = "alarm"',
        "form.toml, bare: this section has no questions",
    ),
    (
        "form.toml",
        'units = [{ unit = "months", factor = "4.345" }]',
        'units = [{ unit = "months" }]',
        "form.toml, a.weeks: unit 'months': say its factor",
    ),
    (
        "form.toml",
        'label = "Straight leg raise"',
        'label = "Straight leg raise"\ncodes = { hpo = ["HP:123"] }',
        "form.toml, e.slr: 'HP:123' is no such code",
    ),
    (
        "form.toml",
        'label = "CK"',
        'label = "CK"\ncodes = { loinc = ["2157-7"] }',
        "form.toml, x.ck: '2157-7' is no such code",
    ),
    ("form.toml", 'label = "CK"', 'label = "CK "', "form.toml, x.ck: label: say something here"),
    (
        "urgency.toml",
        'says = "Weakness"',
        'says = ""',
        "urgency.toml, S1: says: say something",
    ),
    (
        "form.toml",
        'label = "Pain"',
        'label = "Fever"',
        "form.toml, story: a.fever and a.pain have the same label",
    ),
    (
        "form.toml",
        'label = "Opioid"',
        'label = "Statin"',
        "form.toml, a.classes: statin and opioid have the same label",
    ),
    (
        "form.toml",
        'label = "CK"',
        'label = "CK"\nsay = ["k"]',
        "",
    ),
    (
        "form.toml",
        'label = "Pain"',
        'label = "Pain or fever"',
        "form.toml, a.pain: its label joins with “or” what a.fever asks alone",
    ),
    (
        "recipients/clinic.toml",
        'template = "referral_letter"',
        'template = "referal_letter"',
        "recipients/clinic.toml, template: there is no letter 'referal_letter' (did you mean 'referral_letter'?)",
    ),
    (
        "form.toml",
        'unit = "mmol/L"',
        'unit = "mmol/L"\nrange = [4, 9]',
        "urgency.toml, U1: x.k < 3.0 mmol/L is outside its range of 4 to 9",
    ),
    # At an end of the range a limit is the same for everybody who can be.
    (
        "form.toml",
        'unit = "mmol/L"',
        'unit = "mmol/L"\nrange = [3, 9]',
        "urgency.toml, U1: x.k < 3.0 mmol/L says nothing within its range of 3 to 9",
    ),
    (
        "plan.toml",
        "patient.age >= '65 y'",
        "patient.age >= '0 y'",
        "patient.age >= 0 y says nothing within its range of 0 to 120",
    ),
    (
        "plan.toml",
        "patient.age >= '65 y'",
        "patient.age > '120 y'",
        "patient.age > 120 y says nothing within its range of 0 to 120",
    ),
    # One answer that counts as two.
    (
        "urgency.toml",
        'when = "a.pain and not a.fever"',
        'when = "at_least(2, a.pain, a.pain) and not a.fever"',
        "urgency.toml, R1: of a.pain one is counted twice",
    ),
    (
        "urgency.toml",
        'when = "a.pain and not a.fever"',
        'when = "count(a.pain, a.fever, a.pain) == 2"',
        "urgency.toml, R1: of a.pain, a.fever one is counted twice",
    ),
    ("plan.toml", 'source = ["book"]', "source = []", "plan.toml, M1: it cites no source"),
    (
        "urgency.toml",
        'do = "soon."\nsource = ["book"]',
        'do = "soon."\nsource = []',
        "urgency.toml, S1: it cites no source",
    ),
    # Only what is said for a test or as a safety net is filled with the words of a country.
    (
        "urgency.toml",
        'says = "Weakness"',
        'says = "Ring {emergency_number}."',
        "urgency.toml, S1: says: {emergency_number} stands for nothing here",
    ),
    (
        "plan.toml",
        'name = "Statin holiday"',
        'name = "Ring {emergency_number}"',
        "plan.toml, M1: name: {emergency_number} stands for nothing here",
    ),
    (
        "form.toml",
        'label = "CK"',
        'label = "CK {emergency_number}"',
        "form.toml, x.ck: label: {emergency_number} stands for nothing here",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), CASES, ids=range(len(CASES)))
def test_what_cannot_be_meant_is_reported(
    root: Path, file: str, old: str, new: str, says: str
) -> None:
    replace(root, file, old, new)
    problems = found(root)
    assert any(says in problem for problem in problems) if says else problems == [], problems
    assert all("\n" not in problem for problem in problems)


def test_a_name_that_two_questions_claim_is_reported(root: Path) -> None:
    replace(root, "form.toml", 'label = "CK"', 'label = "CK"\nsay = ["muscle enzyme"]')
    replace(root, "form.toml", 'label = "ECG"', 'label = "ECG"\nsay = ["Muscle enzyme"]')
    assert any("say: 'muscle enzyme' also stands for" in problem for problem in found(root))


def test_an_option_has_no_name_of_the_one_beside_it(root: Path) -> None:
    replace(root, "form.toml", 'label = "Opioid"', 'label = "Opioid", say = ["Statin"]')
    assert "form.toml, a.classes.opioid: say: 'statin' also stands for statin" in "\n".join(
        found(root)
    )


def test_how_long_a_finding_lasts_is_a_quantity(root: Path) -> None:
    replace(root, "form.toml", 'label = "Pain"', 'label = "Pain"\nlasts = "a.fever"')
    with pytest.raises(ContentError, match=r"lasts: there is no quantity 'a\.fever'"):
        found(root)


def test_where_a_finding_is_has_options(root: Path) -> None:
    replace(root, "form.toml", 'label = "Pain"', 'label = "Pain"\nwhere = ["a.fever", "a.classes"]')
    with pytest.raises(ContentError) as caught:
        found(root)
    assert "where: there is no question 'a.fever' with options" in str(caught.value)
    assert "a.classes" not in str(caught.value)


def test_a_later_visit_copies_no_result_and_nothing_is_said_twice(root: Path) -> None:
    replace(root, "form.toml", 'label = "Pain"', 'label = "Pain"\nagain = "anew"')
    replace(root, "form.toml", 'kind = "result"', 'kind = "result"\nagain = "confirm"')
    problems = found(root)
    assert any("again: 'anew' is what its section says: leave it out" in p for p in problems)
    assert any("again: a result has a day of its own and is never copied" in p for p in problems)


def test_an_uncited_source_and_an_idle_word_band_are_reported(root: Path) -> None:
    add(
        root,
        "sources.toml",
        '[[source]]\nid = "other"\ncitation = "x"\nshort = "x"\nstatus = "K"',
    )
    replace(root, "urgency.toml", "x.k < '3.0 mmol/L' or ", "")
    problems = found(root)
    assert "sources.toml, other: nothing cites this source: cite it, or take it out" in problems
    assert any(p.startswith("findings.toml, x.k: no condition reads") for p in problems)


def test_an_unread_question_is_reported_unless_it_says_why_it_is_asked(root: Path) -> None:
    reason = 'unread = "the clinic wants it"\n'
    replace(root, "form.toml", reason, "")
    assert any("e.slr: nothing reads this question" in problem for problem in found(root))


def test_a_recipient_of_a_letter_that_is_not_there_is_reported(root: Path) -> None:
    (problem,) = found(root, ("referal_letter",))
    assert problem.startswith("recipients/clinic.toml")
    assert "did you mean 'referal_letter'?" in problem


# -- older versions -------------------------------------------------------------------------------

FEVER = '[[question]]\nid = "a.fever"\nsection = "story"\nkind = "finding"\nlabel = "Fever"\nblock = "alarm"\n'


@pytest.fixture
def released(root: Path) -> Path:
    """The small form, released; then Fever is asked no more."""
    files = ContentFiles("tiny", root=root)
    add(root, "released.toml", release_record(load_content(files)))
    assert found(root) == []
    return root


def without_fever(root: Path) -> None:
    replace(root, "form.toml", FEVER, "")
    for file, old, new in (
        ("findings.toml", '["a.fever", "a.pain"]', '["a.pain"]'),
        ("urgency.toml", "a.fever and d.weak", "a.pain and d.weak"),
        ("urgency.toml", "a.pain and not a.fever", "a.pain and not d.weak"),
        ("urgency.toml", '["patient.age", "a.fever"]', '["patient.age", "a.pain"]'),
        ("conditions.toml", 'when = "a.fever"', "when = \"has(a.classes, 'opioid')\""),
    ):
        replace(root, file, old, new)


def test_what_a_release_prints_is_taken_by_the_next_check(content: Content) -> None:
    read = answers_read(Book(content, {}))
    # The closing line of a table is no option, and conditions read it all the same.
    assert "meds.list.nothing_else" in read
    assert list(answers_that_rules_once_read(Book(content, {}, {"next": read}))) == []


def test_an_answer_that_a_released_rule_read_may_not_vanish(released: Path) -> None:
    without_fever(released)
    (problem,) = found(released)
    assert problem.startswith(
        "form.toml, a.fever: conditions of 1 read it, and it is gone: retire it"
    )


def test_nor_may_it_end_under_no_longer_asked(released: Path) -> None:
    without_fever(released)
    add(released, "form.toml", '[[retired]]\nid = "a.fever"\nsince = "2"')
    (problem,) = found(released)
    assert problem.startswith("form.toml, a.fever: conditions of 1 read it, and it is gone")


def test_what_it_became_must_be_read(released: Path) -> None:
    without_fever(released)
    add(released, "form.toml", '[[retired]]\nid = "a.fever"\nbecame = "a.pain"\nsince = "2"')
    assert found(released) == []
    add(released, "form.toml", '[[retired]]\nid = "a.heat"\nbecame = "a.sites.calf"\nsince = "2"')
    add(released, "released.toml", '[[release]]\nversion = "0"\nread = ["a.heat"]')
    (problem,) = found(released)
    assert problem == (
        "form.toml, a.heat: conditions of 0 read it, and nothing reads a.sites.calf now: read it"
    )


def test_a_question_that_was_split_is_read_on(released: Path) -> None:
    replace(released, "form.toml", FEVER, FEVER.replace('block = "alarm"\n', "asked = false\n"))
    replace(released, "urgency.toml", '["patient.age", "a.fever"]', '["patient.age", "a.pain"]')
    for file in ("urgency.toml", "urgency.toml", "conditions.toml"):
        path = released / "forms" / "tiny" / file
        text = path.read_text(encoding="utf-8")
        for old, new in (
            ('"a.fever and d.weak"', '"surely(a.fever) and d.weak"'),
            ('"a.pain and not a.fever"', '"a.pain and not surely(a.fever)"'),
            ('when = "a.fever"', 'when = "surely(a.fever)"'),
        ):
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    replace(released, "plan.toml", '"any_of(alarm)"', '"surely(any_of(alarm))"')
    assert found(released) == []


def test_a_damaged_ledger_is_told(released: Path) -> None:
    replace(released, "released.toml", "version", "verzion")
    with pytest.raises(ContentError, match="did you mean 'version'"):
        found(released)


# -- words of letters -----------------------------------------------------------------------------


@pytest.fixture
def worded(root: Path) -> Path:
    """The small form with words for all that it asks."""
    (root / "forms" / "tiny" / "letters").mkdir()
    form = load_content(ContentFiles("tiny", root=root)).form
    for question in form.questions.values():
        denied = f'denied = "{question.label.lower()}"\n' if question.kind == "finding" else ""
        record = f'[[answer]]\nid = "{question.id}"\nrow = "{question.label}"\n{denied}'
        path = root / "forms" / "tiny" / "letters" / "answers.toml"
        with path.open("a", encoding="utf-8") as out:
            out.write(f"{record}\n")
    return root


ANSWERS = "letters/answers.toml"
WORDS_OF_FEVER = '[[answer]]\nid = "a.fever"\nrow = "Fever"\ndenied = "fever"\n'


def test_a_form_whose_letters_have_all_words_has_nothing_to_report(worded: Path) -> None:
    assert found(worded) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "a.fever: letters have no words for this question"),
        ('[[answer]]\nid = "a.fever"\ndenied = "fever"\n', "a.fever: letters have no words"),
        ('[[answer]]\nid = "a.fever"\nrow = "Fever"\n', "a.fever: say what it is when absent"),
        (f'{WORDS_OF_FEVER}turned = "no fever"\n', "a.fever: say what it is when absent"),
        (WORDS_OF_FEVER.replace('"Fever"', f'"{"Fever" * 7}"'), "has 35 signs, and 30 fit"),
        (WORDS_OF_FEVER.replace('"Fever"', '"Fever, chills"'), "it joins several findings"),
        (WORDS_OF_FEVER.replace('"Fever"', '"Fever or chills"'), "it joins several findings"),
        (f'{WORDS_OF_FEVER}one_of = ["fever"]\n', "one_of: one is no choice"),
        (WORDS_OF_FEVER.replace('"fever"', '"no fever"'), "would be denied twice over"),
        (WORDS_OF_FEVER.replace('"fever"', '"painless fever"'), "would be denied twice over"),
    ],
)
def test_words_of_letters(worded: Path, words: str, says: str) -> None:
    replace(worded, ANSWERS, WORDS_OF_FEVER, words)
    (problem,) = found(worded)
    assert problem.startswith("letters/answers.toml, a.fever: ")
    assert says in problem


@pytest.mark.parametrize(
    "more", ['one_of = ["fever", "chills"]', 'follow_up = "a.pain"', 'page = "fever with chills"']
)
def test_a_joined_finding_that_is_told_apart_is_none(worded: Path, more: str) -> None:
    words = WORDS_OF_FEVER.replace('"Fever"', '"Fever, chills"')
    replace(worded, ANSWERS, WORDS_OF_FEVER, f"{words}{more}\n")
    assert found(worded) == []


def test_a_sensitive_finding_need_not_be_denied(worded: Path) -> None:
    replace(worded, ANSWERS, 'denied = "fever"', "sensitive = true")
    assert found(worded) == []


def test_what_a_service_needs_is_sensitive(worded: Path) -> None:
    add(worded, "recipients/clinic.toml", 'sensitive = ["a.fever"]')
    (problem,) = found(worded)
    assert problem.startswith("recipients/clinic.toml, sensitive: sensitive: a.fever is told to")
    replace(worded, ANSWERS, 'denied = "fever"', "sensitive = true")
    assert found(worded) == []


def test_two_places_that_are_one_area_have_one_name(worded: Path) -> None:
    text = (worded / "forms" / "tiny" / "form.toml").read_text(encoding="utf-8")
    assert 'label = "Calf"' in text
    replace(worded, "form.toml", 'label = "Calf"', 'label = "Calf or foot"')
    (problem,) = found(worded)
    assert problem.startswith("letters/answers.toml, a.sites.calf: two places that are one area")
    add(worded, ANSWERS, '[[answer]]\nid = "a.sites.calf"\narea = "calf/foot"')
    assert found(worded) == []


def test_a_place_among_others_has_a_plural(worded: Path) -> None:
    places = 'id = "a.sites"\nrow = "Sites"\nplurals = {}\n'
    text = (worded / "forms" / "tiny" / "letters" / "answers.toml").read_text(encoding="utf-8")
    old = next(part for part in text.split("[[answer]]\n") if part.startswith('id = "a.sites"'))
    form = load_content(ContentFiles("tiny", root=worded)).form
    (place,) = [o.id for o in form.questions["a.sites"].options if not o.midline]
    (midline,) = [o.id for o in form.questions["a.sites"].options if o.midline]
    replace(worded, ANSWERS, old, places.replace("{}", f'{{ {midline} = "both" }}'))
    (problem,) = found(worded)
    assert f"plurals: {place} has none: say what both of it are" in problem


# -- words for the patient ------------------------------------------------------------------------

LONG = " ".join(["word"] * 17)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("plan.toml", "under", "", "items and under belong together"),
        ("plan.toml", '"you have a fever"', f'"{LONG}"', "has 17 words, and 16 are read"),
        ("urgency.toml", "by {date}", "soon", "patient_next: it has one date"),
        ("urgency.toml", "by {date}", "by {date}, not {date}", "patient_next: it has one date"),
        ("urgency.toml", "Come back by", f"{LONG} by", "has 19 words, and 16 are read"),
        ("conditions.toml", "A muscle is sore.", f"{LONG}.", "has 17 words, and 16 are read"),
        ("conditions.toml", "the pain grows", LONG, "ring_today: 'word word"),
        ("investigations.toml", '"A blood test."', f'"{LONG}"', "patient: 'word word"),
        ("investigations.toml", '"to see"', f'"{LONG}"', "has 17 words, and 8 fit"),
        ("investigations.toml", 'patient = "A blood test."', "", "say in a sentence what it is"),
    ],
)
def test_words_for_the_patient(root: Path, file: str, old: str, new: str, says: str) -> None:
    told = root / "forms" / "tiny"
    for name, before, added in (
        ("urgency.toml", 'id = "routine"\n', 'patient_next = "Come back by {date}."\n'),
        (
            "conditions.toml",
            "[[condition]]\n",
            'patient_finding = "A muscle is sore."\nring_today = ["the pain grows"]\n',
        ),
        ("plan.toml", "[[safety_net]]\n", 'under = "now"\nitems = ["you have a fever"]\n'),
    ):
        text = (told / name).read_text(encoding="utf-8")
        (told / name).write_text(text.replace(before, before + added, 1), encoding="utf-8")
    path = told / "investigations.toml"
    text = path.read_text(encoding="utf-8")
    (condition,) = [r.record.id for r in load_content(ContentFiles("tiny", root=root)).conditions][
        :1
    ]
    lines = f'patient = "A blood test."\npurposes = {{ {condition} = "to see" }}\n'
    path.write_text(
        text.replace("[[investigation]]\n", f"[[investigation]]\n{lines}"), encoding="utf-8"
    )
    assert found(root) == []
    if old == "under":
        old, new = 'under = "now"\n', ""
    replace(root, file, old, new)
    assert any(says in problem for problem in found(root)), found(root)


# -- what is shipped ------------------------------------------------------------------------------


def test_the_ledger_of_the_shipped_form_has_its_version(content: Content) -> None:
    text = ContentFiles().text("forms/released.toml")
    assert f'version = "{content.form.version}"' in text


def test_every_check_says_what_it_finds() -> None:
    assert len(CHECKS) >= 20
    assert all((check.__doc__ or "").startswith("Find ") for check in CHECKS)


def test_a_source_that_counts_as_read_says_what_was_read(content: Content) -> None:
    silent = [
        source.id
        for source in content.sources.values()
        if source.status == "C" and not source.status_note
    ]
    # Those of the first rulebook; their number only falls.
    assert len(silent) <= 41, silent


def test_a_row_is_measured_by_what_the_record_calls_it(worded: Path) -> None:
    long = f'label = "Hip{" of either side" * 3}"'
    replace(worded, "form.toml", 'id = "hip", label = "Hip"', f'id = "hip", {long}')
    (problem,) = found(worded)
    assert "30 fit" in problem
    replace(worded, "form.toml", long, f'{long}, short = "hip"')
    assert found(worded) == []
