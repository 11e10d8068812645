"""The sentence of every refusal, in the reader's language. Pure rooms bring their own in `sentence`."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import certification_refusals
from blueprints.page import member_words
from blueprints.pre_audit_refusals import OF_A_PRE_AUDIT
from blueprints.program_refusals import PROGRAMS
from blueprints.training_refusals import TRAINING
from consultancy.actions import (
    brand,
    bulk_requests,
    carry_overs,
    checklists,
    clients,
    comments,
    corrective_actions,
    deliverables,
    document_events,
    document_templates,
    edited_copies,
    engagements,
    evidence,
    field_workbooks,
    findings,
    interviews,
    members,
    planned_tasks,
    rating_grid,
    rating_history,
    rating_locks,
    ratings,
    register,
    retention,
    returned_checklists,
    reviews,
    saved_filters,
    standard_moves,
    standards,
    suggestions,
)
from consultancy.calendar import clock
from consultancy.checklists.parts import Problem
from consultancy.privacy import deletion, export
from consultancy.reports import UnknownKind
from consultancy.standards.catalogue import UnknownRequirement, UnknownStandard
from tenants import credentials, invitations, messages, passwords, platform, practices, resets, sign_ins, throttles
from tenants import members as membership
from tenants.refusal import Refusal


def say_refusal(refusal: Refusal) -> str:
    own = getattr(refusal, "sentence", None)
    if own is not None:
        return str(own() if callable(own) else own)
    return SENTENCES[type(refusal)](*refusal.args)


SENTENCES: dict[type[Refusal], Callable[..., str]] = {
    **OF_A_PRE_AUDIT,
    clients.CodeTaken: lambda code: _("Another client already has the code %(code)s.", code=code),
    clients.ChangedMeanwhile: lambda what: _(
        "Somebody saved %(what)s after you opened this page. Go back, copy what you typed, and reload.", what=what
    ),
    engagements.EngagementClosed: lambda title: _("“%(title)s” is closed and takes no more work.", title=title),
    engagements.StageNotCurrent: lambda _stage: _("That stage is not the one that is running. Reload the page."),
    engagements.DatesReversed: lambda *_days: _("The visit cannot end before it begins."),
    returned_checklists.ChoiceMissing: lambda count: ngettext(
        "%(num)s cell is in conflict. Choose which of the two stays.",
        "%(num)s cells are in conflict. Choose for each which of the two stays.", count,
    ),
    ratings.RatedMeanwhile: lambda *_what: _("Somebody changed the same field after you opened this page."),
    ratings.StandardLeft: lambda title: _(
        "“%(title)s” is measured against another standard now; nothing is added to what was rated before.", title=title
    ),
    ratings.ReasonMissing: lambda number: _("%(number)s: say why it does not apply.", number=number),
    ratings.LevelMissing: lambda number: _("%(number)s: choose a level from 0 to 3.", number=number),
    rating_grid.NothingMarked: lambda: _("Mark at least one requirement."),
    rating_grid.JudgedMeanwhile: lambda numbers: ngettext(
        "Somebody judged %(numbers)s after you opened this page, and nothing was marked. Look at what stands there "
        "now; mark it again if it still does not apply.",
        "Somebody judged %(numbers)s after you opened this page, and nothing was marked. Look at what stands there "
        "now; mark them again if they still do not apply.", len(numbers), numbers=", ".join(numbers),
    ),
    carry_overs.NothingChosen: lambda: _("Choose at least one of ratings, recommendations and what was seen."),
    carry_overs.NotEarlier: lambda title: _("“%(title)s” was not rated against this standard.", title=title),
    ratings.SiteOutOfScope: lambda title: _("That site is not in the scope of “%(title)s”.", title=title),
    suggestions.SuggestionGone: lambda number: _(
        "What was suggested for %(number)s is not what stands there any more. Reload the page.", number=number
    ),
    rating_locks.RatingsLocked: lambda report: _(
        "%(report)s is released: these ratings are locked. The lead of the engagement can reopen them.", report=report
    ),
    rating_locks.NotTheLead: lambda title: _(
        "Only the lead of “%(title)s”, an administrator or the owner reopens its ratings.", title=title
    ),
    rating_locks.ReopeningUnexplained: lambda _title: _("Say why the ratings are reopened."),
    rating_history.NothingToUndo: lambda number: _("You changed nothing of %(number)s.", number=number),
    ratings.PointsMissing: lambda number: _("%(number)s is judged by the points of its methods.", number=number),
    ratings.PointsOutOfRange: lambda number, _method, most: _(
        "%(number)s: this method brings 0 to %(most)s points.", number=number, most=most
    ),
    standards.AlreadyPublished: lambda name: _(
        "%(name)s is published and stays as it is. Begin a new version.", name=name
    ),
    standards.NothingToPublish: lambda name: _("%(name)s has no requirement yet.", name=name),
    standards.LicenceNotConfirmed: lambda _name: _("Confirm that your consultancy wrote this text or holds a licence."),
    standards.MarksMissing: lambda name: _("%(name)s is scored by points: give the marks to be reached.", name=name),
    standards.VersionTaken: lambda name, version: _(
        "You have %(name)s in version %(version)s already.", name=name, version=version
    ),
    standards.RequirementFaulty: lambda found: "; ".join(fault_sentence(*one) for one in found),
    standards.DraftMoved: lambda name: _("%(name)s changed after you opened this page. Look at it again.", name=name),
    standards.NothingRead: lambda _name: _("No file is waiting, or it still has problems; nothing was taken over."),
    standard_moves.SameStandard: lambda _name: _("There is nothing to move to: choose another version."),
    standard_moves.MovedSincePreview: lambda _title: _(
        "Ratings changed after you looked at the preview. Open it again to see what would happen now."
    ),
    standard_moves.FindingsWouldBeLost: lambda labels: _(
        "%(labels)s stand on requirements that this version does not have. Put them on other requirements first.",
        labels=labels,
    ),
    ratings.NoteTooLong: lambda number: _("%(number)s: a note holds 50,000 characters at most.", number=number),
    evidence.NoFiles: lambda: _("Choose at least one file."),
    evidence.TooManyFiles: lambda most: _("At most %(most)d files at once.", most=most),
    evidence.UnknownSource: lambda _source: _("Say what it is: a document, a record, an interview or an observation."),
    evidence.StillChecked: lambda title: _("“%(title)s” is still being checked for viruses.", title=title),
    evidence.ReasonForRetiring: lambda: _("Say why it is taken out of use."),
    interviews.UnknownRole: lambda _role: _("Say as what the person is asked: choose a role of the list."),
    interviews.NotYetHeld: lambda day: _(
        "%(day)s is still to come: an interview is put down once it has been held.", day=day
    ),
    interviews.OutsideScope: lambda title: _(
        "People are asked at a workplace of “%(title)s”, on a shift from 1 to 6.", title=title
    ),
    interviews.NotConfirmed: lambda number: _(
        "%(number)s: mark yes, partly, no or “did not know”, or take the note away.", number=number
    ),
    interviews.SheetTooLong: lambda number: _(
        "%(place)s: a note holds 50,000 characters at most.", place=number or _("What else was said")
    ),
    interviews.SampleNotPossible: lambda: _("A sample is drawn of up to 100,000 people on 1 to 6 shifts."),
    interviews.FilledMeanwhile: lambda label: _(
        "Somebody saved %(label)s after you opened this page. Nothing of yours was saved or lost: it is in the form, "
        "and what differs is listed here.", label=label,
    ),
    findings.VerifierIsOwner: lambda _name: _("The effect is checked by someone other than the owner."),
    findings.VerifierMissing: lambda: _("Say who verified it, and when."),
    findings.NothingMarked: lambda: _("Mark at least one."),
    findings.NothingToChange: lambda: _("Say what becomes different for the marked ones."),
    findings.NotInThisList: lambda: _("Something was marked that is not in this list any more. Reload the page."),
    corrective_actions.VerifyItOnItsPage: lambda label: _(
        "%(label)s: who verified it, and when, is said on its own page; nobody verifies their own action.", label=label
    ),
    corrective_actions.NoSuchFinding: lambda label, title: _(
        "“%(title)s” has no finding %(label)s.", label=label, title=title
    ),
    corrective_actions.OtherEmployer: lambda title: _("“%(title)s” is another employer’s.", title=title),
    saved_filters.FilterNameMissing: lambda: _("Give the filter a name."),
    saved_filters.TooManyFilters: lambda most: _("%(most)d filters are kept already. Take one away first.", most=most),
    saved_filters.NoSuchFilter: lambda name: _("You keep no filter called “%(name)s”.", name=name),
    findings.FindingClosed: lambda label: _("%(label)s is closed. Open it again to plan something.", label=label),
    findings.ActionsStillOpen: lambda label: _(
        "%(label)s still has corrective actions that are not verified. It closes after them.", label=label
    ),
    register.ApprovedByAuthor: lambda _code, author: _(
        "%(author)s wrote it. Somebody else has to read and approve it.", author=author
    ),
    document_events.DocumentNotNeeded: lambda code: _(
        "The register calls %(code)s not needed. Change that first, then record it.", code=code
    ),
    document_events.InTheFuture: lambda day: _("%(day)s is still to come: record what has happened.", day=day),
    document_events.ReviewDateInPast: lambda day: _(
        "The next review on %(day)s would be over already: choose a later day.", day=day
    ),
    document_events.InForceBeforeApproval: lambda effective, approved: _(
        "It cannot take effect on %(effective)s, before its approval on %(approved)s.",
        effective=effective,
        approved=approved,
    ),
    document_events.MoreThanInvited: lambda more, of: _(
        "%(more)d of %(of)d cannot be: count again.", more=more, of=of
    ),
    document_events.StrikeReasonNotGiven: lambda: _("Say why it is struck out."),
    document_events.AlreadyStruck: lambda: _("It is struck out already."),
    register.ReasonNotGiven: lambda code: _("%(code)s: say why it is not needed.", code=code),
    deliverables.WrongState: lambda _state: _("The deliverable is not in a state that allows this. Reload the page."),
    bulk_requests.NothingChosen: lambda: _("Choose at least one."),
    bulk_requests.TooManyChosen: lambda most: _("At most %(most)d at once.", most=most),
    bulk_requests.OtherRequest: lambda: _("This form was sent before with another choice. Reload the page."),
    bulk_requests.NothingFailed: lambda: _("Nothing failed, so there is nothing to try again."),
    deliverables.OtherRequest: lambda _title: _("This form was sent before with another choice. Reload the page."),
    edited_copies.SameFile: lambda version: _("This very file is version %(version)s already.", version=version),
    edited_copies.AnotherDocument: lambda number, other: (
        _("The file belongs to %(other)s, not to %(number)s.", number=number, other=other)
        if other
        else _("The number %(number)s stands nowhere in the file. Is it another document?", number=number)
    ),
    edited_copies.TagsLeft: lambda tags: _("The file still asks for fields: %(tags)s. Fill or remove them.", tags=tags),
    edited_copies.EditingShows: lambda changed, comments: _(
        "The file still shows its editing (tracked changes: %(changed)d, comments: %(comments)d). Accept or reject "
        "the changes and delete the comments in Word first.",
        changed=changed,
        comments=comments,
    ),
    deliverables.NotesOpen: lambda count: ngettext(
        "%(num)s remark is still open. Settle it first.", "%(num)s remarks are still open. Settle them first.", count
    ),
    deliverables.PagesBeingCounted: lambda title: _(
        "The pages of “%(title)s” are being counted. Reload the page in a moment.", title=title
    ),
    deliverables.NotApproved: lambda title: _("“%(title)s” waits for the approval of a colleague.", title=title),
    deliverables.PlacesLeft: lambda title, count: ngettext(
        "“%(title)s” still has %(num)s place in square brackets. Fill it in in Word, bring the edited copy back and "
        "release that one.",
        "“%(title)s” still has %(num)s places in square brackets. Fill them in in Word, bring the edited copy back and "
        "release that one.", count, title=title,
    ),
    deliverables.AccessEndsTooEarly: lambda _day: _("The last day to download lies after today."),
    reviews.ApproverWroteIt: lambda title: _("Somebody else approves “%(title)s”: you asked for it.", title=title),
    reviews.NothingRemarked: lambda: _("Say what is to be mended."),
    reviews.RemarkTooLong: lambda longest: _("A remark holds %(longest)d characters at most.", longest=longest),
    reviews.NoSuchPage: lambda page: _("The document has no page %(page)d.", page=page),
    deliverables.ClaimLost: lambda _claim: _("Somebody else is writing this document now."),
    document_templates.AlreadyVersion: lambda number: _("This file is already version %(number)s.", number=number),
    document_templates.TemplateRetired: lambda name: _(
        "“%(name)s” is retired and writes no new documents. Choose another template.", name=name
    ),
    document_templates.TemplateOfOtherKind: lambda name: _(
        "“%(name)s” is for another deliverable or another language. Choose a template that fits.", name=name
    ),
    document_templates.NoSuchTemplate: lambda *_nothing: _("There is no such template. Choose one of the list."),
    document_templates.NotInUse: lambda name: _("“%(name)s” is retired. Upload it anew to use it again.", name=name),
    brand.TooPale: lambda colour, nearest: _(
        "#%(colour)s is too pale to be read on white paper. The nearest that can be read is #%(nearest)s.",
        colour=colour,
        nearest=nearest,
    ),
    brand.NotAColour: lambda typed: _("“%(typed)s” is not a colour. Write it like #1F5A73.", typed=typed),
    brand.LookChangedMeanwhile: lambda: _("Somebody saved the look after you opened this page. Reload it."),
    brand.NotAFont: lambda name: _("%(name)s is not one of the fonts that every Word has.", name=name),
    checklists.AlreadyImported: lambda kept: _(
        "This file was already imported on %(at)s.", at=clock(kept.applied_at) if kept.applied_at else ""
    ),
    checklists.RatingsMoved: lambda _name: _(
        "Ratings changed after you looked at the preview. Open it again to see what would change now."
    ),
    checklists.NotReady: lambda _name: _("The file still has questions or problems; nothing was applied."),
    engagements.ScoredByPoints: lambda _title: _(
        "This standard is scored by points; workbooks and checklists rate by levels. Note what you see on the clause "
        "desk."
    ),
    field_workbooks.FieldsLost: lambda: _(
        "A .doc or .rtf file has lost the fields. Open the workbook that you filled, or the one you downloaded, and "
        "save it as a Word document (.docx)."
    ),
    field_workbooks.SavedAsOpenDocument: lambda: _(
        "This is an OpenDocument file (.odt). Open it again, save it as a Word document (.docx) and bring that back."
    ),
    field_workbooks.ForeignWorkbook: lambda: _(
        "This workbook was not made for this engagement. Bring it back where you downloaded it."
    ),
    field_workbooks.AlreadyTakenOver: lambda before: _(
        "This very file was applied on %(at)s. There is nothing new in it.",
        at=clock(before.applied_at) if before.applied_at else "",
    ),
    field_workbooks.ChoiceMissing: lambda codes: _("Decide first: %(codes)s.", codes=", ".join(codes)),
    field_workbooks.ReasonNeeded: lambda codes: _("Say why these do not apply: %(codes)s.", codes=", ".join(codes)),
    field_workbooks.NothingToTakeOver: lambda: _("The file brings nothing that is not here already."),
    **TRAINING,
    **PROGRAMS,
    planned_tasks.TaskGone: lambda reference: _(
        "There is nothing left to plan for %(reference)s: its gap was closed meanwhile.", reference=reference
    ),
    planned_tasks.BeforeGone: lambda _task: _(
        "What this was to wait for is done or gone meanwhile. Choose another task, or none."
    ),
    planned_tasks.EndsBeforeStart: lambda reference: _(
        "%(reference)s cannot end before it begins.", reference=reference
    ),
    planned_tasks.WaitsForItself: lambda ring: _(
        "These would wait for each other for ever: %(ring)s. Choose another task, or none.", ring=" → ".join(ring)
    ),
    planned_tasks.StartsInThePast: lambda day: _("The plan begins today or later, not on %(day)s.", day=day),
    planned_tasks.ProposalMoved: lambda _count: _(
        "The tasks or their dates changed after this preview was made. Look at the new one before you accept it."
    ),
    planned_tasks.NothingToPlace: lambda: _("Every task has its phase and date."),
    **certification_refusals.SENTENCES,
    comments.NothingSaid: lambda *_nothing: _("Say something, or leave it."),
    comments.CommentTooLong: lambda most: _("A comment holds %(most)d characters at most.", most=most),
    comments.NotReleased: lambda title: _("“%(title)s” is not released; the client cannot read about it.", title=title),
    deletion.NotTheName: lambda name: _("Type %(name)s to confirm.", name=name),
    deletion.UnderLegalHold: lambda title: _("“%(title)s” is under a legal hold; nothing was destroyed.", title=title),
    deletion.StillOpen: lambda title: _("“%(title)s” is still open. Close it first.", title=title),
    deletion.StillWriting: lambda number: _("%(number)s is being written right now. Try again later.", number=number),
    export.UnknownProfile: lambda _profile: _("Exports are made for yourselves or for the employer."),
    retention.PeriodNotAllowed: lambda _class: _("A period is 1 to 60 years, for the records in the list."),
    retention.HoldWithoutReason: lambda _title: _("Say who asked for the hold and why."),
    retention.PlanMoved: lambda _count: _("What is due is no longer what this page showed. Reload it."),
    members.SuccessorNeeded: lambda name: _("%(name)s has open work. Choose a colleague who takes it over.", name=name),
    members.NotASuccessor: lambda name: _("%(name)s cannot take over the work.", name=name),
    members.NoSuchPartner: lambda _words: _("No partner is known by this name or address."),
    members.ExpiresTooEarly: lambda _day: _("A consent ends after today."),
    members.AlreadyRevoked: lambda _reference: _("This consent was revoked before."),
    membership.RankTooLow: lambda _role: _("Your role does not reach that far. Ask an owner of your consultancy."),
    membership.RaisesThemselves: lambda _name: _("Nobody gives a higher role to themselves."),
    membership.LastOwner: lambda name: _("%(name)s is the last owner. Make somebody else an owner first.", name=name),
    membership.NotStaff: lambda name: _("%(name)s reads for a client and has no role of the staff.", name=name),
    membership.NotAPart: lambda name: _("%(name)s has no such part.", name=name),
    membership.HasLeft: lambda name: _("%(name)s was off-boarded before.", name=name),
    invitations.AlreadyMember: lambda _email: _("Somebody with this address is a member already."),
    invitations.AlreadyInvited: lambda _email: _("This address is invited already. Send it again, or take it back."),
    invitations.NotOffered: lambda _role: _("No invitation gives this role."),
    invitations.Closed: lambda why: closed_sentence(why),
    invitations.OtherAddress: lambda _email: _("This invitation is for another address."),
    invitations.HasAccount: lambda _email: _("That did not work. If you have signed in here before, do so below."),
    messages.BadAddress: lambda _typed: _("This is not an email address. Plain letters without accents, one address."),
    platform.NoReason: lambda *_nothing: _("Say why. The reason is written down."),
    platform.ConsultancySuspended: lambda name: _("%(name)s is suspended; nobody enters.", name=name),
    platform.GlassIsOpen: lambda name: _("You already read %(name)s. End that first.", name=name),
    practices.SettingsChangedMeanwhile: lambda *_nothing: _(
        "Somebody saved the settings after you opened this page. Go back, copy what you typed, and reload."
    ),
    throttles.TooManyTries: lambda: _("Wait a few minutes and try again."),
    passwords.PasswordRefused: lambda reason: password_sentence(reason),
    sign_ins.WrongPassword: lambda: _("That is not your password."),
    credentials.WrongCode: lambda: _("This code is not the one of this moment, or it was used already."),
    credentials.NothingSetUp: lambda email: _("%(email)s has no second factor.", email=email),
    credentials.AlreadySetUp: lambda: _("A second factor is in force already."),
    resets.LinkIsDead: lambda: _("This link was used or is too old. Ask for another one."),
    UnknownKind: lambda _kind: _("This engagement offers no such deliverable."),
    UnknownStandard: lambda key: _("No standard is called %(key)s.", key=key),
    UnknownRequirement: lambda code: _("The standard has no requirement %(code)s.", code=code),
}


def fault_sentence(_field: str, kind: str, value: str) -> str:
    """What is wrong with a requirement, in the words that a file gets too, as a sentence of its own."""
    words = Problem("", "", kind, value).sentence(member_words())
    return words[:1].upper() + words[1:]


def closed_sentence(why: str) -> str:
    return {
        "used": _("It was taken up already. If it was you, sign in."),
        "expired": _("It was open for seven days and has run out. Ask for another one."),
        "revoked": _("It was taken back, or replaced by a newer one."),
    }[why]


def password_sentence(reason: str) -> str:
    return {
        "short": _("At least %(least)s characters. Several words make a good one.", least=passwords.SHORTEST),
        "long": _("At most %(most)s characters.", most=passwords.LONGEST),
        "unreadable": _("It holds a character that no keyboard types."),
        "common": _("Many people would try this one. Take words that have nothing to do with each other."),
        "personal": _("It is made of your own name, your address or your firm. Take other words."),
    }[reason]
