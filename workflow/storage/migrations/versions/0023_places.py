"""Indexes for what a region's agreements know of its committees and for lost regimes, so that one is read, not all."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_index("ix_agreement_regime", "agreement", ["regime", "region", "effective_on"])
    op.create_index("ix_agreement_place", "agreement", ["region", "term", "label"])
    op.create_index("ix_fact_event", "fact", ["event", "agreement_id"])
