"""Accounts from the command line: for the first administrator, and for scripts."""

from __future__ import annotations

import sys

import click

from bot.settings import load_settings, make_core
from core.access import system
from core.accounts import service
from core.accounts.models import Permission, Role
from core.audit import Door
from core.context import Core
from core.dates import parse_date
from core.errors import InvalidInput

ACTOR = system("command line")


@click.group()
def account() -> None:
    """Create accounts, set passwords, grant permissions.

    Example: frontdoor account password AB1234 < new-password.txt
    """


@account.command()
@click.argument("code")
@click.option("--name", required=True)
@click.option("--national-id", required=True)
@click.option("--email", required=True)
@click.option("--unit", "unit_code", required=True, help="The unit's code.")
@click.option("--role", required=True, help="承辦人, 窗口, 督導, 中心, 客服 or 管理員.")
@click.option("--starts", required=True, help="First day, ROC or ISO.")
@click.option("--ends", required=True, help="Last day, ROC or ISO.")
@click.option("--permission", "permissions", multiple=True, help="A permission's code; may be repeated.")
def create(code: str, role: str, starts: str, ends: str, permissions: tuple[str, ...], **given: str) -> None:
    """Create an account, or change the one with this code.

    Example: frontdoor account create AB1234 --name 王小明 --national-id A123451234 --email a@ntpc.example
    --unit S01 --role 承辦人 --starts 113/08/01 --ends 114/07/31 --permission 90097
    """
    known = Role.of_label(role)
    if known is None:
        raise InvalidInput(f"--role：沒有「{role}」這個角色；可用：{'、'.join(each.label for each in Role)}")
    facts = service.AccountFacts(
        code=code,
        name=given["name"],
        national_id=given["national_id"],
        email=given["email"],
        unit_code=given["unit_code"],
        role=known,
        title="",
        phone="",
        starts_on=parse_date(starts, field="--starts"),
        ends_on=parse_date(ends, field="--ends"),
        permissions=frozenset(_permission(each) for each in permissions),
    )
    core = make_core(load_settings())
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        done = service.put_account(ctx, facts)
    click.echo(f"{code}: {done.value}")


@account.command()
@click.argument("code")
def disable(code: str) -> None:
    """Disable an account at once.

    Example: frontdoor account disable AB1234
    """
    with _core().transaction(ACTOR, Door.COMMAND) as ctx:
        service.disable_account(ctx, code)
    click.echo(f"{code}: disabled")


@account.command()
@click.argument("code")
@click.argument("permission")
def grant(code: str, permission: str) -> None:
    """Give an account a permission.

    Example: frontdoor account grant AB1234 90097
    """
    with _core().transaction(ACTOR, Door.COMMAND) as ctx:
        service.grant_permission(ctx, code, _permission(permission))
    click.echo(f"{code}: granted {permission}")


@account.command()
@click.argument("code")
def password(code: str) -> None:
    """Set an account's password; the new one is read from standard input.

    Example: frontdoor account password AB1234 < new-password.txt
    """
    new = sys.stdin.readline().rstrip("\r\n")
    with _core().transaction(ACTOR, Door.COMMAND) as ctx:
        service.set_password(ctx, code, new)
    click.echo(f"{code}: password set")


def _core() -> Core:
    return make_core(load_settings())


def _permission(code: str) -> Permission:
    known = {each.value: each for each in Permission}
    if code not in known:
        raise InvalidInput(f"沒有權限代碼「{code}」；可用：{'、'.join(known)}")
    return known[code]
