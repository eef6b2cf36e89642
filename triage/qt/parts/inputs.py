"""The plain inputs that question widgets are made of. None of them listens to the mouse wheel."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import (
    QEvent,
    QMargins,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QColor,
    QDragEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QStatusTipEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QWidget,
)

from triage.content.raw import LONGEST_TEXT
from triage.model.values import Value
from triage.qt.parts.accessible import Choosing
from triage.qt.parts.colours import colours
from triage.qt.parts.dropped import is_file
from triage.qt.parts.keys import (
    Place,
    act,
    char_of,
    is_enter,
    is_held,
    is_plain,
    is_shifted,
    may_record,
    names_of,
)
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Session

Index = QModelIndex | QPersistentModelIndex
MOST_LINES = 6
# Border and padding of a box, above and below its text.
_AROUND = 14
TOO_LONG = tr(
    "Not recorded: longer than {longest_text:,} characters. What was there before stays.",
    longest_text=LONGEST_TEXT,
)
NOT_CHOSEN = tr("Not recorded: Space or a click chooses in a list.")
_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
_PASTE = QKeySequence.StandardKey.Paste
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
)
_CONTROL = Qt.KeyboardModifier.ControlModifier
# As wide as it was told, whatever the entries are.
_AS_TOLD = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


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
    """One stay in one field: whatever is written during it is undone together.

    A key that was already held when it began types nothing: it was pressed for something else.
    """

    def __init__(self) -> None:
        self._n = -1
        self._key = -1
        # The text that was taken last, and whether a longer one was refused.
        self.kept = ""
        self._refused = self._has_typed = False

    def takes(self, field: QWidget, text: str) -> bool:
        """Whether `field` may show `text`; if that is too long it is told."""
        self._has_typed = True
        is_long = len(text) > LONGEST_TEXT
        if is_long != self._refused:
            self._refused = is_long
            tell(field, TOO_LONG if is_long else "")
        taken = not is_long and field.isEnabled()
        self.kept = text if taken else self.kept
        return taken

    def begin(self) -> None:
        """Start a new stay."""
        self._n = self._key = -1
        self._has_typed = False

    def write(self, session: Session, key: str, value: Value | None) -> None:
        """Record `value` as far as it is typed, going on with what this stay wrote last."""
        before = session.history.n
        session.type(key, value, join=before == self._n)
        if session.history.n != before:
            self._n = session.history.n

    def passes_on(self, event: QEvent) -> bool:
        """Whether a key is not for the field: undo belongs to the case, a held key to where it began.

        In an empty field in which nothing was typed Backspace takes nothing away: it leads back, as elsewhere.
        """
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        # On a French keyboard the sections have no shortcut of Qt's: the window knows the place of the key.
        is_section = any(name[:4] == "Alt+" and name[4:].isdigit() for name in names_of(event))
        leads_back = event.key() == Qt.Key.Key_Backspace and not (self.kept or self._has_typed)
        if is_section or leads_back or any(event.matches(key) for key in _UNDO):
            return True
        # Shift is pressed anew before each capital: a double one is not lost that a machine types without a pause.
        is_pressed = event.type() == QEvent.Type.KeyPress and event.key() not in _MODIFIERS
        if is_pressed and not is_held(event):
            self._key = event.key()
        return is_held(event) and event.key() not in (self._key, *_TABS)


def tell(field: QWidget, text: str) -> None:
    """Tell whoever stands around `field` of what it could not take; empty: it is over."""
    # Qt hands it from parent to parent, to the first that shows such remarks.
    QApplication.sendEvent(field, QStatusTipEvent(text))


class TypedLine(QLineEdit):
    """A line that tells of each change of its text, whoever made it: keys, dictation, drag and drop.

    Signals
    -------
    typed : str
        The text is another one.
    left
        The focus went elsewhere.
    """

    typed = Signal(str)
    left = Signal()
    where = Place.TEXT

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # What it is a part of, whose keys come before those of any line.
        self.around: Place | None = None
        # What a digit writes while nothing stands there.
        self.usual: tuple[str, ...] = ()
        # Tells which text is not for one line: pasted or dropped, it goes on to the window, which shows its meaning.
        self.leaves: Callable[[str], bool] | None = None
        self.stay = Stay()
        # Room for what is refused in words, where Qt would cut without any. It counts halves of letters.
        self.setMaxLength(2 * LONGEST_TEXT + 2)
        self.textChanged.connect(self._on_text_changed)

    def show_text(self, text: str) -> None:
        """Show `text` without telling of it, and leave the cursor alone if nothing changes."""
        self.stay.kept = text
        if text != self.text():
            with QSignalBlocker(self):
                self.setText(text)
                self.setCursorPosition(0)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        if not self.isReadOnly() and self.stay.takes(self, text):
            self.typed.emit(clean(text))
            return
        at = self.cursorPosition() - max(len(text) - len(self.stay.kept), 0)
        self.show_text(self.stay.kept)
        self.setCursorPosition(max(at, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # As it is typed, not by its place: on a French keyboard é is where 2 is, and may begin a word here.
        digit = event.text()
        takes = self.usual and not self.text() and not self.isReadOnly() and may_record(event)
        if takes and digit.isdigit() and 0 < int(digit) <= len(self.usual):
            self.setText(self.usual[int(digit) - 1])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if is_file(data) or (self.leaves and self.leaves(data.text())):
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.stay.begin()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        # Only a key asks: other events also come while the field is being taken apart.
        if isinstance(event, QKeyEvent):
            if self.take_key(event):
                return True
            if self._passes_on(event):
                event.ignore()
                return False
        return super().event(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """Take a key before anything else does; return whether it was one."""
        return False

    def _passes_on(self, event: QKeyEvent) -> bool:
        if self.stay.passes_on(event) or (self.around and act(event, self.around)):
            return True
        is_claimed = event.type() == QEvent.Type.ShortcutOverride
        if self.leaves is None or not is_claimed or not event.matches(_PASTE):
            return False
        return self.leaves(QGuiApplication.clipboard().text())


class GrowingText(QPlainTextEdit):
    """A box for free text that grows with it. Tab leaves it.

    Parameters
    ----------
    lines
        Its least height in lines.
    most
        Its greatest height in lines.

    Signals
    -------
    typed : str
        The text is another one.
    """

    typed = Signal(str)
    where = Place.NOTES

    def __init__(
        self, lines: int = 2, parent: QWidget | None = None, *, most: int = MOST_LINES
    ) -> None:
        super().__init__(parent)
        self.stay = Stay()
        self._lines = lines
        self._most = most
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        WheelGuard(self)
        WheelGuard(self.viewport())
        self.textChanged.connect(self._on_text_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def show_text(self, text: str) -> None:
        """Show `text` without telling of it, and leave the cursor alone if nothing changes."""
        self.stay.kept = text
        if text != self.toPlainText():
            with QSignalBlocker(self):
                self.setPlainText(text)
            if self.hasFocus():
                # Undone or brought back while one types: to be typed on at its end.
                self.moveCursor(QTextCursor.MoveOperation.End)
            self._grow()

    @Slot()
    def _on_text_changed(self) -> None:
        text = self.toPlainText()
        if self.stay.takes(self, text):
            self.typed.emit(clean(text))
            return
        at = self.textCursor().position() - max(len(text) - len(self.stay.kept), 0)
        self.show_text(self.stay.kept)
        cursor = QTextCursor(self.document())
        cursor.setPosition(max(at, 0))
        self.setTextCursor(cursor)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not is_file(source) and super().canInsertFromMimeData(source)

    @Slot()
    def _grow(self) -> None:
        # The size of a plain text document counts lines, not pixels.
        lines = min(max(round(self.document().size().height()), self._lines), self._most)
        # What is inside is placed when it is shown, not before.
        around = self.height() - self.viewport().height() if self.isVisible() else _AROUND
        margins = 2 * round(self.document().documentMargin()) + max(around, 2 * self.frameWidth())
        height = lines * self.fontMetrics().lineSpacing() + margins
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Text that wraps anew is as long as before for Qt.
        if event.size().width() != event.oldSize().width():
            self._grow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.stay.begin()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter is a new line here; these two go out of the box.
        goes_on = event.key() == Qt.Key.Key_Down and event.modifiers() == _CONTROL
        if goes_on or (is_enter(event) and is_shifted(event)):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Only a key asks: other events also come while the field is being taken apart.
        if isinstance(event, QKeyEvent) and self.stay.passes_on(event):
            event.ignore()
            return False
        return super().event(event)


class Refusal(QLabel):
    """Says beside a field what it could not take, where no question stands around it.

    Parameters
    ----------
    field
        The field.
    """

    def __init__(self, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        set_role(self, "small")
        self.hide()
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QStatusTipEvent):
            return False
        self.setText(event.tip())
        self.setVisible(bool(event.tip()))
        return True


class Button(QPushButton):
    """A push button that Space presses, a click, or assistive technology.

    On some desktops Qt presses buttons with Enter too; here Enter goes on.
    """

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(caption, parent)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nor is an arrow another Tab, as it is for Qt: whoever stands around goes as the eye does.
        if is_enter(event) or event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)


class PartButton(Button):
    """A button that is part of a question: there all arrows go as the eye does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)


