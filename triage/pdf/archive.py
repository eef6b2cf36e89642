"""PDF/A-3 and PDF/UA-1: metadata without patient data, the colour profile, the case as an attachment, stable bytes."""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from triage.pdf.structure import Node, added, join

PRODUCER = "Triage"
ATTACHMENT = "case.json"
# Of the map from a font's codes to their meanings: where the pairs begin, a pair, and how many a block may have.
_RANGE, _PAIR, _MOST_PAIRS = b"endcodespacerange\n", re.compile(rb"<\w\w> <\w{4,}>"), 100
_RETURN = ord("\r")
# Takes half the time of the usual sixth, and a fiftieth more room; also for what the library packs by itself.
_LEVEL: Final = 3
pikepdf.settings.set_flate_compression_level(_LEVEL)
_UNPACKED = (Name.Metadata, Name.ObjStm, Name.XRef)
# PDF/A does not know the words by which a file says that it is PDF/UA, and wants them explained.
_EXTENSION = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@cache
def _profile() -> bytes:
    return (files("triage.pdf") / "srgb.icc").read_bytes()


class About(NamedTuple):
    """What a file says of itself.

    Parameters
    ----------
    title
        A neutral title: nothing of the patient goes into metadata.
    language
        Of the text.
    when
        The date of creation that it states.
    """

    title: str
    language: str
    when: datetime

    @property
    def moment(self) -> datetime:
        """The date of creation in universal time."""
        return (self.when if self.when.tzinfo else self.when.replace(tzinfo=UTC)).astimezone(UTC)

    @property
    def stamp(self) -> str:
        """The date of creation as a PDF writes it."""
        return self.moment.strftime("D:%Y%m%d%H%M%S+00'00'")


def archived(data: bytes, root: Node, about: About, case_json: str | None = None) -> bytes:
    """Return the PDF as PDF/A-3a and PDF/UA-1.

    Parameters
    ----------
    data
        The PDF as it was drawn.
    root
        The parts of its text, as they were marked.
    about
        What it says of itself.
    case_json
        The case, to travel inside the file; None for none.
    """
    data, tree = added(data, root)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        join(pdf, tree)
        _output_intent(pdf)
        if case_json is not None:
            _attach(pdf, case_json, about.stamp)
        pdf.Root.Lang = pikepdf.String(about.language)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        del pdf.docinfo
        pdf.docinfo = pdf.make_indirect(
            Dictionary(
                Title=about.title,
                Producer=PRODUCER,
                CreationDate=about.stamp,
                ModDate=about.stamp,
            )
        )
        pdf.Root.Metadata = pdf.make_stream(
            _xmp(about).encode(), Type=Name.Metadata, Subtype=Name.XML
        )
        return packed(pdf)


def packed(pdf: pikepdf.Pdf) -> bytes:
    """Return the bytes of a file to which nothing more is added, compressed as PDF/A allows; the same each time.

    Its objects are packed as well, in streams of which the library tells only afterwards how they end. Where one
    ends badly, an object more gives them all other contents; where nothing helps, the file is larger.
    """
    _mend_unicode(pdf)
    _pack(pdf)
    for name in ("/OutputIntents", "/MarkInfo", ""):
        data = _saved(pdf, small=True)
        if not ends_badly(data):
            return data
        if name:
            pdf.Root[name] = pdf.make_indirect(pdf.Root[name])
    _armour(pdf)
    return _saved(pdf, small=False)


def ends_badly(data: bytes) -> bool:
    """Whether a stream of a file ends in a carriage return, which with the line feed behind it is another line end."""
    return b"\r\nendstream" in data


def _saved(pdf: pikepdf.Pdf, *, small: bool) -> bytes:
    """Return a file: small, or with all streams as they are and all objects by themselves."""
    modes = pikepdf.ObjectStreamMode
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        force_version="1.7",
        object_stream_mode=modes.generate if small else modes.disable,
        compress_streams=small,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        fix_metadata_version=False,
    )
    return out.getvalue()


