"""What a letter must be, as functions from a printed letter to plain sentences of what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import textstat  # type: ignore[import-untyped]

from tests.letter.pages import LAST, SAME, Pages, Word, lines, loose, words_in
from triage.content.load import Content
from triage.content.ranges import age_of
from triage.letter.plain import clean_text, plain_text
from triage.letter.statements import Block, Letter, Row, Statement
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Finding, Table

# -- limits -----------------------------------------------------------------------------------------

# Words of a block as printed, without labels and what the sender typed.
MOST = {
    "letter": {
        "level": 45,
        "beware": 40,
        "history": 110,
        "examination": 95,
        "results": 40,
        "thinking": 50,
        "requested": 35,
        "told": 20,
    },
    "request": {"beware": 40, "requested": 60, "request_history": 60, "request_results": 25},
}
MOST_ON_PAGE, MOST_DENIED, MOST_EMERGENCY, MOST_LEAFLET = 600, 25, 90, 160
# So many typed words are part of a page; further ones are the sender's own, and may take a second page.
TYPED = 90
QUESTION, QUESTION_UNDER_STRIP, FOLD = 80.0, 90.0, 148.5
LEAST_SIZE, LEAST_ON_PAGE_ONE, LEAST_IN_TABLE = 8.5, 10.0, 9.2
# Left and right of what is printed, and where the labels end and the text begins.
SIDE, AXIS = 20.0, 47.0
SENTENCE, GRADE = 16, 6.0

_CODE = re.compile(r"\b[EUSRNLMXT]T?\d\d\b")
# A vertebra is no rule.
_VERTEBRA = re.compile(r"\bT1[0-2]\b")
# An abbreviation behind its words, unless every reader has it.
_SPELT = re.compile(r"\((?!(?:MRI|CK|TSH|ESR|EMG|ECG)\))([A-Z]{2,5})\)")
_UNDECIDED = ("«", "»", "☐", "☑", "□", "not decided", "not yet decided", "not recorded that")
_DENIES = re.compile(r"(No|None|Denies|Neither|Never)\b")
_LIMIT = re.compile(r"\blimits? ([<>≤≥]?\s?[\d.,–-]+)")
_DAY = re.compile(
    r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}\b|\b\d{4}-\d\d-\d\d\b"
)
# Blocks of a leaflet that tell nothing of illness.
_FRAME = {"title", "about", "contact", "mark"}
# Told on page one by what the letter is, not by what was found.
_HEAD = {"address", "patient", "level", "question", "sender"}


@dataclass(frozen=True)
class Printed:
    """A letter, its pages, and the case that it tells of."""

    letter: Letter
    pages: Pages
    case: Case
    content: Content

    @classmethod
    def of(cls, letter: Letter, pdf: bytes, case: Case, content: Content) -> Printed:
        """Return `letter` with the pages of `pdf`."""
        return cls(letter, Pages(pdf), case, content)

    def is_kind(self, *kinds: str) -> bool:
        """Whether it is a letter of one of these kinds."""
        return self.letter.kind in kinds

    def block(self, kind: str) -> Block | None:
        """Return the first block of a kind."""
        return next((block for block in self.letter.blocks if block.kind == kind), None)

    def shown(self, statements: Iterable[Statement]) -> list[Statement]:
        """Return the sentences without those that a full page left to the record."""
        return [s for s in statements if not s.yields or self.pages.find(s.text)]

    def row_text(self, row: Row) -> str:
        """Return what a row says on the page, without its label."""
        return " ".join(s.text for s in self.shown(row.statements))

    def told(self, block: Block) -> list[Statement]:
        """Return the sentences of a block on the page that nobody typed."""
        return self.shown(_told(block))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of which page one tells."""
        statements = self.shown(self.letter.statements())
        cells = [key for b in self.letter.blocks for cell in b.cells for key in cell.covers]
        return frozenset(key for s in statements for key in s.covers).union(cells)

    @cached_property
    def typed(self) -> int:
        """How many words of page one the sender typed."""
        texts = [s.text for block in self.letter.blocks for s in _typed(block)]
        question = self.block("question")
        texts += [s.text for s in question.all_statements()] if question else []
        return sum(map(words_in, texts))

    @cached_property
    def furniture(self) -> frozenset[Word]:
        """The words of the body that tell of the paper and not of the patient."""
        head, record = self.letter.letterhead, self.letter.record
        texts = [head.place, head.document]
        texts += [text for block in self.letter.blocks for text in block.under]
        leaflet = self.letter.blocks if self.is_kind("leaflet") else ()
        about = [block for block in leaflet if block.id in ("title", "about")]
        texts += [s.text for block in about for s in block.all_statements()]
        texts += [record.lead, record.key, record.basis] if record else []
        return frozenset(word for text in texts for word in self.pages.find_all(text))

    def own_words(self) -> Iterator[str]:
        """Yield every text that nobody typed."""
        for block in self.letter.blocks:
            yield from (block.heading, block.title, *block.under)
            for cell in block.cells:
                yield from (cell.name, cell.words)
            for row in () if block.kind == "question" else block.rows:
                yield from (row.label, *(s.text for s in _told(block, [row])), row.aside)
        if (record := self.letter.record) is not None:
            yield from (record.title, record.lead, record.key)
            for section in record.sections:
                yield from (section.title, *(entry.text for entry in section.entries))


