"""An answer as an e-mail: plain text, and the same as simple HTML.

A mail has no postbacks, so only what works outside LINE is offered: addresses to open, and words to type in LINE.
The binding page is left out, since its link token belongs to one chat. Nothing stands in a mail that its cards do
not show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.channels.limits_actions import uri_problems
from bot.channels.measure import cut
from bot.render.blocks import share
from bot.render.filled import Filled
from bot.render.tones import BRAND, DARK, DARK_GROUND, LIGHTS, LOOKS, QUIET, TEXT, light_text, marked, strip_words
from core.cards import (
    Action,
    Answer,
    Block,
    Card,
    Code,
    Copy,
    CopyCode,
    Deck,
    Figure,
    Light,
    Line,
    Open,
    OpenPage,
    Progress,
    Row,
    Rule,
    Say,
    Step,
    Text,
    Tone,
)
from core.language.models import Language
from core.language.service import in_words, language_of
from core.notices.channel import Fill, Mail

SENDER = "社政小幫手"
CODE_SUBJECT = f"{SENDER}：您的驗證碼"
SUBJECT_MOST = 60
NAMES = re.compile(r"[\d○]")  # the number of a case, or a masked name
FOOTER = "本信由系統自動寄出，請勿直接回覆。"
_INKS = {"quiet": QUIET, "text_ink": TEXT, "dark": DARK, "dark_ground": DARK_GROUND}
_TEMPLATES = Environment(
    loader=PackageLoader("bot.render"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Shape(StrEnum):
    """How one line of a mail looks."""

    LINE = "line"
    STRONG = "strong"
    QUIET = "quiet"
    ROW = "row"
    CODE = "code"
    RULE = "rule"
    LINK = "link"


@dataclass(frozen=True)
class Signs:
    """How a language sets off what belongs together; ``tag`` is the name browsers and screen readers know it by."""

    colon: str
    heading: str
    tag: str


SIGNS = {
    Language.CHINESE: Signs("：", "【{}】", "zh-Hant-TW"),
    Language.ENGLISH: Signs(": ", "[{}]", "en"),
}


@dataclass(frozen=True)
class MailLine:
    """One line: its shape, a label before it, its text or address, and its colour."""

    shape: Shape
    text: str = ""
    label: str = ""
    ink: str = TEXT

    def written(self, signs: Signs) -> str:
        """Return the line as plain text."""
        if self.shape is Shape.RULE:
            return "－－－－－"
        return f"{self.label}{signs.colon}{self.text}" if self.label else self.text


@dataclass(frozen=True)
class Section:
    """One message of the answer: a strip and a title if it is a card, and its lines."""

    lines: tuple[MailLine, ...]
    strip: str = ""
    title: str = ""
    ink: str = BRAND

    def written(self, signs: Signs) -> str:
        """Return the section as plain text."""
        head = [signs.heading.format(self.title), self.strip] if self.title else []
        return "\n".join([*head, *(each.written(signs) for each in self.lines)])


def draw_mail(answer: Answer, fill: Fill) -> Mail:
    """Return the e-mail that says the same as the cards.

    Raises ``ValueError`` for an address that LINE would refuse too, and what the filling of a code raises.
    """
    filled = Filled(fill, language_of(answer))
    signs, say = SIGNS[filled.language], filled.say
    sections = [section for message in answer.messages for section in _sections(message, filled)]
    if answer.sender:
        sections.insert(0, Section((MailLine(Shape.ROW, answer.sender, say("回覆人")),)))
    ways = tuple(_ways(answer.choices, filled))
    if ways:
        sections.append(Section(ways))
    foot = [say(each) for each in (fill.why_mail, FOOTER) if each]
    text = "\n\n".join([*(each.written(signs) for each in sections), "\n".join(foot)]) + "\n"
    page = _TEMPLATES.get_template("mail.html")
    frame = {"foot": foot, "sender": say(SENDER), "signs": signs}
    html = page.render(sections=sections, **frame, **_INKS)
    return Mail(subject=subject_of(answer), text=text, html=html)


def subject_of(answer: Answer) -> str:
    """Return the subject on one line: of a code never more than that it is one.

    A locked phone shows it, so a title that names a case or a person gives way to the card's preview (ACC-10).
    """
    language = language_of(answer)
    if answer.carries_code():
        return in_words(CODE_SUBJECT, language)
    first = answer.messages[0]
    title = first.title if isinstance(first, Card) and not NAMES.search(first.title) else ""
    said = title or first.preview.strip().partition("\n")[0]
    colon = SIGNS[language].colon
    return f"{in_words(SENDER, language)}{colon}{cut(' '.join(said.split()), graphemes=SUBJECT_MOST)}"


def _sections(message: Text | Card | Deck, filled: Filled) -> list[Section]:
    match message:
        case Text():
            return [Section((MailLine(Shape.LINE, message.text),))]
        case Card():
            return [_card(message, filled)]
        case Deck():
            cards = [_card(each, filled) for each in message.cards]
            return cards or [Section((MailLine(Shape.LINE, message.preview),))]


def _card(card: Card, filled: Filled) -> Section:
    look = LOOKS[card.tone]
    lines = [_block(each, filled) for each in card.blocks]
    shown = {each.challenge for each in card.blocks if isinstance(each, Code)}
    codes = [each for each in card.actions if isinstance(each, CopyCode) and each.challenge not in shown]
    lines += [MailLine(Shape.CODE, filled.code(each.challenge)) for each in codes]
    strip = card.badge if card.tone is Tone.PLAIN else "　".join(strip_words(card.tone, card.badge, filled.say))
    return Section((*lines, *_ways(card.actions, filled)), strip, card.title, look.ink)


def _block(block: Block, filled: Filled) -> MailLine:
    match block:
        case Line():
            quiet = Shape.QUIET if block.quiet else Shape.LINE
            return MailLine(Shape.STRONG if block.strong else quiet, block.text)
        case Row() | Figure():
            value = block.value if isinstance(block, Row) else _counted(block, filled)
            return MailLine(Shape.ROW, marked(block.tone, value), block.label, LOOKS[block.tone].ink)
        case Step():
            return MailLine(Shape.ROW, block.value, block.label)
        case Light():
            return MailLine(
                Shape.STRONG, light_text(block.colour, block.word, filled.say), ink=LIGHTS[block.colour].ink
            )
        case Progress():
            percent = share(block.done, block.total)
            return MailLine(Shape.ROW, filled.say(f"{block.done}／{block.total}（{percent}%）"), block.label)
        case Code() | Rule():
            text = filled.code(block.challenge) if isinstance(block, Code) else ""
            return MailLine(Shape(block.kind), text)


def _counted(figure: Figure, filled: Filled) -> str:
    return filled.say(f"{figure.value:,}（{figure.note}）") if figure.note else f"{figure.value:,}"


def _ways(actions: Sequence[Action], filled: Filled) -> Iterable[MailLine]:
    """Yield what of these actions works from a mail."""
    for action in actions:
        if isinstance(action, Say):
            yield MailLine(Shape.ROW, action.text, filled.say("在 LINE 輸入"))
        elif isinstance(action, Open | OpenPage):
            url = action.url if isinstance(action, Open) else filled.page_url(action.path)
            if list(uri_problems(url, "open.url")):
                raise ValueError("open.url: is no address that may be opened")
            yield MailLine(Shape.LINK, url, action.label)
        elif isinstance(action, Copy):
            yield MailLine(Shape.ROW, action.text, action.label)
