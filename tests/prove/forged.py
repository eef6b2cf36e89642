"""What comes in the place of a letter: damaged, changed, forged, foreign, and made to break the reader."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.conftest import AT, the_settings, the_templates
from tests.prove.letters_back import OUTSIDE, Sent, issued, opened
from triage.cli.common import file_bytes
from triage.errors import TriageError
from triage.model.values import Value
from triage.pdf.printed import printed
from triage.pdf.withdrawn import withdrawn

# Seconds in which each is over, however slow the machine; the reader itself stops at five seconds of work.
_OVER = 90
_LETTERS = 4
# What keeps the reader busy as long as it may be is done more seldom.
_SLOW, _SELDOM = ("a bomb for a page", "forms without end", "a predictor"), 8
REFUSED, EQUAL, EITHER = "refused", "equal", "either"


@cache
def sent(n: int) -> Sent:
    """Return one of a few letters, each of another patient."""
    return issued(1000 + n)


@cache
def values(n: int) -> dict[str, Value]:
    """Return what the letter opens as when nothing was done to it."""
    return opened(sent(n).pdf).values


def carried(data: bytes) -> str:
    """Return what a letter carries."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return pdf.attachments["case.json"].get_file().read_bytes().decode()


# -- changing a file --------------------------------------------------------------------------------


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def with_carried(data: bytes, text: str | bytes) -> bytes:
    """Return a letter that carries something else."""
    body = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.attachments["case.json"].get_file().obj.write(
            zlib.compress(body), filter=Name.FlateDecode
        )
        return saved(pdf)


def summed(text: str) -> str:
    """Return an attachment with the sum that belongs to what stands in it now, as a forger makes it."""
    body = text[: text.rindex(',\n "sha256"')]
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
    return f'{body},\n "sha256": "{digest}"\n}}\n'


def edited(data: bytes, edit: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a letter whose attachment was edited, with the right sum."""
    found = json.loads(carried(data))
    del found["sha256"]
    edit(found)
    return with_carried(data, summed(json.dumps(found, indent=1)[:-2] + ',\n "sha256": ""\n}\n'))


def _pages_changed(data: bytes, rng: random.Random) -> bytes:
    """Return a letter of which one word on a page is another."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = rng.choice(list(pdf.pages))
        found = list(pikepdf.parse_content_stream(page))
        shown = [
            n
            for n, (operands, operator) in enumerate(found)
            if str(operator) == "Tj" and len(set(bytes(operands[0]).strip())) > 2
        ]
        n = rng.choice(shown)
        text = bytes(found[n][0][0])
        at = next(i for i in range(1, len(text)) if text[i] != text[0])
        # One of its own glyphs: the font has no other.
        changed = text[:at] + text[:1] + text[at + 1 :]
        found[n] = ([pikepdf.String(changed)], found[n][1])
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(found))
        return saved(pdf)


def _filters(data: bytes, filters: list[str], body: bytes, **parms: Any) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        stream = pdf.attachments["case.json"].get_file().obj
        stream.write(body, filter=Array([Name(f) for f in filters]))
        if parms:
            stream.DecodeParms = Dictionary(**parms)
        return saved(
            pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )


@cache
def _bomb(times: int, megabytes: int = 60) -> bytes:
    """Return so many megabytes of nothing, packed, and packed again."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    for _ in range(times - 1):
        body = zlib.compress(body, 9)
    return body


def _tree(data: bytes, kind: str) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.Pages
        if kind == "loop":
            root.Kids.append(root)
        elif kind == "count":
            root.Count = 2_000_000_000
        elif kind == "many":
            page = pdf.pages[0]
            for _ in range(400):
                pdf.pages.append(page)
        else:
            inner = root
            for _ in range(20_000):
                inner = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([inner]), Count=1))
            pdf.Root.Pages = inner
        return saved(pdf)


def _page_bomb(data: bytes, body: bytes, filters: int) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        stream = pdf.make_stream(b"")
        stream.write(body, filter=Array([Name.FlateDecode] * filters))
        pdf.pages[0].obj.Contents = stream
        return saved(
            pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )


def _loop_of_forms(data: bytes) -> bytes:
    """Return a letter whose page draws a form that draws itself, many times over."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        last: Any = None
        for _ in range(12):
            form = pdf.make_stream(
                b"/X Do " * 30, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
            )
            form.Resources = Dictionary(XObject=Dictionary(X=last if last is not None else form))
            last = form
        page = pdf.pages[0]
        page.add_resource(last, Name.XObject, Name("/X"))
        page.contents_add(b"/X Do", prepend=True)
        return saved(pdf)


