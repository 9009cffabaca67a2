"""Every kind of card on the simulator's phone, in a real browser: all of it is seen, and a finger finds its buttons.

``make pictures`` also keeps a contact sheet of each group of cards; ``CARDS=folder`` keeps every card, light and dark,
in both languages and at both ends of LINE's text sizes, for whoever looks them over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import pairwise, product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it publishes no types
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from bot.render.flex import draw
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.world import Friendship, SimUser
from core.clock import FixedClock
from core.language.models import Language
from core.language.service import in_language
from tests.bot.render.facts import NOW
from tests.bot.render.gallery import SHEETS
from tests.bot.render.samples import a_fill
from tests.bot.simulator.listening import SECRET, TOKEN
from tests.journeys.small_pictures import keep_small

pytestmark = pytest.mark.browser
PICTURES, CARDS = os.environ.get("PICTURES"), os.environ.get("CARDS")
NORMAL, LARGEST = "1", "1.3"
LEAST_BYTES, MOST_BYTES = 20_000, 200_000  # an empty chat, and what the repository can bear
FINGERTIP = 44  # pixels: what a finger hits without aiming
ALONE = """body{display:block!important;height:auto!important}
.stage{display:block!important;overflow:visible!important}
.people,.panel,.status,.chat-header,.bar,.home,.quick,.menu{display:none!important}
.phone{width:400px!important;height:auto!important;border:0!important;border-radius:0!important;box-shadow:none}
.phone,.chat{overflow:visible!important}"""
CHOOSE = "(select, value) => { select.value = value; select.dispatchEvent(new Event('change')); }"
SPILT = """chat => [...chat.querySelectorAll(".f-text, .f-button span")]
  .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"""
SMALL = """(chat, least) => [...chat.querySelectorAll(".f-button, .f-box.pressable")]
  .filter(each => each.getBoundingClientRect().height < least).map(each => each.textContent)"""
APART = """chat => [...chat.querySelectorAll("[data-flex-bubble]")]
  .filter(bubble => bubble.scrollWidth > bubble.clientWidth).map(bubble => bubble.textContent)"""


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    platform = Platform(
        FixedClock(NOW), channel_secret=SECRET, channel_access_token=TOKEN, webhook_url="http://127.0.0.1:9/"
    )
    with Simulator(platform) as running:
        yield running


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page on which a style may be laid over the phone's, so that a whole chat is seen at once."""
    page = browser.new_page(bypass_csp=True, viewport={"width": 440, "height": 900})
    yield page
    page.close()


def a_reader(simulator: Simulator, sheets: Iterable[str], language: Language) -> SimUser:
    """Return somebody who got every card of some sheets."""
    platform = simulator.platform
    user = platform.add_user("林怡君老師")
    user.friendship = Friendship.FRIEND
    for make in (each for sheet in sheets for each in SHEETS[sheet].values()):
        for message in draw(in_language(make(), language), a_fill()):
            with platform.world.change() as now:
                platform.world.show(user, "push", message, now)
    return user


def opened(page: Page, simulator: Simulator, user: SimUser, size: str = NORMAL, dark: str = "0") -> Locator:
    """Open a chat with all of it in view, and return it."""
    page.goto(f"{simulator.phone_url}?person={user.user_id}&size={size}&dark={dark}")
    page.add_style_tag(content=ALONE)
    chat = page.get_by_role("log")
    expect(chat.locator("[data-message]")).to_have_count(len(simulator.platform.messages(user)))
    return chat


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", Language)
def test_cards_are_seen_whole_and_found_by_a_finger(bare: Page, simulator: Simulator, language: Language) -> None:
    chat = opened(bare, simulator, a_reader(simulator, SHEETS, language))
    for size in (NORMAL, LARGEST):
        bare.locator("#text-size").evaluate(CHOOSE, size)
        assert chat.evaluate(SPILT) == []
        assert chat.evaluate(APART) == []
        assert chat.evaluate(SMALL, FINGERTIP) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize("look", ["", "&dark=1", f"&size={LARGEST}"])
def test_axe_finds_nothing_on_the_phone(page: Page, simulator: Simulator, look: str) -> None:
    user = a_reader(simulator, ["duties"], Language.CHINESE)
    simulator.platform.add_user("陳怡君")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{simulator.phone_url}?person={user.user_id}{look}")
    expect(page.get_by_role("log").locator("[data-message]").first).to_be_attached()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.timeout(600)
def test_pictures_are_kept_for_who_asks_for_them(bare: Page, simulator: Simulator, tmp_path: Path) -> None:
    sheets = [each for each in SHEETS if each != "questions"] if PICTURES else ["odd"]
    for sheet in sheets:
        user = a_reader(simulator, [sheet], Language.CHINESE)
        kept = Path(PICTURES or tmp_path) / f"cards-{sheet}.png"
        keep_sheet(opened(bare, simulator, user), kept)
        assert LEAST_BYTES < kept.stat().st_size < MOST_BYTES
    for sheet, language in product(SHEETS if CARDS else (), Language):
        keep_cards(bare, simulator, sheet, language)


def keep_cards(page: Page, simulator: Simulator, sheet: str, language: Language) -> None:
    """Keep each card of a sheet on its own."""
    user = a_reader(simulator, [sheet], language)
    for size, dark in ((NORMAL, "0"), (NORMAL, "1"), (LARGEST, "0")):
        folder = Path(str(CARDS)) / f"{language}-{'dark' if dark == '1' else 'light'}-{size}"
        folder.mkdir(parents=True, exist_ok=True)
        chat = opened(page, simulator, user, size, dark)
        for number, row in enumerate(chat.locator("[data-message]").all()):
            row.screenshot(path=folder / f"{sheet}-{number:02d}.png")


def keep_sheet(chat: Locator, path: Path) -> None:
    """Keep a whole chat as one small picture, folded into columns between its messages."""
    whole = Image.open(BytesIO(chat.screenshot())).convert("RGB")
    ends = chat.evaluate(
        "chat => [...chat.children].map(row => row.getBoundingClientRect().bottom - chat.getBoundingClientRect().top)"
    )
    most = max(whole.height // 6, 900)
    cuts = [0]
    for end in ends:
        if end - cuts[-1] > most and whole.height - end > most // 4:
            cuts.append(int(end) + 3)
    cuts = [*cuts, whole.height] if whole.height - cuts[-1] > 10 else cuts
    tallest = max(low - high for high, low in pairwise(cuts))
    sheet = Image.new("RGB", (whole.width * (len(cuts) - 1), tallest), whole.getpixel((2, 2)))
    for place, (high, low) in enumerate(pairwise(cuts)):
        sheet.paste(whole.crop((0, high, whole.width, low)), (place * whole.width, 0))
    small = sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)
    keep_small(small, path)
