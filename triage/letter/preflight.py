"""What a recipient would return a letter for, in words: for the window, the command line and the issue alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from triage.letter.words.phrase import listed, sentence
from triage.letter.words.wording import render_wording
from triage.rules.assessment import LackFinding

# Of what would help, how many are named.
_MOST = 6


class Lack(NamedTuple):
    """What a recipient would miss, and as it is said."""

    says: str
    found: LackFinding


def lack_words(lack: LackFinding, recipient: str, words: Mapping[str, str]) -> str:
    """Return one thing that a recipient would miss, as a sentence.

    Parameters
    ----------
    lack
        What it is.
    recipient
        The name of the recipient.
    words
        The wordings of the letter.
    """
    more = max(0, len(lack.items) - _MOST)
    values = {
        "items": listed(list(lack.items[:_MOST])),
        "more": more,
        "name": recipient,
        "do": lack.do,
    }
    wording = words[f"preflight_{lack.kind}"]
    return sentence(render_wording(wording, values))
