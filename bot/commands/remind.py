"""What the reminder plans will say: to whom, when, and at what cost, before anything is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from bot.commands.tables import echo_table
from bot.settings import load_settings, make_core
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
HEADINGS = ("時間", "帳號", "單位", "通知", "件數", "方式", "計費")


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
        raise InvalidInput("提醒由排程送出（frontdoor tick）；這個指令只能試算，請加上 --dry-run。", field="--dry-run")
    core = make_core(load_settings())
    try:
        today = taipei_date(core.clock.now())
        begin = parse_date(first, field="--from") if first else today
        _show(core, begin, parse_date(last, field="--to") if last else begin)
    finally:
        core.store.close()


def _show(core: Core, begin: date, end: date) -> None:
    rows = _expected(core, begin, end)
    pushes = sum(each.via is Via.PUSH for each in rows)
    click.echo(
        f"{roc(begin)} 到 {roc(end)}：共 {len(rows)} 則，推播 {pushes} 則（計費），電子郵件 {len(rows) - pushes} 則。"
    )
    echo_table(HEADINGS, [_row(each) for each in rows])
    click.echo("（試算：以目前未完成的待辦、目前的人員與額度計算，沒有送出也沒有存檔。）")


def _expected(core: Core, begin: date, end: date) -> Sequence[Priced]:
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        _check(ctx.today, begin, end)
        found = priced(ctx, outlook(ctx, end), is_spared=is_spared(ctx))
    return [each for each in found if taipei_date(each.at) >= begin]


def _check(today: date, begin: date, end: date) -> None:
    if end < begin:
        raise InvalidInput("--to 早於 --from，請確認後再輸入一次。", field="--to")
    if end < today:
        raise InvalidInput("這段期間已經過去；請輸入今天以後的日期。", field="--to")
    if (end - today).days > DAYS_AT_MOST:
        raise InvalidInput("最多試算一年；請輸入較近的日期。", field="--to")


def _row(each: Priced) -> tuple[str, ...]:
    paid = "1" if each.via is Via.PUSH else "0"
    return roc_moment(each.at), each.account, each.unit, each.kind.label, str(each.duties), each.via.label, paid
