"""Works the window as assistive technology does: it sees the tree of accessible things and nothing else.

The system's own Python runs it, which has pyatspi: ``python3 assistive.py`` says as JSON what it heard.
"""

import json
import sys
import time

import pyatspi
from gi.repository import Atspi

PATIENCE = 60.0
# In milliseconds: where other tests run as well an answer takes its time.
Atspi.set_timeout(20_000, 60_000)


def until(found, what):
    """Wait until a function finds something, and return that."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if it := found():
                return it
        except Exception as error:  # a thing of the tree that has just gone
            what = f"{what}: {error}"
        time.sleep(0.2)
    sys.exit(f"waited in vain: {what}")


def within(thing):
    """Yield all that can be heard inside of something."""
    for at in range(thing.childCount):
        child = thing.getChildAtIndex(at)
        if child is not None and child.getState().contains(pyatspi.STATE_SHOWING):
            yield child
            yield from within(child)


def window():
    """Return the window of the program."""
    desktop = pyatspi.Registry.getDesktop(0)
    for at in range(desktop.childCount):
        program = desktop.getChildAtIndex(at)
        for thing in program or ():
            if "Muscle cramps" in thing.name:
                return thing
    return None


def find(role, name, inside=None):
    """Return what has a role and a name that begins so, once it is there."""

    def look():
        things = within(inside or window())
        fitting = (t for t in things if t.getRole() == role and t.name.startswith(name))
        return next(fitting, None)

    return until(look, f"{name} ({role})")


def do(thing, name):
    """Do one of the actions of a thing."""
    actions = thing.queryAction()
    names = [actions.getName(at).lower() for at in range(actions.nActions)]
    actions.doAction(names.index(name.lower()))


def go(section):
    """Select a section in the list of them."""
    sections = find(pyatspi.ROLE_LIST, "Sections")
    names = [sections.getChildAtIndex(at).name for at in range(sections.childCount)]
    at = next(at for at, name in enumerate(names) if name.startswith(section))
    sections.querySelection().selectChild(at)


def urgency():
    """Return what the heading of the assessment says."""
    return find(pyatspi.ROLE_HEADING, "").name


def work():
    """Fill a short case, accept a test, and return what was heard."""
    first = urgency()
    find(pyatspi.ROLE_TEXT, "Family name").queryEditableText().setTextContents("Specimen")
    sex = find(pyatspi.ROLE_PANEL, "Sex at birth")
    female = find(pyatspi.ROLE_RADIO_BUTTON, "Female", sex)
    do(female, "toggle")
    until(lambda: female.getState().contains(pyatspi.STATE_CHECKED), "the answer")
    go("Red flags")
    block = find(pyatspi.ROLE_PANEL, "Brain, heart and heat")
    do(block, "record")
    until(lambda: "none answered" not in block.name, "the answers of the block")
    go("Nerve symptoms")
    strength = find(pyatspi.ROLE_PANEL, "Loss of strength")
    do(find(pyatspi.ROLE_RADIO_BUTTON, "Yes", strength), "press")
    until(lambda: urgency() != first, "another level")
    do(find(pyatspi.ROLE_PAGE_TAB, "Tests"), "press")
    listed = find(pyatspi.ROLE_LIST, "Essential")
    test = find(pyatspi.ROLE_LIST_ITEM, "", listed)
    wanted = test.name
    do(test, "accept")
    name = wanted.replace(", open", ", accepted")
    find(pyatspi.ROLE_LIST_ITEM, name)
    return {"first": first, "urgency": urgency(), "block": block.name, "accepted": name}


if __name__ == "__main__":
    until(window, "the window")
    print(json.dumps(work()))
