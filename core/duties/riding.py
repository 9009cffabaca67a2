"""What other areas say with a person's daily digest: routine words that are no duty, and must cost no second push.

Here they wait and are put together; ``digests.py`` says them, in one request with the digest of that day (DUTY-5). What
a notice says stays here until that has gone: where it is not sent any more, the cards wait for the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import structlog
from sqlalchemy import Table, delete, select, update

from core.access import Action, Actor
from core.accounts.queries import actors_of
from core.among import among, among_these
from core.cards import Answer, Card, Deck, from_json, said
from core.choices import HOME
from core.context import Context
from core.duties.models import DigestCard, SaidCard
from core.duties.reached import beside_key
from core.errors import SetupError
from core.many import inserting
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from core.notices.unsent import settle_now
from core.secrets import Sealed

CARDS_A_DIGEST = 10  # side by side; LINE takes twelve
ONE_DAY = timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Riding:
    """One card that goes with somebody's digest."""

    card: Card
    sealed: Sealed
    unit_id: int | None
    """Whose cases it is about; None: of no unit."""


def say_with_digest(ctx: Context, account_id: int, card: Card, unit_id: int | None) -> None:
    """Let a card go with an account's next digest; where there is none that day, it is the digest (CLOSE-12).

    ``unit_id`` is the unit whose cases it is about: who no longer works for it is not told.
    """
    sealed = ctx.vault.seal(said(card).to_json())
    ctx.session.add(DigestCard(account_id=account_id, said=sealed, unit_id=unit_id, on_day=ctx.today))


def cards_taken(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Sequence[Riding]]:
    """Take what waits for each of these people; what one digest has no room for stays for the next.

    What cannot be read stays as well: nobody's duties are kept from them by words of lesser weight (A57).
    """
    waiting = ctx.session.execute(
        select(DigestCard.id, DigestCard.account_id, DigestCard.said, DigestCard.unit_id)
        .where(among_these(DigestCard.account_id, account_ids), DigestCard.on_day <= ctx.today)
        .order_by(DigestCard.id)
        .with_for_update(skip_locked=True)
    )
    found: dict[int, list[Riding]] = defaultdict(list)
    taken: list[int] = []
    unread: list[int] = []
    for row in waiting:
        if len(found[row.account_id]) < CARDS_A_DIGEST:
            card = _read(ctx, row.account_id, row.said)
            found[row.account_id] += [Riding(card, row.said, row.unit_id)] if card else []
            (taken if card else unread).append(row.id)
    if taken:
        ctx.session.execute(delete(DigestCard).where(among_these(DigestCard.id, taken)))
    if unread:
        later = update(DigestCard).where(among_these(DigestCard.id, unread)).values(on_day=ctx.today + ONE_DAY)
        ctx.session.execute(later)
    return {account_id: cards for account_id, cards in found.items() if cards}


def works_for(actor: Actor, unit_id: int | None) -> bool:
    """Return whether somebody may be told of a unit's cases; of no unit, everybody may (ACC-10)."""
    return unit_id is None or (actor.units.holds(unit_id) and actor.may(Action.SEE_SERVICES))


def keep_unsaid(ctx: Context, account_id: int, cards: Sequence[Riding], reason: str) -> None:
    """Keep what somebody is not told, as the outbox keeps what it drops, with the reason: each time, also in a day."""
    key = f"{beside_key(account_id, ctx.today)}:{reason}:{ctx.now.isoformat()}"
    number = say(ctx, to=ToAccount(account_id), answer=together(cards), kind=NoticeKind.REMINDER, key=key,
                 urgency=Urgency.ROUTINE)  # fmt: skip
    if number is not None:
        settle_now(ctx, number, NoticeState.DROPPED, reason)


def together(cards: Sequence[Riding]) -> Answer:
    """Return these cards as one answer: a single one, or side by side."""
    first, *others = (each.card for each in cards)
    return said(Deck(preview=first.preview, cards=(first, *others)) if others else first, choices=HOME)


def keep_said(ctx: Context, cards: Mapping[int, Sequence[Riding]]) -> None:
    """Keep the cards of notices that were just written, by notice."""
    rows = [
        {"notice_id": notice_id, "unit_id": each.unit_id, "said": each.sealed, "said_at": ctx.now}
        for notice_id, riding in cards.items()
        for each in riding
    ]
    _SAID.run(ctx.session, rows)


def units_of_cards(ctx: Context, notice_ids: Collection[int]) -> Mapping[int, Sequence[int | None]]:
    """Return for each of these notices that says cards whose cases each is about."""
    found: dict[int, list[int | None]] = defaultdict(list)
    rows = ctx.session.connection().execute(_UNITS, {"ids": list(notice_ids)}).all() if notice_ids else ()
    for row in rows:
        found[row.notice_id].append(row.unit_id)
    return found


def wait_again(ctx: Context, notice_ids: Collection[int]) -> None:
    """Let the cards of these notices, which are not sent any more, wait for the next digest of whom they concern.

    The others stay in the notices that are kept, with the reason.
    """
    if not notice_ids:
        return
    of_these = SaidCard.notice_id.in_(notice_ids)
    cards = ctx.session.execute(
        select(Notice.account_id, SaidCard.said, SaidCard.unit_id)
        .join(Notice, Notice.id == SaidCard.notice_id)
        .where(of_these, Notice.account_id.is_not(None))
        .order_by(SaidCard.id)
    ).all()
    actors = actors_of(ctx.session, {row.account_id for row in cards}, ctx.today) if cards else {}
    theirs = [row for row in cards if row.account_id in actors and works_for(actors[row.account_id], row.unit_id)]
    _WAITS.run(ctx.session, [{**row._asdict(), "on_day": ctx.today} for row in theirs])
    ctx.session.execute(delete(SaidCard).where(of_these))


def _read(ctx: Context, account_id: int, sealed: Sealed) -> Card | None:
    """Return the card of one row; None where it cannot be read, which is logged."""
    try:
        return next(_cards(from_json(ctx.vault.open(sealed))), None)
    except (SetupError, ValueError) as error:
        kind = type(error).__name__
    log.error("telling_failed", account=account_id, error=kind)
    return None


def _cards(answer: Answer) -> Iterator[Card]:
    return (each for each in answer.messages if isinstance(each, Card))


_SAID_CARDS = cast("Table", SaidCard.__table__)
_SAID = inserting(_SAID_CARDS, ("notice_id", "unit_id", "said", "said_at"))
_WAITS = inserting(cast("Table", DigestCard.__table__), ("account_id", "said", "unit_id", "on_day"))
_UNITS = select(_SAID_CARDS.c.notice_id, _SAID_CARDS.c.unit_id).where(among(_SAID_CARDS.c.notice_id, "ids"))
"""Asked before routine words are sent: built once."""
