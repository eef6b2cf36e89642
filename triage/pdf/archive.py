"""PDF/A-3b: metadata without patient data, the colour profile, the case as an attachment, stable bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import pikepdf

PRODUCER = "Triage"
ATTACHMENT = "case.json"


@cache
def _profile() -> bytes:
    return (files("triage.pdf") / "srgb.icc").read_bytes()


def archived(
    data: bytes, title: str, language: str, when: datetime, case_json: str | None
) -> bytes:
    """Return the PDF as PDF/A-3b.

    Parameters
    ----------
    data
        The PDF as it was drawn.
    title
        A neutral title: nothing of the patient goes into metadata.
    language
        Of the text.
    when
        The date of creation that it states.
    case_json
        The case, to travel inside the file; None for none.
    """
    moment = when if when.tzinfo else when.replace(tzinfo=UTC)
    stamp = moment.astimezone(UTC)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _output_intent(pdf)
        if case_json is not None:
            _attach(pdf, case_json, stamp)
        pdf.Root.Lang = pikepdf.String(language)
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        del pdf.docinfo
        pdf.docinfo = pdf.make_indirect(
            pikepdf.Dictionary(
                Title=title,
                Producer=PRODUCER,
                CreationDate=stamp.strftime("D:%Y%m%d%H%M%S+00'00'"),
                ModDate=stamp.strftime("D:%Y%m%d%H%M%S+00'00'"),
            )
        )
        pdf.Root.Metadata = pdf.make_stream(
            _xmp(title, language, stamp).encode(),
            Type=pikepdf.Name.Metadata,
            Subtype=pikepdf.Name.XML,
        )
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            # What is worth it was compressed as it was drawn; looking for more takes longer than drawing.
            compress_streams=False,
            fix_metadata_version=False,
        )
    return out.getvalue()


def _output_intent(pdf: pikepdf.Pdf) -> None:
    profile = pdf.make_stream(_profile(), N=3)
    pdf.Root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name("/GTS_PDFA1"),
                OutputConditionIdentifier="sRGB IEC61966-2.1",
                Info="sRGB IEC61966-2.1",
                DestOutputProfile=profile,
            )
        ]
    )


def _attach(pdf: pikepdf.Pdf, case_json: str, stamp: datetime) -> None:
    spec = pikepdf.AttachedFileSpec(
        pdf,
        case_json.encode(),
        filename=ATTACHMENT,
        description="The recorded case as data",
        mime_type="application/json",
        relationship=pikepdf.Name.Data,
        creation_date=stamp.strftime("D:%Y%m%d%H%M%S+00'00'"),
        mod_date=stamp.strftime("D:%Y%m%d%H%M%S+00'00'"),
    )
    pdf.attachments[ATTACHMENT] = spec
    pdf.Root.AF = pikepdf.Array([spec.obj])


def _xmp(title: str, language: str, stamp: datetime) -> str:
    from xml.sax.saxutils import escape

    moment = stamp.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
