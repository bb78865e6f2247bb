"""Rural criteria and their assessments, targets, plans with what was done on them, and the record of appraisal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app import db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What is on record stays: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("plan_versions", "task_progress", "workflow_events")
SUBJECTS_BEFORE = (
    "work", "step", "contract", "acceptance", "payment_dossier", "settlement", "progress", "clearance_household",
    "obstacle", "line", "entry",
)  # fmt: skip
SUBJECTS = (*SUBJECTS_BEFORE, "assessment", "target", "plan")


def _attach_to(subjects: tuple[str, ...]) -> None:
    """SQLite copies the table without its checks, PostgreSQL changes it in place."""
    name = op.f("ck_attachments_subject_kind")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":
            batch_op.drop_constraint(name, type_="check")
        kinds = ", ".join(f"'{subject}'" for subject in subjects)
        batch_op.create_check_constraint(name, f"subject_kind IN ({kinds})")


def upgrade() -> None:
    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    op.create_table(
        "criteria_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "level IN ('commune', 'advanced_commune', 'hamlet')", name=op.f("ck_criteria_sets_level")
        ),
        sa.CheckConstraint("region IS NULL OR unit_id IS NULL", name=op.f("ck_criteria_sets_one_place")),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name=op.f("fk_criteria_sets_region_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_criteria_sets_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria_sets")),
        sa.UniqueConstraint("code", name=op.f("uq_criteria_sets_code")),
    )
    op.create_table(
        "plans",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("from_plan_id", sa.Uuid(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('period', 'year', 'model_hamlet')", name=op.f("ck_plans_kind")),
        sa.ForeignKeyConstraint(["from_plan_id"], ["plans.id"], name=op.f("fk_plans_from_plan_id_plans")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_plans_program_id_programs")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_plans_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_program_id"), ["program_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plans_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_plans_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["criteria_sets.id"], name=op.f("fk_criteria_set_id_criteria_sets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint("set_id", "number", name=op.f("uq_criteria_set_id_number")),
    )
    op.create_table(
        "plan_versions",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_versions_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_plan_versions")),
    )
    op.create_table(
        "workflow_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("move", sa.String(length=16), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("remark", sa.String(length=4000), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("document_issuer", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_workflow_events_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_workflow_events_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_events")),
    )
    with op.batch_alter_table("workflow_events", schema=None) as batch_op:
        batch_op.create_index("ix_workflow_events_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "criterion_spells",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criteria.id"], name=op.f("fk_criterion_spells_criterion_id_criteria")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_criterion_spells_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "criterion_id", "since", name=op.f("pk_criterion_spells")),
    )
    with op.batch_alter_table("criterion_spells", schema=None) as batch_op:
        batch_op.create_index(
            "ix_criterion_spells_criterion_id_since", ["criterion_id", "since"], unique=False
        )

    op.create_table(
        "indicators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=600), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("evidence_required", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "kind IN ('judgment', 'percent', 'percent_max', 'amount')", name=op.f("ck_indicators_kind")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criteria.id"], name=op.f("fk_indicators_criterion_id_criteria")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("criterion_id", "code", name=op.f("uq_indicators_criterion_id_code")),
    )
    op.create_table(
        "plan_funds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("capital_kind", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("budget_line_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_funds_amount")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_lines.id"], name=op.f("fk_plan_funds_budget_line_id_budget_lines")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_funds_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_plan_funds_project_id_projects")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["funding_sources.code"], name=op.f("fk_plan_funds_source_funding_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_funds")),
    )
    with op.batch_alter_table("plan_funds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_funds_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "targets",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=True),
        sa.Column("recognition", sa.String(length=20), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("recognised_on", sa.Date(), nullable=True),
        sa.Column("recognised_by", sa.String(length=300), nullable=False),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("dropped_reason", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "recognition IS NULL OR recognition IN ('commune', 'advanced_commune', 'model_hamlet')",
            name=op.f("ck_targets_recognition"),
        ),
        sa.CheckConstraint(
            "(criterion_id IS NULL) = (recognition IS NOT NULL)", name=op.f("ck_targets_one_aim")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criteria.id"], name=op.f("fk_targets_criterion_id_criteria")
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["criteria_sets.id"], name=op.f("fk_targets_set_id_criteria_sets")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_targets_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_targets_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_targets_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "assessments",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("value", db.ExactThousandths(), nullable=True),
        sa.Column("threshold", db.ExactThousandths(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("assessor", sa.String(length=200), nullable=False),
        sa.Column("verifier", sa.String(length=200), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("verdict_note", sa.String(length=2000), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(verdict = '') = (verified_on IS NULL)", name=op.f("ck_assessments_verified_on")),
        sa.CheckConstraint("verdict IN ('', 'agreed', 'disputed')", name=op.f("ck_assessments_verdict")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_assessments_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assessments_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessments_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(
            "ix_assessments_unit_id_indicator_id_assessed_on",
            ["unit_id", "indicator_id", "assessed_on"],
            unique=False,
        )
        batch_op.create_index("ix_assessments_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("quantity", db.ExactThousandths(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("budget_line_id", sa.Uuid(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('target', 'task', 'solution')", name=op.f("ck_tasks_kind")),
        sa.CheckConstraint("(plan_id IS NULL) = (target_id IS NOT NULL)", name=op.f("ck_tasks_one_owner")),
        sa.CheckConstraint("quantity IS NULL OR quantity > 0", name=op.f("ck_tasks_quantity")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_lines.id"], name=op.f("fk_tasks_budget_line_id_budget_lines")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_tasks_plan_id_plans")),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"], name=op.f("fk_tasks_target_id_targets")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_tasks_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_budget_line_id"), ["budget_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_target_id"), ["target_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_work_id"), ["work_id"], unique=False)

    op.create_table(
        "thresholds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("value", db.ExactThousandths(), nullable=True),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("region IS NULL OR unit_id IS NULL", name=op.f("ck_thresholds_one_place")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_thresholds_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name=op.f("fk_thresholds_region_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_thresholds_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thresholds")),
    )
    with op.batch_alter_table("thresholds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thresholds_indicator_id"), ["indicator_id"], unique=False)

    op.create_table(
        "task_progress",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("value", db.ExactThousandths(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_task_progress_value")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_progress_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_progress")),
    )
    with op.batch_alter_table("task_progress", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_progress_task_id_reported_on", ["task_id", "reported_on"], unique=False
        )

    op.add_column("units", sa.Column("region", sa.String(length=20), nullable=True))
    _attach_to(SUBJECTS)
    for table in APPEND_ONLY:
        for statement in db.append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM attachments WHERE subject_kind IN ('assessment', 'target', 'plan')")
    _attach_to(SUBJECTS_BEFORE)
    op.execute("ALTER TABLE units DROP COLUMN region")

    with op.batch_alter_table("task_progress", schema=None) as batch_op:
        batch_op.drop_index("ix_task_progress_task_id_reported_on")

    op.drop_table("task_progress")
    with op.batch_alter_table("thresholds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thresholds_indicator_id"))

    op.drop_table("thresholds")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_work_id"))
        batch_op.drop_index(batch_op.f("ix_tasks_target_id"))
        batch_op.drop_index(batch_op.f("ix_tasks_plan_id"))
        batch_op.drop_index(batch_op.f("ix_tasks_budget_line_id"))

    op.drop_table("tasks")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index("ix_assessments_updated_at_id")
        batch_op.drop_index("ix_assessments_unit_id_indicator_id_assessed_on")
        batch_op.drop_index(batch_op.f("ix_assessments_indicator_id"))

    op.drop_table("assessments")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index("ix_targets_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_targets_unit_id"))

    op.drop_table("targets")
    with op.batch_alter_table("plan_funds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_funds_plan_id"))

    op.drop_table("plan_funds")
    op.drop_table("indicators")
    with op.batch_alter_table("criterion_spells", schema=None) as batch_op:
        batch_op.drop_index("ix_criterion_spells_criterion_id_since")

    op.drop_table("criterion_spells")
    with op.batch_alter_table("workflow_events", schema=None) as batch_op:
        batch_op.drop_index("ix_workflow_events_subject")

    op.drop_table("workflow_events")
    op.drop_table("plan_versions")
    op.drop_table("criteria")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index("ix_plans_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_plans_unit_id"))
        batch_op.drop_index(batch_op.f("ix_plans_program_id"))

    op.drop_table("plans")
    op.drop_table("criteria_sets")
    op.drop_table("regions")