class Entries(QStyledItemDelegate):
    """Draws the entries of a list, far enough from each other to be hit."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index).grownBy(QMargins(0, 4, 0, 4))


class Combo(QComboBox):
    """A list to choose from; the wheel never does.

    Space opens it, or the first letter of an entry. In the open list arrows and letters move,
    Space chooses; Enter and Tab leave it as it was.

    It keeps its entries itself, and gives them to Qt when the list is first wanted: Qt makes a window and eight widgets
    for them at once, and most lists are never opened.

    Parameters
    ----------
    entries
        Ids and what is shown for them. The first one should stand for no answer.

    Signals
    -------
    chosen : str
        Another entry was chosen, by whatever means: its id.
    keyed
        It was a key that chose.
    """

    chosen = Signal(str)
    keyed = Signal()
    heard = Choosing
    drawn_by = Entries

    def __init__(self, entries: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = list(entries)
        self._at = 0 if self._entries else -1
        self._has_list = False
        # The size that it wants, as long as font and entries are the same.
        self._hint = QSize()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        self.currentIndexChanged.connect(self.setCurrentIndex)

    # -- the entries, as Qt calls them ----------------------------------------------------------

    def addItem(self, text: str, name: str) -> None:  # type: ignore[override]
        self._entries.append((name, text))
        self._at = max(self._at, 0)
        self._hint = QSize()
        if self._has_list:
            with QSignalBlocker(self):
                super().addItem(text, name)
        self.updateGeometry()

    def clear(self) -> None:
        self._entries.clear()
        self._at = -1
        self._hint = QSize()
        if self._has_list:
            with QSignalBlocker(self):
                super().clear()

    def count(self) -> int:
        return len(self._entries)

    def itemText(self, index: int) -> str:
        return self._entries[index][1] if 0 <= index < len(self._entries) else ""

    def itemData(self, index: int, role: int = Qt.ItemDataRole.UserRole) -> str | None:
        return self._entries[index][0] if 0 <= index < len(self._entries) else None

    def findData(self, name: str) -> int:  # type: ignore[override]
        return next((at for at, (other, _) in enumerate(self._entries) if other == name), -1)

    def currentIndex(self) -> int:
        return self._at

    def currentText(self) -> str:
        return self.itemText(self._at)

    @Slot(int)
    def setCurrentIndex(self, index: int) -> None:
        """Choose an entry."""
        if index == self._at:
            return
        if not self.isEnabled():
            self._sync()
            return
        self._show_index(index)
        tell(self, "")
        self.chosen.emit(self.entry)

    def setCurrentText(self, text: str) -> None:
        self.setCurrentIndex(
            next(at for at, (_, other) in enumerate(self._entries) if other == text)
        )

    def view(self) -> QAbstractItemView:
        """Return the list, made when it is first wanted."""
        view = super().view()
        if not self._has_list:
            self._has_list = True
            with QSignalBlocker(self):
                for name, text in self._entries:
                    super().addItem(text, name)
            self._sync()
            self.setItemDelegate(self.drawn_by(self))
            view.installEventFilter(self)
            # Later: what the keys ring is selected first, and current after that.
            view.selectionModel().selectionChanged.connect(
                self._on_selection_changed, Qt.ConnectionType.QueuedConnection
            )
        return view

    def _sync(self) -> None:
        """Have the list say what is shown."""
        if self._has_list:
            with QSignalBlocker(self):
                super().setCurrentIndex(self._at)

    # -------------------------------------------------------------------------------------------

    def show_entry(self, name: str) -> None:
        """Show the entry `name` without telling of it."""
        self._show_index(max(self.findData(name), 0))

    def _show_index(self, index: int) -> None:
        if index != self._at:
            self._at = index
            self._sync()
            self.update()
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, self.currentText()))

    @property
    def entry(self) -> str:
        """The id of the entry that is shown."""
        return str(self.itemData(self._at))

    @property
    def is_open(self) -> bool:
        """Whether the list is in sight."""
        return self._has_list and self.view().isVisible()

    def hear(self, state: QAccessible.State) -> None:
        """Tell a screen reader that there is a list to open, and whether it is."""
        state.expandable = state.hasPopup = 1
        state.expanded, state.collapsed = int(self.is_open), int(not self.is_open)

    def showPopup(self) -> None:
        tell(self, "")
        # The box may have less room than its entries, which are to be read whole.
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width()
        view.setMinimumWidth(max(0, view.sizeHintForColumn(0)) + bar)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        # Not that of Qt's list, which has all around it laid out anew: its size is known by then.
        QWidget.showEvent(self, event)

    @Slot()
    def _on_selection_changed(self) -> None:
        # Assistive technology selects without moving the ring; keys and pointer do both.
        view = self.view()
        selected = view.selectionModel().selectedIndexes()
        if selected and selected[0] != view.currentIndex():
            self.setCurrentIndex(selected[0].row())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() not in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            super().changeEvent(event)
            return
        self._hint = QSize()
        if self._has_list:
            super().changeEvent(event)
        else:
            # Qt would make the list to give it the font.
            self.update()
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        opens = is_plain(event) and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_F4)
        if (opens and not is_held(event)) or _is_alt_arrow(event):
            self.showPopup()
        elif may_record(event) and event.key() == Qt.Key.Key_Delete:
            self.setCurrentIndex(0)
        elif not is_plain(event) or not self.take_letter(event):
            event.ignore()

    def take_letter(self, event: QKeyEvent) -> bool:
        """Open the list where an entry begins with what was typed; return whether it was a letter."""
        typed = char_of(event)
        if not typed:
            return False
        self.showPopup()
        self.view().keyboardSearch(typed)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and _closes_list(event):
            # Else Qt would choose with it, before it is pressed as a key.
            event.accept()
            return True
        return event.type() == QEvent.Type.KeyPress and self.take_key_in_list(event)

    def take_key_in_list(self, event: QKeyEvent) -> bool:
        """Take a key of the open list, or leave it to Qt (arrows, letters, Escape)."""
        if event.key() == Qt.Key.Key_Space:
            if may_record(event):
                self.choose(self.view().currentIndex().row())
        elif _closes_list(event):
            ringed = self.view().currentIndex().row()
            self.hidePopup()
            if ringed != self.currentIndex():
                tell(self, NOT_CHOSEN)
        else:
            return False
        return True

    def choose(self, index: int) -> None:
        """Choose an entry by key, and fold the list."""
        self.hidePopup()
        if 0 <= index < self.count():
            self.setCurrentIndex(index)
            self.keyed.emit()

    def sizeHint(self) -> QSize:
        if not self._hint.isValid():
            self._hint = self._wanted()
        return self._hint

    def _wanted(self) -> QSize:
        letters = self.fontMetrics()
        wide = self.minimumContentsLength() * letters.horizontalAdvance("X")
        if self.sizeAdjustPolicy() is not _AS_TOLD:
            wide = max(wide, *(letters.boundingRect(text).width() for _, text in self._entries), 0)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        content, kind = QSize(wide, letters.height()), QStyle.ContentsType.CT_ComboBox
        around = self.style().sizeFromContents(kind, option, content, self)
        return QSize(around.width(), letters.height() + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 7 + 24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        c = colours(self.palette())
        has_focus, is_enabled = self.hasFocus(), self.isEnabled()
        edge = c.accent if has_focus else c.border if is_enabled else c.ground
        inset = 1 if has_focus else 0.5
        painter.setPen(QPen(QColor(edge), 2 * inset))
        painter.setBrush(QColor(c.paper if is_enabled else c.ground))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), 3, 3)
        chosen = self._at > 0 or not self.itemText(0).endswith("—")
        painter.setPen(QColor(c.ink if chosen else c.ink2))
        room = QRect(7, 0, self.width() - 26, self.height())
        text = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        x, y = self.width() - 12, self.height() / 2
        painter.setPen(QPen(QColor(c.ink2), 1.4))
        painter.drawPolyline(
            [QPointF(x - 3.5, y - 2), QPointF(x, y + 1.5), QPointF(x + 3.5, y - 2)]
        )
        painter.end()


def _closes_list(event: QKeyEvent) -> bool:
    keys = (*_TABS, Qt.Key.Key_F4, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return event.key() in keys or _is_alt_arrow(event)


def _is_alt_arrow(event: QKeyEvent) -> bool:
    alone = (
        event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.AltModifier
    )
    return alone and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up)
