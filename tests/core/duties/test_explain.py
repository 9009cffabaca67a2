"""The working of each kind of deadline, as it is read."""

from __future__ import annotations

from datetime import date

import pytest

from core.access import system
from core.accounts.queries import actor_of
from core.audit import Door
from core.calendar import WorkCalendar
from core.cards import Card
from core.clock import end_of_day, start_of_day
from core.context import Core
from core.dates import parse_moment
from core.duties.explain import Working, explain, working
from core.duties.plans import DutyKind
from core.duties.queries import DutyFacts
from core.duties.working_notices import working_answer
from core.errors import NotFound
from tests.builders import a_dispatch, a_unit, an_account
from tests.duties import a_duty

CALENDAR = WorkCalendar()
REPLY = DutyFacts(DutyKind.REPLY, start_of_day(date(2022, 7, 28)), end_of_day(date(2022, 8, 7)))


def steps(found: Working) -> list[tuple[str, str]]:
    return [(step.label, step.value) for step in found.steps]


def test_dispatch_of_7_28_is_due_on_8_7() -> None:
    found = working(REPLY, CALENDAR)
    assert found.rule == "REPLY-1"
    assert steps(found) == [
        ("派案日（不算）", "111/07/28（四）"),
        ("第 1 天", "111/07/29（五）"),
        ("第 10 天", "111/08/07（日）"),
        ("最後時刻", "當天 24:00"),
    ]
    assert [(off.day.day, off.why) for off in found.days_off] == [(30, "週六"), (31, "週日"), (6, "週六"), (7, "週日")]


def test_returned_reply_is_counted_from_the_return() -> None:
    facts = DutyFacts(DutyKind.RETURNED_REPLY, start_of_day(date(2026, 3, 4)), end_of_day(date(2026, 3, 7)))
    found = working(facts, CALENDAR)
    assert found.rule == "REPLY-11"
    assert steps(found)[0] == ("回覆單退件日（不算）", "115/03/04（三）")
    assert steps(found)[2] == ("第 3 天", "115/03/07（六）")


@pytest.mark.parametrize(
    ("kind", "rule", "event"),
    [(DutyKind.CHECK, "CHK-1", "分派時間"), (DutyKind.RETURNED_CHECK, "CHK-10", "檢核單退件時間")],
)
def test_checks_are_counted_by_the_hour(kind: DutyKind, rule: str, event: str) -> None:
    facts = DutyFacts(kind, parse_moment("2026-03-06 14:05"), parse_moment("2026-03-07 14:05"))
    found = working(facts, CALENDAR)
    assert found.rule == rule
    assert steps(found) == [
        (event, "115/03/06 14:05"),
        ("往後算", "24 小時"),
        ("最後時刻", "115/03/07 14:05"),
    ]
    assert [off.why for off in found.days_off] == ["週六"]


def test_account_end_is_a_date_and_its_day_is_included() -> None:
    ends_on = date(2026, 12, 31)
    found = working(DutyFacts(DutyKind.ACCOUNT_END, start_of_day(ends_on), end_of_day(ends_on)), CALENDAR)
    assert found.rule == "ACC-6"
    assert steps(found) == [
        ("帳號到期日", "115/12/31（四）"),
        ("到期當天", "仍可使用"),
        ("最後時刻", "當天 24:00"),
    ]


def test_first_answer_is_owed_in_working_time() -> None:
    asked, due = parse_moment("2026-11-20 18:00"), parse_moment("2026-11-23 12:30")
    found = working(DutyFacts(DutyKind.REQUEST_ANSWER, asked, due), CALENDAR)
    assert found.rule == "HELP-6"
    assert steps(found) == [
        ("提問時間", "115/11/20 18:00"),
        ("開始計時", "115/11/23 08:30"),
        ("只算上班時間", "4 小時"),
        ("最後時刻", "115/11/23 12:30"),
    ]


def test_card_names_steps_rule_and_that_holidays_count() -> None:
    (card,) = working_answer(working(REPLY, CALENDAR)).messages
    assert isinstance(card, Card)
    drawn = card.model_dump_json()
    for piece in ("111/07/28", "111/08/07", "REPLY-1", "假日照算", "7/30 週六", "8/7 週日"):
        assert piece in drawn


def test_ones_own_duty_is_explained_and_anothers_is_not_there(core: Core) -> None:
    mine, other = a_unit(core), a_unit(core, "秀朗國民小學")
    account = an_account(core, mine)
    due = end_of_day(date(2026, 3, 14))
    own = a_duty(core, a_dispatch(core, mine), due_at=due)
    foreign = a_duty(core, a_dispatch(core, other), due_at=due)
    with core.transaction(system("tests"), Door.CHAT) as ctx:
        actor = actor_of(ctx.session, account.id, ctx.today)
        assert actor is not None
        asking = ctx.as_actor(actor)
        assert explain(asking, own.id).due_at == due
        for missing in (foreign.id, 9999):
            with pytest.raises(NotFound):
                explain(asking, missing)
