"""What a clinic sets once: who refers, which paper, how large the text is. Never patient data."""

from triage.settings.settings import Settings, load_settings, save_settings

__all__ = ["Settings", "load_settings", "save_settings"]
