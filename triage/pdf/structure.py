"""What the pages say as a tree, for readers who listen: sections, headings, paragraphs, lists, tables."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name

Tag = Literal[
    "Document",
    "Sect",
    "H1",
    "H2",
    "P",
    "BlockQuote",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Table",
    "TR",
    "TH",
    "TD",
    "Figure",
]
# What is drawn and not said: it belongs to the look of the page, to its foot, or to its mark.
Artifact = Literal["layout", "head", "foot", "mark"]
_ARTIFACTS = {
    "layout": "/Type /Layout",
    "head": "/Type /Pagination /Subtype /Header /Attached [/Top]",
    "foot": "/Type /Pagination /Subtype /Footer /Attached [/Bottom]",
    "mark": "/Type /Pagination /Subtype /Watermark",
}
# What the writer of the pages says, each on a line of its own; what is typed begins no line.
_PAGES = re.compile(rb"\n/Count \d+\s/Kids \[([\s\dR]+)\]\s/Type /Pages\n")
_SIZE = re.compile(rb"\n/Size (\d+)\n")
_ROOT = re.compile(rb"\n/Root (\d+ 0 R)\n")
_START = re.compile(rb"\nstartxref\n(\d+)\n")
# How it stands in a file and where, as a table of places has it.
_PLACE = struct.Struct(">BII")


class Mark(NamedTuple):
    """A stretch of a page: its number from 0, and the number of the stretch on it."""

    page: int
    number: int


@dataclass(eq=False, slots=True)
class Node:
    """A part of what the pages say: others in reading order, or stretches of pages.

    It joins its parent when the first of it is drawn, so the order of the tree is that of drawing, and what is not
    drawn is not in it.

    Parameters
    ----------
    tag
        What it is, by the standard names of PDF.
    parent
        What it is a part of; None for the whole document.
    title
        Its entry in the outline, without patient data; empty for none.
    alt
        What a figure shows, in words.
    scope
        Of a head of a table, what it is the head of.
    box
        Of a figure, its lower left and upper right corner, in points.
    kids
        Its parts.
    marks
        Where it is drawn.
    top
        Where its first line begins, from the lower edge of its page, in points.
    """

    tag: Tag
    parent: Node | None = None
    title: str = ""
    alt: str = ""
    scope: Literal["", "Row", "Column"] = ""
    box: tuple[float, float, float, float] | None = None
    kids: list[Node] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    top: float = 0.0
    joined: bool = False

    def child(self, tag: Tag, *, title: str = "", scope: Literal["", "Row", "Column"] = "") -> Node:
        """Return a part of it, which joins it once it is drawn."""
        return Node(tag, self, title, scope=scope)

    def beside(self, tag: Tag) -> Node:
        """Return another part of what it is a part of."""
        assert self.parent is not None
        return Node(tag, self.parent)

    def join(self, root: Node) -> None:
        """Let it and what it is a part of have a place in the tree under `root`."""
        if self.joined or self is root:
            return
        parent = self.parent or root
        parent.join(root)
        parent.kids.append(self)
        self.joined = True

    def first(self) -> Mark | None:
        """Return where the first of it is drawn."""
        if self.marks:
            return self.marks[0]
        return next(filter(None, (kid.first() for kid in self.kids)), None)


def artifact(kind: Artifact) -> str:
    """Return how what is no part of the text begins."""
    return f"/Artifact <<{_ARTIFACTS[kind]}>> BDC"


def added(data: bytes, root: Node) -> tuple[bytes, int]:
    """Return a drawn file with its tree and its outline at its end, for `join`, and the number of the tree.

    They are written as text, packed as an update of a file may be: object by object through the library they take
    three times as long.
    """
    pages = [int(number) for number in _one(_PAGES, data).split()[::3]]
    first = int(_one(_SIZE, data))
    # The tree and the outline come first.
    objects = ["", ""]
    _write_tree(objects, first, pages, root)
    _write_outline(objects, first, pages, root)
    return data + _update(data, first, objects), first


def join(pdf: pikepdf.Pdf, tree: int) -> None:
    """Let the tree and the outline that `added` wrote be those of the file."""
    for n, page in enumerate(pdf.pages):
        page.obj.StructParents, page.obj.Tabs = n, Name.S
    pdf.Root.StructTreeRoot = pdf.get_object(tree, 0)
    pdf.Root.Outlines = pdf.get_object(tree + 1, 0)
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def opening(pdf: pikepdf.Pdf) -> str:
    """Put a paragraph before all that a finished file says, and return how its stretch of the first page begins.

    In a file without a tree that stretch is an artifact.
    """
    if "/StructTreeRoot" not in pdf.Root:
        return artifact("head")
    tree, home = pdf.Root.StructTreeRoot, pdf.pages[0].obj
    document, owners = tree.K[0], tree.ParentTree.Nums[2 * int(home.StructParents) + 1]
    number = len(owners)
    made = Dictionary(S=Name.P, P=document, Pg=home, K=Array([number]))
    owners.append(pdf.make_indirect(made))
    document.K = Array([owners[number], *document.K])
    return f"/P <</MCID {number}>> BDC"


def _write_tree(objects: list[str], first: int, pages: Sequence[int], root: Node) -> None:
    """Add the elements of the tree, and the owners of the stretches of each page."""
    owners: list[dict[int, int]] = [{} for _ in pages]

    def element(node: Node, parent: int) -> str:
        number = first + len(objects)
        objects.append("")
        for mark in node.marks:
            owners[mark.page][mark.number] = number
        home = node.marks[0].page if node.marks else 0
        kids = [element(kid, number) for kid in node.kids] or [
            _reference(mark, home, pages) for mark in node.marks
        ]
        page = f" /Pg {pages[home]} 0 R" if node.marks else ""
        objects[number - first] = (
            f"<</S /{node.tag} /P {parent} 0 R{page}{_told(node)} /K [{' '.join(kids)}]>>"
        )
        return f"{number} 0 R"

    top = element(root, first)
    numbers = " ".join(
        f"{n} [{' '.join(f'{owner[mark]} 0 R' for mark in range(len(owner)))}]"
        for n, owner in enumerate(owners)
    )
    objects[0] = (
        f"<</Type /StructTreeRoot /K [{top}] /ParentTree <</Nums [{numbers}]>> /ParentTreeNextKey {len(pages)}>>"
    )


def _told(node: Node) -> str:
    """Return what an element says of itself beside its name."""
    alt = f" /Alt {_string(node.alt)}" if node.alt else ""
    if node.scope:
        return f"{alt} /A <</O /Table /Scope /{node.scope}>>"
    if node.box:
        box = " ".join(f"{side:.2f}" for side in node.box)
        return f"{alt} /A <</O /Layout /Placement /Block /BBox [{box}]>>"
    return alt


def _reference(mark: Mark, home: int, pages: Sequence[int]) -> str:
    """Return a stretch as its element names it: one of another page than the first names that."""
    if mark.page == home:
        return str(mark.number)
    return f"<</Type /MCR /Pg {pages[mark.page]} 0 R /MCID {mark.number}>>"


def _write_outline(objects: list[str], first: int, pages: Sequence[int], root: Node) -> None:
    """Add the entries of the outline, those of the second level under those of the first."""
    entries: list[_Entry] = []
    for node in _titled(root):
        under = entries[-1].under if node.tag == "H2" and entries else entries
        under.append(_Entry(node, []))

    def write(number: int, about: str, under: Sequence[_Entry]) -> None:
        start = first + len(objects)
        objects.extend("" for _ in under)
        last = start + len(under) - 1
        if under:
            count = len(under) + sum(len(entry.under) for entry in under)
            about += f" /First {start} 0 R /Last {last} 0 R /Count {count}"
        objects[number - first] = f"<<{about}>>"
        for n, (node, below) in enumerate(under, start=start):
            place = node.first()
            assert place is not None
            beside = f" /Prev {n - 1} 0 R" if n > start else ""
            beside += f" /Next {n + 1} 0 R" if n < last else ""
            target = f"[{pages[place.page]} 0 R /XYZ null {node.top:.2f} null]"
            told = f"/Title {_string(node.title)} /Parent {number} 0 R{beside} /Dest {target}"
            write(n, told, below)

    write(first + 1, "/Type /Outlines", entries)


class _Entry(NamedTuple):
    """An entry of the outline, and those under it."""

    node: Node
    under: list[_Entry]


def _titled(node: Node) -> Iterator[Node]:
    if node.title:
        yield node
    for kid in node.kids:
        yield from _titled(kid)


def _string(text: str) -> str:
    return pikepdf.String(text).unparse().decode("latin-1")


def _update(data: bytes, first: int, objects: Sequence[str]) -> bytes:
    """Return objects numbered from `first` as they stand behind a file: packed in one stream, with their places."""
    packed, table = first + len(objects), first + len(objects) + 1
    ends = accumulate((len(body) + 1 for body in objects), initial=0)
    heads = " ".join(f"{n} {end}" for n, end in enumerate(ends, start=first) if n < packed)
    stream = f"/Type /ObjStm /N {len(objects)} /First {len(heads) + 1}"
    body = _stream(packed, stream, "\n".join((heads, *objects)).encode("latin-1"))
    at = len(data)
    places = [_PLACE.pack(2, packed, n) for n in range(len(objects))]
    places += (_PLACE.pack(1, at, 0), _PLACE.pack(1, at + len(body), 0))
    known = f"/Size {table + 1} /Root {_one(_ROOT, data)} /Prev {_one(_START, data)}"
    about = f"/Type /XRef /W [1 4 4] /Index [{first} {len(places)}] {known}"
    return b"".join(
        (
            body,
            _stream(table, about, b"".join(places)),
            b"startxref\n%d\n%%%%EOF\n" % (at + len(body)),
        )
    )


def _stream(number: int, about: str, data: bytes) -> bytes:
    head = f"{number} 0 obj\n<<{about} /Length {len(data)}>>\nstream\n".encode("ascii")
    return head + data + b"\nendstream\nendobj\n"


def _one(pattern: re.Pattern[bytes], data: bytes) -> str:
    """Return what the writer of the pages says once."""
    (found,) = pattern.findall(data)
    return str(found, "ascii")
