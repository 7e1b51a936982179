"""Lists of deadlines by state ask an index, however many there are, and say whose rule is in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # false until the planner next looks, which a change of the rules makes it do at once
    op.add_column("deadline", sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_deadline_status", "deadline", ["status", "legal_on"], unique=False)
