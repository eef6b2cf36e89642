"""A receiver's own form: the fields of its PDF, filled in and set fast, with our letter behind it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from reportlab.lib.colors import CMYKColor, Color, black
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from triage.errors import LetterError
from triage.letter.receiver import Filled, Unfilled
from triage.pdf.fonts import REGULAR, register_fonts, width
from triage.pdf.text import printable
from triage.pdf.withdrawn import bar

FieldKind = Literal["text", "box", "buttons", "list", "other"]
SEE_LETTER = "see letter"
# A tree of fields that is deeper or larger than this is no form that people fill in.
_DEEPEST, _MOST_FIELDS, _MOST_PAGES = 20, 5_000, 50
# Bits of what a field or its place on the page is (ISO 32000, tables 165, 226 to 230).
_HIDDEN = 1 << 1 | 1 << 5
_MULTILINE, _PASSWORD, _FILE, _COMB = 1 << 12, 1 << 13, 1 << 20, 1 << 24
_BUTTONS, _PUSH = 1 << 15, 1 << 16
_SIZE = re.compile(rb"([\d.]+)\s+Tf")
_PAD, _USUAL, _SMALLEST, _STEP, _LEADING, _ABOVE = 2.0, 10.0, 6.5, 0.5, 1.2, 0.95
# How a place is turned, by quarters.
_TURNS = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))
# What a form does by itself: scripts, sums, sending.
_ACTS = ("/AA", "/A")
_Place = Callable[[Canvas], None]


class FormField(NamedTuple):
    """A field of a form.

    Parameters
    ----------
    name
        Its full name.
    kind
        text; box, which is ticked or not; buttons or list, of which one is chosen; other, which is not filled in.
    states
        By what it may be called: its own names and the words beside them.
    """

    name: str
    kind: FieldKind
    states: Mapping[str, str]


@dataclass(frozen=True)
class _Found:
    """A field with its object in the file and its places on the pages."""

    field: FormField
    node: Object
    places: tuple[Object, ...]
    flags: int
    longest: int


def form_fields(data: bytes) -> tuple[FormField, ...]:
    """Return the fields of a form.

    Raises
    ------
    LetterError
        If it is no form that can be filled in.
    """
    with _sound(), opened(data) as pdf:
        return tuple(found.field for found in _fields(pdf))


@contextmanager
def _sound() -> Iterator[None]:
    """Tell in a sentence of whatever a file from outside holds where a number or a list belongs."""
    try:
        yield
    except (pikepdf.PdfError, TypeError, ValueError, LookupError, AttributeError, RuntimeError):
        raise LetterError("The receiver's form is damaged: ask the receiver for it anew.") from None


def opened(data: bytes) -> Pdf:
    """Open a form.

    Raises
    ------
    LetterError
        If it is no form that can be filled in.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise LetterError(_LOCKED) from None
    except pikepdf.PdfError:
        raise LetterError("The receiver's form is no PDF, or is damaged.") from None
    if pdf.is_encrypted:
        raise LetterError(_LOCKED)
    if len(pdf.pages) > _MOST_PAGES:
        raise LetterError(f"The receiver's form has more than {_MOST_PAGES} pages.")
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary) or not _array(form, "/Fields"):
        made = "was made for one viewer alone (XFA)" if form and "/XFA" in form else ""
        raise LetterError(
            f"The receiver's form {made or 'has no fields'}: ask the receiver for a PDF with form fields (AcroForm)."
        )
    return pdf


_LOCKED = "The receiver's form is locked with a password: ask the receiver for one without."


# -- reading the fields -----------------------------------------------------------------------------


def _array(holder: Object, key: str) -> list[Object]:
    found = holder.get(key)
    return list(found) if isinstance(found, Array) else []


def _fields(pdf: Pdf) -> list[_Found]:
    found: list[_Found] = []
    seen: set[tuple[int, int]] = set()

    def walk(node: Object, name: str, given: dict[str, Object], deep: int) -> None:
        if not isinstance(node, Dictionary) or node.objgen in seen:
            return
        if deep > _DEEPEST or len(found) >= _MOST_FIELDS:
            raise LetterError(
                f"The receiver's form has more than {_MOST_FIELDS:,} fields, or they are nested too deep."
            )
        if node.objgen != (0, 0):
            seen.add(node.objgen)
        if "/T" in node:
            name = f"{name}.{node.T}" if name else str(node.T)
        given = given | {
            k: node[k] for k in ("/FT", "/Ff", "/DA", "/Q", "/MaxLen", "/Opt") if k in node
        }
        kids = [kid for kid in _array(node, "/Kids") if isinstance(kid, Dictionary)]
        if any("/T" in kid for kid in kids):
            for kid in kids:
                walk(kid, name, given, deep + 1)
        elif name and "/FT" in given:
            found.append(_found(node, name, given, tuple(kids) or (node,)))

    for node in _array(pdf.Root.AcroForm, "/Fields"):
        walk(node, "", {}, 0)
    return found


