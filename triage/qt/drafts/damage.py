"""The way on where the cases cannot be opened: what there is to go on with, and one choice of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QWidget,
)

from triage import __version__
from triage.errors import TriageError
from triage.model.dates import at_words
from triage.qt.parts.inputs import WheelGuard
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.sheet import words
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.store.backups import Backup, restore
from triage.store.differences import counted
from triage.store.keyfile import read_keys
from triage.store.rescue import Situation, go_on_with_salvaged, look_round, restore_and_add

Choice = Literal["restore", "salvaged", "other", "empty"]

# No path here: who stands beside the screen reads it too.
_DAMAGED = tr(
    "The file of the cases is damaged. Nothing was deleted or overwritten: it was set aside as {}."
)
_MISSING = tr(
    "The keys are here and the cases are not: their file was moved or removed, or is not here yet. "
    "Nothing was changed."
)
_BEFORE = tr("A damaged file was set aside before as {}.")
_EMPTY = (
    tr("Begin with an empty list"),
    tr("What was set aside and the backups stay where they are."),
)


# As far as the words of a radio button stand in.
_INDENT = 19


class Way(NamedTuple):
    """How it goes on: whether with an empty list, and what there is to tell in the window."""

    is_empty: bool
    says: str = ""


def way_on(
    folder: Path, key: bytes, into: Path, damaged: Path | None, *, is_missing: bool
) -> Way | None:
    """Ask how to go on, and do it until it is done or given up; None to close the program.

    Parameters
    ----------
    damaged
        The file that was set aside, now or before.
    is_missing
        Whether the drafts are not there at all.
    """
    with tempfile.TemporaryDirectory(prefix="triage-") as name:
        scratch = Path(name)
        situation = look_round(folder, key, into, damaged, scratch)
        dialog = DamageDialog(situation, is_missing=is_missing)
        while dialog.exec() == QDialog.DialogCode.Accepted:
            try:
                return _gone(dialog, situation, folder, key, scratch)
            except TriageError as error:
                dialog.refuse(str(error))
        return None


def _gone(
    dialog: DamageDialog, situation: Situation, folder: Path, key: bytes, scratch: Path
) -> Way:
    match dialog.choice:
        case "empty":
            return Way(is_empty=True)
        case "salvaged":
            go_on_with_salvaged(folder, key, scratch)
            return Way(is_empty=False, says=tr("What could be read of the damaged file is here."))
        case "other":
            backup = dialog.other
            restore(folder, backup.path, key, read_keys(folder))
            return Way(
                is_empty=False, says=tr("The backup of {at} is restored.", at=at_words(backup.at))
            )
    backup = situation.backups[0]
    added = restore_and_add(folder, backup, key, scratch, salvaged=situation.salvaged is not None)
    newer = (
        tr(" {cases} went on from the damaged file.", cases=counted(added.cases, "case"))
        if added.cases
        else ""
    )
    if added.letters_left:
        newer += tr(
            " {letters_left} could not be read whole and stay in it.",
            letters_left=counted(added.letters_left, "letter"),
        )
    return Way(
        is_empty=False,
        says=tr("The backup of {at} is restored.{newer}", at=at_words(backup.at), newer=newer),
    )


class DamageDialog(QDialog):
    """Shows what can be read and what backups there are, and asks which of it to go on with.

    Parameters
    ----------
    situation
        What there is.
    is_missing
        Whether the drafts are not there at all.
    """

    def __init__(
        self, situation: Situation, *, is_missing: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._situation = situation
        self.setWindowTitle(tr("Cramp triage"))
        self.setMinimumWidth(740)
        self._choices: dict[Choice, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self._does: dict[Choice, str] = {}
        name = situation.damaged.name if situation.damaged is not None else ""
        head = (
            tr("The cases are not here")
            if is_missing
            else tr("Some cases on this computer cannot be read")
        )
        title = QLabel(head, self)
        set_role(title, "title")
        says = _MISSING if is_missing else _DAMAGED.format(name)
        self.text = words(f"{says} {_BEFORE.format(name)}" if is_missing and name else says)
        self.others = QComboBox(self)
        self.others.setAccessibleName(tr("Another backup"))
        # Turning the wheel over it must not choose another one.
        WheelGuard(self.others)
        for one in situation.backups[1:]:
            self.others.addItem(at_words(one.at))
        self.hint = words("")
        self.report = QPushButton(tr("Copy a report (no patient data)"), self)
        self.shut = QPushButton(tr("Close the program"), self)
        self.go = QPushButton(self)
        self.go.setDefault(True)
        set_role(self.go, "main")
        self._underlined = Underlined(self)
        self._body = vertical(self, 20, 16, 20, 14, spacing=8)
        self._body.addWidget(title)
        self._body.addWidget(self.text)
        self._add_facts()
        self._add_choices()
        self._add_buttons()
        self._group.buttonClicked.connect(self._on_chosen)
        self.others.activated.connect(self._on_other_chosen)
        self.report.clicked.connect(self._on_report)
        self.shut.clicked.connect(self.reject)
        self.go.clicked.connect(self.accept)
        self._on_chosen()

    def _add_facts(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        for name, says in self._facts():
            label = QLabel(name, self)
            set_role(label, "heading")
            form.addRow(label, words(says))
        self._body.addLayout(form)

    def _facts(self) -> list[tuple[str, str]]:
        found, facts = self._situation, list[tuple[str, str]]()
        if found.damaged is not None:
            left = found.salvaged
            if left is not None:
                whole = tr("{whole} with all letters, checked", whole=counted(left.whole, "case"))
                facts.append((tr("Read in full"), whole if left.whole else tr("none")))
            if left is not None and left.in_part:
                facts.append((tr("Read in part"), counted(left.in_part, "case")))
            if left is None:
                facts.append((tr("Not read"), tr("nothing of the file can be read")))
            elif left.gone:
                facts.append((tr("Not read"), counted(left.gone, "case")))
        if not found.backups:
            facts.append((tr("Backups"), tr("there is none that can be opened")))
        return facts

    def _add_choices(self) -> None:
        found = self._situation
        if found.backups and found.outlook is not None:
            held = found.outlook
            newest, later = at_words(found.backups[0].at), held.later
            adds = tr(", and add what is newer") if later else ""
            says = tr(
                "{cases}, {letters}. Opened and checked.",
                cases=counted(held.cases, "case"),
                letters=counted(held.letters, "letter"),
            )
            if later:
                newer = counted((held.new or 0) + (held.other or 0), "case")
                says += tr(
                    " {newer} can be read as of later, up to {later}.",
                    newer=newer,
                    later=at_words(later),
                )
            elif found.salvaged is not None:
                says += tr(" Nothing that can be read is newer than it.")
            self._add(
                "restore",
                tr("Restore the backup of {newest}{adds} (recommended)", newest=newest, adds=adds),
                says,
                tr("Restore and add")
                if later
                else tr("Restore {cases}", cases=counted(held.cases, "case")),
            )
        if found.salvaged is not None and found.salvaged.cases:
            count = counted(found.salvaged.cases, "case")
            self._add(
                "salvaged",
                tr("Go on with the {count} that can be read", count=count),
                tr("What cannot be read stays in the damaged file; it can be tried again later."),
                tr("Go on with {count}", count=count),
            )
        if len(found.backups) > 1:
            oldest, newest = at_words(found.backups[-1].at), at_words(found.backups[1].at)
            copies = counted(len(found.backups) - 1, tr("older backup"))
            self._add(
                "other",
                tr("Another backup"),
                f"{copies}, {oldest} to {newest}.",
                tr("Restore it"),
                self.others,
            )
        self.others.setVisible(len(found.backups) > 1)
        self._add("empty", *_EMPTY, _EMPTY[0])
        first = next(iter(self._choices))
        # Nothing is begun anew by pressing Enter.
        if first != "empty":
            self._choices[first].setChecked(True)
            self._choices[first].setFocus()
        else:
            self.shut.setFocus()

    def _add(
        self, choice: Choice, title: str, says: str, does: str, beside: QWidget | None = None
    ) -> None:
        button = QRadioButton(f"&{len(self._choices) + 1} {title}", self)
        button.setAccessibleDescription(says)
        font = button.font()
        font.setBold(True)
        button.setFont(font)
        line = horizontal()
        line.addWidget(button)
        if beside is not None:
            line.addWidget(beside)
        line.addStretch(1)
        below = words(says)
        below.setIndent(_INDENT)
        set_role(below, "small")
        pair = vertical(None, 0, 4, 0, 4, spacing=0)
        pair.addLayout(line)
        pair.addWidget(below)
        self._body.addLayout(pair)
        self._group.addButton(button)
        self._choices[choice], self._does[choice] = button, does

    def _add_buttons(self) -> None:
        self._body.addWidget(self.hint)
        row = horizontal()
        row.addWidget(self.report)
        row.addStretch(1)
        row.addWidget(self.shut)
        row.addWidget(self.go)
        for button in (self.report, self.shut):
            button.setAutoDefault(False)
        self._body.addLayout(row)

    @property
    def choice(self) -> Choice | None:
        """What is chosen; None if nothing is."""
        return next((name for name, button in self._choices.items() if button.isChecked()), None)

    @property
    def other(self) -> Backup:
        """The other backup that is selected."""
        return self._situation.backups[1 + self.others.currentIndex()]

    def choose(self, choice: Choice) -> None:
        """Choose one of the ways."""
        self._choices[choice].click()

    def refuse(self, says: str) -> None:
        """Say why it could not be done, and let the user choose again."""
        self.hint.setText(says)

    @Slot()
    def _on_chosen(self) -> None:
        choice = self.choice
        self.go.setEnabled(choice is not None)
        does = self._does[choice] if choice is not None else tr("Go on")
        self._underlined.show(self.go, does)

    @Slot()
    def _on_other_chosen(self) -> None:
        self.choose("other")

    @Slot()
    def _on_report(self) -> None:
        QGuiApplication.clipboard().setText(self.report_text())
        self.hint.setText(tr("The report is copied. It holds no patient data."))

    def report_text(self) -> str:
        """Return what is known of the damage, without a patient value and without a path."""
        found = self._situation
        lines = [tr("Cramp triage {version}", version=__version__), self.text.text()]
        lines += [f"{name}: {says}" for name, says in self._facts()]
        lines += found.salvaged.lost if found.salvaged is not None else ()
        lines += [
            tr("Backup of {at}, {size} bytes", at=at_words(one.at), size=one.size)
            for one in found.backups
        ]
        return "\n".join(lines) + "\n"
