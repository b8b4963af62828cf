"""The stylesheet keeps what the pages promise: contrast in both schemes, both directions from one sheet, nothing from elsewhere."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from fedsearch.api.pages import STATIC

SHEET = STATIC.joinpath("style.css").read_text(encoding="utf-8")
SCRIPT = STATIC.joinpath("enhance.js").read_text(encoding="utf-8")
ON = {
    "paper": ("ink", "soft", "accent", "accent-deep", "danger", "amber"),
    "card": ("ink", "soft", "accent", "accent-deep"),
    "tint": ("ink", "soft", "accent", "accent-deep"),
    "band": ("band-ink", "band-soft"),
    "accent": ("on-accent",),
    "danger-tint": ("danger", "ink"),
    "amber-tint": ("amber", "ink"),
    "green-tint": ("green",),
    "danger": ("card",),
}


def schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)[:2]
    return {name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for name, block in (("light", light), ("dark", dark))}


def luminance(colour: str) -> float:
    """Relative luminance: WCAG 2.2, "relative luminance"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ground", "ink"), [(ground, ink) for ground, inks in ON.items() for ink in inks])
def test_text_stands_out_from_its_ground(scheme: str, ground: str, ink: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[ground], colours[ink]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edge_of_a_field_stands_out_from_its_ground(scheme: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours["edge"], colours["card"]) >= 3


def test_one_sheet_serves_both_directions() -> None:
    physical = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:left|right|top|bottom|width|height):|text-align: (?:left|right)"
    )
    assert re.findall(physical, re.sub(r"@(?:media|supports)[^{]*", "", SHEET)) == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    files = re.findall(r'url\("([^"]+)"\)', SHEET)
    assert files
    assert [name for name in files if not STATIC.joinpath(name).is_file()] == []
    assert "http" not in SHEET + SCRIPT
    assert "fetch" not in SCRIPT


def test_the_font_that_a_page_asks_for_ahead_is_the_one_that_the_sheet_names() -> None:
    base = (resources.files("fedsearch.api.pages") / "templates" / "base.html").read_text(encoding="utf-8")
    (ahead,) = re.findall(r'<link rel="preload"[^>]*href="([^"]*\{\{.*?\}\})"', base)
    assert ahead.startswith("/static/{{")
    assert set(re.findall(r"[\w-]+\.woff2", ahead)) < set(re.findall(r'url\("([^"]+)"\)', SHEET))


def test_the_fonts_come_with_their_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in STATIC.joinpath("OFL.txt").read_text(encoding="utf-8")
