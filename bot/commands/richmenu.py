"""Bringing the menus under the chat to LINE."""

from __future__ import annotations

import click

from bot.channels.line_menus import LineMenus
from bot.opening import opened
from bot.richmenu.sync import Report
from bot.richmenu.sync import sync as bring
from bot.settings import load_settings
from core.errors import SetupError


@click.group()
def richmenu() -> None:
    """Look after the menus under the chat.

    Example: frontdoor richmenu sync
    """


@richmenu.command()
def sync() -> None:
    """Bring the menus to LINE and to every phone: only what changed is made anew. It can be run again at any time.

    Run it once when the channel is new, and after each new version. LINE takes a hundred new menus an hour, this
    makes fourteen at most: seven in each language.

    Example: frontdoor richmenu sync
    """
    settings = load_settings()
    if not settings.line_channel_access_token:
        raise SetupError("FRONTDOOR_LINE_CHANNEL_ACCESS_TOKEN: there is no channel to bring the menus to")
    line = LineMenus(settings.line_channel_access_token, settings.line_api_url, settings.line_data_url)
    try:
        with opened(settings) as core:
            report = bring(core, line, settings.public_url, click.echo)
    finally:
        line.close()
    click.echo(said(report))


def said(report: Report) -> str:
    """Return what a run did, in one line."""
    parts = f"menus: {report.made} made, {report.kept} kept, {report.deleted} deleted; phones changed: {report.phones}"
    if not report.waiting:
        return parts
    return f"{parts}; {report.waiting} old ones stay until every phone has its new one: run it again later"
