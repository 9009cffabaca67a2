"""Bringing the menus to LINE: what is there already stays, what changed is made anew, what is left over goes.

A menu's name at LINE holds a sum of all that is in it: the same menu is known again, and another one is new. Its
alias is set last, so what a run that broke off left is made again. Old ones go when every phone has its new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.channels.json_types import Json
from bot.channels.limits_richmenu import PICTURE_BYTES, menu_problems
from bot.channels.line_menus import LineMenus, Standing
from bot.richmenu.layout import as_json
from bot.richmenu.menus import ALIAS, Tab, menus
from core.access import system
from core.audit import Door
from core.context import Core
from core.language.models import Language
from core.menus import service
from core.menus.models import MenuKind
from core.menus.service import KnownMenu
from scheduler.menus import Menus

ACTOR = system("menus")
SUM = 16  # signs of a menu's sum


@dataclass(frozen=True)
class Wanted:
    """One tab as it should stand at LINE."""

    kind: MenuKind
    language: Language
    tab: Tab
    is_first: bool
    menu: Json
    picture: bytes

    @property
    def name(self) -> str:
        """Its name at LINE, which is another one as soon as anything in it is."""
        drawn = json.dumps(self.menu, sort_keys=True).encode() + self.picture
        return f"{self.tab.alias} {hashlib.sha256(drawn).hexdigest()[:SUM]}"

    @property
    def as_sent(self) -> Json:
        """What is sent to LINE; raises ``ValueError`` where it would not be taken."""
        sent = {**self.menu, "name": self.name}
        broken = [f"{each.path}: {each.message}" for each in menu_problems(sent)]
        if len(self.picture) > PICTURE_BYTES:
            broken.append(f"the picture has {len(self.picture)} bytes")
        if broken:
            raise ValueError(f"{self.tab.name}: {'; '.join(broken)}")
        return sent

    @property
    def is_everybodys(self) -> bool:
        """Whether it is the one of whoever was given none: Chinese, and for who is not bound."""
        return self.kind is MenuKind.UNBOUND and self.language is Language.CHINESE

    def known_as(self, menu_id: str) -> KnownMenu:
        """Return it as it stands at LINE."""
        return KnownMenu(menu_id, self.kind, self.is_first, self.language)


@dataclass(frozen=True)
class Report:
    """What a run did."""

    kept: int
    made: int
    deleted: int
    phones: int
    """How many phones were given another menu."""
    waiting: int
    """Old menus that stay for now: not every phone has its new one yet."""


def wanted_menus(public_url: str) -> tuple[Wanted, ...]:
    """Return all tabs as they should stand at LINE; pages of the desk are opened under ``public_url``."""
    return tuple(
        Wanted(menu.kind, menu.language, tab, tab is menu.tabs[0], as_json(menu, tab, public_url), tab.picture)
        for menu in menus()
        for tab in menu.tabs
    )


def sync(core: Core, line: LineMenus, public_url: str, told: Callable[[str], object] = str) -> Report:
    """Bring the menus to LINE and to all phones; ``told`` hears each step. Raises ``ConnectionError``: run it again."""
    standing, aliases = line.standing(), line.aliases()
    ids: dict[str, str] = {}
    wanted = wanted_menus(public_url)
    for each in wanted:
        ids[each.tab.name] = _found(each, standing, aliases) or _made(line, each, aliases, told)
    _show_everybody(line, ids, wanted, told)
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        service.learn(ctx, [each.known_as(ids[each.tab.name]) for each in wanted])
    phones = Menus(line).link(core, core.clock.now())
    old = list(_left_over(standing, ids.values()))
    is_everybody_done = not _is_anybody_left(core)
    if is_everybody_done:
        _sweep(line, old, aliases.keys() - {each.tab.alias for each in wanted}, told)
    made = sum(ids[each.tab.name] not in {one.menu_id for one in standing} for each in wanted)
    deleted, waiting = (len(old), 0) if is_everybody_done else (0, len(old))
    return Report(len(wanted) - made, made, deleted, phones, waiting)


def _found(wanted: Wanted, standing: Collection[Standing], aliases: Mapping[str, str]) -> str | None:
    """Return the id of a menu that stands at LINE whole: by its name, and named by its alias."""
    meant = aliases.get(wanted.tab.alias)
    return next((each.menu_id for each in standing if each.name == wanted.name and each.menu_id == meant), None)


def _made(line: LineMenus, wanted: Wanted, aliases: Mapping[str, str], told: Callable[[str], object]) -> str:
    told(f"{wanted.tab.name}: making it")
    menu_id = line.create(wanted.as_sent)
    line.give_picture(menu_id, wanted.picture)
    line.name(wanted.tab.alias, menu_id, is_new=wanted.tab.alias not in aliases)
    return menu_id


def _show_everybody(
    line: LineMenus, ids: Mapping[str, str], wanted: Collection[Wanted], told: Callable[[str], object]
) -> None:
    everybodys = next(ids[each.tab.name] for each in wanted if each.is_everybodys)
    if line.everybodys() != everybodys:
        told("unbound: shown to whoever has no menu of their own")
        line.show_everybody(everybodys)


def _left_over(standing: Collection[Standing], in_use: Collection[str]) -> Iterator[Standing]:
    """Yield our menus that are wanted no more; whatever others made at LINE is not ours."""
    return (each for each in standing if each.name.startswith(ALIAS) and each.menu_id not in in_use)


def _is_anybody_left(core: Core) -> bool:
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        return service.is_anybody_left(ctx)


def _sweep(line: LineMenus, old: Collection[Standing], aliases: Collection[str], told: Callable[[str], object]) -> None:
    for alias in sorted(each for each in aliases if each.startswith(ALIAS)):
        line.forget_name(alias)
    for each in old:
        told(f"{each.name}: deleting it")
        line.delete(each.menu_id)
