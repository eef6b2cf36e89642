"""The body chart as data: outline, regions, spots and marks. The letter's page and the map in the window draw it.

Lengths are in units of which the figure is 200 high, from its midline to the patient's left and from its head down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import floor, hypot
from typing import Literal, NamedTuple

HIGH = 200.0
# From the midline to the tip of the fingers.
HALF_WIDE = 40.6
# Two marks at one spot lie so far apart along the limb, and one of weakness so far outside it.
APART, OUTSIDE = 17.0, 9.0
# Two marks touch that are no further apart; one gives way to the nearest place of these.
_CLEAR, _STEP, _FAR = 8.0, 2, 24
# How wide and high a field is beyond whose neighbours nothing touches a mark in it.
_FIELD = _CLEAR / 0.8
# How far from crown and sole a mark stays.
_EDGE = 5.0
_SHIFTS = sorted(
    ((x, y) for x in range(-_FAR, _FAR + 1, _STEP) for y in range(-_FAR, _FAR + 1, _STEP)),
    key=lambda shift: (hypot(*shift), shift),
)

View = Literal["front", "back"]
Side = Literal["left", "right", "none"]
# A letter has the first four; the map in the window has all.
Sign = Literal["ring", "star", "hatch", "dot", "asterisk", "bars", "cross"]
LETTER_SIGNS: tuple[Sign, ...] = ("ring", "star", "hatch", "dot")
Point = tuple[float, float]

# From the crown to the armpit, and on down the trunk and the leg to the groin: the armpit is a corner.
_ARM: tuple[Point, ...] = (
    *((0, 2), (5.6, 3.6), (8.2, 9.5), (7.6, 15.5), (4.9, 20.6), (4.7, 25.6), (8, 28.6)),
    *((15.5, 31), (20.2, 34.2), (22.6, 40), (24.4, 50), (26, 60), (28.4, 70), (31.6, 82)),
    *((35, 94), (37.8, 100), (40.4, 107), (40.6, 113), (38.6, 117), (36.4, 113.6)),
    *((34.8, 107), (33.2, 101.4), (31.6, 96), (27.6, 84.5), (23.8, 74), (21, 64)),
    *((18.6, 52), (17.4, 47)),
)
_LEG: tuple[Point, ...] = (
    *((17.4, 47), (17.6, 52), (17, 62), (15.6, 74), (16.2, 84), (18.2, 95), (18.8, 108)),
    *((17.6, 122), (15, 136), (14, 146), (15, 156), (14.4, 166), (11.6, 178), (10, 187)),
    *((11.6, 193), (13.8, 197.6), (8.6, 199), (4.6, 198), (4.4, 190), (4.4, 182)),
    *((3.6, 170), (2.6, 158), (3.4, 147), (3.2, 138), (1.8, 124), (0.8, 110), (0, 104)),
)
# How far a control point lies from its end, as a share of the chord beside it (Catmull-Rom).
_TENSION = 0.168


class Curve(NamedTuple):
    """A piece of the outline from where the one before ended: two control points and its end."""

    first: Point
    second: Point
    end: Point


class Spot(NamedTuple):
    """Where a mark stands: on the patient's left half, or on the midline; and on which figure."""

    x: float
    y: float
    view: View = "front"

    @property
    def is_midline(self) -> bool:
        """Whether it is of neither side."""
        return self.x == 0


SPOTS: Mapping[str, Spot] = {
    "face": Spot(0, 11),
    "tongue": Spot(0, 17),
    "neck": Spot(0, 26),
    "shoulder": Spot(17, 37),
    "upper_arm": Spot(22, 49),
    "forearm": Spot(30, 84),
    "hand": Spot(38, 107),
    "chest": Spot(0, 52),
    "trunk": Spot(0, 70),
    "flank": Spot(12, 80),
    "thigh": Spot(10, 122),
    "knee": Spot(9.2, 143),
    "shin": Spot(9.6, 158),
    "foot": Spot(8.6, 193),
    "back": Spot(0, 60, "back"),
    "buttock": Spot(9, 100, "back"),
    "hamstring": Spot(10, 126, "back"),
    "calf": Spot(9.6, 158, "back"),
}


