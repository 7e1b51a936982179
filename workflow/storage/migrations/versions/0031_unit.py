"""Whose round it is: the body below the region, of whatever kind; until now only a municipality's code."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute("ALTER TABLE agreement RENAME COLUMN municipality TO unit")
