from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.helpers import AT, letter, named, typed
from triage.errors import StoreError
from triage.model.dates import PartialDate
from triage.model.history import History
from triage.model.values import (
    Choice,
    Decision,
    Finding,
    Measurement,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Urgency,
    Value,
)
from triage.store import Drafts, drafts_folder
from triage.store.rows import IDENTIFIERS

EVERYTHING: dict[str, Value | None] = {
    "a": Finding(present=True, text="<b>& 'quotes' \0 \N{HEBREW LETTER ALEF}", block=True),
    "b": Choice(option="4-"),
    "c": Quantity(value=Decimal("1.50"), unit="mmol/L"),
    "d": Table(rows=(Row(cells=(("name", "x"), ("stopped", True))),), closed=True),
    "e": Result(items=(Measurement(value=Decimal(640), comparator=">", high=Decimal("320.0")),)),
    "f": Unable(reason="cast"),
    "decision.t_emg": Decision(decision="decline", reason="done"),
    "case.urgency": Urgency(level="soon"),
}


def _new(drafts: Drafts) -> str:
    return drafts.create("muscle_cramps", "content-1", AT)


def test_every_kind_of_value_comes_back_as_it_was(folder: Path, key: bytes, drafts: Drafts) -> None:
    draft, history = _new(drafts), History()
    history.change(EVERYTHING, AT)
    history.change({"b": None, "c": Quantity(word="adult")}, AT)
    history.undo(AT)
    drafts.append(draft, history.edits)
    drafts.close()
    with Drafts.open(folder, key) as again:
        back = again.history(draft)
        assert back.edits == history.edits
        assert back.case == history.case
        assert back.can_redo
        assert again.verify() == []


def test_times_are_kept_in_utc(drafts: Drafts) -> None:
    east = timezone(timedelta(hours=9))
    draft, history = _new(drafts), History()
    history.change({"a": Text(text="x")}, datetime(2026, 1, 1, 3, tzinfo=east))
    drafts.append(draft, history.edits)
    assert drafts.history(draft).edits[0].at.isoformat() == "2025-12-31T18:00:00+00:00"
    with pytest.raises(ValueError, match="time zone"):
        drafts.create("f", "c", datetime(2026, 1, 1))


def test_a_gap_is_refused_and_nothing_of_the_batch_is_kept(drafts: Drafts) -> None:
    draft, history = _new(drafts), History()
    drafts.append(draft, typed(history, "one"))
    typed(history, "two")
    three = typed(history, "three")
    for wrong in (three, history.edits, history.edits[1:] + three, history.edits[1:] * 2):
        with pytest.raises(StoreError, match="do not continue"):
            drafts.append(draft, wrong)
    assert drafts.history(draft).n == 1
    assert drafts.missing(draft, history.edits) == history.edits[1:]
    drafts.append(draft, history.edits[1:])
    assert drafts.missing(draft, history.edits) == ()


def test_the_log_cannot_be_rewritten_by_sql(drafts: Drafts) -> None:
    draft, history = _new(drafts), History()
    drafts.append(draft, typed(history, "one"))
    drafts.append(draft, typed(history, "two"))
    for statement in (
        "UPDATE edit SET new = NULL",
        "DELETE FROM edit",
        "REPLACE INTO edit SELECT * FROM edit",
        "INSERT INTO edit SELECT draft, n + 2, at, key, new, grp, undoes FROM edit WHERE n = 2",
    ):
        with pytest.raises(Exception, match="edit"):
            drafts._connection.execute(statement)
    assert drafts.history(draft).edits == history.edits


def test_an_unknown_draft_is_told(drafts: Drafts) -> None:
    for unknown in ("0" * 32, "x", "../keys"):
        with pytest.raises(StoreError, match="no such draft"):
            drafts.history(unknown)
    with pytest.raises(StoreError, match="no such draft"):
        drafts.claim("../../etc/x")


def test_the_list_shows_name_birth_and_state(drafts: Drafts) -> None:
    draft, history = _new(drafts), History()
    # What holds nothing is no case yet.
    assert drafts.list() == []
    drafts.append(draft, named(history, "Müller", "Ann", date(1961, 4, 2)))
    later = AT + timedelta(hours=1)
    drafts.append(draft, history.change({"patient.given_name": Text(text="Anna ")}, later))
    [info] = drafts.list()
    assert (info.id, info.name, info.born) == (
        draft,
        "Müller, Anna",
        PartialDate.of(date(1961, 4, 2)),
    )
    assert (info.created, info.changed, info.edits) == (AT, later, 4)
    assert (info.form, info.fingerprint) == ("muscle_cramps", "content-1")
    assert "ller" not in repr(info)
    drafts.append(draft, history.undo(AT))
    assert drafts.list()[0].name == "Müller, Ann"
    drafts.append(draft, history.change({"patient.family_name": None}, AT))
    assert drafts.list()[0].name == "Ann"
    assert drafts.verify() == []


