"""How soon and why, what could not be excluded, what would change it, and what does not go together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from triage.content.form import URGENCY
from triage.content.schema import RedFlag
from triage.letter.words.said.line import (
    Mark,
    Part,
    Said,
    Why,
    begun,
    clause,
    counted,
    few,
    mark_of,
    maybe_mark_of,
)
from triage.letter.words.said.trail import Trail, answers_of, sources_of
from triage.model.case import Case
from triage.model.values import LEVELS, Level, Urgency
from triage.rules.assessment import (
    Assessment,
    Change,
    ContradictionFinding,
    Item,
    NotExcluded,
    Reason,
    ServiceFinding,
)
from triage.rules.services import act_words, days_words, inside

# Keys that say who the patient is, and nothing clinical.
_NO_FINDINGS = ("case.", "patient.", "referrer.", "note.", "decision.")
_MOST = 6
# Of the safety set, how many are named as what to ask next.
_NEXT = 2
# Of the rules that one answer could decide, how many are named.
_MOST_RULES = 5
# Of the answers of a contradiction, how many have a line of their own.
_MOST_ANSWERS = 6
CONTRADICTIONS = "Contradictions"
_NOT_ENOUGH = "Not enough yet"
_NOTHING_YET = "Nothing assessed yet"
_NO_FLAG = "No red flag among what was assessed"
_STOPS = "stops the issue of a letter"
_SETTLED = "settled: the reason is printed in the letter"
_UNUSED = "used by nothing; stops nothing"


class Headline(NamedTuple):
    """How soon, what to do, and how sure that is.

    Parameters
    ----------
    tag, when
        The level, and by when to act.
    title, aim
        What was found and what it asks for, as the rule has it that is to be acted on first; and who is asked.
    text
        The level with by when and by whom, in one sentence.
    own
        What the clinician says of it; of a patient for whom the form is not made, the red flags.
    mark, alarm
        The sign of the level, and whether it is an emergency.
    provisional
        What of the safety set is missing.
    judged
        Whether there is a level.
    found
        What an emergency is one for.
    """

    tag: str
    when: str
    title: str
    aim: str
    text: str = ""
    own: str = ""
    mark: Mark = Mark.CAUTION
    alarm: bool = False
    provisional: Said | None = None
    judged: bool = True
    found: str = ""

    def since(self, at: datetime) -> str:
        """Return what is told once as an emergency is recorded."""
        found = f": {inside(clause(self.found))}" if self.found else ""
        return f"Emergency since {at:%H:%M}{found}. Phone first, type later."

    @property
    def announced(self) -> str:
        """What is told to those who listen, such as *Urgent, within 2 weeks. Suspected myelopathy.*."""
        return f"{', '.join(filter(None, (self.tag, self.when)))}. {clause(self.title)}."


def headline(trail: Trail, assessment: Assessment, case: Case) -> Headline:
    """Return what stands above everything else."""
    found, own = assessment.urgency, case.get(URGENCY)
    chosen = own if isinstance(own, Urgency) else None
    level = chosen.level if chosen else found.level
    if not assessment.scope.ok or level is None:
        flags = ", ".join(item.label for item in assessment.recorded_red_flags)
        return Headline(
            "No level",
            "",
            "Outside the scope of this form",
            assessment.scope.says,
            "Outside the scope of this form: no level",
            f"Red flags recorded: {flags}." if flags else "",
            judged=False,
        )
    blank = is_blank(case)
    open_ = Headline(_NOT_ENOUGH, "", _NOTHING_YET, "", _NOTHING_YET)
    head = open_._replace(mark=Mark.OPEN) if blank else _judged(trail, assessment, level, chosen)
    return head._replace(
        own=_own(trail, chosen, found.level) if chosen else "",
        alarm=level == "emergency",
        provisional=_provisional(trail, assessment, case) if found.provisional else None,
    )


def is_blank(case: Case) -> bool:
    """Whether a case says nothing clinical, and nobody set a level: "routine" would reassure."""
    return URGENCY not in case and all(key.startswith(_NO_FINDINGS) for key in case)


def _judged(trail: Trail, assessment: Assessment, level: Level, chosen: Urgency | None) -> Headline:
    """Return the headline of a case of which something was assessed."""
    found, record = assessment.urgency, trail.content.levels[level]
    act = found.act if level == found.level else None
    flag = trail.content.rules.get(act.rule) if act is not None else None
    days = act.within_days if act is not None else record.within_days
    if level == "emergency":
        title = f"Phone now: {inside(act.who if act is not None else record.who)}"
        aim = flag.whole if isinstance(flag, RedFlag) else record.action
    elif isinstance(flag, RedFlag):
        title, aim = flag.says, flag.do or record.action
    elif chosen is None:
        title, aim = _NO_FLAG, _unassessed(assessment)
    else:
        title, aim = record.action, ""
    refers = act is not None and level != "emergency"
    # Nothing is said of a routine that may still become more.
    so_far = level == "routine" and found.provisional and chosen is None
    return Headline(
        record.title,
        "so far" if so_far else "" if days is None else days_words(days),
        clause(title),
        " ".join(filter(None, (_ended(aim), _referral(trail, assessment) if refers else ""))),
        _level(trail, assessment, level, chosen),
        mark=mark_of(level),
        found=flag.says if level == "emergency" and isinstance(flag, RedFlag) else "",
    )


def _ended(text: str) -> str:
    return f"{begun(clause(text))}." if text else ""


def _referral(trail: Trail, assessment: Assessment) -> str:
    """Return who is asked besides, in a sentence of its own; nothing where the level itself is the referral's."""
    referral = assessment.urgency.referral
    if referral is None:
        return "No referral suggested."
    act, days = assessment.urgency.act, trail.content.levels[referral].within_days
    other = act is not None and act.within_days != days
    others = " or ".join(inside(s.name) for s in assessment.services if not s.primary)
    to = f": {others}" if others else ""
    return f"Refer {days_words(days)}{to}." if other or not others else f"Refer{to}."


