"""訊息: what became of today's notices, whom nothing reaches, what waits for a decision, and how the quota stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.access import Action
from core.cards import Tone
from core.context import Context
from core.errors import NotFound
from core.notices.figures import Fate, fates, lateness, notices_of, reasons
from core.notices.queries import LISTED, parked, unreachable
from core.notices.service import dismiss, release
from core.quota.queries import quota_view, spent_at
from handlers.desk import texts, views
from handlers.desk.gate import Gate
from handlers.pages.views import NOT_DONE, SEE_OTHER

PERCENT = 100
TONES = {Fate.WAITING: Tone.PLAIN, Fate.ACCEPTED: Tone.GOOD, Fate.DROPPED: Tone.PLAIN, Fate.FAILED: Tone.LATE}
REASONS = {
    "": "—",
    "accepted": "對方系統已收下",
    "accepted_before": "對方系統先前已收下",
    "account_ended": "帳號已停用或到期",
    "ambiguous": "連線中斷，不知道有沒有送到",
    "blocked": "對方已封鎖，改寄電子郵件",
    "changed": "送出前部分事項已完成或變更，改寫成新的每日提醒",
    "closed": "LINE 頻道拒絕我們的憑證",
    "day_off": "當天改為不上班，併入下一個工作日的提醒",
    "dismissed": "管理員決定作廢",
    "duties_ended": "送出前事項已完成或不再需要",
    "duties_moved": "送出前期限或單位已變更，另行通知",
    "expired": "已過有效時間",
    "failed": "系統處理失敗多次",
    "key_expired": "可安全重試的時限已過",
    "lease_expired": "送出中的程序中斷，不知道有沒有送到",
    "newer_digest": "併入較新的每日提醒",
    "not_theirs": "送出前已不屬於這個人的單位或權限",
    "over": "內容已失效",
    "parted": "同一則裡有已不屬於這個人的事項，不知道有沒有送到",
    "quota": "本月推播額度用完",
    "rate": "送得太快，稍後再試",
    "refused": "對方系統拒收",
    "released": "管理員決定送出",
    "same_person": "短時間內給同一人太多則",
    "token_dead": "回覆時效已過",
    "told": "已在下一次對話補告知",
    "too_old": "應送出的時間已過一天以上",
    "unbound": "已解除 LINE 綁定",
    "unreached": "連不上對方系統",
}
"""Reasons as the desk reads them; one not listed is shown as it is stored."""


@dataclass(frozen=True)
class Tile:
    """A number with its word and the list behind it."""

    label: str
    value: int
    tone: Tone
    url: str


def add_to(gate: Gate) -> None:
    """Add the pages and what they post."""
    gate.page("/messages", "messages", Action.SEE_MESSAGES, show)
    gate.page("/messages/<fate>", "message_list", Action.SEE_MESSAGES, show_list)
    gate.page("/messages/release", "release_messages", Action.DECIDE_MESSAGES, let_go, method="POST")
    gate.page("/messages/dismiss", "dismiss_messages", Action.DECIDE_MESSAGES, drop, method="POST")


def show(ctx: Context) -> Response:
    """Show the numbers of today, whom nothing reaches, what waits for a decision, the quota, and the share in time."""
    tiles = tuple(Tile(fate.label, count, _tone(fate, count), _url(fate)) for fate, count in fates(ctx).items())
    late = lateness(ctx.session, ctx.now, ctx.policy)
    share = late.share_in_time
    return views.page(
        "messages.html",
        tiles=tiles,
        reasons=reasons(ctx),
        words=REASONS,
        unreached=unreachable(ctx),
        parked=parked(ctx),
        listed=LISTED,
        may_decide=ctx.actor.may(Action.DECIDE_MESSAGES),
        quota=quota_view(ctx),
        spent_at=spent_at(ctx),
        reserve=ctx.policy.quota_reserve_percent,
        late=late,
        share=None if share is None else f"{share * PERCENT:.1f}",
    )


def show_list(ctx: Context, fate: str) -> Response:
    """Show the notices behind one number, newest first."""
    chosen = next((each for each in Fate if each.value == fate), None)
    if chosen is None:
        raise NotFound
    reason = request.args.get("reason")
    found = notices_of(ctx, chosen, reason, views.start(), views.ROWS)
    pager = views.pager(found.total, views.start(), len(found.rows))
    return views.page("message_list.html", fate=chosen, reason=reason, rows=found.rows, words=REASONS, pager=pager)


def let_go(ctx: Context) -> Response:
    """Send after all what was chosen (A60)."""
    chosen = _chosen()
    return _decided(len(chosen), release(ctx, chosen), texts.RELEASED)


def drop(ctx: Context) -> Response:
    """Say no more what was chosen."""
    chosen = _chosen()
    return _decided(len(chosen), dismiss(ctx, chosen), texts.DISMISSED)


def _chosen() -> set[int]:
    """Return the notices that were ticked; what is no number of ours is none."""
    asked = (views.as_number(each) for each in request.form.getlist("notice")[:LISTED])
    return {number for number in asked if number is not None}


def _decided(asked: int, done: int, told: str) -> Response:
    if not asked:
        flash(texts.NOTHING_TICKED, NOT_DONE)
    if done:
        flash(told.format(done))
    if done < asked:
        flash(texts.DECIDED_BEFORE.format(asked - done))
    return redirect(url_for("desk.messages", _anchor="parked"), SEE_OTHER)


def _tone(fate: Fate, count: int) -> Tone:
    return TONES[fate] if count else Tone.PLAIN


def _url(fate: Fate) -> str:
    return url_for("desk.message_list", fate=fate.value)
