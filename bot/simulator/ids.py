"""Identifiers in the forms LINE gives them."""

from __future__ import annotations

import secrets

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # the alphabet of ULIDs: no I, L, O, U
_RANDOM_BITS = 80
FIRST_MESSAGE_ID = 500_000_000_000_000_000


def new_user_id() -> str:
    """Return a fresh user id: U and 32 hexadecimal digits."""
    return "U" + secrets.token_hex(16)


def new_rich_menu_id() -> str:
    """Return a fresh rich menu id."""
    return "richmenu-" + secrets.token_hex(16)


def new_token() -> str:
    """Return a fresh unguessable token: for replies, links, reading marks, quotes."""
    return secrets.token_urlsafe(24)


def new_request_id() -> str:
    """Return a fresh x-line-request-id: a UUID's form."""
    digits = secrets.token_hex(16)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def new_event_id(milliseconds: int) -> str:
    """Return a ULID: 48 bits of time in milliseconds, 80 random bits, as 26 characters that sort by time."""
    number = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
