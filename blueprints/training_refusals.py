"""The sentences of refusals about people, courses, their gaps and lists of them."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from consultancy.actions import courses, training, training_gaps, training_imports
from consultancy.calendar import clock
from tenants.refusal import Refusal

TRAINING: dict[type[Refusal], Callable[..., str]] = {
    training.NobodyNamed: lambda: _("Give a name or a number."),
    training.NumberTaken: lambda number: _("Somebody else of this client has the number %(number)s.", number=number),
    training.SiteOfOthers: lambda: _("That site is not one of this client’s. Choose one of the list."),
    training.UnknownCourse: lambda code: _("“%(code)s” is not a course that is known here.", code=code),
    training.DoneInFuture: lambda _day: _("That day has not come yet. A course is recorded once it was done."),
    training.EndsBeforeDone: lambda _day: _("It cannot end before it was done."),
    training.ProofMissing: lambda: _(
        "Verified needs the day it was done and what was seen: say what the proof is, or choose a file."
    ),
    training.AlreadyRecorded: lambda code, _day: _("%(code)s of that day is recorded already.", code=code),
    training.RemovedMeanwhile: lambda label: _(
        "Somebody removed %(label)s, or the record, after you opened this page. Nothing was saved.", label=label
    ),
    training.ReasonMissing: lambda _role: _("Say why the role is exempt."),
    training.FileOfOthers: lambda: _("That file is not among this client’s evidence. Choose one of the list."),
    courses.CourseCodeTaken: lambda code: _("There is a course %(code)s already.", code=code),
    courses.CourseCodeFaulty: lambda _code: _("A code is 2 to 12 capitals, digits and hyphens."),
    courses.CitationMissing: lambda: _("Say which section of the law asks for it: a finding quotes it."),
    training_gaps.NotThisClients: lambda: _("Choose an open engagement of this client."),
    training_gaps.NoGap: lambda code: _("There is no gap in %(code)s any more. Reload the page.", code=code),
    training_gaps.AlreadyRaised: lambda label: _("%(label)s speaks of this gap already.", label=label),
    training_gaps.NoPlaceForTraining: lambda name: _(
        "%(name)s has no requirement that this course belongs to. Choose another engagement.", name=name
    ),
    training_gaps.UnknownGrade: lambda _grade: _("Choose a grade of the list."),
    training_gaps.GapStillOpen: lambda count: ngettext(
        "%(num)s person still lacks the course.", "%(num)s people still lack the course.", count
    ),
    training_gaps.NoFileShowsIt: lambda code: _(
        "No clean file shows a verified record of %(code)s. Link a certificate or a list to a record first.", code=code
    ),
    training_imports.AlreadyTaken: lambda kept: _(
        "This file was already imported on %(at)s.", at=clock(kept.applied_at) if kept.applied_at else ""
    ),
    training_imports.ListNotReady: lambda _name: _("The list still has problems, or was applied; nothing changed."),
    training_imports.PeopleMoved: lambda _name: _(
        "People or records changed after you looked at the preview. Open it again to see what would change now."
    ),
}
