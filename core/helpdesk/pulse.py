"""What an open page of the desk asks every second: a mark that is another one as soon as what the page shows is.

Nothing personal is read, so nothing stands in the audit; what a changed mark leads to is read and audited elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import BigInteger, Row, Select, cast, func, select

from core.access import Action, require
from core.context import Context
from core.errors import NotFound
from core.helpdesk.models import HelpEntry, HelpFile, HelpLook, HelpRequest
from core.helpdesk.standing import IS_UNSOLVED, NEXT_DUE_AT, is_late
from core.helpdesk.thread import LOOKS_FOR
from core.notices.models import Notice

DRAWN_ANEW = timedelta(minutes=5)


def thread_mark(ctx: Context, number: int) -> str:
    """Return the mark of a conversation: entries, taken back, fates, files, state, late or not, agent, who else looks.

    Raises ``NotFound``.
    """
    require(ctx.actor, Action.ANSWER_HELP)
    state = select(HelpRequest.state, HelpRequest.agent_id, HelpRequest.rating, is_late(ctx.now))
    row = ctx.session.execute(state.where(HelpRequest.id == number)).one_or_none()
    if row is None:
        raise NotFound
    own = HelpEntry.request_id == number
    entries = select(func.max(HelpEntry.id), func.count(HelpEntry.erased_at)).where(own)
    fates = (
        select(Notice.state, Notice.via, func.count())
        .join(HelpEntry, HelpEntry.notice_key == Notice.dedupe_key)
        .where(own, HelpEntry.notice_key != "")
        .group_by(Notice.state, Notice.via)
        .order_by(Notice.state, Notice.via)
    )
    files = (
        select(HelpFile.state, func.count())
        .join(HelpEntry, HelpEntry.id == HelpFile.entry_id)
        .where(own)
        .group_by(HelpFile.state)
        .order_by(HelpFile.state)
    )
    others = (
        select(HelpLook.account_id)
        .where(
            HelpLook.request_id == number,
            HelpLook.at > ctx.now - LOOKS_FOR,
            HelpLook.account_id != ctx.actor.account_id,
        )
        .order_by(HelpLook.account_id)
    )
    return _mark(ctx, [row, *_all(ctx, entries, fates, files, others)])


def lists_mark(ctx: Context) -> str:
    """Return the mark of the desk's lists: what is unsolved, whose it is, what is late, the newest entry, the minutes.

    What is unsolved is counted in the index that holds only this. Which one is late since last is the end of an index
    range: time makes it another, and nothing has to be counted.
    """
    require(ctx.actor, Action.ANSWER_HELP)
    unsolved = (
        select(HelpRequest.state, func.count(), func.sum(cast(HelpRequest.agent_id, BigInteger) * HelpRequest.id))
        .where(IS_UNSOLVED)
        .group_by(HelpRequest.state)
        .order_by(HelpRequest.state)
    )
    newly_late = select(NEXT_DUE_AT).where(is_late(ctx.now)).order_by(NEXT_DUE_AT.desc()).limit(1)
    return _mark(ctx, _all(ctx, unsolved, newly_late, select(func.max(HelpEntry.id))))


def _all(ctx: Context, *asked: Select[*tuple[object, ...]]) -> Sequence[Row[*tuple[object, ...]]]:
    return [row for each in asked for row in ctx.session.execute(each)]


def _mark(ctx: Context, rows: Sequence[Row[*tuple[object, ...]]]) -> str:
    """Return what was found as one word; it changes every few minutes too, because the time left is shown in words."""
    drawn_anew = int(ctx.now.timestamp() // DRAWN_ANEW.total_seconds())
    return "-".join([str(drawn_anew), *(".".join("" if part is None else str(part) for part in row) for row in rows)])
