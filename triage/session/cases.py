"""The list of cases in words: what is still to do in each, and what was done. Without Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from triage.content.casefile import write_case
from triage.content.load import Content
from triage.errors import TriageError
from triage.files import write_whole
from triage.letter.words.person import name_of
from triage.letter.words.said.line import Mark, counted
from triage.model.dates import PartialDate
from triage.model.values import LEVELS
from triage.rules.assess import Assessor
from triage.session.digest import Digest, digest_of, made_of, read_digest
from triage.session.draft import DraftStore, OpenDraft
from triage.session.fate import Fate, Rank, answers, day_words, fate_of, moment
from triage.session.letters import LetterDesk
from triage.session.own import files_of, given
from triage.session.session import Session
from triage.settings import Settings, service_of
from triage.store import DraftInfo, Show
from triage.store.search import folded, joined

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOT_READ = "cannot be read: open it to see why"
# So many more than are shown already a search finds.
_MOST = 200
# A group of the list: its id, and what it is called.
GROUPS: tuple[tuple[str, str], ...] = (
    ("all", "All"),
    ("draft", "Not issued"),
    ("out", "Issued, not printed or saved"),
    ("waits", "Waits for a result"),
    ("urgent", "Emergency, urgent"),
    ("withdrawn", "Withdrawn"),
    ("chase", "Chase, returned"),
)
# These are shown where there is any.
SELDOM = frozenset({"chase"})
# By what a list is sorted, in the order of its columns.
ORDERS = ("name", "age", "number", "level", "state", "to", "todo", "sender", "when")


class Row(NamedTuple):
    """One case of the list, every part as it is shown.

    Parameters
    ----------
    info, digest
        Of which it is made; the digest is None until it is worked out.
    name, age, kind, number
        The patient. The number is without its kind.
    tag, mark
        The level as in the letter.
    state
        Draft, Issued v1, Amending v2, Withdrawn v1.
    to, sender
        Who gets the letter, or was phoned; who signs.
    todo, when
        What is still to do, or was done; and when the case was changed.
    open
        In which window it is open; empty if in none.
    strong, done
        Whether it waits for the clinician, and whether nothing is to do any more.
    groups
        The ids of the groups that it belongs to.
    """

    info: DraftInfo
    digest: Digest | None
    name: str
    age: str
    kind: str
    number: str
    tag: str
    mark: Mark
    state: str
    to: str
    sender: str
    todo: str
    when: str
    open: str = ""
    strong: bool = False
    done: bool = False
    groups: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        # Never the name: a repr ends up in logs and tracebacks.
        return f"<Row {self.info.id}, {self.state}>"

    @property
    def words(self) -> str:
        """All that it shows, for a search."""
        shown = (
            self.name,
            self.kind,
            self.number,
            self.tag,
            self.state,
            self.to,
            self.todo,
            self.open,
        )
        spelt = (*shown, self.sender, self.number.replace(" ", ""))
        return f"{folded(' '.join(spelt))} {joined(self.name)}"

    @property
    def who(self) -> str:
        """The patient in one phrase, as a question names him."""
        number = f"{self.kind} {self.number}".strip() if self.number else "no number"
        return f"{self.name} ({', '.join(filter(None, (self.age, number)))})"

    @property
    def is_issued(self) -> bool:
        """Whether any letter of it was issued."""
        return self.info.version > 0


class Cases:
    """The cases of a store, as a list shows them.

    Parameters
    ----------
    store, assessor, settings, clock
        As the program has them.
    here
        The cases that a window of this program has open.
    """

    def __init__(
        self,
        store: DraftStore,
        assessor: Assessor,
        settings: Settings,
        clock: Callable[[], datetime],
        here: frozenset[str] = frozenset(),
    ) -> None:
        self.store = store
        self._assessor = assessor
        self._settings = settings
        self._clock = clock
        self.here = here
        self._made = made_of(assessor.content, settings)
        # Worked out where nothing can be written.
        self._kept: dict[tuple[str, int], Digest | None] = {}

    @property
    def now(self) -> datetime:
        """The present time."""
        return self._clock()

    def rows(self, limit: int, offset: int, *, binned: bool = False) -> list[Row]:
        """Return so many cases, last changed first, after so many."""
        show: Show = "bin" if binned else "all"
        found = self.store.list(show=show, limit=limit, offset=offset)
        return [self.row(info) for info in found]

    def row(self, info: DraftInfo) -> Row:
        """Return the row of a case, by what is known of it without working anything out."""
        digest = read_digest(info.digest, self._made) or self._kept.get((info.id, info.edits))
        content, here = self._assessor.content, info.id in self.here
        known = {recipient.template for recipient in content.recipients.values()}
        # What they are called is read only where a case has one.
        copies = {} if known.issuperset(key[2] for key in info.letters) else self._copies
        return row_of(info, digest, content, self._clock(), copies, is_here=here)

    @cached_property
    def _copies(self) -> Mapping[str, str]:
        """Title by id of the letters that are the patient's own."""
        from triage.letter.template import load_templates

        form = self._assessor.content.form
        with suppress(TriageError):
            letters = load_templates(files_of(self._settings, form.id), form).letters
            own = {name: one.file for name, one in letters.items() if one.file.kind == "leaflet"}
            return {name: file.title for name, file in own.items()}
        return {}

    def is_known(self, row: Row) -> bool:
        """Whether there is nothing to work out of a case, or it was tried."""
        return row.digest is not None or (row.info.id, row.info.edits) in self._kept

    def worked_out(self, row: Row) -> Row:
        """Work out what is to be told of a case, keep it, and return its row."""
        info, digest = row.info, None
        is_ours = info.form == self._assessor.content.form.id
        with suppress(TriageError):
            digest = self._digest(info) if is_ours else None
        self._kept[info.id, info.edits] = digest
        made = self.row(info)
        if digest is None and is_ours:
            return made._replace(todo=_NOT_READ, strong=True)
        return made

    def told(self, row: Row) -> tuple[str, str]:
        """Return, as a question tells of a case, who the patient is, and how many answers there are."""
        row = row if self.is_known(row) else self.worked_out(row)
        try:
            case = self.store.read(row.info.id).case
        except TriageError:
            return row.who, ""
        count = len(given(case, self._settings, self._assessor.content.form))
        return row._replace(name=name_of(case) or row.name).who, counted(count, "answer")

    def _digest(self, info: DraftInfo) -> Digest:
        desk = self.desk(info.id)
        digest = digest_of(desk.session, desk, self._made)
        # What is still being typed is no edit yet.
        if not desk.session.history.is_typing:
            self.store.note_digest(info.id, desk.session.history.n, digest.text())
        return digest

    def desk(self, draft: str) -> LetterDesk:
        """Return the letters of a case that need not be open; nothing can be changed in it by them.

        Raises
        ------
        TriageError
            If the case is for another form, or cannot be read.
        """
        self.store.check_form(draft, self._assessor.content.form.id)
        opened = OpenDraft(self.store, draft, self.store.read(draft), None)
        session = Session(self._assessor, opened.history, self._clock, read_only=True)
        return LetterDesk(session, opened, self._clock, self._settings)

    def letters(self, draft: str, *, earlier: bool = False) -> Iterator[LetterDesk]:
        """Yield a desk for each letter of the last version of a case, at which it is looked at.

        With `earlier` also for what of an earlier version nobody got anew, and was not withdrawn.
        """
        issues = self.desk(draft).issues
        last = {(one.recipient, one.template): one.version for one in issues}
        for issue in sorted(issues, key=lambda one: -one.version):
            is_last = issue.version == issues[-1].version
            stands = issue.version == last[issue.recipient, issue.template]
            if is_last or (earlier and stands and issue.withdrawn_at is None):
                desk = self.desk(draft)
                desk.choose_issue(issue)
                yield desk

    def export(self, draft: str, path: Path) -> None:
        """Write a case as CASE.json to `path`; it is not encrypted there.

        Raises
        ------
        TriageError
            If it is for another form, cannot be read, or not be written.
        """
        form = self._assessor.content.form
        self.store.check_form(draft, form.id)
        write_whole(path, write_case(self.store.read(draft).case, form).encode())

    def withdraw(self, draft: str, reason: str) -> None:
        """Withdraw the last version of a case.

        Raises
        ------
        StoreError
            If it could not be noted.
        """
        issue = self.desk(draft).issues[-1]
        self.store.withdraw(draft, issue.version, self._clock(), reason)

    def found(self, rows: Sequence[Row], search: str, *, binned: bool = False) -> list[Row]:
        """Return what a search finds: by name, number or date of birth, or of `rows` by the words they show.

        The store knows cases that are not among the rows, and more spellings.
        """
        words = [{word, joined(word) or word} for word in folded(search).split()]
        if not words:
            return list(rows)
        show: Show = "bin" if binned else "all"
        infos = {info.id: info for info in self.store.list(search, show=show, limit=_MOST)}
        kept = [r for r in rows if infos.pop(r.info.id, None) or _has(r.words, words)]
        return [*kept, *map(self.row, infos.values())]


