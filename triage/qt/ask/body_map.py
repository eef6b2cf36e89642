"""The body map: the figure of the letter beside a list with sides, to be pressed and marked as the letter marks it.

It keeps no answer and takes no focus of its own. What is pressed is an option of the list, whose button has the focus.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from math import cos, hypot, pi, sin
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPixmapCache,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from triage.content.schema import Question
from triage.letter.figure import (
    HALF_WIDE,
    HIGH,
    OUTSIDE,
    SPOTS,
    Figure,
    Mark,
    Placed,
    Side,
    Sign,
    View,
    outline,
    regions,
)
from triage.qt.parts.accessible import Group
from triage.qt.parts.colours import Colours, colours
from triage.qt.parts.flow import scaled
from triage.qt.parts.words import tr
from triage.session import Session

VIEWS: tuple[View, View] = ("front", "back")
# How high a figure is at the most, whatever the size of the text: more would not be seen at once.
_HIGHEST = 304
# How wide a column of labels never is, in pixels at the usual size of the text.
_NO_COLUMN = 290
# How large a sign is, in units of the figure: as far as signs are kept apart.
_SIGN = 8.0
# From the midline of a figure to the end of its room, in units of the figure: only in front marks lie outside the arms.
_ROOMS: Mapping[View, float] = {"front": HALF_WIDE + OUTSIDE + 1, "back": HALF_WIDE + 1}
_WIDE = 2 * sum(_ROOMS.values())
# Where a mouse went between two places that it told of, in pixels.
_STEP = 3.0
# How much farther a place seems to be that lies aside of an arrow: along the body one stays on a limb.
_ASIDE, _ASIDE_OF_BODY = 1.5, 3.0
_ARROWS: Mapping[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
FACING = tr("As you face the patient")


class Place(NamedTuple):
    """A region of the map: on which figure, at which spot, of which side."""

    view: View
    spot: str
    side: Side


class _Shape(NamedTuple):
    """A region as it lies in its figure: where one presses, and what of the body is in it."""

    pressed: QPainterPath
    drawn: QPainterPath


class _Entry(NamedTuple):
    """What a sign means: in words, the list that it marks if one marks that here, and where it stands."""

    sign: Sign
    words: str
    name: str
    left: int
    wide: int
    line: int


def _turned(view: View) -> int:
    """Return where the patient's left is: from the front on the right, from behind on the left."""
    return -1 if view == "back" else 1


@cache
def body() -> QPainterPath:
    """Return the outline of the figure."""
    begin, curves = outline()
    path = QPainterPath(QPointF(*begin))
    for curve in curves:
        path.cubicTo(*(QPointF(*point) for point in curve))
    path.closeSubpath()
    return path


@cache
def shapes(view: View) -> Mapping[Place, _Shape]:
    """Return the regions of the figure of a view as they lie on the screen."""
    found = {}
    for region in regions(view):
        pressed = QPainterPath()
        pressed.addPolygon(QPolygonF([QPointF(_turned(view) * x, y) for x, y in region.points]))
        pressed.closeSubpath()
        found[Place(view, region.spot, region.side)] = _Shape(pressed, pressed.intersected(body()))
    return found


