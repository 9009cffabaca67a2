"""What a button on a card means, as typed values that travel through the channel as short versioned text.

A value packs to ``1|name|field|field`` and unpacks to itself. What does not unpack (an old version, a tampered or
foreign text) is ``None``: the chat then answers that the button has expired and shows the present state. Nothing in a
button is trusted: whoever presses it is checked like whoever types.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import ClassVar

VERSION = "1"
LIMIT = 300  # LINE's limit of postback data
_SEPARATOR, _WRITTEN_SEPARATOR = "|", "%7C"
_MARK, _WRITTEN_MARK = "%", "%25"
_kinds: dict[str, type[ButtonData]] = {}


@dataclass(frozen=True)
class ButtonData:
    """The base of all buttons; subclasses are frozen dataclasses of ``str`` and ``int`` fields with a ``name``."""

    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Register the subclass under its name; two of one name are a programming error."""
        if cls.name in _kinds:
            raise ValueError(f"two kinds of button are called {cls.name!r}")
        _kinds[cls.name] = cls

    def pack(self) -> str:
        """Return the text a channel carries; raises ``ValueError`` when it does not fit."""
        parts = [_written(str(value)) for value in astuple(self)]
        packed = _SEPARATOR.join([VERSION, self.name, *parts])
        if len(packed) > LIMIT:
            raise ValueError(f"button {self.name!r} does not fit: {len(packed)} characters")
        return packed


def unpack(data: str) -> ButtonData | None:
    """Return the button a text stands for, or None when it is not one of ours or not of this version."""
    version, _, rest = data.partition(_SEPARATOR)
    name, *parts = rest.split(_SEPARATOR)
    kind = _kinds.get(name)
    if version != VERSION or kind is None or len(data) > LIMIT or len(parts) != len(fields(kind)):
        return None
    try:
        return kind(*(_read(field.type, part) for field, part in zip(fields(kind), parts, strict=True)))
    except ValueError:
        return None


def kinds() -> dict[str, type[ButtonData]]:
    """Return all kinds of buttons by name: the chat's router must know each."""
    return dict(_kinds)


def _read(type_name: object, part: str) -> str | int:
    if type_name in ("int", int):
        if not (part.isascii() and part.isdigit()):
            raise ValueError(part)
        return int(part)
    text = part.replace(_WRITTEN_SEPARATOR, _SEPARATOR).replace(_WRITTEN_MARK, _MARK)
    if _written(text) != part:
        raise ValueError(part)
    return text


def _written(text: str) -> str:
    """Return a field as it stands between separators: numbers come from other systems, and may hold one."""
    return text.replace(_MARK, _WRITTEN_MARK).replace(_SEPARATOR, _WRITTEN_SEPARATOR)


@dataclass(frozen=True)
class ExplainDuty(ButtonData):
    """怎麼算的: the working of one deadline."""

    name = "why"
    duty_id: int


@dataclass(frozen=True)
class ExplainLight(ButtonData):
    """燈號怎麼來的: how one case, by its number, came to its light."""

    name = "light"
    number: str


@dataclass(frozen=True)
class ExplainDispatch(ButtonData):
    """歸類怎麼來的: how one dispatch came to its bucket, and which kind of opening is true for it."""

    name = "part"
    dispatch_id: int


@dataclass(frozen=True)
class ExplainClosing(ButtonData):
    """怎麼算的: how the answer whether a service may be closed came about."""

    name = "closing_why"
    opened_id: int


@dataclass(frozen=True)
class MoreDuties(ButtonData):
    """The next page of what is owed, from this place on."""

    name = "more"
    start: int


@dataclass(frozen=True)
class MoreDue(ButtonData):
    """The next page of what falls due within some days, both named (2026-03-04) among them, from this place on."""

    name = "due"
    first: str
    last: str
    start: int


@dataclass(frozen=True)
class MoreUnits(ButtonData):
    """The next page of the units that owe something, from this place on."""

    name = "units"
    start: int


@dataclass(frozen=True)
class ShowUnit(ButtonData):
    """What one unit owes, from this place on."""

    name = "unit"
    unit_id: int
    start: int


@dataclass(frozen=True)
class ShowBucket(ButtonData):
    """The rows of one bucket: ``area`` is checks, dispatches or services, ``bucket`` the enum's value."""

    name = "bucket"
    area: str
    bucket: str
    start: int


@dataclass(frozen=True)
class ShowCase(ButtonData):
    """One case, by its number."""

    name = "case"
    number: str


@dataclass(frozen=True)
class ShowFamily(ButtonData):
    """A family's service history, from this entry on."""

    name = "family"
    family_id: int
    start: int


@dataclass(frozen=True)
class AskClosing(ButtonData):
    """可以結案嗎: whether one case, by its number, may be closed."""

    name = "closing"
    number: str


@dataclass(frozen=True)
class Unbind(ButtonData):
    """解除綁定, confirmed."""

    name = "unbind"


@dataclass(frozen=True)
class ChoosePermission(ButtonData):
    """Ask for a permission by its code, or give it up (``gives_up`` is 1)."""

    name = "permission"
    code: str
    gives_up: int


@dataclass(frozen=True)
class MoreRequests(ButtonData):
    """我的申請, from this place on."""

    name = "requests"
    start: int


@dataclass(frozen=True)
class AskHelp(ButtonData):
    """客服: what somebody needs help with, by the kind's value; empty asks for the kind."""

    name = "help"
    kind: str


@dataclass(frozen=True)
class PersonPlease(ButtonData):
    """None of the steps against login trouble helped: a person, please (HELP-4)."""

    name = "person"
    kind: str


@dataclass(frozen=True)
class ThatHelped(ButtonData):
    """The steps against login trouble helped; no person is needed."""

    name = "helped"


@dataclass(frozen=True)
class ContinueHelp(ButtonData):
    """Go on with one's own request, by its number."""

    name = "helpmore"
    number: int


@dataclass(frozen=True)
class RateHelp(ButtonData):
    """Whether a solved request's help did help: 1 or 0."""

    name = "helprate"
    number: int
    helped: int


@dataclass(frozen=True)
class MoreHelp(ButtonData):
    """我的報修紀錄, from this place on."""

    name = "helplist"
    start: int
