"""CLOSE-1 to CLOSE-6, CLOSE-8, CLOSE-11: may it be closed, what is missing, and from when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.clock import TICK, start_of_day
from core.closures.earliest import Assessment, Condition, assess
from core.closures.facts import Facts, HandOver, Leaving, NewReport, Statement
from core.closures.kinds import Destination, Ground, JulyReason, Leave, Need, Remaining
from core.records.kinds import EducationLight, Schooling, WindowPolicy
from core.records.rules import Contact, Window
from tests.core.closures.cases import DISPATCHED, GONE, ONE_DAY, SIX_MONTHS_ON, a_case, contacts, followed, worked

LEFT = Statement(
    ground=Ground.LEFT,
    remaining=Remaining.NONE,
    leaving=Leaving(Leave.TRANSFERRED, date(2019, 3, 20)),
    destination=Destination.CITY_SCHOOL,
)
GRADUATES = Statement(
    ground=Ground.GRADUATING,
    remaining=Remaining.NONE,
    graduates_on=date(2019, 6, 20),
    destination=Destination.CITY_SCHOOL,
)
JULY_END = date(2019, 7, 31)


def unmet(assessment: Assessment) -> list[Need]:
    return [each.need for each in assessment.unmet]


def of(assessment: Assessment, need: Need) -> Condition:
    return next(each for each in assessment.conditions if each.need is need)


def test_a_case_that_meets_everything_is_closed_at_once() -> None:
    answer = assess(a_case(SIX_MONTHS_ON), SIX_MONTHS_ON)
    assert answer.can_close
    assert (answer.earliest, answer.apply_by) == (SIX_MONTHS_ON, None)
    assert [(each.rule, each.need) for each in answer.conditions] == [
        ("CLOSE-2", Need.NO_RISK),
        ("CLOSE-2", Need.SIX_MONTHS),
        ("CLOSE-2", Need.STABLE),
        ("CLOSE-2", Need.WINDOWS),
        ("CLOSE-6", Need.NO_SIBLING_AT_RISK),
        ("CLOSE-8", Need.MONTH_RECORD),
    ]


def test_six_months_are_not_passed_the_day_before() -> None:
    day = SIX_MONTHS_ON - ONE_DAY
    answer = assess(a_case(day), day)
    assert unmet(answer) == [Need.SIX_MONTHS]
    assert answer.earliest == SIX_MONTHS_ON


def test_six_months_count_from_the_last_dispatch() -> None:
    facts = replace(a_case(SIX_MONTHS_ON), dispatches=(DISPATCHED, date(2019, 5, 31)))
    assert assess(facts, SIX_MONTHS_ON).earliest == date(2019, 11, 30)


def test_the_manuals_case_lacks_window_six_and_can_be_closed_once_it_is_filled() -> None:
    """S0's history as the manual has it: dispatched 107/12/19, every 30 days but one."""
    days = [date(2018, 12, 21), *(date(2019, *each) for each in ((1, 18), (2, 25), (3, 22), (4, 26), (5, 30), (6, 5)))]
    facts = Facts((DISPATCHED,), contacts([*days, date(2019, 7, 24)]), statement=GONE)
    answer = assess(facts, date(2019, 7, 24))
    assert unmet(answer) == [Need.WINDOWS]
    assert of(answer, Need.WINDOWS).windows == (Window(6, date(2019, 6, 17), date(2019, 7, 16)),)
    assert answer.earliest == date(2019, 7, 24)
    filled = replace(facts, contacts=(*facts.contacts, Contact(date(2019, 6, 20), Schooling.UNSTABLE, 9)))
    assert assess(filled, date(2019, 7, 24)).can_close


@pytest.mark.parametrize(
    ("schooling", "light"),
    [(Schooling.UNSTABLE, EducationLight.R), (Schooling.BECOMING_STABLE, EducationLight.Y)],
)
def test_schooling_must_be_stable(schooling: Schooling, light: EducationLight) -> None:
    answer = assess(a_case(SIX_MONTHS_ON, schooling=schooling), SIX_MONTHS_ON)
    assert unmet(answer) == [Need.STABLE]
    assert of(answer, Need.STABLE).light is light
    assert answer.earliest == SIX_MONTHS_ON