class BodyMap(QWidget):
    """The two figures with the marks of all lists that have places, to mark one of these.

    Parameters
    ----------
    session
        The case.
    question
        The list that is marked here.

    Signals
    -------
    touched : object
        A place was pressed, or is under the mouse that goes over the map: nothing is recorded by that.
    toggled : object
        A place was clicked.
    swept : object
        The mouse was pressed, moved over these places and released.
    layer_wished : str
        Another list is to be marked: its id.
    """

    touched = Signal(object)
    toggled = Signal(object)
    swept = Signal(object)
    layer_wished = Signal(str)
    heard = Group

    def __init__(self, session: Session, question: Question, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self.question = session, question
        chart, form = session.chart, session.form
        self.layers = list(chart.layers(form))
        self.options = chart.options_at(question)
        self.places = [
            place for view in VIEWS for place in shapes(view) if place.spot in self.options
        ]
        self._names = {spot.id: spot.name for spot in chart.spots.values()}
        # The marks that were painted last, and where they stood.
        self._painted: tuple[Mark, ...] | None = None
        self._placed: tuple[Placed, ...] = ()
        self._laid, self._entries = (-1, ""), list[_Entry]()
        # Under the pressed mouse so far, and where it was last; None while it is not pressed.
        self._passed: list[Place] | None = None
        self._began_at: Place | None = None
        self._last = QPointF()
        # Under the mouse that is not pressed.
        self._under: Place | None = None
        self.setMouseTracking(True)
        # Where the focus is, asked while it paints.
        self.focused: Callable[[], Collection[Place]] = lambda: ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.layer = next(sign.name for sign, listed in self.layers if listed is question)
        self.setAccessibleName(tr("Body map, {layer}", layer=self.layer))
        self.setAccessibleDescription(tr("Each place on it is a check box of the list"))

    # -- what it shows --------------------------------------------------------------------------

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is shown: of all lists, as the letter's chart has it."""
        return self._session.marks

    def refresh(self) -> None:
        """Show what the session holds."""
        if self._painted != self.marks:
            self.update()

    def name_of(self, place: Place) -> str:
        """Return what a place is called."""
        name = self._names[place.spot]
        return name if place.side == "none" else f"{place.side} {name}"

    # -- room -----------------------------------------------------------------------------------

    @property
    def has_room(self) -> bool:
        """Whether there is room for it: where labels stand above their answers it would push these out of sight."""
        return self.height() > 0

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width >= scaled(self, _NO_COLUMN):
            return 0
        below = (self._legend(width)[-1].line + 2) * self._metrics.lineSpacing()
        return round(HIGH * self._scale(width)) + 3 * self._gap + below

    def _scale(self, width: int) -> float:
        return min(width / _WIDE, _HIGHEST / HIGH)

    @property
    def _gap(self) -> int:
        return scaled(self, 6)

    @property
    def _font(self) -> QFont:
        made = QFont(self.font())
        made.setPointSizeF(made.pointSizeF() * 12.5 / 14)
        return made

    @property
    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._font)

    def _middle(self, view: View, width: int) -> float:
        """Return where the midline of a figure is."""
        scale = self._scale(width)
        return scale * (_ROOMS[view] + (2 * _ROOMS["front"] if view == "back" else 0))

    def at(self, place: Place) -> QPointF:
        """Return where the middle of a place is, in pixels: where the letter has a mark that stands there alone."""
        spot, scale = SPOTS[place.spot], self._scale(self.width())
        across = spot.x * _turned(place.view) * (-1 if place.side == "right" else 1)
        return QPointF(
            self._middle(place.view, self.width()) + across * scale, self._gap + spot.y * scale
        )

    def place_at(self, at: QPointF) -> Place | None:
        """Return the place that one presses at a point in pixels."""
        scale = self._scale(self.width())
        for place in self.places if self.has_room else ():
            middle = self._middle(place.view, self.width())
            point = QPointF((at.x() - middle) / scale, (at.y() - self._gap) / scale)
            if shapes(place.view)[place].pressed.contains(point):
                return place
        return None

    def beside(self, here: Place, key: int) -> Place | None:
        """Return where a key leads from a place: the nearest one as the eye goes; None if it is no such key."""
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return self.places[0 if key == Qt.Key.Key_Home else -1]
        arrow = _ARROWS.get(key)
        if arrow is None:
            return None
        start = self.at(here)
        aside = _ASIDE if arrow[0] else _ASIDE_OF_BODY

        def far(place: Place) -> tuple[float, float]:
            """Return how far a place lies along the arrow, and aside of it."""
            way = self.at(place) - start
            along = way.x() * arrow[0] + way.y() * arrow[1]
            return along, abs(way.x() * arrow[1]) + abs(way.y() * arrow[0])

        there = {place: far(place) for place in self.places}
        ahead = [
            place
            for place, (along, across) in there.items()
            if along > max(1, across / (5 if arrow[0] else 2))
        ]
        return min(ahead, key=lambda p: there[p][0] + aside * there[p][1], default=here)

    # -- the mouse ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._last = event.position()
        self._began_at = place = self.place_at(self._last)
        self._passed = [place] if place else []
        if place:
            self.touched.emit(place)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._passed is not None and not event.buttons() & Qt.MouseButton.LeftButton:
            # It was let go where nobody heard of it, as under a question that came up: that ticks nothing.
            self._passed = None
            self.update()
        if self._passed is None:
            self._point_to(self.place_at(event.position()))
            return
        way = event.position() - self._last
        steps = max(1, round(hypot(way.x(), way.y()) / _STEP))
        for n in range(1, steps + 1):
            place = self.place_at(self._last + way * n / steps)
            if place and place not in self._passed:
                self._passed.append(place)
                self.touched.emit(place)
        self._last = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_to(None)

    def _point_to(self, place: Place | None) -> None:
        """Show what a click would mean."""
        if place != self._under:
            self._under = place
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._passed is None:
            event.ignore()
            return
        passed, self._passed = self._passed, None
        place = self.place_at(event.position())
        self.update()
        if passed != [self._began_at]:
            if passed:
                self.swept.emit(passed)
            elif name := self._layer_at(event.position()):
                self.layer_wished.emit(name)
        elif place == self._began_at:
            # Who moves off before letting go has thought better of it.
            self.toggled.emit(place)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.name_of(place) if place else "", self)
            return True
        return super().event(event)

    def _layer_at(self, at: QPointF) -> str:
        """Return the list whose name in the legend is at a point."""
        high = self._metrics.lineSpacing()
        top = self._gap * 2 + HIGH * self._scale(self.width())
        for each in self._legend(self.width()):
            if each.name and QRectF(each.left, top + each.line * high, each.wide, high).contains(
                at
            ):
                return each.name
        return ""

    # -- painting -------------------------------------------------------------------------------

    def _legend(self, width: int) -> list[_Entry]:
        """Return what the signs mean, and where that stands: asked at each step of a layout."""
        # A font has another key at another size.
        laid = (width, self.font().key())
        if laid != self._laid:
            self._laid, self._entries = laid, list(self._entries_in(width))
        return self._entries

    def _entries_in(self, width: int) -> Iterator[_Entry]:
        bold = QFont(self._font)
        bold.setWeight(QFont.Weight.Bold)
        metrics, high = QFontMetrics(bold), self._metrics.lineSpacing()
        numbers = {sign.sign: n for n, (sign, _) in enumerate(self.layers, start=1)}
        lists = {sign.sign: question.id for sign, question in self.layers}
        x = line = 0
        for sign in self._session.chart.signs:
            number = f"{numbers[sign.sign]} " if len(numbers) > 1 and sign.sign in numbers else ""
            words = f"{number}{sign.name}"
            wide = high + metrics.horizontalAdvance(words)
            if x and x + wide > width:
                x, line = 0, line + 1
            yield _Entry(sign.sign, words, lists.get(sign.sign, ""), x, wide, line)
            x += wide + self._gap * 2

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.has_room:
            return
        if self._painted != self.marks:
            self._painted = self.marks
            self._placed = tuple(Figure(self.marks, (), "").placed())
        c = colours(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        scale = self._scale(self.width())
        size = _SIGN * scale
        ringed = self.focused()
        for view in VIEWS:
            painter.save()
            painter.translate(self._middle(view, self.width()), self._gap)
            self._paint_letters(painter, c, view, scale)
            drawn = self._drawn(c, view, scale)
            painter.drawPixmap(QPointF(-_ROOMS[view] * scale, -self._gap), drawn)
            painter.scale(scale, scale)
            for place in self.places:
                if place.view != view:
                    continue
                if place in (self._passed or ()):
                    _stroke(painter, shapes(view)[place].drawn, c.accent, 2, Qt.PenStyle.DashLine)
                elif place in ringed:
                    _stroke(painter, shapes(view)[place].drawn, c.accent, c.ring)
                elif place == self._under and self.isEnabled():
                    _stroke(painter, shapes(view)[place].drawn, c.ink2, 1.2)
            painter.restore()
            for mark in self._placed:
                if mark.view == view:
                    x = self._middle(view, self.width()) + _turned(view) * mark.x * scale
                    box = QRectF(0, 0, size, size)
                    box.moveCenter(QPointF(x, self._gap + mark.y * scale))
                    draw_sign(painter, mark.sign, box, c)
        self._paint_legend(painter, c, self._gap * 2 + HIGH * scale)
        painter.end()

    def _paint_letters(self, painter: QPainter, c: Colours, view: View, scale: float) -> None:
        painter.setPen(QColor(c.ink))
        metrics, far = painter.fontMetrics(), HALF_WIDE * scale
        left, right = ("L", "R") if view == "back" else ("R", "L")
        down = metrics.ascent()
        painter.drawText(QPointF(-far, down), left)
        painter.drawText(QPointF(far - metrics.horizontalAdvance(right), down), right)

    def _drawn(self, c: Colours, view: View, scale: float) -> QPixmap:
        """Return a figure without marks, drawn once for a size and a scheme: dotted lines take milliseconds."""
        ratio = self.devicePixelRatioF()
        key = f"figure {view} {scale} {ratio} {c.ground} {c.border}"
        drawn = QPixmap()
        if QPixmapCache.find(key, drawn):
            return drawn
        wide, high = 2 * _ROOMS[view] * scale, HIGH * scale + 2 * self._gap
        drawn = QPixmap((QSizeF(wide, high) * ratio).toSize())
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(_ROOMS[view] * scale, self._gap)
        painter.scale(scale, scale)
        painter.fillPath(body(), QColor(c.ground))
        for shape in shapes(view).values():
            _stroke(painter, shape.drawn, c.border, 1, Qt.PenStyle.DotLine)
        _stroke(painter, body(), c.border, 1.2)
        painter.end()
        QPixmapCache.insert(key, drawn)
        return drawn

    def _paint_legend(self, painter: QPainter, c: Colours, top: float) -> None:
        font = self._font
        metrics = QFontMetrics(font)
        high, line = metrics.lineSpacing(), 0
        for each in self._legend(self.width()):
            line, y = each.line, top + each.line * high
            box = QRectF(each.left, y, high * 0.8, high).adjusted(0, high * 0.1, 0, -high * 0.1)
            draw_sign(painter, each.sign, box, c)
            is_here = each.name == self.question.id
            font.setWeight(QFont.Weight.Bold if is_here else QFont.Weight.Normal)
            painter.setFont(font)
            painter.setPen(QColor(c.ink))
            painter.drawText(QPointF(each.left + high, y + metrics.ascent()), each.words)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(c.ink2))
        painter.drawText(QPointF(0, top + (line + 1) * high + metrics.ascent()), FACING)


