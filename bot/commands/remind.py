"""What the reminder plans will say: to whom, when, and at what cost, before anything is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from bot.commands.tables import echo_table
from bot.opening import opened
from core.access import system
from core.audit import Door
from core.clock import taipei_date
from core.context import Core
from core.dates import parse_date, roc, roc_moment
from core.duties.outlook import outlook
from core.duties.priced import Priced, priced
from core.errors import InvalidInput
from core.notices.models import Via
from core.quota.queries import is_spared

ACTOR = system("command line")
DAYS_AT_MOST = 366  # plans run on for ever while something is late
HEADINGS = ("time", "account", "unit", "notice", "duties", "by", "paid")


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be told, and tell nothing.")
@click.option("--from", "first", help="First day, ROC or ISO; default: today.")
@click.option("--to", "last", help="Last day, ROC or ISO; default: the first.")
def remind(first: str | None, last: str | None, *, dry_run: bool) -> None:
    """List who would be told what of the duties open now, when and at what cost. Nothing is written or sent.

    Names are left out: accounts and units stand by their codes.

    Example: frontdoor remind --dry-run --from 115/03/05 --to 115/03/31
    """
    if not dry_run:
        raise InvalidInput(
            "the jobs send reminders (frontdoor tick); this only reckons: add --dry-run", field="--dry-run"
        )
    with opened() as core:
        begin = parse_date(first, field="--from") if first else taipei_date(core.clock.now())
        _show(core, begin, parse_date(last, field="--to") if last else begin)


def _show(core: Core, begin: date, end: date) -> None:
    rows = _expected(core, begin, end)
    pushes = sum(each.via is Via.PUSH for each in rows)
    click.echo(
        f"{roc(begin)} to {roc(end)}: {len(rows)} messages, {pushes} by push (paid), {len(rows) - pushes} by mail."
    )
    echo_table(HEADINGS, [_row(each) for each in rows])
    click.echo("Reckoned from the duties, people and quota of now; nothing was sent or saved.")


def _expected(core: Core, begin: date, end: date) -> Sequence[Priced]:
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        _check(ctx.today, begin, end)
        found = priced(ctx, outlook(ctx, end), is_spared=is_spared(ctx))
    return [each for each in found if taipei_date(each.at) >= begin]


def _check(today: date, begin: date, end: date) -> None:
    if end < begin:
        raise InvalidInput("--to is before --from", field="--to")
    if end < today:
        raise InvalidInput("--to: these days are over; name one from today on", field="--to")
    if (end - today).days > DAYS_AT_MOST:
        raise InvalidInput("--to: a year at most is reckoned; name an earlier day", field="--to")


def _row(each: Priced) -> tuple[str, ...]:
    paid = "1" if each.via is Via.PUSH else "0"
    return roc_moment(each.at), each.account, each.unit, each.kind.label, str(each.duties), each.via.label, paid
