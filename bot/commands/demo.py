"""``frontdoor demo``: the whole thing on this machine, with a simulated LINE platform, a phone and a mailbox.

The code that runs is the real one: the bot reaches the simulated platform and mail server over the network like the
real ones. Everything is kept in one folder and made anew at each start.
"""

from __future__ import annotations

import logging
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import click

from bot.app import create_app
from bot.channels.line_menus import LineMenus
from bot.house import build
from bot.logs import set_up_logs
from bot.richmenu.sync import sync
from bot.sample.forms import send_forms
from bot.sample.load import load
from bot.sample.month import Sample, sample_month
from bot.sample.questions import ask_helpdesk
from bot.sample.requests import file_requests
from bot.server import listen_for_end, serving
from bot.settings import Settings, load_settings, make_core
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.sign_on import CLAIM, CLIENT
from core import migrations
from core.access import system
from core.accounts import service as accounts
from core.audit import Door
from core.clock import ShiftedClock, taipei_date
from core.context import Core
from core.errors import SetupError
from core.secrets import new_key, new_token

HOST = "127.0.0.1"
PASSWORD = "Demo-Station-2026"  # noqa: S105 (opens invented accounts on this machine only)
QUICK = timedelta(seconds=1)  # the demo's clock jumps, and nobody wants to wait for the next half minute
ACTOR = system("demo")


@dataclass(frozen=True)
class Ports:
    """Where the parts listen; 0 takes a free port."""

    web: int = 8000
    line: int = 8001
    mail: int = 8025


@dataclass(frozen=True)
class Demo:
    """A running demo: where its parts are, and what is in it."""

    settings: Settings
    core: Core
    simulator: Simulator
    sample: Sample

    @property
    def desk_url(self) -> str:
        """The desk, for a browser."""
        return f"{self.settings.public_url}/desk/"


port_range = click.IntRange(0, 65535)


@click.command()
@click.option("--port", default=Ports.web, show_default=True, type=port_range, help="The bot's web port.")
@click.option("--line-port", default=Ports.line, show_default=True, type=port_range, help="The phone's port.")
@click.option("--mail-port", default=Ports.mail, show_default=True, type=port_range, help="The mail server's port.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where the data goes; default: a temporary folder.")
def demo(port: int, line_port: int, mail_port: int, folder: Path | None) -> None:
    """Show everything with invented data: phone, desk, mailbox, clock. Ctrl-C ends it and leaves nothing running.

    Example: frontdoor demo
    """
    set_up_logs(level=logging.ERROR)  # the guide stays on the screen
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="frontdoor-demo-", dir=folder))
    click.echo("Making the database and loading the sample month …")
    try:
        with running(place, Ports(port, line_port, mail_port)) as shown:
            click.echo(_guide(shown))
            wait_for_end = listen_for_end()
            wait_for_end()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    click.echo("Ended; nothing is left running.")


@contextmanager
def running(place: Path, ports: Ports) -> Iterator[Demo]:
    """Run the whole demo in ``place`` for as long as the block lasts; raises ``SetupError`` for a port in use."""
    web_port = _open_port(ports.web, "--port")
    _open_port(ports.line, "--line-port")
    _open_port(ports.mail, "--mail-port")
    platform = Platform(
        ShiftedClock(place / "clock"),
        channel_secret=new_token(),
        channel_access_token=new_token(),
        webhook_url=f"http://{HOST}:{web_port}/line/webhook",
    )
    with Simulator(platform, port=ports.line, smtp_port=ports.mail, background=True) as simulator:
        settings = _settings(place, web_port, simulator)
        core = make_core(settings)
        sample = _fill(core, platform, place)
        house = build(settings, core)
        _bring_menus(core, settings)
        try:
            house.work([replace(job, cadence=QUICK) for job in house.jobs])
            with serving(create_app(settings, core, house.line, house.inbox_loop.wake), HOST, web_port):
                yield Demo(settings, core, simulator, sample)
        finally:
            house.close()


def _settings(place: Path, web_port: int, simulator: Simulator) -> Settings:
    return load_settings(
        database_url=f"sqlite:///{place / 'frontdoor.db'}",
        secret_key=new_token(),
        data_key=new_key(),
        line_channel_secret=simulator.platform.webhooks.target.secret,
        line_channel_access_token=simulator.platform.channel_access_token,
        line_api_url=simulator.api_url,
        line_data_url=simulator.api_url,
        line_link_url=simulator.link_url,
        public_url=f"http://{HOST}:{web_port}",
        smtp_url=simulator.smtp_url,
        oidc_issuer=simulator.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=simulator.city.secret,
        oidc_claim=CLAIM,
        clock_file=str(place / "clock"),
        policy="",
    )


def _fill(core: Core, platform: Platform, place: Path) -> Sample:
    """Make the database, load the sample month, let its people send, ask and file, and give them what they need."""
    migrations.upgrade(core.store)
    sample = sample_month(taipei_date(core.clock.now()))
    load(core, sample, place / "lists")
    send_forms(core)
    ask_helpdesk(core)
    file_requests(core)
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        for person in sample.people:
            accounts.set_password(ctx, person.account, PASSWORD)
    for person in sample.people:
        platform.add_user(person.name)
    return sample


def _bring_menus(core: Core, settings: Settings) -> None:
    """Bring the menus under the chat to the simulated platform, as an operator would to LINE."""
    line = LineMenus(settings.line_channel_access_token, settings.line_api_url, settings.line_data_url)
    try:
        sync(core, line, settings.public_url)
    finally:
        line.close()


def _guide(shown: Demo) -> str:
    """Return what to open, and as whom."""
    people = [f"  {each.account}  {each.role.label}  {each.name}（{each.unit_name}）" for each in shown.sample.people]
    return "\n".join(
        (
            "",
            f"Phone    {shown.simulator.phone_url}",
            f"Mailbox  {shown.simulator.mailbox_url}",
            f"Desk     {shown.desk_url}",
            "",
            f"Accounts to bind or sign in with; the password of each is {PASSWORD}, codes come to the mailbox:",
            *people,
            "",
            "改用公務雲登入 leads to the city's sign-on, simulated: an account, no password.",
            "On the phone: 加入好友, then 綁定, then 待辦. Ctrl-C ends everything.",
        )
    )


def _open_port(port: int, option: str) -> int:
    """Return the port, or a free one for 0; raises ``SetupError`` naming the option when it is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SetupError(f"port {port} is in use; choose another with {option}") from error
        return int(probe.getsockname()[1])
