"""What must be true of a notice that was dropped, or set aside, for a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from core.clock import taipei_date
from core.notices.models import Notice, NoticeKind, NoticeState
from tests.city.told import Stand, is_of_digest


def is_true(stand: Stand, notice: Notice) -> bool:
    """Say whether the reason of a notice is true of it; one that is not known here is not."""
    held = _TRUE.get(notice.reason)
    return held is not None and held(stand, notice)


def _duties_ended(stand: Stand, notice: Notice) -> bool:
    duties = stand.duties_of(notice)
    return bool(duties) and all(stand.has_ended(notice, each) for each in duties)


def _duties_moved(stand: Stand, notice: Notice) -> bool:
    """Say whether all ended or arose anew since, and not all of them ended."""
    duties = stand.duties_of(notice)
    moved = [each for each in duties if stand.has_moved(notice, each)]
    return bool(moved) and all(each in moved or stand.has_ended(notice, each) for each in duties)


def _changed(stand: Stand, notice: Notice) -> bool:
    """Say whether a digest that is not out, or the one it goes beside, says some things that are so no more."""
    digests = [each for each in stand.notices.values() if each.kind is NoticeKind.DIGEST]
    mine = [each for each in digests if each.account_id == notice.account_id]
    return is_of_digest(notice) and not notice.may_be_out and any(_is_mixed(stand, each, notice) for each in mine)


def _is_mixed(stand: Stand, digest: Notice, notice: Notice) -> bool:
    """Say whether of what a digest speaks of some ended or moved by the time a notice was settled, and some did not."""
    at = notice.settled_at
    assert at is not None
    moved = {each.id for each in stand.duties_of(digest) if digest.created_at < each.arose_at <= at}
    over = {stand.has_ended(notice, each) or each.id in moved for each in stand.duties_of(digest)}
    return over == {True, False}


def _day_off(stand: Stand, notice: Notice) -> bool:
    written, settled = _days(notice)
    return is_of_digest(notice) and written == settled and not stand.ctx.calendar.is_working_day(settled)


def _newer_digest(stand: Stand, notice: Notice) -> bool:
    """Say whether it is of an earlier day; what may be out waits until that day's is written."""
    written, settled = _days(notice)
    newer = (
        each.account_id == notice.account_id and is_of_digest(each) and taipei_date(each.created_at) >= settled
        for each in stand.notices.values()
    )
    return is_of_digest(notice) and written < settled and (not notice.may_be_out or any(newer))


def _account_ended(stand: Stand, notice: Notice) -> bool:
    return notice.account_id is not None and notice.account_id not in stand.actors


def _not_theirs(stand: Stand, notice: Notice) -> bool:
    """Say whether its person sees something no more that it speaks of, or may: of some cards it is not known here."""
    is_known = notice.kind is NoticeKind.DIGEST or not is_of_digest(notice)
    is_known = is_known or stand.cards.knows_all(stand.ctx, notice)
    return notice.account_id in stand.actors and not (is_known and stand.is_theirs(notice))


def _parted(stand: Stand, notice: Notice) -> bool:
    """Say whether it is still its person's, and something else in its request is not."""
    carrier = notice.carried_by or notice.id
    together = [each for each in stand.notices.values() if carrier in (each.id, each.carried_by)]
    gone = [each for each in together if (each.state, each.reason) == (NoticeState.DROPPED, "not_theirs")]
    return bool(gone) and stand.is_theirs(notice)


def _days(notice: Notice) -> tuple[date, date]:
    assert notice.settled_at is not None
    return taipei_date(notice.created_at), taipei_date(notice.settled_at)


_TRUE: Mapping[str, Callable[[Stand, Notice], bool]] = {
    "account_ended": _account_ended,
    "changed": _changed,
    "day_off": _day_off,
    "dismissed": lambda _stand, _notice: True,
    "duties_ended": _duties_ended,
    "duties_moved": _duties_moved,
    "expired": lambda _stand, notice: notice.kind is NoticeKind.CODE,
    "newer_digest": _newer_digest,
    "not_theirs": _not_theirs,
    "parted": _parted,
    "unbound": lambda _stand, notice: notice.kind in (NoticeKind.ANSWER, NoticeKind.CODE),
}
