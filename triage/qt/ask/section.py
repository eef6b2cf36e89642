"""The middle of the window: the questions of one section."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import cached_property

from PySide6.QtCore import QEvent, QMetaObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from triage.content.follow_ups import follow_ups
from triage.content.form import NOTE
from triage.model.values import Value
from triage.qt.ask.block import BlockRow
from triage.qt.ask.body_map import Place as MapPlace
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.ask.questions import QuestionWidget
from triage.qt.ask.section_page import Row, SectionPage
from triage.qt.parts.flow import place_pending
from triage.qt.parts.laying import vertical
from triage.qt.parts.odd import odd_in
from triage.qt.parts.soon import Before, Soon
from triage.qt.parts.stops import turn_to, watch_focus
from triage.qt.parts.words import tr
from triage.session import Changed, Session
from triage.session.progress import Flags, Progress

# The next section is made ahead when nothing was done for so long, in milliseconds.
_AT_REST = 300
# What a question may bring up is made as soon as it has the focus, and Tab is not only passing: it comes at the key.
_AT_QUESTION = 10


class SectionView(QWidget):
    """Shows the questions of one section at a time.

    Parameters
    ----------
    session
        The case.
    goes_on
        Whether the focus goes on after a key that recorded.

    Signals
    -------
    section_shown : str
        Another section is in sight.
    focus_question_changed : str
        The focus went to another question or block: its id.
    told : str
        What was recorded by a key that answers much, or why a key recorded nothing.
    advised : str
        A key recorded nothing here, and why.
    left : bool
        Tab leads out, at the end if true, else at the beginning.
    question_requested : str
        The user wants to see another answer, which one in sight cannot stand beside.
    """

    question_requested = Signal(str)

    section_shown = Signal(str)
    focus_question_changed = Signal(str)
    told = Signal(str)
    advised = Signal(str)
    left = Signal(bool)

    def __init__(
        self, session: Session, parent: QWidget | None = None, *, goes_on: bool = True
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._goes_on = goes_on
        self._pages: dict[str, SectionPage] = {}
        self._section = ""
        self._current: Row | None = None
        self._stack = QStackedWidget(self)
        layout = vertical(self, 0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._ahead = Soon(self._on_ahead, self)
        self._coming = Soon(self._on_coming, self)
        # With the assessment: once for several changes of one event.
        self._flags = Flags(session)
        self._soon = Before(self._show_flags, self)
        session.subscribe(self._on_session_changed)
        watch_focus(self._on_focus_changed)

    @property
    def section(self) -> str:
        """The section in sight; empty before the first one."""
        return self._section

    @property
    def page(self) -> SectionPage:
        """The page in sight."""
        return self._pages[self._section]

    def show_section(self, section: str) -> None:
        """Show the questions of `section`."""
        if section == self._section:
            return
        page = self._page_of(section)
        page.resize(self._stack.size())
        page.fill()
        self._section = section
        turn_to(self._stack, page)
        # In sight: what is not hears nothing of its parts.
        page.take_size()
        page.catch_up()
        self._show_flags()
        self.section_shown.emit(section)
        self._begin_rest()

    def _page_of(self, section: str) -> SectionPage:
        """Return the page of a section, made if there is none."""
        page = self._pages.get(section)
        if page is None:
            page = self._pages[section] = SectionPage(self.session, section, goes_on=self._goes_on)
            page.told.connect(self.told)
            page.advised.connect(self.advised)
            page.left.connect(self.left)
            page.layer_wished.connect(self._on_layer_wished)
            page.question_requested.connect(self.question_requested)
            self._stack.addWidget(page)
            # Before there are rows: they are made with what is said of them.
            page.show_flags(self._flags.by_question())
        return page

    @Slot()
    def _show_flags(self) -> None:
        if self._section:
            self.page.show_flags(self._flags.by_question())
            place_pending()

    @Slot(object)
    def show_progress(self, row: Progress) -> None:
        """Say beside the title how far the section in sight is, and what in it is odd."""
        self.page.show_count(_counted(row))
        place_pending()

    @Slot()
    def _on_ahead(self) -> None:
        """Make a row while nothing else is to be done: of the section in sight, and of the next one.

        To show that takes little time then. Of all others none: they would take as much memory again as the rest of
        the program.
        """
        sections = list(self.session.form.sections)
        at = sections.index(self._section)
        for section in sections[at : at + 2]:
            page = self._page_of(section)
            if not page.is_ready:
                page.make_next()
                if page.is_ready and section != self._section:
                    page.lay_out_in(self._stack.size())
                self._ahead.start(0)
                return
        if self.page.has_late:
            self.page.size_next()
            self._ahead.start(0)

    @Slot()
    def _on_coming(self) -> None:
        """Make a row that an answer to the question in focus may bring up."""
        if self._current is not None and self.page.make_one_of(self._may_follow(self._current)):
            self._coming.start(0)

    def _may_follow(self, row: Row) -> Set[str]:
        """Return the questions and blocks that an answer to `row` may bring into sight."""
        if isinstance(row, BlockRow):
            return {question.id for question in row.members}
        return self._follow_ups.get(row.name, frozenset())

    @cached_property
    def _follow_ups(self) -> dict[str, frozenset[str]]:
        return follow_ups(self.session.content)

    def go_to(self, key: str) -> bool:
        """Show the question that `key` belongs to, put the focus on it and flash it.

        Parameters
        ----------
        key
            A question, one of its options, rows or sides, a block, or ``note.<section>``.

        Returns
        -------
        bool
            Whether there is such a place.
        """
        form = self.session.form
        if key.startswith(NOTE) and key.removeprefix(NOTE) in form.sections:
            self.show_section(key.removeprefix(NOTE))
            self.page.ensureWidgetVisible(self.page.note)
            self.page.note.setFocus()
            return True
        if key in form.blocks:
            self.show_section(form.in_block(key)[0].section)
            self.page.show_block(form.blocks[key])
            return True
        question = form.question_of(key)
        if question is None:
            return False
        self.show_section(question.section)
        self.page.show_question(question, key)
        return True

    @Slot(str, object)
    def _on_layer_wished(self, name: str, place: MapPlace | None) -> None:
        """Go on with another list on the body map, at the same place if that has it."""
        self.go_to(name)
        row = self._current
        if isinstance(row, ChoicesWidget) and row.name == name:
            row.enter_map(place)

    @property
    def acts(self) -> Mapping[str, str]:
        """What can be done with the answer to the question that had the focus last."""
        row = self._current
        is_open = isinstance(row, QuestionWidget) and not self.session.read_only
        return row.acts if isinstance(row, QuestionWidget) and is_open else {}

    @Slot(str)
    def do(self, name: str) -> None:
        """Do one of these."""
        if isinstance(self._current, QuestionWidget):
            self._current.do(name)

    def show_coming(self, changes: Mapping[str, Value | None]) -> None:
        """Show in the cells in sight what would be recorded there and is not yet."""
        for row in self.page.rows():
            if isinstance(row, QuestionWidget):
                row.show_coming(changes)

    def focus_first(self) -> None:
        """Put the focus on the first open question of the section in sight, if none is open on the first."""
        if self._section:
            self.page.focus_first()

    def changeEvent(self, event: QEvent) -> None:
        """Give the page in sight another size of text once all around it has that."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._section:
            # It is laid out once, and not for each column of the window that takes another width.
            self.page.setWidgetResizable(False)
            QMetaObject.invokeMethod(self, "_on_sized", Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _on_sized(self) -> None:
        place_pending()
        self.page.take_size()
        # Two changes at once may have brought the size back.
        self.page.setWidgetResizable(True)
        self._begin_rest()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on: to the question that had it last, if it is in sight, else to the first one."""
        super().focusInEvent(event)
        if self._current is not None and self._section and self._current in self.page.rows():
            self._current.enter()
        else:
            self.focus_first()

    def _on_session_changed(self, changed: Changed) -> None:
        for section, page in self._pages.items():
            page.take_change(changed, in_sight=section == self._section)
        # One part after the other asks for a new layout: all of them before anything is painted.
        place_pending()
        self._soon.start()
        self._begin_rest()

    def _begin_rest(self) -> None:
        """Make ahead what is missing: at once in sight, else when nothing was done for a while."""
        is_whole = not self._section or (self.page.is_ready and not self.page.has_late)
        self._ahead.start(_AT_REST if is_whole else 0)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        row = new
        while row is not None and not isinstance(row, QuestionWidget | BlockRow):
            row = row.parentWidget()
        if not isinstance(row, QuestionWidget | BlockRow) or not self.isAncestorOf(row):
            return
        if row is self._current:
            return
        if self._current is not None:
            self._current.set_current(False)
        row.set_current(True)
        self._current = row
        self._begin_rest()
        self._coming.start(_AT_QUESTION)
        self.focus_question_changed.emit(row.name)


def _counted(row: Progress) -> str:
    """Return how far a section is, and what in it is odd."""
    count = tr("{done} of {all} answered", done=row.done, all=row.all)
    if not row.all:
        count = tr("{done} answered", done=row.done) if row.done else ""
    confirm = tr("{n} to confirm", n=row.confirm) if row.confirm else ""
    return " · ".join(filter(None, (count, *odd_in(row), confirm)))
