"""Running the system: everything in one process, or its parts, or once for a given moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import click

from bot.house import House, build
from bot.long_run import settle_in
from bot.server import listen_for_end, serving
from bot.settings import load_settings, make_core
from core.clock import FixedClock
from core.dates import parse_moment

host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port_option = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))


@click.command()
@host_option
@port_option
def serve(host: str, port: int) -> None:
    """Run everything in one process: web, jobs, delivery.

    Example: frontdoor serve --port 8000
    """
    wait_for_end = listen_for_end()
    house = build(load_settings())
    try:
        house.work()
        _serve_web(house, host, port, wait_for_end)
    finally:
        house.close()


@click.command()
@host_option
@port_option
def web(host: str, port: int) -> None:
    """Run the web part only; as many as needed, behind a proxy, with workers beside them.

    Example: frontdoor web --port 8001
    """
    wait_for_end = listen_for_end()
    house = build(load_settings())
    try:
        _serve_web(house, host, port, wait_for_end)
    finally:
        house.close()


@click.command()
def worker() -> None:
    """Run the background part only: stored events, jobs, delivery.

    Example: frontdoor worker
    """
    wait_for_end = listen_for_end()
    house = build(load_settings())
    try:
        settle_in()
        house.work()
        click.echo("Working. Ctrl-C ends.")
        wait_for_end()
    finally:
        house.close()


@click.command()
@click.option("--now", help="The moment to work at, e.g. 2026-11-21T08:30+08:00; default: the clock's.")
def tick(now: str | None) -> None:
    """Run every job that is due at a moment once, deliver, and exit. Running it again does nothing twice.

    Example: frontdoor tick --now 2026-11-21T08:30+08:00
    """
    settings = load_settings()
    core = make_core(settings)
    if now:
        core = replace(core, clock=FixedClock(parse_moment(now, field="--now")))
    house = build(settings, core)
    try:
        house.tick()
    finally:
        house.close()


def _serve_web(house: House, host: str, port: int, wait_for_end: Callable[[], None]) -> None:
    from bot.app import create_app  # noqa: PLC0415 (neither ``worker`` nor ``tick`` needs the desk and the API)

    app = create_app(house.settings, house.core, house.line, house.inbox_loop.wake)
    settle_in()
    with serving(app, host, port) as bound:
        click.echo(f"Serving on http://{host}:{bound}. Ctrl-C ends.")
        wait_for_end()
