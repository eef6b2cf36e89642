"""The question what came of a letter: handed over, phoned, received, booked, seen, returned, or put off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from triage.errors import EntryError
from triage.model.dates import Order, PartialDate
from triage.qt.parts.flow import scaled
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.keys import char_of
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.segments import Segment, Segments
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.session.fate import day_of
from triage.session.letters import LetterDesk
from triage.store.records import Issue, Way

# How long a letter is put off, unless another day is typed.
_LATER = timedelta(days=7)


class _Choice(NamedTuple):
    """What can have come of a letter, and what is asked of it.

    Parameters
    ----------
    way, title
        What it is, and what it is called.
    says, day
        What is asked for in words, and for which day; empty if nothing is.
    needs
        What must be given: ``says``, ``day`` or nothing.
    """

    way: Way
    title: str
    says: str = ""
    day: str = ""
    needs: str = ""


_CHOICES = (
    _Choice("handed", tr("Handed over"), tr("To whom")),
    _Choice("call", tr("Phoned"), tr("Who was phoned"), needs="says"),
    _Choice("received", tr("Received"), tr("Who says so")),
    _Choice("booked", tr("Booked"), day=tr("For which day")),
    _Choice("seen", tr("Seen, or advice given"), day=tr("On which day")),
    _Choice("returned", tr("Returned"), tr("Reason, or what it asks"), needs="says"),
    _Choice("later", tr("Ask later"), day=tr("From which day"), needs="day"),
)


def asks_of(desk: LetterDesk, issue: Issue) -> str:
    """Return the question what came of one letter."""
    to = desk.name_of(issue.recipient)
    return tr("What came of version {version} to {to}?", version=issue.version, to=to)


class FateDialog(QDialog):
    """Asks what came of a letter; records nothing by itself.

    Parameters
    ----------
    of
        Which letter, or how many.
    today, issued
        The present day, and that of the letter; of several the last.
    order
        Whether the day or the month comes first in the numbers of a date.
    letters
        The letters of one case, of which one is to be chosen, or all; none where nothing is to be chosen.

    Signals
    -------
    letter_chosen : int
        It came of this one of the letters; of all if it is -1.
    noted : str, str, str
        Record this: what came of it, who or why, and the day in ISO form.
    """

    letter_chosen = Signal(int)
    noted = Signal(str, str, str)

    def __init__(
        self,
        of: str,
        today: date,
        issued: date,
        parent: QWidget | None = None,
        *,
        order: Order = "dmy",
        letters: Sequence[tuple[str, date]] = (),
    ) -> None:
        super().__init__(parent)
        self._today, self._issued, self._order = today, issued, order
        self._letters, self._is_meant = [*letters, (tr("All of them"), issued)], not letters
        self._chosen = _CHOICES[0]
        self.setWindowTitle(tr("What came of the letter"))
        title = QLabel(of, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        set_role(title, "title")
        self.which = Segments(
            [Segment(str(at), name) for at, (name, _) in enumerate(self._letters)], self
        )
        self.which.setAccessibleName(tr("Of which letter"))
        self.which.setVisible(bool(letters))
        self.ways = Segments(
            [
                Segment(choice.way, choice.title, key=str(at))
                for at, choice in enumerate(_CHOICES, start=1)
            ],
            self,
        )
        self.ways.setAccessibleName(tr("What came of it"))
        self._says_label, self._day_label = QLabel(self), QLabel(self)
        self.says, self.day = TypedLine(self), TypedLine(self)
        self._says_label.setBuddy(self.says)
        self._day_label.setBuddy(self.day)
        self.fault = QLabel(self)
        set_role(self.fault, "fault")
        self.fault.setWordWrap(True)
        self.back, self.note = QPushButton(tr("Back"), self), QPushButton(tr("&Record"), self)
        set_role(self.note, "main")
        self.note.setDefault(True)
        self.back.setAutoDefault(False)
        Underlined(self)
        fields = QGridLayout()
        fields.setColumnStretch(1, 1)
        for at, (label, field) in enumerate(
            ((self._says_label, self.says), (self._day_label, self.day))
        ):
            fields.addWidget(label, at, 0)
            fields.addWidget(field, at, 1)
            # Nothing moves when another one is asked for.
            fields.setRowMinimumHeight(at, field.sizeHint().height())
        buttons = horizontal()
        buttons.addWidget(self.fault, 1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.note)
        layout = vertical(self, spacing=10)
        layout.addWidget(title)
        layout.addWidget(self.which)
        layout.addWidget(self.ways)
        layout.addLayout(fields)
        layout.addLayout(buttons)
        self.which.pressed.connect(self.choose_letter)
        for line in (self.says, self.day):
            line.textChanged.connect(self.fault.clear)
        self.ways.pressed.connect(self.choose)
        self.back.clicked.connect(self.reject)
        self.note.clicked.connect(self._on_note)
        self.choose(self._chosen.way)
        # Before it is shown: what wraps says only for a width how high it is.
        width = scaled(self, 560)
        self.setMinimumSize(width, layout.totalHeightForWidth(width))
        (self.which if letters else self.ways).stop.setFocus()

    @Slot(str)
    def choose_letter(self, at: str) -> None:
        """Record it of one of the letters, or of all."""
        self.which.show_down(at)
        self._issued, self._is_meant = self._letters[int(at)][1], True
        self.fault.setText("")
        self.letter_chosen.emit(int(at) if int(at) < len(self._letters) - 1 else -1)

    @Slot(str)
    def choose(self, way: str) -> None:
        """Ask what belongs to one of them."""
        self._chosen = next(choice for choice in _CHOICES if choice.way == way)
        self.ways.show_down(way)
        for label, field, asks in (
            (self._says_label, self.says, self._chosen.says),
            (self._day_label, self.day, self._chosen.day),
        ):
            label.setText(asks)
            field.setAccessibleName(asks)
            label.setVisible(bool(asks))
            field.setVisible(bool(asks))
        if way == "later" and not self.day.text():
            self.day.setText(PartialDate.of(self._today + _LATER).words())
        self.fault.setText("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by number, where no text is typed."""
        at = char_of(event)
        if at.isdigit() and 0 < int(at) <= len(_CHOICES):
            choice = _CHOICES[int(at) - 1]
            self.choose(choice.way)
            self.ways.take_stop(choice.way)
            field = self.says if choice.says else self.day
            field.setFocus()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_note(self) -> None:
        choice = self._chosen
        if not self._is_meant:
            self.fault.setText(tr("Of which letter?"))
            self.which.stop.setFocus()
            return
        says = self.says.text().strip() if choice.says else ""
        day, fault = self._read_day() if choice.day else ("", "")
        if choice.needs == "says" and not says:
            fault = tr("{asks}?", asks=choice.says)
        elif choice.needs == "day" and not day and not fault:
            fault = tr("{asks}?", asks=choice.day)
        self.fault.setText(fault)
        if fault:
            (self.day if choice.day else self.says).setFocus()
            return
        self.accept()
        self.noted.emit(choice.way, says, day)

    def _read_day(self) -> tuple[str, str]:
        """Return the day in ISO form, and why it cannot be read."""
        text = self.day.text().strip()
        if not text:
            return "", ""
        try:
            return day_of(text, self._chosen.way, self._today, self._issued, self._order), ""
        except EntryError as error:
            return "", str(error)
