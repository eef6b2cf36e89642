"""What screen readers, dictation and switches are told of the widgets that Qt does not know.

A widget says by its class attribute `heard` what it is. Names and descriptions stand on the widget as for any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAttributesInterface,
    QAccessibleInterface,
    QAccessibleStateChangeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QComboBox, QWidget
from shiboken6 import Shiboken

Role = QAccessible.Role
State = QAccessible.State
# What can be done to a widget: what it is called in words, and what does it; by name.
Deeds = Mapping[str, tuple[str, Callable[[], object]]]
_ACTION = QAccessibleActionInterface


class Heard(QAccessibleWidget):
    """Base of what is told of a widget.

    A widget can add to it by methods of its own: ``hear(state)`` sets states, and ``deeds()`` returns what can be
    done to it besides.
    """

    of = Role.Client

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, self.of)

    def state(self) -> State:
        """Return its states."""
        state = super().state()
        if hear := getattr(self.object(), "hear", None):
            hear(state)
        return state

    def deeds(self) -> Deeds:
        """Return what can be done to it; nothing where it is disabled."""
        widget = self.object()
        found = getattr(widget, "deeds", None)
        return found() if found and isinstance(widget, QWidget) and widget.isEnabled() else {}

    def actionNames(self) -> list[str]:
        return [*self.deeds(), *super().actionNames()]

    def localizedActionName(self, name: str) -> str:
        words, _ = self.deeds().get(name, ("", None))
        return words or super().localizedActionName(name)

    def doAction(self, name: str) -> None:
        if name in (deeds := self.deeds()):
            deeds[name][1]()
        else:
            super().doAction(name)


class Group(Heard):
    """What belongs together, such as the answers of a question; without a name it is only a place."""

    def role(self) -> Role:
        widget = self.object()
        named = isinstance(widget, QWidget) and widget.accessibleName()
        return Role.Grouping if named else Role.Client


class Words(Heard):
    """Painted text."""

    of = Role.StaticText


class ListOf(Heard):
    """A list that is no table: what it holds are `Item`."""

    of = Role.List


class Item(Heard):
    """One thing of a list."""

    of = Role.ListItem


class Status(Heard):
    """A line that tells what happened."""

    of = Role.StatusBar


class Alarm(Heard):
    """Something that has gone wrong and stays so."""

    of = Role.AlertMessage


class Sign(Heard):
    """A sign for the eye alone: what it means stands in a name."""

    def state(self) -> State:
        state = super().state()
        state.invisible = 1
        return state


class _First(QAccessibleAttributesInterface):
    def attributeKeys(self) -> list[QAccessible.Attribute]:
        return [QAccessible.Attribute.Level]

    def attributeValue(self, key: QAccessible.Attribute) -> object:
        return 1 if key is QAccessible.Attribute.Level else None


class Heading(Heard):
    """A heading of the first level."""

    of = Role.Heading

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._level = _First()

    # It is a pointer, whatever the types say.
    def interface_cast(  # type: ignore[override]
        self, wanted: QAccessible.InterfaceType
    ) -> Shiboken.VoidPtr | int:
        if wanted is QAccessible.InterfaceType.AttributesInterface:
            return Shiboken.VoidPtr(Shiboken.getCppPointer(self._level)[0])
        # None would come back as a pointer to somewhere.
        return super().interface_cast(wanted) or Shiboken.VoidPtr(0)


class Pressed(Heard):
    """A button that is painted: its attribute `heard_as` is its role, and `is_said_down` whether it is on."""

    def role(self) -> Role:
        role: Role = getattr(self.object(), "heard_as", Role.Button)
        return role

    @property
    def _is_two_way(self) -> bool:
        return self.role() in (Role.RadioButton, Role.CheckBox)

    def state(self) -> State:
        state = super().state()
        if self._is_two_way:
            state.checkable = 1
            state.checked = int(getattr(self.object(), "is_said_down", False))
        return state

    def deeds(self) -> Deeds:
        button = self.object()
        if not (isinstance(button, QAbstractButton) and button.isEnabled()):
            return {}
        press, toggle = _ACTION.pressAction(), _ACTION.toggleAction()
        names = (toggle, press) if self._is_two_way else (press,)
        return {name: (name, button.click) for name in names} | dict(super().deeds())


class Choosing(Heard):
    """A list to choose from. Qt's own has no name but the entry that is chosen."""

    of = Role.ComboBox

    @property
    def _box(self) -> QComboBox:
        box = self.object()
        assert isinstance(box, QComboBox)
        return box

    def text(self, kind: QAccessible.Text) -> str:
        return self._box.currentText() if kind is QAccessible.Text.Value else super().text(kind)

    def childCount(self) -> int:
        return 1

    def child(  # type: ignore[override]
        self, index: int
    ) -> QAccessibleInterface | None:
        return QAccessible.queryAccessibleInterface(self._box.view()) if index == 0 else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return 0 if child.object() is self._box.view() else -1

    def deeds(self) -> Deeds:
        if not self._box.isEnabled():
            return {}
        names = (_ACTION.showMenuAction(), _ACTION.pressAction())
        return {name: (name, self._turn) for name in names}

    def _turn(self) -> None:
        if self.state().expanded:
            self._box.hidePopup()
        else:
            self._box.showPopup()


def tell_opened(widget: QWidget) -> None:
    """Tell that a widget was opened or closed."""
    changed = State()
    changed.expanded = changed.collapsed = 1
    QAccessible.updateAccessibility(QAccessibleStateChangeEvent(widget, changed))


def tell_invalid(widget: QWidget) -> None:
    """Tell that what stands in a widget cannot be taken, or can be again."""
    changed = State()
    changed.invalid = 1
    QAccessible.updateAccessibility(QAccessibleStateChangeEvent(widget, changed))


def _heard(name: str, target: QObject) -> QAccessibleInterface | None:
    # Qt asks for each class that it is of, and once more while it is being deleted.
    if name != type(target).__name__ or not isinstance(target, QWidget):
        return None
    kind: type[Heard] | None = getattr(target, "heard", None)
    return kind(target) if kind is not None else None


# Here, so that whoever says how a widget is heard has it heard.
QAccessible.installFactory(_heard)
