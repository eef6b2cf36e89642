"""The live assessment at the right: a banner that is always in view, and four pages below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from triage.letter.words.said.trail import Trail
from triage.qt.panel.banner import Banner
from triage.qt.panel.conditions import DifferentialView
from triage.qt.panel.decision_row import DecisionRow
from triage.qt.panel.page import Page
from triage.qt.panel.plan import PlanView
from triage.qt.panel.row import Row, RowArea, row_of
from triage.qt.panel.tests import TestsView
from triage.qt.panel.urgency import UrgencyView
from triage.qt.parts.colours import colours
from triage.qt.parts.flow import place_pending
from triage.qt.parts.keys import Place, act, is_plain, is_shifted
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.line import Line
from triage.qt.parts.lines import resting
from triage.qt.parts.soon import Before
from triage.qt.parts.stops import stops_in, tab_to, watch_focus
from triage.qt.parts.words import tr
from triage.rules.assessment import Assessment
from triage.session import Changed, Session

_FRAME = 40
_BAR = 4
# What Qt takes as none.
_NO_BOUND = (1 << 24) - 1
_URGENCY, _TESTS = 0, 1
_TITLES = (tr("Urgency"), tr("Tests"), tr("Conditions"), tr("Plan"))
_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_SIDEWAYS: dict[int, int] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class Panel(QWidget):
    """Shows the assessment of the session's case, brought up to date once per turn of the event loop.

    Only the page in view is written; the others when they come into view.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        A line was clicked that leads to this answer.
    urgency_requested
        The clinician wants to set the level of urgency.
    assessment_shown
        The panel shows the case as it stands.
    left
        The user wants to go back to the questions.
    pages_requested
        The user wants the pages of the assessment, in whose place something else stands.
    laid : bool
        As a strip: its pages are laid over what stands below it, or put away; or its head has another height.
    told : str
        What a key did.
    advised : str
        A key recorded nothing here, and why.
    """

    question_requested = Signal(str)
    urgency_requested = Signal()
    assessment_shown = Signal()
    left = Signal()
    pages_requested = Signal()
    laid = Signal(bool)
    told = Signal(str)
    advised = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: dict[int, Assessment] = {}
        self._instead: QWidget | None = None
        # The rows whose place is open, the last one that of the focus.
        self._open: list[Row] = []
        # The line that had the focus last.
        self._line: Line | None = None
        self._has_focus = False
        # The pages that were shown last.
        self._in_sight: frozenset[int] = frozenset()
        self.is_wide = self.is_strip = False
        # Whether there is more to see than the head: as a strip only if that was asked for.
        self.is_whole = True
        self.setObjectName("panel")
        self.setAccessibleName(tr("Assessment"))
        trail = Trail(session.content, codes=False)
        self.banner = Banner(session, trail, self)
        self.urgency = UrgencyView(session, trail)
        self.tests = TestsView(session, trail)
        self.differential = DifferentialView(session, trail)
        self.plan = PlanView(session, trail)
        self._pages: tuple[Page, ...] = (self.urgency, self.tests, self.differential, self.plan)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("tabs")
        self.tabs.setAccessibleName(tr("Pages of the assessment"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        # Where the titles are longer than here, their numbers stay.
        self.tabs.setElideMode(Qt.TextElideMode.ElideMiddle)
        self._stack = QStackedWidget(self)
        self._areas: list[RowArea] = []
        for title, page in zip(
            _TITLES,
            (self.urgency, self.tests, self.differential, self.plan),
            strict=True,
        ):
            self.tabs.addTab(title)
            area = RowArea(self._stack)
            area.setWidget(page)
            area.setAccessibleName(title)
            self._stack.addWidget(area)
            self._areas.append(area)
        # Several changes of one event (a block of ten answers) are shown once.
        self._soon = Before(self._on_changed, self)
        self._first, self._second = QWidget(self), QWidget(self)
        self._layout, self._beside = vertical(self._first), vertical(self._second)
        for column in (self._layout, self._beside):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
        self._layout.addWidget(self.banner)
        self._layout.addWidget(self.tabs)
        self._layout.addWidget(self._stack, 1)
        self._second.hide()
        columns = horizontal(self)
        # At the left there is room for the bar of the focus.
        columns.setContentsMargins(_BAR, 0, 0, 0)
        columns.setSpacing(1)
        columns.addWidget(self._first, 1)
        columns.addWidget(self._second, 1)
        self._connect_signals()
        self.show_assessment()

    def _connect_signals(self) -> None:
        self._session.subscribe(self._on_session_changed)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.banner.question_requested.connect(self.question_requested)
        self.banner.urgency_requested.connect(self.urgency_requested)
        self.banner.pages_requested.connect(self._on_banner_pages_requested)
        for page in self._pages:
            page.question_requested.connect(self.question_requested)
            page.told.connect(self.told)
            page.advised.connect(self.advised)
            page.decided.connect(self._on_decided)
        watch_focus(self._on_focus_changed)

    def set_wide(self, wide: bool) -> None:
        """Show the urgency in a column of its own, left of the other pages; or all as pages of one column."""
        if wide == self.is_wide:
            return
        has_focus = self._holds_focus
        self.is_wide = wide
        urgency = self._areas[_URGENCY]
        if wide:
            # First, or hiding the tab of the page in view would choose the next one.
            at = max(self.tabs.currentIndex(), _TESTS)
            self._stack.removeWidget(urgency)
            self._layout.addWidget(urgency, 1)
            urgency.show()
            self.tabs.setCurrentIndex(at)
        else:
            self._stack.insertWidget(_URGENCY, urgency)
        self.tabs.setTabVisible(_URGENCY, not wide)
        for part, stretch in ((self.tabs, 0), (self._stack, 1)):
            (self._beside if wide else self._layout).addWidget(part, stretch)
        self._second.setVisible(wide)
        self._stack.setCurrentWidget(self._areas[self.tabs.currentIndex()])
        self.show_assessment()
        self._keep_focus(had=has_focus)

    def set_strip(self, strip: bool) -> None:
        """Show the head only, its pages when they are asked for; or all."""
        if strip != self.is_strip:
            has_focus = self._holds_focus
            self.is_strip = strip
            self._lay(not strip)
            self._keep_focus(had=has_focus)

    def _lay(self, whole: bool) -> None:
        self.is_whole = whole
        self.banner.set_strip(strip=self.is_strip, is_open=whole)
        self._show_parts()
        self._bound()
        self.show_assessment()

    def _bound(self) -> None:
        high = self._first.minimumSizeHint().height()
        self.setMinimumHeight(0 if self.is_whole else high)
        self.setMaximumHeight(_NO_BOUND if self.is_whole else high)
        self.laid.emit(self.is_strip and self.is_whole)

    def event(self, event: QEvent) -> bool:
        """Give the head alone the height that it needs: only a layout that was asked for knows it."""
        is_head = event.type() == QEvent.Type.LayoutRequest and not self.is_whole
        if is_head and self._first.minimumSizeHint().height() != self.maximumHeight():
            self._bound()
        return super().event(event)

    def _show_parts(self) -> None:
        for part in (self.tabs, self._stack):
            part.setVisible(self.is_whole and self._instead is None)
        if self._instead is not None:
            self._instead.setVisible(self.is_whole)

    def bring_pages(self) -> None:
        """Lay the pages over what stands below, where only the head is shown."""
        if not self.is_whole:
            self._lay(True)

    def put_pages_away(self) -> None:
        """Show the head only again, if the pages were laid over something."""
        if self.is_strip and self.is_whole:
            self._lay(False)

    @Slot()
    def _on_banner_pages_requested(self) -> None:
        if self.is_whole:
            self.left.emit()
        else:
            self.focus_page(self.tabs.currentIndex())

    @property
    def _in_view(self) -> tuple[int, ...]:
        """The pages in view, from left to right."""
        at = self.tabs.currentIndex()
        return (_URGENCY, at) if self.is_wide else (at,)

    @property
    def _here(self) -> int:
        """The page that has the focus, else the one that was chosen."""
        focused = QApplication.focusWidget()
        inside = (at for at in self._in_view if self._areas[at].isAncestorOf(focused or self))
        return next(inside, self.tabs.currentIndex())

    def _on_session_changed(self, changed: Changed) -> None:
        self._soon.start()

    @Slot()
    def _on_changed(self) -> None:
        self.show_assessment(fresh=True)

    def show_assessment(self, *, fresh: bool = False) -> None:
        """Bring the panel up to date with the session; if `fresh`, what changed is marked for a moment."""
        self._soon.stop()
        assessment = self._session.assessment
        self.banner.show_assessment(assessment)
        self._show_counts(assessment)
        self._show_page(assessment, fresh=fresh)
        place_pending()
        self.assessment_shown.emit()

    def _show_counts(self, assessment: Assessment) -> None:
        wanted = [t for t in assessment.investigations if t.needs_decision]
        likely = [c for c in assessment.conditions if c.support in ("well_supported", "possible")]
        counts = (0, len(wanted), len(likely), len(assessment.plan))
        for at, (title, count) in enumerate(zip(_TITLES, counts, strict=True)):
            text = f"{title} {count}" if count else title
            if self.tabs.tabText(at) != text:
                self.tabs.setTabText(at, text)

    def show_instead(self, widget: QWidget | None) -> None:
        """Show `widget` below the banner, in place of the pages; None: the pages again."""
        if widget is self._instead:
            return
        has_focus = self._holds_focus
        if self._instead is not None:
            self._layout.removeWidget(self._instead)
        self._instead = widget
        if widget is not None:
            self._layout.addWidget(widget, 1)
        self._show_parts()
        self.show_assessment()
        self._keep_focus(had=has_focus)

    @property
    def _holds_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _keep_focus(self, *, had: bool) -> None:
        """Put the focus back into the panel, if what had it went out of sight as the panel was laid out anew."""
        focused = self.window().focusWidget()
        if not had or (self._holds_focus and focused is not None and focused.isVisible()):
            return
        if self.is_whole:
            self.take_focus()
        else:
            self.banner.set_urgency.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_page(self, assessment: Assessment, *, fresh: bool = False) -> None:
        if self._instead is not None or not self.is_whole:
            return
        for at in self._in_view:
            if self._shown.get(at) is not assessment:
                # A page that comes into sight only now changed at no moment that anyone saw.
                seen = fresh and at in self._in_sight
                self._shown[at] = assessment
                page = self._pages[at]
                with resting(page.layout()):
                    page.show_assessment(assessment, fresh=seen)
        self._in_sight = frozenset(self._in_view)

    @Slot(int)
    def _on_tab_changed(self, at: int) -> None:
        self._stack.setCurrentWidget(self._areas[at])
        self._close_but(None)
        self._show_page(self._session.assessment)

    # -- keys -----------------------------------------------------------------------------------

    def focus_page(self, at: int) -> None:
        """Show a page, and put the focus on its first line, or on the page if it has none."""
        if self._instead is not None:
            self.pages_requested.emit()
        self.bring_pages()
        self._show_tab(at)
        area = self._areas[at]
        target = next(iter((*self._lines(at), *stops_in(area))), area)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_tab(self, at: int) -> None:
        if not (self.is_wide and at == _URGENCY):
            self.tabs.setCurrentIndex(at)
        self.show_assessment()

    def focus_decision(self, key: str) -> bool:
        """Put the focus on the line on which a decision is made; return whether there is one."""
        for at, page in enumerate(self._pages):
            page.show_assessment(self._session.assessment)
            for row in page.findChildren(DecisionRow):
                if row.key == key and not row.isHidden():
                    self.focus_page(at)
                    row.head.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    return True
        return False

    def focus_call(self) -> bool:
        """Show the call that an emergency needs, and put the focus on it; return whether there is one."""
        if self._session.level != "emergency":
            return False
        if self._instead is not None:
            self.pages_requested.emit()
        self.bring_pages()
        self._show_tab(_URGENCY)
        self.urgency.call.take_focus()
        return True

    def take_focus(self) -> None:
        """Put the focus into the panel."""
        self.bring_pages()
        first = self.tabs if self._instead is None else stops_in(self._instead)[0]
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Round in the panel: what is typed for a line of the assessment must not reach a question.
        area = self._areas[self.tabs.currentIndex()]
        lines = self._stops(area) if self._instead is None else stops_in(self._instead)
        tabs = [self.tabs] if self.tabs.isVisible() else []
        first = self._stops(self._areas[_URGENCY]) if self.is_wide else []
        stops = [*stops_in(self.banner), *first, *tabs, *lines]
        focused = QApplication.focusWidget()
        # A line that just went, or a page without any: to the first line, or to the pages.
        target = (*lines, *tabs, self.banner.pages)[0]
        if focused in stops:
            target = stops[(stops.index(focused) + (1 if forward else -1)) % len(stops)]
        tab_to(target, forward=forward)
        if self._areas[self._here].isAncestorOf(target):
            self._areas[self._here].ensureWidgetVisible(target, 0, _FRAME)
        return True

    def _stops(self, area: QWidget) -> list[QWidget]:
        """Return where Tab stops in a page, as one reads: its lines are one list, through which arrows go."""
        stops = stops_in(area)
        lines = [stop for stop in stops if isinstance(stop, Line)]
        here = self._line if self._line in lines else next(iter(lines), None)
        return [stop for stop in stops if stop is here or not isinstance(stop, Line)]

    def _lines(self, page: int) -> list[Line]:
        """Return the lines of a page that the focus can go to, from top to bottom."""
        stops = stops_in(self._areas[page])
        return [stop for stop in stops if isinstance(stop, Line)]

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, left: QWidget | None, now: QWidget | None) -> None:
        inside = now is not None and self.isAncestorOf(now)
        if inside != self._has_focus:
            self._has_focus = inside
            self.update()
        if inside and isinstance(now, Line):
            self._line = now
        row = row_of(now) if inside and now is not None else None
        for other in self._open:
            other.set_current(False)
        if row is None:
            return
        # What lies above stays as it is under a pointer that presses here.
        is_pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        self._close_but(row, above=not is_pressed)
        if row not in self._open:
            self._open.append(row)
            row.set_open(True)
        row.set_current(True)
        if not is_pressed:
            self._reveal(row)

    def _close_but(self, row: Row | None, *, above: bool = True) -> None:
        """Close every open place but that of `row`; those above it only if asked for."""
        kept = [
            other
            for other in self._open
            if other is row or (row is not None and not above and _top(other) < _top(row))
        ]
        for other in self._open:
            if other not in kept:
                other.set_open(False)
        self._open = kept

    def _reveal(self, widget: QWidget) -> None:
        # A place that was opened just now has no height yet.
        place_pending()
        self._areas[self._here].ensureWidgetVisible(widget, 0, _FRAME)

    @Slot()
    def _on_decided(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        """Put the focus on the line after or before."""
        lines = self._lines(self._here)
        focused = QApplication.focusWidget()
        row = row_of(focused)
        here = row.head if row is not None else focused
        found = [at for at, line in enumerate(lines) if line is here]
        if lines:
            at = max(0, min(found[0] + step, len(lines) - 1)) if found else 0
            lines[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between lines and pages, accept all that is essential, and go back to the form."""
        key, is_plain_key = event.key(), is_plain(event) and not is_shifted(event)
        at = self._here
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif is_plain_key and self._instead is None and key in _STEPS:
            self._step(_STEPS[key])
        elif is_plain_key and self._instead is None and key in _SIDEWAYS:
            self.focus_page((at + _SIDEWAYS[key]) % self.tabs.count())
        elif at == _TESTS and act(event, Place.ASSESSMENT) == "all":
            self.tests.take_all()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar that says that keys act here, and the line between two columns."""
        c = colours(self.palette())
        painter = QPainter(self)
        if self.is_wide:
            painter.fillRect(QRect(self._second.x() - 1, 0, 1, self.height()), QColor(c.rule))
        if self._has_focus:
            painter.fillRect(QRect(0, 0, _BAR, self.height()), QColor(c.accent))
        painter.end()


def _top(row: Row) -> int:
    return row.mapToGlobal(QPoint(0, 0)).y()
