"""The live assessment at the right: a banner that is always in view, and four pages below it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLayout,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from triage.letter.words.said.trail import Trail
from triage.qt.panel.banner import Banner
from triage.qt.panel.conditions import DifferentialView
from triage.qt.panel.plan import PlanView
from triage.qt.panel.tests import TestsView
from triage.qt.panel.urgency import UrgencyView
from triage.qt.parts.lines import resting
from triage.qt.parts.stops import stops_in
from triage.rules.assessment import Assessment
from triage.session import Changed, Session

_FRAME = 40


class Page(Protocol):
    """A page of the panel."""

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""

    def layout(self) -> QLayout | None:
        """Return what places its parts."""


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
    """

    question_requested = Signal(str)
    urgency_requested = Signal()
    assessment_shown = Signal()
    left = Signal()
    pages_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: dict[int, Assessment] = {}
        self._instead: QWidget | None = None
        self.setObjectName("panel")
        self.setAccessibleName("Assessment")
        trail = Trail(session.content)
        self.banner = Banner(session, trail, self)
        self.urgency = UrgencyView(session, trail)
        self.tests = TestsView(session, trail)
        self.differential = DifferentialView(session, trail)
        self.plan = PlanView(session, trail)
        self._pages: tuple[Page, ...] = (self.urgency, self.tests, self.differential, self.plan)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("tabs")
        self.tabs.setAccessibleName("Pages of the assessment")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self._stack = QStackedWidget(self)
        self._areas: list[QScrollArea] = []
        for title, page in zip(
            ("Urgency", "Tests", "Differential", "Plan"),
            (self.urgency, self.tests, self.differential, self.plan),
            strict=True,
        ):
            self.tabs.addTab(title)
            area = QScrollArea(self._stack)
            area.setWidgetResizable(True)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setWidget(page)
            area.setAccessibleName(title)
            # Only where there is nothing else that the focus could go to.
            area.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._stack.addWidget(area)
            self._areas.append(area)
        # Several changes of one event (a block of ten answers) are shown once.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.banner)
        self._layout.addWidget(self.tabs)
        self._layout.addWidget(self._stack, 1)
        self._connect_signals()
        self.show_assessment()

    def _connect_signals(self) -> None:
        self._session.subscribe(self._on_session_changed)
        self._timer.timeout.connect(self.show_assessment)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.banner.question_requested.connect(self.question_requested)
        self.banner.urgency_requested.connect(self.urgency_requested)
        self.urgency.question_requested.connect(self.question_requested)
        self.tests.question_requested.connect(self.question_requested)
        self.differential.question_requested.connect(self.question_requested)
        self.plan.question_requested.connect(self.question_requested)

    def _on_session_changed(self, changed: Changed) -> None:
        self._timer.start()

    @Slot()
    def show_assessment(self) -> None:
        """Bring the panel up to date with the session."""
        self._timer.stop()
        assessment = self._session.assessment
        self.banner.show_assessment(assessment)
        self._show_counts(assessment)
        self._show_page(assessment)
        self.assessment_shown.emit()

    def _show_counts(self, assessment: Assessment) -> None:
        wanted = [t for t in assessment.investigations if t.needs_decision]
        likely = [c for c in assessment.conditions if c.support in ("well_supported", "possible")]
        counts = (0, len(wanted), len(likely), len(assessment.plan))
        titles = ("Urgency", "Tests", "Differential", "Plan")
        for at, (title, count) in enumerate(zip(titles, counts, strict=True)):
            text = f"{title} {count}" if count else title
            if self.tabs.tabText(at) != text:
                self.tabs.setTabText(at, text)

    def show_instead(self, widget: QWidget | None) -> None:
        """Show `widget` below the banner, in place of the pages; None: the pages again."""
        if widget is self._instead:
            return
        if self._instead is not None:
            self._layout.removeWidget(self._instead)
        self._instead = widget
        if widget is not None:
            self._layout.addWidget(widget, 1)
        self.tabs.setVisible(widget is None)
        self._stack.setVisible(widget is None)
        self.show_assessment()

    def _show_page(self, assessment: Assessment) -> None:
        at = self.tabs.currentIndex()
        if self._instead is not None or self._shown.get(at) is assessment:
            return
        self._shown[at] = assessment
        with resting(self._pages[at].layout()):
            self._pages[at].show_assessment(assessment)

    @Slot(int)
    def _on_tab_changed(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self._show_page(self._session.assessment)

    # -- keys -----------------------------------------------------------------------------------

    def focus_page(self, at: int) -> None:
        """Show a page, and put the focus on its first line, or on the page if it has none."""
        if self._instead is not None:
            self.pages_requested.emit()
        self.tabs.setCurrentIndex(at)
        self.show_assessment()
        # Lines that came into sight just now have no place yet.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        area = self._areas[at]
        target = next(iter(stops_in(area)), area)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_focus(self) -> None:
        """Put the focus into the panel."""
        first = self.tabs if self._instead is None else stops_in(self._instead)[0]
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Round in the panel: what is typed for a line of the assessment must not reach a question.
        area = self._areas[self.tabs.currentIndex()]
        lines = stops_in(area if self._instead is None else self._instead)
        tabs = [self.tabs] if self._instead is None else []
        stops = [*stops_in(self.banner), *tabs, *lines]
        focused = QApplication.focusWidget()
        # A line that just went, or a page without any: to the first line, or to the pages.
        target = lines[0] if lines else self.tabs
        if focused in stops:
            target = stops[(stops.index(focused) + (1 if forward else -1)) % len(stops)]
        target.setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        if area.isAncestorOf(target):
            area.ensureWidgetVisible(target, 0, _FRAME)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