# Where the shoulder, the elbow and the wrist end, and the groin, the knee and the ankle: limbs are divided there.
_SHOULDER: tuple[Point, ...] = ((9, 27), (30, 27), (32, 43), (17.5, 43), (12, 43), (9, 36))
_UPPER_ARM: tuple[Point, ...] = ((17.5, 43), (32, 43), (37, 67), (19.5, 67), (18.1, 52))
_FOREARM: tuple[Point, ...] = ((19.5, 67), (37, 67), (45, 99), (25.5, 99), (20.5, 84))
_HAND: tuple[Point, ...] = ((26, 99), (45, 99), (48, 108), (48, 123), (27, 123))
_KNEE: tuple[Point, ...] = ((0, 135), (22, 135), (22, 150), (0, 150))
_LOWER_LEG: tuple[Point, ...] = ((0, 150), (22, 150), (22, 184), (0, 184))
_FOOT: tuple[Point, ...] = ((0, 184), (22, 184), (22, 205), (0, 205))
# The region of each spot, on the patient's left half: wider than the body, which is narrow for a finger or a mouse.
# What is alike from behind is there as well; a mark stands on the figure of its spot.
_CELLS: Mapping[View, Mapping[str, tuple[Point, ...]]] = {
    "front": {
        "face": ((0, -4), (14, -4), (14, 14.5), (0, 14.5)),
        "tongue": ((0, 14.5), (14, 14.5), (14, 21.5), (0, 21.5)),
        "neck": ((0, 21.5), (14, 21.5), (14, 27), (9, 27), (9, 31), (0, 31)),
        "shoulder": _SHOULDER,
        "upper_arm": _UPPER_ARM,
        "forearm": _FOREARM,
        "hand": _HAND,
        "chest": ((0, 31), (9, 31), (9, 36), (12, 43), (17.5, 43), (18.1, 52), (19, 61), (0, 61)),
        "trunk": ((0, 61), (7.5, 61), (7.5, 98), (0, 104)),
        "flank": ((7.5, 61), (19, 61), (19.5, 67), (20.5, 84), (22, 90), (7.5, 98)),
        "thigh": ((0, 104), (7.5, 98), (22, 90), (25.5, 99), (26, 110), (22, 135), (0, 135)),
        "knee": _KNEE,
        "shin": _LOWER_LEG,
        "foot": _FOOT,
    },
    "back": {
        "shoulder": _SHOULDER,
        "upper_arm": _UPPER_ARM,
        "forearm": _FOREARM,
        "hand": _HAND,
        "back": (
            *((0, 27), (9, 27), (9, 36), (12, 43), (17.5, 43), (18.1, 52), (19.5, 67)),
            *((20.5, 84), (20.7, 88), (0, 88)),
        ),
        "buttock": ((0, 88), (20.7, 88), (25.5, 99), (26, 111), (0, 111)),
        "hamstring": ((0, 111), (26, 111), (22, 135), (0, 135)),
        "knee": _KNEE,
        "calf": _LOWER_LEG,
        "foot": _FOOT,
    },
}


class Region(NamedTuple):
    """Where one presses for a spot of one side, on the midline for neither: a polygon of the figure of a view."""

    spot: str
    side: Side
    points: tuple[Point, ...]


@cache
def regions(view: View) -> tuple[Region, ...]:
    """Return the regions of the figure of a view, as they lie: positive to the patient's left."""
    found: list[Region] = []
    for spot, half in _CELLS[view].items():
        other = tuple(map(_mirrored, half))
        if SPOTS[spot].is_midline:
            found.append(Region(spot, "none", (*half, *reversed(other))))
        else:
            found += (Region(spot, "right", other), Region(spot, "left", half))
    return tuple(found)


class Mark(NamedTuple):
    """A sign at a spot of one side; on the midline of none."""

    sign: Sign
    spot: str
    side: Side


class Placed(NamedTuple):
    """A mark where it is drawn on a figure: positive to the patient's left."""

    sign: Sign
    x: float
    y: float
    view: View


