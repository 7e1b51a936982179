"""The language a mailbox or a person reads; empty where nobody chose one."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    for table in ("contact", "person"):
        op.add_column(table, sa.Column("language", sa.String(), nullable=False, server_default=""))
