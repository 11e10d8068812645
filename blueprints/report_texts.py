"""What somebody types for the deliverables of an engagement, each field under the deliverable that prints it."""

from datetime import date

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.forms import day, line, note, revision_seen, typed
from consultancy.actions.engagements import TEXTS
from consultancy.models.engagement import Engagement
from consultancy.reports import OFFERED


class TextsForm(FlaskForm):
    headline = line(
        _l("Headline of the summary"), longest=200, description=_l("One sentence: the message of the report.")
    )
    lead = note(_l("Summary"), description=_l("Two or three sentences under the headline."))
    scope = note(_l("Scope"), description=_l("What was looked at, and what was left out."))
    method = note(
        _l("Method"),
        description=_l("How you worked: days, sample, whom you met by role. Our standard text stands beside it."),
    )
    strengths = note(_l("Strengths"), description=_l("One per line, each with a fact."))
    effort = note(_l("What it takes"), description=_l("Days of the client’s people and of outside help."))
    decision = note(_l("Decision asked"), description=_l("What you ask the client to decide, and by when."))
    limits = note(_l("Limits"), description=_l("Added to the standard basis and limits."))
    divergent = note(_l("Divergent opinions"), description=_l("Of a pre-audit: where the client disagreed."))
    postponement = note(
        _l("Risk of postponement"), description=_l("Of the audit: how likely it is to be put off, and by what.")
    )
    meetings = note(_l("Meetings"), description=_l("One per line: opening, closing, interviews; when and with whom."))
    context = note(
        _l("Context"), description=_l("One per line: matters inside and outside that help or hinder, climate included.")
    )
    parties = note(
        _l("Interested parties"), description=_l("One per line: who, what they need, what binds the client.")
    )
    review_on = day(_l("Day of the review"))
    review_place = line(_l("Place of the review"))
    review_attendees = note(_l("Who was there"), description=_l("One per line: name and function."))
    review_previous = note(_l("Actions of earlier reviews"))
    review_changes = note(_l("Changes that matter"))
    review_objectives = note(_l("Policy and objectives"), description=_l("How far each objective was met."))
    review_nonconformities = note(_l("Incidents, nonconformities, corrective actions"))
    review_monitoring = note(_l("Monitoring and legal compliance"))
    review_audits = note(_l("Audit results"))
    review_consultation = note(_l("Consultation and participation"))
    review_risks = note(_l("Risks and opportunities"))
    review_resources = note(_l("Resources"))
    review_communications = note(_l("Communications with interested parties"))
    review_improvements = note(_l("Chances to improve"))
    review_conclusion = note(
        _l("Conclusion"), description=_l("Suitable, adequate, effective: in top management’s words.")
    )
    review_told = note(_l("How workers are told the results"))
    sose_certificate = line(_l("Certificate"), description=_l("Body, number, day, valid until."), longest=200)
    sose_audit_on = day(_l("Last day of the lead auditor’s audit"))
    sose_auditor = line(_l("Registered lead auditor"), description=_l("Name, body, registration number."), longest=200)
    sose_closed_on = day(_l("Day the audit was closed"))
    sose_registration = line(
        _l("Auditor’s proof of registration"), description=_l("What was seen, and when."), longest=200
    )
    sose_report = line(_l("Audit report"), description=_l("What was seen, and when."), longest=200)
    sose_form = line(_l("Application form"), description=_l("Completed and signed: by whom, when."), longest=200)
    sose_convictions = line(
        _l("Statement on convictions"), description=_l("The employer’s signed statement: of which day."), longest=200
    )
    sose_participation = line(
        _l("Worker participation"), description=_l("What shows it: minutes, log, interviews."), longest=200
    )
    sose_apply_on = day(_l("Day the client wants to apply"))
    sose_note = note(_l("Where the client stands"), description=_l("Added to the first paragraph of the letter."))
    revision = revision_seen()


def texts_form(engagement: Engagement) -> TextsForm:
    return TextsForm(formdata=None, data=engagement.texts | days(engagement) | {"revision": engagement.revision})


def texts_of(form: TextsForm) -> dict[str, str]:
    """What was typed; a day is kept as 2026-11-30."""
    return {name: value.isoformat() if isinstance(value, date) else value or "" for name, value in typed(form).items()}


def days(engagement: Engagement) -> dict[str, date]:
    """The days among the texts, as a form reads them."""
    return {name: date.fromisoformat(words) for name, words in engagement.texts.items() if name.endswith("_on")}


def scope_page(engagement: Engagement, form: TextsForm) -> str:
    """The texts by the deliverable that prints them; those that this engagement does not offer stay folded away."""
    offered = OFFERED[engagement.kind]
    groups = [
        {
            "title": title,
            "fields": [one for one in form if one.name in names],
            "open": kinds is None or bool(set(kinds) & set(offered)),
        }
        for title, names, kinds in text_groups()
    ]
    return render_template("engagements/scope.html", engagement=engagement, form=form, groups=groups, conflict=None)


def text_groups() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...] | None], ...]:
    """Title, fields, and for which deliverables; None for every one."""
    reports = ("headline", "lead", "scope", "method", "strengths", "effort", "decision", "limits", "divergent")
    review = tuple(name for name in TEXTS if name.startswith("review_"))
    letter = tuple(name for name in TEXTS if name.startswith("sose_"))
    return (
        (_("Reports"), reports, None),
        (_("Pre-audit report"), ("postponement", "meetings"), ("pre_audit_report",)),
        (_("Health and safety manual"), ("context", "parties"), ("manual",)),
        (_("Management review"), review, ("management_review",)),
        (_("SOSE readiness letter"), letter, ("sose_letter",)),
    )
