"""The sentence of every refusal, in the reader's language. Pure rooms bring their own in `sentence`."""

from collections.abc import Callable

from flask_babel import gettext as _

from consultancy.actions import checklists, clients, deliverables, engagements, findings, ratings, register
from consultancy.calendar import clock
from consultancy.reports import UnknownKind
from consultancy.standards.catalogue import UnknownRequirement, UnknownStandard
from tenants.refusal import Refusal


def say_refusal(refusal: Refusal) -> str:
    own = getattr(refusal, "sentence", None)
    if own is not None:
        return str(own() if callable(own) else own)
    return SENTENCES[type(refusal)](*refusal.args)


SENTENCES: dict[type[Refusal], Callable[..., str]] = {
    clients.CodeTaken: lambda code: _("Another client already has the code %(code)s.", code=code),
    clients.ChangedMeanwhile: lambda what: _(
        "Somebody saved %(what)s after you opened this page. Go back, copy what you typed, and reload.", what=what
    ),
    engagements.EngagementClosed: lambda title: _("“%(title)s” is closed and takes no more work.", title=title),
    engagements.StageNotCurrent: lambda _stage: _("That stage is not the one that is running. Reload the page."),
    engagements.DatesReversed: lambda *_days: _("The visit cannot end before it begins."),
    ratings.RatedMeanwhile: lambda *_what: _("Somebody changed the same field after you opened this page."),
    ratings.ReasonMissing: lambda number: _("%(number)s: say why it does not apply.", number=number),
    ratings.LevelMissing: lambda number: _("%(number)s: choose a level from 0 to 3.", number=number),
    ratings.NoteTooLong: lambda number: _("%(number)s: a note holds 50,000 characters at most.", number=number),
    findings.VerifierIsOwner: lambda _name: _("The effect is checked by someone other than the owner."),
    findings.ActionsStillOpen: lambda label: _(
        "%(label)s still has corrective actions that are not verified. It closes after them.", label=label
    ),
    register.ReasonNotGiven: lambda code: _("%(code)s: say why it is not needed.", code=code),
    deliverables.WrongState: lambda _state: _("The deliverable is not in a state that allows this. Reload the page."),
    deliverables.ClaimLost: lambda _claim: _("Somebody else is writing this document now."),
    checklists.AlreadyImported: lambda kept: _(
        "This file was already imported on %(at)s.", at=clock(kept.applied_at) if kept.applied_at else ""
    ),
    checklists.RatingsMoved: lambda _name: _(
        "Ratings changed after you looked at the preview. Open it again to see what would change now."
    ),
    checklists.NotReady: lambda _name: _("The file still has questions or problems; nothing was applied."),
    UnknownKind: lambda _kind: _("This engagement offers no such deliverable."),
    UnknownStandard: lambda key: _("No standard is called %(key)s.", key=key),
    UnknownRequirement: lambda code: _("The standard has no requirement %(code)s.", code=code),
}
