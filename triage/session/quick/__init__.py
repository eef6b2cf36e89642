"""Quick entry: one typed line, read against the form, shown, and then recorded as one step."""

from triage.session.quick.part import NOTHING_FITS
from triage.session.quick.preview import Goal, Item, Line, Meaning, Preview
from triage.session.quick.read import read_quick

__all__ = ["NOTHING_FITS", "Goal", "Item", "Line", "Meaning", "Preview", "read_quick"]
