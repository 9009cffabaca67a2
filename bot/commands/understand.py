"""What the bot makes of a text, and why: for whoever wonders how an answer came about, or adds words."""

from __future__ import annotations

import sys

import click

from bot.commands.tables import echo_table
from core.errors import InvalidInput
from handlers.chat.understanding.matching import Candidate
from handlers.chat.understanding.meaning import meaning

HEADINGS = ("intent", "weight", "share", "matched")
MOST = 8
STANDARD_INPUT = "-"


@click.command()
@click.argument("text")
def understand(text: str) -> None:
    """Say what TEXT means to the bot: first the intent's name, then what decided and what else was weighed.

    Nothing is stored, and no database is asked. Weights and shares are those of the rules in
    handlers/chat/understanding: the highest sum wins. With - the text is read from standard input: what somebody
    really wrote may name a child, and other users of the machine see arguments.

    Example: frontdoor understand "沒收到驗證信"
    """
    if text == STANDARD_INPUT:
        text = sys.stdin.read()
    if not text.strip():
        raise InvalidInput('give a text, for example: frontdoor understand "沒收到驗證信"', field="TEXT")
    found = meaning(text)
    click.echo(found.name)
    click.echo(found.how)
    if found.reading is not None:
        echo_table(HEADINGS, [_row(each) for each in found.reading.candidates[:MOST]])


def _row(each: Candidate) -> tuple[str, ...]:
    return each.intent.value, f"{each.weight:g}", f"{each.share:.0%}", " + ".join(each.terms)
