"""Results pasted as record systems and laboratories give them: read line by line, shown, and then recorded."""

from triage.session.paste.preview import Preview
from triage.session.paste.read import read_report
from triage.session.paste.report import Entry, Meaning, Reading, Take

__all__ = ["Entry", "Meaning", "Preview", "Reading", "Take", "read_report"]
