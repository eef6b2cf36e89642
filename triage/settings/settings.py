"""All settings, declared once: type, default, title and description, from which their dialogs are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple
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
# The id of a service in the content; of a further address of it with a colon and a number behind.
Addressee = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}(:[2-9]|:[1-9]\d)?$")]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_one_line)]
Lines = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_lines)]


LONGEST_IDLE, LONGEST_CLIPBOARD = 240, 3600


def service_of(addressee: str) -> str:
    """Return the service whose address ``neurology`` or ``neurology:2`` is."""
    return addressee.partition(":")[0]


def phrases_in(text: str) -> dict[str, str]:
    """Return the phrases of a text, one a line: a word, a colon, and what the word stands for.

    Raises
    ------
    ValueError
        If a line is none, or a word stands for two.
    """
    found: dict[str, str] = {}
    for n, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        word, colon, says = (part.strip() for part in line.partition(":"))
        if not (colon and says and word.isalnum()):
            raise ValueError(f"line {n} is no phrase: write a word, a colon and its text")
        if word.casefold() in found:
            raise ValueError(f"line {n}: {word} stands for another phrase already")
        found[word.casefold()] = says
    return found


def _phrases(text: str) -> str:
    phrases_in(text)
    return text


Phrases = Annotated[
    str, StringConstraints(max_length=10_000), AfterValidator(_lines), AfterValidator(_phrases)
]


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


class Page(NamedTuple):
    """A page of the settings: what stands together."""

    title: str
    says: str


# In the order in which they are listed. A field names its page; a page without a field is not shown.
PAGES: Mapping[str, Page] = {
    "senders": Page("Senders", "Printed under every letter. A new case begins with one of them."),
    "practice": Page("Practice and letterhead", "What every letter of the practice has."),
    "recipients": Page(
        "Recipients",
        "Where letters go. A letter to a recipient without an address can be read, but not issued.",
    ),
    "lock": Page("Passphrase and lock", "Who can see the cases on this computer."),
    "phrases": Page(
        "Own phrases",
        "In any text, ;; and the word, then a space, writes the phrase.",
    ),
    "backup": Page(
        "Backup", "A checked copy every 30 minutes while something changes, and when you close."
    ),
    "country": Page("Country and paper", "For new cases. A case keeps its own country."),
}

# What a dialog needs to know of a field beyond its title, description and type:
# page: where it stands; first: it is asked at the first start; lines: it has room for so many;
# of: the question of the form, or the setting, that says what it can be; options: words for what it can be;
# unit: behind a number; file: what kind of file or folder it names; short: two of them stand beside one another.
_TALL: dict[str, JsonValue] = {"lines": 4, "first": True}
_FIRST: dict[str, JsonValue] = {"first": True}
_SHORT: dict[str, JsonValue] = {"first": True, "short": True}


class Part(BaseModel):
    """A part of the settings. Values are text; what the form offers is checked where the form is known."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Sender(Part):
    """Someone who sends letters, or who writes them for someone who does."""

    name: Line = Field(
        default="", title="Name", description="Signs the letter.", json_schema_extra=_FIRST
    )
    role: Line = Field(
        default="",
        title="Role",
        description="As the recipient should read it.",
        json_schema_extra={"of": "referrer.role", "first": True},
    )
    org: Line = Field(
        default="",
        title="Practice",
        description="Stands at the head of the letter.",
        json_schema_extra=_FIRST,
    )
    address: Lines = Field(
        default="", title="Address", description="Of the practice.", json_schema_extra=_TALL
    )
    phone: Line = Field(
        default="",
        title="Direct telephone",
        description="A number that is answered.",
        json_schema_extra=_SHORT,
    )
    registration: Line = Field(
        default="",
        title="Registration number",
        description="For example GMC.",
        json_schema_extra=_SHORT,
    )
    writes_for: Line = Field(
        default="",
        title="Writes for",
        description="Another sender who signs: the letter says written by one for the other.",
        json_schema_extra={"of": "senders"},
    )


