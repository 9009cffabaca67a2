"""Two hands on PostgreSQL, one on SQLite; what one of them meets is heard, and holds up nothing of the other's."""

from __future__ import annotations

from itertools import count
from threading import Barrier, current_thread

import pytest

from core.clock import FixedClock
from core.context import Context, Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault
from scheduler.batches import Work, by_two_hands

SIZE = 7


@pytest.fixture
def core_postgres(postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> Core:
    return Core(postgres_store, vault, policy, clock)


def handing_out(batches: int, meeting: Barrier | None = None) -> Work:
    """Return the work of one hand: so many full batches; before the first it meets the other hand."""
    numbers = count(1)

    def work(_ctx: Context, limit: int) -> int:
        number = next(numbers)
        if meeting is not None and number == 1:
            meeting.wait()
        return limit if number <= batches else 0

    return work


def test_two_hands_work_beside_each_other_and_both_are_counted(core_postgres: Core, clock: FixedClock) -> None:
    meeting, hands = Barrier(2, timeout=30), count(1)  # one hand alone would wait here in vain
    done = by_two_hands(core_postgres, clock.now(), "tests", lambda: handing_out(next(hands), meeting), SIZE)
    assert done == (1 + 2) * SIZE


def test_one_hand_on_sqlite_which_has_one_writer(core_sqlite: Core, clock: FixedClock) -> None:
    begun: list[str] = []

    def begin() -> Work:
        begun.append(current_thread().name)
        return handing_out(3)

    assert by_two_hands(core_sqlite, clock.now(), "tests", begin, SIZE) == 3 * SIZE
    assert begun == [current_thread().name]


@pytest.mark.parametrize("failing", [0, 1])
def test_what_one_hand_meets_is_raised_once_the_other_is_done(
    core_postgres: Core, clock: FixedClock, failing: int
) -> None:
    meeting, hands, done = Barrier(2, timeout=30), count(), list[int]()

    def failing_work(_ctx: Context, _limit: int) -> int:
        meeting.wait()
        raise OSError("no room")

    def going_on() -> Work:
        work = handing_out(3, meeting)

        def counted(ctx: Context, limit: int) -> int:
            done.append(work(ctx, limit))
            return done[-1]

        return counted

    def begin() -> Work:
        return failing_work if next(hands) == failing else going_on()

    with pytest.raises(OSError, match="no room"):
        by_two_hands(core_postgres, clock.now(), "tests", begin, SIZE)
    assert done == [SIZE, SIZE, SIZE, 0]
