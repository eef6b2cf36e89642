"""Case files that no program should meet: what each maker makes follows from its chance alone."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

Chance = random.Random
_JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, [], {}, [[]], [None], "", " ", "\0", "1/0", "yes", "\u202e"),
    *({"value": {}}, {"state": 7}, [1, [2, [3]]], "9" * 400, "e" * 4000, -(10**30), {"": ""}),
)
_BIG = ("1" * 5000, "1e999999999", "-1e-999999999", "0." + "0" * 9000 + "1", "9" * 200_000, "1e400")


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where anything stands in JSON."""
    found = [path] if path else []
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def _with(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    whole = json.loads(json.dumps(data))
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return whole


def _somewhere(data: Any, rng: Chance, spelled: str) -> bytes:
    """Put `spelled`, which is JSON or meant to look like it, in the place of something."""
    mark = "a place for something hostile"
    text = json.dumps(_with(data, rng.choice(places(data)), mark))
    return text.replace(json.dumps(mark), spelled).encode("utf-8", "surrogatepass")


# -- the makers -----------------------------------------------------------------------------------


def truncated(data: Any, rng: Chance) -> bytes:
    text = json.dumps(data).encode()
    return text[: rng.randrange(len(text))]


def wrong_types(data: Any, rng: Chance) -> bytes:
    for _ in range(rng.choice([1, 1, 3, 10])):
        data = _with(data, rng.choice(places(data)), rng.choice(_JUNK))
        if not isinstance(data, dict) or not places(data):
            break
    return json.dumps(data).encode()


def deep(data: Any, rng: Chance) -> bytes:
    depth = rng.choice([50, 900, 1100, 20_000, 200_000])
    before, after = rng.choice([("[", "]"), ('{"a":', "}"), ('[{"":', "}]")])
    return _somewhere(data, rng, before * depth + "1" + after * rng.choice([depth, 0]))


def huge_numbers(data: Any, rng: Chance) -> bytes:
    big = rng.choice(_BIG)
    return _somewhere(data, rng, rng.choice([big, f'"{big}"', f'{{"value": {big}, "unit": "kg"}}']))


def unknown_keys(data: Any, rng: Chance) -> bytes:
    count = rng.choice([1, 30, 1500, 5000, 100_000])
    name = rng.choice(["rf.feve{}", "x{}", "neuro.weaknes{}", "{}" + "y" * 70, "../../{}"])
    many = {name.format(number): rng.choice(_JUNK) for number in range(count)}
    group = rng.choice(["answers", "patient", "referrer", "notes", "decisions", ""])
    return json.dumps({**data, group: many} if group else {**data, **many}).encode()


def long_lists(data: Any, rng: Chance) -> bytes:
    item = rng.choice(['"neuro_nonsense"', '"../../x"', "{}", "[]", '{"nam": 1}', '"calff"', "1"])
    many = "[" + ",".join([item] * rng.choice([2, 3000, 100_000, 500_000])) + "]"
    return _somewhere(data, rng, many)


def duplicates(data: Any, rng: Chance) -> bytes:
    text = json.dumps(data)
    at = rng.choice([place for place, char in enumerate(text) if char == "{"])
    key = rng.choice(["a", "triage_case", "answers", "é" * 300, "\n", "\x1b[2J"])
    return f"{text[: at + 1]}{json.dumps(key)}: 1, {json.dumps(key)}: 2, {text[at + 1 :]}".encode()


def not_utf8(data: Any, rng: Chance) -> bytes:
    text = bytearray(json.dumps(data, ensure_ascii=False).encode())
    for _ in range(rng.choice([1, 5])):
        text[rng.randrange(len(text))] = rng.choice([0x80, 0xC3, 0xED, 0xFE, 0xFF])
    return bytes(text)


def marks(data: Any, rng: Chance) -> bytes:
    text = json.dumps(data)
    code = rng.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"])
    return rng.choice([b"", b"\xef\xbb\xbf", b"\xff\xfe"]) + text.encode(code)


def unseen(data: Any, rng: Chance) -> bytes:
    """Put NUL, controls and halves of characters into names and texts, bare and escaped."""
    bad = rng.choice(
        ["\0", "\\u0000", "\x07", "\\u001b[31m", "\\ud800", "\\udfff\\ud800", "\u2028"]
    )
    text = json.dumps(data)
    at = rng.choice([place for place, char in enumerate(text) if char == '"'])
    return (text[: at + 1] + bad * rng.choice([1, 100]) + text[at + 1 :]).encode()


def long_texts(data: Any, rng: Chance) -> bytes:
    piece = rng.choice(["9", "1 ", "1/", "<", "-", "a ", "é", "1e", ".", ",", "(", "2026-", "\\n"])
    return _somewhere(
        data, rng, '"' + piece * (rng.choice([99_000, 2_000_000]) // len(piece)) + '"'
    )


def wild_dates(data: Any, rng: Chance) -> bytes:
    text = rng.choice(
        ["0000-00-00", "99999-01-01", "2026-02-30", "-1", "1.1.1", "31/31/31", "now", "9999-12-31"]
    )
    key = rng.choice(["date", "answers", "patient"])
    inner = {"dob": text, "case.date": text, "cramp.onset": text}
    return json.dumps({**data, key: text if key == "date" else inner}).encode()


def too_large(data: Any, rng: Chance) -> bytes:
    return json.dumps(data).encode() + b" " * rng.choice([8_000_000, 8_000_001, 12_000_000])


def noise(data: Any, rng: Chance) -> bytes:
    return rng.randbytes(rng.choice([0, 1, 100, 100_000]))


def other_json(data: Any, rng: Chance) -> bytes:
    return rng.choice(
        [b"null", b"[]", b"1", b'"x"', b"{}", b'{"triage_case": 2}', b"NaN", b"[NaN]"]
    )


MAKERS: tuple[Callable[[Any, Chance], bytes], ...] = (
    *(truncated, wrong_types, deep, huge_numbers, unknown_keys, long_lists, duplicates, not_utf8),
    *(marks, unseen, long_texts, wild_dates, too_large, noise, other_json),
)

# -- what is no file ------------------------------------------------------------------------------


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.json")
    return folder / "pipe.json"


def loop(folder: Path) -> Path:
    (folder / "loop.json").symlink_to(folder / "loop.json")
    return folder / "loop.json"


def holes(folder: Path) -> Path:
    with (folder / "holes.json").open("wb") as file:
        file.truncate(500_000_000)
    return folder / "holes.json"


def a_folder(folder: Path) -> Path:
    (folder / "folder.json").mkdir()
    return folder / "folder.json"


PLACES: tuple[Callable[[Path], Path], ...] = (
    *(pipe, loop, holes, a_folder),
    lambda _: Path("/dev/zero"),
    lambda _: Path("/dev/null"),
    lambda folder: folder / "nothing.json",
)
