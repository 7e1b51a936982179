"""A fact cannot be replaced either: SQLite's INSERT OR REPLACE deletes a row without telling the trigger of deletes."""

from alembic import op

revision = "0010"
down_revision = "0009"

REFUSAL = "the journal is insert-only: record a correction"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL knows no such statement; its upserts are updates
        op.execute(
            "CREATE TRIGGER fact_no_replace BEFORE INSERT ON fact "
            "WHEN EXISTS (SELECT 1 FROM fact WHERE id = NEW.id OR (agreement_id = NEW.agreement_id AND no = NEW.no)) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
