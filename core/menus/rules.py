"""Which menu is whose: pure, from the role of the account that is bound."""

from __future__ import annotations

from core.accounts.models import Role
from core.menus.models import MenuKind

MENU_OF: dict[Role, MenuKind] = {
    Role.CASEWORKER: MenuKind.CASEWORK,
    Role.SUPERVISOR: MenuKind.UNITS,
    Role.CONTACT: MenuKind.UNITS,
    Role.CENTER: MenuKind.UNITS,
    Role.HELPDESK: MenuKind.DESK,
    Role.ADMIN: MenuKind.DESK,
}


def menu_of(role: Role | None) -> MenuKind:
    """Return the menu of a role; None: no account is bound."""
    return MenuKind.UNBOUND if role is None else MENU_OF[role]
