"""Works from dossier to settlement: documents, procedures, site clearance, progress, obstacles, settlement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app import db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What is on record stays: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("stage_overrides", "personal_views", "obstacle_events")


def upgrade() -> None:
    op.create_table(
        "document_kinds",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_document_kinds")),
    )
    op.create_table(
        "procedures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedures")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_procedures_code_number")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploads_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "documents",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind"], ["document_kinds.code"], name=op.f("fk_documents_kind_document_kinds")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_documents_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_documents_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "personal_views",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_personal_views_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_views")),
    )
    with op.batch_alter_table("personal_views", schema=None) as batch_op:
        batch_op.create_index("ix_personal_views_unit_id_id", ["unit_id", "id"], unique=False)

    op.create_table(
        "procedure_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("gate", sa.String(length=16), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("required_documents", sa.JSON(), nullable=False),
        sa.Column("prepares", sa.String(length=200), nullable=False),
        sa.Column("approves", sa.String(length=200), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedures.id"], name=op.f("fk_procedure_steps_procedure_id_procedures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_steps")),
        sa.UniqueConstraint("procedure_id", "code", name=op.f("uq_procedure_steps_procedure_id_code")),
    )
    with op.batch_alter_table("procedure_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_steps_procedure_id"), ["procedure_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "subject_kind IN ('work', 'step', 'contract', 'acceptance', 'payment_dossier', 'settlement', 'progress', 'clearance_household', 'obstacle', 'line', 'entry')",
            name=op.f("ck_attachments_subject_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_attachments_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("document_id", "subject_kind", "subject_id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "document_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("taken_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_files_size")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_files_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_files")),
        sa.UniqueConstraint("document_id", "sha256", name=op.f("uq_document_files_document_id_sha256")),
    )
    with op.batch_alter_table("document_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_files_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "progress_reports",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("physical_percent", sa.Integer(), nullable=False),
        sa.Column("accepted_value", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accepted_value >= 0", name=op.f("ck_progress_reports_accepted_value")),
        sa.CheckConstraint(
            "physical_percent BETWEEN 0 AND 100", name=op.f("ck_progress_reports_physical_percent")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_progress_reports_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_reports")),
        sa.UniqueConstraint("work_id", "reported_on", name=op.f("uq_progress_reports_work_id_reported_on")),
    )
    with op.batch_alter_table("progress_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_reports_work_id"), ["work_id"], unique=False)

    op.create_table(
        "site_clearances",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("plan_amount", sa.BigInteger(), nullable=True),
        sa.Column("due_total", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_total >= 0", name=op.f("ck_site_clearances_due_total")),
        sa.CheckConstraint(
            "plan_amount IS NULL OR due_total <= plan_amount", name=op.f("ck_site_clearances_plan_amount")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_site_clearances_work_id_works")),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_site_clearances")),
    )
    op.create_table(
        "stage_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_stage_overrides_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_overrides")),
    )
    with op.batch_alter_table("stage_overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_overrides_work_id"), ["work_id"], unique=False)

    op.create_table(
        "work_milestones",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_work_milestones_percent")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_work_milestones_work_id_works")),
        sa.PrimaryKeyConstraint("work_id", "planned_on", name=op.f("pk_work_milestones")),
    )
    op.create_table(
        "work_settlements",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("proposed_value", sa.BigInteger(), nullable=False),
        sa.Column("settled_value", sa.BigInteger(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_number", sa.String(length=120), nullable=False),
        sa.Column("decision_issuer", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(settled_value IS NULL) = (decided_on IS NULL)", name=op.f("ck_work_settlements_decided_on")
        ),
        sa.CheckConstraint("proposed_value > 0", name=op.f("ck_work_settlements_proposed_value")),
        sa.CheckConstraint("settled_value > 0", name=op.f("ck_work_settlements_settled_value")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_work_settlements_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_settlements")),
        sa.UniqueConstraint("work_id", name=op.f("uq_work_settlements_work_id")),
    )
    op.create_table(
        "work_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("gate", sa.String(length=16), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("required_documents", sa.JSON(), nullable=False),
        sa.Column("prepares", sa.String(length=200), nullable=False),
        sa.Column("approves", sa.String(length=200), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name=op.f("ck_work_steps_done_on")),
        sa.CheckConstraint("status IN ('open', 'done', 'waived')", name=op.f("ck_work_steps_status")),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedures.id"], name=op.f("fk_work_steps_procedure_id_procedures")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_work_steps_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_steps")),
        sa.UniqueConstraint("work_id", "track", "code", name=op.f("uq_work_steps_work_id_track_code")),
    )
    with op.batch_alter_table("work_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_steps_work_id"), ["work_id"], unique=False)

    op.create_table(
        "acceptances",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_acceptances_value")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_acceptances_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptances")),
        sa.UniqueConstraint("contract_id", "round", name=op.f("uq_acceptances_contract_id_round")),
    )
    with op.batch_alter_table("acceptances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptances_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "clearance_households",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("head_name", sa.String(length=120), nullable=False),
        sa.Column("hamlet_id", sa.Integer(), nullable=True),
        sa.Column("parcels", sa.String(length=300), nullable=False),
        sa.Column("area_dm2", sa.BigInteger(), nullable=False),
        sa.Column("assets", sa.String(length=1000), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("compensation_due", sa.BigInteger(), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("sort_key", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("form IN ('money', 'gift')", name=op.f("ck_clearance_households_form")),
        sa.CheckConstraint("area_dm2 >= 0", name=op.f("ck_clearance_households_area_dm2")),
        sa.CheckConstraint("compensation_due >= 0", name=op.f("ck_clearance_households_compensation_due")),
        sa.ForeignKeyConstraint(
            ["hamlet_id"], ["units.id"], name=op.f("fk_clearance_households_hamlet_id_units")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["site_clearances.work_id"],
            name=op.f("fk_clearance_households_work_id_site_clearances"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance_households")),
        sa.UniqueConstraint("work_id", "code", name=op.f("uq_clearance_households_work_id_code")),
    )
    with op.batch_alter_table("clearance_households", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearance_households_work_id"), ["work_id"], unique=False)

    op.create_table(
        "obstacles",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("resolver", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("escalated_to", sa.Integer(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'resolved') = (resolved_on IS NOT NULL)", name=op.f("ck_obstacles_resolved_on")
        ),
        sa.CheckConstraint("state IN ('open', 'escalated', 'resolved')", name=op.f("ck_obstacles_state")),
        sa.CheckConstraint(
            "subject_kind IN ('work', 'line', 'step')", name=op.f("ck_obstacles_subject_kind")
        ),
        sa.ForeignKeyConstraint(["escalated_to"], ["units.id"], name=op.f("fk_obstacles_escalated_to_units")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_lines.id"], name=op.f("fk_obstacles_line_id_budget_lines")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_obstacles_unit_id_units")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_obstacles_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacles")),
    )
    with op.batch_alter_table("obstacles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obstacles_escalated_to"), ["escalated_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_obstacles_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obstacles_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obstacles_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obstacles_work_id"), ["work_id"], unique=False)
        batch_op.create_index("ix_obstacles_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "clearance_payments",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_clearance_payments_amount")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_clearance_payments_entry_id_ledger_entries")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["clearance_households.id"],
            name=op.f("fk_clearance_payments_household_id_clearance_households"),
        ),
        sa.PrimaryKeyConstraint("household_id", "entry_id", name=op.f("pk_clearance_payments")),
    )
    with op.batch_alter_table("clearance_payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearance_payments_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "obstacle_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obstacle_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["obstacle_id"], ["obstacles.id"], name=op.f("fk_obstacle_events_obstacle_id_obstacles")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"], ["units.id"], name=op.f("fk_obstacle_events_to_unit_id_units")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_obstacle_events_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle_events")),
    )
    with op.batch_alter_table("obstacle_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obstacle_events_obstacle_id"), ["obstacle_id"], unique=False)

    op.create_table(
        "payment_dossiers",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("returned_reason", sa.String(length=1000), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('advance', 'payment')", name=op.f("ck_payment_dossiers_kind")),
        sa.CheckConstraint(
            "state IN ('prepared', 'submitted', 'returned', 'paid')", name=op.f("ck_payment_dossiers_state")
        ),
        sa.CheckConstraint(
            "amount >= 0 AND recovered >= 0 AND amount + recovered > 0",
            name=op.f("ck_payment_dossiers_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["acceptance_id"], ["acceptances.id"], name=op.f("fk_payment_dossiers_acceptance_id_acceptances")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_payment_dossiers_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_payment_dossiers_entry_id_ledger_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_dossiers")),
        sa.UniqueConstraint("contract_id", "round", name=op.f("uq_payment_dossiers_contract_id_round")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_payment_dossiers_entry_id")),
    )
    with op.batch_alter_table("payment_dossiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_dossiers_contract_id"), ["contract_id"], unique=False)

    # As a column's own constraint: SQLite would copy the whole table to add one to the table.
    op.execute(
        "ALTER TABLE contract_balances ADD COLUMN accepted BIGINT NOT NULL DEFAULT 0 "
        "CONSTRAINT ck_contract_balances_accepted CHECK (accepted >= 0 AND accepted <= value)"
    )
    op.execute(
        "ALTER TABLE contract_balances ADD COLUMN asked BIGINT NOT NULL DEFAULT 0 "
        "CONSTRAINT ck_contract_balances_asked CHECK (asked >= 0 AND asked <= accepted)"
    )
    op.execute(
        "ALTER TABLE work_balances ADD COLUMN settled_value BIGINT "
        "CONSTRAINT ck_work_balances_settled_value CHECK (settled_value > 0 AND settled_value <= total_investment)"
    )

    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("package", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("selection", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("guarantee", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("guarantee_amount", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("guarantee_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("illustrative", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.add_column(sa.Column("path", sa.JSON(none_as_null=True), nullable=True))
    for table in APPEND_ONLY:
        for statement in db.append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.drop_column("path")

    op.execute("ALTER TABLE work_balances DROP COLUMN settled_value")

    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_column("illustrative")
        batch_op.drop_column("guarantee_until")
        batch_op.drop_column("guarantee_amount")
        batch_op.drop_column("guarantee")
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")
        batch_op.drop_column("selection")
        batch_op.drop_column("package")

    op.execute("ALTER TABLE contract_balances DROP COLUMN asked")
    op.execute("ALTER TABLE contract_balances DROP COLUMN accepted")

    with op.batch_alter_table("payment_dossiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_dossiers_contract_id"))

    op.drop_table("payment_dossiers")
    with op.batch_alter_table("obstacle_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obstacle_events_obstacle_id"))

    op.drop_table("obstacle_events")
    with op.batch_alter_table("clearance_payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearance_payments_entry_id"))

    op.drop_table("clearance_payments")
    with op.batch_alter_table("obstacles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obstacles_work_id"))
        batch_op.drop_index("ix_obstacles_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_obstacles_unit_id"))
        batch_op.drop_index(batch_op.f("ix_obstacles_subject_id"))
        batch_op.drop_index(batch_op.f("ix_obstacles_line_id"))
        batch_op.drop_index(batch_op.f("ix_obstacles_escalated_to"))

    op.drop_table("obstacles")
    with op.batch_alter_table("clearance_households", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearance_households_work_id"))

    op.drop_table("clearance_households")
    with op.batch_alter_table("acceptances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptances_contract_id"))

    op.drop_table("acceptances")
    with op.batch_alter_table("work_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_steps_work_id"))

    op.drop_table("work_steps")
    op.drop_table("work_settlements")
    op.drop_table("work_milestones")
    with op.batch_alter_table("stage_overrides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_overrides_work_id"))

    op.drop_table("stage_overrides")
    op.drop_table("site_clearances")
    with op.batch_alter_table("progress_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_reports_work_id"))

    op.drop_table("progress_reports")
    with op.batch_alter_table("document_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_files_sha256"))
        batch_op.drop_index(batch_op.f("ix_document_files_document_id"))

    op.drop_table("document_files")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index("ix_attachments_subject")

    op.drop_table("attachments")
    with op.batch_alter_table("procedure_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_steps_procedure_id"))

    op.drop_table("procedure_steps")
    with op.batch_alter_table("personal_views", schema=None) as batch_op:
        batch_op.drop_index("ix_personal_views_unit_id_id")

    op.drop_table("personal_views")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("ix_documents_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_documents_unit_id"))

    op.drop_table("documents")
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uploads_updated_at"))

    op.drop_table("uploads")
    op.drop_table("procedures")
    op.drop_table("document_kinds")
