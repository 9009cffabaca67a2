"""What is said about meal-station checks: the rows of a bucket. Pure: frozen rows in, cards out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.buttons import ExplainDuty
from core.cards import Action, Answer, Block, Card, Line, Open, Press, Row, Tone, said
from core.checks.kinds import COUNT_AS_NEED, NeedHint, UrgentSign
from core.checks.models import CheckBucket, CheckState
from core.checks.queries import CheckRow
from core.choices import HOME
from core.dates import roc_moment
from core.due_words import due_minute, hours_words, tone_of
from core.duties.returns import shortened
from core.duties.rules import is_late
from core.list_words import bucket_page
from core.paging import Page

AREA = "checks"
_ALONE = "每一筆都要單獨說明，不能只寫「同上」。"


def bucket_answer(bucket: CheckBucket, page: Page[CheckRow], now: datetime) -> Answer:
    """Return a page of one bucket as cards side by side; an empty bucket says so."""
    if not page.rows:
        return said(f"「{bucket.label}」目前沒有檢核單。", choices=HOME)
    return bucket_page(AREA, bucket, page, lambda row: row_card(row, now))


def check_answer(row: CheckRow, now: datetime) -> Answer:
    """Return one check that was asked for by its number: where it stands, until when, and what comes next."""
    return said(row_card(row, now, whole=True), choices=HOME)


def row_card(row: CheckRow, now: datetime, *, whole: bool = False) -> Card:
    """Return one check as a card of a list, or alone with the whole reason of a return; the name is masked already."""
    return Card(
        title=row.number,
        preview="這是一件幸福保衛站檢核單的情形。",
        tone=tone_of(row.due_at, now) if row.due_at else Tone.GOOD,
        badge=hours_words(row.due_at, now) if row.due_at else row.state.label,
        blocks=_blocks(row, now, whole=whole),
        actions=_why(row),
    )


def next_step(row: CheckRow, now: datetime) -> str:
    """Return what comes next for a check."""
    if row.due_at is None:
        return "已檢核，不需再處理。"
    by = "期限已過，請儘快" if is_late(row.due_at, now) else f"請在 {due_minute(row.due_at)} 前"
    return by + ("修正被退件的檢核單，再送出一次。" if row.state is CheckState.RETURNED else f"完成檢核。{_ALONE}")


def _blocks(row: CheckRow, now: datetime, *, whole: bool) -> tuple[Block, ...]:
    return (
        Row(label="兒少", value=row.child),
        Row(label="單位", value=row.unit_name),
        *(Row(label=label, value=value) for label, value in _meal(row) if value),
        *_due(row, now),
        *_because(row, whole=whole),
        *((Line(text="有緊急狀況：請立即撥打 110 或 113。", strong=True),) if row.is_urgent else ()),
        *((Line(text="已是教育局高風險在案。", quiet=True),) if row.already_high_risk else ()),
        Row(label="接下來", value=next_step(row, now)),
    )


def _meal(row: CheckRow) -> tuple[tuple[str, str], ...]:
    return ("門市", row.shop), ("發生時間", roc_moment(row.happened_at))


def need_hints() -> tuple[Line, ...]:
    """Return what counts as need and what not, to stand beside the choice (CHK-9)."""
    need = "、".join(hint.label for hint in NeedHint if hint in COUNT_AS_NEED)
    none = "、".join(hint.label for hint in NeedHint if hint not in COUNT_AS_NEED)
    return Line(text=f"有需求：{need}。"), Line(text=f"無需求：{none}。")


def _due(row: CheckRow, now: datetime) -> tuple[Row, ...]:
    if row.due_at is None:
        return ()
    return (Row(label="檢核期限", value=due_minute(row.due_at), tone=tone_of(row.due_at, now)),)


def _because(row: CheckRow, *, whole: bool) -> tuple[Row, ...]:
    if not row.reason:
        return ()
    return (Row(label="退件原因", value=row.reason if whole else shortened(row.reason)),)


def _why(row: CheckRow) -> tuple[Action, ...]:
    if row.duty_id is None:
        return ()
    return (Press(label="怎麼算的", data=ExplainDuty(row.duty_id).pack(), shown="怎麼算的", primary=True),)


@dataclass(frozen=True)
class Reporter:
    """Who spoke of danger, as the Center is told; both empty for somebody who is bound to no account."""

    account: str
    unit_name: str


def urgent_words(reporter: Reporter, where: str, at: datetime) -> Answer:
    """Tell the Center that somebody spoke of danger; what was said stays with them (CHK-11)."""
    rows: tuple[Block, ...] = ()
    if reporter.account:
        rows = (Row(label="單位", value=reporter.unit_name), Row(label="帳號", value=reporter.account))
        step = "已請對方立即撥打 110 或 113。請儘快與該單位聯繫，確認孩子是否安全。"
    else:
        step = "這位使用者還沒有綁定帳號，系統不知道是誰；已請對方立即撥打 110 或 113。"
    moment = (Row(label="來源", value=where), Row(label="時間", value=roc_moment(at)))
    return _urgent("有人提到緊急狀況", (*rows, *moment, Line(text=step, strong=True)))


def urgent_check(number: str, unit_name: str, signs: Sequence[UrgentSign], happened_at: datetime) -> Answer:
    """Tell the Center that a check has signs of danger (CHK-11)."""
    blocks: tuple[Block, ...] = (
        Row(label="檢核單", value=number),
        Row(label="單位", value=unit_name),
        Row(label="發生時間", value=roc_moment(happened_at)),
        *(Row(label="緊急狀況", value=sign.label, tone=Tone.URGENT) for sign in signs),
        Line(text="請立即與該單位聯繫，確認孩子是否安全，並已撥打 110 或 113。", strong=True),
    )
    return _urgent("檢核單有緊急狀況", blocks)


def call_now(*, center_told: bool) -> Answer:
    """Return what somebody who ticked a sign of danger is told at once; it claims no more than was done (CHK-11)."""
    told = "系統已同時通知中心，但不能替您報案。" if center_told else "系統目前沒有可以通知的中心帳號，也不能替您報案。"
    card = Card(
        title="緊急狀況請立即撥打電話",
        preview="緊急狀況請立即撥打 110 或 113。",
        tone=Tone.URGENT,
        blocks=(
            Line(text="有立即危險、暴力威脅或孩子走失，請現在撥打 110；疑似受虐，請撥 113 保護專線。", strong=True),
            Line(text=told),
        ),
        actions=(
            Open(label="撥打 110（警察）", url="tel:110", primary=True),
            Open(label="撥打 113（保護專線）", url="tel:113"),
        ),
    )
    return said(card, choices=HOME)


def _urgent(title: str, blocks: tuple[Block, ...]) -> Answer:
    ways_on = Line(text="要看各單位的待辦，請輸入「待辦」。", quiet=True)
    whole = (*blocks, ways_on)
    card = Card(title=title, preview="有緊急狀況，請立即查看。", tone=Tone.URGENT, badge="緊急", blocks=whole)
    return said(card, choices=HOME)