def _level(trail: Trail, assessment: Assessment, level: Level, chosen: Urgency | None) -> str:
    if level == "emergency":
        return "Same day: phone or send now"
    provisional = assessment.urgency.provisional
    title = trail.content.levels[level].title
    if provisional and chosen is None:
        title = f"{title} so far, provisional"
    # Nothing is said of a routine that may still become more.
    act = "" if level == "routine" and provisional else _act(trail, assessment, level)
    return f"{title}. {act}" if act else title


def _act(trail: Trail, assessment: Assessment, level: Level) -> str:
    """Return by when and by whom, as suggested; at another level of the clinician's as that level has it."""
    found = assessment.urgency
    if found.act is not None and level == found.level:
        return found.act.says
    record = trail.content.levels[level]
    return act_words(record.within_days, record.who)


def _unassessed(assessment: Assessment) -> str:
    # Never "no red flags": only what was assessed can be spoken of.
    missing = len(assessment.urgency.missing)
    more = f"; {missing} not assessed" if missing else ""
    return f"None of the items that were assessed was a red flag{more}."


def _plain(chosen: Urgency) -> str:
    return chosen.reason.strip().rstrip(".")


def _own(trail: Trail, chosen: Urgency, suggested: Level | None) -> str:
    reason = f": {_plain(chosen)}." if chosen.reason else "."
    if suggested is None or chosen.level == suggested:
        return f"Set by the clinician, as suggested{reason}"
    title = trail.content.levels[suggested].title.lower()
    return f"Set by the clinician (suggested: {title}){reason}"


def _provisional(trail: Trail, assessment: Assessment, case: Case) -> Said:
    missing = assessment.urgency.missing
    return Said(
        f"Provisional: {counted(len(missing), 'item')} of the safety set not assessed",
        f"next: {trail.missing(missing, _NEXT)}",
        keys=trail.wanted(missing, case),
        tip="\n".join(item.label for item in missing),
    )


# -- why ----------------------------------------------------------------------------------------------


def exits(assessment: Assessment) -> Part:
    """Return what needs a call before anything is calculated."""
    return Part(
        "Phone now, without this form, if there is:",
        tuple(Said(e.says, mark=Mark.MAYBE_EMERGENCY) for e in assessment.exits),
        f"{counted(len(assessment.exits), 'situation')} that need a call first",
    )


def alarms(assessment: Assessment) -> Part:
    """Return the red flags that were recorded of a patient for whom nothing is concluded."""
    found = assessment.recorded_red_flags
    return Part(
        "Red flags recorded", tuple(Said(i.label, mark=Mark.FLAG, keys=(i.id,)) for i in found)
    )


def chosen(case: Case) -> Part:
    """Return why the level is the clinician's own, where it is."""
    own = case.get(URGENCY)
    if not isinstance(own, Urgency):
        return Part("", ())
    says = f"You set this: {_plain(own)}." if own.reason else "You set this, without a reason."
    return Part(f"Why {own.level}", (Said(says, mark=mark_of(own.level)),))


def reasons(trail: Trail, assessment: Assessment, case: Case) -> Part:
    """Return why it is as urgent as it is; beside a level of the clinician's own, what the rules reach."""
    found = assessment.urgency
    title = f"What the rules reach: {found.level}" if URGENCY in case else f"Why {found.level}"
    return Part(title, tuple(map(trail.reason, found.reasons)))


def services(trail: Trail, assessment: Assessment) -> Part:
    """Return whom the findings ask for."""
    return Part("Who", tuple(_service(trail, found) for found in assessment.services))


def _service(trail: Trail, found: ServiceFinding) -> Said:
    first, more = found.reasons[0], len(found.reasons) - 1
    says = _found(trail, first)
    return Said(
        found.name,
        trail.note(first.rule, first.source, f"{says}, and {more} more" if more else says),
        keys=trail.targets(answers_of(found.reasons)),
        tip=trail.tip(sources_of(found.reasons)),
        why=Why(
            " ".join(f"{clause(reason.says)}." for reason in found.reasons),
            answers_of(found.reasons),
            source=sources_of(found.reasons),
        ),
    )


def _found(trail: Trail, reason: Reason) -> str:
    """Return what was found; what to do stands with the rule itself."""
    record = trail.content.rules.get(reason.rule)
    if isinstance(record, RedFlag) and record.whole == reason.says:
        return clause(record.says)
    return clause(reason.says)


