"""The first shape of the practice: tenants, people, clients, engagements, ratings, findings, deliverables, and both walls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import dispatch_function, dispatch_sees, open_table, wall

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('partner',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner'))
    )
    op.create_table('tenant',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('legal_name', sa.String(length=160), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_served_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant')),
    sa.UniqueConstraint('slug', name=op.f('uq_tenant_slug'))
    )
    op.create_table('audit_chain',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('head', sa.LargeBinary(), nullable=False),
    sa.Column('length', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_audit_chain_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_audit_chain'))
    )
    op.create_table('audit_entry',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verb', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('details', postgresql.JSONB(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_audit_entry_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_audit_entry_tenant_id_number'))
    )
    op.create_table('client',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('legal_name', sa.String(length=160), nullable=False),
    sa.Column('trade_name', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('naics_code', sa.String(length=6), nullable=False),
    sa.Column('sector', sa.String(length=80), nullable=False),
    sa.Column('jurisdiction', sa.String(length=10), nullable=False),
    sa.Column('headcount', sa.Integer(), nullable=True),
    sa.Column('participation_body', sa.String(length=10), nullable=False),
    sa.Column('wsib_account', sa.String(length=20), nullable=False),
    sa.Column('wsib_schedule', sa.SmallInteger(), nullable=True),
    sa.Column('standard_sought', sa.String(length=60), nullable=False),
    sa.Column('target_date', sa.Date(), nullable=True),
    sa.Column('conditions', postgresql.JSONB(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_client_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_client')),
    sa.UniqueConstraint('tenant_id', 'code', name=op.f('uq_client_tenant_id_code'))
    )
    op.create_table('person',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('theme', sa.String(length=5), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_person_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    op.create_table('contact',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_contact_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_contact_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_contact'))
    )
    op.create_index(op.f('ix_contact_tenant_id_client_id'), 'contact', ['tenant_id', 'client_id'], unique=False)
    op.create_table('membership',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=True),
    sa.Column('client_part', sa.String(length=20), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('designations', sa.String(length=200), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(role = 'client') = (client_id is not null)", name=op.f('ck_membership_client_user_has_employer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_membership_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_membership_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_membership')),
    sa.UniqueConstraint('tenant_id', 'person_id', name=op.f('uq_membership_tenant_id_person_id'))
    )
    op.create_index(op.f('ix_membership_person_id'), 'membership', ['person_id'], unique=False)
    op.create_table('sign_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('token_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('device', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_sign_in_token_sha256'))
    )
    op.create_index(op.f('ix_sign_in_person_id'), 'sign_in', ['person_id'], unique=False)
    op.create_table('site',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('high_hazard', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_site_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_site_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_site'))
    )
    op.create_index(op.f('ix_site_tenant_id_client_id'), 'site', ['tenant_id', 'client_id'], unique=False)
    op.create_table('engagement',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('standard', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('lead_id', sa.Uuid(), nullable=True),
    sa.Column('follows_id', sa.Uuid(), nullable=True),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('percent', sa.SmallInteger(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('kick_off_on', sa.Date(), nullable=True),
    sa.Column('site_visit_from', sa.Date(), nullable=True),
    sa.Column('site_visit_to', sa.Date(), nullable=True),
    sa.Column('report_due_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('audit_window', sa.String(length=60), nullable=False),
    sa.Column('independence_note', sa.String(), nullable=False),
    sa.Column('texts', postgresql.JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind in ('gap_analysis', 'program_development', 'pre_audit')", name=op.f('ck_engagement_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_engagement_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'follows_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_engagement_tenant_id_follows_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'lead_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_engagement_tenant_id_lead_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_engagement_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_engagement'))
    )
    op.create_index(op.f('ix_engagement_tenant_id_client_id'), 'engagement', ['tenant_id', 'client_id'], unique=False)
    op.create_table('assessment',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('standard', sa.String(length=40), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_assessment_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_assessment_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'standard', name=op.f('uq_assessment_tenant_id_engagement_id_standard'))
    )
    op.create_table('assignment',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('membership_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_assignment_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'membership_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_assignment_tenant_id_membership_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_assignment_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'membership_id', name=op.f('uq_assignment_tenant_id_engagement_id_membership_id'))
    )
    op.create_table('consent',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('show_employer', sa.Boolean(), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('granted_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.Column('revoked_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_consent_partner_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_consent_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_consent_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('partner_id', 'tenant_id', 'engagement_id', name=op.f('uq_consent_partner_id_tenant_id_engagement_id'))
    )
    op.create_table('deliverable',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('subject', sa.String(length=4), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('version', sa.String(length=8), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('snapshot', postgresql.JSONB(), nullable=False),
    sa.Column('template', sa.String(length=60), nullable=False),
    sa.Column('template_sha256', sa.String(length=64), nullable=False),
    sa.Column('production', sa.String(length=10), nullable=False),
    sa.Column('standing', sa.String(length=10), nullable=False),
    sa.Column('fence', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.Column('run_after', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('file_key', sa.String(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('requested_by_id', sa.Uuid(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_reason', sa.String(), nullable=False),
    sa.CheckConstraint("(production = 'ready') = (sha256 is not null)", name=op.f('ck_deliverable_ready_has_file')),
    sa.CheckConstraint("production in ('queued', 'writing', 'ready', 'failed', 'cancelled')", name=op.f('ck_deliverable_production')),
    sa.CheckConstraint("standing in ('draft', 'in_review', 'approved', 'released', 'superseded', 'withdrawn')", name=op.f('ck_deliverable_standing')),
    sa.CheckConstraint("standing not in ('released', 'superseded') or production = 'ready'", name=op.f('ck_deliverable_released_is_ready')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_deliverable_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_deliverable_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'requested_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_deliverable_tenant_id_requested_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_deliverable_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_deliverable')),
    sa.UniqueConstraint('tenant_id', 'number', 'version', name=op.f('uq_deliverable_tenant_id_number_version')),
    sa.UniqueConstraint('tenant_id', 'request_key', name=op.f('uq_deliverable_tenant_id_request_key'))
    )
    op.create_index('ix_deliverable_due', 'deliverable', ['tenant_id', 'run_after'], unique=False, postgresql_where=sa.text("production in ('queued', 'writing')"))
    op.create_index(op.f('ix_deliverable_tenant_id_engagement_id'), 'deliverable', ['tenant_id', 'engagement_id'], unique=False)
    op.create_table('engagement_site',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_engagement_site_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'site_id'], ['site.tenant_id', 'site.id'], name=op.f('fk_engagement_site_tenant_id_site_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_engagement_site_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_engagement_site')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'site_id', name=op.f('uq_engagement_site_tenant_id_engagement_id_site_id'))
    )
    op.create_table('engagement_stage',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('planned_from', sa.Date(), nullable=True),
    sa.Column('planned_to', sa.Date(), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('finished_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_engagement_stage_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_engagement_stage_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_engagement_stage')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'stage', name=op.f('uq_engagement_stage_tenant_id_engagement_id_stage'))
    )
    op.create_table('finding',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('requirement', sa.String(length=20), nullable=False),
    sa.Column('grade', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('statement', sa.String(), nullable=False),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('risk', sa.String(length=40), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('recommendation', sa.String(), nullable=False),
    sa.Column('legal_duty', sa.String(length=160), nullable=False),
    sa.Column('owner_text', sa.String(length=120), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=False),
    sa.Column('raised_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("grade in ('major', 'minor', 'ofi', 'strength')", name=op.f('ck_finding_grade')),
    sa.CheckConstraint("status in ('open', 'verification', 'closed', 'noted')", name=op.f('ck_finding_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_finding_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'raised_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_finding_tenant_id_raised_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_finding_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_finding')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'number', name=op.f('uq_finding_tenant_id_engagement_id_number'))
    )
    op.create_table('register_entry',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('document', sa.String(length=4), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('issue', sa.String(length=20), nullable=False),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.Column('approver', sa.String(length=120), nullable=False),
    sa.Column('review_due', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('have', 'needs_work', 'missing', 'not_needed')", name=op.f('ck_register_entry_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_register_entry_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_register_entry_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_register_entry')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'document', name=op.f('uq_register_entry_tenant_id_engagement_id_document'))
    )
    op.create_table('checklist_import',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('file_key', sa.String(), nullable=False),
    sa.Column('answers', postgresql.JSONB(), nullable=False),
    sa.Column('reading', postgresql.JSONB(), nullable=False),
    sa.Column('revision_seen', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'assessment_id'], ['assessment.tenant_id', 'assessment.id'], name=op.f('fk_checklist_import_tenant_id_assessment_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_checklist_import_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_checklist_import'))
    )
    op.create_index('uq_checklist_import_applied', 'checklist_import', ['tenant_id', 'assessment_id', 'file_sha256'], unique=True, postgresql_where=sa.text('applied_at is not null'))
    op.create_table('corrective_action',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('correction', sa.String(), nullable=False),
    sa.Column('root_cause', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('control_level', sa.String(length=20), nullable=False),
    sa.Column('owner_text', sa.String(length=120), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=True),
    sa.Column('proof', sa.String(), nullable=False),
    sa.Column('verified_by', sa.String(length=120), nullable=False),
    sa.Column('verified_on', sa.Date(), nullable=True),
    sa.Column('effect_check', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("status in ('open', 'planned', 'done', 'verified', 'closed')", name=op.f('ck_corrective_action_status')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_corrective_action_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'finding_id'], ['finding.tenant_id', 'finding.id'], name=op.f('fk_corrective_action_tenant_id_finding_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_corrective_action_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_corrective_action')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'number', name=op.f('uq_corrective_action_tenant_id_engagement_id_number'))
    )
    op.create_table('rating',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('requirement', sa.String(length=20), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('recommendation', sa.String(), nullable=False),
    sa.Column('priority', sa.String(length=10), nullable=False),
    sa.Column('effort_text', sa.String(length=120), nullable=False),
    sa.Column('owner_text', sa.String(length=120), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'rated') = (level is not null) and level between 0 and 3", name=op.f('ck_rating_level')),
    sa.CheckConstraint("state <> 'not_applicable' or reason <> ''", name=op.f('ck_rating_reason')),
    sa.CheckConstraint("state in ('rated', 'not_verified', 'not_applicable', 'not_rated')", name=op.f('ck_rating_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'assessment_id'], ['assessment.tenant_id', 'assessment.id'], name=op.f('fk_rating_tenant_id_assessment_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'site_id'], ['site.tenant_id', 'site.id'], name=op.f('fk_rating_tenant_id_site_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_rating_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_rating')),
    sa.UniqueConstraint('tenant_id', 'assessment_id', 'requirement', 'site_id', name=op.f('uq_rating_tenant_id_assessment_id_requirement_site_id'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('observation',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rating_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('method', sa.String(length=12), nullable=False),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_observation_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'rating_id'], ['rating.tenant_id', 'rating.id'], name=op.f('fk_observation_tenant_id_rating_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_observation_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_observation'))
    )
    op.create_index(op.f('ix_observation_tenant_id_rating_id'), 'observation', ['tenant_id', 'rating_id'], unique=False)
    op.create_table('rating_change',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rating_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('before', sa.String(), nullable=False),
    sa.Column('after', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'rating_id'], ['rating.tenant_id', 'rating.id'], name=op.f('fk_rating_change_tenant_id_rating_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_rating_change_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_rating_change'))
    )
    op.create_index(op.f('ix_rating_change_tenant_id_rating_id'), 'rating_change', ['tenant_id', 'rating_id'], unique=False)
    for statement in the_walls():
        op.execute(statement)


# What a client user of their own employer may read; a table that is not named here is closed to the portal.
PORTAL = {"client": "true", "engagement": "true", "deliverable": "standing = 'released'"}
WALLED = (
    "membership", "client", "site", "contact", "engagement", "engagement_stage", "engagement_site", "assignment",
    "assessment", "rating", "observation", "rating_change", "checklist_import", "finding", "corrective_action",
    "register_entry", "deliverable",
)  # fmt: skip

CLAIM_NEXT = """
  with turn as (  -- the tenant served longest ago that has something due
    select t.id from tenant t
    where exists (select from deliverable d where d.tenant_id = t.id
                    and (d.production = 'queued' and d.run_after <= now() or d.production = 'writing' and d.lease_until < now()))
    order by t.last_served_at nulls first limit 1 for update skip locked),
  served as (update tenant set last_served_at = clock_timestamp() from turn where tenant.id = turn.id),
  next as (
    select d.tenant_id, d.id from deliverable d join turn on d.tenant_id = turn.id
    where d.production = 'queued' and d.run_after <= now() or d.production = 'writing' and d.lease_until < now()
    order by d.run_after limit 1 for update of d skip locked)
  update deliverable d
  set production = 'writing', fence = d.fence + 1, attempts = d.attempts + 1, lease_until = now() + make_interval(secs => $1)
  from next where (d.tenant_id, d.id) = (next.tenant_id, next.id)
  returning d.tenant_id, d.id, d.fence
