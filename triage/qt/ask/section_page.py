"""The page of one section: its questions in order, folded blocks, notes, and more on demand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import date

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLayout,
    QTableView,
    QWidget,
)

from triage.content.form import AGE, BORN, DATE, NOTE, PROFILE, SEX
from triage.content.schema import Block, Question
from triage.model.case import Case
from triage.model.values import Text
from triage.qt.ask.add import AddQuestion
from triage.qt.ask.base import step_of
from triage.qt.ask.block import BlockRow, BlockTitle
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.ask.questions import QuestionWidget, make_widget
from triage.qt.parts.flow import (
    Column,
    Wrapped,
    drop_pending,
    place_pending,
    placed_at_once,
    scaled,
)
from triage.qt.parts.inputs import GrowingText, Refusal
from triage.qt.parts.keys import is_plain
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.soon import Soon
from triage.qt.parts.stops import stops_in, tab_to
from triage.qt.parts.theme import LatePage, LateRow, is_sized, set_role, size_text
from triage.qt.parts.words import tr
from triage.rules.assessment import Fired
from triage.session import Changed, Session

_FRAME = 40
# How high the title is, at the usual size of the text.
_TITLE = 38
# Nobody reads a block of denials in less; in milliseconds.
_READING = 600
# More rows than a screen has room for, unless it is very high.
_SCREENFUL = 12
# The height of the lowest row, in pixels at the usual size of the text.
_LOWEST = 44
# Values are odd, spelled or usual beside these.
_ANYWHERE = frozenset((AGE, BORN, SEX, DATE, PROFILE))
_PAGES: dict[int, int] = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
Row = QuestionWidget | BlockRow


class Place:
    """One place of the page: a question, the line of a block or the title above one that is open.

    Its widget is made when it comes into sight.
    """

    def __init__(self, content: Question | Block, *, is_title: bool = False) -> None:
        self.content = content
        self.is_title = is_title
        self.widget: Row | BlockTitle | None = None


class _Body(Column):
    """Holds the rows of a page. It takes the height that they need before they are placed, not after.

    Qt places them at each row that comes or goes, squeezed into the height that was, and again once it has grown.

    Signals
    -------
    placed
        The rows have their places.
    """

    placed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = vertical(self)
        # It places nothing unless it is asked to.
        self.rows.setEnabled(False)
        self._held = 0
        # Where it becomes higher, what stands above the change is not painted again.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Place the rows once, at the end."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self.place()

    @property
    def is_held(self) -> bool:
        """Whether the rows wait for their places, or are just getting them."""
        return bool(self._held)

    def place(self) -> None:
        """Become as high as the rows need, and the page at least, and place them."""
        page = self.parentWidget()
        if self._held or page is None:
            return
        self._held += 1
        width = self.width()
        self.rows.setEnabled(True)
        with placed_at_once():
            self.resize(width, max(self.heightForWidth(width), page.height()))
            self.rows.activate()
            # Of another size alone a layout that rests hears nothing.
            self.rows.setGeometry(self.rect())
        self.rows.setEnabled(False)
        self._held -= 1
        self.placed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.place()
        return super().event(event)


class SectionPage(LatePage):
    """Shows one section. Widgets are made when they first come into sight, or a little ahead, and kept.

    Before the page is shown `fill` makes a screenful; whoever shows it calls `make_next` for the rest while nothing
    else is to be done. Whatever needs all rows makes those that are missing.

    Parameters
    ----------
    session
        The case.
    section
        Id of the section.
    goes_on
        Whether the focus goes on after a key that recorded.

    Signals
    -------
    told : str
        Something was recorded by a key that answers much, or a key recorded nothing.
    advised : str
        A key recorded nothing here, and why.
    left : bool
        Tab leads out, at the end if true, else at the beginning.
    layer_wished : str, object
        Another list is to be marked on the body map, from this place on.
    question_requested : str
        The user wants to see another answer, which one of these cannot stand beside.
    """

    question_requested = Signal(str)
    told = Signal(str)
    advised = Signal(str)
    left = Signal(bool)
    layer_wished = Signal(str, object)

    def __init__(
        self, session: Session, section: str, parent: QWidget | None = None, *, goes_on: bool = True
    ) -> None:
        super().__init__(parent)
        self._resized = Soon(self._reveal_focus, self)
        self.session = session
        self.section = section
        self.goes_on = goes_on
        self._block_recorded: tuple[BlockRow, int] | None = None
        self._called: set[str] = set()
        self._stale: set[str] = set()
        # What it showed last: of which case and day, and the contradictions by question.
        self._shown: tuple[Case, date] | None = session.case, session.day
        self._contradicting = session.contradicting
        # What tells the reading of the facts that it showed last.
        self._read: object = None
        # The red flags by question, and the questions that say theirs.
        self._flags: Mapping[str, Fired] = {}
        self._told: frozenset[str] = frozenset()
        form = session.form
        questions = form.in_section(section)
        blocks = {q.block: form.blocks[q.block] for q in questions if q.block}
        contents: list[Question | Block] = [*questions, *blocks.values()]
        self._by_id = {content.id: Place(content) for content in contents}
        self._titles = {name: Place(block, is_title=True) for name, block in blocks.items()}
        # The blocks whose questions are in sight, and in what order all stands because of it.
        self._opened: frozenset[str] = frozenset()
        self._places: list[Place] = []
        self._put_in_order()
        self.setObjectName("section")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its room is kept: else all rows are laid out once without and once with it.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().setEnabled(False)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Whether all is made that is in sight.
        self.is_ready = False
        # Whether rows out of sight have another size of text than that.
        self.has_late = False
        self.verticalScrollBar().valueChanged.connect(self._size_in_sight)
        self._has_foot = False
        self._build_frame()

    def _order(self) -> Iterator[Place]:
        """Yield the places in the order of the form.

        The line of a block stands for its questions; where they are in sight it closes them, below the last.
        """
        form = self.session.form
        for question in form.in_section(self.section):
            name = question.block
            members = form.in_block(name) if name else ()
            if members and question is members[0]:
                yield self._titles[name]
                if name not in self._opened:
                    yield self._by_id[name]
            yield self._by_id[question.id]
            if members and question is members[-1] and name in self._opened:
                yield self._by_id[name]

    def _put_in_order(self) -> None:
        """Set the line of each block above or below its questions, as they are in sight or not."""
        opened = frozenset(name for name in self._titles if self._is_open(name))
        if self._places and opened == self._opened:
            return
        moved, self._opened = opened ^ self._opened, opened
        self._places = list(self._order())
        for name in moved:
            if (line := self._by_id[name].widget) is not None:
                self._layout.removeWidget(line)
                self._layout.insertWidget(self._index_of(self._by_id[name]), line)

    def _is_open(self, block: str) -> bool:
        line = self.widget_of(block)
        if isinstance(line, BlockRow):
            return line.is_shown_open
        return self.session.is_block_open(self.session.form.blocks[block])

    def _build_frame(self) -> None:
        title = self.session.form.sections[self.section].title
        self._body = body = _Body()
        body.placed.connect(self._size_in_sight)
        body.placed.connect(self._show_caret)
        _make_opaque(body)
        self._layout = body.rows
        self._layout.setContentsMargins(4, 0, 8, 12)
        self._layout.setSpacing(0)
        # It stands above what scrolls.
        self._head = QWidget(self)
        self._title, self.count = QLabel(title.replace("&", "&&")), QLabel()
        set_role(self._title, "title")
        set_role(self.count, "small")
        across = horizontal(self._head, 22, 0, 8, 0)
        across.addWidget(self._title, 1)
        across.addWidget(self.count)
        self._empty = QLabel(tr("Nothing to ask here so far: questions come up as answers do."))
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(22, 0, 0, 6)
        set_role(self._empty, "muted")
        self._layout.addWidget(self._empty)
        self._empty.hide()
        self.setWidget(body)
        self._place_title()

    def _build_foot(self) -> None:
        """Make what stands below all rows. Who comes by Tab meets the first question first."""
        if self._has_foot:
            return
        self._has_foot = True
        title = self.session.form.sections[self.section].title
        body = self.widget()
        self._add = AddQuestion(body)
        self._add.opened.connect(self._on_add_opened)
        self._add.question_chosen.connect(self._on_question_chosen)
        self._note = GrowingText(2, body)
        self._note.setPlaceholderText(tr("Notes to this section, in your own words"))
        self._note.setAccessibleName(f"{title}: notes")
        self._note.setAccessibleDescription(tr("Free text, written as you type"))
        self._note.typed.connect(self._on_note_typed)
        self._note_label = QLabel(tr("Notes"), body)
        self._note_label.setBuddy(self._note)
        set_role(self._note_label, "heading")
        self._layout.addWidget(self._add)
        foot = QWidget(body)
        lines = vertical(foot, 22, 8, 6, 0, spacing=2)
        lines.addWidget(self._note_label)
        lines.addWidget(self._note)
        self.refusal = Refusal(self._note, body)
        lines.addWidget(self.refusal)
        self._layout.addWidget(foot)
        self._layout.addStretch(1)
        for part in (self._add, foot):
            # The page may be in sight already.
            part.show()
        if self.session.read_only:
            self._add.setEnabled(False)
            self._note.setEnabled(False)
        self._show_note()

    def fill(self, name: str = "") -> None:
        """Make as many rows as one sees from the beginning, or from the question or block `name`."""
        around, bar = self._layout.contentsMargins(), self.verticalScrollBar().sizeHint()
        wide = self.width() - bar.width() - around.left() - around.right()
        # Before the window is in sight nobody knows how high it will be.
        is_known = self.window().isVisible()
        room = self.height() if is_known else _SCREENFUL * _LOWEST
        is_beyond = not name
        for row in self._rows_made():
            is_beyond = is_beyond or row.name == name
            if is_beyond:
                room -= row.heightForWidth(wide) if is_known else _LOWEST
            if room <= 0:
                return

    def _rows_made(self) -> Iterator[Row]:
        """Yield the rows in sight, in order; one that is missing is made when it is reached."""
        self._put_in_order()
        for place in self._places:
            if self._is_in_sight(place):
                row = place.widget or self._make(place)
                if row.isHidden():
                    row.show()
                if isinstance(row, Row):
                    yield row

    def complete(self) -> None:
        """Make all that is in sight and not made yet."""
        if not self.is_ready:
            self.update_rows()

    def make_next(self) -> None:
        """Make the next row that is in sight and not made yet; once there is none, show them all and the foot.

        Until then it is hidden: the rows that are looked at would have to make room for it, one after the other.
        """
        for place in self._places:
            if place.widget is None and self._is_in_sight(place):
                self._make(place)
                return
        self.complete()
        place_pending()

    def make_one_of(self, names: Set[str]) -> bool:
        """Make one of the rows `names` before it comes into sight; return whether there was one to make."""
        away = (p for p in self._places if p.content.id in names and not self._is_in_sight(p))
        place = next((p for p in itertools.islice(away, _SCREENFUL) if p.widget is None), None)
        if place is not None:
            self._make(place)
        return place is not None

    def take_size(self) -> None:
        """Take the size of text that was chosen last: first all that one sees and what stands above that.

        Whoever shows the page calls `size_next` for the rows below while nothing else is to be done.
        """
        if self.is_sized:
            return
        # In smaller text more comes up.
        far = self._end_of_sight() + self.viewport().height() // 2
        rows = [place.widget for place in self._places if place.widget is not None]
        self.setWidgetResizable(False)
        self.has_late = True
        with self._sizing(self._body):
            _size(self, rows)
            for row in rows:
                if not row.isHidden() and row.y() <= far:
                    _size(row)
            self._place_title()
            # Before the rows are placed it has the width that they get.
            with placed_at_once():
                self.setWidgetResizable(True)

    def size_next(self) -> None:
        """Give the next row that is out of sight the size of text."""
        row = next(iter(self._late_rows()), None)
        if row is None:
            self.has_late = False
            return
        with self._sizing(row):
            _size(row)

    def _size_until(self, far: int) -> None:
        """Give all rows that begin above `far` the size of text."""
        rows = [row for row in self._late_rows() if not row.isHidden() and row.y() <= far]
        if rows:
            with self._sizing(self._body):
                for row in rows:
                    _size(row)

    @Slot()
    def _size_in_sight(self) -> None:
        # While the rows are placed it scrolls as well: they are told of when that is done.
        if self.has_late and not self._body.is_held:
            self._size_until(self._end_of_sight())

    def _end_of_sight(self) -> int:
        return self.verticalScrollBar().value() + self.viewport().height()

    def _late_rows(self) -> list[LateRow]:
        rows = (place.widget for place in self._places)
        return [row for row in rows if row is not None and not is_sized(row)]

    @contextmanager
    def _sizing(self, root: QWidget) -> Iterator[None]:
        """Place the rows once, when all in `root` has its size, and not at the wish of each part."""
        place_pending()
        with self._body.held():
            yield
            boxes = [(box, box.minimumHeight()) for box in root.findChildren(GrowingText)]
        for part in root.findChildren(Wrapped):
            if part.is_due:
                part.is_due = False
                part.place(part.width(), moving=True)
        for layout in root.findChildren(QLayout):
            layout.activate()
        drop_pending(QEvent.Type.LayoutRequest)
        for box, height in boxes:
            # Of another width, it may have another number of lines.
            if box.minimumHeight() != height:
                box.updateGeometry()
        place_pending()

    def lay_out_in(self, size: QSize) -> None:
        """Lay everything out before it is shown, in the size that it will have."""
        self.resize(size)
        # What is hidden Qt lays out for pictures alone.
        self.grab(QRect(0, 0, 1, 1))

    @property
    def add(self) -> AddQuestion:
        """The button at the end that brings up further questions."""
        self.complete()
        return self._add

    @property
    def note(self) -> GrowingText:
        """The notes of the section."""
        self.complete()
        return self._note

    # -- what is in sight -----------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """Return the questions and blocks in sight, in order."""
        self.complete()
        return [
            place.widget
            for place in self._places
            if isinstance(place.widget, Row) and not place.widget.isHidden()
        ]

    def widget_of(self, name: str) -> Row | None:
        """Return the widget of a question or block, if it was made."""
        place = self._by_id.get(name)
        return place.widget if place is not None and isinstance(place.widget, Row) else None

    def update_rows(self, *, seen: bool = False) -> None:
        """Bring into sight what makes sense now, and take away what does not.

        With `seen` no more new rows are made behind the focus than one sees; who shows the page makes the rest.
        """
        with self._body.held():
            self._update_rows(seen=seen)

    def _update_rows(self, *, seen: bool) -> None:
        self._put_in_order()
        focused, is_ready, most = QApplication.focusWidget(), True, 0
        last = len(self._places)
        for n, place in enumerate(self._places):
            if seen and focused and place.widget and place.widget.isAncestorOf(focused):
                # What comes above the focus later would push it down.
                last, most = n, self._room_below(place.widget)
                break
        for n, place in enumerate(self._places):
            shown, widget = self._is_in_sight(place), place.widget
            if shown and widget is None:
                if n > last and most <= 0:
                    is_ready = False
                    continue
                widget = self._make(place)
            most -= shown and n > last
            if widget is not None and widget.isHidden() == shown:
                widget.setVisible(shown)
        self.is_ready = is_ready
        if is_ready:
            self._build_foot()
        shown = any(
            place.widget is not None and not place.widget.isHidden() for place in self._places
        )
        self._empty.setVisible(not shown)

    def _room_below(self, row: QWidget) -> int:
        """Return how many rows one sees at most below one of them, and the next, to which the focus goes."""
        view = self.viewport()
        below = view.height() - row.mapTo(view, QPoint(0, row.height())).y()
        return max(below // scaled(self, _LOWEST), 0) + 2

    def _is_in_sight(self, place: Place) -> bool:
        content = place.content
        if isinstance(content, Block):
            shown = self.session.is_block_in_sight(content)
            return shown and (not place.is_title or content.id in self._opened)
        if content.block and not self._is_in_sight(self._titles[content.block]):
            return content.id in self._called
        return content.id in self._called or self.session.is_unfolded(content)

    def _make(self, place: Place) -> Row | BlockTitle:
        if place.is_title and isinstance(place.content, Block):
            members = self.session.form.in_block(place.content.id)
            widget: Row | BlockTitle = BlockTitle(place.content, members)
        else:
            widget = self._make_row(place.content)
        _make_opaque(widget)
        at = self._index_of(place)
        place.widget = widget
        # In a page that is in sight its layout would show it.
        widget.hide()
        # What stands where it is before it has its place would be painted again.
        widget.move(0, -widget.height())
        self._layout.insertWidget(at, widget)
        # Done before it is shown: what changes then asks all around it for another layout, each part for itself.
        for part in widget.findChildren(QWidget):
            part.ensurePolished()
        for layout in widget.findChildren(QLayout):
            layout.activate()
        return widget

    def _make_row(self, content: Question | Block) -> Row:
        row: Row
        if isinstance(content, Block):
            row = BlockRow(self.session, content)
            row.opened.connect(self._on_block_opened)
            row.entered.connect(self._on_block_entered)
            row.record_requested.connect(self._on_record_requested)
        else:
            row = make_widget(self.session, content)
            row.answered.connect(self._on_answered)
            row.moved.connect(self._reveal_focus)
            row.layer_wished.connect(self.layer_wished)
            row.question_requested.connect(self.question_requested)
            self._show_flag(row)
        row.next_requested.connect(self._on_next_requested)
        row.previous_requested.connect(self._on_previous_requested)
        row.told.connect(self.told)
        row.advised.connect(self.advised)
        return row

    def _index_of(self, place: Place) -> int:
        """Return where its widget belongs among those that are made."""
        before = itertools.takewhile(lambda other: other is not place, self._places)
        return sum(other.widget is not None for other in before)

    # -- the session ----------------------------------------------------------------------------

    def take_change(self, changed: Changed, *, in_sight: bool) -> None:
        """Show a change: refresh what it touches, and what may have come into sight.

        A page out of sight only notes what it has to catch up with.
        """
        slots = self.session.form.slots
        for key in changed.keys:
            slot = slots.get(key)
            if slot is not None and slot.question.section == self.section:
                self._stale.add(slot.question.id)
        if not changed.keys:
            # Worked out from nothing: the same case may say something else.
            self._shown = None
        if not _ANYWHERE.isdisjoint(changed.keys):
            self._read = None
        if in_sight:
            self.catch_up(f"{NOTE}{self.section}" in changed.keys)

    def catch_up(self, notes: bool = True) -> None:
        """Show everything that changed while the page was out of sight."""
        shown = self.session.case, self.session.day
        if self._stale or shown != self._shown:
            self._shown = shown
            with self._body.held():
                self._catch_up(notes)

    def _catch_up(self, notes: bool) -> None:
        session = self.session
        stale, self._stale = self._stale, set()
        before, self._contradicting = self._contradicting, session.contradicting
        touched = self._touched(stale)
        for line in [place.widget for place in self._places]:
            if isinstance(line, BlockRow) and (touched is None or line.is_touched(touched)):
                line.is_open = line.is_open or (line.is_shown_open and self._is_worked_in(line))
                line.refresh()
        for name in stale:
            place = self._by_id.get(name)
            if place is not None and isinstance(place.widget, QuestionWidget):
                place.widget.refresh()
        self.update_rows(seen=True)
        for place in self._places:
            row, name = place.widget, place.content.id
            if not isinstance(row, QuestionWidget):
                continue
            if before.get(name) != self._contradicting.get(name):
                row.show_contradiction()
            if touched is None or row.is_touched(touched):
                row.show_known()
        if notes:
            self._show_note()

    def show_count(self, count: str) -> None:
        """Show how far the section is, beside its title."""
        if count != self.count.text():
            self.count.setText(count)
            self._place_head()

    def show_flags(self, flags: Mapping[str, Fired]) -> None:
        """Mark the questions that a red flag rests on."""
        before, self._flags = self._flags, flags
        # Several answers that one rule rests on say it once: the first of them.
        told: dict[str, str] = {}
        for question in self.session.form.in_section(self.section):
            if flag := flags.get(question.id):
                told.setdefault(flag.rule, question.id)
        self._told = frozenset(told.values())
        with self._body.held():
            for name in before.keys() | flags.keys():
                row = self.widget_of(name)
                if isinstance(row, QuestionWidget):
                    self._show_flag(row)

    def _is_worked_in(self, line: BlockRow) -> bool:
        """Whether the focus is on one of the questions of a block: it does not fold then, whatever they say."""
        focused = QApplication.focusWidget()
        rows = (self.widget_of(question.id) for question in line.members)
        return focused is not None and any(row and row.isAncestorOf(focused) for row in rows)

    def _show_flag(self, row: QuestionWidget) -> None:
        row.show_flag(self._flags.get(row.name), is_told=row.name in self._told)

    def _touched(self, stale: set[str]) -> Set[str] | None:
        """Return the questions of which something else is known than was shown; None where that may be any of them."""
        session, before = self.session, self._read
        read = session.facts_read
        self._read = read.mark
        if read.since is not before or session.is_further:
            return None
        return {q.id for q in map(session.form.question_of, read.changed) if q} | stale

    def _show_note(self) -> None:
        value = self.session.case.get(f"{NOTE}{self.section}")
        if not self._has_foot:
            return
        if isinstance(value, Text):
            self._note.show_text(value.text)
        elif self._note.toPlainText().strip():
            # Blanks alone are no note, but they stay while one types.
            self._note.show_text("")

    @Slot(str)
    def _on_note_typed(self, text: str) -> None:
        value = Text(text=text) if text.strip() else None
        self.note.stay.write(self.session, f"{NOTE}{self.section}", value)

    # -- going places ---------------------------------------------------------------------------

    def call(self, question: Question) -> QuestionWidget:
        """Bring `question` into sight, whatever its conditions say, and return its widget."""
        if question.block:
            line = self.widget_of(question.block)
            if isinstance(line, BlockRow):
                line.set_open(True)
        self._called.add(question.id)
        if self.is_ready:
            self.update_rows()
        else:
            self.fill(question.id)
        widget = self.widget_of(question.id)
        assert isinstance(widget, QuestionWidget)
        return widget

    def show_question(self, question: Question, key: str) -> None:
        """Bring `question` into sight, scroll to it, put the focus on it and flash it."""
        widget = self.call(question)
        self._body.place()
        # Rows may just have come into sight: the page grows before it scrolls to one.
        place_pending()
        self._reveal(widget)
        widget.enter(key)
        self._reveal_focus()
        widget.flash()

    def show_block(self, block: Block) -> None:
        """Scroll to the line of `block` and put the focus on it; in an open one on its first open question."""
        self.fill(block.id)
        row = self.widget_of(block.id)
        if not isinstance(row, BlockRow) or row.isHidden():
            # What makes no sense now comes into sight all the same when it is asked for by name.
            first = self.session.form.in_block(block.id)[0]
            self.show_question(first, first.id)
            return
        self._go_into(row)

    def _go_into(self, row: BlockRow, *, answered: bool = False) -> None:
        """Put the focus on the first open question of a block, else on its line, or with `answered` on the first."""
        shown = [q for q in row.members if (m := self.widget_of(q.id)) and not m.isHidden()]
        found = [q for q in shown if q in row.open_ones] or (shown if answered else [])
        member = self.widget_of(found[0].id) if found and row.is_shown_open else None
        self._go_to(member or row)

    def focus_first(self) -> None:
        """Put the focus on the first open question in sight, if none is open on the first."""
        to_answer = (row for row in self._rows_made() if row.is_to_answer)
        if row := next(to_answer, None) or next(iter(self.rows()), None):
            self.fill(row.name)
            self._go_to(row)
        else:
            # Nothing is asked here so far: somewhere a key must arrive.
            reached = (part for part in (*stops_in(self.add), self.note) if part.isEnabled())
            next(reached, self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _reveal(self, row: QWidget) -> None:
        self.ensureWidgetVisible(row, 0, _FRAME)

    def ensureWidgetVisible(self, part: QWidget, across: int = 50, along: int = 50) -> None:
        """Scroll to a part, which has its place once all above it have their size."""
        if self.has_late:
            self._size_until(part.mapTo(self._body, QPoint()).y() + self.viewport().height())
        super().ensureWidgetVisible(part, across, along)

    @Slot()
    def _reveal_focus(self) -> None:
        """Of a row that is higher than the page the part with the focus is to be seen."""
        # A dialog that leads here may still be the active window.
        focused, body = self.window().focusWidget(), self.widget()
        if focused is None or body is None or not body.isAncestorOf(focused):
            return
        if isinstance(focused, QTableView):
            cell = focused.visualRect(focused.currentIndex()).center()
            at = focused.viewport().mapTo(body, cell)
            self.ensureVisible(at.x(), at.y(), 0, _FRAME)
        else:
            self.ensureWidgetVisible(focused, 0, _FRAME)
            # Rows are not asked for: that makes those that are missing.
            row: QWidget | None = focused
            while row is not None and not isinstance(row, ChoicesWidget):
                row = row.parentWidget()
            # On the map the eye is there, and not on what has the focus in the list.
            if isinstance(row, ChoicesWidget) and row.map is not None and row.place is not None:
                at = row.map.mapTo(body, row.map.at(row.place).toPoint())
                self.ensureVisible(at.x(), at.y(), 0, _FRAME)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what has the focus in sight where another width sets all lines anew."""
        super().resizeEvent(event)
        self._place_head()
        if event.size().width() != event.oldSize().width():
            self._resized.start()

    def _place_title(self) -> None:
        self.setViewportMargins(0, scaled(self, _TITLE), 0, 0)
        self._place_head()

    def _place_head(self) -> None:
        """Lay the title and its count over what scrolls, as wide as that."""
        wide = self.viewport().width()
        self._head.resize(wide, scaled(self, _TITLE))
        # Where there is no room for both, the title stays.
        both = self._title.sizeHint().width() + self.count.sizeHint().width() + 40
        self.count.setVisible(both <= wide)

    @Slot(int, int)
    def _on_range_changed(self, least: int, most: int) -> None:
        self.verticalScrollBar().setEnabled(most > least)

    @Slot()
    def _show_caret(self) -> None:
        """Follow a box that grows while one types: nobody types out of sight."""
        box, body = QApplication.focusWidget(), self.widget()
        if isinstance(box, GrowingText) and body is not None and body.isAncestorOf(box):
            at = box.viewport().mapTo(body, box.cursorRect().bottomLeft())
            self.ensureVisible(at.x(), at.y(), 0, _FRAME)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Out of a question: inside it has seen to that itself.
        focused, step = QApplication.focusWidget(), 1 if forward else -1
        parts = [*self.rows(), self.add, self.note][::step]
        around = [part is focused or bool(focused and part.isAncestorOf(focused)) for part in parts]
        beyond = parts[around.index(True) + 1 :] if True in around else []
        target = next((stop for part in beyond for stop in _stops(part)[::step]), None)
        if target is None:
            self.left.emit(forward)
            return True
        tab_to(target, forward=forward)
        self.ensureWidgetVisible(target, 0, _FRAME)
        return True

    @Slot()
    def _on_next_requested(self) -> None:
        self._step(1)

    @Slot()
    def _on_previous_requested(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        """Put the focus on the question after or before the one that asks for it."""
        self._step_from(self.sender(), step)

    def _step_from(self, row: object, step: int) -> None:
        # Only what lies on the way is made.
        before: Row | None = None
        after = self._rows_made()
        here = next(after, None)
        while here is not None and here is not row:
            before, here = here, next(after, None)
        if here is None:
            return
        target = (
            (before or here) if step < 0 else next(itertools.islice(after, step - 1, None), None)
        )
        if target is not None:
            self._go_to(target)
        else:
            self._reveal(self.note)
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, row: Row) -> None:
        self._reveal(row)
        row.enter()
        self._reveal_focus()

    def _turn(self, step: int) -> None:
        """Put the focus a page further down, or up: what is typed then goes where one looks."""
        rows, focused = self.rows(), QApplication.focusWidget()
        here = next((row for row in rows if focused and row.isAncestorOf(focused)), None)
        if here is None:
            return
        wanted = here.y() + step * self.viewport().height()
        beyond = [row for row in rows if (row.y() - here.y()) * step > 0]
        if beyond:
            self._go_to(min(beyond, key=lambda row: abs(row.y() - wanted)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (step := _PAGES.get(event.key())) and is_plain(event):
            self._turn(step)
            return
        step = step_of(event) if self.note.hasFocus() else 0
        # From the notes back to the last question; they are the end.
        if step < 0 and (rows := self.rows()):
            self._go_to(rows[-1])
        elif step > 0:
            title = self.session.form.sections[self.section].title
            ways = tr("Ctrl+PgDown goes to the next section, Ctrl+J to the next open question.")
            self.advised.emit(tr("End of {title}. {ways}", title=title, ways=ways))
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _on_record_requested(self, at: int) -> None:
        row = self.sender()
        if not isinstance(row, BlockRow):
            return
        last = self._block_recorded
        if last is not None and last[0] is not row and at - last[1] < _READING:
            self.advised.emit(tr("Read the block first."))
            return
        if not row.open_ones:
            row.record()
            return
        self._block_recorded = row, at
        row.record()
        if self.goes_on:
            # Past its own questions, which come into sight if they are present.
            own = {id(self.widget_of(question.id)) for question in row.members}
            later = self.rows()[self.rows().index(row) :]
            self._step_from(row, sum(id(each) in own for each in later) + 1)

    @Slot(str)
    def _on_answered(self, part: str) -> None:
        row = self.sender()
        if not self.goes_on or not isinstance(row, QuestionWidget):
            return
        if part:
            row.take_focus(part)
        else:
            self._step_from(row, 1)

    @Slot(bool)
    def _on_block_opened(self, is_open: bool) -> None:
        line = self.sender()
        if isinstance(line, BlockRow) and not is_open:
            self._called -= {question.id for question in line.members}
        self.update_rows()

    @Slot()
    def _on_block_entered(self) -> None:
        line = self.sender()
        if isinstance(line, BlockRow):
            self._go_into(line, answered=True)

    @Slot()
    def _on_add_opened(self) -> None:
        self.add.show_questions(
            [
                place.content
                for place in self._places
                if isinstance(place.content, Question)
                and not self._is_in_sight(place)
                and self.session.is_shown(place.content)
                and not self._is_on_a_line(place.content)
            ]
        )

    def _is_on_a_line(self, question: Question) -> bool:
        line = self.widget_of(question.block) if question.block else None
        return isinstance(line, BlockRow) and not line.isHidden() and question in line.covered

    @Slot(str)
    def _on_question_chosen(self, name: str) -> None:
        self.show_question(self.session.form.questions[name], name)


def _size(root: QWidget, later: Sequence[QWidget] = ()) -> None:
    """Give all in `root` the size of text but the rows `later`, and have what it stands in know that it is another."""
    size_text(root, later)
    todo: list[QWidget | QLayout] = [root]
    while todo:
        part = todo.pop()
        if isinstance(part, QLayout):
            part.invalidate()
        else:
            part.updateGeometry()
        if isinstance(part, Wrapped):
            part.is_due = True
        inside = (p for p in part.children() if isinstance(p, QWidget | QLayout))
        todo += [p for p in inside if p not in later]


def _make_opaque(part: QWidget) -> None:
    """Give a part of the page its ground: what only moves, scrolled or pushed down, is not painted again."""
    part.setBackgroundRole(QPalette.ColorRole.Base)
    part.setAutoFillBackground(True)


def _stops(part: QWidget) -> list[QWidget]:
    """Return where Tab stops in a row, or in what stands below them all."""
    return part.stops() if isinstance(part, Row) else stops_in(part)
