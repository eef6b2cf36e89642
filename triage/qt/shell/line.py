"""The line under the patient: left what just happened, right what the keys do here. It is always there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStackedWidget, QWidget

from triage.letter.words.said.line import Mark
from triage.qt.parts.accessible import Alarm, Sign, Status
from triage.qt.parts.caps import Caps, Keyed
from triage.qt.parts.keys import TABLE, Place, char_of, is_held, names_of
from triage.qt.parts.laying import horizontal
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.messages import MessageLevel, Messages
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Changed

# What is marked as done was done.
_MARKS = {
    "advice": Mark.NONE,
    "info": Mark.DONE,
    "warning": Mark.CAUTION,
    "error": Mark.EMERGENCY,
}
_ALL_KEYS = ("F1", tr("all keys"))
_MOST = 4
# Of keys without a letter those that one may take for one that records.
_TOLD = ("Space", "Delete")
_POLITENESS = QAccessible.AnnouncementPoliteness


class Line(QStackedWidget):
    """The one line that tells: its height is fixed, so nothing moves because a message comes or goes.

    Parameters
    ----------
    messages
        The channel to show.

    Signals
    -------
    more_requested
        A message does not fit, and the user wants to read it whole.
    """

    more_requested = Signal()
    heard = Status

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("line")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("What just happened"))
        self._level: MessageLevel = "info"
        self._mark = MarkLabel(self)
        self.label = Elided(self)
        self.more = QPushButton(tr("Read all"), self)
        self.more.setAutoDefault(False)
        set_role(self.more, "quiet")
        self.keys = Caps((_ALL_KEYS,), self)
        # Each question says its own.
        self.keys.heard = Sign
        said = QWidget(self)
        layout = horizontal(said, 14, 0, 14, 0, spacing=8)
        layout.addWidget(self._mark)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.more)
        layout.addWidget(self.keys)
        self.addWidget(said)
        self.alarm = SaveAlarm(self)
        self.addWidget(self.alarm)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._measure()
        self._show("info", "")
        messages.message.connect(self._on_message)
        self.more.clicked.connect(self.more_requested)

    @property
    def text(self) -> str:
        """What is told."""
        return self.label.text()

    @property
    def mark(self) -> Mark:
        """The mark beside it."""
        return self._mark.mark

    @property
    def is_error(self) -> bool:
        """Whether it tells what did not work."""
        return self._level == "error"

    def take_change(self, changed: Changed) -> None:
        """Forget what was told of an earlier change; what is wrong stays until something else is told."""
        if self._level in ("advice", "info") and self.text:
            self._show("info", "")

    def show_keys(self, widget: QWidget | None, also: Keyed = ()) -> None:
        """Show what the keys do where `widget` has the focus, and those of `also`."""
        self.keys.show_keys((*also, *_hints(widget)[: _MOST - len(also)], _ALL_KEYS))
        self._fit()

    @property
    def is_alarm(self) -> bool:
        """Whether it says that saving failed."""
        return self.currentWidget() is self.alarm

    def show_failure(self, reason: str, since: str = "") -> None:
        """Say in the whole line since when saving fails, and why."""
        self.alarm.show_failure(reason, since)
        self.setCurrentWidget(self.alarm)

    def end_failure(self) -> None:
        """Say no longer that saving failed."""
        self.setCurrentIndex(0)

    @Slot(str, str)
    def _on_message(self, level: MessageLevel, text: str) -> None:
        self._show(level, text)
        event = QAccessibleAnnouncementEvent(self, text)
        is_urgent = level == "error"
        event.setPoliteness(_POLITENESS.Assertive if is_urgent else _POLITENESS.Polite)
        QAccessible.updateAccessibility(event)

    def _show(self, level: MessageLevel, text: str) -> None:
        self._level = level
        self._mark.set_mark(_MARKS[level] if text else Mark.NONE)
        self.label.setText(text)
        self.label.setAccessibleName(text)
        self._fit()

    def _fit(self) -> None:
        """Give a long message the room of the keys, and what is longer still a way to be read."""
        room = self.width() - self._mark.sizeHint().width() - 44
        wanted = self.label.sizeHint().width()
        self.keys.setVisible(wanted + self.keys.sizeHint().width() <= room)
        self.more.setVisible(wanted > room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(self.fontMetrics().height() + 11)


class Elided(QLabel):
    """One line of plain text, cut with a sign where it is too long; whole in the tooltip.

    Parameters
    ----------
    mode
        Where it is cut.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        # A printer or a file may be called like a tag.
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters: no text makes a window wider."""
        return QSize(self.fontMetrics().averageCharWidth() * 8, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown
        self.setToolTip("" if shown == self.text() else self.text())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    @property
    def shown(self) -> str:
        """The text as it is painted."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.width())


