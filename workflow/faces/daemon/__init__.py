"""The process that runs for years: passes on a clock, signals, several hosts. No rule: each pass calls a service."""
