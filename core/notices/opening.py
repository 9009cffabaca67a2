"""Opening a notice for sending: what it says, to whom, with which token; and which try this is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from core.cards import Answer, from_json
from core.context import Context
from core.errors import SetupError
from core.notices import pace, rules, unsent
from core.notices.channel import Outcome
from core.notices.facts import Waiting
from core.notices.models import Via

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Part:
    """One notice of a request: what it says, and to whom."""

    notice_id: int
    answer: Answer
    line_user: str = ""


@dataclass
class Ask:
    """One request in the making."""

    via: Via
    carrier: Waiting
    parts: list[Part]
    followers: list[int]
    messages: int = 0
    is_full: bool = False
    """Whether something had no room in it: nothing that comes later rides along instead."""
    body: bytes | None = None
    address: str = ""
    reply_token: str = ""

    @property
    def cost(self) -> int:
        """What it takes of the line of time on which requests to LINE are booked."""
        if self.via is Via.MAIL:
            return 0
        return pace.MULTICAST_COST if self.via is Via.MULTICAST else 1


def opened(ctx: Context, notice: Waiting, followers: Sequence[int]) -> Ask | None:
    """Open one notice; one that cannot be read is put off, and nobody behind it waits (A57)."""
    try:
        return _read(ctx, notice, followers)
    except (SetupError, ValueError) as error:  # a key that is missing, or a card of another version: it may come back
        log.error("notice.unreadable", notice=notice.id, error=type(error).__name__)  # noqa: TRY400 (no texts in logs)
        unsent.follow_now(ctx, notice.id, rules.follow(attempt_of(ctx, notice, notice.via), Outcome.FAILED, ctx.now))
        return None


def _read(ctx: Context, notice: Waiting, followers: Sequence[int]) -> Ask:
    via = rules.route(notice.reply_token_at, ctx.now, ctx.policy) if notice.via is Via.REPLY else notice.via
    ask = Ask(via, notice, [], list(followers))
    ask.body = ctx.vault.open(notice.body).encode() if notice.body else None
    ask.address = ctx.vault.open(notice.address) if notice.address and via is Via.MAIL else ""
    ask.reply_token = ctx.vault.open(notice.reply_token) if notice.reply_token and via is Via.REPLY else ""
    if ask.body is None:
        answer = from_json(ctx.vault.open(notice.said))
        line_user = ctx.vault.open(notice.line_user) if notice.line_user and via is not Via.MAIL else ""
        ask.parts.append(Part(notice.id, answer, line_user))
        ask.messages = len(answer.messages)
    return ask


def attempt_of(ctx: Context, notice: Waiting, via: Via) -> rules.Attempt:
    """Return the try that is made now of a notice, by a way."""
    return rules.Attempt(
        via,
        notice.tries + 1,
        notice.first_tried_at or ctx.now,
        may_be_out=notice.may_be_out,
        has_mail=notice.account_id is not None,
        failures=notice.failures,
        life=rules.life(notice.kind, ctx.policy),
    )
