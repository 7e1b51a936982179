"""Databases of 24 to 26 November 2026, when 0007 and 0009 still said something else, get the shape of the others."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    real = sa.inspect(op.get_bind())
    if "doubtful" not in {column["name"] for column in real.get_columns("deadline")}:
        op.add_column(
            "deadline", sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    if "through" in {column["name"] for column in real.get_columns("withdrawn_link")}:
        op.drop_column("withdrawn_link", "through")
