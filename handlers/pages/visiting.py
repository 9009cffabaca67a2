"""Who comes before anybody is signed in: a visitor, and the network they come from."""

from __future__ import annotations

from flask import current_app, request

from core.access import Actor
from core.otp.sources import network_of


def visitor() -> Actor:
    """Return the visitor of the present request; wrong tries of strangers are counted by network (A19)."""
    is_proxy_told = bool(current_app.config.get("PROXIES"))
    return Actor(name="visitor", source=network_of(request.remote_addr or "", is_proxy_told=is_proxy_told))
