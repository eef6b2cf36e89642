"""The plain inputs that question widgets are made of. None of them listens to the mouse wheel."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from triage.model.values import Value
from triage.session import Session

MOST_LINES = 6
_ROLE = QPalette.ColorRole
_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def clean(text: str) -> str:
    """Return typed text without half characters, which no file could hold."""
    return "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)


class WheelGuard(QObject):
    """Keeps the wheel from changing a value: it scrolls the page instead."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            # Ignored and yet filtered: Qt hands it to the parent, at last to the page.
            event.ignore()
            return True
        return False


class Stay:
    """One stay in one field: whatever is written during it is undone together."""

    def __init__(self) -> None:
        self._n = -1

    def begin(self) -> None:
        """Start a new stay."""
        self._n = -1

    def write(self, session: Session, key: str, value: Value | None) -> None:
        """Record `value`, going on with the last undo group if that is still this stay's own."""
        before = session.history.n
        session.set(key, value, join=before == self._n)
        if session.history.n != before:
            self._n = session.history.n


def _leaves_undo(event: QEvent) -> bool:
    """Whether `event` is Ctrl+Z or its like: undo belongs to the case, not to one field."""
    return isinstance(event, QKeyEvent) and any(event.matches(key) for key in _UNDO)


class TypedLine(QLineEdit):
    """A line that tells of each keystroke.

    Signals
    -------
    typed : str
        The user changed the text.
    left
        The focus went elsewhere.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stay = Stay()
        WheelGuard(self)
        self.textEdited.connect(self._on_text_edited)

    def show_text(self, text: str) -> None:
        """Show `text` without telling of it, and leave the cursor alone if nothing changes."""
        if text != self.text():
            with QSignalBlocker(self):
                self.setText(text)
                self.setCursorPosition(0)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self.typed.emit(clean(text))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.stay.begin()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and _leaves_undo(
            event
        ):
            event.ignore()
            return False
        return super().event(event)


class GrowingText(QPlainTextEdit):
    """A box for free text that grows with it, up to six lines. Tab leaves it.

    Parameters
    ----------
    lines
        Its least height in lines.

    Signals
    -------
    typed : str
        The user changed the text.
    """

    typed = Signal(str)

    def __init__(self, lines: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stay = Stay()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        WheelGuard(self)
        WheelGuard(self.viewport())
        self.textChanged.connect(self._on_text_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        self._grow()

    def show_text(self, text: str) -> None:
        """Show `text` without telling of it, and leave the cursor alone if nothing changes."""
        if text != self.toPlainText():
            with QSignalBlocker(self):
                self.setPlainText(text)
            self._grow()

    @Slot()
    def _on_text_changed(self) -> None:
        self.typed.emit(clean(self.toPlainText()))

    @Slot()
    def _on_size_changed(self) -> None:
        self._grow()

    def _grow(self) -> None:
        # The size of a plain text document counts lines, not pixels.
        lines = min(max(round(self.document().size().height()), self._lines), MOST_LINES)
        margins = 2 * round(self.document().documentMargin()) + 2 * self.frameWidth() + 4
        height = lines * self.fontMetrics().lineSpacing() + margins
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.stay.begin()
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and _leaves_undo(
            event
        ):
            event.ignore()
            return False
        return super().event(event)


class Combo(QComboBox):
    """A list to choose from, by its first letters or the arrow keys, never by the wheel.

    Parameters
    ----------
    entries
        Ids and what is shown for them. The first one should stand for no answer.

    Signals
    -------
    chosen : str
        The user chose the entry with this id.
    """

    chosen = Signal(str)

    def __init__(self, entries: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for name, text in entries:
            self.addItem(text, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        WheelGuard(self)
        self.activated.connect(self._on_activated)

    def show_entry(self, name: str) -> None:
        """Show the entry `name` without telling of it."""
        index = max(self.findData(name), 0)
        if index != self.currentIndex():
            with QSignalBlocker(self):
                self.setCurrentIndex(index)
            self.update()

    @property
    def entry(self) -> str:
        """The id of the entry that is shown."""
        return str(self.currentData())

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.itemData(index)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.setCurrentIndex(0)
            self.chosen.emit(self.entry)
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + 10)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 7 + 24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        edge = _ROLE.Highlight if self.hasFocus() else _ROLE.Mid
        painter.setPen(QPen(palette.color(edge), 1))
        painter.setBrush(palette.color(_ROLE.Base if self.isEnabled() else _ROLE.Window))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        chosen = self.currentIndex() > 0 or not self.itemText(0).endswith("—")
        painter.setPen(palette.color(_ROLE.Text if chosen else _ROLE.PlaceholderText))
        room = QRect(7, 0, self.width() - 26, self.height())
        text = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        x, y = self.width() - 12, self.height() / 2
        painter.setPen(QPen(palette.color(_ROLE.PlaceholderText), 1.4))
        painter.drawPolyline(
            [QPointF(x - 3.5, y - 2), QPointF(x, y + 1.5), QPointF(x + 3.5, y - 2)]
        )
        painter.end()
