"""The sentence of every refusal, in the reader's language. Pure rooms bring their own in `sentence`."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from consultancy.actions import (
    brand,
    bulk_requests,
    checklists,
    clients,
    comments,
    deliverables,
    document_templates,
    edited_copies,
    engagements,
    findings,
    members,
    rating_history,
    ratings,
    register,
    retention,
    returned_checklists,
    reviews,
)
from consultancy.calendar import clock
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
    ratings.ReasonMissing: lambda number: _("%(number)s: say why it does not apply.", number=number),
    ratings.LevelMissing: lambda number: _("%(number)s: choose a level from 0 to 3.", number=number),
    ratings.NothingMarked: lambda: _("Mark at least one requirement."),
    rating_history.NothingToUndo: lambda number: _("You changed nothing of %(number)s.", number=number),
    ratings.NoteTooLong: lambda number: _("%(number)s: a note holds 50,000 characters at most.", number=number),
    findings.VerifierIsOwner: lambda _name: _("The effect is checked by someone other than the owner."),
    findings.VerifierMissing: lambda: _("Say who verified it, and when."),
    findings.FindingClosed: lambda label: _("%(label)s is closed. Open it again to plan something.", label=label),
    findings.ActionsStillOpen: lambda label: _(
        "%(label)s still has corrective actions that are not verified. It closes after them.", label=label
    ),
    register.ReasonNotGiven: lambda code: _("%(code)s: say why it is not needed.", code=code),
    deliverables.WrongState: lambda _state: _("The deliverable is not in a state that allows this. Reload the page."),
    bulk_requests.NothingChosen: lambda: _("Choose at least one."),
    bulk_requests.TooManyChosen: lambda most: _("At most %(most)d at once.", most=most),
    bulk_requests.OtherRequest: lambda: _("This form was sent before with another choice. Reload the page."),
    bulk_requests.NothingFailed: lambda: _("Nothing failed, so there is nothing to try again."),
    deliverables.OtherRequest: lambda _title: _("This form was sent before with another choice. Reload the page."),
    edited_copies.SameFile: lambda version: _("This very file is version %(version)s already.", version=version),
    edited_copies.AnotherDocument: lambda number, other: _(
        "The file belongs to %(other)s, not to %(number)s.", number=number, other=other
    ) if other else _("The number %(number)s stands nowhere in the file. Is it another document?", number=number),
    edited_copies.TagsLeft: lambda tags: _("The file still asks for fields: %(tags)s. Fill or remove them.", tags=tags),
    edited_copies.EditingShows: lambda changed, comments: _(
        "The file still shows its editing (tracked changes: %(changed)d, comments: %(comments)d). Accept or reject "
        "the changes and delete the comments in Word first.", changed=changed, comments=comments,
    ),
    deliverables.NotesOpen: lambda count: ngettext(
        "%(num)s remark is still open. Settle it first.", "%(num)s remarks are still open. Settle them first.", count
    ),
    deliverables.NotApproved: lambda title: _("“%(title)s” waits for the approval of a colleague.", title=title),
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
        colour=colour, nearest=nearest,
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
