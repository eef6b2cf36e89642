"""A receiver's own form: the fields of its PDF, filled in and set fast, with our letter behind it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from reportlab.lib.colors import CMYKColor, Color, black, red, white
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
_BUTTONS, _PUSH, _TYPED = 1 << 15, 1 << 16, 1 << 18
_SIZE = re.compile(rb"([\d.]+)\s+Tf")
_FONT = re.compile(rb"/(\S*)\s+[\d.]+\s+Tf")
# Words on a ground whose red, green and blue come to less are white.
_DARK = 1.2
_PAD, _USUAL, _SMALLEST, _STEP, _LEADING, _ABOVE = 2.0, 10.0, 6.5, 0.5, 1.2, 0.95
# How a place is turned, by quarters.
_TURNS = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))
# What a form does by itself: scripts, sums, sending.
_ACTS = ("/AA", "/A")
# What is drawn on a page beside the fields, and may cover what lies under it.
_COVERS = ("/Circle", "/FreeText", "/Highlight", "/Polygon", "/Square", "/Stamp")
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
    any_words
        Whether it takes any words: a text, or a list into which one may type.
    says
        What the form says of it to who points at it.
    page
        The first page on which it stands.
    most
        How many characters it takes; 0 for as many as there is room for.
    """

    name: str
    kind: FieldKind
    states: Mapping[str, str]
    any_words: bool = False
    says: str = ""
    page: int = 1
    most: int = 0


@dataclass(frozen=True)
class _Found:
    """A field with its object in the file and its places on the pages."""

    field: FormField
    node: Object
    places: tuple[Object, ...]
    flags: int


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
    # Many are protected against changes, and are there to be filled in all the same.
    if not pdf.allow.modify_form:
        raise LetterError(
            "The receiver's form forbids to fill it in: ask the receiver for one that does not."
        )
    if len(pdf.pages) > _MOST_PAGES:
        raise LetterError(f"The receiver's form has more than {_MOST_PAGES} pages.")
    if not isinstance(pdf.Root.get("/AcroForm"), Dictionary):
        pdf.Root.AcroForm = Dictionary()
    form = pdf.Root.AcroForm
    form.Fields = Array([*_array(form, "/Fields"), *_unlisted(pdf)])
    drawn_elsewhere = bool(pdf.Root.get("/NeedsRendering"))
    if drawn_elsewhere or all(found.field.kind == "other" for found in _fields(pdf)):
        xfa = drawn_elsewhere or "/XFA" in form
        why = "was made for one viewer alone (XFA)" if xfa else "has no fields to fill in"
        raise LetterError(
            f"The receiver's form {why}: ask the receiver for a PDF with form fields (AcroForm)."
        )
    return pdf


_LOCKED = "The receiver's form is locked with a password: ask the receiver for one without."


# -- reading the fields -----------------------------------------------------------------------------


def _array(holder: Object, key: str) -> list[Object]:
    found = holder.get(key)
    return list(found) if isinstance(found, Array) else []


def _on_pages(pdf: Pdf) -> Iterator[tuple[Object, int]]:
    """Yield what stands on the pages as a place of a field, each with the number of its page."""
    for number, page in enumerate(pdf.pages, 1):
        for one in _array(page.obj, "/Annots"):
            if isinstance(one, Dictionary) and one.get("/Subtype") == Name.Widget:
                yield one, number


def _unlisted(pdf: Pdf) -> list[Object]:
    """Return the fields that stand on a page, but not in the form's list: some programs lose it."""
    known = {node.objgen for node in _array(pdf.Root.AcroForm, "/Fields")}
    rest: dict[tuple[int, int], Object] = {}
    for node, _ in _on_pages(pdf):
        for _ in range(_DEEPEST):
            if not isinstance(node.get("/Parent"), Dictionary):
                break
            node = node.Parent
        if node.objgen != (0, 0) and node.objgen not in known:
            rest[node.objgen] = node
    return list(rest.values())


