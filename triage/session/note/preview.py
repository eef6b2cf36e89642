"""What the clinician makes of a consultation note before it is recorded: ticks, answers, and what stays text."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from triage.letter.words.said.line import counted
from triage.model.values import Result, Table, Value
from triage.session.note.read import Proposal, read_note
from triage.session.paste import report
from triage.session.paste.preview import Preview
from triage.session.paste.report import Entry
from triage.session.quick.place import Place
from triage.session.quick.preview import Changes, Line, Meaning
from triage.session.quick.read import Reader
from triage.session.session import Session

_ASKS_ONE = "Is this meant?"
_ASKS_MORE = "Which is meant?"
_STAYS = "not recorded"
_HEADING = "a heading"
_TWICE = "said above"
_OTHERWISE = "said otherwise above: leave one out"


class NotePreview(Preview):
    """A consultation note that is not recorded yet: its lines are sentences, what they do not say stays text.

    Parameters
    ----------
    session
        The case.
    text
        What was pasted.
    section
        The section whose notes take what stays text.

    Raises
    ------
    EntryError
        If the text is too large.
    """

    def __init__(self, session: Session, text: str, section: str) -> None:
        self._note = read_note(session, text)
        # The proposals of a sentence, and what each of those that count records.
        self._of = {
            s.number: [p for p in self._note.proposals if p.sentence == s.number]
            for s in self._note.sentences
        }
        self._recorded: list[Meaning] = []
        self._is_kept = True
        super().__init__(session, text, section)
        self._lines = [sentence.text for sentence in self._note.sentences]

    def _read(self) -> None:
        """Read the proposals that count one beside the other, as quick entry reads the parts of a line."""
        reader = Reader(Place.of(self._session, ()))
        written: dict[str, Value | None] = {}
        self._recorded = []
        entries: list[Entry] = []
        for sentence in self._note.sentences:
            found = self._of[sentence.number]
            for part, one in enumerate(found):
                entry = self._entry(one, part, sentence.text, reader, written)
                entries.append(entry)
            if not sentence.body:
                entries.append(Entry(sentence.number, sentence.text, "serves", _HEADING))
            elif not found:
                entries.append(Entry(sentence.number, sentence.text, "left", _STAYS))
        self.reading = report.Reading(tuple(entries), self._note.stopped, self._note.names)

    def _entry(
        self,
        one: Proposal,
        part: int,
        text: str,
        reader: Reader,
        written: dict[str, Value | None],
    ) -> Entry:
        """Return a proposal beside what those before it record."""
        again = reader.read(one.line)
        # The same thing beside what is recorded now: a medicine joins the list as it has become.
        anew = Proposal(one.sentence, one.text, one.line, again, one.is_certain).meanings
        meanings = (
            anew
            if len(anew) == len(one.meanings) and again.state == one.item.state
            else one.meanings
        )
        shown = tuple(map(_shown, meanings))
        state: report.State = "records" if one.is_certain else "asks"
        says = _asks(one, text, len(shown)) if state == "asks" else ""
        key = (one.sentence, part)
        entry = Entry(
            one.sentence, text, state, says, shown, part=part, answer=self._answers.get(key, "")
        )
        if entry.chosen is None or key in self._out:
            return entry
        chosen = meanings[shown.index(entry.chosen)]
        clash = {
            k
            for k in chosen.changes.keys() & written.keys()
            if not isinstance(chosen.changes[k], Result | Table)
        }
        if clash:
            is_same = all(chosen.changes[k] == written[k] for k in clash)
            return replace(entry, state="left", says=_TWICE if is_same else _OTHERWISE, meanings=())
        reader.take(replace(again, state="records", meanings=(chosen,), chosen=chosen))
        written |= chosen.changes
        self._recorded.append(chosen)
        return entry

    # -- what is decided ------------------------------------------------------------------------

    def leave_out(self, at: int) -> None:
        """Leave out what would be recorded, or take it in again."""
        super().leave_out(at)
        self._read()

    def note_left(self, wanted: bool) -> None:
        """Keep what stays text in the notes, or none of it."""
        self._is_kept = wanted
        self._notes = set()

    @property
    def _noted(self) -> Set[int]:
        """The sentences that are not recorded with every word, and those that were sent to the notes."""
        kept: set[int] = set()
        recorded = {
            entry.line: all(
                self.shown(at) == "records" or e.says == _TWICE
                for at, e in enumerate(self.entries)
                if e.line == entry.line
            )
            for entry in self.entries
        }
        below = False
        for sentence in reversed(self._note.sentences):
            number = sentence.number
            # A heading goes where what stands under it goes.
            whole = (
                not below if not sentence.body else number in self._note.whole and recorded[number]
            )
            below = not whole
            kept |= set() if whole else {number}
        return (kept if self._is_kept else set()) ^ self._notes

    # -- recording ------------------------------------------------------------------------------

    def changes(self) -> Mapping[str, Value | None]:
        """Return what recording would write.

        Raises
        ------
        EntryError
            If the notes would be too long.
        """
        return {**self._answered, **self._notes_with_lines()}

    @property
    def _answered(self) -> Changes:
        return {key: value for meaning in self._recorded for key, value in meaning.changes.items()}

    @property
    def does(self) -> str:
        """What recording would do, in words: ``7 answers, 3 sentences to the notes``; empty if nothing."""
        answers, notes = sum(v is not None for v in self._answered.values()), len(self._noted)
        parts = [counted(answers, "answer")] if answers else []
        parts += [f"{_sentences(notes)} to the notes"] if notes else []
        return ", ".join(parts)

    @property
    def unanswered(self) -> str:
        """How many proposals still ask, in a sentence; empty if none."""
        number = self._asking
        return f"{number} not answered: not recorded, but in the notes." if number else ""

    @property
    def _asking(self) -> int:
        return sum(self.shown(at) == "asks" for at in range(len(self.entries)))

    @property
    def remark(self) -> str:
        """What the record would say against itself."""
        says = dict.fromkeys(found.says for found in self._session.contradicted(self._answered))
        return f"The record would say against itself: {'; '.join(says)}." if says else ""

    @property
    def title(self) -> str:
        """What was read, in a line."""
        if self.reading.stopped:
            return "Consultation note: nothing was read"
        every = {entry.line for entry in self.entries if entry.state != "serves"}
        read = {e.line for e in self.entries if e.state in ("records", "asks")}
        asks = f", {self._asking} to answer" if self._asking else ""
        return f"Consultation note: {len(read)} of {_sentences(len(every))} read{asks}"


def _asks(one: Proposal, text: str, many: int) -> str:
    """Return what a proposal asks, with its words where the sentence says more."""
    asks = _ASKS_ONE if many == 1 else _ASKS_MORE
    words = one.text.strip(" .")
    return asks if words == text.strip(" .") else f"“{words}”: {asks[:1].lower()}{asks[1:]}"


def _shown(meaning: Meaning) -> report.Meaning:
    return report.Meaning(meaning.says, lines=tuple(_line(line) for line in meaning.lines))


def _line(line: Line) -> tuple[str, str, str]:
    return line.name, line.value, line.note


def _sentences(number: int) -> str:
    return f"{number} sentence" if number == 1 else f"{number} sentences"
