"""An outbox, its two doors, and the worker between them, with a standing clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.access import system
from core.audit import Door
from core.cards import said
from core.clock import FixedClock, SystemClock
from core.context import Core
from core.notices.claiming import Claim, Wanted, claim
from core.notices.models import Notice, NoticeKind, Urgency, Via
from core.notices.service import ToAccount, ToAddress, ToPerson, say
from core.notices.settling import keep
from scheduler.delivery import Delivery
from tests.builders import Bound
from tests.scheduler.doors import FakeLine, FakeMail

ACTOR = system("test")
BODY = '["someone", ["您好"]]'.encode()
WANTED = Wanted(10, tuple(Via), datetime.fromisoformat("2026-03-04T10:00+08:00"))


class Post:
    """An outbox, its two doors, and the worker between them."""

    def __init__(self, core: Core, clock: FixedClock) -> None:
        self.core, self.clock = core, clock
        self.line, self.mail = FakeLine(), FakeMail()
        self.delivery = Delivery(core, self.line, self.mail, "http://127.0.0.1:8000", SystemClock(), spread=lambda: 1.0)

    def say(self, to: ToAccount | ToAddress | ToPerson, key: str = "key", **given: Any) -> bool:
        facts: dict[str, Any] = {"answer": said("您好"), "kind": NoticeKind.REMINDER, "urgency": Urgency.ALWAYS} | given
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            return say(ctx, to=to, key=key, **facts) is not None

    def reply_to(self, bound: Bound, account_id: int | None = None, key: str = "key") -> bool:
        to = ToPerson(
            bound.person,
            bound.binding.line_user,
            account_id,
            reply_token=self.core.vault.seal("token"),
            reply_token_at=self.clock.now(),
        )
        return self.say(to, key, kind=NoticeKind.ANSWER)

    def run(self, *, after: timedelta = timedelta()) -> int:
        self.clock.move(after)
        return self.delivery.run()

    def take(self, *, kept: bool = True) -> Claim:
        """Take one request as a worker that then goes no further; ``kept``: it may have left."""
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            (taken,) = claim(ctx, WANTED).claims
        if kept:
            with self.core.transaction(ACTOR, Door.JOB) as ctx:
                keep(ctx, [(taken, BODY if taken.via is Via.PUSH else None)])
        return taken

    def notice(self, key: str = "key") -> Notice:
        with self.core.store.reading() as session:
            return session.scalars(select(Notice).where(Notice.dedupe_key == key)).one()


@contextmanager
def a_post(core: Core, clock: FixedClock) -> Iterator[Post]:
    """Give an outbox with its doors for as long as the block lasts."""
    office = Post(core, clock)
    try:
        yield office
    finally:
        office.delivery.close()
