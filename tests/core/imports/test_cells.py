"""What a cell may hold, column by column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from core.accounts.models import Permission, UnitKind
from core.errors import InvalidInput
from core.imports import cells
from core.imports.files import Cell, Unreadable
from core.records.kinds import ProblemType

DAY = date(2022, 7, 28)
MOMENT = datetime(2022, 8, 2, 6, 5, tzinfo=UTC)


def written(text: str) -> datetime:
    """Return what a spreadsheet holds: a moment that does not say whose."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.text(10), "  王 \n 小明 ", "王 小明"),
        (cells.text(3), "王小明", "王小明"),
        (cells.text(10), "王\u202e小\u200b明", "王小明"),
        (cells.code(), "ＡＢ ０１", "AB01"),
        (cells.code(), "ab01", "ab01"),
        (cells.number, "wk０００１", "WK0001"),
        (cells.number, "新北／115/7.a", "新北/115/7.A"),
        (cells.day, "111/07/28", DAY),
        (cells.day, "１１１／０７／２８", DAY),
        (cells.day, "2022-07-28", DAY),
        (cells.day, "1110728", DAY),
        (cells.day, written("2022-07-28"), DAY),
        (cells.moment, "111/08/02 14:05", MOMENT),
        (cells.moment, written("2022-08-02 14:05:00.000003"), MOMENT),
        (cells.yes_no, "是", True),
        (cells.yes_no, " 否 ", False),
        (cells.choice(UnitKind), "局處", UnitKind.BUREAU),
        (cells.choices(ProblemType), "經濟困難", {ProblemType.POVERTY}),
        (
            cells.choices(ProblemType),
            "其他，照顧者死亡、出走、重病或服刑",
            {ProblemType.OTHER, ProblemType.CARER_GONE},
        ),
        (cells.choices(ProblemType), "、".join(each.label for each in ProblemType), set(ProblemType)),
        (cells.names, "王小明、王大明, 林美,", ("王小明", "王大明", "林美")),
        (cells.names, "", ()),
        (cells.national_id, "ａ123456789", "A123456789"),
        (cells.account_code, "ab1234", "AB1234"),
        (cells.email, " a.b@school.example ", "a.b@school.example"),
        (cells.permissions, "90097、2462", frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})),
        (cells.permissions, "９００９７", frozenset({Permission.CASEWORKER})),
        (cells.permissions, " ", frozenset()),
        (cells.optional(cells.day), "\u3000", None),
        (cells.optional_text(5), "", ""),
    ],
)
def test_cell_is_read(read: Callable[[Cell], object], cell: Cell, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "says"),
    [
        (cells.text(10), "", "必填"),
        (cells.text(10), " \u200b", "必填"),
        (cells.text(3), "王小明明", "最多 3 個字"),
        (cells.text(10), "王\x07明", "控制字元"),
        (cells.text(10), written("2022-07-28"), "日期"),
        (cells.text(10), Unreadable("這一格是公式"), "公式"),
        (cells.optional(cells.text(10)), Unreadable("這一格是公式"), "公式"),
        (cells.code(3), "ABCD", "最多 3 個字"),
        *((cells.number, each, "「/」前後") for each in ("/A1", "A1/", "A//1", "A/../1", ".")),
        (cells.day, "", "必填"),
        (cells.day, "114/2/29", "2 月"),
        (cells.day, "下週三", "看不懂"),
        (cells.day, written("2022-07-28 14:05"), "不要時間"),
        (cells.day, written("1899-12-31"), "年份"),
        (cells.day, time(14, 5), "不是時間"),
        (cells.moment, "111/08/02", "時間"),
        (cells.moment, time(14, 5), "日期與時間"),
        (cells.yes_no, "Y", "「是」或「否」"),
        (cells.choice(UnitKind), "分校", "局處"),
        (cells.choices(ProblemType), "經濟困難、照顧者", "「照顧者」"),
        (cells.choices(ProblemType), "經濟困難的", "「經濟困難的」"),
        (cells.national_id, "A123456788", "身分證"),
        (cells.account_code, "A12345", "AB1234"),
        (cells.email, "a@b", "電子郵件"),
        (cells.permissions, "90097、90000", "90000"),
        (cells.names, "、".join(["王"] * 51), "最多 50 個"),
        (cells.names, "王" * 61, "最多 60 個字"),
    ],
)
def test_cell_is_refused_with_a_sentence(read: Callable[[Cell], object], cell: Cell, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(cell)
