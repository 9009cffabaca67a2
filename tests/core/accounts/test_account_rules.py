"""ACC-1, ACC-2, ACC-4, ACC-6 and DUTY-4 as pure rules, at both edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.accounts import rules
from core.accounts.flaws import Flaw
from core.accounts.models import Permission, UnitKind
from core.accounts.rules import Lock, Standing

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("AB1234", True),
        ("ZZ0000", True),
        ("A11234", False),
        ("AB123", False),
        ("AB12345", False),
        ("ab1234", False),
        ("AB123٤", False),
        ("AB1234\n", False),
        ("", False),
    ],
)
def test_an_account_is_two_letters_and_four_digits(code: str, is_one: bool) -> None:
    assert rules.is_account_code(code) is is_one


@pytest.mark.parametrize(
    ("national_id", "is_right"),
    [
        ("A123456789", True),
        ("A123456788", False),
        ("A123456780", False),
        ("B123456780", True),
        ("A199900018", True),
        ("A800000014", True),
        ("A900000016", True),
        ("A300000009", False),
        ("A12345678", False),
        ("A1234567890", False),
        ("1123456789", False),
        ("", False),
    ],
)
def test_a_national_id_is_right_to_its_check_digit(national_id: str, is_right: bool) -> None:
    assert rules.is_national_id(national_id) is is_right


@pytest.mark.parametrize("place", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_each_letter_allows_exactly_one_check_digit(place: str) -> None:
    assert sum(rules.is_national_id(f"{place}19990001{last}") for last in range(10)) == 1


@pytest.mark.parametrize(
    ("place", "counts_as"), [("A", 10), ("H", 17), ("I", 34), ("O", 35), ("W", 32), ("X", 30), ("Y", 31), ("Z", 33)]
)
def test_each_letter_counts_as_the_registry_says(place: str, counts_as: int) -> None:
    body = "19990001"
    tens, ones = divmod(counts_as, 10)
    total = tens + ones * 9 + sum(int(digit) * weight for digit, weight in zip(body, range(8, 0, -1), strict=True))
    assert rules.is_national_id(f"{place}{body}{-total % 10}")


def test_an_account_ends_in_the_last_four_digits_of_the_national_id() -> None:
    assert rules.flaw_of_identity("AB6789", "A123456789") is None
    assert rules.flaw_of_identity("AB6788", "A123456789") is Flaw.CODE_DIGITS
    assert rules.flaw_of_identity("AB6790", "A123456789") is Flaw.CODE_DIGITS
    assert rules.flaw_of_identity("AB5789", "A123456789") is Flaw.CODE_DIGITS
    assert rules.flaw_of_identity("A6789", "A123456789") is Flaw.CODE_FORM
    assert rules.flaw_of_identity("AB6788", "A123456788") is Flaw.NATIONAL_ID


def test_the_last_day_may_not_be_before_the_first() -> None:
    assert rules.flaw_of_term(FIRST, FIRST) is None
    assert rules.flaw_of_term(FIRST, LAST) is None
    assert rules.flaw_of_term(FIRST, FIRST - DAY) is Flaw.DATES


@pytest.mark.parametrize("permission", Permission)
def test_a_school_may_hold_90097_and_2462_only(permission: Permission) -> None:
    is_allowed = permission in (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    assert (rules.flaw_of_permissions(UnitKind.SCHOOL, {permission}) is None) is is_allowed
    assert rules.flaw_of_permissions(UnitKind.BUREAU, {permission}) is None


def test_one_permission_too_many_spoils_a_schools_application() -> None:
    assert rules.flaw_of_permissions(UnitKind.SCHOOL, {Permission.CASEWORKER, Permission.MEAL_CHECKS}) is None
    asked = {Permission.CASEWORKER, Permission.SUPERVISOR}
    assert rules.flaw_of_permissions(UnitKind.SCHOOL, asked) is Flaw.SCHOOL_PERMISSION


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (FIRST - DAY, Standing.NOT_BEGUN),
        (FIRST, Standing.ACTIVE),
        (LAST, Standing.ACTIVE),
        (LAST + DAY, Standing.ENDED),
    ],
)
def test_an_account_may_be_used_from_its_first_to_its_last_day(day: date, expected: Standing) -> None:
    assert rules.standing(FIRST, LAST, disabled=False, today=day) is expected
    assert rules.standing(FIRST, LAST, disabled=True, today=day) is Standing.DISABLED


def test_the_third_wrong_password_in_a_row_locks_for_thirty_minutes() -> None:
    second = rules.after_wrong_password(rules.after_wrong_password(Lock(), NOW), NOW)
    assert second == Lock(2)
    assert rules.after_wrong_password(second, NOW) == Lock(3, NOW + timedelta(minutes=30))
    assert rules.after_wrong_password(Lock(3), NOW) == Lock(4, NOW + timedelta(minutes=30))


def test_a_lock_is_open_again_at_its_last_moment_and_counts_anew() -> None:
    lock = Lock(3, NOW)
    assert lock.is_closed(NOW - TICK)
    assert not lock.is_closed(NOW)
    assert not lock.is_closed(NOW + TICK)
    assert rules.after_wrong_password(lock, NOW) == Lock(1)


def test_an_account_without_wrong_passwords_is_open() -> None:
    assert Lock() == Lock(wrong=0, until=None)
    assert not Lock().is_closed(NOW)


@pytest.mark.parametrize(
    ("left", "minutes"), [(timedelta(minutes=30), 30), (timedelta(minutes=29) + TICK, 30), (TICK, 1)]
)
def test_begun_minutes_count_whole(left: timedelta, minutes: int) -> None:
    assert rules.minutes_left(NOW + left, NOW) == minutes


@pytest.mark.parametrize(
    ("length", "flaw"), [(11, Flaw.PASSWORD_SHORT), (12, None), (128, None), (129, Flaw.PASSWORD_LONG)]
)
def test_a_password_has_12_to_128_characters(length: int, flaw: Flaw | None) -> None:
    assert rules.flaw_of_password("密" * length) is flaw


@pytest.mark.parametrize(
    ("address", "is_plain"),
    [
        ("ak1551@ntpc.gov.tw", True),
        ("a.b+c@mail.example.com", True),
        ("a@localhost", False),
        ("a@b@example.com", False),
        ("@example.com", False),
        ("a@example.com\r\nBcc: b@example.com", False),
        ("a@ехample.com", False),  # a Cyrillic е and х
        (".a@example.com", False),
        ("a..b@example.com", False),
        ("a b@example.com", False),
        ("a@-example.com", False),
        ("a" * 65 + "@ntpc.gov.tw", False),
        ("a@" + "b" * 240 + ".example.com", True),
        ("a@" + "b" * 241 + ".example.com", False),
        ("a" * 64 + "@ntpc.gov.tw", True),
    ],
)
def test_a25_an_address_is_plain_ascii_without_line_breaks(address: str, is_plain: bool) -> None:
    assert rules.is_email(address) is is_plain


def test_whoever_stands_nearest_above_is_told() -> None:
    people = [(1, 10), (2, 20), (3, 20), (4, 99)]
    assert rules.nearest(people, (30, 20, 10)) == (2, 3)
    assert rules.nearest(people, (10,)) == (1,)
    assert rules.nearest(people, (30,)) == (1, 2, 3, 4)
    assert rules.nearest([], (30,)) == ()
