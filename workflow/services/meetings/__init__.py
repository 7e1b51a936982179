"""The meeting days of councils: read from what they publish, kept, and planned from. Nothing that a meeting decided."""
