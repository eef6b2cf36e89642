"""Where one records what was found without a side: out of sight until it is wanted, or holds something."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QWidget

from triage.content.form import Slot as FormSlot
from triage.qt.parts.inputs import PartButton
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Session

NO_SIDE_CAPTION = tr("Side not recorded")
SIDE_CAPTIONS = {"left": tr("Left"), "right": tr("Right"), "midline": tr("Midline")}


def side_caption(slot: FormSlot) -> str:
    """Return what the side of a key is called on the screen; empty where there are no sides."""
    return NO_SIDE_CAPTION if slot.is_whole else SIDE_CAPTIONS.get(slot.side, "")


class NoSide(PartButton):
    """Shows and hides the part of a question that has no side.

    Parameters
    ----------
    session
        The case.
    slots
        The keys of the question.
    part
        What it shows; None if the owner listens to `toggled` instead.
    """

    def __init__(
        self,
        session: Session,
        slots: tuple[FormSlot, ...],
        part: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"{NO_SIDE_CAPTION}…", parent)
        set_role(self, "quiet")
        self.setCheckable(True)
        self._session = session
        self._keys = tuple(slot.key for slot in slots if slot.is_whole)
        self._part = part
        self._wanted = False
        self.toggled.connect(self._on_toggled)
        self.refresh()

    @property
    def shows(self) -> bool:
        """Whether the part is in sight."""
        return self._wanted or any(key in self._session.case for key in self._keys)

    def refresh(self) -> None:
        """Show what the session holds."""
        with QSignalBlocker(self):
            self.setChecked(self.shows)
        if self._part is not None:
            self._part.setVisible(self.shows)

    @Slot(bool)
    def _on_toggled(self, wanted: bool) -> None:
        self._wanted = wanted
        self.refresh()
