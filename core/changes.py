"""Changing a stored row to new facts, touching only what differs, and saying which fields did.

Sealed columns are compared by content: sealing the same text twice gives two different values.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.database import Base
from core.secrets import Sealed, Vault


def apply(row: Base, vault: Vault, plain: Mapping[str, object], sealed: Mapping[str, str | None]) -> tuple[str, ...]:
    """Set the attributes that differ and return their names; ``sealed`` holds readable text, None or "" for nothing.

    Look-up keys (``…_key``) follow their field and are not named.
    """
    hidden = [name for name, text in sealed.items() if _text(vault, getattr(row, name)) != (text or None)]
    open_ones = [name for name, value in plain.items() if getattr(row, name) != value]
    for name in hidden:
        text = sealed[name]
        setattr(row, name, vault.seal(text) if text else None)
    for name in open_ones:
        setattr(row, name, plain[name])
    return tuple(name for name in (*hidden, *open_ones) if not name.endswith("_key"))


def _text(vault: Vault, value: Sealed | None) -> str | None:
    return None if value is None else vault.open(value)
