"""Every abuse case, A1 to A65, has a test that carries its number in its name: who looks for one finds it by that."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CASES = range(1, 66)
TEST = re.compile(r"^ *def (test_\w+)\(", re.MULTILINE)
NAMED = re.compile(r"(?<=_)a(\d+)(?=_|$)")


def numbers_in(name: str) -> list[int]:
    """Return the cases a test's name carries."""
    return [int(found) for found in NAMED.findall(name)]


def named() -> Counter[int]:
    """Return how many tests carry each number."""
    texts = (path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    return Counter(number for text in texts for name in TEST.findall(text) for number in numbers_in(name))


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("test_a2_a9_a_signed_body", [2, 9]),
        ("test_what_is_wrong_a65", [65]),
        ("test_data3_and_ra4_are_none", []),
        ("test_a_day", []),
    ],
)
def test_a_case_is_known_by_its_number_in_a_tests_name(name: str, numbers: list[int]) -> None:
    assert numbers_in(name) == numbers


def test_every_abuse_case_has_a_test_of_its_name() -> None:
    found = named()
    assert [f"A{number}" for number in CASES if not found[number]] == []


def test_no_test_is_named_after_a_case_there_is_not() -> None:
    assert sorted(number for number in named() if number not in CASES) == []