@pytest.mark.parametrize("remaining", [Remaining.RISK, Remaining.SCHOOLING_ONLY, None])
def test_while_risk_remains_no_work_closes_the_case(remaining: Remaining | None) -> None:
    answer = assess(a_case(SIX_MONTHS_ON, replace(GONE, remaining=remaining)), SIX_MONTHS_ON)
    assert unmet(answer) == [Need.NO_RISK]
    assert answer.earliest is None


def test_a_case_without_any_record_says_all_it_lacks() -> None:
    answer = assess(Facts((DISPATCHED,), statement=GONE), date(2019, 2, 17))
    assert unmet(answer) == [Need.SIX_MONTHS, Need.STABLE, Need.WINDOWS, Need.MONTH_RECORD]
    assert [window.index for window in of(answer, Need.WINDOWS).windows] == [0, 1]
    assert of(answer, Need.STABLE).light is None
    assert answer.earliest == SIX_MONTHS_ON


def test_without_a_ground_nothing_is_closed() -> None:
    answer = assess(a_case(SIX_MONTHS_ON, Statement(remaining=Remaining.NONE)), SIX_MONTHS_ON)
    assert [(each.rule, each.need) for each in answer.unmet] == [("CLOSE-1", Need.GROUND)]
    assert answer.earliest is None


@pytest.mark.parametrize(
    ("last", "closing_on", "is_met", "from_day"),
    [
        (date(2019, 7, 24), date(2019, 7, 24), True, date(2019, 7, 24)),
        (date(2019, 7, 24), date(2019, 7, 31), True, date(2019, 7, 31)),
        (date(2019, 7, 24), date(2019, 8, 1), False, date(2019, 8, 1)),
        (date(2019, 7, 24), date(2019, 7, 23), False, date(2019, 7, 24)),
        (date(2018, 7, 24), date(2019, 7, 24), False, date(2019, 7, 24)),
    ],
)
def test_a_case_is_closed_in_the_month_of_its_last_record_and_not_before_it(
    last: date, closing_on: date, *, is_met: bool, from_day: date
) -> None:
    facts = Facts((date(2018, 7, 1),), contacts([last]), statement=LEFT)
    condition = of(assess(facts, closing_on), Need.MONTH_RECORD)
    assert (condition.rule, condition.is_met, condition.met_from) == ("CLOSE-8", is_met, from_day)


def test_a_case_is_not_closed_before_it_was_dispatched_again() -> None:
    facts = replace(a_case(date(2019, 4, 2), LEFT), dispatches=(DISPATCHED, date(2019, 4, 10)))
    answer = assess(facts, date(2019, 4, 9))
    assert unmet(answer) == [Need.MONTH_RECORD]
    assert answer.earliest == date(2019, 4, 10)
    assert assess(facts, date(2019, 4, 10)).can_close


@pytest.mark.parametrize("how", [Leave.TRANSFERRED, Leave.GAVE_UP])
def test_who_left_is_closed_without_six_months_and_whatever_the_schooling(how: Leave) -> None:
    said = replace(LEFT, leaving=Leaving(how, date(2019, 3, 20)))
    answer = assess(a_case(date(2019, 3, 20), said, Schooling.UNSTABLE), date(2019, 3, 20))
    assert answer.can_close
    assert (answer.earliest, answer.apply_by) == (date(2019, 3, 20), date(2019, 3, 31))


def test_who_has_not_left_yet_is_closed_on_the_day_of_leaving() -> None:
    answer = assess(a_case(date(2019, 3, 19), LEFT), date(2019, 3, 19))
    assert [(each.rule, each.need) for each in answer.unmet] == [("CLOSE-3", Need.LEFT)]
    assert answer.earliest == date(2019, 3, 20)


