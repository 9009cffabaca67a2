"""Which menu is whose: a table of roles."""

from __future__ import annotations

import pytest

from core.accounts.models import Role
from core.menus.models import MenuKind
from core.menus.rules import menu_of

TABLE = {
    None: MenuKind.UNBOUND,
    Role.CASEWORKER: MenuKind.CASEWORK,
    Role.SUPERVISOR: MenuKind.UNITS,
    Role.CONTACT: MenuKind.UNITS,
    Role.CENTER: MenuKind.UNITS,
    Role.HELPDESK: MenuKind.DESK,
    Role.ADMIN: MenuKind.DESK,
}


def test_each_role_is_in_the_table() -> None:
    assert set(TABLE) == {None, *Role}


@pytest.mark.parametrize(("role", "menu"), TABLE.items())
def test_the_menu_follows_the_role(role: Role | None, menu: MenuKind) -> None:
    assert menu_of(role) is menu
