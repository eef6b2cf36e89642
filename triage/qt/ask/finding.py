"""A finding: a choice between present, absent and unable."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent

from triage.content.form import Slot as FormSlot
from triage.qt.ask.choice import ABSENT, OPEN, PRESENT, UNABLE, ChoiceRow, ChoiceWidget
from triage.qt.parts.keys import Place, act, letter
from triage.qt.parts.segments import Segment, Tone
from triage.qt.parts.words import tr

_ACTS = {"present": PRESENT, "absent": ABSENT, "unable": UNABLE, "back": OPEN}


class FindingRow(ChoiceRow):
    """The answers of one key; letters record them."""

    where = Place.FINDING

    def named_by(self, event: QKeyEvent) -> str:
        """Return the answer that a key records; empty for any other key."""
        return _ACTS.get(act(event, self.where), "")


class FindingWidget(ChoiceWidget):
    """Asks for a finding: Yes, No, Unable or not asked."""

    def control(self, slot: FormSlot) -> FindingRow:
        """Return what asks for one key."""
        yes, no = (tr("Present"), tr("Absent")) if self.is_seen else (tr("Yes"), tr("No"))
        buttons = [
            Segment(_ACTS[name], caption, tone, key=letter(Place.FINDING, name, caption))
            for name, caption, tone in (
                ("present", yes, Tone.YES),
                ("absent", no, Tone.NO),
                ("unable", tr("Unable"), Tone.UNABLE),
            )
        ]
        return FindingRow(self.notes, slot, buttons, self.not_assessed, self)

    @property
    def is_beside(self) -> bool:
        """Whether the answers stand right of the label."""
        return True
