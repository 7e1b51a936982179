"""The list of all letters by state, and of those in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    shown = sa.text("coalesce(accepted_at, next_at)")
    op.create_index("ix_notice_state_shown", "notice", ["state", shown], unique=False)
    op.create_index(
        "ix_notice_uncertain", "notice", ["uncertain"], unique=False, sqlite_where=sa.text("uncertain = 1"),
        postgresql_where=sa.text("uncertain"),
    )  # fmt: skip
