"""alembic's entry: always online, always on the connection the caller hands in."""

from alembic import context
from sqlmodel import SQLModel

from workflow.storage.shape import every_table

every_table()  # they fill the metadata
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
