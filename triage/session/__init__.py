"""One case being worked on: edits, undo, assessment, letter, issue. Without Qt and without timers."""

from triage.session.session import Changed, Session

__all__ = ["Changed", "Session"]
