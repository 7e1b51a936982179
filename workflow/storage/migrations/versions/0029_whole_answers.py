"""What a council's answer rests on and says more: the text it was shown, a day to come, minutes, who takes over."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("reported_decision", sa.Column("document", sa.String(), nullable=False, server_default=""))
    op.add_column("reported_decision", sa.Column("due", sa.Date(), nullable=True))
    op.add_column("reported_decision", sa.Column("minutes", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "reported_decision", sa.Column("takes_over", sa.String(), nullable=False, server_default="")
    )
