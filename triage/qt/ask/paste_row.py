"""One line of a pasted report, painted: left as it was pasted, right what it becomes."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from triage.content.entry import measured_text
from triage.content.ranges import crossed, reference_range
from triage.letter.words.said.line import Mark
from triage.model.numbers import spelled
from triage.qt.parts.colours import Colours, colours
from triage.qt.parts.marks import draw_mark
from triage.qt.parts.words import tr
from triage.session.paste import Meaning, Preview, Take

Index = QModelIndex | QPersistentModelIndex
_PAD, _GAP, _CHIP_PAD = 6, 7, 8
_MARKS = {"records": Mark.DONE, "serves": Mark.DONE, "asks": Mark.NONE, "waits": Mark.OPEN}
_LEFT_OUT = tr("left out; Delete takes it in again")
_TO_NOTES = tr("the whole line goes to the notes")


class Piece(NamedTuple):
    """A text at its place in a line.

    Parameters
    ----------
    text
        What it says.
    box
        Where.
    bold
        Whether it is set in bold.
    ink
        Its colour: ``text``, ``muted`` or ``urgent``.
    chip
        The digit that chooses it; 0: it only stands there.
    is_chosen
        Whether it was chosen.
    """

    text: str
    box: QRect
    bold: bool = False
    ink: str = "ink"
    chip: int = 0
    is_chosen: bool = False


def left_of(width: int) -> int:
    """Return where the right half begins."""
    return max(220, width * 39 // 100)


def told(take: Take, sex: str) -> tuple[str, str, list[tuple[str, bool]]]:
    """Return name and value of a result, and what else is recorded of it; true is set in bold."""
    question, item = take.question, take.item
    value = next((o.label for o in question.options if o.id == item.option), "")
    value = value or measured_text(item, unit=True)
    more = [(item.date.words() if item.date else tr("no date"), False)]
    if item.low is not None or item.high is not None:
        low, high = ("" if end is None else spelled(end) for end in (item.low, item.high))
        more.append((f"{low}–{high}" if low and high else f">{low}" if low else f"<{high}", False))
    if take.is_bare:
        more.append((tr("unit of the form"), False))
    if item.value is not None:
        side, beyond = crossed(question, item, sex)
        if beyond and getattr(item, side) is None:
            limit = getattr(reference_range(question, item, sex), side)
            more.append((f"limit {spelled(limit)} {question.unit}".strip(), False))
        more += [(side, True)] if beyond else []
    if take.replaces is not None:
        more.append(
            (tr("instead of {replaces}", replaces=measured_text(take.replaces, unit=True)), False)
        )
    return question.label.rstrip("?"), value, more


def recorded(meaning: Meaning, sex: str) -> list[tuple[str, str, list[tuple[str, bool]]]]:
    """Return name, value and what is said beside it of all that a meaning records."""
    lines = [(name, value, [(note, False)] if note else []) for name, value, note in meaning.lines]
    return [*(told(take, sex) for take in meaning.takes), *lines]


def words(preview: Preview, at: int, sex: str) -> str:
    """Return what a screen reader says of a line."""
    entry, shown = preview.entries[at], preview.shown(at)
    parts = [tr("Line {line}: {strip}", line=entry.line, strip=entry.text.strip())]
    match shown:
        case "records":
            for name, value, more in recorded(entry.chosen, sex) if entry.chosen else ():
                parts.append(
                    tr("will be recorded: ") + ", ".join((name, value, *(t for t, _ in more)))
                )
            parts += entry.checks
            parts += [tr("not recorded with it: {said}", said=entry.said)] if entry.said else []
        case "asks":
            meanings = (f"{n} {m.says}" for n, m in enumerate(entry.meanings, start=1))
            parts += (f"asks: {entry.says}", *meanings)
        case "out":
            parts.append(_LEFT_OUT)
        case _:
            parts += (entry.says, *entry.checks)
    if preview.is_note(at):
        parts.append(_TO_NOTES)
    return ". ".join(parts)


def _wrapping(text: str, metrics: QFontMetrics, width: int) -> int:
    """Return how a text wraps: between words, and inside one only if it is longer than a line."""
    longest = max(text.split(), key=len, default="")
    anywhere = metrics.horizontalAdvance(longest) > width
    return int(Qt.TextFlag.TextWrapAnywhere if anywhere else Qt.TextFlag.TextWordWrap)


class _Setter:
    """Sets the pieces of one line, from left to right and from line to line."""

    def __init__(self, left: int, width: int, font: QFont) -> None:
        self.pieces: list[Piece] = []
        self._left, self._right = left, max(width - _PAD, left + 80)
        self._plain = QFontMetrics(font)
        bold = QFont(font)
        bold.setWeight(QFont.Weight.Bold)
        self._bold = QFontMetrics(bold)
        self.height = self._plain.height()
        self._x, self._y = left, _PAD
        self._line = self.height

    def _metrics(self, bold: bool) -> QFontMetrics:
        return self._bold if bold else self._plain

    def put(self, text: str, *, bold: bool = False, ink: str = "ink", at: int = 0) -> None:
        """Put a text on the line, at `at` if there is room; what does not fit goes on below."""
        self._x = max(self._x, at)
        width = self._metrics(bold).horizontalAdvance(text)
        if self._x + width > self._right and self._x > self._left:
            self.end()
        if self._x + width > self._right:
            self.wrap(text, bold=bold, ink=ink)
            return
        box = QRect(self._x, self._y, width + 2, self.height)
        self.pieces.append(Piece(text, box, bold, ink))
        self._x += width + _GAP

    def wrap(self, text: str, *, bold: bool = False, ink: str = "ink2") -> None:
        """Put a text of several lines below what stands there."""
        if self._x > self._left:
            self.end()
        room = QRect(self._left, self._y, self._right - self._left, 10_000)
        metrics = self._metrics(bold)
        box = metrics.boundingRect(room, _wrapping(text, metrics, room.width()), text)
        self.pieces.append(
            Piece(text, QRect(self._left, self._y, room.width(), box.height()), bold, ink)
        )
        self._y += box.height() + 2
        self._x, self._line = self._left, self.height

    def chip(self, number: int, text: str, *, is_chosen: bool) -> None:
        """Put a reading that can be chosen, with its digit."""
        metrics = self._bold if is_chosen else self._plain
        width = self._bold.horizontalAdvance(f"{number} ") + metrics.horizontalAdvance(text)
        width = min(width + 2 * _CHIP_PAD + 4, self._right - self._left)
        if self._x + width > self._right and self._x > self._left:
            self.end()
            self._y += 4
        box = QRect(self._x, self._y - 3, width, self.height + 6)
        self.pieces.append(Piece(text, box, is_chosen, chip=number, is_chosen=is_chosen))
        self._x += width + 6
        self._line = self.height + 3

    def end(self, more: int = 0) -> None:
        """Go on below, with so many pixels `more` between."""
        if self._x > self._left:
            self._y += self._line + 2
        self._y += more
        self._x, self._line = self._left, self.height

    @property
    def bottom(self) -> int:
        """Where the line ends."""
        return max((piece.box.bottom() for piece in self.pieces), default=self.height) + _PAD


def pieces_of(
    preview: Preview, at: int, width: int, font: QFont, sex: str
) -> tuple[list[Piece], int]:
    """Return the pieces of one line and its height."""
    entry, left = preview.entries[at], left_of(width)
    pasted = _Setter(_PAD, left - 40, font)
    if _is_first(preview, at):
        pasted.wrap(entry.text.strip().replace("\t", "    "))
    becomes = _Setter(left, width, font)
    _set_right(becomes, preview, at, sex, left, width)
    height = max(pasted.bottom, becomes.bottom, becomes.height + 2 * _PAD)
    return [*pasted.pieces, *becomes.pieces], height


def _set_right(setter: _Setter, preview: Preview, at: int, sex: str, left: int, width: int) -> None:
    entry, shown = preview.entries[at], preview.shown(at)
    if shown == "records" and entry.chosen is not None:
        for name, value, more in recorded(entry.chosen, sex):
            setter.end()
            setter.put(name, bold=any(bold for _, bold in more))
            setter.put(value, bold=True, at=left + (width - left) * 25 // 100)
            for n, (text, bold) in enumerate(more):
                ink = "ink" if bold else "ink2"
                if n == 0:
                    setter.put(text, ink=ink, at=left + (width - left) * 51 // 100)
                else:
                    setter.put(f"· {text}", bold=bold, ink=ink)
    elif shown == "out":
        setter.put(_LEFT_OUT, ink="ink2")
    elif shown == "asks":
        name = ", ".join(dict.fromkeys(t.question.label for m in entry.meanings for t in m.takes))
        if name:
            setter.put(name, bold=True)
        setter.put(entry.says)
    elif shown == "serves" and entry.chosen is not None:
        setter.put(tr("date of these lines: {says}", says=entry.chosen.says), ink="ink2")
    else:
        setter.put(entry.says, ink="ink2")
    if entry.state == "asks" and shown != "out":
        if shown == "records":
            setter.end(4)
        for number, meaning in enumerate(entry.meanings, start=1):
            setter.chip(number, meaning.says, is_chosen=entry.chosen is meaning)
    if shown in ("records", "serves"):
        for check in entry.checks:
            setter.wrap(check, ink="caution")
    if entry.said and shown == "records":
        setter.wrap(tr("not recorded with it: {said}", said=entry.said))
    if preview.is_note(at) and _is_first(preview, at):
        setter.wrap(_TO_NOTES, ink="ink")


def _is_first(preview: Preview, at: int) -> bool:
    """Whether an entry is the first of its line, which is shown once."""
    return at == 0 or preview.entries[at - 1].line != preview.entries[at].line


class PasteDelegate(QStyledItemDelegate):
    """Paints lines of a preview, and gives them a field to edit what was pasted.

    Parameters
    ----------
    preview
        The report.
    sex
        The recorded sex, on which ranges depend.
    view
        The list.
    """

    def __init__(self, preview: Preview, sex: str, view: QWidget) -> None:
        super().__init__(view)
        self._preview = preview
        self._sex = sex
        self._view = view

    def _pieces(self, row: int, width: int, font: QFont) -> tuple[list[Piece], int]:
        return pieces_of(self._preview, row, width, font, self._sex)

    def chip_at(self, row: int, point: QPointF, width: int, font: QFont) -> int:
        """Return the digit of the reading at a point of a line; 0 if there is none."""
        pieces, _ = self._pieces(row, width, font)
        hit = (piece.chip for piece in pieces if piece.chip and piece.box.contains(point.toPoint()))
        return next(hit, 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size that shows the whole line."""
        width = self._view.width()
        return QSize(80, self._pieces(index.row(), width, option.font)[1])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line."""
        row, box = index.row(), option.rect
        c = colours(option.palette)
        shown = self._preview.shown(row)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, _ground(c, shown == "asks", is_current))
        if is_current:
            painter.fillRect(QRect(box.left(), box.top(), 4, box.height()), QColor(c.accent))
        painter.setPen(QColor(c.rule))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.translate(box.topLeft())
        self._paint_mark(painter, row, left_of(box.width()) - 26, option, c)
        for piece in self._pieces(row, box.width(), option.font)[0]:
            _paint_piece(painter, piece, option.font, c)
        painter.restore()

    def _paint_mark(
        self, painter: QPainter, row: int, x: int, option: QStyleOptionViewItem, c: Colours
    ) -> None:
        side = option.fontMetrics.height()
        box = QRectF(x, _PAD, side, side).adjusted(2, 2, -2, -2)
        shown = self._preview.shown(row)
        if shown == "asks":
            font = QFont(option.font)
            font.setWeight(QFont.Weight.Bold)
            painter.setFont(font)
            painter.setPen(QColor(c.caution))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "?")
        else:
            ink = QColor(c.ink)
            is_odd = shown == "records" and bool(self._preview.entries[row].checks)
            mark = Mark.CAUTION if is_odd else _MARKS.get(shown, Mark.MINUS)
            draw_mark(painter, mark, box, c, None if is_odd else ink)

    # -- editing --------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a field for the line as it was pasted."""
        editor = QLineEdit(parent)
        line = self._preview.entries[index.row()].line
        editor.setAccessibleName(tr("Line {line} as it was pasted", line=line))
        editor.setAccessibleDescription(tr("Enter reads it again, Esc leaves it as it was"))
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Lay the field over the whole line: a message of a laboratory is long."""
        height = editor.sizeHint().height()
        editor.setGeometry(option.rect.left(), option.rect.top(), option.rect.width(), height)


def _ground(c: Colours, asks: bool, is_current: bool) -> QColor:
    if is_current:
        return QColor(c.tint)
    return QColor(c.caution_paper if asks else c.paper)


def _paint_piece(painter: QPainter, piece: Piece, font: QFont, c: Colours) -> None:
    made = QFont(font)
    made.setWeight(QFont.Weight.Bold if piece.bold else QFont.Weight.Normal)
    ink = QColor(getattr(c, piece.ink))
    box = piece.box
    if piece.chip:
        edge = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(c.chosen if piece.is_chosen else c.border), 1))
        painter.setBrush(QColor(c.chosen if piece.is_chosen else c.paper))
        painter.drawRoundedRect(edge, 3, 3)
        ink = QColor(c.on_chosen) if piece.is_chosen else ink
        digit = QFont(font)
        digit.setWeight(QFont.Weight.Bold)
        painter.setFont(digit)
        painter.setPen(ink)
        number = f"{piece.chip} "
        room = box.adjusted(_CHIP_PAD, 0, -_CHIP_PAD, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), number)
        box = room.adjusted(QFontMetrics(digit).horizontalAdvance(number) + 3, 0, 0, 0)
        painter.setFont(made)
        text = QFontMetrics(made).elidedText(piece.text, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), text)
        return
    painter.setFont(made)
    painter.setPen(ink)
    flags = _wrapping(piece.text, QFontMetrics(made), box.width())
    painter.drawText(box, flags, piece.text)
