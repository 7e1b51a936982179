"""Letters as mail: written, sent, and what comes back. Knows no database and no journal."""
