"""A line of the assessment, and the place under it in which it explains itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from triage.letter.words.said.line import Part, Said
from triage.letter.words.said.trail import Told, Trail
from triage.qt.parts.accessible import Deeds, Item, ListOf, Pressed
from triage.qt.parts.colours import colours
from triage.qt.parts.keys import Place, act, char_of, is_enter, is_held, is_shifted
from triage.qt.parts.laying import vertical
from triage.qt.parts.line import ARROWS, PAD_X, Line
from triage.qt.parts.linked import Linked
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Session

_Key = Qt.Key
# What just changed is marked for so long.
FRESH_MS = 3000
_BAR = 4


class RowHead(Line):
    """The line itself. Its row shows the focus, and takes Enter."""

    has_ring = False
    policy = Qt.FocusPolicy.StrongFocus
    heard = Pressed

    def deeds(self) -> Deeds:
        """Return what assistive technology can do to it."""
        row = row_of(self)
        return row.deeds() if row is not None else {}

    def _is_active(self) -> bool:
        return super()._is_active() or self.line.why is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter and Space to the row: Space on a line records nothing and goes nowhere."""
        if is_enter(event) or event.key() == _Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)


class WhyBox(Linked):
    """The rule in words, the answers that it rests on, each with its digit, and the source.

    Signals
    -------
    question_requested : str
        An answer was chosen.
    """

    question_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: Told | None = None
        self._has_source = False
        set_role(self, "why")
        self.linkActivated.connect(self._on_link)

    def tell(self, told: Told) -> None:
        """Show why a line says what it says."""
        if told != self._told:
            self._told = told
            self._write()

    @property
    def keys(self) -> tuple[str, ...]:
        """The questions that the digits lead to."""
        told = self._told
        return tuple(step.key for step in (*told.used, *told.missing)) if told else ()

    def toggle_source(self) -> None:
        """Show the citations in full, or only their short names."""
        self._has_source = not self._has_source
        self._write()

    def _write(self) -> None:
        told = self._told
        if told is None:
            return
        rest = tr(" and {more} more", more=told.more) if told.more else ""
        lines = [escape(line) for line in told.says.splitlines() if line]
        if told.used:
            lines.append(tr("From {links}{rest}", links=self._links(0, told), rest=rest))
        if told.missing:
            lines.append(tr("Missing {links}", links=self._links(len(told.used), told)))
        if told.sources:
            link = self._link(
                "source:", tr("hide source") if self._has_source else tr("show source")
            )
            lines.append(f"{escape(told.sources)} <b>S</b> {link}")
        if self._has_source:
            lines += [escape(line) for line in told.citations.splitlines()]
        self.setText("<br>".join(lines))

    def _links(self, first: int, told: Told) -> str:
        steps = told.missing if first or not told.used else told.used
        return ", ".join(
            f"<b>{at}</b> {self._link(step.key, step.label)}"
            for at, step in enumerate(steps, first + 1)
        )

    def _link(self, key: str, label: str) -> str:
        return tr(
            '<a href="{key}" style="text-decoration:none">{label}</a>',
            key=escape(key),
            label=escape(label),
        )

    @Slot(str)
    def _on_link(self, key: str) -> None:
        if key == "source:":
            self.toggle_source()
        else:
            self.question_requested.emit(key)


class Row(QWidget):
    """One line. While it has the focus, a place under it tells why; nothing above it moves for that.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The user wants to see an answer.
    told : str
        What a key did.
    advised : str
        A key recorded nothing here, and why.
    decided
        A key recorded a decision: on to the next line.
    """

    question_requested = Signal(str)
    told = Signal(str)
    advised = Signal(str)
    decided = Signal()

    where = Place.ASSESSMENT
    heard = Item

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.trail = trail
        self.is_open = False
        self._current = self._fresh = False
        self.why: WhyBox | None = None
        self.head = RowHead(self)
        self._column = vertical(self, 0, 0, 0, 0, spacing=0)
        self._column.addWidget(self.head)
        self.head.question_requested.connect(self.question_requested)

    # -- what it shows --------------------------------------------------------------------------

    @property
    def line(self) -> Said:
        """What is shown."""
        return self.head.line

    def set_line(self, line: Said) -> None:
        """Show something else."""
        self.head.set_line(line)
        if self.accessibleName() != self.head.accessibleName():
            self.setAccessibleName(self.head.accessibleName())
        if self.is_open:
            self._tell()

    def set_open(self, is_open: bool) -> None:
        """Open the place under the line, or close it."""
        is_open = is_open and self.line.why is not None
        if is_open == self.is_open:
            return
        self.is_open = is_open
        if is_open and self.why is None:
            self.why = WhyBox(self)
            self.why.question_requested.connect(self.question_requested)
            self.build_place(self.why)
        if is_open:
            self._tell()
        self.show_place(is_open)

    def build_place(self, why: WhyBox) -> None:
        """Make what stands under the line; once, when it is first opened."""
        column = vertical(None, self.inset, 1, PAD_X, 6)
        column.addWidget(why)
        self._column.addLayout(column)

    def show_place(self, is_open: bool) -> None:
        """Show what stands under the line, or hide it."""
        if self.why is not None:
            self.why.setVisible(is_open)

    @property
    def inset(self) -> int:
        """Where the words of the line begin."""
        return PAD_X + self.fontMetrics().height() + 3

    def _tell(self) -> None:
        if self.why is not None and self.line.why is not None:
            told = self.trail.told(self.line.why, self.session.case)
            # What the line says by itself is not said again.
            self.why.tell(told._replace(says="") if told.says == self.line.text else told)

    def set_current(self, current: bool) -> None:
        """Tint the row that has the focus."""
        if current != self._current:
            self._current = current
            self.update()

    def set_fresh(self, fresh: bool) -> None:
        """Mark that it just changed, or no longer."""
        if fresh != self._fresh:
            self._fresh = fresh
            self.update()

    @property
    def is_fresh(self) -> bool:
        """Whether it is marked as just changed."""
        return self._fresh

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint and the bar of the row in focus, or the thin bar of what just changed."""
        if not (self._current or self._fresh):
            return
        c = colours(self.palette())
        painter = QPainter(self)
        if self._current:
            painter.fillRect(self.rect(), QColor(c.tint))
            painter.fillRect(QRectF(0, 0, _BAR, self.height()), QColor(c.accent))
        else:
            painter.fillRect(QRectF(0, 1, 2, self.height() - 2), QColor(c.ink))
        painter.end()

    def deeds(self) -> Deeds:
        """Return what assistive technology can do to it."""
        return {"why": (tr("Why"), self.toggle_why)} if self.line.why is not None else {}

    # -- keys -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of a line; a key that is held works once."""
        mine = self.head.hasFocus() and not is_shifted(event)
        name = act(event, Place.ASSESSMENT) if mine else ""
        if not name or is_held(event) or not self.do(name, char_of(event)):
            super().keyPressEvent(event)

    def do(self, name: str, char: str) -> bool:
        """Do what the key `char` is for; return False if that is nothing here."""
        why = self.why if self.is_open and self.why is not None and self.why.isVisible() else None
        match name:
            case "why":
                # A line that has nothing to explain leads where it leads.
                self.toggle_why() if self.line.why is not None else self.head.click()
            case "source" if why is not None:
                why.toggle_source()
            case "answer" if why is not None and int(char) <= len(why.keys):
                self.question_requested.emit(why.keys[int(char) - 1])
            case _:
                return False
        return True

    def toggle_why(self) -> None:
        """Tell why, or no longer."""
        self.set_open(not self.is_open)