class SaveAlarm(QWidget):
    """Says that saving failed, loudly, until it works again.

    Signals
    -------
    save_elsewhere_requested
        The user wants a copy in another place.
    try_requested
        The user wants it tried at once.
    """

    save_elsewhere_requested = Signal()
    try_requested = Signal()
    heard = Alarm

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alarm")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        mark = MarkLabel(self, Mark.EMERGENCY)
        mark.set_mark(Mark.EMERGENCY, alarm=True)
        self.label, self.kept = Elided(self), Elided(self)
        self.label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.kept.setText(tr("What you type is kept in memory, and saved as soon as it can be."))
        self.kept.setObjectName("kept")
        self.button = QPushButton(tr("Save elsewhere…"), self)
        self.button.setToolTip("Ctrl+Shift+S")
        self.again = QPushButton(tr("Try now"), self)
        layout = horizontal(self, 14, 0, 14, 0)
        layout.addWidget(mark)
        layout.addWidget(self.label)
        layout.addWidget(self.kept, 1)
        for button in (self.button, self.again):
            button.setAutoDefault(False)
            set_role(button, "quiet")
            layout.addWidget(button)
        self.button.clicked.connect(self.save_elsewhere_requested)
        self.again.clicked.connect(self.try_requested)

    def show_failure(self, reason: str, since: str = "") -> None:
        """Say since when saving fails, and why."""
        begun = tr("Not saved since {since}.", since=since) if since else tr("Not saved.")
        self.label.setText(f"{begun} {reason}")
        self.setAccessibleName(f"{self.label.text()} {self.kept.text()}")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


def place_of(widget: QWidget | None) -> Place:
    """Return whose keys work where `widget` has the focus."""
    while widget is not None:
        place = getattr(widget, "around", None) or getattr(widget, "where", None)
        if isinstance(place, Place):
            return place
        widget = widget.parentWidget()
    return Place.ANYWHERE


def no_use(event: QKeyEvent, widget: QWidget | None) -> str:
    """Return that a key does nothing where `widget` has the focus, and which do; empty for keys of no letter."""
    key = next(iter(names_of(event)), "")
    if is_held(event) or not (char_of(event) or key in _TOLD):
        return ""
    shown = _hints(widget)
    hints = "; ".join(f"{keys} {words}" for keys, words in shown)
    if key.isdigit() and any("…" in keys for keys, _ in shown):
        return tr("There is no {key} here. What works: {hints}.", key=key, hints=hints)
    return tr("{key} does nothing here. What works: {hints}.", key=key, hints=hints)


def _hints(widget: QWidget | None) -> Keyed:
    acts = (act for act in TABLE[place_of(widget)] if act.hint)
    own = _own_keys(widget)
    # A number without a unit has no key that leads there.
    shown = (act for act in acts if getattr(widget, act.name, act) is not None)
    return tuple((keys, act.hint) for act in shown if (keys := own.get(act.name, act.keys)))


def _own_keys(widget: QWidget | None) -> Mapping[str, str]:
    """Return the keys of acts that a place has others for than the table, by name; none for what it has not."""
    while widget is not None:
        own: Mapping[str, str] | None = getattr(widget, "own_keys", None)
        if own is not None:
            return own
        widget = widget.parentWidget()
    return {}
