"""The details of a patient that are pasted or dropped: no single line takes them."""

from __future__ import annotations

from triage.session import Session


def has_patient(session: Session, question: str, text: str) -> bool:
    """Whether a text holds the details of a patient, and `question`, if one is given, asks one of them."""
    from triage.session.paste.patient import DETAILS, is_patient

    return (not question or question in DETAILS) and is_patient(session, text)
