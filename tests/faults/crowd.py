"""People who write to the house while it is killed, and LINE, which posts again what was not acknowledged.

Several threads are LINE: each posts for some of the people, to any of the web processes, and goes on with the next
message when one is acknowledged. Now and then LINE posts a message twice, as it says it may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

from bot.simulator.platform import Platform
from bot.simulator.world import Friendship, SimUser
from tests.faults.places import chance_of

WORDS = ("選單", "你好", "取消", "說明")
"""None is answered with a list of what is owed: the number of a check stands in its reminder only."""
POSTERS = 16
TWICE_IN = 20
TRY_AGAIN = 0.2
PATIENCE = 120.0  # seconds in which LINE is rid of its last message


@dataclass
class Crowd:
    """People with phones; ``doors`` are the addresses of the web processes."""

    platform: Platform
    doors: Sequence[str]
    users: list[SimUser]
    rate: float
    """Messages a second."""
    seed: float
    said: dict[str, str] = field(default_factory=dict)
    """The reply token of each message, by its event's id."""
    posted_twice: int = 0
    _stopping: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to talk."""
        for number in range(self._posters):
            thread = Thread(target=self._talk, args=(number,), name=f"line-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> int:
        """Say nothing new; wait until all is acknowledged; return how many posters found no end."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        return sum(thread.is_alive() for thread in self._threads)

    @property
    def _posters(self) -> int:
        return min(POSTERS, len(self.users))

    def _talk(self, number: int) -> None:
        chance = chance_of(self.seed + number)
        users = self.users[number :: self._posters]
        pause = len(self.users) / (self.rate * len(users))  # nobody writes oftener for being alone with their poster
        while not self._stopping.wait(chance.uniform(0, 2 * pause)):
            self.platform.webhooks.aim(chance.choice(self.doors))
            act = self.platform.say(chance.choice(users), chance.choice(WORDS))
            self.said[act.event_id] = act.reply_token
            while not self._is_taken(act.event_id):
                Event().wait(TRY_AGAIN)
                self.platform.webhooks.aim(chance.choice(self.doors))
                self.platform.redeliver(act.event_id)
            if not chance.randrange(TWICE_IN):
                self.platform.duplicate(act.event_id)
                self.posted_twice += 1

    def _is_taken(self, event_id: str) -> bool:
        posted = self.platform.webhooks.posted
        return next(each.is_taken for each in reversed(posted) if event_id in each.event_ids)


def friends(platform: Platform, count: int) -> list[SimUser]:
    """Return so many new people who are friends of the account."""
    users = [platform.add_user(f"第 {number} 位") for number in range(count)]
    with platform.world.change():
        for user in users:
            user.friendship = Friendship.FRIEND
    return users
