"""Every command of the window: one list, from which menus, shortcuts, palette and F1 are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from triage.content.schema import Section
from triage.qt.parts.menu import Menu
from triage.qt.parts.words import tr

MENUS = (tr("Case"), tr("Edit"), tr("Go"), tr("Assessment"), tr("View"), tr("Help"))

# It records as before what of a section is to be confirmed.
CONFIRM = "Ctrl+Shift+B"


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
    say
        Other words by which the palette finds it.
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    changes: bool = False
    line: bool = False
    toggles: bool = False
    repeats: bool = False
    say: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("new", tr("Case"), tr("New case"), ("Ctrl+N",)),
    Command(
        "new_visit",
        tr("Case"),
        tr("New visit of this patient…"),
        ("Ctrl+Shift+N",),
        say=tr("follow-up second review again"),
    ),
    Command("drafts", tr("Case"), tr("Cases…"), ("Ctrl+O",), say=tr("drafts list open")),
    Command("letter", tr("Case"), tr("Letter preview…"), ("Ctrl+L",), line=True),
    Command("issue", tr("Case"), tr("Issue letter…"), ("Ctrl+Return", "Ctrl+Enter"), changes=True),
    Command("sender", tr("Case"), tr("Sender…"), changes=True),
    Command("save_pdf", tr("Case"), tr("Save as PDF…"), ("Ctrl+S",)),
    Command("print", tr("Case"), tr("Print…"), ("Ctrl+P",)),
    Command("copy_text", tr("Case"), tr("Copy letter as text"), ("Ctrl+Shift+C",)),
    Command(
        "save_copy",
        tr("Case"),
        tr("Save a copy of the case elsewhere…"),
        ("Ctrl+Shift+S",),
        line=True,
    ),
    Command("backups", tr("Case"), tr("Backups…")),
    Command("passphrase", tr("Case"), tr("Change passphrase…"), line=True),
    Command("recovery", tr("Case"), tr("Recovery key…")),
    Command("addresses", tr("Case"), tr("Address book…"), ("Ctrl+B",), line=True),
    Command("settings", tr("Case"), tr("Settings…"), ("Ctrl+,",)),
    Command("lock", tr("Case"), tr("Lock"), ("Ctrl+Shift+L",), line=True),
    Command("close", tr("Case"), tr("Close window"), ("Ctrl+W",)),
    Command("undo", tr("Edit"), tr("Undo"), ("Ctrl+Z",), changes=True, repeats=True),
    Command("redo", tr("Edit"), tr("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), changes=True, repeats=True),
    Command(
        "confirm_section",
        tr("Edit"),
        tr("Confirm this section as before"),
        (CONFIRM,),
        changes=True,
        say=tr("same unchanged to confirm"),
    ),
    Command(
        "paste_results", tr("Edit"), tr("Paste results here as…"), ("Ctrl+Shift+V",), changes=True
    ),
    Command("paste_note", tr("Edit"), tr("Paste a consultation note…"), changes=True),
    Command("paste_patient", tr("Edit"), tr("Paste the patient's details…"), changes=True),
    Command("find", tr("Edit"), tr("Find question or command…"), ("Ctrl+K",), line=True),
    Command("next_section", tr("Go"), tr("Next section"), ("Ctrl+PgDown",), repeats=True),
    Command("previous_section", tr("Go"), tr("Previous section"), ("Ctrl+PgUp",), repeats=True),
    Command("next_open", tr("Go"), tr("Next open"), ("Ctrl+J",)),
    Command("back", tr("Go"), tr("Back where you were"), ("Alt+Left",)),
    Command("review", tr("Go"), tr("Review"), ("Ctrl+R",)),
    Command("more", tr("Go"), tr("More about this question…"), ("Ctrl+.",)),
    Command("hints", tr("Go"), tr("Letters on all that can be clicked"), ("Ctrl+G",)),
    Command("next_pane", tr("Go"), tr("Next pane"), ("F6",), line=True),
    Command("urgency", tr("Assessment"), tr("Set urgency…"), ("Ctrl+U",), changes=True),
    Command("call", tr("Assessment"), tr("Emergency call"), ("Ctrl+E",)),
    Command(
        "accept_essential",
        tr("Assessment"),
        tr("Accept all essential tests"),
        ("Ctrl+Shift+A",),
        changes=True,
    ),
    Command(
        "leave_rest", tr("Assessment"), tr("Leave the rest out"), ("Ctrl+Shift+O",), changes=True
    ),
    Command("show_urgency", tr("Assessment"), tr("Urgency"), ("Ctrl+1",), line=True),
    Command("show_tests", tr("Assessment"), tr("Tests"), ("Ctrl+2",)),
    Command("show_differential", tr("Assessment"), tr("Conditions"), ("Ctrl+3",)),
    Command("show_plan", tr("Assessment"), tr("Plan"), ("Ctrl+4",)),
    Command("beside", tr("View"), tr("Letter beside the form"), ("F7",), toggles=True),
    Command(
        "zoom_in", tr("View"), tr("Larger text"), ("Ctrl++", "Ctrl+="), line=True, repeats=True
    ),
    Command("zoom_out", tr("View"), tr("Smaller text"), ("Ctrl+-",), repeats=True),
    Command("zoom_reset", tr("View"), tr("Normal text"), ("Ctrl+0",)),
    Command(
        "scheme",
        tr("View"),
        tr("Light or dark as the system"),
        toggles=True,
        line=True,
        say=tr("theme colours"),
    ),
    Command("scheme:light", tr("View"), tr("Light"), toggles=True, say=tr("theme colours")),
    Command("scheme:dark", tr("View"), tr("Dark"), toggles=True, say=tr("theme colours")),
    Command(
        "scheme:high contrast",
        tr("View"),
        tr("High contrast"),
        toggles=True,
        say=tr("theme colours"),
    ),
    Command("shortcuts", tr("Help"), tr("Keyboard shortcuts"), ("F1",)),
    Command("practice", tr("Help"), tr("Practice"), say=tr("tour learn")),
    Command("guide", tr("Help"), tr("Guide"), say=tr("manual how to")),
    Command("happened", tr("Help"), tr("What just happened")),
    Command("about", tr("Help"), tr("About and intended use")),
)
SECTION = "section:"
# Before the name of a scheme of colours; without a name that of the system.
SCHEME = "scheme"


def section_commands(sections: Mapping[str, Section]) -> tuple[Command, ...]:
    """Return a command for each of the first ten sections: Alt+1 … Alt+9, Alt+0."""
    return tuple(
        Command(f"{SECTION}{name}", tr("Go"), record.title, (f"Alt+{(at + 1) % 10}",), line=at == 0)
        for at, (name, record) in enumerate(list(sections.items())[:10])
    )


def build_actions(
    parent: QWidget,
    bar: QMenuBar,
    commands: Sequence[Command],
    handlers: Mapping[str, Callable[[], object]],
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
    menus = {title: Menu(f"&{title}", bar) for title in MENUS}
    for menu in menus.values():
        bar.addMenu(menu)
    # R is for the recent cases, which are put between.
    taken = {MENUS[0]: {"r"}}
    # What is one word has the fewest letters to choose from.
    texts = {
        command.id: lettered(command.text, taken.setdefault(command.menu, set()))
        for command in sorted(commands, key=lambda command: " " in command.text)
    }
    actions: dict[str, QAction] = {}
    for command in commands:
        action = QAction(texts[command.id], parent)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setAutoRepeat(command.repeats)
        action.setCheckable(command.toggles)
        action.setEnabled(not (read_only and command.changes))
        action.triggered.connect(handlers[command.id])
        if command.menu in menus:
            if command.line:
                menus[command.menu].addSeparator()
            menus[command.menu].addAction(action)
        else:
            parent.addAction(action)
        actions[command.id] = action
    return actions


def lettered(text: str, taken: set[str]) -> str:
    """Return the text of a menu's entry with the letter marked that chooses it: of a word the first, if it is free.

    Parameters
    ----------
    text
        What stands there.
    taken
        The letters of the entries above it; its own is added.
    """
    # The shown text has "&" for a letter, and two for the sign itself.
    first = [at for at, char in enumerate(text) if at == 0 or text[at - 1] == " "]
    for at in (*first, *range(len(text))):
        letter = text[at].casefold()
        if letter.isalnum() and letter not in taken:
            taken.add(letter)
            return "&".join(part.replace("&", "&&") for part in (text[:at], text[at:]))
    return text.replace("&", "&&")


def letters_of(texts: Iterable[str]) -> set[str]:
    """Return the letters that are marked in the texts of entries."""
    plain = (text.replace("&&", "") for text in texts)
    return {text[text.index("&") + 1].casefold() for text in plain if "&" in text}
