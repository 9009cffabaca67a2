"""Plays a transcript: each act on the running system, and what it brought to phones and mailboxes, as lines."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import groupby

from bot.simulator.world import ChatMessage, Friendship
from core.access import system
from core.audit import Door
from core.helpdesk import service as helpdesk
from tests.journeys.browser import Browser
from tests.journeys.town import CODE, Phone, Town
from tests.journeys.transcripts import deeds, desk_deeds, hands, mishaps, page_deeds, screen
from tests.journeys.transcripts.cast import Person, a_person
from tests.journeys.transcripts.script import Act, Script

PARTS = (deeds, desk_deeds, mishaps, page_deeds)  # imported for their entries in the table
DEED, SPAN = "＊ ", {"秒": "seconds", "分鐘": "minutes", "小時": "hours", "天": "days"}
NOTHING = "（沒有新訊息）"
_SPAN = re.compile(r"過了 (\d+) (\S+)")
_PRESSED = re.compile(r"(\S+?) 按(舊的)?［(.+)］")
_SAID = re.compile(r"([^\s：]+)：(.*)")
_DOES = re.compile(r"(\S+?) (.+)")


class Stage:
    """The town, the people of one transcript, and how much of their phones and letters was shown already."""

    def __init__(self, town: Town, script: Script) -> None:
        self.town = town
        town.clock.at = deeds.at_moment(script.values("時間")[0])
        self.people = {each.name: each for each in (a_person(town, line) for line in script.values("人物"))}
        for line in script.values("場景"):
            deeds.does(self, line)
        self._seen = dict.fromkeys(self.people, 0)
        self._letters = 0
        self.last_code = ""
        self.browser = Browser()
        town.settle()
        self._new()

    def person(self, name: str) -> Person:
        """Return somebody by name."""
        assert name in self.people, f"nobody is called {name}"
        return self.people[name]

    def code(self, name: str) -> str:
        """Return the code of somebody's account."""
        account = self.person(name).account
        assert account, f"{name} has no account"
        return account.code

    def account_id(self, name: str) -> int:
        """Return the id of somebody's account."""
        account = self.person(name).account
        assert account, f"{name} has no account"
        return account.id

    def play(self, act: Act) -> tuple[str, ...]:
        """Let one act happen; return what came of it."""
        if act.is_remark:
            return ()
        asker = self._happens(act.words)
        brought = tuple(self._new())
        if asker:
            self._check_answered(asker, brought)
        return brought or (NOTHING,)

    def _happens(self, words: str) -> str:
        """Do what a line says; return whose phone must have got an answer, or an empty text."""
        if words.startswith(DEED):
            deeds.does(self, words.removeprefix(DEED))
            self.town.settle()
            return ""
        if words.startswith("時間來到 "):
            self.town.moves_to(deeds.at_moment(words.removeprefix("時間來到 ")))
            return ""
        if span := _SPAN.fullmatch(words):
            self.town.passes(timedelta(**{SPAN[span[2]]: int(span[1])}))
            return ""
        if pressed := _PRESSED.fullmatch(words):
            return self._presses(pressed[1], pressed[3], is_old=bool(pressed[2]))
        if said := _SAID.fullmatch(words):
            self.phone(said[1]).says(said[2].replace("〈驗證碼〉", self.last_code).replace("⏎", "\n"))
            return said[1]
        does = _DOES.fullmatch(words)
        assert does, f"nobody knows what this is: {words}"
        return self._does(does[1], does[2])

    def _presses(self, name: str, label: str, *, is_old: bool) -> str:
        phone = self.phone(name)
        found = [action for message in self._received(phone) for action in message.actions if action["label"] == label]
        assert found, f"no button of {name}'s is labelled {label}"
        self.town.platform.press(phone.user, found[0 if is_old else -1])
        self.town.settle()
        return name

    def _does(self, name: str, what: str) -> str:
        verb, _, rest = what.partition("：")
        assert verb in hands.DONE, f"nobody knows how to do this: {what}"
        move = hands.DONE[verb]
        move.act(self, name, rest)
        if move.settles:
            self.town.settle()
        return name if move.is_answered else ""

    def _check_answered(self, name: str, brought: tuple[str, ...]) -> None:
        """Never silence: whoever acts is answered, but for who has blocked us, and who talks with a person."""
        phone = self.phone(name)
        if any(line.startswith("〔") and f"→{name}" in line for line in brought):
            return
        if phone.user.friendship is Friendship.BLOCKED:
            return
        person = self.town.core.vault.look_up("line_user", phone.user.user_id)
        with self.town.core.reading(system("test"), Door.JOB) as ctx:
            assert helpdesk.talking(ctx, person), f"{name} got no answer"

    def _new(self) -> list[str]:
        """Return what is new on each phone, then the letters."""
        lines: list[str] = []
        for name, person in self.people.items():
            if person.phone:
                received = self._received(person.phone)
                lines += self._shown(name, received[self._seen[name] :])
                self._seen[name] = len(received)
        mails = self.town.simulator.mailbox.mails()
        for mail in sorted(mails[self._letters :], key=lambda each: (each.recipients, each.subject, each.text)):
            self._keep_code(mail.text)
            lines += screen.of_mail(mail)
        self._letters = len(mails)
        return lines

    def _shown(self, name: str, messages: list[ChatMessage]) -> list[str]:
        for message in messages:
            self._keep_code(message.text)
        lines: list[str] = []
        for block, same in groupby(tuple(screen.of_phone(name, [message])) for message in messages):
            lines += block
            lines += [f"（連續 {count} 則都是這樣）"] if (count := len(list(same))) > 1 else []
        return lines

    def _keep_code(self, text: str) -> None:
        if found := CODE.search(text):
            self.last_code = found.group()

    def _received(self, phone: Phone) -> list[ChatMessage]:
        return list(self.town.platform.received(phone.user))

    def phone(self, name: str) -> Phone:
        """Return somebody's phone."""
        phone = self.person(name).phone
        assert phone, f"{name} has no phone"
        return phone
