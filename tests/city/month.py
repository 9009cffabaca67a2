"""A month of the city from one seed: who writes, who works, what fails, who dies when; and what must hold all along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import Flask

from bot.simulator.platform import Platform
from core.audit import Door
from core.clock import TAIPEI
from core.context import Core
from core.notices.queries import parked
from core.notices.service import dismiss, release
from tests.abuse.log_scan import scanning
from tests.city.account import ACTOR, Account
from tests.city.cards import Cards
from tests.city.dropped import Dropped
from tests.city.house import SECRET, House, HouseClock
from tests.city.line import AT_A_CALL, NOWHERE, InsideLine, InsideMail, TrueClock, Weather
from tests.city.meanwhile import LEAVERS, Meanwhile
from tests.city.people import City, settle_in
from tests.city.talk import Bag, Talk
from tests.city.turns import Turns
from tests.city.work import Work
from tests.core.life.holding import VIEWERS, Asked, chain_holds, holds
from tests.faults.places import chance_of

BEGINS = tuple(date(2026, *each) for each in ((2, 9), (3, 2), (3, 26), (6, 15), (9, 14)))
"""Before the long holiday of the new year, plain weeks, four free days, graduation, two holidays of autumn."""
DAYS = 30
HELD_EVERY = 4  # days: to look at everything costs more than a day
ASKED_AT_ONCE = 2  # of those who look, so many each time
TICKS_IN = 0.15  # of the mornings: ``frontdoor tick``; on the others the ticker's turn of each job
SENDS_IN = 0.5  # of the times at which jobs ran; what they wrote may wait for more, and share its request
OUTAGE = timedelta(hours=72)
DOWN_IN, STEPS_BACK_IN, DECIDES_IN, AMENDS_IN, QUOTA_IN, GOES_IN = 0.4, 0.3, 0.2, 0.05, 0.1, 0.03
"""How often: an outage and a clock set back in a month; on a day, what the names say."""
TURNS_IN, TURNS_AGAIN_IN, COMES_BACK_IN, ASKS_IN = 0.2, 0.3, 0.2, 0.15
"""How often what waits turns out otherwise: after anything was done, and after it was sent; somebody who changed comes
back on a day; with a piece of work, a unit is asked something routine."""
SOON = tuple(timedelta(minutes=minutes) for minutes in (1, 6, 31))
"""So much later it is tried again: at once, after a shut door's wait, after the longest wait of one that failed."""
GIVES_UP = 0.2
"""How much of what nobody takes LINE forgets between two looks."""
ENDING = tuple(timedelta(hours=hours) for hours in (0, 0.1, 0.5, 1, 9, 0.5, 3, 0.5, 24, 1))
LAST_WORDS = 12


class Wrong(AssertionError):
    """A month in which something did not hold; it says how to live it again."""


@dataclass
class Ground:
    """What all months of a process share: the core on its database, the web door, the city with nobody bound."""

    core: Core
    clock: HouseClock
    web: Flask
    city: City
    afresh: Callable[[], None]
    """Puts the database back as the city was founded."""


@dataclass(frozen=True)
class Lived:
    """How much happened in a month."""

    acts: int
    refused: int
    events: int
    said: int
    deaths: int
    meetings: int
    turns: int
    dropped: Counter[str]
    """How many notices were dropped for each reason."""

    @property
    def counts(self) -> Counter[str]:
        """All of it by its name."""
        plain = {name: count for name, count in vars(self).items() if isinstance(count, int)}
        return Counter(plain) + Counter({f"dropped as {why}": count for why, count in self.dropped.items()})


