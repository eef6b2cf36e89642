"""What a laboratory is asked to study: of which nerves or muscles, on which side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from triage.content.form import DECISION, SIDES, Slot
from triage.content.schema import Investigation
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord
from triage.letter.words.grids import is_normal, rank
from triage.letter.words.phrase import listed, sentence
from triage.model.values import Choice, Finding
from triage.rules.assessment import ProtocolFinding, StudyFinding

_OPPOSITE = {"left": "right", "right": "left"}


def studies_block(making: Making, record: BlockRecord) -> Block:
    """Return what is asked for, line by line: what is done, of which nerves or muscles, on which side."""
    tests = asked_for(making)
    sides = _Sides(making, record.questions)
    rows = _protocol_rows(making, tests, sides, record.most)
    planned = [test for test in tests if rows and _plans_of(making, test)]
    suggested = {test.id for test in making.assessment.investigations}
    own = [test for test in tests if test.id not in suggested]
    rows += [_named(making, test, test in own) for test in tests if test not in planned]
    covers = tuple(DECISION + test.id for test in tests if making.decision(test.id) is not None)
    if rows and covers:
        first = rows[0]
        told = (Statement(first.statements[0].said, covers), *first.statements[1:])
        rows[0] = Row(first.label, told, first.strong, first.aside)
    if names := [test.short for test in own if test in planned]:
        rows.append(Row(listed(names), (Statement(making.word("own_study")),)))
    rows += [row for test in tests if (row := _reason_row(making, test)).statements]
    under = (record.text,) if rows and record.text else ()
    return Block(record.id, record.heading, "studies", tuple(rows), under=under)


def asked_for(making: Making) -> list[Investigation]:
    """Return the studies that are asked for, whatever calls for them; in a draft those not decided on too."""
    proposed = {test.id for test in making.requested()} if making.draft else set()
    return [
        rule.record
        for rule in making.content.investigations
        if rule.record.studies and (rule.record.id in proposed or making.accepted(rule.record.id))
    ]


def _named(making: Making, test: Investigation, own: bool) -> Row:
    """Return a study of which no plan tells more than its name, and whether it is the sender's own request."""
    said = [Statement(sentence(test.page or test.name))]
    said += [Statement(making.word("own_study"))] if own else []
    return Row(test.short, tuple(said), strong=True)


def _reason_row(making: Making, test: Investigation) -> Row:
    """Return why a test is asked for, as typed; of one advised against first that it is."""
    statements: list[Statement] = []
    found = (found for found in making.assessment.investigations if found.id == test.id)
    if any(one.status == "not_indicated" for one in found):
        statements.append(Statement(making.word("all_the_same_study")))
    said = making.decision(test.id)
    if said is not None and said.reason.strip():
        statements.append(Statement(said.reason.strip(), (DECISION + test.id,), "free"))
    return Row(test.short, tuple(statements))


def _protocol_rows(
    making: Making, tests: Collection[Investigation], sides: _Sides, most: int
) -> list[Row]:
    """Return the plan for what leads, as far as it was ordered; of other questions what there is room for, or names."""
    studies: list[StudyFinding] = []
    rows: list[Row] = []
    left: list[ProtocolFinding] = []
    for plan in _ranked(making):
        methods = {m for t in tests if plan in _plans_of(making, t) for m in t.studies}
        more = [study for study in plan.studies if study.method in methods]
        all_rows = _study_rows((*studies, *more), sides)
        if rows and _row_words(all_rows) > most:
            left += [plan] if all_rows != rows else []
        else:
            studies += more
            rows = all_rows
    while left:
        names = " ".join(plan.question for plan in left)
        named = Row(making.word("also_asked"), (Statement(names),), strong=True)
        if _row_words((*rows, named)) <= most:
            return [*rows, named]
        left.pop()
    return rows


def _plans_of(making: Making, test: Investigation) -> list[ProtocolFinding]:
    return [p for p in making.assessment.protocols if not test.plans or p.id in test.plans]


def _ranked(making: Making) -> list[ProtocolFinding]:
    """Return the plans: those of the conditions that lead first."""
    order = {condition.id: n for n, condition in enumerate(making.named())}
    last = len(order)
    return sorted(
        making.assessment.protocols,
        key=lambda plan: min((order.get(c, last) for c in plan.about), default=last),
    )


