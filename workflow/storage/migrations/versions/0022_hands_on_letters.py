"""A person's hand on single letters: what is asked for now goes alone; and the list of all letters asks an index."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("notice", sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_notice_shown", "notice", [sa.text("coalesce(accepted_at, next_at)")], unique=False)
    op.create_index("ix_notice_recipient", "notice", ["recipient"], unique=False)
    op.create_index("ix_notice_letter", "notice", ["letter"], unique=False)
