"""Saying something: a row in the outbox, written in the transaction of the change that causes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.accounts import queries as accounts
from core.accounts.queries import Reach
from core.cards import Answer
from core.context import Context
from core.database import insert_once
from core.notices import rules
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState, Urgency, Via
from core.secrets import Sealed

ALONE = ('"challenge"', '"account_link"')  # as the stored form writes a code and the button of a binding page


@dataclass(frozen=True)
class ToAccount:
    """An account: by LINE where it is bound and follows us, else by e-mail."""

    account_id: int


@dataclass(frozen=True)
class ToAddress:
    """An e-mail address: a code to a mailbox, a word to somebody without LINE; None: it is no account's (yet)."""

    account_id: int | None
    address: Sealed


@dataclass(frozen=True)
class ToPerson:
    """Whoever just wrote: as a reply while the token lives, else as a push."""

    person: str
    line_user: Sealed
    account_id: int | None = None
    reply_token: Sealed | None = None
    reply_token_at: datetime | None = None


def say(
    ctx: Context,
    *,
    to: ToAccount | ToAddress | ToPerson,
    answer: Answer,
    kind: NoticeKind,
    key: str,
    urgency: Urgency,
    duties: Sequence[int] = (),
) -> bool:
    """Queue an answer to somebody, once for each ``key``; return False when it was said (or queued) before.

    ``duties`` are the duties it speaks of: it is dropped if all of them have ended before it is sent.
    """
    text = answer.to_json()
    values = _facts(ctx, to) | {
        "dedupe_key": key,
        "kind": kind,
        "urgency": urgency,
        "rank": rules.rank(urgency),
        "said": ctx.vault.seal(text),
        "alike": _alike(ctx, text),
        "created_at": ctx.now,
        "not_before": rules.not_before(urgency, ctx.now, ctx.policy),
        "state": NoticeState.CREATED,
        "reason": "",
        "tries": 0,
        "failures": 0,
        "may_be_out": False,
        "request_id": "",
    }
    notice_id = insert_once(ctx.session, Notice, values, key="dedupe_key")
    if notice_id is None:
        return False
    ctx.session.add_all(NoticeDuty(notice_id=notice_id, duty_id=duty) for duty in sorted(set(duties)))
    return True


def _facts(ctx: Context, to: ToAccount | ToAddress | ToPerson) -> dict[str, object]:
    if isinstance(to, ToAddress):
        return {"account_id": to.account_id, "address": to.address, "via": Via.MAIL}
    if isinstance(to, ToPerson):
        return {
            "account_id": to.account_id,
            "person": to.person,
            "line_user": to.line_user,
            "reply_token": to.reply_token,
            "reply_token_at": to.reply_token_at,
            "via": Via.REPLY if to.reply_token else Via.PUSH,
        }
    reach = accounts.reach_of(ctx.session, to.account_id)
    return {"account_id": to.account_id, "via": Via.MAIL} if reach is None else reach_columns(to.account_id, reach)


def reach_columns(account_id: int, reach: Reach) -> dict[str, object]:
    """Return the columns that say how an account is reached: LINE where it can be, else e-mail."""
    if reach.person is None or reach.blocked:
        return {"account_id": account_id, "person": None, "line_user": None, "address": reach.email, "via": Via.MAIL}
    return {"account_id": account_id, "person": reach.person, "line_user": reach.line_user, "via": Via.PUSH}


def _alike(ctx: Context, said: str) -> str | None:
    """Return what is the same for the same text; None for what goes to one person alone: codes and binding pages."""
    return None if any(mark in said for mark in ALONE) else ctx.vault.derive("alike", said).hex()
