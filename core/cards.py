"""What is said, in a small vocabulary that every channel can draw.

A ``Message`` is a text or a card. An ``Answer`` is up to five of them with choices under the last. LINE, e-mail and
the desk each draw the same values; nothing here knows how. Cards are stored in the outbox as JSON, so every piece
is a frozen value that survives ``to_json`` / ``from_json`` unchanged.

``preview`` is what a locked phone shows: a whole sentence without personal data, ever (ACC-10).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

MAX_MESSAGES = 5  # what LINE takes in one request, and counts as one


class Tone(StrEnum):
    """How a card feels. Colour is never alone: each tone has a word and a sign where it is drawn."""

    PLAIN = "plain"
    GOOD = "good"
    SOON = "soon"
    LATE = "late"
    URGENT = "urgent"


class Piece(BaseModel):
    """A frozen value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Press(Piece):
    """A button that comes back to the bot as a postback; ``data`` is packed by ``handlers/chat/buttons.py``."""

    do: Literal["press"] = "press"
    label: str
    data: str
    shown: str = ""
    """What appears in the chat as if the person had typed it."""
    primary: bool = False


class Say(Piece):
    """A button that types a word for the person: works as well on LINE for PC, where they type it themselves."""

    do: Literal["say"] = "say"
    label: str
    text: str
    primary: bool = False


class Open(Piece):
    """A button that opens an https, line or tel address."""

    do: Literal["open"] = "open"
    label: str
    url: str
    primary: bool = False


class OpenAccountLink(Piece):
    """A button that opens the binding page; the channel asks LINE for the link token when it sends the card."""

    do: Literal["account_link"] = "account_link"
    label: str
    primary: bool = True


class OpenPage(Piece):
    """A button that opens one of this server's own pages; the host is put before ``path`` when the card is sent."""

    do: Literal["page"] = "page"
    label: str
    path: str
    """Begins with a slash; signed, where the page shows or changes anything."""
    primary: bool = False
    in_mail_only: bool = Field(default=False, exclude_if=lambda is_so: not is_so)
    """It stands in for what can be done in the chat, so it is drawn only where the card becomes a mail.

    Stored only where it is so (A61).
    """


class Copy(Piece):
    """A button that copies a text to the clipboard."""

    do: Literal["copy"] = "copy"
    label: str
    text: str
    primary: bool = False


class CopyCode(Piece):
    """A button that copies a one-time password, derived when the card is sent; the code is never stored (OTP-7)."""

    do: Literal["copy_code"] = "copy_code"
    label: str
    challenge: str


class PickDate(Piece):
    """A button that opens a date picker; ``initial``, ``earliest`` and ``latest`` are ISO dates."""

    do: Literal["pick_date"] = "pick_date"
    label: str
    data: str
    initial: str = ""
    earliest: str = ""
    latest: str = ""
    primary: bool = False


Action = Annotated[
    Press | Say | Open | OpenAccountLink | OpenPage | Copy | CopyCode | PickDate,
    Field(discriminator="do"),
]


class Line(Piece):
    """A paragraph of a card."""

    kind: Literal["line"] = "line"
    text: str
    strong: bool = False
    quiet: bool = False
    quoted: bool = Field(default=False, exclude_if=lambda is_quoted: not is_quoted)
    """Somebody's own words: they stay as they are in every language. Stored only where it is so (A61)."""


class Row(Piece):
    """A label and its value, side by side."""

    kind: Literal["row"] = "row"
    label: str
    value: str
    tone: Tone = Tone.PLAIN


class Figure(Piece):
    """A number that matters, with its word: the count of a bucket."""

    kind: Literal["figure"] = "figure"
    label: str
    value: int
    tone: Tone = Tone.PLAIN
    action: Action | None = None
    note: str = Field(default="", exclude_if=lambda note: not note)
    """What of it is late, in words that stand on a line of their own. Stored only where there is one (A61)."""


class Light(Piece):
    """A state light: R, Y or G with its word (REC-6, REC-7)."""

    kind: Literal["light"] = "light"
    colour: Literal["R", "Y", "G"]
    word: str


class Progress(Piece):
    """How far something is: ``done`` of ``total``, with a word."""

    kind: Literal["progress"] = "progress"
    label: str
    done: int
    total: int


class Step(Piece):
    """One step of a working: what was counted, and what came out."""

    kind: Literal["step"] = "step"
    label: str
    value: str


class Rule(Piece):
    """A thin line between groups."""

    kind: Literal["rule"] = "rule"


class Code(Piece):
    """A one-time password, shown large; derived from the challenge when the message is sent (OTP-7)."""

    kind: Literal["code"] = "code"
    challenge: str


Block = Annotated[
    Line | Row | Figure | Light | Progress | Step | Rule | Code,
    Field(discriminator="kind"),
]


class Text(Piece):
    """A plain bubble of text."""

    type: Literal["text"] = "text"
    text: str

    @property
    def preview(self) -> str:
        """What a locked phone shows of it."""
        return self.text


class Card(Piece):
    """One card: a tone, a title, blocks, buttons, and the sentence a locked phone shows."""

    type: Literal["card"] = "card"
    title: str
    preview: str
    tone: Tone = Tone.PLAIN
    badge: str = ""
    """A short word beside the title that says the state (剩 3 天, 已逾期 2 天)."""
    blocks: tuple[Block, ...] = ()
    actions: tuple[Action, ...] = ()


class Deck(Piece):
    """Several cards side by side, swiped through; e-mail writes them one below another."""

    type: Literal["deck"] = "deck"
    preview: str
    cards: tuple[Card, ...]


Message = Annotated[Text | Card | Deck, Field(discriminator="type")]


class Answer(Piece):
    """What is said in one go: up to five messages, and choices under the last one."""

    messages: tuple[Message, ...]
    choices: tuple[Action, ...] = ()
    sender: str = ""
    """Whose words they are, where a person answers: their display name."""
    language: Literal["zh", "en"] = Field(default="zh", exclude_if=lambda language: language == "zh")
    """What it is said in; set by ``core/language``, and asked by whoever draws it.

    Chinese is not stored: a version that knew no other can read it while it still runs beside this one (A61).
    """

    def to_json(self) -> str:
        """Return the stored form."""
        return self.model_dump_json(exclude_defaults=False)

    def carries_code(self) -> bool:
        """Return whether a one-time password appears in it: then its drawn form is never stored."""
        return '"challenge"' in self.to_json()


_ANSWER = TypeAdapter(Answer)


def from_json(stored: str) -> Answer:
    """Return the answer whose ``to_json`` this is."""
    return _ANSWER.validate_json(stored)


def said(*messages: Text | Card | Deck | str, choices: tuple[Action, ...] = ()) -> Answer:
    """Return an answer of these messages; a bare string becomes a text bubble."""
    drawn = tuple(Text(text=each) if isinstance(each, str) else each for each in messages)
    return Answer(messages=drawn, choices=choices)