@pytest.mark.parametrize("leaving", [None, Leaving(Leave.ON_LEAVE, date(2019, 3, 1))])
def test_being_on_leave_is_not_leaving(leaving: Leaving | None) -> None:
    answer = assess(a_case(date(2019, 3, 20), replace(LEFT, leaving=leaving)), date(2019, 3, 20))
    assert unmet(answer) == [Need.LEFT]
    assert (answer.earliest, answer.apply_by) == (None, None)


def test_late_for_the_month_is_not_barred() -> None:
    answer = assess(a_case(date(2019, 4, 2), LEFT), date(2019, 4, 2))
    assert answer.can_close
    assert answer.apply_by == date(2019, 3, 31)


def test_who_left_still_needs_the_records_made_up() -> None:
    facts = Facts((DISPATCHED,), contacts([date(2019, 3, 20)]), statement=LEFT)
    answer = assess(facts, date(2019, 3, 20))
    assert [(each.rule, each.need) for each in answer.unmet] == [("REC-1", Need.WINDOWS)]
    assert [window.index for window in of(answer, Need.WINDOWS).windows] == [0, 1, 2]
    assert answer.earliest == date(2019, 3, 20)


MIDNIGHT = start_of_day(date(2019, 3, 21))  # the day after who left is closed


@pytest.mark.parametrize(
    ("report", "is_met"),
    [
        (None, False),
        (NewReport(MIDNIGHT - TICK, "AH0000001"), True),
        (NewReport(MIDNIGHT, "AH0000001"), False),
        (NewReport(MIDNIGHT - TICK, " "), False),
    ],
)
def test_a_family_at_risk_is_reported_again_first(report: NewReport | None, *, is_met: bool) -> None:
    said = replace(LEFT, remaining=Remaining.RISK, new_report=report)
    answer = assess(a_case(date(2019, 3, 20), said), date(2019, 3, 20))
    assert of(answer, Need.NEW_REPORT) == Condition("CLOSE-5", Need.NEW_REPORT, is_met, date(2019, 3, 20))
    assert answer.can_close is is_met


@pytest.mark.parametrize(
    ("hand_over", "is_met"),
    [
        (None, False),
        (HandOver("社會局", MIDNIGHT - TICK), True),
        (HandOver("社會局", MIDNIGHT), False),
        (HandOver("無", MIDNIGHT - TICK), False),
    ],
)
def test_a_family_that_is_served_is_handed_over_by_phone(hand_over: HandOver | None, *, is_met: bool) -> None:
    said = replace(LEFT, remaining=Remaining.RISK, receiver_serves=True, hand_over=hand_over)
    answer = assess(a_case(date(2019, 3, 20), said), date(2019, 3, 20))
    assert of(answer, Need.HAND_OVER) == Condition("CLOSE-5", Need.HAND_OVER, is_met, date(2019, 3, 20))


@pytest.mark.parametrize(
    ("transferred_on", "is_met"), [(None, False), (date(2019, 3, 20), True), (date(2019, 3, 21), False)]
)
def test_who_only_needs_schooling_goes_by_the_ministrys_system(transferred_on: date | None, *, is_met: bool) -> None:
    said = replace(
        LEFT,
        remaining=Remaining.SCHOOLING_ONLY,
        destination=Destination.OTHER_COUNTY_SCHOOL,
        transferred_on=transferred_on,
    )
    answer = assess(a_case(date(2019, 3, 20), said), date(2019, 3, 20))
    assert of(answer, Need.SCHOOL_TRANSFER) == Condition("CLOSE-5", Need.SCHOOL_TRANSFER, is_met, date(2019, 3, 20))


@pytest.mark.parametrize("said", [GONE, LEFT, GRADUATES])
@pytest.mark.parametrize("remaining", [Remaining.RISK, Remaining.SCHOOLING_ONLY, None])
def test_with_a_sibling_here_and_risk_left_the_case_goes_on(said: Statement, remaining: Remaining | None) -> None:
    facts = replace(a_case(JULY_END, replace(said, remaining=remaining)), has_sibling_here=True)
    answer = assess(worked(facts, JULY_END), JULY_END)
    condition = of(answer, Need.NO_SIBLING_AT_RISK)
    assert (condition.rule, condition.is_met, condition.met_from) == ("CLOSE-6", False, None)
    assert answer.earliest is None


