"""Small buttons that look like what they stand for, in grey as well, and rows of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
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

from triage.qt.questions.flow import Flow

_ROLE = QPalette.ColorRole
_STEPS: dict[int, int] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class Tone(Enum):
    """What a button that is down means; each looks different without colour."""

    YES = "yes"  # filled, with a tick
    NO = "no"  # outlined, with a bar
    UNABLE = "unable"  # dashed outline
    OPEN = "open"  # no outline, dotted line below: nothing is recorded
    PICK = "pick"  # filled: one of several options
    DENIED = "denied"  # struck out: an option that does not apply


class Segment(QAbstractButton):
    """One button of a row.

    Parameters
    ----------
    name
        What it stands for; told when it is pressed.
    caption
        What it says.
    tone
        How it looks when it is down.

    Signals
    -------
    chosen : str
        It was clicked, or pressed by key.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, caption: str, tone: Tone = Tone.PICK, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.caption = caption
        self.tone = tone
        # A lone ampersand would make a shortcut of the letter after it.
        self.setText(caption.replace("&", "&&"))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._echo = False
        self._hint = QSize()
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.name)

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

    def sizeHint(self) -> QSize:
        if self._hint.isEmpty():
            bold = QFont(self.font())
            bold.setWeight(QFont.Weight.DemiBold)
            metrics = QFontMetrics(bold)
            padding = 25 if self._has_mark else 15
            self._hint = QSize(
                metrics.horizontalAdvance(self.caption) + padding, metrics.height() + 7
            )
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
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.click()
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
        room = self.rect().adjusted(14 if self._has_mark else 6, 0, -4, 0)
        text = painter.fontMetrics().elidedText(
            self.caption, Qt.TextElideMode.ElideRight, room.width()
        )
        align = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignLeft if self._has_mark else Qt.AlignmentFlag.AlignHCenter
        )
        painter.drawText(room, int(align), text)
        if self.isChecked():
            self._paint_sign(painter, ink)
        if self.hasFocus():
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


class Segments(Flow):
    """A row of buttons of which one is down. One stop of the Tab key; arrows move within.

    Parameters
    ----------
    entries
        Name, caption and tone of each button.

    Signals
    -------
    pressed : str
        The user pressed the button of this name.
    """

    pressed = Signal(str)

    def __init__(
        self, entries: Sequence[tuple[str, str, Tone]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, gap=2, line_gap=2)
        self.buttons: dict[str, Segment] = {}
        for name, caption, tone in entries:
            button = Segment(name, caption, tone, self)
            button.chosen.connect(self._on_chosen)
            self.buttons[name] = button
        self._stop = next(iter(self.buttons.values()))
        self._set_stop(self._stop)

    @property
    def stop(self) -> Segment:
        """The button that the Tab key reaches."""
        return self._stop

    def show_down(self, name: str) -> None:
        """Show the button `name` as the one that is down; with an unknown name none is."""
        for own, button in self.buttons.items():
            if button.isChecked() != (own == name):
                button.setChecked(own == name)
        if name in self.buttons and not self._has_focus():
            self._set_stop(self.buttons[name])

    def take_stop(self, name: str) -> None:
        """Let the Tab key reach the button `name`, and move the focus there if it is in the row."""
        moves = self._has_focus()
        self._set_stop(self.buttons[name])
        if moves:
            self.buttons[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def name_buttons(self, label: str) -> None:
        """Tell a screen reader what the row asks."""
        for button in self.buttons.values():
            button.setAccessibleName(f"{label}: {button.toolTip() or button.caption}")

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
        step = _STEPS.get(event.key())
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        order = list(self.buttons.values())
        at = next(
            (i for i, button in enumerate(order) if button.hasFocus()), order.index(self._stop)
        )
        target = order[max(0, min(at + step, len(order) - 1))]
        self._set_stop(target)
        target.setFocus(Qt.FocusReason.OtherFocusReason)
