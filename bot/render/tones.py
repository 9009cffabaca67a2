"""How each tone looks wherever it is drawn: a sign, a word and a colour, so that colour is never alone.

``ink`` on white, on ``PAPER`` and on its own ``tint`` has a contrast of at least 4.5 (WCAG AA); the colours are given
explicitly everywhere, because a phone in dark mode keeps LINE's bubbles light but not its default text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.cards import Tone

Say: TypeAlias = Callable[[str], str]

WHITE = "#FFFFFF"
PAPER = "#F3F5F7"
"""The background of what can be tapped, and of the empty part of a bar."""
TEXT = "#1B1F23"
QUIET = "#57606A"
THIN = "#D0D7DE"
BRAND = "#1F5FA8"
SOFT = "#E9EDF2"
"""The background of a button that is not the first choice."""
OWN_SIGNS = ("✓", "✗", "？")
"""What a text may begin with that is a sign already."""


@dataclass(frozen=True)
class Look:
    """A tone's sign, its word, its colour, and the pale ground that its word stands on over a card."""

    sign: str
    word: str
    ink: str
    tint: str = WHITE


LOOKS = {
    Tone.PLAIN: Look("●", "社政小幫手", BRAND, "#EAF1FA"),
    Tone.GOOD: Look("✓", "完成", "#1A6B3C", "#E7F4EB"),
    Tone.SOON: Look("▲", "請留意", "#8A5300", "#FFF3DE"),
    Tone.LATE: Look("■", "已逾期", "#B3261E", "#FCECEA"),
    Tone.URGENT: Look("！", "緊急", "#8E0B3D", "#FBE6EE"),
}

LIGHTS = {
    "R": Look("■", "紅燈", LOOKS[Tone.LATE].ink),
    "Y": Look("▲", "黃燈", LOOKS[Tone.SOON].ink),
    "G": Look("●", "綠燈", LOOKS[Tone.GOOD].ink),
}


DARK_GROUND = "#15191D"
DARK = {
    TEXT: "#ECEFF2",
    QUIET: "#AEB8C2",
    BRAND: "#8FBBF2",
    LOOKS[Tone.GOOD].ink: "#86D7A6",
    LOOKS[Tone.SOON].ink: "#F5C067",
    LOOKS[Tone.LATE].ink: "#FFA59D",
    LOOKS[Tone.URGENT].ink: "#FF9EC2",
}
"""Each ink in a dark mail, on ``DARK_GROUND``: LINE keeps its bubbles light, a mail program does not."""


def light_text(colour: str, word: str, say: Say = str) -> str:
    """Return a light as text: its sign, its name and what it means, the name only once; ``say`` puts it into words."""
    look, meaning = LIGHTS[colour], word.strip()
    name = say(look.word)
    if not meaning or meaning == name:
        return f"{look.sign} {name}"
    return f"{look.sign} {meaning}" if _holds(meaning, name) else f"{look.sign} {say(f'{name}：{meaning}')}"


def strip_words(tone: Tone, badge: str, say: Say = str) -> tuple[str, ...]:
    """Return what the strip over a card says: its tone and its badge, and a word that both hold only once.

    Where nothing is to be minded, the badge alone is the state.
    """
    look, short = LOOKS[tone], badge.strip()
    name = say(look.word)
    if not short:
        return (f"{look.sign} {name}",)
    is_quiet = tone in (Tone.PLAIN, Tone.GOOD)
    return (f"{look.sign} {short}",) if is_quiet or _holds(short, name) else (f"{look.sign} {name}", short)


def _holds(text: str, word: str) -> bool:
    return word.lower() in text.lower()


def marked(tone: Tone, text: str) -> str:
    """Return a text with its tone's sign before it; a plain one, and one with a sign of its own, stay as they are."""
    return text if tone is Tone.PLAIN or text.startswith(OWN_SIGNS) else f"{LOOKS[tone].sign} {text}"
