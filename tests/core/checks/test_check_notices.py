"""What is said about meal-station checks: what, whose, until when to the minute; within LINE's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.channels.limits import problems
from bot.render.flex import draw
from core.buttons import ExplainDuty, ShowBucket, unpack
from core.cards import Card, Deck, Press, Row, Tone
from core.checks.models import CheckBucket, CheckState
from core.checks.notices import bucket_answer, next_step, row_card
from core.checks.queries import CheckRow
from core.clock import TICK, taipei_moment
from core.notices.channel import Fill
from core.paging import ROWS_AT_MOST, Page

ASSIGNED = taipei_moment(date(2022, 8, 5), time(14, 5))
DUE = ASSIGNED + timedelta(hours=24)
NOW = DUE - timedelta(hours=5)
WAITING = CheckRow(
    number="MS00001",
    child="林○華",
    unit_name="星禾國民小學",
    shop="統一超商永平門市",
    happened_at=ASSIGNED - timedelta(hours=20),
    state=CheckState.WAITING,
    has_need=None,
    already_high_risk=False,
    is_urgent=False,
    duty_id=9,
    due_at=DUE,
)
CHECKED = replace(WAITING, state=CheckState.CHECKED, duty_id=None, due_at=None)


def values(card: Card) -> dict[str, str]:
    return {block.label: block.value for block in card.blocks if isinstance(block, Row)}


def presses(*actions: object) -> list[object]:
    return [unpack(each.data) for each in actions if isinstance(each, Press)]


def test_row_says_whose_where_and_until_when_to_the_minute() -> None:
    card = row_card(WAITING, NOW)
    assert (card.title, card.badge, card.tone) == ("MS00001", "剩 5 小時", Tone.SOON)
    assert values(card) == {
        "兒少": "林○華",
        "單位": "星禾國民小學",
        "門市": "統一超商永平門市",
        "發生時間": "111/08/04 18:05",
        "檢核期限": "111/08/06 14:05",
        "接下來": "請在 111/08/06 14:05 前完成檢核。每一筆都要單獨說明，不能只寫「同上」。",
    }
    assert presses(*card.actions) == [ExplainDuty(9)]


def test_checked_row_has_no_deadline_and_no_working() -> None:
    card = row_card(CHECKED, NOW)
    assert (card.badge, card.tone, card.actions) == ("已檢核", Tone.GOOD, ())
    assert "檢核期限" not in values(card)


@pytest.mark.parametrize(
    ("row", "now", "says"),
    [
        (WAITING, DUE + TICK, "期限已過，請儘快完成檢核。每一筆都要單獨說明，不能只寫「同上」。"),
        (
            replace(WAITING, state=CheckState.RETURNED),
            DUE,
            "請在 111/08/06 14:05 前修正被退件的檢核單，再送出一次。",
        ),
        (CHECKED, NOW, "已檢核，不需再處理。"),
    ],
)
def test_next_step_follows_the_state(row: CheckRow, now: datetime, says: str) -> None:
    assert next_step(row, now) == says


def test_high_risk_is_said() -> None:
    card = row_card(replace(WAITING, already_high_risk=True), NOW)
    assert "已是教育局高風險在案。" in [getattr(block, "text", "") for block in card.blocks]


def test_bucket_says_how_many_there_are_and_leads_on() -> None:
    answer = bucket_answer(CheckBucket.RETURNED, Page(12, (WAITING,) * 10), NOW)
    assert answer.messages[0].preview == "退件共 12 件，這是第 1 到 10 件。"
    assert presses(*answer.choices) == [ShowBucket("checks", "returned", 10)]
    assert isinstance(answer.messages[1], Deck)
    assert presses(*answer.messages[1].cards[-1].actions) == [ShowBucket("checks", "returned", 10)]


def test_empty_bucket_says_so() -> None:
    answer = bucket_answer(CheckBucket.RETURNED, Page(0, ()), NOW)
    assert answer.messages[0].preview == "「退件」目前沒有檢核單。"


@pytest.mark.parametrize("rows", [0, 1, 10, ROWS_AT_MOST])
def test_cards_fit_into_line(rows: int) -> None:
    long = replace(WAITING, unit_name="長" * 100, child="林" + "○" * 58 + "華", number="M" * 40, shop="店" * 100)
    answer = bucket_answer(CheckBucket.NEED_UNKNOWN, Page(9000, (long,) * rows), NOW)
    assert not problems(draw(answer, Fill(link_url=lambda: "", code=lambda _: "")))
