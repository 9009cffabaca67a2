"""People with phones: words, buttons old and new, blocking, taking back, binding; and LINE's post, which is careless.

LINE posts in batches and not always in order, posts again what was not acknowledged, and now and then what was.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs, urlsplit

from bot.simulator.jsons import Json, dump, text_at
from bot.simulator.phone import PhoneError
from bot.simulator.platform import Platform
from bot.simulator.webhooks import Target, Webhooks, sign
from bot.simulator.world import Friendship, SimUser
from core.access import system
from core.accounts.links import begin_link
from core.audit import Door
from core.errors import Expired
from tests.city.house import BOT, SECRET, House
from tests.city.people import City

WORDS = (
    *("選單", "待辦", "待辦", "待辦", "案件", "查 WK1", "WK2", "可以結案嗎 WK3", "怎麼算的", "結案進度", "更多"),
    *("檢核", "逾期", "退件", "設定", "提醒時間", "English", "中文", "你好", "謝謝", "取消", "說明", "常見問題"),
    *(
        "找 王小明",
        "報修",
        "客服",
        "結束",
        "我的申請",
        "展延",
        "改信箱",
        "登入不了",
        "驗證碼收不到",
        "８：３０",
        "午安！",
    ),
    *("孩子被打了", "menu", "duties", "?", "案" * 300, "09:00", "解除綁定", "綁定"),
)
PICKED = {"date": "2026-03-10", "time": "09:00", "datetime": "2026-03-10T09:00"}
RECENT, SELDOM, TWICE, OUT_OF_ORDER, IN_ONE = 6, 0.05, 0.06, 0.1, 0.3


class Bag(Webhooks):
    """LINE's post bag: what people do lies here until it is posted."""

    def __init__(self, platform: Platform) -> None:
        target = Target("http://127.0.0.1:9", SECRET, BOT)
        super().__init__(platform.world, target, platform.sending.tokens)
        self.waiting: list[Json] = []
        self.taken: set[str] = set()
        """Events that were acknowledged."""
        self.many: set[str] = set()
        """Events that came so fast that some are dropped (A11)."""

    def send(self, events: list[Json]) -> None:
        """Keep events to be posted."""
        for event in events:
            self.events[text_at(event, "webhookEventId")] = event
        self.waiting += events

    def renewed(self, event: Json) -> Json:
        """Return an event as it is posted again."""
        return self._again([event])[0]


@dataclass
class Talk:
    """Everybody's phones, and the post between them and the house."""

    platform: Platform
    bag: Bag
    house: House
    city: City
    chance: Random
    done: list[str] = field(default_factory=list)

    def something(self) -> None:
        """Let somebody do something with their phone."""
        acts: tuple[tuple[Callable[[str, SimUser], None], int], ...] = (
            (self.say, 10),
            (self.press, 10),
            (self.hurry, 1),
            (self.take_back, 1),
            (self.block, 1),
            (self.bind, 1),
        )
        (act,) = self.chance.choices([each for each, _ in acts], [often for _, often in acts])
        who, user = self.chance.choice([*self.city.phones.items()])
        if user.friendship is Friendship.BLOCKED:
            act = self.come_back
        with suppress(PhoneError):
            act(who, user)

    def say(self, who: str, user: SimUser) -> None:
        word = self.chance.choice(WORDS)
        self._note(who, f"says {word[:12]}")
        self.platform.say(user, word)

    def press(self, who: str, user: SimUser) -> None:
        """Press a button of the newest messages, or of one from long ago."""
        received = self.platform.received(user)
        shown = received if self.chance.random() < SELDOM * 4 else received[-RECENT:]
        actions = [each for message in shown for each in message.actions if text_at(each, "type") != "uri"]
        if not actions:
            self.say(who, user)
            return
        action = self.chance.choice(actions)
        self._note(who, f"presses {text_at(action, 'label')}")
        self.platform.press(user, action, PICKED.get(text_at(action, "mode"), ""))

    def hurry(self, who: str, user: SimUser) -> None:
        """Press the same button twice, or write much too fast."""
        self.press(who, user)
        event = self.bag.waiting[-1:]
        if event and text_at(event[0], "type") == "postback":
            self.platform.press(user, {"type": "postback", "label": "", "data": text_at(event[0]["postback"], "data")})
        elif self.chance.random() < SELDOM:
            for _ in range(40):
                self.platform.say(user, "待辦")
            of_user = [each for each in self.bag.waiting if text_at(each["source"], "userId") == user.user_id]
            self.bag.many |= {text_at(each, "webhookEventId") for each in of_user}  # one of them before counts too

    def take_back(self, who: str, user: SimUser) -> None:
        """Take a message back just after it was written."""
        self._note(who, "takes back")
        act = self.platform.say(user, "待辦")
        self.platform.unsend(user, act.message_id)

    def block(self, who: str, user: SimUser) -> None:
        self._note(who, "blocks")
        self.platform.block(user)
        if self.chance.random() < 0.3:
            self.platform.unblock(user)

    def come_back(self, who: str, user: SimUser) -> None:
        if self.chance.random() < 0.3:
            self._note(who, "unblocks")
            self.platform.unblock(user)

    def bind(self, who: str, user: SimUser) -> None:
        """Bind a phone to an account, its own mostly: the word, the page, LINE's word that it is so."""
        self._note(who, "binds")
        self.platform.say(user, "綁定")
        self.deliver()
        self.house.talk()
        self.house.send()
        token = self._link_token(user)
        staff = self.city.staff.get(who) or self.chance.choice([*self.city.staff.values()])
        if token is None:
            return
        try:
            with self.house.core.transaction(system("page"), Door.PAGE) as ctx:
                nonce = begin_link(ctx, staff.account_id, token)
        except Expired:
            return
        self.platform.finish_link(token, nonce)

    def deliver(self) -> None:
        """Let LINE post what lies in the bag, and post again what was not taken; some of it in the wrong order."""
        waiting, self.bag.waiting = self.bag.waiting, []
        if self.chance.random() < OUT_OF_ORDER:
            self.chance.shuffle(waiting)
        while waiting:
            size = self.chance.randint(1, 3) if self.chance.random() < IN_ONE else 1
            events, waiting = waiting[:size], waiting[size:]
            self._post(events)
            if self.chance.random() < TWICE:
                known = self.chance.choice([*self.bag.events.values()])
                self._post([self.bag.renewed(known)])

    def lose_patience(self, share: float) -> None:
        """Let LINE give up some of what nobody took."""
        self.bag.waiting = [each for each in self.bag.waiting if self.chance.random() > share]

    def _post(self, events: list[Json]) -> None:
        body = dump({"destination": BOT, "events": events})
        if self.house.post(body, sign(SECRET, body)):
            self.bag.taken |= {text_at(each, "webhookEventId") for each in events}
        else:
            self.bag.waiting += [self.bag.renewed(each) for each in events]

    def _link_token(self, user: SimUser) -> str | None:
        for message in reversed(self.platform.received(user)[-3:]):
            for action in message.actions:
                found = parse_qs(urlsplit(text_at(action, "uri")).query).get("linkToken")
                if found:
                    return found[0]
        return None

    def _note(self, who: str, what: str) -> None:
        self.done.append(f"{self.house.clock.now():%m-%d %H:%M} {who} {what}")
