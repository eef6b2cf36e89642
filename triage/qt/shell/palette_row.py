"""The rows of the palette: what a line would record, what it asks, and where it can lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from triage.qt.parts.colours import colours
from triage.qt.parts.words import tr
from triage.qt.shell.find import Entry
from triage.session.quick import Item, Line, Preview

_Index = QModelIndex | QPersistentModelIndex
_PAD, _APART = 14, 16
_WRAPPED = int(Qt.TextFlag.TextWordWrap)


class Shown(NamedTuple):
    """A row of the palette.

    Parameters
    ----------
    kind
        What a part asks or is, what it would record, a way to read it, what is odd, or where it leads.
    text, value, note
        What it says: the name, the value, and what was there before or where it stands.
    cap
        The key that chooses it.
    entry
        Where it leads.
    """

    kind: Literal["head", "records", "reading", "remark", "goes"]
    text: str
    value: str = ""
    note: str = ""
    cap: str = ""
    entry: Entry | None = None

    @property
    def says(self) -> str:
        """The row as it is read aloud."""
        return ", ".join(part for part in (self.cap, self.text, self.value, self.note) if part)


def rows_of(preview: Preview) -> Iterator[Shown]:
    """Yield what is shown of a line before it is recorded."""
    if preview.is_ready:
        says = preview.says if preview.changes else tr("Recorded before: nothing would change")
        yield Shown("head", says)
    asking = preview.asking
    for n, item in enumerate(preview.items):
        yield from _rows_of(item, is_asked=n == asking, is_alone=len(preview.items) == 1)
    for remark in preview.remarks:
        yield Shown("remark", remark)


def _rows_of(item: Item, *, is_asked: bool, is_alone: bool) -> Iterator[Shown]:
    if item.chosen is not None:
        for line in item.chosen.lines:
            yield Shown("records", line.name, line.value, line.note)
        for remark in item.chosen.remarks:
            yield Shown("remark", remark)
        return
    if item.goal is not None:
        if not is_alone:
            # What leads somewhere records nothing: alone it is a row to go to, beside others it stands in the way.
            says = tr("leads to “{name}” and records nothing.", name=item.goal.text)
            yield Shown("head", f"{item.text}: {says}")
        return
    yield Shown("head", f"{item.text}: {item.says}" if item.says else item.text)
    if is_asked:
        for n, meaning in enumerate(item.meanings, 1):
            line = meaning.lines[0] if len(meaning.lines) == 1 else Line(meaning.says)
            yield Shown("reading", *line, cap=str(n))
    if item.nearest:
        yield Shown("remark", tr("Nearest: {names}.", names=", ".join(item.nearest)))


class PaletteModel(QAbstractListModel):
    """The rows that are shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Shown] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a role asks of a row."""
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.says
            case Qt.ItemDataRole.ToolTipRole:
                return row.says
            case Qt.ItemDataRole.UserRole:
                return row
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done with a row: only one that leads somewhere can be chosen."""
        if self.rows[index.row()].entry is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def show_rows(self, rows: list[Shown]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class PaletteDelegate(QStyledItemDelegate):
    """Name, value and note in columns, a mark or the key in front; a long value wraps, a long note stands below."""

    _MARKS = {"records": "✓", "remark": "!", "goes": "→"}  # noqa: RUF012

    def __init__(self, model: PaletteModel, view: QListView) -> None:
        super().__init__(view)
        self._model, self._view = model, view

    @property
    def _across(self) -> int:
        """The width of a row, the same with a scroll bar and without: rows are not laid out anew when one comes."""
        bar = self._view.verticalScrollBar().sizeHint().width()
        return self._view.width() - bar - 2 * _PAD

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: Shown = index.data(Qt.ItemDataRole.UserRole)
        high = QFontMetrics(option.font).height()
        room = QRect(0, 0, self._across, high)
        _, value, _, below = self._columns(row, room, option.font)
        lowest = max(box.top() + box.height() for box in (room, value, below))
        return QSize(100, max(high + 7, lowest + 3))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        row: Shown = index.data(Qt.ItemDataRole.UserRole)
        c = colours(option.palette)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(c.tint))
            bar = QRect(option.rect)
            bar.setWidth(4)
            painter.fillRect(bar, QColor(c.accent))
        bold = _bold(option.font)
        line = QRect(option.rect.topLeft(), QSize(self._across, painter.fontMetrics().height() + 7))
        line.translate(_PAD, 0)
        name, value, note, below = self._columns(row, line, option.font)
        is_odd = row.kind == "remark"
        painter.setPen(QColor(c.caution if is_odd else c.ink))
        painter.setFont(bold)
        self._paint_mark(painter, line, row)
        if value.height() > line.height():
            painter.drawText(value, _WRAPPED, row.value)
        else:
            _paint_text(painter, value, row.value)
        painter.setFont(bold if row.kind == "head" else option.font)
        if is_odd and below.isValid():
            painter.drawText(below, _WRAPPED, row.text)
        else:
            _paint_text(painter, name, row.text)
            painter.setPen(QColor(c.ink2))
            if below.isValid():
                painter.drawText(below, _WRAPPED, row.note)
            else:
                _paint_text(painter, note, row.note)
        painter.restore()

    def _paint_mark(self, painter: QPainter, line: QRect, row: Shown) -> None:
        box = QRect(line)
        box.setWidth(painter.fontMetrics().height())
        painter.drawText(
            box, int(Qt.AlignmentFlag.AlignCenter), row.cap or self._MARKS.get(row.kind, "")
        )
        if row.cap:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.toRectF().adjusted(1.5, 3.5, -1.5, -3.5), 3, 3)

    def _columns(self, row: Shown, line: QRect, font: QFont) -> tuple[QRect, QRect, QRect, QRect]:
        """Return where name, value and note stand in a line, and what goes below it, valid if anything does."""
        plain, bold = QFontMetrics(font), QFontMetrics(_bold(font))
        if row.kind == "head":
            return line, QRect(), QRect(), QRect()
        room = line.adjusted(plain.height() + 8, 0, 0, 0)
        name, value, note, below = QRect(room), QRect(), QRect(room), QRect()
        wide = plain.horizontalAdvance(row.note)
        if row.kind == "goes":
            note.setLeft(note.right() - wide)
            name.setRight(note.left() - _APART)
            return name, value, note, below
        if row.kind == "remark":
            lines = _wrapped(row.text, room, plain)
            return name, value, QRect(), lines if lines.height() > plain.height() else below
        own = [each for each in self._model.rows if each.kind == row.kind]
        names = max(plain.horizontalAdvance(each.text) for each in own)
        values = max(bold.horizontalAdvance(each.value) for each in own)
        most = room.width() * 3 // 5 if values else room.width()
        if not row.value:
            names, most = plain.horizontalAdvance(row.text), room.width()
        name.setWidth(min(names, most) + 2)
        value = QRect(room)
        value.setLeft(name.right() + _APART)
        value.setWidth(min(values + 2, room.right() - value.left()))
        note.setLeft((value.right() if row.value else name.right()) + _APART)
        under = plain.height() + 4
        if bold.horizontalAdvance(row.value) > value.width():
            # What would be recorded is read before it is: none of it is cut off.
            value = _wrapped(row.value, value, bold)
            under = max(under, value.bottom() + 1 - room.top())
        if row.note and wide > note.width():
            below = _wrapped(row.note, room, plain, under)
        return name, value, note, below


def _wrapped(text: str, room: QRect, metrics: QFontMetrics, down: int = 4) -> QRect:
    """Return the lines that a text takes in the width of a room, so far below its top."""
    lines = metrics.boundingRect(QRect(0, 0, room.width(), 10_000), _WRAPPED, text)
    return QRect(room.left(), room.top() + down, room.width(), lines.height())


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.Bold)
    return bold


def _paint_text(painter: QPainter, room: QRect, text: str) -> None:
    fitted = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), fitted)
