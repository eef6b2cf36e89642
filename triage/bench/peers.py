"""Other programs that set letters, each with the same words and typeface; they come with the extra ``peers``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from importlib.util import find_spec
from itertools import chain, repeat
from pathlib import Path

import fontpkg_lato  # type: ignore[import-untyped]

from triage.bench.cases import sample_json
from triage.bench.parts import Part

Setter = Callable[[Sequence[Part]], bytes]
_FONTS = Path(fontpkg_lato.ROOT) / "files"
_CSS = (
    "".join(
        f"@font-face {{ font-family: Lato; font-weight: {weight}; src: url({(_FONTS / name).as_uri()}) }} "
        for weight, name in ((400, "Lato-Regular.ttf"), (700, "Lato-Bold.ttf"))
    )
    + """
@page { size: A4; margin: 18mm 20mm 22mm }
body { font: 10.2pt/1.35 Lato }
p, h1, h2, ul, table { margin: 0 0 4pt }
h1 { font-size: 14pt } h2 { font-size: 10.2pt }
.record { break-before: page; columns: 3; font-size: 8.5pt; line-height: 1.2 }
.record h2 { font-size: 8.5pt }
ul { padding: 0; list-style: none }
table { border-collapse: collapse }
"""
)
_TYPST = """#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 22mm))
#set document(title: [Letter])
#set text(font: "Lato", size: 10.2pt, lang: "en")
#set list(marker: none, indent: 0pt, body-indent: 0pt)
#set table(stroke: none, inset: (x: 2pt, y: 1pt))
#show heading: set text(size: 10.2pt)
"""


def peers() -> dict[str, Setter | None]:
    """Return the setters by name, warm where they can be; None where one is not installed."""
    made: dict[str, Callable[[], Setter]] = {"WeasyPrint": _weasyprint, "Typst": _typst}
    return {name: make() if find_spec(name.lower()) else None for name, make in made.items()}


def _weasyprint() -> Setter:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import (
        FontConfiguration,
    )

    fonts = FontConfiguration()
    css = CSS(string=_CSS, font_config=fonts)

    def make(parts: Sequence[Part]) -> bytes:
        page = HTML(string=html(parts))
        return bytes(page.write_pdf(stylesheets=[css], font_config=fonts))

    return make


def _typst() -> Setter:
    import typst

    told = 'relationship: "data", mime-type: "application/json", description: "The case as data"'
    attached = f'#pdf.attach("case.json", bytes({_string(sample_json())}), {told})'
    compiler = typst.Compiler(font_paths=[str(_FONTS)], ignore_system_fonts=True)

    def make(parts: Sequence[Part]) -> bytes:
        source = f"{markup(parts)}\n{attached}".encode()
        made = compiler.compile(input=source, format="pdf", pdf_standards=["a-3a", "ua-1"])
        assert isinstance(made, bytes)
        return made

    return make


def html(parts: Sequence[Part]) -> str:
    """Return a letter as a page of the web."""
    body = []
    for part in parts:
        match part.kind:
            case "record":
                body.append(f'<section class="record"><h1>{escape(part.text)}</h1>')
            case "heading":
                body.append(f"<h2>{escape(part.text)}</h2>")
            case "text":
                body.append(f"<p>{escape(part.text)}</p>")
            case "list" | "table":
                outer, inner = ("ul", "li") if part.kind == "list" else ("table", "td")
                body.append(f"<{outer}>")
                for row, is_strong in zip(part.rows, chain(part.strong, repeat(False))):  # noqa: B905
                    cells = (f"<b>{escape(c)}</b>" if is_strong else escape(c) for c in row)
                    told = "".join(f"<{inner}>{cell}</{inner}>" for cell in cells)
                    body.append(told if part.kind == "list" else f"<tr>{told}</tr>")
                body.append(f"</{outer}>")
    return f'<html lang="en"><title>Letter</title><body>{"".join(body)}'


def markup(parts: Sequence[Part]) -> str:
    """Return a letter as Typst reads it: all words as strings, so that none of them means anything."""
    body = [_TYPST]
    columns = False
    for part in parts:
        match part.kind:
            case "record":
                columns = True
                body.append("#pagebreak()\n#set text(size: 8.5pt)\n#columns(3)[")
                body.append(f"#heading(level: 1, {_string(part.text)})")
            case "heading":
                body.append(f"#heading(level: {2 if columns else 1}, {_string(part.text)})")
            case "text":
                body.append(f"#par({_string(part.text)})")
            case "list" | "table":
                rows = zip(part.rows, chain(part.strong, repeat(False)))  # noqa: B905
                cells = [
                    _strong(c) if strong else f"[#{_string(c)}]" for r, strong in rows for c in r
                ]
                wide = "" if part.kind == "list" else f"columns: {len(part.rows[0])}, "
                body.append(f"#{part.kind}({wide}{', '.join(cells)})")
    return "\n".join((*body, "]" if columns else ""))


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _strong(text: str) -> str:
    return f"strong({_string(text)})"
