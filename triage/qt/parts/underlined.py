"""The underlined letters of a dialog: each button has one of its own, which presses it where no text is typed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from triage.qt.parts.flow import place_pending
from triage.qt.parts.keys import char_of, is_plain, may_record
from triage.qt.parts.laying import room_for
from triage.qt.parts.segments import Segment

# In this order they choose; chips have keys of their own.
_KINDS = (QPushButton, QCheckBox, QRadioButton, QLabel)
_Part = QAbstractButton | QLabel
# How far the line reaches out of a text, and the letter that stands above it, in pixels.
_LINE = 2


class Underlined(QObject):
    """Gives letters as soon as the dialog is shown, and takes them: Alt with a letter always works, by Qt.

    A letter that a caption underlines itself is kept, unless another one has it. What is hidden at first needs one.
    At a choice before a text a letter begins the text: who chose goes on typing, and presses no button by it.

    Parameters
    ----------
    dialog
        What the letters are for.
    lists
        What in it takes letters to search, and has nothing to be searched.
    """

    def __init__(self, dialog: QWidget, *lists: QWidget) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        for widget in (dialog, *lists):
            widget.installEventFilter(self)

    def show(self, button: QAbstractButton, caption: str) -> None:
        """Show another caption on a button, with the letter it had if a word of it begins so."""
        before = letter_of(button)
        button.setText(caption)
        if self._dialog.isVisible():
            taken = {letter_of(part) for part in self._parts() if part is not button}
            _give(button, taken, before)
            _make_room(button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a letter that no text took."""
        if event.type() == QEvent.Type.Show and watched is self._dialog:
            self._give_all()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take(event)
        return False

    def _parts(self) -> list[_Part]:
        found = [
            part
            for part in self._dialog.findChildren(QWidget)
            if isinstance(part, QAbstractButton | QLabel) and self._may_have(part)
        ]
        return sorted(found, key=_turn)

    def _may_have(self, part: _Part) -> bool:
        is_kind = isinstance(part, _KINDS) and part.window() is self._dialog.window()
        return is_kind and (isinstance(part, QAbstractButton) or part.buddy() is not None)

    def _give_all(self) -> None:
        taken, without = set[str](), list[_Part]()
        for part in self._parts():
            letter = letter_of(part)
            if letter and letter not in taken:
                taken.add(letter)
            elif part.text() and not part.isHidden():
                without.append(part)
        for part in without:
            _give(part, taken)
            taken.add(letter_of(part))
        for part in self._parts():
            _make_room(part)
        self._fit()

    def _fit(self) -> None:
        """Be as wide as the buttons now are, and as high as text that wraps then needs, so far as the screen has room.

        A dialog that says how wide it is at least does not grow by itself.
        """
        dialog, layout = self._dialog, self._dialog.layout()
        if not dialog.isWindow() or layout is None:
            return
        place_pending()
        room = room_for(dialog)
        wide = max(dialog.width(), min(layout.totalMinimumSize().width(), room.width()))
        dialog.resize(wide, dialog.height())
        place_pending()
        high = layout.totalMinimumSize().height()
        if layout.hasHeightForWidth():
            high = layout.totalHeightForWidth(wide)
        dialog.resize(wide, max(dialog.height(), min(high, room.height())))

    def _take(self, event: QKeyEvent) -> bool:
        if event.text().isalpha() and may_record(event) and (text := self._text_behind()):
            text.setFocus()
            QApplication.sendEvent(text, event)
            return True
        typed = {char_of(event), event.text().upper() if is_plain(event) else ""} - {""}
        part = next((p for p in self._parts() if p.isVisible() and letter_of(p) in typed), None)
        if part is None or not may_record(event):
            return False
        if isinstance(part, QLabel):
            part.buddy().setFocus()
        else:
            part.click()
        return True

    def _text_behind(self) -> QWidget | None:
        """Return the text that stands behind the choice in focus; None if there is none."""
        chosen = self._dialog.focusWidget()
        if not isinstance(chosen, Segment):
            return None
        behind = chosen.nextInFocusChain()
        while behind is not None and behind is not chosen:
            if behind.isVisible() and behind.focusPolicy() & Qt.FocusPolicy.TabFocus:
                return behind if isinstance(behind, QLineEdit | QPlainTextEdit) else None
            behind = behind.nextInFocusChain()
        return None


def _turn(part: _Part) -> tuple[int, bool]:
    """Return whose turn it is to choose: what Enter presses, other buttons, boxes to tick, labels."""
    kind = next(at for at, kind in enumerate(_KINDS) if isinstance(part, kind))
    return kind, not (isinstance(part, QPushButton) and part.isDefault())


def letter_of(part: _Part) -> str:
    """Return the letter that is underlined in a caption; empty if none is."""
    return QKeySequence.mnemonic(part.text()).toString().removeprefix("Alt+")


def _give(part: _Part, taken: Iterable[str], first: str = "") -> None:
    """Underline a letter that no other caption has: `first` if it can be, else one that a word begins with."""
    plain = part.text().replace("&", "")
    able = [at for at, char in enumerate(plain) if char.isalpha() and char.upper() not in taken]
    if able:
        at = min(able, key=lambda at: _rank(plain, at, first))
        plain = f"{plain[:at]}&{plain[at:]}"
    part.setText(plain)


def _make_room(part: _Part) -> None:
    """Leave room for the line under the letter: where a text just fits, Qt cuts it off."""
    if isinstance(part, QLabel):
        part.setContentsMargins(0, 0, 0, _LINE)
    else:
        part.setMinimumWidth(0)
        part.setMinimumWidth(part.sizeHint().width() + _LINE)


def _rank(text: str, at: int, first: str) -> tuple[bool, bool, bool, int]:
    """Return how far behind a letter of a text stands; those that not every keyboard has come last."""
    is_inside = at > 0 and text[at - 1].isalpha()
    return not text[at].isascii(), is_inside, text[at].upper() != first, at
