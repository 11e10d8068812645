"""Reading who needs which course at a client, who did what, and what shows it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy import training
from consultancy.models.client import Client, Site
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.finding import Finding
from consultancy.models.training import CourseNeed, OwnCourse, TrainingImport, TrainingProof, TrainingRecord, Worker
from consultancy.standards.catalogue import Standard
from consultancy.standards.courses import SHIPPED, Course, Shelf
from consultancy.training import Held, Need, Person, Row
from tenants.database import db, tenant_session

PER_PAGE = 50


@dataclass(frozen=True)
class Overview:
    """A client's whole training as it stands on a day."""

    shelf: Shelf
    needs: list[Need]
    rows: list[Row]
    today: date

    @property
    def courses(self) -> list[Course]:
        """Those that somebody needs or is exempt from, in the order of the shelf."""
        wanted = {code for row in self.rows for code in row.cells} | {need.course for need in self.needs}
        return [self.shelf.find(code, self.today) for code in self.shelf.codes if code in wanted]


class Recorded(NamedTuple):
    """A record with the files that show it."""

    record: TrainingRecord
    files: list[Evidence]


def find_worker(worker_id: UUID) -> Worker | None:
    return db.session.scalar(
        sa.select(Worker).options(joinedload(Worker.client), joinedload(Worker.site)).where(Worker.id == worker_id)
    )


def find_record(record_id: UUID) -> TrainingRecord | None:
    return db.session.scalar(
        sa.select(TrainingRecord)
        .options(joinedload(TrainingRecord.worker).joinedload(Worker.client))
        .where(TrainingRecord.id == record_id)
    )


def find_need(need_id: UUID) -> CourseNeed | None:
    return db.session.get(CourseNeed, (tenant_session().tenant_id, need_id))


def find_import(import_id: UUID) -> TrainingImport | None:
    return db.session.get(TrainingImport, (tenant_session().tenant_id, import_id))


def find_own_course(course_id: UUID) -> OwnCourse | None:
    return db.session.get(OwnCourse, (tenant_session().tenant_id, course_id))


def own_courses() -> list[OwnCourse]:
    return list(db.session.scalars(sa.select(OwnCourse).order_by(OwnCourse.code)))


def as_course(own: OwnCourse) -> Course:
    """A course of the consultancy's own, as the rules know courses. It speaks for competence: 7.2, or COR element 8."""
    return Course(
        code=own.code, title_en=own.title_en, title_fr=own.title_fr, needed_by_en=own.needed_by,
        needed_by_fr=own.needed_by, validity=own.validity, basis=own.basis, citation_en=own.citation,
        citation_fr=own.citation, clauses=("7.2",), elements=("8",), follows="", within=None, renews="", first=None,
        last=None, source=own.source, certainty=own.certainty, note_en="", note_fr="", own=True,
    )  # fmt: skip


def shelf() -> Shelf:
    """What is shipped and what the consultancy added, retired ones too: their records stay."""
    return SHIPPED.with_own(as_course(one) for one in own_courses())


def offered(day: date) -> list[Course]:
    """The courses that may be needed or recorded from now on."""
    own = [as_course(one) for one in own_courses() if one.retired_at is None]
    return SHIPPED.with_own(own).today(day)


def place_of(course: Course, standard: Standard) -> str:
    """The requirement of a standard that is nearest to a course, none if it has none. A consultancy's own standard is
    asked as the one it is based on; its questions stand below an element, and the first of them is taken."""
    for place in course.places(standard.based_on or standard.key):
        if place in standard:
            return place
        if below := next((one.code for one in standard.requirements if one.clause == place), ""):
            return below
    return ""


def workers_of(client: Client) -> list[Worker]:
    return list(
        db.session.scalars(
            sa.select(Worker)
            .options(joinedload(Worker.site))
            .where(Worker.client_id == client.id)
            .order_by(sa.func.lower(sa.func.coalesce(sa.func.nullif(Worker.name, ""), Worker.number)), Worker.id)
        )
    )


def needs_of(client: Client) -> list[CourseNeed]:
    return list(
        db.session.scalars(
            sa.select(CourseNeed)
            .where(CourseNeed.client_id == client.id)
            .order_by(sa.func.lower(CourseNeed.role), CourseNeed.course)
        )
    )


def overview(client: Client, today: date) -> Overview:
    """Three statements, whatever the number of people: everybody is worked out, as coverage counts everybody."""
    needs = [Need(one.role, one.course, one.exempt, one.reason) for one in needs_of(client)]
    courses = shelf()
    found, held = _people(client)
    known = [need for need in needs if need.course in courses]
    return Overview(courses, known, training.matrix(found, known, held, courses, today), today)


