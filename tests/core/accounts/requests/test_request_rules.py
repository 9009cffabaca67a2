"""When an extension may be asked for, what it gives, and which addresses are refused (ACC-4, ACC-6, ACC-7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.models import Permission, Role, UnitKind
from core.accounts.requests import rules
from core.accounts.requests.models import RequestKind
from core.accounts.requests.rules import TooEarly

ENDS = date(2026, 12, 31)
FIRST = date(2026, 11, 1)
PRESENT = "ak1551@ntpc.gov.tw"
NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("today", "early"),
    [
        (FIRST - timedelta(days=1), TooEarly(FIRST)),
        (FIRST, None),
        (ENDS, None),
        (ENDS + timedelta(days=1), None),
    ],
)
def test_acc_6_an_extension_is_asked_for_from_sixty_days_before(today: date, early: TooEarly | None) -> None:
    assert rules.too_early(ENDS, today, 60) == early


@pytest.mark.parametrize(
    ("ends_on", "approved_on", "becomes"),
    [
        (ENDS, date(2026, 11, 1), date(2027, 12, 31)),
        (ENDS, ENDS, date(2027, 12, 31)),
        (ENDS, date(2027, 1, 1), date(2028, 1, 1)),
        (date(2028, 2, 29), date(2028, 2, 1), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2027, 2, 1), date(2028, 2, 28)),
    ],
)
def test_acc_6_it_runs_a_year_from_the_old_end_or_from_the_approval(
    ends_on: date, approved_on: date, becomes: date
) -> None:
    assert rules.extended_to(ends_on, approved_on, 1) == becomes


def test_acc_6_it_runs_as_many_years_as_the_policy_says() -> None:
    assert rules.extended_to(ENDS, ENDS, 3) == date(2029, 12, 31)
    assert rules.extended_to(date(2028, 2, 29), ENDS, 4) == date(2032, 2, 29)
    assert rules.extended_to(date(2028, 2, 29), ENDS, 5) == date(2033, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 9))
def test_acc_6_an_extension_never_shortens(ends_on: date, approved_on: date, years: int) -> None:
    assert rules.extended_to(ends_on, approved_on, years) > max(ends_on, approved_on)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" new@ntpc.gov.tw\n", "new@ntpc.gov.tw"),
        ("ｎｅｗ＠ｎｔｐｃ．ｇｏｖ．ｔｗ", "new@ntpc.gov.tw"),
        ("a@b.tw\r\nBcc: c@d.tw", "a@b.tw\r\nBcc: c@d.tw"),
    ],
)
def test_acc_7_an_address_is_read_as_it_was_meant(typed: str, address: str) -> None:
    assert rules.read_address(typed) == address


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("new@ntpc.gov.tw", ""),
        ("ak1551@example.edu.tw", ""),
        ("a@b.tw\r\nBcc: c@d.tw", "不能使用的符號"),
        ("a@b.tw\nc", "不能使用的符號"),
        ("王小明", "xn--"),
        ("nobody", "不是完整的電子郵件地址"),
        ("a b@ntpc.gov.tw", "不能使用的符號"),
        ("a@ntpc.gov.tw,b@evil.tw", "不能使用的符號"),
        ("\u0430k1551@ntpc.gov.tw", "其他文字"),
        ("ak1551@\u0430tpc.gov.tw", "xn--tpc-5cd.gov.tw"),
        ("ak1551@\u200b.tw", "xn--"),
        ("ak1551@xn--tpc-5cd.gov.tw", "xn--tpc-5cd.gov.tw"),
        ("ak1551@XN--tpc-5cd.gov.tw", "xn--tpc-5cd.gov.tw"),
        (PRESENT, "目前登記的地址"),
        ("AK1551@NTPC.gov.tw", "目前登記的地址"),
        ("ak1551@ntpc.g0v.tw", "看起來很像"),
        ("ak1551@ntpc-gov.tw", "看起來很像"),
        ("ak1551@ntpc.gov.tvv", "看起來很像"),
    ],
)
def test_a25_line_breaks_other_scripts_and_look_alikes_are_refused(address: str, why: str) -> None:
    broken = rules.broken_by_address(address, PRESENT)
    assert (why in str(broken)) if why else broken is None


@pytest.mark.parametrize(
    ("host", "is_one"),
    [("mail.tw", False), ("rnail.tw", True), ("MAIL.tw", False), ("bail.tw", False), ("sail.tw", False)],
)
def test_a_host_that_differs_but_not_to_the_eye_is_a_look_alike(host: str, is_one: bool) -> None:
    assert rules.is_look_alike(host, "mail.tw") is is_one
    assert rules.is_look_alike("mail.tw", host) is is_one


def test_acc_4_a_school_may_ask_for_two_permissions() -> None:
    may = [each for each in Permission if rules.broken_by_permission(UnitKind.SCHOOL, (), each) is None]
    assert may == [Permission.CASEWORKER, Permission.MEAL_CHECKS]
    refused = rules.broken_by_permission(UnitKind.SCHOOL, (), Permission.ANALYSIS)
    assert "學校只能申請" in str(refused)


def test_acc_4_others_may_ask_for_all_but_the_intranets() -> None:
    may = [each for each in Permission if rules.broken_by_permission(UnitKind.WELFARE_CENTRE, (), each) is None]
    assert may == [each for each in Permission if each is not Permission.ANALYSIS]
    assert "內網" in str(rules.broken_by_permission(UnitKind.WELFARE_CENTRE, (), Permission.ANALYSIS))


def test_what_is_held_is_not_asked_for_and_what_is_not_held_is_not_removed() -> None:
    held = (Permission.CASEWORKER,)
    assert rules.broken_by_permission(UnitKind.SCHOOL, held, Permission.CASEWORKER) is not None
    assert rules.broken_by_removal(held, Permission.CASEWORKER) is None
    assert rules.broken_by_removal(held, Permission.MEAL_CHECKS) is not None


@pytest.mark.parametrize(
    ("reason", "why"),
    [("地址打錯了", ""), ("", "沒有寫理由"), (" 。", "沒有寫理由"), ("字" * 301, "300"), ("字" * 300, "")],
)
def test_a_refusal_has_a_reason_that_can_be_read(reason: str, why: str) -> None:
    broken = rules.broken_by_reason(reason)
    assert (why in str(broken)) if why else broken is None


@pytest.mark.parametrize(("left", "may"), [(TICK, True), (timedelta(), False), (-TICK, False)])
def test_acc_7_the_old_mailbox_can_stop_until_the_twenty_fourth_hour(left: timedelta, may: bool) -> None:
    assert rules.may_stop(NOW + left, None, NOW) is may


def test_acc_7_the_old_mailbox_has_twenty_four_hours() -> None:
    day = timedelta(hours=24)
    assert rules.may_stop(NOW + rules.STOP_FOR, None, NOW + day - TICK)
    assert not rules.may_stop(NOW + rules.STOP_FOR, None, NOW + day)


def test_what_is_stopped_or_never_was_to_be_is_not_stopped_again() -> None:
    assert not rules.may_stop(NOW + TICK, NOW, NOW)
    assert not rules.may_stop(None, None, NOW)


def test_every_kind_has_somebody_who_decides_it() -> None:
    assert set(rules.DECIDERS) == set(RequestKind)
    assert {role for roles in rules.DECIDERS.values() for role in roles} == {Role.HELPDESK, Role.ADMIN}
