"""Pushes a second from one worker to a stub that answers after 50 ms, against a bare aiohttp loop with the same bodies.

Each notice goes to another person and says something else, so nothing is merged. The bare loop has no database: it
posts the bytes the worker made, as many at once as the worker has under way. A second of a shared machine is not all
ours: the note says how many pushes a second of this process's own work makes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median
from time import process_time
from uuid import uuid4

from aiohttp import ClientSession, TCPConnector
from sqlalchemy import func, select, update

from bot.channels.line import LineChannel
from bot.channels.mailbox import MailboxChannel
from bot.logs import set_up_logs
from bot.long_run import settle_in
from core.access import system
from core.accounts.models import Account, Binding
from core.audit import Door
from core.cards import said
from core.clock import FixedClock, SystemClock
from core.context import Core
from core.database import Store
from core.notices.channel import Fill
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from core.policy import Policy
from core.secrets import Vault, new_key, new_token
from scheduler.delivery import UNDER_WAY, Delivery
from tests.bench.figures import Figure, ratio_of_times, seconds
from tests.bench.filling import NOW, Rows, fill
from tests.bench.stub_line import serving
from tests.builders import an_account

PEOPLE = 4_000
TARGET = 2_000  # pushes a second: LINE's own limit
ROUNDS = 3
FASTER = Policy().model_copy(update={"line_requests_a_second": 1_000_000})  # what the worker can do, not what it may


def figures(store: Store, _: Store) -> Iterator[Figure]:
    """Yield the ratio to the bare loop, and how much of the target one worker keeps."""
    set_up_logs(level=logging.ERROR)  # a line for each push would be measured with it, and fill the screen
    core = Core(store, Vault(new_token(), [new_key()]), FASTER, FixedClock(NOW))
    ids = _fill(core)
    settle_in()  # as a worker does when it starts
    name = store.url.get_backend_name()
    with serving() as url:
        line = LineChannel("token", url)
        delivery = Delivery(core, line, MailboxChannel(core), url, SystemClock())
        ours = partial(_timed, core, delivery)
        bare = partial(_bare, url, _bodies(line, ids))
        ours()
        yield ratio_of_times(
            f"{name}: {PEOPLE:,} pushes by one worker / by a bare aiohttp loop", ours, bare, rounds=ROUNDS, most=2.0
        )
        yield _against_target(name, ours)
        delivery.close()
        line.close()


def _against_target(name: str, ours: Callable[[], float]) -> Figure:
    begun = process_time()
    a_second = PEOPLE / median(ours() for _ in range(ROUNDS))
    at_work = PEOPLE * ROUNDS / (process_time() - begun)
    note = f"{a_second:,.0f}/s; {at_work:,.0f} in a second of its work"
    return Figure(f"{name}: {TARGET:,} pushes a second / of one worker", TARGET / a_second, note, 1.0)


def _fill(core: Core) -> Sequence[int]:
    """Store people with their phones, and something of its own to say to each; return their accounts."""
    template = an_account(core)
    facts = {column.key: getattr(template, column.key) for column in Account.__table__.columns if column.key != "id"}
    fill(core, Account, _people(facts))
    with core.store.reading() as session:
        ids = session.scalars(select(Account.id).where(Account.id != template.id)).all()
    fill(core, Binding, _phones(core, ids))
    for start in range(0, PEOPLE, 500):
        with core.transaction(system("bench"), Door.JOB) as ctx:
            for account_id in ids[start : start + 500]:
                to, key = ToAccount(account_id), f"bench:{account_id}"
                say(
                    ctx,
                    to=to,
                    answer=said(_text(account_id)),
                    kind=NoticeKind.REMINDER,
                    key=key,
                    urgency=Urgency.AT_ONCE,
                )
    return ids


def _people(facts: dict[str, object]) -> Rows:
    for number in range(PEOPLE):
        own = {"code": f"P{number:05}", "national_id_key": f"id-{number}", "email_key": f"mail-{number}"}
        yield facts | own


def _phones(core: Core, ids: Sequence[int]) -> Rows:
    for account_id in ids:
        user = core.vault.seal(f"U{account_id:032x}")
        yield {"account_id": account_id, "person": f"{account_id:064x}", "line_user": user, "bound_at": NOW}


def _timed(core: Core, delivery: Delivery) -> float:
    """Make the same notices new again, and return the seconds in which all are sent."""
    new = {"state": NoticeState.CREATED, "retry_key": None, "first_tried_at": None, "may_be_out": False, "tries": 0}
    with core.store.transaction() as session:
        session.execute(update(Notice).values(**new))
    taken = seconds(delivery.run)
    with core.store.reading() as session:
        accepted = select(func.count()).select_from(Notice).where(Notice.state == NoticeState.ACCEPTED)
        assert session.scalar(accepted) == PEOPLE
    return taken


def _bodies(line: LineChannel, ids: Sequence[int]) -> list[bytes]:
    """Return the bodies that the worker makes."""
    fill = Fill(link_url=str, code=str)
    return [line.push([f"U{each:032x}"], line.draw(said(_text(each)), fill)) for each in ids]


def _text(account_id: int) -> str:
    return f"提醒：第 {account_id} 件待辦將於 3 月 5 日（四）23:59 到期，請於期限前完成。"


def _bare(url: str, bodies: Sequence[bytes]) -> float:
    return seconds(lambda: asyncio.run(_post_all(f"{url}/v2/bot/message/push", bodies)))


async def _post_all(url: str, bodies: Sequence[bytes]) -> None:
    left = iter(bodies)

    async def post_some(session: ClientSession) -> None:
        for body in left:
            async with session.post(url, data=body, headers={"X-Line-Retry-Key": str(uuid4())}) as response:
                await response.read()

    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        await asyncio.gather(*(post_some(session) for _ in range(UNDER_WAY)))
