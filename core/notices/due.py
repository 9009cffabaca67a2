"""What is due in the outbox: the first notice of each person, what may ride along with it, who else is told the same.

Mails keep their order too: of one account, whose address they go to, and of one mailbox that belongs to no account.

Every row found is locked, and rows that another worker holds are passed over. The statements are built once: they run
many times a second.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, bindparam, exists, or_, select, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from core.among import among, each_of, one_of
from core.cards import MAX_MESSAGES
from core.context import Context
from core.database import UtcDateTime, is_sqlite
from core.many import in_the_order_of_an_index
from core.notices import rules
from core.notices.facts import COLUMNS, Waiting
from core.notices.models import NOTICES, NoticeKind, NoticeState, Urgency, Via

_NOW = bindparam("now", type_=UtcDateTime())
_N = NOTICES.c
_EARLIER, _OTHER = NOTICES.alias().c, NOTICES.alias().c
_OPEN = (NoticeState.CREATED, NoticeState.CLAIMED)


def _is_known(notice: ReadOnlyColumnCollection[str, Column[Any]]) -> ColumnElement[bool]:
    """Return the condition that this version can say a notice: others are left to a newer one, and hold up nobody."""
    return and_(one_of(notice.kind, NoticeKind), one_of(notice.urgency, Urgency))  # A61


_GOES_FIRST = or_(_EARLIER.rank < _N.rank, and_(_EARLIER.rank == _N.rank, _EARLIER.id < _N.id))
_IS_SOON_AGAIN = and_(_EARLIER.tries > 0, _EARLIER.tries < rules.TRIES_IN_ORDER, _EARLIER.failures == 0)
_IS_AHEAD = and_(
    one_of(_EARLIER.state, _OPEN),
    _EARLIER.carried_by.is_(None),
    _is_known(_EARLIER),
    _GOES_FIRST,
    or_(_EARLIER.state == NoticeState.CLAIMED, _EARLIER.not_before <= _NOW, _IS_SOON_AGAIN),
)
"""It goes before, and is due, under way, or soon tried again."""
_BLOCKING = exists().where(_EARLIER.person == _N.person, _EARLIER.via != Via.MAIL, _IS_AHEAD)
_IS_MAIL_AHEAD = and_(one_of(_EARLIER.via, [Via.MAIL]), _EARLIER.kind != NoticeKind.CODE, _IS_AHEAD)
_BLOCKING_MAIL = or_(
    exists().where(_EARLIER.account_id == _N.account_id, _IS_MAIL_AHEAD),
    exists().where(_EARLIER.mailbox == _N.mailbox, _IS_MAIL_AHEAD),
)
_WAITS = or_(
    and_(_N.via != Via.MAIL, _BLOCKING),
    and_(_N.via == Via.MAIL, _N.kind != NoticeKind.CODE, _BLOCKING_MAIL),
)
"""Something of the same person goes before, by the same channel. Of codes only the newest counts, whatever comes first:
none waits for another, and no other mail for them."""

_HEADS = (
    select(*COLUMNS)
    .where(
        or_(
            and_(_N.state == NoticeState.CREATED, _N.not_before <= _NOW),
            and_(_N.state == NoticeState.CLAIMED, _N.lease_until <= _NOW),
        ),
        one_of(_N.state, _OPEN),  # as the partial index has it
        _N.carried_by.is_(None),
        _is_known(_N),
        among(_N.via, "ways"),
        ~_WAITS,
    )
    .order_by(_N.rank, _N.not_before, _N.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=NOTICES)
)
_FRESH_PUSHES = (
    select(*COLUMNS)
    .where(one_of(_N.state, [NoticeState.CREATED]), _N.not_before <= _NOW, _N.via == Via.PUSH)
    .where(_N.retry_key.is_(None), _N.carried_by.is_(None), _is_known(_N))
    .where(~among(_N.id, "taken"))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=NOTICES)
)
_GOES_ALONE = exists().where(
    _EARLIER.person == _N.person,
    _EARLIER.via != Via.MAIL,
    _IS_AHEAD,
    ~among(_EARLIER.id, "taken"),
    or_(
        _EARLIER.state == NoticeState.CLAIMED,
        _EARLIER.not_before > _NOW,
        _EARLIER.via != Via.PUSH,
        _EARLIER.retry_key.is_not(None),
        _EARLIER.alike.is_(None),
    ),
)
"""Something that rides with nobody comes before it: what is behind that waits as well, or it would be heard first."""
_RIDING = (
    _FRESH_PUSHES.where(one_of(_N.state, _OPEN))  # as the partial index has it
    .where(_N.alike.is_not(None), ~_GOES_ALONE)
    .order_by(_N.rank, _N.id)
)
_COMPANIONS = _RIDING.where(among(_N.person, "people"))
_PEOPLE = each_of("people")
_OF_ONE = _RIDING.where(_N.person == _PEOPLE.c.value).lateral("of_one")
_COMPANIONS_OF_EACH = select(*_OF_ONE.c).select_from(_PEOPLE.join(_OF_ONE, true()))
"""The same, each person's queue looked up by itself. Asked for all at once, PostgreSQL guesses as for the heads that
next to nothing waits, reads all that does, and holds every notice of it against every person."""
_CROWD = _FRESH_PUSHES.where(
    _N.alike == bindparam("text"),
    ~exists().where(_OTHER.person == _N.person, _OTHER.id != _N.id, one_of(_OTHER.state, _OPEN)),
).order_by(_N.id)


def heads(ctx: Context, most: int, ways: Collection[Via]) -> list[Waiting]:
    """Lock the first notice of each person that is due, the most urgent first; abandoned ones are due again."""
    asked = {"now": ctx.now, "ways": list(ways), "most": most}
    with in_the_order_of_an_index(ctx.session):
        rows = ctx.session.connection().execute(_HEADS, asked).all()
    return [Waiting._make(row) for row in rows]


def companions(ctx: Context, first: Iterable[Waiting]) -> list[Waiting]:
    """Lock what else is due for the people of these notices and may ride along with them."""
    people = {each.person for each in first if each.person and is_fresh_push(each)}
    if not people:
        return []
    statement, share = (_COMPANIONS, len(people)) if is_sqlite(ctx.session) else (_COMPANIONS_OF_EACH, 1)
    most = share * (MAX_MESSAGES - 1)
    asked = {"now": ctx.now, "people": list(people), "taken": [each.id for each in first], "most": most}
    return [Waiting._make(row) for row in ctx.session.connection().execute(statement, asked).all()]


def crowd(ctx: Context, text: str, taken: Sequence[int], most: int) -> list[Waiting]:
    """Lock the notices that say the same to people to whom nothing else is to be said."""
    asked = {"now": ctx.now, "text": text, "taken": list(taken), "most": most}
    return [Waiting._make(row) for row in ctx.session.connection().execute(_CROWD, asked).all()]


def is_fresh_push(notice: Waiting) -> bool:
    """Return whether a notice may share a request with others: never posted, and nothing private in it."""
    return notice.via is Via.PUSH and notice.retry_key is None and notice.alike is not None
