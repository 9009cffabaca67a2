"""What is said about duties, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest

from core.buttons import ExplainDuty, MoreDuties, ShowBucket, ShowCase, unpack
from core.calendar import WorkCalendar
from core.cards import Answer, Card, Deck, Figure, Line, Press, Row, Tone, from_json
from core.checks.models import CheckBucket
from core.clock import TICK, end_of_day, start_of_day
from core.dates import parse_moment
from core.dispatches.models import DispatchBucket
from core.duties.counts import KindCount
from core.duties.explain import working
from core.duties.notices import (
    digest_answer,
    due_text,
    due_tone,
    due_words,
    duties_answer,
    headline,
    reminder_answer,
)
from core.duties.overview import Overview
from core.duties.plans import DutyKind
from core.duties.queries import DutyFacts, Owed, OwedRow
from core.duties.rules import StageKind, days_left, is_late
from core.duties.told import Why
from core.duties.watch import Count
from core.duties.working_notices import working_answer

NOW = parse_moment("2026-03-04 10:00")
DUE = end_of_day(date(2026, 3, 14))
NUMBER, CHILD, UNIT = "A11503000007", "王○明", "永平國民小學"
_ids = count(1)


def a_row(kind: DutyKind = DutyKind.REPLY, due_at: datetime = DUE, child: str = CHILD) -> OwedRow:
    return OwedRow(
        duty_id=next(_ids),
        kind=kind,
        number=NUMBER,
        child=child,
        unit_name=UNIT,
        counted_from=start_of_day(date(2026, 3, 4)),
        due_at=due_at,
        is_late=is_late(due_at, NOW),
        days_left=days_left(due_at, NOW),
    )


def an_owed(*rows: OwedRow, total: int | None = None) -> Owed:
    return Owed(len(rows) if total is None else total, sum(row.is_late for row in rows), rows)


def an_overview(owed: Owed, start: int = 0) -> Overview:
    dispatches = dict.fromkeys(DispatchBucket, 0) | {DispatchBucket.LATE: 2, DispatchBucket.ANSWERED: 5}
    checks = dict.fromkeys(CheckBucket, 0) | {CheckBucket.RETURNED: 1}
    return Overview(dispatches, checks, owed, start)


def cards(answer: Answer) -> Iterator[Card]:
    for message in answer.messages:
        if isinstance(message, Deck):
            yield from message.cards
        elif isinstance(message, Card):
            yield message


def pressed(answer: Answer) -> list[object]:
    actions = [action for card in cards(answer) for action in card.actions]
    return [unpack(action.data) for action in (*actions, *answer.choices) if isinstance(action, Press)]


def figures(answer: Answer) -> dict[tuple[str, str], tuple[int, Tone]]:
    """Each figure by the bucket its button opens; none is there twice."""
    found: dict[tuple[str, str], tuple[int, Tone]] = {}
    for card in cards(answer):
        for block in card.blocks:
            if isinstance(block, Figure):
                assert isinstance(block.action, Press)
                opened = unpack(block.action.data)
                assert isinstance(opened, ShowBucket)
                assert (opened.area, opened.bucket) not in found
                found[opened.area, opened.bucket] = (block.value, block.tone)
    return found


@pytest.mark.parametrize(
    ("due_at", "words", "tone"),
    [
        (end_of_day(date(2026, 3, 2)), "已逾期 2 天", Tone.LATE),
        (end_of_day(date(2026, 3, 3)), "已逾期 1 天", Tone.LATE),
        (NOW - TICK, "已逾期", Tone.LATE),
        (NOW, "今天到期", Tone.SOON),
        (end_of_day(date(2026, 3, 4)), "今天到期", Tone.SOON),
        (end_of_day(date(2026, 3, 5)), "明天到期", Tone.SOON),
        (end_of_day(date(2026, 3, 7)), "剩 3 天", Tone.SOON),
        (end_of_day(date(2026, 3, 8)), "剩 4 天", Tone.PLAIN),
    ],
)
def test_days_left_in_words_and_tone(due_at: datetime, words: str, tone: Tone) -> None:
    row = a_row(due_at=due_at)
    assert (due_words(row), due_tone(row)) == (words, tone)


def test_due_date_is_roc_and_checks_have_their_minute() -> None:
    assert due_text(a_row()) == "115/03/14（六）"
    assert due_text(a_row(DutyKind.CHECK, parse_moment("2026-03-05 14:05"))) == "115/03/05 14:05"
    assert due_text(a_row(DutyKind.RETURNED_CHECK, parse_moment("2026-03-05 14:05"))) == "115/03/05 14:05"


def test_row_shows_whose_and_leads_to_working_and_case() -> None:
    row = a_row()
    answer = duties_answer(an_overview(an_owed(row)))
    drawn = answer.to_json()
    assert all(piece in drawn for piece in ("派案回覆", NUMBER, CHILD, UNIT, "115/03/14", "剩 10 天"))
    assert pressed(answer) == [ShowCase(NUMBER), ExplainDuty(row.duty_id)]


@pytest.mark.parametrize(
    ("kind", "due_at", "bucket"),
    [
        (DutyKind.CHECK, DUE, "waiting"),
        (DutyKind.CHECK, NOW - TICK, "late"),
        (DutyKind.RETURNED_CHECK, NOW - TICK, "returned"),
    ],
)
def test_check_leads_to_its_bucket(kind: DutyKind, due_at: datetime, bucket: str) -> None:
    row = a_row(kind, due_at)
    answer = duties_answer(an_overview(an_owed(row)))
    assert pressed(answer) == [ShowBucket("checks", bucket, 0), ExplainDuty(row.duty_id)]


def test_account_end_says_how_to_go_on_and_has_no_case() -> None:
    row = a_row(DutyKind.ACCOUNT_END, child="")
    answer = duties_answer(an_overview(an_owed(row)))
    assert pressed(answer) == [ExplainDuty(row.duty_id)]
    assert "申請展延" in answer.to_json()


def quiet_lines(answer: Answer) -> list[str]:
    return [block.text for card in cards(answer) for block in card.blocks if isinstance(block, Line) and block.quiet]


def test_what_is_owed_has_its_figure_worst_first_and_the_rest_one_quiet_line() -> None:
    overview = an_overview(an_owed(a_row()))
    dispatches = {**(overview.dispatches or {}), DispatchBucket.WAITING: 4}
    checks = {**(overview.checks or {}), CheckBucket.LATE: 3}
    answer = duties_answer(replace(overview, dispatches=dispatches, checks=checks))
    assert list(figures(answer).items()) == [
        (("dispatches", "late"), (2, Tone.LATE)),
        (("dispatches", "waiting"), (4, Tone.SOON)),
        (("checks", "late"), (3, Tone.LATE)),
        (("checks", "returned"), (1, Tone.SOON)),
    ]
    assert quiet_lines(answer)[:2] == ["被退件 0、逾期退件 0、已回覆 5", "待檢核 0"]


def test_when_every_dispatch_is_answered_the_figures_say_so() -> None:
    overview = an_overview(an_owed(a_row(DutyKind.CHECK)))
    answered = dict.fromkeys(DispatchBucket, 0) | {DispatchBucket.ANSWERED: 5}
    assert "派案回覆：已全部回覆" in duties_answer(replace(overview, dispatches=answered)).to_json()
    assert "已全部回覆" not in duties_answer(overview).to_json()


def test_the_first_line_says_how_much_is_owed_and_late() -> None:
    late = duties_answer(an_overview(an_owed(a_row(), a_row(due_at=NOW - TICK))))
    assert next(cards(late)).title == "2 件待辦，1 件已逾期"
    assert next(cards(duties_answer(an_overview(an_owed(a_row()))))).title == "1 件待辦，都在期限內"


def test_more_leads_to_the_next_page_which_has_no_figures() -> None:
    rows = [a_row() for _ in range(10)]
    first = duties_answer(an_overview(an_owed(*rows, total=13)))
    assert pressed(first)[-2:] == [MoreDuties(10), MoreDuties(10)]
    assert "還有 3 件" in first.to_json()
    second = duties_answer(an_overview(an_owed(*rows[:3], total=13), start=10))
    assert figures(second) == {}
    assert not any(isinstance(each, MoreDuties) for each in pressed(second))


def test_page_behind_the_end_still_says_something() -> None:
    assert figures(duties_answer(an_overview(an_owed(total=3), start=10)))
    (message,) = duties_answer(Overview(None, None, an_owed(total=3), start=10)).messages
    assert message.preview == "3 件待辦，都在期限內。"


def test_nothing_owed_is_a_friendly_word() -> None:
    answer = duties_answer(an_overview(an_owed()))
    assert any("目前沒有待辦" in card.title and card.tone is Tone.GOOD for card in cards(answer))
    assert duties_answer(Overview(None, None, an_owed())).messages


@pytest.mark.parametrize(
    ("late", "in_time", "told", "title"),
    [
        (0, 2, "今天有 2 件待辦要留意。", "2 件待辦，都在期限內"),
        (1, 1, "今天有 2 件待辦要留意，其中 1 件已逾期。", "2 件待辦，1 件已逾期"),
        (2, 0, "今天有 2 件待辦要留意，都已逾期。", "2 件待辦，都已逾期"),
        (1, 0, "今天有 1 件待辦要留意，已逾期。", "1 件待辦，已逾期"),
    ],
)
def test_how_many_are_late_is_said_as_people_say_it(late: int, in_time: int, told: str, title: str) -> None:
    owes = an_owed(*(a_row(due_at=NOW - TICK) for _ in range(late)), *(a_row() for _ in range(in_time)))
    assert told in digest_answer(an_overview(owes), time(8, 30)).to_json()
    assert headline(owes) == title


def test_digest_says_why_it_came_and_what_stops_it() -> None:
    answer = digest_answer(an_overview(an_owed(a_row(), a_row(due_at=NOW - TICK))), time(8, 30))
    drawn = answer.to_json()
    assert "每天 08:30 提醒；完成後就不再提醒。" in drawn
    assert "今天有 2 件待辦要留意，其中 1 件已逾期。" in drawn
    assert len(figures(answer)) == 2


@pytest.mark.parametrize(
    ("late", "note", "tone"), [(0, "", Tone.SOON), (1, "其中 1 件已逾期", Tone.LATE), (2, "已逾期", Tone.LATE)]
)
def test_what_is_late_adds_up_with_returned_checks_and_other_kinds(late: int, note: str, tone: Tone) -> None:
    kinds = {DutyKind.RETURNED_CHECK: KindCount(2, late), DutyKind.RECORD_WINDOW: KindCount(3, late)}
    seen = replace(an_overview(an_owed(a_row())), checks={CheckBucket.RETURNED: 2}, kinds=kinds)
    (head,) = (each for each in cards(duties_answer(seen)) if any(isinstance(block, Figure) for block in each.blocks))
    shown = {block.label: (block.value, block.note, block.tone) for block in head.blocks if isinstance(block, Figure)}
    assert shown == {"已逾期": (2, "", Tone.LATE), "退件": (2, note, tone)}
    (other,) = (block for block in head.blocks if isinstance(block, Row))
    assert (other.value, other.tone) == ((f"3 件，其中 {late} 件已逾期", Tone.LATE) if late else ("3 件", Tone.PLAIN))


@pytest.mark.parametrize(("units", "named", "told"), [(1, 0, False), (2, 2, False), (5, 5, False), (6, 5, True)])
def test_digest_of_several_units_counts_the_worst_of_them(units: int, named: int, *, told: bool) -> None:
    counts = tuple(Count(number, f"第{number}國小", 3, 1) for number in range(units))
    answer = digest_answer(replace(an_overview(an_owed(a_row())), units=counts), time(8, 30))
    head = next(cards(answer))
    shown = [block for block in head.blocks if isinstance(block, Figure) and "國小" in block.label]
    assert [block.label for block in shown] == [f"第{number}國小" for number in range(named)]
    assert {block.note for block in shown} <= {"其中 1 件已逾期"}
    assert ("還有 1 個單位，輸入「待辦」可看全部。" in answer.to_json()) is told


def test_digest_says_what_went_up_and_what_nobody_was_told() -> None:
    reasons = (Why.GOES_UP, Why.GOES_UP, Why.NOBODY)
    drawn = digest_answer(an_overview(an_owed(a_row())), time(8, 30), reasons).to_json()
    assert "有 2 件已逾期多時，請督導協助處理。" in drawn
    assert "有 1 件，單位目前沒有可以通知的承辦人" in drawn


@pytest.mark.parametrize(
    ("stage", "due_at", "sentence"),
    [
        (StageKind.ARISES, DUE, "有 1 件新的待辦，請留意期限。"),
        (StageKind.ARISES, NOW - TICK, "有 1 件待辦已逾期，仍請儘快完成。"),
        (StageKind.BEFORE, DUE, "有 1 件待辦快到期了。"),
        (StageKind.BEFORE, NOW, "有 1 件待辦今天到期。"),
        (StageKind.DUE_DAY, NOW, "有 1 件待辦今天到期。"),
        (StageKind.LATE, NOW - TICK, "有 1 件待辦已逾期，仍請儘快完成。"),
    ],
)
def test_reminder_opens_with_how_things_stand(stage: StageKind, due_at: datetime, sentence: str) -> None:
    (message,) = reminder_answer(an_owed(a_row(due_at=due_at)), [stage]).messages
    assert message.preview == sentence


def test_reminder_of_several_is_a_sentence_and_a_deck() -> None:
    stages = [StageKind.ARISES] * 12
    text, deck = reminder_answer(an_owed(*(a_row() for _ in range(10)), total=12), stages).messages
    assert text.preview == "有 12 件新的待辦，請留意期限。\n完成後就不再提醒。"  # a mail's subject is the first line
    assert isinstance(deck, Deck)
    assert len(deck.cards) == 11
    assert deck.cards[-1].title == "還有 2 件"


def test_reminder_of_late_and_new_ones_says_both() -> None:
    late, new = a_row(due_at=NOW - TICK), a_row()
    text, _ = reminder_answer(an_owed(late, new), [StageKind.LATE, StageKind.ARISES]).messages
    assert text.preview.startswith("有 1 件待辦已逾期，仍請儘快完成。有 1 件新的待辦，請留意期限。")


def test_what_is_due_today_is_counted_beside_what_is_new_and_beyond_what_is_shown() -> None:
    text, _ = reminder_answer(an_owed(a_row(), a_row(due_at=NOW)), [StageKind.ARISES, StageKind.DUE_DAY]).messages
    assert text.preview.startswith("有 1 件新的待辦，請留意期限。有 1 件待辦今天到期。\n")
    shown = (a_row(due_at=NOW) for _ in range(10))
    text, _ = reminder_answer(an_owed(*shown, total=12), [StageKind.DUE_DAY] * 12).messages
    assert text.preview.startswith("有 12 件待辦今天到期。\n")


@pytest.mark.parametrize(("due_day_at", "words"), [(None, "03/14（六）的每日提醒。"), (time(8, 30), "03/14 08:30。")])
def test_a_digest_says_when_it_comes_next_on_the_due_day(due_day_at: time | None, words: str) -> None:
    row = replace(a_row(), remind_at=start_of_day(date(2026, 3, 14)))
    drawn = digest_answer(an_overview(an_owed(row)), time(20, 0), due_day_at=due_day_at).to_json()
    assert f"下次：115/{words}" in drawn


def test_late_ones_of_a_reminder_are_these_and_not_all_that_are_late() -> None:
    late = [a_row(due_at=NOW - TICK)] * 2
    text, _ = reminder_answer(an_owed(*late), [StageKind.LATE] * 2).messages
    assert text.preview.startswith("以下 2 件待辦已逾期，仍請儘快完成。\n")


@pytest.mark.parametrize(
    ("remind_at", "words"),
    [
        (start_of_day(date(2026, 3, 9)), "下次：115/03/09（一）的每日提醒。"),
        (parse_moment("2026-03-09 14:05"), "下次：115/03/09 14:05。"),
    ],
)
def test_reminder_says_when_it_comes_next(remind_at: datetime, words: str) -> None:
    later, none = replace(a_row(), remind_at=remind_at + timedelta(days=1)), a_row()
    rows = (later, replace(a_row(), remind_at=remind_at), none)
    drawn = [
        reminder_answer(an_owed(*rows), [StageKind.BEFORE] * 3).to_json(),
        digest_answer(an_overview(an_owed(*rows)), time(8, 30)).to_json(),
    ]
    assert all(f"完成後就不再提醒。{words}" in each for each in drawn)
    assert "下次" not in reminder_answer(an_owed(none), [StageKind.BEFORE]).to_json()


def test_no_preview_holds_a_name_a_number_or_a_unit() -> None:
    rows = (a_row(), a_row(due_at=NOW - TICK), a_row(DutyKind.CHECK))
    facts = DutyFacts(DutyKind.REPLY, start_of_day(date(2026, 3, 4)), DUE)
    answers = [
        duties_answer(an_overview(an_owed(*rows, total=20))),
        duties_answer(an_overview(an_owed())),
        digest_answer(an_overview(an_owed(*rows)), time(8, 30), [Why.NOBODY]),
        *(
            reminder_answer(an_owed(*some), [stage] * len(some), [why] * len(some))
            for some in (rows, rows[:1])
            for stage in StageKind
            for why in Why
        ),
        working_answer(working(facts, WorkCalendar())),
    ]
    for answer in answers:
        previews = [message.preview for message in answer.messages] + [card.preview for card in cards(answer)]
        assert all(previews)
        assert not any(part in preview for preview in previews for part in (NUMBER, CHILD, UNIT, "王"))
        assert from_json(answer.to_json()) == answer
