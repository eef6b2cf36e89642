"""Small buttons that look like what they stand for, in grey as well, and rows of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from triage.qt.parts.flow import Flow
from triage.qt.parts.keys import is_held
from triage.qt.parts.stops import beside

_ROLE = QPalette.ColorRole
_MNEMONIC = int(Qt.TextFlag.TextShowMnemonic)
# What stands in front of the words: a tick or a bar; and the room around the words.
_MARK, _AROUND = 14, 11


class Tone(Enum):
    """What a button that is down means; each looks different without colour."""

    YES = "yes"  # filled, with a tick
    NO = "no"  # outlined, with a bar
    UNABLE = "unable"  # dashed outline
    OPEN = "open"  # no outline, dotted line below: nothing is recorded
    PICK = "pick"  # filled: one of several options
    DENIED = "denied"  # struck out: an option that does not apply


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
        self.caption = caption
        self.tone = tone
        self.key = key
        # What a screen reader says for a caption that is only a sign.
        self.spoken = caption
        # A lone ampersand would make a shortcut of the letter after it.
        self.setText(caption.replace("&", "&&"))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._echo = False
        self._hint = QSize()
        self.clicked.connect(self._on_clicked)
        self.toggled.connect(self._on_toggled)

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
            self.caption = caption
            self.setText(caption.replace("&", "&&"))
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
        return self.tone in (Tone.YES, Tone.NO)

    @property
    def _lead(self) -> int:
        """The room in front of the words, for a mark or for the key."""
        mark = _MARK if self._has_mark else 0
        if not self.key.isdigit():
            return mark
        metrics = self.fontMetrics()
        return max(
            mark, metrics.height() + 9 if self.key == "0" else metrics.horizontalAdvance("0") + 9
        )

    @property
    def _words(self) -> str:
        """The caption, with an ampersand before the letter that is underlined."""
        at = self.caption.lower().find(self.key) if self.key.isalpha() else -1
        escaped = self.text()
        if at < 0:
            return escaped
        at += self.caption[:at].count("&")
        return f"{escaped[:at]}&{escaped[at:]}"

    def sizeHint(self) -> QSize:
        if self._hint.isEmpty():
            bold = QFont(self.font())
            bold.setWeight(QFont.Weight.DemiBold)
            metrics = QFontMetrics(bold)
            width = metrics.horizontalAdvance(self.caption) + (self._lead or 4) + _AROUND
            self._hint = QSize(width, metrics.height() + 7)
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
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._paint_box(painter)
        font = QFont(self.font())
        if self.isChecked() and self.tone not in (Tone.OPEN, Tone.DENIED):
            font.setWeight(QFont.Weight.DemiBold)
        font.setUnderline(self._echo)
        font.setStrikeOut(self.isChecked() and self.tone is Tone.DENIED)
        painter.setFont(font)
        painter.setPen(ink)
        lead = self._lead
        room = self.rect().adjusted(lead or 6, 0, -4, 0)
        text = painter.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, room.width(), _MNEMONIC
        )
        align = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignLeft if lead else Qt.AlignmentFlag.AlignHCenter
        )
        painter.drawText(room, int(align) | _MNEMONIC, text)
        if self.key.isdigit() and not (self.isChecked() and self._has_mark):
            self._paint_digit(painter, ink)
        if self.isChecked():
            self._paint_sign(painter, ink)
        if self.hasFocus() and self.has_ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(_ROLE.Text), 1.6))
            painter.drawRoundedRect(self._box(0.8), 4, 4)
        painter.end()

    def _box(self, inset: float) -> QRectF:
        return self.rect().toRectF().adjusted(inset, inset, -inset, -inset)

    def _paint_box(self, painter: QPainter) -> QColor:
        """Paint the ground, and return the colour of the text on it."""
        palette = self.palette()
        down = self.isChecked()
        if down and self.tone in (Tone.YES, Tone.PICK):
            fill = palette.color(_ROLE.Highlight)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(self._box(0.5), 3, 3)
            return palette.color(_ROLE.HighlightedText)
        if down and self.tone is Tone.OPEN:
            return palette.color(_ROLE.PlaceholderText)
        hovered = self.underMouse() and self.isEnabled()
        painter.setBrush(palette.color(_ROLE.Mid if hovered else _ROLE.Base))
        pen = QPen(palette.color(_ROLE.Mid), 1)
        if self._echo:
            pen = QPen(palette.color(_ROLE.Highlight), 1.3)
        if down and self.tone is not Tone.DENIED:
            pen = QPen(palette.color(_ROLE.Text), 1.3)
            if self.tone is Tone.UNABLE:
                pen.setStyle(Qt.PenStyle.DashLine)
        elif self.tone is Tone.OPEN:
            # Taking an answer back is the quietest of the buttons.
            pen = QPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(_ROLE.Mid) if hovered else Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawRoundedRect(self._box(0.7), 3, 3)
        quiet = self.tone is Tone.DENIED if down else self.tone in (Tone.OPEN, Tone.UNABLE)
        return palette.color(_ROLE.PlaceholderText if quiet else _ROLE.Text)

    def _paint_digit(self, painter: QPainter, ink: QColor) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        box = QRectF(5, 0, self._lead - 9, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.key)
        if self.key == "0":
            # The closing line's own key stands in a cap.
            cap = QRectF(0, 0, box.width(), box.width())
            cap.moveCenter(box.center())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, 1))
            painter.drawRoundedRect(cap, 3, 3)

    def _paint_sign(self, painter: QPainter, ink: QColor) -> None:
        middle = self.height() / 2
        painter.setPen(QPen(ink, 1.6))
        match self.tone:
            case Tone.YES:
                painter.drawPolyline(
                    [QPointF(4, middle), QPointF(6.5, middle + 3), QPointF(11, middle - 3.5)]
                )
            case Tone.NO:
                painter.drawLine(QPointF(4.5, middle), QPointF(10.5, middle))
            case Tone.OPEN:
                painter.setPen(QPen(ink, 1.2, Qt.PenStyle.DotLine))
                bottom = self.height() - 3.5
                painter.drawLine(QPointF(7, bottom), QPointF(self.width() - 6, bottom))


class Closing(Segment):
    """The line that closes a list or answers a block: 0 records it, or a click; Space does not."""

    def __init__(self, name: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(name, caption, Tone.YES, parent, "0")

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

    def __init__(self, buttons: Sequence[Segment], parent: QWidget | None = None) -> None:
        super().__init__(parent, gap=2, line_gap=2)
        self.buttons = {button.name: button for button in buttons}
        for button in buttons:
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

    def name_buttons(self, label: str) -> None:
        """Tell a screen reader what the row asks."""
        for button in self.buttons.values():
            button.setAccessibleName(f"{label}: {button.spoken}")

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
        if target is None:
            event.ignore()
            return
        self._set_stop(target)
        target.setFocus(Qt.FocusReason.OtherFocusReason)
