"""Hands a PDF to the print service of Linux and macOS, byte for byte and by its socket on this computer."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from triage.errors import TriageError

# Where CUPS listens on Linux, on other Unix systems, and on macOS.
SOCKETS = (
    Path("/run/cups/cups.sock"),
    Path("/var/run/cups/cups.sock"),
    Path("/private/var/run/cupsd"),
)
MOST_COPIES = 9
# The name of a job is seen by everyone at the printer: no patient in it.
_TITLE = "Referral letter"
_SERVER = "CUPS_SERVER"
# Printers that the network announces are awaited for some seconds.
_LIST_SECONDS, _PRINT_SECONDS = 15, 60
_DEFAULT = ": "
_NO_SERVICE = (
    "The print service is not running ({} is not there): start it, or save the letter as PDF."
)
_NO_PRINTER = "The print service knows no printer: add one in the system's settings, or save the letter as PDF."
_NO_COMMAND = "The command {} is missing: install the client of CUPS, or save the letter as PDF."
_SILENT = "The print service did not answer in time. Look at its queue before you print again."
_REFUSED = "The print service did not take the letter for {}: look at the printer in the system's settings."


class Printers(NamedTuple):
    """The printers that there are, and which of them is the usual one; empty if none is."""

    names: tuple[str, ...]
    usual: str = ""


def printers() -> Printers:
    """Return the printers that the print service knows.

    Raises
    ------
    TriageError
        If there is no service on this computer, or no printer.
    """
    names = tuple(line.strip() for line in _asked("lpstat", "-e").splitlines() if line.strip())
    if not names:
        raise TriageError(_NO_PRINTER)
    # "system default destination: office", or a sentence that there is none.
    _, colon, usual = _asked("lpstat", "-d").strip().rpartition(_DEFAULT)
    return Printers(names, usual if colon and usual in names else "")


def print_pdf(data: bytes, printer: str, copies: int = 1) -> None:
    """Print `data` as it is: what lies on the paper are the pages of these very bytes.

    It goes through a pipe, so no file of it is made here. What the print service keeps of a job is its own affair.

    Raises
    ------
    TriageError
        If the print service did not take it.
    """
    words = ("-d", printer, "-n", str(copies), "-t", _TITLE)
    if _run("lp", words, data, _PRINT_SECONDS).returncode:
        raise TriageError(_REFUSED.format(printer))


def _asked(command: str, *words: str) -> str:
    done = _run(command, words, b"", _LIST_SECONDS)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _run(
    command: str, words: Sequence[str], data: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    # Given a socket these commands use no other way, even if nobody listens there; without one they would try
    # the internet address of this computer (watched with CUPS 2.4).
    environment = os.environ | {_SERVER: str(_socket()), "LC_ALL": "C"}
    try:
        return subprocess.run(
            [command, *words],
            input=data,
            capture_output=True,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise TriageError(_NO_COMMAND.format(command)) from None
    except subprocess.TimeoutExpired:
        raise TriageError(_SILENT) from None
    except OSError as error:
        raise TriageError(f"The command {command} cannot be run ({error.strerror}).") from None


def _socket() -> Path:
    """Return the socket of the print service: the one that the user's environment names, or the usual one."""
    named = os.environ.get(_SERVER, "")
    # A computer of the network may be named there as well: it is not printed over the network.
    places = (Path(named),) if named.startswith("/") else SOCKETS
    for path in places:
        try:
            if stat.S_ISSOCK(path.stat().st_mode):
                return path
        except OSError:
            continue
    raise TriageError(_NO_SERVICE.format(places[0]))
