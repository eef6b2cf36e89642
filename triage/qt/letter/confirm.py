"""The question before a letter is issued: all that matters is in it, and nobody issues by an Enter too many."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractSlider, QDialog, QGridLayout, QLabel, QWidget

from triage.qt.parts.flow import scaled
from triage.qt.parts.inputs import Button
from triage.qt.parts.keys import is_enter
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.sheet import Middle, words
from triage.qt.parts.tag import LevelTag
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.session import Session
from triage.session.issuing import IssueRow, issue_rows
from triage.session.letters import LetterDesk

_FOR_GOOD = tr(
    "An issued letter cannot be changed or deleted. A later change becomes version {next}. Nothing is sent: print, "
    "save or copy it next."
)
_PHONE = tr("This is a same-day emergency: phone. The letter does not replace the call.")
_LABEL, _WIDTH, _EDGE = 104, 640, 40
_SCROLLS = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}


class IssueDialog(QDialog):
    """Says for whom, to whom, how urgent, and what is not settled; accepting it is to issue.

    Parameters
    ----------
    session
        The case.
    desk
        Makes its letter.
    """

    def __init__(self, session: Session, desk: LetterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        version = desk.versions.next
        self.setWindowTitle(tr("Issue letter"))
        # As wide as large text needs, so far as the screen has room.
        self._wide = min(scaled(self, _WIDTH), self.screen().availableGeometry().width() - _EDGE)
        self.setFixedWidth(self._wide)
        self.title = QLabel(tr("Issue version {version}?", version=version), self)
        set_role(self.title, "title")
        self.rows = issue_rows(session, desk)
        whole = vertical(self, 20, 16, 20, 14, spacing=10)
        whole.addWidget(self.title)
        rows = QWidget(self)
        rows.setLayout(self._grid())
        self.middle = Middle(rows)
        whole.addWidget(self.middle)
        for text in ((_PHONE,) if session.level == "emergency" else ()) + (
            _FOR_GOOD.format(next=version + 1),
        ):
            whole.addWidget(words(text, "strong" if text == _PHONE else ""))
        hint = words(tr("Enter does nothing here. Press I, or click."), "small")
        self.back = Button(tr("&Back to the letter (Esc)"), self)
        self.issue = Button(tr("&Issue version {version} (I)", version=version), self)
        set_role(self.back, "safe")
        set_role(self.issue, "main")
        foot = horizontal()
        foot.addWidget(hint, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.issue)
        whole.addLayout(foot)
        Underlined(self)
        self.back.clicked.connect(self.reject)
        self.issue.clicked.connect(self.accept)
        self.back.setFocus(Qt.FocusReason.TabFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as the rows need, no higher."""
        super().showEvent(event)
        column = self.layout()
        if column is not None:
            high = column.totalHeightForWidth(self._wide)
            self.resize(self._wide, min(high, self.height()))

    @property
    def text(self) -> str:
        """Everything that it says, row by row."""
        return "\n".join((self.title.text(), *(f"{row.label}: {row.says}" for row in self.rows)))

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, scaled(self, _LABEL))
        grid.setColumnStretch(1, 1)
        for at, row in enumerate(self.rows):
            grid.addWidget(words(row.label, "strong"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._said(row), at, 1)
        return grid

    def _said(self, row: IssueRow) -> QWidget:
        said, across = QWidget(self), horizontal()
        said.setLayout(across)
        said.setAccessibleName(f"{row.label}: {row.says}")
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        if row.tag:
            tag = LevelTag(said)
            tag.set_tag(row.tag, row.mark)
            across.addWidget(tag, 0, Qt.AlignmentFlag.AlignTop)
        says = words("")
        says.setTextFormat(Qt.TextFormat.RichText)
        says.setText(" ".join(filter(None, (_bold(row.strong), escape(row.text)))))
        across.addWidget(says, 1)
        return said

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do nothing, wherever the focus is; PgUp and PgDn go through the rows."""
        if event.key() in _SCROLLS:
            self.middle.verticalScrollBar().triggerAction(_SCROLLS[Qt.Key(event.key())])
        elif not is_enter(event):
            super().keyPressEvent(event)


def _bold(text: str) -> str:
    return f"<b>{escape(text)}</b>" if text else ""
