"""A LINE that shows menus on phones, and the menus that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.access import system
from core.accounts.links import unbind
from core.accounts.models import BindingEnd
from core.audit import Door
from core.clock import TAIPEI
from core.context import Core
from core.menus import service
from core.menus.models import MenuKind
from core.menus.service import KnownMenu
from scheduler.menus import Menus
from tests.builders import Bound, inside

CASEWORK, ACCOUNT, UNITS, DESK = "richmenu-casework", "richmenu-account", "richmenu-units", "richmenu-desk"
AT_TWO = datetime(2026, 3, 5, 2, 0, tzinfo=TAIPEI)


@dataclass
class Line:
    """A LINE that remembers whose phone shows what; while it is down it takes nothing."""

    phones: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    is_down: bool = False

    def show(self, menu_id: str, line_user_ids: Sequence[str]) -> None:
        self._answer(menu_id, line_user_ids)
        self.phones |= dict.fromkeys(line_user_ids, menu_id)

    def take_away(self, line_user_ids: Sequence[str]) -> None:
        self._answer("", line_user_ids)
        for each in line_user_ids:
            self.phones.pop(each, None)

    def shown(self, line_user_id: str) -> str | None:
        self._answer("?", [line_user_id])
        return self.phones.get(line_user_id)

    def _answer(self, menu_id: str, line_user_ids: Sequence[str]) -> None:
        if self.is_down:
            raise ConnectionError("LINE is down")
        self.asked.append((menu_id, len(line_user_ids)))


def learned(core: Core, casework: str = CASEWORK, further: Sequence[KnownMenu] = ()) -> None:
    menus = (
        KnownMenu("richmenu-unbound", MenuKind.UNBOUND, is_first=True),
        KnownMenu(casework, MenuKind.CASEWORK, is_first=True),
        KnownMenu(ACCOUNT, MenuKind.CASEWORK, is_first=False),
        KnownMenu(UNITS, MenuKind.UNITS, is_first=True),
        KnownMenu(DESK, MenuKind.DESK, is_first=True),
        *further,
    )
    with inside(core) as ctx:
        service.learn(ctx, menus)


def linked(core: Core, line: Line) -> int:
    return Menus(line).link(core, core.clock.now())


def ends(core: Core, bound: Bound) -> None:
    with core.transaction(system("test"), Door.CHAT) as ctx:
        unbind(ctx, bound.account.id, BindingEnd.BY_USER)
