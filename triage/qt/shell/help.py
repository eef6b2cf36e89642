"""Help that stands in the program: all keys, what just happened, and what the program is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTextBrowser,
    QWidget,
)

from triage.content.files import content_root
from triage.letter.words.said.line import Mark
from triage.qt.parts.caps import Caps
from triage.qt.parts.flow import scaled
from triage.qt.parts.keys import TABLE, Place
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.need import Need, NeedMark
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.qt.shell.actions import MENUS, Command

Rows = list[tuple[str, str]]
# How wide a column of keys is at least, at the usual size of the text.
_COLUMN = 370
_MARKS = {
    Mark.DONE: "answered",
    Mark.OPEN: "open",
    Mark.EMERGENCY: "emergency",
    Mark.URGENT: "urgent",
    Mark.SOON: "soon",
    Mark.ROUTINE: "routine",
    Mark.UNEQUAL: "contradiction",
    Mark.FLAG: tr("look again"),
}
INTENDED_USE = tr(
    "This program helps a clinician to record history and examination of a patient with muscle cramps, and to "
    "write a referral. It shows which published advice the recorded findings meet, and why. It supports the "
    "clinician and never decides: every suggestion is to be judged, and may be declined.\n\n"
    "It is not a certified medical device. It is not made for children, and not for use by patients. What was not "
    "assessed is unknown to it, and no recorded red flag does not mean that there is none.\n\n"
    "It works without a network. Cases are kept on this computer, encrypted."
)


# Of the guide its words alone are in the program: no picture of it, and nothing that it leads to.
_PICTURE, _LINKED = re.compile(r"!\[[^]]*]\([^)]*\)\n*"), re.compile(r"\[([^]]+)]\([^)]*\)")


class HelpDialog(QDialog):
    """A title and a body that scrolls."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(560, 520)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(body)
        buttons = QDialogButtonBox(self)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        Underlined(self)
        layout = vertical(self)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)


