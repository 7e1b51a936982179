"""The whole law: facts say which body or report they concern, keep documents, and agreements know their successor."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    # Plain ADD COLUMN on both databases: a batch rebuild would drop the journal's triggers.
    op.add_column("fact", sa.Column("about", sa.String(), nullable=False, server_default=""))
    op.add_column("fact", sa.Column("time", sa.String(), nullable=False, server_default=""))
    reference = sa.ForeignKey("document.digest")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE fact ADD COLUMN document VARCHAR REFERENCES document (digest)")
    else:
        op.add_column("fact", sa.Column("document", sa.String(), reference, nullable=True))
    op.add_column("agreement", sa.Column("effective_on", sa.Date(), nullable=True))
    op.add_column("agreement", sa.Column("concluded_on", sa.Date(), nullable=True))
