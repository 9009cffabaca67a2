"""Binding a LINE user to an account: link tokens, nonces, and the bindings themselves (product: bind; A15 to A17).

A link token says whose phone began; a nonce says which account signed in; the ``accountLink`` event brings both
together. Tokens and nonces are kept as keyed hashes, live ten minutes (the limit is exclusive), and work once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.accounts import notices, queries, rules, sessions
from core.accounts.models import Account, Binding, BindingEnd, LinkNonce, LinkToken
from core.accounts.notices import LINK_OVER, LinkRefusal
from core.cards import Answer
from core.context import Context
from core.database import insert_once
from core.errors import Conflict, Expired
from core.inbox.models import Conversation
from core.inbox.speaking import language_of
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, ToPerson, say
from core.secrets import Sealed, new_token

RACES = 3  # two phones that bind at the very same moment: the second looks again
ENDED_AT_ONCE = 100


@dataclass(frozen=True)
class Bound:
    """The LINE user is bound now; ``replaced`` when another phone or account had to give way."""

    account_id: int
    replaced: bool


@dataclass(frozen=True)
class LinkRefused:
    """The LINE user was not bound."""

    reason: LinkRefusal


def remember_link_token(ctx: Context, person: str, token: str) -> None:
    """Remember for whom LINE made a link token, for ten minutes; tokens past that are forgotten on the way."""
    ctx.session.execute(delete(LinkToken).where(LinkToken.expires_at <= ctx.now))
    values = {"token_key": _token_key(ctx, token), "person": person, "expires_at": _end(ctx)}
    insert_once(ctx.session, LinkToken, values, key="token_key")


def token_person(ctx: Context, token: str) -> str | None:
    """Return who a link token was made for, or None when it is unknown or its ten minutes are over."""
    return ctx.session.scalar(
        select(LinkToken.person).where(LinkToken.token_key == _token_key(ctx, token), LinkToken.expires_at > ctx.now)
    )


def token_line_user(ctx: Context, token: str) -> str | None:
    """Return the LINE user id a link token was made for, to ask LINE for the display name; None when unknown (A16)."""
    person = token_person(ctx, token)
    sealed = ctx.session.scalar(select(Conversation.line_user).where(Conversation.person == person))
    return None if person is None or sealed is None else ctx.vault.open(sealed)


def begin_link(ctx: Context, account_id: int, link_token: str) -> str:
    """Return the nonce that ties a signed-in account to the event to come; the link token is spent with it (A15).

    Raises ``Expired`` for a token that is not live, or was used before.
    """
    spent = delete(LinkToken).where(LinkToken.token_key == _token_key(ctx, link_token), LinkToken.expires_at > ctx.now)
    person = ctx.session.scalar(spent.returning(LinkToken.person), execution_options={"synchronize_session": False})
    if person is None:
        raise Expired(LINK_OVER)
    nonce = new_token()
    ctx.session.add(
        LinkNonce(nonce_key=_nonce_key(ctx, nonce), account_id=account_id, person=person, expires_at=_end(ctx))
    )
    ctx.note("link.begun", f"account:{account_id}")
    return nonce


def complete_link(ctx: Context, person: str, line_user: Sealed, nonce: str) -> Bound | LinkRefused:
    """Bind whoever the event names to the account behind the nonce; older bindings of both give way and are told.

    An account that chose no language takes the one its person asked for in the chat.
    """
    account_id = _spend(ctx, person, nonce)
    if account_id is None:
        return LinkRefused(_why_not(ctx, person, nonce))
    account = ctx.session.scalars(select(Account).where(Account.id == account_id).with_for_update(of=Account)).one()
    if queries.standing_of(account, ctx.today) is not rules.Standing.ACTIVE:
        return LinkRefused(LinkRefusal.ACCOUNT_CLOSED)
    replaced = _bind(ctx, account, person, line_user)
    account.language = account.language or language_of(ctx.session, person)  # asked for before it was bound
    ctx.note("link.bound", f"account:{account_id}", ("binding",))
    return Bound(account_id, replaced)


def unbind(ctx: Context, account_id: int, ending: BindingEnd) -> bool:
    """End an account's binding; False when it has none. The owner is told by mail unless they did it themselves."""
    binding = _open_binding(ctx, Binding.account_id == account_id)
    if binding is None:
        return False
    _end_binding(ctx, binding, ending)
    if ending is not BindingEnd.BY_USER:
        account = ctx.session.get_one(Account, account_id)
        _mail(ctx, account, notices.unbound_by_mail(account.code, ctx.now, ending.label), f"unbound:{binding.id}")
    return True


def end_bindings_of_ended(ctx: Context) -> int:
    """Unbind up to a hundred accounts that may no longer be used: a binding ends with its account. Return how many."""
    over = or_(Account.disabled_at.is_not(None), Account.ends_on < ctx.today)
    ids = ctx.session.scalars(
        select(Binding.account_id).join(Account).where(Binding.ended_at.is_(None), over).limit(ENDED_AT_ONCE)
    ).all()
    return sum(unbind(ctx, account_id, BindingEnd.ACCOUNT_ENDED) for account_id in ids)


