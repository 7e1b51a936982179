"""Whose round it is: the body below the region, of whatever kind; until now only a municipality's code."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute("ALTER TABLE agreement RENAME COLUMN municipality TO unit")
