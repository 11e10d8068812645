"""Who may press which button. Whether it may happen at all is the verb's question (consultancy/actions)."""

from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    CONSULTANT = "consultant"
    CLIENT = "client"
    PARTNER = "partner"
    OPERATOR = "operator"


class Permission(StrEnum):
    """`noun:act`. A role with no permission on a noun is answered as if the noun did not exist."""

    CLIENT_READ = "client:read"
    CLIENT_WRITE = "client:write"
    CLIENT_EXPORT = "client:export"
    CLIENT_DELETE = "client:delete"
    ENGAGEMENT_READ = "engagement:read"
    ENGAGEMENT_WRITE = "engagement:write"
    ASSESSMENT_READ = "assessment:read"
    ASSESSMENT_WRITE = "assessment:write"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_WRITE = "evidence:write"
    FINDING_READ = "finding:read"
    FINDING_WRITE = "finding:write"
    PHRASE_READ = "phrase:read"
    PHRASE_WRITE = "phrase:write"
    CORRECTIVE_ACTION_READ = "corrective_action:read"
    CORRECTIVE_ACTION_WRITE = "corrective_action:write"
    REGISTER_READ = "register:read"
    REGISTER_WRITE = "register:write"
    TRAINING_READ = "training:read"
    TRAINING_WRITE = "training:write"
    REBATE_READ = "rebate:read"
    REBATE_WRITE = "rebate:write"
    HSEP_READ = "hsep:read"
    HSEP_WRITE = "hsep:write"
    DELIVERABLE_READ = "deliverable:read"
    DELIVERABLE_WRITE = "deliverable:write"
    DELIVERABLE_RELEASE = "deliverable:release"
    DOCUMENT_TEMPLATE_READ = "document_template:read"
    DOCUMENT_TEMPLATE_WRITE = "document_template:write"
    MEMBER_READ = "member:read"
    MEMBER_WRITE = "member:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    SETTINGS_EXPORT = "settings:export"
    SETTINGS_DELETE = "settings:delete"
    AUDIT_READ = "audit:read"
    PORTAL_READ = "portal:read"
    PORTAL_COMMENT = "portal:comment"
    PARTNER_READ = "partner:read"
    OPS = "ops:run"
    ME = "me:own"


READING = frozenset(
    {
        Permission.CLIENT_READ,
        Permission.ENGAGEMENT_READ,
        Permission.ASSESSMENT_READ,
        Permission.EVIDENCE_READ,
        Permission.FINDING_READ,
        Permission.CORRECTIVE_ACTION_READ,
        Permission.REGISTER_READ,
        Permission.DELIVERABLE_READ,
    }
)
FIELD_WORK = READING | {
    Permission.CLIENT_WRITE,
    Permission.ENGAGEMENT_WRITE,
    Permission.ASSESSMENT_WRITE,
    Permission.EVIDENCE_WRITE,
    Permission.FINDING_WRITE,
    Permission.PHRASE_READ,
    Permission.PHRASE_WRITE,
    Permission.CORRECTIVE_ACTION_WRITE,
    Permission.REGISTER_WRITE,
    Permission.TRAINING_READ,  # it names workers: not for an operator behind a broken glass
    Permission.TRAINING_WRITE,
    Permission.REBATE_READ,  # what an employer pays, was convicted of: not for an operator
    Permission.REBATE_WRITE,
    Permission.HSEP_READ,  # steps say who does what
    Permission.HSEP_WRITE,
    Permission.DELIVERABLE_WRITE,
    Permission.DELIVERABLE_RELEASE,
    Permission.DOCUMENT_TEMPLATE_READ,
    Permission.MEMBER_READ,
    Permission.ME,
}
OFFICE = FIELD_WORK | {
    Permission.CLIENT_EXPORT,
    Permission.DOCUMENT_TEMPLATE_WRITE,
    Permission.MEMBER_WRITE,
    Permission.SETTINGS_READ,
    Permission.SETTINGS_WRITE,
    Permission.AUDIT_READ,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    # founded or bought the consultancy; answers for it, may take its data away and destroy it
    Role.OWNER: OFFICE | {Permission.CLIENT_DELETE, Permission.SETTINGS_EXPORT, Permission.SETTINGS_DELETE},
    # runs the office of the consultancy: people, settings, the audit trail
    Role.ADMIN: OFFICE,
    # rates, writes and releases
    Role.CONSULTANT: FIELD_WORK,
    # someone at the employer: released files and the talk about them, nothing else
    Role.CLIENT: frozenset({Permission.PORTAL_READ, Permission.PORTAL_COMMENT, Permission.ME}),
    # sees how far consented engagements are
    Role.PARTNER: frozenset({Permission.PARTNER_READ, Permission.ME}),
    # runs the platform; inside a consultancy only behind a broken glass, and then reading only
    Role.OPERATOR: READING | {Permission.OPS, Permission.ME},
}


def noun(permission: Permission) -> str:
    return permission.split(":")[0]


def knows(role: Role, permission: Permission) -> bool:
    """Does the area exist for this role at all? To an operator, what they may not do does not exist."""
    if role is Role.OPERATOR:
        return permission in GRANTS[role]
    return any(noun(granted) == noun(permission) for granted in GRANTS[role])
