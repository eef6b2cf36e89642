"""What dialogs are told of the settings: everything stands with its declaration."""

from __future__ import annotations

import pytest
from pydantic import Field

from triage.content.load import Content
from triage.settings import Address, Sender, Settings
from triage.settings.fields import fields_of
from triage.settings.settings import PAGES, Part


class Wider(Settings):
    """Settings of a later version."""

    greeting: str = Field(
        default="",
        title="Greeting",
        description="Ends the letter.",
        json_schema_extra={"page": "practice"},
    )


@pytest.mark.parametrize("part", [Settings, Sender, Address])
def test_every_setting_says_what_it_is_called_and_settings_where_they_stand(
    part: type[Part],
) -> None:
    for field in fields_of(part):
        assert field.title[0].isupper(), field.name
        assert field.says.endswith("."), field.name
        assert field.page in PAGES if part is Settings else not field.page
        assert field.kind != "choice" or field.options or field.of


def test_each_setting_stands_on_one_page_and_no_page_is_empty() -> None:
    stand = [field.name for page in PAGES for field in fields_of(Settings, page)]
    assert sorted(stand) == sorted(Settings.model_fields)
    assert all(fields_of(Settings, page) for page in PAGES)


def test_what_a_field_can_be_is_a_question_of_the_form_or_a_setting(content: Content) -> None:
    asked = {f.of for part in (Settings, Sender, Address) for f in fields_of(part) if f.of}
    assert {name for name in asked if name not in content.form.questions} <= set(
        Settings.model_fields
    )


def test_a_new_setting_is_found_by_its_declaration_alone() -> None:
    (field,) = (f for f in fields_of(Wider, "practice") if f.name == "greeting")
    assert (field.title, field.says, field.kind) == ("Greeting", "Ends the letter.", "line")