def _told(block: Block, rows: Iterable[Row] | None = None) -> list[Statement]:
    """Return the sentences of a block that nobody typed."""
    kept = block.rows if rows is None else rows
    return [s for row in kept for s in row.statements if s.style != "free"]


def _typed(block: Block) -> list[Statement]:
    return [s for s in block.all_statements() if s.style == "free"]


# -- where things stand -----------------------------------------------------------------------------


def the_question_is_high(printed: Printed) -> Iterator[str]:
    """The question is read before the reader has scrolled, or turned away."""
    block = printed.block("question")
    if block is None or not printed.is_kind("letter", "request"):
        return
    found = printed.pages.find(" ".join(s.text for s in block.all_statements()))
    most = QUESTION_UNDER_STRIP if printed.letter.notices else QUESTION
    if not found:
        yield "The question is not on the pages."
    elif found[0].page or found[0].base > most:
        where = f"page {found[0].page + 1}, {found[0].base:.1f} mm"
        yield f"The question stands on {where}; {most:.0f} mm is the most."


def page_one_holds_it(printed: Printed) -> Iterator[str]:
    """All blocks are on page one, unless typed notes run over; a call for help is above the fold."""
    letter = printed.letter
    if letter.kind == "leaflet" and len(printed.pages) > 1:
        yield f"The leaflet has {len(printed.pages)} pages."
    fold = FOLD if letter.kind == "emergency" else None
    for block in letter.blocks:
        for row in block.rows:
            found = printed.pages.find(printed.row_text(row))
            if not found:
                continue
            last = found[-1]
            if last.page and printed.typed <= TYPED:
                yield f"{block.id} runs over to page {last.page + 1}."
            elif fold is not None and last.base > fold:
                yield f"{block.id} stands at {last.base:.1f} mm, under the fold."


def everything_is_inside_the_margins(printed: Printed) -> Iterator[str]:
    """Nothing is cut off by a printer, and nothing runs into the foot."""
    for word in printed.pages.body:
        width, height = printed.pages.sizes[word.page]
        if word.left < SIDE - 0.5 or word.right > width - SIDE + 0.5:
            yield f"“{word.text}” on page {word.page + 1} is outside the margins."
        if word.base > height - LAST + SAME:
            yield f"“{word.text}” on page {word.page + 1} stands at {word.base:.1f} mm, in the foot."


def each_page_says_whose_it_is(printed: Printed) -> Iterator[str]:
    """In the foot of each page stand family name, birth date and number, whatever is cut."""
    identity = printed.letter.identity
    for page in range(len(printed.pages)):
        words = [w.text for w in printed.pages.words if w.page == page and printed.pages.is_foot(w)]
        for part in (identity.family, *identity.rest):
            if loose(part) not in loose("".join(words)):
                yield f"“{part}” is not in the foot of page {page + 1}."


def labels_stand_beside_their_text(printed: Printed) -> Iterator[str]:
    """A label is drawn before its text, and on the baseline of its first line."""
    if printed.is_kind("leaflet"):
        return
    for block in printed.letter.blocks:
        rows = [row for row in block.rows if row.label or printed.row_text(row)]
        texts = [block.title, *(row.label or printed.row_text(row) for row in rows[:1])]
        first = next((text for text in texts if text), "")
        if block.heading and first and not block.cells and not block.tables:
            yield from _beside(printed.pages, block.heading, first, " ".join(block.under))
        for row in rows:
            if row.label and (said := printed.row_text(row)):
                yield from _beside(printed.pages, row.label, said)


