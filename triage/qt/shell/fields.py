"""A form drawn from the declaration of the settings: one builder for every dialog that asks for some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from triage.errors import SettingsError, TriageError
from triage.letter.words.said.line import Mark
from triage.qt.parts.clipboard import has_lines
from triage.qt.parts.inputs import Combo
from triage.qt.parts.keys import char_of, is_enter, is_plain, is_shifted, may_record
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.segments import Segment, Segments, Tone
from triage.qt.parts.sheet import NAMES, Act, words
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.settings.fields import Declared

# By the question or the setting that a field is of: words for what it can be, by value.
Options = Mapping[str, Mapping[str, str]]
Input = QLineEdit | QPlainTextEdit | Segments | Combo
# So many stand beside one another; more are a list.
_MOST_BUTTONS = 6
# In characters.
_WIDE, _NARROW, _ROOM, _LEAST = 56, 6, 56, 28
# How wide a form is in which two short fields have room beside each other.
_PAIRS = 86
_PICTURES = tr("Pictures (*.svg *.png)")


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
    is_brief
        Whether what it is for is only told to assistive technology and by the pointer.

    Signals
    -------
    left : str, str
        Its name and another text than is kept: the field was left, or one of the options chosen.
    pasted : str
        Several lines were pasted into it, where it leaves them to others.
    """

    # Whether several lines that are pasted are shown in their parts first.
    leaves_lines = False

    left = Signal(str, str)
    pasted = Signal(str)

    def __init__(
        self, declared: Declared, options: Options, parent: QWidget, *, is_brief: bool = False
    ) -> None:
        super().__init__(parent)
        self.declared = declared = in_words(declared)
        self._is_brief = is_brief
        self._kept = ""
        self._offered = _offered(declared, options)
        self.input = self._input(declared, self._offered)
        self.choose = Act(tr("Choose…"), self)
        self.choose.setAccessibleName(tr("Choose: {title}", title=declared.title))
        self.choose.setVisible(declared.kind in ("picture", "folder"))
        self.choose.clicked.connect(self._on_choose)
        self.mark, self.note = MarkLabel(self), words(declared.says, "small")
        self.row, below, layout = horizontal(), horizontal(), vertical(self)
        self.row.setSpacing(8)
        self.row.addWidget(self.input, 100)
        if declared.unit:
            self.row.addWidget(QLabel(declared.unit, self))
        self.row.addWidget(self.choose)
        # Where fields stand close together nothing moves for what is said of one, as far as there is room.
        beside = is_brief and not declared.short
        told = self.row if beside else below
        below.setSpacing(6)
        top = Qt.AlignmentFlag.AlignVCenter if beside else Qt.AlignmentFlag.AlignTop
        told.addWidget(self.mark, 0, top)
        told.addWidget(self.note, 100)
        self.row.addStretch(1)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self.row)
        layout.addLayout(below)
        self.show_text("")

    def _input(self, declared: Declared, options: Mapping[str, str]) -> Input:
        if declared.kind == "choice" and len(options) <= _MOST_BUTTONS:
            buttons = [
                Segment(value, caption, Tone.YES, key=str(n))
                for n, (value, caption) in enumerate(options.items(), start=1)
            ] or [Segment("", tr("Nobody"), Tone.YES)]
            row = Segments(buttons, self)
            row.pressed.connect(self._on_pressed)
            return row
        if declared.kind == "choice":
            combo = Combo(({"": ""} | dict(options)).items(), self)
            combo.chosen.connect(self._on_pressed)
            return combo
        if declared.kind == "lines":
            box = QPlainTextEdit(self)
            box.setTabChangesFocus(True)
            lines = min(declared.lines, 2) if self._is_brief else declared.lines
            box.setFixedHeight(box.fontMetrics().lineSpacing() * lines + 14)
            box.setMaximumWidth(self._room(_WIDE))
            set_role(box, "field")
            box.installEventFilter(self)
            return box
        line = QLineEdit(self)
        line.setMaximumWidth(self._room(_NARROW if declared.kind == "number" else _WIDE))
        set_role(line, "field")
        line.installEventFilter(self)
        return line

    def _room(self, characters: int) -> int:
        return self.fontMetrics().averageCharWidth() * characters

    def _describe(self) -> None:
        name = " ".join(filter(None, (self.declared.title, self.declared.unit)))
        self.input.setAccessibleName(name)
        self.input.setAccessibleDescription(self.note.text())
        self.input.setToolTip(self.declared.says if self._is_brief else "")

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

    def show_kept(self, text: str, options: Options) -> None:
        """Show what is kept now and what it can be, but leave alone what is being typed."""
        offered = _offered(self.declared, options)
        if self.declared.kind == "choice" and offered != self._offered:
            old, self._offered = self.input, offered
            self.input = self._input(self.declared, offered)
            self.row.replaceWidget(old, self.input)
            self.row.setStretchFactor(self.input, 100)
            in_order((*_stops(old), *_stops(self.input)))
            old.hide()
            old.deleteLater()
            self.show_text(text)
        elif self.text == self._kept != text:
            self.show_text(text)

    def put_text(self, text: str) -> None:
        """Put a text into the field as if it were typed."""
        if isinstance(self.input, QPlainTextEdit):
            self.input.setPlainText(text)
        elif isinstance(self.input, QLineEdit):
            self.input.setText(text)

    @property
    def fault(self) -> str:
        """Why what stands in the field is not kept; empty if it is."""
        return self.note.text() if self.mark.mark is not Mark.NONE else ""

    def refuse(self, says: str) -> None:
        """Say why what was typed is not kept, and leave it there."""
        self._say(tr("Not recorded: {rstrip}.", rstrip=says.rstrip(".")))

    def _say(self, fault: str) -> None:
        self.note.setText(fault or self.declared.says)
        set_role(self.note, "fault" if fault else "small")
        self.note.setVisible(bool(fault) or not self._is_brief)
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
            if self.leaves_lines and event.matches(QKeySequence.StandardKey.Paste):
                text = QGuiApplication.clipboard().text()
                if has_lines(text):
                    self.pasted.emit(text)
                    return True
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
        elif isinstance(row, Segments) and may_record(event) and event.key() == Qt.Key.Key_Delete:
            self._on_pressed("")
        elif isinstance(row, Segments) and is_plain(event) and may_record(event):
            chosen = next((b for b in row.buttons.values() if b.key == char_of(event)), None)
            if chosen is None:
                event.ignore()
                return
            row.take_stop(chosen.name)
            chosen.click()
        else:
            event.ignore()


