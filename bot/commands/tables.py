"""Tables on a terminal: columns as wide as their widest cell, where a Chinese character takes two places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from core.wording import columns


def echo_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their headings, each column as wide as its widest cell on a screen."""
    if not rows:
        return
    widths = [max(map(columns, cells)) for cells in zip(headings, *rows, strict=True)]
    for row in (headings, *rows):
        click.echo("  ".join(_padded(row, widths)).rstrip())


def _padded(row: Iterable[str], widths: Sequence[int]) -> list[str]:
    return [cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)]
