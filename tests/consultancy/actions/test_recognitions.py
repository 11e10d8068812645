"""An application for recognition: what is refused, what is noted, what goes into the pack."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from consultancy.actions import certificates as certifying
from consultancy.actions import ratings
from consultancy.actions import recognitions as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.queries import assessments, recognitions
from consultancy.recognition_pack import write_pack
from consultancy.reports import ASSEMBLE
from tenants.files import Folder, content_key
from tests.factories import (
    MOMENT,
    make_certificate,
    make_client,
    make_corrective_action,
    make_engagement,
    make_evidence,
    make_finding,
    make_member,
    make_recognition,
)

TODAY = date(2026, 11, 22)


@pytest.fixture
def client(office):
    return make_client()


@pytest.fixture
def engagement(client):
    return make_engagement(client=client, lead=make_member())


@pytest.fixture
def recognition(client):
    return prepared(client, audit_on=date(2026, 3, 11), audit_closed_on=date(2026, 5, 30))


def prepared(client, **columns):
    held = make_certificate(client=client, **columns)
    one = acting.open_recognition(client, by=None)
    keep(one, certificate_id=held.id)
    return one


def keep(one, **fields):
    told = {"revision": one.revision, "certificate_id": one.certificate_id, "answers": {}} | fields
    acting.keep_recognition(one, today=TODAY, by=None, **told)


def applied(one, on=TODAY):
    acting.apply(one, applied_on=on, today=TODAY, by=None)
    return one


class TestApplying:
    def test_with_a_closed_audit_and_nothing_open_it_is_recorded(self, recognition):
        assert applied(recognition).state == "applied"

    @pytest.mark.parametrize(
        ("columns", "on", "refusal"),
        [
            ({"audit_on": date(2026, 3, 11), "audit_closed_on": None}, TODAY, acting.AuditNotClosed),
            ({"audit_on": None, "audit_closed_on": date(2026, 5, 30)}, date(2026, 5, 29), acting.BeforeClosing),
            ({"audit_on": None, "audit_closed_on": date(2025, 11, 21)}, TODAY, acting.AuditTooOld),
            ({"audit_on": None, "audit_closed_on": date(2026, 5, 30)}, date(2026, 11, 23), acting.AppliedInFuture),
        ],
    )
    def test_before_closing_after_twelve_months_or_ahead_of_today_it_is_refused(self, client, columns, on, refusal):
        one = prepared(client, **columns)
        with pytest.raises(refusal):
            applied(one, on)
        assert one.applied_on is None

    def test_without_a_certificate_no_audit_is_closed(self, client):
        with pytest.raises(acting.AuditNotClosed):
            applied(acting.open_recognition(client, by=None))

    @pytest.mark.parametrize(
        "columns",
        [
            {"standing": "suspended"},
            {"standing": "withdrawn"},
            {"issued_on": date(2023, 11, 22), "expires_on": date(2026, 11, 21)},
        ],
    )
    def test_a_certificate_that_is_not_in_force_carries_none(self, client, columns):
        one = prepared(client, audit_on=date(2026, 3, 11), audit_closed_on=date(2026, 5, 30), **columns)
        with pytest.raises(acting.CertificateNotInForce):
            applied(one)
        assert one.applied_on is None

    @pytest.mark.parametrize("status", ["open", "verification"])
    @pytest.mark.parametrize("grade", ["major", "minor"])
    def test_an_open_finding_stands_in_the_way(self, recognition, engagement, status, grade):
        make_finding(engagement=engagement, grade=grade, status=status)
        with pytest.raises(acting.StillOpenItems):
            applied(recognition)

    def test_a_corrective_action_that_is_not_closed_stands_in_the_way(self, recognition, engagement):
        finding = make_finding(engagement=engagement, grade="minor", status="closed")
        make_corrective_action(finding=finding, status="done")
        with pytest.raises(acting.StillOpenItems):
            applied(recognition)

    def test_what_is_closed_is_no_gap_or_another_clients_does_not(self, recognition, engagement):
        make_finding(engagement=engagement, number=1, grade="major", status="closed")
        make_finding(engagement=engagement, number=2, grade="ofi", status="open")
        elsewhere = make_engagement(client=make_client(), lead=make_member())
        make_finding(engagement=elsewhere, grade="major", status="open")
        assert applied(recognition).applied_on == TODAY

    def test_it_is_not_made_twice(self, recognition):
        applied(recognition)
        with pytest.raises(acting.AlreadyApplied):
            applied(recognition)


def test_one_application_is_prepared_at_a_time(client, recognition):
    with pytest.raises(acting.AlreadyPrepared):
        acting.open_recognition(client, by=None)
    applied(recognition)
    assert acting.open_recognition(client, by=None).state == "preparing"


def test_it_rests_on_a_certificate_of_this_client_for_an_accredited_standard(client, recognition):
    others = make_certificate(client=make_client())
    iso9001 = make_certificate(client=client, standard="other", title="ISO 9001:2015")
    for one in (others, iso9001):
        with pytest.raises(acting.CertificateOfOthers):
            keep(recognition, certificate_id=one.id)


def test_what_was_applied_with_is_neither_swapped_nor_taken_out(client, recognition):
    other = make_certificate(client=client, standard="csa_z45001")
    applied(recognition, date(2026, 6, 1))
    kept = recognition.certificate_id
    for one in (other.id, None):
        with pytest.raises(acting.CertificateFixed):
            keep(recognition, certificate_id=one)
    keep(recognition, note="The certificate stays.")
    assert recognition.certificate_id == kept


def test_an_application_on_file_without_a_certificate_may_still_get_one(client):
    held = make_certificate(client=client)
    one = make_recognition(client=client, applied_on=date(2026, 6, 1), recognized_on=None, listed_on=None,
                           maintained_on=None)  # fmt: skip
    keep(one, certificate_id=held.id)
    assert one.certificate_id == held.id


def test_an_audit_is_not_said_to_be_closed_after_the_application(recognition):
    applied(recognition, date(2026, 6, 1))
    for closed in (date(2026, 6, 2), None):
        with pytest.raises(certifying.ClosedAfterApplication):
            certifying.change_certificate(
                recognition.certificate, revision=recognition.certificate.revision, today=TODAY, by=None,
                audit_closed_on=closed,
            )  # fmt: skip


def test_a_certificate_that_an_application_rests_on_is_not_removed(recognition):
    with pytest.raises(certifying.CertificateInUse):
        certifying.remove_certificate(recognition.certificate, by=None)


@pytest.mark.parametrize(
    "fields",
    [
        {"recognized_on": date(2026, 5, 31)},
        {"recognized_on": date(2026, 11, 23)},
        {"listed_on": date(2026, 7, 1)},
        {"recognized_on": date(2026, 7, 1), "revoked_on": date(2026, 6, 30)},
        {"recognized_on": date(2026, 7, 1), "maintained_on": date(2026, 11, 23)},
    ],
)
def test_a_decision_comes_after_the_application_and_not_ahead_of_today(recognition, fields):
    applied(recognition, date(2026, 6, 1))
    with pytest.raises(acting.DecisionOutOfOrder):
        keep(recognition, **fields)


@pytest.mark.parametrize("declined", [date(2026, 5, 31), date(2026, 11, 23)])
def test_it_is_declined_after_the_application_and_not_ahead_of_today(recognition, declined):
    with pytest.raises(acting.DecisionOutOfOrder):
        keep(recognition, declined_on=date(2026, 11, 20))  # nothing was applied for
    applied(recognition, date(2026, 6, 1))
    with pytest.raises(acting.DecisionOutOfOrder):
        keep(recognition, declined_on=declined)


def test_a_declined_application_has_its_end_and_is_not_recognised(recognition):
    applied(recognition, date(2026, 6, 1))
    with pytest.raises(acting.DecisionOutOfOrder):
        keep(recognition, declined_on=date(2026, 8, 1), recognized_on=date(2026, 7, 1))
    keep(recognition, declined_on=date(2026, 8, 1))
    assert recognition.state == "declined"
    with pytest.raises(acting.DecisionOutOfOrder):
        keep(recognition, recognized_on=date(2026, 9, 1))


def test_what_was_begun_by_mistake_is_removed_with_its_papers(client, recognition, engagement):
    piece = make_evidence(engagement=engagement)
    acting.fill_slot(recognition, slot="form", evidence_id=piece.id, by=None)
    acting.remove_recognition(recognition, by=None)
    assert recognitions.of_client(client) == []
    assert recognitions.may_fill(client) == [piece]
    assert acting.open_recognition(client, by=None).state == "preparing"


def test_what_was_applied_for_stays(recognition):
    with pytest.raises(acting.ApplicationStays):
        acting.remove_recognition(applied(recognition), by=None)


def test_recognised_then_revoked(recognition):
    applied(recognition, date(2026, 6, 1))
    keep(recognition, recognized_on=date(2026, 7, 1), listed_on=date(2026, 7, 9))
    assert recognition.state == "recognized"
    keep(recognition, revoked_on=date(2026, 9, 1))
    assert recognition.state == "revoked"


def test_answers_that_nobody_asked_for_are_not_kept(recognition):
    said = {"convictions": {"answer": "no", "note": "Declared."}, "invented": {"answer": "yes", "note": ""}}
    keep(recognition, answers=said | {"prosecution": {"answer": "perhaps", "note": ""}})
    assert recognition.answers == {"convictions": said["convictions"]}


def test_an_old_page_overwrites_nothing(recognition):
    with pytest.raises(ChangedMeanwhile):
        keep(recognition, revision=recognition.revision - 1)


class TestPack:
    @pytest.fixture
    def files(self, tmp_path):
        return Folder(tmp_path)

    def piece(self, files, engagement, **columns):
        content = b"%PDF of the form"
        key = content_key(engagement.tenant_id, "evidence", content, "pdf")
        files.put(key, content)
        told = {"file_key": key, "kind": "pdf", "state": "clean", "source": "document", "retired_at": None}
        return make_evidence(engagement=engagement, by=make_member(), **told | columns)

    def pack(self, recognition, files):
        to = BytesIO()
        filled = write_pack(recognition, files=files, to=to, language="en", today=TODAY)
        return filled, ZipFile(to)

    def test_it_holds_the_papers_under_their_names_and_says_what_is_missing(self, recognition, engagement, files):
        piece = self.piece(files, engagement)
        acting.fill_slot(recognition, slot="form", evidence_id=piece.id, by=None)
        filled, archive = self.pack(recognition, files)
        name = f"{recognition.client.legal_name}_E.R.Application_Signed.pdf"
        assert filled == ["form"]
        assert archive.read(name) == b"%PDF of the form"
        assert "MISSING: The audit report is missing" in archive.read("README.txt").decode()

    def test_a_paper_is_taken_out_again(self, recognition, engagement, files):
        for one in (self.piece(files, engagement).id, None):
            acting.fill_slot(recognition, slot="form", evidence_id=one, by=None)
        assert recognitions.papers(recognition) == {}

    @pytest.mark.parametrize("columns", [{"state": "quarantined"}, {"source": "interview"}, {"retired_at": MOMENT}])
    def test_what_may_not_go_out_is_refused(self, recognition, engagement, files, columns):
        piece = self.piece(files, engagement, **columns)
        with pytest.raises(acting.PaperOfOthers):
            acting.fill_slot(recognition, slot="form", evidence_id=piece.id, by=None)

    @pytest.mark.parametrize("changed", [{"state": "quarantined"}, {"state": "infected"}, {"file_key": None}])
    def test_what_is_clean_no_longer_is_no_paper(self, recognition, engagement, files, changed):
        piece = self.piece(files, engagement)
        acting.fill_slot(recognition, slot="form", evidence_id=piece.id, by=None)
        assert list(recognitions.papers(recognition)) == ["form"]
        for name, value in changed.items():
            setattr(piece, name, value)
        assert recognitions.papers(recognition) == {}

    def test_a_file_of_another_client_is_refused(self, recognition, files):
        elsewhere = make_engagement(client=make_client(), lead=make_member())
        with pytest.raises(acting.PaperOfOthers):
            acting.fill_slot(recognition, slot="form", evidence_id=self.piece(files, elsewhere).id, by=None)

    def test_a_file_that_the_storage_lost_is_told_as_missing(self, recognition, engagement, files):
        piece = self.piece(files, engagement)
        acting.fill_slot(recognition, slot="form", evidence_id=piece.id, by=None)
        files.delete(piece.file_key)
        assert self.pack(recognition, files)[0] == []


def test_a_cor_firm_sees_the_way_to_full_points(office, begin, write, publish):
    standard = begin()
    write(standard)
    write(standard, code="4.01", element="4", legislated=False, interview=None, rule="all_or_nothing")
    engagement = office.open(standard=publish(standard).key)
    assessment = assessments.of_engagement(engagement)
    for code, given in (("3.01", {"document_points": 4, "interview_points": 0}), ("4.01", {"document_points": 4})):
        planned = {"recommendation": "Ask on the floor.", "owner_text": "Dana", "due": date(2026, 5, 1)}
        ratings.rate_requirement(assessment, requirement=code, revision=0, by=office.member.id, **given, **planned)
    plan = recognitions.plan_to_full_points(office.client)
    assert plan.engagement.id == engagement.id
    [short] = plan.milestones
    assert (short.code, short.verified, short.owner, short.due) == ("3.01", True, "Dana", date(2026, 5, 1))
    assert recognitions.plan_to_full_points(make_client()) is None


def test_an_answer_that_speaks_against_it_keeps_the_application_back(recognition):
    keep(recognition, answers={"convictions": {"answer": "yes", "note": "2024"}})
    with pytest.raises(acting.CriterionAgainst) as refused:
        applied(recognition)
    assert refused.value.args == (["convictions"],)
    keep(recognition, answers={"convictions": {"answer": "no", "note": ""}})
    assert applied(recognition).state == "applied"


def test_the_letter_says_what_the_application_knows_where_nothing_was_typed(office, client):
    made = make_engagement(client=client, closed_on=None, kind="pre_audit", texts={}, follows_id=None)
    given = {"number": "T-1", "version": "1.0", "language": "en", "today": TODAY, "subject": ""}
    before = ASSEMBLE["sose_letter"](made, **given)[1]["checklist"]
    one = prepared(
        client, audit_on=date(2026, 3, 11), audit_closed_on=date(2026, 5, 30), lead_auditor="Jo Park, PECB 12345",
        registrar="BSI", number="700123",
    )  # fmt: skip
    piece = make_evidence(engagement=made, file_key=content_key(made.tenant_id, "evidence", b"x", "pdf"))
    acting.fill_slot(one, slot="report", evidence_id=piece.id, by=None)
    after = ASSEMBLE["sose_letter"](made, **given)[1]["checklist"]
    assert {row["state"] for row in before} == {"not_shown"}
    assert [row["state"] for row in after].count("shown") == 4  # certificate, audit, its closing, report
    assert ("BSI, 700123" in after[0]["proof"], "Jo Park, PECB 12345" in after[1]["proof"]) == (True, True)
