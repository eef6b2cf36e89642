"""What a clinic sets once: who sends, where letters go, whose guidance, which paper. Never patient data."""

from triage.settings.file import (
    change_settings,
    load_settings,
    notice,
    save_settings,
    settings_kept,
    settings_or_none,
)
from triage.settings.settings import Address, Sender, Settings, service_of

__all__ = [
    "Address",
    "Sender",
    "Settings",
    "change_settings",
    "load_settings",
    "notice",
    "save_settings",
    "service_of",
    "settings_kept",
    "settings_or_none",
]