def _has(text: str, words: Iterable[Collection[str]]) -> bool:
    """Whether a text has each of these words in one of its spellings."""
    return all(any(spelling in text for spelling in spellings) for spellings in words)


def row_of(
    info: DraftInfo,
    digest: Digest | None,
    content: Content,
    now: datetime,
    copies: Mapping[str, str],
    *,
    is_here: bool = False,
) -> Row:
    """Return the row of a case; `copies` are the titles of the patient's own letters, by their ids."""
    fates = _fates(info, digest, content, now, copies)
    todo, strong, done = _todo(info, digest, content, fates, now)
    if info.binned:
        todo, strong, done = f"in the bin since {moment(info.binned, now)}", False, True
    recipients = content.recipients
    to = ", ".join(
        dict.fromkeys(
            recipients[one].name if one in recipients else one
            for one in (service_of(key[1]) for key in info.letters if key[2] not in copies)
        )
    )
    known = digest or Digest("", "", "none", "", "", "", "", "", "", "", 0, 0, False, 0, 0, (), ())
    # What was issued says its level, whatever was not looked for.
    is_blank = known.is_blank and info.issued is None
    if info.state.startswith("amending") or not to:
        to = known.to
    if known.called:
        to = f"Phoned: {known.called}"
    changed = info.changed.astimezone()
    is_today = changed.date() == now.astimezone().date()
    return Row(
        info=info,
        digest=digest,
        name=info.name or "no name yet",
        age=known.age,
        kind=known.kind,
        number=known.number,
        tag="Not yet" if is_blank else known.tag,
        mark=Mark.OPEN if is_blank else Mark(known.mark),
        state=_state(info),
        to=to or ("none" if digest else ""),
        sender=known.sender,
        todo=todo,
        when=f"{changed:%H:%M}" if is_today else day_words(changed.date(), now),
        open=("open here" if is_here else "open in another window") if info.claimed else "",
        strong=strong,
        done=done,
        groups=frozenset(_groups(info, digest, fates)),
    )


