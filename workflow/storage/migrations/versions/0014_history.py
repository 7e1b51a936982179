"""A letter about what was history when it was entered waits for a person's word, and may have been told by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

STATES = (
    "planned ready carried claimed intent accepted confirmed bounced refused held quarantined superseded cancelled"
).split()


def upgrade() -> None:
    op.add_column("notice", sa.Column("told_on", sa.Date(), nullable=True))
    after = f"state IN ({_listed([*STATES, 'unanswered', 'told'])})"
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # In place, as in 0004: a rebuilt table would lose its attempts. 0004 left "carried" at the end.
        version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
        op.execute("PRAGMA writable_schema=ON")
        last = "'cancelled', 'carried')"
        swap = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'notice' AND instr(sql, ?)"
        wider = "'cancelled', 'carried', 'unanswered', 'told')"
        if connection.exec_driver_sql(swap, (last, wider, last)).rowcount != 1:
            raise RuntimeError("the table notice has another check than 0004 gave it; nothing was changed")
        op.execute(f"PRAGMA schema_version={version + 1}")
        op.execute("PRAGMA writable_schema=OFF")
    else:
        op.drop_constraint("ck_state", "notice")
        op.create_check_constraint("ck_state", "notice", after)


def _listed(states: list[str]) -> str:
    return ", ".join(f"'{state}'" for state in states)
