"""Where the content files are: the one module that knows a wheel from a checkout."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from triage.errors import ContentError, Problem, TriageError, did_you_mean
from triage.files import read_bytes, read_text

# The form that is meant where none is named.
FORM = "muscle_cramps"
_PACKAGE = Path(__file__).resolve().parent.parent
_ROOTS = (_PACKAGE / "_content", _PACKAGE.parent)
# These files, and those of these folders, cannot change what a letter says.
_SILENT = ("cases", "CHANGES.md", "practice.toml", "receiver_forms", "released.toml")
LARGEST = 4_000_000
# A form of a receiver may hold its logo and its fonts.
_LARGEST_PDF = 16_000_000
_LONGEST_NAME = 60
_SUFFIXES = (".toml", ".json", ".md", ".png", ".svg", ".pdf")


def _short(form: str) -> str:
    """Return the name of a form as a sentence may hold it: a case file may give anything for it."""
    return form if len(form) <= _LONGEST_NAME else f"{form[:_LONGEST_NAME]}…"


def content_root() -> Path:
    """Return the folder that holds ``forms`` and ``templates``."""
    for root in _ROOTS:
        if (root / "forms").is_dir() and (root / "templates").is_dir():
            return root
    raise ContentError(
        [Problem("forms", "", "the content files are missing: install the program again")]
    )


class ContentFiles:
    """The files of one form and of the letter templates, a clinic's own files in front.

    Parameters
    ----------
    form
        Id of the form, for example ``muscle_cramps``.
    root
        Folder with ``forms`` and ``templates``; the program's own if None.
    own
        A clinic's folder with the same shape: a file there replaces the one of the same name.

    Raises
    ------
    ContentError
        If `own` holds no content: rules of the clinic must not be missing unseen. If there is no such form.
    """

    def __init__(self, form: str = FORM, root: Path | None = None, own: Path | None = None) -> None:
        self.form = form
        self._roots = [root or content_root(), *([own] if own else [])]
        # A case file may name anything: only what is listed is looked into.
        known = [folder.name for root in self._roots for folder in (root / "forms").glob("*/")]
        has_form = own is not None and form in known and (own / "forms" / form).is_dir()
        holds = own is not None and (has_form or (own / "templates").is_dir())
        self.own = own.name if own and holds else ""
        if own and not holds and not any((own / "forms").glob("*/form.toml")):
            says = (
                f"the clinic's own content is not there (no forms/{_short(form)}, no templates): connect the folder, "
                "or take it out with: triage settings set content_folder --remove"
            )
            raise ContentError([Problem(own.name or str(own), "", says)])
        if form not in known:
            hint = did_you_mean(form, known)
            says = f"there is no form {_short(form)!r}{hint}: another form is a folder of its own in forms/"
            raise ContentError([Problem("forms", "", says)])

    def paths(self) -> Mapping[str, Path]:
        """Return every file by its name such as ``forms/form.toml`` or ``templates/page.toml``."""
        return self._paths

    @cached_property
    def _paths(self) -> Mapping[str, Path]:
        # Looked for once: each look walks through all folders, and every file is asked for by name.
        found: dict[str, Path] = {}
        for root in self._roots:
            for prefix, folder in (
                ("forms", root / "forms" / self.form),
                ("templates", root / "templates"),
            ):
                for path in _files(folder):
                    found[f"{prefix}/{path.relative_to(folder).as_posix()}"] = path
        return found

    def text(self, name: str) -> str:
        """Return the text of one file, line ends as LF.

        Raises
        ------
        ContentError
            If the file is missing, too large, or not UTF-8.
        """
        path = self.paths().get(name)
        if path is None:
            raise ContentError(
                [Problem(name, "", "the file is missing: put it back or install again")]
            )
        try:
            return read_text(path, LARGEST)
        except TriageError as error:
            raise ContentError([Problem(name, "", str(error))]) from None

    def pdf(self, name: str) -> bytes:
        """Return what a PDF among the files holds.

        Raises
        ------
        ContentError
            If it is missing, too large, or cannot be read.
        """
        try:
            return read_bytes(self.paths()[name], _LARGEST_PDF)
        except KeyError:
            says = "the PDF of this map is missing: put it beside the map"
        except TriageError as error:
            says = str(error)
        raise ContentError([Problem(name.removeprefix("forms/"), "", says)])

    def fingerprint(self) -> str:
        """Return the SHA-256 over all files that can change what a letter says."""
        digest = hashlib.sha256()
        for name, path in sorted(self.paths().items()):
            if name.split("/")[1] in _SILENT:
                continue
            data = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            path for path in folder.rglob("*") if path.is_file() and path.suffix in _SUFFIXES
        )