def _other_file(data: bytes, how: str) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        body = pdf.attachments["case.json"].get_file().read_bytes()
        if how == "none":
            del pdf.attachments["case.json"]
        elif how == "two":
            pdf.attachments["more.json"] = pikepdf.AttachedFileSpec(pdf, body, filename="more.json")
        elif how == "name":
            del pdf.attachments["case.json"]
            pdf.attachments["Case.json"] = pikepdf.AttachedFileSpec(pdf, body, filename="Case.json")
        else:
            pdf.attachments["case.json"].get_file().obj.Subtype = Name("/text#2Fplain")
        return saved(pdf)


_HUGE = "9" * 5000


def _json(data: bytes, rng: random.Random) -> bytes:
    """Return a letter whose attachment is not the JSON that it should be, with the right sum."""
    text = carried(data)

    def swap(old: str, new: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    made = rng.choice(
        [
            lambda: swap('"triage_letter": 1', '"triage_letter": 2'),
            lambda: swap('"triage_letter": 1', '"triage_letter": true'),
            lambda: swap('"triage_letter": 1', '"triage_letter": 1, "more": 1'),
            lambda: swap('"triage_letter": 1', '"triage_letter": 1, "triage_letter": 1'),
            lambda: swap('"triage_letter": 1', '"triage_letter": NaN'),
            lambda: swap('"triage_letter": 1', f'"triage_letter": {_HUGE}'),
            lambda: swap('"version": 1', '"version": 0').replace('"version": 2', '"version": -2'),
            lambda: swap('"paper": "', '"paper": "x'),
            lambda: swap('"issued_at": "', '"issued_at": "x'),
            lambda: swap('"template": "', '"template": "\\ud800'),
            lambda: swap('"recipient": "', '"recipient": ["'),
            lambda: swap('"case": {', '"case": {"more": 1, '),
            lambda: swap('"case": {', '"case": {"triage_case": 1, '),
            lambda: swap('"triage_case": 1', '"triage_case": 99'),
            lambda: swap('"form": "muscle_cramps"', '"form": "no_such_form"'),
            lambda: swap('"form": "muscle_cramps"', '"form": 7'),
            lambda: swap('"form": "muscle_cramps"', '"form": "' + "m" * 100_000 + '"'),
            lambda: swap('"date": "', '"date": "yesterday, '),
            lambda: swap(
                '"other": {', '"other": {"case.date": {"type": "text", "text": "x"}, '
            ).replace("{}", "{}"),
            lambda: swap('"other": {', '"other": {"no such": 5').replace("5}", "5}"),
            lambda: swap('"notices": [', '"notices": [7').replace("[7]", "[7]"),
            lambda: swap('"kept": {', '"kept": {"a": -1').replace("-1}", "-1}"),
            lambda: swap('"made_again": ', '"made_again": "" , "x": '),
            lambda: swap('"pages": "', '"pages": "Z'),
            lambda: swap('"answers": {', '"answers": {"no.such.answer": true, '),
            lambda: swap(
                '"answers": {',
                '"answers": {"neuro.weakness.x.y": ' + "[" * 3000 + "]" * 3000 + ", ",
            ),
            lambda: "[" * 100_000 + ',\n "sha256": ""\n}\n',
            lambda: '{\n "triage_letter": 1' + ',\n "sha256": ""\n}\n',
            lambda: "null" + ',\n "sha256": ""\n}\n',
            lambda: text[: len(text) // 2] + ',\n "sha256": ""\n}\n',
        ]
    )()
    return with_carried(data, summed(made))


def _answer_turned(data: bytes, rng: random.Random) -> bytes:
    """Return a letter whose case says the opposite of one answer, its sum put right."""

    def turn(found: dict[str, Any]) -> None:
        answers = found["case"]["answers"]
        keys = [k for k, v in answers.items() if isinstance(v, bool) and k.startswith("rf.")]
        if keys and found["made_again"]:
            key = rng.choice(keys)
            answers[key] = not answers[key]
        else:
            found["case"]["patient"]["family_name"] += "x"

    return edited(data, turn)


def _of_another(data: bytes, other: bytes) -> bytes:
    """Return a letter that carries the case of another one, as if it had been made with these pages."""
    mine = json.loads(carried(data))
    text = carried(other)
    theirs = json.loads(text)
    return with_carried(data, summed(text.replace(theirs["pages"], mine["pages"], 1)))


def _encrypted(data: bytes, user: str) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(owner="owner", user=user))


def _appended(data: bytes, other: bytes) -> bytes:
    """Return a letter with an update at its end that gives its first page the text of another one."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(io.BytesIO(other)) as more:
        number = pdf.pages[0].obj.Contents.objgen[0]
        body = more.pages[-1].obj.Contents.read_bytes()
        size = int(pdf.trailer.Size)
        root = pdf.Root.objgen[0]
    start = len(data) + 1
    last = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    update = b"\n%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        len(body),
        body,
    )
    at = len(data) + len(update)
    update += (
        b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            number,
            start,
            size,
            root,
            last,
            at,
        )
    )
    return data + update


def _resaved(data: bytes, rng: random.Random) -> bytes:
    """Return a letter as other programs save it."""
    how = rng.choice(
        [
            {"linearize": True},
            {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
            {"recompress_flate": True},
            {"qdf": True},
        ]
    )
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return saved(pdf, **how)


def _length(data: bytes, rng: random.Random) -> bytes:
    """Return a letter of which one stream has another length than it says."""
    found = list(re.finditer(rb"/Length (\d+)", data))
    at = rng.choice(found)
    size = rng.choice([b"0", b"1", b"999999999", b"-5", b"99999999999999999999"])
    return data[: at.start(1)] + size + data[at.end(1) :]


def _flipped(data: bytes, rng: random.Random, times: int) -> bytes:
    found = bytearray(data)
    for _ in range(times):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def _cut(data: bytes, rng: random.Random) -> bytes:
    at, long = rng.randrange(len(data)), rng.choice([1, 10, 1000, 50_000])
    return rng.choice(
        [
            data[:at],
            data[:at] + data[at + long :],
            data[at:],
            data[:at] + data[at : at + long] + data[at:],
        ]
    )


def _foreign(rng: random.Random) -> bytes:
    """Return what is no letter of this program at all."""
    blank = pikepdf.new()
    blank.add_blank_page()
    zipped = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("case.json", "{}")
    noise = rng.randbytes(rng.choice([1, 100, 100_000]))
    return rng.choice(
        [
            b"",
            b"\0" * 1000,
            b"%PDF-1.7\n",
            b"%PDF-1.7\n" + noise,
            noise + b"%PDF-",
            b"{",
            b"[]",
            b'{"triage_case": 1, "form": "muscle_cramps", "answers": {"no.such": true}}',
            b"\x89PNG\r\n\x1a\n" + noise,
            zipped.getvalue(),
            saved(blank),
            " {".encode("utf-16"),
            b"%PDF-1.7\n" + b"1 0 obj\n<< /Kids " * 100_000,
            b"%PDF-1.7 " + b"[" * 1_000_000,
        ]
    )


def _not_issued(n: int, rng: random.Random) -> bytes:
    """Return what this program makes and is no issued letter."""
    from tests.conftest import the_assessor, the_content
    from triage.content.casefile import day_of
    from triage.letter.build import build_letter
    from triage.pdf.render import render

    one = sent(n)
    if rng.random() < 0.3:
        return withdrawn(one.pdf, "WITHDRAWN 22 November 2026, do not act on it")
    template, issued_at = rng.choice([(one.template, None), ("patient_leaflet", AT)])
    day = day_of(one.case)
    letter = build_letter(
        the_content(),
        one.case,
        the_assessor().assess(one.case, day),
        template,
        one.recipient,
        day,
        version=1 if issued_at else 0,
        issued_at=issued_at,
        templates=the_templates(),
        settings=the_settings(),
    )
    return render(letter, when=AT)


def _large(rng: random.Random) -> bytes:
    """Return fifty megabytes, with a letter at their start or their end."""
    rest = b"\0" * (50_000_000 - len(sent(0).pdf))
    return rng.choice([sent(0).pdf + rest, rest + sent(0).pdf, b"{" + b" " * 50_000_000])


def _fingerprint(data: bytes) -> bytes:
    def change(found: dict[str, Any]) -> None:
        found["made_with"]["fingerprint"] = "0" * 64

    return edited(data, change)


Attack = Callable[[int, random.Random], bytes]


def _letter(n: int) -> bytes:
    return sent(n).pdf


def _next(n: int) -> bytes:
    return sent((n + 1) % _LETTERS).pdf


# What is done, and what must come of it.
ATTACKS: dict[str, tuple[str, Attack]] = {
    "a bit": (EITHER, lambda n, rng: _flipped(_letter(n), rng, 1)),
    "bits": (EITHER, lambda n, rng: _flipped(_letter(n), rng, rng.choice([5, 50]))),
    "a part": (EITHER, lambda n, rng: _cut(_letter(n), rng)),
    "a length": (EITHER, lambda n, rng: _length(_letter(n), rng)),
    "the pages": (REFUSED, lambda n, rng: _pages_changed(_letter(n), rng)),
    "an update": (REFUSED, lambda n, rng: _appended(_letter(n), _next(n))),
    "a letter of the attachment": (
        REFUSED,
        lambda n, rng: with_carried(_letter(n), _changed_text(carried(_letter(n)), rng)),
    ),
    "an answer": (REFUSED, lambda n, rng: _answer_turned(_letter(n), rng)),
    "the attachment of another": (
        REFUSED,
        lambda n, rng: with_carried(_letter(n), carried(_next(n))),
    ),
    "the case of another": (REFUSED, lambda n, rng: _of_another(_letter(n), _next(n))),
    "other files": (
        REFUSED,
        lambda n, rng: _other_file(_letter(n), rng.choice(["none", "two", "name", "type"])),
    ),
    "json": (REFUSED, lambda n, rng: _json(_letter(n), rng)),
    "a lock": (REFUSED, lambda n, rng: _encrypted(_letter(n), rng.choice(["", "secret"]))),
    "a bomb": (
        REFUSED,
        lambda n, rng: _filters(
            _letter(n),
            *rng.choice(
                [
                    (["/FlateDecode"], _bomb(1)),
                    (["/FlateDecode"] * 2, _bomb(2)),
                    (["/ASCIIHexDecode", "/FlateDecode"], _bomb(1).hex().encode()),
                    (["/RunLengthDecode"], b"\x81 " * 1_000_000),
                    (["/LZWDecode"], b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"),
                ]
            ),
        ),
    ),
    "a predictor": (
        REFUSED,
        lambda n, rng: _filters(
            _letter(n),
            ["/FlateDecode"],
            _bomb(1),
            Predictor=rng.choice([2, 12]),
            Columns=999_999_999,
        ),
    ),
    "a bomb for a page": (
        REFUSED,
        lambda n, rng: _page_bomb(_letter(n), *rng.choice([(_bomb(1), 1), (_bomb(2, 600), 2)])),
    ),
    "pages without end": (
        REFUSED,
        lambda n, rng: _tree(_letter(n), rng.choice(["loop", "many", "deep"])),
    ),
    "forms without end": (EITHER, lambda n, rng: _loop_of_forms(_letter(n))),
    "another kind of file": (REFUSED, lambda _, rng: _foreign(rng)),
    "no issued letter": (REFUSED, _not_issued),
    "fifty megabytes": (REFUSED, lambda _, rng: _large(rng)),
    "saved by another program": (EQUAL, lambda n, rng: _resaved(_letter(n), rng)),
    "other content": (EQUAL, lambda n, _: _fingerprint(_letter(n))),
    "other content and the case of another": (
        REFUSED,
        lambda n, _: _fingerprint(_of_another(_letter(n), _next(n))),
    ),
}


def _changed_text(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    other = rng.choice([c for c in 'a0"{} ' if c != text[at]])
    return rng.choice([text[:at] + other + text[at + 1 :], text[:at] + text[at + 1 :], f"{text} "])


def forged(seed: int) -> None:
    """What is not a letter as it was issued is refused in one sentence, soon; what is one opens as itself."""
    rng, n = random.Random(seed), seed // len(ATTACKS) % _LETTERS
    name = list(ATTACKS)[seed % len(ATTACKS)]
    if name in _SLOW and seed // len(ATTACKS) % _SELDOM:
        name = "bits"
    wanted, attack = ATTACKS[name]
    data = attack(n, rng)
    begun, said, found = time.monotonic(), "", None
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "letter.pdf"
        path.write_bytes(data)
        try:
            found = opened(file_bytes(path), path.name).values
        except TriageError as error:
            said = str(error)
    assert time.monotonic() - begun < _OVER, name
    if found is None:
        assert wanted != EQUAL, (name, said)
        assert_one_sentence(said)
        return
    assert wanted != REFUSED, name
    # Nothing but what was issued: the pages say so, and the case is the same.
    assert found == values(n), name
    assert printed(data) == printed(_letter(n)), name
    assert next(iter(found)) == OUTSIDE


def assert_one_sentence(said: str) -> None:
    assert said.startswith("letter.pdf"), said
    assert "\n" not in said, said
    assert len(said) < 400, said
    assert "Specimen" not in said, said
