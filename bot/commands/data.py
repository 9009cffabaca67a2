"""Bringing the main system's lists in, and proving the audit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot.opening import opened
from core import audit as audit_log
from core.access import system
from core.audit import Door
from core.audit_reach import Reach, reach
from core.clock import TAIPEI
from core.context import Core
from core.errors import InvalidInput, SetupError
from core.imports.results import ImportRefused, Report
from core.imports.service import Kind
from core.imports.service import import_file as import_into

ACTOR = system("import")


@click.command("import")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_file(kind: str, path: Path, *, dry_run: bool) -> None:
    """Import units, accounts, dispatches or checks: all rows or none.

    A list of dispatches may also have the columns 問題類型 (what the report ticked, 、 between), 需回覆親職教養 and
    外縣市 (是 or 否). A list that lacks them, or leaves them blank, says nothing of these.

    Example: frontdoor import dispatches cases.xlsx --dry-run
    """
    try:
        with opened() as core:
            report = run_import(core, Kind[kind.upper()], path, dry_run=dry_run)
    except ImportRefused as refused:
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        raise InvalidInput(f"{path.name}: {len(refused.problems)} faults, nothing was imported") from refused
    counted = f"{report.added} added, {report.changed} changed, {report.same} the same"
    click.echo(f"{path.name}: {counted}" + " (dry run: nothing was saved)" * dry_run)
    if report.ignored_columns:
        click.echo(f"columns ignored: {', '.join(report.ignored_columns)}")


def run_import(core: Core, kind: Kind, path: Path, *, dry_run: bool = False) -> Report:
    """Import one file in one transaction; a dry run rolls it back. Raises ``ImportRefused`` naming every wrong cell."""
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        return import_into(ctx, kind, path, dry_run=dry_run)


@click.group()
def audit() -> None:
    """Look after the audit.

    Example: frontdoor audit verify
    """


@audit.command()
def verify() -> None:
    """Walk the chain of audit rows and prove that none was altered, removed or slipped in; say how far it reaches.

    Example: frontdoor audit verify
    """
    with opened() as core, core.store.reading() as session:
        found = reach(session)  # before the walk: then nothing is counted that it does not come to
        broken = audit_log.verify(session, core.vault)
    if broken is not None:
        raise SetupError(f"the audit is broken at row {broken}: it was altered, removed or slipped in")
    if found.before is not None:
        raise SetupError(
            f"the audit has lost its beginning: it has {_extent(found)}, and what it must have told of is from "
            f"{_moment(found.before)}"
        )
    click.echo(f"The audit is whole: {_extent(found)}.")


def _extent(found: Reach) -> str:
    if found.first is None or found.last is None:
        return "no rows"
    return f"rows 1 to {found.rows}, from {_moment(found.first)} to {_moment(found.last)}"


def _moment(at: datetime) -> str:
    return at.astimezone(TAIPEI).isoformat(" ", "seconds")
