"""The review: what is looked at before the letter, each line a way to where it is put right."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QWidget,
)

from triage.letter.words.said.trail import Trail
from triage.qt.panel.decision_row import DecisionGroup
from triage.qt.panel.row import Row, RowArea, row_of
from triage.qt.parts.keys import Place
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.line import Line
from triage.qt.parts.lines import Lines
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.soon import Soon
from triage.qt.parts.stops import stops_in, watch_focus
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Changed, Session
from triage.session.letters import LetterDesk
from triage.session.review import LETTER, SETTING, TEST, Chapter, Review, Reviewer

_AXIS, _WIDEST, _FRAME = 176, 940, 40
_FREE = tr("It can be read as a draft at any time; it can be issued when nothing stops it.")
_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_ENDS: dict[int, int] = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


class ChapterView(QWidget):
    """A chapter of the review: what it is at the left, its lines at the right.

    Signals
    -------
    chosen : str
        Where a line leads to.
    """

    chosen = Signal(str)

    def __init__(self, session: Session, trail: Trail) -> None:
        super().__init__()
        self.mark = MarkLabel(self)
        self.title, self.note = QLabel(self), QLabel(self)
        set_role(self.title, "group")
        set_role(self.note, "small")
        self.lines = Lines(self)
        self.decisions = DecisionGroup(session, trail, self)
        words = vertical(spacing=0)
        for label in (self.title, self.note):
            label.setWordWrap(True)
            words.addWidget(label)
        words.addStretch(1)
        left = QWidget(self)
        left.setFixedWidth(_AXIS)
        row = horizontal(left, 0, 3, 10, 0)
        gutter = QWidget(left)
        gutter.setFixedWidth(22)
        place = vertical(gutter, 4, 2, 0, 0)
        place.addWidget(self.mark)
        place.addStretch(1)
        row.addWidget(gutter)
        row.addLayout(words, 1)
        row.setSpacing(0)
        right = vertical(spacing=0)
        right.addWidget(self.decisions)
        right.addWidget(self.lines)
        right.addStretch(1)
        across = horizontal(self, 0, 7, 12, 9, spacing=0)
        across.addWidget(left)
        across.addLayout(right, 1)
        # A line of more is not read.
        self.setMaximumWidth(_WIDEST)
        self.lines.question_requested.connect(self.chosen)
        self.decisions.question_requested.connect(self.chosen)

    def show_chapter(self, chapter: Chapter) -> None:
        """Show a chapter; one that holds nothing says so."""
        self.mark.set_mark(chapter.mark)
        self.title.setText(chapter.title)
        is_empty = not (chapter.lines or chapter.decisions)
        self.note.setText(tr("none") if is_empty else chapter.note)
        self.lines.set_lines(chapter.lines)
        self.decisions.show_suggestions(tr("Essential"), list(chapter.decisions))
        self.decisions.heading.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairline below."""
        painter = QPainter(self)
        line = self.palette().color(QPalette.ColorRole.Mid)
        painter.fillRect(QRectF(8, self.height() - 1, self.width() - 16, 1), line)
        painter.end()


