"""Whose round it is: the body below the region, of whatever kind; until now only a municipality's code. Rounds below a
region are found by an index that holds them alone."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute("ALTER TABLE agreement RENAME COLUMN municipality TO unit")
    op.execute("CREATE INDEX ix_agreement_unit ON agreement (unit) WHERE unit IS NOT NULL")
