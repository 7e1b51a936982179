"""Indexes of letters and agreements that lists and searches ask; those of the queue stand in ``tables.py``.

What only some rows are in is said for SQLite; the migrations say it for PostgreSQL too. Said here as well it would load
that dialect, with its drivers, into each process that maps the tables.
"""

from __future__ import annotations

from sqlalchemy import Index, text


def of_the_list() -> tuple[Index, ...]:
    """The indexes of the list of all letters: by day, state and day, doubt, recipient and kind; what a mail carries,
    and what a bounce is matched by."""
    shown = text("coalesce(accepted_at, next_at)")
    return (
        Index("ix_notice_shown", shown),
        Index("ix_notice_state_shown", "state", shown),
        Index(
            "ix_notice_uncertain",
            "uncertain",
            sqlite_where=text("uncertain = 1"),
        ),
        *(Index(f"ix_notice_{name}", name) for name in ("recipient", "letter", "carried_by", "message_id")),
    )


def below_a_region() -> Index:
    """The rounds of bodies below a region, by the body, for whoever is asked for one by its name."""
    there = text("unit IS NOT NULL")
    return Index("ix_agreement_unit", "unit", sqlite_where=there)
