"""What is asked of a notice at the moment LINE or the mail server takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import and_, case, func, select

from core.clock import TAIPEI
from core.duties.models import Duty
from core.notices.models import Notice, NoticeDuty, NoticeKind, Urgency
from tests.city.told import is_of_digest

QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 30)


@dataclass(frozen=True)
class Heard:
    """One notice in a request that is taken."""

    id: int
    urgency: Urgency
    first_tried_at: datetime | None
    kind: NoticeKind
    account_id: int | None
    dedupe_key: str
    released_at: datetime | None
    tries: int
    duties: int
    ended: int
    over: int
    """Of its duties, so many ended or arose anew since it was written."""

    @property
    def is_begun(self) -> bool:
        """Whether a digest, or what rides with one, is tried for the first time, and by no person's decision."""
        return is_of_digest(self) and self.released_at is None and self.tries == 1

    @property
    def cannot_wait(self) -> bool:
        """Whether it may be said in the quiet hours."""
        return self.urgency is Urgency.ALWAYS

    @property
    def was_tried_by_day(self) -> bool:
        """Whether its request was made outside the quiet hours."""
        return self.first_tried_at is not None and not is_quiet(self.first_tried_at)

    @property
    def is_over(self) -> bool:
        """Whether all it speaks of has ended."""
        return 0 < self.duties == self.ended

    @property
    def is_told_anew(self) -> bool:
        """Whether all it speaks of has ended, or is told as it is by now."""
        return 0 < self.duties == self.over


def is_quiet(now: datetime) -> bool:
    """Say whether only what cannot wait may be said."""
    clock = now.astimezone(TAIPEI).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


_AS_IT_WAS = case((and_(Duty.ended_at.is_(None), Duty.arose_at <= Notice.created_at), Duty.id))
HEARD = (
    select(
        *(Notice.id, Notice.urgency, Notice.first_tried_at, Notice.kind, Notice.account_id, Notice.dedupe_key),
        *(Notice.released_at, Notice.tries),
        *(func.count(Duty.id), func.count(Duty.ended_at), func.count(Duty.id) - func.count(_AS_IT_WAS)),
    )
    .join(NoticeDuty, NoticeDuty.notice_id == Notice.id, isouter=True)
    .join(Duty, Duty.id == NoticeDuty.duty_id, isouter=True)
    .group_by(Notice.id)
)
