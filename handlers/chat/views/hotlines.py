"""The telephone numbers that stand in answers, and the buttons that dial them."""

from __future__ import annotations

from core.cards import Line, Open
from core.helpdesk.words import HELPDESK_HOURS, HELPDESK_PHONE, HOTLINES


def in_need() -> tuple[Line, ...]:
    """Return whom to call, as it stands at the end of a card: the helpdesk and its hours, and the hotlines."""
    return Line(text=f"系統客服 {HELPDESK_PHONE}（{HELPDESK_HOURS}）", quiet=True), Line(text=HOTLINES, quiet=True)


def dial_helpdesk(*, primary: bool = False) -> Open:
    """Return the button that calls the helpdesk; the extension is asked for on the line."""
    return Open(label="撥打系統客服", url="tel:0229603456", primary=primary)


def dial_police(*, primary: bool = False) -> Open:
    """Return the button that calls 110."""
    return Open(label="撥打 110（警察）", url="tel:110", primary=primary)


def dial_ambulance(*, primary: bool = False) -> Open:
    """Return the button that calls 119."""
    return Open(label="撥打 119（救護）", url="tel:119", primary=primary)


def dial_protection(*, primary: bool = False) -> Open:
    """Return the button that calls 113."""
    return Open(label="撥打 113（保護專線）", url="tel:113", primary=primary)


def dial_comfort(*, primary: bool = False) -> Open:
    """Return the button that calls 1925."""
    return Open(label="撥打 1925（安心專線）", url="tel:1925", primary=primary)
