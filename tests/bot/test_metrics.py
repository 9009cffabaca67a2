"""What an operator watches: every figure is there, whichever process is asked, and nothing personal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client import generate_latest

from bot.metrics import RequestTimes, registry
from core.access import system
from core.audit import Door
from core.cards import said
from core.clock import FixedClock
from core.clock_watch import Step, Stepped, note_step
from core.context import Core
from core.inbox.models import EventState, InboxEvent
from core.notices.models import Doorway, Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount, say
from core.quota.door import Consumption
from core.quota.service import keep_reading
from tests.builders import a_bound_account, a_check, a_dispatch, a_unit
from tests.duties import a_duty

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def shown(core: Core) -> dict[str, float]:
    """Return the metrics of this moment by name with labels."""
    lines = generate_latest(registry(core)).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def an_event(core: Core, number: int, received_ago: timedelta, took: timedelta | None, **columns: object) -> None:
    received_at = core.clock.now() - received_ago
    state = EventState.WAITING if took is None else EventState.DONE
    done_at = None if took is None else received_at + took
    facts = {"kind": "message", "state": state, "done_at": done_at} | columns
    with core.transaction(system("tests"), Door.JOB) as ctx:
        ctx.session.add(
            InboxEvent(webhook_event_id=str(number), body=ctx.vault.seal("{}"), happened_at=received_at,
                       received_at=received_at, **facts)
        )  # fmt: skip


def a_notice(core: Core, account_id: int, key: str, **columns: object) -> None:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        to, kind = ToAccount(account_id), NoticeKind.REMINDER
        say(ctx, to=to, answer=said("您好"), kind=kind, key=key, urgency=Urgency.AT_ONCE)
        notice = ctx.session.query(Notice).filter_by(dedupe_key=key).one()
        for name, value in columns.items():
            setattr(notice, name, value)


def test_an_empty_house_shows_zeros_and_no_shares(core_sqlite: Core) -> None:
    found = shown(core_sqlite)
    assert found["frontdoor_inbox_waiting"] == found["frontdoor_outbox_waiting"] == 0
    assert found["frontdoor_clock_behind_seconds"] == found['frontdoor_clock_steps{way="forward"}'] == 0
    assert found['frontdoor_handed_within{seconds="10"}'] == 0
    assert not any(name.startswith(("frontdoor_handed_in_time", "frontdoor_quota")) for name in found)


def test_events_by_kind_and_how_long_they_took(core: Core) -> None:
    an_event(core, 1, MINUTE, SECOND)
    an_event(core, 2, MINUTE, 3 * SECOND)
    an_event(core, 3, MINUTE, None, kind="postback")
    an_event(core, 4, 5 * MINUTE, 9 * MINUTE)  # no longer looked at
    found = shown(core)
    assert found['frontdoor_events_recently{kind="message",state="done"}'] == 2
    assert found['frontdoor_events_recently{kind="postback",state="waiting"}'] == 1
    assert found["frontdoor_handled_recently"] == 2
    assert found['frontdoor_handling_seconds{quantile="0.5"}'] == 2
    assert found['frontdoor_handling_seconds{quantile="0.99"}'] == pytest.approx(2.98)


def test_one_event_is_its_own_median(core_sqlite: Core) -> None:
    an_event(core_sqlite, 1, MINUTE, SECOND)
    found = shown(core_sqlite)
    assert [found[f'frontdoor_handling_seconds{{quantile="{each}"}}'] for each in ("0.5", "0.99")] == [1, 1]


def test_notices_by_kind_and_how_many_were_in_time(core: Core, clock: FixedClock) -> None:
    account_id = a_bound_account(core).account.id
    took = {"settled_at": clock.now() + 10 * SECOND, "state": NoticeState.ACCEPTED}
    a_notice(core, account_id, "in time", **took)
    a_notice(core, account_id, "late", **took | {"settled_at": clock.now() + 11 * SECOND})
    a_notice(core, account_id, "waits")
    clock.move(MINUTE)
    found = shown(core)
    assert found['frontdoor_notices{kind="reminder",state="accepted"}'] == 2
    assert found['frontdoor_notices{kind="reminder",state="created"}'] == found["frontdoor_outbox_waiting"] == 1
    assert (found["frontdoor_handed_today"], found["frontdoor_handed_in_time_ratio"]) == (2, 0.5)
    assert found['frontdoor_handed_within{seconds="10"}'] == 1
    assert found["frontdoor_outbox_late_seconds"] == 60


def test_sends_by_the_way_and_the_outcome_of_the_newest_try(core: Core, clock: FixedClock) -> None:
    account_id = a_bound_account(core).account.id
    settled = {"settled_at": clock.now(), "tries": 1}
    a_notice(core, account_id, "1", state=NoticeState.ACCEPTED, reason="accepted", **settled)
    a_notice(core, account_id, "2", state=NoticeState.ACCEPTED, reason="accepted", via=Via.MULTICAST, **settled)
    a_notice(core, account_id, "3", state=NoticeState.GIVEN_UP, reason="ambiguous", **settled)
    a_notice(core, account_id, "4", reason="rate", tries=2)
    a_notice(core, account_id, "5", state=NoticeState.DROPPED, reason="duties_ended", **settled)
    a_notice(core, account_id, "6")
    a_notice(core, account_id, "7", state=NoticeState.ACCEPTED, reason="accepted",
             settled_at=clock.now() - 24 * HOUR)  # fmt: skip
    found = {name: count for name, count in shown(core).items() if name.startswith("frontdoor_sends{")}
    assert found == {
        'frontdoor_sends{outcome="accepted",via="push"}': 1,
        'frontdoor_sends{outcome="accepted",via="multicast"}': 1,
        'frontdoor_sends{outcome="ambiguous",via="push"}': 1,
        'frontdoor_sends{outcome="rate",via="push"}': 1,
    }


def test_a_channel_that_refuses_us_is_an_alarm(core_sqlite: Core, clock: FixedClock) -> None:
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        ctx.session.add_all([Doorway(name="line", shut_at=clock.now()), Doorway(name="mail")])
    found = shown(core_sqlite)
    assert [name for name in found if name.startswith("frontdoor_channel_shut")] == [
        'frontdoor_channel_shut{channel="line"}'
    ]


def test_duties_by_kind(core: Core, clock: FixedClock) -> None:
    unit = a_unit(core)
    a_duty(core, a_dispatch(core, unit), due_at=clock.now() - SECOND, remind_at=clock.now())
    a_duty(core, a_check(core, unit), due_at=clock.now() + HOUR, remind_at=clock.now() + SECOND)
    found = shown(core)
    assert (found['frontdoor_duties_owed{kind="reply"}'], found['frontdoor_duties_late{kind="reply"}']) == (1, 1)
    assert (found['frontdoor_duties_owed{kind="check"}'], found['frontdoor_duties_late{kind="check"}']) == (1, 0)
    assert found["frontdoor_reminders_ungathered"] == 1


@pytest.mark.parametrize(("allowed", "left"), [(1000, True), (None, False)])
def test_the_quota_and_its_forecast(core_sqlite: Core, clock: FixedClock, allowed: int | None, left: bool) -> None:
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        keep_reading(ctx, Consumption(allowed, 950))
    clock.move(MINUTE)
    found = shown(core_sqlite)
    assert found['frontdoor_quota_messages{what="used"}'] == 950
    assert found['frontdoor_quota_messages{what="used_at_month_end"}'] > 950
    assert ('frontdoor_quota_messages{what="left_at_month_end"}' in found) is left
    assert (found["frontdoor_quota_age_seconds"], found["frontdoor_quota_spared"]) == (60, left)


def test_a44_a_clock_that_stepped_is_an_alarm(core_sqlite: Core, clock: FixedClock) -> None:
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        note_step(ctx, Stepped(Step.FORWARD, 2 * HOUR))
    assert shown(core_sqlite)['frontdoor_clock_steps{way="forward"}'] == 1
    clock.move(-HOUR)
    found = shown(core_sqlite)
    assert (found["frontdoor_clock_behind_seconds"], found['frontdoor_clock_steps{way="back"}']) == (3600, 0)


def test_requests_are_timed_by_what_was_asked_for() -> None:
    app = Flask("test")
    times = RequestTimes(app)
    app.add_url_rule("/hello/<name>", "hello", lambda name: name)
    client = app.test_client()
    for path in ("/hello/ann", "/hello/ben", "/nothing"):
        client.get(path)
    text = generate_latest(times.seconds).decode()
    assert 'frontdoor_request_seconds_count{endpoint="hello"} 2.0' in text
    assert 'frontdoor_request_seconds_count{endpoint="unknown"} 1.0' in text
    assert "ann" not in text
