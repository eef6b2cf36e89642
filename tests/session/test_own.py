"""What the settings put into a case: profile and sender, never one clinician's name beside another's number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TODAY, case_from
from triage.content import Content, load_content
from triage.content.casefile import read_case
from triage.errors import ContentError, SettingsError
from triage.model.history import History
from triage.model.values import Choice, Text, Unable, Value
from triage.session.own import (
    check_settings,
    files_of,
    filled,
    is_untouched,
    sender_of,
    sender_values,
)
from triage.settings import Address, Sender, Settings

from ..conftest import AT

GP = Sender(
    name="Dr Ruth SAMPLE",
    role="gp",
    org="Example Street Surgery",
    address="1 Example Street\nTestford",
    phone="01632 960102",
    registration="GMC 0000000",
)
NURSE = Sender(name="Nora PLACEHOLDER", role="nurse_practitioner", writes_for="gp1")
OTHER = Sender(name="Dr Otto INVENTED", phone="01632 960555")
SETTINGS = Settings(senders={"gp1": GP, "nurse": NURSE, "gp2": OTHER}, profile="us")
GP_VALUES: dict[str, Value] = {
    "referrer.name": Text(text="Dr Ruth SAMPLE"),
    "referrer.role": Choice(option="gp"),
    "referrer.org": Text(text="Example Street Surgery"),
    "referrer.address": Text(text="1 Example Street\nTestford"),
    "referrer.phone": Text(text="01632 960102"),
    "referrer.registration": Text(text="GMC 0000000"),
}


def recorded(values: dict[str, Value | None]) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value is not None}


def test_a_new_case_holds_the_first_sender_and_the_profile(content: Content) -> None:
    found = filled({}, SETTINGS, content.form)
    assert found == GP_VALUES | {"case.profile": Choice(option="us")}
    assert filled({}, Settings(), content.form) == {}


def test_the_sender_that_the_settings_name_goes_before_the_first(content: Content) -> None:
    settings = SETTINGS.model_copy(update={"sender": "gp2"})
    assert filled({}, settings, content.form)["referrer.name"] == Text(text="Dr Otto INVENTED")


def test_a_nurse_writes_for_the_doctor_who_signs(content: Content) -> None:
    found = recorded(sender_values(SETTINGS, content.form, "nurse"))
    assert found == GP_VALUES | {"referrer.written_by": Text(text="Nora PLACEHOLDER")}


def test_another_sender_leaves_nothing_of_the_one_before(content: Content) -> None:
    before = recorded(sender_values(SETTINGS, content.form, "nurse"))
    changes = sender_values(SETTINGS, content.form, "gp2")
    after = recorded({**before, **changes})
    assert after == {
        "referrer.name": Text(text="Dr Otto INVENTED"),
        "referrer.phone": Text(text="01632 960555"),
    }


@pytest.mark.parametrize(
    "named",
    [
        {"referrer.name": Text(text="Dr B")},
        {"referrer.phone": Text(text="1")},
        {"referrer.name": Unable(reason="locum")},
        {"referrer.written_by": Text(text="N")},
    ],
)
def test_nothing_is_added_to_a_sender_who_is_named(
    content: Content, named: dict[str, Value]
) -> None:
    found = filled(named, SETTINGS, content.form)
    assert {k: v for k, v in found.items() if k.startswith("referrer.")} == named


def test_a_question_to_the_recipient_names_no_sender(content: Content) -> None:
    asked = {"referrer.question": Text(text="Is it?")}
    assert filled(asked, SETTINGS, content.form)["referrer.name"] == Text(text="Dr Ruth SAMPLE")


def test_the_profile_of_a_case_stays_whatever_the_settings_say_later(content: Content) -> None:
    case = {"case.profile": Choice(option="eu")}
    assert filled(case, SETTINGS, content.form)["case.profile"] == Choice(option="eu")


@pytest.mark.parametrize(
    ("data", "option"),
    [
        ({}, "us"),
        ({"profile": "uk"}, "uk"),
        ({"answers": {"case.profile": "eu"}}, "eu"),
        ({"answers": {}}, "us"),
    ],
)
def test_a_file_without_a_profile_is_read_with_the_one_of_the_settings(
    content: Content, data: dict[str, Any], option: str
) -> None:
    text = json.dumps({"triage_case": 1, **data})
    case = read_case(text, content.form, content.rule_ids, TODAY, profile="us")
    assert case["case.profile"] == Choice(option=option)


@pytest.mark.parametrize("answers", [None, [], "x", 7])
def test_a_damaged_file_is_no_crash(content: Content, answers: object) -> None:
    text = json.dumps({"triage_case": 1, "answers": answers})
    try:
        read_case(text, content.form, content.rule_ids, TODAY, profile="us")
    except Exception as error:
        assert type(error).__name__ == "CaseError"


def test_the_sender_of_a_case_can_be_kept_as_typed(content: Content) -> None:
    case = case_from({"triage_case": 1}).with_(GP_VALUES)
    assert sender_of(case) == GP
    assert sender_of({}) == Sender()


# -- nothing but what was filled in -----------------------------------------------------------------


def edits(*groups: dict[str, Value | None]) -> tuple[Any, ...]:
    history = History()
    for group in groups:
        history.change(group, AT)
    return history.edits


def test_what_the_settings_filled_in_is_no_work_of_anyone(content: Content) -> None:
    form = content.form
    fill = filled({}, SETTINGS, form)
    assert is_untouched((), SETTINGS, form)
    assert is_untouched(edits(dict(fill)), SETTINGS, form)
    assert is_untouched(edits(dict(fill), sender_values(SETTINGS, form, "nurse")), SETTINGS, form)


@pytest.mark.parametrize(
    "typed",
    [
        {"patient.family_name": Text(text="S")},
        {"referrer.question": Text(text="Is it?")},
        {"referrer.name": Text(text="Dr Ruth SAMPL")},
        {"case.profile": Choice(option="uk")},
    ],
)
def test_what_someone_typed_is_work(content: Content, typed: dict[str, Value | None]) -> None:
    fill: dict[str, Value | None] = dict(filled({}, SETTINGS, content.form))
    assert not is_untouched(edits(fill, typed), SETTINGS, content.form)


# -- what the form knows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (Settings(profile="usa"), "profile: there is no profile 'usa' (did you mean 'us'?)"),
        (
            Settings(senders={"a": Sender(role="gpp")}),
            "there is no role 'gpp' (did you mean 'gp'?)",
        ),
        (
            Settings(recipients={"neurolgy": Address()}),
            "there is no recipient 'neurolgy' (did you mean 'neurology'?)",
        ),
    ],
)
def test_what_the_form_does_not_know_is_told(
    content: Content, settings: Settings, says: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        check_settings(settings, content)
    assert says in str(caught.value)
    check_settings(SETTINGS, content)


# -- the clinic's own content -----------------------------------------------------------------------


def test_own_files_are_read_and_named_and_change_the_fingerprint(
    content: Content, tmp_path: Path
) -> None:
    own = tmp_path / "our clinic"
    place = own / "forms" / "muscle_cramps" / "recipients"
    place.mkdir(parents=True)
    (place / "cramp.toml").write_text(
        'id = "cramp"\nname = "Cramp clinic"\ntemplate = "referral_letter"\n', encoding="utf-8"
    )
    known = load_content(files_of(Settings(content_folder=str(own))))
    assert known.recipients["cramp"].name == "Cramp clinic"
    assert known.own == "our clinic"
    assert known.fingerprint != content.fingerprint
    assert content.own == ""


@pytest.mark.parametrize("inside", [[], ["forms/other_form"], ["form"]])
def test_a_folder_without_content_is_never_passed_over(tmp_path: Path, inside: list[str]) -> None:
    for name in inside:
        (tmp_path / name).mkdir(parents=True)
    settings = Settings(content_folder=str(tmp_path / "gone" if not inside else tmp_path))
    with pytest.raises(ContentError, match="triage settings set content_folder --remove"):
        files_of(settings)
