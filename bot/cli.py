"""The ``frontdoor`` command: what operators type. Each group of commands has its own file in ``bot/commands``.

A command's file is loaded when the command is called: whoever asks for help, or makes the keys, need not wait until all
that serves the web is loaded. So the list of commands stands here, with their sentences.

Errors are one line on standard error; exit status 2 for bad input, 1 for failure.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from core.errors import FrontdoorError, SetupError

BAD_INPUT, FAILURE = 2, 1
COMMANDS = {
    "account": ("accounts:account", "Create accounts, set passwords, grant permissions."),
    "api-key": ("api_keys:api_key", "Make, list and revoke the keys by which other systems ask (/api/v1/docs)."),
    "audit": ("data:audit", "Look after the audit."),
    "calendar": ("calendar:calendar", "Amend the working days, and see what was decided."),
    "db": ("setup:db", "Look after the database."),
    "demo": ("demo:demo", "Show everything with invented data: phone, desk, mailbox, clock."),
    "import": ("data:import_file", "Import units, accounts, dispatches or checks: all rows or none."),
    "init": ("setup:init", "Make the keys and write them to .env (never over an existing file)."),
    "remind": ("remind:remind", "List who would be told what of the duties open now, when and at what cost."),
    "richmenu": ("richmenu:richmenu", "Look after the menus under the chat."),
    "serve": ("processes:serve", "Run everything in one process: web, jobs, delivery."),
    "tick": ("processes:tick", "Run every job that is due at a moment once, deliver, and exit."),
    "understand": ("understand:understand", "Say what TEXT means to the bot."),
    "web": ("processes:web", "Run the web part only; as many as needed, behind a proxy, with workers beside them."),
    "worker": ("processes:worker", "Run the background part only: stored events, jobs, delivery."),
}
"""Each command's file in ``bot/commands`` and its name there, and the sentence of the list."""


class LoadedWhenCalled(click.Group):
    """The commands of the list; the file of one is loaded when it is called or asked for its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (its signature)
        """Return the names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (its signature)
        """Return the command with this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        file, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"bot.commands.{file}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as above)
        """Write the list, and load nothing for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


@click.command(cls=LoadedWhenCalled, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="frontdoor")
def frontdoor() -> None:
    """社政小幫手: the LINE account and case module of a social safety net.

    Example: frontdoor demo
    """
    from bot.logs import set_up_logs  # noqa: PLC0415 (the list of commands logs nothing)

    set_up_logs()


def main() -> None:
    """Run the command line; every error becomes one line on standard error."""
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
    except OSError as error:
        _end(f"{type(error).__name__}: {error}", FAILURE)
    except Exception as error:
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 (who raised it has loaded it)

        if not isinstance(error, SQLAlchemyError):
            raise
        _end(f"{type(error).__name__}: {error}", FAILURE)


def _end(text: str, status: int) -> None:
    line = " ".join(text.split())
    click.echo(f"frontdoor: {line}", err=True)
    sys.exit(status)
