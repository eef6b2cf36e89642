"""Pictures of every screen, as a new process makes them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from triage.content.files import ContentFiles
from triage.content.load import load_content


def test_every_section_and_dialog_is_pictured(tmp_path: Path) -> None:
    size, scheme, scale = "900x560", "dark", 1.5
    command = [sys.executable, "-m", "triage", "demo", "--out", str(tmp_path)]
    env = {**os.environ, "QT_SCALE_FACTOR": str(scale)}
    subprocess.run([*command, "--screen", f"{size} {scheme}"], env=env, check=True, timeout=300)
    made = sorted(path.stem.partition("-")[2] for path in tmp_path.glob("*.png"))
    sections = load_content(ContentFiles()).form.sections
    names = {name.replace("_", "-") for name in sections}
    assert names | {"letter", "drafts", "settings", "addresses", "shortcuts", "about"} <= {*made}
    wide, high = (round(scale * int(side)) for side in size.split("x"))
    picture = QImage(str(next(tmp_path.glob("*-letter.png"))))
    assert (picture.width(), picture.height()) == (wide, high)
    # Nobody's window is one colour: what is pictured was painted.
    assert len({picture.pixel(x, high // 2) for x in range(wide)}) > 3
