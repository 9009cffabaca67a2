"""The whole system on this machine with a standing clock: webhook, inbox, chat, outbox, simulated LINE and mailbox.

Transcripts are written with it: ``ann.says("待辦").sees("08/07")``. Everything runs in the test's own thread, step by
step, through the same code and the same sockets as in the demo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.app import create_app
from bot.house import House, build
from bot.server import serving
from bot.settings import load_settings
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.world import ChatMessage, SimUser
from core.access import system
from core.accounts import service as accounts
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import DispatchState
from core.dispatches.service import put_dispatch
from tests.journeys.browser import Browser
from tests.ports import kept_port

CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
PASSWORD = "Correct-Horse-2026"


@dataclass
class Town:
    """The running system and the people in it."""

    core: Core
    clock: FixedClock
    house: House
    simulator: Simulator
    people: list[Phone] = field(default_factory=list)

    @property
    def platform(self) -> Platform:
        """The simulated LINE."""
        return self.simulator.platform

    def phone(self, name: str) -> Phone:
        """Return a new person's phone, who has just added the account as a friend."""
        phone = Phone(self, self.platform.add_user(name))
        self.people.append(phone)
        self.platform.follow(phone.user)
        self.settle()
        return phone

    def settle(self) -> None:
        """Let everything that waits be handled and sent."""
        while self.house.conversations.run() + self.house.help_worker.run() + self.house.delivery.run():
            pass

    def moves_to(self, moment: str | datetime) -> None:
        """Move the clock to a moment (Taipei) and do all that is due by then."""
        at = datetime.fromisoformat(f"{moment}+08:00") if isinstance(moment, str) else moment
        self.clock.at = at
        self.house.tick()
        self.settle()

    def passes(self, span: timedelta) -> None:
        """Let time pass and do all that is due by then."""
        self.moves_to(self.clock.now() + span)

    def mails_to(self, address: str) -> list[str]:
        """Return the texts of the e-mails in somebody's mailbox, oldest first."""
        return [letter.text for letter in self.simulator.mailbox.mails(address)]

    def code_in_mail(self, address: str) -> str:
        """Return the code in the newest e-mail that has one: letters sent at one moment come in any order."""
        found = [code.group() for text in self.mails_to(address) if (code := CODE.search(text))]
        assert found, "no code in any mail"
        return found[-1]

    @property
    def url(self) -> str:
        """Where the pages of the running system are."""
        return self.house.settings.public_url

    def sits_down(self, code: str, address: str, password: str = PASSWORD) -> Browser:
        """Return a browser in which an account is signed in at the desk, with the code from its mailbox."""
        browser = Browser().opens(f"{self.url}/desk/sign-in").submits(account=code, password=password)
        self.settle()
        return browser.submits(code=self.code_in_mail(address)).sees("總覽")

    def gets(self, number: str, day: date) -> None:
        """Let the main system's list bring unit S01 a dispatch of 王小明, received on the day it went there."""
        facts = DispatchFacts(
            case_number=number,
            unit_code="S01",
            dispatched_on=day,
            received_on=day,
            child_name="王小明",
            state=DispatchState.WAITING,
            needs_assessment=False,
        )
        with self.core.transaction(system("test"), Door.COMMAND) as ctx:
            put_dispatch(ctx, facts)

    def set_password(self, code: str, password: str = PASSWORD) -> None:
        """Give an account its password."""
        with self.core.transaction(system("test"), Door.COMMAND) as ctx:
            accounts.set_password(ctx, code, password)


@dataclass
class Phone:
    """One person's phone."""

    town: Town
    user: SimUser
    _seen: int = 0

    def says(self, text: str) -> Phone:
        """Type a text; the bot answers before this returns."""
        self._seen = len(self._received())
        self.town.platform.say(self.user, text)
        self.town.settle()
        return self

    def taps(self, label: str) -> Phone:
        """Press the newest button with this label."""
        self._seen = len(self._received())
        self.town.platform.press_label(self.user, label)
        self.town.settle()
        return self

    def sees(self, *texts: str) -> Phone:
        """Check what came since the last thing said."""
        shown = self.shown
        for text in texts:
            assert text in shown, f"{text!r} is not among what came:\n{shown}"
        return self

    def sees_nothing_of(self, *texts: str) -> Phone:
        """Check what did not come."""
        for text in texts:
            assert text not in self.shown, f"{text!r} came:\n{self.shown}"
        return self

    @property
    def new(self) -> list[ChatMessage]:
        """The bot's messages since the last thing said."""
        return self._received()[self._seen :]

    @property
    def shown(self) -> str:
        """Every text on the screen since the last thing said, buttons included."""
        labels = [str(action["label"]) for message in self.new for action in message.actions]
        return "\n".join([*(message.text for message in self.new), *labels])

    def code(self) -> str:
        """Return the code that came since the last thing said."""
        found = CODE.search(self.shown)
        assert found, f"no code came:\n{self.shown}"
        return found.group()

    def link_url(self) -> str:
        """Return the address behind the newest button that opens the binding page."""
        for message in reversed(self._received()):
            for action in message.actions:
                if "/link?" in str(action.get("uri", "")):
                    return str(action["uri"])
        raise AssertionError("no button opens the binding page")

    def binds(self, code: str, address: str, password: str = PASSWORD) -> Phone:
        """Bind this phone to an account, all the way through the page and the mailed code."""
        self.says("綁定")
        browser = Browser().opens(self.link_url())
        browser.submits(account=code, password=password)
        self.town.settle()
        self._seen = len(self._received())
        browser.submits(code=self.town.code_in_mail(address))
        self.town.settle()
        return self

    def _received(self) -> list[ChatMessage]:
        return list(self.town.platform.received(self.user))


@contextmanager
def a_town(core: Core, clock: FixedClock, **further: str) -> Iterator[Town]:
    """Run the whole system for as long as the block lasts; ``further`` are settings."""
    with kept_port() as port:
        platform = Platform(
            clock,
            channel_secret="channel secret for tests",
            channel_access_token="channel token for tests",
            webhook_url=f"http://127.0.0.1:{port}/line/webhook",
            timeout=30,
        )
        with Simulator(platform) as simulator:
            settings = load_settings(
                secret_key="unused: the core is given",
                line_channel_secret="channel secret for tests",
                line_channel_access_token="channel token for tests",
                line_api_url=simulator.api_url,
                line_data_url=simulator.api_url,
                line_link_url=simulator.link_url,
                public_url=f"http://127.0.0.1:{port}",
                smtp_url=simulator.smtp_url,
                **further,
            )
            house = build(settings, core)
            app = create_app(settings, core, house.line, lambda: None)
            try:
                with serving(app, "127.0.0.1", port):
                    yield Town(core, clock, house, simulator)
            finally:
                house.close()
