"""The ``frontdoor`` command: what operators type. Each group of commands has its own file in ``bot/commands``.

Errors are one line on standard error; exit status 2 for bad input, 1 for failure.
"""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.commands import accounts, api_keys, calendar, data, demo, processes, remind, richmenu, setup, understand
from bot.logs import set_up_logs
from core.errors import FrontdoorError, SetupError

BAD_INPUT, FAILURE = 2, 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="frontdoor")
def frontdoor() -> None:
    """社政小幫手: the LINE account and case module of a social safety net.

    Example: frontdoor demo
    """


frontdoor.add_command(setup.init)
frontdoor.add_command(setup.db)
frontdoor.add_command(processes.serve)
frontdoor.add_command(processes.web)
frontdoor.add_command(processes.worker)
frontdoor.add_command(processes.tick)
frontdoor.add_command(demo.demo)
frontdoor.add_command(data.import_file)
frontdoor.add_command(data.audit)
frontdoor.add_command(accounts.account)
frontdoor.add_command(api_keys.api_key)
frontdoor.add_command(calendar.calendar)
frontdoor.add_command(remind.remind)
frontdoor.add_command(richmenu.richmenu)
frontdoor.add_command(understand.understand)


def main() -> None:
    """Run the command line; every error becomes one line on standard error."""
    set_up_logs()
    try:
        frontdoor(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(FAILURE)
    except click.ClickException as error:
        _end(error.format_message(), BAD_INPUT)
    except FrontdoorError as error:
        _end(str(error), BAD_INPUT)
    except SetupError as error:
        _end(str(error), FAILURE)
    except (OSError, SQLAlchemyError) as error:
        _end(f"{type(error).__name__}: {error}", FAILURE)


def _end(text: str, status: int) -> None:
    line = " ".join(text.split())
    click.echo(f"frontdoor: {line}", err=True)
    sys.exit(status)
