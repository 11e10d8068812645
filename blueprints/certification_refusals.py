"""The sentences of refusals about certificates and recognition."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from consultancy.actions import certificates, recognitions
from tenants.refusal import Refusal


def overlap_sentence(number: str, issued: object, expires: object) -> str:
    term = _("%(issued)s to %(expires)s", issued=issued, expires=expires or _("no end recorded"))
    return _(
        "%(name)s holds for the same standard and scope from %(term)s. Give this one other days or another scope, "
        "or withdraw the former.",
        name=number or _("Another certificate"),
        term=term,
    )


SENTENCES: dict[type[Refusal], Callable[..., str]] = {
    certificates.NameMissing: lambda: _("Say which standard it is for."),
    certificates.IssueMissing: lambda: _("Only a planned certificate has no day on which it was issued."),
    certificates.IssuedInFuture: lambda day: _(
        "A certificate of %(day)s is not issued yet. Record it as planned until then.", day=day
    ),
    certificates.ExpiresBeforeIssue: lambda day: _("It expires after its issue on %(day)s, not before.", day=day),
    certificates.HeldInFuture: lambda _field: _("This lies ahead: say it once it has happened."),
    certificates.StagesOutOfOrder: lambda day: _("Stage 2 follows Stage 1 of %(day)s.", day=day),
    certificates.ClosedBeforeAudit: lambda day: _("The audit ended on %(day)s; it is closed then or later.", day=day),
    certificates.YearsOutOfOrder: lambda: _(
        "The audits of the years after are held after the issue, one after the other."
    ),
    certificates.Overlapping: lambda number, issued, expires: overlap_sentence(number, issued, expires),
    certificates.ClosedAfterApplication: lambda day: _(
        "An application was made on %(day)s on the strength of this audit, so it was closed by then.", day=day
    ),
    certificates.CertificateInUse: lambda _number: _(
        "An application for recognition rests on this certificate, so it stays. While one is being prepared, another "
        "certificate can be chosen there; a certificate that ended is withdrawn, not removed."
    ),
    recognitions.AlreadyPrepared: lambda: _("An application is being prepared already. Finish that one first."),
    recognitions.AlreadyApplied: lambda day: _("It was applied for on %(day)s.", day=day),
    recognitions.ApplicationStays: lambda day: _(
        "It was applied for on %(day)s, so it stays on record. Say when it was declined or given up.", day=day
    ),
    recognitions.CertificateOfOthers: lambda: _("Choose a certificate of this client for an accredited standard."),
    recognitions.CertificateFixed: lambda day: _(
        "The application of %(day)s was made on the strength of its certificate, so that stays.", day=day
    ),
    recognitions.AuditNotClosed: lambda: _(
        "The audit is not closed: choose a certificate, and say on it when its audit was closed."
    ),
    recognitions.BeforeClosing: lambda day: _("The audit was closed on %(day)s; apply then or later.", day=day),
    recognitions.AuditTooOld: lambda day: _(
        "The audit served an application until %(day)s, 12 months after it was closed. A new one is needed.", day=day
    ),
    recognitions.CertificateNotInForce: lambda day: _(
        "The certificate was not in force on %(day)s: it is expired, suspended, withdrawn or not issued yet.", day=day
    ),
    recognitions.AppliedInFuture: lambda _day: _("This lies ahead: say it once the application was made."),
    recognitions.CriterionAgainst: lambda keys: ngettext(
        "An answer speaks against recognition. It is marked beside its question.",
        "%(num)d answers speak against recognition. They are marked beside their questions.",
        len(keys),
    ),
    recognitions.StillOpenItems: lambda n: _(
        "Recognition asks for closed, not for planned. Still open: %(n)s. They are listed beside this form.", n=n
    ),
    recognitions.DecisionOutOfOrder: lambda _field: _(
        "Applied, then recognised, then listed, checked or revoked: one after the other, none of them ahead of today. "
        "Declined stands in place of recognised."
    ),
    recognitions.PaperOfOthers: lambda _slot: _("Choose a clean file of this client’s evidence that is no interview."),
}
