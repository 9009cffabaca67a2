"""CLOSE-6 to CLOSE-8: what the closure form needs, told all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import start_of_day
from core.closures.facts import Facts, NewReport, Statement
from core.closures.form import ClosureForm, Summary, broken_rules
from core.closures.kinds import ClosingReason, Destination, Ground, Remaining
from core.closures.refusals import ClosureRefusal as Refused
from core.errors import Broken
from core.records.kinds import Schooling
from tests.core.closures.cases import DISPATCHED, GONE, ONE_DAY, SIX_MONTHS_ON, a_case, contacts

TODAY = SIX_MONTHS_ON
FACTS = a_case(TODAY)
WRITTEN = Summary(
    schooling="每日到校",
    care="三餐與就醫均由外祖母照顧",
    services="早餐券與課後照顧",
    goals="風險已解除",
)
RIGHT = ClosureForm(TODAY, frozenset({ClosingReason.NEEDS_MET}), summary=WRITTEN)


def with_summary(**parts: str) -> ClosureForm:
    return replace(RIGHT, summary=replace(WRITTEN, **parts))


def saying(**said: object) -> Facts:
    return replace(FACTS, statement=replace(GONE, **said))  # type: ignore[arg-type]


def test_a_right_form_breaks_nothing() -> None:
    assert broken_rules(RIGHT, FACTS, TODAY) == ()


@pytest.mark.parametrize(
    ("closing_on", "broken"),
    [
        (None, (Refused.NO_CLOSING_DATE.broken(),)),
        (TODAY, ()),
        (TODAY + ONE_DAY, (Refused.CLOSING_IN_FUTURE.broken(closing_on="108/06/20", today="108/06/19"),)),
    ],
)
def test_the_closing_date_is_given_and_not_to_come(closing_on: date | None, broken: tuple[Broken, ...]) -> None:
    assert broken_rules(replace(RIGHT, closing_on=closing_on), FACTS, TODAY) == broken


def test_conditions_hold_on_the_closing_date_not_on_the_day_of_sending() -> None:
    broken = broken_rules(replace(RIGHT, closing_on=TODAY - ONE_DAY), FACTS, TODAY)
    assert broken == (
        Refused.SIX_MONTHS.broken(met_from="108/06/19"),
        Refused.MONTH_RECORD.broken(last="108/06/19"),
    )
    assert broken_rules(RIGHT, FACTS, date(2019, 8, 2)) == ()


@pytest.mark.parametrize("reason", ClosingReason)
def test_one_reason_is_enough(reason: ClosingReason) -> None:
    assert broken_rules(replace(RIGHT, reasons=frozenset({reason})), FACTS, TODAY) == ()


def test_without_a_reason_nothing_is_sent() -> None:
    assert broken_rules(replace(RIGHT, reasons=frozenset()), FACTS, TODAY) == (Refused.NO_REASON.broken(),)


@pytest.mark.parametrize("blank", ["", " \n", "無", "。"])
@pytest.mark.parametrize(
    ("part", "refusal"),
    [
        ("schooling", Refused.NO_SCHOOLING),
        ("care", Refused.NO_CARE),
        ("services", Refused.NO_SERVICES),
        ("goals", Refused.NO_GOALS),
    ],
)
def test_every_part_of_the_summary_says_something(part: str, refusal: Refused, blank: str) -> None:
    assert broken_rules(with_summary(**{part: blank}), FACTS, TODAY) == (refusal.broken(),)


NAMED = {Destination.CITY_SCHOOL, Destination.OTHER_COUNTY_SCHOOL, Destination.COLLEGE, Destination.OTHER}


@pytest.mark.parametrize("destination", Destination)
def test_where_the_pupil_goes_has_a_name_if_it_is_a_school(destination: Destination) -> None:
    facts = saying(destination=destination)
    assert broken_rules(RIGHT, facts, TODAY) == ((Refused.NO_PLACE.broken(),) if destination in NAMED else ())
    assert broken_rules(with_summary(place="市立大安高中"), facts, TODAY) == ()


def test_where_the_pupil_goes_is_said() -> None:
    assert broken_rules(RIGHT, saying(destination=None), TODAY) == (Refused.NO_DESTINATION.broken(),)


def test_a_sibling_here_is_told_of() -> None:
    facts = replace(FACTS, has_sibling_here=True)
    assert broken_rules(RIGHT, facts, TODAY) == (Refused.NO_SIBLINGS.broken(),)
    assert broken_rules(with_summary(siblings="弟就讀三年級，出席穩定，照顧良好"), facts, TODAY) == ()


@pytest.mark.parametrize(("length", "is_long"), [(1000, False), (1001, True)])
def test_the_summary_has_at_most_a_thousand_characters_over_all_parts(length: int, *, is_long: bool) -> None:
    form = with_summary(services="好" * (length - WRITTEN.length + len(WRITTEN.services)))
    assert form.summary.length == length
    assert broken_rules(form, FACTS, TODAY) == ((Refused.LONG_SUMMARY.broken(length="1001"),) if is_long else ())


@pytest.mark.parametrize("part", ["schooling", "care", "place", "siblings", "services", "goals", "leftover"])
def test_every_part_counts(part: str) -> None:
    form = with_summary(**{part: "好" * 1001})
    refused = Refused.LONG_SUMMARY.broken(length=str(form.summary.length))
    assert broken_rules(form, FACTS, TODAY) == (refused,)


def test_an_empty_form_breaks_everything_at_once() -> None:
    facts = Facts((DISPATCHED,), has_sibling_here=True)
    assert broken_rules(ClosureForm(), facts, TODAY) == tuple(
        each.broken(last="無")
        for each in (
            Refused.NO_CLOSING_DATE,
            Refused.GROUND,
            Refused.NO_SIBLING_AT_RISK,
            Refused.MONTH_RECORD,
            Refused.NO_REASON,
            Refused.NO_REMAINING,
            Refused.NO_SCHOOLING,
            Refused.NO_CARE,
            Refused.NO_DESTINATION,
            Refused.NO_SIBLINGS,
            Refused.NO_SERVICES,
            Refused.NO_GOALS,
        )
    )


def test_what_is_left_of_the_risk_is_said() -> None:
    report = NewReport(start_of_day(date(2019, 7, 31)), "AH0000001")
    said = Statement(
        ground=Ground.GRADUATING,
        remaining=Remaining.RISK,
        graduates_on=date(2019, 6, 20),
        destination=Destination.WORKS,
        new_report=report,
    )
    facts, form = a_case(date(2019, 7, 31), said), replace(RIGHT, closing_on=date(2019, 7, 31))
    assert broken_rules(form, facts, date(2019, 7, 31)) == (Refused.NO_LEFTOVER.broken(),)
    told = replace(form, summary=replace(WRITTEN, leftover="家中經濟仍不穩定"))
    assert broken_rules(told, facts, date(2019, 7, 31)) == ()


def test_what_is_missing_stands_in_the_sentence() -> None:
    facts = Facts((DISPATCHED,), contacts([TODAY], Schooling.BECOMING_STABLE), statement=GONE)
    stable, windows = broken_rules(RIGHT, facts, TODAY)
    assert stable.what == "最近一筆工作紀錄的就學情形不是「穩定」（就學情形正趨穩定）。"
    assert windows.what.startswith("工作紀錄缺 107/12/19–108/01/17、108/01/18–108/02/16、")
    assert (stable.rule, windows.rule) == ("CLOSE-2", "CLOSE-2")


def test_july_says_why_and_until_when() -> None:
    said = replace(GONE, ground=Ground.GRADUATING, graduates_on=date(2019, 6, 1))
    facts = Facts((DISPATCHED,), contacts([TODAY], Schooling.UNSTABLE), statement=said)
    july, record, windows = broken_rules(RIGHT, facts, TODAY)
    assert july.what == "應追蹤至畢業當年 7/31（畢業前追蹤未滿六個月、畢業前就學情形未達穩定）。"
    assert july.remedy.startswith("請於 108/07/31 以後結案")
    assert (record.rule, windows.rule) == ("CLOSE-4", "REC-1")


def test_a_case_without_a_record_says_so() -> None:
    broken = broken_rules(RIGHT, Facts((DISPATCHED,), statement=GONE), TODAY)
    assert Refused.STABLE.broken(light="尚無工作紀錄") in broken
    assert Refused.MONTH_RECORD.broken(last="無") in broken


@given(
    st.builds(
        ClosureForm,
        closing_on=st.none() | st.dates(date(2018, 12, 1), date(2019, 12, 31)),
        reasons=st.frozensets(st.sampled_from(ClosingReason), max_size=2),
        summary=st.builds(Summary, *(st.text(max_size=3) for _ in range(7))),
    ),
    st.builds(
        Statement,
        ground=st.none() | st.sampled_from(Ground),
        remaining=st.none() | st.sampled_from(Remaining),
        graduates_on=st.none() | st.dates(date(2019, 5, 1), date(2019, 7, 1)),
        destination=st.none() | st.sampled_from(Destination),
    ),
    st.booleans(),
)
def test_every_refusal_names_a_rule_and_is_told_once(form: ClosureForm, said: Statement, sibling: bool) -> None:
    facts = replace(FACTS, statement=said, has_sibling_here=sibling)
    broken = broken_rules(form, facts, date(2019, 9, 1))
    assert len(set(broken)) == len(broken)
    assert {each.rule for each in broken} <= {f"CLOSE-{number}" for number in range(1, 9)} | {"REC-1"}
    assert all("{" not in str(each) for each in broken)
