"""Hands a PDF to the print service of Linux and macOS, byte for byte and by its socket on this computer."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Sequence
from itertools import groupby
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
# Without it the service cuts the edges off a letter that is larger than the paper of the printer.
_WHOLE_PAGES = "print-scaling=auto-fit"
_SERVER = "CUPS_SERVER"
# Printers that the network announces are awaited for some seconds.
_LIST_SECONDS, _PRINT_SECONDS = 15, 60
_DEFAULT = ": "
_NO_SERVICE = (
    "The print service of this computer is not running: start it, or save the letter as PDF."
)
_ENDED = "The print service does not run any more: start it, or save the letter as PDF."
_NO_PRINTER = "The print service knows no printer: add one in the system's settings, or save the letter as PDF."
_NO_COMMAND = "The command {} is missing: install the client of CUPS, or save the letter as PDF."
_SILENT = "The print service did not answer in time. Look at its queue before you print again."
_REFUSED = "The print service did not take the letter for {}: look at the printer in the system's settings."
_NO_PAGE = "There is no page {}: write pages of 1 to {}, such as 1 or 1-2, or nothing for all."
_ONE_PAGE = "There is no page {}: the letter has one, so write 1 or nothing."
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_RANGE = re.compile(r"0*([1-9][0-9]{0,3})(?:-0*([1-9][0-9]{0,3}))?")
# How much is shown of what is no page.
_SHOWN = 20


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
        # A service that was killed leaves its socket behind. "scheduler is not running"
        ended = "not running" in _asked("lpstat", "-r")
        raise TriageError(_ENDED if ended else _NO_PRINTER)
    # "system default destination: office", or a sentence that there is none.
    _, colon, usual = _asked("lpstat", "-d").strip().rpartition(_DEFAULT)
    return Printers(names, usual if colon and usual in names else "")


def chosen_pages(typed: str, count: int) -> str:
    """Return the pages that `typed` names of a letter of `count` pages, as the print service takes them.

    They are in order, each once, such as ``1-2,4``; empty for all of them, which is what nothing typed means.

    Raises
    ------
    TriageError
        If something in it is no page of the letter.
    """
    pages: set[int] = set()
    for part in re.split(r"[\s,;]+", _DASHES.sub("-", typed)):
        if not part:
            continue
        found = _RANGE.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= count:
            shown = part if len(part) <= _SHOWN else f"{part[:_SHOWN]}…"
            raise TriageError((_ONE_PAGE if count == 1 else _NO_PAGE).format(shown, count))
        pages.update(range(first, last + 1))
    if len(pages) in (0, count):
        return ""
    runs = [
        [n for _, n in run] for _, run in groupby(enumerate(sorted(pages)), lambda p: p[1] - p[0])
    ]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def print_pdf(data: bytes, printer: str, copies: int = 1, pages: str = "") -> None:
    """Print `data` as it is: what lies on the paper are the pages of these very bytes.

    It goes through a pipe, so no file of it is made here. What the print service keeps of a job is its own affair.

    Parameters
    ----------
    data
        The PDF; the print service gets the whole of it, whichever pages are wanted.
    printer, copies
        Where it goes, and how often.
    pages
        Which pages, as `chosen_pages` returns them.

    Raises
    ------
    TriageError
        If the print service did not take it.
    """
    words = ["-d", printer, "-t", _TITLE, "-o", _WHOLE_PAGES, "-n", str(copies)]
    if pages:
        words += ["-P", pages]
    if _run("lp", words, data, _PRINT_SECONDS).returncode:
        raise TriageError(_REFUSED.format(printer))


def is_paused(printer: str) -> bool:
    """Whether what was sent to `printer` waits there until somebody lets it go on."""
    # A name may stand for several where one is asked for; all are told. What follows a slash is an instance.
    says = f"printer {printer.partition('/')[0]} disabled since "
    try:
        return any(line.startswith(says) for line in _asked("lpstat", "-p").splitlines())
    except TriageError:
        return False


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
    raise TriageError(_NO_SERVICE)
