"""Records of the settings that stand under ids of their own: a list of them, and the fields of the one chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from triage.content.schema import Recipient
from triage.letter.words.said.line import Mark
from triage.qt.parts.colours import colours
from triage.qt.parts.keys import is_enter
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.marks import draw_mark
from triage.qt.parts.sheet import Act, sheet, words
from triage.qt.parts.stops import stops_in
from triage.qt.parts.words import tr
from triage.qt.shell.details import new_id
from triage.qt.shell.fields import FieldsForm, Options, in_order, step
from triage.settings import Address, Sender, Settings, service_of
from triage.settings.fields import Declared, fields_of
from triage.settings.settings import Part

_Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_ID, _SAYS, _FLAGGED, _BESIDE = (int(_ROLE.UserRole) + n for n in range(4))
# In characters.
_WIDTH = 40
NO_ADDRESS = tr("no address yet")


class Entry(NamedTuple):
    """A line of a list.

    Parameters
    ----------
    says, beside
        What stands below its title, and at its right end.
    flagged
        Whether something is missing.
    """

    id: str
    title: str
    says: str = ""
    beside: str = ""
    flagged: bool = False


class EntryList(QListWidget):
    """A list of entries. Enter and the right arrow go on to what stands beside it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(_Lines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def chosen(self) -> str:
        """The id of the entry that is chosen; empty if there is none."""
        item = self.currentItem()
        return str(item.data(_ID)) if item is not None else ""

    def show_entries(self, entries: Iterable[Entry]) -> None:
        """Show these, the same one chosen as before if it is still there, else the first."""
        before, found = self.chosen, list(entries)
        ids = [entry.id for entry in found]
        if ids != [self.item(n).data(_ID) for n in range(self.count())]:
            self.blockSignals(True)
            self.clear()
            for _ in found:
                self.addItem(QListWidgetItem())
            self.blockSignals(False)
        for n, entry in enumerate(found):
            item = self.item(n)
            item.setText(entry.title)
            said = filter(None, (entry.title, entry.says, entry.beside))
            item.setData(_ROLE.AccessibleTextRole, ", ".join(said))
            for role, value in zip(
                (_ID, _SAYS, _BESIDE, _FLAGGED), (entry.id, *entry[2:]), strict=True
            ):
                item.setData(role, value)
        if (found and self.chosen != before) or self.currentItem() is None:
            self.choose(before if before in ids else ids[0] if ids else "")

    def choose(self, name: str) -> None:
        """Choose the entry of this id."""
        for n in range(self.count()):
            if self.item(n).data(_ID) == name:
                self.setCurrentRow(n)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) or event.key() == Qt.Key.Key_Right:
            step(self, forward=True)
        else:
            super().keyPressEvent(event)