"""

DELIVERABLES_DUE = """
  select count(*) from deliverable d
  where d.production = 'queued' and d.run_after <= now() or d.production = 'writing' and d.lease_until < now()
"""

MEMBERSHIPS_OF = """
  select m.tenant_id, m.id, m.role::text, m.client_id, t.slug::text, t.name::text
  from membership m join tenant t on t.id = m.tenant_id
  where m.person_id = $1 and (m.left_on is null or m.left_on > (now() at time zone 'America/Toronto')::date)
  order by t.name
"""

# Six columns and no more. The band hides the percentage; consent, its expiry and its revocation decide the row.
PARTNER_BOARD = """
  select case when k.show_employer then coalesce(nullif(c.trade_name, ''), c.legal_name) else k.reference end::text,
         t.name::text,
         e.stage::text,
         jsonb_build_object('planned_from', s.planned_from, 'planned_to', s.planned_to, 'audit', nullif(e.audit_window, '')),
         case when e.percent = 0 then 'not_started' when e.percent = 100 then 'done'
              when e.percent >= 75 then 'nearly_there' else 'under_way' end,
         exists (select from deliverable d where d.tenant_id = e.tenant_id and d.engagement_id = e.id and d.standing = 'released')
  from person p
  join consent k on k.partner_id = p.partner_id
  join engagement e on e.tenant_id = k.tenant_id and e.id = k.engagement_id
  join client c on c.tenant_id = e.tenant_id and c.id = e.client_id
  join tenant t on t.id = k.tenant_id
  left join engagement_stage s on s.tenant_id = e.tenant_id and s.engagement_id = e.id and s.stage = e.stage
  where p.id = $1 and k.revoked_on is null and k.expires_on >= (now() at time zone 'America/Toronto')::date
  order by 2, 1
