"""Texts and bytes that nobody means: what people and programs send, cut, joined and spoilt by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

ODD = (
    *("\x00", "\ud800", "\u202e", "\u200b", "\u200d", "a\u0301" * 9, "👨‍👩‍👧‍👦", "\r\n", "\t", "\x1b[2J", "\ufeff"),
    *(
        "%",
        "_",
        "\\",
        "'",
        '"',
        "<b>",
        "{}",
        "{0}",
        "|",
        "=1+1",
        "../",
        "９",
        "٣",
        "Ⅳ",
        "㈠",
        "　",
        "０８：３０",
        "：",
        "-",
    ),
    *("99999999999999999999", "1e999", "NaN", "0x1F", "null", "[[[[", "}}}}", ",,,,", "((((((((((a+)+)+)+)+)+)+)+)+)+"),
)
LONG = 300


@dataclass(frozen=True)
class Spoiler:
    """Spoils what it is given, and joins it with what is odd; the same again for the same seed."""

    chance: Random

    def text(self, samples: Sequence[str]) -> str:
        """Return one of these texts, or several of them, with a few changes."""
        text = "".join(self.chance.choice(samples) for _ in range(self.chance.choice((1, 1, 2, 4))))
        for _ in range(self.chance.randrange(4)):
            text = self._changed(text, self._odd())
        return text

    def data(self, samples: Sequence[bytes]) -> bytes:
        """Return one of these with a few bytes changed, left out or put in, or a piece of it again."""
        data = bytearray(self.chance.choice(samples))
        for _ in range(self.chance.randrange(1, 6)):
            at = self.chance.randrange(len(data) + 1)
            length = self.chance.randrange(1, 1 + self.chance.choice((1, 8, 64)))
            match self.chance.randrange(4):
                case 0:
                    data[at : at + length] = self.chance.randbytes(length)
                case 1:
                    del data[at : at + length]
                case 2:
                    data[at:at] = data[at // 2 : at // 2 + length]
                case _:
                    del data[at:]
        return bytes(data)

    def _changed(self, text: str, odd: str) -> str:
        at = self.chance.randrange(len(text) + 1)
        match self.chance.randrange(5):
            case 0:
                return text[:at] + odd + text[at:]
            case 1:
                return text[:at] + text[at + 1 :]
            case 2:
                return text[:at]
            case 3:
                return (text * self.chance.randrange(2, 9))[:LONG]
            case _:
                return text[::-1]

    def _odd(self) -> str:
        return self.chance.choice(
            (*ODD, chr(self.chance.randrange(0x110000)), chr(self.chance.randrange(0x4E00, 0x9FFF)))
        )
