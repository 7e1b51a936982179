"""The published meeting days of councils and their committees."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("agenda_closes", sa.Date(), nullable=True),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("gone_why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("body", "organ", "on"),
    )
    op.create_index("ix_meeting_on", "meeting", ["on"], unique=False)
