"""What a colleague takes over of somebody who leaves, and what stays theirs alone."""

from consultancy.actions.members import hand_over
from consultancy.queries import engagements
from tests.factories import DAY, make_assignment


def test_a_reason_to_audit_all_the_same_is_not_printed_under_the_successors_name(office):
    audited = office.open("pre_audit")
    make_assignment(engagement=audited, member=office.other).independence_reason = "My one form was in 2019."
    hand_over(office.other, successor=office.member, by=office.member.id, today=DAY)
    office.session.flush()
    assert [(one.membership_id, one.independence_reason) for one in engagements.team(audited)] == [
        (office.member.id, "")
    ]
