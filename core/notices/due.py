"""What is due in the outbox: the first notice of each person, what may ride along with it, who else is told the same.

Every row found is locked, and rows that another worker holds are passed over. The statements are built once: they run
many times a second.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from core.cards import MAX_MESSAGES
from core.context import Context
from core.database import UtcDateTime
from core.notices import rules
from core.notices.facts import COLUMNS, Waiting
from core.notices.models import Notice, NoticeState, Via

_NOW = bindparam("now", type_=UtcDateTime())
_EARLIER, _OTHER = aliased(Notice), aliased(Notice)
_OPEN = (NoticeState.CREATED, NoticeState.CLAIMED)

_GOES_FIRST = or_(_EARLIER.rank < Notice.rank, and_(_EARLIER.rank == Notice.rank, _EARLIER.id < Notice.id))
_IS_SOON_AGAIN = and_(_EARLIER.tries > 0, _EARLIER.tries < rules.TRIES_IN_ORDER, _EARLIER.failures == 0)
_BLOCKING = exists().where(
    _EARLIER.person == Notice.person,
    _EARLIER.state.in_(_OPEN),
    _EARLIER.carried_by.is_(None),
    _EARLIER.via != Via.MAIL,
    _GOES_FIRST,
    or_(_EARLIER.state == NoticeState.CLAIMED, _EARLIER.not_before <= _NOW, _IS_SOON_AGAIN),
)
"""Something of the same person goes before: it is due, under way, or soon tried again."""

_HEADS = (
    select(*COLUMNS)
    .where(
        or_(
            and_(Notice.state == NoticeState.CREATED, Notice.not_before <= _NOW),
            and_(Notice.state == NoticeState.CLAIMED, Notice.lease_until <= _NOW),
        ),
        Notice.state.in_(_OPEN),  # as the partial index has it
        Notice.carried_by.is_(None),
        Notice.via.in_(bindparam("ways", expanding=True)),
        or_(Notice.via == Via.MAIL, ~_BLOCKING),
    )
    .order_by(Notice.rank, Notice.not_before, Notice.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Notice)
)
_FRESH_PUSHES = (
    select(*COLUMNS)
    .where(Notice.state == NoticeState.CREATED, Notice.not_before <= _NOW, Notice.via == Via.PUSH)
    .where(Notice.retry_key.is_(None), Notice.carried_by.is_(None))
    .where(Notice.id.not_in(bindparam("taken", expanding=True)))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Notice)
)
_COMPANIONS = _FRESH_PUSHES.where(
    Notice.person.in_(bindparam("people", expanding=True)), Notice.alike.is_not(None)
).order_by(Notice.rank, Notice.id)
_CROWD = _FRESH_PUSHES.where(
    Notice.alike == bindparam("text"),
    ~exists().where(_OTHER.person == Notice.person, _OTHER.id != Notice.id, _OTHER.state.in_(_OPEN)),
).order_by(Notice.id)


def heads(ctx: Context, most: int, ways: Collection[Via]) -> list[Waiting]:
    """Lock the first notice of each person that is due, the most urgent first; abandoned ones are due again."""
    asked = {"now": ctx.now, "ways": list(ways), "most": most}
    return [Waiting._make(row) for row in ctx.session.execute(_HEADS, asked).all()]


def companions(ctx: Context, first: Iterable[Waiting]) -> list[Waiting]:
    """Lock what else is due for the people of these notices and may ride along with them."""
    people = {each.person for each in first if each.person and is_fresh_push(each)}
    if not people:
        return []
    most = len(people) * (MAX_MESSAGES - 1)
    asked = {"now": ctx.now, "people": list(people), "taken": [each.id for each in first], "most": most}
    return [Waiting._make(row) for row in ctx.session.execute(_COMPANIONS, asked).all()]


def crowd(ctx: Context, text: str, taken: Sequence[int], most: int) -> list[Waiting]:
    """Lock the notices that say the same to people to whom nothing else is to be said."""
    asked = {"now": ctx.now, "text": text, "taken": list(taken), "most": most}
    return [Waiting._make(row) for row in ctx.session.execute(_CROWD, asked).all()]


def is_fresh_push(notice: Waiting) -> bool:
    """Return whether a notice may share a request with others: never posted, and nothing private in it."""
    return notice.via is Via.PUSH and notice.retry_key is None and notice.alike is not None
