"""People who ask and decide, in one line each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.access import Actor
from core.accounts import queries
from core.accounts.models import Account, Role
from core.accounts.requests import deciding, service
from core.accounts.requests.models import AccountRequest
from core.accounts.requests.service import Filed, Proof
from core.audit import Door
from core.clock import taipei_date
from core.context import Core
from core.notices.models import Notice, Via
from core.otp.models import Challenge
from core.otp.service import CodeSent, code_of
from tests.builders import a_unit, an_account

HERE = "this chat"
NEW = "new@ntpc.gov.tw"


@dataclass(frozen=True)
class Asking:
    """An account at the core's door."""

    core: Core
    account: Account

    @property
    def actor(self) -> Actor:
        with self.core.store.reading() as session:
            actor = queries.actor_of(session, self.account.id, taipei_date(self.core.clock.now()))
        assert actor is not None
        return actor

    def mails_code(self, address: str = NEW) -> str:
        with self.core.transaction(self.actor, Door.CHAT) as ctx:
            sent = service.send_address_code(ctx, address, HERE)
        assert isinstance(sent, CodeSent)
        return sent.challenge

    def files_email(self, address: str = NEW) -> int:
        challenge = self.mails_code(address)
        return filed(self.proves_email(address, challenge))

    def proves_email(self, address: str, challenge: str, code: str = "", asker: str = HERE) -> object:
        proof = Proof(challenge, code or code_of(self.core.vault, challenge), asker)
        with self.core.transaction(self.actor, Door.CHAT) as ctx:
            return service.file_email_change(ctx, address, proof)

    def files_extension(self) -> int:
        with self.core.transaction(self.actor, Door.CHAT) as ctx:
            sent = service.send_extension_code(ctx, HERE)
        assert isinstance(sent, CodeSent)
        proof = Proof(sent.challenge, code_of(self.core.vault, sent.challenge), HERE)
        with self.core.transaction(self.actor, Door.CHAT) as ctx:
            return filed(service.file_extension(ctx, proof))

    def withdraws(self, number: int) -> None:
        with self.core.transaction(self.actor, Door.CHAT) as ctx:
            service.withdraw_request(ctx, number)

    def approves(self, number: int) -> None:
        with self.core.transaction(self.actor, Door.DESK) as ctx:
            deciding.approve_request(ctx, number)

    def refuses(self, number: int, reason: str = "請改用公務信箱") -> None:
        with self.core.transaction(self.actor, Door.DESK) as ctx:
            deciding.refuse_request(ctx, number, reason)


def filed(outcome: object) -> int:
    assert isinstance(outcome, Filed)
    return outcome.number


def somebody(core: Core, role: Role = Role.CASEWORKER, **account: object) -> Asking:
    return Asking(core, an_account(core, a_unit(core), role=role, **account))  # type: ignore[arg-type]


def row(core: Core, number: int) -> AccountRequest:
    with core.store.reading() as session:
        return session.get_one(AccountRequest, number)


def address_of(core: Core, account: Account) -> str:
    with core.store.reading() as session:
        return core.vault.open(session.get_one(Account, account.id).email)


def mails(core: Core, address: str) -> list[str]:
    """Return what lies in the outbox for an address, oldest first, as stored."""
    with core.store.reading() as session:
        found = session.scalars(select(Notice).where(Notice.via == Via.MAIL).order_by(Notice.id)).all()
    sent = [each for each in found if each.address and core.vault.open(each.address) == address]
    return [core.vault.open(each.said) for each in sent]


def challenges(core: Core) -> list[Challenge]:
    with core.store.reading() as session:
        return list(session.scalars(select(Challenge).order_by(Challenge.sent_at)))
