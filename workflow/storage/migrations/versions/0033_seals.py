"""Seals over what proves: letters, attempts, returns, reports. Rows that are never changed and never go."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

CHANGED = "seals are insert-only"


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("sum", sa.String(), nullable=False),
        sa.Column("taken_up", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("no"),
        sa.UniqueConstraint("kind", "about"),
    )
    op.create_index("ix_seal_about", "seal", ["about"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER seal_no_{act.lower()} BEFORE {act} ON seal "
                f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
            )
        op.execute(
            "CREATE TRIGGER seal_no_replace BEFORE INSERT ON seal WHEN EXISTS "
            "(SELECT 1 FROM seal WHERE id = NEW.id OR no = NEW.no OR (kind = NEW.kind AND about = NEW.about)) "
            f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION seal_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{CHANGED}'; END$$"
        )
        op.execute(
            "CREATE TRIGGER seal_insert_only BEFORE UPDATE OR DELETE ON seal "
            "FOR EACH ROW EXECUTE FUNCTION seal_is_insert_only()"
        )
        op.execute(
            "CREATE TRIGGER seal_whole BEFORE TRUNCATE ON seal "
            "FOR EACH STATEMENT EXECUTE FUNCTION seal_is_insert_only()"
        )
