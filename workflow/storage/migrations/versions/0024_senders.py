"""Each region's own name as sender, closing lines and reply address."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "sender_line",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region"),
    )