def _found(
    node: Object, name: str, given: Mapping[str, Object], places: tuple[Object, ...]
) -> _Found:
    flags = int(given.get("/Ff", 0))
    for key, value in given.items():
        # What is said above it once is said here, where it is looked for.
        node[key] = value
    shown = [p for p in places if "/Rect" in p and not int(p.get("/F", 0)) & _HIDDEN]
    kind, states = _kind(str(given["/FT"]), flags), dict[str, str]()
    options = _array(node, "/Opt")
    if kind == "list":
        for option in options:
            pair = (
                [str(part) for part in option] if isinstance(option, Array) else [str(option)] * 2
            )
            states |= {pair[0]: pair[-1], pair[-1]: pair[-1]}
    elif kind in ("box", "buttons"):
        own = [state for place in shown for state in _states(place)]
        states = {state: state for state in own}
        if options and len(options) == len(places):
            states |= {
                str(option): state
                for option, place in zip(options, places, strict=True)
                for state in _states(place)
            }
    return _Found(
        FormField(name, kind if shown else "other", states),
        node,
        tuple(shown),
        flags,
        int(given.get("/MaxLen", 0)),
    )


def _kind(kind: str, flags: int) -> FieldKind:
    if kind == "/Tx" and not flags & (_PASSWORD | _FILE):
        return "text"
    if kind == "/Btn" and not flags & _PUSH:
        return "buttons" if flags & _BUTTONS else "box"
    return "list" if kind == "/Ch" else "other"


def _states(place: Object) -> list[str]:
    """Return the states that a place on the page can show, but the empty one."""
    looks = place.get("/AP", Dictionary()).get("/N")
    if not isinstance(looks, Dictionary):
        return []
    return [str(key).removeprefix("/") for key, _ in looks.items() if key != "/Off"]


# -- filling them -----------------------------------------------------------------------------------


def fill(pdf: Pdf, entries: tuple[Filled, ...]) -> tuple[list[_Found], list[Unfilled]]:
    """Put values into the fields of a form, each with what it looks like; return those, and what could not be put.

    Words never end in the middle: where a field has no room for all of them, it refers to the letter. What is to be
    blank is blank, whatever the form comes with.
    """
    glyphs = register_fonts()
    fields = _fields(pdf)
    filled: list[_Found] = []
    left: list[Unfilled] = []
    drawn: list[tuple[Object, _Place]] = []
    for entry in entries:
        same = [found for found in fields if found.field.name == entry.field]
        if not same:
            left.append(Unfilled(entry.field, "the form has no such field"))
        for found in same:
            _empty(found)
            if not (entry.text or entry.state or entry.ticks):
                continue
            looks, why = _put(found, entry._replace(text=printable(entry.text, glyphs)))
            drawn += looks
            if why:
                left.append(Unfilled(entry.field, why))
            if "/V" in found.node:
                filled.append(found)
    _draw(pdf, drawn)
    return filled, left


def _empty(found: _Found) -> None:
    """Take out what a form comes with in a field: nobody has answered that."""
    for key in ("/V", "/DV", "/I", "/RV"):
        if key in found.node:
            del found.node[key]
    for place in found.places:
        if found.field.kind in ("box", "buttons"):
            place.AS = Name.Off
        elif found.field.kind in ("text", "list") and "/AP" in place:
            del place.AP


def _put(found: _Found, entry: Filled) -> tuple[list[tuple[Object, _Place]], str]:
    """Put a value into a field; return what is drawn at its places, and why it is not there as it was wished."""
    kind, node, state = found.field.kind, found.node, _state_of(found.field, entry)
    if entry.text and kind == "text":
        if (looks := _looks(found, entry.text, entry.most)) is not None:
            node.V = String(entry.text)
            return looks, ""
        if (looks := _looks(found, SEE_LETTER, 0)) is not None:
            node.V = String(SEE_LETTER)
            return looks, f"there is no room for all of it, it says “{SEE_LETTER}”"
        return [], "there is no room for it, left blank"
    if state and kind in ("box", "buttons"):
        node.V = Name(f"/{state}")
        for place in found.places:
            place.AS = node.V if state in _states(place) else Name.Off
        return [], ""
    if state and kind == "list" and (looks := _looks(found, state, 0)) is not None:
        pairs = [option for option in _array(node, "/Opt") if isinstance(option, Array)]
        node.V = {str(pair[-1]): pair[0] for pair in pairs}.get(state, String(state))
        return looks, ""
    return [], "the form's field does not take it, left blank"


