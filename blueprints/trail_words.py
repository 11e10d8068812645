"""What every entry of the audit trail says, in plain words. A verb without a sentence fails a test."""

from typing import Any

from flask_babel import lazy_gettext as _l

VERBS: dict[str, Any] = {
    "assignment.set": _l("Put somebody on an engagement"),
    "assignment.removed": _l("Took somebody off an engagement"),
    "checklist.answered": _l("Answered questions about an imported checklist"),
    "checklist.applied": _l("Applied an imported checklist to the ratings"),
    "checklist.read": _l("Imported a checklist for preview"),
    "client.added": _l("Took on a client"),
    "client.changed": _l("Changed a client's profile"),
    "client.deleted": _l("Destroyed a client with all records"),
    "client.exported": _l("Exported everything of a client"),
    "comment.added": _l("Commented on a document"),
    "contact.added": _l("Added a contact"),
    "corrective_action.followed": _l("Changed a corrective action"),
    "corrective_action.planned": _l("Planned a corrective action"),
    "deliverable.cancelled": _l("Cancelled a document"),
    "deliverable.downloaded": _l("Downloaded a document"),
    "deliverable.failed": _l("A document could not be written"),
    "deliverable.released": _l("Released a document to the client"),
    "deliverable.requested": _l("Requested a document"),
    "deliverable.retried": _l("Asked for a document once more"),
    "deliverable.superseded": _l("A newer version replaced a document"),
    "deliverable.withdrawn": _l("Withdrew a document"),
    "deliverable.written": _l("A document was written"),
    "engagement.assigned": _l("Put somebody on an engagement"),
    "engagement.held": _l("Put a legal hold on an engagement"),
    "engagement.hold_lifted": _l("Lifted a legal hold"),
    "engagement.opened": _l("Opened an engagement"),
    "engagement.stage_finished": _l("Finished a stage"),
    "engagement.texts_typed": _l("Wrote the texts of a report"),
    "export.downloaded": _l("Downloaded an export"),
    "finding.changed": _l("Changed a finding"),
    "finding.raised": _l("Raised a finding"),
    "notes.read": _l("Read notes of interviews"),
    "observation.corrected": _l("Corrected an observation"),
    "observation.noted": _l("Noted an observation"),
    "observation.removed": _l("Removed an observation"),
    "rating.changed": _l("Changed a rating"),
    "register_entry.changed": _l("Changed the register of documents"),
    "retention.purged": _l("Destroyed what was due"),
    "retention_rule.set": _l("Set how long records are kept"),
    "site.added": _l("Added a site"),
    "tenant.deleted": _l("Destroyed the consultancy"),
    "tenant.exported": _l("Exported everything of the consultancy"),
    "trail.checked": _l("Checked the chain of the audit trail"),
    "trail.exported": _l("Exported the audit trail"),
}

# The part of a verb before its point, as the filter names it.
GROUPS: dict[str, Any] = {
    "assignment": _l("Assignments"),
    "checklist": _l("Imported checklists"),
    "client": _l("Clients"),
    "comment": _l("Comments"),
    "contact": _l("Contacts"),
    "corrective_action": _l("Corrective actions"),
    "deliverable": _l("Documents"),
    "engagement": _l("Engagements"),
    "export": _l("Exports"),
    "finding": _l("Findings"),
    "notes": _l("Notes of interviews"),
    "observation": _l("Observations"),
    "rating": _l("Ratings"),
    "register_entry": _l("Register of documents"),
    "retention": _l("Destroyed records"),
    "retention_rule": _l("Periods"),
    "site": _l("Sites"),
    "tenant": _l("The consultancy"),
    "trail": _l("Audit trail"),
}


def say_verb(verb: str) -> str:
    return str(VERBS.get(verb, verb))
