"""Every family, small."""

from __future__ import annotations

import pytest

from tests.prove.families import FAMILIES

SMALL = [
    (name, seed)
    for name, family in FAMILIES.items()
    for seed in range(0, family.small, 20 if family.small > 20 else 1)
]


@pytest.mark.parametrize(("name", "first"), SMALL)
def test_family(name: str, first: int) -> None:
    family = FAMILIES[name]
    if not family.possible:
        pytest.skip("needs Linux and a C compiler")
    for seed in range(first, min(first + (20 if family.small > 20 else 1), family.small)):
        family.run(seed)
