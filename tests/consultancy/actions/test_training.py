"""People of a client, what their roles need, what they did, and gaps on their way through."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from consultancy import training as rules
from consultancy.actions import courses, evidence, training, training_gaps
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import EngagementClosed
from consultancy.models.evidence import EvidenceLink
from consultancy.models.training import TrainingProof, TrainingRecord, Worker
from consultancy.queries import training as reading
from consultancy.reports.record import read
from consultancy.reports.tasks import tasks_of, training_tasks
from tenants.audit import AuditEntry
from tenants.database import db, transaction
from tests.consultancy.actions.conftest import close
from tests.factories import (
    entered,
    found_tenant,
    make_client,
    make_evidence,
    make_member,
    make_site,
)
from tests.practice import statements_of

TODAY = date(2026, 3, 2)


@pytest.fixture
def worker(office):
    return training.add_worker(office.client, by=office.member.id, name="Rui", number="T-001", roles="Welder; ")


def record(office, worker, course="WAH", done="2025-03-02", *, proof="card seen", verified=True, **fields):
    return training.record_training(
        worker, course=course, done_on=date.fromisoformat(done) if done else None, proof=proof, verified=verified,
        today=TODAY, by=office.member.id, **{"expires_on": None, "evidence_id": None} | fields,
    )  # fmt: skip


def need(office, role="Welder", course="WAH", exempt=False, reason=""):
    return training.say_need(
        office.client, role=role, course=course, exempt=exempt, reason=reason, by=office.member.id
    )


class TestPeople:
    def test_a_person_needs_a_name_or_a_number_of_their_own(self, office, worker):
        with pytest.raises(training.NobodyNamed):
            training.add_worker(office.client, by=office.member.id, roles="Welder")
        with pytest.raises(training.NumberTaken):
            training.add_worker(office.client, by=office.member.id, name="Other", number="t-001")
        training.add_worker(make_client(), by=office.member.id, number="T-001")  # another client's own numbers
        assert training.add_worker(office.client, by=office.member.id, number="T-002").label == "T-002"

    def test_a_person_works_at_a_site_of_their_own_employer(self, office, worker):
        theirs = make_site(client=make_client())
        with pytest.raises(training.SiteOfOthers):
            training.change_worker(worker, revision=1, by=office.member.id, site_id=theirs.id)
        with pytest.raises(ChangedMeanwhile):
            training.change_worker(worker, revision=7, by=office.member.id, shift="days")

    def test_the_trail_keeps_ids_and_never_a_name(self, database_app, office, worker):
        record(office, worker)
        training.change_worker(worker, revision=worker.revision, by=office.member.id, name="Rui Figueiredo")
        training.remove_worker(worker, by=office.member.id)
        office.session.commit()
        with entered(database_app, office.tenant) as session:
            told = list(session.execute(sa.select(AuditEntry.verb, AuditEntry.details)))
        verbs = {"worker.added", "worker.changed", "worker.removed", "training.recorded"}
        assert verbs <= {verb for verb, _details in told}
        assert "Rui" not in str(told)

    def test_who_is_removed_takes_their_records_along_and_leaves_the_evidence(self, office, engagement, worker):
        piece = make_evidence(engagement=engagement)
        record(office, worker, evidence_id=piece.id)
        training.remove_worker(worker, by=office.member.id)
        office.session.flush()
        for model in (Worker, TrainingRecord, TrainingProof):
            assert office.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
        assert office.session.get(type(piece), (office.tenant, piece.id)) is not None

    def test_who_is_removed_goes_in_few_statements_whatever_they_did(self, office, worker):
        for year in range(2000, 2020):
            record(office, worker, done=f"{year}-01-01")
        with statements_of(office.session.connection()) as seen:
            training.remove_worker(worker, by=office.member.id)
            office.session.flush()
        assert len(seen) <= 6


class TestRecords:
    @pytest.mark.parametrize(
        ("fields", "refusal"),
        [
            ({"course": "JUGGLING"}, training.UnknownCourse),
            ({"done": "2026-03-03"}, training.DoneInFuture),
            ({"expires_on": date(2025, 3, 1)}, training.EndsBeforeDone),
            ({"proof": ""}, training.ProofMissing),
            ({"done": ""}, training.ProofMissing),
        ],
    )
    def test_what_cannot_be_is_refused(self, office, worker, fields, refusal):
        with pytest.raises(refusal):
            record(office, worker, **fields)

    def test_the_end_follows_the_rule_of_its_day_or_the_card(self, office, worker):
        assert record(office, worker, done="2024-02-29").expires_on == date(2027, 2, 28)
        assert record(office, worker, done="2024-03-01", expires_on=date(2026, 6, 1)).expires_on == date(2026, 6, 1)
        assert record(office, worker, "AWR-W").expires_on is None
        with pytest.raises(training.AlreadyRecorded):
            record(office, worker, done="2024-02-29")

    def test_verifying_needs_something_that_was_seen(self, office, engagement, worker):
        said = record(office, worker, proof="", verified=False)
        with pytest.raises(training.ProofMissing):
            training.verify_record(said, proof="", evidence_id=None, by=office.member.id)
        foreign = make_evidence(engagement=engagement, title="x")
        foreign.client_id = make_client().id
        office.session.flush()
        with pytest.raises(training.FileOfOthers):
            training.verify_record(said, proof="", evidence_id=foreign.id, by=office.member.id)
        training.verify_record(said, proof="card seen", evidence_id=None, by=office.member.id)
        assert said.verified

    def test_a_need_said_again_replaces_the_first_and_an_exemption_has_a_reason(self, office, worker):
        first = need(office)
        with pytest.raises(training.ReasonMissing):
            need(office, exempt=True)
        assert need(office, role="WELDER", exempt=True, reason="Works on the ground.").id == first.id
        row = reading.overview(office.client, TODAY).rows[0]
        assert row.cells["WAH"] == rules.Standing("exempt", because="Works on the ground.")


class TestAtOnce:
    """Two consultants on one person at the same moment, with real commits."""

    @pytest.fixture
    def shop(self, copied_database):
        app = copied_database.app
        tenant = found_tenant(app, slug="northgate")
        with entered(app, tenant):
            member, client = make_member(), make_client()
            worker = training.add_worker(client, by=member.id, name="Rui", roles="Welder")
            record = training.record_training(
                worker, course="FORK", done_on=TODAY, expires_on=None, proof="x", verified=True, evidence_id=None,
                today=TODAY, by=member.id,
            )  # fmt: skip
            return app, tenant, member.id, worker.id, record.id

    def both(self, shop, *verbs):
        """Both have opened their page before either presses; answers what went wrong."""
        app, tenant, by, worker_id, record_id = shop
        ready, faults = threading.Barrier(2), []

        def run(verb):
            with app.app_context():
                db.session().enter(tenant)
                worker, record = reading.find_worker(worker_id), reading.find_record(record_id)
                ready.wait(20)
                try:
                    with transaction():
                        verb(worker, record, by)
                except BaseException as fault:  # told to the test
                    faults.append(type(fault))

        threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return faults

    @staticmethod
    def again(worker, record, by):
        training.record_training(
            worker, course="WAH", done_on=TODAY, expires_on=None, proof="seen", verified=True, evidence_id=None,
            today=TODAY, by=by,
        )  # fmt: skip

    def test_the_same_record_is_made_once(self, shop):
        for _try in range(5):
            assert self.both(shop, self.again, self.again) == [training.AlreadyRecorded]
            app, tenant, *_ = shop
            with entered(app, tenant) as session:
                (record,) = session.scalars(sa.select(TrainingRecord).where(TrainingRecord.course == "WAH"))
                session.delete(record)

    @pytest.mark.parametrize("removed", ["the person", "the record"])
    def test_who_is_removed_while_somebody_records_is_gone_or_the_record_is_refused(self, shop, removed):
        def remove(worker, record, by):
            if removed == "the person":
                training.remove_worker(worker, by=by)
            else:
                training.remove_record(record, by=by)

        def verify(worker, record, by):
            training.verify_record(record, proof="card", evidence_id=None, by=by)

        other = self.again if removed == "the person" else verify
        assert set(self.both(shop, remove, other)) <= {training.RemovedMeanwhile}
        app, tenant, *_, record_id = shop
        with entered(app, tenant):
            assert reading.find_record(record_id) is None

    @pytest.mark.parametrize("verb", ["remove_worker", "remove_record"])
    def test_who_removes_second_is_told(self, shop, verb):
        def remove(worker, record, by):
            getattr(training, verb)(worker if verb == "remove_worker" else record, by=by)

        assert self.both(shop, remove, remove) == [training.RemovedMeanwhile]


class TestOwnCourses:
    def test_a_course_of_the_law_quotes_it_and_no_code_is_given_twice(self, office, worker):
        fields = {"title_en": "Crane", "basis": "law", "certainty": "unsure", "validity": 24}
        with pytest.raises(courses.CitationMissing):
            courses.add_course(code="CRANE", by=office.member.id, **fields)
        with pytest.raises(courses.CourseCodeTaken):
            courses.add_course(code="WAH", by=office.member.id, **fields | {"citation": "Reg. 851"})
        with pytest.raises(courses.CourseCodeFaulty):
            courses.add_course(code="é", by=office.member.id, **fields | {"citation": "Reg. 851"})
        courses.add_course(code="CRANE", by=office.member.id, **fields | {"citation": "Reg. 851"})
        assert record(office, worker, "CRANE", "2025-01-31").expires_on == date(2027, 1, 31)

    def test_a_retired_course_is_offered_no_more_and_its_records_stay(self, office, worker):
        own = courses.add_course(code="CRANE", by=None, title_en="Crane", basis="hazard", certainty="unsure")
        record(office, worker, "CRANE")
        need(office, course="CRANE")
        courses.retire_course(own, by=office.member.id)
        assert "CRANE" not in [one.code for one in reading.offered(TODAY)]
        assert reading.overview(office.client, TODAY).rows[0].cells["CRANE"].status == "valid"


class TestGaps:
    def raised(self, office, engagement, course="WAH", grade="major"):
        return training_gaps.raise_gap(
            office.client, course=course, engagement=engagement, grade=grade, today=TODAY, by=office.member.id
        )

    def test_a_gap_becomes_one_finding_that_quotes_the_law_and_names_nobody(self, office, engagement, worker):
        need(office)
        made = self.raised(office, engagement)
        assert (made.requirement, made.grade, made.due) == ("7.2", "major", date(2026, 4, 1))
        assert made.legal_duty == "O. Reg. 297/13 ss. 6-10"
        assert made.statement.startswith("1 of 1 people who need “Working at heights” has no valid, verified record.")
        assert made.statement.endswith("By role: Welder 1.")
        assert "Rui" not in made.statement + made.title + made.evidence + made.recommendation
        with pytest.raises(training_gaps.AlreadyRaised, match="F-01"):
            self.raised(office, engagement)
        assert self.raised(office, office.open()).label == "F-01"  # another engagement's own

    @pytest.mark.parametrize(("standard", "place"), [("cor2020", "8"), ("csa-z45001-2019", "7.2")])
    def test_the_clause_is_the_one_of_the_engagements_standard(self, office, worker, standard, place):
        need(office)
        assert self.raised(office, office.open(standard=standard)).requirement == place

    def test_questions_of_the_consultancys_own_are_asked_as_the_standard_they_are_based_on(
        self, office, worker, begin, write, publish
    ):
        own = begin()
        for code, element in (("3.01", "3"), ("8.01", "8"), ("8.02", "8")):
            write(own, code=code, element=element)
        engagement = office.open(standard=publish(own).key)
        need(office)
        tasks, _done = training_tasks(engagement, read(engagement), (), TODAY, "en")
        assert [one.clause for one in tasks] == ["8.01"]
        assert self.raised(office, engagement).requirement == "8.01"

    def test_a_gap_that_comes_back_is_raised_again_once(self, office, engagement, worker):
        need(office)
        first = self.raised(office, engagement)
        first.status = "closed"
        office.session.flush()
        again = self.raised(office, engagement)
        assert (again.label, training_gaps.finding_of(engagement, "WAH").id) == ("F-02", again.id)
        with pytest.raises(training_gaps.AlreadyRaised, match="F-02"):
            self.raised(office, engagement)

    def test_what_is_unsure_weighs_no_more_than_it_can_carry(self, office, engagement, worker):
        need(office, course="HSR")
        (task,), _done = training_tasks(engagement, read(engagement), (), TODAY, "en")
        assert (task.legal, task.priority, task.due) == (False, "medium", None)
        made = self.raised(office, engagement, "HSR", "minor")
        assert (made.legal_duty, made.due) == ("", None)  # nothing counts as a breach that may be none
        assert made.evidence == "Training matrix of 2026-03-02. OHSA 8(5.1) (unsure)."
        assert not any(one.legal for one in tasks_of(read(engagement), "en"))

    def test_a_gap_is_raised_only_where_it_is(self, office, engagement, worker):
        with pytest.raises(training_gaps.NoGap):
            self.raised(office, engagement)
        need(office)
        with pytest.raises(training_gaps.NotThisClients):
            training_gaps.raise_gap(
                make_client(), course="WAH", engagement=engagement, grade="major", today=TODAY, by=office.member.id
            )
        with pytest.raises(training_gaps.UnknownGrade):
            self.raised(office, engagement, grade="strength")
        with pytest.raises(EngagementClosed):
            self.raised(office, close(engagement))

    def test_a_closed_gap_is_evidence_for_the_clause_of_its_finding(self, office, engagement, worker):
        need(office)
        finding = self.raised(office, engagement)
        given = {"course": "WAH", "engagement": engagement, "today": TODAY, "by": office.member.id}
        with pytest.raises(training_gaps.GapStillOpen):
            training_gaps.show_closed(office.client, **given)
        kept = record(office, worker)
        with pytest.raises(training_gaps.NoFileShowsIt):
            training_gaps.show_closed(office.client, **given)
        piece = make_evidence(engagement=engagement)
        training.verify_record(kept, proof="", evidence_id=piece.id, by=office.member.id)
        assert training_gaps.show_closed(office.client, **given) == 1
        assert finding.status == "verification"
        link = office.session.scalars(sa.select(EvidenceLink)).one()
        assert (link.evidence_id, link.requirement) == (piece.id, "7.2")
        evidence.retire(piece, reason="Sent by mistake.", by=office.member.id)
        with pytest.raises(training_gaps.NoFileShowsIt):
            training_gaps.show_closed(office.client, **given)

    def test_a_gap_is_a_task_of_the_roadmap_until_a_finding_speaks_of_it(self, office, engagement, worker):
        need(office)
        need(office, course="FORK")
        planned = ("training:WAH", "training:WHMIS", "document:P1")
        tasks, done = training_tasks(engagement, read(engagement), planned, TODAY, "en")
        assert [one.reference for one in done] == ["WHMIS"]  # it was planned, and nobody lacks it
        assert [(one.reference, one.clause, one.priority, one.due) for one in tasks] == [
            ("WAH", "7.2", "high", date(2026, 4, 1)), ("FORK", "7.2", "high", None),
        ]  # fmt: skip
        assert tasks[0].what == "Train 1 person: Working at heights (Welder 1)"
        self.raised(office, engagement)
        assert [one.reference for one in training_tasks(engagement, read(engagement), (), TODAY, "fr")[0]] == ["FORK"]
