"""Templates: read as a whole, checked, and harmless."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.content import Content, ContentFiles
from triage.errors import ContentError, LetterError
from triage.letter.template import load_templates
from triage.letter.wordlist import WORDS
from triage.letter.words.wording import render_wording, wording_faults

ROOT = Path(__file__).parents[2]
ANSWERS = "forms/muscle_cramps/letters/answers.toml"
REFERRAL = "forms/muscle_cramps/letters/referral_letter.toml"
REQUEST = "forms/muscle_cramps/letters/emg_request.toml"
LIE_FLAT = '[[answer]]\nid = "emg.lie_flat"'


def broken(tmp_path: Path, content: Content, changes: dict[str, tuple[str, str]]) -> str:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    for name, (old, new) in changes.items():
        path = name if "/" in name else f"templates/{name}"
        text = (ROOT / path).read_text()
        assert old in text
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text.replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        load_templates(ContentFiles(own=tmp_path), content.form)
    return str(caught.value)


def test_the_shipped_templates_load(content: Content) -> None:
    letters = load_templates(ContentFiles(), content.form).letters
    assert {"referral_letter", "emg_request", "patient_leaflet"} <= set(letters)


def test_all_problems_are_told_at_once_with_file_and_remedy(
    tmp_path: Path, content: Content
) -> None:
    says = broken(
        tmp_path,
        content,
        {
            REFERRAL: (
                '"insp.wasting", "insp.split_hand"',
                '"insp.wastin", "inspp.*"',
            ),
            REQUEST: ('"section:results"', '"section:result"'),
            "words.toml": ("{{ says }}", "{{ sayz }}"),
        },
    )
    assert "insp.wasting" in says
    assert "inspp" in says
    assert "emg_request.toml" in says
    assert "results" in says
    assert "sayz" in says


def test_a_letter_in_the_wrong_folder_is_not_passed_over(tmp_path: Path, content: Content) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copy(ROOT / REFERRAL, tmp_path / "templates")
    with pytest.raises(ContentError, match=r"templates/referral_letter\.toml: no letter is looked"):
        load_templates(ContentFiles(own=tmp_path), content.form)


@pytest.mark.parametrize(
    ("name", "says", "needed"),
    [
        ("patient.weight_kg", "weighed", "{{ value }}"),
        ("sys.diabetes", "asked about diabetes", "{{ option }}"),
        ("referrer.question", "has a question", "{{ value }}"),
    ],
)
def test_a_wording_that_leaves_out_what_was_recorded_is_refused(
    tmp_path: Path, content: Content, name: str, says: str, needed: str
) -> None:
    added = f'[[answer]]\nid = "{name}"\npage = "{says}"\n\n{LIE_FLAT}'
    told = broken(tmp_path, content, {ANSWERS: (LIE_FLAT, added)})
    assert f"{name}: page: what was recorded is not in it: write {needed}" in told


def test_an_answer_is_worded_once(tmp_path: Path, content: Content) -> None:
    added = f'{LIE_FLAT}\npage = "can lie"\n\n{LIE_FLAT}'
    told = broken(tmp_path, content, {ANSWERS: (LIE_FLAT, added)})
    assert "emg.lie_flat: this answer stands here twice: keep one" in told


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ('id = "emg.lie_flatt"', "there is no question, option or row of this id"),
        ('id = "fasc.seen.thighh"', "there is no question, option or row of this id"),
        ('id = "rf.fever"\nfollow_up = "rf.feever"', "there is no question 'rf.feever'"),
        ('id = "rf.fever"\npage = "{{ nobody }}"', "there is no 'nobody' here"),
        ('id = "meds.list"\ncells = "{{ nobody }}"', "there is no 'nobody' here"),
        ('id = "rf.fever"\nabsent = "fever"', "the key 'absent' is not known here"),
    ],
)
def test_words_of_what_the_form_does_not_have_are_refused(
    tmp_path: Path, content: Content, added: str, says: str
) -> None:
    told = broken(tmp_path, content, {ANSWERS: (LIE_FLAT, f"[[answer]]\n{added}\n\n{LIE_FLAT}")})
    assert "letters/answers.toml" in told
    assert says in told


def test_an_unknown_key_names_the_closest(tmp_path: Path, content: Content) -> None:
    says = broken(tmp_path, content, {REFERRAL: ("complete = true", "compleet = true")})
    assert "compleet" in says
    assert "complete" in says


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "{{ 'a'*10**9 }}",
        "{{ 2**9 }}",
        "{{ '%1000000d' % 1 }}",
        "{% for a in name %}{{ a }}{% endfor %}",
        "{% set a = name %}",
        "{{ name.__class__ }}",
        "{{ name.upper() }}",
        "{{ name|tojson }}",
        "{{ nobody }}",
        "{{ name",
        "{% include 'x' %}",
        "x" * 20_001,
    ],
)
def test_a_wording_can_only_name_and_choose(text: str) -> None:
    assert list(wording_faults(text, ("name",)))


@pytest.mark.parametrize(
    "text", ["{{ 'a'*10**9 }}", "{{ 3**3 }}", "{{ missing }}", "{{ 'a' ~ missing }}"]
)
def test_a_faulty_wording_raises_without_a_value(text: str) -> None:
    with pytest.raises(LetterError) as caught:
        render_wording(text, {"name": "SPECIMEN"})
    assert "SPECIMEN" not in str(caught.value)


def _said(source: ast.AST) -> Iterator[str]:
    """Yield the strings of a module; of one that is put together its beginning, with a star."""
    for node in ast.walk(source):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield f"{node.values[0].value!s}*"


def test_every_wording_is_used() -> None:
    modules = [path for path in (ROOT / "triage").rglob("*.py") if path.name != "wordlist.py"]
    said = {text for path in modules for text in _said(ast.parse(path.read_text("utf-8")))}
    made = tuple(text.removesuffix("*") for text in said if text in ("side_*", "preflight_*"))
    assert len(made) == 2
    assert [word for word in WORDS if word not in said and not word.startswith(made)] == []


def test_values_are_not_read_as_templates() -> None:
    assert render_wording("{{ name }}", {"name": "{{ 7*7 }}"}) == "{{ 7*7 }}"
