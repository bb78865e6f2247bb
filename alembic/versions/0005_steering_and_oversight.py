"""Boards, meetings, directives and notices; inspections, outreach and what people observe."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app import db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What is on record stays: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("directive_events", "unit_reports")
SUBJECTS_BEFORE = (
    "work", "step", "contract", "acceptance", "payment_dossier", "settlement", "progress", "clearance_household",
    "obstacle", "line", "entry", "assessment", "target", "plan", "support_model", "delivery", "visit",
)  # fmt: skip
SUBJECTS_ADDED = ("committee", "meeting", "directive", "inspection", "finding", "outreach", "observation")


def _attach_to(subjects: tuple[str, ...]) -> None:
    """SQLite copies the table without its checks, PostgreSQL changes it in place."""
    name = op.f("ck_attachments_subject_kind")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":
            batch_op.drop_constraint(name, type_="check")
        kinds = ", ".join(f"'{subject}'" for subject in subjects)
        batch_op.create_check_constraint(name, f"subject_kind IN ({kinds})")


def _hinder(*subjects: str) -> None:
    """What obstacles may be about; SQLite copies the table, as above, and all of its checks are made anew."""
    kinds = ", ".join(f"'{subject}'" for subject in subjects)
    checks = {
        "subject_kind": f"subject_kind IN ({kinds})",
        "state": "state IN ('open', 'escalated', 'resolved')",
        "resolved_on": "(state = 'resolved') = (resolved_on IS NOT NULL)",
    }
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("obstacles", schema=None) as batch_op:
        for name, check in checks.items():
            if on_sqlite or name == "subject_kind":
                full = op.f(f"ck_obstacles_{name}")
                if not on_sqlite:
                    batch_op.drop_constraint(full, type_="check")
                batch_op.create_check_constraint(full, check)


def upgrade() -> None:
    op.add_column("works", sa.Column("stage_on", sa.Date(), nullable=True))
    op.create_table(
        "agencies",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("sort_key", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_agencies_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
    )
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agencies_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_agencies_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "committees",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_day", sa.Integer(), nullable=True),
        sa.Column("meeting_from_on", sa.Date(), nullable=True),
        sa.Column("meeting_to_on", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_issuer", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('steering', 'management')", name=op.f("ck_committees_kind")),
        sa.CheckConstraint("meeting_day BETWEEN 1 AND 28", name=op.f("ck_committees_meeting_day")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_committees_to_on")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["committees.id"], name=op.f("fk_committees_replaces_id_committees")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_committees_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committees")),
    )
    with op.batch_alter_table("committees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_committees_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_committees_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_committees_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "inspections",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("by_unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("team_name", sa.String(length=200), nullable=False),
        sa.Column("decision_number", sa.String(length=120), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("decision_issuer", sa.String(length=200), nullable=False),
        sa.Column("checked", sa.String(length=4000), nullable=False),
        sa.Column("summary", sa.String(length=8000), nullable=False),
        sa.Column("conclusion", sa.String(length=8000), nullable=False),
        sa.Column("conclusion_number", sa.String(length=120), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR held_on IS NOT NULL", name=op.f("ck_inspections_held_on")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'concluded', 'cancelled')", name=op.f("ck_inspections_state")
        ),
        sa.ForeignKeyConstraint(["by_unit_id"], ["units.id"], name=op.f("fk_inspections_by_unit_id_units")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_inspections_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspections_by_unit_id"), ["by_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspections_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_inspections_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "agency_charges",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=1000), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_issuer", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_agency_charges_to_on")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_agency_charges_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_agency_charges_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_charges")),
    )
    with op.batch_alter_table("agency_charges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_charges_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_charges_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_agency_charges_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feeds_user_id"), ["user_id"], unique=False)

    op.create_table(
        "check_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "result IN ('met', 'not_met', 'not_applicable', 'checked')", name=op.f("ck_check_items_result")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_check_items_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_items")),
    )
    with op.batch_alter_table("check_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_items_inspection_id"), ["inspection_id"], unique=False)

    op.create_table(
        "committee_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('head', 'deputy', 'secretary', 'member')", name=op.f("ck_committee_members_role")
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_committee_members_to_on")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_committee_members_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_committee_members_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_members")),
    )
    with op.batch_alter_table("committee_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_committee_members_committee_id"), ["committee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_committee_members_user_id"), ["user_id"], unique=False)

    op.create_table(
        "committee_programs",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_committee_programs_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_committee_programs_program_id_programs")
        ),
        sa.PrimaryKeyConstraint("committee_id", "program_id", name=op.f("pk_committee_programs")),
    )
    op.create_table(
        "findings",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("wanting", sa.Boolean(), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_findings_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_inspection_id"), ["inspection_id"], unique=False)

    op.create_table(
        "inspection_people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "role IN ('lead', 'deputy', 'secretary', 'member')", name=op.f("ck_inspection_people_role")
        ),
        sa.CheckConstraint("side IN ('team', 'unit')", name=op.f("ck_inspection_people_side")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_people_inspection_id_inspections")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_inspection_people_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_people")),
    )
    with op.batch_alter_table("inspection_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_people_inspection_id"), ["inspection_id"], unique=False
        )

    op.create_table(
        "meetings",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cancelled_reason", sa.String(length=1000), nullable=False),
        sa.Column("minutes", sa.String(length=20000), nullable=True),
        sa.Column("minutes_number", sa.String(length=120), nullable=False),
        sa.Column("chair", sa.String(length=120), nullable=False),
        sa.Column("secretary", sa.String(length=120), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'held') = (minutes IS NOT NULL)", name=op.f("ck_meetings_minutes")),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name=op.f("ck_meetings_state")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_meetings_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_meetings_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("committee_id", "month", name=op.f("uq_meetings_committee_id_month")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_meetings_updated_at_id", ["updated_at", "id"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("once", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("user_id", "once", name=op.f("uq_notices_user_id_once")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notices_unread",
            ["user_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index("ix_notices_user_id_id", ["user_id", "id"], unique=False)

    op.create_table(
        "unit_reports",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_unit_reports_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_reports")),
    )
    with op.batch_alter_table("unit_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_reports_inspection_id"), ["inspection_id"], unique=False)

    op.create_table(
        "agenda_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_items_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
    )
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_items_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "attendances",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("presence", sa.String(length=8), nullable=False),
        sa.Column("stood_in", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "presence IN ('present', 'absent', 'excused')", name=op.f("ck_attendances_presence")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_attendances_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["committee_members.id"], name=op.f("fk_attendances_member_id_committee_members")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_attendances")),
    )
    op.create_table(
        "directives",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("giver_unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("source_kind", sa.String(length=12), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("source_on", sa.Date(), nullable=False),
        sa.Column("quote", sa.String(length=2000), nullable=False),
        sa.Column("assignee_kind", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("committee_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_name", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(source_kind = 'inspection') = (inspection_id IS NOT NULL)",
            name=op.f("ck_directives_inspection"),
        ),
        sa.CheckConstraint(
            "(source_kind = 'meeting') = (meeting_id IS NOT NULL)", name=op.f("ck_directives_meeting")
        ),
        sa.CheckConstraint(
            "assignee_kind IN ('person', 'board', 'agency', 'unit')", name=op.f("ck_directives_assignee_kind")
        ),
        sa.CheckConstraint("priority IN ('normal', 'urgent')", name=op.f("ck_directives_priority")),
        sa.CheckConstraint(
            "source_kind IN ('inspection', 'meeting', 'document')", name=op.f("ck_directives_source_kind")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'reported', 'accepted', 'returned', 'withdrawn')",
            name=op.f("ck_directives_state"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_directives_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_directives_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_directives_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["giver_unit_id"], ["units.id"], name=op.f("fk_directives_giver_unit_id_units")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_directives_inspection_id_inspections")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_directives_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["committee_members.id"], name=op.f("fk_directives_member_id_committee_members")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_directives_unit_id_units")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_directives_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
    )
    with op.batch_alter_table("directives", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directives_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directives_committee_id"), ["committee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directives_giver_unit_id"), ["giver_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directives_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directives_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directives_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_directives_unit_id_due_on", ["unit_id", "due_on"], unique=False)
        batch_op.create_index("ix_directives_updated_at_id", ["updated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directives_user_id"), ["user_id"], unique=False)

    op.create_table(
        "outreach_events",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("hamlet_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("content", sa.String(length=4000), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("criterion_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_outreach_events_people")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criteria.id"], name=op.f("fk_outreach_events_criterion_id_criteria")
        ),
        sa.ForeignKeyConstraint(["hamlet_id"], ["units.id"], name=op.f("fk_outreach_events_hamlet_id_units")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_outreach_events_program_id_programs")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_outreach_events_unit_id_units")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_outreach_events_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_events")),
    )
    with op.batch_alter_table("outreach_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outreach_events_criterion_id"), ["criterion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outreach_events_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_outreach_events_updated_at_id", ["updated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outreach_events_work_id"), ["work_id"], unique=False)

    op.create_table(
        "directive_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=4100), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["directive_id"], ["directives.id"], name=op.f("fk_directive_events_directive_id_directives")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_directive_events_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_events")),
    )
    with op.batch_alter_table("directive_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directive_events_directive_id"), ["directive_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("criterion_id", sa.Integer(), nullable=True),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("hamlet_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("handed_to_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN program_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END + CASE WHEN criterion_id IS NULL THEN 0 ELSE 1 END + CASE WHEN work_id IS NULL THEN 0 ELSE 1 END + CASE WHEN hamlet_id IS NULL THEN 0 ELSE 1 END + CASE WHEN task_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_assignments_one_subject"),
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_assignments_to_on")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criteria.id"], name=op.f("fk_assignments_criterion_id_criteria")
        ),
        sa.ForeignKeyConstraint(["hamlet_id"], ["units.id"], name=op.f("fk_assignments_hamlet_id_units")),
        sa.ForeignKeyConstraint(
            ["handed_to_id"],
            ["committee_members.id"],
            name=op.f("fk_assignments_handed_to_id_committee_members"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["committee_members.id"], name=op.f("fk_assignments_member_id_committee_members")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_assignments_program_id_programs")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_assignments_project_id_projects")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_assignments_task_id_tasks")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_assignments_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_task_id"), ["task_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_work_id"), ["work_id"], unique=False)

    op.create_table(
        "observations",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("model_id", sa.Uuid(), nullable=True),
        sa.Column("board", sa.String(length=200), nullable=False),
        sa.Column("observer", sa.String(length=120), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("obstacle_id", sa.Uuid(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("search", db.ByteOrdered(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f("ck_observations_state")),
        sa.CheckConstraint("work_id IS NULL OR model_id IS NULL", name=op.f("ck_observations_one_subject")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["support_models.id"], name=op.f("fk_observations_model_id_support_models")
        ),
        sa.ForeignKeyConstraint(
            ["obstacle_id"], ["obstacles.id"], name=op.f("fk_observations_obstacle_id_obstacles")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_observations_unit_id_units")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_observations_work_id_works")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
    )
    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observations_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observations_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_observations_updated_at_id", ["updated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observations_work_id"), ["work_id"], unique=False)

    op.add_column(
        "personal_views", sa.Column("masked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("users", sa.Column("email", sa.String(length=254), nullable=False, server_default=""))
    _attach_to((*SUBJECTS_BEFORE, *SUBJECTS_ADDED))
    _hinder("work", "line", "step", "support_model")
    for table in APPEND_ONLY:
        for statement in db.append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    added = ", ".join(f"'{subject}'" for subject in SUBJECTS_ADDED)
    op.execute(f"DELETE FROM attachments WHERE subject_kind IN ({added})")
    _attach_to(SUBJECTS_BEFORE)
    # With obstacles about models there is no way back: what happened to them is append-only.
    _hinder("work", "line", "step")
    op.drop_column("users", "email")
    op.drop_column("personal_views", "masked")

    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_observations_work_id"))
        batch_op.drop_index("ix_observations_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_observations_unit_id"))
        batch_op.drop_index(batch_op.f("ix_observations_model_id"))

    op.drop_table("observations")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_work_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_task_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_member_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("directive_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directive_events_directive_id"))

    op.drop_table("directive_events")
    with op.batch_alter_table("outreach_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outreach_events_work_id"))
        batch_op.drop_index("ix_outreach_events_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_outreach_events_unit_id"))
        batch_op.drop_index(batch_op.f("ix_outreach_events_criterion_id"))

    op.drop_table("outreach_events")
    with op.batch_alter_table("directives", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directives_user_id"))
        batch_op.drop_index("ix_directives_updated_at_id")
        batch_op.drop_index("ix_directives_unit_id_due_on")
        batch_op.drop_index(batch_op.f("ix_directives_member_id"))
        batch_op.drop_index(batch_op.f("ix_directives_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_directives_inspection_id"))
        batch_op.drop_index(batch_op.f("ix_directives_giver_unit_id"))
        batch_op.drop_index(batch_op.f("ix_directives_committee_id"))
        batch_op.drop_index(batch_op.f("ix_directives_agency_id"))

    op.drop_table("directives")
    op.drop_table("attendances")
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_items_meeting_id"))

    op.drop_table("agenda_items")
    with op.batch_alter_table("unit_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_reports_inspection_id"))

    op.drop_table("unit_reports")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_user_id_id")
        batch_op.drop_index(
            "ix_notices_unread",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.drop_table("notices")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index("ix_meetings_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_meetings_unit_id"))

    op.drop_table("meetings")
    with op.batch_alter_table("inspection_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_people_inspection_id"))

    op.drop_table("inspection_people")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_inspection_id"))

    op.drop_table("findings")
    op.drop_table("committee_programs")
    with op.batch_alter_table("committee_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_committee_members_user_id"))
        batch_op.drop_index(batch_op.f("ix_committee_members_committee_id"))

    op.drop_table("committee_members")
    with op.batch_alter_table("check_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_items_inspection_id"))

    op.drop_table("check_items")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feeds_user_id"))

    op.drop_table("calendar_feeds")
    with op.batch_alter_table("agency_charges", schema=None) as batch_op:
        batch_op.drop_index("ix_agency_charges_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_agency_charges_unit_id"))
        batch_op.drop_index(batch_op.f("ix_agency_charges_agency_id"))

    op.drop_table("agency_charges")
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.drop_index("ix_inspections_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_inspections_unit_id"))
        batch_op.drop_index(batch_op.f("ix_inspections_by_unit_id"))

    op.drop_table("inspections")
    with op.batch_alter_table("committees", schema=None) as batch_op:
        batch_op.drop_index("ix_committees_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_committees_unit_id"))
        batch_op.drop_index(batch_op.f("ix_committees_replaces_id"))

    op.drop_table("committees")
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.drop_index("ix_agencies_updated_at_id")
        batch_op.drop_index(batch_op.f("ix_agencies_unit_id"))

    op.drop_table("agencies")
    op.drop_column("works", "stage_on")