class _Lines(QStyledItemDelegate):
    """Paints an entry: its title, in bold where it is chosen, and the small print."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = 2 if index.data(_SAYS) else 1
        return QSize(0, option.fontMetrics.lineSpacing() * lines + 15)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        flagged, says, beside = (index.data(role) for role in (_FLAGGED, _SAYS, _BESIDE))
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus = is_chosen and option.widget.hasFocus()
        c = colours(option.palette)
        painter.save()
        if is_chosen:
            bar = QRect(option.rect.topLeft(), QSize(4, option.rect.height()))
            painter.fillRect(option.rect, QColor(c.tint))
            painter.fillRect(bar, QColor(c.accent if has_focus else c.ink2))
        if says:
            painter.setPen(QColor(c.rule))
            painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        room = option.rect.adjusted(16, 7, -14, -7)
        bold, small = QFont(option.font), QFont(option.font)
        bold.setWeight(QFont.Weight.Bold)
        small.setPointSizeF(small.pointSizeF() - 1)
        if flagged:
            side = option.fontMetrics.height() * 0.8
            box = QRectF(room.right() - side, room.center().y() - side / 2, side, side)
            draw_mark(painter, Mark.FLAG, box, c)
            room.setRight(round(box.left()) - 6)
        painter.setFont(small)
        painter.setPen(c.caution if flagged else c.ink2)
        if beside:
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, beside
            )
            room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(beside) - 8)
        line = QRect(room.left(), room.top(), room.width(), option.fontMetrics.lineSpacing())
        if says:
            below = line.translated(0, line.height())
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, _cut(painter, says, below))
        painter.setFont(bold if is_chosen else option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        title = _cut(painter, index.data(_ROLE.DisplayRole), line)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()


def _cut(painter: QPainter, text: str, room: QRect) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())


class RecordsPage(QWidget):
    """A list of records, and the fields of the one that is chosen.

    Parameters
    ----------
    declared
        The setting that holds them.
    removes, adds
        What the buttons say that take one out, and add one; there is none to add if the content says which there are.

    Signals
    -------
    left : str, str
        The key of a field and another text than is kept.
    remove_requested : str
        The id of a record that is to be taken out.
    pasted : object, str
        A form, and several lines that were pasted into it.
    """

    left = Signal(str, str)
    remove_requested = Signal(str)
    pasted = Signal(object, str)

    # Whether several lines that are pasted are shown in their parts first.
    splits = False

    def __init__(self, declared: Declared, removes: str, adds: str = "") -> None:
        super().__init__()
        self.declared = declared
        self.settings = Settings()
        self.options: Options = {}
        self.form = FieldsForm((), {}, self)
        self.list = EntryList(tr(declared.title), self)
        self.list.setObjectName("entries")
        self.add, self.remove = Act(adds, self), Act(removes, self)
        self.add.setVisible(bool(adds))
        self.add.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.title, self.note = words("", "title"), words("", "small")
        self._lay_out()
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)

    def _lay_out(self) -> None:
        self.remove.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        holder = QWidget()
        self.place = vertical(holder, 0, 0, 0, 0)
        self.place.addWidget(self.form)
        area = sheet(self.title, self.note, holder, self.remove)
        left = vertical(spacing=0)
        left.addWidget(self.list, 1)
        if self.add.text():
            below = horizontal(None, 12, 8, 12, 8)
            below.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
            left.addLayout(below)
        layout = horizontal(self, 0, 0, 0, 0, spacing=0)
        layout.addLayout(left)
        layout.addWidget(area, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the larger part to the fields where the text is large."""
        super().resizeEvent(event)
        wide = self.fontMetrics().averageCharWidth() * _WIDTH
        self.list.setFixedWidth(min(wide, self.width() * 2 // 5))

    # -- what the kinds of records differ in -----------------------------------------------------

    def entries(self) -> Iterable[Entry]:
        """Return the lines of the list."""
        raise NotImplementedError

    def record(self, name: str) -> Part:
        """Return what is kept of a record; blank fields if nothing is."""
        raise NotImplementedError

    def note_of(self, name: str) -> str:
        """Return what is to be known of a record."""
        return ""

    def options_of(self, name: str) -> Options:
        """Return what the fields of a record can be."""
        return self.options

    def fixed(self, name: str) -> bool:
        """Whether there is nothing to fill in."""
        return False

    # -- showing ----------------------------------------------------------------------------------

    def show_settings(self, settings: Settings, options: Options) -> None:
        """Show what is kept now; fields that someone is about to fill in stay as they are."""
        self.settings, self.options = settings, options
        self.list.show_entries(self.entries())
        self._show_heading()

    def _show_heading(self) -> None:
        name = self.list.chosen
        kept = getattr(self.settings, self.declared.name)
        self.title.setText(self.list.currentItem().text() if name else "")
        self.note.setText(self.note_of(name) if name else "")
        self.note.setVisible(bool(self.note.text()))
        self.remove.setEnabled(name in kept)
        self.remove.setVisible(bool(name) and not self.fixed(name))

    @Slot()
    def _on_current_changed(self) -> None:
        # What was typed in the record before belongs to that one.
        self.form.commit()
        self.show_record()

    def show_record(self) -> None:
        """Show the fields of the record that is chosen, as they are kept."""
        name, old = self.list.chosen, self.form
        fields = () if not name or self.fixed(name) else fields_of(type(self.record(name)))
        self.form = FieldsForm(
            [f for f in fields if not f.of or self.options_of(name).get(f.of)],
            self.options_of(name),
            self,
        )
        if name:
            self.form.show_values(self.record(name).model_dump())
        self.form.setProperty("record", name)
        self.form.left.connect(self._on_left)
        self.form.pasted.connect(self.pasted)
        if self.splits:
            self.form.leave_lines()
        self.place.replaceWidget(old, self.form)
        self.form.show()
        in_order((self.add, *self.form.stops, self.remove))
        old.hide()
        old.deleteLater()
        self._show_heading()

    @Slot(str, str)
    def _on_left(self, field: str, text: str) -> None:
        form = self.sender()
        name = form.property("record") if isinstance(form, FieldsForm) else self.list.chosen
        self.left.emit(f"{self.declared.name}.{name}.{field}", text)

    @Slot()
    def _on_add(self) -> None:
        raise NotImplementedError

    @Slot()
    def _on_remove(self) -> None:
        self.remove_requested.emit(self.list.chosen)


class SendersPage(RecordsPage):
    """Who signs letters."""

    def __init__(self, declared: Declared) -> None:
        super().__init__(declared, tr("&Remove this sender…"), tr("&New sender"))
        self._fresh = ""

    def entries(self) -> Iterable[Entry]:
        names = self.options.get("senders", {})
        roles = self.options.get("referrer.role", {})
        for name, sender in self.settings.senders.items():
            yield Entry(name, names[name], sender.org or roles.get(sender.role, " "))
        if self._fresh and self._fresh not in self.settings.senders:
            yield Entry(self._fresh, tr("New sender"), tr("kept once a field is filled in"))

    def record(self, name: str) -> Sender:
        return self.settings.senders.get(name, Sender())

    def options_of(self, name: str) -> Options:
        others = {
            other: named
            for other, named in self.options.get("senders", {}).items()
            if other != name and not self.settings.senders[other].writes_for
        }
        # Whom another one writes for, signs.
        signs = any(sender.writes_for == name for sender in self.settings.senders.values())
        return {
            **self.options,
            "senders": {"": tr("Nobody")} | others if others and not signs else {},
        }

    def show_settings(self, settings: Settings, options: Options) -> None:
        """Show what is kept now; what was new is one of the others once it is kept."""
        if self._fresh in settings.senders:
            self._fresh = ""
        super().show_settings(settings, options)

    @Slot()
    def _on_add(self) -> None:
        self._fresh = new_id(self.settings.senders)
        self.show_settings(self.settings, self.options)
        self.list.choose(self._fresh)
        stops_in(self.form)[0].setFocus()


class RecipientsPage(RecordsPage):
    """Where letters go.

    Parameters
    ----------
    recipients
        The services that the content knows, by id.
    """

    splits = True

    def __init__(self, declared: Declared, recipients: Mapping[str, Recipient]) -> None:
        super().__init__(declared, tr("&Remove this address…"), tr("&Another address"))
        self._recipients = recipients
        self._fresh = ""

    def entries(self) -> Iterable[Entry]:
        for name, recipient in self._recipients.items():
            if recipient.stays:
                yield Entry(name, recipient.name, tr("filed by its own sender"))
                continue
            for addressee in self._addressees(name):
                place = self.settings.address_of(addressee)
                if place.address.strip():
                    yield Entry(addressee, recipient.name, place.called)
                else:
                    yield Entry(addressee, recipient.name, NO_ADDRESS, flagged=True)

    def _addressees(self, service: str) -> tuple[str, ...]:
        """Return the keys under which addresses of a service stand, and those that are about to."""
        kept = [name for name in self.settings.recipients if service_of(name) == service]
        fresh = [self._fresh] if service_of(self._fresh) == service else []
        return tuple(dict.fromkeys((*(kept or [service]), *fresh)))

    def record(self, name: str) -> Address:
        return self.settings.address_of(name)

    def note_of(self, name: str) -> str:
        return self._recipients[service_of(name)].says

    def fixed(self, name: str) -> bool:
        return self._recipients[service_of(name)].stays

    def show_settings(self, settings: Settings, options: Options) -> None:
        """Show what is kept now; what was new is one of the others once it is kept."""
        if self._fresh in settings.recipients:
            self._fresh = ""
        super().show_settings(settings, options)

    @Slot()
    def _on_add(self) -> None:
        service = service_of(self.list.chosen)
        if self.fixed(service):
            return
        kept = [name for name in self.settings.recipients if service_of(name) == service]
        # The first one has no number; none that was removed comes back as another place.
        last = max((int(name.partition(":")[2] or 1) for name in kept), default=0)
        self._fresh = f"{service}:{last + 1}" if kept else service
        self.show_settings(self.settings, self.options)
        self.list.choose(self._fresh)
        stops_in(self.form)[0].setFocus()

    @property
    def missing(self) -> int:
        """How many have no address."""
        return sum(entry.flagged for entry in self.entries())
