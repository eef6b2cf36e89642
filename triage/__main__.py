"""``python -m triage`` and the command ``triage``."""

from __future__ import annotations

import os


def main() -> None:
    """Run the command line."""
    # pydantic would look through all installed packages for plugins at every start; we use none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from triage.cli.app import app

    app()


if __name__ == "__main__":
    main()
