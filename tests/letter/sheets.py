"""``python -m tests.letter.sheets OUT``: every letter of the completed vignettes as pictures, one sheet a vignette."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

from tests.letter.letters import pdf_of, sent

DPI, ACROSS, GAP, CAPTION = 90, 4, 12, 16


def main(out: Path) -> int:
    """Write a sheet for each vignette to `out`; return how many letters could not be made."""
    out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for path, letters in groupby(sent(), key=lambda letter: letter.path):
        pages: list[tuple[str, Image.Image]] = []
        for letter in letters:
            try:
                pages += _pages(letter.name, pdf_of(letter))
            except Exception as error:
                # One that fails is told of; the others are looked at all the same.
                failed += 1
                print(f"{letter.name}: {error!r}", file=sys.stderr)
        if pages:
            _sheet(pages).save(out / f"{path.stem}.png")
    return failed


def _pages(name: str, pdf: bytes) -> Iterator[tuple[str, Image.Image]]:
    with pypdfium2.PdfDocument(pdf) as document:
        for n, page in enumerate(document, start=1):
            yield f"{name} {n}", page.render(scale=DPI / 72).to_pil()


def _sheet(pages: list[tuple[str, Image.Image]]) -> Image.Image:
    """Return pages with their names, side by side, as many as go across."""
    width = max(page.width for _, page in pages) + GAP
    height = max(page.height for _, page in pages) + GAP + CAPTION
    down = -(-len(pages) // ACROSS)
    sheet = Image.new("L", (width * min(ACROSS, len(pages)) + GAP, height * down + GAP), 160)
    draw = ImageDraw.Draw(sheet)
    for n, (name, page) in enumerate(pages):
        left, top = GAP + n % ACROSS * width, GAP + n // ACROSS * height
        draw.text((left, top), name, fill=0)
        sheet.paste(page.convert("L"), (left, top + CAPTION))
    return sheet


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
