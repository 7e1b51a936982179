"""What a file is called belongs to the fact or report that brought it; until now it was one name for the bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    for table, name in (("fact", "document_name"), ("reported_decision", "minutes_name")):
        op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