class Figure(NamedTuple):
    """The chart of a letter.

    Parameters
    ----------
    marks
        What is marked, and where.
    legend
        What each sign means, in the order of the legend.
    alt
        The same in words.
    """

    marks: tuple[Mark, ...]
    legend: tuple[tuple[Sign, str], ...]
    alt: str

    def placed(self, *, front_only: bool = False) -> Iterator[Placed]:
        """Yield the marks where they are drawn, none upon another.

        Parameters
        ----------
        front_only
            Whether there is one figure only: what is seen from behind is then drawn through it.
        """
        # By where they are: what is farther than a field away touches nothing.
        there: _Fields = {}
        for mark in self._anchored(front_only=front_only):
            turned = -1 if mark.x < 0 else 1
            # Aside from a limb there is room on its outer side only.
            shifts = (s for s in _SHIFTS if s[0] >= 0 or mark.x == 0)
            moved = ((mark.x + turned * x, mark.y + y) for x, y in shifts)
            free = (at for at in moved if _is_free(mark.view, *at, there))
            x, y = next(free, (mark.x, mark.y))
            there.setdefault((mark.view, floor(x / _FIELD), floor(y / _FIELD)), []).append((x, y))
            yield mark._replace(x=x, y=y)

    def _anchored(self, *, front_only: bool) -> Iterator[Placed]:
        """Yield the marks at their spots: several along the limb, weakness outside it."""
        here: dict[tuple[str, Side], list[Mark]] = {}
        for mark in self.marks:
            here.setdefault((_near(mark.spot, front_only), mark.side), []).append(mark)
        for (name, side), marks in here.items():
            spot = SPOTS[name]
            turned = -1 if side == "right" else 1
            inside = [mark for mark in marks if mark.sign != "dot" or spot.is_midline]
            first = -(len(inside) - 1) / 2
            step = APART if len(inside) < 3 else APART * 2 / len(inside)
            view: View = "front" if front_only else spot.view
            for n, mark in enumerate(inside):
                y = min(max(spot.y + (first + n) * step, _EDGE), HIGH - _EDGE)
                yield Placed(mark.sign, turned * spot.x, y, view)
            if len(inside) < len(marks):
                yield Placed("dot", turned * (spot.x + OUTSIDE), spot.y, view)


# The places that are taken, by view and field.
_Fields = dict[tuple[View, int, int], list[Point]]


def _is_free(view: View, x: float, y: float, there: _Fields) -> bool:
    """Whether a mark would be drawn upon none of its field and of those around it."""
    across, down = floor(x / _FIELD), floor(y / _FIELD)
    for column in (across - 1, across, across + 1):
        for row in (down - 1, down, down + 1):
            for left, top in there.get((view, column, row), ()):
                if hypot(x - left, (y - top) * 0.8) < _CLEAR:
                    return False
    return True


def _near(spot: str, front_only: bool) -> str:
    """Return the spot of the front figure that a spot of the back stands for, where there is only that."""
    behind = {"calf": "shin", "hamstring": "thigh", "buttock": "thigh", "back": "trunk"}
    return behind.get(spot, spot) if front_only else spot


@cache
def outline() -> tuple[Point, tuple[Curve, ...]]:
    """Return where the outline of the figure begins, at the crown, and its curves: left half down, right half up."""
    left = [*_curves(_ARM), *_curves(_LEG)]
    starts = [_ARM[0], *(curve.end for curve in left[:-1])]
    right = [
        Curve(_mirrored(curve.second), _mirrored(curve.first), _mirrored(start))
        for curve, start in reversed(list(zip(left, starts, strict=True)))
    ]
    return _ARM[0], (*left, *right)


def _curves(points: Sequence[Point]) -> Iterator[Curve]:
    """Yield smooth curves through `points`."""
    ends = [points[0], *points, points[-1]]
    for (before, start), (end, after) in zip(pairwise(ends), pairwise(ends[2:]), strict=False):
        yield Curve(_along(start, before, end), _along(end, after, start), end)


def _along(point: Point, before: Point, after: Point) -> Point:
    return (
        point[0] + _TENSION * (after[0] - before[0]),
        point[1] + _TENSION * (after[1] - before[1]),
    )


def _mirrored(point: Point) -> Point:
    return (-point[0], point[1])