def _beside(pages: Pages, label: str, text: str, under: str = "") -> Iterator[str]:
    """Yield that `text` does not stand beside `label`, under which small lines may stand."""
    for lead in (label, label + under):
        if found := pages.find(lead + text):
            begins = _after(found, len(loose(lead)))
            if begins.page != found[0].page or abs(begins.base - found[0].base) > SAME:
                off = begins.base - found[0].base
                yield f"“{label}” stands {off:+.1f} mm from the line of its text."
            return
    yield f"“{label}” is not followed by its text, “{text[:30]}”."


def _after(words: list[Word], letters: int) -> Word:
    """Return the word that begins after so many letters."""
    for word in words:
        if letters <= 0:
            return word
        letters -= len(loose(word.text))
    return words[-1]


def no_last_line_is_one_word(printed: Printed) -> Iterator[str]:
    """No paragraph of page one ends in a line of one word."""
    for block in printed.letter.blocks:
        for row in block.rows:
            for paragraph in printed.row_text(row).split("\n"):
                broken = lines(printed.pages.find(paragraph))
                if len(broken) > 1 and len(broken[-1]) == 1:
                    yield f"{block.id}: “{broken[-1][0].text}” is alone on its line."


# -- how things look --------------------------------------------------------------------------------


def no_type_is_too_small(printed: Printed) -> Iterator[str]:
    """Nothing is smaller than can be read; page one is larger, but for its furniture."""
    record = _record_begins(printed)
    for word in printed.pages.words:
        least = LEAST_SIZE
        if word.page == 0 and not _is_furniture(printed, word) and not _is_after(word, record):
            least = LEAST_IN_TABLE if printed.is_kind("request") else LEAST_ON_PAGE_ONE
        if word.size < least - 0.01:
            yield f"“{word.text}” on page {word.page + 1} is set in {word.size:.1f} pt."


def _record_begins(printed: Printed) -> Word | None:
    record = printed.letter.record
    found = printed.pages.find(record.title) if record else []
    return found[0] if found else None


def _is_after(word: Word, first: Word | None) -> bool:
    return first is not None and (word.page, word.base) >= (first.page, first.base - SAME)


def _is_furniture(printed: Printed, word: Word) -> bool:
    """Whether a word is a label, or in the letterhead or the foot, or under the level."""
    return printed.pages.is_foot(word) or word.right < AXIS or word in printed.furniture


def only_furniture_is_grey(printed: Printed) -> Iterator[str]:
    """What is clinical is black, or white on black, and survives a fax; nothing has a colour."""
    for word in printed.pages.words:
        if word.has_colour:
            yield f"“{word.text}” on page {word.page + 1} has a colour."
        is_grey = 0.02 < word.ink < 0.98
        if is_grey and not printed.pages.is_foot(word) and word not in printed.furniture:
            yield f"“{word.text}” on page {word.page + 1} is grey."


# -- how many words ---------------------------------------------------------------------------------


def it_is_short(printed: Printed) -> Iterator[str]:
    """Page one and each of its blocks keep to their words; typed words are counted apart."""
    letter = printed.letter
    for block in letter.blocks:
        most = MOST.get(letter.kind, {}).get(block.id)
        told = [s for s in printed.told(block) if not _is_apart(s)]
        count = sum(words_in(s.text) - _typed_in(printed.case, s) for s in told)
        if most is not None and count > most:
            yield f"{block.id} has {count} words; {most} is the most."
    if letter.kind == "letter":
        strip = sum(words_in(printed.row_text(row)) for row in letter.notices)
        count = words_in(printed.pages.text(0)) - max(0, printed.typed - TYPED) - strip
        if count > MOST_ON_PAGE and not _is_on_page_one(_record_begins(printed)):
            yield f"Page one has {count} words; {MOST_ON_PAGE} is the most."


def _is_apart(statement: Statement) -> bool:
    """Whether a sentence stands outside the limit of its block: what a draft lacks, what could raise the level."""
    return statement.text.startswith(("Not asked", "Provisional"))


def _typed_in(case: Case, statement: Statement) -> int:
    """Return how many words of a sentence are a person's: what was typed beside an answer, as it stands there."""
    texts = {getattr(case.get(key), "text", "") for key in statement.covers}
    flat = (" ".join(str(text).split()).rstrip(".;,") for text in texts)
    return sum(words_in(text) for text in flat if text and text in statement.text)


