"""People who register and administrators who decide, in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Permission, Role
from core.accounts.registration.deciding import Decided, decide_registration
from core.accounts.registration.models import MailboxCode, Registration
from core.accounts.registration.proving import MailboxAsked, MailboxProved, ask_mailbox, prove_mailbox
from core.accounts.registration.rules import Verdict
from core.accounts.registration.service import Filed, Form, file_registration
from core.audit import Door
from core.context import Core
from core.otp.service import code_of
from tests.builders import a_national_id, an_account
from tests.services import acting

HERE = "this browser"
MAILBOX = "newcomer@ntpc.gov.tw"
VISITOR = Actor(name="visitor")
ID = a_national_id(900)
RIGHT = Form(
    code=f"nw{ID[-4:]}",
    national_id=ID,
    name="林書豪",
    title="輔導主任",
    phone="02-29603456#3718",
    unit="永平國民小學",
    role=Role.CASEWORKER,
    permissions=frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS}),
)
YES = Verdict(approves=True)


def no(reason: str = "請先完成教育訓練") -> Verdict:
    return Verdict(approves=False, reason=reason)


def asks(core: Core, address: str = MAILBOX, asker: str = HERE) -> str:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        asked = ask_mailbox(ctx, address, asker)
    assert isinstance(asked, MailboxAsked), asked
    return asked.challenge


def proves(core: Core, challenge: str, code: str = "", asker: str = HERE) -> object:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        return prove_mailbox(ctx, challenge, code or code_of(core.vault, challenge), asker)


def proved(core: Core, address: str = MAILBOX) -> str:
    challenge = asks(core, address)
    assert isinstance(proves(core, challenge), MailboxProved)
    return challenge


def files(core: Core, challenge: str, asker: str = HERE, **changed: Any) -> Filed:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        return file_registration(ctx, replace(RIGHT, **changed), challenge, asker)


def registers(core: Core, address: str = MAILBOX, **changed: Any) -> int:
    return files(core, proved(core, address), **changed).number


def decides(core: Core, number: int, verdicts: Mapping[Permission, Verdict]) -> Decided:
    with acting(core, an_account(core, role=Role.ADMIN, permissions=())) as ctx:
        return decide_registration(ctx, number, verdicts)


def registration(core: Core, number: int) -> Registration:
    with core.store.reading() as session:
        return session.get_one(Registration, number)


def codes(core: Core) -> list[MailboxCode]:
    with core.store.reading() as session:
        return list(session.scalars(select(MailboxCode).order_by(MailboxCode.sent_at)))
