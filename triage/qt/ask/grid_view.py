"""The table of a grid: how it looks, and the keys that write to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from triage.content.form import MIDLINE, SIDES
from triage.content.form import Slot as FormSlot
from triage.model.values import Choice, Unable
from triage.qt.ask.base import answers
from triage.qt.ask.grades import extended, grade_of, graded
from triage.qt.ask.grid_model import NO_SIDE_COLUMN, SPAN, UNABLE, GridModel, Index
from triage.qt.parts.colours import colours, paint_ring
from triage.qt.parts.flow import scaled
from triage.qt.parts.inputs import Stay, WheelGuard
from triage.qt.parts.keys import Place, act, char_of, chars, is_enter, is_held, is_plain, is_shifted
from triage.qt.parts.menu import Menu
from triage.qt.parts.words import tr

_ROLE = QPalette.ColorRole
_START = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
# A grade of so many letters always has room in its cell.
_FITS = 2
# How wide a column of cells is at least, at the usual size of the text.
_CELL = 52
_ACROSS: dict[int, QAbstractItemView.CursorAction] = {
    Qt.Key.Key_Up: QAbstractItemView.CursorAction.MoveUp,
    Qt.Key.Key_Down: QAbstractItemView.CursorAction.MoveDown,
}


def _place(index: Index) -> tuple[int, int, int]:
    """Return where a cell stands as one reads: block, row, side."""
    return index.column() // SPAN, index.row(), index.column()


class _Cells(QStyledItemDelegate):
    """Draws names plainly and cells as small boxes, the current one with a frame."""

    def __init__(self, model: GridModel, parent: GridView) -> None:
        super().__init__(parent)
        self._model = model
        self._view = parent
        # The table itself is transparent, and so is its palette.
        self._grid = parent.parentWidget() or parent

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if self._view.isRowHidden(index.row()):
            # Qt paints a cell of two columns in a hidden row too, without any height.
            return
        palette = self._grid.palette()
        painter.save()
        slot, text = self._model.slot_at(index), index.data() or ""
        enabled = self._view.isEnabled()
        if self._model.begins_group(index):
            line = palette.color(_ROLE.Mid)
            painter.setPen(QPen(line, 1))
            painter.drawLine(option.rect.topLeft(), option.rect.topRight())
        if slot is None:
            row = self._model.row_at(index)
            painter.setPen(palette.color(_ROLE.Text if enabled else _ROLE.PlaceholderText))
            room = option.rect.adjusted(22 if index.column() else 2, 0, -4, 0)
            if row is not None and row.covers:
                painter.setPen(palette.color(_ROLE.PlaceholderText))
            fitted = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), fitted)
        else:
            coming = self._view.coming.get(slot.key)
            dashed = coming is not None
            odd = not dashed and self._model.is_odd(slot)
            shown = text if coming is None else coming
            frame = "dashed" if dashed else UNABLE if text == UNABLE else "odd" if odd else ""
            self._paint_box(painter, option, frame)
            self._paint_grade(painter, option, shown, self._model.then(slot), bold=odd or dashed)
        painter.restore()

    def _paint_box(self, painter: QPainter, option: QStyleOptionViewItem, frame: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self._view.hasFocus() and bool(option.state & QStyle.StateFlag.State_HasFocus)
        box = option.rect.toRectF().adjusted(4, 3, -4, -3)
        c = colours(self._grid.palette())
        # What is not normal stands out by weight, as it does in grey and in print.
        can_be_typed_in = self._view.isEnabled()
        painter.setPen(Qt.PenStyle.NoPen)
        if can_be_typed_in and frame != "dashed":
            # One area upon another: to draw a line round a corner takes five times as long.
            half = 1 if frame else 0.5
            edges = {"odd": c.ink, UNABLE: c.absent}
            painter.setBrush(QColor(edges.get(frame, c.border)))
            painter.drawRoundedRect(box.adjusted(-half, -half, half, half), 2 + half, 2 + half)
            painter.setBrush(QColor(c.paper))
            painter.drawRoundedRect(box.adjusted(half, half, -half, -half), 2 - half, 2 - half)
        else:
            if can_be_typed_in:
                painter.setPen(QPen(QColor(c.accent), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(c.paper if can_be_typed_in else c.ground))
            painter.drawRoundedRect(box, 2, 2)
        if current:
            paint_ring(painter, box, c, away=1)

    def _paint_grade(
        self, painter: QPainter, option: QStyleOptionViewItem, text: str, then: str, *, bold: bool
    ) -> None:
        """Write what a cell holds, and what it held at the earlier visit: that never alone, as if it were recorded."""
        if not text and not then:
            return
        text, then = ("U" if grade == UNABLE else grade for grade in (text, then))
        room = option.rect.adjusted(6, 3, -6, -3)
        font = QFont(option.font)
        if bold:
            font.setWeight(QFont.Weight.Bold)
        if then:
            said = f"{then} → " if text else tr("was {then}", then=then)
            small = QFont(option.font)
            small.setPointSizeF(0.85 * small.pointSizeF())
            painter.setFont(small)
            painter.setPen(self._grid.palette().color(_ROLE.PlaceholderText))
            wide = painter.fontMetrics().horizontalAdvance(said)
            left = room.width() - wide - QFontMetrics(font).horizontalAdvance(text)
            # What has no room here stands under the label.
            if left >= 0:
                room.setLeft(room.left() + left // 2)
                painter.drawText(room, int(_START), said)
                room.setLeft(room.left() + wide)
                room.setWidth(room.width() - left // 2)
        painter.setFont(font)
        painter.setPen(self._grid.palette().color(_ROLE.Text))
        # To measure a grade takes as long as to draw it.
        if len(text) > _FITS:
            cut = Qt.TextElideMode.ElideRight
            text = painter.fontMetrics().elidedText(text, cut, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)


class GridView(QTableView):
    """The table. One stop of the Tab key; as tall as its rows; deaf to the wheel.

    Signals
    -------
    unable_set : str
        A cell was marked as unable: its key.
    graded : str
        A key recorded a grade: the key of the cell where it may go on.
    told : str
        What a key recorded, or would.
    advised : str
        A key recorded nothing here, and why.
    moved
        Another cell is the one that keys write to.
    """

    unable_set = Signal(str)
    graded = Signal(str)
    told = Signal(str)
    advised = Signal(str)
    moved = Signal()
    where = Place.GRID

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._stay = Stay()
        # The cell that was graded just now.
        self._typed: FormSlot | None = None
        # What cells show that would be recorded and is not yet.
        self.coming: Mapping[str, str] = {}
        self.setModel(model)
        self.setItemDelegate(_Cells(model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoScroll(False)
        self.viewport().setAutoFillBackground(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        for part in (self, self.viewport()):
            # Its cells are not painted again while the rows around it find their places.
            part.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        for part in (self, self.viewport(), self.horizontalHeader()):
            WheelGuard(part)
        WheelGuard(self.horizontalHeader().viewport())
        self._measure()
        for index in self._cells():
            slot = model.slot_at(index)
            if slot is not None and slot.side == MIDLINE:
                self.setSpan(index.row(), index.column(), 1, len(SIDES))
        self.setCurrentIndex(next(self._cells()))

    def show_aside(self, shown: bool) -> None:
        """Show or hide the rows that are seldom tested, and those of whole regions."""
        changed = False
        for at in range(self._model.height):
            row = self._model.row_at(self._model.index(at, 0))
            hidden = row is not None and row.is_aside and not shown
            if self.isRowHidden(at) != hidden:
                self.setRowHidden(at, hidden)
                changed = True
        if changed:
            self.updateGeometry()
            if self.isRowHidden(self.currentIndex().row()):
                # What is typed must not go into a cell out of sight.
                self.setCurrentIndex(
                    next(i for i in self._cells() if not self.isRowHidden(i.row()))
                )

    def show_sideless(self, shown: bool) -> None:
        """Show or hide the column for what was found without a side."""
        if self.isColumnHidden(NO_SIDE_COLUMN) != shown:
            return
        for column in range(NO_SIDE_COLUMN, self._model.columnCount(), SPAN):
            self.setColumnHidden(column, not shown)
        current = self.currentIndex()
        if self.isColumnHidden(current.column()):
            # What is typed must not go into a cell out of sight.
            self.setCurrentIndex(current.siblingAtColumn(current.column() - 1))
        self._fit_names()

    def sizeHint(self) -> QSize:
        rows = sum(not self.isRowHidden(at) for at in range(self._model.height))
        height = rows * self.verticalHeader().defaultSectionSize()
        return QSize(360, height + self.horizontalHeader().sizeHint().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus():
            self.moved.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._stay.begin()
        self._typed = None
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        slot = self._model.slot_at(self.currentIndex())
        name = act(event, Place.GRID)
        shown = self.coming
        self.show_coming({})
        typed, self._typed = self._typed, None
        if is_enter(event):
            below = None if is_shifted(event) else self._below()
            if below is None:
                event.ignore()
            else:
                self.setCurrentIndex(below)
        elif slot is None or self._leaves(event):
            event.ignore()
        elif name == "corner":
            self.setCurrentIndex(next(self._cells()))
        elif name == "group":
            # Behind the last group the page goes on.
            if not self._go_to_group(-1 if event.key() == Qt.Key.Key_PageUp else 1):
                event.ignore()
        elif not is_plain(event):
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_along(last=event.key() == Qt.Key.Key_End)
        elif name == "back":
            self._model.session.set(slot.key, None)
        elif name == "fill":
            # Held it only shows, again and again.
            self._fill(is_shown=bool(shown) and not is_held(event))
        elif not char_of(event):
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                # At the end of a row they lead nowhere, and not out of the table.
                event.accept()
        elif is_held(event) or not self._type(slot, typed, list(chars(event))):
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the grades of a cell to a hand that is on the mouse."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            here = self.visualRect(self.currentIndex()).bottomLeft()
            self._offer(self.currentIndex(), self.viewport().mapToGlobal(here))
        else:
            self._offer(self.indexAt(event.pos()), event.globalPos())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Offer them as well."""
        self._offer(self.indexAt(event.position().toPoint()), event.globalPosition().toPoint())

    def _offer(self, index: Index, at: QPoint) -> None:
        slot = self._model.slot_at(index)
        if slot is None:
            return
        self.setCurrentIndex(index)
        menu = Menu("", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for option in slot.options:
            words = option.label if option.id == option.label else f"{option.id}  {option.label}"
            menu.addAction(words).setData(option.id)
        menu.addSeparator()
        menu.addAction(tr("Unable to assess…")).setData(UNABLE)
        if slot.key in self._model.session.case:
            menu.addAction(tr("Take back")).setData("")
        menu.triggered.connect(self._on_offered)
        menu.popup(at)

    @Slot(QAction)
    def _on_offered(self, action: QAction) -> None:
        index, grade = self.currentIndex(), action.data()
        slot = self._model.slot_at(index)
        if slot is not None and self._model.setData(index, grade) and grade == UNABLE:
            self.unable_set.emit(slot.key)

    def _leaves(self, event: QKeyEvent) -> bool:
        """Whether an arrow leads out at the top or at the bottom."""
        move = _ACROSS.get(event.key()) if is_plain(event) else None
        return move is not None and self.moveCursor(move, event.modifiers()) == self.currentIndex()

    def _go_along(self, *, last: bool) -> None:
        """Move to the first or the last cell of the row."""
        row = self.currentIndex().row()
        cells = [index for index in self._cells() if index.row() == row]
        self.setCurrentIndex(cells[-1 if last else 0])

    def _go_to_group(self, step: int) -> bool:
        """Move to the first cell of the next group of rows, or to that of this one or the one before."""
        here = self.currentIndex()
        cells = [index for index in self._cells() if not self.isRowHidden(index.row())]
        firsts: dict[object, int] = {}
        for index in cells:
            firsts.setdefault(self._model.group_at(index), index.row())
        rows = list(firsts.values())
        at = rows.index(firsts[self._model.group_at(here)])
        at += step if step > 0 or here.row() == rows[at] else 0
        if not 0 <= at < len(rows):
            return False
        there = [index for index in cells if index.row() == rows[at]]
        self.setCurrentIndex(next((i for i in there if i.column() == here.column()), there[0]))
        return True

    def _type(self, slot: FormSlot, typed: FormSlot | None, meant: list[str]) -> bool:
        """Take a character: for the cell that was graded just now, if it goes on with that grade, else for this one."""
        session = self._model.session
        for char in meant:
            longer = extended(typed, grade_of(session, typed.key), char) if typed else ""
            if typed and longer:
                self._stay.write(session, typed.key, Choice(option=longer))
                self._typed = typed
                return True
            if new := graded(slot, char):
                self._stay.begin()
                self._stay.write(session, slot.key, Choice(option=new))
                self._typed = slot
                self._go_on()
                return True
            if char == "U":
                if not isinstance(session.case.get(slot.key), Unable):
                    session.unable(slot.key, "")
                self.unable_set.emit(slot.key)
                return True
        return False

    def _go_on(self) -> None:
        below = self._below()
        slot = self._model.slot_at(below) if below is not None else None
        # A grade typed too many must not answer the next question: it never leads out.
        if slot is not None and not slot.is_whole:
            self.graded.emit(slot.key)

    def _fill(self, *, is_shown: bool) -> None:
        """Show the usual grade in the open cells of this group of rows; if it is shown already, record it."""
        question, session = self._model.question, self._model.session
        grade = next((fill.value for fill in question.fills), "")
        here = self._model.group_at(self.currentIndex())
        cells = [
            slot.key
            for index in self._cells()
            if not self.isRowHidden(index.row()) and self._model.group_at(index) == here
            if (slot := self._model.slot_at(index)) and not slot.is_whole
            if slot.key not in session.case
        ]
        said = f"{grade}, {answers(len(cells))}"
        if not grade or not cells:
            self.advised.emit(
                tr("Nothing is open here.") if grade else tr("There is no usual grade here.")
            )
        elif is_shown:
            session.set_all({key: Choice(option=grade, block=True) for key in cells})
            self.told.emit(tr("Recorded: {said}. Ctrl+Z takes it back.", said=said))
            self._go_past(here)
        else:
            self.show_coming(dict.fromkeys(cells, grade))
            self.advised.emit(tr("Shown, not recorded: {said}. Again . records it.", said=said))

    def _go_past(self, group: object) -> None:
        """Go on to the first open cell after a group; if none is open, to the last cell, from which Enter leads on."""
        cells = [i for i in self._cells() if not self.isRowHidden(i.row())]
        end = max(_place(i) for i in cells if self._model.group_at(i) == group)
        later = sorted((i for i in cells if _place(i) > end), key=_place)
        slots = [slot for i in later if (slot := self._model.slot_at(i)) and not slot.is_whole]
        case = self._model.session.case
        last = self._model.slot_at(max(cells, key=lambda i: (i.column(), i.row())))
        if slot := next((slot for slot in slots if slot.key not in case), last):
            self.graded.emit(slot.key)

    def show_coming(self, coming: Mapping[str, str]) -> None:
        """Show in cells, by key, what would be recorded there."""
        if coming != self.coming:
            self.coming = coming
            self.viewport().update()

    def _below(self) -> QModelIndex | None:
        """Return the cell in the next row, or at the top of the next column; None at the end."""
        index = self.currentIndex()
        row, column = index.row() + 1, index.column()
        while column < self._model.columnCount():
            while row < self._model.height:
                below = self._model.index(row, column)
                if not self.isRowHidden(row) and self._model.slot_at(below) is not None:
                    return below
                row += 1
            row, column = 0, column + 1
            while column < self._model.columnCount() and (
                column % SPAN == 0 or self.isColumnHidden(column)
            ):
                column += 1
        return None

    def _cells(self) -> Iterator[QModelIndex]:
        for row in range(self._model.height):
            for column in range(self._model.columnCount()):
                index = self._model.index(row, column)
                if not self.isColumnHidden(column) and self._model.slot_at(index) is not None:
                    yield index

    def _measure(self) -> None:
        metrics = self.fontMetrics()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(12)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 8)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(30)
        longest = max(len(option.id) for option in self._model.question.options)
        cell = max(metrics.averageCharWidth() * (longest + 4), scaled(self, _CELL))
        for column in range(self._model.columnCount()):
            if column % SPAN:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(column, cell)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self._fit_names()

    def _fit_names(self) -> None:
        """Give the names what they need, or what there is: the cells come first."""
        columns = self._model.columnCount()
        cells = sum(self.columnWidth(column) for column in range(columns) if column % SPAN)
        room = (self.viewport().width() - cells) // self._model.blocks
        for column in range(0, columns, SPAN):
            wanted = self._widest_name(column) + (10 if not column else 30)
            self.setColumnWidth(column, max(min(wanted, room), 40))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def _widest_name(self, column: int) -> int:
        names = [
            self._model.row_at(self._model.index(at, column)) for at in range(self._model.height)
        ]
        return max(self.fontMetrics().horizontalAdvance(row.label) for row in names if row)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
            self.updateGeometry()
