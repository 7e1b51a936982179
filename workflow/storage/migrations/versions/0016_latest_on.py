"""A deadline keeps the last day on which it can be called in time, where the law can be read in two ways."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("latest_on", sa.Date(), nullable=True))
    op.execute("UPDATE agreement SET wake_on = '0001-01-01'")
