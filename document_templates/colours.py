"""Colours as people read them: how far a colour stands out on white paper, and the nearest that stands out enough."""

import re

COLOUR = re.compile(r"[0-9A-F]{6}")
LEAST_CONTRAST = 4.5  # WCAG 2, text of ordinary size


def contrast_on_white(colour: str) -> float:
    """1 for white itself, 21 for black."""
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable(colour: str) -> bool:
    return contrast_on_white(colour) >= LEAST_CONTRAST


def nearest_readable(colour: str) -> str:
    """The same hue, only as much darker as it must be."""
    return next(darker for step in range(256) if readable(darker := darkened(colour, 1 - step / 255)))


def darkened(colour: str, share: float) -> str:
    """What is left of a colour when each of its lights shines with this share of its strength."""
    return "".join(f"{int(value * share):02X}" for value in _channels(colour))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[0:2], 16), int(colour[2:4], 16), int(colour[4:6], 16)


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
