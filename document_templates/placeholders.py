"""The names a document template may use, and the nearest one to a name that does not exist."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from document_templates.refusals import UnknownPlaceholder
from document_templates.tags import Misfit

_DEPTH = 4  # no field lies deeper than its fourth name


def known_names(fields: Mapping[str, Any]) -> list[str]:
    """Every dotted name the fields hold, lists left out below their own name."""
    return list(_names(fields, "", _DEPTH))


def _names(fields: Mapping[str, Any], prefix: str, depth: int) -> Iterator[str]:
    for key, value in fields.items():
        yield f"{prefix}{key}"
        if depth > 1 and isinstance(value, Mapping):
            yield from _names(value, f"{prefix}{key}.", depth - 1)


def unknown(misfit: Misfit, fields: Mapping[str, Any]) -> UnknownPlaceholder:
    """The refusal an author can act on: the whole name as written, the nearest that exists, and where it stands."""
    missing = misfit.missing
    last = str(missing.name)
    written = [name for name in misfit.location.names() if last in name.split(".")]
    name = written[0] if written else last
    return UnknownPlaceholder(name, nearest(name, last, missing.looked_in, fields), misfit.location.place)


def nearest(name: str, last: str, looked_in: object, fields: Mapping[str, Any]) -> str:
    beside = [str(key) for key in looked_in] if isinstance(looked_in, dict) and name.endswith(last) else []
    if near := get_close_matches(last, beside, 1, 0.6):
        return name[: len(name) - len(last)] + near[0]
    near = get_close_matches(name, known_names(fields), 1, 0.6)
    return near[0] if near else ""
