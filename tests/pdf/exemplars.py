"""Letters that hold the words of six pages which show how a letter is to look. All persons are invented."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from triage.letter.page import Page
from triage.letter.statements import (
    Block,
    Cell,
    Entry,
    Identity,
    Letter,
    Letterhead,
    Record,
    Row,
    Section,
    Statement,
    Table,
    TableRow,
    Tag,
    strong,
)

_MARK = "Decision support, not a diagnosis. uk 2026-11, f0da0136"
EDWIN = Identity("Edwin", "SPECIMEN", ("born 14 Feb 1966", "NHS 999 000 0018"))


@cache
def the_page() -> Page:
    """Return paper and type as they are shipped."""
    text = (Path(__file__).parents[2] / "templates" / "page.toml").read_text(encoding="utf-8")
    return Page.model_validate(tomllib.loads(text))


def said(*texts: str, **more: object) -> Row:
    """Return a row of plain sentences."""
    return Row("", tuple(Statement(text, **more) for text in texts))  # type: ignore[arg-type]


def typed(text: str, label: str = "") -> Row:
    """Return a row of typed words."""
    return Row(label, (Statement(text, style="free"),))


def row(label: str, text: str, *, bold: bool = False, aside: str = "") -> Row:
    """Return a labelled row."""
    style = "strong" if bold else "plain"
    return Row(label, (Statement(text, style=style),), bold, aside)  # type: ignore[arg-type]


def prose(heading: str, *texts: str, closes: bool = False) -> Block:
    """Return a block of paragraphs."""
    rows = tuple(said(text) for text in texts)
    return Block(heading.lower(), heading, "prose", rows, closes=closes)


def address(name: str, place: str) -> Block:
    """Return to whom a letter goes."""
    return Block("to", "To", "address", (said(name, style="strong"), said(place)))


def patient(name: str, who: str, born: str, numbers: str, reach: str) -> Block:
    """Return whom a letter is about."""
    line = f"{who}  {strong(born)}  {strong(numbers)}"
    return Block("patient", "Patient", "patient", (said(line), said(reach)), title=name)


def question(text: str, *, under: tuple[str, ...] = (), closes: bool = False) -> Block:
    """Return what is asked."""
    return Block("question", "Question", "question", (typed(text),), under=under, closes=closes)


def section(title: str, *lines: str) -> Section:
    """Return a section from lines such as ``*CK: 412 U/L``; those with a star are bold."""
    entries = []
    for line in lines:
        item, _, answer = line.lstrip("*").partition(": ")
        entries.append(Entry(item, answer, line.startswith("*")))
    return Section(title, tuple(entries))


def table(title: str, heads: str, *lines: str) -> Table:
    """Return a table from lines such as ``Finger extension: *4 5``; a cell with a star is bold."""
    rows = []
    for line in lines:
        label, _, cells = line.partition(": ")
        parts = [cell.replace("_", " ") for cell in cells.split()]
        bold = tuple(part.startswith("*") for part in parts)
        rows.append(TableRow(label, tuple(part.lstrip("*") for part in parts), bold))
    return Table(title, tuple(heads.split()), tuple(rows))


def _letter(**parts: object) -> Letter:
    base: dict[str, object] = {
        "template": "referral_letter",
        "kind": "letter",
        "title": "Referral letter",
        "recipient": "neuromuscular",
        "identity": EDWIN,
        "letterhead": Letterhead(
            "Example Street Surgery",
            "1 Example Street, Testford TS1 1AA",
            "20 November 2026",
            "Letter DE36-10FF, version 1",
        ),
        "notices": (),
        "record": None,
        "foot": "Letter DE36-10FF, version 1, 20 Nov 2026 17:40",
        "mark": _MARK,
        "document": "DE36-10FF",
        "language": "en-GB",
        "draft": False,
        "version": 1,
        "day": date(2026, 11, 20),
        "complete": True,
        "level": "urgent",
        "page": the_page(),
    }
    return Letter(**{**base, **parts})  # type: ignore[arg-type]


_EXAMINED = (
    row(
        "Power",
        f"{strong('Right:')} first dorsal interosseous {strong('3')}, thumb abduction {strong('3')}, finger "
        "extension "
        f"{strong('4')}.\n{strong('Left:')} first dorsal interosseous {strong('4+')}. Otherwise 5, neck and legs "
        "included.",
    ),
    row("Wasting", "Right hand (split hand) and right forearm. None elsewhere."),
    row(
        "Fasciculation",
        "Both upper arms/shoulders, right forearm/hand, right thigh. Tongue none.",
    ),
    row(
        "Tone, reflexes",
        "Spastic catch right arm; no clonus. Jerks 3+ throughout, also in the wasted arm. Right plantar extensor, "
        "left "
        "flexor. Hoffmann sign right, not left.",
    ),
    row("Sensation", "Light touch, pinprick and vibration normal in hands and feet."),
    row("Bulbar, gait", "No dysarthria, tongue wasting or brisk jaw jerk. Walking normal."),
    row("Not examined", "neck extension, hip abduction.", bold=True),
)
_POWER = table(
    "Power (MRC)",
    "R L",
    "Neck flexion: 5",
    "Neck extension: –",
    "Shoulder abduction (deltoid): 5 5",
    "Elbow flexion (biceps): 5 5",
    "Elbow extension (triceps): 5 5",
    "Wrist extension: 5 5",
    "Finger extension: *4 5",
    "First dorsal interosseous: *3 *4+",
    "Thumb abduction (APB): *3 5",
    "Hip flexion: 5 5",
    "Hip abduction: – –",
    "Knee extension: 5 5",
    "Knee flexion: 5 5",
    "Ankle dorsiflexion: 5 5",
    "Ankle plantarflexion: 5 5",
)
_REFLEXES = table(
    "Reflexes, tone",
    "R L",
    "Biceps: *3+ *3+",
    "Brachioradialis: *3+ *3+",
    "Triceps: *3+ *3+",
    "Knee: *3+ *3+",
    "Ankle: *3+ *3+",
    "Plantar: *extensor flexor",
    "Hoffmann sign: *yes no",
    "Spastic catch, arm: *yes no",
    "Spastic catch, leg: no no",
)
_SENSATION = table(
    "Sensation",
    "",
    "Light touch, hands and feet: normal",
    "Pinprick, hands and feet: normal",
    "Vibration, hands and feet: normal",
)
_URGENT_RECORD = Record(
    "Record of findings",
    "Edwin SPECIMEN: everything recorded for this letter. Page 1 is complete without it.",
    "Bold: present or abnormal.  no: asked and absent.  (no): absent, answered as one block with others.  "
    "–: not examined.",
    tables=(_POWER, _REFLEXES, _SENSATION),
    sections=(
        section(
            "Complaint",
            "*Main complaint: weakness: clumsy right hand (keys, buttons)",
            "*Cramps: since about Mar 2026",
            "*Sites: both forearms, both calves",
            "Timing: at rest awake; at night",
            "*Hardening seen or felt: yes",
            "Length of a cramp: under 10 min",
            "For: 8 months",
            "*Course: worsening",
            "How often: 20 a week",
            "*Spread to new regions: yes",
        ),
        section(
            "Nerves and muscles",
            "*Weakness: since May 2026",
            "*Where: right arm only, distal",
            "Tempo: weeks to months (right hand clumsy since May 2026, steadily worse; grip weak since July 2026)",
            "For: 6 months",
            "*Painless: yes",
            "*Clumsy hands: yes",
            "*Thinning noticed: since Aug 2026",
            "*Twitching, several regions: since Jun 2026: both arms, right thigh",
            "Slurred speech: no",
            "Trouble swallowing: no",
            "Double vision, drooping lids: no",
            "Numbness, tingling, any place: no",
            "Trips, falls: no",
            "Neck pain: no",
            "Pain down the arm: no",
        ),
        section(
            "Further examination",
            "*Wasting: right hand and forearm; none elsewhere",
            "*Split hand: yes",
            "*Fasciculation: both upper arms/shoulders, right forearm/hand, right thigh",
            "Watched for 1 minute: tongue, face, arms, trunk, legs",
            "*Brisk jerk in wasted limb: yes",
            "Sustained clonus: no",
            "Dysarthria, tongue wasting: no",
            "Brisk jaw jerk: no",
            "Facial weakness, ptosis: no",
            "Gait, heel and toe walking: normal",
            "Chair without arms: can rise",
        ),
        section(
            "Red flags",
            "Breathless at rest: no",
            "Breathless lying flat: no",
            "Cannot swallow, choking: no",
            "Bladder or bowel change: no",
            "Unexplained weight loss: no",
            "Noisy breathing, throat spasm: (no)",
            "Sudden loss of function: (no)",
            "New seizure: (no)",
            "New confusion: (no)",
            "Blackout, palpitations: (no)",
            "Chest pain or tightness: (no)",
            "Collapse with heat or exertion: (no)",
            "Saddle numbness: (no)",
            "New trouble in both legs: (no)",
            "Spinal pain of cancer type: (no)",
            "Cola-coloured urine: (no)",
            "Tense swollen compartment: (no)",
            "Cold or pale limb: (no)",
            "Swollen warm calf: (no)",
            "Rest pain or ulcer of the foot: (no)",
            "Hand or foot spasm: (no)",
            "Neck or thyroid surgery: (no)",
            "Jaw locking: (no)",
            "Spasm after a new drug: (no)",
            "Rigidity with fever: (no)",
            "Fever, rigors, sweats: (no)",
            "Immunosuppression: (no)",
        ),
        section(
            "Past and present illness",
            "*High blood pressure: yes",
            "Cancer: no",
            "Diabetes: no",
            "Kidney disease: no",
            "Thyroid disease: no",
            "Liver disease: no",
            "Parathyroid, adrenal, pituitary: no",
            "Bowel disease, malabsorption: no",
            "MS, stroke, cord injury: no",
            "Parkinson’s disease: no",
            "Poliomyelitis: no",
            "Spine disease or surgery: no",
            "Thymoma, myasthenia: no",
            "Autoimmune disease: no",
            "Anxiety, depression: no",
            "Arterial disease: no",
            "Heart block, arrhythmia: no",
            "Heart failure: no",
            "Lung disease, sleep apnoea: no",
            "Asthma, COPD: no",
            "Epilepsy: no",
        ),
        section(
            "Medicines, family, life",
            "*Ramipril: 5 mg",
            "Other listed classes: no",
            "Quinine, tonic water: no",
            "Known allergies: no",
            "Family, ALS/MND: no",
            "Family, dementia: no",
            "Family, neuropathy: no",
            "Alcohol: 8 units a week",
            "Smoking: never",
            "Work: joiner",
            "Driving: car",
            "Lives alone: no (with his wife)",
            "Interpreter, access need: no",
            "Goal: to keep working as a joiner",
            "Agrees to referral and sharing: yes",
            "Told when to call: yes",
            "Has own copy: yes",
        ),
        section(
            "Laboratory safety",
            "Anticoagulant: (no)",
            "Antiplatelet: (no)",
            "Bleeding disorder: (no)",
            "Pacemaker: (no)",
            "Defibrillator (ICD): (no)",
            "External wire, central line: (no)",
            "Implanted stimulator: (no)",
            "Lymphoedema, right or left: (no)",
            "Skin infection: (no)",
            "Infection precautions: (no)",
            "Immunosuppressed, valve: (no)",
            "Fear of needles: (no)",
            "Lies flat 45 minutes: can",
        ),
        section(
            "Results",
            "*CK (limit 320): 412 U/L",
            "Sodium: 140 mmol/L",
            "Potassium: 4.3 mmol/L",
            "Creatinine: 81 µmol/L",
            "Adjusted calcium: 2.38 mmol/L",
            "TSH: 1.9 mIU/L",
            "HbA1c: 38 mmol/mol",
            "Vitamin B12: 410 ng/L",
            "Hb, white cells, platelets: normal*",
            "ESR: normal*",
            "Magnesium: pending",
            "FVC: no spirometer",
            "All 10 Nov 2026. *as reported, no figure",
        ),
    ),
    basis="Basis: U01, U03, S14, S15, S19, S24, S28; NICE NG42, NICE NG127, Gold Coast 2020, BMJ 2018 cervical "
    "myelopathy, England 2005.",
)
_NEUROMUSCULAR = address(
    "Neuromuscular / MND clinic",
    "Department of Neurology, Example Hospital, 20 Sample Road, Testford TS3 3CC",
)
_EDWIN = patient(
    "Edwin SPECIMEN",
    "male, 60",
    "born 14 Feb 1966",
    "NHS 999 000 0018",
    "3 Sample Row, Testford TS2 2BB, tel 01632 960188. No interpreter or other access need.",
)


def _sender(name: str, rest: str, signed: str) -> Block:
    return Block(
        "from", "From", "sender", (Row("", (Statement(strong(name) + rest),), aside=signed),)
    )


@cache
def urgent() -> Letter:
    """A referral that is urgent, with its record."""
    return _letter(
        record=_URGENT_RECORD,
        blocks=(
            _NEUROMUSCULAR,
            _EDWIN,
            Block(
                "level",
                "",
                "level",
                (
                    said(
                        "Weakness, wasting and split hand on the right, worse over weeks to months; fasciculation in "
                        f"arm and leg regions; {strong('and')} upper motor neuron signs: extensor right plantar, "
                        "Hoffmann sign, spastic catch, brisk jerks in the wasted arm. Sensation normal.",
                    ),
                ),
                title="Possible motor neuron disease",
                tag=Tag("urgent", "URGENT", "within 2 weeks"),
                under=("NICE NG42", "NICE NG127"),
            ),
            question(
                "Is this motor neuron disease or a treatable mimic (cervical cord or root, multifocal motor "
                "neuropathy)? "
                "Please assess and take over the work-up."
            ),
            prose(
                "Beware",
                "No breathlessness at rest or lying flat, choking or weight loss. No anticoagulant, pacemaker or "
                "other "
                "device, lymphoedema or infection risk (as one block). Lies flat for 45 minutes. "
                f"{strong('Not yet known:')} vital capacity, magnesium.",
                closes=True,
            ),
            prose(
                "History",
                "Main complaint: clumsy right hand (keys, buttons). Right hand clumsy since May 2026, steadily "
                "worse; "
                "grip weak since July 2026. Right arm only, mainly distal, painless.",
                "Cramps of both forearms and calves since about March 2026, 20 a week, spreading. Twitching of both "
                "arms "
                "and the right thigh since June; right hand thinner since August.",
                "Denies slurred speech, trouble swallowing, double vision, numbness, neck or arm pain, falls, "
                "bladder or "
                "bowel change. The other 22 red-flag items: absent (as blocks).",
                "High blood pressure. Takes ramipril 5 mg; no known allergies. No cancer, diabetes or spine disease. "
                "No "
                "motor neuron disease, dementia or neuropathy in the family. Joiner.",
            ),
            Block(
                "examination",
                "Examination",
                "rows",
                (
                    typed(
                        "Examined 19 November 2026, undressed; each region watched for fasciculation for 1 minute. "
                        "Counts "
                        "to 32 in one breath."
                    ),
                    *_EXAMINED,
                ),
            ),
            prose(
                "Results",
                f"10 Nov 2026: {strong('CK 412 U/L')} (limit 320). Normal: sodium, potassium, calcium, creatinine, "
                "TSH, "
                "HbA1c, B12, blood count, ESR (figures in the record). Pending: magnesium. FVC: no spirometer here. "
                "No "
                "imaging, no EMG.",
            ),
            prose(
                "Thinking",
                f"{strong('Motor neuron disease')} fits: upper with lower motor neuron signs, several regions, split "
                "hand, painless, normal sensation. Nothing recorded speaks against it.",
                f"{strong('Cervical myelopathy')} is possible: upper motor neuron signs, clumsy hand. Against it: "
                "fasciculation in the thigh; no neck pain, numbness or bladder change. MRI not done.",
            ),
            prose(
                "Requested",
                f"{strong('Nerve conduction and EMG')} (sent): denervation in two or more regions? conduction block?",
                f"{strong('MRI cervical spine:')} to exclude cord compression. "
                f"{strong('Forced vital capacity (FVC):')} baseline.",
            ),
            Block(
                "told",
                "Told",
                "prose",
                (
                    typed(
                        "He asked about motor neuron disease and was told that it is one of several possibilities. "
                        "Physiotherapy referred. Told to ring the same day: breathless lying flat, choking, a fall. "
                        "No "
                        "date in 2 weeks: we ring him. Sleeps badly."
                    ),
                    said(
                        "Wants to keep working as a joiner; lives with his wife. Agrees; has his own copy."
                    ),
                ),
            ),
            _sender(
                "Dr Ruth SAMPLE", ", GP, GMC 0000000, tel 01632 960102", "signed 20 Nov 2026, 17:40"
            ),
            prose(
                "Copies",
                "Clinical Neurophysiology (own request), the patient (own version). Full record: page 2.",
            ),
        ),
    )


@cache
def second_issue() -> Letter:
    """The same, issued again: what it replaces, and what has changed."""
    letter = urgent()
    blocks = {block.id: block for block in letter.blocks}
    beware = (
        f"{strong('Takes an anticoagulant: apixaban 5 mg twice daily, since 22 Nov 2026.')} No breathlessness at "
        "rest or "
        "lying flat, choking or weight loss. No pacemaker or other device, lymphoedema or infection risk (as one "
        "block). "
        f"Lies flat for 45 minutes. {strong('Not yet known:')} vital capacity."
    )
    blocks["beware"] = replace(blocks["beware"], rows=(said(beware, changed=True),))
    return replace(
        letter,
        version=2,
        notices=(
            row("Replaces", f"{strong('Version 1 of 20 November 2026.')} Please destroy it."),
            row(
                "Changed",
                "Apixaban (was: no anticoagulant), atrial fibrillation, magnesium. See bars in the margin.",
            ),
        ),
        blocks=tuple(blocks.values()),
    )


@cache
def advice() -> Letter:
    """A request for advice, routine."""
    return _letter(
        level="routine",
        identity=Identity("Ada", "PLACEHOLDER", ("born 30 Jun 1955", "NHS 999 000 0026")),
        record=Record(
            "Record of findings",
            "Ada PLACEHOLDER: everything recorded for this letter. Page 1 is complete without it.",
            "Bold: present or abnormal.  no: asked and absent.  (no): absent, answered as one block with others.",
            tables=(
                table(
                    "Power (MRC)",
                    "R L",
                    "Hip flexion: 5 5",
                    "Knee extension: 5 5",
                    "Ankle dorsiflexion: 5 5",
                    "Ankle plantarflexion: 5 5",
                ),
                table(
                    "Reflexes, pulses",
                    "R L",
                    "Knee jerk: 2+ 2+",
                    "Ankle jerk: 2+ 2+",
                    "Plantar: flexor flexor",
                    "Foot pulse: present present",
                ),
                table(
                    "Sensation, gait",
                    "R L",
                    "Light touch, leg: normal normal",
                    "Vibration, leg: normal normal",
                    "Heel walking: normal normal",
                    "Toe walking: normal normal",
                ),
            ),
            sections=_URGENT_RECORD.sections[:4],
            basis="Basis: R01; NICE CKS leg cramps, England 2005, MHRA quinine 2017.",
        ),
        blocks=(
            address(
                "Neurology advice and guidance",
                "Department of Neurology, Example Hospital, 20 Sample Road, Testford TS3 3CC",
            ),
            patient(
                "Ada PLACEHOLDER",
                "female, 71",
                "born 30 Jun 1955",
                "NHS 999 000 0026",
                "9 Sample Row, Testford TS2 2BB, tel 01632 960199. "
                + strong("Hearing aid: face her when speaking."),
            ),
            Block(
                "level",
                "",
                "level",
                (
                    said(
                        "Night cramps of both calves and feet for 3 years, unchanged, eased by stretching; no "
                        "weakness, "
                        "wasting, fasciculation or sensory loss in the legs. No red flag among 27 asked (25 as "
                        "blocks).",
                    ),
                ),
                title="Idiopathic night cramps",
                tag=Tag("routine", "ROUTINE", "advice only"),
                under=("NICE CKS",),
            ),
            question(
                "Do you agree that nothing more is needed before a 4-week trial of quinine?",
                closes=True,
            ),
            prose(
                "History",
                "Wakes with a painful hard cramp of calf or foot, 4 nights a week, under 10 minutes, 8 of 10 at "
                "worst, "
                "sore afterwards. Calf stretches for 6 weeks helped partly.",
                "Denies weakness, twitching, numbness, back pain, pain down the leg, pain on walking, stiffness "
                "between "
                "cramps, an urge to move the legs, spread to other regions.",
                "Thyroid disease, treated and stable. Takes levothyroxine 75 micrograms; no tonic water; no known "
                "allergies. No quinine reaction, no bleeding tendency. No cancer; no diabetes, kidney, liver, heart "
                "or "
                "arterial disease (as a block).",
            ),
            prose(
                "Results",
                "12 Nov 2026: ECG normal (sinus rhythm, QTc 428 ms), platelets 240. Sept 2026: TSH 2.1 mIU/L.",
            ),
            Block(
                "told",
                "Told",
                "prose",
                (
                    typed(
                        "Stretching goes on. If you agree: quinine sulfate 200 mg at night for 4 weeks, stop if no "
                        "clear "
                        "benefit, pause every 3 months; warned of bruising, ringing ears, vision, overdose. Review "
                        "in "
                        "4 weeks, legs examined again; earlier with weakness, wasting, new numbness, cramps above "
                        "the "
                        "thigh or in the arms, twitching with any of these, a new diuretic or statin. Worried by a "
                        "neighbour’s motor neuron disease; told that nothing points to it and what would make us "
                        "look "
                        "again."
                    ),
                    said("Wants unbroken sleep. Agrees; has her own copy."),
                ),
            ),
            _sender(
                "Dr Ruth SAMPLE", ", GP, GMC 0000000, tel 01632 960102", "signed 20 Nov 2026, 12:15"
            ),
            prose("Copies", "The patient (own version). Full record: page 2."),
        ),
    )


@cache
def draft() -> Letter:
    """A draft with gaps, boxes and the strip of what is missing."""
    told = "«what he was told, when he should ring, whether he agrees»"
    aside = "not asked for"
    return replace(
        urgent(),
        draft=True,
        version=0,
        identity=Identity("V01", "SPECIMEN", ("58, birth date «…»", "NHS «…»")),
        letterhead=Letterhead(
            "«practice»",
            "«address, telephone»",
            "DRAFT, 22 November 2026",
            "not signed, not issued",
        ),
        foot="Draft of 22 Nov 2026 16:20: not signed, not issued",
        notices=(
            row(
                "Before issuing",
                "Birth date and number of the patient, your name and telephone; the side of weakness, wasting and "
                "fasciculation; the safety answers and allergies; what the patient was told; four suggestions to "
                "decide. "
                "These marks go when you issue.",
            ),
        ),
        blocks=(
            _NEUROMUSCULAR,
            patient(
                "V01 SPECIMEN",
                "male, 58",
                "born «…»",
                "NHS «…»",
                "«address, telephone; access needs»",
            ),
            Block(
                "level",
                "",
                "level",
                (
                    said(
                        "Weakness, wasting and split hand, worse over weeks to months; fasciculation in arm and leg "
                        f"regions; {strong('and')} upper motor neuron signs: extensor right plantar, spastic catch "
                        "right "
                        "arm, brisk jerks in the wasted arm. Sensory pattern normal.",
                    ),
                ),
                title="Possible motor neuron disease",
                tag=Tag("urgent", "URGENT", "within 2 weeks"),
                under=("NICE NG42", "NICE NG127"),
            ),
            question(
                "Is this motor neuron disease, or a treatable mimic (cervical cord or root)? Please assess and take "
                "over.",
                under=("proposed: edit",),
            ),
            prose(
                "Beware",
                "No breathlessness at rest or lying flat, choking or weight loss. "
                f"{strong('Not asked: anticoagulant, implanted device, lymphoedema, infection; allergies.')} "
                f"{strong('Not yet known:')} CK, potassium, calcium.",
                closes=True,
            ),
            prose(
                "History",
                f"Weakness of one arm, {strong('«side»')}, mainly distal, painless, over weeks to months; clumsy "
                "hands. "
                "Twitching in several regions.",
                "Painful cramps of forearm, hand/fingers and calf on both sides, unequal, 20 a week, worse, "
                "spreading.",
                "No cancer, no diabetes; none of the listed medicines. "
                f"{strong('Not asked:')} family history, onset date.",
            ),
            Block("examination", "Examination", "rows", _EXAMINED),
            prose("Results", "None yet."),
            Block(
                "decide",
                "To decide",
                "decide",
                (
                    row(
                        "",
                        f"{strong('Nerve conduction and EMG:')} denervation in two or more regions?",
                        aside=aside,
                    ),
                    row(
                        "",
                        f"{strong('MRI cervical spine:')} to exclude cord compression.",
                        aside=aside,
                    ),
                    row(
                        "",
                        f"{strong('CK, potassium, calcium, TSH, HbA1c, B12, blood count, ESR:')} here.",
                        aside=aside,
                    ),
                ),
                under=("tick or strike",),
            ),
            prose("Told", told),
            Block(
                "from",
                "From",
                "sender",
                (
                    Row(
                        "",
                        (Statement("«name, role, number, telephone»", style="strong"),),
                        aside="not signed",
                    ),
                ),
            ),
        ),
    )


@cache
def request() -> Letter:
    """A request to the laboratory."""
    return _letter(
        template="emg_request",
        kind="request",
        recipient="neurophysiology",
        letterhead=Letterhead(
            "Example Street Surgery",
            "1 Example Street, Testford TS1 1AA · Dr Ruth SAMPLE, tel 01632 960102",
            "20 November 2026",
            "Request DE36-10FF-N, version 1",
        ),
        foot="Request DE36-10FF-N, version 1, 20 Nov 2026 17:40",
        blocks=(
            address(
                "Clinical Neurophysiology", "Example Hospital, 22 Sample Road, Testford TS3 3CC"
            ),
            patient(
                "Edwin SPECIMEN",
                "male, 60",
                "born 14 Feb 1966",
                "NHS 999 000 0018",
                f"3 Sample Row, Testford TS2 2BB, {strong('tel 01632 960188')}. No interpreter or other access need.",
            ),
            Block(
                "level",
                "",
                "level",
                (
                    said(
                        "Possible motor neuron disease. Please study, report to the sender and the Neuromuscular / "
                        "MND "
                        "clinic."
                    ),
                ),
                title="Nerve conduction studies (NCS) and needle EMG",
                tag=Tag("urgent", "URGENT", "within 2 weeks"),
            ),
            question(
                "Is this motor neuron disease or a treatable mimic (cervical cord or root, multifocal motor "
                "neuropathy)?"
            ),
            Block(
                "strip",
                "",
                "strip",
                cells=(
                    Cell("Anticoagulant", "No", "absent"),
                    Cell("Implanted device", "No", "absent"),
                    Cell("Lymphoedema", "No", "absent"),
                    Cell("Infection", "No", "absent"),
                ),
            ),
            prose(
                "Safety",
                "As one block, 20 Nov 2026; the medicine list (ramipril) agrees. Device: no pacemaker, ICD, "
                f"stimulator, wire or line. {strong('Also no:')} antiplatelet, bleeding disorder, "
                "immunosuppression or valve, fear of needles. " + strong("Lies flat 45 minutes."),
            ),
            Block(
                "requested",
                "Requested",
                "studies",
                (
                    row(
                        "Motor, F waves",
                        "median, ulnar (ADM and FDI), tibial, peroneal with proximal stimulation: conduction block?",
                        aside="both sides",
                    ),
                    row("Sensory", "median, ulnar, radial, sural", aside="right"),
                    row("EMG cervical", "FDI, EDC, biceps, deltoid", aside="right; FDI left"),
                    row("EMG thoracic", "paraspinals T6 to T10", aside="one side"),
                    row(
                        "EMG lumbosacral",
                        "vastus lateralis, tibialis anterior, gastrocnemius",
                        aside="right",
                    ),
                    row("EMG bulbar", "tongue, or masseter or trapezius", aside="one side"),
                ),
                under=("proposal; the laboratory decides",),
            ),
            Block(
                "examination",
                "Examination",
                "examined",
                (
                    row("Wasting", "right hand (split hand), right forearm."),
                    row("Tone", "spastic catch right arm; no clonus."),
                    row("Sensation", "light touch, pinprick, vibration normal, hands and feet."),
                    row(
                        "Fasciculation",
                        "both upper arms/shoulders, right forearm/hand, right thigh; tongue none. Each region "
                        "watched "
                        "for 1 minute.",
                    ),
                    row("Not examined", "neck extension, hip abduction."),
                ),
                under=("19 Nov 2026",),
                tables=(
                    table(
                        "Power (MRC)",
                        "R L",
                        "FDI (ulnar): *3 *4+",
                        "APB (median): *3 5",
                        "Finger extension (EDC): *4 5",
                        "Wrist extension: 5 5",
                        "Triceps: 5 5",
                        "Biceps: 5 5",
                        "Deltoid: 5 5",
                        "Neck flexion: 5",
                        "Hip flexion: 5 5",
                        "Knee extension: 5 5",
                        "Knee flexion: 5 5",
                        "Ankle dorsiflexion: 5 5",
                        "Ankle plantarflexion: 5 5",
                    ),
                    table(
                        "Reflexes",
                        "R L",
                        "Biceps: *3+ *3+",
                        "Brachioradialis: *3+ *3+",
                        "Triceps: *3+ *3+",
                        "Knee, ankle: *3+ *3+",
                        "Plantar: *extensor flexor",
                        "Hoffmann: *yes no",
                    ),
                ),
            ),
            prose(
                "History",
                "Right hand clumsy since May 2026, steadily worse; grip weak since July 2026. Painless, distal. "
                "Twitching "
                "of both arms and the right thigh since June. Cramps of forearms and calves since about March, 20 a "
                "week. No numbness, neck or arm pain, slurred speech, trouble swallowing. No diabetes, cancer or "
                "spine "
                "disease. Takes ramipril 5 mg; no known allergies.",
            ),
            prose(
                "Results",
                f"{strong('CK 412 U/L')} (limit 320, 10 Nov 2026). Electrolytes, TSH, HbA1c, B12, blood count, ESR "
                "normal. No imaging, no EMG.",
            ),
            _sender(
                "Dr Ruth SAMPLE", ", GP, GMC 0000000, tel 01632 960102", "signed 20 Nov 2026, 17:40"
            ),
        ),
    )


@cache
def emergency() -> Letter:
    """An emergency: half a page, and the record below the fold."""
    return _letter(
        template="emergency_letter",
        kind="emergency",
        level="emergency",
        identity=Identity("Nora", "EXAMPLE", ("born 3 May 1991", "NHS 999 000 0034")),
        letterhead=Letterhead(
            "Example Urgent Care Centre",
            "4 Example Street, Testford TS1 1AD",
            "22 November 2026, 14:22",
            "Letter DB7F-0BDD, version 1",
        ),
        foot="Letter DB7F-0BDD, version 1, 22 Nov 2026 14:22",
        blocks=(
            Block(
                "level",
                "",
                "level",
                title="Possible Guillain-Barré syndrome",
                tag=Tag("emergency", "EMERGENCY", "same day"),
            ),
            Block(
                "patient",
                "Patient",
                "patient",
                (said(f"female, 35  {strong('born 3 May 1991')}  {strong('NHS 999 000 0034')}"),),
                title="Nora EXAMPLE",
            ),
            prose(
                "To",
                f"{strong('Phoned 14:10:')} Dr Omar EXAMPLE, neurology registrar on call, Example Hospital, accepts "
                "for "
                "admission. Sent by ambulance.",
            ),
            prose(
                "Why",
                f"{strong('Weak arms and legs, over hours to days.')} Both sides: ankle dorsiflexion {strong('3')}, "
                "hip "
                f"flexion and shoulder abduction {strong('4')}. {strong('All jerks absent;')} plantars flexor. "
                "Sensory "
                "loss in hands and feet, back pain. Infection within 6 weeks.",
            ),
            prose(
                "Breathing",
                "Not breathless at rest or lying flat; swallowing and speech normal.\n"
                f"{strong('Not measured:')} vital capacity, oxygen saturation, pulse, blood pressure, potassium.",
            ),
            prose(
                "Beware",
                "Nothing given. No known allergies. No medicines, no anticoagulant. Not pregnant.",
            ),
            Block(
                "from",
                "From",
                "sender",
                (
                    said(f"{strong('Ring 01632 960145:')} Dr Lena SAMPLE, urgent care GP"),
                    said(
                        "GMC 0000001. Signed 22 Nov 2026, 14:22. This sheet does not replace the call."
                    ),
                ),
            ),
        ),
        record=Record(
            "Record of findings",
            "Everything recorded. The upper half is complete without it.",
            "Bold: present or abnormal.  no: asked and absent.  Other items of the form were not asked or not "
            "examined.",
            tables=(
                table(
                    "Power (MRC)",
                    "R L",
                    "Neck flexion: 5",
                    "Neck extension: 5",
                    "Shoulder abduction: *4 *4",
                    *(
                        f"{name}: 5 5"
                        for name in (
                            "Elbow flexion",
                            "Elbow extension",
                            "Wrist extension",
                            "Finger extension",
                            "Finger flexion, index",
                            "Finger flexion, little",
                            "First dorsal interosseous",
                            "Thumb abduction",
                        )
                    ),
                    "Hip flexion: *4 *4",
                    "Hip abduction: 5 5",
                    "Hip extension: 5 5",
                    "Knee extension: 5 5",
                    "Knee flexion: 5 5",
                    "Ankle dorsiflexion: *3 *3",
                    "Ankle inversion: 5 5",
                    "Ankle eversion: 5 5",
                    "Great-toe extension: 5 5",
                    "Ankle plantarflexion: 5 5",
                ),
                table(
                    "Reflexes",
                    "R L",
                    "Biceps: *0 *0",
                    "Brachioradialis: *0 *0",
                    "Triceps: *0 *0",
                    "Knee: *0 *0",
                    "Ankle: *0 *0",
                    "Plantar: flexor flexor",
                ),
            ),
            sections=(
                section("Sensation", "*Sensory loss: hands and feet, both sides"),
                section(
                    "Red flags",
                    "Breathless at rest: no",
                    "Breathless lying flat: no",
                    "Cannot swallow, choking: no",
                    "Saddle numbness: no",
                    "Bladder or bowel change: no",
                    "New confusion: no",
                    "Fever, rigors, sweats: no",
                ),
                section(
                    "Complaint",
                    "*Painful cramps, calves: yes",
                    "*Course: worsening",
                    "*Side of the calf cramps: not recorded",
                ),
                section(
                    "Nerves and muscles",
                    "*Weakness, both arms and legs: yes",
                    "*Tempo: hours to days",
                    "*Numbness, tingling: yes",
                    "*Back pain: yes",
                    "Slurred speech: no",
                    "Trouble swallowing: no",
                ),
                section(
                    "Background",
                    "*Infection within 6 weeks: yes",
                    "Cancer: no",
                    "Pregnant: no",
                    "Medicines taken: no",
                    "Anticoagulant: no",
                    "Known allergies: no",
                ),
            ),
            basis="Basis: E02; NICE NG127, EAN/PNS GBS 2023.",
        ),
    )


def _list(heading: str, *items: str) -> Block:
    return Block(heading.lower(), heading, "list", tuple(said(item) for item in items))


@cache
def leaflet() -> Letter:
    """The patient's own sheet."""
    return _letter(
        template="patient_leaflet",
        kind="leaflet",
        title="Your copy",
        complete=False,
        identity=Identity("Edwin", "Specimen", ("born 14 Feb 1966",)),
        letterhead=Letterhead("Example Street Surgery", "", "20 November 2026", ""),
        foot="sheet DE36-10FF-P, version 1",
        blocks=(
            Block(
                "title",
                "",
                "prose",
                (said("For Edwin Specimen. Keep this sheet and take it with you."),),
                title="You are being sent to a specialist",
            ),
            prose(
                "What happens next",
                f"A specialist should see you by {strong('4 December 2026')}. The hospital sends you the date. If "
                "you "
                "have no date by then, we will ring you.",
            ),
            prose(
                "Why",
                "Your right hand is weak and thin, and some of your muscles twitch. This can have many causes. The "
                "specialist will look for the cause.",
            ),
            _list(
                "Tests we have asked for",
                f"{strong('A nerve and muscle test.')} You feel small pulses on the skin, then a thin needle in some "
                "muscles. Do not use skin cream that day.",
                f"{strong('A scan of your neck (MRI).')} You lie still in a tube. It does not hurt.",
                f"{strong('A breathing test.')} You blow into a tube.",
            ),
            prose(
                "Until then",
                "Take your tablets as usual. Tell us if you are given a blood thinner or a pacemaker.",
            ),
            _list("Ring 999 if", "you fight for breath, or you cannot swallow your spit."),
            _list(
                "Ring us the same day if",
                "you are short of breath when you lie flat",
                "you choke on food or drink",
                "you have a fall.",
            ),
            Block(
                "contact",
                "",
                "sender",
                (
                    Row("", (Statement("Example Street Surgery"),), aside="01632 960102"),
                    said("When we are closed, ring 111."),
                ),
            ),
        ),
    )


ALL = (urgent, second_issue, advice, draft, request, emergency, leaflet)
