"""Names of medicines: what a text speaks of, what it leaves to be asked, and pasted lists."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, the_content
from triage.content import ContentFiles, load_content
from triage.content.medicines import Medicines
from triage.content.retired import parted
from triage.errors import ContentError
from triage.model.case import Case
from triage.model.values import Row, Table


@pytest.fixture
def medicines() -> Medicines:
    return the_content().medicines


def classes(text: str) -> set[str]:
    """The classes that count without asking."""
    found = the_content().medicines.look_up(text).found
    return {name for one in found if not one.ask for name in one.classes}


def names(text: str) -> list[str]:
    return [one.name for one in the_content().medicines.look_up(text).found]


# -- the list -------------------------------------------------------------------------------------

# Common medicines of British practice, their brands, and what they are.
COMMON = {
    "atorvastatin, Lipitor": "statin",
    "amlodipine, Istin, Norvasc": "dhp_ccb",
    "levothyroxine, thyroxine, Eltroxin, Synthroid": "levothyroxine",
    "omeprazole, Losec, Prilosec": "ppi",
    "lansoprazole, Zoton, Prevacid": "ppi",
    "Nexium": "ppi",
    "ramipril, Tritace": "acei_arb",
    "bisoprolol, Cardicor": "beta_blocker",
    "simvastatin, Zocor": "statin",
    "sertraline, Lustral, Zoloft": "ssri_snri",
    "metformin, Glucophage": "metformin",
    "aspirin, Nu-Seals": "antiplatelet",
    "paracetamol, acetaminophen, Panadol, Calpol, Tylenol": "",
    "salbutamol, albuterol, Ventolin, Salamol": "saba",
    "colecalciferol, cholecalciferol, Fultium, Fultium-D3, Adcal-D3": "calcium_vitamin_d",
    "losartan, Cozaar": "acei_arb",
    "furosemide, frusemide, Lasix": "loop",
    "folic acid": "",
    "apixaban, Eliquis": "doac",
    "candesartan, Amias": "acei_arb",
    "lisinopril, Zestril": "acei_arb",
    "mirtazapine, Zispin": "",
    "citalopram, Cipramil, Celexa": "ssri_snri qt_drug",
    "indapamide, Natrilix": "thiazide",
    "bendroflumethiazide, bendrofluazide, Aprinox": "thiazide",
    "amitriptyline": "anticholinergic",
    "clopidogrel, Plavix": "antiplatelet",
    "beclometasone, beclomethasone, Clenil, Qvar": "",
    "budesonide with formoterol, Symbicort, Fostair": "laba",
    "gabapentin, Neurontin": "gabapentinoid",
    "pregabalin, Lyrica": "gabapentinoid",
    "codeine": "opioid",
    "co-codamol, Solpadol, Kapake": "opioid",
    "tramadol, Zydol, Ultram": "opioid",
    "morphine, Oramorph, Zomorph": "opioid",
    "naproxen, Naprosyn": "nsaid",
    "ibuprofen, Nurofen, Brufen, Advil": "nsaid",
    "prednisolone, Deltacortril": "corticosteroid",
    "rosuvastatin, Crestor": "statin",
    "pravastatin, Lipostat": "statin",
    "ezetimibe, Ezetrol": "fibrate_ezetimibe",
    "doxazosin, Cardura": "",
    "tamsulosin, Flomaxtra": "",
    "finasteride, Proscar": "",
    "spironolactone, Aldactone": "k_sparing",
    "propranolol, Inderal": "beta_blocker",
    "atenolol, Tenormin": "beta_blocker",
    "felodipine, Plendil": "dhp_ccb",
    "nifedipine, Adalat": "dhp_ccb",
    "diltiazem, Tildiem": "",
    "warfarin, Marevan, Coumadin": "warfarin",
    "rivaroxaban, Xarelto": "doac",
    "edoxaban, Lixiana, Savaysa": "doac",
    "dabigatran, Pradaxa": "doac",
    "tiotropium, Spiriva, Braltus": "lama",
    "gliclazide, Diamicron": "",
    "empagliflozin, Jardiance": "",
    "dapagliflozin, Forxiga": "",
    "sitagliptin, Januvia": "",
    "alendronic acid, Fosamax": "antiresorptive",
    "quinine": "",
    "solifenacin, Vesicare": "anticholinergic",
    "fluoxetine, Prozac": "ssri_snri",
    "venlafaxine, Effexor, Efexor": "ssri_snri",
    "duloxetine, Cymbalta": "ssri_snri",
    "ciclosporin, cyclosporine": "calcineurin",
    "dosulepin": "anticholinergic",
    "bumetanide, Bumex": "loop",
    "hydrochlorothiazide, HydroDIURIL, Microzide": "thiazide",
    "macrogol, Movicol, Laxido, senna, Senokot": "laxative_chronic",
    "alfacalcidol, One-Alpha": "calcium_vitamin_d",
    "co-amoxiclav, Augmentin, amoxicillin": "",
    "lithium carbonate, Priadel": "lithium",
    "sodium valproate, Epilim": "",
    "co-careldopa, Sinemet, co-beneldopa, Madopar": "levodopa_da",
    "zopiclone, Zimovane, Ambien, Xanax, Ativan, Klonopin": "benzodiazepine_z",
    "fluticasone with salmeterol, Seretide, Advair": "laba",
    "umeclidinium with vilanterol, Anoro, Trelegy": "laba lama",
    "perindopril, Coversyl": "acei_arb",
    "valsartan, Diovan": "acei_arb",
    "nitrofurantoin, Macrobid": "neuropathy_drug",
    "denosumab, Prolia": "antiresorptive",
    "mexiletine, naftidrofuryl, Praxilene": "",
    "enoxaparin, Clexane, Lovenox, dalteparin, Fragmin": "heparin",
    "ticagrelor, Brilique, Brilinta": "antiplatelet",
    "baclofen, Lioresal": "baclofen_current",
    "OxyContin, Percocet, Vicodin": "opioid",
    "risperidone, Risperdal": "antipsychotic",
    "olanzapine, Zyprexa, quetiapine, Seroquel": "antipsychotic anticholinergic",
    "metoclopramide, Reglan, prochlorperazine, Compazine": "antiemetic_da",
    "amiodarone": "neuropathy_drug qt_drug",
    "sotalol": "beta_blocker qt_drug",
    "clarithromycin": "strong_cyp3a4_inhibitor qt_drug",
    "rifampicin, rifampin, adrenaline, epinephrine": "",
    "co-amilofruse": "k_sparing loop",
    "co-tenidone, Tenoretic": "beta_blocker thiazide",
    "Zestoretic, irbesartan with hydrochlorothiazide": "acei_arb thiazide",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [(name, expected) for many, expected in COMMON.items() for name in many.split(", ")],
)
def test_a_common_medicine_is_known_by_its_names_and_brands(name: str, expected: str) -> None:
    assert names(name), "not known"
    assert classes(name) == set(expected.split())


# What the form gives as examples that is no name of a medicine.
_NO_NAMES = {"stimulant or osmotic", "long-term", "sweets", "tea", "herbal"}


def test_every_example_of_the_form_is_known_and_of_that_class(medicines: Medicines) -> None:
    for option in the_content().form.questions["meds.classes"].options:
        for example in re.split(r"[,;] ", option.examples):
            if example not in _NO_NAMES:
                assert option.id in medicines.look_up(example).classes(), example


def test_every_class_of_the_form_has_a_medicine(medicines: Medicines) -> None:
    file = medicines._file
    assert file is not None
    said = {name for record in file.medicine for name in record.classes}
    assert said == {o.id for o in the_content().form.questions["meds.classes"].options}


def test_every_spelling_of_the_list_is_found_whole_and_alone(medicines: Medicines) -> None:
    assert medicines._file is not None
    for record in medicines._file.medicine:
        for name in (record.name, *record.also):
            for text in (name, name.upper(), f"{name} 5 mg od", f"Tab. {name}, one daily"):
                assert [f.name for f in medicines.look_up(text).found] == [record.name], text


def test_a_name_of_a_single_medicine_is_no_part_of_the_words_around_it(
    medicines: Medicines,
) -> None:
    assert medicines._file is not None
    words = medicines._file.words
    around = (*words.before, *words.after, *words.harmless, *words.heading, *words.direction)
    for text in (*around, *medicines._file.local.forms):
        assert not medicines.look_up(text).found, text


# -- a text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amlodipine 5mg tablets - One To Be Taken Each Day", "dhp_ccb"),
        ("amlodipine5mg", "dhp_ccb"),
        ("AMLODIPINE BESILATE", "dhp_ccb"),
        ("Adcal-D3 chewable", "calcium_vitamin_d"),
        ("adcal d3", "calcium_vitamin_d"),
        ("AdcalD3", "calcium_vitamin_d"),
        ("atorvastatin 40 mg nocte", "statin"),
        ("atorvastatin calcium trihydrate 20mg", "statin"),
        ("Tab. Warfarin 3mg od", "warfarin"),
        ("Salbutamol 100micrograms/dose inhaler CFC free", "saba"),
        ("metformin hydrochloride", "metformin"),
        ("morphine sulfate MR", "opioid"),
        ("Sérétide 250 Evohaler 2 puffs BD", "laba"),
        ("Se\u0301re\u0301tide", "laba"),
        ("Xarelto® 20 mg", "doac"),
        ("CO CODAMOL 30/500", "opioid"),
        ("cocodamol", "opioid"),
        ("Budesonide 200micrograms/dose / Formoterol 6micrograms/dose inhaler", "laba"),
        ("irbesartan 300mg / hydrochlorothiazide 12.5mg", "acei_arb thiazide"),
        ("Colecalciferol 25,000unit capsules", "calcium_vitamin_d"),
        ("Ex-Lax", "laxative_chronic"),
        ("levalbuterol inhaler", "saba"),
        # What acts where it is put is not what is swallowed.
        ("Hydrocortisone 10mg tablets", "corticosteroid"),
        ("Hydrocortisone 1% cream", ""),
        ("Ketoconazole 2% shampoo", ""),
        ("diclofenac 1.16% gel", ""),
        ("gentamicin 0.3%, ear drops", ""),
        ("Timolol 0.25% eye drops", "beta_blocker"),
        ("Prednisolone 5mg tablets - for inflammation of the eye", "corticosteroid"),
        ("estradiol gel", "raloxifene_oestrogen"),
        ("zinc and castor oil cream", ""),
        # Directions are no doubt.
        ("Warfarin 3mg - no bleeding", "warfarin"),
        ("Warfarin 1mg - as directed, not with food", "warfarin"),
        ("Apixaban 5mg - do not stop taking unless told", "doac"),
        ("Prednisolone 5mg - 6 daily for 5 days then stop", "corticosteroid"),
        ("Nitrofurantoin 100mg - one bd until all finished", "neuropathy_drug"),
        ("Citalopram 20mg - previously 10 mg", "ssri_snri qt_drug"),
        ("Co-codamol 30/500 - no more than 8 a day", "opioid"),
        ("Warfarin 2mg (allergic to nuts)", "warfarin"),
    ],
)
def test_dose_form_and_spelling_do_not_matter(text: str, expected: str) -> None:
    assert names(text)
    assert classes(text) == set(expected.split())


@pytest.mark.parametrize(
    ("text", "taken", "asked"),
    [
        ("warfarin stopped 2024", "", "warfarin"),
        ("Warfarin (stopped)", "", "warfarin"),
        ("no warfarin", "", "warfarin"),
        ("not on warfarin", "", "warfarin"),
        ("?warfarin", "", "warfarin"),
        ("allergic to aspirin", "", "antiplatelet"),
        ("aspirin allergy", "", "antiplatelet"),
        ("statin intolerance", "", "statin"),
        ("Off warfarin since 2020", "", "warfarin"),
        ("Warfarin - on hold for the EMG", "", "warfarin"),
        ("No longer taken: warfarin", "", "warfarin"),
        ("Rivaroxaban until March", "", "doac"),
        ("Apixaban 5mg bd instead of warfarin", "doac", "warfarin"),
        ("rivaroxaban 20 mg; aspirin stopped", "doac", "antiplatelet"),
        ("Amlodipine (stopped bendroflumethiazide 2023)", "dhp_ccb", "thiazide"),
        ("Sertraline 50mg od (previous lithium)", "ssri_snri", "lithium"),
        ("aspirin, clopidogrel stopped", "antiplatelet", "antiplatelet"),
        ("pyridoxine 50 mg", "", "vitamin_b6_high"),
        ("warfarin stopped 2019, warfarin again since 2024", "warfarin", ""),
    ],
)
def test_a_text_that_doubts_a_medicine_is_asked_about_and_not_taken_for_it(
    text: str, taken: str, asked: str, medicines: Medicines
) -> None:
    assert classes(text) == set(taken.split())
    found = medicines.look_up(text).found
    assert {c for one in found if one.ask for c in one.classes} == set(asked.split())


def test_a_question_quotes_the_words_that_raise_it(medicines: Medicines) -> None:
    (found,) = medicines.look_up("Warfarin 3mg - On hold").found
    assert found.ask == "taken now? The text says “on hold”"


def test_every_medicine_of_a_line_is_found() -> None:
    assert names("aspirin and clopidogrel") == ["aspirin", "clopidogrel"]
    assert names("amlodipine/warfarin+bisoprolol") == ["amlodipine", "warfarin", "bisoprolol"]
    assert classes("paracetamol, ibuprofen and apixaban 5mg bd") == {"nsaid", "doac"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "xyzabc",
        "somatostatin",
        "cilastatin",
        "diuretic (name not given)",
        "thinner",
        "5 mg",
    ],
)
def test_what_is_not_in_the_list_is_not_known(text: str, medicines: Medicines) -> None:
    assert not medicines.look_up(text).found


def test_known_and_of_no_class_is_not_the_same_as_not_known(medicines: Medicines) -> None:
    assert medicines.look_up("paracetamol 1 g").found[0].classes == ()
    assert medicines.look_up("vonoprazan 20 mg").found == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Warfrin 3mg", "warfarin"),
        ("atorvastain", "atorvastatin"),
        ("metfromin 500", "metformin"),
        ("bisoprolo", "bisoprolol"),
        ("co-codamal 30/500", "co-codamol"),
        ("aspirin and clopidogril", "clopidogrel"),
        ("Eliqis 5 mg", "Eliquis"),
        ("xyzabc", ""),
        ("warfarin", ""),
    ],
)
def test_a_slip_of_one_letter_is_offered_and_never_taken(
    text: str, meant: str, medicines: Medicines
) -> None:
    slip = medicines.slip(text)
    assert (slip.name if slip else "") == meant
    assert meant not in names(text) or not slip


def test_a_slip_says_where_it_stands(medicines: Medicines) -> None:
    slip = medicines.slip("Tab. co-codamal 30/500")
    assert slip is not None
    assert "Tab. co-codamal 30/500"[slip.start : slip.end] == "co-codamal"


@pytest.mark.parametrize(
    "directions",
    [
        "one tablet each morning with or after food",
        "modified-release capsules, two twice a day, swallow whole",
        "gastro-resistant tablets sugar free oral solution, 5 ml spoonful at night when required",
        "inhaler CFC free two puffs four times a day, rinse mouth after use",
        "solution for injection pre-filled syringes, once weekly, rotate the site",
        "soluble effervescent dispersible chewable powder sachets dissolved in water",
        "transdermal patch every 72 hours, release per hour micrograms",
        "as directed by the anticoagulation clinic, yellow book, contains gluten",
    ],
)
def test_directions_name_no_medicine_and_resemble_none(
    directions: str, medicines: Medicines
) -> None:
    assert names(directions) == []
    assert medicines.slip(directions) is None


# -- a pasted list --------------------------------------------------------------------------------

PASTED = """Repeat medication:
1. Amlodipine 5mg tablets - One To Be Taken Each Day
• Atorvastatin 40mg tablets, one at night
- Tab. Warfarin 3mg od
Furosemide 40mg tablets
   One To Be Taken Each Morning
