"""What a phone opens from the chat: the account link, setting the first password, and what a mail leads to.

``pages(core, settings)`` is the blueprint. Its pages work without scripts, load nothing from elsewhere, and keep the
state between two steps in the signed cookie of the session for ten minutes at most.
"""

from __future__ import annotations

from flask import Blueprint
from flask_wtf.csrf import CSRFError

from core.context import Core
from core.dates import roc_moment
from handlers.pages.email_stop import EmailStopPages
from handlers.pages.help_follow import HelpFollowPages
from handlers.pages.help_request import HelpRequestPages
from handlers.pages.link import LinkPages
from handlers.pages.password_setup import PasswordPages
from handlers.pages.registration import RegistrationPages
from handlers.pages.settings import PageSettings
from handlers.pages.views import form_too_old


def pages(core: Core, settings: PageSettings) -> Blueprint:
    """Return the blueprint of all phone pages; the application brings CSRF protection and its secret key."""
    blueprint = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/p/static"
    )
    LinkPages(core, settings).add_to(blueprint)
    PasswordPages(core).add_to(blueprint)
    RegistrationPages(core, settings).add_to(blueprint)
    HelpRequestPages(core).add_to(blueprint)
    HelpFollowPages(core).add_to(blueprint)
    EmailStopPages(core).add_to(blueprint)
    blueprint.add_app_template_filter(roc_moment)
    blueprint.register_error_handler(CSRFError, form_too_old)
    return blueprint


__all__ = ["PageSettings", "pages"]
