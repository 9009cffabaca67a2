"""Accounts from the command line: for the first administrator, and for scripts.

What nobody else may read, a national ID or a password, is no argument: other users of the machine see those in the list
of processes, and shells keep them. It is read from standard input, or asked for without an echo where somebody types.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.opening import opened
from core.access import system
from core.accounts import service
from core.accounts.models import Permission, Role
from core.audit import Door
from core.context import Context
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
@click.option("--email", required=True)
@click.option("--unit", "unit_code", required=True, help="The unit's code.")
@click.option("--role", required=True, help="承辦人, 窗口, 督導, 中心, 客服 or 管理員.")
@click.option("--starts", required=True, help="First day, ROC or ISO.")
@click.option("--ends", required=True, help="Last day, ROC or ISO.")
@click.option("--permission", "permissions", multiple=True, help="A permission's code; may be repeated.")
def create(code: str, role: str, starts: str, ends: str, permissions: tuple[str, ...], **given: str) -> None:
    """Create an account, or change the one with this code; the national ID is read from standard input, or asked for.

    Example: frontdoor account create AB1234 --name 王小明 --email a@ntpc.example --unit S01 --role 承辦人
    --starts 113/08/01 --ends 114/07/31 --permission 90097 < national-id.txt
    """
    known = Role.of_label(role)
    if known is None:
        raise InvalidInput(f"--role: there is no role {role!r}; use one of {', '.join(each.label for each in Role)}")
    facts = service.AccountFacts(
        code=code,
        name=given["name"],
        national_id=_line_unseen("National ID"),
        email=given["email"],
        unit_code=given["unit_code"],
        role=known,
        title="",
        phone="",
        starts_on=parse_date(starts, field="--starts"),
        ends_on=parse_date(ends, field="--ends"),
        permissions=frozenset(_permission(each) for each in permissions),
    )
    with _writing() as ctx:
        done = service.put_account(ctx, facts)
    click.echo(f"{code}: {done.value}")


@account.command()
@click.argument("code")
def disable(code: str) -> None:
    """Disable an account at once.

    Example: frontdoor account disable AB1234
    """
    with _writing() as ctx:
        service.disable_account(ctx, code)
    click.echo(f"{code}: disabled")


@account.command()
@click.argument("code")
@click.argument("permission")
def grant(code: str, permission: str) -> None:
    """Give an account a permission.

    Example: frontdoor account grant AB1234 90097
    """
    with _writing() as ctx:
        service.grant_permission(ctx, code, _permission(permission))
    click.echo(f"{code}: granted {permission}")


@account.command()
@click.argument("code")
def password(code: str) -> None:
    """Set an account's password; the new one is read from standard input, or asked for.

    Example: frontdoor account password AB1234 < new-password.txt
    """
    new = _line_unseen("New password")
    with _writing() as ctx:
        service.set_password(ctx, code, new)
    click.echo(f"{code}: password set")


@contextmanager
def _writing() -> Iterator[Context]:
    with opened() as core, core.transaction(ACTOR, Door.COMMAND) as ctx:
        yield ctx


def _line_unseen(what: str) -> str:
    """Return a line of standard input; where somebody types it, it is asked for and not shown."""
    if is_typed():
        typed: str = click.prompt(what, hide_input=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def is_typed() -> bool:
    """Return whether standard input is somebody at a terminal."""
    return sys.stdin.isatty()


def _permission(code: str) -> Permission:
    known = {each.value: each for each in Permission}
    if code not in known:
        raise InvalidInput(f"there is no permission {code!r}; use one of {', '.join(known)}")
    return known[code]
