"""A family's service history says when a case was closed and why, to every unit that serves the family (S0)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.access import system
from core.audit import Door
from core.clock import TAIPEI, FixedClock
from core.closures.entries import closing_entries
from core.closures.reviewing import approve_closure
from core.closures.service import apply_closure
from core.context import Core
from core.dispatches.forms_notices import history_answer
from core.dispatches.history import history
from core.records.kinds import EntryKind
from tests.builders import a_case, a_unit
from tests.core.closures.test_closure_service import DAYS, DISPATCHED, RIGHT, RIPE
from tests.services import a_service, a_serving_school


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 7, 5, 12, tzinfo=TAIPEI))


def test_a_history_says_when_a_case_was_closed_and_why(core: Core) -> None:
    serving = a_serving_school(core, DISPATCHED)
    serving.records([*DAYS, RIPE])
    family_id = serving.service.family_id
    with serving.acting() as ctx:
        sent = apply_closure(ctx, serving.service.id, RIGHT)
    other = a_unit(core, "新店高級中學")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        theirs = a_case(ctx, number="WK00018")
        ctx.session.flush()
        theirs.family_id = family_id
        a_service(ctx, other, theirs, DISPATCHED).closed_on = date(2026, 5, 2)
    with serving.acting(serving.supervisor) as ctx:
        assert [each.number for each in closing_entries(ctx, family_id)] == ["WK00018"]
        approve_closure(ctx, sent.closure_id)
    with serving.acting() as ctx:
        shown = history(ctx, family_id)
    closings = [each for each in shown.entries.rows if each.kind is EntryKind.CLOSURE]
    assert [(each.on, each.number, each.unit_name, each.by, each.note) for each in closings] == [
        (date(2026, 5, 2), "WK00018", "新店高級中學", "", "依主系統名冊"),
        (RIPE, "WK00017", "永平國民小學", "陳○君", "已無脆弱家庭情事：個案家庭功能已改善"),
    ]
    assert "結案 已無脆弱家庭情事：個案家庭功能已改善" in str(history_answer(shown))
