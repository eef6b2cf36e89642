"""A form drawn from the declaration of the settings: one builder for every dialog that asks for some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from triage.errors import SettingsError, TriageError
from triage.letter.words.said.line import Mark
from triage.qt.parts.inputs import Button, Combo
from triage.qt.parts.keys import TAKES_BACK, is_enter, is_plain, is_shifted, may_record
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.segments import Segment, Segments, Tone
from triage.qt.parts.theme import set_role
from triage.settings.fields import Declared

# By the question or the setting that a field is of: words for what it can be, by value.
Options = Mapping[str, Mapping[str, str]]
Input = QLineEdit | QPlainTextEdit | Segments | Combo
# So many stand beside one another; more are a list.
_MOST_BUTTONS = 6
# In characters.
_WIDE, _NARROW, _LABEL = 56, 6, 20
_PICTURES = "Pictures (*.svg *.png)"


def reason(error: TriageError) -> str:
    """Return why something cannot be kept, as it is said beside its field."""
    if isinstance(error, SettingsError) and all(p.file == "settings" for p in error.problems):
        return "; ".join(problem.says for problem in error.problems)
    return str(error)


class Field(QWidget):
    """One field: its input, and below it what it is for or why what was typed is not kept.

    Parameters
    ----------
    declared
        What it is.
    options
        What it can be.

    Signals
    -------
    left : str, str
        Its name and another text than is kept: the field was left, or one of the options chosen.
    """

    left = Signal(str, str)

    def __init__(self, declared: Declared, options: Options, parent: QWidget) -> None:
        super().__init__(parent)
        self.declared = declared
        self._kept = ""
        self.input = self._input(declared, declared.options or options.get(declared.of, {}))
        self.choose = Button("Choose…", self)
        self.choose.setAccessibleName(f"Choose: {declared.title}")
        self.choose.setVisible(declared.kind in ("picture", "folder"))
        self.choose.clicked.connect(self._on_choose)
        self.mark, self.note = MarkLabel(self), QLabel(declared.says, self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        set_role(self.note, "small")
        row, below, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        row.setSpacing(8)
        row.addWidget(self.input, 100)
        if declared.unit:
            row.addWidget(QLabel(declared.unit, self))
        row.addWidget(self.choose)
        row.addStretch(1)
        below.setSpacing(6)
        below.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.note, 1)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addLayout(below)
        self._describe()

    def _input(self, declared: Declared, options: Mapping[str, str]) -> Input:
        if declared.kind == "choice" and len(options) <= _MOST_BUTTONS:
            buttons = [
                Segment(value, words, Tone.YES, key=str(n))
                for n, (value, words) in enumerate(options.items(), start=1)
            ] or [Segment("", "Nobody", Tone.YES)]
            row = Segments(buttons, self)
            row.name_buttons(declared.title)
            row.pressed.connect(self._on_pressed)
            return row
        if declared.kind == "choice":
            combo = Combo(({"": ""} | dict(options)).items(), self)
            combo.chosen.connect(self._on_pressed)
            return combo
        if declared.kind == "lines":
            box = QPlainTextEdit(self)
            box.setTabChangesFocus(True)
            box.setFixedHeight(box.fontMetrics().lineSpacing() * declared.lines + 14)
            box.setMaximumWidth(self._room(_WIDE))
            set_role(box, "field")
            box.installEventFilter(self)
            return box
        line = QLineEdit(self)
        line.setMaximumWidth(self._room(_NARROW if declared.kind == "number" else _WIDE))
        set_role(line, "field")
        line.editingFinished.connect(self.commit)
        return line

    def _room(self, characters: int) -> int:
        return self.fontMetrics().averageCharWidth() * characters

    def _describe(self) -> None:
        words = " ".join(filter(None, (self.declared.title, self.declared.unit)))
        self.input.setAccessibleName(words)
        self.input.setAccessibleDescription(self.note.text())

    @property
    def text(self) -> str:
        """What stands in the field; of an option its value."""
        match self.input:
            case Segments():
                down = (name for name, b in self.input.buttons.items() if b.isChecked())
                return next(down, "")
            case Combo():
                return self.input.entry
            case QPlainTextEdit():
                return self.input.toPlainText().strip()
        return self.input.text().strip()

    def show_text(self, text: str) -> None:
        """Show what is kept, without telling of it; a field that tells of a fault keeps what was typed."""
        self._kept = text
        match self.input:
            case Segments():
                self.input.show_down(text)
            case Combo():
                self.input.show_entry(text)
            case QPlainTextEdit():
                self.input.setPlainText(text)
            case _:
                self.input.setText(text)
                self.input.setCursorPosition(0)
        self._say("")

    @property
    def fault(self) -> str:
        """Why what stands in the field is not kept; empty if it is."""
        return self.note.text() if self.mark.mark is not Mark.NONE else ""

    def refuse(self, says: str) -> None:
        """Say why what was typed is not kept, and leave it there."""
        self._say(f"Not recorded: {says.rstrip('.')}.")

    def _say(self, fault: str) -> None:
        self.note.setText(fault or self.declared.says)
        set_role(self.note, "fault" if fault else "small")
        self.mark.set_mark(Mark.CAUTION if fault else Mark.NONE)
        self.input.setProperty("invalid", bool(fault))
        for part in (self.note, self.input):
            part.style().unpolish(part)
            part.style().polish(part)
        self._describe()

    @Slot()
    def commit(self) -> None:
        """Tell of what was typed and is not kept yet."""
        if self.text == self._kept:
            # What was refused before is taken back by hand.
            if self.fault:
                self._say("")
        else:
            self.left.emit(self.declared.name, self.text)

    def accept(self) -> None:
        """Take note that what stands in the field is kept now."""
        self._kept = self.text
        self._say("")

    @Slot(str)
    def _on_pressed(self, name: str) -> None:
        if isinstance(self.input, Segments):
            self.input.show_down(name)
        self.commit()

    @Slot()
    def _on_choose(self) -> None:
        what, at = self.declared.title, self._kept or str(Path.home())
        if self.declared.kind == "picture":
            name, _ = QFileDialog.getOpenFileName(self, what, at, _PICTURES)
        else:
            name = QFileDialog.getExistingDirectory(self, what, at)
        if name and isinstance(self.input, QLineEdit):
            self.input.setText(name)
            self.commit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.commit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            # Enter is a new line in a box; these two go out of it.
            goes_on = event.key() == Qt.Key.Key_Down and (
                event.modifiers() == Qt.KeyboardModifier.ControlModifier
            )
            if goes_on or (is_enter(event) and is_shifted(event)):
                step(self, forward=goes_on)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.input
        if is_enter(event):
            step(self, forward=not is_shifted(event))
        elif isinstance(row, Segments) and may_record(event) and event.key() in TAKES_BACK:
            self._on_pressed("")
        elif isinstance(row, Segments) and is_plain(event) and may_record(event):
            chosen = next((b for b in row.buttons.values() if b.key == event.text()), None)
            if chosen is None:
                event.ignore()
                return
            row.take_stop(chosen.name)
            chosen.click()
        else:
            event.ignore()


def step(here: QWidget, *, forward: bool) -> None:
    """Move the focus to the next Tab stop of the window, or to the one before."""
    # The chain leads through what one does not see; the window knows what it skips.
    here.window().focusNextPrevChild(forward)


class FieldsForm(QWidget):
    """Fields below one another, their names at the left. Enter goes on, Shift+Enter back.

    Parameters
    ----------
    fields
        What is asked.
    options
        What their options are, where the declaration does not say it.

    Signals
    -------
    left : str, str
        The name of a field and another text than is kept.
    """

    left = Signal(str, str)

    def __init__(
        self, fields: Iterable[Declared], options: Options, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * _LABEL)
        grid.setColumnStretch(1, 1)
        for row, declared in enumerate(fields):
            field = Field(declared, options, self)
            name = QLabel(declared.title, self)
            name.setWordWrap(True)
            # As high as a line of the input beside it.
            name.setContentsMargins(0, 5, 0, 0)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, row, 1)
            field.left.connect(self.left)
            self.fields[declared.name] = field

    @property
    def inputs(self) -> dict[str, Input]:
        """The inputs by the name of their field."""
        return {name: field.input for name, field in self.fields.items()}

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        return {name: field.text for name, field in self.fields.items()}

    def show_values(self, values: Mapping[str, object]) -> None:
        """Show what is kept."""
        for name, field in self.fields.items():
            field.show_text(str(values[name]))

    def commit(self) -> None:
        """Tell of what was typed and not left yet."""
        for field in self.fields.values():
            field.commit()
