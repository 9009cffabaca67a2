"""What the chat says about workdays and days off, and what they mean for deadlines, reminders and the helpdesk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.calendar import ONE_DAY, WEEKEND_NAMES, WorkCalendar
from core.cards import Answer, Block, Card, Line, Row, Rule, Say, Tone, said
from core.dates import roc
from core.due_words import roc_day
from core.helpdesk.words import HELPDESK_HOURS
from core.watch.rules import Span

ROWS_AT_MOST = 20
_MEANS = "派案回覆、檢核單、工作紀錄與結案的期限都照日曆天算，遇到假日不順延：放假那天到期，也要在那天結束前完成。"
_WORKED = f"每日提醒與客服只在上班日（客服 {HELPDESK_HOURS}），補班日照上班日算。"
_WHOSE = "依政府行政機關辦公日曆，加上管理員登錄的異動；颱風停班停課請以當地公告為準。"


def one_day(day: date, calendar: WorkCalendar, off: Span | None, *, owes: bool) -> Answer:
    """Return whether a day is worked, with the days off in a row around it where it is not.

    ``owes`` is whether who asks can have something that falls due on it.
    """
    blocks: list[Block] = []
    if off is not None and off.last is not None:
        length = (off.last - off.first).days + 1
        run = f"{roc_day(off.first)}到 {roc_day(off.last)}，共 {length} 天" if length > 1 else "只有這一天"
        blocks += [Row(label="連續不上班", value=run), Row(label="下一個上班日", value=roc_day(off.last + ONE_DAY))]
    due = Say(label="當天到期的待辦", text=f"待辦 {roc(day)}", primary=True)
    return _card(f"{roc_day(day)}{_state(day, calendar)}", blocks, *((due,) if owes else ()))


def several_days(days: Sequence[date], calendar: WorkCalendar) -> Answer:
    """Return which of some days are off though no weekend, and which weekends are worked."""
    rows = [Row(label=roc_day(day), value=_state(day, calendar)) for day in days if _is_odd(day, calendar)]
    usual = "週一到週五上班，週六、週日不上班。"
    text = f"除了下面這幾天，{usual}" if rows else f"這段期間沒有國定假日，也不用補班：{usual}"
    return _card(f"{roc(days[0])}–{roc(days[-1])} 的上班日", [Line(text=text, strong=True), *rows[:ROWS_AT_MOST]])


def _is_odd(day: date, calendar: WorkCalendar) -> bool:
    is_weekend = day.weekday() in WEEKEND_NAMES
    return calendar.is_working_day(day) if is_weekend else not calendar.is_working_day(day)


def _state(day: date, calendar: WorkCalendar) -> str:
    why = calendar.why_not(day)
    if why is not None:
        return "不上班" if why in WEEKEND_NAMES.values() else f"不上班：{why}"
    return "要補班" if day.weekday() in WEEKEND_NAMES else "要上班"


def _card(title: str, blocks: Sequence[Block], *actions: Say) -> Answer:
    card = Card(
        title=title,
        preview="這是您問的上班日。",
        tone=Tone.PLAIN,
        blocks=(*blocks, *_meaning(bool(blocks))),
        actions=actions,
    )
    return said(card)


def _meaning(is_behind: bool) -> Iterator[Block]:
    if is_behind:
        yield Rule()
    yield Line(text=_MEANS)
    yield Line(text=_WORKED)
    yield Line(text=_WHOSE, quiet=True)