def test_a_sibling_without_risk_keeps_no_case_open() -> None:
    assert assess(replace(a_case(SIX_MONTHS_ON), has_sibling_here=True), SIX_MONTHS_ON).can_close


def test_a_graduate_who_needs_nothing_more_is_closed_at_once_even_before_graduation() -> None:
    answer = assess(a_case(SIX_MONTHS_ON, GRADUATES), SIX_MONTHS_ON)
    assert answer.can_close
    assert (answer.earliest, answer.apply_by) == (SIX_MONTHS_ON, None)


def test_a_graduate_of_unknown_date_is_not_closed() -> None:
    answer = assess(a_case(JULY_END, replace(GRADUATES, graduates_on=None)), JULY_END)
    assert [(each.rule, each.need) for each in answer.unmet] == [("CLOSE-4", Need.GRADUATION)]
    assert (answer.earliest, answer.apply_by) == (None, None)


@pytest.mark.parametrize(("today", "needs"), [(JULY_END - ONE_DAY, [Need.JULY]), (JULY_END, [])])
def test_a_graduate_followed_too_short_is_closed_from_the_end_of_july(today: date, needs: list[Need]) -> None:
    answer = assess(a_case(today, replace(GRADUATES, graduates_on=date(2019, 6, 18))), today)
    assert unmet(answer) == needs
    assert of(answer, Need.JULY).july_reasons == (JulyReason.TOO_SHORT,)
    assert (answer.earliest, answer.apply_by) == (JULY_END, JULY_END)


def test_the_manuals_graduate_is_closed_on_the_end_of_july() -> None:
    """S0: dispatched 107/11/06, closing date 108/07/31, with a unit that serves the family already."""
    said = replace(
        GRADUATES,
        remaining=Remaining.RISK,
        receiver_serves=True,
        hand_over=HandOver("社會局", start_of_day(date(2019, 7, 29))),
    )
    dispatched = date(2018, 11, 6)
    facts = Facts((dispatched,), followed(JULY_END, dispatched=dispatched), statement=said)
    assert assess(facts, JULY_END).can_close
    assert unmet(assess(facts, JULY_END - ONE_DAY)) == [Need.JULY, Need.MONTH_RECORD]


@pytest.mark.parametrize(
    ("last", "is_met"),
    [
        (date(2019, 6, 30), False),
        (date(2019, 7, 1), True),
        (date(2019, 7, 31), True),
        (date(2019, 8, 1), False),
    ],
)
def test_records_run_through_july(last: date, *, is_met: bool) -> None:
    facts = Facts((DISPATCHED,), contacts([last]), statement=replace(GRADUATES, remaining=Remaining.RISK))
    condition = of(assess(facts, date(2019, 8, 1)), Need.JULY_RECORD)
    assert (condition.rule, condition.is_met, condition.met_from) == ("CLOSE-4", is_met, date(2019, 8, 1))


@pytest.mark.parametrize(("dispatched", "is_met"), [(date(2019, 7, 31), False), (date(2019, 8, 1), True)])
def test_a_case_dispatched_after_july_has_no_july_to_show(dispatched: date, *, is_met: bool) -> None:
    facts = Facts((dispatched,), contacts([date(2019, 8, 5)]), statement=GRADUATES)
    assert of(assess(facts, date(2019, 8, 5)), Need.JULY_RECORD).is_met is is_met


def test_a_july_record_can_first_be_written_in_july() -> None:
    facts = a_case(date(2019, 6, 25), replace(GRADUATES, remaining=Remaining.RISK))
    assert of(assess(facts, date(2019, 6, 25)), Need.JULY_RECORD).met_from == date(2019, 7, 1)