def _row_words(rows: Iterable[Row]) -> int:
    texts = (text for row in rows for text in (*(s.text for s in row.statements), row.aside))
    return sum(len(text.split()) for text in texts)


def _study_rows(studies: Iterable[StudyFinding], sides: _Sides) -> list[Row]:
    """Return a row for each kind of study: what several plans ask of it stands there, each nerve or muscle once."""
    kinds: dict[str, list[StudyFinding]] = {}
    for study in studies:
        kinds.setdefault(study.study, []).append(study)
    return [_study_row(name, alike, sides) for name, alike in kinds.items()]


def _study_row(name: str, studies: Sequence[StudyFinding], sides: _Sides) -> Row:
    side, lines, said = sides.words(studies[0]), list[str](), list[str]()
    for study in studies:
        fresh = [of for of in study.of if not _is_said(of, said)]
        own = sides.words(study)
        if fresh:
            lines.append(", ".join(fresh) + (f" ({own})" if own and own != side else ""))
            lines += [study.asks] if study.asks else []
            said += fresh
    return Row(name, (Statement("\n".join(lines)),), strong=True, aside=side)


def _is_said(name: str, said: Iterable[str]) -> bool:
    """Whether a nerve or muscle is named already, be it less closely: the gastrocnemius, of the medial one."""
    return any(name == other or name.endswith(f" {other}") for other in said)


class _Sides:
    """Which side is studied, by what was found on either.

    Parameters
    ----------
    making
        The letter in the making.
    questions
        What tells the side, the most telling first.
    """

    def __init__(self, making: Making, questions: Iterable[str]) -> None:
        self._making = making
        self._weak: dict[str, Counter[str]] = {}
        self._unsided = False
        self._side = ""
        for name in questions:
            found: Counter[str] = Counter()
            for slot in making.form.slots_of(name):
                if (weight := weight_of(making, slot)) == 0:
                    continue
                found[slot.side] += weight
                self._unsided |= f"{slot.key}.{SIDES[0]}" in making.form.slots
                for muscle in _muscles(making, slot):
                    self._weak.setdefault(muscle, Counter())[slot.side] += weight
            self._side = self._side or _heavier(found)

    def words(self, study: StudyFinding) -> str:
        """Return on which side a study is made."""
        word = self._making.word
        if study.side not in ("affected", "other"):
            return word(f"side_{study.side}") if study.side else ""
        side = self._of(study.of)
        if side not in _OPPOSITE:
            if study.side == "other":
                return word("side_other")
            if self._unsided and not side:
                return word("side_missing", draft=self._making.draft)
            return word("side_both" if side else "side_affected")
        if study.side == "other":
            return word(f"side_{_OPPOSITE[side]}")
        other = _OPPOSITE[side]
        too = [muscle for muscle in study.of if self._weak.get(muscle, Counter())[other]]
        if not too:
            return word(f"side_{side}")
        values = {
            "side": word(f"side_{side}"),
            "items": listed(too),
            "other": word(f"side_{other}"),
        }
        return word("side_too", **values)

    def _of(self, muscles: Iterable[str]) -> str:
        """Return the side on which these muscles are weaker, else that on which more was found."""
        found: Counter[str] = Counter()
        for muscle in muscles:
            found.update(self._weak.get(muscle, Counter()))
        side = _heavier(found)
        return side if side in _OPPOSITE else self._side


def _heavier(found: Counter[str]) -> str:
    """Return the side on which more was found, both if as much, or nothing."""
    right, left = found["right"], found["left"]
    if right == left:
        return "both" if right else ""
    return "right" if right > left else "left"


def weight_of(making: Making, slot: Slot) -> int:
    """Return how much was found: of a grade, how far it is from normal."""
    value = making.case.get(slot.key)
    if isinstance(value, Finding):
        return int(value.present)
    if slot.row is None or not isinstance(value, Choice):
        return 0
    normal = slot.row.normal or slot.question.normal[0]
    if is_normal(slot.question, slot.row, value.option):
        return 0
    places = [rank(slot.question, slot.row, grade) for grade in (normal, value.option)]
    return max(1, abs(places[0] - places[1]))


def _muscles(making: Making, slot: Slot) -> tuple[str, ...]:
    if slot.row is None:
        return ()
    words = making.templates.answers.get(f"{slot.question.id}.{slot.row.id}")
    return words.muscles if words else ()
