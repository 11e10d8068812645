"""What pages say about the check of a finished document: a sentence for each problem, with the place where it is."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from blueprints.identity import restricted_to
from consultancy.actions.checks import NAME
from consultancy.models.deliverable import Deliverable
from consultancy.queries import clients

SENTENCES: dict[str, Callable[[str], str]] = {
    "unchecked": lambda where: _("The file could not be checked: %(why)s.", why=where),
    "unreadable": lambda where: _("The file cannot be opened: %(why)s.", why=where),
    "size": lambda _where: _("The file is larger than 25 MB."),
    "lost_part": lambda where: _("The file refers to a part that it does not hold: %(part)s.", part=where),
    "untyped_part": lambda where: _("Nothing says what kind of part %(part)s is.", part=where),
    "outside": lambda where: _("The file would fetch something from outside when it is opened: %(what)s.", what=where),
    "tag": lambda where: _("A tag was left unfilled: %(tag)s", tag=where),
    "title": lambda where: _("The document has %(count)s titles instead of one.", count=where),
    "no_title": lambda _where: _("The properties of the file have no title."),
    "heading_order": lambda where: _(
        "The heading “%(heading)s” is deeper than the one before it allows.", heading=where
    ),
    "header_row": lambda where: _("Table %(number)s has no header row that is repeated on each page.", number=where),
    "alt_text": lambda where: _(
        "The picture or chart “%(name)s” has no alternative text for those who do not see it.", name=where
    ),
    "language": lambda where: _("The language of the document is not the one asked for: %(language)s.", language=where),
    "schema_order": lambda where: _("An element stands where Word does not expect it: %(what)s.", what=where),
    "repeated": lambda where: _("Word would call the file damaged: %(what)s is there twice.", what=where),
    "style": lambda where: _("The style “%(style)s” is used and is not in the file.", style=where),
    "reference": lambda where: _("A link or a reference leads to “%(target)s”, which is not there.", target=where),
    "field": lambda where: _("A field is not closed in %(part)s.", part=where),
    "cell": lambda where: _("A cell of table %(number)s does not end in a paragraph.", number=where),
    "question": lambda where: _("Word would ask its reader a question on opening: %(what)s.", what=where),
    "name": lambda where: (
        _("The name of another client stands in it: “%(name)s”.", name=where)
        if where
        else _("The name of another client stood in it, who is gone since.")
    ),
}


def check_of(deliverable: Deliverable) -> dict[str, Any] | None:
    """Problems with their places, how many more there are, and among how many checks; None: it was not checked. That
    another client is named is told to a restricted consultant only of the clients within reach: by guessing names in
    files of their own they would learn whom the consultancy serves."""
    report = deliverable.check_report
    if deliverable.production != "ready" or report is None:
        return None
    others = clients.named({where for about, where, _under in report["problems"] if about == NAME and where},
                           reached_by=restricted_to())  # fmt: skip
    told = [
        (about, others.get(where, "") if about == NAME else where, under)
        for about, where, under in report["problems"]
        if about != NAME or where in others or not restricted_to()
    ]
    problems = [
        {"sentence": SENTENCES[about](where), "place": _("Under “%(heading)s”", heading=under) if under else ""}
        for about, where, under in told
    ]
    return {
        "problems": problems,
        "count": report["count"] - (len(report["problems"]) - len(told)),
        "checks": report["checks"],
    }