def _stroke(
    painter: QPainter,
    path: QPainterPath,
    colour: str,
    wide: float,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    pen = QPen(QColor(colour), wide, style)
    pen.setCosmetic(True)
    painter.strokePath(path, pen)


def draw_sign(painter: QPainter, sign: Sign, box: QRectF, c: Colours) -> None:
    """Draw a sign as the letter has it."""
    size = min(box.width(), box.height())
    middle, ink = box.center(), QColor(c.ink)
    painter.save()
    painter.setPen(QPen(ink, size * 0.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match sign:
        case "ring":
            painter.setBrush(QColor(c.paper))
            painter.drawEllipse(middle, size * 0.36, size * 0.36)
        case "star":
            radii = (size * 0.5, size * 0.21)
            points = [
                middle + QPointF(sin(pi * n / 6), -cos(pi * n / 6)) * radii[n % 2]
                for n in range(12)
            ]
            painter.setPen(QPen(ink, 0.5))
            painter.setBrush(ink)
            painter.drawPolygon(QPolygonF(points))
        case "hatch":
            painter.setPen(QPen(ink, size * 0.1))
            painter.setBrush(QColor(c.paper))
            wide, high = size * 0.38, size * 0.6
            painter.drawEllipse(middle, wide, high)
            for n in range(-2, 3):
                across = wide * (1 - (n / 3) ** 2) ** 0.5
                y = n * high / 3
                painter.drawLine(middle + QPointF(-across, y), middle + QPointF(across, y))
        case "asterisk":
            for n in range(3):
                arm = QPointF(sin(pi * n / 3), cos(pi * n / 3)) * size * 0.46
                painter.drawLine(middle - arm, middle + arm)
        case "bars":
            for y in (-0.22, 0.22):
                left, right = QPointF(-0.38, y) * size, QPointF(0.38, y) * size
                painter.drawLine(middle + left, middle + right)
        case "cross":
            for arm in (QPointF(0.34, 0.34), QPointF(0.34, -0.34)):
                painter.drawLine(middle - arm * size, middle + arm * size)
        case "dot":
            painter.setPen(QPen(QColor(c.paper), size * 0.12))
            painter.setBrush(ink)
            painter.drawEllipse(middle, size * 0.46, size * 0.46)
    painter.restore()
