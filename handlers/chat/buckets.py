"""The list behind each number of 待辦: by the number's button, or by the bucket's name typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from core.access import Action
from core.buttons import ShowBucket
from core.cards import Answer
from core.checks import notices as check_notices
from core.checks import queries as checks
from core.checks.models import CheckBucket
from core.closures import lists as service_lists
from core.closures import queries as services
from core.closures.kinds import ClosureBucket
from core.dispatches import notices as dispatch_notices
from core.dispatches import queries as dispatches
from core.dispatches.models import DispatchBucket
from core.duties.notices import CHECKS, DISPATCHES
from core.duties.to_review import to_review
from core.errors import Expired
from core.labels import Labelled
from core.records import notices as record_notices
from handlers.chat import records
from handlers.chat.dialogs import goes_on
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import duties as views
from handlers.chat.views.reviews import with_reviews
from handlers.chat.words import list_name, normal

B = TypeVar("B", bound=Labelled)

_SAID_OF_BOTH = frozenset({"late", "returned"})
"""Values of the buckets that people mean together: 退件 is said of checks and of replies."""

RETURNED_LATE = DispatchBucket.RETURNED_LATE
_TO_DO = (CheckBucket.LATE, CheckBucket.RETURNED, CheckBucket.WAITING)
_CHECKED = (CheckBucket.NEED_UNKNOWN, CheckBucket.WITH_NEED, CheckBucket.WITHOUT_NEED)
CLOSED_SERVICES = "已結案個案"
LISTS = tuple(each.label for kind in (DispatchBucket, CheckBucket, ClosureBucket) for each in kind)
"""The names of the lists, as they are typed."""

router = Router()


def dispatches_named(text: str) -> DispatchBucket | None:
    """Return the bucket of dispatches of this name, given as a normal text."""
    return _named(DispatchBucket, text)


def checks_named(text: str) -> CheckBucket | None:
    """Return the bucket of checks of this name, given as a normal text."""
    return _named(CheckBucket, text)


def services_named(text: str) -> ClosureBucket | None:
    """Return the bucket of services of this name; 已結案 alone is the dispatches', so theirs is 已結案個案."""
    return _named(ClosureBucket, text) or (ClosureBucket.CLOSED if text == CLOSED_SERVICES else None)


@router.matches(dispatches_named)
def dispatches_by_name(turn: Turn, bucket: DispatchBucket) -> Answer:
    """Show a bucket of dispatches; whoever has to do with checks alone gets theirs of that kind."""
    if bucket.value in _SAID_OF_BOTH and not turn.ctx.actor.may(Action.SEE_DISPATCHES):
        return _checks(turn, _of_value(CheckBucket, bucket.value))
    return _dispatches_and_others(turn, bucket)


@router.matches(checks_named)
def checks_by_name(turn: Turn, bucket: CheckBucket) -> Answer:
    """Show a bucket of checks; whoever has to do with dispatches alone gets theirs of that kind."""
    if bucket.value in _SAID_OF_BOTH and not turn.ctx.actor.may(Action.SEE_CHECKS):
        return _dispatches_and_others(turn, _of_value(DispatchBucket, bucket.value))
    shown = _checks(turn, bucket)
    if bucket is not CheckBucket.RETURNED or not turn.ctx.actor.may(Action.SEE_DISPATCHES):
        return shown
    counts = dispatches.buckets(turn.ctx)
    return views.with_others(shown, [(each, counts[each]) for each in (DispatchBucket.RETURNED, RETURNED_LATE)])


@router.says("檢核單", "檢核", "我的檢核", "我的檢核單", "查檢核", "查檢核單", "檢核清單", "檢核單清單", "幸福保衛站")
def own_checks(turn: Turn) -> Answer:
    """Show the checks that are to be done, the worst list first."""
    return _first_of(turn, _TO_DO)


@router.says("已檢核", "已檢核的", "檢核完的", "檢核過的", "已檢核清單")
def checked(turn: Turn) -> Answer:
    """Show what has been checked: the list where there is one, else how many each list holds, by what was found."""
    counts = checks.buckets(turn.ctx)
    filled = [bucket for bucket in _CHECKED if counts[bucket]]
    if len(filled) == 1:
        return _checks(turn, filled[0])
    return views.checked_figures({bucket: counts[bucket] for bucket in filled})


