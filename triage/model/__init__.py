"""Values, dates, the case and its history: what a clinician recorded, without any clinical meaning."""
