"""``frontdoor demo``: the whole thing on this machine, with a simulated LINE platform, a phone and a mailbox.

The code that runs is the real one: the bot reaches the simulated platform and mail server over the network like the
real ones. Everything is kept in one folder and made anew at each start.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from core.imports.service import Kind

from bot.app import create_app
from bot.commands.data import run_import
from bot.house import build
from bot.sample.month import sample_month
from bot.sample.write import write
from bot.server import serving, wait_for_end
from bot.settings import Settings, load_settings, make_core
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from core import migrations
from core.access import system
from core.accounts import service as accounts
from core.audit import Door
from core.clock import ShiftedClock
from core.context import Core
from core.secrets import new_key, new_token

PASSWORD = "Demo-Station-2026"  # noqa: S105 (opens invented accounts on this machine only)
ACTOR = system("demo")


@dataclass(frozen=True)
class DemoPorts:
    """Where the parts listen; 0 takes a free port."""

    web: int = 8000
    line: int = 8001
    mail: int = 8025


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The bot's web port.")
@click.option("--line-port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="The phone's port.")
@click.option("--mail-port", default=8025, show_default=True, type=click.IntRange(0, 65535))
@click.option("--folder", type=click.Path(path_type=Path), help="Where the demo's data goes; default: a temporary one.")
def demo(port: int, line_port: int, mail_port: int, folder: Path | None) -> None:
    """Show everything with invented data: phone, mailbox, clock. Ctrl-C ends it and leaves nothing running.

    Example: frontdoor demo
    """
    place = folder or Path(tempfile.mkdtemp(prefix="frontdoor-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    try:
        _run(place, DemoPorts(port, line_port, mail_port))
    finally:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


def _run(place: Path, ports: DemoPorts) -> None:
    with running(place, ports) as shown:
        _print(shown)
        wait_for_end()
    click.echo("Ended; nothing is left running.")


@dataclass(frozen=True)
class Shown:
    """Where the parts of a running demo are."""

    settings: Settings
    core: Core
    simulator: Simulator
    sample: Sample


@contextmanager
def running(place: Path, ports: DemoPorts) -> Iterator[Shown]:
    """Run the whole demo in ``place`` for as long as the block lasts; raises ``SetupError`` for a port in use."""
    clock = ShiftedClock(place / "clock")
    clock.path.write_text("0")
    web_port = _open_port(ports.web, "--port")
    secret, token = new_token(), new_token()
    platform = Platform(
        clock,
        channel_secret=secret,
        channel_access_token=token,
        webhook_url=f"http://127.0.0.1:{web_port}/line/webhook",
    )
    _open_port(ports.line, "--line-port")
    _open_port(ports.mail, "--mail-port")
    with Simulator(platform, port=ports.line, smtp_port=ports.mail, background=True) as simulator:
        settings = _settings(place, web_port, simulator)
        core = make_core(settings)
        sample = _fill(core, place)
        house = build(settings, core)
        app = create_app(settings, core, house.line, house.inbox_loop.wake)
        try:
            house.work()
            with serving(app, "127.0.0.1", web_port):
                yield Shown(settings, core, simulator, sample)
        finally:
            house.close()


def _settings(place: Path, web_port: int, simulator: Simulator) -> Settings:
    return load_settings(
        database_url=f"sqlite:///{place / 'frontdoor.db'}",
        secret_key=new_token(),
        data_key=new_key(),
        line_channel_secret=simulator.platform.webhooks.target.channel_secret,
        line_channel_access_token=simulator.platform.channel_access_token,
        line_api_url=simulator.api_url,
        line_data_url=simulator.api_url,
        line_link_url=simulator.link_url,
        public_url=f"http://127.0.0.1:{web_port}",
        smtp_url=simulator.smtp_url,
        clock_file=str(place / "clock"),
        env="development",
        policy="",
    )


def _fill(core: Core, place: Path) -> Sample:
    """Make the database and load the sample month the way an operator would: by the import."""
    migrations.upgrade(core.store)
    sample = sample_month(taipei_date(core.clock.now()))
    paths = write(sample, place / "lists")
    for kind in (Kind.UNITS, Kind.ACCOUNTS, Kind.DISPATCHES, Kind.CHECKS):
        run_import(core, kind, paths[kind])
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        for person in sample.people:
            accounts.set_password(ctx, person.account, PASSWORD)
    return sample


def _open_port(port: int, option: str) -> int:
    """Return the port, or a free one for 0; raises ``SetupError`` naming the option when it is in use."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SetupError(f"port {port} is in use; choose another with {option}") from error
        return int(probe.getsockname()[1])
