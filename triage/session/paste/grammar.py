"""The patterns of a report: numbers, ranges, flags and dates, each bounded, so that no line is costly to read."""

from __future__ import annotations

import re

from triage.model.dates import MONTHS

THIN = "\u2007\u2009\u202f'’"
_NUMBER = (
    rf"(?>[+−–-]?(?:\d{{1,3}}(?:[{THIN}]\d{{3}}){{1,4}}(?:[.,]\d{{1,12}})?(?!\d)"
    r"|\d{1,24}(?:[.,·]\d{1,12}){0,6}|[.,]\d{1,12}))(?!\d)"
)
# Blanks part thousands, or the columns of a table: "12 450".
_SPACED = r"(?>[+−–-]?\d{1,3}(?: \d{3}){1,4}(?:[.,]\d{1,12})?)(?!\d)"
_NO_RANGE = r"(?!\s{0,2}(?:[-–—]|to\b|bis\b)\s{0,2}[\d.,])(?![:/]\d)"
_BOUND = (
    r"(?:[<>≤≥]=?|=[<>]|(?:less|greater|more) than|over|under|above|below|up to|at least|at most)"
)
VALUE = re.compile(
    rf"(?P<bound>{_BOUND}\s{{0,2}})?"
    rf"(?:(?P<spaced>{_SPACED}){_NO_RANGE}|(?P<number>{_NUMBER}){_NO_RANGE}(?P<more>\+(?![\w+]))?)",
    re.IGNORECASE,
)
NUMBER = re.compile(_NUMBER)
PAIR = re.compile(r"\d{2,3}\s{0,2}/\s{0,2}\d{2,3}(?![\d/])")
START = re.compile(
    rf"[<>≤≥]=?\s{{0,2}}[.,]?\d|(?<![^\s:=])(?:{_BOUND}\s{{0,2}})?[+−–-]?[.,]?\d", re.IGNORECASE
)
_EITHER = rf"(?:{_SPACED}|{_NUMBER})"
_RANGE = rf"(?:{_EITHER}\s{{0,3}}(?:-|–|—|to|bis)\s{{0,3}}{_EITHER}|(?:[<>≤≥]=?|up to|bis)\s{{0,3}}{_EITHER})"
_LABEL = (
    r"(?:(?:ref(?:erence)?|normal|range|interval|limits?|nr|rr|norm|referenz(?:bereich)?|valeurs?|de|référence)"
    r"\b[.:=]?\s{0,3}){0,4}"
)
LIMITS = re.compile(rf"{_LABEL}(?P<limits>{_RANGE})", re.IGNORECASE)
BRACKET = re.compile(r"[(\[{](?P<inside>[^()\[\]{}\t]{0,80})[)\]}]")
FLAG = re.compile(
    r"(?:\*{1,4}|!{1,4}|↑{1,3}|↓{1,3}|▲|▼|\+{1,3}|HH?|LL?|N|A|(?i:high|low|normal|abnormal|critical"
    r"|(?:is )?(?:above|below|outside)(?: (?:the|high|low|upper|lower|normal|reference|range|limit|interval)){1,6}))"
    r"(?=[\s\])},;.]|$)"
)
LEADING_FLAG = re.compile(r"\s(?:\*{1,4}|!{1,4}|↑{1,3}|↓{1,3}|HH?|LL?)$")
# "Na=140" behind the result of another test.
ANOTHER = re.compile(r"[^\W\d_][\w-]{0,20}\s?[=:]\s?[<>]?\d")
WORD = re.compile(r"[^\s()\[\]{};]{1,60}")
GAP = re.compile(r"[\s,:=|)\]}]{1,40}")
COMMENT = re.compile(r"(?i:;|//|--|(?:comment|note|bemerkung|kommentar)s?\s{0,2}:)")

_MONTH = "|".join((*MONTHS, "Sept", *(month[:3] for month in MONTHS)))
_TIME = (
    r"(?:[\sT,]{1,3}(?:at |um )?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
    r"(?:\s?(?:am|pm|hrs?|uhr|z)\b)?(?:[+-]\d{2}:?\d{2})?)?"
)
DAY = re.compile(
    r"(?<![\w./-])(?:(?:on|dated|taken|from|vom|am|@)\s{1,2})?[(\[]?(?P<day>"
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})|\d{1,2}-\d{1,2}-\d{4}"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s.-]{{0,3}}(?:of )?(?:{_MONTH})\.?[\s,.-]{{0,3}}(?:\d{{4}}|\d{{2}})"
    rf"|(?:{_MONTH})\.?\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}}\d{{4}}"
    rf"|(?:{_MONTH})\.?,?\s{{1,3}}(?:19|20)\d{{2}}"
    rf"|(?<=[(\[])(?:(?:{_MONTH})\.?|(?:19|20)\d{{2}})(?=[)\]])"
    rf")(?!(?!T\d)[\w/]|[.:-]\d){_TIME}[)\]]?",
    re.IGNORECASE,
)
BULLET = re.compile(r"\A\s{0,9}(?:[-•*●▪–]|\d{1,2}[.)])\s{1,9}(?=[^\W\d])")
CELLS = re.compile(r" ?\t[ \t]*")
LEADER = re.compile(r" ?(?:\.{3,}|…|_{3,}|-{4,}) ?| {2,}")
# A mark in the place of a date is a character for private use: behind it another value may stand.
PARTS = re.compile(r"[,;]\s{1,3}(?=[^\W\d])|(?<=[\ue000-\uf8ff] ) ?,\s{1,3}(?=[<>≤≥]?\s?\d)")
SENTENCES = re.compile(r"\s?\.\s{1,3}(?=[A-Z])")
# Letters that a scan takes for digits, right behind one.
MISREAD = re.compile(r"[.,]?[OoIl|][\dOoIl|.,]{0,9}(?![^\W\d])")
