"""Paste of a consultation note: what of it can be recorded, each in the words of quick entry; the rest stays text."""

from triage.session.note.preview import NotePreview
from triage.session.note.read import Proposal, Reading, read_note

__all__ = ["NotePreview", "Proposal", "Reading", "read_note"]
