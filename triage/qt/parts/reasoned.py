"""A question that is answered with a reason: Enter leads from the reason to the button, and there presses it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPushButton

from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.keys import is_enter, is_held


class Reasoned(QDialog):
    """A dialog whose harmless button is the usual one; a reason that was typed is not thrown away by Enter.

    Whoever makes it gives it its `reason` and the button `act`, which does what is asked.
    """

    reason: TypedLine
    act: QPushButton

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from the reason to the button that acts, which Enter presses then."""
        if is_enter(event) and self.focusWidget() is self.reason and self.act.isEnabled():
            self.act.setFocus(Qt.FocusReason.TabFocusReason)
        elif is_enter(event) and self.focusWidget() is self.act:
            if not is_held(event):
                self.act.click()
        else:
            super().keyPressEvent(event)
