"""A list of findings: options to tick, with sides, and a last line that closes the list."""

from __future__ import annotations

from collections.abc import Mapping, Set

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from triage.content.schema import Question
from triage.model.values import Finding, Unable, Value
from triage.qt.ask.base import QuestionWidget, answers
from triage.qt.ask.body_map import BodyMap
from triage.qt.ask.body_map import Place as MapPlace
from triage.qt.ask.chips import Chip
from triage.qt.ask.choice import are_numbered
from triage.qt.ask.note import NO_ANSWER, notes_in
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.keys import Place, act, char_of, is_plain, spoken, up_to
from triage.qt.parts.segments import Closing, Segment
from triage.qt.parts.stops import beside
from triage.qt.parts.words import tr
from triage.session import Session

LONG = 22
CLOSING = tr("(nothing else)")


class ChoicesWidget(QuestionWidget):
    """Asks for any number of options. The rest stays open until the last line closes the list."""

    acts: Mapping[str, str] = {"comment": tr("Co&mment"), **QuestionWidget.acts}

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.filter: TypedLine | None = None
        if len(question.options) > LONG:
            self.filter = TypedLine(self)
            self.filter.around = Place.FILTER
            self.filter.setPlaceholderText(tr("Filter by name or example; Enter goes to the first"))
            self.filter.setClearButtonEnabled(True)
            self.name_input(
                self.filter, "filter", tr("Enter goes to the first that is shown, Esc clears")
            )
            self.filter.typed.connect(self._on_filter_typed)
            line = QHBoxLayout()
            line.setContentsMargins(RING_ROOM, RING_ROOM, 0, 0)
            line.addWidget(self.filter)
            self.body.addLayout(line)
        flow = Flow(self, gap=0, line_gap=0)
        self.chips: dict[str, Chip] = {}
        for slot in self.slots:
            if slot.option is None or slot.side:
                continue
            chip = Chip(session, question, slot.option, flow)
            chip.pressed.connect(self._on_chip_pressed)
            chip.side_pressed.connect(self._on_side_pressed)
            chip.wished.connect(self._on_wished)
            chip.place_pressed.connect(self._on_place_pressed)
            self.hint_input(chip.button, slot.option.examples)
            self.chips[slot.option.id] = chip
        nothing = question.nothing.label if question.nothing else tr("Nothing else")
        self.closing = Closing(CLOSING, nothing, flow)
        self.closing.chosen.connect(self._on_closing_chosen)
        self.closing.setToolTip(tr("0: what is not ticked is absent"))
        self.hint_input(self.closing)
        self.keys = spoken(Place.SITED if question.sided else Place.LIST)
        # The body map, and where on it the focus is; None while it is in the list.
        self.map: BodyMap | None = None
        self.place: MapPlace | None = None
        if any(question is listed for _, listed in session.chart.layers(session.form)):
            self._add_map()
        self._stop: Segment = next(iter(self.chips.values())).button
        self._set_stop(self._stop)
        self._number()
        self.body.addWidget(flow)
        self.finish()

    @property
    def is_closed(self) -> bool:
        """Whether every option is recorded, here or by another question: the list is complete."""
        # "All" ticks the rest as well, but closing the list records that too.
        own = {name for c in self.chips.values() if c.state.is_present for name in c.option.ticks}
        return all(
            chip.state.is_recorded or (chip.implied and name not in own)
            for name, chip in self.chips.items()
        )

    def refresh(self) -> None:
        """Show what the session holds."""
        facts = self.session.facts
        for chip in self.chips.values():
            chip.refresh(implied=facts.get(chip.state.key) is True)
            self.notes.refresh(chip.state.key)
        self.closing.show_checked(self.is_closed)
        any_ticked = any(chip.state.is_present for chip in self.chips.values())
        nothing = self.question.nothing.label if self.question.nothing else tr("Nothing else")
        self.closing.set_caption(tr("Nothing else") if any_ticked else nothing)
        rest = sum(not (c.state.is_recorded or c.implied) for c in self.chips.values())
        does = "recorded" if self.is_closed else tr("records {rest} absent", rest=rest)
        self.closing.setAccessibleName(f"{self.closing.caption}, {does}")
        self.say("")

    def is_touched(self, names: Set[str]) -> bool:
        """Whether it shows anything of the questions `names`: the map has marks of others."""
        signs = self.session.chart.signs if self.map is not None else ()
        return super().is_touched(names) or any(sign.of in names for sign in signs)

    def show_known(self) -> None:
        """Show which options other answers already tick, what stood there before, and what other lists mark."""
        self.show_beside(self.then())
        if self.map is not None:
            self.map.refresh()
        facts = self.session.facts
        for chip in self.chips.values():
            implied = facts.get(chip.state.key) is True
            if implied != chip.implied:
                chip.refresh(implied=implied)

    def first_input(self) -> QWidget:
        """Return the filter of a long list, else the option that the Tab key reaches."""
        return self.filter or self._stop

    def stops(self) -> list[QWidget]:
        """Return the filter of a long list, and what is in sight of that."""
        first = super().stops()
        return [*first, self._stop] if first == [self.filter] else first

    def parts(self) -> list[QWidget]:
        """Return the comments in sight: the list and its filter have keys of their own."""
        return notes_in(self)

    further = parts

    def way_out(self) -> QWidget:
        """Return the option that was gone to last, for its comment, else where the list begins."""
        return self._stop if self.focusWidget() in self.further() else self.stops()[0]

    def do(self, name: str) -> None:
        """Do one of its acts, on the option that was gone to last."""
        if name != "comment":
            super().do(name)
        elif (chip := self._chip) is None:
            self.advised.emit(NO_ANSWER)
        else:
            self.notes.of(chip.state.key).call()

    def take_focus(self, key: str = "") -> None:
        """Put the focus on the option that `key` names."""
        option = key.removeprefix(f"{self.question.id}.").partition(".")[0]
        if option in self.chips:
            self._focus(self.chips[option].button)
        else:
            super().take_focus(key)

    # -- keys and clicks ------------------------------------------------------------------------

    @Slot()
    def _on_chip_pressed(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip) and self.place is not None and chip.button is self._stop:
            self._toggle(self.place)
        elif isinstance(chip, Chip):
            self._focus(chip.button)
            self._tick(chip)

    @Slot()
    def _on_side_pressed(self) -> None:
        # The focus comes from elsewhere, as with the option itself; inside the list it stays.
        chip, focused = self.sender(), QApplication.focusWidget()
        if isinstance(chip, Chip) and not (focused and self.isAncestorOf(focused)):
            self._focus(chip.button)

    def _tick(self, chip: Chip) -> None:
        present = chip.state.is_present
        chip.state.put(self._unticked(chip) if present else Finding(present=True))

    def _unticked(self, chip: Chip) -> Value | None:
        # In a closed list what is not ticked is absent; in an open one it is open again.
        others = [other for other in self.chips.values() if other is not chip]
        closed = any(o.state.is_absent for o in others) and all(o.state.is_recorded for o in others)
        return Finding(present=False) if closed else None

    @Slot(str)
    def _on_wished(self, wish: str) -> None:
        chip = self.sender()
        if not isinstance(chip, Chip):
            return
        if wish == "absent":
            chip.state.put(Finding(present=False))
            return
        if not chip.state.is_unable:
            chip.state.put(Unable())
        note = self.notes.of(chip.state.key)
        note.refresh()
        note.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_closing_chosen(self, name: str) -> None:
        self._focus(self.closing)
        if not self.is_closed:
            self._close()
            return
        absent = [c.state.key for c in self.chips.values() if c.state.is_absent]
        self.session.set_all(dict.fromkeys(absent))

    def _close(self) -> None:
        caption = self.closing.caption
        answered = self.session.close_list(self.question)
        self.say(answered.remark)
        if said := answered.told(caption, f"{len(answered.keys)} absent"):
            self.told.emit(said)

    def _take_back(self) -> None:
        if count := self._count():
            self.session.set_all({slot.key: None for slot in self.slots})
            self.told.emit(
                tr("Taken back: {count} of this list. Ctrl+Z undoes that.", count=answers(count))
            )

    def _count(self) -> int:
        return sum(chip.state.is_recorded for chip in self.chips.values())

    # -- moving ---------------------------------------------------------------------------------

    @Slot(str)
    def _on_filter_typed(self, text: str) -> None:
        for chip in self.chips.values():
            shown = chip.state.is_present or matches(chip, text)
            if chip.isHidden() == shown:
                chip.setVisible(shown)
        self._number()
        # The list's one stop of the Tab key is never out of sight.
        self._set_stop(self._first())

    def _number(self) -> None:
        """Give the first nine options in sight a number, unless their names hold numbers of their own."""
        shown = [chip for chip in self.chips.values() if not chip.isHidden()]
        most = 0 if are_numbered(self.question.options) else 9
        keys = {chip: str(n) for n, chip in enumerate(shown[:most], start=1)}
        for chip in self.chips.values():
            chip.button.set_key(keys.get(chip, ""))

    def _shown(self) -> list[Segment]:
        return [c.button for c in self.chips.values() if not c.isHidden()] + [self.closing]

    def _first(self) -> Segment:
        """Return where one goes from the filter: what was typed, else the first in sight."""
        text = self.filter.text() if self.filter else ""
        closing = {"none", *self.closing.caption.lower().split()}
        if text.strip() and closing.issuperset(text.lower().split()):
            return self.closing
        found = [c.button for c in self.chips.values() if matches(c, text)]
        return (found or self._shown())[0]

    def _focus(self, button: Segment, place: MapPlace | None = None) -> None:
        """Put the focus on a button; it is on the map as well if `place` is the place that it stands for."""
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        # Only then: what has the focus must not go out of sight.
        self._set_stop(button, place)

    def _set_stop(self, button: Segment, place: MapPlace | None = None) -> None:
        before, self.place = self._chip, place
        self._stop.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stop = button
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if before is not None and before.on_map and (place is None or before is not self._chip):
            before.point_at("", on_map=False)
        if self.map is not None:
            self.map.update()

    def _chip_of(self, button: Segment) -> Chip | None:
        return next((c for c in self.chips.values() if c.isAncestorOf(button)), None)

    @property
    def _chip(self) -> Chip | None:
        """The option that the Tab key reaches."""
        return self._chip_of(self._stop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.filter is not None and self.filter.hasFocus():
            taken = self._take_key_in_filter(self.filter, event)
        else:
            taken = (
                self._take_map_key(event)
                or (self.place is None and self._take_moving_key(event))
                or self._take_recording_key(event)
            )
        if not taken:
            super().keyPressEvent(event)

    @property
    def where(self) -> Place:
        """The keys that work where the focus is."""
        if self.filter is not None and self.filter.hasFocus():
            return Place.FILTER
        if self.place is not None:
            return Place.MAP
        return Place.SITED if self.question.sided else Place.LIST

    @property
    def own_keys(self) -> Mapping[str, str]:
        """The keys that this list has others for than any list."""
        layers = len(self.map.layers) if self.map is not None else 0
        lead = {"layer": up_to(layers)} if layers else {"map": ""}
        numbered = [chip for chip in self.chips.values() if chip.button.key]
        return {"tick": up_to(len(numbered)), **lead}

    def _take_key_in_filter(self, field: TypedLine, event: QKeyEvent) -> bool:
        name = act(event, Place.FILTER)
        if name == "clear" and field.text():
            field.clear()
        elif name:
            self._focus(self._first())
        return bool(name)

    def _take_moving_key(self, event: QKeyEvent) -> bool:
        shown = self._shown()
        here = self._stop if self._stop in shown else shown[0]
        target = beside(shown, here, event)
        if target is None and self.filter is not None:
            if act(event, self.where) == "filter":
                self._go_to_filter(self.filter)
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        letter = char_of(event)
        if target is None and letter.isalpha() and not self.question.sided:
            at = shown.index(here) + 1
            order = [*shown[at:], *shown[:at]]
            target = next((b for b in order if b.caption.upper().startswith(letter)), None)
        if target is not None:
            self._focus(target)
        return target is not None

    def _go_to_filter(self, field: TypedLine) -> None:
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _take_recording_key(self, event: QKeyEvent) -> bool:
        match act(event, self.where):
            case "tick":
                digit = char_of(event)
                chip = next((c for c in self.chips.values() if c.button.key == digit), None)
                if chip is None:
                    return False
                self._focus(chip.button)
                self._tick(chip)
            case "close":
                self._close()
            case "back":
                self._take_back()
            case _ if event.key() == Qt.Key.Key_Space and self.closing.hasFocus():
                self.advised.emit(
                    tr("Nothing was recorded: 0 records “{caption}”.", caption=self.closing.caption)
                )
            case _:
                return False
        return True

    # -- the map --------------------------------------------------------------------------------

    def _add_map(self) -> None:
        self.map = BodyMap(self.session, self.question, self)
        self.map.focused = self._ringed
        self.map.touched.connect(self.take_place)
        self.map.toggled.connect(self._toggle)
        self.map.swept.connect(self._sweep)
        self.map.layer_wished.connect(self._on_layer_wished)
        self.words.addWidget(self.map)

    def _ringed(self) -> set[MapPlace]:
        """Return where the map has the ring: in the list a button is of both sides."""
        chip = self._chip
        if self.map is None or chip is None or not self._stop.hasFocus():
            return set()
        if self.place is not None:
            return {self.place}
        return {p for p in self.map.places if chip.option.id in self.map.options[p.spot][:1]}

    def set_current(self, current: bool) -> None:
        """Mark the question that has the focus."""
        super().set_current(current)
        if self.map is not None:
            self.map.update()
        if chip := self._chip:
            chip.button.update()

    @Slot(object)
    def take_place(self, place: MapPlace) -> None:
        """Put the focus on a place of the map, and on what stands for it in the list."""
        chip = next((c for c in self._at(place) if self._is_on(c, place)), self._at(place)[0])
        if chip.isHidden() and self.filter is not None:
            self.filter.clear()
        self._focus(chip.point_at(place.side, on_map=True), place)

    def enter_map(self, place: MapPlace | None = None) -> None:
        """Put the focus on the map: on `place`, or on that of the option that has the focus."""
        if self.map is None:
            return
        if not self.map.has_room:
            self.advised.emit(tr("There is no room for the body map: a wider window has it."))
        else:
            self.take_place(place if place in self.map.places else self._place_of_stop(self.map))
            self.moved.emit()

    def _at(self, place: MapPlace) -> list[Chip]:
        """Return the options that are meant at a place, the usual one first."""
        return [self.chips[name] for name in self.map.options[place.spot]] if self.map else []

    @staticmethod
    def _is_on(chip: Chip, place: MapPlace) -> bool:
        """Whether an option marks a place."""
        return place.side in chip.state.found_on or (place.side == "none" and chip.state.is_present)

    @Slot(object)
    def _toggle(self, place: MapPlace) -> None:
        """Take back what marks a place; tick what is meant there if nothing does."""
        changes: dict[str, Value | None] = {}
        for chip in self._at(place):
            if self._is_on(chip, place):
                left = chip.state.found_on - {place.side} if place.side != "none" else frozenset()
                changes |= (
                    chip.state.changes(left) if left else chip.state.whole(self._unticked(chip))
                )
        self.session.set_all(changes or self._ticked([place]))
        self.take_place(place)
        if self.map is not None and (here := self._chip) is not None:
            side = "" if place.side == "none" else f", {place.side}"
            what = f"{self.map.layer}, {here.option.label}{side}"
            self.told.emit(
                tr("Taken back: {what}.", what=what)
                if changes
                else tr("Recorded: {what}.", what=what)
            )

    @Slot(object)
    def _sweep(self, places: list[MapPlace]) -> None:
        """Tick all that the mouse went over, in one step; what is ticked stays so."""
        changes = self._ticked(places)
        self.session.set_all(changes)
        ticked = sum(value is not None for value in changes.values())
        if ticked and self.map is not None:
            layer, count = self.map.layer, answers(ticked)
            self.told.emit(
                tr("Recorded: {layer}, {count}. Ctrl+Z undoes that.", layer=layer, count=count)
            )

    def _ticked(self, places: list[MapPlace]) -> dict[str, Value | None]:
        wanted: dict[Chip, set[str]] = {}
        for place in places:
            if not any(self._is_on(chip, place) for chip in self._at(place)):
                wanted.setdefault(self._at(place)[0], set()).add(place.side)
        changes: dict[str, Value | None] = {}
        for chip, sides in wanted.items():
            changes |= chip.state.changes(chip.state.found_on | (sides - {"none"}))
        return changes

    @Slot()
    def _on_place_pressed(self) -> None:
        if self.place is not None:
            self._toggle(self.place)

    @Slot(str)
    def _on_layer_wished(self, name: str) -> None:
        self.layer_wished.emit(name, self.place)

    def _take_map_key(self, event: QKeyEvent) -> bool:
        """Take a key that leads to the map, over it, and back."""
        wish, place = act(event, self.where), self.place
        if self.map is None:
            if wish == "map":
                self.advised.emit(tr("This list has no body map."))
            return wish == "map"
        if place is None:
            if wish != "map":
                return False
            self.enter_map()
        elif wish == "map":
            self._focus(self._at(place)[0].button)
        elif wish == "filter" and self.filter is not None:
            self._focus(self._stop)
            self._go_to_filter(self.filter)
        elif wish == "layer":
            at = int(char_of(event)) - 1
            if at < len(self.map.layers):
                self._on_layer_wished(self.map.layers[at][1].id)
        elif is_plain(event) and (there := self.map.beside(place, event.key())):
            self.enter_map(there)
        else:
            return False
        return True

    def _place_of_stop(self, body: BodyMap) -> MapPlace:
        """Return the place on the map of the option that has the focus in the list, one that it marks if it does."""
        chip = self._chip
        there = [p for p in body.places if chip is not None and chip in self._at(p)]
        marked = [p for p in there if chip is not None and self._is_on(chip, p)]
        return (marked or there or body.places)[0]


def matches(chip: Chip, text: str) -> bool:
    """Whether every typed word stands in the name or the examples of an option."""
    known = f"{chip.option.label} {chip.option.short} {chip.option.examples}".lower()
    return all(word in known for word in text.lower().split())
