"""Bounces kept as proof, alarms told by a second channel, and letters that a person let go."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_bounce_notice", "bounce", ["notice_id"], unique=False)
    op.create_index("ix_notice_message_id", "notice", ["message_id"], unique=False)
    op.add_column("notice", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alarm", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alarm", sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alarm", sa.Column("tell_tries", sa.Integer(), nullable=False, server_default="0"))