@dataclass
class Month:
    """One month."""

    ground: Ground
    seed: int
    days: int = DAYS
    asked: Asked = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let the month begin: a platform that nothing was said on, a house of two workers, nobody's word or deed."""
        ground = self.ground
        self.chance, self.clock, self.core = chance_of(self.seed), ground.clock, ground.core
        self.begins = self.chance.choice(BEGINS)
        self.clock.at, self.clock.off = _minute(self.begins, 7 * 60), timedelta()
        self.platform = Platform(
            TrueClock(self.clock), channel_secret=SECRET, channel_access_token="unused", webhook_url=NOWHERE
        )
        self.platform.phones.reads_by_hand = False
        self.bag = self.platform.webhooks = self.platform.phones.webhooks = Bag(self.platform)
        cards = Cards()
        self.weather, self.account = Weather(self.chance), Account(self.core, self.bag, dropped=Dropped(cards))
        line = InsideLine(self.platform, self.weather, self.account.keep)
        self.mail = InsideMail(self.weather, self.account.keep)
        self.house = House(self.core, self.clock, ground.web.test_client(), line, self.mail, self.chance)
        self.talk = Talk(self.platform, self.bag, self.house, ground.city, self.chance)
        ground.afresh()
        codes = [each.code for each in ground.city.staff.values()]
        self.work = Work(ground.city.town, self.chance, holds(ground.city.town, self.asked), codes=codes)
        self.meanwhile = Meanwhile(self.core, self.talk, self.work, self.chance)
        self.turns = Turns(self.core, ground.city, self.work, cards, self.chance)

    def live(self) -> Lived:
        """Live the month; raises ``Wrong`` with the seed where something does not hold."""
        try:
            with scanning() as scan:
                self._live()
            self.account.found += scan.found[:LAST_WORDS]
        except Exception as error:
            raise Wrong(self._words(repr(error), *self.account.found)) from error
        if self.account.found:
            raise Wrong(self._words(*self.account.found))
        house, said = self.house, len(self.account.said)
        acts, events = len(self.work.done), len(self.bag.events)
        dropped = Counter(self.account.dropped.reasons)
        return Lived(acts, self.work.refused, events, said, house.deaths, house.meetings, len(self.turns.done), dropped)

    def _live(self) -> None:
        self.mail.dead = settle_in(self.ground.city, self.core, self.platform, self.chance)
        down = self._outage()
        back_on = self.chance.randrange(DAYS) if self.chance.random() < STEPS_BACK_IN else None
        for number in range(self.days):
            self.clock.off = -timedelta(hours=1) if number == back_on else timedelta()
            self._day(number, down)
        self._end()

    def _outage(self) -> tuple[datetime, datetime] | None:
        if self.chance.random() > DOWN_IN:
            return None
        at = self.clock.at + timedelta(hours=self.chance.randrange(24, 24 * (DAYS - 5)))
        return at, at + OUTAGE

    def _day(self, number: int, down: tuple[datetime, datetime] | None) -> None:
        day = self.begins + timedelta(days=number)
        self._forecast(day)
        self.work.look()
        is_down = False
        for minute, act in self._plan():
            self.clock.at = max(self.clock.at, _minute(day, minute))
            is_down = down is not None and down[0] <= self.clock.at < down[1]
            self._do(act, is_down=is_down)
        if number % HELD_EVERY == 0 and not is_down:
            self._hold()

    def _forecast(self, day: date) -> None:
        """Draw what goes wrong today, and what is decided by few."""
        weather, chance = self.weather, self.chance
        self.house.dies, self.house.meets = chance.choice(((0.0, 0.0), (0.0, 0.05), (0.02, 0.05), (0.05, 0.1)))
        weather.kinds = chance.choice((AT_A_CALL, AT_A_CALL, (chance.choice(AT_A_CALL),)))
        weather.often, weather.mail = chance.choice((0.0, 0.05, 0.2, 0.6)), chance.choice((0.0, 0.0, 0.1, 0.5, 1.0))
        weather.nobody_there = chance.choice((0.0,) * 12 + (0.1, 0.5, 1.0))
        if chance.random() < QUOTA_IN:
            sending = self.platform.sending
            sending.quota = chance.choice((None, 40, sending.used(self.platform.world.now()) + 5))
        if chance.random() < AMENDS_IN:
            self.work.amend(day + timedelta(days=chance.randint(0, 5)))
        if chance.random() < GOES_IN:
            self.work.dismiss(self.ground.city.staff[chance.choice(sorted(LEAVERS))].code)
            self.account.look(has_turned=True)
        if chance.random() < COMES_BACK_IN:
            self.turns.come_back()
            self.account.look(has_turned=True)
        if chance.random() < DECIDES_IN:
            self._decide()

    def _plan(self) -> list[tuple[int, str]]:
        """Draw the day: minutes after midnight, and what is done then."""
        chance = self.chance
        acts = [(8 * 60 + 31, "morning")]
        acts += [(chance.randint(0, 24 * 60 - 30), "jobs") for _ in range(chance.randint(0, 3))]
        acts += [(chance.randint(7 * 60, 22 * 60), "work") for _ in range(chance.randint(0, 5))]
        acts += [(chance.randint(6 * 60, 23 * 60), "talk") for _ in range(chance.randint(0, 4))]
        return sorted(acts)

    def _do(self, act: str, *, is_down: bool) -> None:
        if act == "talk":
            self.talk.something()
        if is_down:
            self.talk.lose_patience(GIVES_UP)
            return
        self._work(act)
        self.account.look()
        if act != "talk" and self.turns.happens(TURNS_IN):
            self.account.look(has_turned=True)
        if act == "talk" or (act != "work" and self.chance.random() < SENDS_IN):
            self._send()
            if self.meanwhile.happens() or self.turns.happens(TURNS_AGAIN_IN):
                self.account.look(has_turned=True)
                self.clock.move(self.chance.choice(SOON))
                self._send()

    def _work(self, act: str) -> None:
        """Let people or the house do what it is time for; nothing of it is sent yet."""
        if act == "work":
            self.work.something()
            if self.chance.random() < ASKS_IN:
                self.turns.ask()
        self.talk.deliver()
        if act == "talk":
            self.house.talk()
        if act == "jobs":
            self.house.run_some()
        if act == "morning":
            (self.house.tick if self.chance.random() < TICKS_IN else self.house.run_all)()

    def _send(self) -> None:
        self.house.send()
        self.account.look()

    def _hold(self) -> None:
        """Let what is owed be gathered with nobody in the way, and look whether everything holds."""
        self.house.prepare()
        self.work.rows = holds(self.ground.city.town, self.asked, self.chance.sample(VIEWERS, ASKED_AT_ONCE))
        self.account.hold_day()
        assert not self.account.found

    def _decide(self) -> None:
        """Let an administrator decide about what waits for a person."""
        with self.core.transaction(ACTOR, Door.DESK) as ctx:
            chosen = [each.notice_id for each in parked(ctx) if self.chance.choice((True, False))]
            if self.chance.choice((True, False)):
                release(ctx, chosen)
                self.account.released |= {*chosen}
            else:
                dismiss(ctx, chosen)

    def _end(self) -> None:
        """Let nobody write and nothing fail, until nothing is left; then hold the month."""
        self.weather.calm()
        self.platform.sending.quota = None
        self.house.dies = self.house.meets = 0.0
        for span in ENDING:
            self.clock.move(span)
            self.talk.deliver()
            self.house.talk()
            self.house.tick()
            self._send()
            if not (self.bag.waiting or self.account.is_anything_left()):
                break
        self.account.hold_month()
        holds(self.ground.city.town, {})
        chain_holds(self.ground.city.town)

    def _words(self, *what: str) -> str:
        """Return what is wrong, how to live it again, and what was done last."""
        on = "" if self.core.store.is_sqlite else " --postgresql"
        again = f"PYTHONHASHSEED=0 python -m tests.city --first {self.seed} --months 1{on}"
        now = f"{self.clock.now().astimezone(TAIPEI):%Y-%m-%d %H:%M}"
        return "\n".join((f"seed {self.seed}, {now}: {again}", *what, *self.last_words()))

    def last_words(self) -> list[str]:
        """Return what was done last."""
        return [*self.work.done[-LAST_WORDS:], *self.turns.done[-LAST_WORDS:], *self.talk.done[-LAST_WORDS:]]


def _minute(day: date, minute: int) -> datetime:
    """Return a minute of a day in Taipei."""
    return datetime(day.year, day.month, day.day, tzinfo=TAIPEI) + timedelta(minutes=minute)
