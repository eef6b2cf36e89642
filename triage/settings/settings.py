"""All settings, declared once: type, default, title and description, from which their dialogs are drawn."""

from __future__ import annotations

from typing import Annotated, Literal
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from triage.errors import did_you_mean

# Control characters, halves of characters, and what breaks a line; a no-break space is none of these.
_NO_TEXT = {"Cc", "Cs", "Zl", "Zp"}


def _one_line(text: str) -> str:
    if not _NO_TEXT.isdisjoint(map(category, text)):
        raise ValueError("this is one line without tabs or control characters")
    return text


def _lines(text: str) -> str:
    for line in text.split("\n"):
        _one_line(line)
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_one_line)]
Lines = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_lines)]


LONGEST_IDLE, LONGEST_CLIPBOARD = 240, 3600


def _whole(most: int, unit: str) -> BeforeValidator:
    """Take a whole number up to `most`, as a number or as the text that a command line gives."""
    says = f"this is a whole number of {unit} from 1 to {most}, or 0 for never"

    def read(value: object) -> object:
        if isinstance(value, str) and value.isascii() and value.isdecimal():
            value = int(value[:9])
        if type(value) is not int or not 0 <= value <= most:
            raise ValueError(says)
        return value

    return BeforeValidator(read)


Minutes = Annotated[int, _whole(LONGEST_IDLE, "minutes")]
Seconds = Annotated[int, _whole(LONGEST_CLIPBOARD, "seconds")]

# A dialog gives the field room for several lines.
_TALL: dict[str, JsonValue] = {"lines": 4}


class Part(BaseModel):
    """A part of the settings. Values are text; what the form offers is checked where the form is known."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Sender(Part):
    """Someone who sends letters, or who writes them for someone who does."""

    name: Line = Field(default="", title="Name", description="Signs the letter.")
    role: Line = Field(default="", title="Role", description="As the recipient should read it.")
    org: Line = Field(default="", title="Practice", description="Stands at the head of the letter.")
    address: Lines = Field(
        default="", title="Address", description="Of the practice.", json_schema_extra=_TALL
    )
    phone: Line = Field(
        default="", title="Direct telephone", description="A number that is answered."
    )
    registration: Line = Field(
        default="", title="Registration number", description="For example GMC."
    )
    writes_for: Line = Field(
        default="",
        title="Writes for",
        description="Another sender who signs: the letter says written by one for the other.",
    )


class Address(Part):
    """Where a recipient's letters go."""

    department: Line = Field(default="", title="Department", description="")
    organisation: Line = Field(default="", title="Organisation", description="")
    address: Lines = Field(
        default="",
        title="Address",
        description="As it stands on an envelope.",
        json_schema_extra=_TALL,
    )
    phone: Line = Field(default="", title="Telephone", description="Of the department.")


class Settings(Part):
    """All settings.

    Parameters
    ----------
    senders
        By an id of the clinic's own, such as ``gp1``.
    sender
        The one that a new case begins with; the first if empty.
    recipients
        Addresses, by the recipient's id in the content.
    profile
        Whose guidance a new case follows; the form's own default if empty.
    paper
        a4 or letter; what the profile of the case uses if empty.
    out_of_hours
        The line that patients ring outside opening hours, as their copy prints it.
    letterhead
        An SVG or PNG of the clinic, printed at the left of the letterhead.
    content_folder
        A folder with the clinic's own content files.
    backup_folder
        Where backups go; beside the drafts if empty. Better another disk.
    lock_minutes
        The window locks after so many minutes without a key or the mouse; 0 for never.
    clipboard_seconds
        What was copied leaves the clipboard after so many seconds; 0 for never.
    after_answer
        After a key that records the focus goes to the next question, or stays.
    """

    senders: dict[Id, Sender] = {}
    sender: Line = ""
    recipients: dict[Id, Address] = {}
    profile: Line = ""
    paper: Literal["", "a4", "letter"] = ""
    out_of_hours: Line = ""
    letterhead: Line = ""
    content_folder: Line = ""
    backup_folder: Line = ""
    lock_minutes: Minutes = 10
    clipboard_seconds: Seconds = 60
    after_answer: Literal["next", "stay"] = "next"

    @model_validator(mode="after")
    def _senders_are_there(self) -> Settings:
        named = {"sender": self.sender} | {
            f"senders.{name}.writes_for": sender.writes_for for name, sender in self.senders.items()
        }
        for key, name in named.items():
            if name and name not in self.senders:
                hint = did_you_mean(name, self.senders)
                raise ValueError(f"{key}: there is no sender {name!r}{hint}")
        for name, sender in self.senders.items():
            signs = self.senders.get(sender.writes_for)
            if signs is not None and (signs is sender or signs.writes_for):
                raise ValueError(
                    f"senders.{name}.writes_for: name a sender who writes for nobody else"
                )
        return self

    @property
    def first_sender(self) -> str:
        """The id of the sender that a new case begins with; empty if there is none."""
        return self.sender or next(iter(self.senders), "")

    def address_of(self, recipient: str) -> Address:
        """Return where letters to `recipient` go, blank as far as that is not known."""
        return self.recipients.get(recipient, Address())
