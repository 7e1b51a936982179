"""The whole law: facts say which body or report they concern, keep documents, agreements know their successor, and
reminders to one mailbox go in one mail."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

STATES = "planned ready claimed intent accepted confirmed bounced refused held quarantined superseded cancelled".split()


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
    _carry()


def _carry() -> None:
    """Notices may be *carried* by another. SQLite's table is not rebuilt: attempts refer to it, and dropping it would
    delete them. Its rows stay, so the text of the check is changed in place (sqlite.org/lang_altertable)."""
    before, after = _check(STATES), _check([*STATES, "carried"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("ALTER TABLE notice ADD COLUMN carried_by INTEGER REFERENCES notice (id)")
        version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
        op.execute("PRAGMA writable_schema=ON")
        swap = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'notice' AND instr(sql, ?)"
        if connection.exec_driver_sql(swap, (before, after, before)).rowcount != 1:
            raise RuntimeError("the table notice has another check than 0001 gave it; nothing was changed")
        op.execute(f"PRAGMA schema_version={version + 1}")
        op.execute("PRAGMA writable_schema=OFF")
    else:
        carrier = sa.Column("carried_by", sa.Integer(), sa.ForeignKey("notice.id"), nullable=True)
        op.add_column("notice", carrier)
        op.drop_constraint("ck_state", "notice")
        op.create_check_constraint("ck_state", "notice", after)
    op.create_index("ix_notice_address", "notice", ["address", "accepted_at"], unique=False)
    op.create_index("ix_notice_carried_by", "notice", ["carried_by"], unique=False)


def _check(states: list[str]) -> str:
    listed = ", ".join(f"'{state}'" for state in states)
    return f"state IN ({listed})"
