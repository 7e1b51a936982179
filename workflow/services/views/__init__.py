"""What people ask, as plain values. Read-only, but for the addresses of feeds."""
