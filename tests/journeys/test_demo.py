"""The demo as a newcomer sees it, in a real browser: binding, what is owed, the working, and the morning's one push."""

from __future__ import annotations

import os
import re
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.commands.demo import Demo, Ports, running
from core.access import system
from core.accounts.queries import actor_of, known_account
from core.audit import Door
from core.checks import queries as checks
from core.clock import TAIPEI, taipei_date
from core.dispatches import queries as dispatches
from core.duties.notices import OWED_BUCKETS
from core.labels import Labelled
from tests.journeys.demo_walk import Walk

pytestmark = pytest.mark.browser
MORNING = time(8, 30)
DIGEST = "今日待辦提醒"


def counts(demo: Demo) -> list[tuple[Labelled, int]]:
    """Return what the core counts for the demo's main person."""
    store, now = demo.core.store, demo.core.clock.now()
    with store.reading() as session:
        known = known_account(session, demo.sample.main.account, taipei_date(now))
        assert known is not None
        actor = actor_of(session, known.account_id, taipei_date(now))
    assert actor is not None
    with demo.core.reading(actor, Door.CHAT) as ctx:
        return [*dispatches.buckets(ctx).items(), *checks.buckets(ctx).items()]


def next_working_day(demo: Demo) -> date:
    with demo.core.reading(system("test"), Door.JOB) as ctx:
        return ctx.calendar.add_working_days(ctx.today, 1)


@pytest.mark.timeout(300)
def test_a_newcomer_walks_through_the_demo(tmp_path: Path, browser: Browser) -> None:
    folder = os.environ.get("PICTURES")
    with running(tmp_path, Ports(0, 0, 0)) as demo:
        walk = Walk(demo, browser, Path(folder) if folder else None)
        walk.follow()
        walk.phone_picture("welcome")
        walk.bind()
        walk.phone_picture("bound")

        walk.say("待辦")
        walk.sees("111/08/07")
        for bucket, count in counts(demo):
            assert_number(walk, bucket, count)
        walk.phone_picture("duties")
        walk.tap("怎麼算的", beside="111/08/07")
        for text in ("111/07/28", "111/08/07", "REPLY-1"):
            walk.sees(text)
        walk.phone_picture("working")
        walk.say("選單")
        walk.phone_picture("menu")

        morning = next_working_day(demo)
        walk.moves_to(datetime.combine(morning, time(8, 29), TAIPEI))
        expect(walk.phone.locator("#clock-time")).to_contain_text("08:29")
        walk.wait_until_all_is_said()
        before = len(demo.simulator.platform.accepted("push"))
        walk.moves_to(datetime.combine(morning, MORNING, TAIPEI))
        walk.sees("每天 08:30 提醒")
        walk.wait_until_all_is_said()
        assert len(demo.simulator.platform.accepted("push")) == before + 1
        walk.phone_picture("digest")
        walk.picture(walk.phone, "demo")
        assert_a_fault_shows_its_fallback(walk, following_morning(demo))
        walk.close()


def following_morning(demo: Demo) -> datetime:
    return datetime.combine(next_working_day(demo), MORNING, TAIPEI)


def assert_a_fault_shows_its_fallback(walk: Walk, morning: datetime) -> None:
    """Check that a digest that LINE no longer takes comes by e-mail, and that nothing more is pushed."""
    pushed = len(walk.demo.simulator.platform.accepted("push"))
    walk.breaks("推播", "429 本月額度用完")
    walk.breaks("群發", "429 本月額度用完")
    mails = partial(walk.demo.simulator.mailbox.mails, walk.demo.sample.main.email)
    before = len(mails())
    walk.moves_to(morning)
    walk.wait_until(lambda: f"社政小幫手：{DIGEST}" in [each.subject for each in mails()[before:]])
    walk.wait_until_all_is_said()
    assert len(walk.demo.simulator.platform.accepted("push")) == pushed
    shown = walk.newest_mail(walk.demo.sample.main.email, DIGEST)
    expect(shown.locator("#mail-text")).to_contain_text("今天有")
    walk.picture(shown, "fallback")
    walk.phone.get_by_role("button", name="全部清除").click()
    expect(walk.phone.locator("#faults li")).to_have_count(0)


def assert_number(walk: Walk, bucket: Labelled, count: int) -> None:
    """Check that what is owed is a figure, and every other number stands in the quiet line."""
    if count and bucket in OWED_BUCKETS:
        shown = walk.phone.locator(f'#chat [data-label="{bucket.label}"]').last
        expect(shown).to_have_text(re.compile(rf"\D{count}(?:(?:其中 \d+ 件)?已逾期)?$"))
    elif count:
        walk.sees(f"{bucket.label} {count}")
