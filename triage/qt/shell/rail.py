"""The rail at the left: the sections of the form, how far each is answered, and where red flags stand."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from triage.letter.words.said.line import Mark, mark_of
from triage.qt.parts.colours import colours, paint_ring
from triage.qt.parts.keys import is_enter
from triage.qt.parts.laying import vertical
from triage.qt.parts.marks import draw_mark
from triage.qt.parts.odd import odd_in
from triage.qt.parts.soon import Before
from triage.qt.parts.theme import redress, set_role
from triage.qt.parts.words import tr
from triage.session import Changed, Session
from triage.session.progress import Path, Progress

_Index = QModelIndex | QPersistentModelIndex
_TOP, _BAR = 6, 4
# How wide it is where there is room for numbers and signs only.
COMPACT = 46
PROGRESS = Qt.ItemDataRole.UserRole + 1


class SectionModel(QAbstractListModel):
    """The sections, with their progress."""

    def __init__(self, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = path
        self._rows = path.progress()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a role asks of a row."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return in_words(row)
            case _ if role == PROGRESS:
                return row
        return None

    def refresh(self) -> None:
        """Read the progress again and tell which rows changed."""
        rows = self._path.progress()
        changed = [at for at, (a, b) in enumerate(zip(rows, self._rows, strict=True)) if a != b]
        placed = any(_room(rows[at]) != _room(self._rows[at]) for at in changed)
        self._rows = rows
        for at in changed:
            self.dataChanged.emit(self.index(at), self.index(at))
        if placed:
            self.layoutChanged.emit()

    @property
    def rows(self) -> tuple[Progress, ...]:
        """Where every section stands."""
        return self._rows


def _room(row: Progress) -> tuple[bool, bool]:
    """Return what decides how much room a row needs: a line more, and a mark beside its title."""
    return bool(row.confirm), _is_odd(row)


def _is_odd(row: Progress) -> bool:
    return bool(row.contradictions or row.checks)


def in_words(row: Progress) -> str:
    """Return a row of the rail as a screen reader says it."""
    count = (
        tr("{done} of {all} core answered", done=row.done, all=row.all)
        if row.all
        else f"{row.done} answered"
    )
    flag = tr(", red flag here: {flag}", flag=row.flag) if row.flag else ""
    odd = "".join(f", {says}" for says in odd_in(row))
    waiting = tr(", {n} to confirm", n=row.confirm) if row.confirm else ""
    return f"{row.title}: {count}{waiting}{flag}{odd}"


def _weighted(font: QFont, heavy: bool) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.Bold if heavy else QFont.Weight.Normal)
    return made


class _Delegate(QStyledItemDelegate):
    # Whether there is room for numbers and signs only: the tooltip has the rest.
    is_compact = False
    # Whether the questions are in sight, or a page in their place.
    is_form = True

    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        # In which font and width titles were measured, and what was found.
        self._measured_in: tuple[str, int] = "", 0
        self._boxes: dict[tuple[str, bool], QRect] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size that shows everything."""
        if self.is_compact:
            return QSize(COMPACT, option.fontMetrics.height() + 12)
        lines = self._title_box(option, index).height()
        row: Progress = index.data(PROGRESS)
        return QSize(100, lines + 12 + (option.fontMetrics.height() if row.confirm else 0))

    def _title_box(self, option: QStyleOptionViewItem, index: _Index) -> QRect:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else 200
        row: Progress = index.data(PROGRESS)
        font = view.font() if view else option.font
        # The view asks for every row at each change of one.
        if self._measured_in != (measured_in := (font.key(), width)):
            self._measured_in, self._boxes = measured_in, {}
        box = self._boxes.get(found := (row.title, _is_odd(row)))
        if box is None:
            # Measured in the heavier weight: a row must not grow when it is chosen.
            metrics = QFontMetrics(_weighted(font, True))
            left = self._left(option)
            room = QRect(left, _TOP, max(60, width - left - self._right(option, row)), 1000)
            box = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), row.title)
            self._boxes[found] = box
        return box

    def _left(self, option: QStyleOptionViewItem) -> int:
        return option.fontMetrics.horizontalAdvance("10") + 15

    def _right(self, option: QStyleOptionViewItem, row: Progress) -> int:
        side = option.fontMetrics.height()
        odd = side if _is_odd(row) else 0
        return self._count(option) + side + 8 + odd

    def _count(self, option: QStyleOptionViewItem) -> int:
        """Return the room for a count."""
        return option.fontMetrics.horizontalAdvance("12/12")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        row: Progress = index.data(PROGRESS)
        c = colours(option.palette)
        box = option.rect
        chosen = self.is_form and bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        if chosen or over:
            painter.fillRect(box, QColor(c.paper if chosen else c.tint))
        if chosen:
            painter.fillRect(QRect(box.left(), box.top(), _BAR, box.height()), QColor(c.ink2))
        if option.state & QStyle.StateFlag.State_HasFocus:
            # Inside: the rows have no room between them.
            paint_ring(painter, QRectF(box), c, -c.ring)
        painter.setFont(_weighted(option.font, chosen))
        painter.setPen(QColor(c.ink2))
        # In a narrow list a scroll bar would push the sign onto the number.
        left = box.left() + (1 if self.is_compact else 5)
        number = QRect(left, box.top() + _TOP, self._left(option) - 12, box.height())
        painter.drawText(number, int(Qt.AlignmentFlag.AlignRight), str(index.row() + 1))
        if self.is_compact:
            self._paint_gravest(painter, option, row)
            painter.restore()
            return
        painter.setPen(QColor(c.ink))
        title = self._title_box(option, index).translated(box.topLeft())
        title.setWidth(box.width() - self._left(option) - self._right(option, row))
        painter.drawText(title, int(Qt.TextFlag.TextWordWrap), str(index.data()))
        if row.confirm:
            painter.setPen(QColor(c.ink2))
            below = title.translated(0, self._title_box(option, index).height())
            painter.drawText(
                below, int(Qt.AlignmentFlag.AlignLeft), tr("{n} to confirm", n=row.confirm)
            )
        side = option.fontMetrics.height()
        room = self._count(option)
        right = QRect(box.right() - room - 4, box.top() + _TOP, room, side)
        if row.flag:
            mark = QRectF(right.left() - side, right.top(), side, side)
            draw_mark(painter, mark_of(row.flag), mark.adjusted(1, 1, -1, -1), c)
        if _is_odd(row):
            # How many there are is in the tooltip and in the name.
            odd = QRectF(right.left() - 2 * side, right.top(), side, side)
            sign = Mark.UNEQUAL if row.contradictions else Mark.FLAG
            draw_mark(painter, sign, odd.adjusted(2, 2, -2, -2), c)
        self._paint_count(painter, option, row, right)
        painter.restore()

    def _paint_gravest(
        self, painter: QPainter, option: QStyleOptionViewItem, row: Progress
    ) -> None:
        mark = Mark.UNEQUAL if row.contradictions else mark_of(row.flag) if row.flag else Mark.NONE
        if mark is Mark.NONE and row.checks:
            mark = Mark.FLAG
        if mark is Mark.NONE and row.all and row.done == row.all:
            mark = Mark.DONE
        side = option.fontMetrics.height()
        at = QRectF(option.rect.right() - side, option.rect.top() + _TOP, side, side)
        draw_mark(painter, mark, at.adjusted(2, 2, -2, -2), colours(option.palette))

    def _paint_count(
        self, painter: QPainter, option: QStyleOptionViewItem, row: Progress, box: QRect
    ) -> None:
        c = colours(option.palette)
        if row.all and row.done == row.all:
            side = box.height()
            done = QRectF(box.right() - side, box.top(), side, side).adjusted(1, 1, -1, -1)
            draw_mark(painter, Mark.DONE, done, c)
            return
        font = QFont(option.font)
        font.setPointSizeF(font.pointSizeF() - 1)
        painter.setFont(font)
        painter.setPen(QColor(c.ink2))
        text = f"{row.done}/{row.all}" if row.all else (str(row.done) if row.done else "")
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), text)


