"""The first start: one page that asks once for what the settings keep, and lets a passphrase be chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QDialog, QWidget

from triage.content.load import Content
from triage.errors import TriageError
from triage.qt.drafts.unlock import NewPassphrase
from triage.qt.parts.box import Box
from triage.qt.parts.flow import Flow
from triage.qt.parts.keys import is_enter, is_shifted
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.sheet import Act, keys_said, sheet, words
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.qt.shell.fields import Field, FieldsForm, reason, step
from triage.session.about import NAME
from triage.session.own import check_change, offered
from triage.settings import Sender, Settings, save_settings
from triage.settings.fields import fields_of
from triage.settings.file import changed
from triage.settings.settings import PAGES

_SIZE = QSize(1280, 680)
# In characters: how wide what is told beside the form is, and a page that has room for both.
_ASIDE, _BOTH = 46, 112
_YOU, _SENDER = "senders.sender1", tr("You")
_ABOUT = (
    (
        tr("What it is"),
        tr(
            "It records the history and examination of an adult with muscle cramps, shows what must not wait, and "
            "writes the letter."
        ),
    ),
    (
        tr("What it is not"),
        tr(
            "Not a certified medical device. It never decides, prescribes, orders or sends. It gives no probability. "
            "Nothing is concluded under 16 years."
        ),
    ),
    (
        tr("Where things are"),
        tr(
            "Only on this computer, encrypted. It uses no network. The letter belongs in the patient's record; the "
            "draft here is no record."
        ),
    ),
)
_PASSPHRASE = tr(
    "Encrypts every case on this computer. Nobody can recover it: write it down and keep it safe."
)
_LATER = tr(
    " You can leave it for later if the key store of this computer opens the cases until then."
)
_NEEDED = tr("Choose a passphrase, or let the key store of this computer open the cases.")
_NO_STORE = tr(
    "Choose a passphrase: this computer has no key store that could open the cases without one."
)
_UNKEPT = tr("What you typed here is kept when you begin, and lost if you close now.")
_LEFT = tr("Any field {}can be left. All of it can be changed later under Case, Settings.")


class FirstStart(QDialog):
    """Asks who sends letters, for which country and on which paper, for a passphrase and where backups go.

    Nothing is kept before *Begin*. Accepted, `settings` and `key` say what was, and `practises` whether the practice
    patient is wanted first.

    Parameters
    ----------
    folder
        Where the drafts and the settings are to be.
    content
        Says what can be chosen.
    needs_key
        Whether there are no drafts yet, so that a passphrase is chosen.
    """

    def __init__(
        self, folder: Path, content: Content, *, needs_key: bool, parent: QWidget | None = None
    ) -> None:
        from triage.store import keyring_available

        super().__init__(parent)
        self.setWindowTitle(tr("First start"))
        self._folder, self._content = folder, content
        self.settings = Settings()
        self.key: bytes | None = None
        self.practises = False
        options = offered(self.settings, content)
        self.you = FieldsForm(
            [field for field in fields_of(Sender) if field.first], options, is_brief=True
        )
        self.forms = {
            name: FieldsForm(
                [field for field in fields_of(Settings, name) if field.first],
                options,
                is_brief=True,
            )
            for name in ("country", "lock", "backup")
        }
        self._has_store = needs_key and keyring_available()
        self.passphrase = NewPassphrase(key_store=self._has_store)
        self.passphrase.setVisible(needs_key)
        self._needs_key = needs_key
        self._is_narrow: bool | None = None
        self.fault = words("", "fault")
        self.fault.hide()
        self.begin = Act(tr("Begin with a patient    Ctrl+Enter"))
        set_role(self.begin, "main")
        self.practice = Act(tr("Practise first, three minutes"))
        Underlined(self)
        self._lay_out()
        self.you.show_values(Sender().model_dump())
        for form in self.forms.values():
            form.show_values(self.settings.model_dump())
        self._blank = self._typed
        self.asks_leave: Box | None = None
        self._connect_signals()
        next(iter(self.you.inputs.values())).setFocus()

    def _lay_out(self) -> None:
        later = _LATER if self._has_store else ""
        parts: list[QWidget] = [
            words(tr("Before the first patient"), "page"),
            _heading(_SENDER, tr("Printed under every letter. Asked once.")),
            self.you,
            _heading(tr("Country and paper"), tr(PAGES["country"].says)),
            self.forms["country"],
        ]
        if self._needs_key:
            parts += [_heading(tr("Passphrase"), _PASSPHRASE + later), self.passphrase]
        parts += [
            self.forms["lock"],
            _heading(tr("Backup"), tr(PAGES["backup"].says)),
            self.forms["backup"],
        ]
        self._aside = self._told()
        self._page = sheet(*parts, spacing=5)
        self._page.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._middle = horizontal(spacing=0)
        self._middle.addWidget(self._page, 1)
        foot = QWidget()
        foot.setObjectName("foot")
        self._below = horizontal(foot, 24, 10, 16, 10, spacing=12)
        buttons = Flow(gap=12)
        for button in (self.begin, self.practice):
            buttons.add(button)
        but = tr("but the passphrase ") if self._needs_key and not self._has_store else ""
        self._below.addWidget(buttons)
        self._below.addWidget(words(_LEFT.format(but), "small"), 1)
        self._below.addWidget(self.fault, 1)
        top = horizontal(None, 14, 4, 14, 4)
        top.addWidget(words(NAME, "title"), 1)
        top.addWidget(keys_said(tr("Enter next    Shift+Enter back    Esc close")))
        self._place()
        layout = vertical(self, 0, 0, 0, 0, spacing=0)
        layout.addLayout(top)
        layout.addLayout(self._middle, 1)
        layout.addWidget(foot)
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))
        # As the window that follows it.
        self.setWindowFlag(Qt.WindowType.Window)
        self.setWindowState(Qt.WindowState.WindowMaximized)

    def _told(self) -> QWidget:
        """Return what is told of the program beside the form."""
        aside = QWidget()
        aside.setObjectName("aside")
        beside = vertical(aside, 22, 22, 22, 12)
        form = self._content.form
        rules = (
            tr("Rules"),
            tr(
                "{title}, version {version}, drafts for clinical sign-off.",
                title=form.title,
                version=form.version,
            ),
        )
        for title, says in (*_ABOUT, rules):
            beside.addWidget(words(title, "title"))
            beside.addWidget(words(says))
            beside.addSpacing(8)
        beside.addStretch(1)
        return aside

    def _place(self) -> None:
        """Set what is told beside the form, or below it where there is no room for both."""
        letter = self.fontMetrics().averageCharWidth()
        is_narrow = self.width() < letter * _BOTH
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        form = self._page.body.layout()
        assert isinstance(form, QBoxLayout)
        ways = QBoxLayout.Direction
        self._below.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        (form if is_narrow else self._middle).addWidget(self._aside)
        self._aside.setMinimumWidth(0 if is_narrow else letter * _ASIDE)
        self._aside.setMaximumWidth(self.maximumWidth() if is_narrow else letter * _ASIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _connect_signals(self) -> None:
        self.you.left.connect(self._on_you_left)
        for form in self.forms.values():
            form.left.connect(self._on_left)
        self.passphrase.changed.connect(self.fault.hide)
        self.begin.clicked.connect(self._on_begin)
        self.practice.clicked.connect(self._on_practice)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_begin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on, from whatever does not take it; it begins nothing."""
        if is_enter(event):
            step(self, forward=not is_shifted(event))
        else:
            super().keyPressEvent(event)

    @property
    def _typed(self) -> list[dict[str, str]]:
        return [form.typed for form in (self.you, *self.forms.values())]

    def reject(self) -> None:
        """Ask before what was typed is lost."""
        if self._typed == self._blank and self.passphrase.is_blank:
            super().reject()
        elif self.asks_leave is None:
            box = Box(tr("First start"), tr("Close the program?"), _UNKEPT, self)
            box.add_harmless(tr("Stay here"))
            box.add_act(tr("Close, keep nothing"), destroys=True).clicked.connect(self._on_leave)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.finished.connect(self._on_leave_asked)
            self.asks_leave = box
            box.open()

    @Slot()
    def _on_leave(self) -> None:
        super().reject()

    @Slot()
    def _on_leave_asked(self) -> None:
        self.asks_leave = None

    @Slot(str, str)
    def _on_you_left(self, name: str, text: str) -> None:
        self._take(self.you.fields[name], f"{_YOU}.{name}", text)

    @Slot(str, str)
    def _on_left(self, name: str, text: str) -> None:
        form = next(form for form in self.forms.values() if name in form.fields)
        self._take(form.fields[name], name, text)

    def _take(self, field: Field, key: str, text: str) -> None:
        """Take note of what was typed, or say beside the field why it cannot be kept."""
        try:
            settings = changed(self.settings, key, text)
            check_change(settings, key, self._content)
        except TriageError as error:
            field.refuse(reason(error))
        else:
            self.settings = settings
            field.accept()
            self.fault.hide()

    @Slot()
    def _on_practice(self) -> None:
        self._begin(practises=True)

    @Slot()
    def _on_begin(self) -> None:
        self._begin(practises=False)

    def _begin(self, *, practises: bool) -> None:
        forms = (self.you, *self.forms.values())
        for form in forms:
            form.commit()
        faulty = (f for form in forms for f in form.fields.values() if f.fault)
        if (field := next(faulty, None)) is not None:
            self._refuse(
                tr("{title}: mend it, or leave it empty.", title=field.declared.title), field.input
            )
            return
        if self._needs_key and (says := self._keyless):
            self._refuse(says, self.passphrase.at_fault)
            return
        try:
            if self._needs_key and self.key is None:
                self.key = self._made_key()
            save_settings(self._folder, self.settings)
        except (TriageError, OSError) as error:
            self._refuse(_told(error), self.begin)
            return
        self.practises = practises
        self.accept()

    @property
    def _keyless(self) -> str:
        """Why the cases could not be opened again; empty if they can."""
        chosen = self.passphrase
        if chosen.is_blank:
            if self._has_store and chosen.keep.isChecked():
                return ""
            return _NEEDED if self._has_store else _NO_STORE
        return "" if chosen.text else tr("The passphrase cannot be kept like this: see beside it.")

    def _made_key(self) -> bytes:
        from triage.store import create_keys

        chosen = self.passphrase
        return create_keys(self._folder, chosen.text or None, chosen.keep.isChecked())

    def _refuse(self, says: str, at: QWidget) -> None:
        self.fault.setText(says)
        self.fault.show()
        at.setFocus()


def _told(error: TriageError | OSError) -> str:
    if isinstance(error, OSError):
        return tr(
            "The settings cannot be written ({strerror}): choose another folder.",
            strerror=error.strerror,
        )
    return str(error)


def _heading(title: str, says: str) -> QWidget:
    made = QWidget()
    layout = horizontal(made, 0, 2, 0, 0, spacing=12)
    name = words(title, "title")
    name.setWordWrap(False)
    layout.addWidget(name)
    layout.addWidget(words(says, "small"), 1)
    return made
