"""The sentences of refusals about certificates and recognition."""

from collections.abc import Callable

from flask_babel import gettext as _

from consultancy.actions import certificates
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
        "The audits of years 2 and 3 are held after the issue, one after the other."
    ),
    certificates.Overlapping: lambda number, issued, expires: overlap_sentence(number, issued, expires),
}
