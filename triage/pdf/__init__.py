"""Letters set in type: PDF/A with every font in it, and the same bytes for the same letter."""

import sys


def forget_words() -> None:
    """Keep no words of the letters that were set last; what sets them may not have been needed yet."""
    if lines := sys.modules.get("triage.pdf.lines"):
        lines.forget()
