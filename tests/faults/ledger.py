"""LINE as a file: what it accepted outlives whoever posted it, retry keys and reply tokens included.

One line of JSON is one request that was accepted, or, marked ``again``, one that came under a known key. A line is
written by one call of the system, so that a killed writer has written it or has not.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from core.cards import Answer
from core.notices.channel import Done, Fill, Mail, Outcome, Request, Sent
from core.notices.models import Via
from tests.faults.places import SEED, chance_of
from tests.scheduler.doors import FakeLine, FakeMail


@dataclass(frozen=True)
class Entry:
    """One request as LINE saw it: who hears which texts, and under which key."""

    via: str
    key: str
    to: str
    texts: tuple[str, ...]
    again: bool = False

    @property
    def people(self) -> list[str]:
        """A reply token is the person's id with a number behind it."""
        return [self.to.partition("/")[0]] if self.via == Via.REPLY else self.to.split()


@dataclass
class Ledger:
    """The file, and what was read of it."""

    path: Path
    entries: list[Entry] = field(default_factory=list)
    known: dict[str, Entry] = field(default_factory=dict)
    _read: int = 0

    def look(self) -> None:
        """Read what was written since the last look."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        self._read += len(new)
        for line in new.splitlines():
            found = json.loads(line)
            entry = Entry(**found | {"texts": tuple(found["texts"])})
            self.entries.append(entry)
            self.known.setdefault(entry.key, entry)

    def write(self, entry: Entry) -> None:
        """Write one line; from now on its key is known."""
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, json.dumps(entry.__dict__).encode() + b"\n")
        finally:
            os.close(handle)
        self.known.setdefault(entry.key, entry)

    def changed(self) -> int:
        """Return how often a retry was not the first request over again."""
        self.look()
        firsts = ((each, self.known[each.key]) for each in self.entries if each.again)
        return sum((each.to, each.texts) != (first.to, first.texts) for each, first in firsts)

    def heard(self) -> Counter[tuple[str, str]]:
        """Return how often each person was told each text."""
        self.look()
        first = [each for each in self.entries if not each.again]
        return Counter(
            (who, text) for each in first for who in each.people for text in each.texts if not text.isdigit()
        )


@dataclass
class LedgerLine(FakeLine):
    """LINE's door to the ledger. One call in ``fails_in`` breaks off, half of these after it was accepted."""

    ledger: Ledger = field(default_factory=lambda: Ledger(Path()))
    chance: Random = field(default_factory=lambda: chance_of(SEED))
    fails_in: int = 10

    def draw(self, answer: Answer, fill: Fill) -> tuple[bytes, ...]:
        if answer.carries_code():
            fill.code("challenge")
        if "account_link" in answer.to_json():
            fill.link_url()
        return tuple(json.dumps(message.preview).encode() for message in answer.messages)

    def post(self, requests: Sequence[Request], done: Done) -> None:
        for each in requests:
            done(each, self._answer(each))

    def _answer(self, request: Request) -> Sent:
        to, texts = json.loads(request.body)
        key = str(request.retry_key) if request.retry_key else to
        entry = Entry(request.via.value, key, to, tuple(texts))
        if key in self.ledger.known:
            self.ledger.write(Entry(entry.via, key, to, entry.texts, again=True))
            return Sent(Outcome.TOKEN_DEAD if request.via is Via.REPLY else Outcome.ACCEPTED_BEFORE)
        breaks = self.chance.randrange(2 * self.fails_in)
        if breaks == 0:
            return Sent(Outcome.AMBIGUOUS)
        self.ledger.write(entry)
        return Sent(Outcome.AMBIGUOUS if breaks == 1 else Outcome.ACCEPTED)


@dataclass
class LedgerMail(FakeMail):
    """A mail server with the same ledger: a letter's Message-ID is its key, and it takes one twice."""

    ledger: Ledger = field(default_factory=lambda: Ledger(Path()))

    def send(self, address: str, mail: Mail, message_id: str) -> Sent:
        again = message_id in self.ledger.known
        self.ledger.write(Entry(Via.MAIL.value, message_id, address, (mail.text,), again=again))
        return Sent(Outcome.ACCEPTED)
