"""What make mutation measures is all there is to measure. The measuring itself takes too long for here."""

from __future__ import annotations

from pathlib import Path

from tools.mutation import AREAS, argued

ROOT = Path(__file__).parents[2]
MEASURED = {path for area in AREAS.values() for path in area.files}


def test_all_rules_are_measured() -> None:
    rules = {str(path.relative_to(ROOT)) for path in (ROOT / "core").rglob("*rules.py")}
    assert len(rules) > 5
    assert rules - MEASURED == set()


def test_each_measured_file_and_its_tests_exist() -> None:
    named = {*MEASURED, *(path for area in AREAS.values() for path in area.tests)}
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []


def test_no_survivor_is_argued_whose_line_is_gone() -> None:
    found = argued()
    assert found
    lines = {path: {line.strip() for line in (ROOT / path).read_text().splitlines()} for path in MEASURED}
    ways = ((each, {each.was}, set(each.was.split(" / "))) for each in found)  # " / " parts lines, or divides
    assert [each for each, whole, parts in ways if not (whole <= lines[each.path] or parts <= lines[each.path])] == []


def test_each_survivor_is_argued_in_a_sentence() -> None:
    assert [each for each, why in argued().items() if len(why.split()) < 4 or not why.endswith(".")] == []
