"""On whatever day the sample is loaded, requests wait to be decided: a permission wanted, and one given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sample.load import load
from bot.sample.month import sample_month
from bot.sample.requests import WISHES, file_requests
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.clock import FixedClock, taipei_moment
from core.context import Core


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 11, 23)], ids=str)
@pytest.mark.parametrize("hour", [time(0, 5), time(11, 0)], ids=str)
def test_requests_of_two_kinds_wait_for_their_decision(
    core_sqlite: Core, tmp_path: Path, day: date, hour: time
) -> None:
    now = taipei_moment(day, hour)
    core = replace(core_sqlite, clock=FixedClock(now))
    load(core, sample_month(day), tmp_path)
    file_requests(core)
    with core.store.reading() as session:
        rows = session.scalars(select(AccountRequest).order_by(AccountRequest.id)).all()
    assert [each.kind for each in rows] == [RequestKind.PERMISSION, RequestKind.REMOVAL]
    assert {each.state for each in rows} == {RequestState.FILED}
    assert [each.filed_at for each in rows] == sorted(each.filed_at for each in rows)
    assert all(each.filed_at < now for each in rows)
    assert len(rows) == len(WISHES)