def _stops(row: Input) -> Iterable[QWidget]:
    return row.buttons.values() if isinstance(row, Segments) else (row,)


def in_order(stops: Iterable[QWidget]) -> None:
    """Let Tab go through these in their order, whenever they were made."""
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def in_words(declared: Declared) -> Declared:
    """Return a declaration in the language of the window."""
    return declared._replace(
        title=tr(declared.title),
        says=tr(declared.says),
        options={name: tr(caption) for name, caption in declared.options.items()},
    )


def _offered(declared: Declared, options: Options) -> Mapping[str, str]:
    return declared.options or options.get(declared.of, {})


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
    is_brief
        Whether they stand close together, without what each is for.

    Signals
    -------
    left : str, str
        The name of a field and another text than is kept.
    pasted : object, str
        This form, and several lines that were pasted into a field that leaves them to others.
    """

    left = Signal(str, str)
    pasted = Signal(object, str)

    def __init__(
        self,
        fields: Iterable[Declared],
        options: Options,
        parent: QWidget | None = None,
        *,
        is_brief: bool = False,
    ) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self._names: list[QLabel] = []
        self._is_brief = is_brief
        self._is_narrow = self._has_pairs = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        # What the names need beside their fields must not keep them from going above them.
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * _LEAST)
        for column in (1, 3):
            self._grid.setColumnStretch(column, 1)
        for declared in fields:
            field = Field(declared, options, self, is_brief=is_brief)
            self._names.append(words(field.declared.title))
            field.left.connect(self.left)
            field.pasted.connect(self._on_pasted)
            self.fields[declared.name] = field
        self._place()

    def leave_lines(self) -> None:
        """Let several lines that are pasted be shown in their parts first."""
        for field in self.fields.values():
            field.leaves_lines = True

    @Slot(str)
    def _on_pasted(self, text: str) -> None:
        self.pasted.emit(self, text)

    def put(self, values: Mapping[str, str]) -> None:
        """Put texts into the fields as if they were typed, and leave them."""
        for name, text in values.items():
            self.fields[name].put_text(text)
        self.commit()

    def _place(self) -> None:
        """Put each name left of its field, or above it where there is no room."""
        is_narrow, top = self._is_narrow, Qt.AlignmentFlag.AlignTop
        least = 0 if is_narrow else self.fontMetrics().averageCharWidth() * NAMES
        self._grid.setColumnMinimumWidth(0, least)
        row, has_room = -1, False
        for name, field in zip(self._names, self.fields.values(), strict=True):
            # As high as a line of the input beside it.
            name.setContentsMargins(0, 0 if is_narrow else 5, 0, 0)
            if has_room and field.declared.short:
                has_room = False
                self._grid.addWidget(name, row, 2, top)
                self._grid.addWidget(field, row, 3)
                continue
            has_room = self._has_pairs and field.declared.short
            row += 1
            if is_narrow:
                self._grid.addWidget(name, 2 * row, 0, 1, 4, top)
                self._grid.addWidget(field, 2 * row + 1, 0, 1, 4)
            else:
                self._grid.addWidget(name, row, 0, top)
                self._grid.addWidget(field, row, 1, 1, 1 if has_room else 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letters = self.width() / self.fontMetrics().averageCharWidth()
        ways = letters < _ROOM, self._is_brief and letters >= _PAIRS
        if ways != (self._is_narrow, self._has_pairs):
            self._is_narrow, self._has_pairs = ways
            self._place()

    @property
    def stops(self) -> list[QWidget]:
        """All that can have the focus, in order."""
        fields = self.fields.values()
        return [part for field in fields for part in (*_stops(field.input), field.choose)]

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

    def show_kept(self, values: Mapping[str, object], options: Options) -> None:
        """Show what is kept now, but leave alone what is being typed."""
        for name, field in self.fields.items():
            field.show_kept(str(values[name]), options)

    def commit(self) -> None:
        """Tell of what was typed and not left yet."""
        for field in self.fields.values():
            field.commit()
