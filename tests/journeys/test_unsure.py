"""A reply that may not have come is given with the next answer; what was looked at counts as seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.clock import FixedClock
from core.context import Core
from core.notices.models import Notice, NoticeState
from tests.journeys.town import Town, a_town


@pytest.fixture
def town(core_sqlite: Core, clock: FixedClock) -> Iterator[Town]:
    with a_town(core_sqlite, clock) as running:
        yield running


def test_a_reply_lost_on_the_way_comes_with_the_next_word_and_is_not_pushed(town: Town) -> None:
    ann = town.phone("安安")
    town.platform.set_fault("reply", "reset_before")
    ann.says("選單")
    assert ann.new == []
    ann.says("你好").sees("上一則回覆可能沒有送到")
    ann.says("你好").sees_nothing_of("上一則回覆可能沒有送到")
    assert town.platform.accepted("push") == ()


def test_what_was_before_somebody_s_eyes_when_they_wrote_is_seen(town: Town) -> None:
    ann = town.phone("安安")
    ann.says("選單")
    ann.says("選單")
    with town.core.store.reading() as session:
        seen = session.execute(select(Notice.seen_at).where(Notice.state == NoticeState.ACCEPTED).order_by(Notice.id))
        assert [row.seen_at is not None for row in seen] == [True, True, False]
