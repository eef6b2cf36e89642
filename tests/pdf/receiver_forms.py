"""Three invented forms of receivers, as their makers would send them."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas


def clinic_form() -> bytes:
    """Return the form of a clinic: lines, texts of several lines, boxes, buttons and a list, with borders."""
    out = io.BytesIO()
    canvas, (form, place) = _begun(out, "Invented Muscle Clinic: referral")
    for n, (name, label) in enumerate(
        [("Name", "Name"), ("DOB", "Born"), ("CK", "CK"), ("Signature date", "Date")]
    ):
        place(label, 700 - 30 * n)
        form.textfield(name=name, x=150, y=692 - 30 * n, width=300, height=20, fontSize=0)
    place("Reason", 570)
    form.textfield(
        name="Reason",
        x=150,
        y=500,
        width=380,
        height=80,
        fieldFlags="multiline",
        fontSize=0,
        maxlen=5000,
    )
    place("History", 480)
    form.textfield(
        name="History",
        x=150,
        y=370,
        width=380,
        height=120,
        fieldFlags="multiline",
        fontSize=0,
        maxlen=5000,
    )
    for n, name in enumerate(("Weakness", "Pacemaker", "Dysphagia")):
        place(name, 340 - 25 * n)
        form.checkbox(name=name, x=150, y=334 - 25 * n, size=16)
    place("Priority", 260)
    for n, value in enumerate(("two_weeks", "urgent", "routine")):
        form.radio(name="Priority", value=value, selected=False, x=150 + 60 * n, y=254, size=16)
    place("Interpreter", 230)
    form.choice(
        name="Interpreter",
        value="-",
        options=["-", ("Needed", "Y"), ("Not needed", "N")],
        x=150,
        y=222,
        width=140,
        height=20,
    )
    return _done(canvas, out)


def laboratory_form() -> bytes:
    """Return the form of a laboratory: names in parts, cells for each character, and answers that it comes with."""
    out = io.BytesIO()
    canvas, (form, place) = _begun(out, "Invented Laboratory: request")
    place("Number", 700)
    form.textfield(name="Number", x=150, y=692, width=200, height=20, maxlen=10)
    place("Bleeding", 660)
    for n, value in enumerate(("yes", "no")):
        form.radio(
            name="Bleeding", value=value, selected=value == "no", x=150 + 60 * n, y=654, size=16
        )
    place("Fear of needles", 630)
    form.checkbox(name="Fear", x=150, y=624, size=16, checked=True)
    place("Family name", 600)
    form.textfield(name="Family", x=150, y=592, width=200, height=20, value="Type here")
    with pikepdf.open(io.BytesIO(_done(canvas, out))) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        # As the programs of offices do: the parts of a name, one above the other, say what they share.
        fields["Number"].Ff = 1 << 24
        family = fields["Family"]
        patient = pdf.make_indirect(
            Dictionary(T=String("Patient"), FT=Name.Tx, Kids=Array([family]))
        )
        family.Parent = patient
        del family.FT
        rest = [field for name, field in fields.items() if name != "Family"]
        pdf.Root.AcroForm.Fields = Array([*rest, patient])
        pdf.Root.AcroForm.NeedAppearances = True
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('hello')"))
        return _saved(pdf)


def ward_form() -> bytes:
    """Return the form of a ward: two pages, one field on both, little room, a button that sends it."""
    out = io.BytesIO()
    canvas, (form, place) = _begun(out, "Invented Ward: transfer")
    place("Name", 700)
    form.textfield(name="Name", x=150, y=692, width=200, height=20)
    place("Why", 660)
    form.textfield(name="Why", x=150, y=652, width=120, height=16, fontSize=9)
    canvas.showPage()
    place("Name again", 700)
    form.textfield(name="Name 2", x=150, y=692, width=200, height=20)
    place("Seen by", 660)
    form.textfield(name="Seen by", x=150, y=652, width=200, height=20)
    with pikepdf.open(io.BytesIO(_done(canvas, out))) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        first, second = fields["Name"], fields["Name 2"]
        del second.T
        both = pdf.make_indirect(
            Dictionary(T=String("Name"), FT=Name.Tx, Kids=Array([first, second]))
        )
        del first.T
        first.Parent = second.Parent = both
        send = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Btn,
            T=String("Send"),
            Ff=1 << 16,
            Rect=Array([400, 692, 450, 712]),
            A=Dictionary(S=Name.SubmitForm, F=String("https://example.invalid/")),
        )
        button = pdf.make_indirect(send)
        pdf.pages[0].obj.Annots.append(button)
        pdf.Root.AcroForm.Fields = Array([both, fields["Why"], fields["Seen by"], button])
        return _saved(pdf)


def large_form(count: int) -> bytes:
    """Return a form of so many fields."""
    out = io.BytesIO()
    canvas, (form, _) = _begun(out, "Invented Office: everything")
    for n in range(count):
        form.textfield(
            name=f"f{n}", x=20 + n % 10 * 50, y=20 + n // 10 % 70 * 10, width=40, height=9
        )
    return _done(canvas, out)


def page_without_fields() -> bytes:
    """Return a page that only looks like a form."""
    out = io.BytesIO()
    canvas, _ = _begun(out, "Invented Scan")
    return _done(canvas, out)


def locked(data: bytes, user: str = "", *, fill_in: bool = True) -> bytes:
    """Return a file that is protected against changes, and may be filled in or not."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        allow = pikepdf.Permissions(
            modify_form=fill_in,
            modify_annotation=False,
            modify_assembly=False,
            modify_other=False,
            extract=False,
        )
        pdf.save(out, encryption=pikepdf.Encryption(owner="invented", user=user, allow=allow))
        return out.getvalue()


def _begun(out: io.BytesIO, title: str):  # type: ignore[no-untyped-def]
    canvas = Canvas(out, (595, 842), invariant=1)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(50, 780, title)

    def place(label: str, y: float) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(50, y, label)

    return canvas, (canvas.acroForm, place)


def _done(canvas: Canvas, out: io.BytesIO) -> bytes:
    canvas.save()
    return out.getvalue()


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
