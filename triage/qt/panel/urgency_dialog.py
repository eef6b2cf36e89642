"""Setting the level of urgency: raising is free, lowering needs a reason."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialogButtonBox,
    QLabel,
    QRadioButton,
    QStackedWidget,
    QWidget,
)

from triage.content.form import URGENCY
from triage.content.schema import LevelRecord
from triage.letter.words.said.line import counted
from triage.model.values import LEVELS, Level, Urgency
from triage.qt.parts.flow import scaled
from triage.qt.parts.inputs import Refusal, TypedLine
from triage.qt.parts.laying import vertical
from triage.qt.parts.reasoned import Reasoned
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.usual import Usual
from triage.qt.parts.words import tr
from triage.session import Session

_FREE = tr("Raising it is free; the reason is printed if you give one.")
# One key each while the reason is empty: of what holds of any patient.
LOWERED = (
    tr("already investigated"),
    tr("agreed with the specialist"),
    tr("explained by a known condition"),
    tr("the patient's wish"),
)
RAISED = (
    tr("getting worse quickly"),
    tr("agreed with the specialist"),
    tr("clinical concern"),
    tr("cannot manage at home or at work"),
)


class UrgencyDialog(Reasoned):
    """Records the clinician's level of urgency, or takes it back.

    Parameters
    ----------
    session
        The case.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._suggested = session.assessment.urgency.level
        self._titles = {level: record.title for level, record in session.content.levels.items()}
        own = session.case.get(URGENCY)
        chosen = own.level if isinstance(own, Urgency) else self._suggested
        self.setWindowTitle(tr("Set urgency"))
        layout = vertical(self, spacing=6)
        title = QLabel(tr("Level of urgency"), self)
        set_role(title, "title")
        layout.addWidget(title)
        self._group = QButtonGroup(self)
        self.choices: dict[Level, QRadioButton] = {}
        for record in sorted(session.content.urgency.level, key=_rank, reverse=True):
            suggested = tr(" (suggested)") if record.id == self._suggested else ""
            button = QRadioButton(f"{record.title}: {record.aim}{suggested}", self)
            button.setChecked(record.id == chosen)
            self._group.addButton(button)
            layout.addWidget(button)
            self.choices[record.id] = button
        self.asks = QLabel(self)
        self.asks.setWordWrap(True)
        set_role(self.asks, "strong")
        layout.addWidget(self.asks)
        label = QLabel(tr("Your &reason (printed beside both levels):"), self)
        self.reason = TypedLine(self)
        self.reason.show_text(own.reason if isinstance(own, Urgency) else "")
        self.reason.setAccessibleName(tr("Reason"))
        label.setBuddy(self.reason)
        layout.addWidget(label)
        layout.addWidget(self.reason)
        self._usual = QStackedWidget(self)
        offered = [Usual(self.reason, reasons) for reasons in (LOWERED, RAISED)]
        for page in (QWidget(), *offered):
            self._usual.addWidget(page)
        layout.addWidget(self._usual)
        layout.addWidget(Refusal(self.reason, self))
        roles = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(self)
        self.keep = self.buttons.addButton("", roles.RejectRole)
        self.act = self.buttons.addButton("", roles.AcceptRole)
        self.back = self.buttons.addButton(tr("Use the suggested level"), roles.ResetRole)
        self.back.setVisible(isinstance(own, Urgency))
        set_role(self.keep, "safe")
        # Nothing is lowered by an Enter too many.
        self.keep.setDefault(True)
        self.act.setAutoDefault(False)
        layout.addWidget(self.buttons)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        self.back.clicked.connect(self._on_back_clicked)
        self._underlined = Underlined(self)
        self._group.buttonClicked.connect(self._on_changed)
        self.reason.typed.connect(self._on_changed)
        self._on_changed()
        # Before it is shown: what wraps says only for a width how high it is.
        width, margins = scaled(self, 480), layout.contentsMargins()
        across = width - margins.left() - margins.right()
        # As high as the higher of them: nothing moves when another level is chosen.
        self._usual.setMinimumHeight(max(page.heightForWidth(across) for page in offered))
        self.setMinimumSize(width, layout.totalHeightForWidth(width))

    @property
    def level(self) -> Level | None:
        """The level that is chosen; None where none is suggested and none was clicked."""
        return next((level for level, button in self.choices.items() if button.isChecked()), None)

    @Slot()
    def _on_changed(self) -> None:
        level, suggested, titles = self.level, self._suggested, self._titles
        lowered = bool(level and suggested and LEVELS.index(level) < LEVELS.index(suggested))
        kept = titles[suggested].lower() if suggested else tr("it open")
        to = titles[level].lower() if level else tr("a level")
        raised = bool(level and suggested and LEVELS.index(level) > LEVELS.index(suggested))
        self.asks.setText(self._asked(to) if lowered else _FREE)
        does = (
            tr("Lower to {to}") if lowered else tr("Raise to {to}") if raised else tr("Set to {to}")
        )
        self._underlined.show(self.keep, tr("Keep {kept}", kept=kept))
        self._underlined.show(self.act, does.format(to=to))
        self.act.setEnabled(level is not None and not (lowered and not self.reason.text().strip()))
        self._usual.setCurrentIndex(1 if lowered else 2 if raised else 0)
        self.reason.usual = LOWERED if lowered else RAISED if raised else ()

    def _asked(self, to: str) -> str:
        """Return the question before the level is lowered: how many rules reached it."""
        urgency = self._session.assessment.urgency
        reached = sum(reason.level == urgency.level for reason in urgency.reasons)
        title = self._titles[urgency.level] if urgency.level else ""
        return tr(
            "{title} was reached by {reached}. Lower it to {to}?",
            title=title,
            reached=counted(reached, "rule"),
            to=to,
        )

    @Slot()
    def _on_accepted(self) -> None:
        if self.level is not None:
            self._session.set(URGENCY, Urgency(level=self.level, reason=self.reason.text().strip()))
        self.accept()

    @Slot()
    def _on_back_clicked(self) -> None:
        self._session.set(URGENCY, None)
        self.accept()


def _rank(record: LevelRecord) -> int:
    return LEVELS.index(record.id)