def _is_on_page_one(word: Word | None) -> bool:
    return word is not None and word.page == 0


def denials_are_few(printed: Printed) -> Iterator[str]:
    """A list of what is not there is short enough to be read."""
    for statement in printed.letter.statements():
        if statement.style != "free" and statement.text.startswith("Denies"):
            count = words_in(statement.text.split(". ")[0])
            if count > MOST_DENIED:
                yield f"“Denies” has {count} words; {MOST_DENIED} is the most."


def an_emergency_is_half_a_page(printed: Printed) -> Iterator[str]:
    """Whoever takes the patient reads ninety words between to whom and what to beware of."""
    if printed.is_kind("emergency"):
        told = [b for b in printed.letter.blocks if b.kind not in ("level", "patient", "sender")]
        count = sum(words_in(s.text) for block in told for s in printed.told(block))
        if count > MOST_EMERGENCY:
            yield f"The emergency sheet has {count} words; {MOST_EMERGENCY} is the most."


# -- what must never be printed ---------------------------------------------------------------------


def codes_stand_only_in_the_last_line(printed: Printed) -> Iterator[str]:
    """No rule is named by its code but in the line of what the letter rests on."""
    identity = printed.letter.identity
    typed = [name for name in (identity.given, identity.family) if name]
    for text in printed.own_words():
        own = reduce(lambda rest, name: rest.replace(name, ""), typed, text)
        for code in _CODE.findall(_VERTEBRA.sub("", own)):
            yield f"The code {code} is printed in “{text[:60]}”."


def an_abbreviation_is_spelt_first(printed: Printed) -> Iterator[str]:
    """Whoever reads "nerve conduction studies (NCS)" has not met NCS before it."""
    if not printed.is_kind("letter"):
        return
    text = " ".join(s.text for block in printed.letter.blocks for s in printed.told(block))
    for match in _SPELT.finditer(text):
        first = re.search(rf"\b{match[1]}\b", text)
        if first is not None and first.start() < match.start(1):
            yield f"{match[1]} stands before its words: “{text[: first.end()][-60:]}”."


def what_is_issued_is_decided(printed: Printed) -> Iterator[str]:
    """An issued letter has no gap, no box to tick, and no confession of its sender."""
    for text in () if printed.letter.draft else printed.own_words():
        for sign in _UNDECIDED:
            if sign in text.casefold():
                yield f"An issued letter says {sign!r}: “{text[:60]}”."


def nobody_is_pregnant_who_cannot_be(printed: Printed) -> Iterator[str]:
    """Pregnancy is not a matter of a man, nor over 55."""
    sex = printed.case.get("patient.sex_at_birth")
    age = age_of(printed.content.form, printed.case, printed.letter.day)
    is_man = isinstance(sex, Choice) and sex.option == "male"
    if is_man or (age is not None and age.low > 55):
        for text in printed.own_words():
            if "pregnan" in text.casefold():
                yield f"Pregnancy of somebody who cannot be pregnant: “{text[:60]}”."


# -- what sentences say -----------------------------------------------------------------------------


def _sign(case: Case, key: str) -> bool | None:
    value = case.get(key)
    return value.present if isinstance(value, Finding) else None


def a_denial_denies(printed: Printed) -> Iterator[str]:
    """No sentence that begins with No, None or Denies tells of something that is there."""
    for statement in printed.letter.statements():
        if statement.style != "free" and _DENIES.match(statement.text):
            for key in statement.covers:
                if _sign(printed.case, key):
                    yield f"{key} is there, and denied: “{statement.text[:60]}”."


def a_sentence_has_one_sign(printed: Printed) -> Iterator[str]:
    """No sentence tells of what is there and of what is not; the sides and places of one question apart.

    A reason for or against a condition is a finding made of several answers, and a cell of the safety strip is the
    union of its parts: they may rest on both.
    """
    for block in printed.letter.blocks:
        for statement in () if block.id == "thinking" else _told(block):
            signs: dict[str, set[bool]] = {}
            for key in statement.covers:
                question, sign = printed.content.form.question_of(key), _sign(printed.case, key)
                if question is not None and question.section != "safety" and sign is not None:
                    signs.setdefault(question.id, set()).add(sign)
            there = [name for name, found in signs.items() if found == {True}]
            absent = [name for name, found in signs.items() if found == {False}]
            if there and absent:
                yield f"Both {there[0]} (there) and {absent[0]} (not) in “{statement.text[:60]}”."


