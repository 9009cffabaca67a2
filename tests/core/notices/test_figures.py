"""What became of today's notices: numbers are their lists, and how late LINE was handed them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.access import Actor, system
from core.accounts.models import Role
from core.audit import Door
from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.dates import parse_moment
from core.errors import NotAllowed
from core.notices.figures import BOUNDS, Fate, ReasonCount, by_kind, fates, lateness, notices_of, reasons
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount, say
from tests.builders import a_bound_account

NOON = parse_moment("2026-03-04 12:00")
SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1000)


@pytest.fixture
def reader(core: Core) -> int:
    return a_bound_account(core, code="AB0001").account.id


def a_notice(core: Core, reader: int, state: NoticeState, **columns: object) -> None:
    """Store a notice that was settled now, or waits."""
    with core.transaction(system("tests"), Door.JOB) as ctx:
        key = f"key-{len(ctx.session.query(Notice).all())}"
        kind = columns.pop("kind", NoticeKind.DIGEST)
        say(ctx, to=ToAccount(reader), answer=said("您好"), kind=kind, key=key, urgency=Urgency.ROUTINE)  # type: ignore[arg-type]
        notice = ctx.session.query(Notice).filter_by(dedupe_key=key).one()
        notice.state = state
        is_settled = state not in (NoticeState.CREATED, NoticeState.CLAIMED, NoticeState.HELD)
        notice.settled_at = ctx.now if is_settled else None
        for name, value in columns.items():
            setattr(notice, name, value)


def test_every_state_has_one_fate_and_every_number_its_list(core: Core, clock: FixedClock, reader: int) -> None:
    clock.at = NOON
    for number, state in enumerate(NoticeState):
        for _ in range(number + 1):
            a_notice(core, reader, state, reason=f"why-{number}")
    with core.transaction(system("tests"), Door.DESK) as ctx:
        counts = fates(ctx)
        pages = {fate: notices_of(ctx, fate, None, 0, 50) for fate in Fate}
        named = {each: notices_of(ctx, each.fate, each.reason, 0, 50) for each in reasons(ctx)}
        assert sum(each.count for each in by_kind(ctx.session, ctx.now)) == sum(counts.values())
    assert sum(counts.values()) == sum(range(len(NoticeState) + 1))
    assert {fate: (page.total, len(page.rows)) for fate, page in pages.items()} == {
        fate: (count, count) for fate, count in counts.items()
    }
    assert {each: page.total for each, page in named.items()} == {each: each.count for each in named}
    assert sum(each.count for each in named) == sum(counts.values()) - counts[Fate.ACCEPTED]


def test_what_waits_says_why_once_it_was_tried(core: Core, reader: int) -> None:
    a_notice(core, reader, NoticeState.CREATED)
    a_notice(core, reader, NoticeState.CREATED, reason="unreached")
    with core.transaction(system("tests"), Door.DESK) as ctx:
        assert reasons(ctx) == (ReasonCount(Fate.WAITING, "unreached", 1),)


@pytest.mark.parametrize(
    ("settled", "count"), [("2026-03-03 23:59", 0), ("2026-03-04 00:00", 1), ("2026-03-04 11:59", 1)]
)
def test_today_begins_at_midnight_in_taipei(
    core: Core, clock: FixedClock, reader: int, settled: str, count: int
) -> None:
    clock.at = NOON
    a_notice(core, reader, NoticeState.REFUSED, settled_at=parse_moment(settled), reason="refused")
    with core.transaction(system("tests"), Door.DESK) as ctx:
        assert fates(ctx)[Fate.FAILED] == count
        assert reasons(ctx) == ((ReasonCount(Fate.FAILED, "refused", 1),) if count else ())


def test_what_waits_is_counted_whatever_its_day(core: Core, clock: FixedClock, reader: int) -> None:
    a_notice(core, reader, NoticeState.HELD)
    clock.at = NOON + timedelta(days=30)
    with core.transaction(system("tests"), Door.DESK) as ctx:
        assert fates(ctx)[Fate.WAITING] == 1
        (row,) = notices_of(ctx, Fate.WAITING, None, 0, 20).rows
    assert (row.account, row.kind, row.state, row.is_seen) == ("AB0001", NoticeKind.DIGEST, NoticeState.HELD, False)


@pytest.mark.parametrize(
    ("created", "settled", "within"),
    [
        ("2026-03-04 10:00", timedelta(seconds=10), True),
        ("2026-03-04 10:00", 10 * SECOND + TICK, False),
        ("2026-03-03 21:00", timedelta(hours=10, minutes=30, seconds=10), True),  # it slept until 07:30
        ("2026-03-03 21:00", timedelta(hours=10, minutes=30, seconds=11), False),
        ("2026-03-04 07:29", timedelta(minutes=1), True),
        ("2026-03-03 20:59", timedelta(hours=10, minutes=31), False),  # it was to go before the night
    ],
)
def test_in_time_is_within_ten_seconds_of_its_time(
    core: Core, clock: FixedClock, reader: int, created: str, settled: timedelta, *, within: bool
) -> None:
    clock.at = NOON
    at = parse_moment(created)
    a_notice(core, reader, NoticeState.ACCEPTED, created_at=at, settled_at=at + settled)
    with core.store.reading() as session:
        found = lateness(session, clock.now(), core.policy)
    assert (found.handed, found.share_in_time) == (1, 1.0 if within else 0.0)
    assert tuple(found.within) == BOUNDS


def test_what_always_goes_has_no_night(core: Core, clock: FixedClock, reader: int) -> None:
    clock.at = NOON
    at: datetime = parse_moment("2026-03-04 03:00")
    a_notice(core, reader, NoticeState.ACCEPTED, created_at=at, settled_at=at + 11 * SECOND, urgency=Urgency.ALWAYS)
    a_notice(core, reader, NoticeState.ACCEPTED, created_at=at, settled_at=at + SECOND, via=Via.MAIL)  # not LINE's
    with core.store.reading() as session:
        found = lateness(session, clock.now(), core.policy)
    assert (found.handed, found.within) == (1, {1: 0, 10: 0, 60: 1, 600: 1})


def test_nothing_handed_over_has_no_share(core: Core, clock: FixedClock) -> None:
    with core.store.reading() as session:
        assert lateness(session, clock.now(), core.policy).share_in_time is None


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.HELPDESK, Role.ADMIN)])
def test_only_who_looks_after_the_channel_sees_them(core_sqlite: Core, role: Role) -> None:
    with core_sqlite.transaction(Actor("AB0001", role=role), Door.DESK) as ctx:
        for ask in (fates, reasons, lambda ctx: notices_of(ctx, Fate.FAILED, None, 0, 20)):
            with pytest.raises(NotAllowed):
                ask(ctx)