def test_the_state_follows_from_issues_and_edits(drafts: Drafts) -> None:
    draft, history = _new(drafts), History()

    def state() -> str:
        return drafts.list()[0].state

    drafts.append(draft, typed(history, "one"))
    drafts.issue(draft, letter(1, 1))
    assert state() == "issued v1"
    drafts.append(draft, typed(history, "two"))
    assert state() == "amending v2"
    drafts.issue(draft, letter(2, 2))
    assert state() == "issued v2"
    drafts.withdraw(draft, 2, AT)
    assert state() == "withdrawn"
    drafts.append(draft, typed(history, "three"))
    assert state() == "amending v3"


@pytest.fixture
def people(drafts: Drafts) -> dict[str, str]:
    found = {}
    for family, given, born in (
        ("Müller", "Ann", date(1961, 4, 2)),
        ("O'Brien-Smith", "José", date(1950, 12, 31)),
        ("Ng", "Bo", date(1961, 5, 5)),
        ('100%_"x', "Straße", date(2000, 1, 1)),
        ("Иванов", "Пётр", date(1999, 9, 9)),
    ):
        draft = _new(drafts)
        drafts.append(draft, named(History(), family, given, born))
        found[draft] = family
    return found


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("muller", ["Müller"]),
        ("ÜLL", ["Müller"]),
        ("Müller, Ann", ["Müller"]),
        ("ann mull", ["Müller"]),
        ("jose", ["O'Brien-Smith"]),
        ("o'brien", ["O'Brien-Smith"]),
        ("n-s", ["O'Brien-Smith"]),
        ("ng", ["Ng"]),
        ("ng bo", ["Ng"]),
        ("1961-04", ["Müller"]),
        ("1961", ["Ng", "Müller"]),
        ("0%", ['100%_"x']),
        ("%", ['100%_"x']),
        ('_"x', ['100%_"x']),
        ("strasse", ['100%_"x']),
        ("иван", ["Иванов"]),
        ("muller bo", []),
        ("OR", []),
        ('ann" OR "bo', []),
        ("ann*", []),
        ("an\0n", ["Иванов", "Müller"]),
        ("ivanov", ["Иванов"]),
        ("Mueller", ["Müller"]),
        ("2 April 1961", ["Müller"]),
        ("02/04/1961", ["Müller"]),
        ("04/02/1961", ["Müller"]),
        ("2.4.61", ["Müller"]),
        ("1961-04-02", ["Müller"]),
        ("19610402", ["Müller"]),
        ("Apr 1961", ["Müller"]),
        ("04/1961", ["Müller"]),
        ("ann 2 apr 1961", ["Müller"]),
        ("bo 2 apr 1961", []),
        ("31 December 1950 jose", ["O'Brien-Smith"]),
    ],
)
def test_search_finds_by_part_of_the_name(
    drafts: Drafts, people: dict[str, str], search: str, expected: list[str]
) -> None:
    assert [people[info.id] for info in drafts.list(search)] == expected


def test_a_patient_is_found_by_a_number_however_it_is_typed(
    drafts: Drafts, people: dict[str, str]
) -> None:
    draft, history = _new(drafts), History()
    rows = tuple(Row(cells=(("value", number),)) for number in ("999 000 0018", "AB-12/7"))
    drafts.append(draft, named(history, "Numbered", "Nora", date(1970, 1, 2)))
    drafts.append(draft, history.change({IDENTIFIERS: Table(rows=rows)}, AT))
    for search in (
        "9990000018",
        "999 000 0018",
        "999-000-0018",
        "99900",
        "ab12/7",
        "AB-12",
        "nora 999 000",
    ):
        assert [info.id for info in drafts.list(search)] == [draft], search
    for search in ("9990000019", "000 0018", "bo 999 000 0018"):
        assert drafts.list(search) == [], search
    drafts.append(draft, history.change({IDENTIFIERS: None}, AT))
    assert drafts.list("9990000018") == []