class Address(Part):
    """Where a recipient's letters go."""

    department: Line = Field(
        default="", title="Department", description="As the hospital calls it."
    )
    organisation: Line = Field(
        default="", title="Organisation", description="The hospital or practice."
    )
    address: Lines = Field(
        default="",
        title="Address",
        description="As it stands on an envelope.",
        json_schema_extra=_TALL,
    )
    phone: Line = Field(default="", title="Telephone", description="Of the department.")

    @property
    def lines(self) -> tuple[str, ...]:
        """All that an envelope says, each line once."""
        parts = (self.department, self.organisation, *self.address.split("\n"))
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    @property
    def called(self) -> str:
        """What tells it from another one: the hospital and its department, else how it begins."""
        named = (self.organisation.strip(), self.department.strip())
        return ", ".join(filter(None, named)) or next(iter(self.lines), "")


class Settings(Part):
    """All settings. What each is for stands with it; the dialogs are drawn from that."""

    senders: dict[Id, Sender] = Field(
        default={},
        title="Senders",
        description="By an id of the clinic's own, such as gp1.",
        json_schema_extra={"page": "senders"},
    )
    sender: Line = Field(
        default="",
        title="A new case begins with",
        description="The first of them, if nobody is chosen.",
        json_schema_extra={"page": "senders", "of": "senders"},
    )
    letterhead: Line = Field(
        default="",
        title="Logo",
        description="An SVG or PNG of at most 2 MB, printed at the left of the letterhead.",
        json_schema_extra={"page": "practice", "file": "picture"},
    )
    out_of_hours: Line = Field(
        default="",
        title="Out of hours",
        description="The line that patients ring outside opening hours, as their copy prints it.",
        json_schema_extra={"page": "practice"},
    )
    recipients: dict[Addressee, Address] = Field(
        default={},
        title="Recipients",
        description="Addresses, by the recipient's id in the content; a second one as neurology:2.",
        json_schema_extra={"page": "recipients", "of": "recipients"},
    )
    lock_minutes: Minutes = Field(
        default=10,
        title="Lock after",
        description="Without a key or the mouse; 0 for never.",
        json_schema_extra={"page": "lock", "unit": "minutes", "first": True},
    )
    clipboard_seconds: Seconds = Field(
        default=60,
        title="Clear what was copied after",
        description="What was copied leaves the clipboard again; 0 for never.",
        json_schema_extra={"page": "lock", "unit": "seconds"},
    )
    after_answer: Literal["next", "stay"] = Field(
        default="next",
        title="After an answer by key",
        description="Where the focus goes after a key that records.",
        json_schema_extra={
            "page": "lock",
            "options": {"next": "To the next question", "stay": "Stays on the question"},
        },
    )
    phrases: Phrases = Field(
        default="",
        title="Phrases",
        description="One a line: a word, a colon, its text. For example safety: Safety net given.",
        json_schema_extra={"page": "phrases", "lines": 10},
    )
    backup_folder: Line = Field(
        default="",
        title="Folder",
        description="Beside the cases if empty. Better another disk or share.",
        json_schema_extra={"page": "backup", "file": "folder", "first": True},
    )
    profile: Line = Field(
        default="",
        title="Country",
        description="Whose guidance a new case follows.",
        json_schema_extra={"page": "country", "of": "case.profile", **_SHORT},
    )
    paper: Literal["", "a4", "letter"] = Field(
        default="",
        title="Paper",
        description="Of letters.",
        json_schema_extra={
            "page": "country",
            "options": {"": "As the country has it", "a4": "A4", "letter": "US letter"},
            **_SHORT,
        },
    )
    content_folder: Line = Field(
        default="",
        title="Own content",
        description="A folder with the clinic's own content files, read at the next start.",
        json_schema_extra={"page": "country", "file": "folder"},
    )

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

    def address_of(self, addressee: str) -> Address:
        """Return where letters to `addressee` go, blank as far as that is not known."""
        return self.recipients.get(addressee, Address())

    def addressees_of(self, service: str) -> tuple[str, ...]:
        """Return the addresses of a service that letters can go to, by their keys."""
        kept = self.recipients.items()
        return tuple(n for n, a in kept if service_of(n) == service and a.address.strip())

    def addressee_of(self, service: str) -> str:
        """Return the one address of a service; empty where there are several, and somebody must choose."""
        known = self.addressees_of(service) or (service,)
        return known[0] if len(known) == 1 else ""
