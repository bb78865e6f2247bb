"""The ground: territory, catalogue, identity, ledger, works."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app import db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What is on record stays: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("ledger_entries", "chain_links", "audit_rows")


def upgrade() -> None:
    op.create_table(
        "funding_sources",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_funding_sources")),
    )
    op.create_table(
        "parameters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameters")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_parameters_key_valid_from")),
    )
    op.create_table(
        "programs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.Column("period_from", sa.Integer(), nullable=False),
        sa.Column("period_to", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programs")),
        sa.UniqueConstraint("code", name=op.f("uq_programs_code")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("area_km2", sa.Double(), nullable=True),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("sort_key", db.ByteOrdered(), nullable=False),
        sa.Column("requires_checker", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('nation', 'province', 'district', 'commune', 'hamlet')", name=op.f("ck_units_level")
        ),
        sa.CheckConstraint("structure IN ('legacy', '2025')", name=op.f("ck_units_structure")),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("structure", "code", name=op.f("uq_units_structure_code")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_units_sort_key", ["sort_key"], unique=False)

    op.create_table(
        "api_clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=5), nullable=False),
        sa.Column("personal_data", sa.Boolean(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope IN ('read', 'write')", name=op.f("ck_api_clients_scope")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_api_clients_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_clients")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_clients_client_id")),
    )
    with op.batch_alter_table("api_clients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_clients_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "audit_rows",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_audit_rows_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_rows")),
    )
    with op.batch_alter_table("audit_rows", schema=None) as batch_op:
        batch_op.create_index("ix_audit_rows_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index("ix_audit_rows_unit_id_id", ["unit_id", "id"], unique=False)

    op.create_table(
        "chain_heads",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("last_recorded_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_chain_heads_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_chain_heads")),
    )
    op.create_table(
        "closed_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("closed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("month BETWEEN 0 AND 12", name=op.f("ck_closed_periods_month")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_closed_periods_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_periods")),
    )
    with op.batch_alter_table("closed_periods", schema=None) as batch_op:
        batch_op.create_index("ix_closed_periods_unit_year", ["unit_id", "year"], unique=False)

    op.create_table(
        "projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["projects.id"], name=op.f("fk_projects_parent_id_projects")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_projects_program_id_programs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("code", name=op.f("uq_projects_code")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_projects_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_program_id"), ["program_id"], unique=False)

    op.create_table(
        "unit_scope",
        sa.Column("ancestor_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ancestor_id"], ["units.id"], name=op.f("fk_unit_scope_ancestor_id_units")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_scope_unit_id_units")),
        sa.PrimaryKeyConstraint("ancestor_id", "unit_id", name=op.f("pk_unit_scope")),
    )
    with op.batch_alter_table("unit_scope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_scope_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_successions",
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("extent", sa.String(length=9), nullable=False),
        sa.CheckConstraint(
            "extent IN ('whole', 'main part', 'part')", name=op.f("ck_unit_successions_extent")
        ),
        sa.ForeignKeyConstraint(["new_id"], ["units.id"], name=op.f("fk_unit_successions_new_id_units")),
        sa.ForeignKeyConstraint(["old_id"], ["units.id"], name=op.f("fk_unit_successions_old_id_units")),
        sa.PrimaryKeyConstraint("old_id", "new_id", name=op.f("pk_unit_successions")),
    )
    with op.batch_alter_table("unit_successions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_successions_new_id"), ["new_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("sort_key", db.ByteOrdered(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'officer', 'accountant', 'leader', 'reviewer', 'inspector', 'supervisor')",
            name=op.f("ck_users_role"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_users_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "access_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_clients.id"], name=op.f("fk_access_tokens_client_id_api_clients")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_access_tokens")),
    )
    with op.batch_alter_table("access_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_tokens_client_id"), ["client_id"], unique=False)

    op.create_table(
        "deadline_extensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("capital_kind", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_issuer", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_deadline_extensions_project_id_projects")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["funding_sources.code"], name=op.f("fk_deadline_extensions_source_funding_sources")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deadline_extensions_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extensions")),
    )
    with op.batch_alter_table("deadline_extensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_extensions_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "password_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_password_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_links_token_hash")),
    )
    with op.batch_alter_table("password_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_links_user_id"), ["user_id"], unique=False)

    op.create_table(
        "works",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("owner_unit_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("procedure", sa.String(length=16), nullable=True),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("scale", sa.String(length=300), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("decision_number", sa.String(length=120), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("planned_start", sa.Date(), nullable=True),
        sa.Column("planned_finish", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("physical_percent", sa.Integer(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("sort_key", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('preparation', 'construction', 'completed', 'handed_over', 'settled', 'suspended', 'cancelled')",
            name=op.f("ck_works_stage"),
        ),
        sa.CheckConstraint("physical_percent BETWEEN 0 AND 100", name=op.f("ck_works_physical_percent")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["units.id"], name=op.f("fk_works_owner_unit_id_units")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_works_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
        sa.UniqueConstraint("owner_unit_id", "code", name=op.f("uq_works_owner_unit_id_code")),
    )
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_works_project_id"), ["project_id"], unique=False)

    op.create_table(
        "budget_lines",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("capital_kind", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("origin_year", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("support_model_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capital_kind IN ('investment', 'recurrent')", name=op.f("ck_budget_lines_kind")),
        sa.CheckConstraint("origin_year <= year", name=op.f("ck_budget_lines_origin_year")),
        sa.CheckConstraint(
            "work_id IS NULL OR support_model_id IS NULL", name=op.f("ck_budget_lines_one_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_budget_lines_project_id_projects")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["funding_sources.code"], name=op.f("fk_budget_lines_source_funding_sources")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_budget_lines_unit_id_units")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_budget_lines_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_lines")),
    )
    with op.batch_alter_table("budget_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_lines_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_budget_lines_support_model_id"), ["support_model_id"], unique=False
        )
        batch_op.create_index("ix_budget_lines_updated", ["updated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_lines_work_id"), ["work_id"], unique=False)
        batch_op.create_index("ix_budget_lines_year_unit", ["year", "unit_id"], unique=False)
        batch_op.create_index(
            "uq_budget_lines_general",
            ["unit_id", "project_id", "source", "capital_kind", "year", "origin_year"],
            unique=True,
            sqlite_where=sa.text("work_id IS NULL AND support_model_id IS NULL"),
            postgresql_where=sa.text("work_id IS NULL AND support_model_id IS NULL"),
        )
        batch_op.create_index(
            "uq_budget_lines_model",
            ["unit_id", "project_id", "source", "capital_kind", "year", "origin_year", "support_model_id"],
            unique=True,
            sqlite_where=sa.text("support_model_id IS NOT NULL"),
            postgresql_where=sa.text("support_model_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_budget_lines_work",
            ["unit_id", "project_id", "source", "capital_kind", "year", "origin_year", "work_id"],
            unique=True,
            sqlite_where=sa.text("work_id IS NOT NULL"),
            postgresql_where=sa.text("work_id IS NOT NULL"),
        )

    op.create_table(
        "contracts",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("contractor", sa.String(length=200), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("advance_limit", sa.Integer(), nullable=False),
        sa.Column("advance_permit", sa.String(length=300), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("advance_limit BETWEEN 0 AND 10000", name=op.f("ck_contracts_advance_limit")),
        sa.CheckConstraint("value > 0", name=op.f("ck_contracts_value")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_contracts_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("work_id", "code", name=op.f("uq_contracts_work_id_code")),
    )
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_work_id"), ["work_id"], unique=False)

    op.create_table(
        "work_balances",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("total_investment", sa.BigInteger(), nullable=True),
        sa.Column("contracted", sa.BigInteger(), nullable=False),
        sa.Column("disbursed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "contracted >= 0 AND contracted <= total_investment", name=op.f("ck_work_balances_contracted")
        ),
        sa.CheckConstraint(
            "disbursed >= 0 AND disbursed <= total_investment", name=op.f("ck_work_balances_disbursed")
        ),
        sa.CheckConstraint("total_investment >= 0", name=op.f("ck_work_balances_total_investment")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_work_balances_work_id_works")),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_work_balances")),
    )
    op.create_table(
        "work_hamlets",
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_work_hamlets_unit_id_units")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_work_hamlets_work_id_works")),
        sa.PrimaryKeyConstraint("work_id", "unit_id", name=op.f("pk_work_hamlets")),
    )
    with op.batch_alter_table("work_hamlets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_hamlets_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "balances",
        sa.Column("budget_line_id", sa.Uuid(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("advanced", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("allocated", sa.BigInteger(), nullable=False),
        sa.Column("carried_in", sa.BigInteger(), nullable=False),
        sa.Column("carried_out", sa.BigInteger(), nullable=False),
        sa.Column("lapsed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("advanced >= 0", name=op.f("ck_balances_advanced")),
        sa.CheckConstraint("allocated + carried_in <= 9007199254740991", name=op.f("ck_balances_size")),
        sa.CheckConstraint(
            "allocated + carried_in = available + advanced + paid + settled + carried_out + lapsed",
            name=op.f("ck_balances_plan"),
        ),
        sa.CheckConstraint("available >= 0", name=op.f("ck_balances_available")),
        sa.CheckConstraint("carried_in >= 0", name=op.f("ck_balances_carried_in")),
        sa.CheckConstraint("carried_out >= 0", name=op.f("ck_balances_carried_out")),
        sa.CheckConstraint("lapsed >= 0", name=op.f("ck_balances_lapsed")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_balances_paid")),
        sa.CheckConstraint("settled >= 0", name=op.f("ck_balances_settled")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_lines.id"], name=op.f("fk_balances_budget_line_id_budget_lines")
        ),
        sa.PrimaryKeyConstraint("budget_line_id", name=op.f("pk_balances")),
    )
    op.create_table(
        "contract_amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_amendments_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_amendments")),
    )
    with op.batch_alter_table("contract_amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_amendments_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_balances",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("advance_ceiling", sa.BigInteger(), nullable=False),
        sa.Column("net_advances", sa.BigInteger(), nullable=False),
        sa.Column("advanced", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("advanced + paid <= value", name=op.f("ck_contract_balances_value")),
        sa.CheckConstraint("advanced >= 0", name=op.f("ck_contract_balances_advanced")),
        sa.CheckConstraint(
            "net_advances >= 0 AND net_advances <= advance_ceiling",
            name=op.f("ck_contract_balances_advance_ceiling"),
        ),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_contract_balances_paid")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_balances_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_contract_balances")),
    )
    op.create_table(
        "daily_balances",
        sa.Column("budget_line_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("advanced", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("allocated", sa.BigInteger(), nullable=False),
        sa.Column("carried_in", sa.BigInteger(), nullable=False),
        sa.Column("carried_out", sa.BigInteger(), nullable=False),
        sa.Column("lapsed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("advanced >= 0", name=op.f("ck_daily_balances_advanced")),
        sa.CheckConstraint("allocated + carried_in <= 9007199254740991", name=op.f("ck_daily_balances_size")),
        sa.CheckConstraint(
            "allocated + carried_in = available + advanced + paid + settled + carried_out + lapsed",
            name=op.f("ck_daily_balances_plan"),
        ),
        sa.CheckConstraint("available >= 0", name=op.f("ck_daily_balances_available")),
        sa.CheckConstraint("carried_in >= 0", name=op.f("ck_daily_balances_carried_in")),
        sa.CheckConstraint("carried_out >= 0", name=op.f("ck_daily_balances_carried_out")),
        sa.CheckConstraint("lapsed >= 0", name=op.f("ck_daily_balances_lapsed")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_daily_balances_paid")),
        sa.CheckConstraint("settled >= 0", name=op.f("ck_daily_balances_settled")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_lines.id"],
            name=op.f("fk_daily_balances_budget_line_id_budget_lines"),
        ),
        sa.PrimaryKeyConstraint("budget_line_id", "day", name=op.f("pk_daily_balances")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_line_id", sa.Uuid(), nullable=False),
        sa.Column("to_budget_line_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("posted_by", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("base_kind", sa.String(length=12), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("from_pocket", sa.String(length=10), nullable=True),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("memo", sa.String(length=1000), nullable=False),
        sa.Column("no_contract_reason", sa.String(length=300), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("document_search", db.ByteOrdered(), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_issuer", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(base_kind = 'carry_over') = (to_budget_line_id IS NOT NULL)",
            name=op.f("ck_ledger_entries_carry_over"),
        ),
        sa.CheckConstraint(
            "(kind = 'reversal' AND sign = -1 AND reverses_id IS NOT NULL) OR (kind = base_kind AND sign = 1 AND reverses_id IS NULL)",
            name=op.f("ck_ledger_entries_reversal"),
        ),
        sa.CheckConstraint(
            "base_kind IN ('allocate', 'withdraw', 'carry_over', 'lapse', 'advance', 'recover', 'pay', 'refund', 'settle')",
            name=op.f("ck_ledger_entries_base_kind"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["budget_lines.id"],
            name=op.f("fk_ledger_entries_budget_line_id_budget_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_ledger_entries_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entries.id"], name=op.f("fk_ledger_entries_reverses_id_ledger_entries")
        ),
        sa.ForeignKeyConstraint(
            ["to_budget_line_id"],
            ["budget_lines.id"],
            name=op.f("fk_ledger_entries_to_budget_line_id_budget_lines"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entries_reverses_id")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entries_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index("ix_ledger_entries_document", ["document_search"], unique=False)
        batch_op.create_index(
            "ix_ledger_entries_line_day", ["budget_line_id", "effective_date"], unique=False
        )
        batch_op.create_index("ix_ledger_entries_recorded", ["recorded_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ledger_entries_to_budget_line_id"), ["to_budget_line_id"], unique=False
        )

    op.create_table(
        "chain_links",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_chain_links_entry_id_ledger_entries")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_chain_links_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "number", name=op.f("pk_chain_links")),
        sa.UniqueConstraint("entry_id", "unit_id", name=op.f("uq_chain_links_entry_id_unit_id")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_line_id", sa.Uuid(), nullable=False),
        sa.Column("to_budget_line_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("base_kind", sa.String(length=12), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("from_pocket", sa.String(length=10), nullable=True),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("memo", sa.String(length=1000), nullable=False),
        sa.Column("no_contract_reason", sa.String(length=300), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("document_search", db.ByteOrdered(), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_issuer", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'posted', 'rejected', 'cancelled')", name=op.f("ck_proposals_status")
        ),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_lines.id"], name=op.f("fk_proposals_budget_line_id_budget_lines")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_proposals_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entries.id"], name=op.f("fk_proposals_reverses_id_ledger_entries")
        ),
        sa.ForeignKeyConstraint(
            ["to_budget_line_id"],
            ["budget_lines.id"],
            name=op.f("fk_proposals_to_budget_line_id_budget_lines"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index("ix_proposals_changed", ["changed_at", "id"], unique=False)
        batch_op.create_index("ix_proposals_group_id", ["group_id"], unique=False)
        batch_op.create_index("ix_proposals_line_status", ["budget_line_id", "status"], unique=False)
    for table in APPEND_ONLY:
        for statement in db.append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index("ix_proposals_line_status")
        batch_op.drop_index("ix_proposals_group_id")
        batch_op.drop_index("ix_proposals_changed")

    op.drop_table("proposals")
    op.drop_table("chain_links")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entries_to_budget_line_id"))
        batch_op.drop_index("ix_ledger_entries_recorded")
        batch_op.drop_index("ix_ledger_entries_line_day")
        batch_op.drop_index("ix_ledger_entries_document")
        batch_op.drop_index(batch_op.f("ix_ledger_entries_contract_id"))

    op.drop_table("ledger_entries")
    op.drop_table("daily_balances")
    op.drop_table("contract_balances")
    with op.batch_alter_table("contract_amendments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_amendments_contract_id"))

    op.drop_table("contract_amendments")
    op.drop_table("balances")
    with op.batch_alter_table("work_hamlets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_hamlets_unit_id"))

    op.drop_table("work_hamlets")
    op.drop_table("work_balances")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contracts_work_id"))

    op.drop_table("contracts")
    with op.batch_alter_table("budget_lines", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_budget_lines_work",
            sqlite_where=sa.text("work_id IS NOT NULL"),
            postgresql_where=sa.text("work_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_budget_lines_model",
            sqlite_where=sa.text("support_model_id IS NOT NULL"),
            postgresql_where=sa.text("support_model_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_budget_lines_general",
            sqlite_where=sa.text("work_id IS NULL AND support_model_id IS NULL"),
            postgresql_where=sa.text("work_id IS NULL AND support_model_id IS NULL"),
        )
        batch_op.drop_index("ix_budget_lines_year_unit")
        batch_op.drop_index(batch_op.f("ix_budget_lines_work_id"))
        batch_op.drop_index("ix_budget_lines_updated")
        batch_op.drop_index(batch_op.f("ix_budget_lines_support_model_id"))
        batch_op.drop_index(batch_op.f("ix_budget_lines_project_id"))

    op.drop_table("budget_lines")
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_works_project_id"))

    op.drop_table("works")
    with op.batch_alter_table("password_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_links_user_id"))

    op.drop_table("password_links")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_user_id"))

    op.drop_table("login_sessions")
    with op.batch_alter_table("deadline_extensions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deadline_extensions_unit_id"))

    op.drop_table("deadline_extensions")
    with op.batch_alter_table("access_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_tokens_client_id"))

    op.drop_table("access_tokens")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_unit_id"))

    op.drop_table("users")
    with op.batch_alter_table("unit_successions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_successions_new_id"))

    op.drop_table("unit_successions")
    with op.batch_alter_table("unit_scope", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_scope_unit_id"))

    op.drop_table("unit_scope")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_projects_program_id"))
        batch_op.drop_index(batch_op.f("ix_projects_parent_id"))

    op.drop_table("projects")
    with op.batch_alter_table("closed_periods", schema=None) as batch_op:
        batch_op.drop_index("ix_closed_periods_unit_year")

    op.drop_table("closed_periods")
    op.drop_table("chain_heads")
    with op.batch_alter_table("audit_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_rows_unit_id_id")
        batch_op.drop_index("ix_audit_rows_subject")

    op.drop_table("audit_rows")
    with op.batch_alter_table("api_clients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_clients_unit_id"))

    op.drop_table("api_clients")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index("ix_units_sort_key")
        batch_op.drop_index(batch_op.f("ix_units_parent_id"))

    op.drop_table("units")
    op.drop_table("programs")
    op.drop_table("parameters")
    op.drop_table("funding_sources")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
