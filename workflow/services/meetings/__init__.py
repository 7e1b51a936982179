"""The meeting days of councils: read from what they publish, kept, and planned from."""
