"""Hazard H13: the guidance of the wrong country. The profile is the clinic's, stays with the case, and is printed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, answers, case_from, the_assessor, the_content
from triage.content import Content, ContentFiles, load_content
from triage.content.schema import PLACE, Profile
from triage.errors import ContentError
from triage.letter.build import build_letter
from triage.letter.plain import plain_text
from triage.model.case import Case
from triage.model.values import Choice, Text
from triage.rules.assessment import Assessment
from triage.session.own import filled
from triage.settings import Settings

from ..conftest import TODAY

# Night cramps, on quinine: the drug that one country knows as a last resort and another forbids.
NIGHT = answers(
    cramp__main_complaint="cramp",
    cramp__present=True,
    cramp__painful=True,
    cramp__hardening=True,
    cramp__relieved_by_stretch=True,
    cramp__sites=["calf"],
    cramp__timing=["night_sleep"],
    meds__quinine=True,
)


def of(profile: str) -> Case:
    content = the_content()
    return Case(filled(case_from(NIGHT), Settings(profile=profile), content.form))


def assessed(profile: str) -> Assessment:
    return the_assessor().assess(of(profile), TODAY)


def letter(profile: str, template: str) -> str:
    case = of(profile).with_({"referrer.question": Text(text="?")})
    told = build_letter(
        the_content(), case, assessed(profile), template, "neurology", TODAY, settings=Settings()
    )
    return " ".join(plain_text(told).split())


@pytest.mark.parametrize("profile", ["uk", "us", "eu"])
def test_the_profile_of_the_settings_reaches_the_case_the_rules_and_every_paper(
    profile: str,
) -> None:
    assert of(profile)["case.profile"] == Choice(option=profile)
    for template in ("referral_letter", "emg_request", "patient_leaflet"):
        assert f"not a diagnosis. {profile} 2026" in letter(profile, template)


def test_a_drug_is_advised_only_where_the_profile_allows_it(content: Content) -> None:
    by_profile = {p: {option.id for option in assessed(p).plan} for p in ("uk", "us", "eu")}
    for rule in content.treatments:
        for profile, offered in by_profile.items():
            if rule.record.profiles and profile not in rule.record.profiles:
                assert rule.record.id not in offered
    assert "M35" in by_profile["uk"] & by_profile["eu"]
    assert "M60" in by_profile["us"]
    assert not {"M35", "M05"} & by_profile["us"]
    assert "M60" not in by_profile["uk"] | by_profile["eu"]


def test_no_paper_speaks_of_the_advice_of_another_profile() -> None:
    for profile in ("uk", "us", "eu"):
        said = repr(assessed(profile))
        assert "US profile" not in said
        assert ("not approved for cramps" in said) is (profile == "us")


@pytest.mark.parametrize(("profile", "number"), [("uk", "999"), ("us", "911"), ("eu", "112")])
def test_the_patient_reads_the_emergency_number_of_the_country(profile: str, number: str) -> None:
    copy = letter(profile, "patient_leaflet")
    assert f"Ring {number} if".upper() in copy
    assert not {"999", "911", "112"} - {number} & set(copy.split())


def test_a_case_keeps_its_profile_when_the_settings_change() -> None:
    before = of("us")
    after = Case(filled(before, Settings(profile="uk"), the_content().form))
    assert after["case.profile"] == Choice(option="us")
    assert the_assessor().assess(after, TODAY) == assessed("us")


def test_a_profile_that_the_form_has_lost_is_the_default_and_crashes_nothing(
    content: Content,
) -> None:
    case = of("uk").with_({"case.profile": Choice(option="xx")})
    assert content.form.profile_of(case).id == "uk"
    assert the_assessor().assess(case, TODAY).safety_net == assessed("uk").safety_net


def test_no_place_is_left_open_in_what_is_said(content: Content) -> None:
    for profile in content.form.file.profile:
        for rule in content.safety_net:
            assert not PLACE.search(profile.said(rule.record.says))
    assert Profile(id="x", words={"a": "b"}).said("{a} and {a}") == "b and b"


FORM = """
[[profile]]
id = "uk"
words = { number = "999" }

[[profile]]
id = "us"
words = { number = "911" }
"""


@pytest.mark.parametrize(
    ("form", "net", "says"),
    [
        (FORM, "Call {number}.", ""),
        ("", "Call 999.", ""),
        (FORM, "Call {nubmer}.", "did you mean 'number'?"),
        (FORM.replace("number", "line", 1), "Call {number}.", "no word of profile 'uk'"),
        ("", "Call {number}.", "no [[profile]] with a word 'number'"),
        (FORM.replace('"us"', '"ukk"'), "x", "there is no option of case.profile 'ukk'"),
        (FORM.replace('"us"', '"uk"'), "x", "this profile stands here 2 times"),
        (FORM.rpartition("[[profile]]")[0], "x", "there is no [[profile]] 'us'"),
    ],
)
def test_the_words_of_profiles_are_checked_when_content_is_loaded(
    tmp_path: Path, form: str, net: str, says: str
) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "tiny", root)
    for name, text in (
        ("form.toml", form),
        ("plan.toml", f'[[safety_net]]\nid = "N9"\nsays = "{net}"\n'),
    ):
        path = root / "forms" / "tiny" / name
        path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    files = ContentFiles("tiny", root=root)
    if not says:
        assert load_content(files).safety_net
        return
    with pytest.raises(ContentError) as caught:
        load_content(files)
    assert says in str(caught.value)
