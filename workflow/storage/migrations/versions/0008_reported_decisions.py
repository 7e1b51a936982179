"""What councils report that they decided, before the secretariat has verified it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

OPEN = sa.text("state = 'reported'")


def upgrade() -> None:
    op.create_table(
        "reported_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("council", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_why", sa.String(), nullable=False),
        sa.Column("fact_no", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('reported', 'verified', 'turned-down')", name="ck_reported_state"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ux_reported_open", "reported_decision", ["agreement_id", "version", "council"], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index("ix_reported_state", "reported_decision", ["state", "reported_at"], unique=False)
