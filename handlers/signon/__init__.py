"""The city's sign-on, shared by the doors: the desk, the link page and the registration offer it beside their own way.

``sign_on(core, city)`` is the blueprint; without a sign-on in the settings there is none.
"""

from __future__ import annotations

from flask import Blueprint

from core.accounts.identity.sign_on import CitySignOn
from core.context import Core
from handlers.signon.pages import SignOnPages


def sign_on(core: Core, city: CitySignOn) -> Blueprint:
    """Return the blueprint of the way to the city's sign-on and back."""
    blueprint = Blueprint("signon", __name__, template_folder="templates")
    SignOnPages(core, city).add_to(blueprint)
    return blueprint


__all__ = ["sign_on"]
