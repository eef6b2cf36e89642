"""Going places in the window: sections, questions, panes, pages of the assessment, the letter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from triage.qt.ask.section import SectionView
from triage.qt.letter.beside import Beside
from triage.qt.letter.preview import LetterPage
from triage.qt.panel.pane import Panel
from triage.qt.panel.review import ReviewPage
from triage.qt.parts.messages import Messages
from triage.qt.parts.stops import stops_in, turn_to
from triage.qt.parts.words import tr
from triage.qt.shell.actions import SECTION
from triage.qt.shell.bars import Bars
from triage.qt.shell.rail import Rail

# Where one may come back to that is no question.
_REVIEW = "(review)"
NO_EMERGENCY = tr("No emergency is recorded: Ctrl+U sets the level.")
ALL_ANSWERED = tr("Every question of the core path is answered.")


class Navigator(QObject):
    """Knows what is in view and brings something else there.

    Parameters
    ----------
    stack
        Holds `work` and `letter`.
    work
        What holds questions and panel.
    questions
        The view of the questions.
    rail, panel, beside, letter
        The other parts of the window.
    middle, review
        Holds the questions, and the review in their place.
    bars
        What stands above all of it.
    messages
        Where is told that there is nowhere to go.
    """

    def __init__(
        self,
        stack: QStackedWidget,
        work: QWidget,
        questions: SectionView,
        rail: Rail,
        panel: Panel,
        beside: Beside,
        letter: LetterPage,
        middle: QStackedWidget,
        review: ReviewPage,
        bars: Bars,
        messages: Messages,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stack = stack
        self._work = work
        self.questions = questions
        self._rail = rail
        self._panel = panel
        self._beside = beside
        self._letter = letter
        self._middle = middle
        self._review = review
        self._bars = bars
        self._messages = messages
        self._focused = ""
        # Where the focus was before each jump, and whether the next step is to begin anew.
        self._trail: list[str] = []
        self._is_at_end = False
        self.questions.left.connect(self._on_questions_left)
        rail.left.connect(self._on_rail_left)
        bars.left.connect(self._on_bars_left)
        rail.entered.connect(self.enter_section)
        self.questions.told.connect(messages.info)
        self.questions.advised.connect(messages.advice)
        self.questions.question_requested.connect(self.go_to)
        panel.left.connect(self.show_work)

    @property
    def focused(self) -> str:
        """The question that had the focus last."""
        return self._focused

    @Slot(str)
    def note_focus(self, key: str) -> None:
        """Remember which question or block has the focus: the next one is counted from there."""
        self._focused = key
        self._is_at_end = False

    @property
    def shows_form(self) -> bool:
        """Whether the questions are in sight, and neither the letter, the review nor a page over them."""
        return self.questions.isVisibleTo(self._stack)

    def begin(self, last: str) -> None:
        """Show where the case was left, or with an empty key the first open question."""
        self._stack.setCurrentWidget(self._work)
        if last:
            self.questions.go_to(last)
        else:
            self.questions.focus_first()

    @Slot(str)
    def show_section(self, section: str) -> None:
        """Show the questions of a section."""
        self._show_questions()
        self.questions.show_section(section)
        self._rail.show_section(section)

    @Slot()
    def enter_section(self) -> None:
        """Put the focus on the first open question of the section that is marked, whatever stands in its place."""
        self._leave_trail()
        self._show_questions()
        self.questions.focus_first()

    @Slot(str)
    def go_to(self, key: str) -> None:
        """Show the question or the block of `key`."""
        self._leave_trail()
        self._show_questions()
        self.questions.go_to(key)

    def _show_questions(self) -> None:
        self._stack.setCurrentWidget(self._work)
        self._panel.put_pages_away()
        turn_to(self._middle, self.questions)

    @Slot(str)
    def go_from_review(self, key: str) -> None:
        """Show the question of `key`; from there the way back leads to the review."""
        self._trail.append(_REVIEW)
        self._show_questions()
        self.questions.go_to(key)

    @Slot()
    def show_review(self) -> None:
        """Show the review in place of the questions, with the focus where it was last."""
        self._stack.setCurrentWidget(self._work)
        self._panel.put_pages_away()
        turn_to(self._middle, self._review)
        self._review.take_focus()

    @Slot()
    def show_form(self) -> None:
        """Show the questions again, in place of the review."""
        self._show_questions()
        self.questions.setFocus()

    @Slot()
    def go_back(self) -> None:
        """Go back to where the focus was before the last jump."""
        in_form = self._stack.currentWidget() is self._work
        here = self._focused if in_form else ""
        while self._trail:
            there = self._trail.pop()
            if there == _REVIEW:
                self.show_review()
                return
            if there != here:
                self._show_questions()
                self.questions.go_to(there)
                return
        self._messages.advice(tr("There is no place to go back to."))

    def _leave_trail(self) -> None:
        if self._focused and self._trail[-1:] != [self._focused]:
            self._trail.append(self._focused)

    @Slot()
    def show_letter(self) -> None:
        """Show the letter of the case as it stands."""
        self._letter.refresh()
        self._stack.setCurrentWidget(self._letter)
        self._letter.setFocus()

    @Slot()
    def show_work(self) -> None:
        """Show the questions again, or the review where it stands in their place."""
        self._stack.setCurrentWidget(self._work)
        self._focus_middle()

    def _focus_middle(self) -> None:
        self._panel.put_pages_away()
        if self._middle.currentWidget() is self._review:
            self._review.take_focus()
        else:
            self.questions.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def show_named_section(self) -> None:
        """Show the section that the chosen action is named after."""
        action = self.sender()
        if action is not None:
            self._enter(action.objectName().removeprefix(SECTION))

    def _enter(self, section: str) -> None:
        self._leave_trail()
        self.show_section(section)
        self.questions.focus_first()

    @Slot()
    def next_section(self) -> None:
        """Show the next section."""
        self._step(1)

    @Slot()
    def previous_section(self) -> None:
        """Show the section before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        sections = self._rail.sections
        at = sections.index(self._rail.section) + step
        self._enter(sections[max(0, min(at, len(sections) - 1))])

    @Slot()
    def next_open(self) -> None:
        """Go to the next question of the core path that is not answered."""
        path = self._rail.path
        step = path.next_open("" if self._is_at_end else self._focused)
        if step is not None:
            self.go_to(step.name)
            return
        passed = path.open_steps()
        if not passed:
            self._messages.info(ALL_ANSWERED)
            return
        # Only a second press goes back.
        self._is_at_end = True
        were = f"{len(passed)} were" if len(passed) > 1 else tr("1 was")
        self._messages.advice(
            tr(
                "End of the core path. {were} passed: Ctrl+J starts with {title}.",
                were=were,
                title=passed[0].title,
            )
        )

    @Slot(bool)
    def _on_questions_left(self, forward: bool) -> None:
        """Go on by Tab in the order of reading: bars, sections, questions, assessment."""
        if forward:
            next(iter(stops_in(self._panel)), self._panel).setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._rail.list.setFocus(Qt.FocusReason.BacktabFocusReason)

    @Slot(bool)
    def _on_rail_left(self, forward: bool) -> None:
        if not forward and self._bars.enter(forward=False):
            return
        if self._stack.currentWidget() is self._letter:
            self._letter.setFocus(Qt.FocusReason.TabFocusReason)
        elif forward:
            self._focus_middle()
        else:
            self._panel.take_focus()

    @Slot(bool)
    def _on_bars_left(self, forward: bool) -> None:
        if forward:
            self._rail.next.setFocus(Qt.FocusReason.TabFocusReason)
        elif self._stack.currentWidget() is self._letter:
            self._letter.setFocus(Qt.FocusReason.BacktabFocusReason)
        else:
            self._panel.take_focus()

    @Slot()
    def next_pane(self) -> None:
        """Put the focus into the next pane: bars, rail, questions, panel, and the letter where it stands beside."""
        if self._stack.currentWidget() is not self._work:
            self.show_work()
            return
        reason = Qt.FocusReason.ShortcutFocusReason
        panes: list[tuple[QWidget, Callable[[], object]]] = [
            (self._rail, partial(self._rail.list.setFocus, reason)),
            (self._middle, self._focus_middle),
            (self._panel, self._panel.take_focus),
        ]
        if self._beside.isVisible() and not self._panel.isAncestorOf(self._beside):
            panes.append((self._beside, partial(self._beside.pages.setFocus, reason)))
        if stops_in(self._bars):
            panes.append((self._bars, self._bars.enter))
        focus = self._work.window().focusWidget()
        inside = [at for at, (pane, _) in enumerate(panes) if focus and pane.isAncestorOf(focus)]
        at = (inside[0] + 1) % len(panes) if inside else 0
        panes[at][1]()

    @Slot()
    def show_urgency(self) -> None:
        """Show the first page of the assessment."""
        self._page(0)

    def go_to_decision(self, key: str) -> None:
        """Show where a decision is made: the line of the test, of the plan, or the level of urgency."""
        self._stack.setCurrentWidget(self._work)
        if not self._panel.focus_decision(key):
            self.show_urgency()

    @Slot()
    def show_call(self) -> None:
        """Show the call that an emergency needs."""
        self._stack.setCurrentWidget(self._work)
        if not self._panel.focus_call():
            self._messages.advice(NO_EMERGENCY)

    @Slot()
    def show_tests(self) -> None:
        """Show the investigations."""
        self._page(1)

    @Slot()
    def show_differential(self) -> None:
        """Show the differential."""
        self._page(2)

    @Slot()
    def show_plan(self) -> None:
        """Show the plan."""
        self._page(3)

    def _page(self, at: int) -> None:
        self._stack.setCurrentWidget(self._work)
        self._panel.focus_page(at)