Salbutamol 100micrograms/dose inhaler CFC free - Two Puffs Up To Four Times A Day

[ ] co-codamol 30/500 2 qds
Methotrexate 2.5mg 6 tabs Mondays
Fultium-D3 800iu caps 1 OD
Apixaban 5mg bd (instead of warfarin)
Naproxen\t500 mg\tbd
Xyzabc 5 mg bd
Xyzabc
Acute
Amoxicillin 500mg
Take One Three Times A Day
Past medication
Simvastatin 40mg
Current
Senna
"""


def test_a_pasted_list_is_a_row_a_line_with_the_dose_as_written(medicines: Medicines) -> None:
    pasted = medicines.split_lines(PASTED)
    assert [(row.name, row.dose) for row in pasted.rows] == [
        ("Amlodipine", "5mg tablets - One To Be Taken Each Day"),
        ("Atorvastatin", "40mg tablets, one at night"),
        ("Tab. Warfarin", "3mg od"),
        ("Furosemide", "40mg tablets One To Be Taken Each Morning"),
        (
            "Salbutamol",
            "100micrograms/dose inhaler CFC free - Two Puffs Up To Four Times A Day",
        ),
        ("co-codamol", "30/500 2 qds"),
        ("Methotrexate", "2.5mg 6 tabs Mondays"),
        ("Fultium-D3", "800iu caps 1 OD"),
        ("Apixaban", "5mg bd (instead of warfarin)"),
        ("Naproxen", "500 mg bd"),
        ("Xyzabc", "5 mg bd"),
        ("Xyzabc", ""),
        ("Amoxicillin", "500mg Take One Three Times A Day"),
        ("Senna", ""),
    ]


def test_what_is_no_row_or_not_taken_now_is_told(medicines: Medicines) -> None:
    assert medicines.split_lines(PASTED).unread == (
        "Repeat medication:",
        "Acute",
        "Past medication",
        "Simvastatin 40mg",
        "Current",
    )


@pytest.mark.parametrize(
    "heading",
    [
        "STOP taking:",
        "Stop taking these medications",
        "Not currently taking",
        "No longer taking:",
        "Medicines to stop:",
    ],
)
def test_what_stands_under_a_heading_to_stop_is_not_taken_now(
    medicines: Medicines, heading: str
) -> None:
    lines = [
        "Start taking these medications",
        "apixaban 5 mg tablet",
        heading,
        "warfarin 5 mg tablet",
        "Continue these medications which have NOT CHANGED",
        "metformin 500 mg",
        "CHANGE how you take these medications",
        "furosemide 40 mg",
    ]
    pasted = medicines.split_lines("\n".join(lines))
    assert [row.name for row in pasted.rows] == ["apixaban", "metformin", "furosemide"]
    assert "warfarin 5 mg tablet" in pasted.unread


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        (
            "metformin 1g bd, ramipril 10mg od, amlodopine 5mg, turmeric",
            ["metformin 1g bd", "ramipril 10mg od", "amlodopine 5mg", "turmeric"],
        ),
        (
            "metformin 500mg, one twice a day; ramipril 5mg, started 2020",
            ["metformin 500mg, one twice a day", "ramipril 5mg, started 2020"],
        ),
        ("Amlodipine 5 mg, 1 tab daily, started 03/2026", None),
        # What is said of one of them may be of all.
        ("not taking: simvastatin 40, ramipril 5, amlodipine", None),
        ("ramipril 5, amlodipine 5, all stopped", None),
        ("ramipril 5 mg, amlodipine 5 mg (both stopped)", None),
        ("Nil else", []),
        ("None", []),
        ("NKDA", []),
    ],
)
def test_a_line_of_several_medicines_is_parted_at_its_commas(
    medicines: Medicines, line: str, rows: list[str] | None
) -> None:
    found = [f"{r.name} {r.dose}".strip() for r in medicines.split_lines(line).rows]
    if rows is None:
        assert len(found) == 1
    else:
        assert found == rows


def test_what_is_said_of_a_brand_is_of_the_name_before_it(medicines: Medicines) -> None:
    for text in ("Rosuvastatin (Crestor) 20 mg - DISCONTINUED 10/01/2026", "Crestor stopped"):
        assert [one.doubted for one in medicines.look_up(text).found] == [True]
    assert [o.doubted for o in medicines.look_up("rosuvastatin (Crestor) 20 mg").found] == [False]


def test_no_word_of_a_pasted_list_is_lost(medicines: Medicines) -> None:
    pasted = medicines.split_lines(PASTED)
    kept = " ".join([*(f"{r.name} {r.dose}" for r in pasted.rows), *pasted.unread])
    # A word of its own, without the marks and numbers before a line.
    bare = re.sub(r"(?m)^(1\. |• |- |\[ \] )", "", PASTED)
    words = [word.strip(",") for word in bare.split() if word != "-"]
    assert sorted(words) == sorted(word.strip(",") for word in kept.split() if word != "-")


# -- the rows of a draft --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("dhp_ccb acei_arb", "dhp_ccb acei_arb"),
        ("none_of_these", "none_of_these"),
        ("doac none_of_these", "doac none_of_these"),
        ("statin leeches", "statin"),
        ("leeches", None),
    ],
)
def test_several_options_of_a_cell_are_known_one_by_one(cell: str, kept: str | None) -> None:
    row = Row(cells=(("name", "x"), ("class", cell)))
    case = Case({"meds.list": Table(rows=(row,), closed=True)})
    known, lost = parted(case, the_content().form)
    table = known["meds.list"]
    assert isinstance(table, Table)
    assert table.rows[0].get("class") == kept
    assert bool(lost) == (kept != cell)


# -- the file -------------------------------------------------------------------------------------

HEAD = 'source = ["nhs"]\nreviewed = 2026-11-22\nmedicine = [\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tiny", tmp_path / "root")
    form = tmp_path / "root" / "forms" / "tiny" / "form.toml"
    text = form.read_text(encoding="utf-8")
    ticks = 'options_from = "a.classes", ticks = "a.classes"'
    assert ticks in text
    form.write_text(
        text.replace(ticks, ticks + ', several = true, names = ["name"]'), encoding="utf-8"
    )
    return tmp_path / "root"


def problems(root: Path, records: str, head: str = HEAD) -> list[str]:
    path = root / "forms" / "tiny" / "medicines.toml"
    path.write_text(head + records + "\n]\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_content(ContentFiles("tiny", root=root))
    return [str(problem) for problem in caught.value.problems]


FAULTS = [
    ('{ name = "aspirin", classes = ["statins"] }', "did you mean 'statin'"),
    (
        '{ name = "codeine", classes = ["opioid"] }, { name = "Co-Deine" }',
        "stands here 2 times: keep one",
    ),
    (
        '{ name = "codeine", also = ["CODEINE"], classes = ["opioid"] }',
        "stands here 2 times: keep one",
    ),
    ('{ name = "co-x", parts = ["y"] }', "its part 'y' must be the name of a single medicine"),
    (
        '{ name = "codeine" }, { name = "co-x", parts = ["codeine"], classes = ["opioid"] }',
        "give either its parts or its classes",
    ),
    ('{ name = "ab" }', "'ab' is too short"),
    ('{ name = "quinine", answers = ["a.fevr"] }', "there is no finding 'a.fevr'"),
    ('{ name = "x-statin", class = ["statin"] }', "the key 'class' is not known here"),
]


@pytest.mark.parametrize(("records", "says"), FAULTS)
def test_a_fault_of_the_list_is_told_with_its_record(root: Path, records: str, says: str) -> None:
    found = problems(root, records)
    assert any("medicines.toml" in line and says in line for line in found), found


@pytest.mark.parametrize("name", ["a.klasses", "x.k.", "classes"])
def test_a_list_that_ticks_what_is_not_there_is_told_and_no_crash(root: Path, name: str) -> None:
    form = root / "forms" / "tiny" / "form.toml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace('ticks = "a.classes"', f'ticks = "{name}"', 1), encoding="utf-8")
    told = problems(root, '{ name = "codeine" }')
    assert any(f"ticks: there is no question '{name}'" in problem for problem in told), told


def test_an_unknown_source_of_the_list_is_told(root: Path) -> None:
    found = problems(root, '{ name = "codeine" }', HEAD.replace("nhs", "nsh"))
    assert any("there is no source 'nsh'" in line for line in found)


def test_a_column_can_only_read_columns_and_options_that_are_there(root: Path) -> None:
    form = root / "forms" / "tiny" / "form.toml"
    text = form.read_text(encoding="utf-8")
    wrong = 'names = ["nam"], stopped = { column = "change", value = "stopped" }'
    form.write_text(text.replace('names = ["name"]', wrong), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_content(ContentFiles("tiny", root=root))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert "no column of text 'nam' (did you mean 'name'?)" in told
    assert "stopped names an option of another column" in told


def test_a_form_without_a_list_knows_no_medicine(root: Path) -> None:
    content = load_content(ContentFiles("tiny", root=root))
    assert content.medicines.look_up("warfarin").found == ()
    assert [row.name for row in content.medicines.split_lines("warfarin 3 mg").rows] == ["warfarin"]
