"""還要做什麼 WK00017, 最急的, 逾期三天以上, 檢核還有幾小時, 退件原因: what is owed about some cases, or of one sort.

Each answers in a sentence how long is left, and shows behind it the cards of 待辦. What is said without a number is
about all that the asker owes; of a number that is theirs and owes nothing the case itself is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from core.access import Action
from core.cards import Answer
from core.clock import end_of_day
from core.context import Context
from core.dates import ROC_OFFSET, parse_date
from core.duties.numbered import owed_about
from core.duties.plans import DutyKind
from core.duties.queries import CHECK_KINDS, OwedRow, owed, owed_of_kind, owed_on, owed_until
from core.duties.returns import KINDS as RETURNED
from core.errors import InvalidInput
from handlers.chat import extension
from handlers.chat.duties import duties
from handlers.chat.looking_up import look_up
from handlers.chat.router import Gate, Router
from handlers.chat.seen import listed, stands_on
from handlers.chat.turn import Turn
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import faq
from handlers.chat.views import left as views
from handlers.chat.views.faq_topics import TOPICS
from handlers.chat.words import WHAT_IS_LEFT, counted

router = Router()
REASONS = Intent.RETURN_REASONS.word
NUMBERS_AT_MOST = 8
SHOWN = 10  # cards: what a list of LINE holds
A_NUMBER = 3  # duties about one case: a reply, a record and a form of closing at once are rare
_NUMBER = "[A-Z]{1,4}-?[0-9][0-9A-Z-]{1,38}"
_LEFT = re.compile(f"{WHAT_IS_LEFT}:?({_NUMBER}(?:、{_NUMBER}){{0,{NUMBERS_AT_MOST - 1}}})")
_REASON_OF = re.compile(f"{REASONS}:?({_NUMBER})")
_ASKS_ELSE = re.compile("怎樣|怎麼|為什麼|為何|罰|後果|嗎")
_LATE_BY = re.compile(
    ".{0,12}?(?:逾期|過期|超過期限)(?:已經|已|超過|大於|滿|了)*(?P<days>[0-9]{1,3}|[一二兩三四五六七八九十]{1,3})[天日]"
    "(?:以上|多)?.{0,12}"
)
_LATE = re.compile(
    ".{0,6}(?:只|光)(?:想|要)?[看列給].{0,4}逾期.{0,8}|.{0,6}(?:全部|所有)的?逾期.{0,8}"
    "|(?:待辦)?逾期的?(?:案件|待辦|案子)?(?:就好|給我看|列給我|列出來|全部|都給我|給我).{0,6}"
)
_MOST_PRESSING = re.compile(
    "(?:那|我|我的|手上|目前|現在|請問|幫我|看|裡面?|案子|待辦|逾期的?|拖|先)*"
    "(?:[哪那]一?[件個筆張](?:案子?|案件|單子?)?的?(?:是|比較|拖|放|等|欠|要|期限)*最?(?:久|急|趕|近|趕著|先到期)"
    "|最(?:久|急|趕|緊急|先到期|快到期)的?(?:是|那|哪|一|[件個筆張]|案子?|案件)+)(?:的|呢|啊|先給我|給我看|看一下)*"
)
_DATED = re.compile(
    "(?:那|我|請|幫我|看|查|給我|想)*(?P<day>(?:[0-9]{2,3}[/年.-])?(?:1[0-2]|0?[1-9])[/月.-](?:3[01]|[12][0-9]|0?[1-9]))[日號]?"
    "(?:派(?:案|來|的)*|到期|要?[交回]|截止|收到?|進來)*的?那?一?[件個筆張](?:案子|案件|單子)?(?:呢|啊|給我看|看一下)*"
)
_CHECK_HOURS = re.compile(
    ".{0,6}?檢核[單表]?(?:還|有|剩下?|只|的|要|可以)*(?:幾個?小時|多少(?:個小時|時間)|多少小時|幾個?鐘頭|多久時間)(?:可以|能)?[^逾罰]{0,6}"
)
_HOURS_RULE = next(topic for topic in TOPICS if topic.intent is Intent.FAQ_CHECK_HOURS)


def asked_left(text: str) -> tuple[str, ...] | None:
    """Return the numbers in a normal text like 還要做什麼WK00017、WK00018; None: it is none."""
    found = _LEFT.fullmatch(text)
    return tuple(dict.fromkeys(found[1].split("、"))) if found else None


def asked_reason(text: str) -> str | None:
    """Return the number in a normal text like 退件原因WK00017; None: it is none."""
    found = _REASON_OF.fullmatch(text)
    return found[1] if found else None


def asked_late(text: str) -> int | None:
    """Return by how many days what is asked for is late: 3 of 逾期三天以上的, 0 of 只看逾期的; None: else None."""
    if _ASKS_ELSE.search(text):
        return None
    if found := _LATE_BY.fullmatch(text):
        return counted(found["days"])
    return 0 if _LATE.fullmatch(text) else None


def asked_most_pressing(text: str) -> str | None:
    """Return a normal text that asks which one is most pressing, or waits longest; None: it does not."""
    return text if _MOST_PRESSING.fullmatch(text) else None


def asked_day(text: str) -> str | None:
    """Return the day in a normal text like 2/25那件, as it is written; None: it asks for none."""
    found = _DATED.fullmatch(text)
    return found["day"] if found else None


def nearest_day(written: str, today: date) -> date | None:
    """Return a written day; without a year the one nearest to today. None: there is none such."""
    *year, month, day = re.findall("[0-9]+", written)
    years = [int(year[0])] if year else [today.year - ROC_OFFSET + shift for shift in (-1, 0, 1)]
    days = []
    for each in years:
        with suppress(InvalidInput):
            days.append(parse_date(f"{each:03d}/{month}/{day}"))
    return min(days, key=lambda each: abs(each - today), default=None)


def asked_hours(text: str) -> str | None:
    """Return a normal text that asks how many hours a check still has; None: it does not."""
    return text if _CHECK_HOURS.fullmatch(text) else None


@router.matches(asked_left)
def left_of(turn: Turn, numbers: tuple[str, ...]) -> Answer:
    """Show what is owed about cases or checks; of a single one that nothing is owed about, the case itself."""
    rows = _owed_about(turn.ctx, numbers)
    if not rows:
        return look_up(turn.ctx, numbers[0]) if len(numbers) == 1 else views.nothing_left()
    return views.left(rows, turn.ctx.now)


@router.matches(asked_most_pressing)
def most_pressing_asked(turn: Turn, _: str) -> Answer:
    """Show the most pressing one, asked for in other words."""
    return most_pressing(turn)


@router.says("最急的", "最急件", "最久的")
def most_pressing(turn: Turn) -> Answer:
    """Show what is due first of the list that stands there, else of all that is owed: what is late the longest."""
    rows = _owed_about(turn.ctx, listed(turn.dialog.seen)) or owed(turn.ctx, 0, 1).rows
    return views.left(rows[:1], turn.ctx.now) if rows else duties(turn)


@router.says("什麼時候到期")
def due(turn: Turn) -> Answer:
    """Show when what was spoken of is due, one case or a list; where neither was, when the account ends (ACC-6)."""
    seen = turn.dialog.seen
    numbers = (seen.about,) if seen.is_about else listed(seen)
    return left_of(turn, numbers) if numbers else extension.term(turn)


@router.matches(asked_late)
def late_by(turn: Turn, days: int) -> Answer:
    """Show what is late by so many days or more (DUTY-1)."""
    until = end_of_day(turn.ctx.today - timedelta(days=days)) if days else turn.ctx.now
    return views.late_by(days, owed_until(turn.ctx, until, SHOWN))


@router.matches(asked_day)
def of_day(turn: Turn, written: str) -> Answer:
    """Show the one of the list on which this day stands, else what is owed that arose, or is due, on it.

    Without a year it is the nearest such day.
    """
    then = {item.number for item in turn.dialog.seen.items if item.number and stands_on(item, written)}
    if len(then) == 1:
        return look_up(turn.ctx, then.pop())
    day = nearest_day(written, turn.ctx.today)
    found = owed_on(turn.ctx, day, SHOWN).rows if day else ()
    return views.left(found, turn.ctx.now) if found else views.none_of_day(written)


@router.matches(asked_hours, gate=Gate.EVERYBODY)
def hours_left(turn: Turn, _: str) -> Answer:
    """Show how long each check still has (CHK-1); where none waits, or none may be seen, the rule."""
    rows = _of_kinds(turn.ctx, CHECK_KINDS) if turn.account and turn.ctx.actor.may(Action.SEE_CHECKS) else []
    return views.left(rows, turn.ctx.now) if rows else faq.answered(_HOURS_RULE, turn.ctx.policy)


@router.says(REASONS, "退件的原因", "為什麼被退件", "為什麼被退", "被退的原因", "退回原因")
def reasons(turn: Turn) -> Answer:
    """Show all that was returned and waits to be corrected, with the reason; of the case spoken of alone, its own."""
    seen = turn.dialog.seen
    if seen.is_about and (rows := _returned_of(turn.ctx, seen.about)):
        return views.reasons(rows)
    return views.reasons(_of_kinds(turn.ctx, RETURNED))


@router.matches(asked_reason)
def reason_of(turn: Turn, number: str) -> Answer:
    """Show why a case or check was returned; of one that was not, how it stands."""
    rows = _returned_of(turn.ctx, number)
    return views.reasons(rows) if rows else views.not_returned(look_up(turn.ctx, number))


def _owed_about(ctx: Context, numbers: Sequence[str]) -> list[OwedRow]:
    asked = numbers[:NUMBERS_AT_MOST]
    return _in_order(row for number in asked for row in owed_about(ctx, number, A_NUMBER).rows)


def _returned_of(ctx: Context, number: str) -> list[OwedRow]:
    return [row for row in owed_about(ctx, number, A_NUMBER).rows if row.kind in RETURNED]


def _of_kinds(ctx: Context, kinds: frozenset[DutyKind]) -> list[OwedRow]:
    found = (row for kind in sorted(kinds) for row in owed_of_kind(ctx, kind, 0, SHOWN, late_only=False).rows)
    return _in_order(found)


def _in_order(rows: Iterable[OwedRow]) -> list[OwedRow]:
    return sorted(rows, key=lambda row: row.due_at)[:SHOWN]
