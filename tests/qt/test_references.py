"""A guard against a fault of PySide6 6.12 on Python before 3.12 (see `triage.qt`)."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject

import triage.qt


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there")
def test_none_is_not_used_up_by_qt() -> None:
    assert triage.qt.__doc__
    thing = QObject()
    for _ in range(1000):
        thing.setObjectName("x")
    for value in (None, True, False):
        assert sys.getrefcount(value) > 1 << 39
