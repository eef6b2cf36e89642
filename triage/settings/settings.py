"""The settings file: a plain pydantic model kept as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from triage.errors import TriageError
from triage.files import write_whole

FILE = "settings.json"


class Settings(BaseModel):
    """All settings. Each field carries the title and description that its dialog shows."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", hide_input_in_errors=True)

    referrer_name: str = Field(default="", title="Your name", description="Signs the letter.")
    referrer_role: Literal[
        "",
        "gp",
        "physiotherapist",
        "nurse_practitioner",
        "general_neurologist",
        "other_doctor",
        "other_ahp",
    ] = Field(default="", title="Your role", description="As the recipient should read it.")
    referrer_org: str = Field(
        default="", title="Practice", description="Name and address on the letterhead."
    )
    referrer_phone: str = Field(
        default="", title="Direct telephone", description="A number that is answered."
    )
    referrer_registration: str = Field(
        default="", title="Registration number", description="For example GMC."
    )
    profile: Literal["uk", "us", "eu"] = Field(
        default="uk",
        title="Guideline profile",
        description="Whose guidance the suggestions follow.",
    )
    paper: Literal["a4", "letter"] = Field(
        default="a4", title="Paper", description="Size of the printed letter."
    )


def load_settings(folder: Path) -> Settings:
    """Return the settings kept in `folder`; the defaults if there are none.

    Raises
    ------
    TriageError
        If the file is there and cannot be read.
    """
    path = folder / FILE
    try:
        return Settings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except (OSError, ValidationError):
        raise TriageError(
            f"{FILE} cannot be read: mend or remove it in the program's folder, then start again."
        ) from None


def save_settings(folder: Path, settings: Settings) -> None:
    """Replace the settings kept in `folder` as a whole: the old file stays until the new one is safe."""
    write_whole(folder / FILE, settings.model_dump_json(indent=1).encode(), parents=True)
