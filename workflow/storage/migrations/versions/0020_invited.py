"""Who gave a person access and when that person was invited and came; which browser and account a session is of."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for name in ("given_by", "from_group", "issuer", "subject"):
        op.add_column("person", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in ("invited_at", "signed_in_at"):
        op.add_column("person", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("agent", "client"):
        op.add_column("session", sa.Column(name, sa.String(), nullable=False, server_default=""))
