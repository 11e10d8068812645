"""What the forms of every noun share: how a field is read, and how a refused form is answered."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from unicodedata import category
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from blueprints.page import capital
from tenants.direction import kept_to_itself
from tenants.limits import NAME_CHARACTERS, NOTE_CHARACTERS

NUL_AND_OTHERS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


def clean(text: Any) -> Any:
    """The one normalisation of typed text: control characters go, line ends become one kind, outer space goes, and what
    turns the direction of writing ends with its line."""
    if not isinstance(text, str):
        return text
    readable = text.translate(NUL_AND_OTHERS).encode("utf-8", "ignore").decode("utf-8")
    return kept_to_itself(readable.replace("\r\n", "\n").replace("\r", "\n").strip())


def line(label: Any, *, required: bool = False, longest: int = NAME_CHARACTERS, **options: Any) -> StringField:
    """One line of text."""
    presence = DataRequired(_l("This is needed.")) if required else Optional()
    return StringField(
        label,
        [presence, Length(max=longest, message=_l("At most %(max)d characters."))],
        filters=[clean, _or_empty],
        **options,
    )


def note(label: Any, *, required: bool = False, longest: int = NOTE_CHARACTERS, **options: Any) -> TextAreaField:
    """As many lines as a consultant writes."""
    presence = DataRequired(_l("This is needed.")) if required else Optional()
    return TextAreaField(
        label,
        [presence, Length(max=longest, message=_l("At most %(max)d characters."))],
        filters=[clean, _or_empty],
        **options,
    )


def one_file(label: Any) -> FileField:
    """Exactly one file: of two, nobody could say which was meant."""
    return FileField(label, [FileRequired(_l("Choose a file.")), only_one])


def only_one(_form: Any, field: Any) -> None:
    if len(request.files.getlist(field.name)) > 1:
        raise ValidationError(_("Choose one file, not several."))


def twice(form: FlaskForm) -> list[str]:
    """Labels of the fields that were sent more than once, and not the same each time."""
    return [str(one.label.text) for one in form if len(set(request.form.getlist(one.name))) > 1]


def day(label: Any, *, required: bool = False, **options: Any) -> DateField:
    """A calendar day between 1990 and 2100; of a moment only its day is kept, which no change of clocks can move."""
    presence = InputRequired(_l("This is needed.")) if required else Optional()
    return DateField(label, [presence, _sane_year], format=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], **options)


def choice(
    label: Any,
    offered: Callable[[], Sequence[tuple[str, Any]]],
    *,
    empty: Any = None,
    coerce: Any = str,
    **options: Any,
) -> SelectField:
    """One of the offered; `empty` names the line for none of them."""

    def all_offered() -> list[tuple[str, Any]]:
        return ([("", empty)] if empty is not None else []) + [(key, capital(word)) for key, word in offered()]

    may_be_empty = {"validators": [Optional()], "filters": [_or_empty]} if empty is not None else {}
    return SelectField(label, choices=all_offered, coerce=coerce, **may_be_empty, **options)


def revision_seen() -> HiddenField:
    """The revision that the page showed. A form without one is refused: it could overwrite somebody else's work."""
    return HiddenField(validators=[_sent, Regexp(r"[0-9]{1,9}\Z")], default="0")


def whole(label: Any, lowest: int, highest: int) -> list[Any]:
    return [Optional(), NumberRange(lowest, highest, message=_l("A whole number from %(min)s to %(max)s."))]


def shown_name(file_name: str | None) -> str:
    """The name of an upload as pages show it: no folders, no marks that turn or break a line, the ending kept."""
    last = re.split(r"[\\/]", clean(file_name or ""))[-1]
    readable = "".join(character for character in last if category(character)[0] != "C").strip() or "file"
    stem, dot, ending = readable.rpartition(".")
    if (stem or ending).partition(".")[0].upper() in DEVICES:  # Windows opens a device of this name, not a file
        return f"_{readable}"[:NAME_CHARACTERS]
    if not dot or len(ending) > 10:
        return readable[:NAME_CHARACTERS]
    return (stem or "file")[: NAME_CHARACTERS - len(ending) - 1] + dot + ending


def uuid_or_none(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


def typed(form: FlaskForm, *left_out: str) -> dict[str, Any]:
    """The fields of a form as the verb wants them: no token, no revision, no button."""
    not_content = {"csrf_token", "revision", "next", *left_out}
    return {name: value for name, value in form.data.items() if name not in not_content}


def _sent(_form: FlaskForm, field: HiddenField) -> None:
    if not field.raw_data:
        raise ValidationError(_l("The page was sent without its revision. Reload it."))


def _or_empty(value: Any) -> Any:
    return "" if value is None else value


def _sane_year(_form: FlaskForm, field: DateField) -> None:
    if isinstance(field.data, date) and not 1990 <= field.data.year <= 2100:
        raise ValidationError(_l("A day between 1990 and 2100."))
