"""LINE and the mail server inside this process: no socket, no thread, and whatever goes wrong drawn from one chance.

The platform is the simulator's, the bodies are those the real channel makes, and what LINE answers is read as the real
channel reads it. Whoever sends hears an outcome only; what was taken is told to whoever keeps the account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bot.channels.json_types import as_object
from bot.channels.line import LineChannel
from bot.channels.line_outcomes import outcome_of
from bot.render.mail import draw_mail
from bot.simulator.answers import Answer as Answered
from bot.simulator.answers import refusal
from bot.simulator.faults import ERRORS, FaultKind
from bot.simulator.ids import new_request_id
from bot.simulator.jsons import dump, parse
from bot.simulator.platform import Platform
from bot.simulator.sending import Call
from core.cards import Answer
from core.clock import FixedClock
from core.notices.channel import Done, Fill, Mail, Outcome, Request, Sent, Unsent
from core.notices.models import Via
from core.quota.door import Consumption

OK, KNOWN = 200, 409
NOWHERE = "http://127.0.0.1:9"
UNKNOWN = frozenset({FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER, FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER})
"""No answer comes: nobody knows whether it was taken."""
WHOLE = frozenset({FaultKind.EMPTY_BODY, FaultKind.JUNK_BODY, FaultKind.SLOW})
"""An answer that means what it always does, whatever stands in it or however late it comes."""
AT_A_CALL = (*(each for each in ERRORS if each is not FaultKind.PREPARING), *UNKNOWN, *WHOLE)
LOST = 0.5
"""Of the letters nobody knows the fate of, so many were not taken."""
TELLS = 0.3
"""How often LINE says how the month's paid messages stand; what follows from it takes long to reckon."""
MAIL_TROUBLE = (Outcome.UNREACHED, Outcome.AMBIGUOUS, Outcome.RATE, Outcome.CLOSED, Outcome.SAME_PERSON)


@dataclass
class Weather:
    """How often calls go wrong today, and by which faults."""

    chance: Random
    often: float = 0.0
    kinds: Sequence[FaultKind] = AT_A_CALL
    nobody_there: float = 0.0
    """How often LINE cannot be reached at all."""
    mail: float = 0.0

    def fault(self) -> FaultKind | None:
        """Return what spoils this call, if anything does."""
        return self.chance.choice(list(self.kinds)) if self.chance.random() < self.often else None

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        self.often = self.nobody_there = self.mail = 0.0


@dataclass(frozen=True)
class Taken:
    """One request or e-mail that was taken, whether its sender knows it or not."""

    via: Via
    carrier: int
    """The notice by which LINE's door knows the request; the mail server's knows none."""
    key: str
    """The retry key of a push, the Message-ID of an e-mail."""
    previews: tuple[str, ...] = ()


Ledger = Callable[[Taken], None]