class ReviewPage(QWidget):
    """Shows the review of the case as it stands; out of sight it makes nothing.

    Parameters
    ----------
    session
        The case.
    desk
        Knows what stands against its letter.

    Signals
    -------
    question_requested : str
        A line was chosen that leads to this answer.
    setting_requested : str
        A line was chosen that the settings solve.
    letter_requested
        The user wants to see the letter.
    told : str
        What a key did.
    advised : str
        A key recorded nothing here, and why.
    left
        The user wants to go back to the questions.
    """

    question_requested = Signal(str)
    setting_requested = Signal(str)
    letter_requested = Signal()
    told = Signal(str)
    advised = Signal(str)
    left = Signal()
    where = Place.REVIEW

    def __init__(self, session: Session, desk: LetterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._reviewer = Reviewer(session, desk)
        self._last: QWidget | None = None
        self._current: Row | None = None
        self.setAccessibleName(tr("Review"))
        title = QLabel(tr("Review"), self)
        set_role(title, "title")
        self.head = QLabel(self)
        set_role(self.head, "small")
        trail = Trail(session.content, codes=False)
        # All but the head.
        self.chapters = [ChapterView(session, trail) for _ in Review._fields[1:]]
        self.decisions = self.chapters[Review._fields.index("to_decide") - 1].decisions
        self.letter = QPushButton(tr("See the letter"), self)
        self.letter.setToolTip("Ctrl+L")
        set_role(self.letter, "main")
        self._soon = Soon(self.refresh, self)
        self._lay_out(title)
        self._connect_signals()

    def _lay_out(self, title: QLabel) -> None:
        top = horizontal(None, 22, 9, 20, 7)
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.head)
        body = QWidget()
        for page in (self, body):
            page.setObjectName("sheet")
            page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = vertical(body, 0, 0, 0, 0, spacing=0)
        for chapter in self.chapters:
            column.addWidget(chapter)
        column.addStretch(1)
        self._area = RowArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(body)
        self._area.setAccessibleName(tr("Review"))
        says = QLabel(_FREE, self)
        set_role(says, "small")
        says.setWordWrap(True)
        foot = QWidget(self)
        foot.setObjectName("foot")
        below = horizontal(foot, 22, 8, 20, 8, spacing=10)
        below.addWidget(self.letter)
        below.addWidget(says, 1)
        whole = vertical(self, 0, 0, 0, 0, spacing=0)
        whole.addLayout(top)
        whole.addWidget(self._area, 1)
        whole.addWidget(foot)

    def _connect_signals(self) -> None:
        self._session.subscribe(self._on_session_changed)
        self.letter.clicked.connect(self.letter_requested)
        self.decisions.told.connect(self.told)
        self.decisions.advised.connect(self.advised)
        self.decisions.decided.connect(self._on_decided)
        for chapter in self.chapters:
            chapter.chosen.connect(self._on_chosen)
        watch_focus(self._on_focus_changed)

    def _on_session_changed(self, changed: Changed) -> None:
        self.refresh_soon()

    def refresh_soon(self) -> None:
        """Show what changed, if it is in sight."""
        if self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what changed while it was out of sight."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the review of the case as it stands."""
        self._soon.stop()
        review = self._reviewer.review()
        self.head.setText(review.head)
        for view, chapter in zip(self.chapters, review.chapters, strict=True):
            view.show_chapter(chapter)

    # -- keys -----------------------------------------------------------------------------------

    def _lines(self) -> list[Line]:
        return [stop for stop in stops_in(self._area) if isinstance(stop, Line)]

    def take_focus(self) -> None:
        """Put the focus on the line that had it last, else on the first."""
        lines = self._lines()
        last = next((line for line in lines if line is self._last), None)
        target = last or next(iter(lines), self.letter)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, left: QWidget | None, now: QWidget | None) -> None:
        if self._current is not None:
            self._current.set_current(False)
            self._current = None
        if now is None or not self._area.isAncestorOf(now):
            return
        self._current = row_of(now)
        if self._current is not None:
            self._current.set_current(True)
        if isinstance(now, Line):
            self._last = now
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._area.ensureWidgetVisible(self._current or now, 0, _FRAME)

    @Slot()
    def _on_decided(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        lines, row = self._lines(), self._current
        here = row.head if row is not None else QApplication.focusWidget()
        found = [at for at, line in enumerate(lines) if line is here]
        if lines:
            at = max(0, min(found[0] + step, len(lines) - 1)) if found else 0
            lines[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the lines, and leave."""
        if event.key() in _STEPS:
            self._step(_STEPS[event.key()])
        elif event.key() in _ENDS and (lines := self._lines()):
            lines[_ENDS[event.key()]].setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        if key.startswith(SETTING):
            self.setting_requested.emit(key.removeprefix(SETTING))
        elif key.startswith(LETTER):
            self.letter_requested.emit()
        elif key.startswith(TEST):
            rows = [row for row in self.decisions.rows if row.line.aside == "open"]
            for row in rows[:1]:
                row.head.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.question_requested.emit(key)