def _mend_unicode(pdf: pikepdf.Pdf) -> None:
    """Mend what the fonts' codes mean."""
    for font in pdf.objects:
        if isinstance(font, Dictionary) and "/ToUnicode" in font:
            font.ToUnicode.write(_mended(font.ToUnicode.read_bytes()))


@lru_cache(maxsize=16)
def _mended(meanings: bytes) -> bytes:
    """Return meanings without U+0000, and at most a hundred in a block, as is allowed."""
    head, rest = meanings.split(_RANGE)
    pairs = [p for p in _PAIR.findall(rest) if not p.endswith(b" <0000>")]
    blocks = [pairs[n : n + _MOST_PAIRS] for n in range(0, len(pairs), _MOST_PAIRS)]
    body = b"".join(
        b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return head + _RANGE + body + rest[rest.index(b"endcmap") :]


def _pack(pdf: pikepdf.Pdf) -> None:
    """Compress what is not, and let no stream end in a carriage return, if a blank more at its end changes nothing."""
    for stream in _streams(pdf):
        raw, filters = stream.read_raw_bytes(), _filters(stream)
        if filters and not raw.endswith(b"\r"):
            # By its bare name: else the library does it again.
            stream.Filter = filters[0] if len(filters) == 1 else Array(filters)
            continue
        data = stream.read_bytes()
        if stream.get("/Type") != Name.EmbeddedFile:
            # The last byte is one of the sum of all, however they are compressed.
            while zlib.adler32(data) & 0xFF == _RETURN:
                data += b"\n"
            if "/Length1" in stream:
                stream.Length1 = len(data)
        # The same fonts and colours come again and again; of a patient nothing is kept.
        again = "/Length1" in stream or "/N" in stream
        stream.write(
            _deflated(data) if again else zlib.compress(data, _LEVEL), filter=Name.FlateDecode
        )


@lru_cache(maxsize=16)
def _deflated(data: bytes) -> bytes:
    return zlib.compress(data)


def _armour(pdf: pikepdf.Pdf) -> None:
    """Write as text what still ends in a carriage return."""
    for stream in _streams(pdf):
        if (raw := stream.read_raw_bytes()).endswith(b"\r"):
            text = base64.a85encode(raw) + b"~>"
            stream.write(text, filter=Array([Name.ASCII85Decode, *_filters(stream)]))


def _streams(pdf: pikepdf.Pdf) -> Iterator[Stream]:
    """Yield the streams of a file but what it says of itself, which anybody may read, and what is packed anew."""
    for stream in pdf.objects:
        if isinstance(stream, Stream) and stream.get("/Type") not in _UNPACKED:
            yield stream


def _filters(stream: Stream) -> list[pikepdf.Object]:
    named = stream.get("/Filter", Array())
    return list(named) if isinstance(named, Array) else [named]


def _output_intent(pdf: pikepdf.Pdf) -> None:
    profile = pdf.make_stream(_profile(), N=3)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name("/GTS_PDFA1"),
                OutputConditionIdentifier="sRGB IEC61966-2.1",
                Info="sRGB IEC61966-2.1",
                DestOutputProfile=profile,
            )
        ]
    )


def _attach(pdf: pikepdf.Pdf, case_json: str, stamp: str) -> None:
    spec = pikepdf.AttachedFileSpec(
        pdf,
        case_json.encode(),
        filename=ATTACHMENT,
        description="The recorded case as data",
        mime_type="application/json",
        relationship=Name.Data,
        creation_date=stamp,
        mod_date=stamp,
    )
    pdf.attachments[ATTACHMENT] = spec
    pdf.Root.AF = Array([spec.obj])


def _xmp(about: About) -> str:
    moment = about.moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{escape(about.language)}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
{_EXTENSION}
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