def _people(client: Client) -> tuple[list[Person], dict[Any, list[Held]]]:
    """Everybody by name, and what each of them did."""
    label = sa.func.coalesce(sa.func.nullif(Worker.name, ""), Worker.number)
    people: dict[UUID, Person] = {}
    held: dict[Any, list[Held]] = {}
    for worker_id, name, roles, site, shift, course, *did in db.session.execute(
        sa.select(
            Worker.id, label, Worker.roles, Site.name, Worker.shift,
            TrainingRecord.course, TrainingRecord.done_on, TrainingRecord.expires_on, TrainingRecord.verified,
        )
        .outerjoin(Site, sa.and_(Site.tenant_id == Worker.tenant_id, Site.id == Worker.site_id))
        .outerjoin(
            TrainingRecord,
            sa.and_(TrainingRecord.tenant_id == Worker.tenant_id, TrainingRecord.worker_id == Worker.id),
        )
        .where(Worker.client_id == client.id)
        .order_by(sa.func.lower(label), Worker.id)
    ):  # fmt: skip
        people.setdefault(worker_id, Person(worker_id, name, training.roles_in(roles), site or "", shift))
        if course is not None:
            held.setdefault(worker_id, []).append(Held(course, *did))
    return list(people.values()), held


def records_of(worker: Worker) -> list[Recorded]:
    """Newest first, with the files that show them. Two statements."""
    records = list(
        db.session.scalars(
            sa.select(TrainingRecord)
            .where(TrainingRecord.worker_id == worker.id)
            .order_by(TrainingRecord.done_on.desc().nulls_last(), TrainingRecord.course)
        )
    )
    files: dict[UUID, list[Evidence]] = {}
    for record_id, piece in db.session.execute(
        sa.select(TrainingProof.training_record_id, Evidence)
        .join(
            Evidence, sa.and_(Evidence.tenant_id == TrainingProof.tenant_id, Evidence.id == TrainingProof.evidence_id)
        )
        .where(TrainingProof.training_record_id.in_([one.id for one in records]))
    ):
        files.setdefault(record_id, []).append(piece)
    return [Recorded(one, files.get(one.id, [])) for one in records]


def may_show(client: Client) -> list[Evidence]:
    """The client's pieces that can show a record, newest first."""
    return list(
        db.session.scalars(
            sa.select(Evidence)
            .where(Evidence.client_id == client.id, Evidence.retired_at.is_(None), Evidence.state != "infected")
            .order_by(Evidence.uploaded_at.desc(), Evidence.id)
            .limit(200)
        )
    )


def files_showing(client: Client, course: str) -> list[Evidence]:
    """The clean files that show verified records of a course."""
    return list(
        db.session.scalars(
            sa.select(Evidence)
            .join(
                TrainingProof,
                sa.and_(TrainingProof.tenant_id == Evidence.tenant_id, TrainingProof.evidence_id == Evidence.id),
            )
            .join(
                TrainingRecord,
                sa.and_(
                    TrainingRecord.tenant_id == TrainingProof.tenant_id,
                    TrainingRecord.id == TrainingProof.training_record_id,
                ),
            )
            .where(
                Evidence.client_id == client.id, Evidence.retired_at.is_(None), Evidence.state == "clean",
                TrainingRecord.course == course, TrainingRecord.verified,
            )
            .distinct()
        )
    )  # fmt: skip


def raised(client: Client) -> dict[str, list[Finding]]:
    """Findings that speak of a gap in training, in engagements that are open, by course."""
    found: dict[str, list[Finding]] = {}
    for finding in db.session.scalars(
        sa.select(Finding)
        .join(Engagement, sa.and_(Engagement.tenant_id == Finding.tenant_id, Engagement.id == Finding.engagement_id))
        .options(joinedload(Finding.engagement))
        .where(Engagement.client_id == client.id, Engagement.closed_on.is_(None), Finding.training_course != "")
        .order_by(Finding.raised_on)
    ):
        found.setdefault(finding.training_course, []).append(finding)
    return found


def imports_of(client: Client) -> list[TrainingImport]:
    return list(
        db.session.scalars(
            sa.select(TrainingImport)
            .where(TrainingImport.client_id == client.id)
            .order_by(TrainingImport.created_at.desc())
            .limit(20)
        )
    )