@dataclass
class InsideLine:
    """LINE's door: the platform is asked in this thread."""

    platform: Platform
    weather: Weather
    keep: Ledger = field(default=lambda _: None)
    channel: LineChannel = field(default_factory=lambda: LineChannel("unused", NOWHERE))

    def draw(self, answer: Answer, fill: Fill) -> tuple[bytes, ...]:
        """Return the messages as the real channel draws them."""
        return self.channel.draw(answer, fill)

    def reply(self, token: str, messages: Sequence[bytes]) -> bytes:
        """Return a reply's body."""
        return self.channel.reply(token, messages)

    def push(self, line_user_ids: Sequence[str], messages: Sequence[bytes]) -> bytes:
        """Return a push's or multicast's body."""
        return self.channel.push(line_user_ids, messages)

    def post(self, requests: Sequence[Request], done: Done) -> None:
        """Let the platform take each request, or let it go wrong."""
        for each in requests:
            done(each, self._posted(each))

    def link_token(self, line_user_id: str) -> str:
        """Return a link token; raises ``Unsent`` as the real channel does."""
        fault = self.weather.fault()
        if fault is not None and fault not in WHOLE:
            raise Unsent(_read(refusal(*ERRORS.get(fault, ERRORS[FaultKind.UNAVAILABLE]))))
        return str(self.platform.link_token(line_user_id).body["linkToken"])

    def consumption(self) -> Consumption:
        """Tell how the month's paid messages stand; raises ``ConnectionError`` now and then.

        Only where they are limited: to reckon what the plans would take is by far the longest of all jobs.
        """
        sending = self.platform.sending
        if sending.quota is None or self.weather.chance.random() > TELLS or self.weather.fault() is not None:
            raise ConnectionError("LINE does not say")
        return Consumption(sending.quota, sending.used(self.platform.world.now()))

    def _posted(self, request: Request) -> Sent:
        if self.weather.chance.random() < self.weather.nobody_there:
            return Sent(Outcome.UNREACHED, "nobody there")
        fault = self.weather.fault()
        if fault is not None and fault.is_before:
            sent = Sent(Outcome.AMBIGUOUS, fault) if fault in UNKNOWN else _read(refusal(*ERRORS[fault]))
            is_known = sent.outcome is Outcome.REFUSED and self._was_taken(request)
            return _read(self._asked(request)) if is_known else sent
        answered = self._asked(request)
        if fault is None or fault in WHOLE or answered.status not in (OK, KNOWN):
            return _read(answered)
        return Sent(Outcome.AMBIGUOUS, fault) if fault in UNKNOWN else _read(refusal(*ERRORS[fault]))

    def _was_taken(self, request: Request) -> bool:
        """Say whether LINE took a request before: it looks at the key first, and refuses no bytes that it took."""
        key = str(request.retry_key) if request.retry_key else ""
        return bool(key) and self.platform.sending.keys.find(key, self.platform.world.now()) is not None

    def _asked(self, request: Request) -> Answered:
        body = as_object(parse(request.body)) or {}
        key = str(request.retry_key) if request.retry_key else None
        call = Call(body, new_request_id(), key)
        sending = self.platform.sending
        act = {Via.REPLY: sending.reply, Via.PUSH: sending.push, Via.MULTICAST: sending.multicast}[request.via]
        answered = act(call)
        if answered.status == OK:
            messages = self.platform.accepted()[-1].messages
            previews = tuple(str(each.get("altText", "")) for each in messages)
            self.keep(Taken(request.via, request.number, key or "", previews))
        return answered


def _read(answered: Answered) -> Sent:
    headers = {name.lower(): value for name, value in answered.headers}
    return outcome_of(answered.status, dump(answered.body), headers)


@dataclass
class InsideMail:
    """The mail server's door: it takes a letter as often as it comes, and some mailboxes are full for ever."""

    weather: Weather
    keep: Ledger = field(default=lambda _: None)
    dead: set[str] = field(default_factory=set)
    """Addresses that no letter reaches."""

    def draw(self, answer: Answer, fill: Fill) -> Mail:
        """Return the e-mail as the real channel draws it."""
        return draw_mail(answer, fill)

    def send(self, address: str, mail: Mail, message_id: str) -> Sent:
        """Take a letter, or not."""
        if address in self.dead:
            return Sent(Outcome.REFUSED, "RCPT 550")
        chance = self.weather.chance
        trouble = chance.choice(MAIL_TROUBLE) if chance.random() < self.weather.mail else None
        if trouble is not None and (trouble is not Outcome.AMBIGUOUS or chance.random() < LOST):
            return Sent(trouble, "trouble")
        self.keep(Taken(Via.MAIL, 0, message_id, (mail.subject,)))
        return Sent(trouble or Outcome.ACCEPTED, "DATA 250")


@dataclass
class TrueClock:
    """What time it is for everybody else, whatever the house's own clock shows."""

    house: FixedClock

    def now(self) -> datetime:
        """Return the present."""
        return FixedClock.now(self.house)
