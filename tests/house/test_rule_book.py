"""The rule book of ``core/README.md``: every rule has a function and a test, and nothing speaks of a rule it lacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "core" / "README.md"
AREAS = {
    "DUTY": range(1, 6),
    "CHK": range(1, 12),
    "REPLY": range(17),
    "REC": range(1, 9),
    "CLOSE": range(1, 13),
    "ACC": range(1, 12),
    "OTP": range(1, 8),
    "HELP": range(1, 7),
}
NUMBERS = [f"{area}-{number}" for area, numbers in AREAS.items() for number in numbers]
NAMED = re.compile(rf"\b(?:{'|'.join(AREAS)})-\d+\b")
PLACE = re.compile(r"`([\w/]+\.py):([\w.]+)`")
CELLS = 4
FEWEST_WORDS = 6


@dataclass(frozen=True)
class Place:
    """A function or a test, and the file it stands in."""

    path: str
    name: str


@dataclass(frozen=True)
class Entry:
    """One line of the book."""

    number: str
    words: str
    functions: tuple[Place, ...]
    tests: tuple[Place, ...]


def read_book(text: str) -> list[Entry]:
    rows = ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines())
    return [
        Entry(cells[0], cells[1], places(cells[2]), places(cells[3]))
        for cells in rows
        if len(cells) == CELLS and NAMED.fullmatch(cells[0])
    ]


def places(cell: str) -> tuple[Place, ...]:
    return tuple(Place(*found) for found in PLACE.findall(cell))


def flaws(entry: Entry) -> Iterator[str]:
    """Yield what a line of the book lacks, or claims and is not there."""
    if len(entry.words.split()) < FEWEST_WORDS:
        yield "no words"
    if not entry.functions:
        yield "no function"
    if not entry.tests:
        yield "no test"
    for place in entry.functions:
        if not place.path.startswith("core/"):
            yield f"{place.path} is not of the core"
        elif not is_there(place):
            yield f"{place.path} has no {place.name}"
        elif not names(place.path, entry.number):
            yield f"{place.path} does not name {entry.number}"
    for place in entry.tests:
        if not place.name.startswith("test_") or place.name not in functions_in(place.path):
            yield f"{place.path} has no test {place.name}"


def is_there(place: Place) -> bool:
    if not (ROOT / place.path).is_file():
        return False
    found: object = import_module(place.path.removesuffix(".py").replace("/", "."))
    for part in place.name.split("."):
        found = getattr(found, part, None)
    return found is not None


def names(path: str, number: str) -> bool:
    file = ROOT / path
    return file.is_file() and number in NAMED.findall(file.read_text(encoding="utf-8"))


@cache
def functions_in(path: str) -> frozenset[str]:
    if not (ROOT / path).is_file():
        return frozenset()
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def strangers(text: str) -> set[str]:
    """Return the numbers of rules a text speaks of that the book lacks."""
    return set(NAMED.findall(text)) - {entry.number for entry in ENTRIES}


ENTRIES = read_book(BOOK.read_text(encoding="utf-8"))


def test_the_book_has_every_rule_once_and_in_order() -> None:
    assert [entry.number for entry in ENTRIES] == NUMBERS


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.number)
def test_every_rule_is_in_words_and_has_its_function_and_its_test(entry: Entry) -> None:
    assert list(flaws(entry)) == []


@pytest.mark.parametrize("folder", ["core", "handlers", "scheduler", "bot", "tests", "tools"])
def test_nothing_speaks_of_a_rule_that_the_book_lacks(folder: str) -> None:
    files = list((ROOT / folder).rglob("*.py"))
    assert files, "nothing was looked at"
    found = {str(file.relative_to(ROOT)): strangers(file.read_text(encoding="utf-8")) for file in files}
    assert {path: numbers for path, numbers in found.items() if numbers} == {}


GOOD = ENTRIES[0] if ENTRIES else Entry("", "", (), ())
NOWHERE = (Place("core/duties/rules.py", "is_nowhere"),)


@pytest.mark.parametrize(
    ("wrong", "flaw"),
    [
        (replace(GOOD, words="late"), "no words"),
        (replace(GOOD, functions=()), "no function"),
        (replace(GOOD, tests=()), "no test"),
        (replace(GOOD, functions=NOWHERE), "core/duties/rules.py has no is_nowhere"),
        (replace(GOOD, functions=(Place("core/nothing.py", "is_late"),)), "core/nothing.py has no is_late"),
        (
            replace(GOOD, functions=(Place("core/masking.py", "mask_name"),)),
            "core/masking.py does not name DUTY-1",
        ),
        (replace(GOOD, functions=GOOD.tests), f"{GOOD.tests[0].path} is not of the core"),
        (replace(GOOD, tests=NOWHERE), "core/duties/rules.py has no test is_nowhere"),
        (replace(GOOD, tests=(Place("tests/core/test_dates.py", "test_nothing"),)), "has no test test_nothing"),
    ],
)
def test_a_wrong_line_is_seen(wrong: Entry, flaw: str) -> None:
    assert any(flaw in each for each in flaws(wrong))


def test_a_rule_that_is_not_in_the_book_is_seen() -> None:
    assert strangers("REC-1, REC" + "-9 and CLOSE-12") == {"REC" + "-9"}


def test_a_line_of_the_book_is_read() -> None:
    line = "| CHK-1 | some words | `core/a.py:B.c` `core/d.py:e` | `tests/f.py:test_g` |"
    read = Entry(
        "CHK-1", "some words", (Place("core/a.py", "B.c"), Place("core/d.py", "e")), places("`tests/f.py:test_g`")
    )
    assert read_book(f"# head\n| rule | what |\n{line}\n") == [read]