def _fields(pdf: Pdf) -> list[_Found]:
    found: list[_Found] = []
    seen: set[tuple[int, int]] = set()
    pages = {place.objgen: page for place, page in _on_pages(pdf) if place.objgen != (0, 0)}

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
            places = [place for place in kids or [node] if place.objgen in pages]
            page = min((pages[place.objgen] for place in places), default=1)
            found.append(_found(node, name, given, places, page))

    form = pdf.Root.AcroForm
    usual = {key: form[key] for key in ("/DA", "/Q") if key in form}
    for node in _array(form, "/Fields"):
        walk(node, "", usual, 0)
    return found


def _found(
    node: Object, name: str, given: Mapping[str, Object], places: Sequence[Object], page: int
) -> _Found:
    flags = int(given.get("/Ff", 0))
    for key, value in given.items():
        # What is said above it once is said here, where it is looked for.
        node[key] = value
    shown = [p for p in places if "/Rect" in p and not int(p.get("/F", 0)) & _HIDDEN]
    kind = _kind(str(given["/FT"]), flags) if shown else "other"
    states: dict[str, str] = {}
    options = _array(node, "/Opt")
    if kind == "list":
        states = {words: words for _, words in _choices(node)}
        # The words that one reads come first: "1" may be what the file calls "2".
        states |= {own: words for own, words in _meant(_choices(node)).items() if own not in states}
    elif kind in ("box", "buttons"):
        states = {state: state for place in shown for state in _states(place)}
        if options and len(options) == len(places):
            states |= _meant(
                (str(option), state)
                for option, place in zip(options, places, strict=True)
                for state in _states(place)
            )
        elif not states and kind == "box":
            # It has no looks at all: so its ticked state is called by most.
            states = {"Yes": "Yes"}
    any_words = kind == "text" or (kind == "list" and bool(flags & _TYPED))
    if not states and not any_words:
        # Nothing could be put there.
        kind = "other"
    says, most = str(node.get("/TU", "")), int(given.get("/MaxLen", 0))
    field = FormField(name, kind, states, any_words, says, page, most)
    return _Found(field, node, tuple(shown), flags)


def _choices(node: Object) -> list[tuple[str, str]]:
    """Return the choices of a list: what each is called in the file, and the words that are shown."""
    pairs = (
        [*option] if isinstance(option, Array) else [option] for option in _array(node, "/Opt")
    )
    return [(str(pair[0]), str(pair[-1])) for pair in pairs if pair]


