"""How letters are set on paper, as ``page.toml`` says. Plain numbers and words: nothing here draws."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Paper(_Part):
    """One size of paper, in millimetres."""

    width: float = Field(gt=150, lt=500)
    height: float = Field(gt=200, lt=700)


class Margins(_Part):
    """Where things begin and end, in millimetres.

    Parameters
    ----------
    left, right
        The margins.
    axis
        Where text begins, from the left edge; labels hang left of it.
    top
        The first baseline, from the upper edge.
    bottom
        The last baseline of text, from the lower edge; the foot stands below.
    row
        From the axis to the text beside the label of a row.
    study
        The same in the list of studies.
    side
        From the axis to the sides of the studies.
    leaflet
        Both margins of a leaflet.
    """

    left: float = Field(ge=15, lt=60)
    right: float = Field(ge=8, lt=60)
    axis: float = Field(ge=30, lt=80)
    top: float = Field(ge=8, lt=60)
    bottom: float = Field(ge=20, lt=60)
    row: float = Field(ge=10, lt=60)
    study: float = Field(ge=10, lt=60)
    side: float = Field(ge=60, lt=140)
    leaflet: float = Field(ge=15, lt=60)


class Type(_Part):
    """A size of type and, where it is set in lines, what lies between two of them; in points."""

    size: float = Field(ge=8.5, le=30)
    leading: float = Field(default=0.0, ge=0, le=40)


class Sizes(_Part):
    """The sizes of everything that is set."""

    body: Type
    label: Type
    question: Type
    headline: Type
    name: Type
    details: Type
    tag: Type
    cell: Type
    practice: Type
    place: Type
    source: Type
    table: Type
    record: Type
    record_wide: Type
    foot: Type
    emergency: Type
    emergency_headline: Type
    emergency_name: Type
    emergency_details: Type
    band: Type
    leaflet: Type
    leaflet_head: Type
    leaflet_title: Type
    leaflet_small: Type
    telephone: Type


class Space(_Part):
    """Space between what is set and, where page one overflows, how far it is taken back; in points.

    Parameters
    ----------
    block, block_least
        Between blocks.
    paragraph, row
        Between the paragraphs of a block, and between rows with a label.
    patient, deciding
        Above the patient; above the question and what follows it.
    emergency
        Between the blocks of an emergency letter.
    tight
        What of the leading is left in the second step.
    """

    block: float = Field(ge=0, le=20)
    block_least: float = Field(ge=0, le=20)
    paragraph: float = Field(ge=0, le=5)
    row: float = Field(ge=0, le=5)
    patient: float = Field(ge=0, le=20)
    deciding: float = Field(ge=0, le=20)
    emergency: float = Field(ge=0, le=20)
    tight: float = Field(ge=0.9, le=1)


class Page(_Part):
    """Paper, margins and type of a letter, and the words that stand on its pages beside what it says.

    Parameters
    ----------
    page_of
        The number of the page in the foot.
    continued
        Over what a page or a column goes on with.
    letter_continued
        Over the second page of a letter.
    whole
        At the end of a typed note that page one had to cut.
    """

    papers: dict[str, Paper]
    margins: Margins
    sizes: Sizes
    space: Space
    page_of: str
    continued: str
    letter_continued: str
    whole: str
