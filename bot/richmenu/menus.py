"""What stands in the menus, by kind, language and tab. Each place types a word the chat knows, or opens a page.

Words and not postbacks, so that whoever taps sees the word that works on LINE for PC too, where there are no menus.
They are written here in Chinese; in another language they are the same menus with the texts of its catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bot.channels import limits_actions
from bot.channels.measure import graphemes
from bot.richmenu.icons import Icon
from core.language.catalogue import catalogue
from core.language.models import Language
from core.language.service import menu_words, typed_words
from core.menus.models import MenuKind

BAR_TEXT = "選單"
PICTURES = Path(__file__).parent / "pictures"
ALIAS = "frontdoor-"
"""Before the names of our menus and aliases at LINE; whatever else stands there is left alone."""


@dataclass(frozen=True)
class Place:
    """One place to tap."""

    title: str
    caption: str
    icon: Icon
    says: str = ""
    """The word it types."""
    page: str = ""
    """The path it opens on this server, instead of a word."""
    span: int = 1
    """How many columns it takes."""


@dataclass(frozen=True)
class Tab:
    """One page of a menu, with a picture of its own; the first place of a row with fewer than three spans the rest."""

    name: str
    title: str
    rows: tuple[tuple[Place, ...], ...]

    @property
    def alias(self) -> str:
        """Its name at LINE."""
        return ALIAS + self.name

    @property
    def picture(self) -> bytes:
        """Its finished picture, a PNG."""
        return (PICTURES / f"{self.name}.png").read_bytes()

    @property
    def places(self) -> tuple[Place, ...]:
        """All its places, row by row."""
        return tuple(place for row in self.rows for place in row)


@dataclass(frozen=True)
class Menu:
    """The menu of one kind of people: a single tab has no strip of tabs."""

    kind: MenuKind
    tabs: tuple[Tab, ...]
    language: Language = Language.CHINESE

    def label(self, place: Place) -> str:
        """What a screen reader says of a place: its title, and its caption where LINE has room for both."""
        comma = "，" if self.language is Language.CHINESE else ", "
        both = f"{place.title}{comma}{place.caption}"
        return both if graphemes(both) <= limits_actions.Place.RICH_MENU.label_most else place.title


_DUTIES = Place("待辦", "還有什麼沒回", Icon.LIST, says="待辦")
_UNITS_DUTIES = Place("待辦", "各單位還沒回的", Icon.LIST, says="待辦")
_CASE = Place("查案件", "輸入案件編號", Icon.SEARCH, says="案件")
_CLOSABLE = Place("可以結案嗎", "逐項看條件", Icon.CHECK, says="可以結案嗎")
_PROGRESS = Place("結案進度", "進行中到已結案", Icon.BARS, says="結案進度")
_WORKING = Place("怎麼算的", "最急一件的期限", Icon.QUESTION, says="怎麼算的")
_PERSON = Place("聯絡客服", "找真人幫忙", Icon.HEADSET, says="客服")
_HELP = Place("全部功能", "看每個詞的用法", Icon.GRID, says="選單")
_LATE = Place("已逾期", "逾期的派案", Icon.CLOCK, says="已逾期")
_OVERVIEW = Place("總覽網頁", "各單位的數字", Icon.SCREEN, page="/desk/")

_ACCOUNT = (
    (
        Place("驗證碼", "沒收到再寄一次", Icon.KEY, says="驗證碼"),
        Place("我的申請", "進度與結果", Icon.PAPER, says="我的申請"),
        Place("展延", "權限快到期時", Icon.CALENDAR, says="展延"),
    ),
    (
        Place("變更信箱", "換收信的地址", Icon.MAIL, says="改信箱"),
        Place("設定", "提醒與驗證碼", Icon.GEAR, says="設定"),
        _HELP,
    ),
)
_UNBOUND = (
    (
        Place("綁定帳號", "綁定後，待辦與期限會送到這裡", Icon.LINK, says="綁定", span=2),
        Place("申請帳號", "還沒有帳號", Icon.PERSON, says="申請帳號"),
    ),
    (
        Place("登入不了", "五個步驟排除", Icon.LOCK, says="登入不了"),
        _PERSON,
        _HELP,
    ),
)
_DESK = (
    (
        Place("客服對話", "回覆與分派", Icon.CHAT, page="/desk/help"),
        Place("申請審核", "信箱、展延、權限", Icon.PAPER, page="/desk/requests"),
        Place("帳號查詢", "代號、姓名、單位", Icon.SEARCH, page="/desk/accounts"),
    ),
    (
        Place("訊息", "送達與本月額度", Icon.BARS, page="/desk/messages"),
        Place("總覽網頁", "在瀏覽器開啟", Icon.SCREEN, page="/desk/"),
        _PERSON,
    ),
)


def _account(kind: str) -> Tab:
    return Tab(f"{kind}-account", "帳號", _ACCOUNT)


_CHINESE = (
    Menu(MenuKind.UNBOUND, (Tab("unbound", "開始", _UNBOUND),)),
    Menu(
        MenuKind.CASEWORK,
        (
            Tab("casework", "工作", ((_DUTIES, _CASE, _CLOSABLE), (_PROGRESS, _WORKING, _PERSON))),
            _account("casework"),
        ),
    ),
    Menu(
        MenuKind.UNITS,
        (
            Tab("units", "單位", ((_UNITS_DUTIES, _LATE, _CASE), (_PROGRESS, _OVERVIEW, _PERSON))),
            _account("units"),
        ),
    ),
    Menu(MenuKind.DESK, (Tab("desk", "管理台", _DESK), _account("desk"))),
)


@cache
def menus() -> tuple[Menu, ...]:
    """Return all menus: each kind in each language, Chinese first."""
    return tuple(in_language(menu, language) for language in Language for menu in _CHINESE)


def in_language(menu: Menu, language: Language) -> Menu:
    """Return a menu in a language: what it shows, what it types, and its names at LINE."""
    if language is Language.CHINESE:
        return menu
    return Menu(menu.kind, tuple(_tab(tab, language) for tab in menu.tabs), language)


def _tab(tab: Tab, language: Language) -> Tab:
    rows = tuple(tuple(_place(place, language) for place in row) for row in tab.rows)
    return Tab(f"{tab.name}-{language.value}", menu_words(tab.title, language), rows)


def _place(place: Place, language: Language) -> Place:
    return replace(
        place,
        title=menu_words(place.title, language),
        caption=menu_words(place.caption, language),
        says=typed_words(place.says, catalogue(language)),
    )