class _SectionList(QListView):
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again: titles wrap."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()


class Rail(QWidget):
    """The sections of the form. Arrow keys move, and the section in view follows.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    section_chosen : str
        The user went to a section.
    counted : object
        How far the section is that is marked: `Progress`.
    next_requested
        The user wants the next unanswered question.
    review_requested
        The user wants to see the review.
    letter_requested
        The user wants to see the letter.
    entered
        The user wants to work in the section that is marked.
    left : bool
        Tab leads out: forward if true.
    """

    section_chosen = Signal(str)
    counted = Signal(object)
    entered = Signal()
    left = Signal(bool)
    next_requested = Signal()
    review_requested = Signal()
    letter_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.sections = tuple(session.form.sections)
        self.path = Path(session)
        self.model = SectionModel(self.path, self)
        self.list = _SectionList(self)
        self.list.setObjectName("sections")
        self.list.setAccessibleName(tr("Sections"))
        self.list.setModel(self.model)
        self._delegate = _Delegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.core = QLabel(self)
        set_role(self.core, "small")
        self.core.setContentsMargins(10, 4, 6, 4)
        self.core.setWordWrap(True)
        self.next = QPushButton(tr("Next open"), self)
        self.next.setToolTip("Ctrl+J")
        self.review = QPushButton(tr("Review"), self)
        self.review.setToolTip("Ctrl+R")
        self.letter = QPushButton(tr("Letter"), self)
        self.letter.setToolTip("Ctrl+L")
        set_role(self.letter, "main")
        for button in (self.next, self.review, self.letter):
            button.setAccessibleName(button.text())
        # The button of the page that stands in place of the questions.
        self._page: QPushButton | None = None
        self._soon = Before(self.refresh, self)
        layout = vertical(self, 0, 8, 0, 8, spacing=4)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.core)
        foot = vertical(None, 8, 0, 8, 0, spacing=6)
        foot.addWidget(self.next)
        foot.addWidget(self.review)
        foot.addWidget(self.letter)
        layout.addLayout(foot)
        session.subscribe(self._on_session_changed)
        selection = self.list.selectionModel()
        selection.currentChanged.connect(self._on_current_changed)
        # Later: with keys and pointer what is selected becomes the current one only after that.
        selection.selectionChanged.connect(
            self._on_selection_changed, Qt.ConnectionType.QueuedConnection
        )
        self.list.clicked.connect(self.entered)
        self.next.clicked.connect(self.next_requested)
        self.review.clicked.connect(self.review_requested)
        self.letter.clicked.connect(self.letter_requested)
        self.refresh()

    def set_compact(self, compact: bool) -> None:
        """Show numbers and signs only, or titles as well."""
        if compact != self._delegate.is_compact:
            self._delegate.is_compact = compact
            self.core.setHidden(compact)
            self.next.setText("›" if compact else tr("Next open"))
            self.review.setText("≡" if compact else tr("Review"))
            self.letter.setText("✉" if compact else tr("Letter"))
            self.setProperty("compact", compact)
            for button in (self.next, self.review, self.letter):
                redress(button)
            self.list.scheduleDelayedItemsLayout()

    def show_page(self, button: QPushButton | None) -> None:
        """Mark the page that a button leads to in place of the section; None marks the section again."""
        if button is self._page:
            return
        for page, says in ((self._page, ""), (button, tr("Shown now"))):
            if page is not None:
                page.setAccessibleDescription(says)
        self._page = button
        self._delegate.is_form = button is None
        self.list.viewport().update()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark the button of the page in view as the row of a section is marked."""
        super().paintEvent(event)
        if self._page is None:
            return
        c, painter = colours(self.palette()), QPainter(self)
        button = self._page.geometry()
        row = QRect(0, button.top() - _BAR, self.width(), button.height() + 2 * _BAR)
        painter.fillRect(row, QColor(c.paper))
        painter.fillRect(row.x(), row.y(), _BAR, row.height(), QColor(c.ink2))

    def _on_session_changed(self, changed: Changed) -> None:
        self._soon.start()

    @Slot()
    def refresh(self) -> None:
        """Bring the rail up to date with the session."""
        self._soon.stop()
        self.model.refresh()
        done = sum(row.done for row in self.model.rows if row.all)
        count = sum(row.all for row in self.model.rows)
        self.core.setText(tr("Core path: {done} of {count} answered", done=done, count=count))
        self._tell_progress()

    @Slot(str)
    def show_section(self, section: str) -> None:
        """Mark the section that is in view."""
        index = self.model.index(self.sections.index(section))
        if index != self.list.currentIndex():
            selection = self.list.selectionModel()
            blocked = selection.blockSignals(True)
            self.list.setCurrentIndex(index)
            selection.blockSignals(blocked)
            self.list.viewport().update()
        self._tell_progress()

    def _tell_progress(self) -> None:
        self.counted.emit(self.list.currentIndex().data(PROGRESS))

    @property
    def section(self) -> str:
        """The section that is marked."""
        at = self.list.currentIndex().row()
        return self.sections[max(0, at)]

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self.section_chosen.emit(self.sections[current.row()])

    @Slot()
    def _on_selection_changed(self) -> None:
        # Assistive technology selects a section without going there.
        selected = self.list.selectionModel().selectedIndexes()
        if selected and selected[0] != self.list.currentIndex():
            self.list.setCurrentIndex(selected[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and self.list.hasFocus():
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = [self.next, self.review, self.letter, self.list][:: 1 if forward else -1]
        at = next((at for at, stop in enumerate(stops) if stop.hasFocus()), -1)
        if at in (-1, len(stops) - 1):
            self.left.emit(forward)
        else:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            stops[at + 1].setFocus(reason)
        return True
