"""A line as people write and say it, in the words of the grammar: ``SLR -ve bilat.``, ``no fasciculations seen``.

Only the language is put right here: what a word names is for the names of the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from triage.model.numbers import as_digits
from triage.session.quick.names import OF_RELATIVES
from triage.session.quick.values import DENIES, EXCEPT, NORMAL, SIDES_SAID, YES, fold

# What stands behind a grade that all have.
_EVERYWHERE = frozenset(
    ("throughout", "globally", "everywhere", "symmetrical", "symmetric", "symmetrically")
)
_NORMAL_SAID = frozenset(("nad", "wnl", "unremarkable", "intact", "full", "ok", "okay"))
# Between a denial and what it denies, and behind that: they add nothing.
_OF_DENIALS = (
    ("evidence", "of"),
    ("sign", "of"),
    ("signs", "of"),
    ("symptoms", "of"),
    ("history", "of"),
    ("hx", "of"),
    ("hx",),
    ("any",),
    ("h/o",),
)
_SEEN = frozenset(
    ("seen", "noted", "present", "found", "elicited", "felt", "detected", "observed", "reported")
)
# In the middle of a finding they add nothing: "fasciculation seen in both calves".
_ONLY_SEEN = frozenset(("seen", "noted", "observed", "found", "felt"))
# In front of what is told, and behind it: they add nothing.
_TELLERS = frozenset(
    re.findall(
        r"\S+",
        "pt patient he she they c/o complains complaining complained of reports reporting reported describes "
        "has have having getting gets experiencing also noticed notes there is are",
    )
)
_NOW = frozenset(("currently", "presently"))
_AWAITED = frozenset(("awaiting", "await"))
_ASKED_FOR = frozenset(("requested", "booked", "sent", "ordered", "outstanding"))
_APART = frozenset(("apart", "aside", "other", EXCEPT))
_SIDE_NOUNS = frozenset(("side", "sides"))
_DOUBTS = frozenset(
    ("query", "queried", "possible", "possibly", "probable", "probably", "maybe", "suspected")
)
# What stands behind one of them in a line is of them, and not of the patient.
RELATIVES = frozenset(
    re.findall(
        r"\w+",
        "mother father brother brothers sister sisters son sons daughter daughters uncle aunt cousin grandfather "
        "grandmother grandparent grandparents parent parents sibling siblings twin relative relatives mum mom "
        "dad mothers fathers maternal paternal niece nephew nan grandson granddaughter halfbrother halfsister "
        "cousins uncles aunts grandad grandma granny fh fhx",
    )
)
# Of them a family history can be told.
RELATED = RELATIVES | {"family", "familial", "child", "children", "inherited", "hereditary", "kin"}
# With one of them begins what is to be done, and not what is there.
PLANS = frozenset(
    re.findall(
        r"\w+",
        "refer refers referred referral referring check checking arrange arranged order request requested repeat "
        "advise advised advice discuss discussed consider considering plan planned planning prescribe monitor review "
        "book try trial give avoid watch exclude need needs wants will for",
    )
)
# What stands behind one of them may be of it, beyond a comma too.
REACHING = (
    RELATED
    | PLANS
    | {
        EXCEPT,
        "wife",
        "husband",
        "partner",
        "spouse",
        "carer",
        "friend",
        "if",
        "should",
        "unless",
        "when",
    }
) - {"for", "try", "will", "need", "needs", "wants"}
_BEFORE = frozenset(
    (
        "previous",
        "previously",
        "prev",
        "past",
        "prior",
        "old",
        "known",
        "pmh",
        "hx",
        "h/o",
        "history",
    )
)
PMH = frozenset(("pmh", "pmhx", "phx"))
_EARLIER = frozenset(("previous", "previously", "prev", "past", "prior", "formerly", "had", "old"))
_BEFORE_ILLNESS = frozenset(("has", "had", "have", "with", "died", "of", "from", "got"))
_AS_WELL = frozenset(("too", "also", "similar", "same", "his", "her", "as", "well"))
_NUMBERS = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
}
_NUMBER = "|".join(_NUMBERS)
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORTH = {
    **{word: n for n, word in enumerate([*_DIGITS, *_TEENS])},
    **{word: 10 * n for n, word in enumerate(_TENS, start=2)},
    "nought": 0,
    "oh": 0,
}
_ONES = "|".join([*_DIGITS, "nought", "oh"])
_POINT = re.compile(
    rf"\b(?P<whole>(?:{'|'.join(_TENS)})(?:[\s-](?:{_ONES}))?|{'|'.join(_TEENS)}|{_ONES})"
    rf" point (?P<part>(?:{_ONES})(?: (?:{_ONES}))*)\b",
    re.IGNORECASE,
)
# As a dictation writes them: "four out of five", "four plus".
_SAID = (
    (
        re.compile(rf"\b(?P<n>\d|{_NUMBER})(?P<s>[+-]?) (?:out of|over) (?P<of>\d|{_NUMBER})\b"),
        "{n}{s}/{of}",
    ),
    (re.compile(rf"\b(?P<n>\d|{_NUMBER}) (?P<s>plus|minus)(?= |$)"), "{n}{s}"),
    (re.compile(r"\b(?:family (?:history|hx)(?: of)?|fhx(?: of)?|fam hx|f/h)(?= )"), "fh"),
    (re.compile(rf"(?<= )(?P<n>{_NUMBER})(?= (?:on the )?(?:left|right|both)\b|,|$)"), "{n}"),
)
# "for 6/12", "x 3 weeks": nothing but how long.
_TIMED = re.compile(
    r"(?:(?:for|x|over) ?)?(?:(?P<many>\d{1,2})/(?P<of>12|52|7)|(?P<time>\d.*))", re.IGNORECASE
)
_TIME = re.compile(
    r"(?P<many>\d{1,2})/(?P<of>12|52|7)|\d{1,2}/40|\d{1,3}[ -]?(?:days?|weeks?|wks?|months?|mths?|years?|yrs?)'?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_FOR_TIME = re.compile(rf"(?:(?:for|x|over|past|last) ?)*(?:{_TIME.pattern})", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?:(?:about|approx|around|some|~) ?)?(?P<many>\d+(?:-\d+)?)x? (?P<what>[a-z]+(?: [a-z]+)?)"
    r" ?(?P<per>(?:a|per|each|every|/) ?(?:day|week|wk|month|night|d|w))",
    re.IGNORECASE,
)
_HISTORY = frozenset(("history", "hx", "h/o", "of"))
_PARTS_OF = {"12": "months", "52": "weeks", "7": "days"}
_SIGNS = {"plus": "+", "minus": "-"}
_AGO = re.compile(r"\b(?:(?:began|started|from) |(?P<name>onset) )(?P<time>\d.*) ago$")


def plainly(tokens: Sequence[str]) -> list[str]:
    """Return the words of a part as the grammar has them."""
    words = _of_family(_awaited(told([_bare(token) for token in tokens])))
    # A dash at the end may answer: "weakness -".
    words = _dictated([w for w in words[:-1] if w.strip("-–—=")] + words[-1:])
    words = _sided(
        [w for n, w in enumerate(words) if not 0 < n < len(words) - 1 or fold(w) not in _ONLY_SEEN]
    )
    if timed := _TIMED.fullmatch(" ".join(words)):
        words = [timed["many"], _PARTS_OF[timed["of"]]] if timed["of"] else timed["time"].split()
    words = _excepting(_time_behind(words))
    cut = words.index(EXCEPT) if EXCEPT in words else len(words)
    return [*_denied(_everywhere(words[:cut])), *words[cut:]]


def told(words: Sequence[str]) -> list[str]:
    """Return the words without who tells in front, and without what says that it is so now behind."""
    words = list(words)
    while len(words) > 1 and fold(words[0]) in _TELLERS:
        words = words[1:]
    if len(words) > 2 and (fold(words[-2]), fold(words[-1])) == ("in", "situ"):
        words = words[:-2]
    while len(words) > 1 and fold(words[-1]) in _NOW:
        words = words[:-1]
    return words


def _awaited(words: list[str]) -> list[str]:
    """Return ``awaiting EMG``, ``MRI requested`` as ``EMG pending``."""
    if len(words) > 1 and fold(words[0]) in _AWAITED:
        return [*words[1:], "pending"]
    if len(words) > 1 and fold(words[-1]) in _ASKED_FOR:
        return [*words[:-1], "pending"]
    return words


def _of_family(words: list[str]) -> list[str]:
    """Return ``FH: MND (uncle)`` without who it was."""
    if not words or fold(words[0]) not in OF_RELATIVES:
        return words
    return [w for w in words if fold(w.strip("()")) not in RELATIVES - set(OF_RELATIVES)]


def _time_behind(words: list[str]) -> list[str]:
    """Return ``18 month history of cramps``, ``3/12 weakness`` with how long it is behind what it is of."""
    for many in (2, 1):
        timed = _TIME.fullmatch(" ".join(words[:many]))
        rest = words[many:]
        while rest and fold(rest[0]) in _HISTORY:
            rest = rest[1:]
        if timed and rest and not any(c.isdigit() for word in rest for c in word):
            rest = [*rest[:-1], rest[-1].rstrip(",")]
            return (
                [*rest, *(timed["many"], _PARTS_OF[timed["of"]])]
                if timed["of"]
                else [*rest, *words[:many]]
            )
    return words


def _excepting(words: list[str]) -> list[str]:
    """Return the words with one word for what leaves something out: ``apart from``."""
    found: list[str] = []
    for word in words:
        before = fold(found[-1]) if found else ""
        if fold(word) in ("from", "for", "than") and before in _APART:
            found[-1] = EXCEPT
        else:
            found.append(EXCEPT if fold(word) == "bar" and found else word)
    return found


def _everywhere(words: list[str]) -> list[str]:
    """Return ``reflexes 2+ throughout`` as ``reflexes all 2+``, and what is found to be normal as that."""
    if len(words) > 2 and fold(words[-1]) in _EVERYWHERE:
        words = words[:-2] if fold(words[-2]) == "and" else words[:-1]
        words = [*words[:-1], "all", words[-1]] if len(words) > 1 else words
    if len(words) > 1 and fold(words[0]) in _NORMAL_SAID:
        words = [NORMAL, *words[1:]]
    # A year may stand behind it.
    at = len(words) - (2 if words and _YEAR.fullmatch(words[-1]) else 1)
    if at > 0 and fold(words[at]) in _NORMAL_SAID:
        words = [*words[:at], NORMAL, *words[at + 1 :]]
    return words


def doubted(tokens: Sequence[str]) -> list[str] | None:
    """Return a part without what doubts it; None if nothing does: ``?foot drop``, ``possible clonus``."""
    first, last = tokens[0], tokens[-1]
    if first.startswith("?"):
        return [t for t in (first.lstrip("?"), *tokens[1:]) if t]
    if last.endswith("?"):
        return [t for t in (*tokens[:-1], last.rstrip("?")) if t]
    if fold(first) in _DOUBTS:
        return list(tokens[1:])
    inside = [t.lstrip("?") for t in tokens]
    return [t for t in inside if t] if inside != list(tokens) else None


def timed(tokens: Sequence[str]) -> tuple[list[str], str]:
    """Return a part without how long at its end, and that: ``slurred speech 2/12``; empty if it does not say."""
    words = plainly(tokens)
    for at in range(1, len(words)):
        behind = " ".join(words[at:])
        if fold(words[at]) == "since" or _FOR_TIME.fullmatch(behind):
            return words[:at], behind
    return [], ""


def counted(tokens: Sequence[str]) -> list[list[str]]:
    """Return what is counted, and how often: ``4-5 cramps a week``, ``10 cramps/month``; empty if nothing is."""
    match = _COUNTED.fullmatch(" ".join(plainly(tokens)))
    return [match["what"].split(), [*match["many"].split(), *match["per"].split()]] if match else []


def tells_before(tokens: Sequence[str]) -> bool:
    """Whether a part begins as what was before, or is doubted: what stands behind it in a line may be so too."""
    return tokens[0].startswith("?") or fold(tokens[0]) in _EARLIER | _DOUBTS


def past(tokens: Sequence[str]) -> list[str]:
    """Return a part without what says that it was before: ``hx of stroke``, ``stroke in 2019``; empty if not."""
    words = list(tokens)
    if len(words) > 1 and _YEAR.fullmatch(words[-1].strip("().,")):
        words = words[:-2] if len(words) > 2 and fold(words[-2]) == "in" else words[:-1]
    while len(words) > 1 and fold(words[0]) in _BEFORE | {"of"}:
        words = words[1:]
    return words if len(words) < len(tokens) else []


def of_relatives(tokens: Sequence[str]) -> list[list[str]]:
    """Return how a part about a relative can be said of the family; empty if it is of none: ``mum had ALS``."""
    words = plainly(tokens)
    if not words or fold(words[0]) not in RELATIVES or len(words) < 2:
        return []
    rest = [w for w in words if fold(w) not in RELATIVES | _BEFORE_ILLNESS | _AS_WELL]
    return [[name, *rest] for name in OF_RELATIVES] if rest else []


def _bare(token: str) -> str:
    if token[:1] in '"“':
        return token
    token = token.rstrip(".:!").replace("’", "'").removesuffix("'s") or token
    return token[1:-1] if token[:1] == "(" and fold(token[1:-1]) in SIDES_SAID else token


def _dictated(words: list[str]) -> list[str]:
    if any(word[:1] in '"“' for word in words):
        return words
    text = " ".join(words)
    lower = text.casefold()
    for pattern, form in _SAID:
        lower = pattern.sub(partial(_spelled, form), lower)
    lower = _AGO.sub(lambda m: " ".join(filter(None, (m["name"], m["time"]))), lower)
    return words if lower == text.casefold() else as_digits(lower).split()


def with_points(text: str) -> str:
    """Return a text with its dictated decimals in digits: ``three point two``, ``twenty five point one``."""
    return _POINT.sub(_decimal, text)


def _decimal(match: re.Match[str]) -> str:
    whole = sum(_WORTH[word.casefold()] for word in re.split(r"[\s-]+", match["whole"]))
    digits = "".join(str(_WORTH[word.casefold()]) for word in match["part"].split())
    return f"{whole}.{digits}"


def _spelled(form: str, match: re.Match[str]) -> str:
    parts = match.groupdict().items()
    return form.format(**{n: _NUMBERS.get(word, _SIGNS.get(word, word)) for n, word in parts})


def _sided(words: Sequence[str]) -> list[str]:
    """Return the words without "side" behind a side, and without "on the" in front of one."""
    found: list[str] = []
    for word in words:
        if fold(word) in SIDES_SAID:
            while found and fold(found[-1]) in ("on", "the"):
                found.pop()
        elif fold(word) in _SIDE_NOUNS and found and fold(found[-1]) in SIDES_SAID:
            continue
        found.append(word)
    return found


def _denied(words: list[str]) -> list[str]:
    """Return a denial without the words that add nothing to it."""
    if not words:
        return []
    if len(words) > 2 and fold(words[-2]) == "not" and fold(words[-1]) in _SEEN:
        return [*words[:-2], "no"]
    if len(words) > 1 and fold(words[-1]) == "nil":
        words = ["no", *words[:-1]]
    if fold(words[0]) in ("negative", "neg") and len(words) > 2 and fold(words[1]) == "for":
        words = ["no", *words[2:]]
    if fold(words[0]) not in DENIES:
        return words
    rest = words[1:]
    for beside in _OF_DENIALS:
        if tuple(map(fold, rest[: len(beside)])) == beside and len(rest) > len(beside):
            rest = rest[len(beside) :]
    if len(rest) > 1 and fold(rest[-1]) in _SEEN and fold(rest[-1]) not in YES - _SEEN:
        rest = rest[:-1]
    return [words[0], *rest]