def mark_blocked(ctx: Context, person: str) -> None:
    """Keep the binding of somebody who unfollowed, but stop pushes to them."""
    _mark(ctx, person, ctx.now)


def mark_unblocked(ctx: Context, person: str) -> None:
    """Resume pushes to somebody who follows again."""
    _mark(ctx, person, None)


def _spend(ctx: Context, person: str, nonce: str) -> int | None:
    """Use a nonce up, if this person may: one UPDATE, so that of two at once one wins."""
    return ctx.session.scalar(
        update(LinkNonce)
        .where(
            LinkNonce.nonce_key == _nonce_key(ctx, nonce),
            LinkNonce.used_at.is_(None),
            LinkNonce.expires_at > ctx.now,
            or_(LinkNonce.person.is_(None), LinkNonce.person == person),
        )
        .values(used_at=ctx.now)
        .returning(LinkNonce.account_id),
        execution_options={"synchronize_session": False},
    )


def _why_not(ctx: Context, person: str, nonce: str) -> LinkRefusal:
    row = ctx.session.get(LinkNonce, _nonce_key(ctx, nonce), populate_existing=True)
    if row is None:
        return LinkRefusal.UNKNOWN
    if row.person not in (None, person):
        return LinkRefusal.OTHER_PERSON
    return LinkRefusal.USED if row.used_at is not None else LinkRefusal.EXPIRED


def _bind(ctx: Context, account: Account, person: str, line_user: Sealed) -> bool:
    """Make the one open binding of both; the unique indexes decide when another transaction does the same."""
    replaced = False
    for _ in range(RACES):
        own = _open_binding(ctx, Binding.account_id == account.id)
        if own is not None and own.person == person:
            own.line_user, own.blocked_at = line_user, None
            return replaced
        replaced = _give_way(ctx, account, person, own) or replaced
        binding = Binding(account_id=account.id, person=person, line_user=line_user, bound_at=ctx.now)
        try:
            with ctx.session.begin_nested():
                ctx.session.add(binding)
        except IntegrityError:
            continue  # somebody bound this person meanwhile: that binding is seen now, and gives way
        _mail(ctx, account, notices.bound_by_mail(account.code, ctx.now), f"bound:{binding.id}")
        return replaced
    raise Conflict(LinkRefusal.USED.label)


def _give_way(ctx: Context, account: Account, person: str, own: Binding | None) -> bool:
    """End the account's older phone and the person's older account; each is told. Return whether there was one."""
    if own is not None:
        _end_binding(ctx, own, BindingEnd.REPLACED)
        _tell_old_phone(ctx, account, own)
    other = _open_binding(ctx, Binding.person == person)
    if other is not None:
        _end_binding(ctx, other, BindingEnd.REPLACED)
        owner = ctx.session.get_one(Account, other.account_id)
        answer = notices.unbound_by_mail(owner.code, ctx.now, notices.PERSON_MOVED)
        _mail(ctx, owner, answer, f"unbound:{other.id}")
    return own is not None or other is not None


def _tell_old_phone(ctx: Context, account: Account, old: Binding) -> None:
    say(
        ctx,
        to=ToPerson(old.person, old.line_user, account_id=account.id),
        answer=notices.moved_to_new_phone(ctx.now),
        kind=NoticeKind.BINDING,
        key=f"moved:{old.id}",
        urgency=Urgency.ALWAYS,
    )


def _mail(ctx: Context, account: Account, answer: Answer, key: str) -> None:
    to = ToAddress(account.id, account.email)
    say(ctx, to=to, answer=answer, kind=NoticeKind.BINDING, key=key, urgency=Urgency.ALWAYS)


def _open_binding(ctx: Context, which: ColumnElement[bool]) -> Binding | None:
    return ctx.session.scalar(
        select(Binding)
        .where(which, Binding.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _end_binding(ctx: Context, binding: Binding, ending: BindingEnd) -> None:
    """End a binding, and the account's sessions with it: its phone's browser may be in other hands (ACC-3, A27)."""
    sessions.end_all(ctx, binding.account_id)
    binding.ended_at, binding.ending = ctx.now, ending
    ctx.session.flush()
    ctx.note("link.ended", f"account:{binding.account_id}", ("binding",))


def _mark(ctx: Context, person: str, blocked_at: datetime | None) -> None:
    binding = _open_binding(ctx, Binding.person == person)
    if binding is not None:
        binding.blocked_at = blocked_at


def _end(ctx: Context) -> datetime:
    return ctx.now + timedelta(minutes=ctx.policy.link_minutes)


def _token_key(ctx: Context, token: str) -> str:
    return ctx.vault.derive("link-token", token).hex()


def _nonce_key(ctx: Context, nonce: str) -> str:
    return ctx.vault.derive("link-nonce", nonce).hex()
