"""A last day for calendars at secret addresses, and for those and tokens that had none: a year from the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.add_column("feed", sa.Column("valid_to", sa.Date(), nullable=True))
    in_a_year = "date('now', '+365 days')" if op.get_bind().dialect.name == "sqlite" else "CURRENT_DATE + 365"
    for table in ("feed", "token"):
        op.execute(f"UPDATE {table} SET valid_to = {in_a_year} WHERE valid_to IS NULL AND revoked_at IS NULL")
