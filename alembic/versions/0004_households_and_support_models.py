"""Households with their yearly statuses, support models with deliveries and visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app import db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What is on record stays: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("household_events",)
SUBJECTS_BEFORE = (
    "work", "step", "contract", "acceptance", "payment_dossier", "settlement", "progress", "clearance_household",
    "obstacle", "line", "entry", "assessment", "target", "plan",
)  # fmt: skip
SUBJECTS = (*SUBJECTS_BEFORE, "support_model", "delivery", "visit")


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
        "model_templates",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("livestock", sa.Boolean(), nullable=False),
        sa.Column("content", sa.String(length=4000), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_model_templates")),
    )
    op.create_table(
        "households",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("hamlet_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("head_name", sa.String(length=120), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("ethnicity", sa.String(length=60), nullable=False),
        sa.Column("identity_number", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=300), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("name_key", db.ByteOrdered(), nullable=False),
        sa.Column("sort_key", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hamlet_id"], ["units.id"], name=op.f("fk_households_hamlet_id_units")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["households.id"], name=op.f("fk_households_merged_into_id_households")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_households_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("unit_id", "code", name=op.f("uq_households_unit_id_code")),
    )
    with op.batch_alter_table("households", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_households_hamlet_id"), ["hamlet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_households_name_key"), ["name_key"], unique=False)
        batch_op.create_index("ix_households_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "household_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("from_status", sa.String(length=12), nullable=False),
        sa.Column("to_status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_household_events_household_id_households")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["households.id"], name=op.f("fk_household_events_other_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_events")),
    )
    with op.batch_alter_table("household_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_events_household_id"), ["household_id"], unique=False)

    op.create_table(
        "household_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_household_members_household_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_members")),
    )
    with op.batch_alter_table("household_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_members_household_id"), ["household_id"], unique=False)

    op.create_table(
        "household_statuses",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("decision_number", sa.String(length=120), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("decision_issuer", sa.String(length=200), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('poor', 'near_poor', 'escaped', 'other')", name=op.f("ck_household_statuses_status")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_household_statuses_household_id_households")
        ),
        sa.PrimaryKeyConstraint("household_id", "year", name=op.f("pk_household_statuses")),
    )
    with op.batch_alter_table("household_statuses", schema=None) as batch_op:
        batch_op.create_index("ix_household_statuses_year_status", ["year", "status"], unique=False)

    op.create_table(
        "support_models",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("hamlet_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("content", sa.String(length=4000), nullable=False),
        sa.Column("livestock", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("household_share", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("evaluation", sa.String(length=4000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("household_share >= 0", name=op.f("ck_support_models_household_share")),
        sa.ForeignKeyConstraint(["hamlet_id"], ["units.id"], name=op.f("fk_support_models_hamlet_id_units")),
        sa.ForeignKeyConstraint(
            ["head_id"], ["households.id"], name=op.f("fk_support_models_head_id_households")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_support_models_project_id_projects")
        ),
        sa.ForeignKeyConstraint(
            ["template"], ["model_templates.code"], name=op.f("fk_support_models_template_model_templates")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_support_models_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_models")),
    )
    with op.batch_alter_table("support_models", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_models_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_models_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_support_models_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "support_inputs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("quantity", db.ExactThousandths(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("delivered", db.ExactThousandths(), nullable=False),
        sa.CheckConstraint(
            "delivered >= 0 AND delivered <= quantity", name=op.f("ck_support_inputs_delivered")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_support_inputs_quantity")),
        sa.CheckConstraint("unit_price > 0", name=op.f("ck_support_inputs_unit_price")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["support_models.id"], name=op.f("fk_support_inputs_model_id_support_models")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_inputs")),
    )
    with op.batch_alter_table("support_inputs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_inputs_model_id"), ["model_id"], unique=False)

    op.create_table(
        "support_members",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("income_before", sa.BigInteger(), nullable=True),
        sa.Column("income_after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("income_after >= 0", name=op.f("ck_support_members_income_after")),
        sa.CheckConstraint("income_before >= 0", name=op.f("ck_support_members_income_before")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_support_members_household_id_households")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["support_models.id"], name=op.f("fk_support_members_model_id_support_models")
        ),
        sa.PrimaryKeyConstraint("model_id", "household_id", name=op.f("pk_support_members")),
    )
    with op.batch_alter_table("support_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_members_household_id"), ["household_id"], unique=False)

    op.create_table(
        "support_visits",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("alive", sa.Integer(), nullable=False),
        sa.Column("dead", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("sick", sa.Integer(), nullable=False),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.Column("yield_amount", db.ExactThousandths(), nullable=True),
        sa.Column("yield_measure", sa.String(length=60), nullable=False),
        sa.Column("income", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "alive >= 0 AND dead >= 0 AND sold >= 0 AND sick >= 0 AND born >= 0",
            name=op.f("ck_support_visits_counts"),
        ),
        sa.CheckConstraint("income >= 0", name=op.f("ck_support_visits_income")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_support_visits_household_id_households")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["support_models.id"], name=op.f("fk_support_visits_model_id_support_models")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_visits")),
    )
    with op.batch_alter_table("support_visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_visits_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_support_visits_model_id_household_id", ["model_id", "household_id"], unique=False
        )

    op.create_table(
        "support_budgets",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("budget_line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_support_budgets_amount")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_lines.id"],
            name=op.f("fk_support_budgets_budget_line_id_budget_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["support_models.id"], name=op.f("fk_support_budgets_model_id_support_models")
        ),
        sa.PrimaryKeyConstraint("model_id", "budget_line_id", name=op.f("pk_support_budgets")),
    )
    with op.batch_alter_table("support_budgets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_budgets_budget_line_id"), ["budget_line_id"], unique=False
        )

    op.create_table(
        "support_deliveries",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("input_id", sa.Uuid(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("quantity", db.ExactThousandths(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("withdrawn_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_support_deliveries_quantity")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_support_deliveries_household_id_households")
        ),
        sa.ForeignKeyConstraint(
            ["input_id"], ["support_inputs.id"], name=op.f("fk_support_deliveries_input_id_support_inputs")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["support_models.id"], name=op.f("fk_support_deliveries_model_id_support_models")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_deliveries")),
    )
    with op.batch_alter_table("support_deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_deliveries_household_id"), ["household_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_support_deliveries_model_id"), ["model_id"], unique=False)

    _attach_to(SUBJECTS)
    for table in APPEND_ONLY:
        for statement in db.append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM attachments WHERE subject_kind IN ('support_model', 'delivery', 'visit')")
    _attach_to(SUBJECTS_BEFORE)
    with op.batch_alter_table("support_deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_deliveries_model_id"))
        batch_op.drop_index(batch_op.f("ix_support_deliveries_household_id"))

    op.drop_table("support_deliveries")
    with op.batch_alter_table("support_budgets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_budgets_budget_line_id"))

    op.drop_table("support_budgets")
    with op.batch_alter_table("support_visits", schema=None) as batch_op:
        batch_op.drop_index("ix_support_visits_model_id_household_id")
        batch_op.drop_index(batch_op.f("ix_support_visits_household_id"))

    op.drop_table("support_visits")
    with op.batch_alter_table("support_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_members_household_id"))

    op.drop_table("support_members")
    with op.batch_alter_table("support_inputs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_inputs_model_id"))

    op.drop_table("support_inputs")
    with op.batch_alter_table("support_models", schema=None) as batch_op:
        batch_op.drop_index("ix_support_models_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_support_models_unit_id"))
        batch_op.drop_index(batch_op.f("ix_support_models_project_id"))

    op.drop_table("support_models")
    with op.batch_alter_table("household_statuses", schema=None) as batch_op:
        batch_op.drop_index("ix_household_statuses_year_status")

    op.drop_table("household_statuses")
    with op.batch_alter_table("household_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_members_household_id"))

    op.drop_table("household_members")
    with op.batch_alter_table("household_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_events_household_id"))

    op.drop_table("household_events")
    with op.batch_alter_table("households", schema=None) as batch_op:
        batch_op.drop_index("ix_households_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_households_name_key"))
        batch_op.drop_index(batch_op.f("ix_households_hamlet_id"))

    op.drop_table("households")
    op.drop_table("model_templates")
