"""``python -m triage`` and the command ``triage``."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from triage.cli.app import app

    app()


if __name__ == "__main__":
    main()
