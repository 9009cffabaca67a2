"""What is asked of the database and of the platform while the whole system is killed, and at the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.simulator.jsons import objects_in, text_at
from bot.simulator.tokens import Acceptance, RetryKeys
from bot.simulator.world import Accepted
from core.context import Core
from core.duties.models import Duty, UrgentItem
from core.inbox.models import EventState, InboxEvent
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState, Via
from tests.faults.account import Account, Heard, Told

if TYPE_CHECKING:
    from tests.faults.whole import Whole


@dataclass
class CountingKeys(RetryKeys):
    """The platform's memory of retry keys, which counts how often it knew one."""

    asked_again: int = 0

    def find(self, key: str, now: datetime) -> Acceptance | None:
        """Return the earlier acceptance, and count it."""
        found = super().find(key, now)
        self.asked_again += found is not None
        return found


OPEN = (NoticeState.CREATED, NoticeState.CLAIMED)


def left(core: Core) -> tuple[int, ...]:
    """Return what is still to be handled, told and said, each as a number; nothing if nothing is."""
    counted = (
        select(func.count()).select_from(InboxEvent).where(InboxEvent.state == EventState.WAITING),
        select(func.count()).select_from(Notice).where(Notice.state.in_(OPEN)),
        select(func.count()).select_from(UrgentItem),
        select(func.count()).select_from(Duty).where(Duty.ended_at.is_(None), Duty.reminded_at.is_(None)),
    )
    with core.store.reading() as session:
        found = tuple(session.scalar(each) or 0 for each in counted)
    return found if any(found) else ()


def account(house: Whole) -> Account:
    """Gather all that is compared."""
    accepted = house.platform.accepted()
    return Account(
        notices=_told(house),
        heard=[_heard(each) for each in accepted],
        events=_events(house.core),
        said=house.crowd.said,
        spent=frozenset(each.reply_token for each in accepted if each.reply_token),
        owed=house.people.owed,
        announced=house.announced,
    )


def seen(house: Whole) -> Counter[str]:
    """Return how much of everything there was."""
    notices = _told(house)
    ways = Counter(each.via for each in notices if each.state is NoticeState.ACCEPTED)
    unsure = sum(each.state is NoticeState.AMBIGUOUS for each in notices)
    posted = house.platform.webhooks
    restarts = {"restarts of the server": house.restarts} if house.restart is not None else {}
    return Counter(
        restarts
        | {
            "messages": len(house.crowd.said),
            "reminders": sum(len(each.duties) for each in notices),
            "replies": ways[Via.REPLY],
            "pushes": ways[Via.PUSH],
            "multicast": ways[Via.MULTICAST],
            "posts not acknowledged": len(posted.failures()),
            "posted twice": house.crowd.posted_twice,
            "pushes asked again": house.keys.asked_again,
            "unsure replies": unsure,
        }
    )


def _told(house: Whole) -> list[Told]:
    people = {each.account.id: each.line_user for each in house.people.bound}
    with house.core.store.reading() as session:
        duties: dict[int, list[int]] = defaultdict(list)
        for row in session.execute(select(NoticeDuty.notice_id, NoticeDuty.duty_id)):
            duties[row.notice_id].append(row.duty_id)
        notices = {each.id: each for each in session.scalars(select(Notice))}
    return [
        Told(
            each.dedupe_key,
            people.get(each.account_id or 0, ""),
            each.via,
            each.state,
            str(notices[each.carried_by or each.id].retry_key),
            tuple(duties[each.id]) if each.kind is NoticeKind.REMINDER else (),
        )
        for each in notices.values()
    ]


def _heard(request: Accepted) -> Heard:
    words = [text_at(part, "text") for message in request.messages for part in objects_in(message)]
    return Heard(request.kind, request.retry_key, request.user_ids, "\n".join(words))


def _events(core: Core) -> dict[str, EventState]:
    asked = select(InboxEvent.webhook_event_id, InboxEvent.state)
    with core.store.reading() as session:
        return {row.webhook_event_id: row.state for row in session.execute(asked)}
