"""The audit trail: rows that are never changed, and go only from the oldest on, as far as ``meta`` says."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

CHANGED, KEPT = "the audit trail is never changed", "this row of the audit trail is to be kept"
GONE = "CAST(SUBSTR(value, 1, INSTR(value, ' ') - 1) AS INTEGER)"


def upgrade() -> None:
    op.create_table(
        "trail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("no"),
    )
    op.create_index("ix_trail_at", "trail", ["at"], unique=False)
    op.create_index("ix_trail_who", "trail", ["who"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
        )
        op.execute(
            "CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail WHEN NOT EXISTS "
            f"(SELECT 1 FROM meta WHERE key = 'trail_from' AND {GONE} >= OLD.no) "
            f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        )
        op.execute(
            "CREATE TRIGGER trail_no_replace BEFORE INSERT ON trail "
            "WHEN EXISTS (SELECT 1 FROM trail WHERE id = NEW.id OR no = NEW.no) "
            f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION trail_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            "IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM meta WHERE key = 'trail_from' "
            "AND SPLIT_PART(value, ' ', 1)::integer >= OLD.no) THEN RETURN OLD; END IF; "
            f"RAISE EXCEPTION '{CHANGED}'; END$$"
        )
        op.execute(
            "CREATE TRIGGER trail_kept BEFORE UPDATE OR DELETE ON trail "
            "FOR EACH ROW EXECUTE FUNCTION trail_is_kept()"
        )
        op.execute(
            "CREATE TRIGGER trail_whole BEFORE TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION trail_is_kept()"
        )
