"""Rule sets kept whole, and which one each agreement lives under."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "rule_set",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    for column in ("rules", "first_rules", "declined_rules"):
        op.add_column("agreement", sa.Column(column, sa.String(), nullable=False, server_default=""))
