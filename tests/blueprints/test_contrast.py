"""Colours are computed from app.css, so that changing one cannot make a word unreadable unnoticed (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).resolve().parents[2] / "blueprints" / "static" / "css" / "app.css").read_text()
GROUNDS = ("--surface", "--surface-2", "--ground", "--sunken")

TEXT = [
    *[(text, ground) for text in ("--text", "--text-2", "--text-3", "--act") for ground in GROUNDS[:3]],
    *[("--text", "--sunken"), ("--text-2", "--sunken"), ("--on-act", "--act"), ("--on-act", "--act-hover")],
    *[(f"--{key}-fg", f"--{key}-bg") for key in ("gap", "part", "conf", "na", "info", "l0", "l1", "l2", "l3")],
    *[(f"--{key}-fg", ground) for key in ("gap", "part", "conf", "na") for ground in ("--surface", "--ground")],
    *[("--text", f"--{key}-bg") for key in ("gap", "part", "conf", "info")],
    *[("--surface", "--gap-fg"), ("--surface", "--text"), ("--act", "--act-wash")],
    *[("--on-ink", "--ink"), ("--on-ink", "--ink-2"), ("--on-ink-2", "--ink"), ("--on-brand", "--brand")],
]
EDGES = [
    ("--edge", "--surface"), ("--edge", "--surface-2"), ("--gap-solid", "--surface"), ("--part-solid", "--surface"),
    ("--conf-solid", "--surface"), ("--act", "--surface"), ("--focus", "--surface"), ("--focus", "--ground"),
    ("--hivis", "--ink"),
]  # fmt: skip


def declared(block):
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})\b", block))


def tokens(theme):
    """The custom properties in force: the base, the light ones, and over them those of the dark theme."""
    blocks = {
        selector: declared(body)
        for selector, body in re.findall(r"^([:\[][^{}]*?)\s*\{([^{}]*--[^{}]*)\}", SHEET, re.MULTILINE)
    }
    light = blocks[":root"] | blocks[':root, [data-bs-theme="light"]']
    return {"light": light, "dark": light | blocks['[data-bs-theme="dark"]']}[theme]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)



@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pair", TEXT, ids=" on ".join)
def test_words_are_readable(pair, theme):
    colours = tokens(theme)
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pair", EDGES, ids=" on ".join)
def test_edges_and_chart_areas_are_seen(pair, theme):
    colours = tokens(theme)
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 3


def test_black_on_white_is_twenty_one_to_one():
    assert round(contrast("#000000", "#ffffff"), 1) == 21
