"""A42: one parser for every form a date is typed in; what can be read in two ways is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import parse_date, parse_moment, roc, roc_moment
from core.errors import InvalidInput

NOV_21 = date(2025, 11, 21)
any_day = st.dates(date(1912, 1, 1), date(2100, 12, 31))
any_moment = st.datetimes(datetime(1980, 1, 1), datetime(2100, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("114/11/21", NOV_21),
        ("114-11-21", NOV_21),
        ("114.11.21", NOV_21),
        ("114 11 21", NOV_21),
        ("1141121", NOV_21),
        ("民國114年11月21日", NOV_21),
        ("中華民國114年11月21日", NOV_21),
        ("114年11月21日", NOV_21),
        ("114年11月21號", NOV_21),
        ("114年11月21", NOV_21),
        ("民國114/11/21", NOV_21),
        ("民國1141121", NOV_21),
        ("１１４／１１／２１", NOV_21),
        ("１１４年１１月２１日", NOV_21),
        ("１１４－１１－２１", NOV_21),
        ("１１４．１１．２１", NOV_21),
        ("１１４１１２１", NOV_21),
        ("2025/11/21", NOV_21),
        ("2025-11-21", NOV_21),
        ("2025.11.21", NOV_21),
        ("2025年11月21日", NOV_21),
        ("西元2025年11月21日", NOV_21),
        ("公元2025/11/21", NOV_21),
        ("20251121", NOV_21),
        ("２０２５１１２１", NOV_21),
        (" 114/11/21\n", NOV_21),
        ("民國 114 年 11 月 21 日", NOV_21),
        ("114 / 11 / 21", NOV_21),
        ("114\u3000年11月21日", NOV_21),
        ("\ufeff114/1\u200b1/21\u200e", NOV_21),
        ("114–11–21", NOV_21),  # an en dash, as phones type it
        ("114年11月21日（五）", NOV_21),
        ("114/11/21(星期五)", NOV_21),
        ("114年11月23日（星期天）", date(2025, 11, 23)),
        ("99/1/1", date(2010, 1, 1)),
        ("99/01/01", date(2010, 1, 1)),
        ("099/01/01", date(2010, 1, 1)),
        ("990101", date(2010, 1, 1)),
        ("991231", date(2010, 12, 31)),
        ("0991231", date(2010, 12, 31)),
        ("100/1/1", date(2011, 1, 1)),
        ("1000101", date(2011, 1, 1)),
        ("113/2/29", date(2024, 2, 29)),
        ("1130229", date(2024, 2, 29)),
        ("2000/2/29", date(2000, 2, 29)),
        ("2100/2/28", date(2100, 2, 28)),
        ("32/1/5", date(1943, 1, 5)),
        ("320105", date(1943, 1, 5)),
        ("031/1/5", date(1942, 1, 5)),
        ("民國31/1/5", date(1942, 1, 5)),
        ("31年1月5日", date(1942, 1, 5)),
        ("民國310105", date(1942, 1, 5)),
        ("001/01/01", date(1912, 1, 1)),
        ("民國1年1月1日", date(1912, 1, 1)),
        ("1912/1/1", date(1912, 1, 1)),
        ("189/12/31", date(2100, 12, 31)),
        ("2100-12-31", date(2100, 12, 31)),
    ],
)
def test_a42_a_date_is_read_in_every_form(typed: str, meant: date) -> None:
    assert parse_date(typed) == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("114/2/29", "民國 114 年 2 月只有 1 到 28 日，沒有 29 日"),
        ("1140229", "民國 114 年 2 月只有 1 到 28 日，沒有 29 日"),
        ("2025-02-29", "西元 2025 年 2 月只有 1 到 28 日，沒有 29 日"),
        ("2100/2/29", "西元 2100 年 2 月只有 1 到 28 日"),
        ("114/4/31", "只有 1 到 30 日，沒有 31 日"),
        ("114/1/0", "沒有 0 日"),
        ("114/1/32", "沒有 32 日"),
        ("114/0/1", "沒有 0 月"),
        ("114/13/1", "沒有 13 月，月份應為 1 到 12"),
        ("11/12/13", "年份不明確"),
        ("1/2/3", "年份不明確"),
        ("31/1/5", "年份不明確"),
        ("00/1/5", "年份不明確"),
        ("310105", "年份不明確"),
        ("111212", "年份不明確"),
        ("114112", "年份不明確"),
        ("202511", "年份不明確"),
        ("000/1/1", "年份超出範圍"),
        ("民國0年1月1日", "年份超出範圍"),
        ("1911/12/31", "年份超出範圍"),
        ("0114/11/21", "年份超出範圍"),
        ("西元114年11月21日", "年份超出範圍"),
        ("民國2025年11月21日", "年份超出範圍"),
        ("190/1/1", "年份超出範圍"),
        ("2101/1/1", "年份超出範圍"),
        ("2025112", "年份超出範圍|沒有 51 月"),
        ("2021112", "年份超出範圍"),
        ("0031/1/5", "年份超出範圍：可輸入民國 1 年到 189 年，即西元 1912 年到 2100 年。"),
        ("114年11月21日（六）", "114/11/21 是星期五，不是星期六"),
        ("114年11月21日（一）", "114/11/21 是星期五，不是星期一"),
        ("", "看不懂"),
        ("   ", "看不懂"),
        ("昨天", "看不懂"),
        ("11/21", "看不懂"),
        ("11月21日", "看不懂"),
        ("114/11", "看不懂"),
        ("21/11/2025", "看不懂"),
        ("11/21/2025", "看不懂"),
        ("114/11-21", "看不懂"),
        ("114年11/21", "看不懂"),
        ("114//11/21", "看不懂"),
        ("114/11/21/", "看不懂"),
        ("-114/11/21", "看不懂"),
        ("11 4/11/21", "看不懂"),
        ("1141 121", "看不懂"),
        ("11411", "看不懂"),
        ("11411211", "年份超出範圍"),
        ("202511211", "看不懂"),
        ("民國前1年1月1日", "看不懂"),
        ("一一四年十一月二十一日", "看不懂"),
        ("١١٤/١١/٢١", "看不懂"),
        ("११४/११/२१", "看不懂"),
        ("𝟏𝟏𝟒/11/21", "看不懂"),
        ("¹¹⁴/11/21", "看不懂"),
        ("①①④/11/21", "看不懂"),
        ("114/11/21 14:05", "看不懂"),
        ("114/11/21x", "看不懂"),
        ("1" * 100_000, "看不懂"),
        ("\ufdfa" * 60, "看不懂"),
        ("114/11/21\x00", "看不懂"),
    ],
)
def test_a42_what_is_no_date_or_more_than_one_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        parse_date(typed)


def test_sixty_signs_are_read_and_no_more() -> None:
    assert parse_date("114/11/21".rjust(60)) == NOV_21
    with pytest.raises(InvalidInput, match="看不懂"):
        parse_date("114/11/21".rjust(61))


@pytest.mark.parametrize("parse", [parse_date, parse_moment])
def test_the_refusal_names_the_field_and_what_is_accepted(parse: Callable[..., date]) -> None:
    with pytest.raises(InvalidInput, match="114/11/21") as refused:
        parse("下週", field="派案日期")
    assert refused.value.field == "派案日期"


@pytest.mark.parametrize("typed", ["114/2/29", "114/13/1", "11/12/13", "2101/1/1", "昨天", "114年11月21日（六）"])
def test_every_refusal_says_what_to_do(typed: str) -> None:
    with pytest.raises(InvalidInput, match="請"):
        parse_date(typed)


@given(any_day)
def test_what_we_write_we_read(day: date) -> None:
    assert parse_date(roc(day)) == parse_date(day.isoformat()) == day


@given(any_day)
def test_bare_digits_are_read_as_written(day: date) -> None:
    assert parse_date(roc(day).replace("/", "")) == parse_date(f"{day:%Y%m%d}") == day


@given(any_moment)
def test_moments_come_back_to_the_minute(instant: datetime) -> None:
    assert parse_moment(roc_moment(instant)) == instant.replace(second=0, microsecond=0)
    assert parse_moment(instant.isoformat()) == instant


@given(st.text("0123456789/-. 年月日民國西元０１９／（）一日上下午時:TZ+٣²\u200b", max_size=20))
def test_whatever_is_typed_is_a_date_in_range_or_refused(typed: str) -> None:
    for parse in (parse_date, parse_moment):
        with suppress(InvalidInput):
            assert 1911 <= parse(typed).year <= 2101


@given(st.text(max_size=80))
def test_no_text_at_all_breaks_the_reader(typed: str) -> None:
    for parse in (parse_date, parse_moment):
        with suppress(InvalidInput):
            parse(typed)


def test_every_day_of_fifteen_years_is_read_from_every_form() -> None:
    day = date(2020, 1, 1)
    while day.year < 2036:
        year = day.year - 1911
        forms = (
            f"{year}/{day.month}/{day.day}",
            f"{year}年{day.month}月{day.day}日",
            f"{year}{day:%m%d}",
            f"{day:%Y%m%d}",
            f"{day.year}/{day.month}/{day.day}",
        )
        assert {parse_date(each) for each in forms} == {day}
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("111/08/02 14:05", datetime(2022, 8, 2, 6, 5, tzinfo=UTC)),
        ("１１１／０８／０２　１４：０５", datetime(2022, 8, 2, 6, 5, tzinfo=UTC)),
        ("111/08/04 16:07:25", datetime(2022, 8, 4, 8, 7, 25, tzinfo=UTC)),
        ("1110802 14:05", datetime(2022, 8, 2, 6, 5, tzinfo=UTC)),
        ("111 8 2 14:05", datetime(2022, 8, 2, 6, 5, tzinfo=UTC)),
        ("111年8月2日14:05", datetime(2022, 8, 2, 6, 5, tzinfo=UTC)),
        ("民國 111 年 8 月 2 日 14 時 5 分", datetime(2022, 8, 2, 6, 5, tzinfo=UTC)),
        ("107年 5月 15日(星期二)上午 10時", datetime(2018, 5, 15, 2, 0, tzinfo=UTC)),
        ("108 年 6 月 5 日(星期三) 下午 5 時", datetime(2019, 6, 5, 9, 0, tzinfo=UTC)),
        ("111/08/02 下午12:40", datetime(2022, 8, 2, 4, 40, tzinfo=UTC)),
        ("111/08/02 下午1:05", datetime(2022, 8, 2, 5, 5, tzinfo=UTC)),
        ("111/08/02下午3點", datetime(2022, 8, 2, 7, 0, tzinfo=UTC)),
        ("111/08/02 上午0:00", datetime(2022, 8, 1, 16, 0, tzinfo=UTC)),
        ("111/08/02 00:00", datetime(2022, 8, 1, 16, 0, tzinfo=UTC)),
        ("111/08/02 07:59", datetime(2022, 8, 1, 23, 59, tzinfo=UTC)),
        ("111/08/02 08:00", datetime(2022, 8, 2, 0, 0, tzinfo=UTC)),
        ("111/08/02 23:59:59.999999", datetime(2022, 8, 2, 15, 59, 59, 999999, tzinfo=UTC)),
        ("2026-11-21T08:30", datetime(2026, 11, 21, 0, 30, tzinfo=UTC)),
        ("2026-11-21t08:30", datetime(2026, 11, 21, 0, 30, tzinfo=UTC)),
        ("2026-11-21T08:30+08:00", datetime(2026, 11, 21, 0, 30, tzinfo=UTC)),
        ("2026-11-21T08:30Z", datetime(2026, 11, 21, 8, 30, tzinfo=UTC)),
        ("2026-11-21 08:30:15.5-0500", datetime(2026, 11, 21, 13, 30, 15, 500000, tzinfo=UTC)),
        ("1912-01-01 00:00", datetime(1911, 12, 31, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_taipei_time_unless_it_says_otherwise(typed: str, meant: datetime) -> None:
    assert parse_moment(typed) == meant
    assert parse_moment(typed).tzinfo is UTC


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("111/08/02", "看不懂這個日期時間"),
        ("14:05", "看不懂這個日期時間"),
        ("111/08/0214:05", "看不懂這個日期時間"),
        ("111/08/02 1405", "看不懂這個日期時間"),
        ("111/08/02 14:5", "看不懂這個日期時間"),
        ("111/08/02 24:00", "沒有這個時間"),
        ("111/08/02 23:60", "沒有這個時間"),
        ("111/08/02 23:59:60", "沒有這個時間"),
        ("111/08/02 上午12:00", "沒有這個時間"),
        ("111/08/02 上午13:00", "沒有這個時間"),
        ("111/08/02 下午0:30", "沒有這個時間"),
        ("111/08/02 下午13:00", "沒有這個時間"),
        ("111/08/02 14:05+24:00", "沒有這個時間"),
        ("111/08/02 14:05+08:60", "沒有這個時間"),
        ("111/02/29 14:05", "沒有 29 日"),
        ("11/12/13 14:05", "年份不明確"),
    ],
)
def test_what_is_no_moment_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        parse_moment(typed)


def test_dates_are_written_for_people() -> None:
    assert roc(date(2024, 7, 22)) == "113/07/22"
    assert (roc(date(2010, 1, 1)), roc(date(1912, 1, 1))) == ("099/01/01", "001/01/01")
    assert (roc(date.max), roc(date(1911, 12, 31))) == ("8088/12/31", "1911-12-31")


def test_a_moment_is_written_as_the_wall_clock_in_taipei_shows_it() -> None:
    assert roc_moment(datetime(2024, 7, 22, 2, 15, tzinfo=UTC)) == "113/07/22 10:15"
    assert roc_moment(datetime(2023, 12, 31, 16, 0, tzinfo=UTC)) == "113/01/01 00:00"
    assert roc_moment(datetime(2023, 12, 31, 15, 59, tzinfo=UTC)) == "112/12/31 23:59"
    with pytest.raises(ValueError, match="naive"):
        roc_moment(datetime(2024, 7, 22, 2, 15))  # noqa: DTZ001 (the point)
