"""Mornings at the outbox: what is owed is told, and what is due is sent, moment by moment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.access import system
from core.accounts.models import Account
from core.audit import Door
from core.dates import parse_moment
from core.duties.models import DigestItem, Duty, Ending
from core.duties.service import end_duty
from core.notices.channel import Outcome
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState, Via
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import Bound, a_dispatch
from tests.duties import owe
from tests.scheduler.post import Post

ALL_DAY = ("08:31", "08:32", "12:00", "20:00")
"""Some of the moments at which it is tried until the night."""
DROPPED = (Via.PUSH, NoticeState.DROPPED, "newer_digest")
PUSHED = (Via.PUSH, NoticeState.ACCEPTED, "accepted")
MAILED = (Via.MAIL, NoticeState.ACCEPTED, "accepted")


def owes(post: Post, bound: Bound) -> Duty:
    """Let the unit of somebody owe one reply more, due in some days."""
    with post.core.store.reading() as session:
        unit = session.get_one(Account, bound.account.id).unit
    return owe(post.core, a_dispatch(post.core, unit))


def at(post: Post, *moments: str) -> None:
    """Tell and send what is due at these moments."""
    for moment in moments:
        post.clock.at = parse_moment(moment)
        collect_reminders(post.core, post.clock.now())
        say_digests(post.core, post.clock.now())
        post.run()


def away(post: Post, day: str, outcome: Outcome = Outcome.UNREACHED) -> None:
    """Let a day go by on which neither LINE nor the mail server can be reached."""
    for door in (post.line, post.mail):
        door.next.extend([outcome] * 99)
    at(post, *(f"{day} {moment}" for moment in ALL_DAY))
    for door in (post.line, post.mail):
        door.next.clear()
        door.said.clear()


def digests(post: Post) -> Sequence[Notice]:
    with post.core.store.reading() as session:
        return session.scalars(select(Notice).where(Notice.kind == NoticeKind.DIGEST).order_by(Notice.id)).all()


def spoken_of(post: Post, notice: Notice) -> set[int]:
    with post.core.store.reading() as session:
        return {*session.scalars(select(NoticeDuty.duty_id).where(NoticeDuty.notice_id == notice.id))}


def waiting(post: Post) -> Sequence[int]:
    with post.core.store.reading() as session:
        return session.scalars(select(DigestItem.duty_id).order_by(DigestItem.duty_id)).all()


def end(post: Post, duty_id: int) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        duty = ctx.session.get_one(Duty, duty_id)
        end_duty(ctx, duty.kind, duty.subject_kind, duty.subject_id, Ending.MET)


def fates(post: Post) -> list[tuple[Via, NoticeState, str]]:
    return [(each.via, each.state, each.reason) for each in digests(post)]
