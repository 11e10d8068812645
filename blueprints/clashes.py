"""Two who saved the same form: what is kept stands beside what was typed, and saving again chooses what was typed."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

Clash = dict[str, Any]  # sentence, differences: list of {place, theirs, yours}; templates/parts/clash.html shows it


def clash_of(differences: list[dict[str, str]]) -> Clash:
    sentence = _("Somebody saved this after you opened the page. Nothing is lost: both stand here.")
    return {"sentence": sentence, "differences": differences}


def clashed(form: Any, stored: Any, names: Iterable[str]) -> Clash:
    """Both, and the form now brings what was seen of theirs: saving again is choosing what was typed. `stored`: a form
    of the same kind, made from the row."""
    for field in form:
        if field.short_name in ("revision", "seen"):
            field.data = stored[field.short_name].data
    return clash_of(differences(stored, form, names))


def differences(stored: Any, sent: Any, names: Iterable[str]) -> list[dict[str, str]]:
    """What is kept now, where it is not what was typed. Both are forms."""
    return [
        {"place": str(sent[name].label.text), "theirs": worded(stored[name]), "yours": worded(sent[name])}
        for name in names
        if (stored[name].data or "") != (sent[name].data or "")
    ]


def worded(field: Any) -> str:
    if field.type == "SelectField":
        return next((label for value, label, *_rest in field.iter_choices() if value == field.data), "")
    if field.type == "TimeField":
        return f"{field.data:%H:%M}" if field.data else ""
    return "" if field.data is None else str(field.data)