"""


def the_walls():
    for table in WALLED:
        yield from wall(table, portal=PORTAL.get(table), column="id" if table == "client" else "client_id")
    yield from wall("audit_chain", portal="true", column=None, writable=True)
    yield from wall("audit_entry", writable=True)
    for table in ("tenant", "person", "sign_in", "partner", "consent"):
        yield from open_table(table, "select, insert, update")

    yield "grant create on schema public to consultancy_dispatch"
    yield from dispatch_sees(
        "deliverable",
        "tenant_id, id, engagement_id, production, standing, fence, attempts, run_after, lease_until",
        "production in ('queued', 'writing') or standing = 'released'",
        updates="production, fence, attempts, lease_until",
    )
    yield from dispatch_sees("membership", "tenant_id, id, person_id, role, client_id, left_on", "true")
    yield from dispatch_sees("engagement", "tenant_id, id, client_id, stage, percent, audit_window", "true")
    yield from dispatch_sees("engagement_stage", "tenant_id, engagement_id, stage, planned_from, planned_to", "true")
    yield from dispatch_sees("client", "tenant_id, id, legal_name, trade_name", "true")
    yield "grant select (id, slug, name, last_served_at), update (last_served_at) on tenant to consultancy_dispatch"
    yield "grant select (id, partner_id) on person to consultancy_dispatch"
    yield (
        "grant select (partner_id, tenant_id, engagement_id, show_employer, reference, expires_on, revoked_on)"
        " on consent to consultancy_dispatch"
    )
    yield from dispatch_function(
        "claim_next(lease_seconds integer) returns table (tenant_id uuid, id uuid, fence bigint)", CLAIM_NEXT
    )
    yield from dispatch_function("deliverables_due() returns bigint", DELIVERABLES_DUE)
    yield from dispatch_function(
        "memberships_of(person uuid) returns table (tenant_id uuid, id uuid, role text, client_id uuid, slug text, name text)",
        MEMBERSHIPS_OF,
    )
    yield from dispatch_function(
        "partner_board(person uuid) returns table"
        " (employer text, consultancy text, stage text, dates jsonb, band text, released boolean)",
        PARTNER_BOARD,
    )
    yield "revoke create on schema public from consultancy_dispatch"
