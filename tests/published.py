"""How the program does on published patients, whom readers entered who saw no rule.

``python -m tests.published [untouched] [-q] [ID …]`` prints one line a patient and the totals.

A level counts if it lies in the band that two readers accept; a condition if one of those that count as right is
among the first three; what must be asked if an essential test, an option or a team meets it; an item that is
forbidden counts in either tier.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import CASES, assess_case, case_from
from triage.errors import CaseError
from triage.model.values import LEVELS
from triage.rules.assessment import Assessment

FOLDER = CASES / "published"
RANK = {level: rank for rank, level in enumerate(LEVELS)}
SHOWN = ("recommended", "consider")


@dataclass(frozen=True)
class Patient:
    """One published patient: what is expected, and how it was entered."""

    id: str
    title: str
    expected: dict[str, Any]
    case: dict[str, Any]


@dataclass
class Score:
    """Counts over patients; `lines` tells of each."""

    patients: int = 0
    refused: list[str] = field(default_factory=list)
    in_band: int = 0
    under: int = 0
    over: int = 0
    emergencies: int = 0
    emergencies_found: int = 0
    pressing: int = 0
    pressing_found: int = 0
    named: int = 0
    first: int = 0
    in_three: int = 0
    met: list[float] = field(default_factory=list)
    essential: int = 0
    shown: int = 0
    cannot_say: int = 0
    left_out: int = 0
    forbidden: int = 0
    lines: list[str] = field(default_factory=list)

    def totals(self) -> Iterator[str]:
        """Yield the totals as lines."""
        n = self.patients
        yield f"patients {n}, refused {self.refused}"
        yield f"in band {self.in_band}/{n}, under {self.under}, over {self.over}"
        yield (
            f"emergency found {self.emergencies_found}/{self.emergencies}, "
            f"emergency or urgent {self.pressing_found}/{self.pressing}"
        )
        yield f"condition first {self.first}/{self.named}, in three {self.in_three}/{self.named}"
        yield (
            f"must {sum(self.met) / len(self.met):.1%}, essential {self.essential / n:.1f}, "
            f"shown {self.shown / n:.1f}, cannot say {self.cannot_say / n:.1f} "
            f"(left out {self.left_out / n:.1f}), forbidden {self.forbidden}"
        )


@cache
def patients(entered: str = "entered") -> tuple[Patient, ...]:
    """Return all patients as they stand in the folder `entered`: re-entered, or as they were at first."""
    told = yaml.safe_load((FOLDER / "cases.yaml").read_text(encoding="utf-8"))
    return tuple(
        Patient(entry["id"], entry["title"], entry["expected"], _case(entered, entry["id"]))
        for entry in told
    )


def _case(entered: str, name: str) -> dict[str, Any]:
    path: Path = FOLDER / entered / f"{name}.json"
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["case"]
    return case


def score(entered: str = "entered", only: tuple[str, ...] = ()) -> Score:
    """Return how the program does on the patients of one folder."""
    total = Score()
    for patient in patients(entered):
        if not only or patient.id in only:
            _add(total, patient)
    return total


def _add(total: Score, patient: Patient) -> None:
    total.patients += 1
    try:
        found: Assessment = assess_case(case_from(patient.case))
    except CaseError as error:
        # A case that cannot be read counts as missed, not as absent.
        total.refused.append(f"{patient.id}: {error}")
        return
    expected = patient.expected
    at = RANK[found.urgency.level or "routine"]
    band = [RANK[level] for level in expected["acceptable_urgency"]]
    state = "under" if at < min(band) else "over" if at > max(band) else "ok"
    total.in_band += state == "ok"
    total.under += state == "under"
    total.over += state == "over"
    if expected["urgency"] == "emergency":
        total.emergencies += 1
        total.emergencies_found += at == RANK["emergency"] or state == "ok"
    if RANK[expected["urgency"]] >= RANK["urgent"]:
        total.pressing += 1
        total.pressing_found += at >= RANK["urgent"] or state == "ok"
    names = [condition.id for condition in found.conditions]
    wanted = set(expected["conditions"])
    if wanted:
        total.named += 1
        total.first += bool(wanted & set(names[:1]))
        total.in_three += bool(wanted & set(names[:3]))
    shown = {t.id for t in found.investigations if t.status in SHOWN}
    essential = {t.id for t in found.investigations if t.id in shown and _tier(t) == "essential"}
    have = essential | {t.id for t in found.investigations if t.status == "done"}
    have |= {option.id for option in found.plan} | {team.id for team in found.team}
    if at == RANK["emergency"]:
        have.add("emergency_level")
    groups = [group for group in expected["must_ids"] if "examine" not in group]
    missed = [group for group in groups if not have & set(group)]
    if groups:
        total.met.append(1 - len(missed) / len(groups))
    total.essential += len(essential)
    total.shown += len(shown)
    total.cannot_say += sum(t.status == "cannot_say" for t in found.investigations)
    offered = shown | {option.id for option in found.plan if option.status == "consider"}
    wrong = sorted(set(expected["forbidden_ids"]) & offered)
    total.forbidden += bool(wrong)
    accepted = "/".join(expected["acceptable_urgency"])
    line = f"{patient.id} {state:5} {found.urgency.level} of {accepted} | {patient.title}"
    if wanted and not wanted & set(names[:3]):
        line += f" | wants {sorted(wanted)}, has {names[:4]}"
    if missed:
        line += f" | not asked {missed}"
    if wrong:
        line += f" | should not {wrong}"
    total.lines.append(line)


def _tier(test: Any) -> str:
    return getattr(test, "tier", "essential")


def main(arguments: list[str]) -> None:
    """Print the score."""
    names = [a for a in arguments if not a.startswith("-")]
    entered = "untouched" if "untouched" in names else "entered"
    total = score(entered, tuple(name for name in names if name != "untouched"))
    if "-q" not in arguments:
        print("\n".join(total.lines))
    print("\n".join(total.totals()))


if __name__ == "__main__":
    main(sys.argv[1:])
