"""Which new rule set waits for an answer for an agreement: noted where it was found to differ, not worked out."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("ALTER TABLE agreement RENAME COLUMN declined_rules TO asked_rules")
    op.execute("UPDATE agreement SET asked_rules = ''")
    op.execute("DELETE FROM meta WHERE key = 'rules'")  # the next pass asks again where something differs