@router.says("結案進度", "個案進度", "個案清單", "我的個案")
def closing_figures(turn: Turn) -> Answer:
    """Show how many services stand in each bucket of closing (CLOSE-10)."""
    return service_lists.figures_answer(services.buckets(turn.ctx))


@router.matches(services_named)
def services_by_name(turn: Turn, bucket: ClosureBucket) -> Answer:
    """Show a bucket of services."""
    return _services(turn, bucket)


@router.pressed(ShowBucket)
def by_number(turn: Turn, button: ShowBucket) -> Answer:
    """Show a button's bucket; raises ``Expired`` for one that is no more."""
    if button.area == DISPATCHES:
        return _dispatches(turn, _of_value(DispatchBucket, button.bucket), button.start)
    if button.area == CHECKS:
        return _checks(turn, _of_value(CheckBucket, button.bucket), button.start)
    if button.area == service_lists.AREA:
        return _services(turn, _of_value(ClosureBucket, button.bucket), button.start)
    if button.area == record_notices.AREA:
        return records.page(turn, button.start)
    raise Expired(views.BUCKET_GONE)


def _first_of(turn: Turn, buckets: Sequence[CheckBucket]) -> Answer:
    """Return the first of these lists that has a check, and how many stand in the others."""
    counts = checks.buckets(turn.ctx)
    shown = next((each for each in buckets if counts[each]), buckets[-1])
    return views.with_others(_checks(turn, shown), [(each, counts[each]) for each in buckets if each is not shown])


def _dispatches_and_others(turn: Turn, bucket: DispatchBucket) -> Answer:
    """Return a list of dispatches, and how many stand in the other lists that its name is said of."""
    shown = _dispatches(turn, bucket)
    if bucket is DispatchBucket.TO_REVIEW:
        return with_reviews(shown, to_review(turn.ctx))
    if bucket.value not in _SAID_OF_BOTH:
        return shown
    others: list[tuple[DispatchBucket | CheckBucket, int]] = []
    if turn.ctx.actor.may(Action.SEE_CHECKS):
        like = _of_value(CheckBucket, bucket.value)
        others.append((like, checks.buckets(turn.ctx)[like]))
    others.append((RETURNED_LATE, dispatches.buckets(turn.ctx)[RETURNED_LATE]))
    return views.with_others(shown, others)


def _dispatches(turn: Turn, bucket: DispatchBucket, start: int = 0) -> Answer:
    page = dispatches.in_bucket(turn.ctx, bucket, start)
    if start and not page.rows:
        return _dispatches(turn, bucket)
    _goes_on(turn, DISPATCHES, bucket, page.next_start)
    return dispatch_notices.bucket_answer(bucket, page, turn.ctx.now)


def _checks(turn: Turn, bucket: CheckBucket, start: int = 0) -> Answer:
    page = checks.in_bucket(turn.ctx, bucket, start)
    if start and not page.rows:
        return _checks(turn, bucket)
    _goes_on(turn, CHECKS, bucket, page.next_start)
    return check_notices.bucket_answer(bucket, page, turn.ctx.now)


def _services(turn: Turn, bucket: ClosureBucket, start: int = 0) -> Answer:
    page = services.in_bucket(turn.ctx, bucket, start)
    if start and not page.rows:
        return _services(turn, bucket)
    _goes_on(turn, service_lists.AREA, bucket, page.next_start)
    return service_lists.services_answer(bucket, page)


def _goes_on(turn: Turn, area: str, bucket: DispatchBucket | CheckBucket | ClosureBucket, start: int | None) -> None:
    goes_on(turn, None if start is None else ShowBucket(area, bucket.value, start))


def _named(buckets: Iterable[B], text: str) -> B | None:
    return next((bucket for bucket in buckets if normal(bucket.label) == list_name(text)), None)


def _of_value(buckets: Iterable[B], value: str) -> B:
    bucket = next((bucket for bucket in buckets if bucket.value == value), None)
    if bucket is None:
        raise Expired(views.BUCKET_GONE)
    return bucket
