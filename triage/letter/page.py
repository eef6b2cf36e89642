"""How letters are set on paper, as ``page.toml`` says. Plain numbers: nothing here draws."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Paper(_Part):
    """One size of paper, in millimetres."""

    width: float = Field(gt=90, lt=500)
    height: float = Field(gt=90, lt=500)


class Margins(_Part):
    """Margins and the column of headings, in millimetres."""

    left: float = Field(ge=8, lt=60)
    right: float = Field(ge=8, lt=60)
    top: float = Field(ge=8, lt=60)
    bottom: float = Field(ge=14, lt=60)
    gutter: float = Field(ge=0, lt=60)


class Sizes(_Part):
    """Sizes of type, in points."""

    body: float = Field(ge=8, le=16)
    small: float = Field(ge=6, le=12)
    heading: float = Field(ge=8, le=16)
    banner: float = Field(ge=8, le=20)
    leading: float = Field(ge=1.05, le=1.8)


class Page(_Part):
    """Paper, margins and type of a letter, and what stands on each page."""

    papers: dict[str, Paper]
    margins: Margins
    sizes: Sizes
    page_of: str
    watermark: str