# -- in an emergency ----------------------------------------------------------------------------------


def measure_now(trail: Trail, assessment: Assessment) -> Part:
    """Return what is measured or tested at once, each with the question that takes the result."""
    if assessment.urgency.level != "emergency":
        return Part("Measure now", ())
    done = {rule.record.id: rule.done for rule in trail.content.investigations}
    form = trail.content.form
    lines = []
    for test in assessment.investigations:
        if test.timing != "now" or test.status not in ("recommended", "consider"):
            continue
        below = {q for node in done[test.id] for q in trail.content.questions_below(node)}
        keys = tuple(name for name in form.questions if name in below)[:_NEXT]
        lines.append(Said(test.name, begun(clause(test.purpose)), Mark.OPEN, keys))
    return Part("Measure now", tuple(lines))


def can_wait(titles: Sequence[str], number: int) -> Part:
    """Return what an emergency need not wait for: so many open questions of these sections."""
    says = f"{counted(number, 'question')}: {few(titles, _MOST)}."
    note = "The sheet prints them as not asked."
    return Part("Can wait", (Said(says, note),) if number else ())


# -- what is open -------------------------------------------------------------------------------------


class Open(NamedTuple):
    """The rules that could not be excluded: those for which an answer speaks, and the rest, which only waits."""

    hinted: Part
    rest: Part


def not_excluded(trail: Trail, assessment: Assessment, case: Case) -> Open:
    """Return what could not be excluded."""
    found = assessment.not_excluded
    hinted = [rule for rule in found if rule.answers][:_MOST]
    rest = [rule for rule in found if rule not in hinted]
    more = " more" if hinted else ""
    return Open(
        Part("Could not be excluded", tuple(_not_excluded(trail, r, case) for r in hinted)),
        Part(
            f"{len(rest)}{more} could not be excluded yet",
            tuple(_not_excluded(trail, r, case) for r in rest),
            "same-day or urgent rules that wait for answers",
        ),
    )


def _not_excluded(trail: Trail, found: NotExcluded, case: Case) -> Said:
    missing = trail.missing(found.missing)
    return Said(
        found.says,
        trail.note(found.rule, found.source, f"missing: {missing}" if missing else ""),
        maybe_mark_of(found.level),
        trail.wanted(found.missing, case) or trail.targets(found.answers),
        trail.tip(found.source),
        why=Why(found.says, found.answers, found.missing, found.source),
    )


def changes(trail: Trail, assessment: Assessment, case: Case) -> Part:
    """Return the missing answers that could decide the most urgent rules."""
    lines = (said for _, said in ranked(trail, assessment, case))
    return Part("What would change the advice", tuple(islice(lines, _MOST)))


def ranked(trail: Trail, assessment: Assessment, case: Case) -> Iterator[tuple[Change, Said]]:
    """Yield what would change the advice with its line, what could become gravest first."""
    for change in sorted(assessment.what_would_change, key=_rank, reverse=True):
        yield change, _change(trail, change, case)


def _rank(change: Change) -> int:
    return max(LEVELS.index(effect.level) for effect in change.effects)


def _change(trail: Trail, change: Change, case: Case) -> Said:
    codes = trail.codes(*(effect.rule for effect in change.effects[:_MOST_RULES]))
    note = f"could make it {LEVELS[_rank(change)]}"
    return Said(
        begun(change.label),
        f"{note} ({codes})" if codes else note,
        Mark.OPEN,
        trail.targets([change.question], case),
        why=Why(_decided(trail, change), missing=(Item(change.question, change.label),)),
    )


def _decided(trail: Trail, change: Change) -> str:
    """Return what the rules say that an answer could decide."""
    rules = [trail.content.rules.get(effect.rule) for effect in change.effects[:_MOST_RULES]]
    named = [clause(rule.says) for rule in rules if isinstance(rule, RedFlag)]
    return f"It decides: {'; '.join(dict.fromkeys(named))}." if named else ""


# -- what does not go together --------------------------------------------------------------------------


def contradiction(trail: Trail, found: ContradictionFinding) -> Said:
    """Return what does not go together, and what comes of it."""
    state = _UNUSED if found.leftover else _STOPS if found.stops_issue else _SETTLED
    note = trail.note("" if found.leftover else found.id, found.source, state)
    return Said(found.says, note, Mark.UNEQUAL, found.answers, trail.tip(found.source))


def both(trail: Trail, found: ContradictionFinding, case: Case) -> tuple[Said, ...]:
    """Return the answers of a contradiction."""
    # Late: the words of answers bring the template language with them.
    from triage.letter.words.described import describe

    return tuple(
        Said(describe(case, trail.content.form, key), keys=(key,), indent=1)
        for key in found.answers[:_MOST_ANSWERS]
    )


def checks(assessment: Assessment) -> Part:
    """Return the values that cannot be, or hardly."""
    return Part(
        "To check, kept as typed",
        tuple(Said(c.says, mark=Mark.FLAG, keys=c.answers) for c in assessment.to_check),
    )
