"""Who asked for a sign-in link, as a hash: links are counted for each asker, so that none locks out another."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("magic_link", sa.Column("asker", sa.String(), nullable=False, server_default=""))
