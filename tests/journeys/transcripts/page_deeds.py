"""What happens on pages that need no sign-in: asking for an account, and stopping a change of mailbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.access import Actor
from core.accounts.models import Permission, Role
from core.accounts.registration.deciding import decide_registration
from core.accounts.registration.proving import MailboxAsked, ask_mailbox, prove_mailbox
from core.accounts.registration.rules import Verdict
from core.accounts.registration.service import Form, file_registration
from core.accounts.setup import offer_setup
from core.audit import Door
from core.context import Context
from core.otp.models import Purpose
from core.otp.sending import send_code
from core.otp.service import code_of
from tests.builders import a_national_id
from tests.journeys.browser import Browser
from tests.journeys.transcripts.deeds import as_person, written

if TYPE_CHECKING:
    from tests.journeys.transcripts.stage import Stage

VISITOR, HERE = Actor(name="visitor"), "the browser"
WANTED = frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})


@written("〈address〉 的主人攔下信箱變更")
def stops(stage: Stage, address: str) -> None:
    """The owner of the old mailbox follows the link in the newest letter, and stops the change."""
    letters = (re.search(r"https?://\S+/p/email-stop/\S+", text) for text in stage.town.mails_to(address))
    links = [found.group() for found in letters if found]
    assert links, "no letter has the link"
    Browser().opens(links[-1]).submits().sees("已攔下信箱變更")


@written("〈address〉 在網頁要申請帳號的驗證碼")
def asks_for_code(stage: Stage, address: str) -> None:
    """Somebody wants to prove that a mailbox is theirs."""
    with stage.town.core.transaction(VISITOR, Door.PAGE) as ctx:
        ask_mailbox(ctx, address, HERE)


@written("〈address〉 在網頁申請〈unit〉的帳號")
def registers(stage: Stage, address: str, unit: str) -> None:
    """Somebody proves the mailbox and sends the form."""
    core, number = stage.town.core, 900 + len(address)
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        asked = ask_mailbox(ctx, address, HERE)
    assert isinstance(asked, MailboxAsked), asked
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        prove_mailbox(ctx, asked.challenge, code_of(core.vault, asked.challenge), HERE)
    code = f"NW{a_national_id(number)[-4:]}"
    form = Form(code, a_national_id(number), "林書豪", "輔導主任", "02-29603456#3718", unit, Role.CASEWORKER, WANTED)
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        file_registration(ctx, form, asked.challenge, HERE)


@written("〈name〉核准帳號申請 〈number〉")
def approves(stage: Stage, name: str, number: str) -> None:
    """An administrator approves all that was asked for."""
    as_person(stage, name, lambda ctx: _decide(ctx, number, ""))


@written("〈name〉不核准帳號申請 〈number〉：〈reason〉")
def refuses(stage: Stage, name: str, number: str, reason: str) -> None:
    """An administrator refuses all that was asked for."""
    as_person(stage, name, lambda ctx: _decide(ctx, number, reason))


def _decide(ctx: Context, number: str, reason: str) -> None:
    verdict = Verdict(approves=not reason, reason=reason)
    decide_registration(ctx, int(number), dict.fromkeys(WANTED, verdict))


@written("主系統請〈name〉輸入驗證碼")
def main_system_asks(stage: Stage, name: str) -> None:
    """The main system has a code sent for its sign-in."""
    with stage.town.core.transaction(VISITOR, Door.API) as ctx:
        send_code(ctx, stage.account_id(name), Purpose.MAIN_SYSTEM, HERE)


@written("〈name〉在網頁首次設定密碼")
def sets_up(stage: Stage, name: str) -> None:
    """Somebody asks on the page for a first password."""
    with stage.town.core.transaction(VISITOR, Door.PAGE) as ctx:
        offer_setup(ctx, stage.code(name), HERE)
