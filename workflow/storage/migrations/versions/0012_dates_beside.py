"""Let the planner look at every agreement anew: agreed days and minimums now stand among the dates it keeps."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("UPDATE agreement SET wake_on = '0001-01-01'")
