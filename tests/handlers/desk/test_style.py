"""The colours of all pages can be read: WCAG AA in light and dark, counted from the style sheets themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import handlers

FOLDERS = (Path(handlers.__path__[0]) / door / "static" for door in ("desk", "pages"))
SHEETS = {each.name: each.read_text() for folder in FOLDERS for each in folder.glob("*.css")}
PALETTE = SHEETS.pop("palette.css")
TEXT_AT_LEAST, SIGN_AT_LEAST = 4.5, 3.0
TEXTS = [(ink, ground) for ink in ("ink", "quiet", "lead", "bad", "good", "soon") for ground in ("ground", "sheet")]
TEXTS += [("on-lead", "lead"), ("bad", "bad-ground"), ("good", "good-ground"), ("soon", "soon-ground")]


def palettes() -> dict[str, dict[str, str]]:
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{[^}]*\}", PALETTE)
    )
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_texts_can_be_read(scheme: str, ink: str, ground: str) -> None:
    colours = palettes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= TEXT_AT_LEAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(scheme: str) -> None:
    colours = palettes()[scheme]
    assert contrast(colours["line"], colours["sheet"]) >= SIGN_AT_LEAST


def test_the_measure_is_the_known_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_colours_stand_in_the_palette_only(sheet: str) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", SHEETS[sheet]) == []
    used = set(re.findall(r"var\(--([a-z-]+)\)", SHEETS[sheet]))
    assert used
    assert used <= palettes()["light"].keys()
