"""Lists of deadlines by state ask an index, however many there are."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("ix_deadline_status", "deadline", ["status", "legal_on"], unique=False)