class KeysDialog(QDialog):
    """All keys, first those that work where the focus is: the one table of keys, and the commands.

    Parameters
    ----------
    here
        Where the focus is.
    commands
        The commands of the window.
    """

    def __init__(
        self, here: Place, commands: Sequence[Command], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.resize(1128, 628)
        head = horizontal()
        title = QLabel(tr("Keys"), self)
        set_role(title, "title")
        rule = QLabel(tr("Held down, a recording key works once. Moving never records."), self)
        set_role(rule, "muted")
        head.addWidget(title)
        head.addWidget(rule, 1)
        self.groups = [KeyGroup(name, rows, self) for name, rows in _groups(here, commands)]
        body = QWidget(self)
        columns = horizontal(body, spacing=24)
        legend = _legend(self)
        # With large text fewer beside each other: each keeps room for its words.
        for groups in _in_columns(self.groups, max(self.width() // scaled(self, _COLUMN), 1)):
            column = vertical(spacing=14)
            for group in groups:
                column.addWidget(group)
            if groups[-1] is self.groups[-1]:
                column.addWidget(legend)
            column.addStretch(1)
            columns.addLayout(column, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(body)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Find a key or a command"))
        self.field.setAccessibleName(tr("Find a key or a command"))
        self.field.setFixedWidth(250)
        close = QPushButton(tr("Close"), self)
        Underlined(self)
        foot = horizontal()
        foot.addWidget(self.field)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = vertical(self)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        self.field.textChanged.connect(self._on_text_changed)
        close.clicked.connect(self.reject)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        for group in self.groups:
            group.show_found(text)


class KeyGroup(QWidget):
    """The keys of one place."""

    def __init__(self, title: str, rows: Rows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.size_in_rows = len(rows) + 2
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * 18)
        self._grid.setColumnStretch(1, 1)
        heading = QLabel(title, self)
        set_role(heading, "heading")
        self._grid.addWidget(heading, 0, 0, 1, 2)
        self._rows: list[tuple[str, Caps, QLabel]] = []
        for at, (keys, text) in enumerate(rows, start=1):
            caps, says = Caps(((keys, ""),), self), QLabel(text, self)
            says.setWordWrap(True)
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(caps, at, 0, top)
            self._grid.addWidget(says, at, 1)
            self._rows.append((f"{title} {keys} {text}".lower(), caps, says))

    def show_found(self, text: str) -> None:
        """Show the keys that have all the words of `text`."""
        words = text.lower().split()
        for known, caps, says in self._rows:
            shown = all(word in known for word in words)
            caps.setVisible(shown)
            says.setVisible(shown)
        self.setVisible(any(not says.isHidden() for _, _, says in self._rows))


def _legend(parent: QWidget) -> QWidget:
    """Return what the marks in the window mean."""
    body = QWidget(parent)
    grid = QGridLayout(body)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setColumnStretch(1, 1)
    heading = QLabel(tr("Marks"), body)
    set_role(heading, "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    signs: list[tuple[QWidget, str]]
    signs = [(NeedMark(need, body), need.value) for need in (Need.SAFETY, Need.CORE)]
    signs += [(MarkLabel(body, mark), says) for mark, says in _MARKS.items()]
    for at, (sign, says) in enumerate(signs, start=1):
        words = QLabel(says, body)
        words.setWordWrap(True)
        grid.addWidget(sign, at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, at, 1)
    return body


def _groups(here: Place, commands: Sequence[Command]) -> Iterator[tuple[str, Rows]]:
    order = sorted(TABLE, key=lambda place: place is not here)
    for place in order:
        title = tr("Here: {lower}", lower=place.value.lower()) if place is here else place.value
        yield title, [(act.keys, act.does) for act in TABLE[place]]
    yield from _by_menu(commands)


def _in_columns(groups: Sequence[KeyGroup], count: int) -> list[list[KeyGroup]]:
    """Deal the groups in order into columns of about one length."""
    high = sum(group.size_in_rows for group in groups) / count
    columns: list[list[KeyGroup]] = [[] for _ in range(count)]
    done = 0.0
    for group in groups:
        columns[min(int((done + group.size_in_rows / 2) / high), count - 1)].append(group)
        done += group.size_in_rows
    return columns


def _by_menu(commands: Sequence[Command]) -> Iterator[tuple[str, Rows]]:
    """Yield each menu with the shortcuts of its commands, and what these do."""
    for menu in MENUS:
        entries = [
            (_spelled(command), command.text.rstrip("…"))
            for command in commands
            if command.menu == menu and command.keys
        ]
        if entries:
            yield menu, entries


def _spelled(command: Command) -> str:
    return command.keys[0].replace("Return", "Enter").replace("PgDown", "PgDn")


def happened_dialog(
    told: Iterable[tuple[datetime, str]], parent: QWidget | None = None
) -> HelpDialog:
    """Return what was told lately, the last first."""
    body = QWidget()
    grid = QGridLayout(body)
    grid.setColumnStretch(1, 1)
    for row, (at, text) in enumerate(reversed(list(told))):
        when, says = QLabel(f"{at:%H:%M:%S}", body), QLabel(text, body)
        set_role(when, "muted")
        says.setTextFormat(Qt.TextFormat.PlainText)
        says.setWordWrap(True)
        grid.addWidget(when, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(says, row, 1)
    if not grid.count():
        grid.addWidget(QLabel(tr("Nothing was told so far."), body), 0, 0)
    grid.setRowStretch(grid.rowCount(), 1)
    return HelpDialog(tr("What just happened"), body, parent)


def rule_dialog(lines: Iterable[str], parent: QWidget | None = None) -> HelpDialog:
    """Return a rule in words, line by line."""
    body = QLabel("\n".join(lines))
    body.setTextFormat(Qt.TextFormat.PlainText)
    body.setWordWrap(True)
    body.setAlignment(Qt.AlignmentFlag.AlignTop)
    body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return HelpDialog(tr("Rule"), body, parent)


def guide_dialog(parent: QWidget | None = None) -> HelpDialog:
    """Return the guide for clinicians."""
    path = content_root() / "docs" / "for-clinicians.md"
    body = QTextBrowser()
    body.setFrameShape(QFrame.Shape.NoFrame)
    body.setMarkdown(_LINKED.sub(r"\1", _PICTURE.sub("", path.read_text(encoding="utf-8"))))
    dialog = HelpDialog(tr("Guide"), body, parent)
    dialog.resize(760, 640)
    return dialog
