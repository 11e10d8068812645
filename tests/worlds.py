"""A consultancy with everything: one row of every model, so that what must hold for all of them is tried on all."""

from uuid import UUID, uuid4

from consultancy.models.retention import DeletionCertificate, RetentionRule
from tenants.models import Membership
from tests.factories import (
    make_also_answers,
    make_assessment,
    make_assignment,
    make_attendee,
    make_audit_plan,
    make_brand,
    make_break_glass,
    make_bulk_item,
    make_bulk_request,
    make_certificate,
    make_checklist_import,
    make_client,
    make_comment,
    make_contact,
    make_corrective_action,
    make_course_need,
    make_deliverable,
    make_document_event,
    make_document_template,
    make_document_template_version,
    make_engagement,
    make_engagement_site,
    make_evidence,
    make_evidence_link,
    make_field_workbook,
    make_finding,
    make_followed_trail,
    make_hsep_plan,
    make_hsep_proof,
    make_hsep_step,
    make_hsep_topic,
    make_interview,
    make_interview_answer,
    make_involvement,
    make_member,
    make_message,
    make_observation,
    make_own_course,
    make_own_premium_band,
    make_own_requirement,
    make_own_standard,
    make_page_image,
    make_person,
    make_phrase,
    make_phrase_import,
    make_plan_line,
    make_planned_task,
    make_premium,
    make_rating,
    make_rating_change,
    make_recognition,
    make_recognition_paper,
    make_register_entry,
    make_returned_workbook,
    make_review_note,
    make_saved_filter,
    make_site,
    make_sose_amount,
    make_stage,
    make_stage1_answer,
    make_trail_step,
    make_training_import,
    make_training_proof,
    make_training_record,
    make_worker,
)
from tests.rows import add


def make_office(*, by: Membership) -> dict[type, list[UUID]]:
    """One row of every model that belongs to the consultancy and to no employer. Ids by model."""
    template, own = make_document_template(), make_own_standard()
    rows = [
        own, make_own_requirement(standard=own), make_message(), make_brand(),
        template, make_document_template_version(template=template),
        make_break_glass(person=make_person()), make_phrase(), make_saved_filter(by=by),
        make_phrase_import(by=by),
        make_own_course(), make_own_premium_band(),
        add(RetentionRule(record_class="engagement", years=7)),
        add(DeletionCertificate(subject="client", subject_id=uuid4())),
    ]
    return {type(row): [row.id] for row in rows}


def make_employer(*, lead: Membership) -> dict[type, list[UUID]]:
    """An employer with one row of every model below it; deliverables: a draft and a released one. Ids by model."""
    client = make_client()
    site, contact, user = make_site(client=client), make_contact(client=client), make_member(client=client)
    earlier = make_engagement(client=client, lead=lead)
    engagement = make_engagement(client=client, lead=lead, follows_id=earlier.id)
    assessment = make_assessment(engagement=engagement)
    rating = make_rating(assessment=assessment, site=site)
    workbook = make_field_workbook(assessment=assessment, by=lead, site_id=site.id)
    finding = make_finding(engagement=engagement, by=lead)
    action = make_corrective_action(finding=finding)
    piece = make_evidence(engagement=engagement, by=lead)
    entry = make_register_entry(engagement=engagement)
    released = make_deliverable(engagement=engagement, by=lead, standing="released")
    interview = make_interview(engagement=engagement, by=lead, site_id=site.id)
    worker = make_worker(client=client, site=site)
    plan = make_hsep_plan(client=client)
    topic = make_hsep_topic(plan=plan)
    step = make_hsep_step(topic=topic)
    trained = make_training_record(worker=worker)
    held = make_certificate(client=client)
    recognition = make_recognition(client=client, certificate=held)
    trail = make_followed_trail(engagement=engagement)
    rows = [
        client, site, contact, user, earlier, engagement, assessment, rating, finding,
        make_stage(engagement=engagement), make_engagement_site(engagement=engagement, site=site),
        make_assignment(engagement=engagement, member=lead), make_observation(rating=rating, by=lead),
        make_rating_change(rating=rating, by=lead), make_checklist_import(assessment=assessment, by=lead),
        workbook, make_returned_workbook(workbook=workbook, by=lead),
        piece, make_evidence_link(evidence=piece, assessment=assessment),
        interview, make_interview_answer(interview=interview),
        action, make_also_answers(action=action, finding=finding),
        entry, make_document_event(entry=entry, by=lead), make_planned_task(engagement=engagement),
        make_involvement(client=client, member=lead, by=lead), make_audit_plan(engagement=engagement),
        make_plan_line(engagement=engagement, auditor=lead, site_id=site.id), make_attendee(engagement=engagement),
        make_stage1_answer(engagement=engagement), trail, make_trail_step(trail=trail),
        worker, trained, make_training_proof(record=trained, evidence=piece), make_course_need(client=client),
        make_training_import(client=client, by=lead),
        make_premium(client=client), make_sose_amount(client=client),
        plan, topic, step, make_hsep_proof(step=step, evidence=piece),
        held,
        recognition, make_recognition_paper(recognition=recognition, evidence=piece),
        make_deliverable(engagement=engagement, by=lead),
        released, make_comment(deliverable=released, by=user), make_review_note(deliverable=released, by=lead),
        make_page_image(deliverable=released),
        make_bulk_item(request=make_bulk_request(by=lead), engagement=engagement),
    ]  # fmt: skip
    ids: dict[type, list[UUID]] = {}
    for row in rows:
        ids.setdefault(type(row), []).append(row.id)
    return ids
