"""Results and patients' details as record systems give them: read line by line, shown, and then recorded."""

from triage.session.paste.address import AddressPreview
from triage.session.paste.medicines import MedicinesPreview
from triage.session.paste.patient import PatientPreview, is_patient
from triage.session.paste.preview import Preview
from triage.session.paste.read import read_report
from triage.session.paste.report import Entry, Meaning, Reading, Take

__all__ = [
    "AddressPreview",
    "Entry",
    "Meaning",
    "MedicinesPreview",
    "PatientPreview",
    "Preview",
    "Reading",
    "Take",
    "is_patient",
    "read_report",
]
