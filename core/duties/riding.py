"""What other areas say with a person's daily digest: routine words that are no duty, and must cost no second push.

Here they wait and are put together; ``digests.py`` says them, in one request with the digest of that day (DUTY-5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta

import structlog
from sqlalchemy import delete, select, update

from core.among import among_these
from core.cards import Answer, Card, Deck, from_json, said
from core.choices import HOME
from core.context import Context
from core.duties.models import DigestCard
from core.duties.reached import beside_key
from core.errors import SetupError
from core.notices.facts import ACCOUNT_ENDED
from core.notices.models import NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from core.notices.unsent import settle_now
from core.secrets import Sealed

CARDS_A_DIGEST = 10  # side by side; LINE takes twelve
ONE_DAY = timedelta(days=1)

log = structlog.get_logger(__name__)


def say_with_digest(ctx: Context, account_id: int, card: Card) -> None:
    """Let a card go with an account's next digest; where there is none that day, it is the digest (CLOSE-12)."""
    sealed = ctx.vault.seal(said(card).to_json())
    ctx.session.add(DigestCard(account_id=account_id, said=sealed, on_day=ctx.today))


def cards_taken(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Answer]:
    """Take what waits for each of these people; what one digest has no room for stays for the next.

    What cannot be read stays as well: nobody's duties are kept from them by words of lesser weight (A57).
    """
    waiting = ctx.session.execute(
        select(DigestCard.id, DigestCard.account_id, DigestCard.said)
        .where(among_these(DigestCard.account_id, account_ids), DigestCard.on_day <= ctx.today)
        .order_by(DigestCard.id)
        .with_for_update(skip_locked=True)
    )
    found: dict[int, list[Card]] = defaultdict(list)
    taken: list[int] = []
    unread: list[int] = []
    for row in waiting:
        if len(found[row.account_id]) < CARDS_A_DIGEST:
            cards = _read(ctx, row.account_id, row.said)
            found[row.account_id] += cards
            (taken if cards else unread).append(row.id)
    if taken:
        ctx.session.execute(delete(DigestCard).where(among_these(DigestCard.id, taken)))
    if unread:
        later = update(DigestCard).where(among_these(DigestCard.id, unread)).values(on_day=ctx.today + ONE_DAY)
        ctx.session.execute(later)
    return {account_id: _together(cards) for account_id, cards in found.items() if cards}


def keep_unsaid(ctx: Context, cards: Mapping[int, Answer]) -> None:
    """Keep what accounts that ended are not told, as the outbox keeps what it drops, with the reason."""
    for account_id, answer in cards.items():
        key = beside_key(account_id, ctx.today)
        number = say(ctx, to=ToAccount(account_id), answer=answer, kind=NoticeKind.REMINDER, key=key,
                     urgency=Urgency.ROUTINE)  # fmt: skip
        if number is not None:
            settle_now(ctx, number, NoticeState.DROPPED, ACCOUNT_ENDED)


def _read(ctx: Context, account_id: int, sealed: Sealed) -> list[Card]:
    """Return the cards of one row; none where it cannot be read, which is logged."""
    try:
        return _cards(from_json(ctx.vault.open(sealed)))
    except (SetupError, ValueError) as error:
        kind = type(error).__name__
    log.error("telling_failed", account=account_id, error=kind)
    return []


def _cards(answer: Answer) -> list[Card]:
    return [each for each in answer.messages if isinstance(each, Card)]


def _together(cards: list[Card]) -> Answer:
    if len(cards) == 1:
        return said(cards[0], choices=HOME)
    return said(Deck(preview=cards[0].preview, cards=tuple(cards)), choices=HOME)
