"""The journal of what people did to mailboxes, people and settings: insert-only, as facts are."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

REFUSAL = "the journal of acts is insert-only"


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("no"),
    )
    op.create_index("ix_act_about", "act", ["room", "about"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER act_no_{verb.lower()} BEFORE {verb} ON act "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        op.execute(
            "CREATE TRIGGER act_no_replace BEFORE INSERT ON act "
            "WHEN EXISTS (SELECT 1 FROM act WHERE id = NEW.id OR no = NEW.no) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    else:
        op.execute(
            f"CREATE FUNCTION act_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$"
        )
        op.execute(
            "CREATE TRIGGER act_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON act "
            "FOR EACH STATEMENT EXECUTE FUNCTION act_is_insert_only()"
        )
