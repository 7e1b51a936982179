"""alembic's entry: always online, always on the connection the caller hands in."""

from alembic import context
from sqlmodel import SQLModel

import workflow.storage.acts
import workflow.storage.answered
import workflow.storage.confirmations
import workflow.storage.lettersettings
import workflow.storage.meetings
import workflow.storage.people
import workflow.storage.reported
import workflow.storage.senders
import workflow.storage.tables
import workflow.storage.trail
import workflow.storage.trials
import workflow.storage.withdrawn  # noqa: F401  they fill the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