def _state(info: DraftInfo) -> str:
    state = f"withdrawn v{info.version}" if info.state == "withdrawn" else info.state
    return state.capitalize() + (", from outside" if info.outside else "")


def _is_open(info: DraftInfo) -> bool:
    """Whether the case as it stands is not issued."""
    return info.state == "draft" or info.state.startswith("amending")


def _fates(
    info: DraftInfo,
    digest: Digest | None,
    content: Content,
    now: datetime,
    copies: Mapping[str, str],
) -> list[tuple[str, Fate]]:
    """Return where each letter that stands is, what is to be done first at the head."""
    if info.issued is None:
        return []
    found = []
    for key in info.letters:
        recipient = content.recipients.get(service_of(key[1]))
        level = digest.level_at(key[0]) if digest else ""
        # Of the patient's own copy nobody answers.
        waits = answers(recipient) and key[2] not in copies
        days = content.levels[level].chase_days if level in LEVELS and waits else None
        sent = [one for one in info.sent if one.key == key]
        name = copies.get(key[2]) or (recipient.name if recipient else key[1])
        found.append((name, fate_of(sent, info.issued, days, now)))
    return sorted(found, key=lambda pair: (pair[1].rank, -pair[1].at.timestamp()))


def _todo(
    info: DraftInfo,
    digest: Digest | None,
    content: Content,
    fates: Sequence[tuple[str, Fate]],
    now: datetime,
) -> tuple[str, bool, bool]:
    """Return what is to do or was done, whether it waits for the clinician, and whether all is done."""
    if info.form != content.form.id:
        return "of another form", False, True
    waits = f"waits for {', '.join(digest.waits)}" if digest and digest.waits else ""
    if _is_open(info):
        # A change that was begun ends no waiting for the answer to what went out.
        late = next((one for one in fates if one[1].rank is Rank.CHASE), None)
        asks = _told(late, fates) if late else ""
        said = _open(digest, waits) if digest else ""
        return "; ".join(filter(None, (asks, said))), bool(asks), False
    if info.withdrawn:
        when = f"withdrawn {moment(info.withdrawn, now)}"
        # The letter of an earlier version, to somebody else, may wait still.
        asks = next((f"{name}: {fate.says}" for name, fate in fates if fate.rank.asks), "")
        return "; ".join(filter(None, (asks, info.because, when))), bool(asks), not asks
    said = _told(fates[0], fates)
    if fates[0][1].rank.asks:
        return said, True, False
    return (waits, False, False) if waits else (said, False, True)


