"""A line of advice: one painted button that wraps, instead of a layout of labels. A panel holds a hundred of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from triage.letter.words.said.line import Mark, Part, Said
from triage.qt.parts.colours import colours
from triage.qt.parts.marks import draw_mark

_WRAP = int(Qt.TextFlag.TextWordWrap)
_FLAGS = _WRAP | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
PAD_X, _PAD_Y, _GAP = 6, 3, 1
_NOTHING = Said("")
ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class Line(QAbstractButton):
    """One line. A click goes to its question, the next click to its next question.

    Signals
    -------
    question_requested : str
        The key of an answer that the line speaks of.
    """

    question_requested = Signal(str)

    # Whether the small print has one line and no more; whether the focus shows as a ring.
    is_brief = False
    has_ring = True
    policy = Qt.FocusPolicy.TabFocus

    def __init__(self, parent: QWidget | None = None, *, pad: int = PAD_X) -> None:
        super().__init__(parent)
        self._pad = pad
        self._line = _NOTHING
        self._rank = ""
        self._next = 0
        self._measured: dict[int, tuple[QRect, QRect | None]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._on_clicked)

    @property
    def line(self) -> Said:
        """What is shown."""
        return self._line

    def set_line(self, line: Said) -> None:
        """Show something else; nothing is done for what is shown already."""
        old = self._line
        if line == old:
            return
        self._line = line
        if line.keys != old.keys or line.why != old.why:
            self._next = 0
            self._set_active(self._is_active())
        if line.tip != old.tip:
            self.setToolTip(line.tip)
        if (line.text, line.note, line.aside) != (old.text, old.note, old.aside):
            # Not setText: an "&" in a sentence would become a shortcut.
            self._name()
            self.setAccessibleDescription(line.note)
        # All but where it leads and what the pointer shows.
        if line._replace(keys=(), tip="", why=None) != old._replace(keys=(), tip="", why=None):
            self._measured.clear()
            self.updateGeometry()
        self.update()

    def set_rank(self, rank: str) -> None:
        """Tell a screen reader what the heading above says of it to the eye."""
        if rank != self._rank:
            self._rank = rank
            self._name()

    def _name(self) -> None:
        said = (self._line.text, self._rank, self._line.aside)
        self.setAccessibleName(", ".join(filter(None, said)))

    def _is_active(self) -> bool:
        return bool(self._line.keys)

    def _set_active(self, active: bool) -> None:
        self.setFocusPolicy(self.policy if active else Qt.FocusPolicy.NoFocus)
        if active:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    @Slot()
    def _on_clicked(self) -> None:
        if self._line.keys:
            key = self._line.keys[self._next % len(self._line.keys)]
            self._next += 1
            self.question_requested.emit(key)

    # -- size -----------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width: text wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the text needs."""
        text, note = self._boxes(width)
        return (note or text).bottom() + 1 + _PAD_Y

    def sizeHint(self) -> QSize:
        """Return the size that shows everything."""
        return QSize(300, self.heightForWidth(self.width() if self.width() > 120 else 360))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is of use."""
        return QSize(120, self.fontMetrics().height() + 2 * _PAD_Y)

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the font changes."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measured.clear()
            self.updateGeometry()
        super().changeEvent(event)

    def _left(self) -> int:
        step = self.fontMetrics().height()
        return (
            self._pad
            + self._line.indent * step
            + (step + 3 if self._line.mark is not Mark.NONE else 0)
        )

    def _boxes(self, width: int) -> tuple[QRect, QRect | None]:
        found = self._measured.get(width)
        if found is None:
            found = self._measured[width] = self._measure(width)
        return found

    def _measure(self, width: int) -> tuple[QRect, QRect | None]:
        left = self._left()
        room = QRect(left, _PAD_Y, max(40, width - left - self._pad), 100_000)
        narrow = room.adjusted(0, 0, -self._aside_width(), 0)
        text = QFontMetrics(self._text_font()).boundingRect(narrow, _FLAGS, self._line.text)
        text.setWidth(narrow.width())
        if not (self._line.note or self.is_brief):
            return text, None
        below = room.translated(0, text.height() + _GAP)
        metrics = QFontMetrics(self._note_font())
        note = metrics.boundingRect(below, _FLAGS, self._line.note)
        note.setWidth(room.width())
        if self.is_brief:
            note.setHeight(metrics.height())
        return text, note

    def _aside_width(self) -> int:
        aside = self._line.aside
        return QFontMetrics(self._aside_font()).horizontalAdvance(aside) + 8 if aside else 0

    def _aside_font(self) -> QFont:
        font = self._note_font()
        font.setBold(self._line.mark is not Mark.BOX)
        return font

    def _text_font(self) -> QFont:
        font = QFont(self.font())
        if self._line.strong:
            font.setWeight(QFont.Weight.Bold)
        return font

    def _note_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() - 1.2)
        return font

    # -- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint."""
        c = colours(self.palette())
        painter = QPainter(self)
        self._paint_ground(painter, QColor(c.tint), QColor(c.accent))
        text, note = self._boxes(self.width())
        step = self.fontMetrics().height()
        box = QRectF(self._pad + self._line.indent * step, _PAD_Y, step, step)
        draw_mark(painter, self._line.mark, box.adjusted(1.5, 1.5, -1.5, -1.5), c)
        painter.setFont(self._text_font())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(text, _FLAGS, self._line.text)
        if self._line.aside:
            painter.setFont(self._aside_font())
            right = QRect(text.right(), _PAD_Y, self.width() - self._pad - text.right(), step)
            painter.drawText(right, int(Qt.AlignmentFlag.AlignRight), self._line.aside)
        if note is not None:
            painter.setFont(self._note_font())
            painter.setPen(_fainter(self.palette().windowText().color()))
            words = self._line.note
            if self.is_brief:
                cut = Qt.TextElideMode.ElideRight
                words = painter.fontMetrics().elidedText(words, cut, note.width())
            painter.drawText(note, _FLAGS, words)
        painter.end()

    def _paint_ground(self, painter: QPainter, hover: QColor, focus: QColor) -> None:
        if not self._is_active():
            return
        wide = colours(self.palette()).ring
        edge = wide / 2
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(hover)
            painter.drawRoundedRect(box, 3, 3)
        if self.hasFocus() and self.has_ring:
            painter.setPen(QPen(focus, wide))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that Qt does not bind."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._is_active():
            self.click()
        elif event.key() in ARROWS:
            # Qt would hand the focus to whichever button is near.
            event.ignore()
        else:
            super().keyPressEvent(event)


def _fainter(colour: QColor) -> QColor:
    # Not the scheme's muted colour: a line may stand on the colour of alarm.
    faint = QColor(colour)
    faint.setAlphaF(0.74)
    return faint


class FoldLine(Line):
    """A line that opens and closes what stands below it.

    Signals
    -------
    fold_requested : bool
        Whether it should be open now.
    """

    fold_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open = False
        self._set_active(True)

    def set_fold(self, line: Said, *, is_open: bool) -> None:
        """Show a line, with the sign of whether it is open."""
        self._open = is_open
        self.set_line(line._replace(mark=Mark.OPEN_GROUP if is_open else Mark.CLOSED_GROUP))

    def set_part(self, part: Part, *, is_open: bool) -> None:
        """Show the heading of lines: closed it says what they are, and without any it is out of sight."""
        self.setHidden(not part.lines)
        self.set_fold(Said(part.title, "" if is_open else part.note, strong=True), is_open=is_open)

    def _is_active(self) -> bool:
        return True

    @Slot()
    def _on_clicked(self) -> None:
        self.fold_requested.emit(not self._open)