@pytest.mark.parametrize(("reported_on", "is_met"), [(date(2019, 7, 30), False), (JULY_END, True)])
def test_a_graduates_new_report_before_the_end_of_july_takes_nobody_on(reported_on: date, *, is_met: bool) -> None:
    report = NewReport(start_of_day(reported_on), "AH0000001")
    answer = assess(a_case(JULY_END, replace(GRADUATES, remaining=Remaining.RISK, new_report=report)), JULY_END)
    assert of(answer, Need.NEW_REPORT).is_met is is_met
    assert answer.earliest == JULY_END


def test_a_new_report_is_first_made_at_the_end_of_july() -> None:
    answer = assess(a_case(date(2019, 7, 5), replace(GRADUATES, remaining=Remaining.RISK)), date(2019, 7, 5))
    assert of(answer, Need.NEW_REPORT).met_from == JULY_END


def test_a_hand_over_need_not_wait_for_the_end_of_july() -> None:
    said = replace(GRADUATES, remaining=Remaining.RISK, receiver_serves=True)
    answer = assess(a_case(date(2019, 7, 5), said), date(2019, 7, 5))
    assert of(answer, Need.HAND_OVER).met_from == date(2019, 7, 5)


def test_a_pupil_who_leaves_in_june_needs_not_wait_for_july_to_be_reported() -> None:
    report = NewReport(start_of_day(date(2019, 3, 20)), "AH0000001")
    said = replace(LEFT, remaining=Remaining.RISK, new_report=report, graduates_on=date(2019, 6, 20))
    assert assess(a_case(date(2019, 3, 20), said), date(2019, 3, 20)).can_close


@pytest.mark.parametrize(
    ("today", "earliest"),
    [(date(2019, 6, 20), date(2019, 6, 20)), (date(2019, 6, 21), JULY_END)],
)
def test_schooling_can_become_stable_until_graduation(today: date, earliest: date) -> None:
    facts = a_case(date(2019, 6, 18), GRADUATES, Schooling.BECOMING_STABLE)
    answer = assess(facts, today)
    assert of(answer, Need.JULY).july_reasons == (JulyReason.UNSTABLE,)
    assert answer.earliest == earliest


@pytest.mark.parametrize(
    ("last", "earliest"),
    [(date(2019, 5, 17), date(2019, 7, 20)), (date(2019, 5, 18), JULY_END)],
)
def test_a_gap_before_graduation_may_still_show_stable_schooling(last: date, earliest: date) -> None:
    """Window 5 is 05/18 to 06/16: without a record, what was done in it can be entered."""
    days = [window.first for window in a_case(last).windows.begun_by(last)][:5]
    late = Contact(date(2019, 6, 21), Schooling.STABLE, 99)
    facts = Facts((DISPATCHED,), (*contacts([*days, last], Schooling.UNSTABLE), late), statement=GRADUATES)
    answer = assess(facts, date(2019, 7, 20))
    assert answer.earliest == earliest
    assert assess(worked(facts, earliest), earliest).can_close


@pytest.mark.parametrize(
    ("graduates_on", "earliest"),
    [(date(2019, 7, 16), JULY_END), (date(2019, 7, 17), date(2019, 7, 20))],
)
def test_a_gap_that_begins_on_the_day_of_graduation_may_still_show_it(graduates_on: date, earliest: date) -> None:
    """Window 7 is 07/17 to 08/15."""
    said = replace(GRADUATES, graduates_on=graduates_on)
    facts = a_case(date(2019, 7, 16), said, Schooling.UNSTABLE)
    assert assess(facts, date(2019, 7, 20)).earliest == earliest


def test_by_the_other_policy_months_are_missing() -> None:
    facts = Facts((DISPATCHED,), contacts([SIX_MONTHS_ON]), statement=GONE, window_policy=WindowPolicy.CALENDAR_MONTH)
    missing = of(assess(facts, SIX_MONTHS_ON), Need.WINDOWS).windows
    assert [window.first.month for window in missing] == [12, 1, 2, 3, 4, 5]
