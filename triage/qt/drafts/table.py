"""The table of cases: a model that holds rows and the days between them, and a view that paints them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from triage.letter.words.said.line import Mark
from triage.qt.parts.colours import colours
from triage.qt.parts.flow import scaled
from triage.qt.parts.keys import Place, act, char_of
from triage.qt.parts.marks import draw_mark
from triage.qt.parts.tag import paint_tag, size_of, tag_font
from triage.qt.parts.words import tr
from triage.session.cases import ORDERS, Row

_Index = QModelIndex | QPersistentModelIndex
# The columns: a tick, and one for each order.
COLUMNS = ("tick", *ORDERS)
_TITLES = {
    "tick": "",
    "name": tr("Patient"),
    "age": tr("Age"),
    "number": tr("Number"),
    "level": tr("Level"),
    "state": tr("State"),
    "to": tr("To"),
    "todo": tr("Still to do, or done"),
    "sender": tr("Sender"),
    "when": tr("When"),
}
# How wide each is at 100 %, and how the room that is left is shared out.
_WIDTHS = {
    "tick": 42,
    "name": 190,
    "age": 66,
    "number": 116,
    "level": 112,
    "state": 122,
    "to": 180,
    "todo": 200,
    "sender": 150,
    "when": 104,
}
_SHARES = {"name": 3, "to": 2, "todo": 3}
# From which width on there is room for these.
_FROM = {"sender": 1400, "to": 980}
_ROW, _PAD, _BOX = 33, 8, 15
_ITEM = Qt.ItemDataRole


class CaseModel(QAbstractTableModel):
    """The lines of the list: cases, and what their days are called.

    Signals
    -------
    ticks_changed
        Other cases are ticked.
    """

    ticks_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Row | str] = []
        self.ticked: set[str] = set()
        self.number = ""

    def show_lines(self, lines: list[Row | str]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()
        self.ticks_changed.emit()

    def show_kind(self, kind: str) -> None:
        """Call the numbers by the kind that most patients have; other kinds stand before theirs."""
        if kind != self.number:
            self.number = kind
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def show_row(self, at: int, row: Row) -> None:
        """Show what is told of a case now."""
        self.lines[at] = row
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))

    def rows(self) -> list[Row]:
        """Return the cases that are shown."""
        return [line for line in self.lines if isinstance(line, Row)]

    def row_at(self, at: int) -> Row | None:
        """Return the case of a line; None if it is a day."""
        line = self.lines[at] if 0 <= at < len(self.lines) else None
        return line if isinstance(line, Row) else None

    def tick(self, at: int) -> None:
        """Tick a case, or take its tick away."""
        row = self.row_at(at)
        if row is not None:
            self.ticked ^= {row.info.id}
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))
            self.ticks_changed.emit()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Return the title of a column."""
        if orientation != Qt.Orientation.Horizontal or role != _ITEM.DisplayRole:
            return None
        name = COLUMNS[section]
        if name == "number" and self.number:
            return tr("{kind} number", kind=self.number.removesuffix(" number"))
        return _TITLES[name]

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let cases be chosen, and days be passed by."""
        if self.row_at(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else found

    def data(self, index: _Index, role: int = 0) -> object:
        """Return what a role asks of a cell."""
        row, name = self.row_at(index.row()), COLUMNS[index.column()]
        if row is None:
            line = self.lines[index.row()]
            return line if role == _ITEM.DisplayRole and index.column() == 0 else None
        if role == _ITEM.CheckStateRole and name == "tick":
            is_ticked = row.info.id in self.ticked
            return (Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked).value
        if role == _ITEM.AccessibleTextRole:
            # The patient names the row; elsewhere the title of the column stands before its value.
            if name in ("tick", "name"):
                return row.name
            return f"{_TITLES[name]}: {self.text(row, name) or tr('none')}"
        if role == _ITEM.DisplayRole and name != "tick":
            return self.text(row, name)
        if role == _ITEM.ToolTipRole and name not in ("tick", "level"):
            return self.text(row, name)
        return None

    def setData(self, index: _Index, value: object, role: int = 0) -> bool:
        """Let assistive technology tick a case."""
        if role != _ITEM.CheckStateRole:
            return False
        self.tick(index.row())
        return True

    def text(self, row: Row, name: str) -> str:
        """Return what a column says of a case."""
        if name == "number":
            other = row.kind if row.number and row.kind != self.number else ""
            return f"{other} {row.number}".strip() or (tr("no number") if row.digest else "")
        if name == "todo":
            return ", ".join(filter(None, (row.todo, row.open)))
        return str(getattr(row, "tag" if name == "level" else name))


class CaseTable(QTableView):
    """The list itself: one line a case, the one that the keys are for in a frame.

    Signals
    -------
    acted : str, str
        A key of `Place.CASES` was pressed: what it does, and the key as a sign.
    """

    acted = Signal(str, str)
    where = Place.CASES

    def __init__(self, model: CaseModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cases")
        self.setAccessibleName(tr("Cases"))
        self.setModel(model)
        self._model = model
        self.setItemDelegate(_Painter(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setFrameShape(self.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(COLUMNS.index("when"), Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        model.modelReset.connect(self._span)
        self._measure()

    def _span(self) -> None:
        """Give the name of a day its whole line."""
        self.clearSpans()
        for at, line in enumerate(self._model.lines):
            if isinstance(line, str):
                self.setSpan(at, 0, 1, len(COLUMNS))

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew when the text has another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out."""
        super().resizeEvent(event)
        self._share()

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(
            max(scaled(self, _ROW), self.fontMetrics().height() + 8)
        )
        self._share()

    def _share(self) -> None:
        """Give each column its width, and the rest to those that are cut first."""
        room = self.viewport().width()
        widths = {name: scaled(self, wide) for name, wide in _WIDTHS.items()}
        for name, least in _FROM.items():
            is_hidden = room < scaled(self, least)
            self.setColumnHidden(COLUMNS.index(name), is_hidden)
            if is_hidden:
                del widths[name]
        left = room - sum(widths.values())
        shares = {name: share for name, share in _SHARES.items() if name in widths}
        # Where there is too little, those that have the most give it.
        for name, share in shares.items():
            widths[name] = max(widths[name] + left * share // sum(shares.values()), 60)
        for name, wide in widths.items():
            self.setColumnWidth(COLUMNS.index(name), wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key means here, or hand it to the view."""
        name = act(event, Place.CASES)
        if name and name != "open":
            self.acted.emit(name, char_of(event))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick a case whose box is clicked."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == 0 and event.button() == Qt.MouseButton.LeftButton:
            self._model.tick(index.row())

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the keys of the list: to go to a name there is the search."""


class _Painter(QStyledItemDelegate):
    """Paints a cell: the tint and the frame of its line, and what stands in it."""

    def __init__(self, table: CaseTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a line."""
        return QSize(10, self._table.verticalHeader().defaultSectionSize())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a cell."""
        table, model = self._table, self._table.model()
        assert isinstance(model, CaseModel)
        c = colours(table.palette())
        box: QRect = option.rect
        row = model.row_at(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row is None:
            self._heading(painter, box, str(model.lines[index.row()]))
            painter.restore()
            return
        is_here = table.currentIndex().row() == index.row()
        is_ticked = row.info.id in model.ticked
        painter.fillRect(box, QColor(c.tint if is_here or is_ticked else c.paper))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(c.rule))
        name = COLUMNS[index.column()]
        if name == "tick":
            self._tick(painter, box, row)
        elif name == "level":
            self._level(painter, box, row)
        else:
            self._words(painter, box, row, name, model)
        if is_here and table.hasFocus():
            self._frame(painter, box, index.column(), c.accent, c.ring)
        painter.restore()

    def _heading(self, painter: QPainter, box: QRect, text: str) -> None:
        font = QFont(self._table.font())
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(QColor(colours(self._table.palette()).ink))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(box.adjusted(scaled(self._table, 14), 0, 0, -5), int(flags), text)

    def _frame(self, painter: QPainter, box: QRect, column: int, colour: str, wide: int) -> None:
        """Paint the part of the frame round a line that this cell has."""
        shown = [at for at in range(len(COLUMNS)) if not self._table.isColumnHidden(at)]
        ink = QColor(colour)
        painter.fillRect(QRect(box.left(), box.top(), box.width(), wide), ink)
        painter.fillRect(QRect(box.left(), box.bottom() - wide + 1, box.width(), wide), ink)
        if column == shown[0]:
            painter.fillRect(QRect(box.left(), box.top(), wide, box.height()), ink)
        if column == shown[-1]:
            painter.fillRect(QRect(box.right() - wide + 1, box.top(), wide, box.height()), ink)

    def _tick(self, painter: QPainter, box: QRect, row: Row) -> None:
        c, model = colours(self._table.palette()), self._table.model()
        assert isinstance(model, CaseModel)
        side = scaled(self._table, _BOX)
        square = QRectF(0, 0, side, side)
        square.moveCenter(box.center().toPointF())
        is_ticked = row.info.id in model.ticked
        painter.setPen(QPen(QColor(c.chosen if is_ticked else c.border), 1))
        painter.setBrush(QColor(c.chosen if is_ticked else c.paper))
        painter.drawRoundedRect(square, 3, 3)
        if is_ticked:
            inner = square.adjusted(2, 2, -2, -2)
            draw_mark(painter, Mark.DONE, inner, c, QColor(c.on_chosen), QColor(c.chosen))

    def _level(self, painter: QPainter, box: QRect, row: Row) -> None:
        if not row.tag:
            return
        font = tag_font(self._table.font())
        font.setPointSizeF(font.pointSizeF() * 12 / 14)
        text = row.tag.upper()
        tag = QRectF(box.topLeft().toPointF(), size_of(text, font).toSizeF())
        tag.moveCenter(QRectF(box).center())
        tag.moveLeft(box.left() + _PAD)
        tag.setWidth(min(tag.width(), box.width() - _PAD))
        paint_tag(painter, tag, text, row.mark, font, colours(self._table.palette()))

    def _words(self, painter: QPainter, box: QRect, row: Row, name: str, model: CaseModel) -> None:
        c = colours(self._table.palette())
        font = QFont(self._table.font())
        if name == "name" or (name == "todo" and row.strong):
            font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        is_faint = (name == "todo" and row.done) or (name == "name" and not row.info.name)
        painter.setPen(QColor(c.ink2 if is_faint else c.ink))
        room = box.adjusted(_PAD, 0, -_PAD, 0)
        middle = name in ("name", "number")
        mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(model.text(row, name), mode, room.width())
        painter.drawText(
            room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text
        )


def most_common(kinds: Iterable[str]) -> str:
    """Return the kind of number that most have; empty if nobody has any."""
    counted: dict[str, int] = {}
    for kind in filter(None, kinds):
        counted[kind] = counted.get(kind, 0) + 1
    return max(counted, key=counted.__getitem__, default="")
