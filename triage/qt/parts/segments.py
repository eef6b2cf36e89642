"""Small buttons that look like what they stand for, in grey as well, and rows of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from triage.qt.parts.accessible import Group, Pressed, Role
from triage.qt.parts.colours import RING_ROOM, Colours, colours, paint_ring
from triage.qt.parts.flow import Flow
from triage.qt.parts.keys import is_held
from triage.qt.parts.stops import beside

_AT_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_MNEMONIC, _WRAP = int(Qt.TextFlag.TextShowMnemonic), int(Qt.TextFlag.TextWordWrap)
# What stands in front of the words: a tick or a bar; and the room around the words.
_MARK, _AROUND = 20, 9


class Tone(Enum):
    """What a button that is down means; each looks different without colour."""

    YES = "yes"  # filled, with a tick
    NO = "no"  # filled grey, with a bar
    UNABLE = "unable"  # a heavier border
    OPEN = "open"  # no border: nothing is recorded
    PICK = "pick"  # filled, with a tick: one of several options
    DENIED = "denied"  # as at rest: the closing line denies it


_SIGNED = (Tone.YES, Tone.NO, Tone.PICK)


class Segment(QAbstractButton):
    """One button of a row. Only the session says whether it is down.

    Parameters
    ----------
    name
        What it stands for; told when it is pressed.
    caption
        What it says.
    tone
        How it looks when it is down.
    key
        The key that does the same: underlined if it is a letter of the caption, else in front of it.

    Signals
    -------
    chosen : str
        It was clicked, or pressed by key or by assistive technology.
    keyed
        It was Space that pressed it, and whoever listens to `chosen` has heard of it.
    """

    chosen = Signal(str)
    keyed = Signal()
    # Whether the button that has the focus shows it by itself.
    has_ring = True
    # Whether its words stand in the middle.
    is_centred = True
    heard = Pressed
    heard_as = Role.Button

    def __init__(
        self,
        name: str,
        caption: str,
        tone: Tone = Tone.PICK,
        parent: QWidget | None = None,
        key: str = "",
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.caption = self.note = ""
        self.tone = tone
        self.key = key
        self.set_caption(caption)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._echo = False
        # A part of it that is not to be seen, for which it shows the ring.
        self.stands_for: QWidget | None = None
        self._hint = QSize()
        self.clicked.connect(self._on_clicked)
        self.toggled.connect(self._on_toggled)

    @property
    def is_said_down(self) -> bool:
        """Whether a screen reader says that it is on: an option that is denied is not."""
        return self._has_mark or (self.isChecked() and self.heard_as is Role.RadioButton)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.name)

    @Slot(bool)
    def _on_toggled(self, checked: bool) -> None:
        # Assistive technology toggles what a click only asks for.
        self.show_checked(not checked)
        self.chosen.emit(self.name)

    def show_checked(self, checked: bool) -> None:
        """Show it down or not, without telling of it."""
        if checked != self.isChecked():
            with QSignalBlocker(self):
                self.setChecked(checked)

    def set_tone(self, tone: Tone) -> None:
        """Change what *down* means."""
        self.tone = tone
        self._measure()

    def set_caption(self, caption: str) -> None:
        """Change what it says."""
        if caption != self.caption:
            if self.toolTip() == self.caption:
                self.setToolTip("")
            self.caption = caption
            # A lone ampersand would make a shortcut of the letter after it.
            self.setText(caption.replace("&", "&&"))
            self.setAccessibleName(caption)
            self._measure()

    def set_note(self, note: str) -> None:
        """Change what it says at its right end."""
        if note != self.note:
            self.note = note
            self.setAccessibleDescription(note)
            self._measure()

    def set_key(self, key: str) -> None:
        """Change the key that does the same."""
        if key != self.key:
            self.key = key
            self._measure()

    def set_echo(self, echo: bool) -> None:
        """Underline it: it is not down, but other answers say the same."""
        if echo != self._echo:
            self._echo = echo
            self.update()

    def _measure(self) -> None:
        self._hint = QSize()
        self.updateGeometry()
        self.update()

    @property
    def _has_mark(self) -> bool:
        return self.isChecked() and self.tone in _SIGNED

    @property
    def _key_room(self) -> int:
        """The room in front of the words for the key, if that is a digit."""
        if not self.key.isdigit():
            return 0
        metrics = self.fontMetrics()
        cap = metrics.height() + 1 if self.key == "0" else metrics.horizontalAdvance("0")
        return cap + 7

    @property
    def _words(self) -> str:
        """The caption, with an ampersand before the letter that is underlined."""
        at = self.caption.lower().find(self.key) if self.key.isalpha() else -1
        escaped = self.text()
        if at < 0:
            return escaped
        at += self.caption[:at].count("&")
        return f"{escaped[:at]}&{escaped[at:]}"

    @property
    def _bold(self) -> QFontMetrics:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.Bold)
        return QFontMetrics(bold)

    def heightForWidth(self, width: int) -> int:
        """Return the height of its words in as many lines as they need in `width` pixels."""
        hint = self.sizeHint()
        if width >= hint.width():
            return hint.height()
        metrics = self._bold
        room = max(width - hint.width() + metrics.horizontalAdvance(self.caption), 1)
        lines = metrics.boundingRect(QRect(0, 0, room, 0), _WRAP, self.caption).height()
        return hint.height() - metrics.height() + lines

    def sizeHint(self) -> QSize:
        if self._hint.isEmpty():
            metrics = self._bold
            # The room for a sign is always there: nothing moves when an answer comes.
            mark = _MARK - _AROUND if self.tone in _SIGNED else 0
            words = metrics.horizontalAdvance(self.caption) + self._key_room
            width = words + mark + 2 * (_AROUND + RING_ROOM)
            self._hint = QSize(width, metrics.height() + 7 + 2 * RING_ROOM)
        return self._hint

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._measure()
        super().changeEvent(event)

    def nextCheckState(self) -> None:
        # The session decides what is down; the next refresh shows it.
        return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not is_held(event):
            self.click()
            self.keyed.emit()
            return
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colours(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._paint_box(painter, c)
        font = QFont(self.font())
        if self.isChecked() and self.tone in (Tone.YES, Tone.PICK, Tone.UNABLE):
            font.setWeight(QFont.Weight.Bold)
        font.setUnderline(self._echo)
        painter.setFont(font)
        painter.setPen(ink)
        box = self._box(0).toRect()
        metrics = painter.fontMetrics()
        # A closing line that is down has its sign where its key was.
        before = 0 if self.key == "0" and self._has_mark else self._key_room
        box = self._paint_note(painter, box)
        wide = min(metrics.horizontalAdvance(self.caption), box.width() - before - 8)
        lead = (box.width() - wide - before) // 2 if self.is_centred else _AROUND
        if self._has_mark:
            lead = max(lead, _MARK)
            self._paint_sign(painter, ink, box)
        if before:
            self._paint_digit(painter, ink, box.left() + lead)
        painter.setFont(font)
        painter.setPen(ink)
        room = box.adjusted(lead + before, 0, -2, 0)
        self._paint_words(painter, room)
        stands_for = self.stands_for is not None and self.stands_for.hasFocus()
        if (self.hasFocus() or stands_for) and self.has_ring:
            paint_ring(painter, self._box(0), c)
        painter.end()

    def _paint_words(self, painter: QPainter, room: QRect) -> None:
        """Paint the words in the lines that there is room for; what has none is left out of their middle."""
        flags, text = int(Qt.AlignmentFlag.AlignVCenter) | _MNEMONIC, self._words
        if self.height() > self.sizeHint().height():
            flags |= _WRAP
        else:
            middle = Qt.TextElideMode.ElideMiddle
            text = painter.fontMetrics().elidedText(text, middle, room.width(), _MNEMONIC)
            if text != self._words and not self.toolTip():
                self.setToolTip(self.caption)
        painter.drawText(room, flags, text)

    def _paint_note(self, painter: QPainter, box: QRect) -> QRect:
        """Paint the note, and return the room that it leaves."""
        if not self.note:
            return box
        painter.save()
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() - 1)
        painter.setFont(font)
        room = box.adjusted(0, 0, -_AROUND, 0)
        painter.drawText(room, _AT_RIGHT, self.note)
        wide = painter.fontMetrics().horizontalAdvance(self.note)
        painter.restore()
        return room.adjusted(0, 0, -wide - _AROUND, 0)

    def _box(self, inset: float) -> QRectF:
        """Return the button without the room for its ring, and `inset` less."""
        less = RING_ROOM + inset
        return self.rect().toRectF().adjusted(less, less, -less, -less)

    def _paint_box(self, painter: QPainter, c: Colours) -> QColor:
        """Paint the ground, and return the colour of the text on it."""
        down = self.isChecked()
        if not self.isEnabled():
            if down and self.tone not in (Tone.OPEN, Tone.DENIED):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(c.ground))
                painter.drawRoundedRect(self._box(0), 3, 3)
                return QColor(c.ink)
            return QColor(c.ink2)
        if down and self.tone in _SIGNED:
            fill, ink = (c.absent, c.on_absent) if self.tone is Tone.NO else (c.chosen, c.on_chosen)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(self._box(0), 3, 3)
            return QColor(ink)
        if self.tone is Tone.OPEN:
            # Taking an answer back is the quietest of the buttons.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.ground) if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._box(0), 3, 3)
            return QColor(c.ink2)
        is_unable = down and self.tone is Tone.UNABLE
        hovered = self.underMouse()
        edge = c.absent if is_unable else c.ink2 if hovered else c.border
        is_heavy = is_unable or (hovered and c.is_plain)
        painter.setPen(QPen(QColor(c.chosen if self._echo else edge), 2 if is_heavy else 1))
        painter.setBrush(QColor(c.ground if hovered else c.paper))
        painter.drawRoundedRect(self._box(1 if is_heavy else 0.5), 3, 3)
        return QColor(c.ink)

    def _paint_digit(self, painter: QPainter, ink: QColor, left: int) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 12 / 14)
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        box = QRectF(left, 0, self._key_room - 7, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.key)
        if self.key == "0":
            # The closing line's own key stands in a cap.
            side = min(box.width(), self._box(0).height() - 8)
            cap = QRectF(0, 0, side, side)
            cap.moveCenter(box.center())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, 1))
            painter.drawRoundedRect(cap, 3, 3)

    def _paint_sign(self, painter: QPainter, ink: QColor, box: QRect) -> None:
        left, middle = box.left() + 6, self.height() / 2
        painter.setPen(QPen(ink, 1.8))
        if self.tone is Tone.NO:
            painter.drawLine(QPointF(left, middle), QPointF(left + 8, middle))
        else:
            painter.drawPolyline(
                [
                    QPointF(left, middle),
                    QPointF(left + 3, middle + 3.5),
                    QPointF(left + 9, middle - 4),
                ]
            )


class Closing(Segment):
    """The line that closes a list or answers a block: 0 records it, or a click; Space does not."""

    def __init__(
        self, name: str, caption: str, parent: QWidget | None = None, tone: Tone = Tone.NO
    ) -> None:
        super().__init__(name, caption, tone, parent, "0")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


class Segments(Flow):
    """A row of buttons of which one is down. One stop of the Tab key; arrows move within.

    Parameters
    ----------
    buttons
        The buttons, in order.

    Signals
    -------
    pressed : str
        The user pressed the button of this name.
    keyed
        It was Space that pressed it.
    """

    pressed = Signal(str)
    keyed = Signal()
    heard = Group

    def __init__(self, buttons: Sequence[Segment], parent: QWidget | None = None) -> None:
        super().__init__(parent, gap=0, line_gap=0)
        self.buttons = {button.name: button for button in buttons}
        for button in buttons:
            # Where none of them is on, nothing is recorded: to take back is no answer.
            button.heard_as = Role.Button if button.tone is Tone.OPEN else Role.RadioButton
            button.chosen.connect(self._on_chosen)
            button.keyed.connect(self.keyed)
            self.add(button)
        self._stop = buttons[0]
        self._set_stop(self._stop)

    @property
    def stop(self) -> Segment:
        """The button that the Tab key reaches."""
        return self._stop

    def show_down(self, name: str) -> None:
        """Show the button `name` as the one that is down; with an unknown name none is."""
        for own, button in self.buttons.items():
            button.show_checked(own == name)
        if self._has_focus():
            return
        # What is open begins with its first answer.
        down = self.buttons.get(name)
        first = next(iter(self.buttons.values()))
        self._set_stop(first if down is None or down.tone is Tone.OPEN else down)

    def take_stop(self, name: str) -> None:
        """Let the Tab key reach the button `name`, and move the focus there if it is in the row."""
        moves = self._has_focus()
        self._set_stop(self.buttons[name])
        if moves:
            self.buttons[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_focus(self) -> bool:
        return any(button.hasFocus() for button in self.buttons.values())

    def _set_stop(self, stop: Segment) -> None:
        self._stop.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        stop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stop = stop

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        self._set_stop(self.buttons[name])
        self.pressed.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        order = list(self.buttons.values())
        focused = next((button for button in order if button.hasFocus()), self._stop)
        target = beside(order, focused, event)
        if target in (None, focused):
            # Beyond its ends is whoever stands around.
            event.ignore()
        else:
            self.go_to(target)

    def go_to(self, button: Segment) -> None:
        """Put the focus on a button, which Tab then reaches."""
        self._set_stop(button)
        button.setFocus(Qt.FocusReason.OtherFocusReason)