def test_the_same_patient_is_known_by_a_number_or_by_name_and_birth(drafts: Drafts) -> None:
    made = []
    for family, born, number in (
        ("Specimen", date(1968, 3, 14), "999 000 0018"),
        ("spécimen", date(1968, 3, 14), ""),
        ("Specimen", date(1968, 3, 15), ""),
        ("Married", date(1968, 3, 14), "9990000018"),
    ):
        draft, history = _new(drafts), History()
        rows = (Row(cells=(("value", number),)),) if number else ()
        drafts.append(draft, named(history, family, "Irma", born))
        drafts.append(draft, history.change({IDENTIFIERS: Table(rows=rows)}, AT))
        made.append(draft)
    first, spelled, other, married = made

    def same(draft: str) -> set[str]:
        return {info.id for info in drafts.same_patient(draft)}

    assert same(first) == {spelled, married}
    assert same(spelled) == {first}
    assert same(other) == set()
    assert same(married) == {first}
    drafts.bin(first, AT)
    assert same(spelled) == set()


def test_the_order_is_by_a_counter_and_not_by_the_clock(drafts: Drafts) -> None:
    made = []
    for year in (2040, 1971, 9999):
        draft, history = _new(drafts), History()
        drafts.append(draft, history.change({"note.x": Text(text="x")}, AT.replace(year=year)))
        made.append((draft, history))
    assert [info.id for info in drafts.list()] == [draft for draft, _ in reversed(made)]
    draft, history = made[0]
    drafts.append(draft, history.change({"note.x": Text(text="y")}, AT.replace(year=1)))
    assert drafts.list()[0].id == draft


def test_an_empty_search_lists_all(drafts: Drafts, people: dict[str, str]) -> None:
    assert len(drafts.list(" ,")) == len(people)


def test_a_deleted_draft_is_gone_with_its_name(drafts: Drafts, people: dict[str, str]) -> None:
    draft = next(iter(people))
    drafts.delete(draft)
    assert drafts.list("muller") == []
    assert len(drafts.list()) == len(people) - 1
    with pytest.raises(StoreError, match="no such draft"):
        drafts.history(draft)
    assert drafts._connection.execute("SELECT count(*) FROM edit").fetchall() == [(12,)]
    assert drafts.verify() == []


def test_the_drafts_live_where_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "here"))
    assert drafts_folder() == tmp_path / "here"
    assert not (tmp_path / "here").exists()
    monkeypatch.delenv("TRIAGE_HOME")
    assert drafts_folder().name == "cramp-triage"


def test_pragmas_are_the_designed_ones(drafts: Drafts) -> None:
    wanted = {
        "journal_mode": "truncate",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "cipher": "chacha20",
    }
    assert {name: drafts._connection.pragma(name) for name in wanted} == wanted


def test_whether_there_is_any_draft_is_known_without_a_list(drafts: Drafts) -> None:
    assert drafts.is_empty()
    blank = drafts.create("f", "c", AT)
    assert drafts.is_empty()
    drafts.append(blank, typed(History(), "one"))
    assert not drafts.is_empty()
    assert drafts.is_empty([blank])
    other = drafts.create("f", "c", AT, typed(History(), "two"))
    assert not drafts.is_empty([blank])
    assert drafts.is_empty([blank, other])


def test_what_is_worked_on_leaves_the_bin(folder: Path, key: bytes, drafts: Drafts) -> None:
    """A window may have opened it just before another one put it there."""
    draft, history = _new(drafts), History()
    drafts.append(draft, typed(history, "one"))
    with Drafts.open(folder, key) as other:
        other.bin(draft, AT)
        drafts.append(draft, typed(history, "an hour of work"))
        assert other.empty_bin(AT + timedelta(days=31)) == 0
        other.bin(draft, AT)
        drafts.issue(draft, letter(1, 2))
        assert other.list(show="bin") == []
    assert [info.id for info in drafts.list()] == [draft]


def test_a_date_is_found_before_and_after_a_number(drafts: Drafts) -> None:
    draft, history = _new(drafts), History()
    drafts.append(draft, named(history, "Specimen", "Ann", date(1968, 3, 14)))
    numbers = Table(rows=(Row(cells=(("value", "999 000 0018"),)),))
    drafts.append(draft, history.change({IDENTIFIERS: numbers}, AT))
    for search in (
        "14.3.1968 9990000018",
        "999 000 0018 1968-03-14",
        "14 3 1968 999 000",
        "spec 9990 14/3/68",
    ):
        assert [info.id for info in drafts.list(search)] == [draft], search
    for search in ("15.3.1968 9990000018", "9990000019 14.3.1968"):
        assert drafts.list(search) == [], search


@pytest.mark.parametrize("search", ["a " * 3000, "1 " * 3000, "x" * 100_000, "\ud83d", "a\ud83d"])
def test_whatever_is_pasted_into_the_search_is_answered(drafts: Drafts, search: str) -> None:
    drafts.append(_new(drafts), typed(History(), "one"))
    assert len(drafts.list(search)) <= 1
