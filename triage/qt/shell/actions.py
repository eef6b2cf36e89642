"""Every command of the window: one list, from which menus, shortcuts, palette and F1 are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from triage.content.schema import Section

MENUS = ("Case", "Edit", "Go", "Assessment", "View", "Help")


class Command(NamedTuple):
    """One command.

    Parameters
    ----------
    id
        Name by which the window finds what to do.
    menu
        The menu it stands in; empty: only its shortcut and the palette know it.
    text
        What the menu says.
    keys
        Shortcuts, the one that is shown first.
    changes
        Whether it changes the case: not offered where the case is read-only.
    line
        Whether a line stands above it in the menu.
    toggles
        Whether it is on or off.
    repeats
        Whether its shortcut goes on while it is held; any other works once.
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    changes: bool = False
    line: bool = False
    toggles: bool = False
    repeats: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("new", "Case", "New case", ("Ctrl+N",)),
    Command("drafts", "Case", "Open drafts…", ("Ctrl+O",)),
    Command("letter", "Case", "Letter preview…", ("Ctrl+L",), line=True),
    Command("issue", "Case", "Issue letter…", ("Ctrl+Return", "Ctrl+Enter"), changes=True),
    Command("sender", "Case", "Sender…", changes=True),
    Command("save_pdf", "Case", "Save as PDF…", ("Ctrl+S",)),
    Command("print", "Case", "Print…", ("Ctrl+P",)),
    Command("copy_text", "Case", "Copy letter as text", ("Ctrl+Shift+C",)),
    Command("save_copy", "Case", "Save a copy of the case elsewhere…", line=True),
    Command("backups", "Case", "Backups…"),
    Command("passphrase", "Case", "Change passphrase…", line=True),
    Command("recovery", "Case", "Recovery key…"),
    Command("addresses", "Case", "Address book…", ("Ctrl+B",), line=True),
    Command("settings", "Case", "Settings…", ("Ctrl+,",)),
    Command("lock", "Case", "Lock", ("Ctrl+Shift+L",), line=True),
    Command("close", "Case", "Close window", ("Ctrl+W",)),
    Command("undo", "Edit", "Undo", ("Ctrl+Z",), changes=True, repeats=True),
    Command("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), changes=True, repeats=True),
    Command("paste_results", "Edit", "Paste results here as…", ("Ctrl+Shift+V",), changes=True),
    Command("find", "Edit", "Find question or command…", ("Ctrl+K",), line=True),
    Command("next_section", "Go", "Next section", ("Ctrl+PgDown",), repeats=True),
    Command("previous_section", "Go", "Previous section", ("Ctrl+PgUp",), repeats=True),
    Command("next_open", "Go", "Next open", ("Ctrl+J",)),
    Command("review", "Go", "Review", ("Ctrl+R",)),
    Command("more", "Go", "More about this question…", ("Ctrl+.",)),
    Command("hints", "Go", "Letters on all that can be clicked", ("Ctrl+G",)),
    Command("next_pane", "Go", "Next pane", ("F6",), line=True),
    Command("urgency", "Assessment", "Set urgency…", ("Ctrl+U",), changes=True),
    Command("call", "Assessment", "Emergency call", ("Ctrl+E",)),
    Command(
        "accept_essential",
        "Assessment",
        "Accept all essential tests",
        ("Ctrl+Shift+A",),
        changes=True,
    ),
    Command("leave_rest", "Assessment", "Leave the rest out", ("Ctrl+Shift+O",), changes=True),
    Command("show_urgency", "Assessment", "Urgency", ("Ctrl+1",), line=True),
    Command("show_tests", "Assessment", "Tests", ("Ctrl+2",)),
    Command("show_differential", "Assessment", "Conditions", ("Ctrl+3",)),
    Command("show_plan", "Assessment", "Plan", ("Ctrl+4",)),
    Command("beside", "View", "Letter beside the form", ("F7",), toggles=True),
    Command("zoom_in", "View", "Larger text", ("Ctrl++", "Ctrl+="), line=True, repeats=True),
    Command("zoom_out", "View", "Smaller text", ("Ctrl+-",), repeats=True),
    Command("zoom_reset", "View", "Normal text", ("Ctrl+0",)),
    Command("scheme", "View", "Light or dark as the system", toggles=True, line=True),
    Command("scheme:light", "View", "Light", toggles=True),
    Command("scheme:dark", "View", "Dark", toggles=True),
    Command("scheme:high contrast", "View", "High contrast", toggles=True),
    Command("shortcuts", "Help", "Keyboard shortcuts", ("F1",)),
    Command("happened", "Help", "What just happened"),
    Command("about", "Help", "About and intended use"),
)
SECTION = "section:"
# Before the name of a scheme of colours; without a name that of the system.
SCHEME = "scheme"


def section_commands(sections: Mapping[str, Section]) -> tuple[Command, ...]:
    """Return a command for each of the first ten sections: Alt+1 … Alt+9, Alt+0."""
    return tuple(
        Command(f"{SECTION}{name}", "Go", record.title, (f"Alt+{(at + 1) % 10}",), line=at == 0)
        for at, (name, record) in enumerate(list(sections.items())[:10])
    )


def build_actions(
    parent: QWidget,
    bar: QMenuBar,
    commands: Sequence[Command],
    handlers: Mapping[str, Callable[[], None]],
    *,
    read_only: bool,
) -> dict[str, QAction]:
    """Make actions and menus of `commands`.

    Parameters
    ----------
    parent
        The window that the shortcuts belong to.
    bar
        Where the menus go.
    commands
        What there is.
    handlers
        What to do, by id of the command: bound methods.
    read_only
        Whether commands that change the case are out of reach.

    Raises
    ------
    KeyError
        If a command has no handler.
    """
    # Alt and the first letter open one; no two begin alike.
    menus = {title: bar.addMenu(f"&{title}") for title in MENUS}
    actions: dict[str, QAction] = {}
    for command in commands:
        # "&" in a title would become a mnemonic.
        action = QAction(command.text.replace("&", "&&"), parent)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setAutoRepeat(command.repeats)
        action.setCheckable(command.toggles)
        action.setEnabled(not (read_only and command.changes))
        action.triggered.connect(handlers[command.id])
        if menu := menus.get(command.menu):
            if command.line:
                menu.addSeparator()
            menu.addAction(action)
        else:
            parent.addAction(action)
        actions[command.id] = action
    return actions
