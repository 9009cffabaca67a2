"""What other areas say with a person's daily digest: routine words that are no duty, and must cost no second push.

Here they wait and are put together; ``digests.py`` says them, in one request with the digest of that day (DUTY-5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import delete, select

from core.among import among_these
from core.cards import Answer, Card, Deck, Say, from_json, said
from core.context import Context
from core.duties.models import DigestCard

CARDS_A_DIGEST = 10  # side by side; LINE takes twelve
_CHOICES = (Say(label="待辦", text="待辦"), Say(label="選單", text="選單"))


def say_with_digest(ctx: Context, account_id: int, card: Card) -> None:
    """Let a card go with an account's next digest; where there is none that day, it is the digest."""
    sealed = ctx.vault.seal(said(card).to_json())
    ctx.session.add(DigestCard(account_id=account_id, said=sealed, on_day=ctx.today))


def cards_taken(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Answer]:
    """Take what waits for each of these people; what one digest has no room for stays for the next."""
    waiting = ctx.session.execute(
        select(DigestCard.id, DigestCard.account_id, DigestCard.said)
        .where(among_these(DigestCard.account_id, account_ids), DigestCard.on_day <= ctx.today)
        .order_by(DigestCard.id)
        .with_for_update(skip_locked=True)
    )
    found: dict[int, list[Card]] = defaultdict(list)
    taken: list[int] = []
    for row in waiting:
        if len(found[row.account_id]) < CARDS_A_DIGEST:
            found[row.account_id] += _cards(from_json(ctx.vault.open(row.said)))
            taken.append(row.id)
    if taken:
        ctx.session.execute(delete(DigestCard).where(among_these(DigestCard.id, taken)))
    return {account_id: _together(cards) for account_id, cards in found.items()}


def _cards(answer: Answer) -> list[Card]:
    return [each for each in answer.messages if isinstance(each, Card)]


def _together(cards: list[Card]) -> Answer:
    if len(cards) == 1:
        return said(cards[0], choices=_CHOICES)
    return said(Deck(preview=cards[0].preview, cards=tuple(cards)), choices=_CHOICES)
