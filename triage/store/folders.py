"""Where the drafts of this user are kept."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_dir

VARIABLE = "TRIAGE_HOME"
# Where backups go, beside the drafts, if the settings name no other place.
BACKUPS = "backups"


def drafts_folder() -> Path:
    """Return the folder named by ``TRIAGE_HOME``, else the usual one of the platform; makes none."""
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(user_data_dir("cramp-triage", appauthor=False))