class RowGroup(QWidget):
    """A heading with rows below it; out of sight while it has none. Rows are kept and change their text.

    Signals
    -------
    question_requested : str
        The user wants to see an answer.
    """

    question_requested = Signal(str)
    heard = ListOf

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._rows: list[Row] = []
        # What it shows.
        self._lines: Sequence[Said] | None = None
        self._timer = Soon(self._on_fresh_over, self, FRESH_MS)
        self.heading = QLabel(self)
        self.heading.setIndent(PAD_X)
        set_role(self.heading, "group")
        self._layout = vertical(self, 0, 0, 0, 8, spacing=1)
        self._layout.addWidget(self.heading)

    def show_part(self, part: Part, *, fresh: bool = False) -> None:
        """Show lines under their heading; if `fresh`, those that were not there before are marked."""
        if part.title != self.heading.text():
            self.heading.setText(part.title)
            self.setAccessibleName(part.title)
        self.heading.setHidden(not part.title)
        self.set_lines(part.lines, fresh=fresh)

    def set_lines(self, lines: Sequence[Said], *, fresh: bool = False) -> None:
        """Show `lines`."""
        self.settle()
        if lines == self._lines:
            for row in self._rows:
                # What stands under it may say something else.
                if row.is_open:
                    row.set_line(row.line)
            return
        self._lines = lines
        before = {row.line.text for row in self.rows}
        while len(self._rows) < len(lines):
            row = Row(self._session, self._trail, self)
            row.question_requested.connect(self.question_requested)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, line in zip(self._rows, lines, strict=False):
            if row.line.text != line.text:
                row.set_open(False)
            row.set_line(line)
            row.setHidden(False)
            if line.text not in before:
                self.mark(row, fresh)
        for row in self._rows[len(lines) :]:
            row.set_open(False)
            row.setHidden(True)
        self.setHidden(not lines)

    def mark(self, row: Row, fresh: bool) -> None:
        """Mark a row that just changed, for a moment; where nothing is to move by itself, until the next change."""
        row.set_fresh(fresh)
        if fresh and not is_still():
            self._timer.start()

    def settle(self) -> None:
        """Let what changed before the last edit be marked no longer, unless its moment is not over."""
        if not self._timer.isActive():
            self._on_fresh_over()

    @Slot()
    def _on_fresh_over(self) -> None:
        for row in self._rows:
            row.set_fresh(False)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that are in use."""
        return tuple(row for row in self._rows if not row.isHidden())

    @property
    def shown(self) -> tuple[Said, ...]:
        """What is shown."""
        return tuple(row.line for row in self.rows)


class RowArea(QScrollArea):
    """Scrolls rows; arrows are for them, and scroll only where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Only where there is nothing else that the focus could go to.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to whoever moves between the rows."""
        if event.key() in ARROWS and not self.hasFocus():
            event.ignore()
        else:
            super().keyPressEvent(event)


def is_still() -> bool:
    """Whether the user asked the system for less motion."""
    # They live only as long as someone holds what gives them.
    hints = QGuiApplication.styleHints()
    return hints.accessibility().motionPreference() == Qt.MotionPreference.ReducedMotion


def row_of(widget: QWidget | None) -> Row | None:
    """Return the row that a widget is, or is part of."""
    while widget is not None and not isinstance(widget, Row):
        widget = widget.parentWidget()
    return widget
