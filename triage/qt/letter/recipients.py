"""To whom a letter goes: everyone below one another, and the addresses of the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from triage.qt.parts.flow import Flow, hint_of
from triage.qt.parts.inputs import Button
from triage.qt.parts.laying import vertical
from triage.qt.parts.segments import Segment, Segments
from triage.qt.parts.sheet import words
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session.letters import LetterDesk

# So many recipients are in sight at least, and at most while the list is not opened.
_FEW, _MOST = 3, 4
_DIGITS = 9
_ADDRESSES = tr("Which address?")


class Choice(NamedTuple):
    """One of several: its id, its name, and what is to be known of it."""

    name: str
    caption: str
    note: str = ""


class Choices(Segments):
    """Chips below one another, each as wide as there is room."""

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__([_Chip(choice) for choice in choices], parent)

    def wanted(self) -> QSize:
        """Return the size that all chips need below one another."""
        hints = [hint_of(part) for part in self.parts()]
        return QSize(max((h.width() for h in hints), default=0), sum(h.height() for h in hints))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.wanted().height())

    def place(self, width: int, *, moving: bool) -> int:
        """Set the chips into `width` pixels if `moving`; return the height that they need."""
        high = 0
        for part in self.parts():
            tall = hint_of(part).height()
            if moving:
                part.setGeometry(0, high, width, tall)
            high += tall
        return high


class _Chip(Segment):
    is_centred = False

    def __init__(self, choice: Choice) -> None:
        super().__init__(choice.name, choice.caption)
        self.set_note(choice.note)


class Recipients(QWidget):
    """Shows whom the letter can go to and, where one has several addresses, which of them.

    Parameters
    ----------
    desk
        Knows them, and is told of another choice.

    Signals
    -------
    chosen
        Another recipient was chosen, or another address.
    book_requested
        The user wants to see all addresses.
    """

    chosen = Signal()
    book_requested = Signal()

    def __init__(self, desk: LetterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._is_open = False
        self.names: tuple[str, ...] = ()
        self.list = self._choices([Choice("", "")])
        self.addresses = self._choices([Choice("", "")])
        self.more = Button("", self)
        self.book = Button(tr("Address book   Ctrl+B"), self)
        for link in (self.more, self.book):
            set_role(link, "quiet")
        self.where = words("", "small")
        self.asks = words(_ADDRESSES, "heading")
        layout = vertical(self, 0, 0, 0, 0, spacing=2)
        for part in (self.list, self.where, self.asks, self.addresses):
            layout.addWidget(part)
        links = Flow(self)
        for link in (self.more, self.book):
            links.add(link)
        layout.addWidget(links)
        self.book.clicked.connect(self.book_requested)
        self.more.clicked.connect(self._on_more)

    # -- showing --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show whom and where the desk has."""
        desk, order = self._desk, self._desk.recipients_in_order()
        few = [*order[: max(_FEW, min(len(desk.wanted), _MOST))]]
        self.names = order if self._is_open else tuple(dict.fromkeys([*few, desk.recipient]))
        left = len(order) - len(few)
        self.more.setVisible(left > 0)
        self.more.setText(tr("Fewer") if self._is_open else tr("{left} more…", left=left))
        self.list = self._shown(self.list, [self._choice(name) for name in self.names])
        self.list.setAccessibleName(tr("Recipient"))
        self.list.show_down(desk.recipient)
        several = desk.addressees
        where = desk.settings.address_of(desk.addressee)
        self.where.setText(", ".join(where.lines))
        self.where.setVisible(bool(where.lines) and not several)
        self.asks.setVisible(bool(several))
        self.addresses.setVisible(bool(several))
        if several:
            known = desk.settings
            choices = [Choice(name, known.address_of(name).called) for name in several]
            if len({choice.caption for choice in choices}) < len(choices):
                choices = [Choice(n, ", ".join(known.address_of(n).lines)) for n in several]
            self.addresses = self._shown(self.addresses, choices)
            self.addresses.setAccessibleName(_ADDRESSES)
            self.addresses.show_down(desk.addressee)
        for number, chip in enumerate(self._chips, start=1):
            chip.set_key(str(number) if number <= _DIGITS else "")

    def _choice(self, name: str) -> Choice:
        desk, record = self._desk, self._desk.recipients[name]
        if record.stays:
            return Choice(name, record.name, tr("filed here"))
        if not desk.settings.addressees_of(name):
            return Choice(name, record.name, tr("no address"))
        return Choice(name, record.name, desk.called(record.template))

    def _choices(self, choices: Sequence[Choice]) -> Choices:
        made = Choices(choices, self)
        made.pressed.connect(self._on_pressed)
        return made

    def _shown(self, old: Choices, choices: Sequence[Choice]) -> Choices:
        """Return chips for these: the same ones, if they stand for them already."""
        if [*old.buttons] != [choice.name for choice in choices]:
            made = self._choices(choices)
            had_focus = old.stop.hasFocus()
            layout = self.layout()
            assert layout is not None
            layout.replaceWidget(old, made)
            made.setVisible(not old.isHidden())
            old.hide()
            old.deleteLater()
            if had_focus:
                made.stop.setFocus(Qt.FocusReason.OtherFocusReason)
            return made
        for choice in choices:
            old.buttons[choice.name].set_caption(choice.caption)
            old.buttons[choice.name].set_note(choice.note)
        return old

    # -- choosing -------------------------------------------------------------------------------

    @property
    def _chips(self) -> list[Segment]:
        """Everything that can be chosen, in the order of its digits."""
        addresses = self.addresses.buttons.values() if self._desk.addressees else ()
        return [*self.list.buttons.values(), *addresses]

    def take(self, number: int) -> str:
        """Choose by number; return what is chosen now, empty if there is no such one."""
        if not 1 <= number <= self.count:
            return ""
        chip = self._chips[number - 1]
        chip.click()
        return chip.caption

    @property
    def count(self) -> int:
        """How many have a number."""
        return min(len(self._chips), _DIGITS)

    def ask(self) -> None:
        """Lead to the choice of an address."""
        self.addresses.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What Tab goes through, in order."""
        return (self.list.stop, self.addresses.stop, self.more, self.book)

    @Slot(str)
    def _on_pressed(self, name: str) -> None:
        # A service and its first address have one name.
        if self.sender() is self.addresses:
            self._desk.choose_addressee(name)
        else:
            self._desk.choose_recipient(name)
        self.chosen.emit()

    @Slot()
    def _on_more(self) -> None:
        self._is_open = not self._is_open
        self.refresh()
