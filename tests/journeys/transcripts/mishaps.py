"""What goes wrong on the way, and what other systems say: LINE or the mail server fail, a message is slow or broken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from core.access import Actor, system
from core.audit import Door
from core.inbox.models import EventState, InboxEvent
from core.inbox.service import RETRY_WAIT
from core.machines.models import Scope
from core.machines.saying import Message, pass_on
from core.notices.models import NoticeKind, Urgency
from core.secrets import Sealed
from tests.journeys.transcripts.deeds import written

if TYPE_CHECKING:
    from tests.journeys.transcripts.stage import Stage


@written("信箱退回下 〈times〉 封信")
def mail_fails(stage: Stage, times: str) -> None:
    """The mail server refuses the next letters for good."""
    for _ in range(int(times)):
        stage.town.simulator.mailbox.refuse_next("550 5.1.1 No such user")


@written("LINE 故障：〈endpoint〉，〈kind〉")
def line_fails(stage: Stage, endpoint: str, kind: str) -> None:
    """LINE fails at the next call of an endpoint."""
    stage.town.platform.set_fault(endpoint, kind)


@written("LINE 本月額度只剩 〈left〉 則")
def quota_runs_out(stage: Stage, left: str) -> None:
    """So many paid messages are left of this month's."""
    sending = stage.town.platform.sending
    sending.quota = sending.used(stage.town.clock.now()) + int(left)


@written("處理訊息的程式慢了 〈seconds〉 秒")
def works_slowly(stage: Stage, seconds: str) -> None:
    """What was said before this has waited so long."""
    stage.town.clock.move(timedelta(seconds=int(seconds)))
    stage.town.house.conversations.say_working()
    stage.town.house.delivery.run()


@written("還沒處理的訊息壞了")
def is_broken(stage: Stage) -> None:
    """What waits cannot be read, however often it is tried."""
    with stage.town.core.transaction(system("test"), Door.COMMAND) as ctx:
        waiting = InboxEvent.state == EventState.WAITING
        ctx.session.execute(update(InboxEvent).where(waiting).values(body=Sealed(b"altered" * 9)))
    for _ in range(stage.town.core.policy.inbox_tries):
        stage.town.settle()
        stage.town.clock.move(RETRY_WAIT)


@written("主系統通知〈name〉：〈title〉／〈text〉")
def main_system_tells(stage: Stage, name: str, title: str, text: str) -> None:
    """The main system has something to say."""
    key = Actor("main-system", key_id=1, scopes=frozenset({Scope.NOTICES}))
    message = Message(stage.code(name), NoticeKind.REMINDER, title, text, Urgency.AT_ONCE)
    with stage.town.core.transaction(key, Door.API) as ctx:
        pass_on(ctx, message, None)
