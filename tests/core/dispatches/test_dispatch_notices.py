"""What is said about dispatches: each card with what, whose, until when and what comes next; within LINE's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.channels.limits import problems
from bot.render.flex import draw
from core.buttons import ExplainDuty, ShowBucket, ShowCase, unpack
from core.cards import Answer, Card, Deck, Light, Line, Press, Row, Tone
from core.clock import TICK, end_of_day, taipei_moment
from core.dates import roc
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, FormState, Opening
from core.dispatches.notices import bucket_answer, case_answer, next_step, row_card
from core.dispatches.queries import CaseView, DispatchRow, Latest
from core.notices.channel import Fill
from core.paging import ROWS_AT_MOST, Page

NOW = taipei_moment(date(2022, 8, 5), time(10))
DUE = end_of_day(date(2022, 8, 7))
WAITING = DispatchRow(
    dispatch_id=1,
    number="WK00728",
    child="王○明",
    served="",
    unit_name="星禾國民小學",
    dispatched_on=date(2022, 7, 28),
    state=DispatchState.WAITING,
    opening=None,
    responsible="陳○君",
    needs_assessment=False,
    duty_id=7,
    due_at=DUE,
)
SETTLED = replace(WAITING, state=DispatchState.ANSWERED, opening=Opening.NEW, duty_id=None, due_at=None)
CASE = CaseView("WK00728", "王○明", "派出所", date(2022, 7, 28), "永和區", CaseLight.R, (WAITING,))


def values(card: Card) -> dict[str, str]:
    return {block.label: block.value for block in card.blocks if isinstance(block, Row)}


def only_card(answer: Answer) -> Card:
    card = answer.messages[0]
    assert isinstance(card, Card)
    return card


def presses(*actions: object) -> list[object]:
    return [unpack(each.data) for each in actions if isinstance(each, Press)]


def is_within_limits(answer: Answer) -> bool:
    return not problems(draw(answer, Fill(link_url=lambda: "", code=lambda _: "")))


def test_row_says_whose_until_when_and_how_long_is_left() -> None:
    card = row_card(WAITING, NOW)
    assert (card.title, card.badge, card.tone) == ("WK00728", "剩 2 天", Tone.SOON)
    assert values(card) == {
        "對象": "王○明",
        "單位": "星禾國民小學",
        "派案日期": "111/07/28",
        "回覆期限": "111/08/07（日）",
    }
    assert presses(*card.actions) == [ShowCase("WK00728"), ExplainDuty(7)]


def test_row_shows_the_served_child_where_it_is_another() -> None:
    assert values(row_card(replace(WAITING, served="王○華"), NOW))["對象"] == "王○華"


def test_settled_row_shows_its_state_and_no_deadline() -> None:
    card = row_card(SETTLED, NOW)
    assert (card.badge, card.tone) == ("已回覆", Tone.GOOD)
    assert "回覆期限" not in values(card)
    assert presses(*card.actions) == [ShowCase("WK00728")]


def test_case_card_says_light_state_due_and_what_comes_next() -> None:
    card = only_card(case_answer(CASE, NOW))
    assert card.blocks[0] == Light(colour="R", word="尚有單位未回覆")
    assert (card.title, card.badge) == ("案件 WK00728", "剩 2 天")
    said = values(card)
    assert said["目前"] == "待回覆，剩 2 天"
    assert said["最近動態"] == "111/07/28 派案"
    assert said["回覆期限"] == "111/08/07（日）"
    assert said["接下來"] == "請在 111/08/07（日）前送出回覆單。"
    assert said["個管人員"] == "陳○君"


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (FormState.SUBMITTED, "111/08/01 回覆單已送出"),
        (FormState.APPROVED, "111/08/01 回覆單已核可"),
        (FormState.RETURNED, "111/08/01 回覆單被退件"),
    ],
)
def test_case_card_says_what_happened_last_since_it_was_dispatched(state: FormState, says: str) -> None:
    row = replace(WAITING, latest=Latest(date(2022, 8, 1), state))
    assert values(only_card(case_answer(replace(CASE, parts=(row,)), NOW)))["最近動態"] == says


def test_previews_hold_no_name_number_or_id() -> None:
    page = Page(1, (WAITING,))
    for answer in (case_answer(CASE, NOW), bucket_answer(DispatchBucket.LATE, page, NOW)):
        for message in answer.messages:
            assert "王" not in message.preview
            assert "WK" not in message.preview


@pytest.mark.parametrize(
    ("row", "now", "says"),
    [
        (replace(WAITING, needs_assessment=True), DUE, "請在 111/08/07（日）前先送出評估單，再送出回覆單。"),
        (WAITING, DUE + TICK, "期限已過，請儘快送出回覆單。"),
        (replace(WAITING, state=DispatchState.RETURNED), NOW, "請在 111/08/07（日）前修正被退件的回覆單，再送出一次。"),
        (SETTLED, NOW, "已開案：請持續服務，並每 30 天至少登打一筆工作紀錄。"),
        (replace(SETTLED, opening=Opening.NOT_OPEN), NOW, "不開案，不需再處理。"),
        (replace(SETTLED, opening=None), NOW, "已回覆，請等候高風險中心的後續通知。"),
        (replace(SETTLED, state=DispatchState.CLOSED), NOW, "已結案，不需再處理。"),
    ],
)
def test_next_step_follows_the_state(row: DispatchRow, now: datetime, says: str) -> None:
    assert next_step(row, now) == says


@pytest.mark.parametrize(("light", "tone"), [(CaseLight.G, Tone.GOOD), (CaseLight.Y, Tone.PLAIN)])
def test_case_without_duties_feels_as_its_light(light: CaseLight, tone: Tone) -> None:
    assert only_card(case_answer(replace(CASE, light=light, parts=(SETTLED,)), NOW)).tone is tone


def test_a_cards_colour_words_and_button_are_about_its_most_pressing_part() -> None:
    late = replace(WAITING, unit_name="海山國民小學", due_at=NOW - TICK, duty_id=9)
    card = only_card(case_answer(replace(CASE, parts=(WAITING, SETTLED, SETTLED, late)), NOW))
    assert (card.tone, card.badge) == (Tone.LATE, "已逾期")
    assert ExplainDuty(9) in presses(*card.actions)
    named = [block.text for block in card.blocks if isinstance(block, Line) and block.strong]
    assert named == ["海山國民小學", WAITING.unit_name]
    assert any(isinstance(block, Line) and block.text == "另有 1 筆較早的派案。" for block in card.blocks)


def test_a_unit_that_a_case_came_to_twice_is_named_once_and_its_parts_by_their_days() -> None:
    again = replace(WAITING, dispatched_on=WAITING.dispatched_on + timedelta(days=40))
    other = replace(SETTLED, unit_name="海山國民小學")
    card = only_card(case_answer(replace(CASE, parts=(again, other, WAITING)), NOW))
    named = [block.text for block in card.blocks if isinstance(block, Line) and block.strong]
    assert named == [WAITING.unit_name, "海山國民小學"]
    days = [block.value for block in card.blocks if isinstance(block, Row) and block.label == "派案日期"]
    assert sorted(days) == [roc(WAITING.dispatched_on), roc(again.dispatched_on)]
    assert "派案日期" not in values(only_card(case_answer(CASE, NOW)))


def test_bucket_says_how_many_there_are_and_leads_on() -> None:
    answer = bucket_answer(DispatchBucket.LATE, Page(23, (WAITING,) * 10, 10), NOW)
    assert answer.messages[0].preview == "已逾期共 23 件，這是第 11 到 20 件。"
    assert isinstance(answer.messages[1], Deck)
    assert presses(*answer.choices) == [ShowBucket("dispatches", "late", 20)]
    last = answer.messages[1].cards[-1]
    assert (last.title, presses(*last.actions)) == ("還有 3 件", [ShowBucket("dispatches", "late", 20)])


def test_last_page_leads_nowhere_and_an_empty_bucket_says_so() -> None:
    last = bucket_answer(DispatchBucket.LATE, Page(20, (WAITING,) * 10, 10), NOW)
    assert presses(*last.choices) == []
    assert bucket_answer(DispatchBucket.LATE, Page(1, (WAITING,)), NOW).messages[0].preview == "已逾期共 1 件。"
    assert bucket_answer(DispatchBucket.LATE, Page(0, ()), NOW).messages[0].preview == "「已逾期」目前沒有案件。"


@pytest.mark.parametrize("rows", [0, 1, 10, ROWS_AT_MOST])
def test_cards_fit_into_line(rows: int) -> None:
    long = replace(WAITING, unit_name="長" * 100, child="王" + "○" * 58 + "明", served="王" * 60, number="W" * 40)
    assert is_within_limits(bucket_answer(DispatchBucket.LATE, Page(9000, (long,) * rows), NOW))
    assert is_within_limits(case_answer(replace(CASE, parts=(long,) * 20, reported_by="長" * 100), NOW))
