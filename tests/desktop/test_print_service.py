"""A letter printed by a real print service: what comes out, what it keeps, and what is told when it cannot."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import ImageOps

from tests.store.helpers import CHEAP
from triage.content import ContentFiles
from triage.content.casefile import read_case
from triage.errors import TriageError
from triage.pdf import spool
from triage.pdf.readback import read_text
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.settings import save_settings
from triage.store import Drafts, create_keys

from ..conftest import AT, TODAY, the_assessor, the_content, the_settings
from .service import Service, running
from .test_real_screen import (  # noqa: F401 - fixtures are used by their names
    Screen,
    key,
    opened,
    screen,
    until,
)

pytestmark = pytest.mark.desktop

# Of the patient of the sample.
PATIENT = ("specimen", "edwin", "9990000018", "999 000 0018", "sample row")


def _issue(folder: Path, key: bytes) -> tuple[str, bytes]:  # noqa: F811
    """Issue the letter of the sample; return the id of its draft, and the file."""
    known = the_content()
    text = ContentFiles().text("forms/cases/sample.json")
    with DraftStore(folder, key, lambda: AT) as store:
        draft = store.create(known)
        session = Session(the_assessor(), draft.history, lambda: AT, keep=draft.submit)
        session.set_all(dict(read_case(text, known.form, known.rule_ids, TODAY)))
        desk = LetterDesk(session, draft, lambda: AT, the_settings())
        desk.issue()
        return draft.id, desk.issues[-1].pdf


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("issued")
    return _issue(folder, create_keys(folder, "an invented passphrase", cost=CHEAP))[1]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with running() as made:
        monkeypatch.setenv("CUPS_SERVER", str(made.socket))
        yield made


def _words(pdf: bytes) -> list[set[str]]:
    """Return the plain words of each page; a driver may lose what other signs mean, though not how they look."""
    return [{word for word in page.split() if word.isascii()} for page in read_text(pdf)]


def _ink(pdf: bytes) -> list[tuple[int, ...]]:
    """Return of each page, in points: width, height, and left, top, right and bottom of what is printed."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=1).to_pil().convert("L") for page in document]
    return [(*p.size, *(ImageOps.invert(p).getbbox() or ())) for p in pictures]


def _is_on(paper: bytes, letter: bytes, *pages: int) -> None:
    """Compare what came out with these pages of the letter: each word, and where it is printed."""
    said, wanted = _words(paper), _words(letter)
    assert len(said) == len(pages)
    for printed, page in zip(said, pages, strict=True):
        assert wanted[page - 1] - printed == set()
    boxes = _ink(letter)
    for printed_box, page in zip(_ink(paper), pages, strict=True):
        assert printed_box == pytest.approx(boxes[page - 1], abs=2)


def test_the_letter_comes_out_and_nothing_of_the_patient_stays(
    service: Service, letter: bytes
) -> None:
    with pytest.raises(TriageError, match="knows no printer"):
        spool.printers()
    service.add("office")
    assert spool.printers() == (("office",), "")
    spool.print_pdf(letter, "office")
    assert len(_words(letter)) == 2
    _is_on(service.paper(), letter, 1, 2)
    assert service.internet_sockets() == []
    until(lambda: "c00001" in service.noted(), "what the service keeps of the job")
    noted = service.noted()
    assert "Referral letter" in noted["page"]
    for name, text in noted.items():
        told = f"{name} {text}".lower()
        assert not [word for word in PATIENT if word in told], name
    # A job is kept, what it printed is not: that is called d00001.
    assert not [name for name in noted if name.startswith("d0")]


def test_some_pages_and_no_others(service: Service, letter: bytes) -> None:
    service.add("office")
    spool.print_pdf(letter, "office", pages=spool.chosen_pages("1", 2))
    _is_on(service.paper(), letter, 1)
    spool.print_pdf(letter, "office", pages=spool.chosen_pages("2", 2))
    _is_on(service.paper(), letter, 2)
    spool.print_pdf(letter, "office", spool.MOST_COPIES, pages=spool.chosen_pages("2, 1", 2))
    _is_on(service.paper(), letter, 1, 2)
    # Printer, user, job, time, "total" and how many sheets.
    assert service.noted()["page"].splitlines()[-1].split(" total ")[1].split()[0] == "18"


