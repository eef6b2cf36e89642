"""How letters are set on paper, as ``page.toml`` says. Plain numbers and words: nothing here draws."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

# The least room for labels and for text, in millimetres.
_LABELS, _TEXT, _SIDES = 25, 100, 15
# The most between two lines of the foot, in points.
_FOOT = 13


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
    leaflet: float = Field(ge=15, lt=50)

    @model_validator(mode="after")
    def _have_room(self) -> Self:
        if self.axis < self.left + _LABELS:
            raise ValueError(f"axis is at least {_LABELS} mm right of left: labels stand there")
        if self.side < self.study + 30:
            raise ValueError("side is at least 30 mm right of study: the studies stand there")
        return self


class Type(_Part):
    """A size of type in points."""

    size: float = Field(ge=8.5, le=12)


class Lines(Type):
    """A size of type that is set in lines, and what lies between two of them; in points."""

    size: float = Field(ge=8.5, le=18)
    leading: float = Field(le=40)

    @model_validator(mode="after")
    def _are_apart(self) -> Self:
        if self.leading < self.size:
            raise ValueError("leading is at least as large as size: lines would lie on one another")
        return self


class Text(Lines):
    """A size of type in which there is much to read."""

    size: float = Field(ge=8.5, le=14)


class Large(Lines):
    """A size of type of a sheet that is read from afar."""

    size: float = Field(ge=8.5, le=30)


class Band(Type):
    """The size of type on the band of an emergency."""

    size: float = Field(ge=8.5, le=20)


class Sizes(_Part):
    """The sizes of everything that is set."""

    body: Text
    label: Type
    question: Text
    headline: Lines
    name: Lines
    details: Text
    tag: Type
    cell: Lines
    practice: Lines
    place: Text
    source: Type
    table: Text
    record: Text
    record_wide: Text
    foot: Text
    emergency: Lines
    emergency_headline: Large
    emergency_name: Lines
    emergency_details: Lines
    band: Band
    leaflet: Large
    leaflet_head: Large
    leaflet_title: Large
    leaflet_small: Large
    telephone: Large


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

    @model_validator(mode="after")
    def _can_be_taken_back(self) -> Self:
        if self.block_least > self.block:
            raise ValueError("block_least is at most block: space is taken back to it")
        return self


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

    @model_validator(mode="after")
    def _holds_text(self) -> Self:
        if self.sizes.foot.leading > _FOOT:
            raise ValueError(f"the foot has a leading of at most {_FOOT}: three lines stand there")
        least = self.space.tight * self.sizes.body.leading
        if max(self.sizes.label.size, self.sizes.source.size) > least:
            raise ValueError(
                "label and source are smaller than the leading of body, which is theirs"
            )
        m = self.margins
        for name, paper in self.papers.items():
            room = paper.width - m.right - m.axis
            if min(room, paper.width - 2 * m.leaflet) < _TEXT:
                raise ValueError(
                    f"the paper {name!r} is too narrow for its margins: {_TEXT} mm of text are needed"
                )
            if room < m.side + _SIDES:
                raise ValueError(
                    f"the paper {name!r} has no room right of side: {_SIDES} mm are needed"
                )
        return self
