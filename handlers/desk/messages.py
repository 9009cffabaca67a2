"""訊息: what became of today's notices, how the month's quota stands, and how quickly LINE was handed what it took."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from core.cards import Tone
from core.context import Context
from core.errors import NotFound
from core.notices.figures import Fate, fates, lateness, notices_of, reasons
from core.quota.queries import quota_view
from handlers.desk import views

PERCENT = 100
TONES = {Fate.WAITING: Tone.PLAIN, Fate.ACCEPTED: Tone.GOOD, Fate.DROPPED: Tone.PLAIN, Fate.FAILED: Tone.LATE}
REASONS = {
    "": "—",
    "accepted": "對方系統已收下",
    "accepted_before": "對方系統先前已收下",
    "account_ended": "帳號已停用或到期",
    "ambiguous": "連線中斷，不知道有沒有送到",
    "closed": "LINE 頻道拒絕我們的憑證",
    "duties_ended": "送出前事項已完成或不再需要",
    "key_expired": "重試超過 24 小時",
    "lease_expired": "送出中的程序中斷，不知道有沒有送到",
    "over": "內容已失效",
    "quota": "本月推播額度用完",
    "rate": "送得太快，稍後再試",
    "refused": "對方系統拒收",
    "same_person": "短時間內給同一人太多則",
    "token_dead": "回覆時效已過",
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


def show(ctx: Context) -> Response:
    """Show the numbers of today, why something was not said, the quota, and the share in time."""
    tiles = tuple(Tile(fate.label, count, _tone(fate, count), _url(fate)) for fate, count in fates(ctx).items())
    late = lateness(ctx.session, ctx.now, ctx.policy)
    share = late.share_in_time
    return views.page(
        "messages.html",
        tiles=tiles,
        reasons=reasons(ctx),
        words=REASONS,
        quota=quota_view(ctx),
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


def _tone(fate: Fate, count: int) -> Tone:
    return TONES[fate] if count else Tone.PLAIN


def _url(fate: Fate) -> str:
    return url_for("desk.message_list", fate=fate.value)