def _told(one: tuple[str, Fate], fates: Sequence[tuple[str, Fate]]) -> str:
    """Return where a letter stands; of several with whose it is."""
    name, fate = one
    return f"{name}: {fate.says}" if len(fates) > 1 else fate.says


def _open(digest: Digest, waits: str) -> str:
    """Return what is to do before a case is issued: first what keeps the level from being sure."""
    if digest.provisional and not digest.stops:
        return f"{digest.done} of {digest.all} answered"
    if digest.stops:
        return f"{digest.stops} {'stops' if digest.stops == 1 else 'stop'} the letter"
    if digest.undecided:
        return f"{counted(digest.undecided, 'essential test')} open"
    return waits or "ready to issue"


def _groups(
    info: DraftInfo, digest: Digest | None, fates: Sequence[tuple[str, Fate]]
) -> Iterator[str]:
    yield "all"
    if _is_open(info):
        yield "draft"
    ranks = {fate.rank for _, fate in fates}
    if _is_open(info):
        # What was returned, or never went out, is in hand again.
        ranks &= {Rank.CHASE}
    if Rank.NOT_OUT in ranks:
        yield "out"
    if {Rank.CHASE, Rank.RETURNED} & ranks:
        yield "chase"
    if digest and digest.waits and info.state != "withdrawn":
        yield "waits"
    if digest and digest.level in ("emergency", "urgent"):
        yield "urgent"
    if info.state == "withdrawn":
        yield "withdrawn"


def counts(rows: Iterable[Row]) -> Counter[str]:
    """Return how many cases each group has."""
    return Counter(group for row in rows for group in row.groups)


def title_of(day: date) -> str:
    """Return the day that heads the list."""
    words = PartialDate.of(day).long_words().removesuffix(f" {day.year}")
    return f"{_DAYS[day.weekday()]} {words}"


def summary(rows: Sequence[Row], now: datetime) -> str:
    """Return what stands behind the day: of today what was seen and is to finish, of all what is to ask after."""
    today = [row for row in rows if _day(row) == now.astimezone().date() and _is_begun(row)]
    drafts = sum(row.info.state == "draft" for row in today)
    changes = sum(row.info.state.startswith("amending") for row in today)
    issued = sum(row.info.state.startswith("issued") for row in today)
    unfinished = " and ".join(filter(None, (_many(drafts, "draft"), _many(changes, "change"))))
    total = counts(rows)
    parts = (
        f"{len(today)} seen" if today else "nobody seen yet",
        f"{issued} issued" if issued else "",
        f"{unfinished} to finish" if unfinished else "",
        f"{total['out']} not printed or saved" if total["out"] else "",
        f"{total['chase']} to chase or returned" if total["chase"] else "",
    )
    return " · ".join(filter(None, parts))


def _is_begun(row: Row) -> bool:
    """Whether a case holds anything but what the settings fill in."""
    return bool(row.info.name or row.info.version or (row.digest and row.digest.done))


def _many(count: int, what: str) -> str:
    return counted(count, what) if count else ""


def by_day(rows: Iterable[Row], now: datetime) -> Iterator[Row | str]:
    """Yield the rows, and before each day but today what it is called."""
    today = now.astimezone().date()
    last = today
    for row in rows:
        day = _day(row)
        if day != last:
            last = day
            yield "Today" if day == today else heading(day, today)
        yield row


def heading(day: date, today: date) -> str:
    """Return what a day of the list is called."""
    if day == today - timedelta(days=1):
        return "Yesterday"
    title = title_of(day)
    return title if day.year == today.year else f"{title} {day.year}"


def _day(row: Row) -> date:
    return row.info.changed.astimezone().date()


def ordered(rows: Iterable[Row], order: str, *, down: bool) -> list[Row]:
    """Return the rows in an order; where that is the same, the last changed first."""
    if order == "when":
        # As they come: by the counter of the store, for a clock may go wrong.
        found = list(rows)
        return found if down else found[::-1]
    return sorted(rows, key=lambda row: _key(row, order), reverse=down)


def _key(row: Row, order: str) -> tuple[int, int, str]:
    if order == "level":
        level = row.digest.level if row.digest else ""
        return -LEVELS.index(level) if level in LEVELS else 1, 0, ""
    text = str(getattr(row, order))
    if order == "age":
        digits = "".join(c for c in text.split("–")[0] if c.isdigit())
        return 0, int(digits or -1), text
    # What is not there comes last.
    return int(not text or (order == "name" and not row.info.name)), 0, folded(text)