def test_no_edge_is_cut_off_by_other_paper(service: Service, letter: bytes) -> None:
    service.add("office", "-o", "PageSize=Letter")
    spool.print_pdf(letter, "office")
    ((width, height, *own), _) = _ink(letter)
    ((broad, high, *box), _) = _ink(service.paper())
    assert (broad, high) == (612, 792)
    # Smaller by as much as the paper is lower, and in its middle.
    assert (box[3] - box[1]) / (own[3] - own[1]) == pytest.approx(high / height, abs=0.01)
    assert (box[2] - box[0]) / (own[2] - own[0]) == pytest.approx(high / height, abs=0.01)
    assert box[0] - (broad - width * high / height) / 2 == pytest.approx(
        own[0] * high / height, abs=2
    )


def test_a_printer_may_have_any_name(service: Service, letter: bytes) -> None:
    names = ("$(id)", "a,b", "a", "Büro_2", "-x")
    for name in names:
        service.add(name)
    assert set(spool.printers().names) == set(names)
    for name in names:
        spool.print_pdf(letter, name, pages="1")
    for paper in service.papers(len(names)):
        _is_on(paper, letter, 1)
    service.command("cupsdisable", "a,b")
    assert [name for name in names if spool.is_paused(name)] == ["a,b"]


def test_what_a_printer_does_not_take_is_told_and_what_waits_is(
    service: Service, letter: bytes
) -> None:
    for name in ("paused", "closed", "gone"):
        service.add(name)
    assert spool.printers().names == ("closed", "gone", "paused")
    service.command("cupsdisable", "paused")
    service.command("cupsreject", "closed")
    service.command("lpadmin", "-x", "gone")
    for name in ("closed", "gone"):
        with pytest.raises(TriageError, match=f"did not take the letter for {name}"):
            spool.print_pdf(letter, name)
        assert not spool.is_paused(name)
    spool.print_pdf(letter, "paused")
    assert spool.is_paused("paused")
    service.command("cupsenable", "paused")
    _is_on(service.paper(), letter, 1, 2)


def test_a_service_that_hangs_or_ends_amid_a_job_is_told(
    service: Service, letter: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.add("office")
    monkeypatch.setattr(spool, "_PRINT_SECONDS", 0.5)
    service.process.send_signal(signal.SIGSTOP)
    with pytest.raises(TriageError, match="did not answer in time"):
        spool.print_pdf(letter, "office")
    monkeypatch.setattr(spool, "_PRINT_SECONDS", 20)
    end = threading.Timer(0.5, service.process.kill)
    end.start()
    with pytest.raises(TriageError, match="did not take the letter for office"):
        spool.print_pdf(letter, "office")
    end.join()
    assert service.socket.exists()
    with pytest.raises(TriageError, match="does not run any more"):
        spool.printers()


@pytest.mark.parametrize("screen", [(1, "1280x720")], indirect=True)
def test_page_one_is_printed_from_the_window(
    screen: Screen,  # noqa: F811
    key: bytes,  # noqa: F811
    service: Service,
) -> None:
    home = screen.folder / "drafts"
    draft, pdf = _issue(home, key)
    save_settings(home, the_settings())
    service.add("office")
    with opened(screen, draft, CUPS_SERVER=str(service.socket)) as typist:
        typist.press("ctrl+p")
        typist.answer("^Print$", "alt+a", "1", "Return")
        _is_on(service.paper(), pdf, 1)
        screen.keep("printed")
        assert typist.internet_sockets() == []
        typist.press("ctrl+w")
        until(lambda: typist.process.poll() == 0, "the end of the program")
    assert (screen.folder / "said").read_bytes() == b""
    with Drafts.open(home, key) as drafts:
        assert [sent.how for sent in drafts.sent(draft)] == ["print"]
