"""The question of a window that is to close and cannot save."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from triage.qt.parts.box import Box
from triage.qt.parts.words import tr
from triage.session.unsaved import Unsaved


class UnsavedBox(Box):
    """Asks what to do with what cannot be saved.

    Parameters
    ----------
    lost
        What it is; None if that is not known.
    who
        The patient.
    """

    def __init__(self, lost: Unsaved | None, who: str, parent: QWidget | None = None) -> None:
        if lost is None:
            answers = tr("the last answers")
            asks = tr("The last answers are not saved. Close all the same?")
            loses = tr("Closing now loses what was typed last for {who}.", who=who)
        else:
            answers = lost.answers
            verb = tr("is") if lost.number == 1 else tr("are")
            asks = tr("{answers} {verb} not saved. Close all the same?", answers=answers, verb=verb)
            loses = tr("Closing now loses what was typed for {who} since {at}", who=who, at=lost.at)
            loses += f": {lost.what}." if lost.what else "."
        elsewhere = tr("Elsewhere all cases are kept in another folder, encrypted as before.")
        super().__init__(tr("Not saved"), asks, f"{loses}\n{elsewhere}", parent)
        self.lose = self.add_act(tr("&Lose {answers} and close", answers=answers), destroys=True)
        self.stay = self.add_harmless(tr("&Keep open"))
        self.elsewhere = self.add_act(tr("&Save elsewhere…"))
