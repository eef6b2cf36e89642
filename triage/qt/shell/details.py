"""Asking once for what the settings keep: who sends, and where a recipient is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from triage.errors import TriageError
from triage.qt.parts.inputs import WheelGuard
from triage.qt.parts.theme import set_role
from triage.settings import Address, Sender

Options = Mapping[str, Mapping[str, str]]
_Input = QLineEdit | QPlainTextEdit | QComboBox
_ANOTHER = "Another sender"


class DetailsDialog(QDialog):
    """Shows the fields of one part of the settings, and hands over what is typed.

    Parameters
    ----------
    title, says
        What is asked for, and why.
    part
        What stands there so far; its fields are those of the dialog.
    options
        By field, what it can be: shown words by value.

    Signals
    -------
    kept : object
        The fields as typed, by name. Whoever is connected either accepts the dialog or calls `refuse`.
    """

    kept = Signal(object)

    def __init__(
        self,
        title: str,
        says: str,
        part: Sender | Address,
        options: Options | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        heading, text = QLabel(title, self), QLabel(says, self)
        text.setWordWrap(True)
        set_role(heading, "title")
        set_role(text, "muted")
        self.form = QFormLayout()
        self.inputs: dict[str, _Input] = {}
        for name, field in type(part).model_fields.items():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            made = _input(self, (options or {}).get(name), tall="lines" in extra)
            made.setAccessibleName(field.title or name)
            made.setToolTip(field.description or "")
            self.form.addRow(f"{field.title or name}", made)
            self.inputs[name] = made
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Save | kinds.Cancel, self)
        self.save = self.buttons.button(kinds.Save)
        self.save.setText("Keep")
        self.buttons.button(kinds.Cancel).setText("Not now")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(text)
        layout.addLayout(self.form)
        layout.addWidget(self.hint)
        layout.addWidget(self.buttons)
        self.show_part(part)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def show_part(self, part: Sender | Address) -> None:
        """Show the fields of `part`."""
        for name, made in self.inputs.items():
            _show(made, str(getattr(part, name)))

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        return {name: _text(made).strip() for name, made in self.inputs.items()}

    def refuse(self, error: TriageError) -> None:
        """Say why what was typed cannot be kept, and let the user mend it."""
        self.hint.setText(str(error))

    @Slot()
    def _on_accepted(self) -> None:
        self.kept.emit(self.typed)


class SenderDialog(DetailsDialog):
    """Chooses the sender of a case among those that are known, mends one, or adds one.

    Parameters
    ----------
    senders
        Those that are known, by id.
    chosen
        The one to show first.
    named
        The sender whom the case names already: shown where another one is added.
    roles
        What the form offers, by id.
    """

    def __init__(
        self,
        says: str,
        senders: Mapping[str, Sender],
        chosen: str,
        named: Sender,
        roles: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        self._senders = senders
        self._named = named
        options = {
            "role": roles,
            "writes_for": {name: sender.name or name for name, sender in senders.items()},
        }
        super().__init__("Sender", says, senders.get(chosen, named), options, parent)
        self.which = QComboBox(self)
        self.which.setAccessibleName("Sender")
        WheelGuard(self.which)
        for name, sender in senders.items():
            self.which.addItem(sender.name or name, name)
        self.which.addItem(_ANOTHER, "")
        self.which.setCurrentIndex(self.which.findData(chosen))
        self.form.insertRow(0, "Sender", self.which)
        self.form.setRowVisible(0, bool(senders))
        self.form.setRowVisible(self.inputs["writes_for"], bool(senders))
        self.which.activated.connect(self._on_activated)

    @property
    def sender_id(self) -> str:
        """The id of the sender that is shown; a new one for another sender."""
        known = self.which.currentData()
        numbered = (f"sender{n}" for n in range(1, len(self._senders) + 2))
        return known or next(name for name in numbered if name not in self._senders)

    @Slot(int)
    def _on_activated(self, at: int) -> None:
        blank = self._named if not self._senders else Sender()
        self.show_part(self._senders.get(self.which.itemData(at), blank))


def _input(parent: QWidget, options: Mapping[str, str] | None, *, tall: bool) -> _Input:
    if options is not None:
        combo = QComboBox(parent)
        WheelGuard(combo)
        combo.addItem("", "")
        for value, words in options.items():
            combo.addItem(words, value)
        return combo
    if tall:
        box = QPlainTextEdit(parent)
        box.setTabChangesFocus(True)
        box.setFixedHeight(box.fontMetrics().lineSpacing() * 5)
        return box
    return QLineEdit(parent)


def _show(made: _Input, text: str) -> None:
    if isinstance(made, QComboBox):
        made.setCurrentIndex(max(made.findData(text), 0))
    elif isinstance(made, QPlainTextEdit):
        made.setPlainText(text)
    else:
        made.setText(text)


def _text(made: _Input) -> str:
    if isinstance(made, QComboBox):
        return str(made.currentData())
    return made.toPlainText() if isinstance(made, QPlainTextEdit) else made.text()
