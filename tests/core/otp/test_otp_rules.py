"""OTP-1 to OTP-6 as pure rules, at both edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.otp import rules
from core.otp.rules import Counted, MayNotSend, State, Stop, VoidReason, WrongSoFar
from core.policy import Policy

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
POLICY = Policy()


@pytest.mark.parametrize(
    "typed",
    [
        "01234567",
        "０１２３４５６７",
        "0123 4567",
        " 01234567\n",
        "0123\u200b4567",
        "\ufeff01234567",
        "０１２３\u3000４５６７",
        "0\u20661234567\u2069",
    ],
)
def test_a23_leading_zeros_full_width_spaces_and_format_characters_are_read(typed: str) -> None:
    assert rules.read_code(typed) == "01234567"


@pytest.mark.parametrize(
    "typed",
    ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "१२३४५६७८", "1234-5678", "一二三四五六七八", "1" * 100_000],
)
def test_a23_anything_else_is_no_code(typed: str) -> None:
    assert rules.read_code(typed) is None


@pytest.mark.parametrize(("length", "is_read"), [(63, True), (64, True), (65, False), (100, False)])
def test_what_is_longer_than_64_characters_is_not_read(length: int, is_read: bool) -> None:
    assert (rules.read_code("01234567".ljust(length)) is not None) is is_read


@pytest.mark.parametrize("within", ["\0", "\u0301", "\u20dd"])
def test_signs_that_are_no_format_characters_are_not_dropped(within: str) -> None:
    assert rules.read_code(f"0123{within}4567") is None


def test_a_new_account_has_no_wrong_tries() -> None:
    assert WrongSoFar() == WrongSoFar(in_a_row=0, wait_until=None, is_closed=False)


def test_a_code_is_good_for_fifteen_minutes() -> None:
    assert rules.expires_at(NOW, POLICY) == NOW + 15 * MINUTE


def test_otp_3_at_least_sixty_seconds_lie_between_sends() -> None:
    soon = MayNotSend(Stop.TOO_SOON, NOW + MINUTE)
    assert rules.may_not_send([NOW], WrongSoFar(), NOW + MINUTE - TICK, POLICY) == soon
    assert rules.may_not_send([NOW], WrongSoFar(), NOW + MINUTE, POLICY) is None
    assert rules.may_not_send([], WrongSoFar(), NOW, POLICY) is None


def test_otp_3_the_newest_send_decides_when_the_next_one_may_follow() -> None:
    sent = [NOW, NOW - 2 * MINUTE]
    assert rules.may_not_send(sent, WrongSoFar(), NOW, POLICY) == MayNotSend(Stop.TOO_SOON, NOW + MINUTE)


def test_otp_3_sends_before_the_hour_do_not_count() -> None:
    sent = [NOW - 10 * MINUTE * back for back in range(1, 9)]
    assert rules.may_not_send(sent, WrongSoFar(), NOW, POLICY) == MayNotSend(Stop.TOO_MANY, sent[4] + HOUR)


def test_otp_3_five_an_hour() -> None:
    sent = [NOW - 10 * MINUTE * back for back in range(1, 6)]
    free = sent[-1] + HOUR
    assert rules.may_not_send(sent[:4], WrongSoFar(), NOW, POLICY) is None
    assert rules.may_not_send(sent, WrongSoFar(), free - TICK, POLICY) == MayNotSend(Stop.TOO_MANY, free)
    assert rules.may_not_send(sent, WrongSoFar(), free, POLICY) is None


def test_otp_3_twenty_a_day() -> None:
    sent = [NOW - HOUR * back for back in range(1, 21)]
    free = sent[-1] + 24 * HOUR
    assert rules.may_not_send(sent[:19], WrongSoFar(), NOW, POLICY) is None
    assert rules.may_not_send(sent, WrongSoFar(), free - TICK, POLICY) == MayNotSend(Stop.TOO_MANY, free)
    assert rules.may_not_send(sent, WrongSoFar(), free, POLICY) is None


def test_otp_3_of_two_limits_the_later_one_counts() -> None:
    sent = [NOW - MINUTE * back for back in range(1, 21)]
    assert rules.may_not_send(sent, WrongSoFar(), NOW, POLICY) == MayNotSend(Stop.TOO_MANY, sent[-1] + 24 * HOUR)


def test_otp_3_who_has_used_up_the_hour_is_not_told_to_come_back_in_a_minute() -> None:
    sent = [NOW - 10 * MINUTE * back for back in range(5)]
    assert rules.may_not_send(sent, WrongSoFar(), NOW, POLICY) == MayNotSend(Stop.TOO_MANY, sent[-1] + HOUR)


def test_otp_6_a_wait_that_ends_before_the_hour_is_free_is_not_the_one_that_is_told() -> None:
    sent, waiting = [NOW - MINUTE * back for back in range(1, 6)], WrongSoFar(10, NOW + MINUTE)
    assert rules.may_not_send(sent, waiting, NOW, POLICY) == MayNotSend(Stop.TOO_MANY, sent[-1] + HOUR)
    assert rules.may_not_send(sent[:1], waiting, NOW, POLICY) == MayNotSend(Stop.WAIT, NOW + MINUTE)


def test_otp_6_nothing_is_sent_while_wrong_tries_make_it_wait() -> None:
    waiting = WrongSoFar(10, NOW)
    assert rules.may_not_send([], waiting, NOW - TICK, POLICY) == MayNotSend(Stop.WAIT, NOW)
    assert rules.may_not_send([], waiting, NOW, POLICY) is None
    assert rules.may_not_send([], waiting, NOW + TICK, POLICY) is None
    assert rules.may_not_send([], WrongSoFar(100, is_closed=True), NOW, POLICY) == MayNotSend(Stop.CLOSED)


@pytest.mark.parametrize(
    ("in_a_row", "minutes"),
    [
        (1, None),
        (9, None),
        (10, 15),
        (11, None),
        (19, None),
        (20, 30),
        (30, 60),
        (40, 120),
        (50, 240),
        (60, 480),
        (70, 960),
        (80, 1440),
        (90, 1440),
        (99, None),
    ],
)
def test_otp_6_each_ten_in_a_row_wait_twice_as_long_up_to_a_day(in_a_row: int, minutes: int | None) -> None:
    until = NOW + minutes * MINUTE if minutes else None
    assert rules.after_wrong(in_a_row, NOW, POLICY) == WrongSoFar(in_a_row, until)


@pytest.mark.parametrize(("in_a_row", "is_closed"), [(99, False), (100, True), (101, True)])
def test_otp_6_a_hundred_close(in_a_row: int, is_closed: bool) -> None:
    assert rules.after_wrong(in_a_row, NOW, POLICY).is_closed is is_closed


GOOD = State(tries=2, expires_at=NOW + TICK, is_used=False, is_replaced=False)


@pytest.mark.parametrize(
    ("state", "wrong", "reason"),
    [
        (GOOD, WrongSoFar(), None),
        (State(3, NOW + TICK, is_used=False, is_replaced=False), WrongSoFar(), VoidReason.TRIES),
        (State(4, NOW + TICK, is_used=False, is_replaced=False), WrongSoFar(), VoidReason.TRIES),
        (State(0, NOW, is_used=False, is_replaced=False), WrongSoFar(), VoidReason.EXPIRED),
        (State(0, NOW - TICK, is_used=False, is_replaced=False), WrongSoFar(), VoidReason.EXPIRED),
        (State(1, NOW, is_used=True, is_replaced=True), WrongSoFar(), VoidReason.USED),
        (State(3, NOW, is_used=False, is_replaced=True), WrongSoFar(), VoidReason.REPLACED),
        (GOOD, WrongSoFar(10, NOW + TICK), VoidReason.WAIT),
        (GOOD, WrongSoFar(10, NOW), None),
        (GOOD, WrongSoFar(10, NOW - TICK), None),
        (GOOD, WrongSoFar(100, None, is_closed=True), VoidReason.CLOSED),
    ],
)
def test_why_a_code_works_no_more(state: State, wrong: WrongSoFar, reason: VoidReason | None) -> None:
    assert rules.why_void(state, wrong, NOW) is reason


WAITING = WrongSoFar(10, NOW + MINUTE)
CLOSED = WrongSoFar(100, None, is_closed=True)


@pytest.mark.parametrize(
    ("so_far", "at", "stops"),
    [
        (WrongSoFar(9), NOW, False),
        (WAITING, NOW + MINUTE - TICK, True),
        (WAITING, NOW + MINUTE, False),
        (CLOSED, NOW + 999 * HOUR, True),
    ],
)
def test_otp_6_what_waits_or_is_closed_stops(so_far: WrongSoFar, at: datetime, stops: bool) -> None:
    assert so_far.stops(at) is stops


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WrongSoFar(), WrongSoFar(1)),
        (WrongSoFar(9), WrongSoFar(10, NOW + 15 * MINUTE)),
        (WrongSoFar(10, NOW), WrongSoFar(11, NOW)),
        (WAITING, WrongSoFar(11, NOW + MINUTE)),
        (WrongSoFar(99, NOW), WrongSoFar(100, None, is_closed=True)),
        (CLOSED, WrongSoFar(101, None, is_closed=True)),
        (WrongSoFar(5, None, is_closed=True), WrongSoFar(6, None, is_closed=True)),
    ],
)
def test_otp_6_a_wrong_try_counts_one_more(before: WrongSoFar, after: WrongSoFar) -> None:
    assert rules.after_try(before, NOW, POLICY, is_right=False) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [(WrongSoFar(9), WrongSoFar()), (WrongSoFar(10, NOW), WrongSoFar()), (WAITING, WAITING), (CLOSED, CLOSED)],
)
def test_a20_a_right_code_sets_to_zero_and_opens_nothing_that_strangers_closed(
    before: WrongSoFar, after: WrongSoFar
) -> None:
    assert rules.after_try(before, NOW, POLICY, is_right=True) == after


def test_a20_who_is_known_answers_for_their_own_tries_and_a_stranger_for_all() -> None:
    own = WrongSoFar(1)
    assert rules.standing(CLOSED, own, (), is_known=True) == own
    assert rules.standing(CLOSED, own, (), is_known=False) == CLOSED


def test_a19_either_answers_for_what_they_tried_elsewhere_and_the_longer_wait_counts() -> None:
    soon, late = NOW + MINUTE, NOW + HOUR
    asker = Counted(10, NOW, late)
    for is_known in (True, False):
        assert rules.standing(WrongSoFar(), WrongSoFar(), [asker], is_known=is_known) == WrongSoFar(0, late)
    assert rules.standing(WrongSoFar(10, soon), WrongSoFar(), [asker], is_known=False) == WrongSoFar(10, late)
    sooner = Counted(10, NOW, soon)
    assert rules.standing(WrongSoFar(20, late), WrongSoFar(), [sooner], is_known=False) == WrongSoFar(20, late)
    assert rules.standing(WAITING, WrongSoFar(), [Counted(9, NOW)], is_known=False) == WAITING
    for elsewhere in ((sooner, asker), (asker, sooner)):
        assert rules.standing(WrongSoFar(), WrongSoFar(), elsewhere, is_known=False) == WrongSoFar(0, late)


@pytest.mark.parametrize(
    ("wrong", "after", "now"),
    [
        (8, Counted(9, NOW), NOW + HOUR - TICK),
        (9, Counted(10, NOW, NOW + 2 * HOUR - TICK), NOW + HOUR - TICK),
        (10, Counted(11, NOW, NOW + HOUR), NOW),
        (9, Counted(1, NOW + HOUR), NOW + HOUR),
        (9, Counted(1, NOW + 2 * HOUR), NOW + 2 * HOUR),
    ],
)
def test_a19_the_tenth_of_one_asker_within_an_hour_waits_an_hour(wrong: int, after: Counted, now: datetime) -> None:
    assert rules.after_wrong_of_asker(Counted(wrong, NOW), now, POLICY) == after


def test_a19_a_wait_is_kept_when_a_new_span_begins() -> None:
    before = Counted(12, NOW - HOUR, NOW + MINUTE)
    assert rules.after_wrong_of_asker(before, NOW, POLICY) == Counted(1, NOW, NOW + MINUTE)


@pytest.mark.parametrize(("wrong", "waits"), [(98, False), (99, True)])
def test_a19_the_hundredth_from_one_network_within_an_hour_waits_an_hour(wrong: int, waits: bool) -> None:
    after = rules.after_wrong_of_source(Counted(wrong, NOW), NOW + HOUR - TICK, POLICY)
    assert after == Counted(wrong + 1, NOW, NOW + 2 * HOUR - TICK if waits else None)
    assert rules.after_wrong_of_source(Counted(wrong, NOW), NOW + HOUR, POLICY) == Counted(1, NOW + HOUR)


@pytest.mark.parametrize(("wrong", "is_alarm"), [(98, False), (99, True)])
def test_a19_the_hundredth_of_everybody_within_an_hour_is_an_alarm_for_an_hour(wrong: int, is_alarm: bool) -> None:
    after = rules.after_wrong_of_anyone(Counted(wrong, NOW), NOW, POLICY)
    assert after.weighs(NOW + HOUR - TICK) is is_alarm
    assert not after.weighs(NOW + HOUR)
    assert not after.weighs(NOW + 2 * HOUR)
    assert not Counted(0, NOW).weighs(NOW)


def test_a19_while_the_alarm_lasts_strangers_are_sent_two_an_hour_five_minutes_apart() -> None:
    slow = rules.slowed(POLICY)
    assert (slow.otp_resend_seconds, slow.otp_sends_an_hour, slow.otp_sends_a_day) == (300, 2, 20)
    strict = rules.slowed(Policy(otp_resend_seconds=600, otp_sends_an_hour=1))
    assert (strict.otp_resend_seconds, strict.otp_sends_an_hour) == (600, 1)
