"""Addresses in what somebody wrote, so that an agent can follow them and sees where they lead (A33). Pure.

Only https and line addresses become links; everything else stays text. A host that is not written in plain letters is
shown as the network knows it (xn--…), so that none passes for another. An address that names somebody before its host,
or hides signs nobody sees, is no link: it would lead elsewhere than it reads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9.+-])(?:https|line)://[^\s<>\"'`「」『』（）《》〈〉【】，。；：！？、…]+", re.IGNORECASE
)
_BEHIND = ".,;:!?)]}*_~"  # of the sentence, and not of the address
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """Some text, and the address it leads to; empty: it is only text."""

    text: str
    address: str = ""


def linked(text: str) -> tuple[Piece, ...]:
    """Return a text in pieces; put together they read as the text, but for hosts that are shown as they are known."""
    return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    done = 0
    for found in _ADDRESS.finditer(text):
        typed = found[0].rstrip(_BEHIND)
        address = _address(typed)
        if not address:
            continue
        if found.start() > done:
            yield Piece(text[done : found.start()])
        yield Piece(address, address)
        done = found.start() + len(typed)
    if done < len(text):
        yield Piece(text[done:])


def _address(typed: str) -> str:
    """Return where what was typed leads, its host in plain letters; empty for what is no link."""
    if any(unicodedata.category(each) in {"Cf", "Cc", "Co", "Cn"} for each in typed):
        return ""
    try:
        parts = urlsplit(typed)
        return _plain(parts) if parts.scheme == "https" else typed
    except ValueError:  # no host, a port that is none, a host that cannot be written
        return ""


def _plain(parts: SplitResult) -> str:
    host = (parts.hostname or "").encode("idna").decode("ascii")
    if not _HOST.fullmatch(host) or parts.username is not None or parts.password is not None:
        return ""
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{host}{port}").geturl()
