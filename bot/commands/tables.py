"""Tables on a terminal: columns as wide as their widest cell, where a Chinese character takes two places."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import click


def echo_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their headings, each column as wide as its widest cell on a screen."""
    if not rows:
        return
    widths = [max(map(_width, column)) for column in zip(headings, *rows, strict=True)]
    for row in (headings, *rows):
        click.echo("  ".join(_padded(row, widths)).rstrip())


def _padded(row: Iterable[str], widths: Sequence[int]) -> list[str]:
    return [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]


def _width(text: str) -> int:
    """Return how many columns a text takes on a screen: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
