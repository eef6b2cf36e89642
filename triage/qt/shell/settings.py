"""The settings: pages of fields that are drawn from their declaration, and kept as soon as a field is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QStackedWidget,
    QWidget,
)

from triage.content.schema import Recipient
from triage.errors import TriageError
from triage.letter.words.said.line import Mark
from triage.qt.parts.box import Box
from triage.qt.parts.laying import horizontal, room_for, vertical
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.sheet import Act, keys_said, sheet, words
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.qt.shell.about import About
from triage.qt.shell.fields import Field, FieldsForm, Options, reason
from triage.qt.shell.letterhead import HeadPreview
from triage.qt.shell.records import Entry, EntryList, RecipientsPage, RecordsPage, SendersPage
from triage.settings import Settings, service_of
from triage.settings.fields import Declared, fields_of
from triage.settings.settings import PAGES

_LEAST = QSize(900, 560)
# In characters and lines, and in pixels at 100 %.
_SIZE, _WIDTH, _LINE = (170, 41), 31, 28
ABOUT = "about"
_KEYS = tr("↑ ↓ pages    Enter next    Shift+Enter back    Esc back to the case")


class SettingsDialog(QDialog):
    """Shows the settings page by page, and keeps each as soon as its field is left.

    Parameters
    ----------
    settings
        What is kept now. Its type declares what there is.
    keep
        Keeps a value under its key and returns all settings, or raises why it cannot be kept.
    options
        Returns what fields can be, where their declaration does not say it.
    recipients
        The services that the content knows.
    letterhead
        Returns a page that shows the letterhead as it prints.
    about
        The last page: it is told of other settings.

    Signals
    -------
    wanted : str
        The user wants to change the ``passphrase``, to have a ``recovery`` key, or to see the ``backups``.
    pasted : object, str
        A form of an address, and several lines that were pasted into it.
    """

    wanted = Signal(str)
    pasted = Signal(object, str)

    def __init__(
        self,
        settings: Settings,
        keep: Callable[[str, object], Settings],
        options: Callable[[Settings], Options],
        recipients: Mapping[str, Recipient],
        letterhead: Callable[[], bytes],
        about: About,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._settings, self._keep, self._options = settings, keep, options
        self._letterhead = letterhead
        self._recipients = recipients
        # The question that stands, if any, and what it would take out.
        self.box: Box | None = None
        self._doubtful = ""
        self.preview = HeadPreview()
        self.passphrase = Act(tr("Change &passphrase…"))
        self.passphrase.setObjectName("passphrase")
        self.recovery = Act(tr("Recovery &key…"))
        self.recovery.setObjectName("recovery")
        self.backups = Act(tr("&Backups…"))
        self.backups.setObjectName("backups")
        extras: Mapping[str, Sequence[QWidget]] = {
            "practice": (self.preview,),
            "lock": (_row(self.passphrase, self.recovery),),
            "backup": (_row(self.backups),),
        }
        self.list = EntryList(tr("Pages of the settings"))
        self.list.setObjectName("pages")
        self.stack = QStackedWidget()
        self.pages: dict[str, QWidget] = {}
        self.forms: dict[str, FieldsForm] = {}
        self.records: dict[str, RecordsPage] = {}
        for name, page in PAGES.items():
            if fields := fields_of(type(settings), name):
                self.pages[name] = self._page(name, tr(page.title), tr(page.says), fields, extras)
        self.about = about
        self.pages[ABOUT] = sheet(about)
        for made in self.pages.values():
            self.stack.addWidget(made)
        self.mark, self.said = MarkLabel(self), words("", "kept")
        self.shut = Act(tr("Back to the case"))
        self._lay_out()
        self.show_settings(settings)
        self._connect_signals()
        self.show_page(next(iter(self.pages)))
        Underlined(self)

    def _page(
        self,
        name: str,
        title: str,
        says: str,
        fields: Sequence[Declared],
        extras: Mapping[str, Sequence[QWidget]],
    ) -> QWidget:
        for field in fields:
            if field.kind == "parts":
                self.records[name] = (
                    RecipientsPage(field, self._recipients) if field.of else SendersPage(field)
                )
        plain = [field for field in fields if field.kind != "parts"]
        form = self.forms[name] = FieldsForm(plain, self._offered())
        form.left.connect(self._on_left)
        if name not in self.records:
            return sheet(words(title, "title"), words(says, "small"), form, *extras.get(name, ()))
        records = self.records[name]
        records.left.connect(self._on_left)
        records.pasted.connect(self.pasted)
        records.remove_requested.connect(self._on_remove_requested)
        made = QWidget()
        head = horizontal(None, 16, 10, 16, 10, spacing=12)
        head.addWidget(words(title, "title"))
        head.addWidget(words(says, "small"), 1)
        layout = vertical(made, 0, 0, 0, 0, spacing=0)
        layout.addLayout(head)
        layout.addWidget(records, 1)
        form.setContentsMargins(16, 8, 16, 8)
        layout.addWidget(form)
        form.setVisible(bool(plain))
        return made

    def _lay_out(self) -> None:
        head = horizontal(None, 14, 8, 14, 8, spacing=12)
        head.addWidget(words(tr("Settings"), "patient"))
        head.addWidget(words(tr("on this computer"), "muted"))
        head.addStretch(1)
        line = QWidget()
        line.setObjectName("said")
        line.setMinimumHeight(_LINE)
        told = horizontal(line, 14, 0, 14, 0)
        told.addWidget(self.mark)
        told.addWidget(self.said, 1)
        told.addWidget(keys_said(_KEYS))
        foot = self._foot = QWidget()
        below = vertical(foot, 12, 0, 12, 10)
        below.addWidget(words(tr("Changes are kept at once."), "small"))
        below.addWidget(self.shut)
        # In this order Tab goes through them.
        middle = QGridLayout()
        middle.setSpacing(0)
        middle.setColumnStretch(1, 1)
        middle.addWidget(self.list, 0, 0)
        middle.addWidget(self.stack, 0, 1, 2, 1)
        middle.addWidget(foot, 1, 0)
        layout = vertical(self, 0, 0, 0, 0, spacing=0)
        layout.addLayout(head)
        layout.addWidget(line)
        layout.addLayout(middle, 1)
        self.setMinimumSize(_LEAST)
        metrics = self.fontMetrics()
        wanted = QSize(_SIZE[0] * metrics.averageCharWidth(), _SIZE[1] * metrics.lineSpacing())
        self.resize(wanted.boundedTo(room_for(self)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the fields where the text is large."""
        super().resizeEvent(event)
        wide = min(self.fontMetrics().averageCharWidth() * _WIDTH, self.width() // 4)
        for part in (self.list, self._foot):
            part.setFixedWidth(wide)

    def _connect_signals(self) -> None:
        self.list.currentItemChanged.connect(self._on_page_chosen)
        for act in (self.passphrase, self.recovery, self.backups):
            act.clicked.connect(self._on_wanted)
        self.shut.clicked.connect(self.accept)

    @Slot()
    def _on_wanted(self) -> None:
        self.wanted.emit(self.sender().objectName())

    # -- showing ----------------------------------------------------------------------------------

    def show_page(self, name: str) -> None:
        """Show a page."""
        self.list.choose(name)

    def show_settings(self, settings: Settings) -> None:
        """Show what is kept now, whoever changed it."""
        self._settings = settings
        options = self._options(settings)
        offered = self._offered()
        for records in self.records.values():
            records.show_settings(settings, options)
        for form in self.forms.values():
            form.show_kept(settings.model_dump(), offered)
        self.about.show_settings(settings)
        if senders := self.forms.get("senders"):
            senders.setVisible(len(settings.senders) > 1)
        self.list.show_entries(self._entries())
        self._show_letterhead()

    def _offered(self) -> Options:
        """Return what settings can be that stand alone: nobody chosen is the first."""
        options = dict(self._options(self._settings))
        return options | {"senders": {"": tr("The first of them"), **options["senders"]}}

    def _entries(self) -> list[Entry]:
        found = []
        for name in self.pages:
            title = tr(PAGES[name].title) if name in PAGES else tr("About")
            records = self.records.get(name)
            count = records.missing if isinstance(records, RecipientsPage) else 0
            found.append(
                Entry(name, title, beside=tr("{count} to fill", count=count) if count else "")
            )
        return found

    def _show_letterhead(self) -> None:
        if self.list.chosen == "practice":
            self.preview.show_pdf(self._letterhead())

    @Slot()
    def _on_page_chosen(self) -> None:
        self._commit()
        if not self._faults:
            self._say("", Mark.NONE)
        self.stack.setCurrentWidget(self.pages[self.list.chosen])
        self._show_letterhead()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the list of pages."""
        super().showEvent(event)
        self.list.setFocus()

    def tell(self, says: str) -> None:
        """Tell of something that was done from here."""
        self._say(says)

    def _say(self, says: str, mark: Mark = Mark.DONE) -> None:
        self.mark.set_mark(mark)
        self.said.setText(says)
        QAccessible.updateAccessibility(QAccessibleEvent(self.said, QAccessible.Event.Alert))

    # -- keeping ----------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_left(self, key: str, text: str) -> None:
        field = self.field(key)
        title = field.declared.title
        try:
            settings = self._keep(key, text)
        except TriageError as error:
            field.refuse(reason(error))
            self._say(
                tr("Not recorded: {lower}{title}.", lower=title[0].lower(), title=title[1:]),
                Mark.CAUTION,
            )
            return
        field.accept()
        self.show_settings(settings)
        of = f" of {self._title(key)}" if "." in key else ""
        self._say(tr("Kept: {lower}{title}{of}.", lower=title[0].lower(), title=title[1:], of=of))

    def field(self, key: str) -> Field:
        """Return the field of a key of the settings; of a record's the one that is in sight."""
        last = key.rpartition(".")[2]
        forms = [self._records_of(key).form] if "." in key else list(self.forms.values())
        return next(form.fields[last] for form in forms if last in form.fields)

    def _records_of(self, key: str) -> RecordsPage:
        name = key.split(".")[0]
        return next(page for page in self.records.values() if page.declared.name == name)

    def _title(self, key: str) -> str:
        return self._records_of(key).title.text()

    @Slot(str)
    def _on_remove_requested(self, name: str) -> None:
        page = self.sender()
        if not isinstance(page, RecordsPage):
            return
        what = page.title.text()
        writers = [s.name for s in self._settings.senders.values() if s.writes_for == name]
        if isinstance(page, SendersPage) and writers:
            self._say(
                tr(
                    "{writers} writes for {what}: change that first.", writers=writers[0], what=what
                ),
                Mark.CAUTION,
            )
            return
        if isinstance(page, SendersPage):
            title, does = tr("Remove a sender"), tr("Remove sender")
            asks = tr("Remove {what} from the senders?", what=what)
            says = tr("Cases and letters that name this sender stay as they are.")
        else:
            title, does = tr("Remove an address"), tr("Remove address")
            asks = tr("Remove the address of {what}?", what=what)
            left = set(self._settings.addressees_of(service_of(name))) - {name}
            says = (
                tr("Its other addresses stay.")
                if left
                else tr("Letters to it can then be read, but not issued.")
            )
        box = Box(title, asks, says, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.add_act(does, destroys=True)
        box.add_harmless(tr("Keep"))
        self._doubtful = f"{page.declared.name}.{name}"
        yes.clicked.connect(self._on_remove_confirmed)
        box.finished.connect(self._on_box_finished)
        self.box = box
        box.open()

    @Slot()
    def _on_box_finished(self) -> None:
        self.box = None

    @Slot()
    def _on_remove_confirmed(self) -> None:
        key = self._doubtful
        what, (part, name) = self._title(key), key.split(".")
        try:
            if part == "senders" and self._settings.sender == name:
                self._keep("sender", "")
            settings = self._keep(key, None)
        except TriageError as error:
            self._say(reason(error), Mark.CAUTION)
            return
        self.show_settings(settings)
        self._records_of(key).show_record()
        self._say(tr("Removed: {what}.", what=what))

    def _commit(self) -> None:
        for form in (*self.forms.values(), *(page.form for page in self.records.values())):
            form.commit()

    @property
    def _faults(self) -> int:
        forms = (*self.forms.values(), *(page.form for page in self.records.values()))
        return sum(bool(field.fault) for form in forms for field in form.fields.values())

    def done(self, result: int) -> None:
        """Close, once what was typed is kept; what is refused only now is shown before."""
        before = self._faults
        self._commit()
        if self._faults == before:
            super().done(result)


def _row(*buttons: QWidget) -> QWidget:
    made = QWidget()
    layout = horizontal(made, 0, 0, 0, 0)
    for button in buttons:
        layout.addWidget(button)
    layout.addStretch(1)
    return made
