"""The urgency banner: how soon, why, what is provisional, what could not be excluded."""

from __future__ import annotations

from triage.content.form import URGENCY
from triage.letter.making import Making
from triage.letter.phrase import listed
from triage.letter.statements import Block, Statement
from triage.letter.template import BlockRecord
from triage.model.values import LEVELS, Level, Urgency
from triage.rules.assessment import Fired
from triage.rules.services import act_words

# Of what was not asked, how many are named; the rest is counted.
_MOST_ITEMS = 5
_SERIOUS = ("urgent", "emergency")


def banner_block(making: Making, record: BlockRecord) -> Block:
    """Return the banner; for a patient outside the form's scope only the sentence that says so."""
    scope = making.assessment.scope
    level = level_of(making)
    if not scope.ok or level is None:
        found = [Statement(scope.says, (), "strong"), *_alarms(making), *_chosen(making)]
        return Block(record.id, record.heading, "banner", tuple(found))
    found = [Statement(_headline(making, level), (), "strong")]
    if scope.says:
        found.append(Statement(scope.says))
    found += _chosen(making)
    found += _lines(making, level)
    found += _why(making, record)
    found += _absent(making, record)
    # Nothing that was not asked can raise the highest level.
    if level != "emergency" and (not record.brief or making.assessment.urgency.provisional):
        found += _gaps(making)
    return Block(record.id, record.heading, "banner", tuple(found))


def level_of(making: Making) -> Level | None:
    """Return the level that the letter goes out with: the clinician's, else the suggested one, if there is one."""
    chosen = making.case.get(URGENCY)
    return chosen.level if isinstance(chosen, Urgency) else making.assessment.urgency.level


def _title(making: Making, level: Level) -> tuple[str, str, str]:
    record = next(r for r in making.content.urgency.level if r.id == level)
    # "within 2 weeks (actions on results: within days)": the bracket is for the screen.
    return record.title, record.aim.partition(" (")[0], record.action


def _headline(making: Making, level: Level) -> str:
    line = making.word("level", level=_title(making, level)[0].upper(), act=_act(making, level))
    if making.assessment.urgency.provisional and level != "emergency":
        line += "   " + making.word("provisional_mark")
    lead = making.assessment.conditions[0] if making.assessment.conditions else None
    if (
        level in _SERIOUS
        and lead
        and not lead.benign
        and lead.support in ("well_supported", "possible")
    ):
        line += "   " + making.word("suspected", name=lead.name.upper())
    return line


def _act(making: Making, level: Level) -> str:
    """Return by when and by whom, as suggested; at another level of the clinician's as that level has it."""
    urgency = making.assessment.urgency
    if urgency.act is not None and level == urgency.level:
        return urgency.act.says
    record = next(r for r in making.content.urgency.level if r.id == level)
    return act_words(record.within_days, record.who)


def _alarms(making: Making) -> list[Statement]:
    """Return the red flags that were recorded of a patient for whom nothing is concluded."""
    items = [item.label for item in making.assessment.recorded_red_flags]
    if not items:
        return []
    return [Statement(making.word("recorded_red_flags", items=listed(items)), (), "strong")]


def _chosen(making: Making) -> list[Statement]:
    chosen = making.case.get(URGENCY)
    if not isinstance(chosen, Urgency):
        return []
    title, aim, _ = _title(making, chosen.level)
    level = making.assessment.urgency.level
    suggested = "none" if level is None else _title(making, level)[0].lower()
    text = making.word(
        "clinician_level",
        level=title.lower(),
        aim=aim,
        suggested=suggested,
        reason=chosen.reason.strip().rstrip("."),
    )
    return [Statement(text, (URGENCY,))]


def _lines(making: Making, level: Level) -> list[Statement]:
    if "emergency" not in (level, making.assessment.urgency.level):
        return []
    action = _title(making, "emergency")[2]
    return [Statement(making.word("call", action=action), (), "strong")]


def _why(making: Making, record: BlockRecord) -> list[Statement]:
    urgency = making.assessment.urgency
    reasons = sorted(urgency.reasons, key=lambda r: (-LEVELS.index(r.level), r.to == "pc"))
    found = []
    # The reasons for the level itself in words; what asks for less is named shortly.
    silent = [r for r in reasons if not making.may_say(r.answers)]
    told = [r for r in reasons if r not in silent]
    top = [r for r in told if r.level == urgency.level][: record.most]
    if not top and any(r.level == urgency.level for r in silent):
        found.append(Statement(making.word("reason_kept")))
    for reason in top:
        found.append(Statement(_reason(making, reason)))
    if more := [r for r in told if r not in top]:
        items = [f"{_lower(_short(r.says))} ({r.level}, {r.rule})" for r in more[: record.most]]
        items += [r.rule for r in more[record.most :]]
        found.append(Statement(making.word("more_reasons", items="; ".join(items))))
    if all(r.level == "routine" for r in reasons):
        word = "no_red_flag_yet" if urgency.provisional else "no_red_flag"
        count = f"{len(urgency.missing)} item{'s' * (len(urgency.missing) != 1)}"
        found.insert(
            0, Statement(making.word(word, **({"count": count} if urgency.provisional else {})))
        )
    return found


def _reason(making: Making, reason: Fired) -> str:
    # What an earlier reason has already quoted is not quoted again.
    facts = making.facts(reason.answers, 4)
    # The headline says how soon; only in an emergency is the action itself repeated.
    says = reason.says if reason.level == "emergency" else f"{_short(reason.says)}."
    return making.word("why", says=says, facts=facts, tag=making.tag([reason.rule], reason.source))


def _absent(making: Making, record: BlockRecord) -> list[Statement]:
    return making.told([p for p in making.phrases((record.id, -1)) if p.part == "absent"])


def _gaps(making: Making) -> list[Statement]:
    """Return, in one line, what was not asked that could raise the level; the rules themselves stand on the screen."""
    if making.assessment.urgency.provisional:
        word, missing = "provisional", making.assessment.urgency.missing
    else:
        word, missing = (
            "not_excluded",
            tuple(item for rule in making.assessment.not_excluded for item in rule.missing),
        )
    names = list(dict.fromkeys(making.item(item) for item in missing))
    if not names:
        return []
    more = max(0, len(names) - _MOST_ITEMS)
    return [Statement(making.word(word, items=listed(names[:_MOST_ITEMS]), more=more))]


def _short(says: str) -> str:
    """Return what a rule is about, without what to do."""
    head = says.partition(":")[0].strip()
    return head.rstrip(".")


def _lower(text: str) -> str:
    """Return `text` with a small first letter, unless it begins with a name such as GBS."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
