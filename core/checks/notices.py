"""What is said about meal-station checks: the rows of a bucket. Pure: frozen rows in, cards out."""

from __future__ import annotations

from datetime import datetime

from core.buttons import ExplainDuty, ShowBucket
from core.cards import Action, Answer, Block, Card, Deck, Line, Press, Row, Say, Tone, said
from core.checks.models import CheckBucket, CheckState
from core.checks.queries import CheckRow
from core.dates import roc_moment
from core.due_words import due_minute, hours_words, tone_of
from core.duties.rules import is_late
from core.paging import Page

AREA = "checks"
_DUTIES = Say(label="待辦", text="待辦")
_MENU = Say(label="選單", text="選單")
_ALONE = "每一筆都要單獨說明，不能只寫「同上」。"


def bucket_answer(bucket: CheckBucket, page: Page[CheckRow], now: datetime) -> Answer:
    """Return a page of one bucket as cards side by side; an empty bucket says so."""
    if not page.rows:
        return said(f"「{bucket.label}」目前沒有檢核單。", choices=(_DUTIES, _MENU))
    cards = tuple(row_card(row, now) for row in page.rows)
    last = page.start + len(page.rows)
    head = f"{bucket.label}共 {page.total} 件，這是第 {page.start + 1} 到 {last} 件。"
    return said(head, Deck(preview=head, cards=cards), choices=(*_more(bucket, page), _DUTIES, _MENU))


def row_card(row: CheckRow, now: datetime) -> Card:
    """Return one check as a card of a list; the name is masked already."""
    return Card(
        title=row.number,
        preview="這是一件幸福保衛站檢核單的情形。",
        tone=tone_of(row.due_at, now) if row.due_at else Tone.GOOD,
        badge=hours_words(row.due_at, now) if row.due_at else row.state.label,
        blocks=_blocks(row, now),
        actions=_why(row),
    )


def next_step(row: CheckRow, now: datetime) -> str:
    """Return what comes next for a check."""
    if row.due_at is None:
        return "已檢核，不需再處理。"
    by = "期限已過，請儘快" if is_late(row.due_at, now) else f"請在 {due_minute(row.due_at)} 前"
    return by + ("修正被退件的檢核單，再送出一次。" if row.state is CheckState.RETURNED else f"完成檢核。{_ALONE}")


def _blocks(row: CheckRow, now: datetime) -> tuple[Block, ...]:
    return (
        Row(label="兒少", value=row.child),
        Row(label="單位", value=row.unit_name),
        *(Row(label=label, value=value) for label, value in _meal(row) if value),
        *_due(row, now),
        *((Line(text="已是教育局高風險在案。", quiet=True),) if row.already_high_risk else ()),
        Row(label="接下來", value=next_step(row, now)),
    )


def _meal(row: CheckRow) -> tuple[tuple[str, str], ...]:
    return ("門市", row.shop), ("發生時間", roc_moment(row.happened_at))


def _due(row: CheckRow, now: datetime) -> tuple[Row, ...]:
    if row.due_at is None:
        return ()
    value = f"{due_minute(row.due_at)}，{hours_words(row.due_at, now)}"
    return (Row(label="檢核期限", value=value, tone=tone_of(row.due_at, now)),)


def _why(row: CheckRow) -> tuple[Action, ...]:
    if row.duty_id is None:
        return ()
    return (Press(label="怎麼算的", data=ExplainDuty(row.duty_id).pack(), shown="怎麼算的", primary=True),)


def _more(bucket: CheckBucket, page: Page[CheckRow]) -> tuple[Action, ...]:
    if page.next_start is None:
        return ()
    label = f"還有 {page.total - page.next_start} 件"
    return (Press(label=label, data=ShowBucket(AREA, bucket.value, page.next_start).pack(), shown=label),)
