"""``python -m bot`` is the ``frontdoor`` command."""

from bot.cli import main

main()