def a_test_has_one_limit(printed: Printed) -> Iterator[str]:
    """One test is not measured by two limits in one letter."""
    limits: dict[str, set[str]] = {}
    for name, text in _limited(printed):
        found = {limit.strip(" .,") for limit in _LIMIT.findall(text)}
        limits.setdefault(name, set()).update(found)
    for key, found in limits.items():
        if len(found) > 1:
            yield f"{key} has the limits {' and '.join(sorted(found))}."


def _limited(printed: Printed) -> Iterator[tuple[str, str]]:
    """Yield each result with a text that tells of it alone."""
    for statement in printed.letter.statements():
        if len(statement.covers) == 1:
            yield statement.covers[0], statement.text
    record = printed.letter.record
    for section in record.sections if record else ():
        for entry in section.entries:
            for key in entry.covers:
                yield key, entry.text


def red_flags_are_on_page_one(printed: Printed) -> Iterator[str]:
    """Whatever red flag is there, the reader of page one reads it."""
    if not printed.is_kind("letter", "emergency"):
        return
    alarms, recipients = printed.content.alarms, printed.content.recipients
    # What is sensitive is told to those alone who need it.
    kept = {name for recipient in recipients.values() for name in recipient.sensitive}
    kept.difference_update(recipients[printed.letter.recipient].sensitive)
    for key in sorted({*printed.case} - kept):
        question = printed.content.form.question_of(key)
        # What follows a red flag up says which; where only that was recorded, it is the flag.
        is_flag = question is not None and (
            question.id in alarms
            or (question.unfold_when in alarms and question.unfold_when not in printed.case)
        )
        if is_flag and _sign(printed.case, key) and key not in printed.keys | printed.letter.held:
            yield f"The red flag {key} is not on page one."


# -- the record, and what can be pasted -------------------------------------------------------------


def the_record_has_each_answer_once(printed: Printed) -> Iterator[str]:
    """Each answer has one row, a table as many as it has; what is held back is told elsewhere."""
    letter = printed.letter
    if letter.record is None:
        return
    rows = Counter(key for covers in letter.record.covers() for key in set(covers))
    told = {
        key
        for block in letter.blocks
        if block.kind in _HEAD
        for s in block.all_statements()
        for key in s.covers
    }
    told.update(letter.letterhead.covers, letter.held)
    for key in sorted(printed.case):
        value = printed.case[key]
        if rows[key] > (len(value.rows) + 1 if isinstance(value, Table) else 1):
            yield f"{key} has {rows[key]} rows in the record."
        elif not rows[key] and key not in told and _is_clinical(printed.case, key):
            yield f"{key} is not in the record."


def _is_clinical(case: Case, key: str) -> bool:
    value = case[key]
    if isinstance(value, Choice) and value.option == "not_applicable":
        return False
    return not key.startswith(("case.", "decision.", "note.", "referrer.", "letter."))


def the_record_is_bold_where_something_is(printed: Printed) -> Iterator[str]:
    """A row of the record is bold if a red flag is there, and not if all that it tells of is absent.

    What contradicts something else, or has words of its own, may be bold all the same.
    """
    record = printed.letter.record
    for section in record.sections if record else ():
        for entry in section.entries:
            values = [printed.case.get(key) for key in entry.covers]
            bare = [isinstance(v, Finding) and not v.present and not v.text for v in values]
            flags = [
                key.startswith("rf.") and bool(_sign(printed.case, key)) for key in entry.covers
            ]
            # What is held back says no more than that it is.
            if any(flags) and entry.answer and not entry.strong:
                yield f"“{entry.text[:60]}” is there, and not bold in the record."
            if bare and all(bare) and entry.strong and not entry.text.startswith("Contradictory"):
                yield f"“{entry.text[:60]}” is absent, and bold in the record."


def page_one_can_be_pasted(printed: Printed) -> Iterator[str]:
    """Each word of page one stands in the plain text too, the sentences in the same order."""
    text = _plain(plain_text(printed.letter))
    at = 0
    for block in printed.letter.blocks:
        for row in block.rows:
            for statement in row.statements:
                found = text.find(_plain(statement.text), at)
                if found < 0:
                    yield f"{block.id}: “{statement.text[:60]}” is not at its place in the text."
                else:
                    at = found + len(_plain(statement.text))
        cells = [part for cell in block.cells for part in (cell.name, cell.words)]
        labels = [row.label for row in block.rows] + [row.aside for row in block.rows]
        for part in (block.heading, block.title, *block.under, *cells, *labels):
            if _plain(part) not in text:
                yield f"{block.id}: “{part[:60]}” is not in the text."
    record = _record_begins(printed)
    figures = [block.figure for block in printed.letter.blocks if block.figure is not None]
    # A drawing is not pasted; what it shows stands in the rows beside it.
    drawn = {word for figure in figures for _, name in figure.legend for word in name.split()}
    for word in printed.pages.body:
        is_said = word.text in drawn or _plain(word.text) in text
        if word.page == 0 and not _is_after(word, record) and not is_said:
            yield f"“{word.text}” is on page one, and not in the text."


