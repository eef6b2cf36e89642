"""The line of quick entry over the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Signal, Slot
from PySide6.QtWidgets import QWidget

from triage.qt.navigator import Navigator
from triage.qt.parts.messages import Messages
from triage.qt.shell.actions import Command
from triage.qt.shell.rail import Rail
from triage.session import Session

if TYPE_CHECKING:
    from triage.qt.shell.palette import Palette


class Quick(QObject):
    """Opens the line and does what is chosen in it.

    Parameters
    ----------
    commands
        What it can find besides the questions.
    over
        It stands over the first of these that is to be seen.
    window
        In which it opens.

    Signals
    -------
    command_requested, rule_requested : str
        The user wants a command, or to see a rule.
    done : str
        What was done, in the words of the practice.
    """

    command_requested = Signal(str)
    rule_requested = Signal(str)
    done = Signal(str)

    def __init__(
        self,
        session: Session,
        commands: Sequence[Command],
        rail: Rail,
        go: Navigator,
        messages: Messages,
        over: Sequence[QWidget],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._commands, self._rail = session, commands, rail
        self._go, self._messages = go, messages
        self._over = over
        # While it is open.
        self.palette: Palette | None = None

    @Slot()
    def open(self) -> None:
        """Open the line, or go on in it."""
        if self.palette is not None:
            self.palette.field.setFocus()
            return
        # They bring all that reads what is typed and pasted: no first paint waits for it.
        from triage.qt.shell.find import entries_of
        from triage.qt.shell.palette import Palette

        entries = entries_of(self._session.form, self._commands)
        palette = self.palette = Palette(self._session, entries, self._rail.section, self._page)
        palette.question_requested.connect(self._go.go_to)
        palette.command_requested.connect(self.command_requested)
        palette.rule_requested.connect(self.rule_requested)
        palette.recorded.connect(self._on_recorded)
        palette.previewed.connect(self._go.questions.show_coming)
        palette.closed.connect(self._on_closed)
        palette.open(self._room)

    def fit(self) -> None:
        """Stand where the window has room for it now."""
        if self.palette is not None:
            self.palette.stand_over(self._room)

    @property
    def _page(self) -> QWidget:
        """What holds all of the case: a lock hides it, and the line with it."""
        page = self._over[-1].parentWidget()
        assert page is not None
        return page

    @property
    def _room(self) -> QRect:
        """Below the heading of the form."""
        over = next(filter(QWidget.isVisible, self._over), self._over[-1])
        room = QRect(over.mapTo(self._page, QPoint()), over.size())
        return room.adjusted(18, over.fontMetrics().height() * 2 + 8, -18, -12)

    @Slot(str)
    def _on_recorded(self, says: str) -> None:
        self._messages.info(says)
        self.done.emit("quick")

    @Slot()
    def _on_closed(self) -> None:
        if self.palette is not None:
            self.palette.deleteLater()
            self.palette = None