def _state_of(field: FormField, entry: Filled) -> str:
    """Return the form's own name of a state; empty if it has no such state."""
    if entry.ticks and not entry.state and len(set(field.states.values())) == 1:
        return next(iter(field.states.values()))
    return field.states.get(entry.state, "")


def _looks(found: _Found, text: str, most: int) -> list[tuple[Object, _Place]] | None:
    """Return what a text looks like at each place of a field; None if it has no room for all of it."""
    if any(limit and len(text) > limit for limit in (most, found.longest)):
        return None
    node, places = found.node, list[tuple[Object, _Place]]()
    set_size = _SIZE.search(bytes(node.get("/DA", String(""))))
    size = float(set_size[1]) if set_size else 0.0
    for place in found.places:
        wide, tall = _sides(place)
        if found.field.kind == "text" and found.flags & _COMB and found.longest:
            places.append((place, _combed(text, wide, tall, found.longest)))
            continue
        several = found.field.kind == "text" and bool(found.flags & _MULTILINE)
        drawn = _lines(text, wide, tall, size, int(node.get("/Q", 0)), several=several)
        if drawn is None:
            return None
        places.append((place, drawn))
    return places


def _lines(
    text: str, wide: float, tall: float, size: float, side: int, *, several: bool
) -> _Place | None:
    """Return lines of text at the size that the form sets, or smaller while they are still easy to read."""
    room = wide - 2 * _PAD
    size = size or min(_USUAL, max(tall - 2 * _PAD, _SMALLEST))
    smallest = min(size, _SMALLEST)
    while size >= smallest:
        lines = simpleSplit(text, REGULAR, size, room) if several else [" ".join(text.split())]
        high = len(lines) * size * _LEADING
        if high <= tall + (-_PAD if several else _PAD) and all(
            width(line, REGULAR, size) <= room for line in lines
        ):
            break
        size -= _STEP
    else:
        return None
    top = tall - (_PAD / 2 if several else (tall - high) / 2)
    draws = (Canvas.drawString, Canvas.drawCentredString, Canvas.drawRightString)
    at, draw = ((_PAD, wide / 2, wide - _PAD)[side % 3], draws[side % 3])

    def drawn(canvas: Canvas) -> None:
        canvas.setFont(REGULAR, size)
        for number, line in enumerate(lines):
            draw(canvas, at, top - size * (_ABOVE + number * _LEADING), line)

    return drawn


def _combed(text: str, wide: float, tall: float, cells: int) -> _Place:
    """Return a text one character a cell."""
    cell = wide / cells
    size = min(_USUAL, tall - _PAD, cell * 1.2)

    def drawn(canvas: Canvas) -> None:
        canvas.setFont(REGULAR, size)
        for number, character in enumerate(text):
            canvas.drawCentredString((number + 0.5) * cell, (tall - size * 0.7) / 2, character)

    return drawn


def _draw(pdf: Pdf, drawn: list[tuple[Object, _Place]]) -> None:
    """Give places on the pages their looks, all from one file, so that they share its typeface."""
    if not drawn:
        return
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, initialFontName=REGULAR)
    for place, draw in drawn:
        _frame(canvas, place)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(out) as pages:
        for (place, _), page in zip(drawn, pages.pages, strict=True):
            place.AP = Dictionary(N=pdf.copy_foreign(page.as_form_xobject()))
            place.AP.N.Matrix = Array([*_TURNS[_turn(place)], 0, 0])
            if "/AS" in place:
                del place.AS


def _frame(canvas: Canvas, place: Object) -> None:
    """Begin a page as large as a place, with the ground and the line around it that the form gives it."""
    wide, tall = _sides(place)
    canvas.setPageSize((wide, tall))
    look = place.get("/MK", Dictionary())
    ground, edge = (_colour(look, key) for key in ("/BG", "/BC"))
    line = float(place.get("/BS", Dictionary()).get("/W", 1)) if edge else 0
    if ground:
        canvas.setFillColor(ground)
        canvas.rect(0, 0, wide, tall, stroke=0, fill=1)
    if edge and line:
        canvas.setStrokeColor(edge)
        canvas.setLineWidth(line)
        canvas.rect(line / 2, line / 2, wide - line, tall - line)
    canvas.setFillColor(black)