def _plain(text: str) -> str:
    """Return letters and figures of a text only: quotes, bullets and case are the pasted text's own."""
    return re.sub(r"[^\w<>=+]|_", "", loose(clean_text(text)).casefold())


# -- the leaflet ------------------------------------------------------------------------------------


def the_patient_can_read_it(printed: Printed) -> Iterator[str]:
    """A leaflet has few words in short sentences, such as are read in the sixth year of school."""
    if not printed.is_kind("leaflet"):
        return
    blocks = [block for block in printed.letter.blocks if block.id not in _FRAME]
    texts = [s.text for block in blocks for s in _told(block)]
    if (count := sum(map(words_in, texts))) > MOST_LEAFLET:
        yield f"The leaflet has {count} words; {MOST_LEAFLET} is the most."
    for text in texts:
        for sentence in re.split(r"(?<=[.?!:])\s+", text):
            if words_in(sentence) > SENTENCE:
                yield f"A sentence of {words_in(sentence)} words: “{sentence[:60]}”."
    grade = textstat.flesch_kincaid_grade(" ".join(_ended(text) for text in texts))
    if texts and grade > GRADE:
        yield f"The leaflet is for grade {grade:.1f}; {GRADE:.0f} is the most."


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def the_patient_reads_one_date(printed: Printed) -> Iterator[str]:
    """A leaflet names one day, and once: its own only if that is the day. Who goes at once needs none."""
    if printed.is_kind("leaflet") and printed.letter.level != "emergency":
        day = PartialDate.of(printed.letter.day)
        own = {day.long_words(), day.words()}
        texts = [s.text for block in printed.letter.blocks for s in _told(block)]
        named = [date for text in texts for date in _DAY.findall(text)]
        found = [date for date in named if date not in own]
        if len(found or set(named)) != 1:
            yield f"The leaflet names {len(found)} days besides its own: {', '.join(found)}."


def no_suspicion_is_named_to_the_patient(printed: Printed) -> Iterator[str]:
    """A leaflet names no condition that has no words for the patient."""
    if not printed.is_kind("leaflet"):
        return
    texts = " ".join(printed.own_words()).casefold()
    for rule in printed.content.conditions:
        condition = rule.record
        for name in () if condition.patient_name else (condition.name, condition.page):
            if re.search(rf"\b{re.escape(name.casefold())}\b", texts):
                yield f"The leaflet names {name}."


Check = Callable[[Printed], Iterator[str]]

# They hold of any case, whatever was recorded and however much of it.
ALWAYS: tuple[Check, ...] = (
    everything_is_inside_the_margins,
    each_page_says_whose_it_is,
    no_type_is_too_small,
    only_furniture_is_grey,
    denials_are_few,
    codes_stand_only_in_the_last_line,
    an_abbreviation_is_spelt_first,
    what_is_issued_is_decided,
    nobody_is_pregnant_who_cannot_be,
    a_denial_denies,
    a_sentence_has_one_sign,
    a_test_has_one_limit,
    red_flags_are_on_page_one,
    the_record_has_each_answer_once,
    page_one_can_be_pasted,
    the_patient_reads_one_date,
    no_suspicion_is_named_to_the_patient,
)
# They hold of a case such as clinicians record; one with every finding there is takes more words.
CHECKS: tuple[Check, ...] = (
    *ALWAYS,
    the_question_is_high,
    page_one_holds_it,
    labels_stand_beside_their_text,
    no_last_line_is_one_word,
    it_is_short,
    an_emergency_is_half_a_page,
    the_record_is_bold_where_something_is,
    the_patient_can_read_it,
)


def faults(printed: Printed, checks: Iterable[Check] = CHECKS) -> list[str]:
    """Return what is wrong with a letter; nothing if it is as it must be."""
    return [fault for check in checks for fault in check(printed)]
