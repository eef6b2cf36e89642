"""The small words of a note: whose it is, when it was, how sure it is. They are of the language, not of medicine.

Nothing rests on these lists being whole: a clause with one word that is not understood is never certain. They tell
what is not to be asked at all, and what reaches beyond its own clause.
"""

from __future__ import annotations

import re

from triage.session.quick.plain import RELATED


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# In front of what they deny, and behind it.
DENY = frozenset(("no", "not", "denies", "denied", "without", "w/o", "nil", "never", "neither"))
DENY_BEHIND = frozenset(("nil", "none", "no", "absent", "denied", "negative", "neg", "-ve"))
AFFIRM_BEHIND = frozenset(("yes", "present", "positive", "pos", "+", "++", "+ve"))
# What says of a denial that it is not one, or not quite.
LIMITS = _words(
    "only initially longer except apart aside besides almost hardly barely scarcely change changes sure certain doubt "
    "until till unless yet more less worse other than exclude further recent new usual much many real significant "
    "overt obvious definite clear"
)
BESIDE = _words(
    "wife husband partner spouse friend friends neighbour colleague boyfriend girlfriend carer baby stepmother "
    "stepfather"
)
FAMILY = RELATED | BESIDE
HEDGED = _words(
    "possible possibly probable probably likely unlikely maybe perhaps might could query queried ? suspect "
    "suspected suspicion suspicious exclude excluded r/o rule ruled consider considered considering think thinks "
    "thought thinking believes worried worry worries concern concerned concerns fear fears feared anxious afraid "
    "unsure uncertain whether apparently allegedly seems seem seemed appears suggest suggests suggestive suggesting "
    "question differential ddx dd impression googled google told read heard wonder wonders wondering presumed "
    "presumably potential risk screen screening versus vs either wants"
)
# Weaker signs that it is not now, or not the patient's own word for it: then it asks.
WEAK = _words(
    "correction corrected amended sorry rather instead did didn "
    "was were had been before then later old once history h/o hx as like says said all used last may said like"
)
PAST = _words(
    "previously previous past resolved recovered gone former formerly earlier ago childhood historic historical "
    "settled cleared subsided stopped ceased ended prior remission disappeared cured"
)
# A day that what stands beside may be of.
_MONTHS = "january february march april may june july august september october november december"
DAYS = _words(
    f"last yesterday recent recently previous ago before earlier {_MONTHS} monday tuesday wednesday thursday friday "
    "saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec"
)
CONDITIONAL = _words(
    "if should when whenever until till unless case return develop develops worsen worsens"
)
PLANNED = _words(
    "plan plans planned refer referred referral check checked repeat arrange arranged order ordered request requested "
    "advise advised advice start starting started stop stopping continue continued trial prescribe prescribed give "
    "given review follow book booked todo discuss discussed recommend recommended await awaiting awaited watch "
    "monitor safety-net safetynet warned counselled explained leaflet avoid increase reduce switch try need needs "
    "will shall aim"
)
# They say nothing of their own.
FILLERS = _words(
    "has have reports reporting describes noted notes noticed complains complaining complained c/o of with the a an "
    "there is are also he she they patient pt some now currently today in on at for feels having experiencing "
    "does do did endorses his her their this and presents presenting attends seen any known x occur occurs muscle "
    "was were been"
)
# A sentence that begins so can be of whom the one before it named.
PRONOUNS = _words("he she they it his her their this these those who which both all")
# The patient, in a sentence that names a relative.
SELF = _words("he she patient pt i himself herself")
# A clause that ends with one of them was cut off.
JOINS = frozenset(("and", "or", "nor", "but", "with"))
BOTH = frozenset(("both", "bilateral", "bilaterally", "bilat"))
SINCE = "since"

HISTORY, EXAM, FAMILIAL, BEFORE, PLAN, OPINION, ASIDE, MEDICINES, RESULTS, OTHER = (
    "history",
    "exam",
    "family",
    "past",
    "plan",
    "opinion",
    "aside",
    "medicines",
    "results",
    "other",
)
_HEADINGS = {
    HISTORY: "hx|history|hpc|hpi|pc|cc|c/o|s|subj|subjective|presenting complaint|chief complaint|symptoms|"
    "history of presenting complaint|history of present illness|ros|systems review|review of systems|sx",
    EXAM: "o/e|oe|exam|examination|examined|o|obj|objective|pe|on examination|findings|vs|vitals|obs|observations|"
    "physical exam|physical examination|neuro exam|neurological examination",
    FAMILIAL: "fh|fhx|fam hx|famhx|family|family history|family hx|f/h",
    BEFORE: "pmh|pmhx|past medical history|past history|phx|pshx|psh|past hx|medical history",
    PLAN: "plan|p|advice|safety net|safety netting|safety-net|follow up|follow-up|f/u|tx|management|mx|actions|action|"
    "rx|to do|todo|next steps|advised|discussed|request|requests",
    OPINION: "imp|impression|a|assessment|dx|ddx|diagnosis|differential|a/p|opinion|question",
    # What is thought, in one line of its own.
    ASIDE: "ideas|concerns|expectations|ice|worries|i|c|e|fears|beliefs",
    MEDICINES: "dh|dhx|meds|med|medication|medications|drugs|current medication|current medications|repeat|repeats|"
    "drug history|current meds|medicines|taking",
    RESULTS: "ix|results|result|bloods|blood tests|labs|lab results|investigations|tests|blood results",
    OTHER: "sh|shx|social|social history|problems|problem list|problem|active problems|allergies|allergy|nkda",
}
HEADINGS = {label: kind for kind, labels in _HEADINGS.items() for label in labels.split("|")}
# Without a colon behind them these begin a part all the same.
BARE_HEADINGS = _words(
    "o/e oe fh fhx pmh pmhx dh dhx hpc imp impression ix sh shx on_examination family_history rx ddx dx "
    "a/p f/u pc"
)
# 8/12 is eight months, 6/52 weeks, 3/7 days.
_FRACTIONS = {"12": "months", "52": "weeks", "7": "days"}
_FRACTION = re.compile(r"(?<![\d/.])(\d{1,2})\s?/\s?(12|52|7)(?![\d/])")
_HISTORY_OF = re.compile(
    r"(?<!\d )\b(?:an?\s+)?"
    r"(?P<time>(?:\d+|one|two|three|four|five|six)[ -]?(?:day|week|wk|month|mth|year|yr)s?)(?:'s?)?"
    r"\s+(?:history|hx|h/o)\s+(?:of\s+)?(?P<what>[^,.;:]+)",
    re.IGNORECASE,
)
NUMBERS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "a": "1",
    "an": "1",
}


def plain_times(text: str) -> str:
    """Return a text with its durations as quick entry takes them: ``8/12`` is "8 months", and behind what lasts."""
    text = _FRACTION.sub(lambda m: f"{m[1]} {_FRACTIONS[m[2]]}", text)

    def turned(match: re.Match[str]) -> str:
        number, unit = (
            re.split(r"[ -]", match["time"], maxsplit=1)
            if re.search(r"[ -]", match["time"])
            else (*re.findall(r"\d+|\D+", match["time"]),)
        )
        return f"{match['what'].strip()} {NUMBERS.get(number.lower(), number)} {unit}"

    return _HISTORY_OF.sub(turned, text)
