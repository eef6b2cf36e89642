"""What the pages say as a tree, for readers who listen: sections, headings, paragraphs, lists, tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

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


def attach(pdf: pikepdf.Pdf, root: Node) -> None:
    """Give a drawn file its tree, the owners of its stretches, and an outline."""
    pages = [page.obj for page in pdf.pages]
    owners: list[dict[int, Any]] = [{} for _ in pages]
    scopes = {
        scope: pdf.make_indirect(Dictionary(O=Name.Table, Scope=Name(f"/{scope}")))
        for scope in ("Row", "Column")
    }
    tags = {tag: Name(f"/{tag}") for tag in get_args(Tag)}
    titled: list[Node] = []
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))

    def element(node: Node, parent: Any) -> Any:
        if node.title:
            titled.append(node)
        # All entries in one call: one by one they take twice as long.
        entries: dict[str, Any] = {"/S": tags[node.tag], "/P": parent}
        if node.alt:
            entries["/Alt"] = pikepdf.String(node.alt)
        if node.scope:
            entries["/A"] = scopes[node.scope]
        if node.box:
            box = Array([round(side, 2) for side in node.box])
            entries["/A"] = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=box)
        if node.marks:
            home = node.marks[0].page
            entries["/Pg"] = pages[home]
            marks = [_reference(mark, home, pages) for mark in node.marks]
            entries["/K"] = marks[0] if len(marks) == 1 else Array(marks)
        made = pdf.make_indirect(Dictionary(entries))
        for mark in node.marks:
            owners[mark.page][mark.number] = made
        if node.kids:
            made.K = Array([element(kid, made) for kid in node.kids])
        return made

    tree.K = Array([element(root, tree)])
    numbers: list[Any] = []
    for n, (page, owner) in enumerate(zip(pages, owners, strict=True)):
        page.StructParents, page.Tabs = n, Name.S
        numbers += [n, pdf.make_indirect(Array([owner[mark] for mark in range(len(owner))]))]
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    tree.ParentTreeNextKey = len(pages)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    _outline(pdf, titled)


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


def _reference(mark: Mark, home: int, pages: list[Any]) -> Any:
    """Return a stretch as its element names it: one of another page than the first names that."""
    if mark.page == home:
        return mark.number
    return Dictionary(Type=Name.MCR, Pg=pages[mark.page], MCID=mark.number)


def _outline(pdf: pikepdf.Pdf, titled: Iterable[Node]) -> None:
    with pdf.open_outline() as outline:
        for node in titled:
            first = node.first()
            assert first is not None
            item = pikepdf.OutlineItem(node.title, first.page, "XYZ", top=node.top)
            under = outline.root[-1].children if node.tag == "H2" and outline.root else outline.root
            under.append(item)
