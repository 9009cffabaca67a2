"""Saying something: a row in the outbox, written in the transaction of the change that causes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, select, update

from core.access import Action, require
from core.accounts import queries as accounts
from core.accounts.queries import Reach
from core.among import one_of
from core.cards import MAX_MESSAGES, Answer, Message, from_json
from core.context import Context
from core.database import insert_once
from core.inbox import speaking
from core.language.models import Language
from core.language.service import in_language, language_of
from core.notices import notices, rules
from core.notices.models import NOTICES, Notice, NoticeDuty, NoticeKind, NoticeState, Urgency, Via, WhyMail
from core.secrets import Sealed

ALONE = ('"challenge"', '"account_link"')  # as the stored form writes a code and the button of a binding page
TOLD = "told"
TOLD_WITHIN = timedelta(days=7)  # older than this, nobody remembers having asked
TOLD_AT_MOST = 100
PARKED = (NoticeState.HELD, NoticeState.GIVEN_UP)


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
class Words:
    """What is said, sealed: once for all who are told the same."""

    said: Sealed
    alike: str | None


@dataclass(frozen=True)
class ToPerson:
    """Whoever just wrote: as a reply while the token lives, else as a push."""

    person: str
    line_user: Sealed
    account_id: int | None = None
    reply_token: Sealed | None = None
    reply_token_at: datetime | None = None
    language: Language | None = None
    """What they are spoken to in, where that is known; None: it is looked up."""


def say(
    ctx: Context,
    *,
    to: ToAccount | ToAddress | ToPerson,
    answer: Answer,
    kind: NoticeKind,
    key: str,
    urgency: Urgency,
    duties: Sequence[int] = (),
) -> int | None:
    """Queue an answer to somebody, once for each ``key``; return its number, None when it was said or queued before.

    It is said in their language, whatever it was written in.

    ``duties`` are the duties it speaks of: it is dropped if all of them have ended before it is sent.
    """
    spoken = words(ctx, answer, _language(ctx, to))
    values = _facts(ctx, to) | columns(ctx, spoken, kind=kind, key=key, urgency=urgency)
    notice_id = insert_once(ctx.session, Notice, values, key="dedupe_key")
    if notice_id is None:
        return None
    ctx.session.add_all(NoticeDuty(notice_id=notice_id, duty_id=duty) for duty in sorted(set(duties)))
    return int(notice_id)


def words(ctx: Context, answer: Answer, language: Language = Language.CHINESE) -> Words:
    """Return an answer as the outbox keeps it, in a language."""
    text = in_language(answer, language).to_json()
    return Words(ctx.vault.seal(text), _alike(ctx, text))


def _language(ctx: Context, to: ToAccount | ToAddress | ToPerson) -> Language:
    """Return what somebody is spoken to in: what their account chose, else what they asked for in the chat."""
    if isinstance(to, ToPerson) and to.language is not None:
        return to.language
    asked = None if to.account_id is None else accounts.language_of(ctx.session, to.account_id)
    if asked is None and isinstance(to, ToPerson):
        asked = speaking.language_of(ctx.session, to.person)
    return asked or Language.CHINESE


def columns(ctx: Context, spoken: Words, *, kind: NoticeKind, key: str, urgency: Urgency) -> dict[str, object]:
    """Return the columns of a new notice, but those that say whom it reaches and how."""
    return {
        "dedupe_key": key,
        "kind": kind,
        "urgency": urgency,
        "rank": rules.rank(urgency),
        "said": spoken.said,
        "alike": spoken.alike,
        "created_at": ctx.now,
        "not_before": rules.not_before(urgency, ctx.now, ctx.policy),
        "state": NoticeState.CREATED,
        "reason": "",
        "tries": 0,
        "failures": 0,
        "may_be_out": False,
        "request_id": "",
    }


def _facts(ctx: Context, to: ToAccount | ToAddress | ToPerson) -> dict[str, object]:
    if isinstance(to, ToAddress):
        mailbox = _mailbox(ctx, to.address) if to.account_id is None else None
        return {"account_id": to.account_id, "address": to.address, "mailbox": mailbox, "via": Via.MAIL}
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


def _mailbox(ctx: Context, address: Sealed) -> str:
    return ctx.vault.look_up("mailbox", ctx.vault.open(address))


def reach_columns(account_id: int, reach: Reach, by_mail: WhyMail | None = None) -> dict[str, object]:
    """Return the columns that say how an account is reached: LINE where it can be, else e-mail, and why.

    ``by_mail`` is why it goes by mail although LINE could be used. To which address, is asked when it is sent.
    """
    why = _why_mail(reach) or by_mail
    person, line_user = (reach.person, reach.line_user) if why is None else (None, None)
    way = {"via": Via.PUSH if why is None else Via.MAIL, "why_mail": why, "address": None}
    return {"account_id": account_id, "person": person, "line_user": line_user, **way}


def _why_mail(reach: Reach) -> WhyMail | None:
    if reach.person is None:
        return WhyMail.UNBOUND
    return WhyMail.BLOCKED if reach.blocked else None


def _alike(ctx: Context, said: str) -> str | None:
    """Return what is the same for the same text; None for what goes to one person alone: codes and binding pages."""
    return None if any(mark in said for mark in ALONE) else ctx.vault.derive("alike", said).hex()


def mark_seen(ctx: Context, person: str) -> None:
    """Note that a person wrote or tapped: what LINE took for them until now stood before their eyes."""
    ctx.session.execute(_SEE, {"whose": person, "at": ctx.now})


def with_unanswered(ctx: Context, person: str, account_id: int | None, answer: Answer) -> Answer:
    """Return an answer with what its person may have missed before it, once: a reply of unknown fate, refused mail.

    What was asked again and is answered alike is not said twice; what has no room is asked to be asked again.
    """
    missed = [_missed_reply(ctx, person, answer)]
    if account_id is not None and _told_once(ctx, _UNREACHABLE, account_id):
        missed.append((notices.UNREACHED,))
    before = tuple(message for each in missed for message in each)
    if not before or len(before) + len(answer.messages) > MAX_MESSAGES:
        before = (notices.ASK_AGAIN,) if before and len(answer.messages) < MAX_MESSAGES else ()
    return answer.model_copy(update={"messages": (*before, *answer.messages)})


def release(ctx: Context, notice_ids: Collection[int]) -> int:
    """Send what was held or set aside after all, as new messages, by whatever way its person is reached now (A60).

    Returns how many there were. Raises ``NotAllowed`` for all but administrators.
    """
    require(ctx.actor, Action.DECIDE_MESSAGES)
    anew = {"state": NoticeState.CREATED, "reason": "released", "not_before": ctx.now, "released_at": ctx.now}
    clean = {"settled_at": None, "tries": 0, "failures": 0, "retry_key": None, "first_tried_at": None, "body": None}
    decided = _decide(ctx, notice_ids, anew | clean | {"may_be_out": False, "carried_by": None, "lease": None})
    ctx.session.execute(  # what rode along with one of these waits for a decision of its own, or had it
        update(Notice).where(Notice.carried_by.in_(decided)).values(carried_by=None),
        execution_options={"synchronize_session": False},
    )
    return len(decided)


def dismiss(ctx: Context, notice_ids: Collection[int]) -> int:
    """Drop what was held or set aside: it is said no more. Returns how many; raises as ``release`` does."""
    require(ctx.actor, Action.DECIDE_MESSAGES)
    return len(_decide(ctx, notice_ids, {"state": NoticeState.DROPPED, "reason": "dismissed", "settled_at": ctx.now}))


def _decide(ctx: Context, notice_ids: Collection[int], values: dict[str, object]) -> Sequence[int]:
    """Write down what was decided; return of which: those that are under way meanwhile are left alone."""
    decided = ctx.session.scalars(
        update(Notice).where(Notice.id.in_(notice_ids), Notice.state.in_(PARKED)).values(**values).returning(Notice.id),
        execution_options={"synchronize_session": False},
    ).all()
    for notice_id in decided:
        ctx.note(f"notice.{values['reason']}", f"notice:{notice_id}", ("state",))
    return decided


def _missed_reply(ctx: Context, person: str, answer: Answer) -> tuple[Message, ...]:
    said = _told_once(ctx, _AMBIGUOUS, person)
    if said is None:
        return ()
    missed = from_json(ctx.vault.open(said))
    anew = in_language(answer, language_of(missed))
    return () if missed.messages == anew.messages else (notices.AGAIN, *missed.messages)


def _told_once(ctx: Context, which: Select[int, Sealed], whose: str | int) -> Sealed | None:
    """Return the newest of these that its person was not told of, and note of all of them that they were."""
    found = ctx.session.execute(which, {"whose": whose, "since": ctx.now - TOLD_WITHIN}).all()
    if not found:
        return None
    told = update(Notice).where(Notice.id.in_([row.id for row in found])).values(reason=TOLD)
    ctx.session.execute(told, execution_options={"synchronize_session": False})
    newest: Sealed = found[0].said
    return newest


# Made once: every answer asks these.
_SEE = (
    NOTICES.update()
    .where(NOTICES.c.person == bindparam("whose"), one_of(NOTICES.c.state, [NoticeState.ACCEPTED]))
    .where(NOTICES.c.seen_at.is_(None), NOTICES.c.via != Via.MAIL, NOTICES.c.settled_at <= bindparam("at"))
    .values(seen_at=bindparam("at"))
)
_UNTOLD = (
    select(NOTICES.c.id, NOTICES.c.said)
    .where(NOTICES.c.reason != TOLD, NOTICES.c.settled_at > bindparam("since"))
    .order_by(NOTICES.c.id.desc())
    .limit(TOLD_AT_MOST)
)
_UNREACHABLE = _UNTOLD.where(NOTICES.c.account_id == bindparam("whose"), NOTICES.c.state == NoticeState.UNREACHABLE)
_AMBIGUOUS = _UNTOLD.where(
    NOTICES.c.person == bindparam("whose"),
    NOTICES.c.kind == NoticeKind.ANSWER,
    one_of(NOTICES.c.state, [NoticeState.AMBIGUOUS]),
)