def _sides(place: Object) -> tuple[float, float]:
    """Return how wide and high a place is for who reads it, on a page that is turned."""
    left, low, right, high = map(float, place.Rect)
    wide, tall = abs(right - left), abs(high - low)
    return (tall, wide) if _turn(place) % 2 else (wide, tall)


def _turn(place: Object) -> int:
    """Return by how many quarters what stands in a place is turned, against the clock."""
    return int(place.get("/MK", Dictionary()).get("/R", 0)) // 90 % 4


def _colour(look: Object, key: str) -> Color | None:
    parts = [float(part) for part in _array(look, key)]
    makes: dict[int, Callable[..., Color]] = {
        1: lambda grey: Color(grey, grey, grey),
        3: Color,
        4: CMYKColor,
    }
    return makes[len(parts)](*parts) if len(parts) in makes else None


# -- setting it fast, and the letter behind it ------------------------------------------------------


def completed(
    data: bytes, entries: tuple[Filled, ...], letter: bytes, draft: str
) -> tuple[bytes, tuple[Unfilled, ...]]:
    """Return a form with what is put into it, and the letter behind it; and what could not be put there.

    What is filled in becomes part of the page: no viewer changes it, or shows it otherwise. What is blank stays a
    field, for a person to complete. Scripts and what sends the form go. The letter keeps its tags, its outline and
    the case that it carries; the whole is no PDF/A and no PDF/UA any more, for the form is none.

    Parameters
    ----------
    data
        The form.
    entries
        What is put into it.
    letter
        The file of the letter.
    draft
        What each page of the form says at its head; nothing if empty.
    """
    with _sound(), opened(data) as form, pikepdf.open(io.BytesIO(letter)) as whole:
        filled, left = fill(form, entries)
        settle(form, filled)
        if draft:
            _mark(form, draft)
        _put_before(whole, form)
        out = io.BytesIO()
        with warnings.catch_warnings():
            # A form may show fields that it does not list: they are left as they are.
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
            whole.save(out, deterministic_id=True)
    return out.getvalue(), tuple(left)


def settle(pdf: Pdf, filled: list[_Found]) -> None:
    """Make what is filled in a part of its page; what is blank stays a field."""
    form = pdf.Root.AcroForm
    places = [place for found in filled for place in found.places]
    fast = {place.objgen for place in places}
    for key in ("/NeedAppearances", "/XFA", "/CO"):
        if key in form:
            del form[key]
    rest: list[tuple[pikepdf.Page, list[Object]]] = []
    for page in pdf.pages:
        annotations = _array(page.obj, "/Annots")
        rest.append((page, [one for one in annotations if one.objgen not in fast]))
        page.obj.Annots = Array([one for one in annotations if one.objgen in fast])
    pdf.flatten_annotations()
    pdf.Root.AcroForm = form
    for page, annotations in rest:
        page.obj.Annots = Array(annotations)
    form.Fields = _without(_array(form, "/Fields"), {found.node.objgen for found in filled})
    _quieten(pdf)


def _without(nodes: list[Object], gone: set[tuple[int, int]]) -> Array:
    kept = []
    for node in nodes:
        if node.objgen in gone:
            continue
        kids = _array(node, "/Kids")
        if any("/T" in kid for kid in kids):
            node.Kids = _without(kids, gone)
            if not len(node.Kids):
                continue
        kept.append(node)
    return Array(kept)


def _quieten(pdf: Pdf) -> None:
    """Take out what a form does by itself."""
    for page in pdf.pages:
        for holder in (page.obj, *_array(page.obj, "/Annots")):
            for key in (*_ACTS, "/StructParents", "/StructParent"):
                if key in holder:
                    del holder[key]
    for found in _fields(pdf):
        for key in _ACTS:
            if key in found.node:
                del found.node[key]


def _mark(pdf: Pdf, says: str) -> None:
    register_fonts()
    for page in pdf.pages:
        left, low, right, high = map(float, page.mediabox)
        with pikepdf.open(io.BytesIO(bar(says, right - left, high - low))) as drawn:
            page.add_overlay(drawn.pages[0], pikepdf.Rectangle(left, low, right, high))


def _put_before(letter: Pdf, form: Pdf) -> None:
    """Put the pages of a form before those of a letter, with the fields that are left."""
    for number, page in enumerate(form.pages):
        letter.pages.insert(number, page)
    fields = form.Root.AcroForm
    if len(fields.Fields):
        # After the pages: what stands on them is then known, and is not copied a second time.
        letter.Root.AcroForm = letter.copy_foreign(form.make_indirect(fields))
    for key in ("/Metadata", "/OutputIntents"):
        if key in letter.Root:
            del letter.Root[key]
