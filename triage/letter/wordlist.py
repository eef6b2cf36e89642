"""The wordings that letters use, and what each may name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from triage.rules.assessment import LackKind, Support

# Wording -> the values that it may name.
WORDS: Mapping[str, tuple[str, ...]] = {
    # what a draft lacks
    "gap": ("what",),
    "practice": (),
    "practice_place": (),
    "recipient": (),
    "recipient_address": (),
    "address_phone": (),
    "signer": (),
    "told_gap": (),
    "composed_now": (),
    "replaces": (),
    "please_destroy": (),
    "changed": (),
    "see_bars": (),
    "nothing_changed": (),
    "before": (),
    "before_issuing": ("items",),
    # head and foot
    "head_draft": ("called", "document", "issue", "day"),
    "head_issued": ("called", "document", "issue", "day"),
    "draft_day": ("day",),
    "foot_draft": ("day", "document"),
    "foot_issued": ("called", "document", "issue", "when"),
    "mark": ("use", "profile", "version", "fingerprint", "own"),
    "intended_use": (),
    "why_here": ("reason",),
    "copy_own": ("name",),
    "full_record": (),
    "signed": ("writer", "name", "role", "registration", "phone"),
    "issued": ("when",),
    "unsigned": (),
    "out_of_hours": ("line",),
    # the patient
    "name_missing": (),
    "one_name": ("name",),
    "born": ("date",),
    "born_partly": ("date",),
    "born_unknown": (),
    "born_missing": (),
    "born_gap": (),
    "sex_missing": (),
    "identifier_missing": (),
    "identifier_gap": (),
    "not_known": ("items",),
    "reached": ("address", "phone"),
    # urgency and question
    "suspected": ("name",),
    "advice_only": (),
    "clinician_level": ("level", "suggested", "reason"),
    "recorded_red_flags": ("items",),
    "proposed": (),
    "proposal": ("name", "other"),
    "proposal_open": (),
    "working_diagnosis": ("name",),
    # what is there, and what is not
    "none_of": ("items",),
    "none_of_block": ("items",),
    "not_asked": ("items",),
    "not_yet_known": ("items",),
    "lacking": ("what",),
    "nothing_examined": (),
    "not_tested": ("items",),
    "more_items": ("count",),
    # results
    "dated": ("day", "items"),
    "normal_results": ("items", "figures"),
    "normal_count": ("count",),
    "pending": ("items",),
    "no_results": (),
    # thinking, tests, plan
    "fits": ("name", "many", "items"),
    "is_possible": ("name", "many", "items"),
    "against": ("items",),
    "no_against": (),
    "no_condition": (),
    "test": ("name", "sent", "purpose"),
    "all_the_same": ("names", "reason"),
    "not_asked_for": (),
    "tick": (),
    "declined": ("name", "reason"),
    "a_suggestion": (),
    "not_indicated": ("names", "reason"),
    "instead": ("instead",),
    "option": ("name", "reason", "first", "barred", "asks"),
    "accepted": ("name", "reason"),
    "contradiction": ("says", "items", "reason"),
    "contradiction_over": ("reason",),
    # would this recipient return it
    **{f"preflight_{kind}": ("items", "more", "name", "do") for kind in get_args(LackKind)},
}
ANSWER_VARIABLES = (
    "phrase",
    "option",
    "text",
    "value",
    "number",
    "unit",
    "items",
    "unclear",
    "stopped",
    "labelled",
    "regions",
)
SUPPORTS: tuple[str, ...] = get_args(Support)
