"""How much may leave as a file, and when somebody is to look: both edges of each limit (A64)."""

from __future__ import annotations

import pytest

from core.exports.rules import Taken, broken_by, is_large
from core.policy import Policy

POLICY = Policy(export_rows_at_most=100, exports_a_day=5, export_alarm_rows=50)
NOTHING = Taken(0, 0)


def fields(reason: str = "稽核抽查", rows: int = 1, today: Taken = NOTHING) -> list[str]:
    return [f"{each.rule} {each.field}" for each in broken_by(reason, rows, today, POLICY)]


def test_with_a_reason_and_within_the_limits_nothing_stands_in_the_way() -> None:
    assert fields(rows=100, today=Taken(4, 10_000)) == []


@pytest.mark.parametrize("reason", ["", " \t\n", "。。。", "無", "\u3000"])
def test_a_reason_says_something(reason: str) -> None:
    assert fields(reason) == ["A64 理由"]


def test_a_reason_has_an_end() -> None:
    assert fields("查" * 200) == []
    assert fields("查" * 201) == ["A64 理由"]


def test_one_row_too_many_is_refused() -> None:
    assert fields(rows=101) == ["A64 清單"]


def test_one_file_too_many_a_day_is_refused() -> None:
    for files in (5, 6):
        assert fields(today=Taken(files, 0)) == ["A64 清單"]


def test_everything_wrong_is_said_at_once() -> None:
    assert len(fields("", 101, Taken(5, 0))) == 3


@pytest.mark.parametrize(
    ("rows", "before", "alarm"),
    [(49, 0, False), (50, 0, True), (51, 0, True), (1, 48, False), (1, 49, True), (0, 1000, False)],
)
def test_many_rows_of_a_day_raise_the_alarm_in_one_file_or_in_slices(rows: int, before: int, *, alarm: bool) -> None:
    assert is_large(rows, Taken(3, before), POLICY) is alarm
