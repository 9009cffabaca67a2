"""An outbox that fills while its worker is killed again and again, and the account of it at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from sqlalchemy import select

from core.access import system
from core.audit import Door
from core.cards import Answer, Card, Code, said
from core.clock import FixedClock, SystemClock
from core.context import Context, Core
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount, ToAddress, ToPerson, say
from scheduler.delivery import Delivery
from tests.builders import Bound, a_bound_account
from tests.faults.killing import Killer, Report, harm
from tests.faults.ledger import Ledger, LedgerLine, LedgerMail
from tests.faults.places import Place, chance_of

PEOPLE, CROWD, WRITERS = 24, 12, 18  # the first twelve are now and then told the same; the last ones wait for replies
CROWDED = 32  # every so many rounds
MOMENTS = (timedelta(seconds=1), timedelta(seconds=61))  # a reply token still lives, or a lease has run out
LATER = timedelta(minutes=31)  # longer than any back-off
ENDINGS = 40
WARM = 12  # rounds before the first child: what is compiled in them, the children find compiled


@dataclass
class Outbox:
    """People, what is to be said to them, and what LINE heard."""

    core: Core
    clock: FixedClock
    ledger: Ledger
    chance: Random
    crowd: list[Bound] = field(default_factory=list)
    others: list[Bound] = field(default_factory=list)
    writers: list[Bound] = field(default_factory=list)
    expected: Counter[tuple[str, str]] = field(default_factory=Counter)
    _said: int = 0
    _rounds: int = 0

    def __post_init__(self) -> None:
        with self.core.transaction(system("test"), Door.JOB) as ctx:
            people = [a_bound_account(ctx) for _ in range(PEOPLE)]
        self.crowd, self.others, self.writers = people[:CROWD], people[CROWD:WRITERS], people[WRITERS:]

    def next_round(self) -> Callable[[], None]:
        """Let time pass and something new be said, now and then; return the work of this round."""
        self._rounds += 1
        self.clock.move(self.chance.choice(MOMENTS))
        self.ledger.look()
        with self.core.transaction(system("test"), Door.JOB) as ctx:
            self._fill(ctx)
            if self._rounds % CROWDED == 0:
                self._fill_crowd(ctx)
        seed = self.chance.random()
        return lambda: self.work(chance_of(seed))

    def work(self, chance: Random) -> None:
        """Be the worker: send all that is due now."""
        line, mail = LedgerLine(ledger=self.ledger, chance=chance), LedgerMail(ledger=self.ledger)
        delivery = Delivery(self.core, line, mail, "http://127.0.0.1:8000", SystemClock(), chance.random)
        delivery.run()
        delivery.close()

    def end(self) -> None:
        """Let a worker that nobody kills send what is left."""
        for _ in range(ENDINGS):
            self.clock.move(LATER)
            self.ledger.look()
            self.work(self.chance)
            if not unsettled(self.core):
                return

    def _fill(self, ctx: Context) -> None:
        """Say something: to one, two things to one, alike to many, a code, a reply or an e-mail."""
        match self.chance.randrange(7):
            case 0:
                self._say(ctx, self.chance.choice(self.others))
            case 1:
                pair = self.chance.choice(self.others)
                self._say(ctx, pair)
                self._say(ctx, pair)
            case 2:
                self._code(ctx, self.chance.choice(self.others))
            case 3:
                self._mail(ctx, self.others[0])
            case _:
                self._reply(ctx, self.chance.choice(self.writers))

    def _fill_crowd(self, ctx: Context) -> None:
        everybody = f"眾 {self._said}"
        for person in self.crowd:
            self._say(ctx, person, everybody)

    def _key(self) -> str:
        self._said += 1
        return f"第 {self._said} 句"

    def _say(self, ctx: Context, person: Bound, text: str = "") -> None:
        key = self._key()
        self._put(ctx, ToAccount(person.account.id), (person.line_user, text or key), said(text or key))

    def _code(self, ctx: Context, person: Bound) -> None:
        key = self._key()
        card = Card(title="通知", preview=key, blocks=(Code(challenge="challenge"),))
        self._put(ctx, ToAccount(person.account.id), (person.line_user, key), Answer(messages=(card,)))

    def _reply(self, ctx: Context, person: Bound) -> None:
        key = self._key()
        token = ctx.vault.seal(f"{person.line_user}/{self._said}")
        to = ToPerson(person.person, person.binding.line_user, person.account.id, token, ctx.now)
        self._put(ctx, to, (person.line_user, key), said(key))

    def _mail(self, ctx: Context, person: Bound) -> None:
        key, address = self._key(), f"staff{self._said}@example.gov.tw"
        self._put(ctx, ToAddress(person.account.id, ctx.vault.seal(address)), (address, key), said(key))

    def _put(self, ctx: Context, to: ToAccount | ToAddress | ToPerson, heard: tuple[str, str], answer: Answer) -> None:
        key = f"said:{self._said}"
        say(ctx, to=to, answer=answer, kind=NoticeKind.REMINDER, key=key, urgency=Urgency.ALWAYS)
        self.expected[heard] += 1


def run(place: Place, kills: int) -> Report:
    """Kill the worker of an outbox so many times; hold what LINE heard against what was to be said."""
    killer = Killer(place.core, place.chance, place.seconds)
    outbox = Outbox(place.core, place.clock, Ledger(place.folder / "accepted"), place.chance)
    for _ in range(WARM):
        outbox.next_round()()
    while not killer.is_done(kills):
        killer.take(outbox.next_round())
    outbox.end()
    return Report(f"delivery on {place.kind}", killer, wrong(outbox) + harm(place.core), _seen(outbox))


def wrong(outbox: Outbox) -> Counter[str]:
    """Hold what LINE heard against what was to be said; nothing if all is well."""
    heard, notices = outbox.ledger.heard(), _notices(outbox.core)
    unsure = [each for each in notices if each.state is NoticeState.AMBIGUOUS]
    unheard = sum((outbox.expected - heard).values())
    return +Counter(
        {
            "doubled": (heard - outbox.expected).total(),
            "lost": max(unheard - len(unsure), 0),
            "unsettled": unsettled(outbox.core),
            "changed between tries": outbox.ledger.changed(),
            "unsure although no reply": sum(each.via is not Via.REPLY for each in unsure),
        }
    )


def unsettled(core: Core) -> int:
    """Return how much is still to be said, or ended otherwise than by being said."""
    good = (NoticeState.ACCEPTED, NoticeState.AMBIGUOUS)
    return sum(each.state not in good for each in _notices(core))


def _seen(outbox: Outbox) -> Counter[str]:
    ways = Counter(each.via for each in outbox.ledger.entries)
    unsure = sum(each.state is NoticeState.AMBIGUOUS for each in _notices(outbox.core))
    again = sum(each.again for each in outbox.ledger.entries)
    return Counter({way.value: ways[way] for way in Via} | {"asked again": again, "unsure replies": unsure})


def _notices(core: Core) -> list[Notice]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice)))
