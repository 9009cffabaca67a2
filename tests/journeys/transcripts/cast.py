"""The people of a transcript, as its head names them: 安安｜承辦人｜永平國民小學｜90097、2462｜到期 115/06/30."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bot.simulator.world import Friendship
from core.accounts.models import Account, CodeChannel, Permission, Role, Unit, UnitKind
from core.context import Context, Core
from core.dates import parse_date
from tests.builders import a_unit, an_account, bind, inside
from tests.journeys.town import Phone, Town

STRANGER = "路人"
BUREAU = "教育局"
USUAL = {
    Role.CASEWORKER: (Permission.CASEWORKER, Permission.MEAL_CHECKS),
    Role.SUPERVISOR: (Permission.SUPERVISOR,),
    Role.CONTACT: (Permission.CONTACT,),
    Role.CENTER: (Permission.CITY,),
}
KINDS = {"社福中心": UnitKind.WELFARE_CENTRE, "中心": UnitKind.CENTER, "局": UnitKind.BUREAU}
"""What a unit's name ends in, and what it is; anything else is a school."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account, a phone, or both."""

    name: str
    account: Account | None
    address: str
    phone: Phone | None


def a_person(town: Town, line: str) -> Person:
    """Put somebody on stage, as a line of the head says."""
    name, role, *more = line.split("｜")
    if role == STRANGER:
        return Person(name, None, "", _phone(town, name, Friendship.NONE))
    unit, *marks = more
    account = _account(town, name, Role.of_label(role) or Role.CASEWORKER, unit, marks)
    phone = None if "沒有手機" in marks else _phone(town, name, Friendship.FRIEND)
    if phone and "未綁定" not in marks:
        bind(town.core, account, line_user=phone.user.user_id)
    return Person(name, account, town.core.vault.open(account.email), phone)


def _phone(town: Town, name: str, friendship: Friendship) -> Phone:
    user = town.platform.add_user(name)
    user.friendship = friendship
    return Phone(town, user)


def _account(town: Town, name: str, role: Role, unit: str, marks: list[str]) -> Account:
    given = dict(mark.split(" ", 1) for mark in marks if " " in mark)
    permissions = [each for mark in marks for code in mark.split("、") for each in Permission if each.value == code]
    account = an_account(
        town.core,
        the_unit(town.core, unit),
        name=name,
        role=role,
        permissions=permissions or (() if "沒有權限" in marks else USUAL.get(role, ())),
        ends_on=_day(given, "到期") or date(2026, 12, 31),
        certificate_ends_on=_day(given, "憑證"),
        code_channel=CodeChannel.LINE if "驗證碼用LINE" in marks else CodeChannel.MAIL,
    )
    if "有密碼" in marks or "未綁定" in marks:
        town.set_password(account.code)
    return account


def the_unit(place: Core | Context, name: str) -> Unit:
    """Return the unit of this name, made when it is first named; schools lie below the bureau."""
    with inside(place) as ctx:
        found = ctx.session.scalars(select(Unit).where(Unit.name == name)).first()
        if found:
            return found
        kind = next((kind for ending, kind in KINDS.items() if name.endswith(ending)), UnitKind.SCHOOL)
        return a_unit(ctx, name, kind=kind, parent=the_unit(ctx, BUREAU) if kind is UnitKind.SCHOOL else None)


def _day(given: dict[str, str], word: str) -> date | None:
    return parse_date(given[word]) if word in given else None
