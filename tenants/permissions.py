"""Who may press which button. Whether it may happen at all is the verb's question (consultancy/actions)."""

from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    CONSULTANT = "consultant"
    CLIENT = "client"
    PARTNER = "partner"


class Permission(StrEnum):
    """`noun:act`. A role with no permission on a noun is answered as if the noun did not exist."""

    CLIENT_READ = "client:read"
    CLIENT_WRITE = "client:write"
    ENGAGEMENT_READ = "engagement:read"
    ENGAGEMENT_WRITE = "engagement:write"
    ASSESSMENT_READ = "assessment:read"
    ASSESSMENT_WRITE = "assessment:write"
    FINDING_READ = "finding:read"
    FINDING_WRITE = "finding:write"
    CORRECTIVE_ACTION_READ = "corrective_action:read"
    CORRECTIVE_ACTION_WRITE = "corrective_action:write"
    REGISTER_READ = "register:read"
    REGISTER_WRITE = "register:write"
    DELIVERABLE_READ = "deliverable:read"
    DELIVERABLE_WRITE = "deliverable:write"
    DELIVERABLE_RELEASE = "deliverable:release"
    PORTAL_READ = "portal:read"
    PARTNER_READ = "partner:read"
    ME = "me:own"


FIELD_WORK = frozenset(permission for permission in Permission if permission.split(":")[0] not in ("portal", "partner"))

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: FIELD_WORK,  # founded or bought the consultancy; answers for it
    Role.ADMIN: FIELD_WORK,  # runs the office of the consultancy
    Role.CONSULTANT: FIELD_WORK,  # rates, writes and releases
    Role.CLIENT: frozenset(
        {Permission.PORTAL_READ, Permission.ME}
    ),  # someone at the employer: released files, nothing else
    Role.PARTNER: frozenset({Permission.PARTNER_READ, Permission.ME}),  # sees how far consented engagements are
}


def noun(permission: Permission) -> str:
    return permission.split(":")[0]


def knows(role: Role, permission: Permission) -> bool:
    """Does the area exist for this role at all?"""
    return any(noun(granted) == noun(permission) for granted in GRANTS[role])
