"""The window in strange words: every screen is looked at, and what is plain English or has no room is printed.

Run as a process of its own: many words are fetched when their module is imported.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import triage

ROOT = Path(triage.__file__).parent
# The window, and what it shows of the settings as it is declared.
_PLACES = ("qt", "settings")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
# Keys, which stand so on the keyboard, and words that come from the case or the content and are the same here.
_KEYS = re.compile(
    r"(?:(?:Ctrl|Shift|Alt)\+)*(?:\S|F\d+|PgUp|PgDn|Enter|Esc|Space|Tab|Delete|Home|End|Backspace|a\xa0letter)"
)
_SAME = {"draft", "minutes", "low", "Address"}
# Some pixels of a frame or a shadow are no letters.
_SLACK = 2


def plain_literals(*places: str) -> set[str]:
    """Return the texts in the sources of some packages that are not fetched from the translation."""
    found: set[str] = set()
    for place in places:
        for path in (ROOT / place).rglob("*.py"):
            found |= set(_plain(ast.parse(path.read_text(encoding="utf-8"))))
    return {
        text
        for text in found - _SAME
        if _LETTERS.search(text) and not all(map(_KEYS.fullmatch, text.split(" ")))
    }


def _plain(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id="tr")):
            for filled in node.keywords:
                yield from _plain(filled)
            return
        case ast.Expr(value=ast.Constant(value=str())):
            # What is said of a module, a class, a function.
            return
        case ast.Constant(value=str(text)):
            yield text
    for inner in ast.iter_child_nodes(node):
        yield from _plain(inner)


def main() -> None:
    """Print what is wrong, as JSON."""
    from PySide6.QtCore import QSize
    from PySide6.QtWidgets import QApplication

    from triage.qt import showcase

    literals, troubles = plain_literals(*_PLACES), dict[str, str]()

    def look(path: Path, picture: object) -> str:
        for widget in QApplication.allWidgets():
            if widget.isVisible() and not widget.visibleRegion().isEmpty():
                for text, kind in _troubles(widget, literals):
                    troubles.setdefault(f"{kind}: {text}", path.stem)
        return str(path)

    showcase._saved = look  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for _ in showcase.render_screens(scratch, scratch / "out", QSize(1280, 720), "light"):
            pass
    print(json.dumps(troubles))


def _troubles(widget: object, literals: set[str]) -> Iterator[tuple[str, str]]:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTabBar, QWidget

    assert isinstance(widget, QWidget)
    texts = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    match widget:
        case QAbstractButton() | QLabel():
            texts.append(widget.text())
        case QLineEdit():
            texts.append(widget.placeholderText())
        case QComboBox():
            texts += [widget.itemText(n) for n in range(widget.count())]
        case QTabBar():
            texts += [widget.tabText(n) for n in range(widget.count())]
    for text in texts:
        if text.strip() in literals or text.replace("&", "").strip() in literals:
            yield text, "not translated"
    if isinstance(widget, QTabBar):
        wide = max(widget.tabRect(n).right() for n in range(widget.count()))
        if wide > widget.width() + _SLACK:
            yield " | ".join(map(widget.tabText, range(widget.count()))), "cut"
    if isinstance(widget, QAbstractButton) and widget.text():
        if widget.sizeHint().width() > widget.width() + _SLACK:
            yield widget.text(), "cut"
    elif isinstance(widget, QLabel) and widget.text() and type(widget) is QLabel:
        if widget.wordWrap():
            is_cut = widget.heightForWidth(widget.width()) > widget.height() + _SLACK
        else:
            is_plain = widget.textFormat() != Qt.TextFormat.RichText and "<" not in widget.text()
            room = widget.contentsRect().width() + _SLACK
            # The sign before the letter that leads to a field is not drawn.
            text = widget.text().replace("&", "") if widget.buddy() else widget.text()
            is_cut = is_plain and widget.fontMetrics().horizontalAdvance(text) > room
        if is_cut:
            yield widget.text(), "cut"


if __name__ == "__main__":
    sys.exit(main())
