"""A deadline keeps whether its rules are gone by the other day it can fall on: by one reading it is no duty then."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column(
        "deadline", sa.Column("latest_gone", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute("UPDATE agreement SET wake_on = '0001-01-01'")
