"""Asking once for what the settings keep: who sends, and where a recipient is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from triage.errors import TriageError
from triage.qt.parts.inputs import WheelGuard
from triage.qt.parts.laying import vertical
from triage.qt.parts.sheet import Middle
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.qt.shell.fields import FieldsForm, Input, Options, reason
from triage.settings import Address, Sender
from triage.settings.fields import fields_of

_ANOTHER = tr("Another sender")


class DetailsDialog(QDialog):
    """Shows the fields of one part of the settings, and hands over what is typed.

    Parameters
    ----------
    title, says
        What is asked for, and why.
    part
        What stands there so far; its fields are those of the dialog.
    options
        What the fields can be, where their declaration does not say it; who can be nobody is not asked.
    keep, leave
        The captions of its buttons.

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
        keep: str = tr("&Keep   Ctrl+Enter"),
        leave: str = tr("&Not now   Esc"),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(640)
        heading, text = QLabel(title, self), QLabel(says, self)
        text.setWordWrap(True)
        set_role(heading, "title")
        set_role(text, "muted")
        known = options or {}
        self.form = FieldsForm(
            [f for f in fields_of(type(part)) if not f.of or known.get(f.of)], known, self
        )
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        set_role(self.hint, "fault")
        kinds = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(self)
        self.save = self.buttons.addButton(keep, kinds.AcceptRole)
        self.buttons.addButton(leave, kinds.RejectRole)
        Underlined(self)
        self.rows = vertical(self, spacing=10)
        self.rows.addWidget(heading)
        self.rows.addWidget(text)
        self.rows.addWidget(Middle(self.form))
        self.rows.addWidget(self.hint)
        self.rows.addWidget(self.buttons)
        self.show_part(part)
        next(iter(self.inputs.values())).setFocus()
        self.form.left.connect(self.hint.clear)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_accepted)

    def show_part(self, part: Sender | Address) -> None:
        """Show the fields of `part`."""
        self.form.show_values(part.model_dump())

    @property
    def inputs(self) -> dict[str, Input]:
        """The inputs by the name of their field."""
        return self.form.inputs

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        return self.form.typed

    def refuse(self, error: TriageError) -> None:
        """Say why what was typed cannot be kept, and let the user mend it."""
        self.hint.setText(tr("Not recorded: {error}", error=reason(error)))

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
        known = {name: sender.name or name for name, sender in senders.items()}
        options = {"referrer.role": roles, "senders": {"": tr("Nobody")} | known if known else {}}
        super().__init__(tr("Sender"), says, senders.get(chosen, named), options, parent)
        self.which = QComboBox(self)
        self.which.setAccessibleName(tr("Sender"))
        WheelGuard(self.which)
        for name, words in known.items():
            self.which.addItem(words, name)
        self.which.addItem(_ANOTHER, "")
        self.which.setCurrentIndex(self.which.findData(chosen))
        row = QFormLayout()
        row.addRow(tr("Sender"), self.which)
        row.setRowVisible(0, bool(senders))
        self.rows.insertLayout(2, row)
        if senders:
            # Made last, and yet the first.
            self.which.setFocus()
        self.which.activated.connect(self._on_activated)

    @property
    def sender_id(self) -> str:
        """The id of the sender that is shown; a new one for another sender."""
        return self.which.currentData() or new_id(self._senders)

    @Slot(int)
    def _on_activated(self, at: int) -> None:
        blank = self._named if not self._senders else Sender()
        self.show_part(self._senders.get(self.which.itemData(at), blank))


def new_id(senders: Mapping[str, Sender]) -> str:
    """Return an id that none of the senders has."""
    numbered = (f"sender{n}" for n in range(1, len(senders) + 2))
    return next(name for name in numbered if name not in senders)