def _meant(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return by name what it means, without the names that mean more than one thing."""
    found: dict[str, set[str]] = {}
    for name, state in pairs:
        found.setdefault(name, set()).add(state)
    return {name: states.pop() for name, states in found.items() if len(states) == 1}


def _kind(kind: str, flags: int) -> FieldKind:
    if kind == "/Tx" and not flags & (_PASSWORD | _FILE):
        return "text"
    if kind == "/Btn" and not flags & _PUSH:
        return "buttons" if flags & _BUTTONS else "box"
    return "list" if kind == "/Ch" else "other"


def _states(place: Object) -> dict[str, str]:
    """Return the states that a place on the page can show, but the empty one: as one reads it, its name in the file."""
    looks = place.get("/AP", Dictionary()).get("/N")
    if not isinstance(looks, Dictionary):
        return {}
    names = (str(key) for key, _ in looks.items())
    return {_read(name): name for name in names if name not in ("/Off", "/")}


def _read(name: str) -> str:
    """Return a name as one reads it: many programs write no UTF-8 there."""
    own = name.removeprefix("/").encode("utf-8", "surrogateescape")
    try:
        return own.decode("utf-8")
    except UnicodeDecodeError:
        return own.decode("latin-1")


def _name(name: str) -> Object:
    """Return a name for the file, also one that is no UTF-8."""
    own = name.removeprefix("/").encode("utf-8", "surrogateescape")
    return Object.parse(b"/" + b"".join(b"#%02x" % byte for byte in own))


# -- filling them -----------------------------------------------------------------------------------


def fill(pdf: Pdf, entries: tuple[Filled, ...]) -> tuple[list[_Found], list[Unfilled]]:
    """Put values into the fields of a form, each with what it looks like; return those, and what could not be put.

    Words never end in the middle: where a field has no room for all of them, it refers to the letter. What is to be
    blank is blank, whatever the form comes with.
    """
    glyphs = register_fonts()
    fields, fonts = _fields(pdf), _fonts(pdf.Root.AcroForm.get("/DR"))
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
            looks, why = _put(found, entry._replace(text=printable(entry.text, glyphs)), fonts)
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


def _put(found: _Found, entry: Filled, fonts: set[str]) -> tuple[list[tuple[Object, _Place]], str]:
    """Put a value into a field; return what is drawn at its places, and why it is not there as it was wished."""
    kind, node, state = found.field.kind, found.node, _state_of(found.field, entry)
    if entry.text and found.field.any_words:
        if (looks := _looks(found, entry.text, entry.most)) is not None:
            node.V = String(entry.text)
            return looks, ""
        if (looks := _looks(found, SEE_LETTER, 0)) is not None:
            node.V = String(SEE_LETTER)
            return looks, f"there is no room for all of it, it says “{SEE_LETTER}”"
        return [], "there is no room for it, left blank"
    if state and kind in ("box", "buttons"):
        own = (_states(place).get(state) for place in found.places)
        node.V = _name(next(filter(None, own), f"/{state}"))
        return [look for place in found.places for look in _tick(place, state, fonts)], ""
    if state and kind == "list" and (looks := _looks(found, state, 0)) is not None:
        node.V = String(next((own for own, words in _choices(node) if words == state), state))
        return looks, ""
    return [], "the form's field does not take it, left blank"


def _tick(place: Object, state: str, fonts: set[str]) -> Iterator[tuple[Object, _Place]]:
    """Tick a place if it has this state; yield what is drawn there where the form leaves its looks to the viewer."""
    own = _states(place) or {state: f"/{state}"}
    ticked = state in own
    place.AS = _name(own[state]) if ticked else Name.Off
    looks = place.get("/AP", Dictionary()).get("/N")
    drawn = dict(looks.items()) if isinstance(looks, Dictionary) else {}
    if ticked and not _shows(drawn.get(own[state]), fonts):
        yield place, _cross(*_sides(place))
    elif not ticked and not any(isinstance(look, Stream) for look in drawn.values()):
        yield place, lambda canvas: None


def _shows(look: Object | None, fonts: set[str]) -> bool:
    """Return whether a look shows anything, in typefaces that are there."""
    if not isinstance(look, Stream) or not (content := look.read_bytes().strip()):
        return False
    known = fonts | _fonts(look.get("/Resources"))
    return {f"/{name.decode('latin-1')}" for name in _FONT.findall(content)} <= known


def _fonts(resources: Object | None) -> set[str]:
    held = resources.get("/Font") if isinstance(resources, Dictionary) else None
    return set(held.keys()) if isinstance(held, Dictionary) else set()


def _cross(wide: float, tall: float) -> _Place:
    """Return a cross that fills most of a box."""
    half = min(wide, tall) * 0.3

    def drawn(canvas: Canvas) -> None:
        canvas.setLineWidth(half / 4)
        canvas.setLineCap(1)
        for up in (half, -half):
            canvas.line(wide / 2 - half, tall / 2 - up, wide / 2 + half, tall / 2 + up)

    return drawn


def _state_of(field: FormField, entry: Filled) -> str:
    """Return the form's own name of a state; empty if it has no such state."""
    if entry.ticks and not entry.state and len(set(field.states.values())) == 1:
        return next(iter(field.states.values()))
    return field.states.get(entry.state, "")


def _looks(found: _Found, text: str, most: int) -> list[tuple[Object, _Place]] | None:
    """Return what a text looks like at each place of a field; None if it has no room for all of it."""
    if any(limit and len(text) > limit for limit in (most, found.field.most)):
        return None
    node, places = found.node, list[tuple[Object, _Place]]()
    usual = node.get("/DA")
    set_size = _SIZE.search(bytes(usual)) if isinstance(usual, String) else None
    size = float(set_size[1]) if set_size else 0.0
    for place in found.places:
        wide, tall = _sides(place)
        if found.field.kind == "text" and found.flags & _COMB and found.field.most:
            edge = _colour(place.get("/MK", Dictionary()), "/BC")
            places.append((place, _combed(text, wide, tall, found.field.most, edge)))
            continue
        several = found.field.kind == "text" and bool(found.flags & _MULTILINE)
        # Inside the line around it, which the usual pad holds a thin one of.
        thick = max(_line(place) - 1, 0)
        wide, tall = wide - 2 * thick, tall - 2 * thick
        drawn = _lines(text, wide, tall, size, int(node.get("/Q", 0)), several=several)
        if drawn is None:
            return None
        places.append((place, _moved(drawn, thick)))
    return places


def _moved(draw: _Place, by: float) -> _Place:
    def drawn(canvas: Canvas) -> None:
        canvas.translate(by, by)
        draw(canvas)

    return drawn


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
    top = tall - (_PAD if several else (tall - high) / 2)
    draws = (Canvas.drawString, Canvas.drawCentredString, Canvas.drawRightString)
    at, draw = ((_PAD, wide / 2, wide - _PAD)[side % 3], draws[side % 3])

    def drawn(canvas: Canvas) -> None:
        canvas.setFont(REGULAR, size)
        for number, line in enumerate(lines):
            draw(canvas, at, top - size * (_ABOVE + number * _LEADING), line)

    return drawn


def _combed(text: str, wide: float, tall: float, cells: int, edge: Color | None) -> _Place:
    """Return a text one character a cell, with lines between the cells if there is one around them."""
    cell = wide / cells
    size = min(_USUAL, tall - _PAD, cell * 1.2)

    def drawn(canvas: Canvas) -> None:
        canvas.setFont(REGULAR, size)
        for number, character in enumerate(text):
            canvas.drawCentredString((number + 0.5) * cell, (tall - size * 0.7) / 2, character)
        if edge and cell > _PAD:
            canvas.setStrokeColor(edge)
            for number in range(1, cells):
                canvas.line(number * cell, 0, number * cell, tall)

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
    line = _line(place)
    if ground:
        canvas.setFillColor(ground)
        canvas.rect(0, 0, wide, tall, stroke=0, fill=1)
    if edge and line:
        canvas.setStrokeColor(edge)
        canvas.setLineWidth(line)
        canvas.rect(line / 2, line / 2, wide - line, tall - line)
    ink = white if ground and sum(ground.rgb()) < _DARK else black
    canvas.setFillColor(ink)
    canvas.setStrokeColor(ink)


def _line(place: Object) -> float:
    """Return how thick the line around a place is."""
    if not _colour(place.get("/MK", Dictionary()), "/BC"):
        return 0.0
    return float(place.get("/BS", Dictionary()).get("/W", 1))


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


def numbered(data: bytes, numbers: Mapping[str, int]) -> bytes:
    """Return a form with the number of each field, by its name, at each of its places, and which state one has there.

    Raises
    ------
    LetterError
        If it is no form that can be filled in.
    """
    register_fonts()
    out = io.BytesIO()
    with _sound(), opened(data) as pdf:
        shown = [found for found in _fields(pdf) if found.field.name in numbers]
        drawn = [
            (place, _number(f"{numbers[found.field.name]} {state}".strip(), *_sides(place)))
            for found in shown
            for place in found.places
            for state in [" ".join(_states(place)) if len(found.places) > 1 else ""]
        ]
        _draw(pdf, drawn)
        settle(pdf, shown)
        pdf.save(out, encryption=False)
    return out.getvalue()


def _number(text: str, wide: float, tall: float) -> _Place:
    size = min(_USUAL, tall, _USUAL * wide / width(text, REGULAR, _USUAL))

    def drawn(canvas: Canvas) -> None:
        canvas.setFillColor(red)
        canvas.setFont(REGULAR, size)
        canvas.drawCentredString(wide / 2, (tall - size * 0.7) / 2, text)

    return drawn


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
        left += _unsigned(form)
        settle(form, filled)
        if draft:
            _mark(form, draft)
        _put_before(whole, form)
        out = io.BytesIO()
        with warnings.catch_warnings():
            # A damaged form may show what no list of fields leads to: it is left as it is.
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
            whole.save(out, deterministic_id=True)
    return out.getvalue(), tuple(left)


def _unsigned(pdf: Pdf) -> list[Unfilled]:
    """Take out the signatures under a form, which hold of what it was before it was filled in; return these fields."""
    gone = []
    for found in _fields(pdf):
        if found.node.get("/FT") == Name.Sig and "/V" in found.node:
            gone.append(
                Unfilled(found.field.name, "the form was signed, the signature is taken out")
            )
            for holder, key in ((found.node, "/V"), *((place, "/AP") for place in found.places)):
                if key in holder:
                    del holder[key]
    return gone


def settle(pdf: Pdf, filled: list[_Found]) -> None:
    """Make what is filled in a part of its page; what is blank stays a field."""
    form = pdf.Root.AcroForm
    places = [place for found in filled for place in found.places]
    fast = {place.objgen for place in places}
    # What is left to the viewer would not be set fast, and what is signed is so no longer.
    to_viewer = form.get("/NeedAppearances")
    for key in ("/NeedAppearances", "/XFA", "/CO", "/SigFlags"):
        if key in form:
            del form[key]
    rest: list[tuple[pikepdf.Page, list[Object]]] = []
    for page in pdf.pages:
        annotations = _array(page.obj, "/Annots")
        if places:
            # What is drawn under a field stays under it.
            fast |= {one.objgen for one in annotations if _is_drawing(one)} - {(0, 0)}
        rest.append((page, [one for one in annotations if one.objgen not in fast]))
        page.obj.Annots = Array([one for one in annotations if one.objgen in fast])
    pdf.flatten_annotations()
    pdf.Root.AcroForm = form
    if to_viewer is not None:
        form.NeedAppearances = to_viewer
    for page, annotations in rest:
        page.obj.Annots = Array(annotations)
    form.Fields = _without(_array(form, "/Fields"), {found.node.objgen for found in filled})
    _quieten(pdf)


def _is_drawing(annotation: Object) -> bool:
    looks = annotation.get("/AP") if isinstance(annotation, Dictionary) else None
    return (
        isinstance(looks, Dictionary)
        and isinstance(looks.get("/N"), Stream)
        and str(annotation.get("/Subtype")) in _COVERS
    )


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
    """Say something at the head of each page, as it is shown: some are turned, of some a part is cut off."""
    register_fonts()
    for page in pdf.pages:
        left, low, right, high = map(float, page.cropbox)
        wide, tall = abs(right - left), abs(high - low)
        sides = (tall, wide) if int(page.obj.get("/Rotate", 0)) // 90 % 2 else (wide, tall)
        with pikepdf.open(io.BytesIO(bar(says, *sides))) as drawn:
            page.add_overlay(drawn.pages[0], pikepdf.Rectangle(left, low, right, high))


def _put_before(letter: Pdf, form: Pdf) -> None:
    """Put the pages of a form before those of a letter, with the fields that are left."""
    for number, page in enumerate(form.pages):
        letter.pages.insert(number, page)
    fields = form.Root.AcroForm
    if len(fields.Fields):
        # After the pages: what stands on them is then known, and is not copied a second time.
        letter.Root.AcroForm = letter.copy_foreign(form.make_indirect(fields))
    if "/OCProperties" in form.Root:
        # They say which of its layers are shown.
        layers = form.make_indirect(form.Root.OCProperties)
        letter.Root.OCProperties = letter.copy_foreign(layers)
    for key in ("/Metadata", "/OutputIntents"):
        if key in letter.Root:
            del letter.Root[key]
