"""What the linking of menus needs from a channel: the outside is behind this name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

AT_ONCE = 500  # people in one request, LINE's limit


class MenuDoor(Protocol):
    """The LINE platform, as the jobs about menus see it. Whatever it does not take raises ``ConnectionError``."""

    def show(self, menu_id: str, line_user_ids: Sequence[str]) -> None:
        """Show a menu on the phones of up to 500 people."""

    def take_away(self, line_user_ids: Sequence[str]) -> None:
        """Take their own menu from up to 500 people: they see everybody's again."""

    def shown(self, line_user_id: str) -> str | None:
        """Return the id of the menu a person was given, or None."""
